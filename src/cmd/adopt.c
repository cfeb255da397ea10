/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adopt: what was seen, into the plan. */
#include "cmd.h"

typedef VEC(struct assign) assign_list;

/* A name that was seen, as a host there is written: relative in its domain, another
 * full one with its final dot; empty if it can be none. */
static struct str
host_there(struct ctx *c, const struct rec *subnet, struct str name)
{
	struct str domain = db_domain(c->db, subnet);
	struct str tail = arena_fmt(&c->db->arena, ".%.*s", STR_FMT(domain));
	if (domain.n && name.n > tail.n && str_iends(name, tail))
		name = str_cut(name, 0, name.n - tail.n);
	else if (str_find(name, '.') < name.n)
		name = arena_fmt(&c->db->arena, "%.*s.", STR_FMT(name));
	return name.n && !host_fault(name) ? name : STR_NONE;
}

static void
put(struct ctx *c, assign_list *l, const char *name, struct str value)
{
	struct assign a = { str_from(name), value };

	for (size_t i = 0; i < c->args.assign.n; i++)
		if (str_eq(c->args.assign.v[i].name, a.name))
			return; /* what is said goes before what was seen */
	if (value.n)
		vec_push(c->env, l, a);
}

static enum status
adopt(struct ctx *c, struct seen *seen, const struct target *t, rec_list *out)
{
	const struct rec *r = seen_find(seen, t->vrf, t->span), *subnet;
	struct alloc alloc = { .count = 1, .force = args_has(&c->args, "force") };
	assign_list attrs = { 0 };
	struct sight sight;
	char text[SPAN_TEXT];
	enum status status;

	if (!r)
		return diag_fail(c->diags, STATUS_NO, "%s: was not seen", span_fmt(text, t->span));
	subnet = db_around(c->db, t->vrf, t->span);
	sight_read(&c->db->arena, r, &sight);
	struct str host = sight.host.n ? host_there(c, subnet, sight.host) : STR_NONE;
	if (sight.host.n && host.n == 0)
		diag_warn(c->diags, "%s: its name '%.*s' cannot be a host", span_fmt(text, t->span),
		    STR_FMT(sight.host));
	put(c, &attrs, "host", host);
	put(c, &attrs, "mac", sight.mac);
	if (r->family == IPV6)
		put(c, &attrs, "duid", sight.duid);
	for (size_t i = 0; i < c->args.assign.n; i++)
		vec_push(c->env, &attrs, c->args.assign.v[i]);
	alloc.attr = attrs.v;
	alloc.attrs = attrs.n;
	status = alloc_named(c->db, &alloc, t->vrf, span_first(t->span), out, c->diags);
	vec_release(&attrs);
	return status;
}

static enum status
adopt_word(struct ctx *c, struct seen *seen, struct str word, rec_list *out)
{
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_ADDRESS, "an address", c->diags);

	if (!status && !t.is_key)
		status = diag_fail(c->diags, STATUS_CONFLICT, "%.*s: is in the plan already",
		    STR_FMT(word));
	if (!status)
		status = adopt(c, seen, &t, out);
	target_release(&t);
	return status;
}

enum status
cmd_adopt(struct ctx *c)
{
	word_list targets = { 0 };
	rec_list out = { 0 };
	struct seen *seen = NULL;
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status)
		status = cmd_assigns(c, KIND_ADDRESS, STR_NONE);
	if (!status)
		status = cmd_targets(c, &targets);
	if (!status)
		status = cmd_seen(c, &seen);
	for (size_t i = 0; i < targets.n && !status; i++)
		status = adopt_word(c, seen, targets.v[i], &out);
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	vec_release(&targets);
	vec_release(&out);
	return status;
}
