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

	if (status)
		return status;
	if (c->args.word.n)
		path = c->args.word.v[0];
	status = c->world->create(c->world, path, &made, c->diags);
	if (status)
		return status;
	out_columns(c->out, column, 1);
	out_row(c->out, NULL);
	out_str(c->out, made);
	return STATUS_OK;
}

static struct str
source_name(const struct ctx *c, const char *at, size_t *line, size_t *column)
{
	for (size_t i = 0; i < c->db->sources; i++) {
		const struct text_source *s = &c->db->source[i];
		if (at < s->p || at > s->p + s->n)
			continue;
		text_line_column(s, at, line, column);
		return str_from(s->name);
	}
	return STR_NONE;
}

static const struct column problem_columns[] = { { "file", 0 }, { "line", COLUMN_RIGHT },
	{ "column", COLUMN_RIGHT }, { "level", 0 }, { "rule", 0 }, { "text", 0 } };

static void
print_problem(struct ctx *c, const struct diag *d)
{
	size_t line = 0, column = 0;
	struct str name = source_name(c, d->pos.at, &line, &column);
	const char *level = d->severity == SEV_ERROR ? "error" : "warning";

	if (c->format == FORMAT_TABLE || c->format == FORMAT_IPAM) {
		out_text(c->out,
		    arena_fmt(&c->db->arena, "%.*s:%zu:%zu: %s: %.*s [%s]\n", STR_FMT(name), line,
			column, level, STR_FMT(d->text), rules[d->rule].name));
		return;
	}
	out_row(c->out, NULL);
	out_str(c->out, name);
	out_count(c->out, count_of(line));
	out_count(c->out, count_of(column));
	out_str(c->out, str_from(level));
	out_str(c->out, str_from(rules[d->rule].name));
	out_str(c->out, d->text);
}

enum status
cmd_check(struct ctx *c)
{
	struct diags *d = c->diags;
	enum status status = cmd_words(c, 0, 0);

	if (status)
		return status;
	if (c->format == FORMAT_TSV || c->format == FORMAT_JSON)
		out_columns(c->out, problem_columns, ARRAY_LEN(problem_columns));
	status = check_plan(c->db, SEV_WARNING, d);
	for (size_t i = 0; i < d->n; i++)
		print_problem(c, &d->v[i]);
	if (d->dropped && c->format == FORMAT_TABLE)
		out_text(c->out, arena_fmt(&c->db->arena, "... and %zu more\n", d->dropped));
	if (!status && d->warnings && args_has(&c->args, "strict"))
		status = STATUS_NO;
	diags_clear(d);
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
