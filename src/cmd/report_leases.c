/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report leases: how full the pools of addresses and prefixes are. */
#include "report.h"
#include "told.h"

#include "core/when.h"

enum { KEY, NAME, SIZE, LEASED, DECLINED, FREE, PERCENT, PEAK, PEAK_AT, NOW };
static const struct column columns[] = {
	[KEY] = { "key", 0 },
	[NAME] = { "name", 0 },
	[SIZE] = { "size", COLUMN_RIGHT },
	[LEASED] = { "leased", COLUMN_RIGHT },
	[DECLINED] = { "declined", COLUMN_RIGHT },
	[FREE] = { "free", COLUMN_RIGHT },
	[PERCENT] = { "percent", COLUMN_RIGHT },
	[PEAK] = { "peak", COLUMN_RIGHT },
	[PEAK_AT] = { "peak-at", 0 },
	[NOW] = { "now", 0 }, /* with --changed */
};

struct row {
	const struct rec *rec;
	struct seen_pool pool;
	struct count taken;
	struct str now; /* what --over says of it, or nothing */
};

struct wish {
	struct over over;
	struct told told;
};

static void
cell(struct ctx *c, const void *p, size_t column)
{
	const struct row *r = p;
	char when[WHEN_TEXT];

	switch (column) {
	case KEY: out_str(c->out, db_key(c->db, r->rec)); break;
	case NAME: out_str(c->out, db_label(c->db, r->rec)); break;
	case SIZE: out_count(c->out, r->pool.size); break;
	case LEASED: out_count(c->out, count_of(r->pool.leased)); break;
	case DECLINED: out_count(c->out, count_of(r->pool.declined)); break;
	case FREE: out_count(c->out, count_sub(r->pool.size, r->taken)); break;
	case PERCENT: out_permille(c->out, count_permille(r->taken, r->pool.size)); break;
	case PEAK: out_count(c->out, count_of(r->pool.peak)); break;
	case PEAK_AT:
		out_str(c->out,
		    r->pool.peak_at == SEEN_UNKNOWN
			? STR_NONE
			: arena_str(&c->out->arena, str_from(when_fmt(when, r->pool.peak_at))));
		break;
	case NOW: out_str(c->out, r->now.n ? r->now : STR("under")); break;
	}
}

static bool
is_over(const struct row *r, uint64_t milli)
{
	return count_cmp(count_mul(r->taken, 100000), count_mul(r->pool.size, milli)) >= 0;
}

/* Without a number it is measured by warn= and crit= of its subnet. */
static struct str
over_word(struct ctx *c, const struct wish *w, const struct row *r)
{
	const struct rec *subnet = r->rec;
	uint64_t milli;

	if (!w->over.own_limits)
		return is_over(r, w->over.milli) ? STR("over") : STR_NONE;
	if (subnet->kind != KIND_SUBNET)
		subnet = db_around(c->db, subnet->vrf, rec_span(subnet));
	if (!subnet)
		return STR_NONE;
	if (usage_threshold(c->db, subnet, "crit", &milli) && is_over(r, milli))
		return STR("crit");
	return usage_threshold(c->db, subnet, "warn", &milli) && is_over(r, milli) ? STR("warn")
	                                                                           : STR_NONE;
}

static size_t
rows(struct sheet *sheet, const rec_list *l, struct seen *seen, struct wish *w)
{
	struct ctx *c = sheet->c;
	size_t shown = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct row r = { .rec = l->v[i] };
		if (!seen_pool(seen, r.rec, &r.pool))
			continue;
		r.taken = count_of(r.pool.leased + r.pool.declined);
		if (w->over.given)
			r.now = over_word(c, w, &r);
		if (w->over.changed ? !told_changed(&w->told, db_key(c->db, r.rec), r.now)
				    : w->over.given && r.now.n == 0)
			continue;
		report_row(sheet, r.rec, &r);
		shown++;
	}
	return shown;
}

static enum status
show(struct ctx *c, struct sheet *sheet, struct wish *w, struct seen *seen)
{
	rec_list list = { 0 };
	struct select s;
	size_t shown = 0;
	enum status status = report_select(c, &s);

	if (!status && w->over.changed)
		status = told_open(c, &w->told, told_question(c, "leases"));
	if (!status) {
		select_all(&s, K_RANGE | K_SUBNET, &list);
		shown = rows(sheet, &list, seen, w);
		if (w->over.changed)
			told_close(c, &w->told);
	}
	bool is_no = w->over.given ? shown > 0 : shown == 0 && s.term.n > 0;
	select_release(&s);
	vec_release(&list);
	return status ? status : is_no ? STATUS_NO : STATUS_OK;
}

enum status
cmd_report_leases(struct ctx *c)
{
	struct wish w = { .told = { .path = NULL } };
	struct sheet sheet;
	struct seen *seen = NULL;
	enum status status = over_read(c, &w.over);

	if (!status)
		status = report_sheet(c, &sheet, columns, w.over.changed ? NOW + 1 : NOW, cell);
	if (!status)
		status = cmd_seen(c, &seen);
	return status ? status : show(c, &sheet, &w, seen);
}
