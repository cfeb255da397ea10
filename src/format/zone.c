/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Master files (RFC 1035, section 5) and what `dig axfr` prints.
 *
 * libzscanner reads the records.  What it does not read, or would end at, is done
 * here: $ORIGIN with a relative name, $INCLUDE, $GENERATE, types that it does not
 * know, and going on behind an error.
 */
#if WITH_ZONE
#include "zone_parts.h"

enum { DEFAULT_TTL = 3600, DEPTH_MAX = 16 };

/* No name that is used ends in it: the origin of lines that have none. */
#define NO_ORIGIN "no-origin.invalid."
static const char no_origin_wire[] = "\011no-origin\007invalid";

/* A text that is read: a file, or one that it includes. */
struct reader {
	const struct format_input *in;
	struct arena *arena;
	zone_record_fn *fn;
	void *ctx;
	struct diags *d;
	size_t *records;
	zs_scanner_t *scanner;
	const struct text_source *source;
	struct zone_text text; /* of the source */
	const char *from, *at; /* the lines that are read now, and the record, in text */
	const char *generated; /* the $GENERATE that it comes from, or NULL */
	unsigned depth;
};

static const char *read_source(const struct text_source *source, const struct reader *parent,
    struct reader *rd, struct str origin);

/* Where a place of the text is in the source. */
static const char *
place(const struct reader *rd, const char *p)
{
	return zone_text_source(&rd->text, rd->generated ? rd->generated : p);
}

/* --- the scanner ------------------------------------------------------ */

/* A new scanner that goes on with the other's origin, TTL and owner. */
static void
scanner_inherit(zs_scanner_t *to, const zs_scanner_t *from)
{
	memcpy(to->zone_origin, from->zone_origin, sizeof(to->zone_origin));
	to->zone_origin_length = from->zone_origin_length;
	memcpy(to->r_owner, from->r_owner, sizeof(to->r_owner));
	to->r_owner_length = from->r_owner_length;
	to->default_ttl = from->default_ttl;
}

/* After an error at which the scanner ends. */
static void
scanner_renew(struct reader *rd)
{
	zs_scanner_t *old = malloc(sizeof(*old));

	if (!old) {
		rd->arena->env->oom(sizeof(*old));
		__builtin_unreachable();
	}
	memcpy(old, rd->scanner, sizeof(*old));
	zs_deinit(rd->scanner);
	zs_init(rd->scanner, NO_ORIGIN, CLASS_IN, DEFAULT_TTL);
	scanner_inherit(rd->scanner, old);
	free(old);
}

/* The start of the record at or behind p: no blank line, no comment. */
static const char *
record_start(const char *p, const char *end)
{
	while (p < end) {
		const char *q = p;
		while (q < end && ascii_blank(*q))
			q++;
		if (q < end && *q != '\n' && *q != ';')
			return q;
		const char *lf = memchr(q, '\n', (size_t)(end - q));
		p = lf ? lf + 1 : end;
	}
	return p;
}

/* Whether a relative name is among these bytes, and no origin was known. */
static bool
lacks_origin(const unsigned char *p, size_t n)
{
	return memmem(p, n, no_origin_wire, sizeof(no_origin_wire)) != NULL;
}

/* Whether the scanner has read an owner: where it failed, half of one may be left. */
static bool
has_owner(const zs_scanner_t *s)
{
	size_t at = 0;

	while (at < s->r_owner_length && s->r_owner[at] && s->r_owner[at] <= 63)
		at += s->r_owner[at] + 1u;
	return at + 1 == s->r_owner_length && !s->r_owner[at];
}

static void
take_record(struct reader *rd)
{
	const zs_scanner_t *s = rd->scanner;
	struct zone_rr rr = { STR_NONE, s->r_type, s->r_class, s->r_ttl, s->r_data,
		s->r_data_length, STR_NONE, place(rd, rd->at) };

	if (!has_owner(s)) {
		diag_error(rd->d, place(rd, rd->at),
		    "no owner, and the one above could not be read");
		return;
	}
	if (lacks_origin(s->r_owner, s->r_owner_length) ||
	    lacks_origin(s->r_data, s->r_data_length)) {
		diag_error(rd->d, place(rd, rd->at),
		    "a relative name, and no origin (--origin ZONE)");
		return;
	}
	rr.owner = zone_name(rd->arena, s->r_owner);
	++*rd->records;
	rd->fn(rd->ctx, &rr);
}

