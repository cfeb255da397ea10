/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: the plan for other programs, by the table of formats. */
#include "cmd.h"

#include "io/output.h"

typedef VEC(struct format_option) option_list;

/* Whether all records that were chosen are of the same VRF, not the default one. */
static bool
one_vrf(const rec_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i]->vrf != l->v[0]->vrf)
			return false;
	return l->n && l->v[0]->vrf != 0;
}

/* The view is --view, else named like the VRF of --vrf, or of what was chosen. */
static void
take_options(struct ctx *c, const rec_list *rec, option_list *out)
{
	for (size_t i = 0; i < c->args.opt.n; i++) {
		struct opt_value o = c->args.opt.v[i];
		vec_push(c->env, out, ((struct format_option){ o.opt->name, o.value }));
	}
	if (!args_has(&c->args, "view") && (c->scope.given || one_vrf(rec)))
		vec_push(c->env, out,
		    ((struct format_option){ "view",
			c->scope.given ? cmd_view(c) : db_vrf_name(c->db, rec->v[0]->vrf) }));
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

enum status
cmd_put_file(struct ctx *c, const char *path, struct str text)
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

/* The old file, unless it must not be replaced. */
static enum status
read_old(struct ctx *c, const struct format_info *format, const char *path, struct text_source *out)
{
	bool force = args_has(&c->args, "force"), exists;
	struct str old;
	enum status status = output_read(path, &c->db->arena, &old, &exists, c->diags);

	*out = (struct text_source){ path, old.p, old.n };
	vec_push(c->env, &c->foreign, *out);
	if (!status && is_plan(c, old))
		return diag_fail(c->diags, STATUS_USAGE, "--output %s: is the plan itself", path);
	if (!status && format->journal && !force && output_has_beside(path, format->journal)) {
		diag_fail(c->diags, STATUS_CONFLICT,
		    "%s: another program writes it, too (%s%s is there); not written", path, path,
		    format->journal);
		diag_hint(c->diags, "a dynamic zone is for ipam dns push; else freeze it (rndc "
				    "freeze), then --force");
		return STATUS_CONFLICT;
	}
	return status;
}

static enum status
run_writer(struct ctx *c, const struct format_info *format, struct format_request *q,
    const char *path, struct buf *text)
{
	size_t errors = c->diags->errors;
	enum status status = STATUS_OK;

	q->old = (struct text_source){ 0 };
	if (path)
		status = read_old(c, format, path, &q->old);
	if (!status)
		status = format->write(q, text, c->diags);
	return !status && c->diags->errors > errors ? STATUS_INVALID : status;
}

static enum status
export_one(struct ctx *c, const struct format_info *format, struct format_request *q)
{
	struct str output = args_get(&c->args, "output");
	const char *path =
	    output.n && !str_eq(output, STR("-")) ? arena_z(&c->db->arena, output) : NULL;
	enum status status;
	struct buf text;

	if (args_has(&c->args, "output") && output.n == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--output wants the name of a file");
	buf_init(&text, c->env);
	status = run_writer(c, format, q, path, &text);
	if (!status && path)
		status = cmd_put_file(c, path, buf_get(&text));
	else if (!status)
		out_text(c->out, buf_get(&text));
	buf_release(&text);
	return status;
}

/* --- formats with many files ------------------------------------------ */

struct part {
	struct str word, file;
	struct buf text;
};
struct parts {
	const struct env *env;
	VEC(struct part) part;
};

static void
add_part(void *ctx, struct str word, struct str file)
{
	struct parts *p = ctx;
	struct part part = { .word = word, .file = file };

	buf_init(&part.text, p->env);
	vec_push(p->env, &p->part, part);
}

static enum status
list_parts(struct ctx *c, const struct format_info *format, const struct parts *p)
{
	static const struct column column[] = { { "name", COLUMN_PLAIN } };

	if (c->args.word.n > 1)
		return diag_fail(c->diags, STATUS_USAGE, "export %s --list: takes no zone",
		    format->name);
	out_columns(c->out, column, 1);
	for (size_t i = 0; i < p->part.n; i++) {
		out_row(c->out, NULL);
		out_str(c->out, p->part.v[i].word);
	}
	return STATUS_OK;
}

/* All of them are made before any is written. */
static enum status
export_parts(struct ctx *c, const struct format_info *format, struct format_request *q,
    struct parts *p)
{
	struct str dir = c->args.word.n == 2 ? c->args.word.v[1] : STR_NONE;
	enum status status = STATUS_OK;

	if (dir.n == 0 || args_has(&c->args, "output"))
		return diag_fail(c->diags, STATUS_USAGE, "export %s --all wants one directory",
		    format->name);
	q->words = 1;
	for (size_t i = 0; i < p->part.n && !status; i++) {
		struct part *part = &p->part.v[i];
		part->file = arena_fmt(&c->db->arena, "%.*s%s%.*s", STR_FMT(dir),
		    dir.p[dir.n - 1] == '/' ? "" : "/", STR_FMT(part->file));
		q->word = &part->word;
		status = run_writer(c, format, q, part->file.p, &part->text);
	}
	for (size_t i = 0; i < p->part.n && !status; i++)
		status = cmd_put_file(c, p->part.v[i].file.p, buf_get(&p->part.v[i].text));
	return status;
}

static enum status
export_many(struct ctx *c, const struct format_info *format, struct format_request *q)
{
	struct parts p = { .env = c->env };
	enum status status;
	struct str view;

	format->parts(q, add_part, &p);
	if (p.part.n == 0 && format_option(q, "view", &view))
		status = diag_fail(c->diags, STATUS_NO, "no zone is declared in the view %.*s",
		    STR_FMT(view.n ? view : STR("default")));
	else if (args_has(&c->args, "list"))
		status = list_parts(c, format, &p);
	else
		status = export_parts(c, format, q, &p);
	for (size_t i = 0; i < p.part.n; i++)
		buf_release(&p.part.v[i].text);
	vec_release(&p.part);
	return status;
}

enum status
cmd_export(struct ctx *c)
{
	const struct format_info *format = NULL;
	struct dns dns = { .db = NULL };
	struct format_request q = { .db = c->db, .dns = &dns, .include = cmd_include, .ctx = c };
	option_list option = { 0 };
	rec_list rec = { 0 };
	enum status status = cmd_words(c, 1, SIZE_MAX);

	if (!status)
		status = cmd_format(c, c->args.word.v[0], true, &format);
	if (!status)
		status = cmd_check_options(c, arena_fmt(&c->db->arena, "export %s", format->name),
		    arena_fmt(&c->db->arena, "output %s", format->options).p);
	if (!status && format->select)
		status = take_words(c, format, &rec);
	if (!status) {
		bool many =
		    format->parts && (args_has(&c->args, "all") || args_has(&c->args, "list"));
		take_options(c, &rec, &option);
		q.rec = rec.v;
		q.recs = rec.n;
		q.word = c->args.word.v + 1;
		q.words = c->args.word.n - 1;
		q.version = c->world->version;
		q.file_time = store_id(c->session->store).mtime / 1000000000;
		q.option = option.v;
		q.options = option.n;
		status = many ? export_many(c, format, &q) : export_one(c, format, &q);
	}
	if (dns.db)
		dns_release(&dns);
	vec_release(&option);
	vec_release(&rec);
	return status;
}
