/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report, subnet tree: how full the plan is. */
#include "cmd.h"

#include "core/usage.h"

static const struct column usage_columns[] = { { "prefix", 0 }, { "name", 0 }, { "vrf", 0 },
	{ "size", COLUMN_RIGHT }, { "used", COLUMN_RIGHT }, { "reserved", COLUMN_RIGHT },
	{ "dhcp", COLUMN_RIGHT }, { "free", COLUMN_RIGHT }, { "percent", COLUMN_RIGHT },
	{ "busy", COLUMN_RIGHT } };

static const char usage_fields[] = "prefix,name,vrf,size,used,reserved,dhcp,free,percent,busy";

static void
print_cell(struct ctx *c, const struct usage *u, struct str field)
{
	const struct {
		const char *name;
		struct count count;
	} counts[] = { { "size", u->size }, { "used", u->used }, { "reserved", u->reserved },
		{ "dhcp", u->dhcp }, { "free", u->free }, { "busy", u->busy } };
	struct str value;

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (str_eq(field, str_from(counts[i].name))) {
			out_count(c->out, counts[i].count);
			return;
		}
	if (str_eq(field, STR("percent")))
		out_permille(c->out, u->permille);
	else if (str_eq(field, STR("prefix")) || str_eq(field, STR("key")))
		out_str(c->out, db_key(c->db, u->subnet));
	else
		out_str(c->out,
		    query_field(c->db, u->subnet, field, false, &value) ? value : STR_NONE);
}

static enum status
usage_begin(struct ctx *c, struct str *fields)
{
	struct str rest, field;
	size_t n = 0;

	*fields =
	    args_has(&c->args, "fields") ? args_get(&c->args, "fields") : str_from(usage_fields);
	rest = *fields;
	struct column *column = arena_zalloc(&c->db->arena, (fields->n + 1) * sizeof(*column));
	while (str_next(&rest, ',', &field)) {
		if (!attr_name_is_valid(field))
			return diag_fail(c->diags, STATUS_USAGE, "--fields %.*s: no such field",
			    STR_FMT(field));
		column[n].name = arena_z(&c->db->arena, field);
		for (size_t i = 0; i < ARRAY_LEN(usage_columns); i++)
			if (str_eq(field, str_from(usage_columns[i].name)))
				column[n].flags = usage_columns[i].flags;
		n++;
	}
	if (n == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--fields wants names of fields");
	out_columns(c->out, column, n);
	return STATUS_OK;
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
report_rows(struct ctx *c, struct select *s, struct str fields, bool has_over, uint64_t over)
{
	struct usage *u;
	size_t n = usage_all(c->db, &u), shown = 0;
	struct str rest, field;

	for (size_t i = 0; i < n; i++) {
		if (!select_match(s, u[i].subnet) || (has_over && !usage_is_over(&u[i], over)))
			continue;
		shown++;
		out_row(c->out, u[i].subnet);
		for (rest = fields; str_next(&rest, ',', &field);)
			print_cell(c, &u[i], field);
	}
	if (has_over)
		return shown ? STATUS_NO : STATUS_OK;
	return shown || s->term.n == 0 ? STATUS_OK : STATUS_NO;
}

/* Whether a first word is part of a SELECT and not the name of a report. */
static bool
is_select(struct ctx *c, struct str word)
{
	struct find f;

	if (!name_is_valid(word) || ip_looks_like_key(word))
		return true;
	find_start(&f, c->db, INDEX_NAME, word);
	return find_next(&f) != NULL;
}

enum status
cmd_report(struct ctx *c)
{
	bool named = c->args.word.n && str_eq(c->args.word.v[0], STR("usage"));
	bool has_over = args_has(&c->args, "over");
	struct select s;
	struct str fields;
	uint64_t over = 0;
	enum status status = usage_begin(c, &fields);

	if (!status && has_over && !read_percent(args_get(&c->args, "over"), &over))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--over %.*s: a percentage from 0 to 100 is wanted",
		    STR_FMT(args_get(&c->args, "over")));
	select_init(&s, c->db, c->scope, args_has(&c->args, "own"));
	if (!status && !named && c->args.word.n && !is_select(c, c->args.word.v[0]))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "report %.*s: there is no such report (usage)", STR_FMT(c->args.word.v[0]));
	for (size_t i = named; i < c->args.word.n && !status; i++)
		status = select_add(&s, c->args.word.v[i], c->diags);
	if (!status)
		status = report_rows(c, &s, fields, has_over, over);
	select_release(&s);
	return status;
}

/* --- subnet tree ------------------------------------------------------ */

static const struct column tree_columns[] = { { "prefix", 0 }, { "name", 0 }, { "vrf", 0 },
	{ "size", COLUMN_RIGHT }, { "free", COLUMN_RIGHT }, { "percent", COLUMN_RIGHT } };

enum status
cmd_subnet_tree(struct ctx *c)
{
	const struct rec *root = NULL;
	struct usage *u;
	enum status status = cmd_words(c, 0, 1);
	unsigned depth = 0;

	if (!status && c->args.word.n) {
		struct rec *r;
		status = target_one(&r, c->db, c->scope, c->args.word.v[0], K_SUBNET, "a subnet",
		    c->diags);
		root = status ? NULL : r;
	}
	if (status)
		return status;
	size_t n = usage_all(c->db, &u);
	out_columns(c->out, tree_columns, ARRAY_LEN(tree_columns));
	for (size_t i = 0; i < n; i++) {
		const struct rec *r = u[i].subnet;
		if (r == root)
			depth = u[i].depth;
		if ((root && !(r->vrf == root->vrf && span_holds(rec_span(root), rec_span(r)))) ||
		    (c->scope.given && r->vrf != c->scope.vrf))
			continue;
		out_row(c->out, r);
		out_indented(c->out, u[i].depth - depth, db_key(c->db, r));
		out_str(c->out, db_label(c->db, r));
		out_str(c->out, db_vrf_name(c->db, r->vrf));
		out_count(c->out, u[i].size);
		out_count(c->out, u[i].free);
		out_permille(c->out, u[i].permille);
	}
	return STATUS_OK;
}
