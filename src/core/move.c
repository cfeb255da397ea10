/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "move.h"

#include "kea_id.h"

/* --- Kea's ids -------------------------------------------------------- */

static bool
has_any(struct db *db, const struct rec *r, const char *const *names, size_t n)
{
	struct str value;

	for (size_t i = 0; i < n; i++)
		if (db_own(db, r, names[i], &value) && value.n)
			return true;
	return false;
}

static const char *const client[] = { "mac", "duid", "client-id", "pd", "via" };

/* Whether a DHCP server could serve a subnet: not one that only holds others, nor a
 * delegated one or a pool of such. */
static bool
can_be_served(struct db *db, const struct rec *subnet)
{
	bool is_empty = true;
	struct walk w;

	if (has_any(db, subnet, client, ARRAY_LEN(client)))
		return false;
	for (const struct rec *r = walk_inside(&w, db, subnet); r; r = walk_skip(&w, r)) {
		if (r->kind != KIND_SUBNET)
			return true;
		is_empty = false;
	}
	return is_empty && !db_is(db, subnet, "status", "container");
}

/* Whether it is: a dhcp range or a client lies directly in it. */
static bool
is_served(struct db *db, const struct rec *subnet)
{
	struct walk w;

	for (const struct rec *r = walk_inside(&w, db, subnet); r;
	     r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w))
		if ((r->kind == KIND_RANGE && db_is(db, r, "role", "dhcp")) ||
		    (r->kind == KIND_ADDRESS && has_any(db, r, client, ARRAY_LEN(client))))
			return true;
	return false;
}

/* Leases go by a subnet's id: the one derived from the key that now changes is
 * written down. */
static void
keep_kea_id(struct db *db, struct rec *r)
{
	struct str value;

	if (db_own(db, r, "kea-id", &value))
		return;
	uint32_t id = kea_id_derived(rec_span(r), db_vrf_name(db, r->vrf));
	edit_set(db, r, "kea-id", arena_fmt(&db->arena, "%u", (unsigned)id));
}

/* --- what must not happen to records ---------------------------------- */

/* An address that belongs to `prefix` directly must be assignable there. */
static enum status
check_special(struct db *db, struct span prefix, bool all, const struct rec *r, struct diags *d)
{
	static const char *const what[] = { "", "the network address", "the broadcast address",
		"the subnet-router anycast address" };
	enum ip_special s = all ? IP_USABLE : prefix_special(prefix, r->first);
	char text[SPAN_TEXT];

	if (r->kind != KIND_ADDRESS || s == IP_USABLE)
		return STATUS_OK;
	return diag_fail(d, STATUS_CONFLICT, "%.*s: would be %s of %s", STR_FMT(db_key(db, r)),
	    what[s], span_fmt(text, prefix));
}

static struct rec *
next_direct(struct walk *w, const struct rec *r)
{
	return r->kind == KIND_SUBNET ? walk_skip(w, r) : walk_next(w);
}

/* --- split ------------------------------------------------------------ */

static struct span
block_around(u128 v, enum family family, int len)
{
	return span_prefix((struct ip){ v, family }, len);
}

static enum status
can_split(struct db *db, const struct rec *subnet, int len, struct diags *d)
{
	struct str key = db_key(db, subnet);
	enum status status = STATUS_OK;
	struct walk w;

	if (len <= subnet->plen || len > ip_bits(subnet->family))
		return diag_fail(d, STATUS_USAGE,
		    "%.*s: a length from /%d to /%d is wanted, not /%d", STR_FMT(key),
		    subnet->plen + 1, ip_bits(subnet->family), len);
	if (len - subnet->plen > 16)
		return diag_fail(d, STATUS_USAGE, "%.*s: more than 65,536 subnets", STR_FMT(key));
	for (struct rec *r = walk_inside(&w, db, subnet); r && !status; r = next_direct(&w, r)) {
		struct span child = block_around(r->first, subnet->family, len);
		if (r->kind == KIND_SUBNET)
			continue;
		if (!span_holds(child, rec_span(r)))
			return diag_fail(d, STATUS_CONFLICT, "%.*s: /%d would cut range %.*s",
			    STR_FMT(key), len, STR_FMT(db_key(db, r)));
		status = check_special(db, child, false, r, d);
	}
	return status;
}

