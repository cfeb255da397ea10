/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log: the journal, newest first. */
#include "log_query.h"

#include <inttypes.h>
#include <string.h>

#include "core/bytes.h"
#include "core/when.h"

enum { LINES_SHOWN = 20 };

/* --- how it is shown ---------------------------------------------------------- */

static struct str
who_text(struct ctx *c, const struct block *b)
{
	struct buf s;

	buf_init(&s, c->env);
	buf_str(&s, b->field[FIELD_USER]);
	if (b->field[FIELD_NAME].n)
		buf_fmt(&s, " (%.*s)", STR_FMT(b->field[FIELD_NAME]));
	if (b->field[FIELD_AS].n)
		buf_fmt(&s, " as %.*s", STR_FMT(b->field[FIELD_AS]));
	if (b->field[FIELD_HOST].n)
		buf_fmt(&s, " on %.*s", STR_FMT(b->field[FIELD_HOST]));
	struct str text = arena_str(&c->out->arena, buf_get(&s));
	buf_release(&s);
	return text;
}

/* A commit's message may have lines. */
static void
show_reason(struct ctx *c, const struct block *b)
{
	struct str rest = field_text(b->field[FIELD_REASON], &c->out->arena), line;

	while (str_next(&rest, '\n', &line))
		if (line.n)
			buf_fmt(&c->out->text, "    %.*s\n", STR_FMT(line));
}

static void
show_block(struct ctx *c, const struct log_query *q, const struct block *b)
{
	struct buf *out = &c->out->text;
	char time[WHEN_TEXT];
	size_t shown = q->has_target ? b->line.n : b->kind == BLOCK_FIRST ? 0 : LINES_SHOWN;

	if (out->n)
		buf_char(out, '\n');
	buf_fmt(out, "%s %" PRIu64 "  %s  %.*s\n", block_names[b->kind], b->id,
	    when_fmt(time, b->time), STR_FMT(who_text(c, b)));
	buf_fmt(out, "    %.*s\n", STR_FMT(block_what(b, &c->out->arena)));
	show_reason(c, b);
	for (size_t i = 0; i < b->line.n && i < shown; i++)
		buf_fmt(out, "  %c %.*s\n", b->line.v[i].op, STR_FMT(b->line.v[i].line));
	if (b->kind != BLOCK_FIRST && b->line.n > shown)
		buf_fmt(out, "    ... and %zu lines more\n", b->line.n - shown);
}

static const struct column line_columns[] = { { "id", COLUMN_RIGHT }, { "time", 0 },
	{ "change", 0 }, { "user", 0 }, { "as", 0 }, { "host", 0 }, { "ipam-user", 0 },
	{ "command", 0 }, { "reason", 0 }, { "op", 0 }, { "record", 0 }, { "commit", 0 },
	{ "date", 0 } };
static const struct column short_columns[] = { { "id", COLUMN_RIGHT }, { "time", 0 }, { "user", 0 },
	{ "command", 0 }, { "reason", 0 } };

/* Rows of a change's lines: for a program, or of whoever names their columns. */
static bool
wants_lines(const struct ctx *c)
{
	return c->format == FORMAT_TSV || c->format == FORMAT_JSON || args_has(&c->args, "fields");
}

/* A TAB would be the end of a cell. */
static struct str
one_cell(struct ctx *c, struct str s)
{
	char *p = arena_z(&c->out->arena, s);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] == '\t')
			p[i] = ' ';
	return (struct str){ p, s.n };
}

static bool
is_utf8(struct str s)
{
	size_t at = 0;

	while (bytes_fault(s, true, &at) == RULE_CONTROL)
		at++;
	return at == s.n;
}

/* JSON can hold any text; elsewhere it stays as the journal has it, on one line. */
static struct str
cell_text(struct ctx *c, struct str field)
{
	struct str text = field_text(field, &c->out->arena);

	return arena_str(&c->out->arena, c->format == FORMAT_JSON && is_utf8(text) ? text : field);
}

/* The first line of a commit's message. */
static struct str
title_text(struct ctx *c, struct str field)
{
	struct str text = field_text(field, &c->out->arena);
	struct buf line;

	text = str_cut(text, 0, str_find(text, '\n'));
	if (c->format == FORMAT_TABLE)
		return one_cell(c, text);
	buf_init(&line, c->env);
	field_put(&line, text);
	text = cell_text(c, buf_get(&line));
	buf_release(&line);
	return text;
}

