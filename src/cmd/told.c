/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "told.h"

#include "io/output.h"
#include "io/remember.h"

static const struct str head = STR("ipam-told 1");

static enum status
find_path(struct ctx *c, struct told *t, struct str about)
{
	struct str given = args_get(&c->args, "state");

	if (!c->session)
		return diag_fail(c->diags, STATUS_USAGE, "--changed: not in a batch");
	if (args_has(&c->args, "state") && given.n == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--state wants the name of a file");
	t->path = given.n ? arena_z(&c->db->arena, given)
	                  : remember_path(store_name(c->session->store), about, "told", c->env,
				&c->db->arena);
	if (t->path)
		return STATUS_OK;
	diag_fail(c->diags, STATUS_SYSTEM,
	    "--changed: neither HOME nor XDG_STATE_HOME says where to remember what was said");
	diag_hint(c->diags, "--state FILE");
	return STATUS_SYSTEM;
}

enum status
over_read(struct ctx *c, struct over *o)
{
	struct str text = args_get(&c->args, "over");
	bool state = args_has(&c->args, "state");

	*o = (struct over){ .given = args_has(&c->args, "over"),
		.changed = args_has(&c->args, "changed"),
		.own_limits = text.n == 0 };
	if (!o->given && (o->changed || state))
		return diag_fail(c->diags, STATUS_USAGE, "--changed is for --over");
	if (!o->changed && state)
		return diag_fail(c->diags, STATUS_USAGE, "--state is for --changed");
	if (!o->given || o->own_limits || percent_parse(text, &o->milli))
		return STATUS_OK;
	return diag_fail(c->diags, STATUS_USAGE,
	    "--over %.*s: a percentage from 0 to 100 is wanted", STR_FMT(text));
}

struct str
told_question(struct ctx *c, const char *what)
{
	static const char *const options[] = { "over", "depth", "ipv4", "ipv6", "own", "vrf" };
	struct buf b;

	buf_init(&b, c->env);
	buf_z(&b, what);
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (args_has(&c->args, options[i]))
			buf_fmt(&b, "\n--%s=%.*s", options[i],
			    STR_FMT(args_get(&c->args, options[i])));
	for (size_t i = 0; i < c->args.word.n; i++)
		buf_fmt(&b, "\n%.*s", STR_FMT(c->args.word.v[i]));
	struct str text = arena_str(&c->db->arena, buf_get(&b));
	buf_release(&b);
	return text;
}

enum status
told_open(struct ctx *c, struct told *t, struct str about)
{
	struct str text, line;
	bool exists;

	lines_init(&t->was, c->env);
	buf_init(&t->is, c->env);
	buf_fmt(&t->is, "%.*s\n", STR_FMT(head));
	enum status status = find_path(c, t, about);
	if (!status)
		status = output_read(t->path, &c->db->arena, &text, &exists, c->diags);
	if (status || !exists || text.n == 0)
		return status;
	if (!str_next(&text, '\n', &line) || !str_eq(line, head))
		return diag_fail(c->diags, STATUS_SYSTEM,
		    "%s: is not what --changed has left: not written", t->path);
	while (str_next(&text, '\n', &line)) {
		lines_add(&t->was, str_cut(line, 0, str_find(line, ' ')), 1);
		lines_add(&t->was, line, 1);
	}
	return STATUS_OK;
}

bool
told_changed(struct told *t, struct str key, struct str word)
{
	size_t at = t->is.n;

	if (word.n == 0)
		return lines_find(&t->was, key) != NULL;
	buf_fmt(&t->is, "%.*s %.*s", STR_FMT(key), STR_FMT(word));
	bool is_new = !lines_find(&t->was, str_cut(buf_get(&t->is), at, t->is.n));
	buf_char(&t->is, '\n');
	return is_new;
}

void
told_close(struct ctx *c, struct told *t)
{
	if (t->path && !c->dry) {
		c->keep.path = t->path;
		c->keep.text = arena_str(&c->db->arena, buf_get(&t->is));
	}
	lines_release(&t->was);
	buf_release(&t->is);
}
