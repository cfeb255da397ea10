/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import: what other programs' files say, into the plan. */
#include "cmd.h"

#include "core/merge.h"

/* --origin, else the file's name less .zone. */
static struct str
find_origin(struct ctx *c, struct str path)
{
	struct str base = cmd_base_name(path);

	if (args_has(&c->args, "origin"))
		return args_get(&c->args, "origin");
	if (str_eq(path, STR("-")))
		return STR_NONE;
	return str_iends(base, STR(".zone")) ? str_cut(base, 0, base.n - 5) : base;
}

static enum status
read_file(struct ctx *c, const struct format_info *format, struct str path, struct facts *facts)
{
	struct format_input in = { .origin = find_origin(c, path),
		.vrf = db_vrf_name(c->db, c->scope.vrf),
		.include = cmd_include,
		.ctx = c };

	if (!cmd_read_text(c, path, &in.source, c->diags))
		return STATUS_SYSTEM;
	format->read(&in, facts, c->diags);
	return STATUS_OK;
}

static enum status
read_options(struct ctx *c, struct merge *m)
{
	struct str conflict = args_get(&c->args, "conflict");

	*m = (struct merge){ .vrf = c->scope.vrf,
		.strict = args_has(&c->args, "strict"),
		.orphans = args_has(&c->args, "orphans") };
	if (args_has(&c->args, "conflict") && !conflict_by_name(conflict, &m->conflict))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--conflict %.*s: keep, update or fail is wanted", STR_FMT(conflict));
	if (args_has(&c->args, "origin") && c->args.word.n > 2)
		return diag_fail(c->diags, STATUS_USAGE, "--origin is for one file");
	return STATUS_OK;
}

static void
say_counts(struct ctx *c, const struct facts *facts, const struct merge_counts *n)
{
	struct str zones = merge_zone_commands(c->db, facts, c->scope.vrf), line;

	c->note = arena_fmt(&c->db->arena,
	    "%.*sipam: import: %zu added, %zu changed, %zu left, %zu not placed\n",
	    STR_FMT(c->note), n->added, n->changed, n->left, n->unplaced);
	while (str_next(&zones, '\n', &line))
		c->note =
		    arena_fmt(&c->db->arena, "%.*shint: %.*s\n", STR_FMT(c->note), STR_FMT(line));
}

enum status
cmd_import(struct ctx *c)
{
	const struct format_info *format = NULL;
	struct merge_counts counts;
	struct merge merge;
	struct facts facts;
	enum status status = cmd_words(c, 1, SIZE_MAX);

	if (!status)
		status = read_options(c, &merge);
	if (!status)
		status = cmd_format(c, c->args.word.v[0], false, &format);
	if (status)
		return status;
	if (c->args.word.n == 1)
		vec_push(c->env, &c->args.word, STR("-"));
	facts_init(&facts, c->env);
	for (size_t i = 1; i < c->args.word.n && !status; i++)
		status = read_file(c, format, c->args.word.v[i], &facts);
	if (!status) {
		/* errors up to the cap; what is reported is never dropped */
		if (c->diags->errors == 0)
			c->diags->cap = SIZE_MAX;
		status = merge_facts(c->db, &facts, &merge, &counts, c->diags);
	}
	if (!status)
		say_counts(c, &facts, &counts);
	facts_release(&facts);
	return status;
}
