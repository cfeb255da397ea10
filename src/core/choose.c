/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "choose.h"

#include <stdlib.h>

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

struct run {
	u128 first, last;
};

/*
 * Where the search for a target's free addresses can begin and end, from what
 * earlier searches found: additions only ever make less free, and what was
 * made free since is in db->freed.
 */
struct hint {
	const struct rec *target;
	u128 low, high;
	size_t freed, added; /* of db->freed and db->added, how many are taken into account */
	/* for sparse: the gaps, as a heap, largest (and then lowest) first */
	struct run *heap;
	size_t n, size;
	bool has_heap;
};

static u128
middle(const struct run *r)
{
	return r->first + (r->last - r->first) / 2;
}

static bool
is_larger(const struct run *a, const struct run *b)
{
	u128 na = a->last - a->first, nb = b->last - b->first;

	return na != nb ? na > nb : a->first < b->first;
}

static void
heap_push(struct db *db, struct hint *h, u128 first, u128 last)
{
	struct run r = { first, last };
	size_t i = h->n++;

	if (h->n > h->size) {
		h->size = h->size ? h->size * 2 : 64;
		struct run *more = arena_alloc(&db->arena, h->size * sizeof(*more));
		if (i)
			memcpy(more, h->heap, i * sizeof(*more));
		h->heap = more;
	}
	for (; i > 0 && is_larger(&r, &h->heap[(i - 1) / 2]); i = (i - 1) / 2)
		h->heap[i] = h->heap[(i - 1) / 2];
	h->heap[i] = r;
}

static struct run
heap_pop(struct hint *h)
{
	struct run top = h->heap[0], r = h->heap[--h->n];
	size_t i = 0, n = h->n;

	for (size_t k; (k = 2 * i + 1) < n; i = k) {
		if (k + 1 < n && is_larger(&h->heap[k + 1], &h->heap[k]))
			k++;
		if (!is_larger(&h->heap[k], &r))
			break;
		h->heap[i] = h->heap[k];
	}
	if (n)
		h->heap[i] = r;
	return top;
}

/* A record that came: what sparse chose cuts its gap in two, and after
 * anything else the gaps are to be found anew. */
static void
hint_added(struct db *db, struct hint *h, const struct rec *r)
{
	const struct rec *t = h->target;

	if (!h->has_heap || r->vrf != t->vrf || !span_meets(rec_span(r), rec_span(t)))
		return;
	if (r->kind != KIND_ADDRESS || h->n == 0 || r->first != middle(&h->heap[0])) {
		h->has_heap = false;
		return;
	}
	struct run top = heap_pop(h);
	if (r->first > top.first)
		heap_push(db, h, top.first, r->first - 1);
	if (r->first < top.last)
		heap_push(db, h, r->first + 1, top.last);
}

static void
hint_freed(struct hint *h, const struct span *s)
{
	const struct rec *t = h->target;

	if (s->first < h->low)
		h->low = s->first > t->first ? s->first : t->first;
	if (s->last > h->high)
		h->high = s->last < t->last ? s->last : t->last;
	h->has_heap = false;
}

static struct hint *
hint_for(struct db *db, const struct rec *target)
{
	struct hint *h = NULL;

	for (size_t i = 0; i < db->hints && !h; i++)
		if (db->hint[i]->target == target)
			h = db->hint[i];
	if (!h) {
		h = arena_zalloc(&db->arena, sizeof(*h));
		*h = (struct hint){ .target = target,
			.low = target->first,
			.high = target->last,
			.freed = db->freed.n,
			.added = db->added.n };
		if (db->hints < ARRAY_LEN(db->hint))
			db->hint[db->hints++] = h;
	}
	for (; h->freed < db->freed.n; h->freed++)
		hint_freed(h, &db->freed.v[h->freed]);
	for (; h->added < db->added.n; h->added++)
		hint_added(db, h, db->added.v[h->added]);
	return h;
}

