/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_agree: whether what is served forward and reverse agrees: a name's address whose
 * PTR has other names, a PTR whose name has other addresses.
 *
 * What is served as the plan has it is the plan's will, and no disagreement.  Nor
 * is a name or an address of which the other half is not known.
 */
#ifndef IPAM_DNS_AGREE_H
#define IPAM_DNS_AGREE_H

#include "dns.h"

struct dns_disagreement {
	const struct dns_zone *zone;
	const struct dns_rr *rr;    /* an address of a name, or a PTR */
	const struct dns_rr *other; /* what is found at the other end */
};
typedef VEC(struct dns_disagreement) dns_disagreements;

/* plan and served: a sorted list for each zone, empty where it is not known. */
void dns_agree(const struct dns *dns, const dns_list *plan, const dns_list *served,
    dns_disagreements *out);

#endif
