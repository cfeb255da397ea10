/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report growth: what the subnets had over time, and when they will be full. */
#include "report.h"

#include "core/glyph.h"
#include "core/when.h"

enum { SPARK_WIDTH = 32, DAY = 86400 };

/* --- the journal ------------------------------------------------------- */

static enum status
read_blocks(struct ctx *c, struct growth *g)
{
	struct session *s = c->session;
	struct history h;
	enum status status = STATUS_OK;
	bool more = true;

	history_start(&h, &s->journal, c->db);
	h.pending = true;
	while (more && (status = history_prev(&h)) == STATUS_OK)
		if (!s->is_past || h.block.time <= c->env->now)
			more = growth_block(g, &h.block);
	history_release(&h);
	return status == STATUS_NO ? STATUS_OK : status;
}

enum status
report_growth(struct ctx *c, enum every every, int64_t since, const struct usage *u, size_t n,
    struct growth *g)
{
	enum status status = session_journal(c->session);
	int64_t *edge;

	if (!status && !journal_exists(&c->session->journal))
		status = diag_fail(c->diags, STATUS_NO,
		    "%s: there is no journal: nothing is known of before",
		    store_name(c->session->store));
	if (status)
		return status;
	size_t edges = growth_edges(every, since, c->env->now, &c->db->arena, &edge);
	growth_init(g, c->db, u, n, edge, edges);
	status = read_blocks(c, g);
	if (status)
		growth_release(g);
	return status;
}

/* --- the table --------------------------------------------------------- */

enum {
	PREFIX,
	NAME,
	VRF,
	SIZE,
	USED,
	FREE,
	ADDED,
	RELEASED,
	CHANGE,
	TREND,
	SERIES,
	OUTLOOK,
	PACE,
	FULL,
	EARLIEST,
	LATEST
};
static const struct column growth_columns[] = {
	[PREFIX] = { "prefix", 0 },
	[NAME] = { "name", 0 },
	[VRF] = { "vrf", COLUMN_ASKED },
	[SIZE] = { "size", COLUMN_RIGHT | COLUMN_ASKED },
	[USED] = { "used", COLUMN_RIGHT },
	[FREE] = { "free", COLUMN_RIGHT },
	[ADDED] = { "added", COLUMN_RIGHT },
	[RELEASED] = { "released", COLUMN_RIGHT },
	[CHANGE] = { "change", COLUMN_RIGHT },
	[TREND] = { "trend", COLUMN_RIGHT | COLUMN_TABLE },
	[SERIES] = { "series", COLUMN_DATA },
	[OUTLOOK] = { "outlook", COLUMN_ASKED },
	[PACE] = { "pace", COLUMN_RIGHT | COLUMN_ASKED },
	[FULL] = { "full", COLUMN_ASKED },
	[EARLIEST] = { "earliest", COLUMN_ASKED },
	[LATEST] = { "latest", COLUMN_ASKED },
};

struct row {
	struct rank rank;
	const struct growth *g;
	const struct growth_series *s;
	enum every every;
	struct forecast forecast;
};
typedef VEC(struct row) row_list;

static struct count *
row_values(struct ctx *c, const struct row *row, size_t *first, size_t *n)
{
	struct count *value = arena_alloc(&c->out->arena, row->g->edges * sizeof(*value));

	*first = growth_first(row->g, row->s);
	*n = growth_values(row->g, row->s, value);
	return value;
}

/* From the least to the most; of too many values as many as there is room for. */
static void
trend_cell(struct ctx *c, const struct row *row)
{
	size_t first, n;
	struct count *value = row_values(c, row, &first, &n), least = value[0];
	size_t wide = n < SPARK_WIDTH ? n : SPARK_WIDTH;
	double share[SPARK_WIDTH];
	struct buf b;

	for (size_t i = 1; i < n; i++)
		if (count_cmp(value[i], least) < 0)
			least = value[i];
	for (size_t i = 0; i < wide; i++) {
		size_t at = wide > 1 ? i * (n - 1) / (wide - 1) : 0;
		share[i] = count_double(count_sub(value[at], least));
	}
	buf_init(&b, c->env);
	glyph_spark(&b, share, wide, c->env->screen.utf8);
	out_str(c->out, arena_str(&c->out->arena, buf_get(&b)));
	buf_release(&b);
}

