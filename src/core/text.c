/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_parts.h"

#include <stdio.h>

#include "bytes.h"
#include "word.h"

struct span
rec_span(const struct rec *r)
{
	return (struct span){ r->first, r->last, r->family, r->kind == KIND_SUBNET ? r->plen : -1 };
}

struct str
rec_line(const struct rec *r)
{
	return (struct str){ r->line, r->len };
}

static size_t
skip_blanks(struct str s, size_t at)
{
	while (at < s.n && ascii_blank(s.p[at]))
		at++;
	return at;
}

static size_t
skip_word(struct str s, size_t at)
{
	while (at < s.n && !ascii_blank(s.p[at]))
		at++;
	return at;
}

static size_t
key_start(const struct rec *r)
{
	return skip_blanks(rec_line(r), 0);
}

struct str
rec_key(const struct rec *r)
{
	size_t at = key_start(r);

	return str_cut(rec_line(r), at, at + r->keylen);
}

struct str
rec_object_kind(const struct rec *r)
{
	struct str key = rec_key(r);

	return str_cut(key, 1, skip_word(key, 1));
}

struct str
rec_object_name(const struct rec *r)
{
	struct str key = rec_key(r);

	return str_cut(key, skip_blanks(key, skip_word(key, 1)), key.n);
}

bool
rec_is_object(const struct rec *r, const char *kind)
{
	return r->kind == KIND_OBJECT && str_eq(rec_object_kind(r), str_from(kind));
}

/* --- attributes ------------------------------------------------------- */

void
attr_start(struct attr_iter *it, const struct rec *r)
{
	*it = (struct attr_iter){ .line = rec_line(r), .at = key_start(r) + r->keylen };
}

static size_t
attr_name_end(struct str s, size_t at)
{
	/* clang-format off */
	static const bool is_part[256] = {
		['-'] = true, true, ['0'] = true, true, true, true, true, true, true, true, true,
		true, ['_'] = true, ['a'] = true, true, true, true, true, true, true, true, true,
		true, true, true, true, true, true, true, true, true, true, true, true, true, true,
		true, true, true,
	};
	/* clang-format on */

	while (at < s.n && is_part[(unsigned char)s.p[at]])
		at++;
	return at;
}

/* The first place from `at` on where a value may end, or be wrong: whatever is
 * below '#' or, in quotes, the quote or a backslash. */
static size_t
value_stop(struct str s, size_t at, bool quoted)
{
	for (; at + WORD <= s.n; at += WORD) {
		uint64_t x = word_load(s.p + at);
		uint64_t stop =
		    quoted ? word_equal(x, '"') | word_equal(x, '\\') : word_odd(x, '#');
		if (stop)
			return at + word_lowest(stop);
	}
	return at;
}

static bool
attr_fail(struct attr_iter *it, size_t at, const char *why)
{
	it->at = at;
	it->error = why;
	return false;
}

/* Reads from the opening quote; the value is what lies between the quotes. */
static bool
attr_quoted(struct attr_iter *it, size_t at, struct attr *attr)
{
	struct str s = it->line;
	size_t from = at + 1, i = from;

	for (i = value_stop(s, i, true); i < s.n && s.p[i] != '"'; i = value_stop(s, i + 1, true)) {
		if (s.p[i] != '\\')
			continue;
		if (i + 1 >= s.n || (s.p[i + 1] != '"' && s.p[i + 1] != '\\'))
			return attr_fail(it, i, "only \\\" and \\\\ are escapes in a quoted value");
		attr->escaped = true;
		i++;
	}
	if (i >= s.n)
		return attr_fail(it, at, "no closing quote");
	if (i + 1 < s.n && !ascii_blank(s.p[i + 1]))
		return attr_fail(it, i + 1, "a blank must follow the closing quote");
	attr->value = str_cut(s, from, i);
	attr->end = i + 1;
	return true;
}

static bool
attr_bare(struct attr_iter *it, size_t at, struct attr *attr)
{
	struct str s = it->line;
	size_t i = at;

	for (i = value_stop(s, i, false); i < s.n && !ascii_blank(s.p[i]);
	     i = value_stop(s, i + 1, false))
		if (s.p[i] == '"')
			return attr_fail(it, i,
			    "a value with a quote in it must be quoted as a whole");
	if (i == at)
		return attr_fail(it, at, "no value after the = (an empty value is \"\")");
	attr->value = str_cut(s, at, i);
	attr->end = i;
	return true;
}

