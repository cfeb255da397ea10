/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edit.h"

#include <stdlib.h>

/* --- bookkeeping ------------------------------------------------------ */

static struct change *
change_of(struct db *db, struct rec *r)
{
	if (r->change == 0) {
		struct change c = { .rec = r,
			.before = r->flags & REC_NEW ? STR_NONE : rec_line(r) };
		vec_push(db->env, &db->change, c);
		r->change = (uint32_t)db->change.n;
	}
	return &db->change.v[r->change - 1];
}

static void
learn(struct db *db, const struct rec *r)
{
	if (rec_is_object(r, "vrf") || rec_is_object(r, "attr") || db->vrfs.n != db->ranked)
		db_learn(db);
}

static bool
is_plan(const struct rec *r)
{
	return ((1u << r->kind) & K_PLAN) != 0;
}

/* The first record of the file that is no object and not gone; *owner is the
 * record of the file in whose chains it is (itself, if it is none new). */
static struct rec *
first_in_file(struct db *db, bool objects, struct rec **owner)
{
	for (size_t i = 0; i < db->bases; i++) {
		struct rec *r = &db->base[i];
		struct change *c = r->change ? &db->change.v[r->change - 1] : NULL;
		struct rec *chain[] = { c ? c->above : NULL, r, c ? c->below : NULL };
		*owner = r;
		for (size_t k = 0; k < ARRAY_LEN(chain); k++) {
			struct rec *n = chain[k];
			for (; n; n = k == 1 ? NULL : change_of(db, n)->next)
				if (!(n->flags & REC_GONE) && (objects || is_plan(n)))
					return n;
		}
	}
	*owner = NULL;
	for (struct rec *n = db->tail; n; n = change_of(db, n)->next)
		if (!(n->flags & REC_GONE) && (objects || is_plan(n)))
			return n;
	return NULL;
}

/* --- where a new line goes -------------------------------------------- */

static void
chain_below(struct db *db, struct rec *anchor, struct rec *r)
{
	change_of(db, anchor);
	change_of(db, r);
	struct change *a = change_of(db, anchor), *c = change_of(db, r);
	struct rec **link = anchor->flags & REC_NEW ? &a->next : &a->below;

	c->next = *link;
	*link = r;
}

/* Puts r into the chain that begins at *link, above `at`. */
static void
chain_insert(struct db *db, struct rec **link, const struct rec *at, struct rec *r)
{
	while (*link && *link != at)
		link = &change_of(db, *link)->next;
	change_of(db, r)->next = *link;
	*link = r;
}

static void
chain_above(struct db *db, struct rec *owner, struct rec *at, struct rec *r)
{
	change_of(db, r);
	if (!owner) {
		chain_insert(db, &db->tail, at, r);
		return;
	}
	struct change *c = change_of(db, owner);
	bool is_below = false;
	for (struct rec *n = c->below; n; n = change_of(db, n)->next)
		is_below |= n == at;
	chain_insert(db, is_below ? &c->below : &c->above, at == owner ? NULL : at, r);
}

static struct rec *
last_object(struct db *db, struct str kind)
{
	for (size_t i = db->object.n; i-- > 0;) {
		struct rec *r = db->object.v[i];
		if (kind.n == 0 || str_eq(rec_object_kind(r), kind))
			return r;
	}
	return NULL;
}

static void
place_plan(struct db *db, struct rec *r)
{
	struct rec *before = tree_before(&db->tree, r), *owner;

	if (before) {
		chain_below(db, before, r);
		return;
	}
	struct rec *first = first_in_file(db, false, &owner);
	struct rec *object = first ? NULL : last_object(db, STR_NONE);
	if (object)
		chain_below(db, object, r);
	else
		chain_above(db, owner, first, r);
}

