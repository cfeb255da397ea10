/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opt.h"

void
args_release(struct args *a)
{
	vec_release(&a->opt);
	vec_release(&a->word);
	vec_release(&a->assign);
}

struct reading {
	struct args *a;
	const struct env *env;
	const struct str *word;
	size_t n, at;
	const struct opt *table[2];
	struct diags *d;
};

static const struct opt *
opt_find(const struct reading *r, struct str name, char letter)
{
	for (size_t t = 0; t < ARRAY_LEN(r->table); t++)
		for (const struct opt *o = r->table[t]; o && o->name; o++)
			if (letter ? o->letter == letter : str_eq(name, str_from(o->name)))
				return o;
	return NULL;
}

static enum status
unknown(struct reading *r, struct str word, struct str name)
{
	const char *names[64];
	size_t n = 0;

	for (size_t t = 0; t < ARRAY_LEN(r->table); t++)
		for (const struct opt *o = r->table[t]; o && o->name && n < ARRAY_LEN(names); o++)
			names[n++] = o->name;
	const char *near = diag_nearest(name, names, n);
	diag_fail(r->d, STATUS_USAGE, "unknown option %.*s", STR_FMT(word));
	if (near)
		diag_hint(r->d, "--%s", near);
	return STATUS_USAGE;
}

/* Whether the next word is none for an option whose value may be left out. */
static bool
is_no_value(const struct reading *r)
{
	struct str next = r->at < r->n ? r->word[r->at] : STR("-");

	if (next.n == 0 || next.p[0] == '-')
		return true;
	for (size_t i = 0; i < next.n; i++)
		if (memchr("=~/:", next.p[i], 4))
			return true;
	return false;
}

static enum status
take_value(struct reading *r, const struct opt *o, struct str value, bool has)
{
	if (o->value && !has && *o->value == '[' && is_no_value(r)) {
		;
	} else if (o->value && !has) {
		if (r->at == r->n)
			return diag_fail(r->d, STATUS_USAGE, "--%s needs a value: %s", o->name,
			    o->value);
		value = r->word[r->at++];
	} else if (!o->value && has) {
		return diag_fail(r->d, STATUS_USAGE, "--%s takes no value", o->name);
	}
	vec_push(r->env, &r->a->opt, ((struct opt_value){ o, value }));
	return STATUS_OK;
}

static enum status
read_long(struct reading *r, struct str word)
{
	size_t equals = str_find(word, '=');
	struct str name = str_cut(word, 2, equals);
	const struct opt *o = opt_find(r, name, 0);

	if (!o)
		return unknown(r, word, name);
	bool has = equals < word.n;
	return take_value(r, o, has ? str_cut(word, equals + 1, word.n) : STR_NONE, has);
}

static enum status
read_letters(struct reading *r, struct str word)
{
	for (size_t i = 1; i < word.n; i++) {
		const struct opt *o = opt_find(r, STR_NONE, word.p[i]);
		if (!o)
			return unknown(r, word, str_cut(word, 1, word.n));
		bool has = o->value && i + 1 < word.n;
		enum status status =
		    take_value(r, o, has ? str_cut(word, i + 1, word.n) : STR_NONE, has);
		if (status || has || o->value)
			return status;
	}
	return STATUS_OK;
}

static bool
is_assignment(struct str word)
{
	size_t equals = str_find(word, '=');

	if (equals == 0 || equals == word.n)
		return false;
	for (size_t i = 0; i < equals; i++)
		if (!ascii_alnum(word.p[i]) && !memchr("_.-", word.p[i], 3))
			return false;
	return true;
}

enum status
args_read(struct args *a, const struct env *env, const struct str *word, size_t n,
    const struct opt *table, const struct opt *more, struct diags *d)
{
	struct reading r = { a, env, word, n, 0, { table, more }, d };
	enum status status = STATUS_OK;
	bool ended = false;

	while (r.at < n && !status) {
		struct str w = word[r.at++];
		if (!ended && str_eq(w, STR("--")))
			ended = true;
		else if (!ended && w.n > 2 && str_starts(w, STR("--")))
			status = read_long(&r, w);
		else if (!ended && w.n > 1 && w.p[0] == '-')
			status = read_letters(&r, w);
		else
			vec_push(env, &a->word, w);
	}
	return status;
}

static enum status
add_assign(struct args *a, const struct env *env, struct str word, struct diags *d)
{
	size_t equals = str_find(word, '=');
	struct assign as = { str_cut(word, 0, equals), str_cut(word, equals + 1, word.n) };

	for (size_t i = 0; i < a->assign.n; i++)
		if (str_eq(a->assign.v[i].name, as.name))
			return diag_fail(d, STATUS_USAGE, "%.*s= is given twice", STR_FMT(as.name));
	vec_push(env, &a->assign, as);
	return STATUS_OK;
}

enum status
args_take_assigns(struct args *a, const struct env *env, struct diags *d)
{
	enum status status = STATUS_OK;
	size_t kept = 0;

	for (size_t i = 0; i < a->word.n && !status; i++) {
		if (is_assignment(a->word.v[i]))
			status = add_assign(a, env, a->word.v[i], d);
		else
			a->word.v[kept++] = a->word.v[i];
	}
	a->word.n = kept;
	return status;
}

bool
args_has(const struct args *a, const char *name)
{
	for (size_t i = 0; i < a->opt.n; i++)
		if (strcmp(a->opt.v[i].opt->name, name) == 0)
			return true;
	return false;
}

struct str
args_get(const struct args *a, const char *name)
{
	struct str value = STR_NONE;

	for (size_t i = 0; i < a->opt.n; i++)
		if (strcmp(a->opt.v[i].opt->name, name) == 0)
			value = a->opt.v[i].value;
	return value;
}

/* Reads one word from *at on into b. */
static bool
split_word(struct str line, size_t *at, struct buf *b, const char **why)
{
	char quote = 0;

	for (; *at < line.n; (*at)++) {
		char c = line.p[*at];
		if (!quote && ascii_blank(c))
			return true;
		if (!quote && (c == '\'' || c == '"')) {
			quote = c;
		} else if (quote && c == quote) {
			quote = 0;
		} else if (c == '\\' && quote != '\'' && *at + 1 < line.n &&
			   (!quote || memchr("\"\\$`", line.p[*at + 1], 4))) {
			buf_char(b, line.p[++*at]);
		} else {
			buf_char(b, c);
		}
	}
	if (quote)
		*why = "no closing quote";
	return !quote;
}

bool
args_split(struct str line, struct arena *arena, word_list *out, const char **why)
{
	bool ok = true;

	for (size_t at = 0; ok;) {
		struct buf b;
		while (
		    at < line.n && (line.p[at] == ' ' || line.p[at] == '\t' || line.p[at] == '\r'))
			at++;
		if (at == line.n || line.p[at] == '#')
			return true;
		buf_init(&b, arena->env);
		ok = split_word(line, &at, &b, why);
		vec_push(arena->env, out, arena_str(arena, buf_get(&b)));
		buf_release(&b);
	}
	return ok;
}

struct str
args_line(const struct str *word, size_t n, struct arena *arena)
{
	struct buf b;

	buf_init(&b, arena->env);
	buf_z(&b, "ipam");
	for (size_t i = 0; i < n; i++) {
		buf_char(&b, ' ');
		buf_shell(&b, word[i]);
	}
	struct str line = arena_str(arena, buf_get(&b));
	buf_release(&b);
	return line;
}
