/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report usage: how full the plan is. */
#include "report.h"

#include "told.h"

#include "core/usage.h"

enum {
	PREFIX,
	NAME,
	VRF,
	SIZE,
	USED,
	RESERVED,
	DHCP,
	FREE,
	PERCENT,
	BAR,
	BUSY,
	LEVEL,
	GROWTH,
	NOW
};
static const struct column usage_columns[] = {
	[PREFIX] = { "prefix", 0 },
	[NAME] = { "name", 0 },
	[VRF] = { "vrf", 0 },
	[SIZE] = { "size", COLUMN_RIGHT },
	[USED] = { "used", COLUMN_RIGHT },
	[RESERVED] = { "reserved", COLUMN_RIGHT },
	[DHCP] = { "dhcp", COLUMN_RIGHT },
	[FREE] = { "free", COLUMN_RIGHT },
	[PERCENT] = { "percent", COLUMN_RIGHT },
	[BAR] = { "bar", COLUMN_BAR },
	[BUSY] = { "busy", COLUMN_RIGHT },
	[LEVEL] = { "level", COLUMN_ASKED },
	[GROWTH] = { "growth", COLUMN_RIGHT | COLUMN_ASKED },
	[NOW] = { "now", COLUMN_ASKED },
};

/* A line of the report: a subnet, or a sum (without one). */
struct row {
	struct rank rank;
	const struct usage *u;
	const struct growth_series *grown; /* NULL: nobody asks */
	struct str now;                    /* what --over says of it; empty: it is not */
	unsigned depth;                    /* how many of the subnets shown are around it */
	unsigned indent;
	const char *label; /* of a sum */
};
typedef VEC(struct row) row_list;

static const char *const level_names[] = { "", "warn", "crit" };

static enum usage_level
level_of(struct ctx *c, const struct row *row)
{
	return row->u->subnet ? usage_level(c->db, row->u) : LEVEL_OK;
}

static void
key_cell(struct ctx *c, const struct row *row)
{
	if (row->u->subnet)
		out_indented(c->out, row->indent, db_key(c->db, row->u->subnet));
	else
		out_str(c->out, str_from(row->label));
}

static void
share_cell(struct ctx *c, const struct row *row, size_t column)
{
	static const enum paint paint[] = { PAINT_NONE, PAINT_WARN, PAINT_CRIT };

	if (column == BAR)
		out_bar(c->out, row->u->permille);
	else
		out_permille(c->out, row->u->permille);
	if (c->out->color)
		out_paint(c->out, paint[level_of(c, row)]);
}

static void
usage_cell(struct ctx *c, const void *p, size_t column)
{
	const struct row *row = p;
	const struct usage *u = row->u;
	struct str name = STR_NONE;

	switch (column) {
	case PREFIX: key_cell(c, row); break;
	case NAME:
		if (u->subnet)
			query_field(c->db, u->subnet, STR("name"), false, &name);
		out_str(c->out, name);
		break;
	case VRF: out_str(c->out, u->subnet ? db_vrf_name(c->db, u->subnet->vrf) : STR_NONE); break;
	case SIZE: out_count(c->out, u->size); break;
	case USED: out_count(c->out, u->used); break;
	case RESERVED: out_count(c->out, u->reserved); break;
	case DHCP: out_count(c->out, u->dhcp); break;
	case FREE: out_count(c->out, u->free); break;
	case PERCENT:
	case BAR: share_cell(c, row, column); break;
	case BUSY: out_count(c->out, u->busy); break;
	case LEVEL: out_str(c->out, str_from(level_names[level_of(c, row)])); break;
	case NOW: out_str(c->out, row->now.n ? row->now : STR("under")); break;
	case GROWTH:
		if (row->grown)
			out_change(c->out, row->grown->last, u->used);
		else
			out_str(c->out, STR_NONE);
		break;
	}
	if (!u->subnet)
		out_paint(c->out, PAINT_HEAD);
}

/* --- what is asked for ------------------------------------------------ */

