/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resize, renumber: keys that change */
#include "alloc.h"
#include "kea_id.h"
#include "place.h"
#include "pointers.h"
#include "plan_parts.h"
#include "query.h"

/* --- Kea's ids -------------------------------------------------------- */

/* The subnets that serve pools of delegated prefixes: what via= names. */
static void
find_servers(struct db *db, enum family family, rec_list *out)
{
	struct rec *server;
	struct diags unsaid;
	struct str via;
	struct walk w;

	diags_init(&unsaid, db->env);
	for (struct rec *r = family == IPV6 ? walk_all(&w, db) : NULL; r; r = walk_next(&w))
		if (r->kind == KIND_SUBNET && db_own(db, r, "via", &via) && via.n &&
		    !target_one(&server, db, (struct scope){ r->vrf, true }, via, K_SUBNET, "",
			&unsaid))
			vec_push(db->env, out, server);
	diags_release(&unsaid);
}

static bool
is_client(struct db *db, const struct rec *r)
{
	static const char *const id[] = { "mac", "duid", "client-id" };
	struct str value;

	for (size_t i = 0; r->kind == KIND_ADDRESS && i < ARRAY_LEN(id); i++)
		if (db_own(db, r, id[i], &value) && value.n)
			return true;
	return false;
}

/* Whether a DHCP server has leases in a subnet: a dhcp range or a client lies directly
 * in it, or it is one of the servers. */
static bool
is_served(struct db *db, const struct rec *subnet, const rec_list *servers)
{
	struct walk w;

	for (size_t i = 0; i < servers->n; i++)
		if (servers->v[i] == subnet)
			return true;
	for (const struct rec *r = walk_inside(&w, db, subnet); r;
	     r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w))
		if (is_client(db, r) || (r->kind == KIND_RANGE && db_is(db, r, "role", "dhcp")))
			return true;
	return false;
}

/* Leases go by a subnet's id: where there are some, the one derived from the key that
 * now changes is written down. */
static void
keep_kea_ids(struct db *db, struct rec *const *r, size_t n)
{
	rec_list servers = { 0 };
	struct str value;

	find_servers(db, (enum family)r[0]->family, &servers);
	for (size_t i = 0; i < n; i++) {
		if (r[i]->kind != KIND_SUBNET || db_own(db, r[i], "kea-id", &value) ||
		    !is_served(db, r[i], &servers))
			continue;
		uint32_t id = kea_id_derived(rec_span(r[i]), db_vrf_name(db, r[i]->vrf));
		edit_set(db, r[i], "kea-id", arena_fmt(&db->arena, "%u", (unsigned)id));
	}
	vec_release(&servers);
}

/* The line of a record with another key. */
static struct str
new_line(struct db *db, const struct rec *r, unsigned vrf, struct span span)
{
	struct str line = rec_line(r), old = rec_key(r);
	struct str rest = str_cut(line, (size_t)(old.p - line.p) + old.n, line.n);
	struct str key = key_fmt_kind(&db->arena, r->kind, span, db_vrf_name(db, vrf));

	return arena_fmt(&db->arena, "%.*s%.*s", STR_FMT(key), STR_FMT(rest));
}

/* --- resize ----------------------------------------------------------- */

static enum status
can_resize(struct db *db, const struct rec *subnet, struct span to, struct diags *d)
{
	bool all = db_is(db, subnet, "usable", "all");
	enum status status = STATUS_OK;
	struct walk w;

	if (db_find(db, subnet->vrf, to, KIND_SUBNET))
		return diag_fail(d, STATUS_CONFLICT, "%.*s: exists already",
		    STR_FMT(db_key_at(db, subnet->vrf, to)));
	for (struct rec *r = walk_inside(&w, db, subnet); r; r = plan_next_direct(&w, r))
		if (!span_holds(to, rec_span(r)))
			return diag_fail(d, STATUS_CONFLICT, "%.*s: would lie outside %.*s",
			    STR_FMT(db_key(db, r)), STR_FMT(db_key_at(db, subnet->vrf, to)));
	for (struct rec *r = walk_in(&w, db, subnet->vrf, to); r && !status; r = walk_next(&w)) {
		bool mine =
		    r->parent == subnet || !r->parent || !span_holds(to, rec_span(r->parent));
		if (mine)
			status = plan_check_special(db, to, all, r, d);
	}
	return status ? status : plan_subnet_fits(db, subnet->vrf, to, NULL, d);
}

