/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db_load.h"

#include "plain.h"

/*
 * Records are put where they belong as they come, a batch at a time, which is
 * then still in the cache.  As long as they stand in order the tree only grows
 * at its end, and the subnet read last and its parents are all that can be
 * around the next record.
 *
 * A large text is read in slices at the same time.  A slice does not know what is
 * above it; when all are read, they are joined.  That is for the texts that are as
 * they should be: what has an error, or is in disorder, is read once more in one go.
 *
 * A text that is sifted is read so, too, but of its records only a batch is there at a
 * time; those that are not plain are copied out of it.
 */
enum { BATCH = 256, BYTES_EACH = 24, ROOM_MIN = 16, SLICE_MIN = 1 << 21 };

struct loader {
	struct db *db;     /* for its environment and order; nothing of it changes yet */
	struct vrfs *vrfs; /* the db's, or the slice's own ... */
	struct arena *arena;
	struct diags *d;
	struct text_source text;
	struct plain *plain; /* of a text that is sifted, or NULL */

	struct rec *rec;
	size_t n, size;
	size_t arranged; /* records */
	size_t bytes;    /* of all text */
	struct tree tree, ranges;
	rec_list object, named;
	rec_list top_level;      /* those with no subnet around them so far */
	const struct rec *first; /* of those in the tree ... */
	const struct rec *before;
	struct rec *top;  /* the subnet read last */
	bool was_taken;   /* `before` is not in the tree, but plain ... */
	struct rec taken; /* ... and this, when its batch is over */
	bool in_order, is_newer;
};

static void
loader_reset(struct loader *l)
{
	l->arranged = 0;
	l->object.n = l->named.n = l->top_level.n = 0;
	l->first = l->before = NULL;
	l->top = NULL;
	l->in_order = true;
	tree_init(&l->tree, l->arena);
	tree_init(&l->ranges, l->arena);
}

static void
loader_release(struct loader *l)
{
	vec_release(&l->object);
	vec_release(&l->named);
	vec_release(&l->top_level);
}

/* --- putting records where they belong ----------------------------------- */

/* The narrowest subnet around r, which comes after all records below `top`. */
static struct rec *
around(struct rec *top, const struct rec *r)
{
	while (top && !(top->vrf == r->vrf && top->family == r->family && top->last >= r->first))
		top = top->parent;
	return top;
}

/* Makes r, which comes after all others, one of the tree. */
static void
append(struct loader *l, struct rec *r)
{
	struct rec *top = around(l->top, r);

	r->parent = top;
	l->top = r->kind == KIND_SUBNET ? r : top;
	tree_append(&l->tree, r);
	if (r->kind == KIND_RANGE)
		tree_append(&l->ranges, r);
	if (!top)
		vec_push(l->db->env, &l->top_level, r);
}

/* Whether r may stand below the record before it.  VRFs have no rank yet. */
static bool
is_after(const struct loader *l, const struct rec *before, const struct rec *r)
{
	const struct str *name = l->vrfs->name;

	if (before->vrf == r->vrf)
		return (before->family == r->family && before->first < r->first) ||
		       db_order(l->db, before, r) <= 0;
	return before->vrf == 0 || (r->vrf != 0 && str_icmp(name[before->vrf], name[r->vrf]) < 0);
}

static struct rec *
copy_out(struct loader *l, const struct rec *r)
{
	struct rec *copy = arena_alloc(l->arena, sizeof(*copy));

	*copy = *r;
	return copy;
}

/* Of what is sifted, the record to keep; NULL if it is plain.  Of two with one address
 * both are kept. */
static struct rec *
sift(struct loader *l, struct rec *r)
{
	bool was_taken = l->was_taken;

	r->parent = around(l->top, r);
	l->was_taken = plain_take(l->plain, l->before, r);
	if (l->was_taken) {
		l->before = r;
		return NULL;
	}
	if (was_taken && l->before->first == r->first)
		append(l, copy_out(l, l->before));
	return copy_out(l, r);
}

static void
arrange_object(struct loader *l, struct rec *r)
{
	vec_push(l->db->env, &l->object, l->plain ? copy_out(l, r) : r);
	l->in_order &= l->before == NULL;
}

static void
arrange_record(struct loader *l, struct rec *r)
{
	if (l->before && !is_after(l, l->before, r))
		l->in_order = false;
	if (l->plain && l->in_order && !(r = sift(l, r)))
		return;
	if (!l->before)
		l->first = r;
	l->before = r;
	if ((r->flags & REC_NAMED) && r->kind != KIND_ADDRESS) {
		r->flags |= REC_LISTED;
		vec_push(l->db->env, &l->named, r);
	}
	if (l->in_order)
		append(l, r);
}

static void
arrange(struct loader *l)
{
	for (; l->arranged < l->n; l->arranged++) {
		struct rec *r = &l->rec[l->arranged];
		((1u << r->kind) & K_PLAN ? arrange_record : arrange_object)(l, r);
	}
}

/* At first, room for more records than there will be: what is not used costs
 * nothing.  They have not been arranged, then, for nothing points at them. */
