/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subnet, range, object: the frame that addresses are in. */
#include "cmd.h"

#include "core/plan.h"
#include "core/space.h"
#include "core/usage.h"

/* Reads the one key of `add`, in its VRF. */
static enum status
read_key(struct ctx *c, enum kind kind, const char *what, struct key *key, unsigned *vrf)
{
	struct str word = c->args.word.v[0];
	struct scope scope = c->scope;
	struct ip_error err;
	enum status status = STATUS_OK;

	if (!key_parse(word, key, &err)) {
		key_complain(c->diags, word, &err, (struct pos){ NULL }, SEV_ERROR);
		return STATUS_USAGE;
	}
	if (key->kind != kind)
		return diag_fail(c->diags, STATUS_USAGE, "%.*s: %s is wanted", STR_FMT(word), what);
	if (key->has_vrf)
		status = scope_set(&scope, c->db, key->vrf.n ? key->vrf : STR("default"), c->diags);
	*vrf = scope.vrf;
	return status;
}

static enum status
add(struct ctx *c, enum kind kind, const char *what)
{
	struct key key;
	struct rec *r;
	unsigned vrf = 0;
	enum status status = cmd_words(c, 1, 1);

	if (!status)
		status = read_key(c, kind, what, &key, &vrf);
	if (!status)
		status = cmd_assigns(c, kind, STR_NONE);
	if (!status)
		status = plan_add(c->db, vrf, key.span, kind, c->args.assign.v, c->args.assign.n,
		    &r, c->diags);
	if (!status)
		status = cmd_print_keys(c, &r, 1);
	return status;
}

enum status
cmd_subnet_add(struct ctx *c)
{
	return add(c, KIND_SUBNET, "a prefix like 10.0.0.0/24");
}

/* --- subnet carve ----------------------------------------------------- */

struct carve {
	int len;
	enum fit fit;
	uint64_t count;
};

static enum status
read_carve(struct ctx *c, struct carve *v)
{
	struct str fit = args_get(&c->args, "fit");
	size_t n = c->args.word.n;
	enum status status = cmd_number(c, "count", 1, 1, 16777216, &v->count);

	v->fit = fit_by_name(fit);
	if (!status && n < 2)
		return cmd_words(c, 2, CMD_MANY);
	if (!status && !prefix_len_parse(c->args.word.v[n - 1], &v->len))
		status = diag_fail(c->diags, STATUS_USAGE, "%.*s: a length like /26 is wanted last",
		    STR_FMT(c->args.word.v[n - 1]));
	if (!status && args_has(&c->args, "fit") && !v->fit)
		status = diag_fail(c->diags, STATUS_USAGE,
		    "--fit %.*s: best, first or sparse is wanted", STR_FMT(fit));
	c->args.word.n--;
	return status ? status : cmd_assigns(c, KIND_SUBNET, STR_NONE);
}

/* After the first: whether the others will find room, too. */
static enum status
check_room(struct ctx *c, const struct carve *v, const struct rec *parent)
{
	uint64_t room = 1 + space_room(c->db, parent, v->len, v->count - 1);

	if (room == v->count)
		return STATUS_OK;
	return diag_fail(c->diags, STATUS_FULL, "%.*s: only %llu of %llu /%d were free",
	    STR_FMT(db_key(c->db, parent)), (unsigned long long)room, (unsigned long long)v->count,
	    v->len);
}

static enum status
carve_from(struct ctx *c, const struct carve *v, struct rec *parent, rec_list *out)
{
	enum status status = STATUS_OK;

	for (uint64_t i = 0; i < v->count && !status; i++) {
		struct rec *r;
		if (i == 1)
			status = check_room(c, v, parent);
		if (!status)
			status = plan_carve(c->db, parent, v->len, v->fit, c->args.assign.v,
			    c->args.assign.n, &r, c->diags);
		if (!status)
			vec_push(c->env, out, r);
	}
	return status;
}

/* All parents, found before anything is carved; of one family. */
static enum status
find_parents(struct ctx *c, const word_list *words, rec_list *parents)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < words->n && !status; i++) {
		struct rec *r;
		if (words->v[i].n && words->v[i].p[0] == '/')
			return diag_fail(c->diags, STATUS_USAGE,
			    "%.*s: one length is wanted, after the parents", STR_FMT(words->v[i]));
		status =
		    target_one(&r, c->db, c->scope, words->v[i], K_SUBNET, "a subnet", c->diags);
		if (!status && parents->n && r->family != parents->v[0]->family)
			status = diag_fail(c->diags, STATUS_USAGE,
			    "%.*s: IPv4 and IPv6 parents do not mix", STR_FMT(words->v[i]));
		if (!status)
			vec_push(c->env, parents, r);
	}
	return status;
}

struct carving {
	const struct carve *carve;
	const rec_list *parents;
	rec_list *out;
};

