/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: which one, and what they have in common. */
#include "report.h"

/* --- sheets ----------------------------------------------------------- */

static size_t
column_by_name(const struct sheet *s, struct str field)
{
	size_t i = 0;

	while (i < s->columns && !str_eq(field, str_from(s->column[i].name)))
		i++;
	return i;
}

static bool
is_usual(const struct out *o, unsigned flags)
{
	return !(flags & COLUMN_ASKED) && (!(flags & COLUMN_BAR) || out_has_bars(o)) &&
	       (!(flags & COLUMN_TABLE) || o->format == FORMAT_TABLE) &&
	       (!(flags & COLUMN_DATA) || o->format == FORMAT_TSV || o->format == FORMAT_JSON);
}

/* Those that are shown unasked. */
static struct str
usual_columns(struct ctx *c, const struct sheet *s)
{
	struct buf b;

	buf_init(&b, c->env);
	for (size_t i = 0; i < s->columns; i++) {
		if (!is_usual(c->out, s->column[i].flags))
			continue;
		buf_fmt(&b, "%s%s", b.n ? "," : "", s->column[i].name);
	}
	struct str fields = arena_str(&c->out->arena, buf_get(&b));
	buf_release(&b);
	return fields;
}

enum status
report_sheet(struct ctx *c, struct sheet *s, const struct column *column, size_t columns,
    report_cell_fn *cell)
{
	struct str rest, field;
	size_t n = 0;

	*s = (struct sheet){ c, column, columns, cell, STR_NONE };
	c->has_fields = true;
	c->column = column;
	c->columns = columns;
	s->fields =
	    args_has(&c->args, "fields") ? args_get(&c->args, "fields") : usual_columns(c, s);
	struct column *shown = arena_zalloc(&c->out->arena, (s->fields.n + 1) * sizeof(*shown));
	for (rest = s->fields; str_next(&rest, ',', &field); n++) {
		size_t known = column_by_name(s, field);
		if (!attr_name_is_valid(field))
			return diag_fail(c->diags, STATUS_USAGE, "--fields %.*s: no such field",
			    STR_FMT(field));
		if (known < columns)
			shown[n] = column[known];
		else
			shown[n].name = arena_z(&c->out->arena, field);
	}
	if (n == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--fields wants names of fields");
	out_columns(c->out, shown, n);
	return STATUS_OK;
}

enum status
report_table(struct ctx *c, struct sheet *s, const struct column *column, size_t columns,
    report_cell_fn *cell)
{
	struct str rest, field;
	enum status status = report_sheet(c, s, column, columns, cell);

	if (status)
		return status;
	for (rest = s->fields; str_next(&rest, ',', &field);) {
		if (column_by_name(s, field) < columns || str_eq(s->fields, STR("help")))
			continue;
		diag_fail(c->diags, STATUS_USAGE, "--fields %.*s: no such field", STR_FMT(field));
		diag_hint(c->diags, "ipam report %s --fields help", c->cmd->verb);
		return STATUS_USAGE;
	}
	c->has_fields = false;
	return STATUS_OK;
}

void
report_row(struct sheet *s, const struct rec *rec, const void *row)
{
	struct ctx *c = s->c;
	struct str rest, field, value;

	out_row(c->out, rec);
	for (rest = s->fields; str_next(&rest, ',', &field);) {
		size_t known = column_by_name(s, field);
		if (known < s->columns)
			s->cell(c, row, known);
		else
			out_str(c->out, rec && query_field(c->db, rec, field, false, &value)
					    ? value
					    : STR_NONE);
	}
}

struct column *
report_columns(struct ctx *c, const struct column *column, size_t columns, unsigned long shown)
{
	struct column *copy = arena_alloc(&c->out->arena, columns * sizeof(*copy));

	memcpy(copy, column, columns * sizeof(*copy));
	for (size_t i = 0; i < columns; i++)
		if (shown >> i & 1)
			copy[i].flags &= ~(unsigned)COLUMN_ASKED;
	return copy;
}

bool
report_has_foot(const struct ctx *c)
{
	return c->out->format == FORMAT_TABLE && !args_has(&c->args, "fields");
}

bool
report_family(const struct ctx *c, enum family f)
{
	bool v4 = args_has(&c->args, "ipv4"), v6 = args_has(&c->args, "ipv6");

	return v4 == v6 || (f == IPV4 ? v4 : v6);
}

enum status
report_select(struct ctx *c, struct select *s)
{
	enum status status = STATUS_OK;

	select_init(s, c->db, c->scope, args_has(&c->args, "own"));
	for (size_t i = 0; i < c->args.word.n && !status; i++)
		status = select_add(s, c->args.word.v[i], c->diags);
	return status;
}

/* --- the order of rows ------------------------------------------------ */

static enum status
unknown_order(struct ctx *c, const struct order *orders)
{
	struct buf names;

	buf_init(&names, c->env);
	for (const struct order *o = orders; o->name; o++)
		buf_fmt(&names, "%s%s", o == orders ? "" : o[1].name ? ", " : " or ", o->name);
	diag_fail(c->diags, STATUS_USAGE, "--sort %.*s: %.*s is wanted",
	    STR_FMT(args_get(&c->args, "sort")), STR_FMT(buf_get(&names)));
	buf_release(&names);
	return STATUS_USAGE;
}

enum status
report_order(struct ctx *c, const struct order *orders, struct ordering *out)
{
	struct str name = args_get(&c->args, "sort");
	const struct order *o = orders;

	out->order = args_has(&c->args, "top") ? orders : NULL;
	if (args_has(&c->args, "sort")) {
		while (o->name && !str_eq(name, str_from(o->name)))
			o++;
		if (!o->name)
			return unknown_order(c, orders);
		out->order = o;
	}
	return cmd_number(c, "top", UINT64_MAX, 1, UINT32_MAX, &out->top);
}

static int
heavier(const void *va, const void *vb)
{
	const struct rank *a = va, *b = vb;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

size_t
report_sort(const struct ordering *o, void *rows, size_t n, size_t size)
{
	char *row = rows;

	if (o->order && n) {
		for (size_t i = 0; i < n; i++, row += size)
			*(struct rank *)(void *)row = (struct rank){ o->order->weigh(row), i };
		qsort(rows, n, size, heavier);
	}
	return n < o->top ? n : (size_t)o->top;
}

/* --- report alone ----------------------------------------------------- */

/* Whether a first word is part of a SELECT and not meant to name a report. */
static bool
is_select(struct ctx *c, struct str word)
{
	struct find f;

	if (!name_is_valid(word) || ip_looks_like_key(word))
		return true;
	find_start(&f, c->db, INDEX_NAME, word);
	return find_next(&f) != NULL;
}

static enum status
unknown_report(struct ctx *c, struct str word)
{
	const char *names[32];
	size_t n = 0;

	for (size_t i = 0; i < cmd_table_len && n < ARRAY_LEN(names); i++)
		if (cmd_table[i].verb && strcmp(cmd_table[i].noun, "report") == 0)
			names[n++] = cmd_table[i].verb;
	diag_fail(c->diags, STATUS_USAGE, "report %.*s: neither a report nor a name of the plan",
	    STR_FMT(word));
	const char *near = diag_nearest(word, names, n);
	if (near)
		diag_hint(c->diags, "report %s", near);
	else
		diag_hint(c->diags, "ipam help report");
	return STATUS_USAGE;
}

enum status
cmd_report(struct ctx *c)
{
	if (c->args.word.n && !is_select(c, c->args.word.v[0]))
		return unknown_report(c, c->args.word.v[0]);
	return cmd_report_usage(c);
}
