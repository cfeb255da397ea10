/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gaps.h"

struct span
gaps_span(struct db *db, const struct rec *target)
{
	const struct rec *subnet = target->kind == KIND_SUBNET ? target : target->parent;
	struct span s = rec_span(target), usable;

	if (!subnet)
		return s;
	usable = prefix_usable(rec_span(subnet), db_is(db, subnet, "usable", "all"));
	if (s.first < usable.first)
		s.first = usable.first;
	if (s.last > usable.last)
		s.last = usable.last;
	return s;
}

/* Where a walk must begin to meet what covers `at`: a child or range of the target. */
static u128
walk_from(struct db *db, const struct rec *target, u128 at)
{
	struct span place = span_ip((struct ip){ at, target->family });
	const struct rec *child, *range;

	if (target->kind != KIND_SUBNET)
		return at;
	child = db_around(db, target->vrf, place);
	while (child && child != target && child->parent != target)
		child = child->parent;
	range = db_range_over(db, target->vrf, span_first(place));
	if (child && child != target)
		return child->first;
	return range ? range->first : at;
}

void
gaps_start_in(struct gaps *g, struct db *db, const struct rec *target, struct span part)
{
	struct span s = gaps_span(db, target);

	if (part.last < s.last)
		s.last = part.last;
	*g = (struct gaps){ .db = db, .target = target, .end = s.last };
	g->at = part.first > s.first ? part.first : s.first;
	g->done = g->at > g->end;
	place_gateways(&g->gw, db, target->kind == KIND_SUBNET ? target : target->parent, g->at,
	    g->end);
	s.first = walk_from(db, target, g->at);
	g->ahead = s.first == target->first && target->kind == KIND_SUBNET
	               ? walk_inside(&g->walk, db, target)
	               : walk_in(&g->walk, db, target->vrf, s);
}

void
gaps_start(struct gaps *g, struct db *db, const struct rec *target)
{
	gaps_start_in(g, db, target, rec_span(target));
}

/* Whether a record of the walk takes addresses away from the target. */
static bool
blocks(struct gaps *g, const struct rec *r)
{
	if (r == g->target)
		return false;
	if (r->kind == KIND_ADDRESS)
		return db_quarantine(g->db, r) != QUARANTINE_OVER;
	return g->target->kind == KIND_SUBNET;
}

/* Moves on past the records that lie at g->at; true if that is now free. */
static bool
pass_records(struct gaps *g)
{
	while (g->ahead && g->ahead->first <= g->at) {
		const struct rec *r = g->ahead;
		g->steps++;
		bool is_block = blocks(g, r);
		if (is_block && r->last >= g->at) {
			if (r->last >= g->end) {
				g->done = true;
				return false;
			}
			g->at = r->last + 1;
		}
		g->ahead = is_block && r->kind != KIND_ADDRESS ? walk_skip(&g->walk, r)
		                                               : walk_next(&g->walk);
	}
	return true;
}

static bool
pass_gateways(struct gaps *g)
{
	for (size_t i = 0; i < g->gw.n; i++) {
		if (g->gw.v[i] != g->at)
			continue;
		if (g->at == g->end) {
			g->done = true;
			return false;
		}
		g->at++;
	}
	return true;
}

static u128
next_block(struct gaps *g)
{
	u128 stop = g->end;

	for (; g->ahead && !blocks(g, g->ahead); g->steps++)
		g->ahead = walk_next(&g->walk);
	if (g->ahead && g->ahead->first <= stop)
		stop = g->ahead->first - 1;
	for (size_t i = 0; i < g->gw.n; i++)
		if (g->gw.v[i] > g->at && g->gw.v[i] <= stop)
			stop = g->gw.v[i] - 1;
	return stop;
}

bool
gaps_next(struct gaps *g)
{
	u128 before;

	if (g->done)
		return false;
	do {
		before = g->at;
		if (!pass_records(g) || !pass_gateways(g))
			return false;
	} while (g->at != before);
	g->first = g->at;
	g->last = next_block(g);
	if (g->last == g->end)
		g->done = true;
	else
		g->at = g->last + 1;
	return true;
}

static void
fill(struct db *db, const struct rec *target, struct span span, struct extents *set)
{
	struct gaps g;

	for (gaps_start_in(&g, db, target, span); gaps_next(&g);)
		extents_add(set, g.first, g.last);
}

const struct freemap_kind gaps_kind = { fill };
