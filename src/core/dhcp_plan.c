/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan says to a DHCP server. */
#include "dhcp_plan.h"

#include <stdio.h>

#include "kea_id.h"

/* What is wrong around several subnets is said once. */
static bool
is_said(const struct planner *p, const char *at, struct str text)
{
	for (size_t i = 0; i < p->d->n; i++)
		if (p->d->v[i].pos.at == at && str_eq(p->d->v[i].text, text))
			return true;
	return false;
}

bool
planner_say(struct planner *p, enum severity severity, const char *at, const char *fmt, ...)
{
	va_list ap;

	if (p->wish->is_diff)
		return false;
	va_start(ap, fmt);
	struct str text = arena_vfmt(p->conf->arena, fmt, ap);
	va_end(ap);
	if (is_said(p, at, text))
		return false;
	diag_at(p->d, severity, RULE_NONE, (struct pos){ at }, "%.*s", STR_FMT(text));
	return true;
}

/* --- ranges and addresses --------------------------------------------- */

static void
add_range(struct planner *p, struct dhcp_subnet *s, const struct rec *r)
{
	struct dhcp_pool *pool;
	struct attr attr;

	if (!db_is(p->db, r, "role", "dhcp"))
		return;
	pool = dhcp_add_pool(p->conf, s, rec_span(r), r->line);
	if (attr_find(r, STR("name"), &attr))
		pool->name = attr_value(&attr, p->conf->arena);
	planner_own_options(p, &pool->option, r);
}

static struct str
hex_id(struct planner *p, const struct rec *r, const char *name)
{
	struct str value, out;
	const struct attr_info *info = schema_attr(str_from(name), (enum kind)r->kind, STR_NONE);

	if (!db_own(p->db, r, name, &value) || value.n == 0)
		return STR_NONE;
	out = schema_canonical(info, value, p->conf->arena);
	return out;
}

bool
planner_ids(struct planner *p, const struct rec *r, struct str id[DHCP_IDS])
{
	bool any = false, other = false;

	for (int i = 0; i < DHCP_IDS; i++) {
		bool is_wrong =
		    (i == DHCP_CLIENT_ID && r->family == IPV6) ||
		    (i == DHCP_DUID && r->family == IPV4 && p->wish->server != DHCP_KEA);
		id[i] = hex_id(p, r, dhcp_id_names[i]);
		other |= is_wrong && id[i].n;
		if (is_wrong)
			id[i] = STR_NONE;
		any |= id[i].n > 0;
	}
	if (!any && other)
		planner_say(p, SEV_WARNING, r->line, "%.*s: no identifier that %s knows in DHCPv%d",
		    STR_FMT(db_key(p->db, r)), dhcp_server_names[p->wish->server], r->family);
	return any;
}

bool
planner_is_over(struct planner *p, const struct rec *r)
{
	int64_t end;

	return db_time(p->db, r, "expires", &end) && end <= p->db->env->now;
}

static struct str
host_name(struct planner *p, const struct rec *r)
{
	struct str hosts, first, full;

	if (!db_own(p->db, r, "host", &hosts) || !str_next(&hosts, ',', &first))
		return STR_NONE;
	if (!host_is_publishable(first)) {
		planner_say(p, SEV_WARNING, r->line, "%.*s: %.*s is no host name (left out)",
		    STR_FMT(db_key(p->db, r)), STR_FMT(first));
		return STR_NONE;
	}
	if (db_fqdn(p->db, r, first, &full))
		return arena_fmt(p->conf->arena, "%.*s.", STR_FMT(full));
	return first;
}

static void
add_address(struct planner *p, struct dhcp_subnet *s, const struct rec *r)
{
	enum quarantine rest = db_quarantine(p->db, r);
	struct str id[DHCP_IDS];
	struct dhcp_host *h;

	if (rest == QUARANTINE_OVER || (rest == QUARANTINE_NONE && planner_is_over(p, r)))
		return;
	bool has_id = rest == QUARANTINE_NONE && planner_ids(p, r, id);
	/* the others don't give a reserved address to a stranger */
	if (!has_id || p->wish->server == DHCP_DHCPD)
		vec_push(p->conf->env, &p->cut, r->first);
	if (!has_id)
		return;
	h = dhcp_add_host(p->conf, s, r->line);
	memcpy(h->id, id, sizeof(id));
	h->name = host_name(p, r);
	vec_push(p->conf->env, &h->ip, span_first(rec_span(r)));
	planner_own_options(p, &h->option, r);
}

/* --- subnets ---------------------------------------------------------- */

static bool
is_wanted(const struct planner *p, const struct rec *r)
{
	return r->kind == KIND_SUBNET && (p->wish->families & (1u << r->family));
}

