/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subnet split, join, resize; renumber. */
#include "core/plan.h"

#include "cmd.h"

static enum status
read_length(struct ctx *c, struct str word, int *len)
{
	if (prefix_len_parse(word, len))
		return STATUS_OK;
	return diag_fail(c->diags, STATUS_USAGE, "%.*s: a length is written /24", STR_FMT(word));
}

static enum status
subnet_and_length(struct ctx *c, struct rec **r, int *len)
{
	enum status status = cmd_words(c, 2, 2);

	if (!status)
		status = read_length(c, c->args.word.v[1], len);
	if (!status)
		status = target_one(r, c->db, c->scope, c->args.word.v[0], K_SUBNET, "a subnet",
		    c->diags);
	return status;
}

enum status
cmd_subnet_split(struct ctx *c)
{
	rec_list out = { 0 };
	struct rec *r;
	int len;
	enum status status = subnet_and_length(c, &r, &len);

	if (!status)
		status = plan_split(c->db, r, len, &out, c->diags);
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	vec_release(&out);
	return status;
}

enum status
cmd_subnet_join(struct ctx *c)
{
	rec_list out = { 0 };
	struct target t = { 0 };
	enum status status = cmd_words(c, 1, 1);

	if (status)
		return status;
	status =
	    target_parse(&t, c->db, c->scope, c->args.word.v[0], K_SUBNET, "a prefix", c->diags);
	if (!status && t.rec.n)
		status = plan_join(c->db, t.rec.v[0]->vrf, rec_span(t.rec.v[0]), &out, c->diags);
	else if (!status)
		status = plan_join(c->db, t.vrf, t.span, &out, c->diags);
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	target_release(&t);
	vec_release(&out);
	return status;
}

enum status
cmd_subnet_resize(struct ctx *c)
{
	struct rec *r, *resized;
	int len;
	enum status status = subnet_and_length(c, &r, &len);

	if (!status)
		status = plan_resize(c->db, r, len, &resized, c->diags);
	if (!status)
		status = cmd_print_keys(c, &resized, 1);
	return status;
}

enum status
cmd_renumber(struct ctx *c)
{
	struct scope scope = c->scope;
	struct rec *r = NULL, *moved = NULL;
	struct ip_error err;
	struct key key;
	enum status status = cmd_words(c, 2, 2);

	if (!status)
		status = target_one(&r, c->db, c->scope, c->args.word.v[0], K_PLAN,
		    "a subnet, range or address", c->diags);
	if (status)
		return status;
	struct str word = c->args.word.v[1];
	if (!key_parse(word, &key, &err)) {
		key_complain(c->diags, word, &err, (struct pos){ NULL }, SEV_ERROR);
		return STATUS_USAGE;
	}
	if (key.kind != (enum kind)r->kind)
		return diag_fail(c->diags, STATUS_USAGE, "%.*s: %s %s is wanted, as the old one is",
		    STR_FMT(word), r->kind == KIND_ADDRESS ? "an" : "a", kind_names[r->kind]);
	if (key.has_vrf)
		status = scope_set(&scope, c->db, key.vrf.n ? key.vrf : STR("default"), c->diags);
	if (!status)
		status = plan_renumber(c->db, r, scope.vrf, key.span, &moved, c->diags);
	if (!status)
		status = cmd_print_keys(c, &moved, 1);
	return status;
}
