/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fmt.h"

#include "db_load.h"
#include "text_place.h"

static size_t
mark_length(struct str s)
{
	return s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/*
 * Copies s, without a byte order mark and the CRs at the ends of lines, to the bytes
 * before `end`, or only walks it if that is NULL.  Stops when so many bytes are copied;
 * returns where in s it stands then.
 */
static size_t
clean_before(struct str s, char *end, size_t most)
{
	size_t mark = mark_length(s), at = s.n;
	bool at_end = true;

	while (at > mark && most > 0) {
		char c = s.p[--at];
		if (c == '\r' && at_end)
			continue;
		at_end = c == '\n';
		if (end)
			*--end = c;
		most--;
	}
	return at;
}

static size_t
clean_length(struct str s)
{
	size_t mark = mark_length(s), n = 0;
	bool at_end = true;

	for (size_t at = s.n; at > mark; at--) {
		bool dropped = s.p[at - 1] == '\r' && at_end;
		n += !dropped;
		at_end = dropped || s.p[at - 1] == '\n';
	}
	return n;
}

static struct str
clean(struct db *db, struct str s)
{
	size_t n = clean_length(s);
	char *p = arena_alloc(&db->arena, n + 1);

	clean_before(s, p + n, n);
	return (struct str){ p, n };
}

/* What was said of places in the clean text is said of those in the file. */
static void
place_back(struct diags *d, struct str text, struct str old)
{
	for (size_t i = 0; i < d->n; i++) {
		const char *at = d->v[i].pos.at;
		if (at && at >= text.p && at <= text.p + text.n)
			d->v[i].pos.at =
			    old.p + clean_before(old, NULL, (size_t)(text.p + text.n - at));
	}
}

/* A record with the lines above it that go with it. */
static void
put_record(struct buf *b, struct db *db, const struct text_source *s, const struct rec *r)
{
	const char *lead = text_lead(s, r->line);
	struct str key = rec_key(r), line = rec_line(r);

	buf_add(b, lead, (size_t)(r->line - lead));
	buf_add(b, r->line, (size_t)(key.p - r->line));
	buf_str(b, r->flags & REC_SPELLING ? db_key(db, r) : key);
	buf_add(b, key.p + key.n, line.n - (size_t)(key.p + key.n - line.p));
	buf_char(b, '\n');
}

static void
put_all(struct buf *b, struct db *db)
{
	const struct text_source *s = &db->source[0];
	const char *head = db->bases ? text_lead(s, db->base[0].line) : s->p, *tail = s->p;
	struct walk w;

	buf_add(b, s->p, (size_t)(head - s->p));
	for (size_t i = 0; i < db->object.n; i++)
		put_record(b, db, s, db->object.v[i]);
	for (const struct rec *r = walk_all(&w, db); r; r = walk_next(&w))
		put_record(b, db, s, r);
	if (db->bases) {
		const struct rec *last = &db->base[db->bases - 1];
		tail = last->line + last->len;
		tail += tail < s->p + s->n;
	}
	buf_add(b, tail, (size_t)(s->p + s->n - tail));
	if (b->n && b->p[b->n - 1] != '\n')
		buf_char(b, '\n');
}

enum status
fmt_text(struct db *db, struct str *out, struct diags *d)
{
	struct str old = { db->source[0].p, db->source[0].n };
	struct str text = clean(db, old);
	struct text_source source = { db->source[0].name, text.p, text.n };
	struct db fresh;
	struct buf b;

	db_init(&fresh, db->env);
	buf_init(&b, db->env);
	enum status status = db_load(&fresh, &source, 1, d);
	if (!status)
		status = check_for_fmt(&fresh, d);
	if (!status) {
		put_all(&b, &fresh);
		*out = arena_str(&db->arena, buf_get(&b));
	}
	place_back(d, text, old);
	buf_release(&b);
	db_release(&fresh);
	return status;
}
