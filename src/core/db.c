/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db.h"

#include <stdlib.h>

#include "edit.h"
#include "excerpt.h"
#include "index.h"
#include "plain.h"
#include "pointers.h"
#include "when.h"

void
db_init(struct db *db, const struct env *env)
{
	*db = (struct db){ .env = env };
	arena_init(&db->arena, env);
	vrfs_init(&db->vrfs, &db->arena);
	tree_init(&db->tree, &db->arena);
	tree_init(&db->ranges, &db->arena);
	db_learn(db);
}

void
db_release(struct db *db)
{
	vec_release(&db->object);
	vec_release(&db->named);
	vec_release(&db->own_attrs);
	vec_release(&db->change);
	vec_release(&db->spot);
	for (size_t i = 0; i < ARRAY_LEN(db->index); i++)
		index_free(db->index[i]);
	pointers_free(db->pointers);
	excerpt_free(db->excerpt);
	for (size_t i = 0; i < db->plains; i++)
		plain_release(&db->plain[i]);
	arena_release(&db->arena);
}

/* --- order ------------------------------------------------------------ */

struct ranked {
	struct str name;
	size_t vrf;
};

static int
by_name(const void *a, const void *b)
{
	return str_icmp(((const struct ranked *)a)->name, ((const struct ranked *)b)->name);
}

/* The VRFs in the order of their names, the default first. */
static void
rank_all(struct db *db)
{
	size_t n = db->vrfs.n;
	struct ranked *v = arena_alloc(&db->arena, n * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct ranked){ db->vrfs.name[i], i };
	if (n > 2)
		qsort(v + 1, n - 1, sizeof(*v), by_name);
	for (size_t i = 0; i < n; i++) {
		db->rank[v[i].vrf] = (uint16_t)i;
		db->by_rank[i] = (uint16_t)v[i].vrf;
	}
}

/* The last one is new, the others have their ranks. */
static void
rank_last(struct db *db)
{
	size_t n = db->vrfs.n - 1, low = 1, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_icmp(db->vrfs.name[db->by_rank[middle]], db->vrfs.name[n]) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	memmove(db->by_rank + low + 1, db->by_rank + low, (n - low) * sizeof(*db->by_rank));
	for (size_t i = 0; i < n; i++)
		db->rank[i] = (uint16_t)(db->rank[i] + (db->rank[i] >= low));
	db->rank[n] = (uint16_t)low;
	db->by_rank[low] = (uint16_t)n;
}

static void *
more_room(struct db *db, const void *old, size_t used, size_t size)
{
	void *p = arena_zalloc(&db->arena, size);

	return used ? memcpy(p, old, used) : p;
}

static void
rank_vrfs(struct db *db)
{
	size_t n = db->vrfs.n, had = db->ranked;

	if (n == had)
		return;
	if (n > db->rank_room) {
		db->rank_room = n * 2;
		db->rank = more_room(db, db->rank, had * sizeof(*db->rank),
		    db->rank_room * sizeof(*db->rank));
		db->by_rank = more_room(db, db->by_rank, had * sizeof(*db->by_rank),
		    db->rank_room * sizeof(*db->by_rank));
		db->declared = more_room(db, db->declared, had * sizeof(*db->declared),
		    db->rank_room * sizeof(*db->declared));
	}
	if (had && n == had + 1)
		rank_last(db);
	else
		rank_all(db);
	db->tree.rank = db->ranges.rank = db->rank;
	db->ranked = n;
}

/* Its name is written as in its @vrf. */
static void
declare_vrf(struct db *db, struct str name)
{
	int vrf = vrfs_find(&db->vrfs, name);

	if (vrf < 0)
		return;
	db->declared[vrf] = true;
	db->vrfs.name[vrf] = name;
}

