/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which reservations of a subnet are one client's. */
#include "dhcp_plan.h"

struct who {
	struct str id;
	size_t host;
};

static int
by_id(const void *a, const void *b)
{
	const struct who *x = a, *y = b;
	int order = str_cmp(x->id, y->id);

	return order ? order : (x->host > y->host) - (x->host < y->host);
}

static bool
has_other_id(const struct dhcp_host *h, int id)
{
	for (int i = 0; i < DHCP_IDS; i++)
		if (i != id && h->id[i].n)
			return true;
	return false;
}

static struct str
host_key(struct planner *p, const struct dhcp_host *h)
{
	char text[SPAN_TEXT];

	return h->ip.n ? arena_str(p->conf->arena, str_from(ip_fmt(text, h->ip.v[0])))
	               : arena_str(p->conf->arena, str_from(span_fmt(text, h->prefix.v[0])));
}

/* All addresses and prefixes of one IPv6 client are one reservation. */
static void
join_hosts(struct planner *p, struct dhcp_host *to, struct dhcp_host *from)
{
	if (to->name.n && from->name.n && !str_ieq(to->name, from->name))
		planner_say(p, SEV_WARNING, from->at,
		    "%.*s: one client has one name, that of %.*s (%.*s is left out)",
		    STR_FMT(host_key(p, from)), STR_FMT(host_key(p, to)),
		    STR_FMT(str_cut(from->name, 0, str_find(from->name, '.'))));
	to->name = to->name.n ? to->name : from->name;
	for (size_t i = 0; i < from->ip.n; i++)
		vec_push(p->conf->env, &to->ip, from->ip.v[i]);
	for (size_t i = 0; i < from->prefix.n; i++)
		vec_push(p->conf->env, &to->prefix, from->prefix.v[i]);
	for (size_t i = 0; i < from->option.n; i++)
		dhcp_option_set(p->conf->env, &to->option, from->option.v[i].info,
		    from->option.v[i].value, from->option.v[i].at);
	for (int i = 0; i < DHCP_IDS; i++)
		to->id[i] = to->id[i].n ? to->id[i] : from->id[i];
	dhcp_host_release(from);
	*from = (struct dhcp_host){ 0 };
}

/* Two reservations of a subnet for one client. */
static void
meet(struct planner *p, struct dhcp_subnet *s, int id, struct who a, struct who b)
{
	struct dhcp_host *x = &s->host.v[a.host], *y = &s->host.v[b.host];

	if (s->prefix.family == IPV6) {
		if (x->at && y->at)
			join_hosts(p, x, y);
	} else if (id == DHCP_MAC && has_other_id(y, id)) {
		y->id[id] = STR_NONE;
	} else {
		planner_say(p, SEV_ERROR, y->at, "%.*s: %s=%.*s has %.*s in %.*s already",
		    STR_FMT(host_key(p, y)), dhcp_id_names[id], STR_FMT(b.id),
		    STR_FMT(host_key(p, x)), STR_FMT(s->key));
	}
}

static void
find_twins(struct planner *p, struct dhcp_subnet *s, int id)
{
	struct who *who = arena_alloc(p->conf->arena, s->host.n * sizeof(*who) + 1);
	size_t n = 0;

	for (size_t i = 0; i < s->host.n; i++) {
		const struct dhcp_host *h = &s->host.v[i];
		bool is_second = s->prefix.family == IPV6 && id == DHCP_MAC && h->id[DHCP_DUID].n;
		if (h->id[id].n && !is_second)
			who[n++] = (struct who){ h->id[id], i };
	}
	if (n)
		qsort(who, n, sizeof(*who), by_id);
	for (size_t i = 1, first = 0; i < n; i++) {
		if (str_eq(who[i].id, who[first].id))
			meet(p, s, id, who[first], who[i]);
		else
			first = i;
	}
}

void
planner_join_clients(struct planner *p, struct dhcp_subnet *s)
{
	size_t n = 0;

	for (int id = 0; id < DHCP_IDS && s->host.n > 1; id++)
		find_twins(p, s, id);
	for (size_t i = 0; i < s->host.n; i++)
		if (s->host.v[i].at)
			s->host.v[n++] = s->host.v[i];
	s->host.n = n;
}
