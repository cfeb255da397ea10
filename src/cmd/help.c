/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help, version. */
#include "cmd.h"

static void
help_row(struct ctx *c, const struct cmd *cmd)
{
	struct buf b;

	buf_init(&b, c->env);
	buf_fmt(&b, "  ipam %s%s%s%s%s", cmd->noun, cmd->verb ? " " : "",
	    cmd->verb ? cmd->verb : "", *cmd->usage ? " " : "", cmd->usage);
	buf_fmt(&b, "\n      %s\n", cmd->help);
	out_text(c->out, buf_get(&b));
	buf_release(&b);
}

static void
help_options(struct ctx *c, const struct opt *table, const char *only)
{
	struct str rest, word;

	for (const struct opt *o = table; o->name; o++) {
		bool wanted = only == NULL;
		for (rest = str_from(only); !wanted && str_next(&rest, ' ', &word);)
			wanted = str_eq(word, str_from(o->name));
		if (!wanted)
			continue;
		struct buf b;
		buf_init(&b, c->env);
		buf_fmt(&b, "  %c%c%s--%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		    o->letter ? ", " : "  ", o->name, o->value ? " " : "",
		    o->value ? o->value : "");
		while (b.n < 28)
			buf_char(&b, ' ');
		buf_fmt(&b, "%s\n", o->help);
		out_text(c->out, buf_get(&b));
		buf_release(&b);
	}
}

/* The formats that import reads or export writes. */
static void
help_formats(struct ctx *c, const struct cmd *cmd)
{
	bool write = cmd->run == cmd_export;

	for (size_t i = 0; i < format_table_len; i++) {
		const struct format_info *f = &format_table[i];
		if (write ? f->write != NULL : f->read != NULL)
			out_text(c->out,
			    arena_fmt(&c->out->arena, "  ipam %s %s%s%s\n      %s\n", cmd->noun,
				f->name, write ? " " : "", write ? f->usage : "", f->help));
	}
}

static enum status
help_command(struct ctx *c, struct str noun, struct str verb)
{
	bool any = false;

	for (size_t i = 0; i < cmd_table_len; i++) {
		const struct cmd *cmd = &cmd_table[i];
		if (!str_eq(noun, str_from(cmd->noun)) ||
		    (verb.n && !str_eq(verb, str_from(cmd->verb))))
			continue;
		help_row(c, cmd);
		help_options(c, cmd_options, cmd->options);
		if (cmd->run == cmd_import || cmd->run == cmd_export)
			help_formats(c, cmd);
		any = true;
	}
	if (!any)
		return diag_fail(c->diags, STATUS_USAGE, "help: unknown command '%.*s'",
		    STR_FMT(noun));
	return STATUS_OK;
}

enum status
cmd_help(struct ctx *c)
{
	if (c->cmd && c->cmd->run != cmd_help)
		return help_command(c, str_from(c->cmd->noun), str_from(c->cmd->verb));
	if (c->args.word.n)
		return help_command(c, c->args.word.v[0],
		    c->args.word.n > 1 ? c->args.word.v[1] : STR_NONE);
	out_text(c->out, STR("usage: ipam [OPTION...] COMMAND [ARG...]\n\ncommands:\n"));
	for (size_t i = 0; i < cmd_table_len; i++)
		help_row(c, &cmd_table[i]);
	out_text(c->out, STR("\noptions of every command:\n"));
	help_options(c, cmd_global_options, NULL);
	return STATUS_OK;
}

enum status
cmd_version(struct ctx *c)
{
	out_text(c->out,
	    arena_fmt(&c->out->arena, "ipam %s (format %d)\n", c->world->version, FORMAT_VERSION));
	return STATUS_OK;
}
