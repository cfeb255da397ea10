/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

static enum status
check_empty(struct db *db, const struct rec *subnet, struct diags *d)
{
	struct walk w;
	size_t n = 0;

	for (struct rec *r = walk_inside(&w, db, subnet); r; r = walk_next(&w))
		n += !(r->flags & REC_MARKED);
	if (n == 0)
		return STATUS_OK;
	diag_fail(d, STATUS_CONFLICT, "%.*s: holds %zu record%s", STR_FMT(db_key(db, subnet)), n,
	    n == 1 ? "" : "s");
	diag_hint(d, "-r removes them, too; --keep leaves them to the subnet around it");
	return STATUS_CONFLICT;
}

/* Ranges that a subnet leaves behind must lie in the one around it. */
static enum status
can_keep(struct db *db, const struct rec *subnet, struct diags *d)
{
	struct walk w;

	for (struct rec *r = walk_inside(&w, db, subnet); r && !subnet->parent; r = walk_next(&w))
		if (r->kind == KIND_RANGE && r->parent == subnet)
			return diag_fail(d, STATUS_CONFLICT,
			    "%.*s: range %.*s would lie in no subnet", STR_FMT(db_key(db, subnet)),
			    STR_FMT(db_key(db, r)));
	return STATUS_OK;
}

enum status
plan_rm_subnet(struct db *db, struct rec *subnet, enum plan_rm how, rec_list *out, struct diags *d)
{
	rec_list inside = { 0 };
	enum status status;
	struct walk w;

	if (how == PLAN_RM_EMPTY && (status = check_empty(db, subnet, d)))
		return status;
	if (how == PLAN_RM_KEEP && (status = can_keep(db, subnet, d)))
		return status;
	vec_push(db->env, out, subnet);
	for (struct rec *r = how == PLAN_RM_ALL ? walk_inside(&w, db, subnet) : NULL; r;
	     r = walk_next(&w))
		vec_push(db->env, &inside, r);
	edit_remove(db, subnet);
	for (size_t i = 0; i < inside.n; i++) {
		vec_push(db->env, out, inside.v[i]);
		edit_remove(db, inside.v[i]);
	}
	vec_release(&inside);
	return STATUS_OK;
}

enum status
plan_rm_object(struct db *db, struct rec *r, struct diags *d)
{
	int vrf = rec_is_object(r, "vrf") ? db_vrf(db, rec_object_name(r)) : 0;
	struct walk w;

	for (struct rec *in = vrf > 0 ? walk_all(&w, db) : NULL; in; in = walk_next(&w))
		if (in->vrf == (unsigned)vrf)
			return diag_fail(d, STATUS_CONFLICT, "%.*s: has records (%.*s)",
			    STR_FMT(rec_key(r)), STR_FMT(db_key(db, in)));
	edit_remove(db, r);
	return STATUS_OK;
}
