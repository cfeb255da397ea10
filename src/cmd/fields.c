/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --fields: what of a record is shown, or which of a command's columns. */
#include "cmd.h"

#include "core/usage.h"

/* --- records ---------------------------------------------------------- */

/* How full a subnet is; worked out once for all fields of a row. */
static bool
print_usage(struct ctx *c, const struct rec *r, struct str field, struct usage *u)
{
	struct count count;

	if (r->kind != KIND_SUBNET || !usage_is_field(field))
		return false;
	if (u->subnet != r)
		usage_of(c->db, r, u);
	if (usage_count(u, field, &count))
		out_count(c->out, count);
	else
		out_permille(c->out, u->permille);
	return true;
}

static void
print_field(struct ctx *c, const struct rec *r, struct str field, struct usage *u)
{
	struct str value;

	if (print_usage(c, r, field, u))
		return;
	if (str_eq(field, STR("attributes")))
		out_attrs(c->out, r, query_attributes(c->db, r));
	else if (str_eq(field, STR("size")) && r->kind != KIND_OBJECT)
		out_count(c->out, count_size(rec_span(r)));
	else
		out_str(c->out, query_field(c->db, r, field, args_has(&c->args, "own"), &value)
				    ? value
				    : STR_NONE);
}

enum status
cmd_print_records(struct ctx *c, struct rec *const *r, size_t n, const char *fields)
{
	bool given = args_has(&c->args, "fields");
	struct str all = given ? args_get(&c->args, "fields") : str_from(fields), rest = all, field;
	struct usage u = { 0 };
	size_t columns = 0;

	c->has_fields = true;
	if (given && str_eq(all, STR("help")))
		return STATUS_OK;
	while (str_next(&rest, ',', &field)) {
		if (!attr_name_is_valid(field))
			return diag_fail(c->diags, STATUS_USAGE,
			    "--fields %.*s: no such field (--fields help)", STR_FMT(field));
		columns++;
	}
	if (columns == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--fields wants names of fields");
	struct column *column = arena_zalloc(&c->db->arena, columns * sizeof(*column));
	rest = all;
	for (size_t i = 0; str_next(&rest, ',', &field); i++)
		column[i].name = arena_z(&c->db->arena, field);
	out_columns(c->out, column, columns);
	for (size_t i = 0; i < n; i++) {
		out_row(c->out, r[i]);
		rest = all;
		while (str_next(&rest, ',', &field))
			print_field(c, r[i], field, &u);
	}
	return STATUS_OK;
}

enum status
cmd_print_keys(struct ctx *c, struct rec *const *r, size_t n)
{
	static const struct column column[] = { { "key", COLUMN_PLAIN } };

	if (args_has(&c->args, "fields"))
		return cmd_print_records(c, r, n, "key");
	out_columns(c->out, column, 1);
	for (size_t i = 0; i < n; i++) {
		out_row(c->out, r[i]);
		out_str(c->out, db_key(c->db, r[i]));
	}
	return STATUS_OK;
}

/* --- help ------------------------------------------------------------- */

static const struct column help_columns[] = { { "field", 0 }, { "meaning", 0 } };

static void
help_row(struct ctx *c, const char *name, const char *meaning)
{
	out_row(c->out, NULL);
	out_str(c->out, str_from(name));
	out_str(c->out, str_from(meaning));
}

static bool
is_among(const struct column *column, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(column[i].name, name) == 0)
			return true;
	return false;
}

static void
help_records(struct ctx *c, const struct column *column, size_t n)
{
	for (size_t i = 0; i < field_table_len; i++)
		if (!is_among(column, n, field_table[i].name))
			help_row(c, field_table[i].name, field_table[i].help);
	for (size_t i = 0; i < attr_table_len; i++) {
		const char *name = attr_table[i].name;
		bool again = i && strcmp(name, attr_table[i - 1].name) == 0;
		if (!again && !is_among(column, n, name))
			help_row(c, name, attr_table[i].help);
	}
}

