/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * made: random plans, valid and in order: nested subnets, ranges, hosts that have one name at
 * several places, IPv4 and IPv6, two VRFs, comments and blank lines.
 */
#ifndef IPAM_TEST_MADE_H
#define IPAM_TEST_MADE_H

#include "plan.h"

struct maker {
	struct buf b; /* the plan; the caller's to init and release */
	uint64_t seed;
	const char *vrf;
	unsigned names;
};

void made_plan(struct maker *m, uint64_t seed);
bool made_one_in(struct maker *m, unsigned n);

#endif
