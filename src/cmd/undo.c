/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo: one change, taken back by another. */
#include "cmd.h"

#include "core/sort.h"
#include "io/history.h"

/* --- which ----------------------------------------------------------------- */

static void
copy_lines(struct ctx *c, const block_lines *from, block_lines *to)
{
	for (size_t i = 0; i < from->n; i++) {
		struct block_line l = from->v[i];
		l.line = arena_str(&c->db->arena, l.line);
		vec_push(c->env, to, l);
	}
}

/* The change with this number, or the last one for 0. */
static enum status
find_change(struct ctx *c, uint64_t id, block_lines *out)
{
	struct journal *j = &c->session->journal;
	struct history h;
	enum status status;

	history_start(&h, j, c->db);
	h.pending = true;
	do
		status = history_prev(&h);
	while (!status && (h.block.kind == BLOCK_ARCHIVE || (id && h.block.id != id)));
	if (status == STATUS_NO && h.lacks)
		diag_fail(c->diags, STATUS_NO, "undo: %s: is not there: what it holds is not known",
		    h.lacks);
	else if (status == STATUS_NO && !journal_exists(&c->session->journal))
		diag_fail(c->diags, STATUS_NO, "undo: there is no journal");
	else if (status == STATUS_NO && id)
		diag_fail(c->diags, STATUS_NO, "undo: the journal has no change %llu",
		    (unsigned long long)id);
	else if (status == STATUS_NO || (!status && h.block.kind == BLOCK_FIRST))
		status = diag_fail(c->diags, STATUS_NO,
		    "undo: there is no change before the journal begins");
	if (!status)
		copy_lines(c, &h.block.line, out);
	history_release(&h);
	return status;
}

/* --- back ------------------------------------------------------------------- */

/* The record of the plan that has this line's key, and the key. */
static struct rec *
record_of(struct ctx *c, struct str line, struct str *key)
{
	struct rec r;

	*key = line;
	if (!text_read_line(line, &c->db->vrfs, &r))
		return NULL;
	*key = rec_key(&r);
	if (((1u << r.kind) & K_PLAN) && r.vrf >= c->db->ranked)
		return NULL; /* in a VRF that is gone */
	if ((1u << r.kind) & K_PLAN)
		return db_find(c->db, r.vrf, rec_span(&r), (enum kind)r.kind);
	if (r.kind == KIND_OBJECT)
		return db_find_object(c->db, rec_object_kind(&r), rec_object_name(&r));
	for (size_t i = 0; i < c->db->object.n; i++)
		if (c->db->object.v[i]->kind == KIND_HEADER)
			return c->db->object.v[i];
	return NULL;
}

/* A line that is to come back to a VRF which is gone, and does not come back, too. */
static enum status
check_vrf(struct ctx *c, struct str line, const struct lines *back)
{
	struct rec r;

	if (!text_read_line(line, &c->db->vrfs, &r) || r.vrf == 0)
		return STATUS_OK;
	struct str vrf = c->db->vrfs.name[r.vrf];
	if (db_vrf(c->db, vrf) >= 0 || lines_find(back, vrf))
		return STATUS_OK;
	return diag_fail(c->diags, STATUS_CONFLICT, "undo: %.*s: VRF %.*s is gone",
	    STR_FMT(rec_key(&r)), STR_FMT(vrf));
}

/* Says where there is no VRF for what is to come back. */
static enum status
check_vrfs(struct ctx *c, const block_lines *v)
{
	enum status status = STATUS_OK;
	struct lines back;
	struct rec r;

	lines_init(&back, c->env);
	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i].op != '-' || !text_read_line(v->v[i].line, &c->db->vrfs, &r) ||
		    !rec_is_object(&r, "vrf"))
			continue;
		int vrf = vrfs_add(&c->db->vrfs, rec_object_name(&r)); /* however it is spelled */
		if (vrf >= 0)
			lines_add(&back, c->db->vrfs.name[vrf], 1);
	}
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].op == '-' && check_vrf(c, v->v[i].line, &back))
			status = STATUS_CONFLICT;
	lines_release(&back);
	return status;
}

