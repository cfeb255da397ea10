/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "space.h"

/* The gateways of the subnets that hold the span, ascending. */
static void
space_gateways(struct space *f, unsigned vrf, struct span span)
{
	struct rec *subnet = db_find(f->db, vrf, span, KIND_SUBNET);
	struct ip gw;

	for (subnet = subnet ? subnet : db_around(f->db, vrf, span); subnet;
	     subnet = subnet->parent) {
		if (!db_gateway(f->db, subnet, &gw) || !span_holds_ip(span, gw) ||
		    f->gws == ARRAY_LEN(f->gw))
			continue;
		size_t i = f->gws++;
		for (; i > 0 && f->gw[i - 1] > gw.v; i--)
			f->gw[i] = f->gw[i - 1];
		f->gw[i] = gw.v;
	}
}

void
space_start(struct space *f, struct db *db, unsigned vrf, struct span span)
{
	*f = (struct space){ .db = db, .at = span.first, .end = span.last, .family = span.family };
	f->ahead = walk_in(&f->walk, db, vrf, span);
	while (f->ahead && f->ahead->kind == KIND_SUBNET && span_holds(rec_span(f->ahead), span))
		f->ahead = walk_next(&f->walk);
	space_gateways(f, vrf, span);
}

/* What comes next and is not free: a record or a gateway. */
static bool
space_obstacle(struct space *f, u128 *first, u128 *last)
{
	struct rec *r = f->ahead;

	while (f->next_gw < f->gws && f->gw[f->next_gw] < f->at)
		f->next_gw++;
	if (f->next_gw < f->gws && (!r || f->gw[f->next_gw] < r->first)) {
		*first = *last = f->gw[f->next_gw++];
		return true;
	}
	if (!r)
		return false;
	*first = r->first;
	*last = r->last;
	f->ahead = r->kind == KIND_ADDRESS ? walk_next(&f->walk) : walk_skip(&f->walk, r);
	return true;
}

/* The next run without a record. */
static bool
space_run(struct space *f)
{
	u128 first, last;

	while (!f->done) {
		u128 at = f->at;
		if (!space_obstacle(f, &first, &last)) {
			f->done = true;
			f->run = (struct span){ at, f->end, f->family, -1 };
			return true;
		}
		f->run = (struct span){ at, first - 1, f->family, -1 };
		f->done = last >= f->end;
		if (last >= at)
			f->at = last + 1;
		if (first > at)
			return true;
	}
	return false;
}

bool
space_next(struct space *f, struct span *block)
{
	if (!f->has_run && !space_run(f))
		return false;
	*block = span_head_block(f->run);
	f->has_run = block->last < f->run.last;
	f->run.first = block->last + 1;
	return true;
}
