/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out.h"

#include "core/bytes.h"
#include "core/glyph.h"

enum { BAR_WIDTH = 10 };

bool
format_by_name(struct str name, enum format *out)
{
	static const char *const names[] = { "table", "tsv", "json", "ipam", "svg" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_eq(name, str_from(names[i])))
			continue;
		*out = (enum format)i;
		return true;
	}
	return false;
}

void
out_init(struct out *o, const struct env *env, enum format format, bool color)
{
	*o = (struct out){ .env = env, .format = format, .color = color && format == FORMAT_TABLE };
	arena_init(&o->arena, env);
	buf_init(&o->text, env);
}

void
out_release(struct out *o)
{
	arena_release(&o->arena);
	vec_release(&o->cell);
	vec_release(&o->row);
	vec_release(&o->wide);
	buf_release(&o->text);
}

void
out_columns(struct out *o, const struct column *column, size_t n)
{
	o->column = column;
	o->columns = n;
}

static size_t
column_by_name(const struct out *o, struct str name)
{
	size_t i = 0;

	while (i < o->columns && !str_eq(name, str_from(o->column[i].name)))
		i++;
	return i;
}

bool
out_has_column(const struct out *o, struct str name)
{
	return column_by_name(o, name) < o->columns;
}

void
out_pick(struct out *o, struct str names)
{
	struct column *column = arena_zalloc(&o->arena, (names.n + 1) * sizeof(*column));
	size_t *from = arena_alloc(&o->arena, (names.n + 1) * sizeof(*from)), n = 0;
	size_t rows = o->columns ? o->cell.n / o->columns : 0;
	struct cell *old = o->cell.v;
	struct str name;

	for (; str_next(&names, ',', &name); n++) {
		from[n] = column_by_name(o, name);
		column[n] = o->column[from[n]];
	}
	o->cell.v = NULL;
	o->cell.n = o->cell.size = 0;
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < n; k++)
			vec_push(o->env, &o->cell, old[i * o->columns + from[k]]);
	free(old);
	out_columns(o, column, n);
}

void
out_clear(struct out *o)
{
	o->columns = o->cell.n = o->row.n = o->text.n = 0;
}

void
out_row(struct out *o, const struct rec *rec)
{
	vec_push(o->env, &o->row, rec);
}

static void
put_cell(struct out *o, struct cell c)
{
	vec_push(o->env, &o->cell, c);
}

void
out_str(struct out *o, struct str s)
{
	put_cell(o, (struct cell){ .kind = CELL_STR, .s = s, .table = s });
}

void
out_shown(struct out *o, struct str s, struct str table)
{
	put_cell(o, (struct cell){ .kind = CELL_STR, .s = s, .table = table });
}

void
out_indented(struct out *o, unsigned depth, struct str s)
{
	struct str table = arena_fmt(&o->arena, "%*s%.*s", (int)depth * 2, "", STR_FMT(s));

	put_cell(o, (struct cell){ .kind = CELL_STR, .s = s, .table = table });
}

/* Large counts short. */
static struct str
short_count(struct out *o, struct count c)
{
	char text[COUNT_TEXT];

	return arena_str(&o->arena, str_from(count_short(text, c)));
}

void
out_count(struct out *o, struct count c)
{
	char text[COUNT_TEXT];
	struct str exact = arena_str(&o->arena, str_from(count_fmt(text, c)));

	put_cell(o, (struct cell){ .kind = CELL_COUNT,
			.s = exact,
			.table = short_count(o, c),
			.count = c });
}

void
out_change(struct out *o, struct count from, struct count to)
{
	int way = count_cmp(to, from);
	struct count n = way < 0 ? count_sub(from, to) : count_sub(to, from);
	char exact[COUNT_TEXT], text[COUNT_TEXT];
	struct str s = arena_fmt(&o->arena, "%s%s", way < 0 ? "-" : "", count_fmt(exact, n));

	put_cell(o, (struct cell){ .kind = count_fits_double(n) ? CELL_NUMBER : CELL_STR,
			.s = s,
			.table = way > 0   ? arena_fmt(&o->arena, "+%s", count_short(text, n))
	                         : way < 0 ? arena_fmt(&o->arena, "-%s", count_short(text, n))
	                                   : s });
}

void
out_json(struct out *o, struct str s, struct str json)
{
	put_cell(o, (struct cell){ .kind = CELL_JSON, .s = s, .table = s, .json = json });
}

void
out_permille(struct out *o, unsigned permille)
{
	struct str s = arena_fmt(&o->arena, "%u.%u", permille / 10, permille % 10);

	put_cell(o, (struct cell){ .kind = CELL_NUMBER, .s = s, .table = s });
}

