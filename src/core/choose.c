/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "choose.h"

#include "place.h"
#include "usage.h"

enum strategy
strategy_by_name(struct str name)
{
	static const char *const names[] = { "", "first", "last", "random", "sparse" };

	for (size_t i = 1; i < ARRAY_LEN(names); i++)
		if (str_eq(name, str_from(names[i])))
			return (enum strategy)i;
	return STRATEGY_DEFAULT;
}

/* --- strategies ------------------------------------------------------- */

static enum status
choose_first(struct db *db, struct freemap *m, u128 *v)
{
	struct gaps g;

	if (freemap_pays(db, m)) {
		const struct extents *open = freemap_extents(db, m);
		if (extents_is_empty(open))
			return STATUS_FULL;
		*v = extents_lowest(open);
		return STATUS_OK;
	}
	gaps_start(&g, db, m->target);
	bool found = gaps_next(&g);
	m->walked += g.steps;
	*v = g.first;
	return found ? STATUS_OK : STATUS_FULL;
}

/* Whether an address can be given: for strategies that need no walk. */
static bool
is_free(struct db *db, const struct rec *target, u128 v)
{
	struct ip ip = { v, target->family };
	struct place p = place_at(db, target->vrf, ip);
	bool is_range = target->kind == KIND_RANGE;

	if (is_range && p.by == target)
		return place_gateway(db, target->parent, v) == NULL;
	return p.state == PLACE_FREE && p.subnet == target && !is_range;
}

/* From the top down: a step at a time while it is dense there, then by the map. */
static enum status
choose_last(struct db *db, struct freemap *m, u128 *v)
{
	struct span s = gaps_span(db, m->target);

	for (int step = 0; !freemap_pays(db, m) && step < 64 && s.last > s.first;
	     step++, s.last--) {
		m->walked++;
		*v = s.last;
		if (is_free(db, m->target, s.last))
			return STATUS_OK;
	}
	const struct extents *open = freemap_extents(db, m);
	if (extents_is_empty(open))
		return STATUS_FULL;
	*v = extents_highest(open);
	return STATUS_OK;
}

/* Uniform in [0, n]. */
static bool
draw(struct db *db, u128 n, u128 *out)
{
	u128 mask = n;

	for (int shift = 1; shift < 128; shift *= 2)
		mask |= mask >> shift;
	do {
		if (!db->env->random || !db->env->random(out, sizeof(*out)))
			return false;
		*out &= mask;
	} while (*out > n);
	return true;
}

/* First by trial, which is uniform over the free ones, too; where nearly all is taken,
 * by the map. */
static enum status
choose_random(struct db *db, struct freemap *m, u128 *v)
{
	struct span s = gaps_span(db, m->target);
	u128 k;

	for (int trial = 0; trial < 64 && !freemap_pays(db, m); trial++) {
		if (!draw(db, s.last - s.first, &k))
			return STATUS_SYSTEM;
		m->walked++;
		*v = s.first + k;
		if (is_free(db, m->target, *v))
			return STATUS_OK;
	}
	const struct extents *open = freemap_extents(db, m);
	if (extents_is_empty(open))
		return STATUS_FULL;
	if (!draw(db, extents_total(open) - 1, &k))
		return STATUS_SYSTEM;
	*v = extents_nth(open, k);
	return STATUS_OK;
}

/* The middle of the longest run. */
static enum status
choose_sparse(struct db *db, struct freemap *m, u128 *v)
{
	struct span longest = { .len = -1 };
	bool found = false;
	struct gaps g;

	if (freemap_pays(db, m)) {
		found = extents_longest(freemap_extents(db, m), &longest);
	} else {
		for (gaps_start(&g, db, m->target); gaps_next(&g); found = true)
			if (!found || g.last - g.first > longest.last - longest.first)
				longest = (struct span){ g.first, g.last, FAMILY_NONE, -1 };
		m->walked += g.steps;
	}
	*v = longest.first + (longest.last - longest.first) / 2;
	return found ? STATUS_OK : STATUS_FULL;
}

/* --- choosing --------------------------------------------------------- */

