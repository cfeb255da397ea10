/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "freemap.h"

struct freemaps {
	struct freemap **slot;
	size_t slots, n;
};

/* --- the maps by target ----------------------------------------------- */

static struct freemap **
slot_of(const struct freemaps *f, const struct rec *target)
{
	uint64_t h = (uint64_t)(uintptr_t)target * 0x9e3779b97f4a7c15;

	return &f->slot[(h >> 32) & (f->slots - 1)];
}

static void
grow(struct db *db, struct freemaps *f)
{
	struct freemaps old = *f;

	f->slots = old.slots ? old.slots * 4 : 64;
	f->slot = arena_zalloc(&db->arena, f->slots * sizeof(struct freemap *));
	for (size_t i = 0; i < old.slots; i++)
		for (struct freemap *m = old.slot[i], *next; m; m = next) {
			struct freemap **slot = slot_of(f, m->target);
			next = m->next;
			m->next = *slot;
			*slot = m;
		}
}

struct freemap *
freemap_of(struct db *db, const struct rec *target, const struct freemap_kind *kind)
{
	if (!db->freemaps)
		db->freemaps = arena_zalloc(&db->arena, sizeof(*db->freemaps));
	if (db->freemaps->n >= db->freemaps->slots)
		grow(db, db->freemaps);
	struct freemap **slot = slot_of(db->freemaps, target);
	for (struct freemap *m = *slot; m; m = m->next)
		if (m->target == target && m->kind == kind)
			return m;
	struct freemap *m = arena_zalloc(&db->arena, sizeof(*m));
	*m = (struct freemap){ .target = target, .kind = kind, .next = *slot };
	*slot = m;
	db->freemaps->n++;
	return m;
}

/* Building it costs about as much as a walk over all. */
bool
freemap_pays(const struct db *db, const struct freemap *m)
{
	return m->is_built || m->walked > 256 + db->tree.records / 8;
}

struct extents *
freemap_extents(struct db *db, struct freemap *m)
{
	if (m->is_built)
		return &m->set;
	extents_init(&m->set, &db->arena, (enum family)m->target->family);
	m->kind->fill(db, m->target, rec_span(m->target), &m->set);
	m->is_built = true;
	return &m->set;
}

/* --- edits ------------------------------------------------------------ */

/* What lies at span, directly in target, is another now: look again, if anything there
 * may have become free. */
static void
tell(struct db *db, const struct rec *target, struct span span, bool look)
{
	struct freemap *m = target ? *slot_of(db->freemaps, target) : NULL;

	for (; m; m = m->next) {
		if (m->target != target || !m->is_built)
			continue;
		extents_take(&m->set, span.first, span.last);
		if (look)
			m->kind->fill(db, target, span, &m->set);
	}
}

static void
forget(struct db *db, const struct rec *target)
{
	for (struct freemap *m = *slot_of(db->freemaps, target); m; m = m->next)
		if (m->target == target)
			m->is_built = false;
}

/* The ranges of the subnet around them that lie in span: what they may give depends on
 * that subnet. */
static void
forget_ranges(struct db *db, unsigned vrf, struct span span)
{
	struct rec key = tree_key((uint16_t)vrf, span_ip(span_first(span)), KIND_RANGE);

	key.last = 0;
	for (struct cursor c = tree_lower(&db->ranges, &key); cursor_rec(c); cursor_next(&c)) {
		const struct rec *range = cursor_rec(c);
		if (range->vrf != vrf || (enum family)range->family != span.family ||
		    range->first > span.last)
			return;
		forget(db, range);
	}
}

static void
tell_address(struct db *db, unsigned vrf, struct span span, const struct rec *around, bool look)
{
	tell(db, around, span, look);
	tell(db, db_range_over(db, vrf, span_first(span)), span, look);
}

static void
tell_gateway(struct db *db, const struct rec *subnet)
{
	struct ip gw;

	if (!db_gateway(db, subnet, &gw))
		return;
	struct span span = span_ip(gw);
	tell_address(db, subnet->vrf, span, db_around(db, subnet->vrf, span), true);
}

static void
tell_record(struct db *db, const struct rec *r, bool look)
{
	if (!db->freemaps)
		return;
	if (r->kind == KIND_ADDRESS) {
		tell_address(db, r->vrf, rec_span(r), r->parent, look);
		return;
	}
	tell(db, r->parent, rec_span(r), look);
	if (r->kind != KIND_SUBNET)
		return;
	forget_ranges(db, r->vrf, rec_span(r));
	tell_gateway(db, r);
}

void
freemap_came(struct db *db, const struct rec *r)
{
	tell_record(db, r, false);
}

void
freemap_went(struct db *db, const struct rec *r)
{
	if (db->freemaps)
		forget(db, r);
	tell_record(db, r, true);
}

void
freemap_changed(struct db *db, const struct rec *r, const struct rec *old)
{
	struct str before = STR_NONE, now = STR_NONE;

	if (!db->freemaps)
		return;
	if (r->kind == KIND_ADDRESS)
		tell_address(db, r->vrf, rec_span(r), r->parent, true);
	if (r->kind != KIND_SUBNET)
		return;
	tell_gateway(db, old);
	tell_gateway(db, r);
	db_own(db, old, "usable", &before);
	db_own(db, r, "usable", &now);
	if (str_eq(before, now))
		return;
	forget(db, r);
	forget_ranges(db, r->vrf, rec_span(r));
}