enum status
move_split(struct db *db, struct rec *subnet, int len, rec_list *out, struct diags *d)
{
	enum status status = can_split(db, subnet, len, d);
	struct ip gw;
	bool has_gw = db_gateway(db, subnet, &gw);

	if (status)
		return status;
	struct span child = block_around(subnet->first, subnet->family, len);
	for (;;) {
		struct rec *r = db_find(db, subnet->vrf, child, KIND_SUBNET);
		if (!r)
			status = shape_add(db, subnet->vrf, child, KIND_SUBNET, NULL, 0, &r, d);
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
		child = block_around(child.last + 1, subnet->family, len);
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
	char text[SPAN_TEXT];

	for (struct rec *r = walk_in(&w, db, vrf, prefix); r && !whole;) {
		bool outer = r->kind == KIND_SUBNET && span_holds(rec_span(r), prefix);
		if (r->kind == KIND_SUBNET && !outer) {
			if (r->first != next)
				break;
			vec_push(db->env, tiles, r);
			whole = r->last == prefix.last;
			next = r->last + 1;
		}
		r = outer ? walk_next(&w) : next_direct(&w, r);
	}
	if (whole)
		return STATUS_OK;
	return diag_fail(d, STATUS_CONFLICT, "%s: its subnets do not tile it (%s)",
	    span_fmt(text, prefix), tiles->n ? "there is a gap" : "there are none at its start");
}

enum status
move_join(struct db *db, unsigned vrf, struct span prefix, rec_list *out, struct diags *d)
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
		status = shape_add(db, vrf, prefix, KIND_SUBNET, NULL, 0, &r, d);
	if (!status && gw.n && is_one && !db_own(db, r, "gw", &value))
		edit_set(db, r, "gw", gw);
	if (!status)
		vec_push(db->env, out, r);
	vec_release(&tiles);
	return status;
}

/* --- resize ----------------------------------------------------------- */

static enum status
can_resize(struct db *db, const struct rec *subnet, struct span to, struct diags *d)
{
	bool all = db_is(db, subnet, "usable", "all");
	enum status status = STATUS_OK;
	char text[SPAN_TEXT];
	struct walk w;

	if (db_find(db, subnet->vrf, to, KIND_SUBNET))
		return diag_fail(d, STATUS_CONFLICT, "%s: exists already", span_fmt(text, to));
	for (struct rec *r = walk_inside(&w, db, subnet); r; r = next_direct(&w, r))
		if (!span_holds(to, rec_span(r)))
			return diag_fail(d, STATUS_CONFLICT, "%.*s: would lie outside %s",
			    STR_FMT(db_key(db, r)), span_fmt(text, to));
	for (struct rec *r = walk_in(&w, db, subnet->vrf, to); r && !status; r = walk_next(&w)) {
		bool mine = r->parent == subnet || r->parent == subnet->parent;
		bool cut = r->kind == KIND_RANGE && !span_holds(to, rec_span(r));
		if (cut)
			return diag_fail(d, STATUS_CONFLICT, "%s: would cut range %.*s",
			    span_fmt(text, to), STR_FMT(db_key(db, r)));
		if (mine)
			status = check_special(db, to, all, r, d);
	}
	return status;
}

enum status
move_resize(struct db *db, struct rec *subnet, int len, struct rec **out, struct diags *d)
{
	enum status status;

	if (len < 0 || len > ip_bits(subnet->family))
		return diag_fail(d, STATUS_USAGE, "%.*s: /%d is no length of its family",
		    STR_FMT(db_key(db, subnet)), len);
	*out = subnet;
	if (len == subnet->plen)
		return STATUS_OK;
	struct span to = block_around(subnet->first, subnet->family, len);
	status = can_resize(db, subnet, to, d);
	if (status)
		return status;
	if (is_served(db, subnet))
		keep_kea_id(db, subnet);
	*out = edit_rekey(db, subnet, subnet->vrf, to);
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
	struct str key = db_key(m->db, r);
	char text[SPAN_TEXT];

	if (m->from.family != m->to.family)
		return diag_fail(d, STATUS_USAGE, "%.*s: %s is of the other family", STR_FMT(key),
		    span_fmt(text, m->to));
	if (r->kind == KIND_SUBNET && m->to.len > m->from.len)
		return diag_fail(d, STATUS_USAGE, "%.*s: %s is too small for it", STR_FMT(key),
		    span_fmt(text, m->to));
	if (r->kind == KIND_RANGE && m->to.last - m->to.first != m->from.last - m->from.first)
		return diag_fail(d, STATUS_USAGE, "%.*s: %s is of another size", STR_FMT(key),
		    span_fmt(text, m->to));
	if (span_is_link_local(m->to))
		return diag_fail(d, STATUS_USAGE, "%s: link-local addresses are no records",
		    span_fmt(text, m->to));
	return STATUS_OK;
}

