/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "excerpt.h"

#include <stdlib.h>

#include "db_load.h"
#include "look.h"
#include "needle.h"

/* So many lines with a name are looked at; more seldom pay. */
enum { HITS_MAX = 64 };

/* All of a VRF that lies in a span. */
struct region {
	unsigned vrf;
	struct span span;
};

struct excerpt {
	VEC(struct region) region;
	VEC(struct str) label; /* whoever has a name that begins with it is here */
	bool is_short;
};

void
excerpt_free(struct excerpt *e)
{
	if (!e)
		return;
	vec_release(&e->region);
	vec_release(&e->label);
	free(e);
}

bool
excerpt_fell_short(const struct db *db)
{
	return db->excerpt && db->excerpt->is_short;
}

/* --- what is asked for -------------------------------------------------- */

void
excerpt_reach_all(struct excerpt *e)
{
	if (e)
		e->is_short = true;
}

static bool
has_region(const struct excerpt *e, unsigned vrf, struct span span)
{
	for (size_t i = 0; i < e->region.n; i++)
		if (e->region.v[i].vrf == vrf && span_holds(e->region.v[i].span, span))
			return true;
	return false;
}

void
excerpt_reach(struct excerpt *e, unsigned vrf, struct span span)
{
	if (e && !has_region(e, vrf, span))
		e->is_short = true;
}

static struct str
first_label(struct str name)
{
	return str_cut(name, 0, str_find(name, '.'));
}

void
excerpt_reach_name(struct excerpt *e, struct str name)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->label.n; i++)
		if (str_ieq(e->label.v[i], first_label(name)))
			return;
	e->is_short = true;
}

/* --- which lines -------------------------------------------------------- */

/* A place, until the VRFs have numbers. */
struct place {
	struct str vrf;
	struct span span;
};

struct finder {
	const struct env *env;
	struct excerpt *e;
	struct str text;
	struct look_file file;
	look_parts part;
	VEC(struct place) place;
};

static bool
read_text(void *ctx, uint64_t at, char *p, size_t n, size_t *got)
{
	const struct str *text = ctx;
	struct str s = str_cut(*text, at < text->n ? (size_t)at : text->n, text->n);

	*got = n < s.n ? n : s.n;
	if (*got)
		memcpy(p, s.p, *got);
	return true;
}

static bool
add_key(struct finder *f, const struct key *key)
{
	struct place place = { .vrf = key->vrf };

	if (!look_subnet(&f->file, key, &place.span, &f->part))
		return false;
	vec_push(f->env, &f->place, place);
	return true;
}

/* The key of the line that holds a byte of the text; false if it is an object or a
 * comment, which have none. */
static bool
key_around(struct str text, size_t at, struct key *key)
{
	static const char ends[] = " \t\r\n";
	struct ip_error err;
	size_t from = at, to;

	while (from > 0 && text.p[from - 1] != '\n')
		from--;
	while (from < at && ascii_blank(text.p[from]))
		from++;
	for (to = from; to < at && !memchr(ends, text.p[to], sizeof(ends) - 1);)
		to++;
	return key_parse(str_cut(text, from, to), key, &err);
}

/* Whether a word of the text may be the beginning of a name= or of a member of host=. */
static bool
may_be_name(struct str text, size_t from, size_t to)
{
	static const char before[] = "=,\"", behind[] = " \t\r\n,.\"#", blank[] = " \t\n";
	size_t word = from;

	if (from == 0 || !memchr(before, text.p[from - 1], sizeof(before) - 1) ||
	    (to < text.n && !memchr(behind, text.p[to], sizeof(behind) - 1)))
		return false;
	while (word > 0 && !memchr(blank, text.p[word - 1], sizeof(blank) - 1))
		word--;
	struct str s = str_cut(text, word, from);
	return str_starts(s, STR("name=")) || str_starts(s, STR("host="));
}

/* A name that needs no escape in the file. */
static bool
is_plain_label(struct str label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!ascii_alnum(label.p[i]) && label.p[i] != '-' && label.p[i] != '_')
			return false;
	return label.n > 0;
}

static bool
add_name(struct finder *f, struct str name)
{
	struct str label = first_label(name);
	struct needles needle;
	struct key key;
	size_t hits = 0;
	bool ok = is_plain_label(label);

	needles_init(&needle, f->env);
	needles_add(&needle, label, true);
	for (size_t at = 0; ok && (at = needles_find(&needle, f->text, at)) < f->text.n;
	     at += label.n)
		if (may_be_name(f->text, at, at + label.n) && key_around(f->text, at, &key))
			ok = ++hits <= HITS_MAX && add_key(f, &key);
	needles_release(&needle);
	vec_push(f->env, &f->e->label, label);
	return ok;
}

static int
by_start(const void *a, const void *b)
{
	const struct look_part *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* In order, and none twice.  How many bytes they are. */
static size_t
join_parts(look_parts *part)
{
	size_t n = 0, bytes = 0;

	if (part->n)
		qsort(part->v, part->n, sizeof(*part->v), by_start);
	for (size_t i = 0; i < part->n; i++) {
		if (n && part->v[i].from <= part->v[n - 1].to) {
			if (part->v[i].to > part->v[n - 1].to)
				part->v[n - 1].to = part->v[i].to;
		} else {
			part->v[n++] = part->v[i];
		}
	}
	part->n = n;
	for (size_t i = 0; i < n; i++)
		bytes += (size_t)(part->v[i].to - part->v[i].from);
	return bytes;
}

/* --- reading them ------------------------------------------------------- */

static bool
read_parts(struct db *db, const struct text_source *source, const look_parts *part)
{
	struct text_source *s = arena_alloc(&db->arena, part->n * sizeof(*s) + 1);
	struct diags unsaid;

	for (size_t i = 0; i < part->n; i++)
		s[i] = (struct text_source){ source->name, source->p + part->v[i].from,
			(size_t)(part->v[i].to - part->v[i].from) };
	diags_init(&unsaid, db->env);
	bool ok = db_load_parts(db, source, 1, s, part->n, &unsaid) == STATUS_OK && db->in_order;
	diags_release(&unsaid);
	return ok;
}

static bool
set_regions(struct db *db, const struct finder *f)
{
	for (size_t i = 0; i < f->place.n; i++) {
		const struct place *p = &f->place.v[i];
		int vrf = p->vrf.n ? db_vrf(db, p->vrf) : 0;
		if (vrf < 0)
			return false;
		vec_push(db->env, &f->e->region, ((struct region){ (unsigned)vrf, p->span }));
	}
	return true;
}

static bool
load(struct db *db, const struct text_source *source, const struct excerpt_request *q,
    struct finder *f)
{
	bool ok = true;

	for (size_t i = 0; i < q->keys && ok; i++)
		ok = add_key(f, &q->key[i]);
	for (size_t i = 0; i < q->names && ok; i++)
		ok = add_name(f, q->name[i]);
	return ok && f->place.n && join_parts(&f->part) <= source->n / 2 &&
	       read_parts(db, source, &f->part) && set_regions(db, f);
}

bool
excerpt_load(struct db *db, const struct text_source *source, const struct excerpt_request *q)
{
	struct finder f = { .env = db->env, .text = { source->p, source->n } };

	f.e = calloc(1, sizeof(*f.e));
	if (!f.e)
		db->env->oom(sizeof(*f.e));
	f.file = (struct look_file){ db->env, source->n, read_text, &f.text };
	bool ok = load(db, source, q, &f);
	vec_release(&f.part);
	vec_release(&f.place);
	db->excerpt = f.e;
	return ok;
}