enum status
plan_resize(struct db *db, struct rec *subnet, int len, struct rec **out, struct diags *d)
{
	enum status status;

	if (len < 0 || len > ip_bits(subnet->family))
		return diag_fail(d, STATUS_USAGE, "%.*s: /%d is no length of its family",
		    STR_FMT(db_key(db, subnet)), len);
	*out = subnet;
	if (len == subnet->plen)
		return STATUS_OK;
	struct span to = plan_block(subnet->first, subnet->family, len);
	status = can_resize(db, subnet, to, d);
	if (status)
		return status;
	keep_kea_ids(db, &subnet, 1);
	struct str line = new_line(db, subnet, subnet->vrf, to);
	edit_rekey(db, out, &line, 1);
	return STATUS_OK;
}

/* --- renumber --------------------------------------------------------- */

struct renumbering {
	struct db *db;
	unsigned from_vrf, to_vrf;
	struct span from, to;
};

static enum status
can_renumber(const struct renumbering *m, const struct rec *r, struct diags *d)
{
	struct str key = db_key(m->db, r), to = db_key_at(m->db, m->to_vrf, m->to);

	if (m->from.family != m->to.family)
		return diag_fail(d, STATUS_USAGE, "%.*s: %.*s is of the other family", STR_FMT(key),
		    STR_FMT(to));
	if (r->kind == KIND_SUBNET && m->to.len > m->from.len)
		return diag_fail(d, STATUS_USAGE, "%.*s: %.*s is too small for it", STR_FMT(key),
		    STR_FMT(to));
	if (r->kind == KIND_RANGE && m->to.last - m->to.first != m->from.last - m->from.first)
		return diag_fail(d, STATUS_USAGE, "%.*s: %.*s is of another size", STR_FMT(key),
		    STR_FMT(to));
	if (span_is_link_local(m->to))
		return diag_fail(d, STATUS_USAGE, "%.*s: link-local addresses are no records",
		    STR_FMT(to));
	return STATUS_OK;
}

static enum status
say_taken(const struct renumbering *m, struct rec *by, struct diags *d)
{
	struct str to = db_key_at(m->db, m->to_vrf, m->to), key = db_key(m->db, by);

	if (!str_eq(to, key))
		return diag_fail(d, STATUS_CONFLICT, "%.*s: %.*s is there", STR_FMT(to),
		    STR_FMT(key));
	diag_fail(d, STATUS_CONFLICT, "%.*s: exists already", STR_FMT(to));
	if (by->kind == KIND_ADDRESS && db_quarantine(m->db, by) == QUARANTINE_OVER)
		diag_hint(d, "its quarantine is over: ipam expire removes it");
	return STATUS_CONFLICT;
}

/* What there is at the new place that does not move away. */
static enum status
new_place_is_free(const struct renumbering *m, const struct rec *moved, struct diags *d)
{
	bool same_vrf = m->from_vrf == m->to_vrf;
	struct walk w;

	for (struct rec *r = walk_in(&w, m->db, m->to_vrf, m->to); r; r = walk_next(&w)) {
		bool goes = same_vrf &&
		            (r == moved ||
				(moved->kind == KIND_SUBNET && span_holds(m->from, rec_span(r)) &&
				    !(r->kind == KIND_SUBNET && r->plen < moved->plen)));
		bool outer = r->kind == KIND_SUBNET && r->plen < (m->to.len < 0 ? 129 : m->to.len);
		if (!goes && !outer && (moved->kind != KIND_RANGE || r->kind != KIND_ADDRESS))
			return say_taken(m, r, d);
	}
	return STATUS_OK;
}

/* Whether an address that comes into another subnet is the first there of its host and
 * its mac. */
static enum status
is_first_there(const struct renumbering *m, const struct rec *moved, const struct rec *subnet,
    struct diags *d)
{
	struct assign own[] = { { STR("host"), STR_NONE }, { STR("mac"), STR_NONE } };
	enum status status = STATUS_OK;

	if (subnet == moved->parent || db_quarantine(m->db, moved) != QUARANTINE_NONE)
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		db_own(m->db, moved, own[i].name.p, &own[i].value);
	status = alloc_check_twin(m->db, subnet, own, ARRAY_LEN(own), moved, d);
	if (status)
		diag_hint(d, "release one of the two");
	return status;
}

/* What the new place is to an address that comes there. */
static enum status
address_fits(const struct renumbering *m, const struct rec *moved, struct diags *d)
{
	struct place p = place_at(m->db, m->to_vrf, span_first(m->to));
	struct str key = db_key_at(m->db, m->to_vrf, m->to);

	if (!p.subnet)
		return diag_fail(d, STATUS_NO, "%.*s: lies in no subnet", STR_FMT(key));
	if (p.state == PLACE_FREE || p.state == PLACE_POOL || p.state == PLACE_GATEWAY)
		return is_first_there(m, moved, p.subnet, d);
	return diag_fail(d, STATUS_CONFLICT, "%.*s: is %.*s", STR_FMT(key),
	    STR_FMT(place_words(m->db, &p)));
}