bool
attr_next(struct attr_iter *it, struct attr *attr)
{
	struct str s = it->line;
	size_t at = skip_blanks(s, it->at);

	if (at >= s.n || s.p[at] == '#')
		return false;
	size_t name = at, equals = attr_name_end(s, at);
	attr->start = it->at;
	attr->escaped = false;
	if (equals == name || s.p[name] < 'a' || s.p[name] > 'z')
		return attr_fail(it, name, "an attribute's name begins with a-z");
	if (equals >= s.n || ascii_blank(s.p[equals]))
		return attr_fail(it, name, "not an attribute: name=value is wanted");
	if (s.p[equals] != '=')
		return attr_fail(it, equals, "an attribute's name has only a-z, 0-9, _, . and -");
	attr->name = str_cut(s, name, equals);
	at = equals + 1;
	bool ok = at < s.n && s.p[at] == '"' ? attr_quoted(it, at, attr) : attr_bare(it, at, attr);
	if (!ok)
		return false;
	attr->raw = str_cut(s, at, attr->end);
	it->at = attr->end;
	return true;
}

bool
attr_resume(struct attr_iter *it)
{
	struct str rest = str_cut(it->line, it->at, it->line.n);

	if (!it->error || str_find(rest, '"') < rest.n)
		return false;
	it->error = NULL;
	it->at = skip_word(it->line, it->at);
	return true;
}

uint8_t
rec_attr_flags(struct str name, enum kind kind)
{
	static const struct {
		struct str name;
		unsigned kinds;
		uint8_t flags;
	} of[] = {
		{ { "name", 4 }, K_SUBNET | K_RANGE, REC_NAMED },
		{ { "host", 4 }, K_ADDRESS, REC_NAMED },
		{ { "alias", 5 }, K_ADDRESS, REC_OWN_DNS },
		{ { "dns", 3 }, K_ADDRESS, REC_OWN_DNS },
		{ { "domain", 6 }, K_ADDRESS, REC_OWN_DNS },
		{ { "expires", 7 }, K_ADDRESS, REC_OWN_DNS },
		{ { "reverse", 7 }, K_ADDRESS, REC_OWN_DNS },
		{ { "status", 6 }, K_ADDRESS, REC_OWN_DNS },
		{ { "view", 4 }, K_ADDRESS, REC_OWN_DNS },
	};

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if ((of[i].kinds & (1u << kind)) && str_eq(of[i].name, name))
			return of[i].flags;
	return 0;
}

bool
attr_find(const struct rec *r, struct str name, struct attr *attr)
{
	uint8_t flags = rec_attr_flags(name, r->kind);
	struct attr_iter it;

	if ((r->flags & flags) != flags)
		return false;
	attr_start(&it, r);
	while (attr_next(&it, attr))
		if (str_eq(attr->name, name))
			return true;
	return false;
}

struct str
attr_value(const struct attr *attr, struct arena *a)
{
	if (!attr->escaped)
		return attr->value;
	char *p = arena_alloc(a, attr->value.n);
	size_t n = 0;
	for (size_t i = 0; i < attr->value.n; i++) {
		if (attr->value.p[i] == '\\')
			i++;
		p[n++] = attr->value.p[i];
	}
	return (struct str){ p, n };
}

void
text_quote(struct buf *b, struct str value)
{
	bool bare = value.n > 0;

	for (size_t i = 0; i < value.n && bare; i++)
		bare = !ascii_blank(value.p[i]) && value.p[i] != '"';
	if (bare) {
		buf_str(b, value);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, value.p[i]);
	}
	buf_char(b, '"');
}

const char *
text_value_fault(struct str value, size_t *at)
{
	*at = 0;
	switch (bytes_fault(value, false, at)) {
	case RULE_UTF8: return "is not UTF-8";
	case RULE_CONTROL: return "has a control character";
	default: return NULL;
	}
}

/* --- lines ------------------------------------------------------------ */

struct reader {
	const struct text_source *source;
	struct vrfs *vrfs;
	text_record_fn *on_record;
	void *ctx;
	struct diags *d;
	bool any;      /* a record has been read */
	bool is_newer; /* the format is one that nobody here can read */
};

static void __attribute__((format(printf, 4, 5)))
complain(struct reader *rd, enum rule rule, const char *at, const char *fmt, ...)
{
	va_list ap;
	char text[512];

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_at(rd->d, SEV_ERROR, rule, (struct pos){ at }, "%s", text);
}

