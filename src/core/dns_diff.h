/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_diff: what a zone is in the plan against what is served of it.
 *
 * Compared are A, AAAA, CNAME and PTR records, and NS records where the plan has
 * some; TTLs are not.  Served records of other types, and what lies below a
 * delegation that the plan does not know, are nobody's business here.
 */
#ifndef IPAM_DNS_DIFF_H
#define IPAM_DNS_DIFF_H

#include "dns.h"

enum dns_state {
	DNS_MISSING,   /* in the plan, not served */
	DNS_EXTRA,     /* served, not in the plan */
	DNS_DIFFERENT, /* one name and type, other data */
	DNS_DYNAMIC    /* served and extra, but a DHCP server's: it has a DHCID, or is the
	                  PTR of an address in a range with role=dhcp */
};
extern const char *const dns_state_names[];

struct dns_difference {
	enum dns_state state;
	const struct dns_rr *plan, *served; /* NULL where there is none */
};
typedef VEC(struct dns_difference) dns_differences;

/* Both lists are sorted by dns_sort(). */
void dns_diff(struct db *db, const struct dns_zone *zone, const dns_list *plan,
    const dns_list *served, dns_differences *out);

#endif
