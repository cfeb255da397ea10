/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report stale, unknown, mismatch: what was seen against the plan. */
#include "report.h"

#include "core/seen_compare.h"
#include "core/when.h"

enum { DAY = 86400, STALE_DAYS = 30 };

/* The time so many days ago; def days without the option. */
static enum status
read_since(struct ctx *c, uint64_t def, int64_t *since)
{
	uint64_t days;
	enum status status = cmd_number(c, "days", def, 0, 36500, &days);

	*since = c->env->now - (int64_t)days * DAY;
	if (!args_has(&c->args, "days") && def == 0)
		*since = SEEN_UNKNOWN;
	return status;
}

/* Adds the rows of a report about what SELECT leaves; gives how many. */
typedef size_t rows_fn(struct ctx *c, struct sheet *sheet, struct select *s, struct seen *seen,
    int64_t since);

/* A report with --days, `days` without it; 1 if there is anything to report. */
static enum status
report(struct ctx *c, const struct column *column, size_t columns, report_cell_fn *cell,
    rows_fn *rows, uint64_t days)
{
	struct sheet sheet;
	struct select s;
	struct seen *seen = NULL;
	int64_t since = 0;
	size_t shown = 0;
	enum status status = report_sheet(c, &sheet, column, columns, cell);

	if (!status)
		status = read_since(c, days, &since);
	if (!status)
		status = cmd_seen(c, &seen);
	if (status)
		return status;
	status = report_select(c, &s);
	if (!status)
		shown = rows(c, &sheet, &s, seen, since);
	select_release(&s);
	return status ? status : shown ? STATUS_NO : STATUS_OK;
}

static void
time_cell(struct ctx *c, int64_t t)
{
	char text[WHEN_TEXT];

	out_str(c->out,
	    t == SEEN_UNKNOWN ? STR_NONE : arena_str(&c->out->arena, str_from(when_fmt(text, t))));
}

/* --- stale ------------------------------------------------------------- */

enum { STALE_KEY, STALE_NAME, STALE_MAC, STALE_LAST, STALE_DAYS_AGO, STALE_BY };
static const struct column stale_columns[] = {
	[STALE_KEY] = { "key", 0 },
	[STALE_NAME] = { "name", 0 },
	[STALE_MAC] = { "mac", 0 },
	[STALE_LAST] = { "last", 0 },
	[STALE_DAYS_AGO] = { "days", COLUMN_RIGHT },
	[STALE_BY] = { "by", 0 },
};

struct stale {
	const struct rec *rec;
	struct sight sight; /* all unknown: never seen */
};

static void
stale_cell(struct ctx *c, const void *row, size_t column)
{
	const struct stale *s = row;
	struct str mac = STR_NONE;

	switch (column) {
	case STALE_KEY: out_str(c->out, db_key(c->db, s->rec)); break;
	case STALE_NAME: out_str(c->out, db_label(c->db, s->rec)); break;
	case STALE_MAC:
		db_own(c->db, s->rec, "mac", &mac);
		out_str(c->out, mac);
		break;
	case STALE_LAST: time_cell(c, s->sight.last); break;
	case STALE_DAYS_AGO:
		if (s->sight.last == SEEN_UNKNOWN)
			out_str(c->out, STR_NONE);
		else
			out_count(c->out, count_of((u128)((c->env->now - s->sight.last) / DAY)));
		break;
	case STALE_BY: out_str(c->out, s->sight.by); break;
	}
}

/* One that is leased is not stale, unless its lease never ends. */
static bool
is_stale(struct ctx *c, const struct sight *s, int64_t since)
{
	bool has_end = s->lease_end != SEEN_NEVER && s->lease_end != SEEN_UNKNOWN;

	return s->last <= since && !(has_end && sight_is_leased(s, c->env->now));
}

static size_t
stale_rows(struct ctx *c, struct sheet *sheet, struct select *s, struct seen *seen, int64_t since)
{
	static const struct sight never = { .first = SEEN_UNKNOWN,
		.last = SEEN_UNKNOWN,
		.lease_end = SEEN_UNKNOWN };
	rec_list list = { 0 };
	size_t at = 0, shown = 0;

	/* both are in order */
	select_all(s, K_ADDRESS, &list);
	for (size_t i = 0; i < list.n; i++) {
		struct stale row = { list.v[i], never };
		if (!seen_is_wanted(c->db, row.rec))
			continue;
		while (at < seen->n && db_order(c->db, &seen->rec[at], row.rec) < 0)
			at++;
		if (at < seen->n && db_order(c->db, &seen->rec[at], row.rec) == 0)
			sight_read(&c->db->arena, &seen->rec[at], &row.sight);
		if (!is_stale(c, &row.sight, since))
			continue;
		report_row(sheet, row.rec, &row);
		shown++;
	}
	vec_release(&list);
	if (shown && seen->n == 0) {
		diag_warn(c->diags, "nothing was ever seen");
		diag_hint(c->diags, "ipam seen import, ipam scan");
	}
	return shown;
}

