/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report html: the plan as a page. */
#include "report.h"

#include "format/html.h"
#include "io/output.h"

/* The data file's name, without its folder. */
static struct str
plan_name(const struct ctx *c)
{
	struct str s = c->db->sources ? str_from(c->db->source[0].name) : STR("ipam");
	size_t slash = s.n;

	while (slash > 0 && s.p[slash - 1] != '/')
		slash--;
	return str_cut(s, slash, s.n);
}

enum { CHANGES = 50, CHANGE_LINES = 20 };

/* --- the last changes ---------------------------------------------------- */

static struct html_change
take_change(struct arena *a, const struct block *b)
{
	struct html_change c = { .time = b->time,
		.user = block_user(b, a),
		.what = block_what(b, a),
		.reason = arena_str(a, field_text(b->field[FIELD_REASON], a)),
		.lines = b->line.n };

	c.shown = c.lines < CHANGE_LINES ? c.lines : CHANGE_LINES;
	struct block_line *line = arena_alloc(a, c.shown * sizeof(*line) + 1);
	for (size_t i = 0; i < c.shown; i++)
		line[i] = (struct block_line){ b->line.v[i].op, arena_str(a, b->line.v[i].line) };
	c.line = line;
	return c;
}

static enum status
find_changes(struct ctx *c, struct html_page *page)
{
	struct arena *a = &c->db->arena;
	struct html_change *change = arena_alloc(a, CHANGES * sizeof(*change));
	struct history h;
	enum status status = STATUS_OK;

	history_start(&h, &c->session->journal, c->db);
	h.pending = true;
	while (page->changes < CHANGES && (status = history_prev(&h)) == STATUS_OK)
		if (h.block.kind != BLOCK_ARCHIVE)
			change[page->changes++] = take_change(a, &h.block);
	history_release(&h);
	page->change = change;
	return status == STATUS_NO ? STATUS_OK : status;
}

/* --- the page ------------------------------------------------------------ */

static enum status
find_history(struct ctx *c, struct html_page *page, struct growth *g)
{
	enum status status = session_journal(c->session);

	if (status || !journal_exists(&c->session->journal))
		return status;
	status = find_changes(c, page);
	if (!status)
		status = report_growth(c, EVERY_WEEK, growth_since(EVERY_WEEK, c->env->now),
		    page->usage, page->subnets, g);
	page->growth = status ? NULL : g;
	return status;
}

static enum status
write_page(struct ctx *c, struct buf *b)
{
	struct html_page page = { .db = c->db, .title = plan_name(c) };
	struct diags problems;
	struct growth growth;
	struct usage *u;

	page.subnets = usage_all(c->db, &u);
	page.usage = u;
	enum status status = find_history(c, &page, &growth);
	if (status)
		return status;
	diags_init(&problems, c->env);
	problems.cap = 10000;
	check_plan(c->db, SEV_WARNING, &problems);
	diags_sort(&problems);
	page.problems = &problems;
	html_write(b, &page);
	diags_release(&problems);
	if (page.growth)
		growth_release(&growth);
	return STATUS_OK;
}

enum status
cmd_report_html(struct ctx *c)
{
	struct str dir = args_get(&c->args, "output");
	enum status status = cmd_words(c, 0, 0);
	struct buf b;

	if (!status && args_has(&c->args, "output") && dir.n == 0)
		status = diag_fail(c->diags, STATUS_USAGE, "--output wants the name of a folder");
	if (status)
		return status;
	buf_init(&b, c->env);
	status = write_page(c, &b);
	if (status) {
		buf_release(&b);
		return status;
	}
	if (dir.n == 0 || str_eq(dir, STR("-"))) {
		out_text(c->out, buf_get(&b));
	} else {
		char *path = arena_z(&c->db->arena, dir);
		if (!c->dry)
			status = output_folder(path, c->diags);
		if (!status)
			status = cmd_put_file(c, arena_fmt(&c->db->arena, "%s/index.html", path).p,
			    buf_get(&b));
	}
	buf_release(&b);
	return status;
}
