/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What import and export share: rows of the table of formats, texts of files. */
#include "cmd.h"

enum status
cmd_read_text(struct ctx *c, struct str path, struct text_source *out, struct diags *d)
{
	bool is_input = str_eq(path, STR("-"));
	struct str text;
	enum status status = c->world->read(c->world, path, &text, d);

	if (status)
		return status;
	out->name = is_input ? "standard input" : arena_z(&c->db->arena, path);
	out->p = text.p;
	out->n = text.n;
	vec_push(c->env, &c->foreign, *out);
	return STATUS_OK;
}

struct str
cmd_view(const struct ctx *c)
{
	if (args_has(&c->args, "view"))
		return args_get(&c->args, "view");
	return c->scope.given ? db_vrf_name(c->db, c->scope.vrf) : STR_NONE;
}

struct str
cmd_base_name(struct str path)
{
	size_t at = path.n;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	return str_cut(path, at, path.n);
}

bool
cmd_include(void *ctx, struct str name, const struct text_source *from, struct text_source *out,
    struct diags *d)
{
	struct ctx *c = ctx;
	struct str path = str_from(from->name), base = cmd_base_name(path), beside;
	struct diags none;

	diags_init(&none, c->env);
	beside = arena_fmt(&c->db->arena, "%.*s%.*s", STR_FMT(str_cut(path, 0, path.n - base.n)),
	    STR_FMT(name));
	bool is_relative = name.n && name.p[0] != '/' && base.n < path.n;
	bool ok = (is_relative && cmd_read_text(c, beside, out, &none) == STATUS_OK) ||
	          cmd_read_text(c, name, out, d) == STATUS_OK;
	diags_release(&none);
	return ok;
}

static bool
can(const struct format_info *f, bool write)
{
	return write ? f->write != NULL : f->read != NULL;
}

enum status
cmd_format(struct ctx *c, struct str name, bool write, const struct format_info **out)
{
	const char *names[64];
	size_t n = 0;
	struct buf all;

	*out = format_find(name);
	if (*out && can(*out, write))
		return STATUS_OK;
	if (*out && (*out)->without)
		return diag_fail(c->diags, STATUS_USAGE, "%s %s: built without %s", c->cmd->noun,
		    (*out)->name, (*out)->without);
	for (size_t i = 0; i < format_table_len && n < ARRAY_LEN(names); i++)
		if (can(&format_table[i], write))
			names[n++] = format_table[i].name;
	buf_init(&all, c->env);
	for (size_t i = 0; i < n; i++)
		buf_fmt(&all, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", names[i]);
	diag_fail(c->diags, STATUS_USAGE, "%s: no format '%.*s' (%.*s)", c->cmd->noun,
	    STR_FMT(name), STR_FMT(buf_get(&all)));
	buf_release(&all);
	const char *near = diag_nearest(name, names, n);
	if (near)
		diag_hint(c->diags, "ipam %s %s", c->cmd->noun, near);
	return STATUS_USAGE;
}
