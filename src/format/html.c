/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <stdio.h>

#include "core/when.h"
#include "html_parts.h"
#include "svg.h"

enum { MAP_BITS = 8, MOST_PROBLEMS = 500, SOON = 30 * 86400 };

static const char *const level_names[] = { "ok", "warn", "crit" };

/* --- cells ------------------------------------------------------------ */

void
html_text(struct buf *b, struct str s)
{
	buf_z(b, "<td>");
	xml_text(b, s);
	buf_z(b, "</td>");
}

void
html_key(struct buf *b, struct str s, unsigned depth, int64_t place)
{
	buf_z(b, "<th scope=\"row\" class=\"k\"");
	if (place >= 0)
		buf_fmt(b, " data-v=\"%lld\"", (long long)place);
	else
		buf_fmt(b, " style=\"padding-left:%.1frem\"", 0.5 + 0.9 * depth);
	buf_char(b, '>');
	xml_text(b, s);
	buf_z(b, "</th>");
}

void
html_change(struct buf *b, int way, struct count n)
{
	char text[COUNT_TEXT];

	buf_fmt(b, "<td class=\"n\" data-v=\"%s%.17g\">%s%s</td>", way < 0 ? "-" : "",
	    count_double(n),
	    way < 0   ? "−"
	    : way > 0 ? "+"
		      : "",
	    count_short(text, n));
}

/* Shown short, sorted by its size, its digits as a title. */
void
html_count(struct buf *b, struct count n)
{
	char text[COUNT_TEXT], exact[COUNT_TEXT];

	count_short(text, n);
	count_fmt(exact, n);
	buf_fmt(b, "<td class=\"n\" data-v=\"%.17g\"", count_double(n));
	if (strcmp(text, exact) != 0)
		buf_fmt(b, " title=\"%s\"", exact);
	buf_fmt(b, ">%s</td>", text);
}

static void
put_percent(struct buf *b, unsigned permille)
{
	buf_fmt(b,
	    "<td class=\"n p\" data-v=\"%u\">%u.%u<span class=\"bar\" aria-hidden=\"true\">"
	    "<i style=\"width:%u.%u%%\"></i></span></td>",
	    permille, permille / 10, permille % 10, permille / 10, permille % 10);
}

/* A table's beginning; columns: names, each with how it sorts before it (s, n, k for keys, - for not). */
void
html_open(struct buf *b, const char *id, const char *caption, const char *const *column)
{
	buf_fmt(b,
	    "<div class=\"wide\"><table class=\"sorts\" id=\"%s\"><caption>%s</caption><thead><tr>",
	    id, caption);
	for (; *column; column++) {
		char sorts = **column;
		buf_fmt(b, "<th scope=\"col\"%s", sorts == 'n' ? " class=\"n\"" : "");
		if (sorts != '-')
			buf_fmt(b, " data-t=\"%c\"", sorts);
		buf_fmt(b, ">%s</th>", *column + 1);
	}
	buf_z(b, "</tr></thead>\n<tbody>\n");
}

void
html_close(struct buf *b)
{
	buf_z(b, "</tbody></table></div>\n");
}

/* --- totals ----------------------------------------------------------- */

static void
put_totals(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "sFamily", "sVRF", "nSpace", "nSubnets",
		"nAddresses", "nSize", "nUsed", "nReserved", "nDHCP", "nFree", "nPercent", NULL };
	struct total *t;
	size_t n = totals_all(p->db, p->usage, p->subnets, &t);

	buf_z(b, "<h2 id=\"totals\">Totals</h2>\n");
	html_open(b, "total", "Size and what is taken: of subnets that are no containers", columns);
	for (size_t i = 0; i < n; i++) {
		const struct usage *u = &t[i].sum;
		buf_fmt(b, "<tr><th scope=\"row\">IPv%d</th>", (int)t[i].family);
		html_text(b, db_vrf_name(p->db, t[i].vrf));
		html_count(b, t[i].space);
		html_count(b, count_of(t[i].subnets));
		html_count(b, count_of(t[i].addresses));
		html_count(b, u->size);
		html_count(b, u->used);
		html_count(b, u->reserved);
		html_count(b, u->dhcp);
		html_count(b, u->free);
		put_percent(b, u->permille);
		buf_z(b, "</tr>\n");
	}
	html_close(b);
}

/* --- subnets and their maps ------------------------------------------- */

