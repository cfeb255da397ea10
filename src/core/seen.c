/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seen.h"

#include "seen_parts.h"
#include "sort.h"
#include "when.h"

enum { SEEN_VERSION = 1 };

void
seen_init(struct seen *s, struct db *db)
{
	*s = (struct seen){ .db = db };
	arena_init(&s->arena, db->env);
}

void
seen_release(struct seen *s)
{
	free(s->rec);
	arena_release(&s->arena);
}

struct rec
seen_key(unsigned vrf, struct span span)
{
	return tree_key((uint16_t)vrf, span, span.len >= 0 ? KIND_SUBNET : KIND_ADDRESS);
}

static void
push(struct seen *s, const struct rec *r)
{
	if (s->n == s->size)
		s->rec = vec_grow(s->db->env, s->rec, &s->size, sizeof(*s->rec));
	s->rec[s->n++] = *r;
}

/* --- loading ---------------------------------------------------------- */

struct loading {
	struct seen *seen;
	struct diags *d;
};

static void
load_object(struct loading *l, const struct rec *r)
{
	uint64_t version;

	if (!rec_is_object(r, "seen"))
		diag_at(l->d, SEV_ERROR, RULE_SYNTAX, (struct pos){ rec_key(r).p },
		    "%.*s: only addresses and @seen are wanted here", STR_FMT(rec_key(r)));
	else if (!str_uint(rec_object_name(r), UINT32_MAX, &version) || version == 0)
		diag_at(l->d, SEV_ERROR, RULE_VERSION, (struct pos){ rec_object_name(r).p },
		    "@seen wants a version: @seen %d", SEEN_VERSION);
	else if (version > SEEN_VERSION)
		diag_at(l->d, SEV_ERROR, RULE_VERSION, (struct pos){ rec_object_name(r).p },
		    "version %.*s is newer than this program (it knows %d)",
		    STR_FMT(rec_object_name(r)), SEEN_VERSION);
}

static void
load_record(void *ctx, const struct rec *r)
{
	struct loading *l = ctx;

	if ((1u << r->kind) & K_PLAN)
		push(l->seen, r);
	else
		load_object(l, r);
}

static int
by_key(const void *db, const void *a, const void *b)
{
	return db_order(db, a, b);
}

static bool
is_in_order(const struct seen *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (db_order(s->db, &s->rec[i - 1], &s->rec[i]) >= 0)
			return false;
	return true;
}

/* Somebody edited the file: in order again, the last of each key. */
static void
arrange(struct seen *s)
{
	struct rec **v = arena_alloc(&s->arena, s->n * sizeof(struct rec *));
	struct rec *sorted = NULL;
	size_t n = 0, size = 0;

	for (size_t i = 0; i < s->n; i++)
		v[i] = &s->rec[i];
	sort_stable(s->db->env, (void **)v, s->n, by_key, s->db);
	for (size_t i = 0; i < s->n; i++) {
		if (i + 1 < s->n && db_order(s->db, v[i], v[i + 1]) == 0)
			continue;
		if (n == size)
			sorted = vec_grow(s->db->env, sorted, &size, sizeof(*sorted));
		sorted[n++] = *v[i];
	}
	free(s->rec);
	s->rec = sorted;
	s->n = n;
	s->size = size;
}

static bool
is_around(const struct rec *subnet, const struct rec *r)
{
	return subnet->vrf == r->vrf && span_holds(rec_span(subnet), rec_span(r));
}

/* The narrowest subnet of the plan around each, in one sweep over both. */
static void
find_parents(struct seen *s)
{
	struct cursor c = tree_first(&s->db->tree);
	struct rec *top = NULL, *ahead = cursor_rec(c);

	for (size_t i = 0; i < s->n; i++) {
		struct rec *r = &s->rec[i];
		for (; ahead && db_order(s->db, ahead, r) < 0; ahead = cursor_rec(c)) {
			if (ahead->kind == KIND_SUBNET)
				top = ahead;
			cursor_next(&c);
		}
		while (top && !is_around(top, r))
			top = top->parent;
		r->parent = top;
	}
}

