/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who says a name, and which zones are known. */
#include "arpa.h"
#include "merge_parts.h"

bool
ip_same(struct ip a, struct ip b)
{
	return a.family == b.family && a.v == b.v;
}

/* --- sets ------------------------------------------------------------- */

static int
name_order(const void *a, const void *b)
{
	return str_icmp(*(const struct str *)a, *(const struct str *)b);
}

static int
rec_order(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t) * (const struct rec *const *)a,
		  y = (uintptr_t) * (const struct rec *const *)b;

	return (x > y) - (x < y);
}

void
name_set_sort(name_set *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), name_order);
}

void
rec_set_sort(rec_set *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), rec_order);
}

bool
name_set_has(const name_set *s, struct str name)
{
	return s->n && bsearch(&name, s->v, s->n, sizeof(*s->v), name_order);
}

bool
rec_set_has(const rec_set *s, const struct rec *r)
{
	return s->n && bsearch(&r, s->v, s->n, sizeof(*s->v), rec_order);
}

/* --- the book --------------------------------------------------------- */

static int
ip_order(struct ip a, struct ip b)
{
	if (a.family != b.family)
		return a.family < b.family ? -1 : 1;
	return (a.v > b.v) - (a.v < b.v);
}

static int
entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if ((order = str_icmp(x->name, y->name)) != 0 || (order = ip_order(x->ip, y->ip)) != 0)
		return order;
	if (x->said != y->said)
		return x->said < y->said ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

void
book_add(struct book *b, struct entry entry)
{
	entry.hash = str_ihash(entry.name);
	entry.order = b->entry.n;
	vec_push(b->env, &b->entry, entry);
}

void
book_sort(struct book *b)
{
	if (b->entry.n)
		qsort(b->entry.v, b->entry.n, sizeof(*b->entry.v), entry_order);
}

struct entry *
book_end(const struct book *b, const struct entry *e)
{
	size_t low = (size_t)(e - b->entry.v), high = b->entry.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct entry *x = &b->entry.v[mid];
		if (x->hash == e->hash && str_ieq(x->name, e->name))
			low = mid + 1;
		else
			high = mid;
	}
	return b->entry.v + low;
}

struct entry *
book_find(const struct book *b, struct str name, size_t *n)
{
	struct entry key = { .hash = str_ihash(name), .name = name };
	size_t low = 0, high = b->entry.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (entry_order(&b->entry.v[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	struct entry *e = b->entry.v + low;
	if (low == b->entry.n || e->hash != key.hash || !str_ieq(e->name, name))
		return NULL;
	*n = (size_t)(book_end(b, e) - e);
	return e;
}

/* --- zones ------------------------------------------------------------ */

static void
add_zone(struct zones *z, const struct env *env, struct str name, enum cover cover)
{
	struct zone zone = { .name = name, .cover = cover };

	if (zone.name.n && zone.name.p[zone.name.n - 1] == '.')
		zone.name.n--;
	zone.is_reverse = arpa_parse(zone.name, &zone.span);
	vec_push(env, &z->name, zone);
	if (zone.is_reverse)
		vec_push(env, &z->span, zone);
}

/* A zone of a view is of the VRF with that name. */
static void
add_declared(struct zones *z, struct db *db, const struct rec *r, unsigned vrf)
{
	struct str name = rec_object_name(r);
	size_t percent = str_find(name, '%');
	struct str view = percent < name.n ? str_cut(name, percent + 1, name.n) : STR_NONE;

	if (str_ieq(view, db_vrf_name(db, vrf)))
		add_zone(z, db->env, str_cut(name, 0, percent), COVER_PLAN);
}

/* Of one name, the source's first. */
static int
by_name(const void *a, const void *b)
{
	const struct zone *x = a, *y = b;
	int order = str_icmp(x->name, y->name);

	return order ? order : (int)y->cover - (int)x->cover;
}

static int
by_span(const void *a, const void *b)
{
	const struct zone *x = a, *y = b;
	int order = ip_order(span_first(x->span), span_first(y->span));

	if (order || x->span.len != y->span.len)
		return order ? order : x->span.len - y->span.len;
	return (int)x->cover - (int)y->cover;
}

void
zones_init(struct zones *z, struct db *db, const struct facts *facts, unsigned vrf)
{
	const struct zone *open = NULL;

	*z = (struct zones){ 0 };
	for (size_t i = 0; i < facts->n; i++)
		if (facts->v[i].kind == FACT_ZONE)
			add_zone(z, db->env, facts->v[i].name, COVER_SOURCE);
	for (size_t i = 0; i < db->object.n; i++)
		if (rec_is_object(db->object.v[i], "zone"))
			add_declared(z, db, db->object.v[i], vrf);
	if (z->name.n)
		qsort(z->name.v, z->name.n, sizeof(*z->name.v), by_name);
	if (z->span.n)
		qsort(z->span.v, z->span.n, sizeof(*z->span.v), by_span);
	for (size_t i = 0; i < z->span.n; i++) {
		while (open && !span_holds(open->span, z->span.v[i].span))
			open = open->around;
		z->span.v[i].around = open;
		open = &z->span.v[i];
	}
}

void
zones_release(struct zones *z)
{
	vec_release(&z->name);
	vec_release(&z->span);
}

static const struct zone *
find_zone(const struct zones *z, struct str name)
{
	size_t low = 0, high = z->name.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_icmp(z->name.v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < z->name.n && str_ieq(z->name.v[low].name, name) ? &z->name.v[low] : NULL;
}

enum cover
zones_named(const struct zones *z, struct str name)
{
	const struct zone *zone = find_zone(z, name);

	return zone ? zone->cover : COVER_NONE;
}

enum cover
zones_of_name(const struct zones *z, struct str name)
{
	while (z->name.n && name.n) {
		const struct zone *zone = find_zone(z, name);
		if (zone)
			return zone->cover;
		size_t dot = str_find(name, '.');
		name = dot < name.n ? str_cut(name, dot + 1, name.n) : STR_NONE;
	}
	return COVER_NONE;
}

enum cover
zones_of_ip(const struct zones *z, struct ip ip)
{
	size_t low = 0, high = z->span.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (ip_order(span_first(z->span.v[mid].span), ip) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	const struct zone *zone = low ? &z->span.v[low - 1] : NULL;
	while (zone && !span_holds_ip(zone->span, ip))
		zone = zone->around;
	return zone ? zone->cover : COVER_NONE;
}