/* The place among db->object follows the place in the file. */
static void
place_object(struct db *db, struct rec *r)
{
	struct rec *anchor = last_object(db, rec_object_kind(r)), *owner;
	size_t at = 0;

	if (!anchor)
		anchor = last_object(db, STR_NONE);
	if (anchor) {
		chain_below(db, anchor, r);
		while (db->object.v[at++] != anchor)
			;
	} else {
		struct rec *first = first_in_file(db, true, &owner);
		chain_above(db, owner, first, r);
	}
	vec_push(db->env, &db->object, r);
	memmove(db->object.v + at + 1, db->object.v + at,
	    (db->object.n - 1 - at) * sizeof(*db->object.v));
	db->object.v[at] = r;
}

/* --- adding and removing ---------------------------------------------- */

static void
tree_add(struct db *db, struct rec *r)
{
	struct walk w;

	r->parent = db_around(db, r->vrf, rec_span(r));
	tree_insert(&db->tree, r);
	vec_push(db->env, &db->added, r);
	if (r->kind == KIND_RANGE)
		tree_insert(&db->ranges, r);
	if (r->kind != KIND_SUBNET)
		return;
	for (struct rec *in = walk_inside(&w, db, r); in;) {
		if (in->parent == r->parent)
			in->parent = r;
		in = in->kind == KIND_SUBNET ? walk_skip(&w, in) : walk_next(&w);
	}
}

static void
tree_drop(struct db *db, struct rec *r)
{
	struct walk w;

	if (r->kind == KIND_SUBNET)
		for (struct rec *in = walk_inside(&w, db, r); in;) {
			if (in->parent == r)
				in->parent = r->parent;
			in = in->kind == KIND_SUBNET ? walk_skip(&w, in) : walk_next(&w);
		}
	if (r->kind == KIND_RANGE)
		tree_remove(&db->ranges, r);
	tree_remove(&db->tree, r);
}

struct rec *
edit_add_line(struct db *db, struct str line)
{
	struct rec *r = arena_alloc(&db->arena, sizeof(*r));

	if (!text_read_line(line, &db->vrfs, r))
		return NULL;
	r->flags |= REC_NEW;
	if (is_plan(r)) {
		learn(db, r);
		place_plan(db, r);
		tree_add(db, r);
	} else {
		place_object(db, r);
		learn(db, r);
	}
	index_note(db, r, true);
	return r;
}

static void
write_assigns(struct buf *b, const struct assign *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i].value.n == 0)
			continue;
		buf_char(b, ' ');
		buf_str(b, a[i].name);
		buf_char(b, '=');
		text_quote(b, a[i].value);
	}
}

static struct str
compose(struct db *db, struct str key, const struct assign *a, size_t n)
{
	struct buf b;

	buf_init(&b, db->env);
	buf_str(&b, key);
	write_assigns(&b, a, n);
	struct str line = arena_str(&db->arena, buf_get(&b));
	buf_release(&b);
	return line;
}

struct rec *
edit_add(struct db *db, unsigned vrf, struct span span, enum kind kind, const struct assign *a,
    size_t n)
{
	if (kind == KIND_ADDRESS)
		span.last = span.first;
	struct str key = key_fmt_kind(&db->arena, kind, span, db_vrf_name(db, vrf));

	return edit_add_line(db, compose(db, key, a, n));
}

struct rec *
edit_add_object(struct db *db, struct str kind, struct str name, const struct assign *a, size_t n)
{
	struct str key = arena_fmt(&db->arena, "@%.*s %.*s", STR_FMT(kind), STR_FMT(name));

	return edit_add_line(db, compose(db, key, a, n));
}

void
edit_remove(struct db *db, struct rec *r)
{
	change_of(db, r);
	vec_push(db->env, &db->freed, rec_span(r));
	r->flags |= REC_GONE;
	if (is_plan(r)) {
		tree_drop(db, r);
		return;
	}
	size_t at = 0;
	while (db->object.v[at] != r)
		at++;
	db->object.n--;
	memmove(db->object.v + at, db->object.v + at + 1,
	    (db->object.n - at) * sizeof(*db->object.v));
	learn(db, r);
}

/* --- changing a line -------------------------------------------------- */

