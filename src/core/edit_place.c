/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a new line goes; ipam(5), "What a change may touch".  All questions are
 * about the file as it would be written now: without the lines that have gone,
 * with those that have come. */
#include "edit_parts.h"
#include "text_place.h"

/* --- chains ----------------------------------------------------------- */

static struct rec *
chain_next(const struct db *db, const struct rec *r)
{
	return db->change.v[r->change - 1].next;
}

/* The first of a chain that is there; without objects, the first that is none. */
static struct rec *
chain_first(const struct db *db, struct rec *chain, bool objects)
{
	for (; chain; chain = chain_next(db, chain))
		if (rec_is_live(chain) && (objects || rec_is_plan(chain)))
			return chain;
	return NULL;
}

/* Puts r before `at`, or at the end. */
static void
chain_insert(struct db *db, struct rec **link, const struct rec *at, struct rec *r)
{
	while (*link && *link != at)
		link = &db->change.v[(*link)->change - 1].next;
	db->change.v[r->change - 1].next = *link;
	*link = r;
}

static void
chain_below(struct db *db, struct rec *anchor, struct rec *r)
{
	struct change *a = edit_change(db, anchor);
	struct rec **link = anchor->flags & REC_NEW ? &a->next : &a->below;

	db->change.v[r->change - 1].next = *link;
	*link = r;
}

/* Where a record as read stands in the file, whatever its line is now. */
static const char *
file_line(const struct db *db, const struct rec *r)
{
	return r->change ? db->change.v[r->change - 1].before.p : r->line;
}

static struct rec *
below(const struct db *db, const struct rec *r)
{
	return r->change ? db->change.v[r->change - 1].below : NULL;
}

/* --- spots ------------------------------------------------------------ */

static size_t
source_of(const struct db *db, const char *at)
{
	size_t i = 0;

	while (i + 1 < db->sources &&
	       !(at >= db->source[i].p && at < db->source[i].p + db->source[i].n))
		i++;
	return i;
}

static bool
spot_is_before(const struct spot *s, size_t source, const char *at)
{
	return s->source != source ? s->source < source : s->at < at;
}

/* The spot at a place, made if there is none; spots are in the order of the file. */
static struct spot *
spot_at(struct db *db, size_t source, const char *at)
{
	struct spot new = { source, at, NULL };
	size_t i = 0;

	while (i < db->spot.n && spot_is_before(&db->spot.v[i], source, at))
		i++;
	if (i < db->spot.n && db->spot.v[i].source == source && db->spot.v[i].at == at)
		return &db->spot.v[i];
	vec_push(db->env, &db->spot, new);
	memmove(db->spot.v + i + 1, db->spot.v + i, (db->spot.n - 1 - i) * sizeof(new));
	db->spot.v[i] = new;
	return &db->spot.v[i];
}

static bool
spot_is_used(const struct db *db, size_t source, const char *at)
{
	for (size_t i = 0; i < db->spot.n; i++) {
		const struct spot *s = &db->spot.v[i];
		if (s->source == source && s->at == at && chain_first(db, s->chain, true))
			return true;
	}
	return false;
}

/* --- the first record ------------------------------------------------- */

/* The first record of the file, or the first that is no object. */
struct first {
	struct rec *rec;   /* NULL if there is none */
	struct rec *owner; /* whose chain it is in, itself if it is in none, NULL for a spot's */
	size_t spot;
	size_t source;
	const char *at; /* its line, or where its chain begins */
	size_t above;   /* how many records as read stand above that */
};

static bool
first_in_spot(const struct db *db, size_t i, bool objects, struct first *f)
{
	const struct spot *s = &db->spot.v[i];

	f->rec = chain_first(db, s->chain, objects);
	f->owner = NULL;
	f->spot = i;
	f->source = s->source;
	f->at = s->at;
	return f->rec != NULL;
}

static bool
first_at_record(const struct db *db, struct rec *r, bool objects, struct first *f)
{
	f->owner = r;
	f->rec = rec_is_live(r) && (objects || rec_is_plan(r))
	             ? r
	             : chain_first(db, below(db, r), objects);
	return f->rec != NULL;
}

static struct first
first_in_file(const struct db *db, bool objects)
{
	struct first f = { 0 };
	size_t spot = 0;

	for (; f.above < db->bases; f.above++) {
		struct rec *r = &db->base[f.above];
		const char *at = file_line(db, r);
		size_t source = source_of(db, at);
		for (; spot < db->spot.n && !spot_is_before(&(struct spot){ source, at, NULL },
						db->spot.v[spot].source, db->spot.v[spot].at);
		     spot++)
			if (first_in_spot(db, spot, objects, &f))
				return f;
		f.source = source;
		f.at = at;
		if (first_at_record(db, r, objects, &f))
			return f;
	}
	for (; spot < db->spot.n; spot++)
		if (first_in_spot(db, spot, objects, &f))
			return f;
	return (struct first){ 0 };
}

