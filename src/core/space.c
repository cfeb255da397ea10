/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "space.h"

void
space_start(struct space *f, struct db *db, unsigned vrf, struct span span)
{
	*f = (struct space){ .db = db, .at = span.first, .end = span.last, .family = span.family };
	f->ahead = walk_in(&f->walk, db, vrf, span);
	while (f->ahead && f->ahead->kind == KIND_SUBNET && span_holds(rec_span(f->ahead), span))
		f->ahead = walk_next(&f->walk);
	const struct rec *subnet = db_find(db, vrf, span, KIND_SUBNET);
	place_gateways(&f->gw, db, subnet ? subnet : db_around(db, vrf, span), span.first,
	    span.last);
	const struct rec *range = db_range_over(db, vrf, span_first(span));
	if (!range || range->first == span.first)
		return; /* else the walk has begun behind it */
	f->done = range->last >= span.last;
	f->at = f->done ? f->at : range->last + 1;
}

/* What comes next and is not free: a record or a gateway. */
static bool
space_obstacle(struct space *f, u128 *first, u128 *last)
{
	struct rec *r = f->ahead;

	while (f->next_gw < f->gw.n && f->gw.v[f->next_gw] < f->at)
		f->next_gw++;
	if (f->next_gw < f->gw.n && (!r || f->gw.v[f->next_gw] < r->first)) {
		*first = *last = f->gw.v[f->next_gw++];
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

/* --- choosing a block ------------------------------------------------- */

enum fit
fit_by_name(struct str name)
{
	static const char *const names[] = { "", "best", "first", "sparse" };

	for (size_t i = 1; i < ARRAY_LEN(names); i++)
		if (str_eq(name, str_from(names[i])))
			return (enum fit)i;
	return FIT_DEFAULT;
}

static void
fill(struct db *db, const struct rec *target, struct span span, struct extents *set)
{
	struct span block;
	struct space f;

	for (space_start(&f, db, target->vrf, span); space_next(&f, &block);)
		extents_add(set, block.first, block.last);
}

static const struct freemap_kind space_kind = { fill };

static struct extents *
extents_of(struct db *db, const struct rec *parent)
{
	return freemap_extents(db, freemap_of(db, parent, &space_kind));
}

/* The narrowest of a set of lengths. */
static u128
narrowest(u128 lens)
{
	u128 bit = 1;

	while (lens >>= 1)
		bit <<= 1;
	return bit;
}

bool
space_choose(struct db *db, const struct rec *parent, int len, enum fit fit, struct span *prefix)
{
	struct extents *open = extents_of(db, parent);
	u128 lens = extents_lens(open) & EXTENTS_UP_TO(len);
	struct str name;

	if (fit == FIT_DEFAULT)
		fit = db_value(db, parent, STR("fit"), &name, NULL) ? fit_by_name(name) : FIT_BEST;
	if (!lens)
		return false;
	if (fit == FIT_SPARSE)
		extents_sparse(open, parent->first, prefix);
	else
		extents_block(open, fit == FIT_FIRST ? lens : narrowest(lens), 0, prefix);
	*prefix = span_prefix(span_first(*prefix), len);
	return true;
}

uint64_t
space_room(struct db *db, const struct rec *parent, int len, uint64_t most)
{
	const struct extents *open = extents_of(db, parent);
	struct span block;
	uint64_t room = 0;
	u128 from = parent->first;

	while (room < most && extents_block(open, EXTENTS_UP_TO(len), from, &block)) {
		int more = len - block.len;
		room += more < 63 ? (uint64_t)1 << more : most;
		if (block.last == parent->last)
			break;
		from = block.last + 1;
	}
	return room < most ? room : most;
}

bool
space_widest(struct db *db, const struct rec *parent, struct span *block)
{
	struct extents *open = extents_of(db, parent);
	u128 lens = extents_lens(open);

	return extents_block(open, lens & (~lens + 1), 0, block);
}
