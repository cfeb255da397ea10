/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "totals.h"

#include "space.h"

typedef VEC(struct total) total_list;

static struct total *
total_of(struct db *db, total_list *all, const struct rec *r)
{
	if (all->n == 0 || all->v[all->n - 1].vrf != r->vrf ||
	    all->v[all->n - 1].family != (enum family)r->family)
		vec_push(db->env, all,
		    ((struct total){ .vrf = r->vrf, .family = (enum family)r->family }));
	return &all->v[all->n - 1];
}

static void
add_subnet(struct db *db, struct total *t, const struct usage *u)
{
	enum usage_level level = usage_level(db, u);

	t->subnets++;
	t->warn += level == LEVEL_WARN;
	t->crit += level == LEVEL_CRIT;
	if (u->depth == 0)
		t->space = count_add(t->space, count_size(rec_span(u->subnet)));
	if (!u->is_container)
		usage_add(&t->sum, u);
}

size_t
totals_all(struct db *db, const struct usage *usage, size_t n, struct total **out)
{
	total_list all = { 0 };
	struct walk w;
	size_t at = 0;

	for (struct rec *r = walk_all(&w, db); r; r = walk_next(&w)) {
		struct total *t = total_of(db, &all, r);
		if (r->kind == KIND_SUBNET && at < n)
			add_subnet(db, t, &usage[at++]);
		t->ranges += r->kind == KIND_RANGE;
		t->addresses += r->kind == KIND_ADDRESS;
	}
	*out = arena_alloc(&db->arena, all.n * sizeof(**out) + 1);
	if (all.n)
		memcpy(*out, all.v, all.n * sizeof(**out));
	n = all.n;
	vec_release(&all);
	return n;
}

void
room_of(struct db *db, const struct usage *u, struct room *out)
{
	struct space s;
	struct span block;

	*out = (struct room){ .u = u };
	for (space_start(&s, db, u->subnet->vrf, rec_span(u->subnet)); space_next(&s, &block);) {
		if (out->blocks == 0 || block.len < out->largest.len)
			out->largest = block;
		out->free = count_add(out->free, count_size(block));
		out->blocks++;
	}
}

unsigned
room_fragmented(const struct room *room)
{
	struct count largest = room->blocks ? count_size(room->largest) : count_of(0);

	return count_permille(count_sub(room->free, largest), room->free);
}

bool
room_is_given(struct db *db, const struct usage *u)
{
	return (u->is_container || u->depth == 0) && !db_is(db, u->subnet, "status", "reserved") &&
	       !db_is(db, u->subnet, "status", "deprecated");
}

void
totals_problems(struct db *db, struct problems *out)
{
	struct diags d;

	*out = (struct problems){ .all = 0 };
	diags_init(&d, db->env);
	d.cap = SIZE_MAX;
	check_plan(db, SEV_WARNING, &d);
	for (size_t i = 0; i < d.n; i++)
		out->by_rule[d.v[i].rule]++;
	out->all = d.n;
	diags_release(&d);
}