static bool
is_conflict_marker(struct str s)
{
	static const char marks[] = "<>|=";

	if (s.n < 7 || !memchr(marks, s.p[0], 4))
		return false;
	for (size_t i = 1; i < 7; i++)
		if (s.p[i] != s.p[0])
			return false;
	return s.n == 7 || s.p[7] == ' ';
}

/* Reads "@kind name" from the word that ends at `end`. */
static bool
read_object(struct reader *rd, struct str line, size_t start, size_t end, struct rec *r)
{
	size_t name = skip_blanks(line, end), name_end = skip_word(line, name);
	struct str kind = str_cut(line, start + 1, end), label = str_cut(line, name, name_end);
	size_t percent = str_find(label, '%');

	if (!attr_name_is_valid(kind)) {
		complain(rd, RULE_SYNTAX, line.p + start,
		    "an object is written @kind name, the kind in a-z");
		return false;
	}
	if (name == name_end || label.p[0] == '#' || str_find(label, '=') < label.n) {
		complain(rd, RULE_SYNTAX, line.p + start, "@%.*s has no name", STR_FMT(kind));
		return false;
	}
	bool view = percent < label.n && str_eq(kind, STR("zone"));
	if (!label_is_valid(str_cut(label, 0, view ? percent : label.n)) ||
	    (view && !label_is_valid(str_cut(label, percent + 1, label.n)))) {
		complain(rd, RULE_SYNTAX, label.p,
		    "an object's name has no quote, comma, %% or control character");
		return false;
	}
	if (name_end - start > UINT16_MAX) {
		complain(rd, RULE_SYNTAX, line.p + start, "an object's name is too long");
		return false;
	}
	r->kind = str_eq(kind, STR("ipam")) ? KIND_HEADER : KIND_OBJECT;
	r->keylen = (uint16_t)(name_end - start);
	return true;
}

static bool
read_plan_key(struct reader *rd, struct str line, size_t start, size_t end, struct rec *r)
{
	struct str word = str_cut(line, start, end);
	struct ip_error err;
	struct key key;

	if (!key_parse(word, &key, &err)) {
		key_complain(rd->d, word, &err, (struct pos){ word.p }, SEV_ERROR);
		return false;
	}
	if (rec_set_key(r, word, &key, rd->vrfs))
		return true;
	complain(rd, RULE_BAD_KEY, word.p,
	    word.n > UINT16_MAX ? "the key is too long" : "too many VRFs");
	return false;
}

static bool
is_number(struct str s)
{
	size_t digits = 0;

	while (digits < s.n && ascii_digit(s.p[digits]))
		digits++;
	return digits == s.n;
}

/* The version is of the file, so it is looked at here. */
static void
check_header(struct reader *rd, const struct rec *r)
{
	struct str name = rec_object_name(r);
	uint64_t version = FORMAT_VERSION;

	rd->is_newer = !rd->any && is_number(name) && !str_uint(name, FORMAT_VERSION, &version);
	if (rd->any)
		complain(rd, RULE_VERSION, rec_key(r).p, "@ipam must be the first record");
	else if (!is_number(name) || version == 0)
		complain(rd, RULE_VERSION, name.p, "@ipam wants a version: @ipam %d",
		    FORMAT_VERSION);
	else if (rd->is_newer)
		complain(rd, RULE_VERSION, name.p,
		    "format version %.*s is newer than this program (it knows %d)", STR_FMT(name),
		    FORMAT_VERSION);
}

/* Whether an attribute before this one has its name. */
static bool
is_repeated(const struct rec *r, const struct attr *attr)
{
	struct attr_iter it;
	struct attr before;

	attr_start(&it, r);
	do
		while (attr_next(&it, &before) && before.name.p != attr->name.p)
			if (str_eq(before.name, attr->name))
				return true;
	while (attr_resume(&it));
	return false;
}

/* A TAB may stand between words, but not in a value. */
static void
check_quoted(struct reader *rd, const struct attr *attr)
{
	const char *tab = attr->value.n ? memchr(attr->value.p, '\t', attr->value.n) : NULL;

	if (tab)
		complain(rd, RULE_CONTROL, tab, "control character 0x09");
}