static void
grow(struct loader *l)
{
	size_t most = l->size ? l->size * 2 : l->bytes / BYTES_EACH + ROOM_MIN;
	struct rec *more = arena_alloc(l->arena, most * sizeof(*more));

	for (size_t i = 0; i < l->n; i++)
		l->rec[i].flags &= (uint8_t)~REC_LISTED;
	if (l->n)
		memcpy(more, l->rec, l->n * sizeof(*more));
	l->rec = more;
	l->size = most;
	loader_reset(l);
}

/* Of what is sifted nothing points into the batch but `before`. */
static void
next_batch(struct loader *l)
{
	if (l->was_taken) {
		l->taken = *l->before;
		l->before = &l->taken;
	}
	l->n = l->arranged = 0;
}

static void
keep_record(void *ctx, const struct rec *r)
{
	struct loader *l = ctx;

	if (l->n == l->size)
		grow(l);
	l->rec[l->n++] = *r;
	if (l->n % BATCH == 0)
		arrange(l);
	if (l->plain && l->n == BATCH)
		next_batch(l);
}

static void
read_text(struct loader *l)
{
	l->is_newer |= !text_read(&l->text, l->vrfs, keep_record, l, l->d);
}

/* --- slices --------------------------------------------------------------- */

struct slice {
	struct loader l;
	struct plain plain; /* the caller's, apart from the other slices' while it grows */
	struct vrfs vrfs;
	struct arena arena;
	struct diags d;
};

/* Every line is a record, but for blank ones and comments. */
static void
count_records(void *ctx, size_t i)
{
	struct loader *l = &((struct slice *)ctx + i)->l;
	struct str rest = { l->text.p, l->text.n }, line;

	while (str_next(&rest, '\n', &line)) {
		size_t at = 0;
		while (at < line.n && (line.p[at] == ' ' || line.p[at] == '\t'))
			at++;
		l->size += at < line.n && line.p[at] != '#';
	}
}

static void
read_slice(void *ctx, size_t i)
{
	struct loader *l = &((struct slice *)ctx + i)->l;

	read_text(l);
	arrange(l);
	if (l->was_taken) { /* what follows may have its address */
		struct rec *last = copy_out(l, l->before);
		append(l, last);
		l->before = last;
	}
}

/* Cuts the text at line ends.  How many slices there are. */
static size_t
cut(struct db *db, const struct text_source *text, size_t n, struct plain *plain, struct slice *s)
{
	const char *p = text->p, *end = text->p + text->n;
	size_t i;

	for (i = 0; p < end; i++) {
		const char *stop = end, *lf;
		if (i + 1 < n && (size_t)(end - p) > text->n / n &&
		    (lf = memchr(p + text->n / n, '\n', (size_t)(end - p) - text->n / n)))
			stop = lf + 1;
		arena_init(&s[i].arena, db->env);
		vrfs_init(&s[i].vrfs, &s[i].arena);
		diags_init(&s[i].d, db->env);
		s[i].l = (struct loader){ .db = db,
			.vrfs = &s[i].vrfs,
			.arena = &s[i].arena,
			.d = &s[i].d,
			.text = { text->name, p, (size_t)(stop - p) } };
		if (plain) {
			s[i].plain = plain[i];
			s[i].l.plain = &s[i].plain;
			s[i].l.size = BATCH;
			s[i].l.rec = arena_alloc(&s[i].arena, BATCH * sizeof(*s[i].l.rec));
		}
		loader_reset(&s[i].l);
		p = stop;
	}
	return i;
}

/* One array for the records of all. */
static struct rec *
share_room(struct db *db, struct slice *s, size_t n)
{
	size_t total = 0;

	env_run(db->env, count_records, s, n);
	for (size_t i = 0; i < n; i++)
		total += s[i].l.size;
	struct rec *all = arena_alloc(&db->arena, total * sizeof(*all) + 1), *rec = all;
	for (size_t i = 0; i < n; i++) {
		s[i].l.rec = rec;
		rec += s[i].l.size;
	}
	return all;
}

/* Whether a slice is as it should be: no error, in order, objects in the first one alone. */
static bool
is_fine(const struct slice *s, size_t i)
{
	const struct loader *l = &s[i].l;

	return s[i].d.n == 0 && l->in_order && (l->plain || l->n == l->size) &&
	       (i == 0 || l->object.n == 0);
}

/* The slice's VRFs by the numbers of the db. */
static bool
renumber(struct db *db, struct slice *s)
{
	uint16_t *number = arena_alloc(&s->arena, s->vrfs.n * sizeof(*number) + 1);
	bool is_same = true;

	for (size_t i = 0; i < s->vrfs.n; i++) {
		int n = i ? vrfs_add(&db->vrfs, s->vrfs.name[i]) : 0;
		if (n < 0)
			return false;
		number[i] = (uint16_t)n;
		is_same &= number[i] == i;
	}
	for (struct cursor c = tree_first(&s->l.tree); cursor_rec(c) && !is_same; cursor_next(&c))
		cursor_rec(c)->vrf = number[cursor_rec(c)->vrf];
	return true;
}

