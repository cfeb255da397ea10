/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV (RFC 4180, with LF), written as csv.c reads it: the key with its VRF, then a
 * column for each attribute that any of the records has, those that the program knows
 * first.  What CSV has no form for is an attribute with an empty value.
 */
#include "format.h"

struct writer {
	const struct format_request *q;
	struct buf *text;
	bool spreadsheet;
	VEC(struct str) column;
};

static bool
has_column(const struct writer *w, struct str name)
{
	for (size_t i = 0; i < w->column.n; i++)
		if (str_eq(w->column.v[i], name))
			return true;
	return false;
}

static bool
is_known(struct str name, const struct attr_info *info)
{
	return str_eq(name, str_from(info->name));
}

static void
find_columns(struct writer *w)
{
	VEC(struct str) found = { 0 };
	struct attr_iter it;
	struct attr attr;

	for (size_t i = 0; i < w->q->recs; i++) {
		attr_start(&it, w->q->rec[i]);
		while (attr_next(&it, &attr))
			if (!has_column(w, attr.name)) {
				vec_push(w->q->db->env, &w->column, attr.name);
				vec_push(w->q->db->env, &found, attr.name);
			}
	}
	w->column.n = 0;
	for (size_t i = 0; i < attr_table_len; i++)
		for (size_t k = 0; k < found.n; k++)
			if (is_known(found.v[k], &attr_table[i]) && !has_column(w, found.v[k]))
				vec_push(w->q->db->env, &w->column, found.v[k]);
	for (size_t k = 0; k < found.n; k++)
		if (!has_column(w, found.v[k]))
			vec_push(w->q->db->env, &w->column, found.v[k]);
	vec_release(&found);
}

static bool
needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr(",;\"\t\r\n", s.p[i], 6))
			return true;
	return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

/* A spreadsheet would run what begins so. */
static bool
is_formula(struct str s)
{
	return s.n && memchr("=+-@\t\r", s.p[0], 6);
}

static void
put_cell(struct writer *w, struct str s)
{
	bool quoted = needs_quotes(s);

	if (quoted)
		buf_char(w->text, '"');
	if (w->spreadsheet && is_formula(s))
		buf_char(w->text, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_char(w->text, '"');
		buf_char(w->text, s.p[i]);
	}
	if (quoted)
		buf_char(w->text, '"');
}

static void
put_row(struct writer *w, const struct rec *r, struct diags *d)
{
	struct db *db = w->q->db;
	struct attr attr;

	put_cell(w, db_key(db, r));
	for (size_t i = 0; i < w->column.n; i++) {
		buf_char(w->text, ',');
		if (!attr_find(r, w->column.v[i], &attr))
			continue;
		struct str value = attr_value(&attr, &db->arena);
		put_cell(w, value);
		if (value.n == 0)
			diag_at(d, SEV_WARNING, RULE_NONE, (struct pos){ attr.raw.p },
			    "%.*s: an empty value has no form in CSV; it is left out",
			    STR_FMT(w->column.v[i]));
	}
	buf_char(w->text, '\n');
}

enum status
csv_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct writer w = { .q = q, .text = text };
	struct str none;

	w.spreadsheet = format_option(q, "spreadsheet", &none);
	find_columns(&w);
	buf_z(text, "key");
	for (size_t i = 0; i < w.column.n; i++)
		buf_fmt(text, ",%.*s", STR_FMT(w.column.v[i]));
	buf_char(text, '\n');
	for (size_t i = 0; i < q->recs; i++)
		put_row(&w, q->rec[i], d);
	vec_release(&w.column);
	return STATUS_OK;
}