/* A few names seldom share a bit of `seen`: then there is none to compare. */
static void
check_attr(struct reader *rd, struct rec *r, const struct attr *attr, uint64_t *seen)
{
	struct str name = attr->name;
	uint64_t bit = (uint64_t)1
	               << ((unsigned)name.p[0] * 5 + (unsigned)name.p[name.n - 1] + name.n) % 64;

	r->flags |= rec_attr_flags(name, r->kind);
	if ((*seen & bit) && is_repeated(r, attr))
		complain(rd, RULE_DUPLICATE_ATTR, name.p, "%.*s is given twice", STR_FMT(name));
	*seen |= bit;
	if (attr->raw.p[0] == '"')
		check_quoted(rd, attr);
}

/* One word that is none may make others look so: the first is said. */
static void
check_attrs(struct reader *rd, struct rec *r)
{
	struct attr_iter it;
	struct attr attr;
	uint64_t seen = 0;
	bool said = false;

	attr_start(&it, r);
	do {
		while (attr_next(&it, &attr))
			check_attr(rd, r, &attr, &seen);
		if (it.error && !said)
			complain(rd, RULE_SYNTAX, r->line + it.at, "%s", it.error);
		said = true;
	} while (attr_resume(&it));
}

static bool
read_record(struct reader *rd, struct str line, size_t start, struct rec *r)
{
	size_t end = skip_word(line, start);

	*r = (struct rec){ .line = line.p, .len = (uint32_t)line.n };
	return line.p[start] == '@' ? read_object(rd, line, start, end, r)
	                            : read_plan_key(rd, line, start, end, r);
}

static struct str
check_bytes(struct reader *rd, struct str line)
{
	size_t at = 0;
	enum rule rule;

	if (line.n && line.p[line.n - 1] == '\r') {
		line.n--;
		complain(rd, RULE_CR, line.p + line.n,
		    "CR at the end of the line (ipam fmt removes it)");
	}
	rule = bytes_fault(line, true, &at);
	if (rule == RULE_UTF8)
		complain(rd, rule, line.p + at, "not UTF-8");
	else if (rule == RULE_CONTROL)
		complain(rd, rule, line.p + at, "control character 0x%02x",
		    (unsigned)(unsigned char)line.p[at + (line.p[at] == '\xc2')]);
	return line;
}

static void
read_line(struct reader *rd, struct str line)
{
	struct rec r;

	if (!bytes_are_plain(line))
		line = check_bytes(rd, line);
	size_t start = skip_blanks(line, 0);
	if (start == line.n || line.p[start] == '#')
		return;
	if (is_conflict_marker(line)) {
		complain(rd, RULE_CONFLICT_MARKER, line.p,
		    "conflict marker of a merge: settle the conflict and delete the marker");
		return;
	}
	if (read_record(rd, line, start, &r)) {
		if (r.kind == KIND_HEADER)
			check_header(rd, &r);
		check_attrs(rd, &r);
		rd->on_record(rd->ctx, &r);
	}
	rd->any = true;
}

bool
text_read(const struct text_source *source, struct vrfs *vrfs, text_record_fn *on_record, void *ctx,
    struct diags *d)
{
	struct reader rd = { source, vrfs, on_record, ctx, d, false, false };
	const char *p = source->p, *end = source->p + source->n;
	struct quick quick;
	struct rec r;

	quick_init(&quick, vrfs);
	if (source->n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		complain(&rd, RULE_BOM, p, "byte order mark (ipam fmt removes it)");
		p += 3;
	}
	while (p < end && !rd.is_newer) {
		const char *next = quick_line(&quick, p, end, &r);
		if (next) {
			on_record(ctx, &r);
			rd.any = true;
			p = next;
			continue;
		}
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf ? lf : end;
		read_line(&rd, (struct str){ p, (size_t)(stop - p) });
		p = stop + 1;
	}
	return !rd.is_newer;
}

static void
keep_record(void *ctx, const struct rec *r)
{
	*(struct rec *)ctx = *r;
}

bool
text_read_line(struct str line, struct vrfs *vrfs, struct rec *out)
{
	struct diags d;
	struct text_source source = { "", line.p, line.n };

	struct reader rd = { &source, vrfs, keep_record, out, &d, false, false };

	*out = (struct rec){ 0 };
	diags_init(&d, vrfs->arena->env);
	read_line(&rd, line);
	bool ok = out->kind != KIND_NONE && d.errors == 0 && out->len == line.n;
	diags_release(&d);
	return ok;
}