void
db_learn_object(struct db *db, struct rec *r)
{
	struct str value;

	if (rec_is_object(r, "vrf")) {
		vrfs_add(&db->vrfs, rec_object_name(r));
		rank_vrfs(db);
		declare_vrf(db, rec_object_name(r));
	}
	if (rec_is_object(r, "attr") && db_own(db, r, "inherit", &value) &&
	    str_eq(value, STR("no")))
		vec_push(db->env, &db->own_attrs, rec_object_name(r));
}

void
db_learn(struct db *db)
{
	for (size_t i = 0; i < db->object.n; i++)
		if (rec_is_object(db->object.v[i], "vrf"))
			vrfs_add(&db->vrfs, rec_object_name(db->object.v[i]));
	rank_vrfs(db);
	memset(db->declared, 0, db->ranked * sizeof(*db->declared));
	db->declared[0] = true;
	db->own_attrs.n = 0;
	for (size_t i = 0; i < db->object.n; i++)
		db_learn_object(db, db->object.v[i]);
}

/* --- looking ---------------------------------------------------------- */

static bool
holds(const struct rec *subnet, const struct rec *r)
{
	return subnet->vrf == r->vrf && subnet->family == r->family && subnet->first <= r->first &&
	       subnet->last >= r->last;
}

struct str
db_vrf_name(const struct db *db, unsigned vrf)
{
	return vrf ? db->vrfs.name[vrf] : STR_NONE;
}

bool
db_vrf_is_declared(const struct db *db, unsigned vrf)
{
	return db->declared[vrf];
}

int
db_vrf(const struct db *db, struct str name)
{
	int vrf = vrfs_find(&db->vrfs, name);

	if (vrf >= 0 && db->declared[vrf])
		return vrf;
	return -1;
}

int
db_order(const struct db *db, const struct rec *a, const struct rec *b)
{
	return tree_order(db->rank, a, b);
}

struct rec *
db_find(const struct db *db, unsigned vrf, struct span span, enum kind kind)
{
	struct rec key = tree_key((uint16_t)vrf, span, kind);

	excerpt_reach(db->excerpt, vrf, span);
	return tree_find(&db->tree, &key);
}

struct rec *
db_find_object(struct db *db, struct str kind, struct str name)
{
	struct find f;
	struct rec *r;

	find_start(&f, db, INDEX_OBJECT, name);
	while ((r = find_next(&f)))
		if (str_eq(rec_object_kind(r), kind) && str_ieq(rec_object_name(r), name))
			return r;
	return NULL;
}

struct rec *
db_around(const struct db *db, unsigned vrf, struct span span)
{
	bool prefix = span.len >= 0;
	struct rec key = tree_key((uint16_t)vrf, span, prefix ? KIND_SUBNET : KIND_RANGE);

	excerpt_reach(db->excerpt, vrf, span);
	if (!prefix)
		key.last = 0; /* before every range that starts there */
	struct rec *r = tree_before(&db->tree, &key);
	key.last = span.last;
	while (r && !(r->kind == KIND_SUBNET && holds(r, &key)))
		r = r->parent;
	return r;
}

struct rec *
db_range_over(const struct db *db, unsigned vrf, struct ip ip)
{
	struct rec key = tree_key((uint16_t)vrf, span_ip(ip), KIND_NONE);
	struct rec *r = tree_before(&db->ranges, &key);

	excerpt_reach(db->excerpt, vrf, span_ip(ip));
	return r && holds(r, &key) ? r : NULL;
}

static struct rec *
walk_at(struct walk *w)
{
	struct rec *r = cursor_rec(w->c);

	return r && r->vrf == w->vrf && r->family == w->family && r->first <= w->last ? r : NULL;
}

struct rec *
walk_in(struct walk *w, const struct db *db, unsigned vrf, struct span span)
{
	struct span whole = { span.first, ip_max(span.family), span.family, 0 };
	struct rec key = tree_key((uint16_t)vrf, whole, KIND_SUBNET);

	excerpt_reach(db->excerpt, vrf, span);
	*w = (struct walk){ tree_lower(&db->tree, &key), span.last, vrf, span.family };
	return walk_at(w);
}

