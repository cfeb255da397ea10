/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fmt.h"

/* Without a byte order mark and the CRs before LFs. */
static struct str
clean(struct db *db, struct str s)
{
	char *p = arena_alloc(&db->arena, s.n + 1);
	size_t n = 0, at = s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	for (; at < s.n; at++)
		if (!(s.p[at] == '\r' && (at + 1 == s.n || s.p[at + 1] == '\n')))
			p[n++] = s.p[at];
	return (struct str){ p, n };
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

	if (text.n == old.n)
		source.p = old.p; /* so that positions are those of the file */
	db_init(&fresh, db->env);
	buf_init(&b, db->env);
	enum status status = db_load(&fresh, &source, 1, d);
	if (!status)
		status = check_plan(&fresh, SEV_ERROR, d);
	if (!status) {
		put_all(&b, &fresh);
		*out = arena_str(&db->arena, buf_get(&b));
	}
	buf_release(&b);
	db_release(&fresh);
	return status;
}