static char
map_letter(const struct part *part, struct count size)
{
	static const char letters[RUN_STATES] = { [RUN_OUTSIDE] = 'o',
		[RUN_FREE] = 'f',
		[RUN_CHILD] = 'c',
		[RUN_UNUSABLE] = 'x',
		[RUN_DHCP] = 'd',
		[RUN_RESERVED] = 'r',
		[RUN_QUARANTINE] = 'q',
		[RUN_USED] = 'u' };
	struct count taken = part_taken(part);
	enum run_state state = part_state(part);

	if (count_is_zero(taken) || count_cmp(part->n[state], size) == 0)
		return letters[state];
	unsigned permille = count_permille(taken, size);
	return (char)('A' + (permille >= 1000 ? 9 : permille / 100));
}

/* The button that shows a map, with the map as runs of letters. */
static void
put_map(struct buf *b, const struct html_page *p, const struct rec *r, struct part *part)
{
	struct span span = rec_span(r);
	int all = ip_bits(span.family) - span.len, bits = all < MAP_BITS ? all : MAP_BITS;
	struct count size = count_shift(1, all - bits);
	size_t n = 0, cells = (size_t)1 << bits;

	runs_parts(p->db, r->vrf, span, bits, part);
	buf_z(b, "<td><button type=\"button\" class=\"map\" aria-expanded=\"false\" data-k=\"");
	xml_text(b, db_key(p->db, r));
	buf_fmt(b, "\" data-f=\"%d\" data-a=\"%llx%016llx\" data-s=\"%d\" data-m=\"",
	    (int)span.family, (unsigned long long)(span.first >> 64),
	    (unsigned long long)span.first, all - bits);
	for (size_t i = 0; i < cells; i += n) {
		char letter = map_letter(&part[i], size);
		for (n = 1; i + n < cells && map_letter(&part[i + n], size) == letter; n++)
			;
		buf_char(b, letter);
		if (n > 1)
			buf_fmt(b, "%zu", n);
	}
	buf_z(b, "\">map</button></td>");
}

static void
put_subnet(struct buf *b, const struct html_page *p, const struct usage *u, struct part *part)
{
	const struct rec *r = u->subnet;
	struct str owner;

	buf_fmt(b, "<tr class=\"%s\">", level_names[usage_level(p->db, u)]);
	html_key(b, db_key(p->db, r), u->depth, -1);
	html_text(b, db_label(p->db, r));
	html_text(b, db_value(p->db, r, STR("owner"), &owner, NULL) ? owner : STR_NONE);
	html_count(b, u->size);
	html_count(b, u->used);
	html_count(b, u->reserved);
	html_count(b, u->dhcp);
	html_count(b, u->free);
	put_percent(b, u->permille);
	html_count(b, u->busy);
	put_map(b, p, r, part);
	buf_z(b, "</tr>\n");
}

static void
put_subnets(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "kPrefix", "sName", "sOwner", "nSize", "nUsed",
		"nReserved", "nDHCP", "nFree", "nPercent", "nBusy", "-Map", NULL };
	struct part *part = arena_alloc(&p->db->arena, sizeof(*part) << MAP_BITS);

	buf_z(b, "<h2 id=\"tree\">Subnets</h2>\n"
		 "<p class=\"search\" hidden><label for=\"find\">Search</label> "
		 "<input id=\"find\" type=\"search\" autocomplete=\"off\"> "
		 "<span id=\"found\" role=\"status\" class=\"dim\"></span></p>\n");
	html_open(b, "subnets",
	    "Percent is what is given away, busy what is really taken; a column's head sorts",
	    columns);
	for (size_t i = 0; i < p->subnets; i++)
		put_subnet(b, p, &p->usage[i], part);
	html_close(b);
}

/* --- free space, what ends, problems ---------------------------------- */

static void
put_rooms(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "kPrefix", "sName", "nFree", "nBlocks", "sLargest",
		"nFragmented", NULL };
	struct room room;

	buf_z(b, "<h2 id=\"free\">Free space</h2>\n");
	html_open(b, "room", "Free blocks of containers and of outermost subnets", columns);
	for (size_t i = 0; i < p->subnets; i++) {
		const struct rec *r = p->usage[i].subnet;
		if (!room_is_given(p->db, &p->usage[i]))
			continue;
		room_of(p->db, &p->usage[i], &room);
		buf_z(b, "<tr>");
		html_key(b, db_key(p->db, r), p->usage[i].depth, -1);
		html_text(b, db_label(p->db, r));
		html_count(b, room.free);
		html_count(b, count_of(room.blocks));
		html_text(b, room.blocks
				 ? key_fmt(&p->db->arena, room.largest, db_vrf_name(p->db, r->vrf))
				 : STR_NONE);
		put_percent(b, room_fragmented(&room));
		buf_z(b, "</tr>\n");
	}
	html_close(b);
}

