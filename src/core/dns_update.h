/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_update: what turns a zone that is served into the plan's: one change for each
 * name, to be made as a whole or not at all (RFC 2136).
 *
 *     dns_changes(db, z, &plan, &served, &dynamic, &changes, diags);     for each zone
 *     dns_changes_sort(&arena, &changes);
 *
 * A change says what is at a name before and after it, so that it can be made
 * on condition that nothing else is there, and be taken back: dns_change_undo().
 * Only what dns_diff() compares is changed, and nothing of a name that has a
 * DHCID.
 *
 * The order is the one in which they are made: a name that gets records before the
 * address that points to it; one that only loses some after it.
 */
#ifndef IPAM_DNS_UPDATE_H
#define IPAM_DNS_UPDATE_H

#include "diag.h"
#include "dns_diff.h"

struct dns_rrs {
	struct dns_rr *v;
	size_t n;
};

struct dns_change {
	const struct dns_zone *zone;
	struct str name, key;
	struct dns_rrs gone, come, kept; /* kept: all others at this name, of any type */
	unsigned turn;                   /* it is made after those of lower turns */
	bool is_left;                    /* it is not to be made */
};
typedef VEC(struct dns_change) dns_change_list;

/* Adds the changes of a zone; the lists are sorted and must stay; dynamic is
 * what dns_add_dynamic() finds in all zones.  Where something else
 * is that would be in the way, a name is left as it is, with an error in diags; how
 * many are is returned. */
size_t dns_changes(struct db *db, const struct dns_zone *zone, const dns_list *plan,
    const dns_list *served, const dns_list *dynamic, dns_change_list *out, struct diags *d);
/* In their order; without what is left as it is, and the PTRs of the addresses that a name does
 * not get then. */
void dns_changes_sort(struct arena *a, dns_change_list *list);

/* The change that takes this one back. */
struct dns_change dns_change_undo(const struct dns_change *c);

#endif
