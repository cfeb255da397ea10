/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import: what other programs' files say, into the plan. */
#include "cmd.h"

#include "core/merge.h"
#include "format/format.h"

/* A text that diagnostics may then be about. */
static bool
read_text(struct ctx *c, struct str path, struct text_source *out, struct diags *d)
{
	bool is_input = str_eq(path, STR("-"));
	struct str text;

	if (c->world->read(c->world, path, &text, d) != STATUS_OK)
		return false;
	out->name = is_input ? "standard input" : arena_z(&c->db->arena, path);
	out->p = text.p;
	out->n = text.n;
	vec_push(c->env, &c->foreign, *out);
	return true;
}

static struct str
base_name(struct str path)
{
	size_t at = path.n;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	return str_cut(path, at, path.n);
}

/* $INCLUDE: relative to the file that it stands in, else to this directory. */
static bool
include(void *ctx, struct str name, const struct text_source *from, struct text_source *out,
    struct diags *d)
{
	struct ctx *c = ctx;
	struct str path = str_from(from->name), base = base_name(path), beside;
	struct diags none;

	diags_init(&none, c->env);
	beside = arena_fmt(&c->db->arena, "%.*s%.*s", STR_FMT(str_cut(path, 0, path.n - base.n)),
	    STR_FMT(name));
	bool is_relative = name.n && name.p[0] != '/' && base.n < path.n;
	bool ok = (is_relative && read_text(c, beside, out, &none)) || read_text(c, name, out, d);
	diags_release(&none);
	return ok;
}

/* --origin, else the file's name less .zone. */
static struct str
find_origin(struct ctx *c, struct str path)
{
	struct str base = base_name(path);

	if (args_has(&c->args, "origin"))
		return args_get(&c->args, "origin");
	if (str_eq(path, STR("-")))
		return STR_NONE;
	return str_iends(base, STR(".zone")) ? str_cut(base, 0, base.n - 5) : base;
}

static enum status
read_file(struct ctx *c, const struct format_info *format, struct str path, struct facts *facts)
{
	struct format_input in = { .origin = find_origin(c, path), .include = include, .ctx = c };

	if (!read_text(c, path, &in.source, c->diags))
		return STATUS_SYSTEM;
	format->read(&in, facts, c->diags);
	return STATUS_OK;
}

static enum status
find_format(struct ctx *c, struct str name, const struct format_info **out)
{
	const char *names[16];
	size_t n = 0;

	for (; n < format_table_len && n < ARRAY_LEN(names); n++)
		names[n] = format_table[n].name;
	*out = format_find(name);
	if (*out && (*out)->read)
		return STATUS_OK;
	if (*out)
		return diag_fail(c->diags, STATUS_USAGE, "import %s: built without %s",
		    (*out)->name, (*out)->without);
	diag_fail(c->diags, STATUS_USAGE, "import: no format '%.*s' (csv, hosts, ipam or zone)",
	    STR_FMT(name));
	const char *near = diag_nearest(name, names, n);
	if (near)
		diag_hint(c->diags, "ipam import %s", near);
	return STATUS_USAGE;
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
		status = find_format(c, c->args.word.v[0], &format);
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