struct str
out_count_text(struct out *o, struct count c)
{
	return short_count(o, c);
}

void
out_int(struct out *o, int64_t n)
{
	struct str s = arena_fmt(&o->arena, "%lld", (long long)n);

	put_cell(o, (struct cell){ .kind = CELL_NUMBER, .s = s, .table = s });
}

void
out_attrs(struct out *o, const struct rec *rec, struct str in_file)
{
	put_cell(o,
	    (struct cell){ .kind = CELL_ATTRS, .s = in_file, .table = in_file, .rec = rec });
}

void
out_bar(struct out *o, unsigned permille)
{
	struct buf b;

	buf_init(&b, o->env);
	if (out_has_bars(o))
		glyph_bar(&b, permille, BAR_WIDTH, o->env->screen.utf8);
	put_cell(o, (struct cell){ .kind = CELL_STR, .table = arena_str(&o->arena, buf_get(&b)) });
	buf_release(&b);
}

bool
out_has_bars(const struct out *o)
{
	return o->format == FORMAT_TABLE && o->env->screen.is_terminal;
}

void
out_paint(struct out *o, enum paint paint)
{
	o->cell.v[o->cell.n - 1].paint = paint;
}

/* --- text and colours ------------------------------------------------- */

void
out_text(struct out *o, struct str s)
{
	buf_str(&o->text, o->color ? out_harmless(&o->arena, s) : s);
}

void
out_painted(struct out *o, enum paint paint, struct str s)
{
	/* ECMA-48, 8.3.117, SGR */
	static const char *const code[] = { [PAINT_HEAD] = "1",
		[PAINT_FAINT] = "2",
		[PAINT_GOOD] = "32",
		[PAINT_WARN] = "33",
		[PAINT_CRIT] = "1;31",
		[PAINT_NOTE] = "36",
		[PAINT_CHILD] = "34" };

	if (!o->color || paint == PAINT_NONE || s.n == 0) {
		out_text(o, s);
		return;
	}
	buf_fmt(&o->text, "\033[%sm", code[paint]);
	out_text(o, s);
	buf_z(&o->text, "\033[0m");
}

/* --- table and TSV ---------------------------------------------------- */

static void
pad(struct out *o, size_t n)
{
	if (n == 0)
		return;
	memset(buf_room(&o->text, n), ' ', n);
	o->text.n += n;
}

static struct str
header(const struct column *c)
{
	return c->flags & COLUMN_BAR ? STR_NONE : str_from(c->name);
}

/* How wide each column is, at least as wide as before; a bar that a terminal has no room
 * for is left out: 0. */
static size_t *
table_widths(struct out *o, bool plain)
{
	size_t all = 0;

	while (o->wide.n < o->columns)
		vec_push(o->env, &o->wide, 0);
	size_t *wide = o->wide.v;
	for (size_t i = 0; i < o->cell.n + (plain ? 0 : o->columns); i++) {
		size_t w = glyph_width(
		    i < o->cell.n ? o->cell.v[i].table : header(&o->column[i - o->cell.n]));
		if (w > wide[i % o->columns])
			wide[i % o->columns] = w;
	}
	for (size_t c = 0; c < o->columns; c++)
		all += wide[c] + (c ? 2 : 0);
	for (size_t c = 0; c < o->columns; c++)
		if ((o->column[c].flags & COLUMN_BAR) && o->env->screen.width &&
		    all > o->env->screen.width)
			wide[c] = 0;
	return wide;
}

static void
table_cell(struct out *o, size_t column, size_t wide, struct str s, enum paint paint)
{
	bool right = o->column[column].flags & COLUMN_RIGHT;

	if (wide == 0 && (o->column[column].flags & COLUMN_BAR))
		return;
	size_t gap = wide - glyph_width(s);
	if (column)
		pad(o, 2);
	if (right)
		pad(o, gap);
	out_painted(o, paint, s);
	if (!right && column + 1 < o->columns)
		pad(o, gap);
}

static void
end_line(struct out *o)
{
	bool plain = o->column[0].flags & COLUMN_PLAIN;

	while (!plain && o->text.n && o->text.p[o->text.n - 1] == ' ')
		o->text.n--;
	buf_char(&o->text, '\n');
}

static void
render_table(struct out *o)
{
	bool plain = o->columns && (o->column[0].flags & COLUMN_PLAIN);
	size_t *wide = table_widths(o, plain);

	bool has_head = !plain && o->row.n && o->flushed == 0;
	for (size_t c = 0; has_head && c < o->columns; c++)
		table_cell(o, c, wide[c], header(&o->column[c]), PAINT_HEAD);
	if (has_head)
		end_line(o);
	for (size_t i = 0; i < o->cell.n; i++) {
		const struct cell *cell = &o->cell.v[i];
		table_cell(o, i % o->columns, wide[i % o->columns], cell->table, cell->paint);
		if (i % o->columns == o->columns - 1)
			end_line(o);
	}
}

