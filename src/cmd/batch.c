/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch: many commands under one lock, all or nothing. */
#include "cmd.h"

#include "core/db_load.h"
#include "core/lines_diff.h"
#include "core/text_place.h"

struct batch {
	struct ctx *c;
	struct str name; /* of the file, in messages */
	struct db *plan; /* as the lines so far have made it: the session's ... */
	struct db fresh; /* ... or, after `fmt`, one of its own */
};

/* Makes a plan of a text that stays. */
static enum status
load_text(struct batch *b, struct str text, struct db *out)
{
	struct text_source *source = arena_alloc(&b->c->db->arena, sizeof(*source));

	*source = (struct text_source){ b->c->db->source[0].name, text.p, text.n };
	db_init(out, b->c->env);
	return db_load(out, source, 1, b->c->diags);
}

static struct str
text_now(struct batch *b)
{
	return arena_str(&b->c->db->arena, edit_text(b->plan, 0));
}

/* A command on a copy of the plan. */
static enum status
run_apart(struct batch *b, struct ctx *one, struct str text, struct db *copy)
{
	enum status status = load_text(b, text, copy);

	one->db = copy;
	if (!status)
		status = cmd_run(one);
	if (!status && !one->has_new_text)
		status = check_changes(copy, one->diags);
	if (!status)
		out_finish(one->out);
	return status;
}

/* `fmt`: the lines below it are about the text that it makes. */
static enum status
take_text(struct batch *b, struct str text)
{
	struct str kept = arena_str(&b->c->db->arena, text);

	if (b->plan == &b->fresh)
		db_release(&b->fresh);
	b->plan = &b->fresh;
	return load_text(b, kept, &b->fresh);
}

/* A line with -n of its own: what it would change is said, and not done. */
static void
note_changes(struct ctx *one, struct str before, struct buf *note)
{
	struct line_change *v;
	size_t n = one->has_new_text ? 0 : edit_changes(one->db, &v);

	if (one->has_new_text)
		lines_diff(before, one->new_text, note);
	for (size_t i = 0; i < n; i++) {
		if (v[i].before.n)
			buf_fmt(note, "-%.*s\n", STR_FMT(v[i].before));
		if (v[i].after.n)
			buf_fmt(note, "+%.*s\n", STR_FMT(v[i].after));
	}
}

static enum status
run_copied(struct batch *b, struct ctx *one)
{
	struct str text = text_now(b);
	struct db copy;
	struct buf note;
	enum status status = run_apart(b, one, text, &copy);

	buf_init(&note, one->env);
	buf_str(&note, one->note);
	if (!status && one->dry)
		note_changes(one, text, &note);
	one->note = arena_str(&b->c->db->arena, buf_get(&note));
	if (!status && !one->dry && one->has_new_text)
		status = take_text(b, one->new_text);
	db_release(&copy);
	buf_release(&note);
	return status;
}

/* There is one file, one journal entry, and no past; nothing else is written. */
static enum status
check_words(struct ctx *one)
{
	static const struct {
		enum status (*run)(struct ctx *c); /* NULL: any */
		const char *option;
	} not [] = {
		{ NULL, "plan" },
		{ NULL, "at" },
		{ NULL, "reason" },
		{ cmd_log, "record" },
		{ cmd_log, "rebuild" },
		{ cmd_log, "rotate" },
		{ cmd_log, "verify" },
		{ cmd_export, "output" },
		{ cmd_export, "all" },
	};

	for (size_t i = 0; i < ARRAY_LEN(not ); i++)
		if (args_has(&one->args, not [i].option) &&
		    (!not [i].run || not [i].run == one->cmd->run))
			return diag_fail(one->diags, STATUS_USAGE, "--%s: not in a batch",
			    not [i].option);
	if (one->cmd->flags & CMD_NO_BATCH)
		return diag_fail(one->diags, STATUS_USAGE, "%.*s: not in a batch",
		    STR_FMT(cmd_name(one->cmd, &one->diags->arena)));
	return STATUS_OK;
}

/* The journal as it is before the batch. */
static enum status
give_session(struct batch *b, struct ctx *one)
{
	if (!(one->cmd->flags & CMD_SESSION))
		return STATUS_OK;
	one->session = b->c->session;
	return one->cmd->run == cmd_export ? STATUS_OK : session_journal(one->session);
}

static enum status
run_words(struct batch *b, struct ctx *one, const word_list *words)
{
	enum status status = cmd_parse(one, words->v, words->n);

	if (!status)
		status = check_words(one);
	if (!status)
		status = give_session(b, one);
	if (status)
		return status;
	one->out->format = one->format;
	if ((one->dry && (one->cmd->flags & CMD_WRITE)) || one->cmd->run == cmd_fmt)
		return run_copied(b, one);
	status = cmd_run(one);
	if (!status)
		out_finish(one->out);
	return status;
}

