/* SPDX-License-Identifier: GPL-3.0-or-later */
#if WITH_JSON
#include "json_read.h"

#include <jansson.h>
#include <stdio.h>

enum { INCLUDE_DEPTH = 8 };

/* From which place of the cleaned text on it comes from where in a source. */
struct segment {
	size_t from;
	const char *source;
};

struct cleaner {
	const struct format_input *in;
	struct diags *d;
	struct buf text;
	VEC(struct segment) segment;
	size_t comma; /* of the last one, plus one, if only blanks came since */
	unsigned depth;
	bool failed;
};

struct builder {
	struct arena *arena;
	struct str text;
	size_t at;
	const struct segment *segment;
	size_t segments, now;
};

/* --- cleaning --------------------------------------------------------- */

static void clean(struct cleaner *c, const struct text_source *source);

static void
fail(struct cleaner *c, const char *at, const char *text)
{
	diag_error(c->d, at, "%s", text);
	c->failed = true;
}

static void
begin_segment(struct cleaner *c, const char *source)
{
	struct segment s = { c->text.n, source };

	vec_push(c->text.env, &c->segment, s);
}

/* The length of a comment at the beginning of s, or 0. */
static size_t
comment_length(struct cleaner *c, struct str s)
{
	size_t n = 2;

	if (s.p[0] == '#' || str_starts(s, STR("//")))
		return str_find(s, '\n');
	if (!str_starts(s, STR("/*")))
		return 0;
	while (n + 1 < s.n && (s.p[n] != '*' || s.p[n + 1] != '/'))
		n++;
	if (n + 1 < s.n)
		return n + 2;
	fail(c, s.p, "no end of the comment");
	return s.n;
}

static size_t
string_length(struct str s)
{
	size_t n = 1;

	while (n < s.n && s.p[n] != '"')
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n + 1 : s.n;
}

/* <?include "FILE"?>; its length. */
static size_t
include_file(struct cleaner *c, const struct text_source *from, struct str s)
{
	size_t open = str_find(s, '"'), end = open, n = 0;
	struct text_source source;

	while (n < s.n && !str_starts(str_cut(s, n, s.n), STR("?>")))
		n++;
	for (end++; end < s.n && s.p[end] != '"';)
		end++;
	if (n == s.n || open > n || end > n) {
		fail(c, s.p, "<?include \"FILE\"?> is wanted");
		return s.n;
	}
	struct str name = str_cut(s, open + 1, end);
	if (c->depth == INCLUDE_DEPTH)
		fail(c, s.p, "too many files include each other");
	else if (!format_include(c->in, name, from, s.p, &source, c->d))
		c->failed = true;
	else
		clean(c, &source);
	return n + 2;
}

static void
put(struct cleaner *c, struct str s)
{
	char ch = s.p[0];

	if ((ch == ']' || ch == '}') && c->comma)
		c->text.p[c->comma - 1] = ' ';
	if (!memchr(" \t\r\n", ch, 4))
		c->comma = ch == ',' ? c->text.n + 1 : 0;
	buf_str(&c->text, s);
}

static void
clean(struct cleaner *c, const struct text_source *source)
{
	struct str rest = { source->p, source->n };

	c->depth++;
	begin_segment(c, rest.p);
	while (rest.n && !c->failed) {
		size_t n = comment_length(c, rest);
		if (n) {
			rest = str_cut(rest, n, rest.n);
			begin_segment(c, rest.p);
		} else if (str_starts(rest, STR("<?include"))) {
			n = include_file(c, source, rest);
			rest = str_cut(rest, n, rest.n);
			begin_segment(c, rest.p);
		} else {
			n = rest.p[0] == '"' ? string_length(rest) : 1;
			put(c, str_cut(rest, 0, n));
			rest = str_cut(rest, n, rest.n);
		}
	}
	c->depth--;
}

/* --- building --------------------------------------------------------- */