/* TIME=USED,... and in JSON a list of {"time", "used"}. */
static void
series_cell(struct ctx *c, const struct row *row)
{
	size_t first, n;
	struct count *value = row_values(c, row, &first, &n);
	char time[WHEN_TEXT], used[COUNT_TEXT];
	struct buf text, json;

	buf_init(&text, c->env);
	buf_init(&json, c->env);
	for (size_t i = 0; i < n; i++) {
		const char *quote = count_fits_double(value[i]) ? "" : "\"";
		when_fmt(time, row->g->edge[first + i]);
		count_fmt(used, value[i]);
		buf_fmt(&text, "%s%s=%s", i ? "," : "", time, used);
		buf_fmt(&json, "%s{\"time\": \"%s\", \"used\": %s%s%s}", i ? ", " : "[", time,
		    quote, used, quote);
	}
	buf_char(&json, ']');
	out_json(c->out, arena_str(&c->out->arena, buf_get(&text)),
	    arena_str(&c->out->arena, buf_get(&json)));
	buf_release(&text);
	buf_release(&json);
}

/* A day: more is not known. */
static void
date_cell(struct ctx *c, bool has, int64_t t)
{
	char text[WHEN_TEXT];
	struct str s = STR_NONE;

	if (has)
		s = arena_str(&c->out->arena, str_from(when_fmt(text, t / DAY * DAY)));
	out_shown(c->out, s,
	    str_cut(s, 0, s.n < sizeof("2026-01-01") - 1 ? s.n : sizeof("2026-01-01") - 1));
}

/* In a period, of a month the average one. */
static void
pace_cell(struct ctx *c, const struct row *row)
{
	static const double days[] = { 1, 7, 365.25 / 12 };
	double pace = row->forecast.pace * days[row->every];
	struct str s = STR_NONE;

	if (row->forecast.outlook == OUTLOOK_SHORT)
		out_str(c->out, s);
	else {
		s = arena_fmt(&c->out->arena, "%.6g", pace);
		out_json(c->out, s, s);
	}
}

static void
forecast_cell(struct ctx *c, const struct row *row, size_t column)
{
	static const enum paint
	    paint[] = { [OUTLOOK_FULL] = PAINT_CRIT, [OUTLOOK_GROWS] = PAINT_WARN };
	const struct forecast *f = &row->forecast;

	switch (column) {
	case OUTLOOK:
		out_str(c->out, str_from(outlook_names[f->outlook]));
		if (f->outlook == OUTLOOK_FULL || f->has_when)
			out_paint(c->out, paint[f->outlook]);
		break;
	case PACE: pace_cell(c, row); break;
	case FULL: date_cell(c, f->has_when, f->when); break;
	case EARLIEST: date_cell(c, f->has_early, f->early); break;
	case LATEST: date_cell(c, f->has_late, f->late); break;
	}
}

static void
growth_cell(struct ctx *c, const void *p, size_t column)
{
	const struct row *row = p;
	const struct usage *u = row->s->u;
	struct count added, released;

	growth_sum(row->s, &added, &released);
	switch (column) {
	case PREFIX: out_str(c->out, db_key(c->db, u->subnet)); break;
	case NAME: out_str(c->out, db_label(c->db, u->subnet)); break;
	case VRF: out_str(c->out, db_vrf_name(c->db, u->subnet->vrf)); break;
	case SIZE: out_count(c->out, u->size); break;
	case USED: out_count(c->out, u->used); break;
	case FREE: out_count(c->out, u->free); break;
	case ADDED: out_count(c->out, added); break;
	case RELEASED: out_count(c->out, released); break;
	case CHANGE: out_change(c->out, row->s->last, u->used); break;
	case TREND: trend_cell(c, row); break;
	case SERIES: series_cell(c, row); break;
	default: forecast_cell(c, row, column); break;
	}
}

/* --- what is asked for -------------------------------------------------- */

static double
weigh_growth(const void *row)
{
	return growth_change(((const struct row *)row)->s);
}

static double
weigh_used(const void *row)
{
	return count_double(((const struct row *)row)->s->u->used);
}

static double
weigh_free(const void *row)
{
	return count_double(((const struct row *)row)->s->u->free);
}

/* The first one to be full first. */
static double
weigh_full(const void *row)
{
	const struct forecast *f = &((const struct row *)row)->forecast;

	return f->outlook == OUTLOOK_FULL ? 1 : f->has_when ? -(double)f->when : -1e18;
}

const struct order growth_orders[] = { { "growth", weigh_growth }, { "used", weigh_used },
	{ "free", weigh_free }, { "full", weigh_full }, { NULL, NULL } };

