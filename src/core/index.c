/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index.h"

#include <stdlib.h>

#include "excerpt.h"
#include "sort.h"

static const char *const attr_of[] = { "name", "host", "mac" };

/* Entries of one hash hang together from slot[hash & mask] on.  An entry may
 * be out of date: whoever finds it looks at the record again. */
struct entry {
	struct rec *rec;
	uint64_t hash;
	uint32_t next; /* plus one */
};

struct index {
	uint32_t *slot; /* plus one */
	size_t slots;
	VEC(struct entry) entry;
};

void
index_free(struct index *index)
{
	if (!index)
		return;
	vec_release(&index->entry);
	free(index->slot);
	free(index);
}

/* Whether the index has records like r. */
static bool
is_about(enum index_key key, const struct rec *r)
{
	switch (key) {
	case INDEX_NAME: return r->kind == KIND_SUBNET || r->kind == KIND_RANGE;
	case INDEX_OBJECT: return r->kind == KIND_OBJECT;
	default: return r->kind == KIND_ADDRESS;
	}
}

static bool
values_of(struct db *db, const struct rec *r, enum index_key key, struct str *list)
{
	if (!is_about(key, r))
		return false;
	if (key != INDEX_OBJECT)
		return db_own(db, r, attr_of[key], list);
	*list = rec_object_name(r);
	return true;
}

static bool
has_value(struct db *db, const struct rec *r, enum index_key key, struct str value)
{
	struct str list, member;

	if ((r->flags & REC_GONE) || !values_of(db, r, key, &list))
		return false;
	while (str_next(&list, ',', &member))
		if (str_ieq(str_without_dot(member), value))
			return true;
	return false;
}

static void
index_hang(struct index *index, size_t i)
{
	uint32_t *slot = &index->slot[index->entry.v[i].hash & (index->slots - 1)];

	index->entry.v[i].next = *slot;
	*slot = (uint32_t)i + 1;
}

static void
index_resize(struct db *db, struct index *index)
{
	free(index->slot);
	index->slots = index->slots ? index->slots * 4 : 1024;
	index->slot = calloc(index->slots, sizeof(*index->slot));
	if (!index->slot)
		db->env->oom(index->slots * sizeof(*index->slot));
	for (size_t i = 0; i < index->entry.n; i++)
		index_hang(index, i);
}

/* Whether r has an entry of this hash: of those just added, or, if it is known
 * from before, anywhere. */
static bool
is_indexed(const struct index *index, uint64_t hash, const struct rec *r, bool is_known)
{
	const struct entry *v = index->entry.v;

	for (size_t i = index->entry.n; i > 0 && v[i - 1].rec == r; i--)
		if (v[i - 1].hash == hash)
			return true;
	if (is_known)
		for (uint32_t i = index->slot[hash & (index->slots - 1)]; i; i = v[i - 1].next)
			if (v[i - 1].rec == r && v[i - 1].hash == hash)
				return true;
	return false;
}

static void
index_add(struct db *db, enum index_key key, struct rec *r, bool is_known)
{
	struct index *index = db->index[key];
	struct str list, member;

	if (!values_of(db, r, key, &list))
		return;
	while (str_next(&list, ',', &member)) {
		struct entry e = { .rec = r, .hash = str_ihash(str_without_dot(member)) };
		if (is_indexed(index, e.hash, r, is_known))
			continue;
		if (index->entry.n >= index->slots)
			index_resize(db, index);
		vec_push(db->env, &index->entry, e);
		index_hang(index, index->entry.n - 1);
	}
}

/* Where the records of an index are listed, if it is not the whole tree. */
static struct rec **
listed(const struct db *db, enum index_key key, size_t *n)
{
	switch (key) {
	case INDEX_NAME: *n = db->named.n; return db->named.v;
	case INDEX_OBJECT: *n = db->object.n; return db->object.v;
	default: *n = db->tree.records; return NULL;
	}
}

static void
index_build(struct db *db, enum index_key key)
{
	struct index *index = calloc(1, sizeof(*index));
	struct walk w;
	size_t n;
	struct rec **v = listed(db, key, &n);

	if (!index)
		db->env->oom(sizeof(*index));
	db->index[key] = index;
	index_resize(db, index);
	for (size_t i = 0; v && i < n; i++)
		index_add(db, key, v[i], false);
	for (struct rec *r = v ? NULL : walk_here(&w, db); r; r = walk_next(&w))
		index_add(db, key, r, false);
}

void
index_note(struct db *db, struct rec *r, bool is_new)
{
	bool has_name = (r->flags & REC_NAMED) && is_about(INDEX_NAME, r);

	if (has_name && !(r->flags & REC_LISTED)) {
		r->flags |= REC_LISTED;
		vec_push(db->env, &db->named, r);
	}
	for (size_t key = 0; key < ARRAY_LEN(db->index); key++)
		if (db->index[key])
			index_add(db, (enum index_key)key, r, !is_new);
}

