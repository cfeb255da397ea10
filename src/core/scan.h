/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan: which addresses a scan may ask.
 */
#ifndef IPAM_SCAN_H
#define IPAM_SCAN_H

#include "db.h"

typedef VEC(struct ip) ip_list;

/*
 * Adds the addresses of a span, in order, but for those that are nobody's in their
 * subnet (network, broadcast, anycast).  The span must lie inside a subnet of the
 * plan (else STATUS_NO), and the list must not become longer than max
 * (STATUS_USAGE).
 */
enum status scan_targets(struct db *db, unsigned vrf, struct span span, uint64_t max, ip_list *out,
    struct diags *d);

/* Leaves each address once, in order. */
void scan_once(ip_list *l);

#endif