struct wish {
	struct select select;
	enum every every;
	int64_t since;
	struct ordering ordering;
};

static enum status
read_every(struct ctx *c, enum every *out)
{
	struct str name = args_get(&c->args, "every");
	size_t i = 0;

	*out = EVERY_WEEK;
	if (!args_has(&c->args, "every"))
		return STATUS_OK;
	while (every_names[i] && !str_eq(name, str_from(every_names[i])))
		i++;
	*out = (enum every)i;
	return every_names[i] ? STATUS_OK
	                      : diag_fail(c->diags, STATUS_USAGE,
				    "--every %.*s: day, week or month is wanted", STR_FMT(name));
}

static enum status
read_wish(struct ctx *c, struct wish *w)
{
	enum status status = read_every(c, &w->every);

	if (!status)
		status = cmd_moment(c, "since", growth_since(w->every, c->env->now), &w->since);
	if (!status && w->since > c->env->now)
		status = diag_fail(c->diags, STATUS_USAGE, "--since %.*s: is still to come",
		    STR_FMT(args_get(&c->args, "since")));
	if (!status)
		status = report_order(c, growth_orders, &w->ordering);
	return status ? status : report_select(c, &w->select);
}

/* --- rows ---------------------------------------------------------------- */

/* A forecast takes longer than all else. */
static bool
wants_forecast(struct ctx *c)
{
	return args_has(&c->args, "forecast") || args_has(&c->args, "sort") ||
	       args_has(&c->args, "fields");
}

static void
find_rows(struct ctx *c, struct wish *w, const struct growth *g, row_list *rows)
{
	bool forecast = wants_forecast(c);

	for (size_t i = 0; i < g->n; i++) {
		struct row row = { .g = g, .s = &g->series[i], .every = w->every };
		const struct rec *r = row.s->u->subnet;
		if (!report_family(c, r->family) || !select_match(&w->select, r))
			continue;
		if (forecast)
			growth_forecast(g, row.s, &row.forecast);
		vec_push(c->env, rows, row);
	}
	rows->n = report_sort(&w->ordering, rows->v, rows->n, sizeof(*rows->v));
}

/* What is not known is said. */
static void
say_limits(struct ctx *c, const struct wish *w, const struct growth *g, const row_list *rows)
{
	char text[WHEN_TEXT];
	size_t n = 0;

	if (g->has_begin)
		c->note = arena_fmt(&c->db->arena,
		    "%.*sipam: the journal begins at %s: nothing is known of before\n",
		    STR_FMT(c->note), when_fmt(text, g->begin));
	for (size_t i = 0; i < rows->n; i++)
		n += rows->v[i].forecast.outlook == OUTLOOK_SHORT;
	if (args_has(&c->args, "forecast") && n)
		c->note = arena_fmt(&c->db->arena,
		    "%.*sipam: no forecast for %zu of %zu subnets: it takes %d %ss of history%s\n",
		    STR_FMT(c->note), n, rows->n, TREND_LEAST - 1, every_names[w->every],
		    w->every == EVERY_DAY ? "" : "\nhint: --every day");
}

static enum status
open_sheet(struct ctx *c, struct sheet *sheet)
{
	unsigned long forecast =
	    1ul << OUTLOOK | 1ul << PACE | 1ul << FULL | 1ul << EARLIEST | 1ul << LATEST;

	return report_sheet(c, sheet,
	    report_columns(c, growth_columns, ARRAY_LEN(growth_columns),
		args_has(&c->args, "forecast") ? forecast : 0),
	    ARRAY_LEN(growth_columns), growth_cell);
}

enum status
cmd_report_growth(struct ctx *c)
{
	struct wish w = { 0 };
	struct sheet sheet;
	struct growth g;
	struct usage *u;
	row_list rows = { 0 };
	enum status status = open_sheet(c, &sheet);

	if (!status)
		status = read_wish(c, &w);
	if (!status) {
		size_t n = usage_all(c->db, &u);
		status = report_growth(c, w.every, w.since, u, n, &g);
	}
	if (!status) {
		find_rows(c, &w, &g, &rows);
		for (size_t i = 0; i < rows.n; i++)
			report_row(&sheet, rows.v[i].s->u->subnet, &rows.v[i]);
		say_limits(c, &w, &g, &rows);
		growth_release(&g);
		status = rows.n == 0 && w.select.term.n ? STATUS_NO : STATUS_OK;
	}
	vec_release(&rows);
	select_release(&w.select);
	return status;
}
