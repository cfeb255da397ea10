/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split, join */
#include "plan_parts.h"

/* --- split ------------------------------------------------------------ */

/* Of the child that its gw moves to it must not be the network or broadcast address; an IPv6
 * router may well have the anycast address. */
static enum status
gateway_fits(struct db *db, const struct rec *subnet, int len, struct diags *d)
{
	struct ip gw;

	if (subnet->family == IPV6 || !db_gateway(db, subnet, &gw))
		return STATUS_OK;
	struct rec there = tree_key((uint16_t)subnet->vrf, span_ip(gw), KIND_ADDRESS);
	return plan_check_special(db, plan_block(gw.v, subnet->family, len), false, &there, d);
}

static enum status
can_split(struct db *db, const struct rec *subnet, int len, struct diags *d)
{
	struct str key = db_key(db, subnet);
	enum status status = plan_check_length(db, subnet, len, d);
	struct walk w;

	if (!status && len - subnet->plen > 16)
		status = diag_fail(d, STATUS_USAGE, "%.*s: more than 65,536 subnets", STR_FMT(key));
	for (struct rec *r = walk_inside(&w, db, subnet); r && !status;
	     r = r->plen < len ? walk_next(&w) : plan_next_direct(&w, r)) {
		struct span child = plan_block(r->first, subnet->family, len);
		if (r->kind == KIND_SUBNET)
			continue;
		if (!span_holds(child, rec_span(r)))
			return diag_fail(d, STATUS_CONFLICT, "%.*s: /%d would cut range %.*s",
			    STR_FMT(key), len, STR_FMT(db_key(db, r)));
		status = plan_check_special(db, child, false, r, d);
	}
	return status ? status : gateway_fits(db, subnet, len, d);
}

enum status
plan_split(struct db *db, struct rec *subnet, int len, rec_list *out, struct diags *d)
{
	enum status status = can_split(db, subnet, len, d);
	struct ip gw;
	bool has_gw = db_gateway(db, subnet, &gw);

	if (status)
		return status;
	struct span child = plan_block(subnet->first, subnet->family, len);
	for (;;) {
		struct rec *r = db_find(db, subnet->vrf, child, KIND_SUBNET);
		if (!r)
			status = plan_add(db, subnet->vrf, child, KIND_SUBNET, NULL, 0, &r, d);
		if (status)
			return status;
		vec_push(db->env, out, r);
		if (has_gw && span_holds_ip(child, gw)) {
			struct str value = STR_NONE;
			db_own(db, subnet, "gw", &value);
			edit_set(db, r, "gw", value);
			edit_set(db, subnet, "gw", STR_NONE);
		}
		if (child.last == subnet->last)
			break;
		child = plan_block(child.last + 1, subnet->family, len);
	}
	return STATUS_OK;
}

/* --- join ------------------------------------------------------------- */

/* The subnets directly inside a prefix, if they tile it. */
static enum status
find_tiles(struct db *db, unsigned vrf, struct span prefix, rec_list *tiles, struct diags *d)
{
	struct walk w;
	u128 next = prefix.first;
	bool whole = false;

	for (struct rec *r = walk_in(&w, db, vrf, prefix); r && !whole;) {
		bool outer = r->kind == KIND_SUBNET && span_holds(rec_span(r), prefix);
		if (r->kind == KIND_SUBNET && !outer) {
			if (r->first != next)
				break;
			vec_push(db->env, tiles, r);
			whole = r->last == prefix.last;
			next = r->last + 1;
		}
		r = outer ? walk_next(&w) : plan_next_direct(&w, r);
	}
	if (whole)
		return STATUS_OK;
	return diag_fail(d, STATUS_CONFLICT, "%.*s: its subnets do not tile it (%s)",
	    STR_FMT(db_key_at(db, vrf, prefix)),
	    tiles->n ? "there is a gap" : "there are none at its start");
}

enum status
plan_join(struct db *db, unsigned vrf, struct span prefix, rec_list *out, struct diags *d)
{
	rec_list tiles = { 0 };
	enum status status = find_tiles(db, vrf, prefix, &tiles, d);
	struct rec *r = db_find(db, vrf, prefix, KIND_SUBNET);
	struct str gw = STR_NONE, value;
	bool is_one = true;

	for (size_t i = 0; i < tiles.n && !status; i++) {
		if (db_own(db, tiles.v[i], "gw", &value)) {
			is_one &= gw.n == 0 || str_eq(gw, value);
			gw = value;
		}
		edit_remove(db, tiles.v[i]);
	}
	if (!status && !r)
		status = plan_add(db, vrf, prefix, KIND_SUBNET, NULL, 0, &r, d);
	if (!status && gw.n && is_one && !db_own(db, r, "gw", &value))
		edit_set(db, r, "gw", gw);
	if (!status)
		vec_push(db->env, out, r);
	vec_release(&tiles);
	return status;
}