static void
put_expiring(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "kKey", "sName", "sOwner", "sExpires", NULL };
	char text[WHEN_TEXT];
	struct str owner;
	bool any = false;
	struct walk w;
	int64_t t;

	for (struct rec *r = walk_all(&w, p->db); r; r = walk_next(&w)) {
		if (r->kind == KIND_RANGE || !db_time(p->db, r, "expires", &t) ||
		    t - p->db->env->now > SOON)
			continue;
		if (!any) {
			buf_z(b, "<h2 id=\"ends\">Expired, or soon</h2>\n");
			html_open(b, "expiring", "What ends within 30 days", columns);
		}
		any = true;
		buf_fmt(b, "<tr class=\"%s\">", t <= p->db->env->now ? "crit" : "warn");
		html_key(b, db_key(p->db, r), 0, -1);
		html_text(b, db_label(p->db, r));
		html_text(b, db_value(p->db, r, STR("owner"), &owner, NULL) ? owner : STR_NONE);
		buf_fmt(b, "<td class=\"p\">%s</td></tr>\n", when_fmt(text, t));
	}
	if (any)
		html_close(b);
}

/* Messages are in the order of their places: lines are counted from one to the next. */
static size_t
line_of(const struct html_page *p, const char *at, const char **from, size_t *line)
{
	const struct text_source *s = p->db->source;

	if (!at || !s || at < s->p || at > s->p + s->n)
		return 0;
	if (!*from || at < *from) {
		*from = s->p;
		*line = 1;
	}
	for (; *from < at; (*from)++)
		*line += **from == '\n';
	return *line;
}

static void
put_problems(struct buf *b, const struct html_page *p)
{
	static const char *const columns[] = { "nLine", "sSeverity", "sRule", "sProblem", NULL };
	const struct diags *d = p->problems;
	const char *from = NULL;
	size_t line = 1;

	buf_z(b, "<h2 id=\"problems\">Problems</h2>\n");
	if (d->n == 0) {
		buf_z(b, "<p>None.</p>\n");
		return;
	}
	html_open(b, "problem", "What ipam check says", columns);
	for (size_t i = 0; i < d->n && i < MOST_PROBLEMS; i++) {
		bool error = d->v[i].severity == SEV_ERROR;
		size_t at = line_of(p, d->v[i].pos.at, &from, &line);
		buf_fmt(b, "<tr class=\"%s\"><td class=\"n\" data-v=\"%zu\">%zu</td>",
		    error ? "crit" : "warn", at, at);
		buf_fmt(b, "<td class=\"p\">%s</td><td>%s</td>", error ? "error" : "warning",
		    rules[d->v[i].rule].name);
		html_text(b, d->v[i].text);
		buf_z(b, "</tr>\n");
	}
	html_close(b);
	if (d->n + d->dropped > MOST_PROBLEMS)
		buf_fmt(b,
		    "<p>And %zu more: the first %d are shown. <code>ipam check</code> has "
		    "all.</p>\n",
		    d->n + d->dropped - MOST_PROBLEMS, MOST_PROBLEMS);
}

/* --- the page --------------------------------------------------------- */

static void
put_head(struct buf *b, const struct html_page *p)
{
	char text[WHEN_TEXT];

	buf_z(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
		 "<link rel=\"icon\" href=\"data:,\">\n<title>");
	xml_text(b, p->title);
	buf_fmt(b, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", html_style);
	buf_z(b, "<a class=\"skip\" href=\"#tree\">To the subnets</a>\n<header>\n<h1>");
	xml_text(b, p->title);
	buf_fmt(b, "</h1>\n<p class=\"dim\">As of <time>%s</time></p>\n",
	    when_fmt(text, p->db->env->now));
	buf_z(b, "<nav aria-label=\"Sections\"><a href=\"#totals\">Totals</a>"
		 "<a href=\"#tree\">Subnets</a><a href=\"#free\">Free space</a>"
		 "<a href=\"#problems\">Problems</a>");
	if (p->growth)
		buf_z(b, "<a href=\"#growth\">Growth</a>");
	if (p->changes)
		buf_z(b, "<a href=\"#changes\">Recent changes</a>");
	buf_z(b, "</nav>\n</header>\n<main>\n");
}

void
html_write(struct buf *b, const struct html_page *page)
{
	put_head(b, page);
	put_totals(b, page);
	put_subnets(b, page);
	put_rooms(b, page);
	put_expiring(b, page);
	put_problems(b, page);
	html_growth(b, page);
	html_changes(b, page);
	buf_fmt(b, "</main>\n<script>\n%s</script>\n</body>\n</html>\n", html_script);
}
