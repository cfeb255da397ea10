/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * totals: a whole plan in a few numbers: for each family of each VRF, and the
 * problems that check finds, by rule.
 */
#ifndef IPAM_TOTALS_H
#define IPAM_TOTALS_H

#include "check.h"
#include "usage.h"

struct total {
	unsigned vrf;
	enum family family;
	uint64_t subnets, ranges, addresses;
	uint64_t warn, crit; /* subnets, containers among them, at these levels */
	struct count space;  /* of the subnets that lie in no other */
	struct usage sum;    /* of those that are no containers */
};
/* In the order of the plan, in the db's arena; usage is usage_all()'s. */
size_t totals_all(struct db *db, const struct usage *usage, size_t n, struct total **out);

/* The free space of a subnet, in maximal blocks. */
struct room {
	const struct usage *u;
	struct count free;
	uint64_t blocks;
	struct span largest; /* the lowest of them, if there is any */
};
void room_of(struct db *db, const struct usage *u, struct room *out);
/* What of it is not in the largest block, in thousandths. */
unsigned room_fragmented(const struct room *room);
/* Whether blocks are carved from a subnet: a container, or one that lies in no other. */
bool room_is_given(struct db *db, const struct usage *u);

/* How often each rule finds something that counts, besides what the reader said. */
struct problems {
	uint64_t by_rule[RULE_COUNT];
	uint64_t all;
};
void totals_problems(struct db *db, struct problems *out);

#endif
