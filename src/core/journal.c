/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal.h"

#include <inttypes.h>
#include <stdio.h>

#include "text.h"
#include "when.h"

const char *const block_names[] = { "", "first", "change", "outside", "commit", "void", "archive" };
const char *const block_field_names[] = { "user", "as", "host", "name", "real", "command", "commit",
	"date", "reason", "block", "archive", "after" };

enum { SEAL_DIGITS = SUM_TEXT - 1 };

static const struct str seal_word = STR("seal "), result_word = STR("result ");

/* --- fields ----------------------------------------------------------- */

/* The bytes from the start that may stand in a field as they are. */
static size_t
plain_length(struct str s)
{
	size_t fault, slash = str_find(s, '\\');

	return text_value_fault(str_cut(s, 0, slash), &fault) ? fault : slash;
}

void
field_put(struct buf *b, struct str text)
{
	while (text.n) {
		size_t n = plain_length(text);
		buf_str(b, str_cut(text, 0, n));
		if (n < text.n && text.p[n] == '\\')
			buf_z(b, "\\\\");
		else if (n < text.n)
			buf_fmt(b, "\\x%02x", (unsigned)(unsigned char)text.p[n]);
		text = str_cut(text, n < text.n ? n + 1 : n, text.n);
	}
}

static int
hex_digit(char c)
{
	return ascii_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the escape at the start of s: its length, 0 if it is none. */
static size_t
escape_length(struct str s, char *byte)
{
	if (s.n >= 2 && s.p[1] == '\\') {
		*byte = '\\';
		return 2;
	}
	if (s.n < 4 || s.p[1] != 'x' || hex_digit(s.p[2]) < 0 || hex_digit(s.p[3]) < 0)
		return 0;
	*byte = (char)(hex_digit(s.p[2]) << 4 | hex_digit(s.p[3]));
	return 4;
}

static bool
field_is_valid(struct str s)
{
	char byte;

	while (s.n) {
		size_t n = plain_length(s), more = 0;
		if (n < s.n)
			more = s.p[n] == '\\' ? escape_length(str_cut(s, n, s.n), &byte) : 0;
		if (n < s.n && more == 0)
			return false;
		s = str_cut(s, n + more, s.n);
	}
	return true;
}

struct str
field_text(struct str field, struct arena *a)
{
	if (str_find(field, '\\') == field.n)
		return field;
	char *p = arena_alloc(a, field.n + 1);
	size_t n = 0;
	for (size_t i = 0, more; i < field.n; i += more) {
		p[n] = field.p[i];
		more = field.p[i] == '\\' ? escape_length(str_cut(field, i, field.n), &p[n]) : 1;
		if (more == 0)
			more = 1;
		n++;
	}
	return (struct str){ p, n };
}

struct str
block_what(const struct block *b, struct arena *a)
{
	switch (b->kind) {
	case BLOCK_FIRST:
		return arena_fmt(a, "the journal begins, with %zu record%s", b->line.n,
		    b->line.n == 1 ? "" : "s");
	case BLOCK_OUTSIDE: return STR("changed outside of ipam");
	case BLOCK_COMMIT:
		return arena_fmt(a, "git commit %.12s, of %.*s", arena_z(a, b->field[FIELD_COMMIT]),
		    STR_FMT(b->field[FIELD_DATE]));
	default: return arena_str(a, b->field[FIELD_COMMAND]);
	}
}

struct str
block_user(const struct block *b, struct arena *a)
{
	return arena_str(a, b->field[b->field[FIELD_NAME].n ? FIELD_NAME : FIELD_USER]);
}

/* --- record lines ----------------------------------------------------- */

/*
 * Behind a line that is a key alone stands a blank more, so that a search for
 * "+ 10.0.0.5 " finds it.
 */
static bool
is_key_alone(struct str line)
{
	size_t word = str_find(line, ' ');

	for (size_t i = word; i < line.n; i++)
		if (line.p[i] != ' ')
			return false;
	return true;
}

static void
put_line(struct buf *b, const struct block_line *l)
{
	buf_char(b, l->op);
	buf_char(b, ' ');
	buf_str(b, l->line);
	buf_z(b, is_key_alone(l->line) ? " \n" : "\n");
}

static bool
read_line(struct str text, struct block_line *out)
{
	out->op = text.p[0];
	out->line = str_cut(text, 2, text.n);
	if (text.n < 4 || text.p[1] != ' ' || memchr(text.p, '\0', text.n))
		return false;
	if (!is_key_alone(out->line))
		return true;
	out->line.n--;
	return text.p[text.n - 1] == ' ' && out->line.n > 0;
}

/* --- reading ---------------------------------------------------------- */

#define F(field) (1u << FIELD_##field)
static const struct {
	unsigned may, must;
	bool lines;
} shape[BLOCK_KINDS] = {
	[BLOCK_FIRST] = { F(USER) | F(AS) | F(HOST) | F(NAME) | F(REAL), F(USER), true },
	[BLOCK_CHANGE] = { F(USER) | F(AS) | F(HOST) | F(NAME) | F(REAL) | F(COMMAND) | F(REASON),
	    F(USER) | F(COMMAND), true },
	[BLOCK_OUTSIDE] = { F(USER) | F(HOST) | F(REAL), F(USER), true },
	[BLOCK_COMMIT] = { F(USER) | F(REAL) | F(COMMIT) | F(DATE) | F(REASON), F(USER) | F(COMMIT),
	    true },
	[BLOCK_VOID] = { F(REAL) | F(BLOCK), F(BLOCK), false },
	[BLOCK_ARCHIVE] = { F(USER) | F(AS) | F(HOST) | F(NAME) | F(REAL) | F(ARCHIVE) | F(AFTER),
	    F(USER) | F(ARCHIVE) | F(AFTER), true },
};
#undef F

struct reader {
	struct str text;
	size_t at; /* the beginning of the line that is read */
	struct str line;
};

static bool
next_line(struct reader *r, size_t *next)
{
	const char *lf =
	    r->at < r->text.n ? memchr(r->text.p + r->at, '\n', r->text.n - r->at) : NULL;

	if (!lf)
		return false;
	*next = (size_t)(lf - r->text.p) + 1;
	r->line = str_cut(r->text, r->at, *next - 1);
	return true;
}

static bool
take_word(struct str *line, struct str word)
{
	if (!str_starts(*line, word) || line->n == word.n || line->p[word.n] != ' ')
		return false;
	*line = str_cut(*line, word.n + 1, line->n);
	return true;
}

static bool
is_time(struct str s, int64_t *t)
{
	char text[WHEN_TEXT];

	return when_parse(s, t) && str_eq(s, str_from(when_fmt(text, *t)));
}

/* "change 7 2026-05-03T09:14:07Z" */
static const char *
read_title(struct str line, struct block *b)
{
	struct str rest = line, id;

	for (unsigned k = 1; k < BLOCK_KINDS && !b->kind; k++)
		if (take_word(&rest, str_from(block_names[k])))
			b->kind = (enum block_kind)k;
	if (!b->kind)
		return "not the beginning of a block";
	id = str_cut(rest, 0, str_find(rest, ' '));
	if (!str_uint(id, UINT64_MAX - 1, &b->id) || b->id == 0 || id.p[0] == '0')
		return "not a block's number";
	if (id.n == rest.n || !is_time(str_cut(rest, id.n + 1, rest.n), &b->time))
		return "not a block's time";
	return NULL;
}

static bool
value_is_valid(enum block_field f, struct str s)
{
	int64_t t;
	uint64_t id;
	struct sum sum;

	switch (f) {
	case FIELD_REAL:
	case FIELD_DATE: return is_time(s, &t);
	case FIELD_BLOCK: return str_uint(s, UINT64_MAX - 1, &id) && s.p[0] != '0';
	case FIELD_AFTER: return sum_parse(s, &sum);
	/* of a file beside this one, whatever it says */
	case FIELD_ARCHIVE: return str_find(s, '/') == s.n && field_is_valid(s);
	default: return field_is_valid(s);
	}
}

/* One that comes at its place, or not at all: *next counts them. */
static const char *
read_field(struct str line, struct block *b, unsigned *next)
{
	struct str value = line;

	while (*next < BLOCK_FIELDS && !take_word(&value, str_from(block_field_names[*next])))
		++*next;
	if (*next == BLOCK_FIELDS || !(shape[b->kind].may & 1u << *next))
		return "not a line of such a block, or not in its place";
	if (value.n == 0 || !value_is_valid((enum block_field) * next, value))
		return "not a value of such a line";
	b->field[(*next)++] = value;
	return NULL;
}

static bool
has_fields(const struct block *b)
{
	for (unsigned f = 0; f < BLOCK_FIELDS; f++)
		if ((shape[b->kind].must & 1u << f) && b->field[f].n == 0)
			return false;
	return true;
}

static bool
is_record_line(struct str line)
{
	return line.n && (line.p[0] == '-' || line.p[0] == '+');
}

static const char *
read_records(struct reader *r, struct block *b, const struct env *env, size_t *next)
{
	struct block_line one;

	do {
		if (!shape[b->kind].lines || !read_line(r->line, &one))
			return "not a record that came or went";
		vec_push(env, &b->line, one);
		r->at = *next;
	} while (next_line(r, next) && is_record_line(r->line));
	return NULL;
}

static const char *
read_end(struct reader *r, struct block *b, size_t next)
{
	struct sum seal;

	if (!str_starts(r->line, result_word) ||
	    !sum_parse(str_cut(r->line, result_word.n, r->line.n), &b->result))
		return "not a line of such a block, or not in its place";
	r->at = next;
	b->sealed = str_cut(r->text, 0, next);
	if (!next_line(r, &next) || !str_starts(r->line, seal_word))
		return "the block has no seal";
	b->seal = str_cut(r->line, seal_word.n, r->line.n);
	if (!sum_parse(b->seal, &seal))
		return "not a seal";
	r->at = next;
	return next == r->text.n ? NULL : "no empty line before the next block";
}

static const char *
read_fields(struct reader *r, struct block *b, size_t *next)
{
	unsigned field = 0;
	const char *why = NULL;

	while (!why && !is_record_line(r->line) && !str_starts(r->line, result_word)) {
		why = read_field(r->line, b, &field);
		if (why)
			return why;
		r->at = *next;
		if (!next_line(r, next))
			return "the block has no end";
	}
	return has_fields(b) ? NULL : "a line that such a block has is missing before this one";
}

static const char *
parse(struct reader *r, struct block *b, const struct env *env)
{
	size_t next;
	const char *why;

	if (!next_line(r, &next))
		return "not the beginning of a block";
	why = read_title(r->line, b);
	if (why)
		return why;
	r->at = next;
	if (!next_line(r, &next))
		return "the block has no end";
	why = read_fields(r, b, &next);
	if (!why && is_record_line(r->line))
		why = read_records(r, b, env, &next);
	return why ? why : read_end(r, b, next);
}

const char *
block_parse(struct str text, struct block *b, const struct env *env, size_t *at)
{
	struct reader r = { .text = text };
	block_lines line = b->line;
	const char *why;

	line.n = 0;
	*b = (struct block){ .line = line };
	why = parse(&r, b, env);
	*at = r.at;
	return why;
}

bool
block_title(struct str text, struct block *b)
{
	return read_title(str_cut(text, 0, str_find(text, '\n')), b) == NULL;
}

bool
block_next_line(struct str *text, struct block_line *out)
{
	struct str line;

	while (str_next(text, '\n', &line))
		if (is_record_line(line))
			return read_line(line, out);
	return false;
}

bool
block_skim(struct str text, struct block *b, const struct env *env)
{
	block_lines line = b->line;
	struct block_line one;

	line.n = 0;
	*b = (struct block){ .line = line };
	if (!block_title(text, b))
		return false;
	while (block_next_line(&text, &one))
		vec_push(env, &b->line, one);
	return true;
}

bool
block_is_whole(struct str text)
{
	size_t end = seal_word.n + SEAL_DIGITS + 1;
	struct sum seal;

	if (text.n <= end || text.p[text.n - 1] != '\n' || memchr(text.p, '\0', text.n))
		return false;
	struct str last = str_cut(text, text.n - end, text.n - 1);
	return text.p[text.n - end - 1] == '\n' && str_starts(last, seal_word) &&
	       sum_parse(str_cut(last, seal_word.n, last.n), &seal);
}

/* --- the chain -------------------------------------------------------- */

void
chain_start(struct chain *c)
{
	*c = (struct chain){ .time = INT64_MIN };
	sum_fmt(c->seal, &c->sum);
}

void
chain_follow(struct chain *c, const struct block *b)
{
	c->id = b->id;
	c->time = b->time;
	c->sum = b->result;
	memcpy(c->seal, b->seal.p, SEAL_DIGITS);
	c->seal[SEAL_DIGITS] = '\0';
}

void
block_seal(const struct env *env, struct str before, struct str sealed, char seal[SUM_TEXT])
{
	char head[SUM_TEXT];
	unsigned char digest[32];

	memcpy(head, before.p, SEAL_DIGITS);
	head[SEAL_DIGITS] = '\n';
	env->sha256(head, sizeof(head), sealed.p, sealed.n, digest);
	struct sum number = sum_of_digest(digest);
	sum_fmt(seal, &number);
}

struct sum
block_before(const struct block *b, const struct env *env)
{
	struct sum s = b->result;

	for (size_t i = 0; i < b->line.n; i++)
		(b->line.v[i].op == '+' ? sum_sub : sum_add)(&s, env, b->line.v[i].line);
	return s;
}

/* The sum behind the block: an archive's is what it was, its lines are not new. */
static void
add_lines(struct chain *c, const struct env *env, const struct block *b)
{
	if (b->kind == BLOCK_ARCHIVE)
		return;
	for (size_t i = 0; i < b->line.n; i++)
		(b->line.v[i].op == '+' ? sum_add : sum_sub)(&c->sum, env, b->line.v[i].line);
}

void
block_put(struct buf *out, const struct env *env, struct chain *c, const struct block *b)
{
	char time[WHEN_TEXT], sum[SUM_TEXT];

	c->id++;
	c->time = b->time > c->time ? b->time : c->time;
	add_lines(c, env, b);
	buf_char(out, '\n');
	size_t start = out->n;
	buf_fmt(out, "%s %" PRIu64 " %s\n", block_names[b->kind], c->id, when_fmt(time, c->time));
	for (size_t f = 0; f < BLOCK_FIELDS; f++)
		if (b->field[f].n)
			buf_fmt(out, "%s %.*s\n", block_field_names[f], STR_FMT(b->field[f]));
	for (size_t i = 0; i < b->line.n; i++)
		put_line(out, &b->line.v[i]);
	buf_fmt(out, "result %s\n", sum_fmt(sum, &c->sum));
	block_seal(env, str_from(c->seal), str_cut(buf_get(out), start, out->n), c->seal);
	buf_fmt(out, "seal %s\n", c->seal);
}

void
block_net(const struct env *env, block_lines *v)
{
	struct lines l;
	size_t n = 0;

	lines_init(&l, env);
	for (size_t i = 0; i < v->n; i++)
		lines_add(&l, v->v[i].line, v->v[i].op == '+' ? 1 : -1);
	for (size_t i = 0; i < v->n; i++) {
		struct lines_entry *e = lines_find(&l, v->v[i].line);
		int64_t step = v->v[i].op == '+' ? 1 : -1;
		if (e->count * step <= 0)
			continue;
		e->count -= step;
		v->v[n++] = v->v[i];
	}
	v->n = n;
	lines_release(&l);
}
