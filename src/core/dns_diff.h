/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_diff: what a zone is in the plan against what is served of it.
 *
 * Compared are A, AAAA, CNAME and PTR records, and NS records where the plan has
 * some; TTLs only by dns_diff_ttls().  Served records of other types, what lies below a
 * delegation that the plan does not know, names that no host can have
 * (_acme-challenge, *) and all but PTRs of addresses in a reverse zone, unless the plan
 * has them, are nobody's business here.
 */
#ifndef IPAM_DNS_DIFF_H
#define IPAM_DNS_DIFF_H

#include "dns.h"

enum dns_state {
	DNS_MISSING,   /* in the plan, not served */
	DNS_EXTRA,     /* served, not in the plan */
	DNS_DIFFERENT, /* one name and type, other data */
	DNS_DYNAMIC,   /* served and extra, but a DHCP server's: dns_is_dynamic() */
	DNS_OTHER_TTL  /* one name and type, another TTL */
};
extern const char *const dns_state_names[];

struct dns_difference {
	enum dns_state state;
	const struct dns_rr *plan, *served; /* NULL where there is none */
};
typedef VEC(struct dns_difference) dns_differences;

/* Adds, of a sorted list, the records of names that have a DHCID (RFC 4701).  Those of all
 * zones, sorted, say what a DHCP server has. */
void dns_add_dynamic(const struct env *env, const dns_list *served, dns_list *dynamic);
/* Whether a record of a zone is a DHCP server's: of a name that has a DHCID; the PTR of an address
 * of such a name; or about an address in a range with role=dhcp. */
bool dns_is_dynamic(struct db *db, const struct dns_zone *zone, const dns_list *dynamic,
    const struct dns_rr *rr);

/* All lists are sorted by dns_sort(). */
void dns_diff(struct db *db, const struct dns_zone *zone, const dns_list *plan,
    const dns_list *served, const dns_list *dynamic, dns_differences *out);
/* Adds where both have records of a name and type, but the TTL is another; not of what is a
 * DHCP server's. */
void dns_diff_ttls(struct db *db, const struct dns_zone *zone, const dns_list *plan,
    const dns_list *served, const dns_list *dynamic, dns_differences *out);

#endif