/* Whether the scanner may not know what stands there, though the owner was read. */
static bool
is_about_data(int error)
{
	static const int others[] = { ZS_EINVAL, ZS_ENOMEM, ZS_UNCLOSED_MULTILINE,
		ZS_BAD_PREVIOUS_OWNER, ZS_BAD_OWNER, ZS_BAD_DNAME_CHAR, ZS_LABEL_OVERFLOW,
		ZS_DNAME_OVERFLOW, ZS_BAD_DIRECTIVE };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (error == others[i])
			return false;
	return true;
}

/* Hands on a record of a type that no plan has and the scanner does not read. */
static bool
take_unread(struct reader *rd, const char *start, const char *end)
{
	const zs_scanner_t *s = rd->scanner;
	bool names_owner = start == rd->from || start[-1] == '\n';
	struct str text = { start, (size_t)(end - start) }, type;
	struct zone_rr rr = { STR_NONE, 0, CLASS_IN, s->r_ttl, NULL, 0, text, place(rd, start) };

	text = str_trim(str_cut(text, 0, str_find(text, '\n')));
	if (!rd->in->any_type || !is_about_data(s->error.code) || !has_owner(s) ||
	    !zone_record_type(text, names_owner, &type, &rr.class) ||
	    (rr.class == CLASS_IN && dns_type_number(type)) ||
	    lacks_origin(s->r_owner, s->r_owner_length))
		return false;
	rr.owner = zone_name(rd->arena, s->r_owner);
	rr.text = str_cut(text, (size_t)(type.p - text.p), text.n);
	++*rd->records;
	rd->fn(rd->ctx, &rr);
	return true;
}

static void scan_all(struct reader *rd, const char *p, const char *end);

/* Reads a record once more, with escapes in its names; false if there is nothing to escape. */
static bool
read_escaped(struct reader *rd, const char *start, const char *end)
{
	bool names_owner = start == rd->from || start[-1] == '\n';
	struct buf b;

	if (!rd->in->any_type || rd->generated)
		return false;
	buf_init(&b, rd->arena->env);
	buf_z(&b, names_owner ? "" : " ");
	bool ok = zone_record_escape((struct str){ start, (size_t)(end - start) }, names_owner, &b);
	if (ok) {
		scanner_renew(rd);
		rd->generated = start;
		scan_all(rd, b.p, b.p + b.n);
		rd->generated = NULL;
	}
	buf_release(&b);
	return ok;
}

/* Goes on behind a record that cannot be read; returns where. */
static const char *
skip_record(struct reader *rd, const char *p, const char *end, bool ok)
{
	zs_scanner_t *s = rd->scanner;
	const char *at = rd->at < end ? rd->at : p, *behind = zone_record_end(at, end);
	bool is_inside = s->input.current >= p && s->input.current <= end;

	if (read_escaped(rd, at, behind))
		return behind;
	if (take_unread(rd, at, behind)) {
		scanner_renew(rd);
		return behind;
	}
	diag_error(rd->d, place(rd, at), "%s", zs_strerror(s->error.code));
	if (!s->error.fatal && ok)
		return NULL; /* by itself */
	const char *lf =
	    is_inside ? memchr(s->input.current, '\n', (size_t)(end - s->input.current)) : NULL;
	scanner_renew(rd);
	return lf ? lf + 1 : end;
}

/* Reads lines without directives; returns where it ended. */
static const char *
scan(struct reader *rd, const char *p, const char *end)
{
	zs_scanner_t *s = rd->scanner;

	rd->from = p;
	zs_set_input_string(s, p, (size_t)(end - p));
	for (;;) {
		rd->at = record_start(p, end);
		bool ok = zs_parse_record(s) == 0;
		if (ok && (s->state == ZS_STATE_EOF || s->state == ZS_STATE_STOP))
			return end;
		if (ok && s->state == ZS_STATE_DATA) {
			take_record(rd);
			p = s->input.current;
			continue;
		}
		const char *next = skip_record(rd, p, end, ok);
		if (next)
			return next;
		p = s->input.current;
	}
}

static void
scan_all(struct reader *rd, const char *p, const char *end)
{
	while (p < end)
		p = scan(rd, p, end);
}

/* --- directives ------------------------------------------------------- */

/* Has the scanner read a directive of its own; NULL, or what is wrong with it. */
static const char *
tell_scanner(struct reader *rd, struct str line)
{
	zs_scanner_t *s = rd->scanner;

	zs_set_input_string(s, line.p, line.n);
	if (zs_parse_record(s) == 0 && s->state == ZS_STATE_EOF)
		return NULL;
	const char *why = zs_strerror(s->error.code);
	scanner_renew(rd);
	return why;
}