enum status
seen_load(struct seen *s, const struct text_source *source, struct diags *d)
{
	struct loading l = { s, d };
	size_t errors = d->errors, vrfs = s->db->vrfs.n;

	text_read(source, &s->db->vrfs, load_record, &l, d);
	if (d->errors > errors)
		return STATUS_INVALID;
	if (s->db->vrfs.n > vrfs)
		db_learn(s->db);
	if (!is_in_order(s))
		arrange(s);
	find_parents(s);
	return STATUS_OK;
}

/* --- finding ---------------------------------------------------------- */

/* The first that is not before key. */
static size_t
lower(const struct seen *s, const struct rec *key)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (db_order(s->db, &s->rec[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct rec *
seen_find(const struct seen *s, unsigned vrf, struct span span)
{
	struct rec key = seen_key(vrf, span);
	size_t i = lower(s, &key);

	return i < s->n && db_order(s->db, &s->rec[i], &key) == 0 ? &s->rec[i] : NULL;
}

size_t
seen_from(const struct seen *s, unsigned vrf, struct span span, size_t *end)
{
	struct span whole = { span.first, ip_max(span.family), span.family, 0 };
	struct rec first = tree_key((uint16_t)vrf, whole, KIND_SUBNET);
	struct rec last = tree_key((uint16_t)vrf, span_ip(span_last(span)), KIND_NONE);

	*end = lower(s, &last);
	return lower(s, &first);
}

void
seen_age(struct seen *s)
{
	struct sight sight;

	for (size_t i = 0; i < s->n; i++) {
		struct rec *r = &s->rec[i];
		sight_read(&s->arena, r, &sight);
		if (!str_eq(sight.lease, STR("active")) || sight_is_leased(&sight, s->db->env->now))
			continue;
		sight.lease = STR("expired");
		struct rec *parent = r->parent;
		*r = sight_line(s, r, &sight);
		r->parent = parent;
	}
}

/* --- changing --------------------------------------------------------- */

void
seen_say_change(struct seen *s, const struct rec *before, const struct rec *after)
{
	s->is_changed = true;
	if (s->changes && before)
		buf_fmt(s->changes, "-%.*s\n", STR_FMT(rec_line(before)));
	if (s->changes && after)
		buf_fmt(s->changes, "+%.*s\n", STR_FMT(rec_line(after)));
}

void
seen_put(struct seen *s, const struct rec *fresh, size_t n)
{
	struct rec *old = s->rec;
	size_t olds = s->n, i = 0, k = 0;

	if (n == 0)
		return;
	s->rec = NULL;
	s->n = s->size = 0;
	while (i < olds || k < n) {
		int order = i == olds ? 1 : k == n ? -1 : db_order(s->db, &old[i], &fresh[k]);
		if (order < 0) {
			push(s, &old[i++]);
			continue;
		}
		seen_say_change(s, order == 0 ? &old[i] : NULL, &fresh[k]);
		i += order == 0;
		push(s, &fresh[k++]);
	}
	free(old);
}

size_t
seen_sweep(struct seen *s)
{
	size_t n = 0, gone;

	for (size_t i = 0; i < s->n; i++) {
		if (s->rec[i].flags & REC_GONE)
			seen_say_change(s, &s->rec[i], NULL);
		else
			s->rec[n++] = s->rec[i];
	}
	gone = s->n - n;
	s->n = n;
	return gone;
}

void
seen_text(const struct seen *s, struct buf *out)
{
	buf_fmt(out, "@seen %d\n", SEEN_VERSION);
	for (size_t i = 0; i < s->n; i++) {
		buf_str(out, rec_line(&s->rec[i]));
		buf_char(out, '\n');
	}
}