static enum status
choose_first(struct db *db, const struct rec *target, u128 *v)
{
	struct hint *h = hint_for(db, target);
	struct gaps g;

	gaps_start_at(&g, db, target, h->low);
	if (!gaps_next(&g))
		return STATUS_FULL;
	*v = h->low = g.first;
	return STATUS_OK;
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

/* From the top down: a step at a time while it is dense there, then a walk. */
static enum status
choose_last(struct db *db, const struct rec *target, u128 *v)
{
	struct hint *h = hint_for(db, target);
	struct span s = gaps_span(db, target);
	enum status status = STATUS_FULL;
	struct gaps g;

	if (h->high < s.last)
		s.last = h->high;
	for (int step = 0; step < 64 && s.last > s.first; step++, s.last--)
		if (is_free(db, target, s.last)) {
			*v = h->high = s.last;
			return STATUS_OK;
		}
	for (gaps_start(&g, db, target); gaps_next(&g); status = STATUS_OK)
		*v = h->high = g.last;
	return status;
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

/* First by trial, which is uniform over the free ones, too; where nearly all
 * is taken, by counting them. */
static enum status
choose_random(struct db *db, const struct rec *target, u128 *v)
{
	struct span s = gaps_span(db, target);
	u128 total = 0, k;
	struct gaps g;

	for (int trial = 0; trial < 64; trial++) {
		if (!draw(db, s.last - s.first, &k))
			return STATUS_SYSTEM;
		*v = s.first + k;
		if (is_free(db, target, *v))
			return STATUS_OK;
	}
	for (gaps_start(&g, db, target); gaps_next(&g);)
		total += g.last - g.first + 1;
	if (total == 0)
		return STATUS_FULL;
	if (!draw(db, total - 1, &k))
		return STATUS_SYSTEM;
	for (gaps_start(&g, db, target); gaps_next(&g); k -= g.last - g.first + 1)
		if (k <= g.last - g.first)
			break;
	*v = g.first + k;
	return STATUS_OK;
}

static enum status
choose_sparse(struct db *db, const struct rec *target, u128 *v)
{
	struct hint *h = hint_for(db, target);
	struct gaps g;

	if (!h->has_heap) {
		h->n = 0;
		for (gaps_start(&g, db, target); gaps_next(&g);)
			heap_push(db, h, g.first, g.last);
		h->has_heap = true;
	}
	if (h->n == 0)
		return STATUS_FULL;
	*v = middle(&h->heap[0]);
	return STATUS_OK;
}

/* --- choosing --------------------------------------------------------- */

/* "web (10.0.0.0/24), ..." : subnets directly inside that give addresses. */
static void
hint_children(struct db *db, const struct rec *subnet, struct diags *d)
{
	struct buf b;
	struct walk w;
	int n = 0;

	buf_init(&b, db->env);
	for (struct rec *r = walk_inside(&w, db, subnet); r && n < 4;
	     r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w)) {
		struct str name = db_label(db, r);
		if (r->kind != KIND_SUBNET)
			continue;
		buf_fmt(&b, "%s%.*s%s%.*s", n ? ", " : "", STR_FMT(db_key(db, r)),
		    name.n ? " " : "", STR_FMT(name));
		n++;
	}
	if (n)
		diag_hint(d, "its subnets: %.*s", STR_FMT(buf_get(&b)));
	buf_release(&b);
}

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
	hint_children(db, target, d);
	return STATUS_CONFLICT;
}

static enum status
say_full(struct db *db, const struct rec *target, struct diags *d)
{
	char used[COUNT_TEXT], kept[COUNT_TEXT];
	struct usage u;

	if (target->kind == KIND_RANGE)
		return diag_fail(d, STATUS_FULL, "%.*s: no free address",
		    STR_FMT(db_key(db, target)));
	usage_of(db, target, &u);
	struct count other = count_add(u.reserved, u.dhcp);
	if (count_is_zero(other))
		return diag_fail(d, STATUS_FULL, "%.*s: no free address (%s used)",
		    STR_FMT(db_key(db, target)), count_fmt(used, u.used));
	return diag_fail(d, STATUS_FULL, "%.*s: no free address (%s used, %s reserved or dhcp)",
	    STR_FMT(db_key(db, target)), count_fmt(used, u.used), count_fmt(kept, other));
}

enum status
choose_address(struct db *db, const struct rec *target, enum strategy s, bool force, struct ip *ip,
    struct diags *d)
{
	static enum status (*const choose[])(struct db *, const struct rec *, u128 *) = {
		[STRATEGY_FIRST] = choose_first,
		[STRATEGY_LAST] = choose_last,
		[STRATEGY_RANDOM] = choose_random,
		[STRATEGY_SPARSE] = choose_sparse,
	};
	enum status status = check_target(db, target, force, d);
	struct span all = gaps_span(db, target);
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
	status = all.first > all.last ? STATUS_FULL : choose[s](db, target, &ip->v);
	if (status == STATUS_SYSTEM)
		return diag_fail(d, STATUS_SYSTEM, "no random source");
	return status ? say_full(db, target, d) : STATUS_OK;
}