static void
add_list(const struct env *env, rec_list *to, const rec_list *from)
{
	for (size_t i = 0; i < from->n; i++)
		vec_push(env, to, from->v[i]);
}

/* Adds a slice to those above it; false if it does not follow them. */
static bool
join(struct loader *all, struct slice *s)
{
	struct db *db = all->db;
	struct loader *l = &s->l;

	if (!renumber(db, s) || (all->before && l->first && !is_after(all, all->before, l->first)))
		return false;
	for (size_t i = 0; i < l->top_level.n; i++) {
		all->top = around(all->top, l->top_level.v[i]);
		l->top_level.v[i]->parent = all->top;
	}
	if (l->top)
		all->top = l->top;
	if (l->before)
		all->before = l->before;
	all->n += l->plain ? 0 : l->n;
	tree_take(&all->tree, &l->tree);
	tree_take(&all->ranges, &l->ranges);
	add_list(db->env, &all->object, &l->object);
	add_list(db->env, &all->named, &l->named);
	return true;
}

/* Sifted into so many, unless plain is NULL.  False if it is to be read in one go. */
static bool
read_slices(struct loader *all, size_t n, struct plain *plain)
{
	struct db *db = all->db;
	struct slice *s = arena_zalloc(&db->arena, n * sizeof(*s));
	bool ok = true;

	n = cut(db, &all->text, n, plain, s);
	if (!plain)
		all->rec = share_room(db, s, n);
	env_run(db->env, read_slice, s, n);
	for (size_t i = 0; i < n; i++)
		ok = ok && is_fine(s, i) && join(all, &s[i]);
	for (size_t i = 0; i < n; i++) {
		if (plain)
			plain[i] = s[i].plain;
		loader_release(&s[i].l);
		diags_release(&s[i].d);
		arena_adopt(&db->arena, &s[i].arena);
	}
	return ok;
}

/* --- the whole ------------------------------------------------------------- */

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
	struct rec **r = arena_alloc(&db->arena, 2 * l->n * sizeof(*r) + 1);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if ((1u << l->rec[i].kind) & K_PLAN)
			r[n++] = &l->rec[i];
	sort_records(db, r, r + n, n);
	tree_init(&l->tree, &db->arena);
	tree_init(&l->ranges, &db->arena);
	l->top = NULL;
	for (size_t i = 0; i < n; i++)
		append(l, r[i]);
}

/* What was read is the db's. */
static void
give(struct loader *l)
{
	struct db *db = l->db;

	db->base = l->rec;
	db->bases = l->n;
	db->object = l->object;
	db->named = l->named;
	db->in_order = l->in_order;
	db->is_newer = l->is_newer;
	db_learn(db);
	if (!l->in_order)
		append_sorted(l);
	db->tree = l->tree;
	db->ranges = l->ranges;
	db->tree.rank = db->ranges.rank = db->rank;
	vec_release(&l->top_level);
}

static struct loader
loader_of(struct db *db, struct diags *d)
{
	struct loader l = { .db = db, .vrfs = &db->vrfs, .arena = &db->arena, .d = d };

	loader_reset(&l);
	return l;
}

enum status
db_load_parts(struct db *db, const struct text_source *source, size_t sources,
    const struct text_source *part, size_t n, struct diags *d)
{
	struct loader l = loader_of(db, d);

	db->source = source;
	db->sources = sources;
	for (size_t i = 0; i < n; i++)
		l.bytes += part[i].n;
	for (size_t i = 0; i < n; i++) {
		l.text = part[i];
		read_text(&l);
	}
	arrange(&l);
	give(&l);
	return d->errors ? STATUS_INVALID : STATUS_OK;
}

enum status
db_load_slices(struct db *db, const struct text_source *source, size_t n, struct diags *d)
{
	struct loader l = loader_of(db, d);

	l.text = *source;
	if (!read_slices(&l, n, NULL)) {
		loader_release(&l);
		return db_load_parts(db, source, 1, source, 1, d);
	}
	db->source = source;
	db->sources = 1;
	give(&l);
	return STATUS_OK;
}

bool
db_load_sifted(struct db *db, const struct text_source *source, struct plain *plain, size_t n)
{
	struct diags unsaid;
	struct loader l = loader_of(db, &unsaid);

	diags_init(&unsaid, db->env);
	l.text = *source;
	bool ok = read_slices(&l, n, plain);
	diags_release(&unsaid);
	db->source = source;
	db->sources = 1;
	give(&l);
	return ok;
}

size_t
db_slices(const struct db *db, const struct text_source *source)
{
	size_t slices = source->n / SLICE_MIN;

	return slices < db->env->workers ? slices : db->env->workers;
}

enum status
db_load(struct db *db, const struct text_source *source, size_t n, struct diags *d)
{
	size_t slices = n == 1 ? db_slices(db, source) : 0;

	return slices > 1 ? db_load_slices(db, source, slices, d)
	                  : db_load_parts(db, source, n, source, n, d);
}
