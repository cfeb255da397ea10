/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pointers.h"

#include <stdlib.h>

const char *const pointers_attr[2] = { "gw", "nameserver" };

/* One may be out of date: whoever finds it looks at the record again. */
struct pointer {
	struct ip ip;
	struct rec *subnet;
};

struct pointers {
	VEC(struct pointer) all;
	size_t sorted; /* the others, behind them, are few */
};

void
pointers_free(struct pointers *p)
{
	if (!p)
		return;
	vec_release(&p->all);
	free(p);
}

static int
by_ip(const void *a, const void *b)
{
	const struct pointer *x = a, *y = b;

	if (x->ip.family != y->ip.family)
		return x->ip.family < y->ip.family ? -1 : 1;
	return (x->ip.v > y->ip.v) - (x->ip.v < y->ip.v);
}

/* Calls add for each address that r points at, until that is false. */
static bool
each_pointer(struct db *db, struct rec *r, bool (*add)(void *ctx, struct ip ip), void *ctx)
{
	struct str list, member;
	struct ip_error err;
	struct ip ip;

	for (size_t i = 0; i < ARRAY_LEN(pointers_attr); i++) {
		if (!db_own(db, r, pointers_attr[i], &list))
			continue;
		while (str_next(&list, ',', &member))
			if (ip_parse(member, &ip, &err) && !add(ctx, ip))
				return false;
	}
	return true;
}

static bool
is_outside(void *ctx, struct ip ip)
{
	const struct span *span = ctx;

	return !span_holds_ip(*span, ip);
}

static bool
points_into(struct db *db, struct rec *r, unsigned vrf, struct span span)
{
	return !(r->flags & REC_GONE) && r->kind == KIND_SUBNET && r->vrf == vrf &&
	       !each_pointer(db, r, is_outside, &span);
}

/* --- the list ---------------------------------------------------------- */

struct adding {
	struct db *db;
	struct rec *subnet;
};

static bool
add_pointer(void *ctx, struct ip ip)
{
	struct adding *a = ctx;

	vec_push(a->db->env, &a->db->pointers->all, ((struct pointer){ ip, a->subnet }));
	return true;
}

void
pointers_note(struct db *db, struct rec *r)
{
	struct adding a = { db, r };

	if (db->pointers && r->kind == KIND_SUBNET)
		each_pointer(db, r, add_pointer, &a);
}

static void
build(struct db *db)
{
	struct walk w;

	db->pointers = calloc(1, sizeof(*db->pointers));
	if (!db->pointers)
		db->env->oom(sizeof(*db->pointers));
	for (struct rec *r = walk_all(&w, db); r; r = walk_next(&w))
		pointers_note(db, r);
}

/* Sorting all costs as much as walking past the unsorted ones so many times. */
static void
sort_all(struct pointers *p)
{
	size_t rest = p->all.n - p->sorted;

	if (rest < 64 || rest < p->all.n / 64)
		return;
	qsort(p->all.v, p->all.n, sizeof(*p->all.v), by_ip);
	p->sorted = p->all.n;
}

static size_t
first_from(const struct pointers *p, struct ip ip)
{
	struct pointer key = { .ip = ip };
	size_t low = 0, high = p->sorted;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_ip(&p->all.v[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- looking ----------------------------------------------------------- */

static int
by_rec(const void *a, const void *b)
{
	const struct rec *x = *(struct rec *const *)a, *y = *(struct rec *const *)b;

	return (x > y) - (x < y);
}

static void
find_listed(struct db *db, struct span span, rec_list *out)
{
	struct pointers *p = db->pointers;
	size_t n = 0;

	sort_all(p);
	for (size_t i = first_from(p, span_first(span));
	     i < p->sorted && span_holds_ip(span, p->all.v[i].ip); i++)
		vec_push(db->env, out, p->all.v[i].subnet);
	for (size_t i = p->sorted; i < p->all.n; i++)
		if (span_holds_ip(span, p->all.v[i].ip))
			vec_push(db->env, out, p->all.v[i].subnet);
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(struct rec *), by_rec);
	for (size_t i = 0; i < out->n; i++)
		if (n == 0 || out->v[i] != out->v[n - 1])
			out->v[n++] = out->v[i];
	out->n = n;
}

void
pointers_into(struct db *db, unsigned vrf, struct span span, rec_list *out)
{
	size_t n = 0;
	struct walk w;

	if (!db->pointers && db->pointers_walked)
		build(db);
	if (db->pointers)
		find_listed(db, span, out);
	else
		for (struct rec *r = walk_all(&w, db); r; r = walk_next(&w))
			if (r->kind == KIND_SUBNET)
				vec_push(db->env, out, r);
	db->pointers_walked = true;
	for (size_t i = 0; i < out->n; i++)
		if (points_into(db, out->v[i], vrf, span))
			out->v[n++] = out->v[i];
	out->n = n;
}
