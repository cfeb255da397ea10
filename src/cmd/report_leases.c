/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report leases: how full the pools of addresses and prefixes are. */
#include "report.h"

#include "core/when.h"

enum { KEY, NAME, SIZE, LEASED, DECLINED, FREE, PERCENT, PEAK, PEAK_AT };
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
};

struct row {
	const struct rec *rec;
	struct seen_pool pool;
	struct count taken;
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
	}
}

static bool
is_over(const struct row *r, uint64_t milli)
{
	return count_cmp(count_mul(r->taken, 100000), count_mul(r->pool.size, milli)) >= 0;
}

static size_t
rows(struct sheet *sheet, const rec_list *l, struct seen *seen, const uint64_t *over)
{
	size_t shown = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct row r = { .rec = l->v[i] };
		if (!seen_pool(seen, r.rec, &r.pool))
			continue;
		r.taken = count_of(r.pool.leased + r.pool.declined);
		if (over && !is_over(&r, *over))
			continue;
		report_row(sheet, r.rec, &r);
		shown++;
	}
	return shown;
}

enum status
cmd_report_leases(struct ctx *c)
{
	bool has_over = args_has(&c->args, "over");
	struct sheet sheet;
	struct select s;
	struct seen *seen = NULL;
	rec_list list = { 0 };
	uint64_t over = 0;
	size_t shown = 0;
	enum status status = report_sheet(c, &sheet, columns, ARRAY_LEN(columns), cell);

	if (!status && has_over && !percent_parse(args_get(&c->args, "over"), &over))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--over %.*s: a percentage from 0 to 100 is wanted",
		    STR_FMT(args_get(&c->args, "over")));
	if (!status)
		status = cmd_seen(c, &seen);
	if (status)
		return status;
	status = report_select(c, &s);
	if (!status) {
		select_all(&s, K_RANGE | K_SUBNET, &list);
		shown = rows(&sheet, &list, seen, has_over ? &over : NULL);
	}
	bool is_no = has_over ? shown > 0 : shown == 0 && s.term.n > 0;
	select_release(&s);
	vec_release(&list);
	return status ? status : is_no ? STATUS_NO : STATUS_OK;
}
