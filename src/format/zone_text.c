/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a master file as libzscanner takes it: a blank for each CR at the end of a line,
 * at which it would end, and \DDD for each byte above 127, which servers take in texts and
 * it does not.
 */
#if WITH_ZONE
#include <stdio.h>

#include "zone_parts.h"

static bool
has_high(const char *p, size_t n)
{
	unsigned char all = 0;

	for (size_t i = 0; i < n; i++)
		all |= (unsigned char)p[i];
	return all > 0x7f;
}

/* Whether the line that begins here names a file, in which bytes are as they are. */
static bool
names_file(const char *p, size_t n)
{
	static const struct str word = STR("$INCLUDE");

	return n > word.n && *p == '$' && str_ieq((struct str){ p, word.n }, word);
}

/* Writes the escape; a backslash before it would make it something else. */
static void
put_escape(struct zone_text *t, struct buf *b, const char *p, bool escaped)
{
	buf_fmt(b, "%s%03u", escaped ? "" : "\\", (unsigned char)*p);
	vec_push(b->env, &t->shift, ((struct zone_shift){ b->n, (size_t)(p + 1 - t->source->p) }));
}

static void
escape_all(struct zone_text *t, struct buf *b)
{
	const char *p = t->source->p, *end = p + t->source->n;
	bool escaped = false, is_file = names_file(p, t->source->n);

	p = format_text(t->source).p;
	if (p > t->source->p) /* a byte order mark */
		vec_push(b->env, &t->shift, ((struct zone_shift){ 0, (size_t)(p - t->source->p) }));
	for (; p < end; p++) {
		if ((unsigned char)*p > 0x7f && !is_file)
			put_escape(t, b, p, escaped);
		else
			buf_char(b, *p == '\r' && (p + 1 == end || p[1] == '\n') ? ' ' : *p);
		escaped = *p == '\\' && !escaped;
		if (*p == '\n')
			is_file = names_file(p + 1, (size_t)(end - p - 1));
	}
}

void
zone_text_init(struct zone_text *t, struct arena *a, const struct text_source *source)
{
	struct buf b;

	*t = (struct zone_text){ .source = source, .p = source->p, .n = source->n };
	if (source->n == 0 ||
	    (!memchr(source->p, '\r', source->n) && !has_high(source->p, source->n)))
		return;
	buf_init(&b, a->env);
	escape_all(t, &b);
	struct str text = arena_str(a, buf_get(&b));
	buf_release(&b);
	t->p = text.p;
	t->n = text.n;
}

void
zone_text_release(struct zone_text *t)
{
	vec_release(&t->shift);
}

const char *
zone_text_source(const struct zone_text *t, const char *p)
{
	size_t at = (size_t)(p - t->p), from = 0, to = t->shift.n;

	/* the last escape that ends at or before it */
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (t->shift.v[middle].text <= at)
			from = middle + 1;
		else
			to = middle;
	}
	if (from) {
		const struct zone_shift *last = &t->shift.v[from - 1];
		at = last->source + (at - last->text);
	}
	return t->source->p + (at < t->source->n ? at : t->source->n);
}

/* --- a record, before it is understood --------------------------------- */

const char *
zone_record_end(const char *p, const char *end)
{
	unsigned depth = 0;
	bool quoted = false;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end && p[1] != '\n')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == ';' && !quoted)
			while (p + 1 < end && p[1] != '\n')
				p++;
		else if (*p == '(' && !quoted)
			depth++;
		else if (*p == ')' && !quoted && depth)
			depth--;
		else if (*p == '\n') {
			quoted = false; /* no text goes on */
			if (depth == 0)
				return p + 1;
		}
	}
	return end;
}

/* Whether all of a type's data are names and numbers. */
static bool
has_names(struct str type)
{
	static const char *const types[] = { "NS", "CNAME", "SOA", "PTR", "MX", "RP", "AFSDB",
		"SRV", "KX", "DNAME" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_ieq(type, str_from(types[i])))
			return true;
	return false;
}

/* What servers have in names as it is, and the scanner does not take. */
static bool
is_odd(char c)
{
	return c && strchr("!#%&'+,:<=>?[]^`{|}~", c);
}

bool
zone_record_escape(struct str text, bool has_owner, struct buf *out)
{
	struct str type;
	unsigned class;
	bool names =
	    zone_record_type(str_cut(text, 0, str_find(text, '\n')), has_owner, &type, &class) &&
	    has_names(type);
	bool is_name = has_owner || names, quoted = false, any = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == ';' && !quoted)
			i += str_find(str_cut(text, i, text.n), '\n');
		if (i == text.n)
			break;
		c = text.p[i];
		quoted ^= c == '"';
		if (c == ' ' || c == '\t' || c == '\n')
			is_name = names; /* behind the owner */
		if (is_name && !quoted && is_odd(c)) {
			buf_fmt(out, "\\%03u", (unsigned char)c);
			any = true;
			continue;
		}
		buf_char(out, c);
		if (c == '\\' && i + 1 < text.n)
			buf_char(out, text.p[++i]);
	}
	return any;
}

/* The class that a word is, or 0. */
static unsigned
class_of(struct str word)
{
	static const struct {
		const char *name;
		unsigned class;
	} classes[] = { { "IN", 1 }, { "CS", 2 }, { "CH", 3 }, { "HS", 4 } };

	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (str_ieq(word, str_from(classes[i].name)))
			return classes[i].class;
	return 0;
}

static bool
is_mnemonic(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!ascii_alnum(word.p[i]) && word.p[i] != '-')
			return false;
	return word.n > 0 && ascii_alnum(word.p[0]) && !ascii_digit(word.p[0]);
}

bool
zone_record_type(struct str text, bool has_owner, struct str *type, unsigned *class)
{
	struct str word;

	*class = CLASS_IN;
	if (has_owner && !format_word(&text, &word))
		return false;
	while (format_word(&text, &word)) {
		unsigned is = class_of(word);
		if (is)
			*class = is;
		else if (!ascii_digit(word.p[0]))
			break;
		word.n = 0;
	}
	*type = word;
	return is_mnemonic(word);
}

#endif
