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
	if (!status && args_has(&c->args, "strategy") && !a->strategy)
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--strategy %.*s: first, last, random or sparse is wanted", STR_FMT(strategy));
	bool has_host = false;
	for (size_t i = 0; i < a->attrs; i++)
		has_host |= str_eq(a->attr[i].name, STR("host")) && a->attr[i].value.n;
	if (!status && a->ensure && !has_host)
		status = diag_fail(c->diags, STATUS_USAGE, "--ensure needs a host=");
	return status ? status : cmd_assigns(c, KIND_ADDRESS, STR_NONE);
}

/* Where an address comes from: a subnet or range, or else it is named. */
struct source {
	struct rec *from;
	unsigned vrf;
	struct ip ip;
};

static enum status
find_source(struct ctx *c, struct str word, struct source *s)
{
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_PLAN, "a subnet, range or address", c->diags);
	struct rec *r = !status && t.rec.n ? t.rec.v[0] : NULL;

	if (r && r->kind == KIND_ADDRESS)
		*s = (struct source){ NULL, r->vrf, span_first(rec_span(r)) };
	else
		*s = (struct source){ r, t.vrf, span_first(t.span) };
	if (!status && !r && t.kind != KIND_ADDRESS)
		status = diag_fail(c->diags, STATUS_NO, "%.*s: not found", STR_FMT(word));
	if (!status && !s->from && args_has(&c->args, "count"))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "%.*s: --count is not for a named address", STR_FMT(word));
	target_release(&t);
	return status;
}

static enum status
alloc_from(struct ctx *c, const struct alloc *a, const struct source *s, rec_list *out)
{
	return s->from ? alloc_next(c->db, a, s->from, out, c->diags)
	               : alloc_named(c->db, a, s->vrf, s->ip, out, c->diags);
}

struct wish {
	const struct alloc *alloc;
	const struct source *source;
};

static enum status
has_room(struct ctx *c, void *arg, size_t i)
{
	const struct wish *w = arg;
	const struct source *s = &w->source[i];

	return s->from ? alloc_room(c->db, w->alloc, s->from, c->diags)
	               : alloc_named_room(c->db, w->alloc, s->vrf, s->ip, c->diags);
}

/* Whether --ensure finds all there that is asked of it. */
static bool
is_ensured(struct ctx *c, const struct alloc *a, const struct source *s)
{
	if (!a->ensure)
		return false;
	return s->from ? alloc_held(c->db, a, s->from) >= a->count
	               : alloc_named_is_held(c->db, a, s->vrf, s->ip);
}

/* What is there already goes before what is free. */
static enum status
alloc_any(struct ctx *c, const struct alloc *a, const struct source *s, size_t n, rec_list *out)
{
	struct wish wish = { a, s };
	size_t first = 0;

	for (size_t i = 0; i < n; i++)
		if (is_ensured(c, a, &s[i]))
			return alloc_from(c, a, &s[i], out);
	enum status status = cmd_any(c, n, has_room, &wish, &first);
	return status || n == 0 ? status : alloc_from(c, a, &s[first], out);
}

static enum status
alloc_targets(struct ctx *c, const struct alloc *a, const word_list *targets, rec_list *out)
{
	struct source *s = arena_alloc(&c->db->arena, targets->n * sizeof(*s) + 1);
	enum status status = STATUS_OK;

	for (size_t i = 0; i < targets->n && !status; i++)
		status = find_source(c, targets->v[i], &s[i]);
	if (!status && args_has(&c->args, "any"))
		return alloc_any(c, a, s, targets->n, out);
	for (size_t i = 0; i < targets->n && !status; i++)
		status = alloc_from(c, a, &s[i], out);
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
	if (!status)
		status = alloc_targets(c, &a, &targets, &out);
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