/* --- the lines above it ----------------------------------------------- */

/* Whether the n-th record as read stood on this line, and nothing does now. */
static bool
is_gone(const struct db *db, size_t n, const char *line)
{
	const struct rec *r = &db->base[n];

	return n < db->bases && file_line(db, r) == line && !rec_is_live(r) &&
	       !chain_first(db, below(db, r), true);
}

/* The end of the file's own first comments, above `stop` and `above` records. */
static const char *
head_end(const struct db *db, const struct text_source *s, const char *stop, size_t above)
{
	size_t n = above;
	const char *p = s->p;
	bool any = false;

	while (n > 0 && file_line(db, &db->base[n - 1]) >= s->p &&
	       file_line(db, &db->base[n - 1]) < stop)
		n--;
	while (p < stop) {
		const char *next = text_line_after(s, p);
		enum text_line line = text_line_kind(s, p);
		if (is_gone(db, n, p))
			n++;
		else if (line == LINE_BLANK && any)
			return next;
		else
			any |= line == LINE_COMMENT;
		p = next;
	}
	return s->p;
}

/* Where the comment and blank lines begin that belong to what stands at f->at:
 * text_lead() for the file as it is now. */
static const char *
lead_of(const struct db *db, const struct first *f)
{
	const struct text_source *s = &db->source[f->source];
	size_t n = f->above;
	const char *p = f->at;

	while (p > s->p) {
		const char *line = text_line_before(s, p);
		bool gone = n > 0 && is_gone(db, n - 1, line);
		if ((p != f->at || f->owner) && spot_is_used(db, f->source, p))
			return p;
		if (!gone && text_line_kind(s, line) == LINE_RECORD)
			return p;
		n -= gone;
		p = line;
	}
	if ((p != f->at || f->owner) && spot_is_used(db, f->source, p))
		return p;
	return head_end(db, s, f->at, f->above);
}

/* Whether another record stands right above f->rec in its chain. */
static bool
has_record_above(const struct db *db, const struct first *f)
{
	if (f->owner == f->rec)
		return false;
	if (f->owner)
		return rec_is_live(f->owner) ||
		       chain_first(db, below(db, f->owner), true) != f->rec;
	return chain_first(db, db->spot.v[f->spot].chain, true) != f->rec;
}

/* Above the first record and what belongs to it; to an empty file's end. */
static void
place_first(struct db *db, bool objects, struct rec *r)
{
	struct first f = first_in_file(db, objects);
	const struct text_source *s = &db->source[0];

	if (!f.rec) {
		chain_insert(db, &spot_at(db, 0, s->p + s->n)->chain, NULL, r);
		return;
	}
	const char *lead = has_record_above(db, &f) ? f.at : lead_of(db, &f);
	if (f.owner == f.rec || lead != f.at)
		chain_insert(db, &spot_at(db, f.source, lead)->chain, NULL, r);
	else if (f.owner)
		chain_insert(db, &db->change.v[f.owner->change - 1].below, f.rec, r);
	else
		chain_insert(db, &db->spot.v[f.spot].chain, f.rec, r);
}

/* --- new records ------------------------------------------------------ */

/* Where the last object of a kind is remembered: many are of one. */
static struct rec **
last_of(struct db *db, struct str kind)
{
	return &db->last_object[str_ihash(kind) % ARRAY_LEN(db->last_object)];
}

/* The last one of a kind, or of all. */
static struct rec *
last_object(struct db *db, struct str kind)
{
	struct rec *last = kind.n ? *last_of(db, kind) : NULL;

	if (last && rec_is_live(last) && str_eq(rec_object_kind(last), kind))
		return last;
	for (size_t i = db->object.n; i-- > 0;) {
		struct rec *r = db->object.v[i];
		if (kind.n == 0 || str_eq(rec_object_kind(r), kind))
			return r;
	}
	return NULL;
}

void
edit_place_plan(struct db *db, struct rec *r)
{
	struct rec *above = tree_before(&db->tree, r);

	edit_change(db, r);
	if (!above && db->tree.records == 0)
		above = last_object(db, STR_NONE);
	if (above)
		chain_below(db, above, r);
	else
		place_first(db, false, r);
}

/* The place among db->object follows the place in the file. */
void
edit_place_object(struct db *db, struct rec *r)
{
	struct rec *above = last_object(db, rec_object_kind(r));
	size_t at = db->object.n;

	edit_change(db, r);
	*last_of(db, rec_object_kind(r)) = r;
	if (!above)
		above = last_object(db, STR_NONE);
	if (above) {
		chain_below(db, above, r);
		while (db->object.v[at - 1] != above)
			at--;
	} else {
		place_first(db, true, r);
	}
	vec_push(db->env, &db->object, r);
	memmove(db->object.v + at + 1, db->object.v + at,
	    (db->object.n - 1 - at) * sizeof(*db->object.v));
	db->object.v[at] = r;
}