/* What columns of a command (NULL: of each) mean that are no fields of records. */
static const struct {
	enum status (*run)(struct ctx *c);
	const char *name, *meaning;
} meanings[] = {
	{ cmd_init, "file", "the data file that was made" },
	{ cmd_get, "value", "of the attribute or field" },
	{ cmd_show, "field", "an attribute, or where and what it is" },
	{ cmd_show, "value", "its own, or what it inherits" },
	{ cmd_show, "from", "the subnet it is inherited from; the name of one around it" },
	{ cmd_check, "file", "in which file" },
	{ cmd_check, "line", "from 1" },
	{ cmd_check, "column", "in bytes, from 1" },
	{ cmd_check, "level", "error or warning" },
	{ cmd_check, "rule", "the name of the rule" },
	{ cmd_check, "text", "what is wrong" },
	{ cmd_log, "id", "the number of the change" },
	{ cmd_log, "time", "when" },
	{ cmd_log, "change", "what kind: change, outside, commit, first" },
	{ cmd_log, "user", "who asked" },
	{ cmd_log, "as", "as whom, if that is somebody else" },
	{ cmd_log, "host", "on which host" },
	{ cmd_log, "ipam-user", "the value of IPAM_USER" },
	{ cmd_log, "command", "the command line" },
	{ cmd_log, "reason", "why: -m, or the commit's message" },
	{ cmd_log, "op", "+ came, - went" },
	{ cmd_log, "record", "the record's line" },
	{ cmd_log, "commit", "git's commit that it comes from" },
	{ cmd_log, "date", "when that was made" },
	{ cmd_report_growth, "added", "since the beginning" },
	{ cmd_report_growth, "released", "since the beginning" },
	{ cmd_report_growth, "change", "how many more are used than at the beginning" },
	{ cmd_report_growth, "trend", "a picture of the series" },
	{ cmd_report_growth, "series", "what was used at the end of each period" },
	{ cmd_report_growth, "outlook", "grows, steady, shrinks, full or too short" },
	{ cmd_report_growth, "pace", "how many more in a period" },
	{ cmd_report_growth, "full", "when nothing is left at this pace" },
	{ cmd_report_growth, "earliest", "of full" },
	{ cmd_report_growth, "latest", "of full" },
	{ cmd_map, "cell", "an address or a block" },
	{ cmd_map, "state", "what it is, or most of it" },
	{ cmd_map, "quarantine", "addresses in quarantine" },
	{ cmd_map, "unusable", "network, broadcast and anycast addresses" },
	{ cmd_map, "child", "free in a child subnet" },
	{ cmd_map, "name", "the name or host of what is there" },
	{ cmd_report_by, "value", "of the attribute or field" },
	{ cmd_report_owners, "value", "of owner" },
	{ NULL, "family", "IPv4 or IPv6" },
	{ NULL, "subnets", "those with this value" },
	{ NULL, "space", "all their addresses, but those of child subnets" },
	{ NULL, "addresses", "records of addresses with this value" },
	{ cmd_report_summary, "topic", "a family, its VRF, or a list" },
	{ cmd_report_summary, "item", "what is counted, or which subnet" },
	{ cmd_report_summary, "value", "how many, or what percentage" },
	{ NULL, "growth", "how many more are used than 26 weeks ago" },
	{ NULL, "now", "of --changed: over or under, warn or crit" },
	{ NULL, "blocks", "how many free blocks" },
	{ NULL, "largest", "the largest free block" },
	{ NULL, "fragmented", "percent of the free space that is not in the largest block" },
	{ NULL, "count", "how many prefixes of that length" },
	{ NULL, "block", "the free block" },
	{ cmd_report_expiring, "days", "until it ends; less than none: since" },
	{ NULL, "days", "since it was seen last" },
	{ NULL, "first", "when it was seen first" },
	{ NULL, "last", "when it was seen last" },
	{ NULL, "by", "what has seen it" },
	{ cmd_report_mismatch, "finding", "mac, host or shared-mac" },
	{ cmd_report_mismatch, "plan", "what the plan says" },
	{ cmd_report_mismatch, "seen", "what was seen" },
	{ cmd_report_mismatch, "also", "who else has that MAC" },
	{ cmd_report_leases, "leased", "now" },
	{ cmd_report_leases, "declined", "as somebody else was there" },
	{ cmd_report_leases, "peak", "the most leases at an import" },
	{ cmd_report_leases, "peak-at", "when that was" },
	{ cmd_dhcp_diff, "what", "missing, extra or different" },
	{ cmd_dhcp_diff, "field", "which attribute" },
	{ cmd_dhcp_diff, "plan", "what the plan says" },
	{ cmd_dhcp_diff, "server", "what the server has" },
	{ cmd_scan, "plan", "what the plan knows of it" },
};

