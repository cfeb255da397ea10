/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usage.h"

#include <stddef.h>

enum share { SHARE_NONE, SHARE_USED, SHARE_RESERVED, SHARE_DHCP, SHARES };

/* A gateway address that is still to be counted, and its range's share. */
struct gateway {
	u128 v;
	enum share share;
	struct gateway *next;
};

/* A subnet while the sweep is inside it. */
struct open {
	struct usage *u;
	struct open *around;
	struct span assignable;
	struct count own[SHARES]; /* addresses that belong to it directly */
	struct count children, children_busy;
	const struct rec *range; /* the last range seen */
	enum share range_share;
	struct gateway *gw; /* its own, and those of subnets around it */
};

struct sweep {
	struct db *db;
	struct open *top;
	VEC(struct usage *) all;
};

static enum share
range_share(struct db *db, const struct rec *range)
{
	return db_is(db, range, "role", "dhcp")       ? SHARE_DHCP
	       : db_is(db, range, "role", "reserved") ? SHARE_RESERVED
	                                              : SHARE_NONE;
}

static enum share
address_share(struct db *db, const struct rec *r)
{
	struct str status;

	if (!db_own(db, r, "status", &status))
		return SHARE_USED;
	switch (db_quarantine(db, r)) {
	case QUARANTINE_OVER: return SHARE_NONE;
	case QUARANTINE_LIVE: return SHARE_RESERVED;
	default: return str_eq(status, STR("reserved")) ? SHARE_RESERVED : SHARE_USED;
	}
}

static void
add(struct count *to, uint64_t n)
{
	*to = count_add(*to, count_of(n));
}

static bool
is_assignable(const struct open *o, u128 v)
{
	return v >= o->assignable.first && v <= o->assignable.last;
}

/*
 * A container counts every address of its own space, another subnet only those
 * that may be assigned.  Whether it has children is seen when the first one
 * comes; until then both are kept in mind by looking ahead.
 */
static bool
has_children(struct db *db, const struct rec *subnet)
{
	struct walk w;
	struct rec *r = walk_inside(&w, db, subnet);

	while (r && r->kind != KIND_SUBNET)
		r = r->kind == KIND_RANGE ? walk_skip(&w, r) : walk_next(&w);
	return r != NULL;
}

bool
usage_is_container(struct db *db, const struct rec *subnet)
{
	return db_is(db, subnet, "status", "container") || has_children(db, subnet);
}

/* The place of that one in a list, or the list's end. */
static struct gateway **
find_gateway(struct gateway **list, u128 v)
{
	while (*list && (*list)->v != v)
		list = &(*list)->next;
	return list;
}

static void
add_gateway(struct sweep *s, struct open *o, const struct rec *subnet)
{
	struct gateway **end;
	struct ip gw;

	if (!db_gateway(s->db, subnet, &gw) || !is_assignable(o, gw.v) ||
	    *(end = find_gateway(&o->gw, gw.v)))
		return;
	*end = arena_zalloc(&s->db->arena, sizeof(**end));
	(*end)->v = gw.v;
}

/* A gw that a child covers is the child's. */
static void
take_gateways(struct open *child, struct open *around)
{
	const struct rec *r = child->u->subnet;

	for (struct gateway **p = &around->gw, *g; (g = *p);) {
		if (g->v < r->first || g->v > r->last) {
			p = &g->next;
			continue;
		}
		*p = g->next;
		if (!is_assignable(child, g->v) || *find_gateway(&child->gw, g->v))
			continue;
		g->next = child->gw;
		child->gw = g;
	}
}

static void
open_subnet(struct sweep *s, const struct rec *r, bool has_child)
{
	struct open *o = arena_zalloc(&s->db->arena, sizeof(*o));
	struct usage *u = arena_zalloc(&s->db->arena, sizeof(*u));

	*u = (struct usage){ .subnet = r, .depth = s->top ? s->top->u->depth + 1 : 0 };
	u->is_container = has_child || db_is(s->db, r, "status", "container");
	vec_push(s->db->env, &s->all, u);
	*o = (struct open){ .u = u, .around = s->top };
	o->assignable =
	    prefix_usable(rec_span(r), u->is_container || db_is(s->db, r, "usable", "all"));
	u->size = u->is_container ? count_size(rec_span(r)) : count_size(o->assignable);
	add_gateway(s, o, r);
	if (o->around)
		take_gateways(o, o->around);
	s->top = o;
}

static void
close_subnet(struct sweep *s)
{
	struct open *o = s->top;
	struct usage *u = o->u;

	for (const struct gateway *g = o->gw; g; g = g->next) {
		add(&o->own[SHARE_RESERVED], 1);
		if (g->share)
			o->own[g->share] = count_sub(o->own[g->share], count_of(1));
	}
	u->used = count_add(o->own[SHARE_USED], o->children);
	u->reserved = o->own[SHARE_RESERVED];
	u->dhcp = o->own[SHARE_DHCP];
	struct count given = count_add(count_add(u->used, u->reserved), u->dhcp);
	u->free = count_sub(u->size, given);
	u->permille = count_permille(given, u->size);
	u->busy = count_add(count_sub(given, o->children), o->children_busy);
	s->top = o->around;
	if (s->top) {
		s->top->children = count_add(s->top->children, count_size(rec_span(u->subnet)));
		s->top->children_busy = count_add(s->top->children_busy, u->busy);
	}
}