/* NULL, or what is wrong with the name. */
static const char *
set_origin(struct reader *rd, struct str origin)
{
	struct arena *a = rd->arena;
	struct str here = zone_name(a, rd->scanner->zone_origin), line;
	zs_scanner_t *s = rd->scanner;
	uint8_t before[sizeof(s->zone_origin)];
	uint32_t length;

	if (str_eq(origin, STR("@")))
		return NULL;
	bool is_complete = origin.p[origin.n - 1] == '.' || here.n == 1;
	line = arena_fmt(a, "$ORIGIN %.*s%s%.*s\n", STR_FMT(origin),
	    origin.p[origin.n - 1] == '.' ? "" : ".", STR_FMT(is_complete ? STR_NONE : here));
	memcpy(before, s->zone_origin, sizeof(before));
	length = s->zone_origin_length;
	const char *why = tell_scanner(rd, line);
	if (!why)
		return NULL;
	/* half of the new one may be there */
	memcpy(s->zone_origin, before, sizeof(before));
	s->zone_origin_length = length;
	return why;
}

static void
read_origin(struct reader *rd, struct str rest, const char *at)
{
	struct str origin;
	const char *why = "a name is missing";

	if (format_word(&rest, &origin))
		why = set_origin(rd, origin);
	if (why)
		diag_error(rd->d, place(rd, at), "$ORIGIN: %s", why);
}

static void
read_ttl(struct reader *rd, struct str rest, const char *at)
{
	const char *why = "a time is missing";

	if (str_trim(rest).n)
		why = tell_scanner(rd, arena_fmt(rd->arena, "$TTL%.*s\n", STR_FMT(rest)));
	if (why)
		diag_error(rd->d, place(rd, at), "$TTL: %s", why);
}

static void
read_generate(struct reader *rd, struct str rest, const char *at)
{
	struct buf lines;
	const char *why;

	buf_init(&lines, rd->arena->env);
	why = zone_generate(rest, &lines);
	rd->generated = at;
	if (why)
		diag_error(rd->d, place(rd, at), "%s", why);
	else
		scan_all(rd, lines.p, lines.p + lines.n);
	rd->generated = NULL;
	buf_release(&lines);
}

bool
zone_next_file(struct str *rest, struct str *name)
{
	struct str s = *rest;

	while (s.n && ascii_blank(s.p[0]))
		s = str_cut(s, 1, s.n);
	if (s.n == 0 || s.p[0] != '"')
		return format_word(rest, name);
	s = str_cut(s, 1, s.n);
	size_t quote = str_find(s, '"');
	*name = str_cut(s, 0, quote);
	*rest = quote < s.n ? str_cut(s, quote + 1, s.n) : STR_NONE;
	return quote < s.n && quote > 0;
}

static void
read_include(struct reader *rd, struct str rest, const char *at)
{
	struct arena *a = rd->arena;
	struct text_source *source = arena_zalloc(a, sizeof(*source));
	struct str name, origin;
	struct reader included;
	const char *why = NULL;

	if (!zone_next_file(&rest, &name)) {
		diag_error(rd->d, place(rd, at), "$INCLUDE wants a file");
		return;
	}
	format_word(&rest, &origin);
	if (rd->depth == DEPTH_MAX) {
		diag_error(rd->d, place(rd, at),
		    "$INCLUDE %.*s: included too deep (does it include itself?)", STR_FMT(name));
		return;
	}
	if (format_include(rd->in, name, rd->source, place(rd, at), source, rd->d))
		why = read_source(source, rd, &included, origin);
	if (why)
		diag_error(rd->d, place(rd, at), "$INCLUDE: %s", why);
}

typedef void directive_fn(struct reader *rd, struct str rest, const char *at);
static const struct {
	const char *name;
	directive_fn *fn;
} directives[] = {
	{ "$ORIGIN", read_origin },
	{ "$INCLUDE", read_include },
	{ "$GENERATE", read_generate },
	{ "$TTL", read_ttl },
};

static void
read_directive(struct reader *rd, struct str line)
{
	struct str rest = str_cut(line, 0, str_find(line, ';')), name;
	size_t i = 0;

	format_word(&rest, &name);
	while (i < ARRAY_LEN(directives) && !str_ieq(name, str_from(directives[i].name)))
		i++;
	if (i == ARRAY_LEN(directives))
		diag_error(rd->d, place(rd, line.p), "%.*s: no directive of a master file",
		    STR_FMT(name));
	else
		directives[i].fn(rd, rest, line.p);
}

/* --- texts ------------------------------------------------------------ */

