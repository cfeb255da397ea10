/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV (RFC 4180).  The header's cells are the names of attributes, but for
 * prefix, range, address (key: any of them), of which each row has one, and vrf.
 *
 * More than RFC 4180 asks is read: LF line ends, a byte order mark, blanks
 * around cells, short rows, and `;` or TAB for a comma if the header has them.
 */
#include "format.h"

struct cell {
	struct str text;
	const char *at;
};

struct reader {
	struct facts *facts;
	struct diags *d;
	const char *at, *end;
	char comma;
	VEC(struct cell) header, row;
};

static const struct {
	const char *name, *wanted;
	unsigned kinds;
} key_columns[] = {
	{ "prefix", "a prefix like 10.0.0.0/24", K_SUBNET },
	{ "range", "a range like 10.0.0.100-10.0.0.199", K_RANGE },
	{ "address", "an address", K_ADDRESS },
	{ "key", "a prefix, a range or an address", K_PLAN },
};

/* --- cells ------------------------------------------------------------ */

static bool
is_row_end(const struct reader *rd)
{
	return rd->at == rd->end || *rd->at == '\n' ||
	       (*rd->at == '\r' && (rd->at + 1 == rd->end || rd->at[1] == '\n'));
}

static bool
is_blank(const struct reader *rd, char c)
{
	return c == ' ' || (c == '\t' && rd->comma != '\t');
}

static void
skip_blanks(struct reader *rd)
{
	while (rd->at < rd->end && is_blank(rd, *rd->at))
		rd->at++;
}

/* The text of a quoted cell, with each "" as one ". */
static struct str
undouble(struct reader *rd, struct str s)
{
	char *p = arena_alloc(&rd->facts->arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		p[n++] = s.p[i];
		if (s.p[i] == '"')
			i++;
	}
	return (struct str){ p, n };
}

static bool
read_quoted(struct reader *rd, struct cell *cell)
{
	const char *from = ++rd->at;
	bool doubled = false;

	for (; rd->at < rd->end; rd->at++) {
		if (*rd->at != '"')
			continue;
		if (rd->at + 1 == rd->end || rd->at[1] != '"')
			break;
		doubled = true;
		rd->at++;
	}
	if (rd->at == rd->end) {
		diag_error(rd->d, from - 1, "no closing quote");
		return false;
	}
	cell->text = (struct str){ from, (size_t)(rd->at++ - from) };
	cell->at = from;
	if (doubled)
		cell->text = undouble(rd, cell->text);
	skip_blanks(rd);
	if (is_row_end(rd) || *rd->at == rd->comma)
		return true;
	diag_error(rd->d, rd->at,
	    "something follows the closing quote (a quote in a quoted cell is doubled)");
	return false;
}

static bool
read_bare(struct reader *rd, struct cell *cell)
{
	const char *from = rd->at, *quote = NULL;

	for (; !is_row_end(rd) && *rd->at != rd->comma; rd->at++)
		if (*rd->at == '"')
			quote = rd->at;
	cell->text = (struct str){ from, (size_t)(rd->at - from) };
	cell->at = from;
	while (cell->text.n && is_blank(rd, cell->text.p[cell->text.n - 1]))
		cell->text.n--;
	if (quote)
		diag_error(rd->d, quote, "a cell with a quote in it must be quoted as a whole");
	return !quote;
}

static void
skip_row(struct reader *rd)
{
	const char *lf = memchr(rd->at, '\n', (size_t)(rd->end - rd->at));

	rd->at = lf ? lf + 1 : rd->end;
}

/* Reads rd->row; false if it is broken. */
static bool
read_row(struct reader *rd)
{
	struct cell cell;

	rd->row.n = 0;
	for (;; rd->at++) {
		skip_blanks(rd);
		bool quoted = rd->at < rd->end && *rd->at == '"';
		if (!(quoted ? read_quoted : read_bare)(rd, &cell)) {
			skip_row(rd);
			return false;
		}
		vec_push(rd->facts->env, &rd->row, cell);
		if (is_row_end(rd))
			break;
	}
	skip_row(rd);
	return true;
}

/* --- the header ------------------------------------------------------- */

static size_t
key_column(struct str name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(key_columns) && !str_eq(name, str_from(key_columns[i].name)))
		i++;
	return i;
}

static struct str
lower(struct reader *rd, struct str s)
{
	char *p = arena_alloc(&rd->facts->arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)ascii_lower(s.p[i]);
	return (struct str){ p, s.n };
}

static bool
is_column_twice(const struct reader *rd, struct str name)
{
	for (size_t i = 0; i < rd->header.n; i++)
		if (str_eq(rd->header.v[i].text, name))
			return true;
	return false;
}

static void
read_header(struct reader *rd)
{
	bool has_key = false, ok = read_row(rd);

	for (size_t i = 0; ok && i < rd->row.n; i++) {
		struct cell cell = { lower(rd, rd->row.v[i].text), rd->row.v[i].at };
		bool is_key = key_column(cell.text) < ARRAY_LEN(key_columns);
		has_key |= is_key;
		if (is_column_twice(rd, cell.text))
			diag_error(rd->d, cell.at, "%.*s: a column of this name is there already",
			    STR_FMT(cell.text));
		else if (!is_key && !str_eq(cell.text, STR("vrf")) &&
			 !attr_name_is_valid(cell.text))
			diag_error(rd->d, cell.at,
			    "'%.*s': no name of an attribute (a-z, 0-9, _, . and -)",
			    STR_FMT(cell.text));
		else if (!is_key && !str_eq(cell.text, STR("vrf")) && schema_is_field(cell.text))
			diag_error(rd->d, cell.at,
			    "%.*s is the name of an output field and cannot be an attribute",
			    STR_FMT(cell.text));
		vec_push(rd->facts->env, &rd->header, cell);
	}
	if (ok && !has_key)
		diag_error(rd->d, rd->header.v[0].at,
		    "the header names no column prefix, range or address");
}