static void
sweep_range(struct sweep *s, const struct rec *r)
{
	struct open *o = s->top;
	struct span span = rec_span(r);

	o->range = r;
	o->range_share = range_share(s->db, r);
	for (struct gateway *g = o->gw; g; g = g->next)
		if (g->v >= r->first && g->v <= r->last)
			g->share = o->range_share;
	if (span.first < o->assignable.first)
		span.first = o->assignable.first;
	if (span.last > o->assignable.last)
		span.last = o->assignable.last;
	if (o->range_share && span.first <= span.last)
		o->own[o->range_share] = count_add(o->own[o->range_share], count_size(span));
}

static void
sweep_address(struct sweep *s, const struct rec *r)
{
	struct open *o = s->top;
	enum share share = address_share(s->db, r);

	if (!share || !is_assignable(o, r->first))
		return;
	add(&o->own[share], 1);
	if (o->range && o->range_share && r->first <= o->range->last)
		o->own[o->range_share] = count_sub(o->own[o->range_share], count_of(1));
	struct gateway **gw = find_gateway(&o->gw, r->first);
	if (*gw)
		*gw = (*gw)->next;
}

static void
sweep_to(struct sweep *s, const struct rec *r)
{
	while (s->top && s->top->u->subnet != r->parent)
		close_subnet(s);
	if (r->kind == KIND_SUBNET)
		open_subnet(s, r, has_children(s->db, r));
	else if (s->top && r->kind == KIND_RANGE)
		sweep_range(s, r);
	else if (s->top)
		sweep_address(s, r);
}

size_t
usage_all(struct db *db, struct usage **out)
{
	struct sweep s = { .db = db };
	struct walk w;

	for (struct rec *r = walk_all(&w, db); r; r = walk_next(&w))
		sweep_to(&s, r);
	while (s.top)
		close_subnet(&s);
	size_t n = s.all.n;
	struct usage *u = arena_alloc(&db->arena, n * sizeof(*u) + 1);
	for (size_t i = 0; i < n; i++)
		u[i] = *s.all.v[i];
	vec_release(&s.all);
	*out = u;
	return n;
}

void
usage_of(struct db *db, const struct rec *subnet, struct usage *out)
{
	struct sweep s = { .db = db };
	struct walk w;

	open_subnet(&s, subnet, has_children(db, subnet));
	for (const struct rec *o = subnet->parent; o; o = o->parent)
		add_gateway(&s, s.top, o);
	for (struct rec *r = walk_inside(&w, db, subnet); r; r = walk_next(&w))
		sweep_to(&s, r);
	while (s.top)
		close_subnet(&s);
	*out = *s.all.v[0];
	vec_release(&s.all);
}

bool
usage_is_over(const struct usage *u, uint64_t milli)
{
	struct count given = count_sub(u->size, u->free);

	if (count_is_zero(u->size))
		return milli == 0;
	return count_cmp(count_mul(given, 100000), count_mul(u->size, milli)) >= 0;
}

static const struct usage_field {
	const char *name;
	size_t at; /* of its count */
} usage_fields[] = {
	{ "size", offsetof(struct usage, size) },
	{ "used", offsetof(struct usage, used) },
	{ "reserved", offsetof(struct usage, reserved) },
	{ "dhcp", offsetof(struct usage, dhcp) },
	{ "free", offsetof(struct usage, free) },
	{ "busy", offsetof(struct usage, busy) },
};

bool
usage_count(const struct usage *u, struct str field, struct count *out)
{
	for (size_t i = 0; i < ARRAY_LEN(usage_fields); i++)
		if (str_eq(field, str_from(usage_fields[i].name))) {
			memcpy(out, (const char *)u + usage_fields[i].at, sizeof(*out));
			return true;
		}
	return false;
}

bool
usage_is_field(struct str field)
{
	for (size_t i = 0; i < ARRAY_LEN(usage_fields); i++)
		if (str_eq(field, str_from(usage_fields[i].name)))
			return true;
	return str_eq(field, STR("percent"));
}

void
usage_add(struct usage *sum, const struct usage *u)
{
	sum->size = count_add(sum->size, u->size);
	sum->used = count_add(sum->used, u->used);
	sum->reserved = count_add(sum->reserved, u->reserved);
	sum->dhcp = count_add(sum->dhcp, u->dhcp);
	sum->free = count_add(sum->free, u->free);
	sum->busy = count_add(sum->busy, u->busy);
	sum->permille = count_permille(count_sub(sum->size, sum->free), sum->size);
}

bool
usage_threshold(struct db *db, const struct rec *subnet, const char *name, uint64_t *milli)
{
	const struct attr_info *info = schema_attr(str_from(name), KIND_SUBNET, STR_NONE);
	struct str value;

	if (!db_value(db, subnet, str_from(name), &value, NULL) || str_eq(value, STR("off")))
		return false;
	return percent_parse(value, milli) || percent_parse(str_from(info->def), milli);
}

enum usage_level
usage_level(struct db *db, const struct usage *u)
{
	uint64_t milli;

	if (usage_threshold(db, u->subnet, "crit", &milli) && usage_is_over(u, milli))
		return LEVEL_CRIT;
	if (usage_threshold(db, u->subnet, "warn", &milli) && usage_is_over(u, milli))
		return LEVEL_WARN;
	return LEVEL_OK;
}
