/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report summary: the whole plan on a page. */
#include "report.h"

#include "core/totals.h"

enum { SOON = 30 * 86400, TOP = 10 };

enum { TOPIC, ITEM, VALUE };
static const struct column summary_columns[] = {
	[TOPIC] = { "topic", 0 },
	[ITEM] = { "item", 0 },
	[VALUE] = { "value", COLUMN_RIGHT },
};

struct row {
	struct str topic, item;
	bool is_percent;
	const struct growth_series *grown; /* or how much more it has */
	unsigned permille;
	struct count count;
	enum paint paint;
};

static void
summary_cell(struct ctx *c, const void *p, size_t column)
{
	const struct row *row = p;

	if (column != VALUE)
		out_str(c->out, column == TOPIC ? row->topic : row->item);
	else if (row->is_percent)
		out_permille(c->out, row->permille);
	else if (row->grown)
		out_change(c->out, row->grown->last, row->grown->u->used);
	else
		out_count(c->out, row->count);
	if (column == VALUE)
		out_paint(c->out, row->paint);
}

static void
say(struct sheet *sheet, struct str topic, const char *item, struct count count)
{
	struct row row = { .topic = topic, .item = str_from(item), .count = count };

	report_row(sheet, NULL, &row);
}

static void
say_number(struct sheet *sheet, struct str topic, const char *item, uint64_t n, enum paint paint)
{
	struct row row = { .topic = topic,
		.item = str_from(item),
		.count = count_of(n),
		.paint = n ? paint : PAINT_NONE };

	report_row(sheet, NULL, &row);
}

static void
say_percent(struct sheet *sheet, struct str topic, struct str item, unsigned permille)
{
	struct row row = { .topic = topic, .item = item, .is_percent = true, .permille = permille };

	report_row(sheet, NULL, &row);
}

static void
say_total(struct sheet *sheet, const struct total *t)
{
	struct ctx *c = sheet->c;
	struct str vrf = db_vrf_name(c->db, t->vrf);
	struct str topic = arena_fmt(&c->out->arena, "IPv%d%s%.*s", (int)t->family,
	    vrf.n ? "%" : "", STR_FMT(vrf));
	const struct usage *u = &t->sum;

	say(sheet, topic, "space", t->space);
	say_number(sheet, topic, "subnets", t->subnets, PAINT_NONE);
	say_number(sheet, topic, "ranges", t->ranges, PAINT_NONE);
	say_number(sheet, topic, "addresses", t->addresses, PAINT_NONE);
	say(sheet, topic, "size", u->size);
	say(sheet, topic, "used", u->used);
	say(sheet, topic, "reserved", u->reserved);
	say(sheet, topic, "dhcp", u->dhcp);
	say(sheet, topic, "free", u->free);
	say_percent(sheet, topic, STR("percent"), u->permille);
	say_number(sheet, topic, "warn", t->warn, PAINT_WARN);
	say_number(sheet, topic, "crit", t->crit, PAINT_CRIT);
}

/* --- the first ten by something ------------------------------------------- */

struct top {
	struct {
		double weight;
		size_t subnet;
	} v[TOP];
	size_t n;
};

/* Keeps the heaviest ones found so far, the heaviest first. */
static void
keep(struct top *t, double weight, size_t subnet)
{
	size_t at = t->n;

	while (at > 0 && t->v[at - 1].weight < weight)
		at--;
	if (at == TOP)
		return;
	if (t->n < TOP)
		t->n++;
	memmove(&t->v[at + 1], &t->v[at], (t->n - at - 1) * sizeof(*t->v));
	t->v[at].weight = weight;
	t->v[at].subnet = subnet;
}

static struct str
title_of(struct ctx *c, const struct rec *subnet)
{
	struct str name = db_label(c->db, subnet);

	return arena_fmt(&c->out->arena, "%.*s%s%.*s", STR_FMT(db_key(c->db, subnet)),
	    name.n ? " " : "", STR_FMT(name));
}

static void
say_fullest(struct sheet *sheet, const struct usage *u, size_t n)
{
	struct top top = { .n = 0 };

	for (size_t i = 0; i < n; i++)
		if (!u[i].is_container && u[i].permille > 0)
			keep(&top, u[i].permille, i);
	for (size_t i = 0; i < top.n; i++) {
		const struct usage *full = &u[top.v[i].subnet];
		say_percent(sheet, STR("fullest"), title_of(sheet->c, full->subnet),
		    full->permille);
	}
}

/* What has grown in the last half year, as far back as the journal goes. */
static enum status
say_growth(struct sheet *sheet, const struct usage *u, size_t n)
{
	struct ctx *c = sheet->c;
	struct top top = { .n = 0 };
	struct growth g;
	enum status status = !c->session ? STATUS_OK : session_journal(c->session);

	if (status || !c->session || !journal_exists(&c->session->journal))
		return status;
	status = report_growth(c, EVERY_WEEK, growth_since(EVERY_WEEK, c->env->now), u, n, &g);
	if (status)
		return status;
	for (size_t i = 0; i < n; i++)
		if (!u[i].is_container && growth_change(&g.series[i]) > 0)
			keep(&top, growth_change(&g.series[i]), i);
	for (size_t i = 0; i < top.n; i++) {
		const struct growth_series *s = &g.series[top.v[i].subnet];
		struct row row = { .topic = STR("growth"),
			.item = title_of(c, s->u->subnet),
			.grown = s };
		report_row(sheet, NULL, &row);
	}
	growth_release(&g);
	return STATUS_OK;
}

static void
say_expiring(struct sheet *sheet)
{
	struct ctx *c = sheet->c;
	uint64_t past = 0, soon = 0;
	struct walk w;
	int64_t t;

	for (struct rec *r = walk_all(&w, c->db); r; r = walk_next(&w)) {
		if (r->kind == KIND_RANGE || !db_time(c->db, r, "expires", &t))
			continue;
		past += t <= c->env->now;
		soon += t > c->env->now && t - c->env->now <= SOON;
	}
	say_number(sheet, STR("expiring"), "past", past, PAINT_CRIT);
	say_number(sheet, STR("expiring"), "within 30d", soon, PAINT_WARN);
}

static void
say_problems(struct sheet *sheet)
{
	struct problems problems;

	totals_problems(sheet->c->db, &problems);
	for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
		if (problems.by_rule[r])
			say_number(sheet, STR("problems"), rules[r].name, problems.by_rule[r],
			    PAINT_WARN);
	say_number(sheet, STR("problems"), "all", problems.all, PAINT_WARN);
}

enum status
cmd_report_summary(struct ctx *c)
{
	struct sheet sheet;
	struct usage *u;
	struct total *total;
	enum status status = cmd_words(c, 0, 0);

	if (!status)
		status = report_table(c, &sheet, summary_columns, ARRAY_LEN(summary_columns),
		    summary_cell);
	if (status)
		return status;
	size_t n = usage_all(c->db, &u), totals = totals_all(c->db, u, n, &total);
	for (size_t i = 0; i < totals; i++)
		say_total(&sheet, &total[i]);
	say_fullest(&sheet, u, n);
	status = say_growth(&sheet, u, n);
	say_expiring(&sheet);
	say_problems(&sheet);
	return status;
}