/* --- records ---------------------------------------------------------- */

/* Leaves a mask off an address: 10.0.0.5/24, 10.0.0.5/24%blue. */
static struct str
without_mask(struct reader *rd, struct str s)
{
	size_t slash = str_find(s, '/'), percent = str_find(s, '%');
	struct ip_error err;
	struct span span;

	if (slash > percent || slash == s.n)
		return s;
	if (!prefix_parse(str_cut(s, 0, percent), &span, &err) && !err.host_bits)
		return s;
	return percent == s.n ? str_cut(s, 0, slash)
	                      : arena_join(&rd->facts->arena, str_cut(s, 0, slash),
				    str_cut(s, percent, s.n), STR_NONE);
}

/* A row may name its VRF in the key and in a column of its own. */
static void
set_vrf(struct reader *rd, struct fact_record *record, struct str vrf, const char *at)
{
	if (record->has_vrf && !str_ieq(record->vrf, vrf))
		diag_error(rd->d, at, "the row is in VRF %.*s and in VRF %.*s",
		    STR_FMT(record->vrf.n ? record->vrf : STR("default")),
		    STR_FMT(vrf.n ? vrf : STR("default")));
	record->has_vrf = true;
	record->vrf = vrf;
}

static bool
read_key(struct reader *rd, size_t column, struct cell cell, struct fact_record *record)
{
	struct str text =
	    key_columns[column].kinds == K_ADDRESS ? without_mask(rd, cell.text) : cell.text;
	struct ip_error err;
	struct key key;

	if (!key_parse(text, &key, &err)) {
		key_complain(rd->d, text, &err, (struct pos){ cell.at }, SEV_ERROR);
		return false;
	}
	if (!((1u << key.kind) & key_columns[column].kinds)) {
		diag_error(rd->d, cell.at, "%.*s: %s is wanted", STR_FMT(text),
		    key_columns[column].wanted);
		return false;
	}
	record->kind = key.kind;
	record->span = key.span;
	if (key.has_vrf)
		set_vrf(rd, record, key.vrf, cell.at);
	return true;
}

static void
read_cell(struct reader *rd, size_t i, struct fact_record *record, size_t *keys)
{
	struct str name = rd->header.v[i].text;
	struct cell cell = rd->row.v[i];
	size_t column = key_column(name);

	if (column < ARRAY_LEN(key_columns)) {
		if ((*keys)++ == 0)
			read_key(rd, column, cell, record);
		else
			diag_error(rd->d, cell.at, "%.*s: the row has another key already",
			    STR_FMT(cell.text));
	} else if (str_eq(name, STR("vrf"))) {
		set_vrf(rd, record, str_ieq(cell.text, STR("default")) ? STR_NONE : cell.text,
		    cell.at);
	} else {
		record->attr[record->attrs++] = (struct fact_attr){ name, cell.text, cell.at };
	}
}

static void
read_record(struct reader *rd)
{
	struct fact_record *record = arena_zalloc(&rd->facts->arena, sizeof(*record));
	const char *at = NULL;
	size_t keys = 0;

	record->attr = arena_alloc(&rd->facts->arena, rd->header.n * sizeof(*record->attr));
	for (size_t i = 0; i < rd->row.n; i++) {
		if (rd->row.v[i].text.n == 0)
			continue;
		at = at ? at : rd->row.v[i].at;
		if (i < rd->header.n)
			read_cell(rd, i, record, &keys);
		else
			diag_error(rd->d, rd->row.v[i].at, "more cells than the header has");
	}
	if (at && keys == 0)
		diag_error(rd->d, at, "no prefix, range or address");
	if (record->kind != KIND_NONE)
		facts_add(rd->facts, FACT_RECORD, at)->record = record;
}

/* Without the blank lines before it. */
static struct str
from_header(struct str text)
{
	struct str rest = text, line;

	while (str_next(&rest, '\n', &line))
		if (str_trim(line).n)
			return str_cut(text, (size_t)(line.p - text.p), text.n);
	return str_cut(text, text.n, text.n);
}

/* The first comma, semicolon or TAB of the header. */
static char
separator(struct str text)
{
	for (size_t i = 0; i < text.n && text.p[i] != '\n'; i++)
		if (memchr(",;\t", text.p[i], 3))
			return text.p[i];
	return ',';
}

void
csv_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	struct str text = from_header(format_text(&in->source));
	struct reader rd = { .facts = facts,
		.d = d,
		.at = text.p,
		.end = text.p + text.n,
		.comma = separator(text) };
	size_t errors = d->errors;

	if (text.n == 0)
		diag_fail(d, STATUS_USAGE, "%s: empty: no header", in->source.name);
	else
		read_header(&rd);
	bool has_header = d->errors == errors;
	while (has_header && rd.at < rd.end)
		if (read_row(&rd))
			read_record(&rd);
	vec_release(&rd.header);
	vec_release(&rd.row);
}