static void
put_title(struct ctx *c, const struct block *b)
{
	char time[WHEN_TEXT];

	out_row(c->out, NULL);
	out_count(c->out, count_of(b->id));
	out_str(c->out, arena_str(&c->out->arena, str_from(when_fmt(time, b->time))));
}

static void
row_of_line(struct ctx *c, const struct block *b, const struct block_line *l)
{
	static const enum block_field fields[] = { FIELD_USER, FIELD_AS, FIELD_HOST, FIELD_NAME,
		FIELD_COMMAND, FIELD_REASON },
				      of_git[] = { FIELD_COMMIT, FIELD_DATE };

	put_title(c, b);
	out_str(c->out, str_from(block_names[b->kind]));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		out_str(c->out, cell_text(c, b->field[fields[i]]));
	out_str(c->out, l->op == '+' ? STR("+") : STR("-"));
	out_str(c->out,
	    c->format == FORMAT_JSON ? arena_str(&c->out->arena, l->line) : one_cell(c, l->line));
	for (size_t i = 0; i < ARRAY_LEN(of_git); i++)
		out_str(c->out, cell_text(c, b->field[of_git[i]]));
}

static void
row_of_block(struct ctx *c, const struct block *b)
{
	put_title(c, b);
	out_str(c->out, cell_text(c, block_user(b, &c->out->arena)));
	out_str(c->out, cell_text(c, block_what(b, &c->out->arena)));
	out_str(c->out, title_text(c, b->field[FIELD_REASON]));
}

static void
show(struct ctx *c, const struct log_query *q, const struct block *b)
{
	if (args_has(&c->args, "oneline"))
		row_of_block(c, b);
	else if (!wants_lines(c))
		show_block(c, q, b);
	else
		for (size_t i = 0; i < b->line.n; i++)
			row_of_line(c, b, &b->line.v[i]);
}

/* --- the command ---------------------------------------------------------------- */

static void
set_columns(struct ctx *c)
{
	if (args_has(&c->args, "oneline"))
		out_columns(c->out, short_columns, ARRAY_LEN(short_columns));
	else if (wants_lines(c))
		out_columns(c->out, line_columns, ARRAY_LEN(line_columns));
}

/* Shows them as they are found: who reads on a terminal, or the first few, need not wait;
 * but --fields is for all rows at once. */
static enum status
show_changes(struct ctx *c, struct log_query *q)
{
	struct history h;
	enum status status;
	bool any = false;

	history_start(&h, &c->session->journal, c->db);
	log_query_sift(q, &h);
	while ((status = history_prev(&h)) == STATUS_OK && h.block.time >= q->since) {
		if (!log_query_fits(q, &h.block))
			continue;
		show(c, q, &h.block);
		any = true;
		if (!args_has(&c->args, "fields") && !out_flush(c->out))
			break;
	}
	if (status == STATUS_NO && h.lacks)
		diag_warn(c->diags, "%s: is not there: what it holds is not shown", h.lacks);
	history_release(&h);
	return status > STATUS_NO ? status : any ? STATUS_OK : STATUS_NO;
}

static enum status
no_journal(struct ctx *c)
{
	return diag_fail(c->diags, STATUS_NO, "%s: there is no journal",
	    store_name(c->session->store));
}

static enum status
list_changes(struct ctx *c)
{
	struct log_query q;
	enum status status;

	log_query_init(&q, c);
	status = log_query_read(&q);
	if (!status)
		status = session_journal_open(c->session);
	set_columns(c);
	if (!status && !journal_exists(&c->session->journal))
		status = no_journal(c);
	if (!status)
		status = show_changes(c, &q);
	log_query_release(&q);
	return status;
}

static enum status
print_head(struct ctx *c)
{
	static const struct column column[] = { { "seal", COLUMN_PLAIN } };
	enum status status = session_journal_open(c->session);

	if (status)
		return status;
	if (!journal_exists(&c->session->journal))
		return no_journal(c);
	out_columns(c->out, column, 1);
	out_row(c->out, NULL);
	out_str(c->out, c->session->journal.last.seal);
	return STATUS_OK;
}