static const char *
source_at(struct builder *b, size_t at)
{
	while (b->now + 1 < b->segments && b->segment[b->now + 1].from <= at)
		b->now++;
	return b->segment[b->now].source + (at - b->segment[b->now].from);
}

/* Goes over what stands between values, to the next one. */
static void
skip(struct builder *b)
{
	while (b->at < b->text.n && memchr(" \t\r\n,:]}", b->text.p[b->at], 8))
		b->at++;
}

static void
skip_string(struct builder *b)
{
	skip(b);
	b->at += string_length(str_cut(b->text, b->at, b->text.n));
}

static struct str
skip_word(struct builder *b)
{
	size_t from = b->at;

	while (b->at < b->text.n && !memchr(" \t\r\n,]}", b->text.p[b->at], 7))
		b->at++;
	return arena_str(b->arena, str_cut(b->text, from, b->at));
}

static const struct json_value *build(struct builder *b, const json_t *json, struct str name);

static void
build_members(struct builder *b, const json_t *json, struct json_value *v)
{
	const struct json_value **end = &v->child;
	json_t *object = (json_t *)(uintptr_t)json;

	for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
		skip_string(b);
		struct json_value *child =
		    (struct json_value *)(uintptr_t)build(b, json_object_iter_value(i),
			arena_str(b->arena, str_from(json_object_iter_key(i))));
		*end = child;
		end = &child->next;
	}
}

static void
build_list(struct builder *b, const json_t *json, struct json_value *v)
{
	const struct json_value **end = &v->child;

	for (size_t i = 0; i < json_array_size(json); i++) {
		struct json_value *child =
		    (struct json_value *)(uintptr_t)build(b, json_array_get(json, i), STR_NONE);
		*end = child;
		end = &child->next;
	}
}

/* The values come in the order of the text, so each begins where the text is now. */
static const struct json_value *
build(struct builder *b, const json_t *json, struct str name)
{
	struct json_value *v = arena_zalloc(b->arena, sizeof(*v));

	skip(b);
	v->name = name;
	v->at = source_at(b, b->at);
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		v->kind = JSON_MEMBERS;
		b->at++;
		build_members(b, json, v);
		break;
	case JSON_ARRAY:
		v->kind = JSON_LIST;
		b->at++;
		build_list(b, json, v);
		break;
	case JSON_STRING:
		v->kind = JSON_TEXT;
		v->text = arena_str(b->arena,
		    (struct str){ json_string_value(json), json_string_length(json) });
		skip_string(b);
		break;
	default:
		v->kind = json_is_number(json) ? JSON_NUMBER : JSON_WORD;
		v->text = skip_word(b);
		break;
	}
	return v;
}

const struct json_value *
json_read(const struct format_input *in, const struct env *env, struct arena *a, struct diags *d)
{
	struct cleaner c = { .in = in, .d = d };
	const struct json_value *v = NULL;
	json_error_t error;

	buf_init(&c.text, env);
	clean(&c, &in->source);
	struct builder b = { a, buf_get(&c.text), 0, c.segment.v, c.segment.n, 0 };
	json_t *json = c.failed ? NULL
	                        : json_loadb(b.text.n ? b.text.p : "", b.text.n,
				      JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (json) {
		v = build(&b, json, STR_NONE);
		json_decref(json);
	} else if (!c.failed) {
		size_t at = error.position > 0 ? (size_t)error.position - 1 : 0;
		diag_at(d, SEV_ERROR, RULE_NONE,
		    (struct pos){ source_at(&b, at < b.text.n ? at : b.text.n) }, "%s", error.text);
	}
	vec_release(&c.segment);
	buf_release(&c.text);
	return v;
}

const struct json_value *
json_member(const struct json_value *v, const char *name)
{
	const struct json_value *m = v && v->kind == JSON_MEMBERS ? v->child : NULL;

	while (m && !str_eq(m->name, str_from(name)))
		m = m->next;
	return m;
}

#endif