/* What a parent without enough room has given is taken back. */
static enum status
try_parent(struct ctx *c, void *arg, size_t i)
{
	struct carving *v = arg;
	enum status status = carve_from(c, v->carve, v->parents->v[i], v->out);

	while (status && v->out->n)
		edit_remove(c->db, v->out->v[--v->out->n]);
	return status;
}

static enum status
carve_all(struct ctx *c, const struct carve *v, const rec_list *parents, rec_list *out)
{
	struct carving any = { v, parents, out };
	enum status status = STATUS_OK;
	size_t first;

	if (args_has(&c->args, "any"))
		return cmd_any(c, parents->n, try_parent, &any, &first);
	for (size_t i = 0; i < parents->n && !status; i++)
		status = carve_from(c, v, parents->v[i], out);
	return status;
}

enum status
cmd_subnet_carve(struct ctx *c)
{
	rec_list parents = { 0 }, out = { 0 };
	word_list words = { 0 };
	struct carve v = { 0 };
	enum status status = read_carve(c, &v);

	if (!status)
		status = cmd_targets(c, &words);
	if (!status)
		status = find_parents(c, &words, &parents);
	if (!status)
		status = carve_all(c, &v, &parents, &out);
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	vec_release(&words);
	vec_release(&parents);
	vec_release(&out);
	return status;
}

enum status
cmd_range_add(struct ctx *c)
{
	return add(c, KIND_RANGE, "a range like 10.0.0.100-10.0.0.199");
}

/* The records that are to be removed, each once. */
static enum status
mark_targets(struct ctx *c, unsigned kinds, const char *what, rec_list *out)
{
	word_list targets = { 0 };
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status)
		status = cmd_targets(c, &targets);
	for (size_t i = 0; i < targets.n && !status; i++) {
		struct rec *r;
		status = target_one(&r, c->db, c->scope, targets.v[i], kinds, what, c->diags);
		if (!status)
			rec_mark(c->db, r, out);
	}
	vec_release(&targets);
	return status;
}

enum status
cmd_subnet_rm(struct ctx *c)
{
	enum plan_rm how = args_has(&c->args, "recursive") ? PLAN_RM_ALL
	                   : args_has(&c->args, "keep")    ? PLAN_RM_KEEP
	                                                   : PLAN_RM_EMPTY;
	rec_list out = { 0 }, subnets = { 0 };
	enum status status = STATUS_OK;

	if (args_has(&c->args, "recursive") && args_has(&c->args, "keep"))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "subnet rm: -r and --keep exclude each other");
	if (!status)
		status = mark_targets(c, K_SUBNET, "a subnet", &subnets);
	for (size_t i = 0; i < subnets.n && !status; i++)
		if (!(subnets.v[i]->flags & REC_GONE))
			status = plan_rm_subnet(c->db, subnets.v[i], how, &out, c->diags);
	if (!status)
		status = cmd_print_keys(c, out.v, out.n);
	vec_release(&subnets);
	vec_release(&out);
	return status;
}

enum status
cmd_range_rm(struct ctx *c)
{
	rec_list ranges = { 0 };
	enum status status = mark_targets(c, K_RANGE, "a range", &ranges);

	for (size_t i = 0; i < ranges.n && !status; i++)
		edit_remove(c->db, ranges.v[i]);
	if (!status)
		status = cmd_print_keys(c, ranges.v, ranges.n);
	vec_release(&ranges);
	return status;
}

/* --- object ----------------------------------------------------------- */

enum status
cmd_object_add(struct ctx *c)
{
	struct rec *r;
	enum status status = cmd_words(c, 2, 2);

	if (!status)
		status = cmd_assigns(c, KIND_OBJECT, c->args.word.v[0]);
	if (!status)
		status = plan_add_object(c->db, c->args.word.v[0], c->args.word.v[1],
		    c->args.assign.v, c->args.assign.n, &r, c->diags);
	if (!status)
		status = cmd_print_keys(c, &r, 1);
	return status;
}

enum status
cmd_object_rm(struct ctx *c)
{
	enum status status = cmd_words(c, 2, 2);

	if (status)
		return status;
	struct rec *r = db_find_object(c->db, c->args.word.v[0], c->args.word.v[1]);
	if (!r)
		return diag_fail(c->diags, STATUS_NO, "@%.*s %.*s: no such object",
		    STR_FMT(c->args.word.v[0]), STR_FMT(c->args.word.v[1]));
	status = plan_rm_object(c->db, r, c->diags);
	if (!status)
		status = cmd_print_keys(c, &r, 1);
	return status;
}

enum status
cmd_object_list(struct ctx *c)
{
	rec_list found = { 0 };
	enum status status = cmd_words(c, 0, 1);

	if (status)
		return status;
	for (size_t i = 0; i < c->db->object.n; i++) {
		struct rec *r = c->db->object.v[i];
		if (r->kind == KIND_OBJECT &&
		    (c->args.word.n == 0 || str_eq(rec_object_kind(r), c->args.word.v[0])))
			vec_push(c->env, &found, r);
	}
	status = cmd_print_records(c, found.v, found.n, "key,attributes");
	if (!status && found.n == 0 && c->args.word.n)
		status = STATUS_NO;
	vec_release(&found);
	return status;
}

