/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db_load.h"

#include "index.h"

/*
 * Records are put where they belong as they come, a batch at a time, which is
 * then still in the cache.  As long as they stand in order the tree only grows
 * at its end, and the subnet read last and its parents are all that can be
 * around the next record.
 */
enum { BATCH = 256, BYTES_EACH = 24, ROOM_MIN = 16 };

struct loader {
	struct db *db;
	size_t arranged; /* records */
	const struct rec *before;
	struct rec *top; /* the subnet read last */
	size_t bytes;    /* of all sources */
};

/* Makes r, which comes after all others, one of the tree. */
static void
append(struct loader *l, struct rec *r)
{
	struct rec *top = l->top;

	while (top && !(top->vrf == r->vrf && top->family == r->family && top->last >= r->first))
		top = top->parent;
	r->parent = top;
	l->top = r->kind == KIND_SUBNET ? r : top;
	tree_append(&l->db->tree, r);
	if (r->kind == KIND_RANGE)
		tree_append(&l->db->ranges, r);
}

/* Whether r may stand below the record before it.  VRFs have no rank yet. */
static bool
is_after(const struct db *db, const struct rec *before, const struct rec *r)
{
	const struct str *name = db->vrfs.name;

	if (before->vrf == r->vrf)
		return (before->family == r->family && before->first < r->first) ||
		       db_order(db, before, r) <= 0;
	return before->vrf == 0 || (r->vrf != 0 && str_icmp(name[before->vrf], name[r->vrf]) < 0);
}

static void
arrange(struct loader *l)
{
	struct db *db = l->db;

	for (; l->arranged < db->bases; l->arranged++) {
		struct rec *r = &db->base[l->arranged];
		if (!((1u << r->kind) & K_PLAN)) {
			vec_push(db->env, &db->object, r);
			db->in_order &= l->before == NULL;
			continue;
		}
		if (l->before && !is_after(db, l->before, r))
			db->in_order = false;
		l->before = r;
		if ((r->flags & REC_NAMED) && r->kind != KIND_ADDRESS)
			index_note(db, r, true);
		if (db->in_order)
			append(l, r);
	}
}

/* They have not been arranged, for nothing points at them. */
static void
forget_arranged(struct loader *l)
{
	struct db *db = l->db;

	*l = (struct loader){ .db = db, .bytes = l->bytes };
	db->object.n = db->named.n = 0;
	for (size_t i = 0; i < db->bases; i++)
		db->base[i].flags &= (uint8_t)~REC_LISTED;
	tree_init(&db->tree, &db->arena);
	tree_init(&db->ranges, &db->arena);
	db->in_order = true;
}

/* At first, room for more records than there will be: what is not used costs
 * nothing. */
static void
grow(struct loader *l)
{
	struct db *db = l->db;
	size_t most = db->base_size ? db->base_size * 2 : l->bytes / BYTES_EACH + ROOM_MIN;
	struct rec *more = arena_alloc(&db->arena, most * sizeof(*more));

	if (db->bases)
		memcpy(more, db->base, db->bases * sizeof(*more));
	db->base = more;
	db->base_size = most;
	forget_arranged(l);
}

static void
keep_record(void *ctx, const struct rec *r)
{
	struct loader *l = ctx;
	struct db *db = l->db;

	if (db->bases == db->base_size)
		grow(l);
	db->base[db->bases++] = *r;
	if (db->bases % BATCH == 0)
		arrange(l);
}

static void
sort_records(const struct db *db, struct rec **r, struct rec **scratch, size_t n)
{
	size_t half = n / 2, a = 0, b = half;

	if (n < 2)
		return;
	sort_records(db, r, scratch, half);
	sort_records(db, r + half, scratch, n - half);
	for (size_t i = 0; i < n; i++)
		scratch[i] =
		    a < half && (b == n || db_order(db, r[a], r[b]) <= 0) ? r[a++] : r[b++];
	memcpy(r, scratch, n * sizeof(*r));
}

static void
append_sorted(struct loader *l)
{
	struct db *db = l->db;
	struct rec **r = arena_alloc(&db->arena, 2 * db->bases * sizeof(*r) + 1);
	size_t n = 0;

	for (size_t i = 0; i < db->bases; i++)
		if ((1u << db->base[i].kind) & K_PLAN)
			r[n++] = &db->base[i];
	sort_records(db, r, r + n, n);
	tree_init(&db->tree, &db->arena);
	tree_init(&db->ranges, &db->arena);
	db->tree.rank = db->ranges.rank = db->rank;
	l->top = NULL;
	for (size_t i = 0; i < n; i++)
		append(l, r[i]);
}

enum status
db_load(struct db *db, const struct text_source *source, size_t n, struct diags *d)
{
	return db_load_parts(db, source, n, source, n, d);
}

enum status
db_load_parts(struct db *db, const struct text_source *source, size_t sources,
    const struct text_source *part, size_t n, struct diags *d)
{
	struct loader l = { .db = db };

	db->source = source;
	db->sources = sources;
	db->in_order = true;
	for (size_t i = 0; i < n; i++)
		l.bytes += part[i].n;
	for (size_t i = 0; i < n; i++)
		db->is_newer |= !text_read(&part[i], &db->vrfs, keep_record, &l, d);
	arrange(&l);
	db_learn(db);
	db->tree.rank = db->ranges.rank = db->rank;
	if (!db->in_order)
		append_sorted(&l);
	return d->errors ? STATUS_INVALID : STATUS_OK;
}
