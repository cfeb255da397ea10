/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay.h"

#include "edit.h"

void
replay_init(struct replay *r, const struct env *env)
{
	*r = (struct replay){ .env = env };
	arena_init(&r->arena, env);
	lines_init(&r->lines, env);
	lines_init(&r->keys, env);
	lines_init(&r->lost, env);
}

void
replay_release(struct replay *r)
{
	lines_release(&r->lines);
	lines_release(&r->keys);
	lines_release(&r->lost);
	vec_release(&r->last);
	arena_release(&r->arena);
}

/* Counts a line, whose bytes need not stay. */
static struct str
step(struct replay *r, struct block_line l, int by)
{
	struct lines_entry *e = lines_find(&r->lines, l.line);

	if (e) {
		e->count += by;
		return e->line;
	}
	l.line = arena_str(&r->arena, l.line);
	lines_add(&r->lines, l.line, by);
	return l.line;
}

void
replay_block(struct replay *r, const struct block *b)
{
	if (b->kind == BLOCK_ARCHIVE && r->lines.n)
		return;
	for (size_t i = 0; b->kind == BLOCK_VOID && i < r->last.n; i++)
		step(r, r->last.v[i], r->last.v[i].op == '+' ? -1 : 1);
	r->last.n = 0;
	for (size_t i = 0; i < b->line.n; i++) {
		struct block_line l = b->line.v[i];
		l.line = step(r, l, l.op == '+' ? 1 : -1);
		vec_push(r->env, &r->last, l);
	}
}

struct sum
replay_sum(const struct replay *r)
{
	struct sum sum = { { 0 } };

	for (size_t i = 0; i < r->lines.n; i++)
		for (int64_t n = r->lines.v[i].count; n != 0; n += n > 0 ? -1 : 1)
			(n > 0 ? sum_add : sum_sub)(&sum, r->env, r->lines.v[i].line);
	return sum;
}

void
replay_back(struct replay *r, const block_lines *v)
{
	for (size_t i = 0; i < v->n; i++)
		step(r, v->v[i], v->v[i].op == '+' ? -1 : 1);
}

/* --- what can have happened ---------------------------------------------- */

/* The words that make a line's key. */
static struct str
key_of(struct str line)
{
	size_t at = 0, words;

	while (at < line.n && ascii_blank(line.p[at]))
		at++;
	size_t from = at;
	for (words = at < line.n && line.p[at] == '@' ? 2 : 1; words > 0 && at < line.n; words--) {
		while (at < line.n && ascii_blank(line.p[at]))
			at++;
		while (at < line.n && line.p[at] != ' ' && line.p[at] != '\t')
			at++;
	}
	return str_cut(line, from, at);
}

/* Says how many lines of a key there are. */
static void
count_key(struct replay *r, struct str line, int by)
{
	lines_add(&r->keys, key_of(line), by);
}

static void
count_keys(struct replay *r)
{
	if (r->keys.n)
		return;
	for (size_t i = 0; i < r->lines.n; i++)
		if (r->lines.v[i].count > 0)
			count_key(r, r->lines.v[i].line, 1);
}

/* Whether it can happen; then it did. */
static bool
try_change(struct replay *r, struct block_line *l)
{
	bool is_there = lines_count(&r->lines, l->line) > 0;

	if (l->op == '-' ? !is_there : is_there || lines_count(&r->keys, key_of(l->line)) > 0)
		return false;
	l->line = step(r, *l, l->op == '+' ? 1 : -1);
	count_key(r, l->line, l->op == '+' ? 1 : -1);
	return true;
}

void
replay_towards(struct replay *r, const struct db *db)
{
	VEC(bool) stays = { 0 };

	for (size_t i = 0; i < r->lines.n; i++)
		vec_push(r->env, &stays, r->lines.v[i].count <= 0);
	for (size_t i = 0; i < db->bases; i++) {
		const struct lines_entry *e = lines_find(&r->lines, rec_line(&db->base[i]));
		if (e)
			stays.v[e - r->lines.v] = true;
	}
	for (size_t i = 0; i < stays.n; i++) {
		struct str key = key_of(r->lines.v[i].line);
		if (!stays.v[i] && !lines_find(&r->lost, key))
			lines_add(&r->lost, key, (int64_t)i + 1);
	}
	vec_release(&stays);
}

static void
push_line(struct replay *r, block_lines *out, char op, struct str line)
{
	struct block_line l = { op, line };

	vec_push(r->env, out, l);
}

/* Makes room for one that comes. */
static void
drop_lost(struct replay *r, const struct block_line *l, block_lines *out)
{
	int64_t at = lines_count(&r->lost, key_of(l->line));
	struct lines_entry *e = at > 0 ? &r->lines.v[at - 1] : NULL;
	struct block_line old = { '-', e ? e->line : STR_NONE };

	if (e && !str_eq(old.line, l->line) && try_change(r, &old))
		push_line(r, out, '-', old.line);
}