/* --- subnet free ------------------------------------------------------ */

static const struct column free_columns[] = { { "prefix", 0 }, { "size", COLUMN_RIGHT } };
static const struct column fit_columns[] = { { "prefix", 0 }, { "count", COLUMN_RIGHT } };

static void
print_free(struct ctx *c, unsigned vrf, struct span span, int len)
{
	struct space f;
	struct span block;

	for (space_start(&f, c->db, vrf, span); space_next(&f, &block);) {
		struct span head = block;
		if (len >= 0 && block.len > len)
			continue;
		if (len >= 0)
			head = span_prefix(span_first(block), len);
		out_row(c->out, NULL);
		out_str(c->out, key_fmt(&c->db->arena, head, db_vrf_name(c->db, vrf)));
		out_count(c->out, len >= 0 ? count_shift(1, len - block.len) : count_size(block));
	}
}

static enum status
free_of(struct ctx *c, struct str word, int len)
{
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_SUBNET, "a prefix", c->diags);

	enum family family = !status && t.rec.n ? (enum family)t.rec.v[0]->family : t.span.family;
	if (!status && len > ip_bits(family))
		status = diag_fail(c->diags, STATUS_USAGE, "/%d: no length of %.*s's family", len,
		    STR_FMT(word));
	else if (!status && t.rec.n)
		print_free(c, t.rec.v[0]->vrf, rec_span(t.rec.v[0]), len);
	else if (!status)
		print_free(c, t.vrf, t.span, len);
	target_release(&t);
	return status;
}

/* The free space of all subnets that lie in no other. */
static void
free_of_plan(struct ctx *c, int len)
{
	struct walk w;

	for (struct rec *r = walk_all(&w, c->db); r;) {
		bool top = r->kind == KIND_SUBNET && (!c->scope.given || r->vrf == c->scope.vrf) &&
		           len <= ip_bits((enum family)r->family);
		if (top)
			print_free(c, r->vrf, rec_span(r), len);
		r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w);
	}
}

enum status
cmd_subnet_free(struct ctx *c)
{
	size_t n = c->args.word.n;
	word_list targets = { 0 };
	int len = -1;

	if (n && str_starts(c->args.word.v[n - 1], STR("/"))) {
		if (!prefix_len_parse(c->args.word.v[--n], &len))
			return diag_fail(c->diags, STATUS_USAGE, "%.*s: a length is written /24",
			    STR_FMT(c->args.word.v[n]));
		c->args.word.n = n;
	}
	out_columns(c->out, len >= 0 ? fit_columns : free_columns, 2);
	enum status status = cmd_targets(c, &targets);
	for (size_t i = 0; i < targets.n && !status; i++)
		if (str_starts(targets.v[i], STR("/")))
			status = diag_fail(c->diags, STATUS_USAGE,
			    "%.*s: one length is wanted, after the prefixes",
			    STR_FMT(targets.v[i]));
	for (size_t i = 0; i < targets.n && !status; i++)
		status = free_of(c, targets.v[i], len);
	if (n == 0)
		free_of_plan(c, len);
	vec_release(&targets);
	if (status)
		out_clear(c->out);
	else if (c->out->row.n == 0)
		status = STATUS_NO;
	return status;
}

/* --- subnet tree ------------------------------------------------------ */

static const struct column tree_columns[] = { { "prefix", 0 }, { "name", 0 }, { "vrf", 0 },
	{ "size", COLUMN_RIGHT }, { "free", COLUMN_RIGHT }, { "percent", COLUMN_RIGHT } };

enum status
cmd_subnet_tree(struct ctx *c)
{
	const struct rec *root = NULL;
	struct usage *u;
	enum status status = cmd_words(c, 0, 1);
	unsigned depth = 0;

	if (!status && c->args.word.n) {
		struct rec *r;
		status = target_one(&r, c->db, c->scope, c->args.word.v[0], K_SUBNET, "a subnet",
		    c->diags);
		root = status ? NULL : r;
	}
	if (status)
		return status;
	size_t n = usage_all(c->db, &u);
	out_columns(c->out, tree_columns, ARRAY_LEN(tree_columns));
	for (size_t i = 0; i < n; i++) {
		const struct rec *r = u[i].subnet;
		if (r == root)
			depth = u[i].depth;
		if ((root && !(r->vrf == root->vrf && span_holds(rec_span(root), rec_span(r)))) ||
		    (c->scope.given && r->vrf != c->scope.vrf))
			continue;
		out_row(c->out, r);
		out_indented(c->out, u[i].depth - depth, db_key(c->db, r));
		out_str(c->out, db_label(c->db, r));
		out_str(c->out, db_vrf_name(c->db, r->vrf));
		out_count(c->out, u[i].size);
		out_count(c->out, u[i].free);
		out_permille(c->out, u[i].permille);
	}
	return STATUS_OK;
}