static double
weigh_percent(const void *row)
{
	const struct usage *u = ((const struct row *)row)->u;
	double size = count_double(u->size);

	return size > 0 ? -count_double(u->free) / size : -1;
}

static double
weigh_free(const void *row)
{
	return count_double(((const struct row *)row)->u->free);
}

static double
weigh_used(const void *row)
{
	return count_double(((const struct row *)row)->u->used);
}

static double
weigh_growth(const void *row)
{
	return growth_change(((const struct row *)row)->grown);
}

const struct order usage_orders[] = { { "percent", weigh_percent }, { "free", weigh_free },
	{ "used", weigh_used }, { "growth", weigh_growth }, { NULL, NULL } };

struct wish {
	struct select select;
	bool has_over, own_limits; /* --over without a number: warn= of each */
	bool changed;              /* only what was not over then, or is not now */
	uint64_t over, depth;      /* UINT64_MAX: all */
	struct ordering ordering;
};

static enum status
read_over(struct ctx *c, struct wish *w)
{
	struct over o;
	enum status status = over_read(c, &o);

	w->has_over = o.given;
	w->own_limits = o.own_limits;
	w->changed = o.changed;
	w->over = o.milli;
	return status;
}

static enum status
read_wish(struct ctx *c, struct wish *w)
{
	enum status status = read_over(c, w);

	if (!status)
		status = report_order(c, usage_orders, &w->ordering);
	if (!status)
		status = cmd_number(c, "depth", UINT64_MAX, 1, 128, &w->depth);
	return status ? status : report_select(c, &w->select);
}

static bool
wants_growth(const struct wish *w)
{
	return w->ordering.order && w->ordering.order->weigh == weigh_growth;
}

static bool
is_over(struct ctx *c, const struct wish *w, const struct usage *u)
{
	uint64_t limit = w->over;

	if (w->own_limits && !usage_threshold(c->db, u->subnet, "warn", &limit))
		return false;
	return usage_is_over(u, limit);
}

/* --- rows ------------------------------------------------------------- */

/* Rows are in the order of the plan: those around one are before it. */
static void
find_depths(struct ctx *c, row_list *rows)
{
	VEC(const struct row *) around = { 0 };

	for (size_t i = 0; i < rows->n; i++) {
		struct row *row = &rows->v[i];
		const struct rec *r = row->u->subnet;
		while (around.n) {
			const struct rec *last = around.v[around.n - 1]->u->subnet;
			if (last->vrf == r->vrf && span_holds(rec_span(last), rec_span(r)))
				break;
			around.n--;
		}
		row->depth = (unsigned)around.n;
		vec_push(c->env, &around, row);
	}
	vec_release(&around);
}

static void
keep_depth(row_list *rows, uint64_t depth)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].depth < depth)
			rows->v[kept++] = rows->v[i];
	rows->n = kept;
}

/* What --over says of a row: nothing if it is not. */
static struct str
over_word(struct ctx *c, const struct wish *w, const struct row *row)
{
	if (!is_over(c, w, row->u))
		return STR_NONE;
	return !w->own_limits                             ? STR("over")
	       : usage_level(c->db, row->u) == LEVEL_CRIT ? STR("crit")
	                                                  : STR("warn");
}

static void
keep_over(struct ctx *c, row_list *rows, const struct wish *w, struct told *told)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		struct row *row = &rows->v[i];
		row->now = over_word(c, w, row);
		if (w->changed ? told_changed(told, db_key(c->db, row->u->subnet), row->now)
			       : row->now.n > 0)
			rows->v[kept++] = *row;
	}
	rows->n = kept;
}

static enum status
find_over(struct ctx *c, row_list *rows, const struct wish *w)
{
	struct told told = { .path = NULL };
	enum status status = w->changed ? told_open(c, &told, told_question(c, "")) : STATUS_OK;

	if (!status)
		keep_over(c, rows, w, &told);
	if (status)
		told.path = NULL;
	if (w->changed)
		told_close(c, &told);
	find_depths(c, rows);
	return status;
}

