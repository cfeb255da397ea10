/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report summary: the whole plan on a page. */
#include "report.h"

#include "core/totals.h"

enum { SOON = 30 * 86400, FULLEST = 10 };

enum { TOPIC, ITEM, VALUE };
static const struct column summary_columns[] = {
	[TOPIC] = { "topic", 0 },
	[ITEM] = { "item", 0 },
	[VALUE] = { "value", COLUMN_RIGHT },
};

struct row {
	struct str topic, item;
	bool is_percent;
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

/* Keeps the first n of the fullest found so far, the fullest first. */
static size_t
keep_fullest(const struct usage *best[FULLEST], size_t n, const struct usage *u)
{
	size_t at = n;

	while (at > 0 && best[at - 1]->permille < u->permille)
		at--;
	if (at == FULLEST)
		return n;
	if (n < FULLEST)
		n++;
	memmove(&best[at + 1], &best[at], (n - at - 1) * sizeof(*best));
	best[at] = u;
	return n;
}

static void
say_fullest(struct sheet *sheet, const struct usage *u, size_t n)
{
	struct ctx *c = sheet->c;
	const struct usage *best[FULLEST];
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (!u[i].is_container && u[i].permille > 0)
			found = keep_fullest(best, found, &u[i]);
	for (size_t i = 0; i < found; i++) {
		struct str name = db_label(c->db, best[i]->subnet);
		struct str item = arena_fmt(&c->out->arena, "%.*s%s%.*s",
		    STR_FMT(db_key(c->db, best[i]->subnet)), name.n ? " " : "", STR_FMT(name));
		say_percent(sheet, STR("fullest"), item, best[i]->permille);
	}
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
		status = report_sheet(c, &sheet, summary_columns, ARRAY_LEN(summary_columns),
		    summary_cell);
	if (status)
		return status;
	size_t n = usage_all(c->db, &u), totals = totals_all(c->db, u, n, &total);
	for (size_t i = 0; i < totals; i++)
		say_total(&sheet, &total[i]);
	say_fullest(&sheet, u, n);
	say_expiring(&sheet);
	say_problems(&sheet);
	return STATUS_OK;
}
