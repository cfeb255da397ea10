/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch: many commands under one lock, all or nothing. */
#include "cmd.h"

/* The plan as the lines before have made it, apart. */
static enum status
copy_plan(struct ctx *c, struct db *copy)
{
	const struct text_source *old = c->db->source;
	struct piece *piece;
	size_t n = edit_pieces(c->db, 0, &piece);
	struct buf text;

	buf_init(&text, c->env);
	for (size_t i = 0; i < n; i++)
		buf_add(&text, piece[i].kept ? old->p + piece[i].from : piece[i].p, piece[i].n);
	struct text_source *now = arena_alloc(&c->db->arena, sizeof(*now));
	struct str kept = arena_str(&c->db->arena, buf_get(&text));
	*now = (struct text_source){ old->name, kept.p, kept.n };
	buf_release(&text);
	db_init(copy, c->env);
	return db_load(copy, now, 1, c->diags);
}

/* A line with -n of its own: what it would change is said, and not done. */
static enum status
run_dry(struct ctx *one, struct out *out)
{
	struct db *plan = one->db, copy;
	struct line_change *v;
	enum status status = copy_plan(one, &copy);

	one->db = &copy;
	if (!status)
		status = cmd_run(one);
	if (!status)
		status = check_changes(&copy, one->diags);
	if (!status)
		out_finish(out);
	size_t n = status ? 0 : edit_changes(&copy, &v);
	for (size_t i = 0; i < n; i++)
		one->note = arena_fmt(&plan->arena, "%.*s%s%.*s%s%s%.*s%s", STR_FMT(one->note),
		    v[i].before.n ? "-" : "", STR_FMT(v[i].before), v[i].before.n ? "\n" : "",
		    v[i].after.n ? "+" : "", STR_FMT(v[i].after), v[i].after.n ? "\n" : "");
	db_release(&copy);
	one->db = plan;
	return status;
}

static enum status
run_line(struct ctx *c, struct str line, struct out *out)
{
	struct ctx one = { .env = c->env,
		.world = c->world,
		.db = c->db,
		.diags = c->diags,
		.out = out,
		.foreign = c->foreign,
		.note = c->note,
		.seen = c->seen };
	word_list words = { 0 };
	const char *why = NULL;
	enum status status = STATUS_OK;

	if (!args_split(line, &c->db->arena, &words, &why))
		status = diag_fail(c->diags, STATUS_USAGE, "%s", why);
	if (!status && words.n) {
		status = cmd_parse(&one, words.v, words.n);
		if (!status && (one.cmd->flags & CMD_NO_BATCH))
			status =
			    diag_fail(c->diags, STATUS_USAGE, "%s: not in a batch", one.cmd->noun);
		out->format = one.format;
		if (!status && one.dry && (one.cmd->flags & CMD_WRITE)) {
			status = run_dry(&one, out);
		} else if (!status) {
			status = cmd_run(&one);
			if (!status)
				out_finish(out);
		}
	}
	c->foreign = one.foreign;
	c->note = one.note;
	c->seen = one.seen;
	cmd_release(&one);
	vec_release(&words);
	return status;
}

/* Names the line in the message that it ended with. */
static enum status
name_line(struct ctx *c, struct str name, size_t number, enum status status)
{
	if (c->diags->n) {
		struct diag *last = &c->diags->v[c->diags->n - 1];
		last->text = arena_fmt(&c->diags->arena, "%.*s:%zu: %.*s", STR_FMT(name), number,
		    STR_FMT(last->text));
		return status;
	}
	return diag_fail(c->diags, status, "%.*s:%zu: the answer is no", STR_FMT(name), number);
}

enum status
cmd_batch(struct ctx *c)
{
	struct str name = c->args.word.n ? c->args.word.v[0] : STR("-"), text;
	enum status status = cmd_words(c, 0, 1);
	size_t number = 0;

	if (!status)
		status = c->world->read(c->world, name, &text, c->diags);
	while (!status && text.n) {
		struct out out;
		size_t lf = str_find(text, '\n');
		struct str line = str_cut(text, 0, lf);
		text = lf < text.n ? str_cut(text, lf + 1, text.n) : STR_NONE;
		number++;
		out_init(&out, c->env, FORMAT_TABLE, false);
		status = run_line(c, line, &out);
		if (status)
			status = name_line(c, str_eq(name, STR("-")) ? STR("standard input") : name,
			    number, status);
		else
			out_text(c->out, buf_get(&out.text));
		out_release(&out);
	}
	if (status)
		c->out->text.n = 0;
	return status;
}