/* What the batch was given is what its lines are given, unless they say otherwise. */
static void
hand_down(const struct ctx *c, struct ctx *one)
{
	static const char *const options[] = { "vrf", "output-format", "fields" };

	for (size_t i = 0; i < c->args.opt.n; i++)
		for (size_t k = 0; k < ARRAY_LEN(options); k++)
			if (strcmp(c->args.opt.v[i].opt->name, options[k]) == 0)
				vec_push(c->env, &one->args.opt, c->args.opt.v[i]);
}

static enum status
run_line(struct batch *b, struct str line, struct out *out)
{
	struct ctx *c = b->c, one = { .env = c->env,
		.world = c->world,
		.db = b->plan,
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
	hand_down(c, &one);
	if (!status && words.n)
		status = run_words(b, &one, &words);
	c->foreign = one.foreign;
	c->note = one.note;
	c->seen = one.seen;
	cmd_release(&one);
	vec_release(&words);
	return status;
}

/* Names the line in the message that it ended with; before is how many there were. */
static enum status
name_line(struct batch *b, size_t number, size_t before, enum status status)
{
	struct diags *d = b->c->diags;

	if (d->n > before) {
		struct diag *last = &d->v[d->n - 1];
		last->text = arena_fmt(&d->arena, "%.*s:%zu: %.*s", STR_FMT(b->name), number,
		    STR_FMT(last->text));
		return status;
	}
	return diag_fail(d, status, "%.*s:%zu: the answer is no", STR_FMT(b->name), number);
}

/* The lines from the first on, at most so many; *ran is how many there were. */
static enum status
run_lines(struct batch *b, struct str text, size_t most, size_t *ran)
{
	enum status status = STATUS_OK;

	for (*ran = 0; !status && text.n && *ran < most; ++*ran) {
		struct out out;
		size_t lf = str_find(text, '\n'), before = b->c->diags->n;
		struct str line = str_cut(text, 0, lf);
		text = lf < text.n ? str_cut(text, lf + 1, text.n) : STR_NONE;
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		out_init(&out, b->c->env, FORMAT_TABLE, false);
		status = run_line(b, line, &out);
		if (status)
			status = name_line(b, *ran + 1, before, status);
		else
			out_text(b->c->out, buf_get(&out.text));
		out_release(&out);
	}
	return status;
}

/* --- where the plan became invalid -------------------------------------- */

/* Whether it is valid after so many of the lines, which all run. */
static bool
is_valid_after(const struct batch *b, struct str text, size_t lines)
{
	struct ctx c = *b->c;
	struct batch probe = { &c, b->name, &probe.fresh, { 0 } };
	const struct text_source *source = &c.db->source[0];
	struct diags unsaid;
	struct out out;
	size_t ran;

	diags_init(&unsaid, c.env);
	out_init(&out, c.env, FORMAT_TABLE, false);
	c.diags = &unsaid;
	c.out = &out;
	c.seen = NULL;
	c.foreign.v = NULL;
	c.foreign.n = c.foreign.size = 0;
	bool ok =
	    load_text(&probe, (struct str){ source->p, source->n }, &probe.fresh) == STATUS_OK &&
	    run_lines(&probe, text, lines, &ran) == STATUS_OK &&
	    check_changes(probe.plan, &unsaid) == STATUS_OK;
	cmd_forget(&c);
	vec_release(&c.foreign);
	db_release(&probe.fresh);
	out_release(&out);
	diags_release(&unsaid);
	return ok;
}

/* Names a line that makes an invalid plan of a valid one. */
static void
name_culprit(struct batch *b, struct str text, size_t lines, enum status status)
{
	const struct db *db = b->c->db;
	struct diags *d = b->c->diags;
	struct text_place place = { 0 };
	size_t valid = 0;

	while (lines - valid > 1) {
		size_t middle = valid + (lines - valid) / 2;
		if (is_valid_after(b, text, middle))
			valid = middle;
		else
			lines = middle;
	}
	/* what has a place in the data file names that */
	if (text_place_find(&place, db->source, db->sources, d->v[d->n - 1].pos.at))
		diag_fail(d, status, "%.*s:%zu: the plan would be invalid", STR_FMT(b->name),
		    lines);
	else
		name_line(b, lines, 0, status);
}

enum status
cmd_batch(struct ctx *c)
{
	struct str name = c->args.word.n ? c->args.word.v[0] : STR("-"), text;
	bool is_input = str_eq(name, STR("-"));
	struct batch b = { c, is_input ? STR("standard input") : name, c->db, { 0 } };
	enum status status = cmd_words(c, 0, 1);
	size_t lines;

	if (!status)
		status = c->world->read(c->world, name, &text, c->diags);
	if (status)
		return status;
	c->world->input_is_taken = is_input;
	status = run_lines(&b, text, SIZE_MAX, &lines);
	if (!status) {
		status = check_changes(b.plan, c->diags);
		c->is_checked = true;
		if (status)
			name_culprit(&b, text, lines, status);
	}
	c->world->input_is_taken = false;
	if (!status && b.plan == &b.fresh) {
		c->new_text = text_now(&b);
		c->has_new_text = true;
	}
	if (b.plan == &b.fresh)
		db_release(&b.fresh);
	if (status)
		c->out->text.n = 0;
	return status;
}