struct rec *
walk_inside(struct walk *w, const struct db *db, const struct rec *subnet)
{
	excerpt_reach(db->excerpt, subnet->vrf, rec_span(subnet));
	*w = (struct walk){ tree_lower(&db->tree, subnet), subnet->last, subnet->vrf,
		subnet->family };
	return walk_at(w) == subnet ? walk_next(w) : walk_at(w);
}

struct rec *
walk_all(struct walk *w, const struct db *db)
{
	excerpt_reach_all(db->excerpt);
	return walk_here(w, db);
}

struct rec *
walk_here(struct walk *w, const struct db *db)
{
	*w = (struct walk){ tree_first(&db->tree), 0, 0, FAMILY_NONE };
	return cursor_rec(w->c);
}

struct rec *
walk_next(struct walk *w)
{
	cursor_next(&w->c);
	return w->family ? walk_at(w) : cursor_rec(w->c);
}

struct rec *
walk_skip(struct walk *w, const struct rec *subnet)
{
	struct rec key = tree_key(subnet->vrf, span_ip(span_last(rec_span(subnet))), KIND_NONE);

	w->c = tree_lower(w->c.tree, &key);
	return w->family ? walk_at(w) : cursor_rec(w->c);
}

bool
db_is_empty(const struct db *db, const struct rec *subnet)
{
	struct walk w;

	return !walk_inside(&w, db, subnet);
}

struct str
db_key(struct db *db, const struct rec *r)
{
	if (!((1u << r->kind) & K_PLAN))
		return rec_key(r);
	return key_fmt_kind(&db->arena, r->kind, rec_span(r), db_vrf_name(db, r->vrf));
}

/* --- attributes ------------------------------------------------------- */

static bool
own(struct db *db, const struct rec *r, struct str name, struct str *value)
{
	struct attr attr;

	if (!attr_find(r, name, &attr))
		return false;
	*value = attr_value(&attr, &db->arena);
	return true;
}

bool
db_own(struct db *db, const struct rec *r, const char *name, struct str *value)
{
	return own(db, r, str_from(name), value);
}

bool
db_inherits(const struct db *db, struct str name)
{
	const struct attr_info *info = schema_attr(name, KIND_SUBNET, STR_NONE);

	if (info && info->own && (info->kinds & K_PLAN))
		return false;
	for (size_t i = 0; i < db->own_attrs.n; i++)
		if (str_eq(db->own_attrs.v[i], name))
			return false;
	return true;
}

/* Where what one inherits is remembered: many addresses have one subnet. */
static struct inherited *
memo_of(struct db *db, const struct rec *subnet, struct str name)
{
	size_t h = name.n * 31 + (unsigned char)name.p[0] * 7u + (unsigned char)name.p[name.n / 2] +
	           (uintptr_t)subnet / sizeof(*subnet);

	return &db->inherited[h % ARRAY_LEN(db->inherited)];
}

static void
inherit(struct db *db, const struct rec *subnet, struct inherited *m)
{
	m->found = false;
	if (!db_inherits(db, m->name))
		return;
	for (; subnet && !m->found; subnet = subnet->parent) {
		m->found = own(db, subnet, m->name, &m->value);
		m->origin = subnet;
	}
}

bool
db_inherited(struct db *db, const struct rec *subnet, struct str name, struct str *value,
    const struct rec **origin)
{
	if (!subnet || name.n == 0)
		return false;
	struct inherited *m = memo_of(db, subnet, name);
	if (m->subnet != subnet || m->edits != db->edits || !str_eq(m->name, name)) {
		/* the name may be a passing one */
		*m = (struct inherited){ .subnet = subnet,
			.name = arena_str(&db->arena, name),
			.edits = db->edits };
		inherit(db, subnet, m);
	}
	if (!m->found)
		return false;
	*value = m->value;
	if (origin)
		*origin = m->origin;
	return value->n > 0;
}