static void
set_line(struct db *db, struct rec *r, struct str line)
{
	struct rec fresh;

	change_of(db, r);
	vec_push(db->env, &db->freed, rec_span(r));
	text_read_line(line, &db->vrfs, &fresh);
	r->line = line.p;
	r->len = (uint32_t)line.n;
	r->keylen = fresh.keylen;
	r->flags |= fresh.flags & REC_NAMED;
	learn(db, r);
	index_note(db, r, false);
}

/* Where a new attribute goes: behind the last one, before a comment. */
static size_t
attrs_end(const struct rec *r)
{
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, r);
	while (attr_next(&it, &attr))
		;
	return it.at;
}

static bool
assign_one(struct db *db, struct rec *r, const struct assign *a)
{
	struct attr attr;
	struct str line = rec_line(r);
	bool has = attr_find(r, a->name, &attr);
	bool same = has && a->value.n && str_eq(attr_value(&attr, &db->arena), a->value);
	struct buf b;

	if (same || (!has && a->value.n == 0))
		return false;
	buf_init(&b, db->env);
	if (!has) {
		size_t end = attrs_end(r);
		buf_add(&b, line.p, end);
		write_assigns(&b, a, 1);
		buf_str(&b, str_cut(line, end, line.n));
	} else {
		buf_add(&b, line.p, a->value.n ? (size_t)(attr.raw.p - line.p) : attr.start);
		if (a->value.n)
			text_quote(&b, a->value);
		buf_str(&b, str_cut(line, attr.end, line.n));
	}
	set_line(db, r, arena_str(&db->arena, buf_get(&b)));
	buf_release(&b);
	return true;
}

bool
edit_assign(struct db *db, struct rec *r, const struct assign *a, size_t n)
{
	bool changed = false;

	for (size_t i = 0; i < n; i++)
		changed |= assign_one(db, r, &a[i]);
	return changed;
}

bool
edit_set(struct db *db, struct rec *r, const char *name, struct str value)
{
	struct assign a = { str_from(name), value };

	return edit_assign(db, r, &a, 1);
}

void
edit_replace(struct db *db, struct rec *r, const struct assign *a, size_t n)
{
	set_line(db, r, compose(db, rec_key(r), a, n));
}

struct rec *
edit_rekey(struct db *db, struct rec *r, unsigned vrf, struct span span)
{
	struct str line = rec_line(r), old = rec_key(r);
	struct str rest = { old.p + old.n, line.n - (size_t)(old.p - line.p) - old.n };
	struct str key = key_fmt_kind(&db->arena, r->kind, span, db_vrf_name(db, vrf));

	edit_remove(db, r);
	return edit_add_line(db, arena_fmt(&db->arena, "%.*s%.*s", STR_FMT(key), STR_FMT(rest)));
}

/* --- the result ------------------------------------------------------- */

static bool
is_real(const struct change *c)
{
	bool gone = c->rec->flags & REC_GONE;

	if (c->rec->flags & REC_NEW)
		return !gone;
	return gone || !str_eq(c->before, rec_line(c->rec));
}

bool
edit_is_changed(const struct db *db)
{
	for (size_t i = 0; i < db->change.n; i++)
		if (is_real(&db->change.v[i]))
			return true;
	return false;
}

static int
change_order(const struct db *db, const struct line_change *a, const struct line_change *b)
{
	bool pa = is_plan(a->rec), pb = is_plan(b->rec);

	return pa && pb ? db_order(db, a->rec, b->rec) : pa - pb;
}

static void
sort_changes(const struct db *db, struct line_change *v, struct line_change *scratch, size_t n)
{
	size_t half = n / 2, a = 0, b = half;

	if (n < 2)
		return;
	sort_changes(db, v, scratch, half);
	sort_changes(db, v + half, scratch, n - half);
	for (size_t i = 0; i < n; i++)
		scratch[i] =
		    a < half && (b == n || change_order(db, &v[a], &v[b]) <= 0) ? v[a++] : v[b++];
	memcpy(v, scratch, n * sizeof(*v));
}

