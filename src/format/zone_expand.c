/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An include of a zone, as it is written into a master file that all servers read: without
 * $INCLUDE, so that the file changes with what is included, without $GENERATE, with complete
 * names behind $ORIGIN, and with no bytes but ASCII.
 */
#if WITH_ZONE
#include "zone_parts.h"

enum { DEPTH_MAX = 16 };

struct expander {
	const struct format_input *in;
	struct arena *arena;
	struct buf *out;
	struct diags *d;
	struct str origin; /* with a final dot */
	struct str ttl;
	unsigned depth;
};

static bool expand(struct expander *e, const struct text_source *source);

static bool
fail(const struct expander *e, const struct text_source *source, const char *why)
{
	diag_fail(e->d, STATUS_CONFLICT, "%s: %s", source->name, why);
	return false;
}

static void
put_origin(struct expander *e, struct str origin)
{
	bool is_complete = origin.p[origin.n - 1] == '.';

	if (str_eq(origin, STR("@")))
		origin = e->origin;
	else if (!is_complete)
		origin = arena_fmt(e->arena, "%.*s.%.*s", STR_FMT(origin),
		    STR_FMT(e->origin.n == 1 ? STR_NONE : e->origin));
	e->origin = arena_str(e->arena, origin);
	buf_fmt(e->out, "$ORIGIN %.*s\n", STR_FMT(origin));
}

static bool
include(struct expander *e, struct str rest, const struct text_source *from)
{
	struct text_source *source = arena_zalloc(e->arena, sizeof(*source));
	struct str name, origin, old_origin = e->origin, old_ttl = e->ttl;
	bool ok;

	if (e->depth == DEPTH_MAX || !zone_next_file(&rest, &name) ||
	    !e->in->include(e->in->ctx, name, from, source, e->d))
		return fail(e, from, "cannot be included");
	if (format_word(&rest, &origin))
		put_origin(e, origin);
	e->depth++;
	ok = expand(e, source);
	e->depth--;
	if (!str_eq(e->origin, old_origin))
		put_origin(e, old_origin);
	if (!str_eq(e->ttl, old_ttl))
		buf_fmt(e->out, "$TTL %.*s\n", STR_FMT(old_ttl));
	e->ttl = old_ttl;
	return ok;
}

static bool
directive(struct expander *e, struct str line, const struct text_source *source)
{
	struct str rest = str_cut(line, 0, str_find(line, ';')), word, value;

	format_word(&rest, &word);
	if (str_ieq(word, STR("$INCLUDE")))
		return include(e, rest, source);
	if (str_ieq(word, STR("$GENERATE")))
		return !zone_generate(rest, e->out);
	if (!format_word(&rest, &value))
		return fail(e, source, "a directive without a value");
	if (str_ieq(word, STR("$ORIGIN"))) {
		put_origin(e, value);
		return true;
	}
	e->ttl = arena_str(e->arena, value);
	buf_fmt(e->out, "%.*s\n", STR_FMT(line));
	return true;
}

/* Whether a line goes on with the name of the record before it. */
static bool
goes_on(struct str line)
{
	size_t i = 0;

	while (i < line.n && ascii_blank(line.p[i]))
		i++;
	return i > 0 && i < line.n && line.p[i] != ';';
}

static bool
expand(struct expander *e, const struct text_source *source)
{
	struct zone_text text;
	struct str rest, line;
	bool ok = true, is_behind = false; /* what was included */

	zone_text_init(&text, e->arena, source);
	rest = (struct str){ text.p, text.n };
	while (ok && str_next(&rest, '\n', &line)) {
		bool is_directive = line.n && line.p[0] == '$';
		while (line.n && line.p[line.n - 1] == ' ' && source->p != text.p)
			line.n--; /* a CR */
		if (is_directive) {
			ok = directive(e, line, source);
			is_behind |= str_ieq(str_cut(line, 0, 8), STR("$INCLUDE"));
			continue;
		}
		if (is_behind && goes_on(line))
			ok = fail(e, source, "a record without a name follows an $INCLUDE");
		is_behind = is_behind && (line.n == 0 || goes_on(line));
		buf_fmt(e->out, "%.*s\n", STR_FMT(line));
	}
	zone_text_release(&text);
	return ok;
}

bool
zone_expand(const struct format_input *in, struct arena *a, uint32_t ttl, struct str *out,
    struct diags *d)
{
	struct buf b;
	struct expander e = { .in = in,
		.arena = a,
		.out = &b,
		.d = d,
		.origin = arena_fmt(a, "%.*s.", STR_FMT(in->origin)),
		.ttl = arena_fmt(a, "%u", ttl) };

	buf_init(&b, a->env);
	bool ok = expand(&e, &in->source);
	*out = arena_str(a, buf_get(&b));
	buf_release(&b);
	return ok;
}

#endif
