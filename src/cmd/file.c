/* SPDX-License-Identifier: GPL-3.0-or-later */
/* init, check, fmt: the file as a whole. */
#include "cmd.h"

#include "core/fmt.h"
#include "core/text_place.h"

enum status
cmd_init(struct ctx *c)
{
	struct str path = STR_NONE, made;
	static const struct column column[] = { { "file", COLUMN_PLAIN } };
	enum status status = cmd_words(c, 0, 1);

	if (c->args.word.n)
		path = c->args.word.v[0];
	out_columns(c->out, column, 1);
	if (!status && str_eq(args_get(&c->args, "fields"), STR("help")))
		return STATUS_OK;
	if (!status)
		status = fields_check(c);
	if (!status)
		status = c->world->create(c->world, path, &made, c->diags);
	if (status)
		return status;
	out_row(c->out, NULL);
	out_str(c->out, made);
	return STATUS_OK;
}

static const struct column problem_columns[] = { { "file", 0 }, { "line", COLUMN_RIGHT },
	{ "column", COLUMN_RIGHT }, { "level", 0 }, { "rule", 0 }, { "text", 0 } };

static void
print_line(struct ctx *c, const struct text_place *at, const struct diag *d)
{
	out_text(c->out,
	    arena_fmt(&c->out->arena, "%s:%zu:%zu: %s: %.*s [%s]\n", at->source->name, at->line,
		at->column, severity_names[d->severity], STR_FMT(d->text), rules[d->rule].name));
}

/* The row outlives what was said. */
static void
print_row(struct ctx *c, const struct text_place *at, const struct diag *d)
{
	out_row(c->out, NULL);
	out_str(c->out, str_from(at->source->name));
	out_count(c->out, count_of(at->line));
	out_count(c->out, count_of(at->column));
	out_str(c->out, str_from(severity_names[d->severity]));
	out_str(c->out, str_from(rules[d->rule].name));
	out_str(c->out, arena_str(&c->out->arena, d->text));
}

static void
print_problems(struct ctx *c, const struct diags *d)
{
	bool rows =
	    c->format == FORMAT_TSV || c->format == FORMAT_JSON || args_has(&c->args, "fields");
	struct text_place at = { 0 };

	if (rows)
		out_columns(c->out, problem_columns, ARRAY_LEN(problem_columns));
	for (size_t i = 0; i < d->n; i++)
		if (text_place_find(&at, c->db->source, c->db->sources, d->v[i].pos.at))
			(rows ? print_row : print_line)(c, &at, &d->v[i]);
	if (d->dropped && !rows)
		out_text(c->out, arena_fmt(&c->out->arena, "... and %zu more\n", d->dropped));
}

enum status
cmd_check(struct ctx *c)
{
	struct diags *d = c->diags;
	enum status status = cmd_words(c, 0, 0);

	if (status)
		return status;
	status = check_plan(c->db, SEV_WARNING, d);
	print_problems(c, d);
	if (!status && d->warnings && args_has(&c->args, "strict"))
		status = STATUS_NO;
	size_t dropped = c->out->columns ? d->dropped : 0;
	diags_clear(d);
	if (dropped)
		diag_warn(d, "%zu problems more", dropped);
	return status;
}

enum status
cmd_fmt(struct ctx *c)
{
	struct str text;
	enum status status = cmd_words(c, 0, 0);

	if (status)
		return status;
	diags_clear(c->diags);
	status = fmt_text(c->db, &text, c->diags);
	if (status)
		return status;
	const struct text_source *s = &c->db->source[0];
	bool same = str_eq(text, (struct str){ s->p, s->n });
	if (args_has(&c->args, "check"))
		return same ? STATUS_OK : STATUS_NO;
	c->new_text = text;
	c->has_new_text = !same;
	return STATUS_OK;
}