/* What has grown, if the order asks for it: g->series is else NULL. */
static enum status
find_growth(struct ctx *c, const struct wish *w, const struct usage *u, size_t n, struct growth *g)
{
	*g = (struct growth){ 0 };
	if (!wants_growth(w))
		return STATUS_OK;
	if (!c->session)
		return diag_fail(c->diags, STATUS_USAGE, "--sort growth: not in a batch");
	return report_growth(c, EVERY_WEEK, growth_since(EVERY_WEEK, c->env->now), u, n, g);
}

/* *any: whether a subnet was selected. */
static enum status
find_rows(struct ctx *c, struct wish *w, const struct usage *u, size_t n, const struct growth *g,
    row_list *rows, bool *any)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < n; i++)
		if (report_family(c, u[i].subnet->family) && select_match(&w->select, u[i].subnet))
			vec_push(c->env, rows,
			    ((struct row){ .u = &u[i],
				.grown = g->series ? &g->series[i] : NULL }));
	*any = rows->n > 0;
	find_depths(c, rows);
	if (w->depth != UINT64_MAX)
		keep_depth(rows, w->depth);
	if (w->has_over)
		status = find_over(c, rows, w);
	for (size_t i = 0; i < rows->n && !w->ordering.order; i++)
		rows->v[i].indent = rows->v[i].depth;
	rows->n = report_sort(&w->ordering, rows->v, rows->n, sizeof(*rows->v));
	return status;
}

/* The sum of a family's rows that are in no other row: no address twice. */
static size_t
sum_family(const row_list *rows, enum family f, struct usage *sum)
{
	size_t n = 0;

	*sum = (struct usage){ 0 };
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->v[i].u->subnet->family != f || rows->v[i].depth > 0)
			continue;
		n++;
		usage_add(sum, rows->v[i].u);
	}
	return n;
}

static void
print_foot(struct sheet *sheet, const row_list *rows)
{
	static const struct {
		enum family family;
		const char *label;
	} sums[] = { { IPV4, "total IPv4" }, { IPV6, "total IPv6" } };
	struct usage sum;

	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		if (sum_family(rows, sums[i].family, &sum) > 1)
			report_row(sheet, NULL, &(struct row){ .u = &sum, .label = sums[i].label });
}

static void
print_rows(struct ctx *c, struct sheet *sheet, const struct wish *w, const row_list *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		report_row(sheet, rows->v[i].u->subnet, &rows->v[i]);
	if (report_has_foot(c) && !w->has_over && w->ordering.top == UINT64_MAX)
		print_foot(sheet, rows);
}

static enum status
open_sheet(struct ctx *c, struct sheet *sheet, const struct wish *w)
{
	unsigned long shown = (unsigned long)wants_growth(w) << GROWTH | (unsigned long)w->changed
	                                                                     << NOW;

	return report_sheet(c, sheet,
	    report_columns(c, usage_columns, ARRAY_LEN(usage_columns), shown),
	    ARRAY_LEN(usage_columns), usage_cell);
}

enum status
cmd_report_usage(struct ctx *c)
{
	struct wish w = { 0 };
	struct growth g;
	struct sheet sheet;
	struct usage *u;
	row_list rows = { 0 };
	enum status status = read_wish(c, &w);

	if (!status)
		status = open_sheet(c, &sheet, &w);
	size_t n = status ? 0 : usage_all(c->db, &u);
	if (!status)
		status = find_growth(c, &w, u, n, &g);
	if (!status) {
		bool any;
		status = find_rows(c, &w, u, n, &g, &rows, &any);
		print_rows(c, &sheet, &w, &rows);
		if (g.series)
			growth_release(&g);
		bool is_no = (w.has_over && rows.n > 0) || (!any && w.select.term.n);
		status = status ? status : is_no ? STATUS_NO : STATUS_OK;
	}
	vec_release(&rows);
	select_release(&w.select);
	return status;
}