static void
change(struct replay *r, const block_lines *v, bool replaces, block_lines *out)
{
	block_lines went = { 0 };

	count_keys(r);
	for (size_t i = 0; i < v->n; i++) {
		vec_push(r->env, &went, v->v[i]);
		if (went.v[i].op != '-' || !try_change(r, &went.v[i]))
			went.v[i].op = '\0';
	}
	for (size_t i = 0; i < v->n; i++) {
		struct block_line l = v->v[i];
		if (went.v[i].op)
			push_line(r, out, '-', went.v[i].line);
		if (l.op == '+' && replaces)
			drop_lost(r, &l, out);
		if (l.op == '+' && try_change(r, &l))
			push_line(r, out, '+', l.line);
	}
	vec_release(&went);
}

void
replay_change(struct replay *r, const block_lines *v, block_lines *out)
{
	change(r, v, false, out);
}

void
replay_replace(struct replay *r, const block_lines *v, block_lines *out)
{
	change(r, v, true, out);
}

/* --- the difference --------------------------------------------------- */

/* The lines of the state that are not in the plan, by their keys. */
static void
find_gone(struct replay *r, struct lines *gone)
{
	for (size_t i = 0; i < r->lines.n; i++) {
		struct str line = r->lines.v[i].line, key = key_of(line);
		if (r->lines.v[i].count > 0)
			lines_add(gone, lines_find(gone, key) ? line : key, (int64_t)i + 1);
	}
}

static void
emit_gone(struct replay *r, block_lines *out, struct lines_entry *gone)
{
	struct lines_entry *e = &r->lines.v[(gone->count < 0 ? -gone->count : gone->count) - 1];

	push_line(r, out, '-', e->line);
	gone->count = 0;
}

/* Those that no line comes for stand before all that come. */
static void
emit_lone(struct replay *r, const struct db *db, struct lines *gone, block_lines *out)
{
	for (size_t i = 0; i < db->bases; i++) {
		struct str line = rec_line(&db->base[i]);
		struct lines_entry *e = lines_find(gone, key_of(line));
		if (e && e->count > 0 && lines_count(&r->lines, line) < 0)
			e->count = -e->count;
	}
	for (size_t i = 0; i < gone->n; i++)
		if (gone->v[i].count > 0)
			emit_gone(r, out, &gone->v[i]);
}

void
replay_difference(struct replay *r, const struct db *db, block_lines *out)
{
	struct lines gone;

	/* What is in both comes to nothing, what came stands below it. */
	for (size_t i = 0; i < db->bases; i++)
		lines_add(&r->lines, rec_line(&db->base[i]), -1);
	lines_init(&gone, r->env);
	find_gone(r, &gone);
	emit_lone(r, db, &gone, out);
	for (size_t i = 0; i < db->bases; i++) {
		struct str line = rec_line(&db->base[i]);
		if (lines_count(&r->lines, line) >= 0)
			continue;
		struct lines_entry *e = lines_find(&gone, key_of(line));
		if (e && e->count)
			emit_gone(r, out, e);
		push_line(r, out, '+', line);
	}
	lines_release(&gone);
}

/* --- plans ------------------------------------------------------------ */

void
plan_lines(const struct db *db, block_lines *out)
{
	for (size_t i = 0; i < db->bases; i++) {
		struct block_line l = { '+', rec_line(&db->base[i]) };
		vec_push(db->env, out, l);
	}
}

struct sum
plan_sum(const struct db *db)
{
	struct sum s = { { 0 } };

	for (size_t i = 0; i < db->bases; i++)
		sum_add(&s, db->env, rec_line(&db->base[i]));
	return s;
}

void
edit_lines(struct db *db, block_lines *out)
{
	struct line_change *v;
	size_t n = edit_changes(db, &v);

	for (size_t i = 0; i < n; i++) {
		struct block_line went = { '-', v[i].before }, came = { '+', v[i].after };
		if (went.line.n)
			vec_push(db->env, out, went);
		if (came.line.n)
			vec_push(db->env, out, came);
	}
	block_net(db->env, out);
}

enum came
plan_has(const struct db *db, const block_lines *v)
{
	struct lines l;
	size_t n = 0;

	lines_init(&l, db->env);
	for (size_t i = 0; i < v->n; i++)
		lines_add(&l, v->v[i].line, 0);
	for (size_t i = 0; i < db->bases; i++) {
		struct lines_entry *e = lines_find(&l, rec_line(&db->base[i]));
		if (e)
			e->count = 1;
	}
	for (size_t i = 0; i < v->n; i++)
		n += (lines_count(&l, v->v[i].line) > 0) == (v->v[i].op == '+');
	lines_release(&l);
	return n == v->n ? CAME_ALL : n ? CAME_SOME : CAME_NONE;
}

/* --- settings --------------------------------------------------------- */

static bool
says(struct db *db, const struct rec *r, const char *name, const char *word)
{
	struct str value;

	return db_own(db, r, name, &value) && str_eq(value, str_from(word));
}

struct journal_settings
journal_settings(struct db *db)
{
	struct journal_settings s = { 0 };

	for (size_t i = 0; i < db->object.n; i++) {
		const struct rec *r = db->object.v[i];
		if (!rec_is_object(r, "journal"))
			continue;
		s.off |= says(db, r, "record", "no");
		s.require_reason |= says(db, r, "require-reason", "yes");
	}
	return s;
}