size_t
edit_changes(struct db *db, struct line_change **out)
{
	struct line_change *v = arena_alloc(&db->arena, 2 * db->change.n * sizeof(*v) + 1);
	size_t n = 0;

	for (size_t i = 0; i < db->change.n; i++) {
		const struct change *c = &db->change.v[i];
		struct str after = c->rec->flags & REC_GONE ? STR_NONE : rec_line(c->rec);
		if (is_real(c))
			v[n++] = (struct line_change){ c->rec, c->before, after };
	}
	sort_changes(db, v, v + n, n);
	*out = v;
	return n;
}

struct writer {
	struct db *db;
	const struct text_source *source;
	const char *at; /* what has been taken over of the old text */
	VEC(struct piece) piece;
	char last; /* the byte written last */
};

static void
put(struct writer *w, const char *p, size_t n)
{
	struct piece piece = { p, n, false, 0 };

	if (n == 0)
		return;
	if (p >= w->source->p && p < w->source->p + w->source->n) {
		piece.kept = true;
		piece.from = (size_t)(p - w->source->p);
	}
	vec_push(w->db->env, &w->piece, piece);
	w->last = p[n - 1];
}

static void
keep_until(struct writer *w, const char *to)
{
	if (to > w->at) {
		put(w, w->at, (size_t)(to - w->at));
		w->at = to;
	}
}

static void
put_chain(struct writer *w, const struct rec *r)
{
	for (; r; r = w->db->change.v[r->change - 1].next) {
		if (r->flags & REC_GONE)
			continue;
		if (w->last != '\n')
			put(w, "\n", 1);
		put(w, r->line, r->len);
		put(w, "\n", 1);
	}
}

static void
put_change(struct writer *w, const struct change *c)
{
	const char *line = c->before.p, *end = line + c->before.n;
	const char *next = end < w->source->p + w->source->n ? end + 1 : end;

	if (c->above) {
		keep_until(w, text_lead(w->source, line));
		put_chain(w, c->above);
	}
	keep_until(w, line);
	if (c->rec->flags & REC_GONE) {
		w->at = next;
	} else if (c->rec->line != line) {
		put(w, c->rec->line, c->rec->len);
		w->at = end;
	}
	if (c->below) {
		keep_until(w, next);
		put_chain(w, c->below);
	}
}

static int
by_place(const void *a, const void *b)
{
	const char *pa = (*(const struct change *const *)a)->before.p;
	const char *pb = (*(const struct change *const *)b)->before.p;

	return (pa > pb) - (pa < pb);
}

size_t
edit_pieces(struct db *db, size_t source, struct piece **out)
{
	const struct text_source *s = &db->source[source];
	struct writer w = { .db = db, .source = s, .at = s->p, .last = '\n' };
	const struct change **c = arena_alloc(&db->arena, db->change.n * sizeof(*c) + 1);
	size_t n = 0;

	for (size_t i = 0; i < db->change.n; i++) {
		const struct change *one = &db->change.v[i];
		if (!(one->rec->flags & REC_NEW) && one->before.p >= s->p &&
		    one->before.p <= s->p + s->n)
			c[n++] = one;
	}
	qsort(c, n, sizeof(*c), by_place);
	for (size_t i = 0; i < n; i++)
		put_change(&w, c[i]);
	keep_until(&w, s->p + s->n);
	if (source == 0)
		put_chain(&w, db->tail);
	*out = arena_alloc(&db->arena, w.piece.n * sizeof(**out) + 1);
	if (w.piece.n)
		memcpy(*out, w.piece.v, w.piece.n * sizeof(**out));
	n = w.piece.n;
	vec_release(&w.piece);
	return n;
}

struct str
edit_text(struct db *db, size_t source)
{
	struct piece *piece;
	size_t n = edit_pieces(db, source, &piece), total = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		total += piece[i].n;
	char *p = arena_alloc(&db->arena, total + 1);
	for (size_t i = 0; i < n; at += piece[i++].n)
		memcpy(p + at, piece[i].p, piece[i].n);
	return (struct str){ p, total };
}