static void
add_content(struct planner *p, struct dhcp_subnet *s)
{
	struct walk w;
	struct rec *r = walk_inside(&w, p->db, s->rec);

	p->cut.n = 0;
	while (r) {
		if (r->kind == KIND_RANGE)
			add_range(p, s, r);
		else if (r->kind == KIND_ADDRESS)
			add_address(p, s, r);
		r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w);
	}
	if (s->pool.n)
		planner_cut_pools(p, s);
}

/* The link that a subnet is of; a bad value, which a plan may have had before links had a
 * meaning, is none. */
static struct str
link_of(struct planner *p, const struct rec *r)
{
	const struct attr_info *info = schema_attr(STR("link"), KIND_SUBNET, STR_NONE);
	char why[SCHEMA_WHY];
	struct str link;

	if (!db_value(p->db, r, STR("link"), &link, NULL) || schema_value_fault(info, link, why))
		return STR_NONE;
	return link;
}

static void
add_subnet(struct planner *p, const struct rec *r)
{
	struct dhcp_subnet *s = dhcp_add_subnet(p->conf, rec_span(r), r->line);
	struct attr attr;
	uint64_t id;

	s->rec = r;
	s->key = db_key(p->db, r);
	if (attr_find(r, STR("name"), &attr))
		s->name = attr_value(&attr, p->conf->arena);
	s->link = link_of(p, r);
	s->has_id = attr_find(r, STR("kea-id"), &attr) && str_uint(attr.value, UINT32_MAX, &id);
	s->id = s->has_id ? (uint32_t)id : kea_id_derived(s->prefix, db_vrf_name(p->db, r->vrf));
	add_content(p, s);
}

/* Settings that make a subnet without clients of its own one that a server is told of. */
static bool
has_setting(const struct rec *r)
{
	static const char *const names[] = { "gw", "nameserver", "ntp", "lease-time", "link",
		"kea-id" };
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, r);
	while (attr_next(&it, &attr)) {
		if (planner_is_option(attr.name))
			return true;
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			if (str_eq(attr.name, str_from(names[i])))
				return true;
	}
	return false;
}

static bool
has_child(struct planner *p, const struct rec *subnet)
{
	struct walk w;
	struct rec *r = walk_inside(&w, p->db, subnet);

	while (r && r->kind != KIND_SUBNET)
		r = walk_next(&w);
	return r != NULL;
}

static bool
has_content(const struct dhcp_subnet *s)
{
	return s->pool.n || s->host.n || s->pd.n;
}

static bool
is_served(struct planner *p, const struct dhcp_subnet *s)
{
	struct attr pd;

	if (has_content(s))
		return true;
	return has_setting(s->rec) && !attr_find(s->rec, STR("pd"), &pd) &&
	       !attr_find(s->rec, STR("duid"), &pd) && !has_child(p, s->rec) &&
	       !db_is(p->db, s->rec, "status", "container") &&
	       !db_is(p->db, s->rec, "status", "reserved");
}

/* Keeps the subnets that `keep` is true for. */
static void
filter(struct planner *p, bool (*keep)(struct planner *p, const struct dhcp_subnet *s))
{
	size_t n = 0;

	for (size_t i = 0; i < p->conf->subnet.n; i++) {
		struct dhcp_subnet *s = &p->conf->subnet.v[i];
		if (keep(p, s))
			p->conf->subnet.v[n++] = *s;
		else
			dhcp_subnet_release(s);
	}
	p->conf->subnet.n = n;
}

/* A subnet around others keeps nothing: a server takes it for theirs, too. */
static bool
is_around(struct planner *p, const struct dhcp_subnet *s)
{
	const struct dhcp_subnet *next = s + 1, *end = p->conf->subnet.v + p->conf->subnet.n;

	return next < end && next->rec->vrf == s->rec->vrf && span_meets(s->prefix, next->prefix);
}

static bool
is_apart(struct planner *p, const struct dhcp_subnet *s)
{
	return !is_around(p, s);
}

void
dhcp_from_plan(struct dhcp *conf, struct db *db, struct rec *const *subnet, size_t n,
    const struct dhcp_wish *wish, struct diags *d)
{
	struct planner p = { .conf = conf, .db = db, .wish = wish, .d = d };

	for (size_t i = 0; i < n; i++)
		if (is_wanted(&p, subnet[i]))
			add_subnet(&p, subnet[i]);
	planner_prefixes(&p);
	filter(&p, is_served);
	planner_check_overlaps(&p);
	filter(&p, is_apart);
	for (size_t i = 0; i < conf->subnet.n; i++) {
		planner_subnet_options(&p, &conf->subnet.v[i]);
		planner_join_clients(&p, &conf->subnet.v[i]);
	}
	if (wish->server == DHCP_KEA)
		planner_check_ids(&p);
	conf->families = wish->families;
	vec_release(&p.cut);
}