static const char *
meaning_of(const struct ctx *c, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if ((!meanings[i].run || meanings[i].run == c->cmd->run) &&
		    strcmp(meanings[i].name, name) == 0)
			return meanings[i].meaning;
	for (size_t i = 0; i < field_table_len; i++)
		if (strcmp(field_table[i].name, name) == 0)
			return field_table[i].help;
	const struct attr_info *info = schema_attr(str_from(name), KIND_ADDRESS, STR_NONE);
	return info ? info->help : "";
}

/* The columns that there are, and the fields of records where these can be asked for, too,
 * instead of the answer. */
static enum status
help_fields(struct ctx *c)
{
	bool own = c->columns > 0, records = c->has_fields || c->out->columns == 0;
	const struct column *column = own ? c->column : c->out->column;
	size_t n = own ? c->columns : c->has_fields ? 0 : c->out->columns;

	out_clear(c->out);
	out_columns(c->out, help_columns, ARRAY_LEN(help_columns));
	for (size_t i = 0; i < n; i++)
		if (!(column[i].flags & COLUMN_BAR))
			help_row(c, column[i].name, meaning_of(c, column[i].name));
	if (records)
		help_records(c, column, n);
	return STATUS_OK;
}

/* --- columns ---------------------------------------------------------- */

enum status
fields_check(struct ctx *c)
{
	struct str fields = args_get(&c->args, "fields"), rest = fields, field;
	struct buf names;

	while (str_next(&rest, ',', &field)) {
		if (out_has_column(c->out, field))
			continue;
		buf_init(&names, c->env);
		for (size_t i = 0; i < c->out->columns; i++)
			buf_fmt(&names, "%s%s", i ? ", " : "", c->out->column[i].name);
		diag_fail(c->diags, STATUS_USAGE, "--fields %.*s: no such field", STR_FMT(field));
		diag_hint(c->diags, "there are %.*s", STR_FMT(buf_get(&names)));
		buf_release(&names);
		return STATUS_USAGE;
	}
	if (args_has(&c->args, "fields") && fields.n == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--fields wants names of fields");
	return STATUS_OK;
}

enum status
fields_run(struct ctx *c)
{
	struct str fields = args_get(&c->args, "fields");
	bool given = args_has(&c->args, "fields"), help = given && str_eq(fields, STR("help"));

	if (help && (c->cmd->flags & CMD_WRITE))
		return help_fields(c);
	enum status status = c->cmd->run(c);
	/* an invalid file has rows of check */
	bool has_rows = status <= STATUS_NO || (status == STATUS_INVALID && c->out->columns);
	if (!given || !has_rows || c->cmd->run == cmd_batch)
		return status;
	if (help)
		return help_fields(c);
	if (c->has_fields || c->out->columns == 0)
		return status;
	enum status checked = fields_check(c);
	if (!checked)
		out_pick(c->out, fields);
	return checked ? checked : status;
}
