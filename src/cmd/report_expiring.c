/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report expiring: what ends soon, or should have ended. */
#include "report.h"

#include "core/when.h"

enum { DAY = 86400 };

enum { KEY, NAME, OWNER, EXPIRES, DAYS };
static const struct column expiring_columns[] = {
	[KEY] = { "key", 0 },
	[NAME] = { "name", 0 },
	[OWNER] = { "owner", 0 },
	[EXPIRES] = { "expires", 0 },
	[DAYS] = { "days", COLUMN_RIGHT },
};

struct row {
	struct rec *rec;
	int64_t expires;
	size_t place;
};
typedef VEC(struct row) row_list;

/* Whole days that are left; negative once it is over. */
static int64_t
days_left(const struct ctx *c, const struct row *row)
{
	int64_t left = row->expires - c->env->now;

	return left > 0 ? left / DAY : -((DAY - 1 - left) / DAY);
}

static void
expiring_cell(struct ctx *c, const void *p, size_t column)
{
	const struct row *row = p;
	char text[WHEN_TEXT];
	struct str owner;

	switch (column) {
	case KEY: out_str(c->out, db_key(c->db, row->rec)); break;
	case NAME: out_str(c->out, db_label(c->db, row->rec)); break;
	case OWNER:
		out_str(c->out,
		    db_value(c->db, row->rec, STR("owner"), &owner, NULL) ? owner : STR_NONE);
		break;
	case EXPIRES:
		out_str(c->out, arena_str(&c->out->arena, str_from(when_fmt(text, row->expires))));
		break;
	case DAYS: out_int(c->out, days_left(c, row)); break;
	}
	if (row->expires <= c->env->now)
		out_paint(c->out, PAINT_CRIT);
}

static int
sooner(const void *va, const void *vb)
{
	const struct row *a = va, *b = vb;

	if (a->expires != b->expires)
		return a->expires < b->expires ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

static void
find_rows(struct ctx *c, struct select *s, int64_t within, row_list *rows)
{
	rec_list all = { 0 };
	int64_t t;

	select_all(s, K_SUBNET | K_ADDRESS, &all);
	for (size_t i = 0; i < all.n; i++)
		if (report_family(c, all.v[i]->family) && db_time(c->db, all.v[i], "expires", &t) &&
		    t - c->env->now <= within)
			vec_push(c->env, rows, ((struct row){ all.v[i], t, i }));
	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), sooner);
	vec_release(&all);
}

enum status
cmd_report_expiring(struct ctx *c)
{
	struct str text = args_get(&c->args, "within");
	int64_t within = (int64_t)30 * DAY;
	struct select s = { 0 };
	struct sheet sheet;
	row_list rows = { 0 };
	enum status status =
	    report_sheet(c, &sheet, expiring_columns, ARRAY_LEN(expiring_columns), expiring_cell);

	if (!status && args_has(&c->args, "within") && !duration_parse(text, &within))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--within %.*s: a duration is written 30m, 12h, 7d or 4w", STR_FMT(text));
	if (!status)
		status = report_select(c, &s);
	if (!status) {
		find_rows(c, &s, within, &rows);
		for (size_t i = 0; i < rows.n; i++)
			report_row(&sheet, rows.v[i].rec, &rows.v[i]);
		status = rows.n || s.term.n == 0 ? STATUS_OK : STATUS_NO;
	}
	vec_release(&rows);
	select_release(&s);
	return status;
}
