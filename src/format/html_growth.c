/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal tells: curves with their forecast, and the last changes. */
#include <stdlib.h>

#include "core/when.h"
#include "html.h"
#include "html_parts.h"
#include "svg.h"

enum { MOST_CURVES = 200, DAY = 86400 };
/* Of a picture: the time looked at, the time ahead, and the height, in its units. */
enum { PAST = 160, AHEAD = 80, HIGH = 40, EDGE = 2 };

/* --- curves -------------------------------------------------------------- */

struct curve {
	const struct growth *g;
	const struct growth_series *s;
	int64_t from; /* the first edge of which anything is known */
	struct forecast forecast;
	struct count *value; /* from edge number `first` on */
	size_t first, n;
	double top; /* of what is drawn */
};

/* What it would be at the end of the time ahead, within what there can be. */
static double
ahead(const struct curve *c, double pace)
{
	const struct usage *u = c->s->u;
	int64_t past = c->g->edge[c->g->edges - 1] - c->from;
	double used = count_double(u->used), most = used + count_double(u->free);
	double then = used + pace * (double)past / DAY * AHEAD / PAST;

	return then < 0 ? 0 : then > most ? most : then;
}

static double
x_of(const struct curve *c, int64_t t)
{
	int64_t past = c->g->edge[c->g->edges - 1] - c->from;

	return past > 0 ? (double)(t - c->from) / (double)past * PAST : PAST;
}

static double
y_of(const struct curve *c, double value)
{
	return c->top > 0 ? HIGH - value / c->top * HIGH : HIGH;
}

static void
find_top(struct curve *c)
{
	const double paces[] = { c->forecast.pace, c->forecast.low, c->forecast.high };

	c->top = 0;
	for (size_t i = 0; i < c->n; i++)
		if (count_double(c->value[i]) > c->top)
			c->top = count_double(c->value[i]);
	for (size_t i = 0; i < ARRAY_LEN(paces) && c->forecast.outlook != OUTLOOK_SHORT; i++)
		if (ahead(c, paces[i]) > c->top)
			c->top = ahead(c, paces[i]);
}

static void
put_title(struct buf *b, const struct curve *c)
{
	char from[WHEN_TEXT], first[COUNT_TEXT], last[COUNT_TEXT];

	buf_fmt(b, "used: %s on %.10s, %s now", count_short(first, c->value[0]),
	    when_fmt(from, c->g->edge[c->first]), count_short(last, c->value[c->n - 1]));
}

static void
put_ahead(struct buf *b, const struct curve *c)
{
	const struct forecast *f = &c->forecast;
	double now = y_of(c, count_double(c->s->u->used));

	if (f->outlook == OUTLOOK_SHORT)
		return;
	buf_fmt(b, "<path class=\"range\" d=\"M%d %.1fL%d %.1fL%d %.1fZ\"/>", PAST, now,
	    PAST + AHEAD, y_of(c, ahead(c, f->low)), PAST + AHEAD, y_of(c, ahead(c, f->high)));
	buf_fmt(b, "<path class=\"ahead\" d=\"M%d %.1fL%d %.1f\"/>", PAST, now, PAST + AHEAD,
	    y_of(c, ahead(c, f->pace)));
}

static void
put_curve(struct buf *b, struct curve *c)
{
	find_top(c);
	buf_fmt(b,
	    "<td><svg class=\"curve\" role=\"img\" viewBox=\"%d %d %d %d\" width=\"%d\" "
	    "height=\"%d\"><title>",
	    -EDGE, -EDGE, PAST + AHEAD + 2 * EDGE, HIGH + 2 * EDGE, PAST + AHEAD, HIGH);
	put_title(b, c);
	buf_fmt(b, "</title><path class=\"now\" d=\"M%d 0V%d\"/>", PAST, HIGH);
	put_ahead(b, c);
	buf_z(b, "<path d=\"");
	for (size_t i = 0; i < c->n; i++)
		buf_fmt(b, "%c%.1f %.1f", i ? 'L' : 'M', x_of(c, c->g->edge[c->first + i]),
		    y_of(c, count_double(c->value[i])));
	buf_z(b, "\"/></svg></td>");
}

static void
put_date(struct buf *b, bool has, int64_t t)
{
	char text[WHEN_TEXT];

	buf_fmt(b, "<td>%.10s</td>", has ? when_fmt(text, t) : "");
}

