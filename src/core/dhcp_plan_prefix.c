/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prefixes that are delegated: pools of them (pd=, via=), and those of one client. */
#include "dhcp_plan.h"

static struct dhcp_subnet *
find_subnet(struct planner *p, const struct rec *r)
{
	size_t low = 0, high = p->conf->subnet.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = db_order(p->db, p->conf->subnet.v[middle].rec, r);
		if (order == 0)
			return &p->conf->subnet.v[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The subnet that via= names. */
static const struct rec *
served_by(struct planner *p, const struct rec *r, struct str via)
{
	struct rec *subnet = NULL;
	struct diags d;
	struct attr attr;

	diags_init(&d, p->conf->env);
	enum status status = target_one(&subnet, p->db, (struct scope){ r->vrf, true }, via,
	    K_SUBNET, "a subnet", &d);
	const char *at = attr_find(r, STR("via"), &attr) ? attr.raw.p : r->line;
	if (status)
		planner_say(p, SEV_ERROR, at, "%.*s: via=%.*s: %s", STR_FMT(db_key(p->db, r)),
		    STR_FMT(via), d.n ? arena_z(p->conf->arena, d.v[0].text) : "not found");
	diags_release(&d);
	return status ? NULL : subnet;
}

static void
add_pd(struct planner *p, const struct rec *r, struct str length)
{
	struct dhcp_subnet *s = NULL;
	struct attr attr;
	struct str via;
	int len = 0;

	attr_find(r, STR("pd"), &attr);
	if (r->family != IPV6 || !prefix_len_parse(length, &len) || len < r->plen || len > 128) {
		planner_say(p, SEV_ERROR, attr.raw.p,
		    "%.*s: pd=%.*s: a length from /%u to /128 is wanted", STR_FMT(db_key(p->db, r)),
		    STR_FMT(length), r->plen);
		return;
	}
	if (!db_own(p->db, r, "via", &via) || via.n == 0) {
		planner_say(p, SEV_ERROR, attr.raw.p,
		    "%.*s: pd=%.*s: no via= says which subnet serves it", STR_FMT(db_key(p->db, r)),
		    STR_FMT(length));
		return;
	}
	const struct rec *server = served_by(p, r, via);
	if (server)
		s = find_subnet(p, server);
	if (!s)
		return;
	struct dhcp_pd pd = { rec_span(r), STR_NONE, len, r->line };
	if (attr_find(r, STR("name"), &attr))
		pd.name = attr_value(&attr, p->conf->arena);
	vec_push(p->conf->env, &s->pd, pd);
}

/* A subnet with an identifier, delegated to that client. */
static void
add_delegated(struct planner *p, const struct rec *r)
{
	const struct rec *server = NULL;
	struct str id[DHCP_IDS], via;
	struct dhcp_subnet *s;
	struct attr attr;

	if (planner_is_over(p, r) || !planner_ids(p, r, id))
		return;
	for (const struct rec *pool = r; pool && !server; pool = pool->parent)
		if ((pool == r || attr_find(pool, STR("pd"), &attr)) &&
		    db_own(p->db, pool, "via", &via) && via.n)
			server = served_by(p, pool, via);
	if (!server) {
		planner_say(p, SEV_WARNING, r->line,
		    "%.*s: has a client, but lies in no pool that is delegated (pd=, via=)",
		    STR_FMT(db_key(p->db, r)));
		return;
	}
	if (!(s = find_subnet(p, server)))
		return;
	struct dhcp_host *h = dhcp_add_host(p->conf, s, r->line);
	memcpy(h->id, id, sizeof(id));
	vec_push(p->conf->env, &h->prefix, rec_span(r));
	planner_own_options(p, &h->option, r);
}

void
planner_prefixes(struct planner *p)
{
	static const char *const ids[] = { "duid", "mac" };
	struct attr attr;
	struct walk w;

	if (!(p->wish->families & (1u << IPV6)))
		return;
	for (struct rec *r = walk_all(&w, p->db); r; r = walk_next(&w)) {
		if (r->kind != KIND_SUBNET || r->family != IPV6)
			continue;
		if (attr_find(r, STR("pd"), &attr) && attr.value.n)
			add_pd(p, r, attr_value(&attr, p->conf->arena));
		for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
			if (!attr_find(r, str_from(ids[i]), &attr) || attr.value.n == 0)
				continue;
			add_delegated(p, r);
			break;
		}
	}
}
