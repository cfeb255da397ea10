/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edit_parts.h"

#include <stdlib.h>

#include "freemap.h"
#include "pointers.h"
#include "sort.h"

/* --- bookkeeping ------------------------------------------------------ */

struct change *
edit_change(struct db *db, struct rec *r)
{
	db->edits++;
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

/* --- adding and removing ---------------------------------------------- */

static void
tree_add(struct db *db, struct rec *r)
{
	struct walk w;

	r->parent = db_around(db, r->vrf,
	    r->kind == KIND_RANGE ? span_ip(span_first(rec_span(r))) : rec_span(r));
	tree_insert(&db->tree, r);
	if (r->kind == KIND_RANGE)
		tree_insert(&db->ranges, r);
	if (r->kind == KIND_SUBNET)
		for (struct rec *in = walk_inside(&w, db, r); in;) {
			if (in->parent == r->parent)
				in->parent = r;
			in = in->kind == KIND_SUBNET ? walk_skip(&w, in) : walk_next(&w);
		}
	freemap_came(db, r);
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
	freemap_went(db, r);
}

struct rec *
edit_add_line(struct db *db, struct str line)
{
	struct rec *r = arena_alloc(&db->arena, sizeof(*r));

	if (!text_read_line(line, &db->vrfs, r))
		return NULL;
	r->flags |= REC_NEW;
	if (rec_is_plan(r)) {
		learn(db, r);
		edit_place_plan(db, r);
		tree_add(db, r);
	} else {
		edit_place_object(db, r);
		db_learn_object(db, r);
	}
	index_note(db, r, true);
	pointers_note(db, r);
	db->edits++;
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
	edit_change(db, r);
	r->flags |= REC_GONE;
	if (rec_is_plan(r)) {
		tree_drop(db, r);
		db->edits++;
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

/* The flags that attributes give; they stay when those go. */
enum { OF_ATTRS = REC_NAMED | REC_OWN_DNS };

static void
set_line(struct db *db, struct rec *r, struct str line)
{
	struct rec fresh, old = *r;

	edit_change(db, r);
	text_read_line(line, &db->vrfs, &fresh);
	r->line = line.p;
	r->len = (uint32_t)line.n;
	r->keylen = fresh.keylen;
	db->edits++;
	r->flags = (uint8_t)((r->flags & ~REC_FINE) | (fresh.flags & OF_ATTRS));
	freemap_changed(db, r, &old);
	if (rec_is_object(r, "attr"))
		db_learn(db);
	index_note(db, r, false);
	pointers_note(db, r);
}

void
edit_set_line(struct db *db, struct rec *r, struct str line)
{
	set_line(db, r, line);
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

/* Gives a record that is not in the tree another line, with another key. */
static void
take_line(struct db *db, struct rec *r, const struct rec *fresh)
{
	uint8_t flags = (uint8_t)(r->flags & ~(REC_SPELLING | REC_FINE));

	edit_change(db, r);
	r->first = fresh->first;
	r->last = fresh->last;
	r->vrf = fresh->vrf;
	r->plen = fresh->plen;
	r->line = fresh->line;
	r->len = fresh->len;
	r->keylen = fresh->keylen;
	r->flags = (uint8_t)(flags | (fresh->flags & (REC_SPELLING | OF_ATTRS)));
	tree_add(db, r);
	index_note(db, r, false);
	pointers_note(db, r);
}

void
edit_rekey(struct db *db, struct rec **r, const struct str *line, size_t n)
{
	struct rec *above = tree_before(&db->tree, r[0]);
	struct rec *fresh = arena_alloc(&db->arena, n * sizeof(*fresh));

	for (size_t i = 0; i < n; i++)
		text_read_line(line[i], &db->vrfs, &fresh[i]);
	for (size_t i = 0; i < n; i++)
		tree_drop(db, r[i]);
	learn(db, r[0]);
	bool stays = tree_before(&db->tree, &fresh[0]) == above;
	for (size_t i = 0; i < n; i++) {
		if (stays) {
			take_line(db, r[i], &fresh[i]);
			continue;
		}
		edit_change(db, r[i]);
		r[i]->flags |= REC_GONE;
		r[i] = edit_add_line(db, line[i]);
	}
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

struct str
edit_line_before(const struct db *db, const struct rec *r)
{
	return r->change ? db->change.v[r->change - 1].before : rec_line(r);
}

static int
change_order(const void *ctx, const void *pa, const void *pb)
{
	const struct line_change *a = pa, *b = pb;
	bool plan_a = rec_is_plan(a->rec), plan_b = rec_is_plan(b->rec);

	return plan_a && plan_b ? db_order(ctx, a->rec, b->rec) : plan_a - plan_b;
}

static struct line_change *
sorted_changes(struct db *db, struct line_change *v, size_t n)
{
	struct line_change **order = arena_alloc(&db->arena, n * sizeof(*order) + 1),
			   *out = arena_alloc(&db->arena, n * sizeof(*out) + 1);

	for (size_t i = 0; i < n; i++)
		order[i] = &v[i];
	sort_stable(db->env, (void **)order, n, change_order, db);
	for (size_t i = 0; i < n; i++)
		out[i] = *order[i];
	return out;
}

/* The record as it was read, if it has another key now; else NULL. */
static struct rec *
old_record(struct db *db, const struct change *c)
{
	struct rec *old = arena_alloc(&db->arena, sizeof(*old));

	if (!rec_is_plan(c->rec) || c->rec->flags & (REC_GONE | REC_NEW) ||
	    !text_read_line(c->before, &db->vrfs, old) || db_order(db, old, c->rec) == 0)
		return NULL;
	old->flags |= REC_GONE;
	return old;
}

size_t
edit_changes(struct db *db, struct line_change **out)
{
	struct line_change *v = arena_alloc(&db->arena, 2 * db->change.n * sizeof(*v) + 1);
	size_t n = 0;

	for (size_t i = 0; i < db->change.n; i++) {
		const struct change *c = &db->change.v[i];
		struct str after = c->rec->flags & REC_GONE ? STR_NONE : rec_line(c->rec);
		if (!is_real(c))
			continue;
		const struct rec *old = old_record(db, c);
		if (old)
			v[n++] = (struct line_change){ old, c->before, STR_NONE };
		v[n++] = (struct line_change){ c->rec, old ? STR_NONE : c->before, after };
	}
	*out = sorted_changes(db, v, n);
	return n;
}

struct writer {
	struct db *db;
	const struct text_source *source;
	size_t number;
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

/* The spots of the source that are not behind `to`, from the i-th on. */
static size_t
put_spots(struct writer *w, size_t i, const char *to)
{
	const struct db *db = w->db;

	for (; i < db->spot.n && db->spot.v[i].source == w->number && db->spot.v[i].at <= to; i++) {
		keep_until(w, db->spot.v[i].at);
		put_chain(w, db->spot.v[i].chain);
	}
	return i;
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
	struct writer w = { .db = db, .source = s, .number = source, .at = s->p, .last = '\n' };
	const struct change **c = arena_alloc(&db->arena, db->change.n * sizeof(*c) + 1);
	size_t n = 0, spot = 0;

	for (size_t i = 0; i < db->change.n; i++) {
		const struct change *one = &db->change.v[i];
		if (!(one->rec->flags & REC_NEW) && one->before.p >= s->p &&
		    one->before.p < s->p + s->n)
			c[n++] = one;
	}
	qsort(c, n, sizeof(*c), by_place);
	while (spot < db->spot.n && db->spot.v[spot].source != source)
		spot++;
	for (size_t i = 0; i < n; i++) {
		spot = put_spots(&w, spot, c[i]->before.p);
		put_change(&w, c[i]);
	}
	put_spots(&w, spot, s->p + s->n);
	keep_until(&w, s->p + s->n);
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