bool
db_value(struct db *db, const struct rec *r, struct str name, struct str *value,
    const struct rec **origin)
{
	const struct attr_info *info;

	if (origin)
		*origin = r;
	if (own(db, r, name, value)) {
		if (value->n > 0)
			return true;
	} else if (((1u << r->kind) & K_PLAN) && db_inherited(db, r->parent, name, value, origin)) {
		return true;
	}
	info = schema_attr(name, r->kind, STR_NONE);
	if (!info || !info->def || !schema_fits(info, r->kind, STR_NONE))
		return false;
	*value = str_from(info->def);
	if (origin)
		*origin = NULL;
	return true;
}

bool
db_is(struct db *db, const struct rec *r, const char *name, const char *value)
{
	struct str v;

	return db_value(db, r, str_from(name), &v, NULL) && str_eq(v, str_from(value));
}

bool
db_seconds(struct db *db, const struct rec *r, const char *name, int64_t *seconds)
{
	struct str v;

	return db_value(db, r, str_from(name), &v, NULL) && duration_parse(v, seconds);
}

bool
db_time(struct db *db, const struct rec *r, const char *name, int64_t *t)
{
	struct str v;

	return db_value(db, r, str_from(name), &v, NULL) && when_parse(v, t);
}

struct str
db_label(struct db *db, const struct rec *r)
{
	struct str value, host = STR_NONE;

	if (r->kind == KIND_ADDRESS) {
		if (db_own(db, r, "host", &value))
			str_next(&value, ',', &host);
		return host;
	}
	return db_own(db, r, "name", &value) ? value : STR_NONE;
}

struct str
db_domain(struct db *db, const struct rec *subnet)
{
	struct str domain;

	return db_inherited(db, subnet, STR("domain"), &domain, NULL) ? str_without_dot(domain)
	                                                              : STR_NONE;
}

bool
db_fqdn(struct db *db, const struct rec *r, struct str host, struct str *fqdn)
{
	struct str domain;

	if (host.n && host.p[host.n - 1] == '.') {
		*fqdn = str_cut(host, 0, host.n - 1);
		return true;
	}
	if (!db_value(db, r, STR("domain"), &domain, NULL))
		return false;
	if (domain.p[domain.n - 1] == '.')
		domain.n--;
	*fqdn =
	    domain.n ? arena_fmt(&db->arena, "%.*s.%.*s", STR_FMT(host), STR_FMT(domain)) : host;
	return true;
}

bool
db_has_fqdn(struct db *db, const struct rec *r, struct str fqdn)
{
	struct str hosts, host, name;

	if (!db_own(db, r, "host", &hosts))
		return false;
	while (str_next(&hosts, ',', &host))
		if (str_ieq(db_fqdn(db, r, host, &name) ? name : host, fqdn))
			return true;
	return false;
}

enum quarantine
db_quarantine(struct db *db, const struct rec *r)
{
	struct str status;
	int64_t until;

	if (r->kind != KIND_ADDRESS || !db_own(db, r, "status", &status) ||
	    !str_eq(status, STR("quarantine")))
		return QUARANTINE_NONE;
	return db_time(db, r, "until", &until) && db->env->now >= until ? QUARANTINE_OVER
	                                                                : QUARANTINE_LIVE;
}

bool
db_gateway(struct db *db, const struct rec *subnet, struct ip *gw)
{
	struct ip_error err;
	struct str value;

	return db_own(db, subnet, "gw", &value) && ip_parse(value, gw, &err) &&
	       span_holds_ip(rec_span(subnet), *gw);
}

struct str
db_key_at(struct db *db, unsigned vrf, struct span span)
{
	return key_fmt(&db->arena, span, db_vrf_name(db, vrf));
}