/* A TAB or an LF would be the end of a cell: in lines of a journal, in messages. */
static void
tsv_str(struct buf *b, struct str s)
{
	size_t from = b->n;

	buf_str(b, s);
	for (size_t i = from; i < b->n; i++)
		if (b->p[i] == '\t' || b->p[i] == '\n')
			b->p[i] = ' ';
}

static void
render_tsv(struct out *o)
{
	for (size_t i = 0; i < o->cell.n; i++) {
		tsv_str(&o->text, o->cell.v[i].s);
		buf_char(&o->text, i % o->columns == o->columns - 1 ? '\n' : '\t');
	}
}

/* --- JSON (RFC 8259) -------------------------------------------------- */

static void
json_attrs(struct out *o, const struct rec *rec)
{
	struct attr_iter it;
	struct attr attr;
	bool any = false;

	buf_char(&o->text, '{');
	if (rec)
		attr_start(&it, rec);
	while (rec && attr_next(&it, &attr)) {
		if (any)
			buf_z(&o->text, ", ");
		any = true;
		bytes_json(&o->text, attr.name);
		buf_z(&o->text, ": ");
		bytes_json(&o->text, attr_value(&attr, &o->arena));
	}
	buf_char(&o->text, '}');
}

static void
json_cell(struct out *o, const struct cell *c)
{
	if (c->kind == CELL_ATTRS)
		json_attrs(o, c->rec);
	else if (c->kind == CELL_JSON)
		buf_str(&o->text, c->json);
	else if (c->kind == CELL_NUMBER || (c->kind == CELL_COUNT && count_fits_double(c->count)))
		buf_str(&o->text, c->s);
	else
		bytes_json(&o->text, c->s);
}

static void
render_json(struct out *o)
{
	if (o->flushed == 0)
		buf_char(&o->text, '[');
	for (size_t i = 0; i < o->cell.n; i++) {
		size_t column = i % o->columns;
		buf_z(&o->text, column ? ", " : i || o->flushed ? ",\n  {" : "\n  {");
		bytes_json(&o->text, str_from(o->column[column].name));
		buf_z(&o->text, ": ");
		json_cell(o, &o->cell.v[i]);
		if (column == o->columns - 1)
			buf_char(&o->text, '}');
	}
}

static void
end_json(struct out *o)
{
	buf_z(&o->text, o->cell.n || o->flushed ? "\n]\n" : "]\n");
}

/* A record with several rows has one line. */
static void
render_ipam(struct out *o)
{
	for (size_t i = 0; i < o->row.n; i++) {
		if (!o->row.v[i] || (i && o->row.v[i] == o->row.v[i - 1]))
			continue;
		buf_str(&o->text, rec_line(o->row.v[i]));
		buf_char(&o->text, '\n');
	}
}

static void
render_rows(struct out *o)
{
	static void (*const render[])(struct out *) = {
		[FORMAT_TABLE] = render_table,
		[FORMAT_TSV] = render_tsv,
		[FORMAT_JSON] = render_json,
		[FORMAT_IPAM] = render_ipam,
	};

	if (o->columns && o->format != FORMAT_SVG)
		render[o->format](o);
}

void
out_finish(struct out *o)
{
	render_rows(o);
	if (o->columns && o->format == FORMAT_JSON)
		end_json(o);
	o->columns = 0;
}

bool
out_flush(struct out *o)
{
	enum { ROWS = 256, BYTES = 65536 };

	if (!o->sink || (o->row.n < ROWS && o->text.n < BYTES))
		return true;
	render_rows(o);
	bool reads_on = o->sink(o->ctx, buf_get(&o->text));
	o->flushed += o->row.n;
	o->row.n = o->cell.n = o->text.n = 0;
	arena_release(&o->arena);
	arena_init(&o->arena, o->env);
	return reads_on;
}

struct str
out_harmless(struct arena *a, struct str s)
{
	char *p = arena_z(a, s);
	enum rule fault;

	for (size_t at = 0; (fault = bytes_fault((struct str){ p, s.n }, true, &at)); at++) {
		if (p[at] == '\n')
			continue;
		if (fault == RULE_CONTROL && p[at] == '\xc2')
			p[at++] = '?'; /* of two bytes: U+0080 to U+009F */
		p[at] = '?';
	}
	return (struct str){ p, s.n };
}
