/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc, release, expire: the life of an address. */
#include "cmd.h"

#include "core/when.h"

static enum status
read_alloc(struct ctx *c, struct alloc *a)
{
	struct str strategy = args_get(&c->args, "strategy");
	enum status status = cmd_number(c, "count", 1, 1, 16777216, &a->count);

	a->strategy = strategy_by_name(strategy);
	a->eui64 = args_has(&c->args, "eui64");
	a->ensure = args_has(&c->args, "ensure");
	a->force = args_has(&c->args, "force");
	a->attr = c->args.assign.v;
	a->attrs = c->args.assign.n;
	if (!status && strategy.n && !a->strategy)
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--strategy %.*s: first, last, random or sparse is wanted", STR_FMT(strategy));
	bool has_host = false;
	for (size_t i = 0; i < a->attrs; i++)
		has_host |= str_eq(a->attr[i].name, STR("host")) && a->attr[i].value.n;
	if (!status && a->ensure && !has_host)
		status = diag_fail(c->diags, STATUS_USAGE, "--ensure needs a host=");
	return status ? status : cmd_assigns(c, KIND_ADDRESS, STR_NONE);
}

static enum status
alloc_target(struct ctx *c, const struct alloc *a, struct str word, rec_list *out)
{
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_PLAN, "a subnet, range or address", c->diags);

	if (status)
		;
	else if (t.is_key && t.kind == KIND_ADDRESS && args_has(&c->args, "count"))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "%.*s: --count is not for a named address", STR_FMT(word));
	else if (t.is_key && t.kind == KIND_ADDRESS)
		status = alloc_named(c->db, a, t.vrf, span_first(t.span), out, c->diags);
	else if (t.rec.n == 0)
		status = diag_fail(c->diags, STATUS_NO, "%.*s: not found", STR_FMT(word));
	else if (t.rec.v[0]->kind == KIND_ADDRESS)
		status = alloc_named(c->db, a, t.rec.v[0]->vrf, span_first(rec_span(t.rec.v[0])),
		    out, c->diags);
	else
		status = alloc_next(c->db, a, t.rec.v[0], out, c->diags);
	target_release(&t);
	return status;
}

/* Whether a target has room for all that is asked of it; else its message
 * stays for the case that no other has. */
static enum status
has_room(struct ctx *c, const struct alloc *a, struct str word)
{
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_PLAN, "a subnet, range or address", c->diags);

	if (!status && !a->ensure && t.rec.n && t.rec.v[0]->kind != KIND_ADDRESS)
		status = choose_room(c->db, t.rec.v[0], a->count, a->force, c->diags);
	target_release(&t);
	return status;
}

static enum status
alloc_any(struct ctx *c, const struct alloc *a, const word_list *targets, rec_list *out)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < targets->n; i++) {
		diags_clear(c->diags);
		status = has_room(c, a, targets->v[i]);
		if (!status)
			return alloc_target(c, a, targets->v[i], out);
		if (status != STATUS_FULL && status != STATUS_CONFLICT)
			return status;
	}
	return status;
}

static bool
has_ipv6(const rec_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i]->family == IPV6)
			return true;
	return false;
}

enum status
cmd_alloc(struct ctx *c)
{
	struct alloc a;
	word_list targets = { 0 };
	rec_list out = { 0 };
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status)
		status = read_alloc(c, &a);
	if (!status)
		status = cmd_targets(c, &targets);
	if (!status && args_has(&c->args, "any"))
		status = alloc_any(c, &a, &targets, &out);
	else
		for (size_t i = 0; i < targets.n && !status; i++)
			status = alloc_target(c, &a, targets.v[i], &out);
	if (!status && a.eui64 && !has_ipv6(&out))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--eui64 makes IPv6 addresses: no target is IPv6");
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	vec_release(&targets);
	vec_release(&out);
	return status;
}

/* --- release ---------------------------------------------------------- */

static enum status
release_target(struct ctx *c, struct str word, rec_list *out)
{
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_ADDRESS, "an address or a host", c->diags);

	if (!status && t.rec.n == 0)
		status = diag_fail(c->diags, STATUS_NO, "%.*s: has no record", STR_FMT(word));
	if (!status && t.rec.n > 1 && !args_has(&c->args, "all"))
		status = target_several(c->db, &t, word, c->diags);
	for (size_t i = 0; !status && i < t.rec.n; i++)
		rec_mark(c->db, t.rec.v[i], out);
	target_release(&t);
	return status;
}

enum status
cmd_release_address(struct ctx *c)
{
	struct str duration = args_get(&c->args, "quarantine");
	word_list targets = { 0 };
	rec_list out = { 0 };
	int64_t rest = 0;
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status && args_has(&c->args, "quarantine") && !duration_parse(duration, &rest))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--quarantine %.*s: a duration is written 30m, 12h, 7d or 4w",
		    STR_FMT(duration));
	if (!status && args_has(&c->args, "quarantine") && rest == 0)
		rest = -1;
	if (!status)
		status = cmd_targets(c, &targets);
	for (size_t i = 0; i < targets.n && !status; i++)
		status = release_target(c, targets.v[i], &out);
	for (size_t i = 0; i < out.n && !status; i++)
		release_address(c->db, out.v[i], rest);
	rec_unmark(&out);
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	vec_release(&targets);
	vec_release(&out);
	return status;
}

/* --- expire ----------------------------------------------------------- */

static bool
has_expired(struct ctx *c, const struct rec *r)
{
	int64_t t;

	return db_time(c->db, r, "expires", &t) && c->env->now >= t;
}

enum status
cmd_expire(struct ctx *c)
{
	rec_list gone = { 0 };
	struct walk w;
	enum status status = cmd_words(c, 0, 0);

	for (struct rec *r = walk_all(&w, c->db); r && !status; r = walk_next(&w)) {
		if (c->scope.given && r->vrf != c->scope.vrf)
			continue;
		if (r->kind == KIND_SUBNET && has_expired(c, r))
			diag_warn(c->diags, "%.*s: the subnet has expired",
			    STR_FMT(db_key(c->db, r)));
		else if (r->kind == KIND_ADDRESS &&
			 (db_quarantine(c->db, r) == QUARANTINE_OVER ||
			     (db_quarantine(c->db, r) == QUARANTINE_NONE && has_expired(c, r))))
			vec_push(c->env, &gone, r);
	}
	for (size_t i = 0; i < gone.n; i++)
		release_address(c->db, gone.v[i], 0);
	if (!status)
		status = cmd_print_keys(c, gone.v, gone.n);
	vec_release(&gone);
	return status;
}