/* What there is at the new place that does not move away. */
static enum status
new_place_is_free(const struct renumbering *m, const struct rec *moved, struct diags *d)
{
	bool same_vrf = m->from_vrf == m->to_vrf;
	char text[SPAN_TEXT];
	struct walk w;

	for (struct rec *r = walk_in(&w, m->db, m->to_vrf, m->to); r; r = walk_next(&w)) {
		bool goes = same_vrf &&
		            (r == moved ||
				(moved->kind == KIND_SUBNET && span_holds(m->from, rec_span(r)) &&
				    !(r->kind == KIND_SUBNET && r->plen < moved->plen)));
		bool outer = r->kind == KIND_SUBNET && r->plen < (m->to.len < 0 ? 129 : m->to.len);
		if (!goes && !outer && (moved->kind != KIND_RANGE || r->kind != KIND_ADDRESS))
			return diag_fail(d, STATUS_CONFLICT, "%s: %.*s is there",
			    span_fmt(text, m->to), STR_FMT(db_key(m->db, r)));
	}
	if (moved->kind == KIND_SUBNET)
		return STATUS_OK;
	struct rec *around = db_around(m->db, m->to_vrf,
	    (struct span){ m->to.first, m->to.first, m->to.family, -1 });
	if (!around)
		return diag_fail(d, STATUS_NO, "%s: lies in no subnet", span_fmt(text, m->to));
	return check_special(m->db, rec_span(around), db_is(m->db, around, "usable", "all"),
	    &(struct rec){ .first = m->to.first,
		.last = m->to.first,
		.kind = moved->kind,
		.vrf = (uint16_t)m->to_vrf,
		.family = (uint8_t)m->to.family },
	    d);
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
	static const char *const names[] = { "gw", "nameserver" };
	struct str value;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (db_own(m->db, r, names[i], &value))
			edit_set(m->db, r, names[i], moved_list(m, value));
}

static void
follow_all(const struct renumbering *m)
{
	rec_list subnets = { 0 };
	struct walk w;

	for (struct rec *r = walk_all(&w, m->db); r; r = walk_next(&w))
		if (r->kind == KIND_SUBNET && r->vrf == m->from_vrf)
			vec_push(m->db->env, &subnets, r);
	for (size_t i = 0; i < subnets.n; i++)
		follow(m, subnets.v[i]);
	vec_release(&subnets);
}

static struct str
moved_line(const struct renumbering *m, const struct rec *moved, const struct rec *r)
{
	struct str line = rec_line(r), old = rec_key(r);
	struct span s = rec_span(r);

	s.first = s.first - m->from.first + m->to.first;
	s.last = s.last - m->from.first + m->to.first;
	if (r == moved)
		s = m->to;
	struct str key = key_fmt(&m->db->arena, s, db_vrf_name(m->db, m->to_vrf));
	return arena_fmt(&m->db->arena, "%.*s%.*s", STR_FMT(key),
	    (int)(line.n - (size_t)(old.p - line.p) - old.n), old.p + old.n);
}

enum status
move_renumber(struct db *db, struct rec *r, unsigned vrf, struct span to, struct rec **out,
    struct diags *d)
{
	struct renumbering m = { db, r->vrf, vrf, rec_span(r), to };
	enum status status = can_renumber(&m, r, d);
	rec_list all = { 0 };
	struct walk w;

	if (!status)
		status = new_place_is_free(&m, r, d);
	if (status)
		return status;
	follow_all(&m);
	vec_push(db->env, &all, r);
	for (struct rec *in = r->kind == KIND_SUBNET ? walk_inside(&w, db, r) : NULL; in;
	     in = walk_next(&w))
		vec_push(db->env, &all, in);
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i]->kind == KIND_SUBNET && can_be_served(db, all.v[i]))
			keep_kea_id(db, all.v[i]);
	struct str *line = arena_alloc(&db->arena, all.n * sizeof(*line));
	for (size_t i = 0; i < all.n; i++)
		line[i] = moved_line(&m, r, all.v[i]);
	for (size_t i = 0; i < all.n; i++)
		edit_remove(db, all.v[i]);
	for (size_t i = 0; i < all.n; i++) {
		struct rec *new = edit_add_line(db, line[i]);
		if (i == 0)
			*out = new;
	}
	vec_release(&all);
	return STATUS_OK;
}
