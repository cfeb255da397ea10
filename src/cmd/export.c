/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: the plan for other programs, by the table of formats. */
#include "cmd.h"

#include "io/output.h"

typedef VEC(struct format_option) option_list;

static void
take_options(struct ctx *c, option_list *out)
{
	for (size_t i = 0; i < c->args.opt.n; i++) {
		struct opt_value o = c->args.opt.v[i];
		vec_push(c->env, out, ((struct format_option){ o.opt->name, o.value }));
	}
	/* the view of a VRF is named like it */
	if (c->scope.given && !args_has(&c->args, "view"))
		vec_push(c->env, out,
		    ((struct format_option){ "view", db_vrf_name(c->db, c->scope.vrf) }));
}

/* What the words after the format's name choose. */
static enum status
take_words(struct ctx *c, const struct format_info *format, rec_list *rec)
{
	struct select s;
	enum status status = STATUS_OK;

	select_init(&s, c->db, c->scope, false);
	for (size_t i = 1; i < c->args.word.n && !status; i++)
		status = select_add(&s, c->args.word.v[i], c->diags);
	if (!status)
		select_all(&s, format->select, rec);
	select_release(&s);
	return status || rec->n || c->args.word.n == 1 ? status : STATUS_NO;
}

static enum status
put_file(struct ctx *c, const char *path, struct str text)
{
	bool changed = false;
	enum status status;

	if (c->dry) {
		struct str now;
		bool exists;
		status = output_read(path, &c->db->arena, &now, &exists, c->diags);
		changed = !exists || !str_eq(now, text);
	} else {
		status = output_write(path, text, c->env, &changed, c->diags);
	}
	if (!status)
		c->note = arena_fmt(&c->db->arena, "%.*sipam: %s: %s\n", STR_FMT(c->note), path,
		    !changed ? "unchanged"
		    : c->dry ? "would be written"
			     : "written");
	return status;
}

/* Whether a file to be written is the data file (or a copy of it). */
static bool
is_plan(const struct ctx *c, struct str text)
{
	const struct text_source *plan = c->db->source;

	return text.n && c->db->sources && str_eq(text, (struct str){ plan->p, plan->n });
}

static enum status
run_writer(struct ctx *c, const struct format_info *format, struct format_request *q,
    const char *path)
{
	struct str old = STR_NONE;
	struct buf text;
	size_t errors = c->diags->errors;
	bool exists;
	enum status status = STATUS_OK;

	buf_init(&text, c->env);
	if (path)
		status = output_read(path, &c->db->arena, &old, &exists, c->diags);
	q->old = (struct text_source){ path, old.p, old.n };
	if (path)
		vec_push(c->env, &c->foreign, q->old);
	if (!status && is_plan(c, old))
		status = diag_fail(c->diags, STATUS_USAGE, "--output %s: is the plan itself", path);
	if (!status)
		status = format->write(q, &text, c->diags);
	if (!status && c->diags->errors > errors)
		status = STATUS_INVALID;
	if (!status && path)
		status = put_file(c, path, buf_get(&text));
	else if (!status)
		out_text(c->out, buf_get(&text));
	buf_release(&text);
	return status;
}

enum status
cmd_export(struct ctx *c)
{
	const struct format_info *format = NULL;
	struct str output = args_get(&c->args, "output");
	struct format_request q = { .db = c->db, .include = cmd_include, .ctx = c };
	option_list option = { 0 };
	rec_list rec = { 0 };
	enum status status = cmd_words(c, 1, SIZE_MAX);

	if (!status)
		status = cmd_format(c, c->args.word.v[0], true, &format);
	if (!status)
		status = cmd_check_options(c, arena_fmt(&c->db->arena, "export %s", format->name).p,
		    arena_fmt(&c->db->arena, "output %s", format->options).p);
	if (!status && args_has(&c->args, "output") && output.n == 0)
		status = diag_fail(c->diags, STATUS_USAGE, "--output wants the name of a file");
	if (!status && format->select)
		status = take_words(c, format, &rec);
	if (!status) {
		bool to_file = output.n && !str_eq(output, STR("-"));
		take_options(c, &option);
		q.rec = rec.v;
		q.recs = rec.n;
		q.word = c->args.word.v + 1;
		q.words = c->args.word.n - 1;
		q.option = option.v;
		q.options = option.n;
		status = run_writer(c, format, &q, to_file ? arena_z(&c->db->arena, output) : NULL);
	}
	vec_release(&option);
	vec_release(&rec);
	return status;
}
