/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gaps: the free addresses of a subnet or range, as runs from first to last, lowest
 * first.  A subnet's are those that belong to it directly.
 *
 *     gaps_start(&g, db, target); while (gaps_next(&g)) use(g.first, g.last);
 *
 * The search walks records and the gaps between them, never addresses: a /8, a
 * /64 and ::/0 are as quick as a /30.
 */
#ifndef IPAM_GAPS_H
#define IPAM_GAPS_H

#include "freemap.h"
#include "place.h"

struct gaps {
	struct db *db;
	const struct rec *target;
	struct walk walk;
	struct rec *ahead; /* the next record of the walk */
	u128 at, end;      /* not yet looked at */
	bool done;
	struct gateways gw; /* of the target and around it */
	u128 first, last;   /* the run found */
	size_t steps;       /* how many records were looked at */
};
void gaps_start(struct gaps *g, struct db *db, const struct rec *target);
/* The same in a part of the target. */
void gaps_start_in(struct gaps *g, struct db *db, const struct rec *target, struct span part);
bool gaps_next(struct gaps *g);

/* The addresses that a target may give at all; none, first > last, for a range
 * on addresses that cannot be assigned. */
struct span gaps_span(struct db *db, const struct rec *target);

/* The same, kept: for many searches. */
extern const struct freemap_kind gaps_kind;

#endif
