/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help, version. */
#include "cmd.h"
#include "format/evidence.h"

enum { HELP_COLUMN = 28 };

/* "  what            help" */
static void
help_line(struct ctx *c, struct buf *what, const char *help)
{
	do
		buf_char(what, ' ');
	while (what->n < HELP_COLUMN);
	buf_fmt(what, "%s\n", help);
	out_text(c->out, buf_get(what));
	buf_release(what);
}

static void
help_usage(struct ctx *c, const struct cmd *cmd)
{
	struct str words = cmd_name(cmd, &c->out->arena);

	out_text(c->out, arena_fmt(&c->out->arena, "usage: ipam %.*s%s%s%s\n\n%s\n", STR_FMT(words),
			     *cmd->options ? " [OPTION...]" : "", *cmd->usage ? " " : "",
			     cmd->usage, cmd->help));
}

static void
help_option(struct ctx *c, const struct opt *o)
{
	struct buf b;

	buf_init(&b, c->env);
	buf_fmt(&b, "  %c%c%s--%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
	    o->letter ? ", " : "  ", o->name, o->value ? " " : "", o->value ? o->value : "");
	if (b.n >= HELP_COLUMN) {
		buf_char(&b, '\n');
		out_text(c->out, buf_get(&b));
		b.n = 0;
	}
	help_line(c, &b, o->help);
}

static void
help_options(struct ctx *c, const char *only)
{
	struct str rest = str_from(only), word;

	if (*only)
		out_text(c->out, STR("\n"));
	while (str_next(&rest, ' ', &word))
		for (const struct opt *o = cmd_options; o->name; o++)
			if (str_eq(word, str_from(o->name)))
				help_option(c, o);
}

/* The formats that import reads or export writes. */
static void
help_formats(struct ctx *c, const struct cmd *cmd)
{
	bool write = cmd->run == cmd_export;
	struct buf b;

	out_text(c->out, STR("\nformats:\n"));
	for (size_t i = 0; i < format_table_len; i++) {
		const struct format_info *f = &format_table[i];
		if (write ? !f->write : !f->read)
			continue;
		buf_init(&b, c->env);
		buf_fmt(&b, "  %s%s%s", f->name, write && f->usage ? " " : "",
		    write && f->usage ? f->usage : "");
		help_line(c, &b, f->help);
	}
}

/* What seen import reads. */
static void
help_evidence(struct ctx *c)
{
	struct buf b;

	out_text(c->out, STR("\nformats:\n"));
	for (size_t i = 0; i < evidence_table_len; i++) {
		buf_init(&b, c->env);
		buf_fmt(&b, "  %s", evidence_table[i].name);
		help_line(c, &b, evidence_table[i].help);
	}
}

/* check: its rules, by their names. */
static void
help_rules(struct ctx *c)
{
	struct buf b;

	out_text(c->out, STR("\nrules:\n"));
	for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
		buf_init(&b, c->env);
		buf_fmt(&b, "  %-8s %s", severity_names[rules[i].severity], rules[i].name);
		help_line(c, &b, rules[i].text);
	}
}

static void
help_summary(struct ctx *c, const struct cmd *cmd)
{
	struct str words = cmd_name(cmd, &c->out->arena);
	struct buf b;

	buf_init(&b, c->env);
	buf_fmt(&b, "  %.*s", STR_FMT(words));
	help_line(c, &b, cmd->help);
}

static bool
is_meant(const struct cmd *cmd, struct str noun, struct str verb)
{
	return str_eq(noun, str_from(cmd->noun)) &&
	       (!verb.n || (cmd->verb && str_eq(verb, str_from(cmd->verb))));
}

/* One command in full; several with their verbs alone. */
static enum status
help_command(struct ctx *c, struct str noun, struct str verb)
{
	const struct cmd *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < cmd_table_len; i++)
		if (is_meant(&cmd_table[i], noun, verb) && n++ == 0)
			only = &cmd_table[i];
	if (n == 0)
		return cmd_unknown(c, noun, verb);
	if (n == 1) {
		help_usage(c, only);
		help_options(c, only->options);
		if (only->run == cmd_check)
			help_rules(c);
		if (only->run == cmd_seen_import)
			help_evidence(c);
		if (only->run == cmd_import || only->run == cmd_export)
			help_formats(c, only);
		return STATUS_OK;
	}
	for (size_t i = 0; i < cmd_table_len; i++)
		if (is_meant(&cmd_table[i], noun, verb))
			help_summary(c, &cmd_table[i]);
	out_text(c->out, arena_fmt(&c->out->arena,
			     "\n'ipam help %.*s VERB' says how one is used.\n", STR_FMT(noun)));
	return STATUS_OK;
}

static void
help_all(struct ctx *c)
{
	out_text(c->out, STR("usage: ipam [OPTION...] COMMAND [ARG...]\n\ncommands:\n"));
	for (size_t i = 0; i < cmd_table_len; i++)
		help_summary(c, &cmd_table[i]);
	out_text(c->out, STR("\noptions of every command:\n"));
	for (const struct opt *o = cmd_global_options; o->name; o++)
		help_option(c, o);
	out_text(c->out,
	    STR("\n'ipam help COMMAND' says how one is used; the manuals are ipam(1) and "
		"ipam(5).\n"));
}

enum status
cmd_help(struct ctx *c)
{
	const struct cmd *cmd = c->cmd;
	size_t n = c->args.word.n;

	if (cmd->run != cmd_help)
		return help_command(c, str_from(cmd->noun), str_from(cmd->verb));
	enum status status = cmd_words(c, 0, 2);
	if (status)
		return status;
	if (n)
		return help_command(c, c->args.word.v[0], n > 1 ? c->args.word.v[1] : STR_NONE);
	help_all(c);
	return STATUS_OK;
}

enum status
cmd_version(struct ctx *c)
{
	enum status status = cmd_words(c, 0, 0);

	if (status)
		return status;
	out_text(c->out,
	    arena_fmt(&c->out->arena, "ipam %s (format %d)\n", c->world->version, FORMAT_VERSION));
	return STATUS_OK;
}