/* Among the records that are here. */
static void
start(struct find *f, struct db *db, enum index_key key, struct str value)
{
	*f = (struct find){ .db = db, .key = key, .value = str_without_dot(value) };
	size_t walk;
	listed(db, key, &walk);
	if (!db->index[key] && db->index_walked[key] > walk / 2)
		index_build(db, key);
	const struct index *index = db->index[key];
	f->indexed = index != NULL;
	if (index)
		f->slot = index->slot[str_ihash(f->value) & (index->slots - 1)];
	else
		db->index_walked[key] += walk;
}

void
find_start(struct find *f, struct db *db, enum index_key key, struct str value)
{
	if (key == INDEX_NAME || key == INDEX_HOST)
		excerpt_reach_name(db->excerpt, value);
	else if (key != INDEX_OBJECT)
		excerpt_reach_all(db->excerpt);
	start(f, db, key, value);
}

static struct rec *
find_listed(struct find *f, struct rec **v, size_t n)
{
	while (f->at < n) {
		struct rec *r = v[f->at++];
		if (has_value(f->db, r, f->key, f->value))
			return r;
	}
	return NULL;
}

static struct rec *
find_indexed(struct find *f)
{
	const struct index *index = f->db->index[f->key];
	uint64_t hash = str_ihash(f->value);

	while (f->slot) {
		const struct entry *e = &index->entry.v[f->slot - 1];
		f->slot = e->next;
		if (e->hash == hash && has_value(f->db, e->rec, f->key, f->value))
			return e->rec;
	}
	return NULL;
}

static struct rec *
find_walked(struct find *f)
{
	for (;;) {
		struct rec *r = f->started ? walk_next(&f->walk) : walk_here(&f->walk, f->db);
		f->started = true;
		if (!r || (has_value(f->db, r, f->key, f->value)))
			return r;
	}
}

struct rec *
find_next(struct find *f)
{
	size_t n;
	struct rec **v = listed(f->db, f->key, &n);

	if (f->indexed)
		return find_indexed(f);
	return v ? find_listed(f, v, n) : find_walked(f);
}

/* What makes a record, which has the value, a twin. */
struct twin {
	const struct rec *subnet, *except;
	struct str full;
};

static bool
is_twin(struct db *db, const struct twin *t, const struct rec *r)
{
	return r->kind == KIND_ADDRESS && r->parent == t->subnet && r != t->except &&
	       db_quarantine(db, r) == QUARANTINE_NONE &&
	       (t->full.n == 0 || db_has_fqdn(db, r, t->full));
}

/* Whether so much was walked that one had better use the index; a walk inside a
 * subnet is paid from the same purse as find_start()'s. */
static bool
index_pays(const struct db *db, enum index_key key)
{
	return db->index[key] || db->index_walked[key] > db->tree.records / 2;
}

static struct rec *
twin_by_walk(struct db *db, const struct twin *t, enum index_key key, struct str value)
{
	struct walk w;

	for (struct rec *r = walk_inside(&w, db, t->subnet); r;) {
		db->index_walked[key]++;
		if (has_value(db, r, key, value) && is_twin(db, t, r))
			return r;
		r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w);
	}
	return NULL;
}

struct rec *
db_twin(struct db *db, const struct rec *subnet, enum index_key key, struct str value,
    struct str full, const struct rec *except)
{
	struct twin t = { subnet, except, full };
	struct rec *lowest = NULL;
	struct find f;

	if (!index_pays(db, key))
		return twin_by_walk(db, &t, key, str_without_dot(value));
	start(&f, db, key, value);
	for (struct rec *r; (r = find_next(&f));)
		if (is_twin(db, &t, r) && (!lowest || db_order(db, r, lowest) < 0))
			lowest = r;
	return lowest;
}

/* --- who has a name in a subnet ----------------------------------------- */

static void
holders_by_walk(struct db *db, const struct rec *subnet, struct str full, rec_list *out)
{
	struct walk w;

	for (struct rec *r = walk_inside(&w, db, subnet); r;) {
		db->index_walked[INDEX_HOST]++;
		if (r->kind == KIND_ADDRESS && db_has_fqdn(db, r, full))
			vec_push(db->env, out, r);
		r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w);
	}
}

static int
by_address(const void *ctx, const void *a, const void *b)
{
	return db_order(ctx, a, b);
}

static void
find_written(struct db *db, const struct rec *subnet, struct str written, struct str full,
    rec_list *out)
{
	struct find f;

	start(&f, db, INDEX_HOST, written);
	for (struct rec *r; (r = find_next(&f));)
		if (r->parent == subnet && db_has_fqdn(db, r, full))
			vec_push(db->env, out, r);
}

void
db_holders(struct db *db, const struct rec *subnet, struct str full, rec_list *out)
{
	size_t n = 0;

	if (!index_pays(db, INDEX_HOST)) {
		holders_by_walk(db, subnet, full, out);
		return;
	}
	find_written(db, subnet, full, full, out);
	for (size_t i = 0; i < full.n; i++)
		if (full.p[i] == '.')
			find_written(db, subnet, str_cut(full, 0, i), full, out);
	sort_stable(db->env, (void **)out->v, out->n, by_address, db);
	for (size_t i = 0; i < out->n; i++)
		if (n == 0 || out->v[i] != out->v[n - 1])
			out->v[n++] = out->v[i];
	out->n = n;
}