static enum status
verify(struct ctx *c)
{
	struct session *s = c->session;
	enum status status =
	    history_verify(s->store, c->env, s->arena, args_get(&c->args, "head"), c->diags);

	if (!status)
		status = session_journal(s);
	if (!status && journal_exists(&s->journal) && s->journal.unrecorded)
		return diag_fail(c->diags, STATUS_NO,
		    "%s: is not what the journal leaves: %zu record%s came or went",
		    store_name(s->store), s->journal.unrecorded,
		    s->journal.unrecorded == 1 ? "" : "s");
	return status;
}

/* -n: what would be. */
static enum status
show_pending(struct ctx *c)
{
	struct journal *j = &c->session->journal;
	struct block b = { 0 };
	struct tape tape;
	struct str text;
	struct buf out;

	buf_init(&out, c->env);
	history_pending(j, &tape);
	enum status status = tape_start(&tape);
	while (!status && (status = tape_next(&tape, &text)) == STATUS_OK) {
		status = tape_parse(&tape, text, &b);
		for (size_t i = 0; !status && b.kind != BLOCK_FIRST && i < b.line.n; i++)
			buf_fmt(&out, "%c%.*s\n", b.line.v[i].op, STR_FMT(b.line.v[i].line));
	}
	c->note = arena_str(&c->db->arena, buf_get(&out));
	tape_release(&tape);
	vec_release(&b.line);
	buf_release(&out);
	return status == STATUS_NO ? STATUS_OK : status;
}

static enum status
record(struct ctx *c)
{
	enum status status = session_journal(c->session);

	if (status)
		return status;
	return c->dry ? show_pending(c) : session_record(c->session);
}

static enum status
rotate(struct ctx *c)
{
	static const struct column column[] = { { "archive", COLUMN_PLAIN } };
	struct str name;
	enum status status = session_rotate(c->session, c->dry, &name);

	if (status || name.n == 0)
		return status;
	out_columns(c->out, column, 1);
	out_row(c->out, NULL);
	out_str(c->out, name);
	return STATUS_OK;
}

/* What the command does instead of listing. */
static const struct {
	const char *option;
	enum status (*run)(struct ctx *c);
} other[] = {
	{ "verify", verify },
	{ "record", record },
	{ "rebuild", record }, /* the session knows */
	{ "rotate", rotate },
	{ "head", print_head },
};

/* --head has a seal with --verify, and none else. */
static enum status
check_head(struct ctx *c)
{
	struct str head = args_get(&c->args, "head");
	bool verify = args_has(&c->args, "verify");
	struct sum sum;

	if (!args_has(&c->args, "head") || (!verify && head.n == 0))
		return STATUS_OK;
	if (!sum_parse(head, &sum))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--head %.*s: a seal of 64 digits is wanted", STR_FMT(head));
	return verify ? STATUS_OK
	              : diag_fail(c->diags, STATUS_USAGE,
			    "--head SEAL goes with --verify; --head alone prints the last one");
}

/* One thing at a time, and what narrows the list down is for the list. */
static enum status
check_options(struct ctx *c, const char *option)
{
	static const char *const of_list[] = { "since", "until", "user", "oneline" };
	bool verify = strcmp(option, "verify") == 0;

	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		const char *also = other[i].option;
		if (args_has(&c->args, also) && strcmp(also, option) != 0 &&
		    !(verify && strcmp(also, "head") == 0))
			return diag_fail(c->diags, STATUS_USAGE, "--%s or --%s, not both", option,
			    also);
	}
	for (size_t i = 0; i < ARRAY_LEN(of_list); i++)
		if (args_has(&c->args, of_list[i]))
			return diag_fail(c->diags, STATUS_USAGE,
			    "--%s is for the list of changes, not for --%s", of_list[i], option);
	return cmd_words(c, 0, 0);
}

enum status
cmd_log(struct ctx *c)
{
	enum status status = check_head(c);

	for (size_t i = 0; !status && i < ARRAY_LEN(other); i++) {
		if (!args_has(&c->args, other[i].option))
			continue;
		status = check_options(c, other[i].option);
		return status ? status : other[i].run(c);
	}
	return status ? status : list_changes(c);
}