static void
put_row(struct buf *b, const struct html_page *p, struct curve *c)
{
	const struct usage *u = c->s->u;
	const struct forecast *f = &c->forecast;
	int way = count_cmp(u->used, c->s->last);

	growth_forecast(c->g, c->s, &c->forecast);
	c->first = growth_first(c->g, c->s);
	c->n = growth_values(c->g, c->s, c->value);
	buf_z(b, "<tr>");
	html_key(b, db_key(p->db, u->subnet), 0, c->s - c->g->series);
	html_text(b, db_label(p->db, u->subnet));
	html_count(b, u->used);
	html_count(b, u->free);
	html_change(b, way,
	    way < 0 ? count_sub(c->s->last, u->used) : count_sub(u->used, c->s->last));
	put_curve(b, c);
	html_text(b, str_from(outlook_names[f->outlook]));
	put_date(b, f->has_when, f->when);
	put_date(b, f->has_early, f->early);
	put_date(b, f->has_late, f->late);
	buf_z(b, "</tr>\n");
}

static int
by_growth(const void *va, const void *vb)
{
	const struct growth_series *a = *(const struct growth_series *const *)va,
				   *b = *(const struct growth_series *const *)vb;
	double x = growth_change(a), y = growth_change(b);

	return x != y ? (x > y ? -1 : 1) : (a > b) - (a < b);
}

/* Those in which anything changed, the fastest first. */
static size_t
find_moved(const struct html_page *p, const struct growth_series ***out)
{
	const struct growth *g = p->growth;
	const struct growth_series **v = arena_alloc(&p->db->arena, (g->n + 1) * sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		if (g->series[i].step.n)
			v[n++] = &g->series[i];
	if (n)
		qsort(v, n, sizeof(*v), by_growth);
	*out = v;
	return n;
}

void
html_growth(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "kPrefix", "sName", "nUsed", "nFree", "nChange",
		"-Used over time", "sOutlook", "sFull", "sEarliest", "sLatest", NULL };
	const struct growth_series **moved;
	struct curve c = { .g = p->growth, .from = 0 };
	char since[WHEN_TEXT];

	if (!p->growth)
		return;
	size_t n = find_moved(p, &moved);
	buf_z(b, "<h2 id=\"growth\">Growth</h2>\n");
	int64_t from = c.g->has_begin ? c.g->begin : c.g->edge[0];
	buf_fmt(b, "<p class=\"dim\">Since %.10s%s.</p>\n", when_fmt(since, from),
	    c.g->has_begin ? ", when the journal began" : "");
	if (n == 0) {
		buf_z(b, "<p>Nothing has changed.</p>\n");
		return;
	}
	c.value = arena_alloc(&p->db->arena, c.g->edges * sizeof(*c.value));
	for (size_t i = c.g->edges; i-- > 0 && c.g->edge[i] >= from;)
		c.from = c.g->edge[i];
	html_open(b, "growths",
	    "What has grown most; dashed: at this pace, shaded: its range; full: when nothing is "
	    "free",
	    columns);
	for (size_t i = 0; i < n && i < MOST_CURVES; i++) {
		c.s = moved[i];
		put_row(b, p, &c);
	}
	html_close(b);
	if (n > MOST_CURVES)
		buf_fmt(b,
		    "<p>And %zu more: the %d that have grown most are shown. "
		    "<code>ipam report growth</code> has all.</p>\n",
		    n - MOST_CURVES, MOST_CURVES);
}

/* --- the last changes ------------------------------------------------------- */

static void
put_lines(struct buf *b, const struct html_change *c)
{
	buf_z(b, "<td><details><summary>");
	buf_fmt(b, "%zu record%s</summary><pre>", c->lines, c->lines == 1 ? "" : "s");
	for (size_t i = 0; i < c->shown; i++) {
		buf_fmt(b, "%c ", c->line[i].op);
		xml_text(b, c->line[i].line);
		buf_char(b, '\n');
	}
	if (c->lines > c->shown)
		buf_fmt(b, "... and %zu more\n", c->lines - c->shown);
	buf_z(b, "</pre></details></td>");
}

void
html_changes(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "sTime", "sUser", "sCommand", "sReason", "-Records",
		NULL };
	char text[WHEN_TEXT];

	if (p->changes == 0)
		return;
	buf_z(b, "<h2 id=\"changes\">Recent changes</h2>\n");
	html_open(b, "change", "The last ones of the journal, the newest first", columns);
	for (size_t i = 0; i < p->changes; i++) {
		const struct html_change *c = &p->change[i];
		buf_fmt(b, "<tr><td class=\"p\">%s</td>", when_fmt(text, c->time));
		html_text(b, c->user);
		html_text(b, c->what);
		html_text(b, c->reason);
		put_lines(b, c);
		buf_z(b, "</tr>\n");
	}
	html_close(b);
}