/* What of a line is no longer as the change left it; came has the lines that it made. */
static enum status
check_line(struct ctx *c, const struct block_line *l, const struct lines *came, struct lines *said)
{
	struct str key;
	struct rec *r = record_of(c, l->line, &key);
	bool is_old = r && l->op == '-' && str_eq(rec_line(r), l->line);

	if (!r && l->op == '-')
		return STATUS_OK;
	if (!r)
		return diag_fail(c->diags, STATUS_CONFLICT, "undo: %.*s: is gone since",
		    STR_FMT(key));
	if (lines_count(came, rec_line(r)) || lines_count(said, rec_line(r)))
		return STATUS_OK;
	lines_add(said, rec_line(r), 1);
	if (is_old)
		return diag_fail(c->diags, STATUS_CONFLICT,
		    "undo: %.*s: is as it was before already", STR_FMT(key));
	return diag_fail(c->diags, STATUS_CONFLICT, "undo: %.*s: was changed since: %.*s",
	    STR_FMT(key), STR_FMT(rec_line(r)));
}

/* Says what is no longer as the change left it. */
static enum status
check_still(struct ctx *c, const block_lines *v)
{
	enum status status = STATUS_OK;
	struct lines came, said;

	lines_init(&came, c->env);
	lines_init(&said, c->env);
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].op == '+')
			lines_add(&came, v->v[i].line, 1);
	for (size_t i = 0; i < v->n; i++)
		if (check_line(c, &v->v[i], &came, &said))
			status = STATUS_CONFLICT;
	lines_release(&said);
	lines_release(&came);
	return status;
}

/* Lines that changed are put back where they stand; the others go and come. */
static void
take_back(struct ctx *c, const block_lines *v, rec_list *done)
{
	struct lines l;
	struct str key;

	lines_init(&l, c->env);
	for (size_t i = 0; i < v->n; i++) {
		struct rec *r = v->v[i].op == '-' ? record_of(c, v->v[i].line, &key) : NULL;
		if (!r)
			continue;
		lines_add(&l, rec_line(r), 1);
		edit_set_line(c->db, r, v->v[i].line);
		lines_add(&l, v->v[i].line, 1);
		vec_push(c->env, done, r);
	}
	for (size_t i = 0; i < v->n; i++) {
		struct rec *r = record_of(c, v->v[i].line, &key);
		if (v->v[i].op != '+' || lines_count(&l, v->v[i].line) || !r)
			continue;
		edit_remove(c->db, r);
		vec_push(c->env, done, r);
	}
	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i].op != '-' || lines_count(&l, v->v[i].line))
			continue;
		struct rec *r = edit_add_line(c->db, v->v[i].line);
		if (r)
			vec_push(c->env, done, r);
	}
	lines_release(&l);
}

/* Objects first, in the order of the change. */
static int
by_place(const void *ctx, const void *a, const void *b)
{
	const struct rec *x = a, *y = b;
	bool x_lies = (1u << x->kind) & K_PLAN, y_lies = (1u << y->kind) & K_PLAN;

	return x_lies && y_lies ? db_order(ctx, x, y) : x_lies - y_lies;
}

enum status
cmd_undo(struct ctx *c)
{
	block_lines lines = { 0 };
	rec_list done = { 0 };
	uint64_t id = 0;
	enum status status = cmd_words(c, 0, 1);

	if (!status && c->args.word.n &&
	    (!str_uint(c->args.word.v[0], UINT64_MAX - 1, &id) || id == 0))
		status = diag_fail(c->diags, STATUS_USAGE,
		    "undo %.*s: the number of a change is wanted (ipam log)",
		    STR_FMT(c->args.word.v[0]));
	if (!status)
		status = session_journal(c->session);
	if (!status)
		status = find_change(c, id, &lines);
	if (!status)
		status = check_still(c, &lines);
	if (!status)
		status = check_vrfs(c, &lines);
	if (!status) {
		take_back(c, &lines, &done);
		sort_stable(c->env, (void **)done.v, done.n, by_place, c->db);
		status = cmd_print_keys(c, done.v, done.n);
	}
	vec_release(&lines);
	vec_release(&done);
	return status;
}
