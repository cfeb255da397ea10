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

static void
write_page(struct ctx *c, struct buf *b)
{
	struct html_page page = { .db = c->db, .title = plan_name(c) };
	struct diags problems;
	struct usage *u;

	diags_init(&problems, c->env);
	problems.cap = 10000;
	check_plan(c->db, SEV_WARNING, &problems);
	diags_sort(&problems);
	page.subnets = usage_all(c->db, &u);
	page.usage = u;
	page.problems = &problems;
	html_write(b, &page);
	diags_release(&problems);
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
	write_page(c, &b);
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
