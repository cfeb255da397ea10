/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gitlog.h"

#include "text.h"

struct reader {
	const struct env *env;
	struct str rest;
	struct vrfs vrfs;
	block_lines line; /* of the commit that is read */
};

/* --- records ---------------------------------------------------------- */

struct taking {
	const struct env *env;
	char op;
	block_lines *out;
};

static void
take_record(void *ctx, const struct rec *r)
{
	struct taking *t = ctx;
	struct block_line l = { t->op, rec_line(r) };

	vec_push(t->env, t->out, l);
}

/* Control characters, and what is not UTF-8, are in no journal. */
static bool
is_no_text(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].rule == RULE_CONTROL || d->v[i].rule == RULE_UTF8)
			return true;
	return false;
}

static void
take_line(struct reader *r, char op, struct str line)
{
	struct text_source source = { "", line.p, line.n };
	struct taking t = { r->env, op, &r->line };
	size_t before = r->line.n;
	struct diags d;

	diags_init(&d, r->env);
	text_read(&source, &r->vrfs, take_record, &t, &d);
	if (is_no_text(&d))
		r->line.n = before;
	diags_release(&d);
}

struct sum
gitlog_sum(struct str text, const struct env *env)
{
	struct reader r = { .env = env };
	struct sum sum = { { 0 } };
	struct arena arena;
	struct str line;

	arena_init(&arena, env);
	vrfs_init(&r.vrfs, &arena);
	while (str_next(&text, '\n', &line))
		take_line(&r, '+', line);
	for (size_t i = 0; i < r.line.n; i++)
		sum_add(&sum, env, r.line.v[i].line);
	vec_release(&r.line);
	arena_release(&arena);
	return sum;
}

/* --- git's text ------------------------------------------------------- */

static bool
next_line(struct reader *r, struct str *line)
{
	size_t n = str_find(r->rest, '\n');

	if (n == r->rest.n)
		return false;
	*line = str_cut(r->rest, 0, n);
	r->rest = str_cut(r->rest, n + 1, r->rest.n);
	return true;
}

/* What stands before the next NUL. */
static bool
next_field(struct reader *r, struct str *field)
{
	size_t n = str_find(r->rest, '\0');

	if (n == r->rest.n)
		return false;
	*field = str_cut(r->rest, 0, n);
	r->rest = str_cut(r->rest, n + 1, r->rest.n);
	return true;
}

static struct str
next_word(struct str *rest)
{
	struct str word = STR_NONE;

	str_next(rest, ' ', &word);
	return word;
}

static bool
read_time(struct str word, int64_t *out)
{
	const uint64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
	uint64_t t;

	if (!str_uint(word, last, &t))
		return false;
	*out = (int64_t)t;
	return true;
}

static bool
read_title(struct reader *r, struct git_commit *c)
{
	struct str empty, ids, times;

	if (!next_field(r, &empty) || empty.n || !next_field(r, &ids) ||
	    !next_field(r, &c->author) || !next_field(r, &times) || !next_field(r, &c->message))
		return false;
	c->id = next_word(&ids);
	c->parent = next_word(&ids);
	c->is_merge = ids.n > 0;
	while (c->message.n && c->message.p[c->message.n - 1] == '\n')
		c->message.n--;
	return c->id.n > 0 && read_time(next_word(&times), &c->authored) &&
	       read_time(next_word(&times), &c->committed);
}

/* "-12,3 " or "+12 ": how many lines. */
static bool
read_count(struct str *s, char sign, uint64_t *n)
{
	struct str word = next_word(s);
	size_t comma = str_find(word, ',');

	*n = 1;
	return word.n > 1 && word.p[0] == sign &&
	       (comma == word.n || str_uint(str_cut(word, comma + 1, word.n), UINT32_MAX, n));
}

static bool
read_hunk(struct reader *r, struct str title)
{
	struct str counts = str_cut(title, 3, title.n), line;
	uint64_t went, came;

	if (!read_count(&counts, '-', &went) || !read_count(&counts, '+', &came))
		return false;
	while (went + came > 0) {
		if (!next_line(r, &line) || line.n == 0)
			return false;
		char op = line.p[0];
		if (op != '\\' && op != '-' && op != '+')
			return false;
		if ((op == '-' && went-- == 0) || (op == '+' && came-- == 0))
			return false;
		if (op != '\\')
			take_line(r, op, str_cut(line, 1, line.n));
	}
	return true;
}

/* Behind a name with blanks stands a TAB.  One in quotes is no name to ask for. */
static void
read_name(struct str line, struct str before, struct str *name)
{
	if (!str_starts(line, before))
		return;
	*name = str_cut(line, before.n, line.n);
	if (name->n && name->p[name->n - 1] == '\t')
		name->n--;
}

/* The lines up to the next commit. */
static bool
read_patch(struct reader *r, struct git_commit *c)
{
	struct str line;

	while (r->rest.n && r->rest.p[0] != '\0') {
		if (!next_line(r, &line))
			return false;
		if (str_starts(line, STR("@@ ")) && !read_hunk(r, line))
			return false;
		read_name(line, STR("--- a/"), &c->from);
		read_name(line, STR("+++ b/"), &c->to);
	}
	return true;
}

bool
gitlog_read(struct str text, const struct env *env, struct arena *arena, git_commits *out)
{
	struct reader r = { .env = env, .rest = text };
	bool ok = true;

	vrfs_init(&r.vrfs, arena);
	while (ok && r.rest.n) {
		struct git_commit c = { 0 };
		r.line = (block_lines){ 0 };
		ok = read_title(&r, &c) && read_patch(&r, &c);
		block_net(env, &r.line);
		c.line = r.line;
		vec_push(env, out, c);
	}
	return ok;
}

void
gitlog_release(git_commits *v)
{
	for (size_t i = 0; i < v->n; i++)
		vec_release(&v->v[i].line);
	vec_release(v);
}

/* --- which are new ------------------------------------------------------ */

void
gitlog_known_init(struct gitlog_known *k, const struct env *env)
{
	k->told = 0;
	lines_init(&k->last, env);
	lines_init(&k->first, env);
}

void
gitlog_known_release(struct gitlog_known *k)
{
	lines_release(&k->last);
	lines_release(&k->first);
}

static void
know(struct gitlog_known *k, struct str word)
{
	int64_t before = lines_count(&k->first, word);

	if (word.n == 0)
		return;
	if (before == 0)
		lines_add(&k->last, word, k->told);
	lines_add(&k->first, word, k->told - before);
}

void
gitlog_know(struct gitlog_known *k, struct str id, struct str sum)
{
	k->told++;
	know(k, id);
	know(k, sum);
}

size_t
gitlog_new(const git_commits *v, struct sum head, const struct gitlog_known *known,
    const struct env *env)
{
	char text[SUM_TEXT];
	size_t base = v->n;
	int64_t told = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct git_commit *c = &v->v[i];
		bool is_named = lines_find(&known->last, c->id) != NULL;
		struct str word = is_named ? c->id : str_from(sum_fmt(text, &head));
		int64_t first = lines_count(&known->first, word);
		if (first && base < v->n && first >= told)
			return base;
		if (first) {
			base = i;
			told = lines_count(&known->last, word);
		}
		if (is_named)
			return base;
		for (size_t k = 0; k < c->line.n; k++)
			(c->line.v[k].op == '+' ? sum_sub : sum_add)(&head, env, c->line.v[k].line);
	}
	return base;
}