/* In a wider subnet none of the addresses directly in it may be one that is not
 * assignable there. */
static enum status
subnet_fits(const struct renumbering *m, const struct rec *moved, struct diags *d)
{
	bool all = db_is(m->db, moved, "usable", "all");
	enum status status = plan_subnet_fits(m->db, m->to_vrf, m->to, moved, d);
	struct walk w;

	if (m->to.len == m->from.len)
		return status;
	for (struct rec *r = walk_inside(&w, m->db, moved); r && !status;
	     r = plan_next_direct(&w, r)) {
		struct rec there = *r;
		there.first = there.last = r->first - m->from.first + m->to.first;
		there.vrf = (uint16_t)m->to_vrf;
		status = plan_check_special(m->db, m->to, all, &there, d);
	}
	return status;
}

static enum status
new_place_fits(const struct renumbering *m, const struct rec *moved, struct diags *d)
{
	enum status status = new_place_is_free(m, moved, d);

	if (status)
		return status;
	if (moved->kind == KIND_SUBNET)
		return subnet_fits(m, moved, d);
	if (moved->kind == KIND_ADDRESS)
		return address_fits(m, moved, d);
	return plan_range_fits(m->db, m->to_vrf, m->to, m->from_vrf == m->to_vrf ? moved : NULL, d);
}

/* A list of addresses with those of the old place moved. */
static struct str
moved_list(const struct renumbering *m, struct str list)
{
	struct str member;
	struct ip_error err;
	char text[IP_TEXT];
	struct ip ip;
	struct buf b;

	buf_init(&b, m->db->env);
	while (str_next(&list, ',', &member)) {
		if (b.n)
			buf_char(&b, ',');
		if (ip_parse(member, &ip, &err) && span_holds_ip(m->from, ip)) {
			ip.v = ip.v - m->from.first + m->to.first;
			buf_z(&b, ip_fmt(text, ip));
		} else {
			buf_str(&b, member);
		}
	}
	struct str s = arena_str(&m->db->arena, buf_get(&b));
	buf_release(&b);
	return s;
}

static void
follow(const struct renumbering *m, struct rec *r)
{
	struct str value;

	for (size_t i = 0; i < ARRAY_LEN(pointers_attr); i++)
		if (db_own(m->db, r, pointers_attr[i], &value))
			edit_set(m->db, r, pointers_attr[i], moved_list(m, value));
}

static void
follow_all(const struct renumbering *m)
{
	rec_list subnets = { 0 };

	pointers_into(m->db, m->from_vrf, m->from, &subnets);
	for (size_t i = 0; i < subnets.n; i++)
		follow(m, subnets.v[i]);
	vec_release(&subnets);
}

static struct str
moved_line(const struct renumbering *m, const struct rec *moved, const struct rec *r)
{
	struct span s = rec_span(r);

	s.first = s.first - m->from.first + m->to.first;
	s.last = s.last - m->from.first + m->to.first;
	return new_line(m->db, r, m->to_vrf, r == moved ? m->to : s);
}

enum status
plan_renumber(struct db *db, struct rec *r, unsigned vrf, struct span to, struct rec **out,
    struct diags *d)
{
	struct renumbering m = { db, r->vrf, vrf, rec_span(r), to };
	enum status status = can_renumber(&m, r, d);
	rec_list all = { 0 };
	struct walk w;

	*out = r;
	if (vrf == r->vrf && span_same(m.from, to) && m.from.family == to.family)
		return STATUS_OK;
	if (!status)
		status = new_place_fits(&m, r, d);
	if (status)
		return status;
	follow_all(&m);
	vec_push(db->env, &all, r);
	for (struct rec *in = r->kind == KIND_SUBNET ? walk_inside(&w, db, r) : NULL; in;
	     in = walk_next(&w))
		vec_push(db->env, &all, in);
	keep_kea_ids(db, all.v, all.n);
	struct str *line = arena_alloc(&db->arena, all.n * sizeof(*line));
	for (size_t i = 0; i < all.n; i++)
		line[i] = moved_line(&m, r, all.v[i]);
	edit_rekey(db, all.v, line, all.n);
	*out = all.v[0];
	vec_release(&all);
	return STATUS_OK;
}
