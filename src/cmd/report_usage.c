/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report usage: how full the plan is. */
#include "report.h"

#include "core/usage.h"

enum { PREFIX, NAME, VRF, SIZE, USED, RESERVED, DHCP, FREE, PERCENT, BUSY };
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
	[BUSY] = { "busy", COLUMN_RIGHT },
};

static void
usage_cell(struct ctx *c, const void *row, size_t column)
{
	const struct usage *u = row;
	struct str name;

	switch (column) {
	case PREFIX: out_str(c->out, db_key(c->db, u->subnet)); break;
	case NAME:
		out_str(c->out,
		    query_field(c->db, u->subnet, STR("name"), false, &name) ? name : STR_NONE);
		break;
	case VRF: out_str(c->out, db_vrf_name(c->db, u->subnet->vrf)); break;
	case SIZE: out_count(c->out, u->size); break;
	case USED: out_count(c->out, u->used); break;
	case RESERVED: out_count(c->out, u->reserved); break;
	case DHCP: out_count(c->out, u->dhcp); break;
	case FREE: out_count(c->out, u->free); break;
	case PERCENT: out_permille(c->out, u->permille); break;
	case BUSY: out_count(c->out, u->busy); break;
	}
}

/* A percentage with up to three decimals, in thousandths of one percent. */
static bool
read_percent(struct str s, uint64_t *milli)
{
	size_t dot = str_find(s, '.');
	struct str fraction = dot < s.n ? str_cut(s, dot + 1, s.n) : STR_NONE;
	uint64_t whole, part = 0;

	if (s.n && s.p[s.n - 1] == '%')
		return read_percent(str_cut(s, 0, s.n - 1), milli);
	if (!str_uint(str_cut(s, 0, dot), 100, &whole) || fraction.n > 3)
		return false;
	if (dot < s.n && !str_uint(fraction, 999, &part))
		return false;
	for (size_t i = fraction.n; i < 3; i++)
		part *= 10;
	*milli = whole * 1000 + part;
	return *milli <= 100000;
}

static enum status
usage_rows(struct ctx *c, struct sheet *sheet, struct select *s, bool has_over, uint64_t over)
{
	struct usage *u;
	size_t n = usage_all(c->db, &u), shown = 0;

	for (size_t i = 0; i < n; i++) {
		if (!select_match(s, u[i].subnet) || (has_over && !usage_is_over(&u[i], over)))
			continue;
		shown++;
		report_row(sheet, u[i].subnet, &u[i]);
	}
	if (has_over)
		return shown ? STATUS_NO : STATUS_OK;
	return shown || s->term.n == 0 ? STATUS_OK : STATUS_NO;
}

enum status
cmd_report_usage(struct ctx *c)
{
	struct sheet sheet;
	struct select s;
	struct str text = args_get(&c->args, "over");
	bool has_over = args_has(&c->args, "over");
	uint64_t over = 0;
	enum status status =
	    report_sheet(c, &sheet, usage_columns, ARRAY_LEN(usage_columns), usage_cell);

	if (!status && has_over && !read_percent(text, &over))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--over %.*s: a percentage from 0 to 100 is wanted", STR_FMT(text));
	if (status)
		return status;
	status = report_select(c, &s);
	if (!status)
		status = usage_rows(c, &sheet, &s, has_over, over);
	select_release(&s);
	return status;
}