enum status
cmd_report_stale(struct ctx *c)
{
	return report(c, stale_columns, ARRAY_LEN(stale_columns), stale_cell, stale_rows,
	    STALE_DAYS);
}

/* --- unknown ----------------------------------------------------------- */

enum { NEW_KEY, NEW_NAME, NEW_MAC, NEW_FIRST, NEW_LAST, NEW_BY, NEW_PARENT };
static const struct column unknown_columns[] = {
	[NEW_KEY] = { "key", 0 },
	[NEW_NAME] = { "name", 0 },
	[NEW_MAC] = { "mac", 0 },
	[NEW_FIRST] = { "first", 0 },
	[NEW_LAST] = { "last", 0 },
	[NEW_BY] = { "by", 0 },
	[NEW_PARENT] = { "parent", 0 },
};

struct unknown {
	const struct rec *rec;
	struct sight sight;
};

static void
unknown_cell(struct ctx *c, const void *row, size_t column)
{
	const struct unknown *u = row;
	const struct rec *parent = u->rec->parent;

	switch (column) {
	case NEW_KEY: out_str(c->out, db_key(c->db, u->rec)); break;
	case NEW_NAME: out_str(c->out, u->sight.host); break;
	case NEW_MAC: out_str(c->out, u->sight.mac); break;
	case NEW_FIRST: time_cell(c, u->sight.first); break;
	case NEW_LAST: time_cell(c, u->sight.last); break;
	case NEW_BY: out_str(c->out, u->sight.by); break;
	case NEW_PARENT: out_str(c->out, parent ? db_key(c->db, parent) : STR_NONE); break;
	}
}

static size_t
unknown_rows(struct ctx *c, struct sheet *sheet, struct select *s, struct seen *seen, int64_t since)
{
	size_t shown = 0;

	for (size_t i = 0; i < seen->n; i++) {
		struct unknown row = { .rec = &seen->rec[i] };
		if (row.rec->kind != KIND_ADDRESS || !select_match(s, row.rec) ||
		    seen_is_planned(seen, row.rec))
			continue;
		sight_read(&c->db->arena, row.rec, &row.sight);
		if (row.sight.last < since)
			continue;
		report_row(sheet, row.rec, &row);
		shown++;
	}
	return shown;
}

enum status
cmd_report_unknown(struct ctx *c)
{
	return report(c, unknown_columns, ARRAY_LEN(unknown_columns), unknown_cell, unknown_rows,
	    0);
}

/* --- mismatch ---------------------------------------------------------- */

enum { MIS_KEY, MIS_NAME, MIS_FINDING, MIS_PLAN, MIS_SEEN, MIS_ALSO, MIS_LAST, MIS_BY };
static const struct column mismatch_columns[] = {
	[MIS_KEY] = { "key", 0 },
	[MIS_NAME] = { "name", 0 },
	[MIS_FINDING] = { "finding", 0 },
	[MIS_PLAN] = { "plan", 0 },
	[MIS_SEEN] = { "seen", 0 },
	[MIS_ALSO] = { "also", 0 },
	[MIS_LAST] = { "last", 0 },
	[MIS_BY] = { "by", 0 },
};

static void
mismatch_cell(struct ctx *c, const void *row, size_t column)
{
	const struct mismatch *m = row;
	struct sight sight;

	sight_read(&c->db->arena, m->rec, &sight);
	switch (column) {
	case MIS_KEY: out_str(c->out, db_key(c->db, m->rec)); break;
	case MIS_NAME:
		out_str(c->out, m->planned ? db_label(c->db, m->planned) : sight.host);
		break;
	case MIS_FINDING: out_str(c->out, str_from(mismatch_names[m->kind])); break;
	case MIS_PLAN: out_str(c->out, m->plan); break;
	case MIS_SEEN: out_str(c->out, m->seen); break;
	case MIS_ALSO: out_str(c->out, m->also); break;
	case MIS_LAST: time_cell(c, sight.last); break;
	case MIS_BY: out_str(c->out, sight.by); break;
	}
}

static size_t
mismatch_rows(struct ctx *c, struct sheet *sheet, struct select *s, struct seen *seen,
    int64_t since)
{
	mismatch_list list = { 0 };
	size_t shown = 0;

	seen_mismatches(seen, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct mismatch *m = &list.v[i];
		const struct rec *about = m->planned ? m->planned : m->rec;
		struct sight sight;
		sight_read(&c->db->arena, m->rec, &sight);
		if (sight.last < since || !select_match(s, about))
			continue;
		report_row(sheet, about, m);
		shown++;
	}
	vec_release(&list);
	return shown;
}

enum status
cmd_report_mismatch(struct ctx *c)
{
	return report(c, mismatch_columns, ARRAY_LEN(mismatch_columns), mismatch_cell,
	    mismatch_rows, 0);
}