/* The next line that begins with a $, or end. */
static const char *
next_directive(const char *p, const char *end, struct str *line)
{
	for (; p < end; p = line->p + line->n + 1) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		*line = (struct str){ p, (size_t)((lf ? lf : end) - p) };
		if (*p == '$')
			return p;
	}
	return end;
}

static void
read_text(struct reader *rd, const char *p, const char *end)
{
	struct str line = STR_NONE;

	while (p < end) {
		const char *stop = next_directive(p, end, &line);
		scan_all(rd, p, stop);
		if (stop == end)
			break;
		read_directive(rd, line);
		p = line.p + line.n < end ? line.p + line.n + 1 : end;
	}
}

/* Reads a source below another; NULL, or what is wrong with the origin. */
static const char *
read_source(const struct text_source *source, const struct reader *parent, struct reader *rd,
    struct str origin)
{
	const char *why = NULL;

	*rd = *parent;
	rd->source = source;
	zone_text_init(&rd->text, rd->arena, source);
	rd->at = rd->text.p;
	rd->depth++;
	rd->scanner = arena_alloc(rd->arena, sizeof(*rd->scanner));
	zs_init(rd->scanner, NO_ORIGIN, CLASS_IN, DEFAULT_TTL);
	if (parent->scanner)
		scanner_inherit(rd->scanner, parent->scanner);
	if (origin.n)
		why = set_origin(rd, origin);
	if (!why && rd->depth == 1 && rd->in->before.n)
		tell_scanner(rd, rd->in->before); /* no message can be about it */
	if (!why)
		read_text(rd, rd->text.p, rd->text.p + rd->text.n);
	zs_deinit(rd->scanner);
	zone_text_release(&rd->text);
	return why;
}

/* What named and other servers write instead of text (`masterfile-format raw`). */
static bool
is_raw(const struct text_source *s)
{
	return s->n >= 4 && memcmp(s->p, "\0\0\0", 3) == 0 && s->p[3] >= 1 && s->p[3] <= 3;
}

/* What dig says, as a comment, of a transfer that it did not end. */
static const char *
transfer_failure(const struct text_source *s)
{
	static const char *const words[] = { "; Transfer failed.", ";; communications error",
		";; no servers could be reached", ";; connection timed out" };
	const char *end = s->p + s->n;

	for (const char *p = s->p, *lf; p < end; p = lf ? lf + 1 : end) {
		lf = memchr(p, '\n', (size_t)(end - p));
		for (size_t i = 0; *p == ';' && i < ARRAY_LEN(words); i++)
			if (str_starts((struct str){ p, (size_t)(end - p) }, str_from(words[i])))
				return p;
	}
	return NULL;
}

bool
zone_scan(const struct format_input *in, struct arena *a, zone_record_fn *fn, void *ctx,
    struct diags *d)
{
	size_t records = 0, errors = d->errors;
	struct reader top = { .in = in,
		.arena = a,
		.fn = fn,
		.ctx = ctx,
		.d = d,
		.records = &records },
		      rd;
	struct str origin = in->origin;
	const char *failure = transfer_failure(&in->source);

	if (is_raw(&in->source)) {
		diag_fail(d, STATUS_USAGE, "%s: a zone in raw format, no text", in->source.name);
		diag_hint(d, "named-compilezone -f raw -F text -s full -o - ZONE FILE");
		return false;
	}
	if (in->source.n && memchr(in->source.p, 0, in->source.n)) {
		diag_fail(d, STATUS_USAGE, "%s: is no text, so no master file", in->source.name);
		return false;
	}
	if (failure)
		diag_error(d, failure, "dig did not end this transfer: not a whole zone");
	if (origin.n && origin.p[origin.n - 1] != '.')
		origin = arena_fmt(a, "%.*s.", STR_FMT(origin));
	const char *why = read_source(&in->source, &top, &rd, origin);
	if (why)
		diag_fail(d, STATUS_USAGE, "%s: the origin %.*s: %s", in->source.name,
		    STR_FMT(origin), why);
	if (records == 0 && d->errors == errors && !in->may_be_empty)
		diag_fail(d, STATUS_USAGE, "%s: no record in it", in->source.name);
	return d->errors == errors;
}

static void
take_fact(void *ctx, const struct zone_rr *rr)
{
	zone_facts_add(ctx, rr);
}

void
zone_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	struct format_input any = *in;
	struct zone_facts z;

	any.any_type = true;
	zone_facts_init(&z, facts);
	zone_scan(&any, &facts->arena, take_fact, &z, d);
	zone_facts_end(&z);
}

#endif