static enum status
check_target(struct db *db, const struct rec *target, bool force, struct diags *d)
{
	struct str key = db_key(db, target), status;

	if (target->kind == KIND_RANGE) {
		if (db_is(db, target, "role", "dhcp") && !force)
			return diag_fail(d, STATUS_CONFLICT,
			    "%.*s: is a dhcp range: its addresses are the server's", STR_FMT(key));
		return STATUS_OK;
	}
	db_value(db, target, STR("status"), &status, NULL);
	if (str_eq(status, STR("active")))
		return STATUS_OK;
	diag_fail(d, STATUS_CONFLICT, "%.*s: has status=%.*s: no address is handed out from it",
	    STR_FMT(key), STR_FMT(status));
	place_hint_children(db, target, d);
	return STATUS_CONFLICT;
}

static enum status
say_full(struct db *db, const struct rec *target, struct str what, struct diags *d)
{
	char used[COUNT_TEXT], kept[COUNT_TEXT];
	struct usage u;

	if (target->kind == KIND_RANGE)
		return diag_fail(d, STATUS_FULL, "%.*s: %.*s", STR_FMT(db_key(db, target)),
		    STR_FMT(what));
	usage_of(db, target, &u);
	struct count other = count_add(u.reserved, u.dhcp);
	if (count_is_zero(other))
		return diag_fail(d, STATUS_FULL, "%.*s: %.*s (%s used)",
		    STR_FMT(db_key(db, target)), STR_FMT(what), count_fmt(used, u.used));
	return diag_fail(d, STATUS_FULL, "%.*s: %.*s (%s used, %s reserved or dhcp)",
	    STR_FMT(db_key(db, target)), STR_FMT(what), count_fmt(used, u.used),
	    count_fmt(kept, other));
}

static const struct str no_address = STR("no free address");

enum status
choose_address(struct db *db, const struct rec *target, enum strategy s, bool force, struct ip *ip,
    struct diags *d)
{
	static enum status (*const choose[])(struct db *, struct freemap *, u128 *) = {
		[STRATEGY_FIRST] = choose_first,
		[STRATEGY_LAST] = choose_last,
		[STRATEGY_RANDOM] = choose_random,
		[STRATEGY_SPARSE] = choose_sparse,
	};
	enum status status = check_target(db, target, force, d);
	struct span all = gaps_span(db, target);
	struct freemap *m = freemap_of(db, target, &gaps_kind);
	struct str name;

	if (status)
		return status;
	if (s == STRATEGY_DEFAULT) {
		const struct rec *subnet = target->kind == KIND_SUBNET ? target : target->parent;
		s = STRATEGY_FIRST;
		if (subnet && db_value(db, subnet, STR("strategy"), &name, NULL) &&
		    strategy_by_name(name))
			s = strategy_by_name(name);
	}
	ip->family = target->family;
	status = all.first > all.last ? STATUS_FULL : choose[s](db, m, &ip->v);
	if (status == STATUS_SYSTEM)
		return diag_fail(d, STATUS_SYSTEM, "no random source");
	return status ? say_full(db, target, no_address, d) : STATUS_OK;
}

/* How many addresses can be given: all, or `enough`. */
static u128
room_of(struct db *db, const struct rec *target, uint64_t enough)
{
	struct freemap *m = freemap_of(db, target, &gaps_kind);
	struct gaps g;
	u128 room = 0;

	if (freemap_pays(db, m)) {
		const struct extents *open = freemap_extents(db, m);
		room = extents_total(open);
		return room == 0 && !extents_is_empty(open) ? ~(u128)0 : room;
	}
	for (gaps_start(&g, db, target); room < enough && gaps_next(&g);)
		room += g.last - g.first + (g.last - g.first != ~(u128)0);
	m->walked += g.steps;
	return room;
}

enum status
choose_room(struct db *db, const struct rec *target, uint64_t wanted, bool force, struct diags *d)
{
	enum status status = check_target(db, target, force, d);

	if (status)
		return status;
	u128 room = room_of(db, target, wanted);
	if (room >= wanted)
		return STATUS_OK;
	if (room == 0)
		return say_full(db, target, no_address, d);
	return say_full(db, target,
	    arena_fmt(&db->arena, "only %llu of %llu addresses are free", (unsigned long long)room,
		(unsigned long long)wanted),
	    d);
}
