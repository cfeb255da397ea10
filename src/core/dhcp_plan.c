/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan says to a DHCP server. */
#include "dhcp.h"

#include <stdio.h>

#include "kea_id.h"

struct planner {
	struct dhcp *conf;
	struct db *db;
	const struct dhcp_wish *wish;
	struct diags *d;
	VEC(u128) cut; /* addresses of the subnet at hand that no client may get */
};

/* What is wrong around several subnets is said once. */
static bool
is_said(const struct planner *p, const char *at, struct str text)
{
	for (size_t i = 0; i < p->d->n; i++)
		if (p->d->v[i].pos.at == at && str_eq(p->d->v[i].text, text))
			return true;
	return false;
}

/* True if something was said, so that a hint may follow. */
static bool __attribute__((format(printf, 4, 5)))
say(struct planner *p, enum severity severity, const char *at, const char *fmt, ...)
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

/* --- options ---------------------------------------------------------- */

static const char *const option_prefix = "option.";

static void
unknown_option(struct planner *p, const struct rec *r, const struct attr *attr, struct str name)
{
	const char *names[96];
	size_t n = 0;

	for (size_t i = 0; i < dhcp_option_table_len && n < ARRAY_LEN(names); i++)
		if (dhcp_option_table[i].family == FAMILY_NONE ||
		    dhcp_option_table[i].family == (enum family)r->family)
			names[n++] = dhcp_option_table[i].name;
	bool said =
	    say(p, SEV_ERROR, attr->name.p, "%.*s: option.%.*s: no DHCPv%d option of this name",
		STR_FMT(db_key(p->db, r)), STR_FMT(name), r->family);
	const struct dhcp_option_info *info = NULL;
	for (int s = 0; s < DHCP_SERVERS && !info; s++)
		info = dhcp_option_spelled((enum dhcp_server)s, (enum family)r->family, name);
	const char *near = info ? info->name : diag_nearest(name, names, n);
	if (near && said)
		diag_hint(p->d, "option.%s", near);
}

static void
put_value(struct planner *p, dhcp_options *o, const struct rec *r,
    const struct dhcp_option_info *info, const struct attr *attr)
{
	struct str value = attr_value(attr, p->conf->arena), out;
	const char *fault =
	    dhcp_option_value(info, (enum family)r->family, value, p->conf->arena, &out);

	if (fault)
		say(p, SEV_ERROR, attr->raw.p, "%.*s: %.*s=%.*s: %s", STR_FMT(db_key(p->db, r)),
		    STR_FMT(attr->name), STR_FMT(attr->raw), fault);
	else if (!info->spelling[p->wish->server] &&
		 !(p->wish->server == DHCP_DNSMASQ && info->code))
		say(p, SEV_ERROR, attr->name.p, "%.*s: %.*s: %s has no such setting",
		    STR_FMT(db_key(p->db, r)), STR_FMT(attr->name),
		    dhcp_server_names[p->wish->server]);
	else
		dhcp_option_set(p->conf->env, o, info, out, attr->raw.p);
}

static void
put_option(struct planner *p, dhcp_options *o, const struct rec *r, const struct attr *attr)
{
	struct str name = str_cut(attr->name, strlen(option_prefix), attr->name.n);
	const struct dhcp_option_info *info = dhcp_option_find((enum family)r->family, name);

	if (!info)
		unknown_option(p, r, attr, name);
	else if (attr->value.n)
		put_value(p, o, r, info, attr);
}

/* The option.NAME of a record itself. */
static void
own_options(struct planner *p, dhcp_options *o, const struct rec *r)
{
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, r);
	while (attr_next(&it, &attr))
		if (str_starts(attr.name, str_from(option_prefix)))
			put_option(p, o, r, &attr);
}

/* Whether a subnet nearer than `outer` has a word about an option. */
static bool
is_hidden(const struct rec *r, const struct rec *outer, struct str name)
{
	struct attr attr;

	for (; r != outer; r = r->parent)
		if (attr_find(r, name, &attr))
			return true;
	return false;
}

static void
all_options(struct planner *p, dhcp_options *o, const struct rec *subnet)
{
	struct attr_iter it;
	struct attr attr;

	for (const struct rec *r = subnet; r; r = r->parent) {
		attr_start(&it, r);
		while (attr_next(&it, &attr))
			if (str_starts(attr.name, str_from(option_prefix)) &&
			    (r == subnet || db_inherits(p->db, attr.name)) &&
			    !is_hidden(subnet, r, attr.name))
				put_option(p, o, r, &attr);
	}
}

/* Of a list of addresses those of one family; the others are for the other server. */
static struct str
of_family(struct planner *p, struct str list, enum family f)
{
	struct str member, out = STR_NONE;
	struct ip ip;

	while (str_next(&list, ',', &member))
		if (ip_parse(member, &ip, NULL) && ip.family == f)
			out = arena_fmt(p->conf->arena, "%.*s%s%.*s", STR_FMT(out),
			    out.n ? "," : "", STR_FMT(member));
	return out;
}

/* The plan's own attributes that are options: gw, nameserver, ... */
static void
put_attr(struct planner *p, dhcp_options *o, const struct rec *r,
    const struct dhcp_option_info *info)
{
	const struct rec *origin = NULL;
	struct str value, out;
	struct attr attr;

	if (!db_value(p->db, r, str_from(info->attr), &value, &origin) || value.n == 0)
		return;
	if (info->type == DHCP_IPS)
		value = of_family(p, value, (enum family)r->family);
	if (value.n == 0)
		return;
	bool has_place = origin && attr_find(origin, str_from(info->attr), &attr);
	const char *at = has_place ? attr.raw.p : r->line;
	const char *fault =
	    dhcp_option_value(info, (enum family)r->family, value, p->conf->arena, &out);
	if (fault)
		say(p, SEV_ERROR, at, "%.*s: %s=%.*s: %s", STR_FMT(db_key(p->db, r)), info->attr,
		    STR_FMT(value), fault);
	else
		dhcp_option_set(p->conf->env, o, info, out, at);
}

static void
subnet_options(struct planner *p, struct dhcp_subnet *s)
{
	for (size_t i = 0; i < dhcp_option_table_len; i++) {
		const struct dhcp_option_info *info = &dhcp_option_table[i];
		if (info->attr && (info->family == FAMILY_NONE || info->family == s->prefix.family))
			put_attr(p, &s->option, s->rec, info);
	}
	all_options(p, &s->option, s->rec);
}

/* --- pools ------------------------------------------------------------ */

static int
by_number(const void *a, const void *b)
{
	const u128 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Gateways inside the subnet are nobody's, whosever they are. */
static void
cut_gateways(struct planner *p, const struct rec *subnet)
{
	struct ip gw;

	for (const struct rec *r = subnet; r; r = r->parent)
		if (db_gateway(p->db, r, &gw) && span_holds_ip(rec_span(subnet), gw))
			vec_push(p->conf->env, &p->cut, gw.v);
	if (p->cut.n)
		qsort(p->cut.v, p->cut.n, sizeof(*p->cut.v), by_number);
}

static void
add_piece(struct planner *p, struct dhcp_subnet *s, const struct dhcp_pool *range, u128 first,
    u128 last)
{
	struct dhcp_pool *piece;
	struct span span = { first, last, range->span.family, -1 };

	if (first > last)
		return;
	bool is_first = s->pool.n == 0 || s->pool.v[s->pool.n - 1].at != range->at;
	piece = dhcp_add_pool(p->conf, s, span, range->at);
	if (is_first)
		piece->name = range->name;
	for (size_t i = 0; i < range->option.n; i++)
		vec_push(p->conf->env, &piece->option, range->option.v[i]);
}

/* A range as pools, cut around the addresses that no client may get. */
static void
cut_range(struct planner *p, struct dhcp_subnet *s, const struct dhcp_pool *range)
{
	struct span usable = prefix_usable(s->prefix, db_is(p->db, s->rec, "usable", "all"));
	u128 first = range->span.first > usable.first ? range->span.first : usable.first,
	     last = range->span.last < usable.last ? range->span.last : usable.last;
	size_t low = 0, high = p->cut.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->cut.v[middle] < first)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < p->cut.n && p->cut.v[low] <= last; low++) {
		u128 cut = p->cut.v[low];
		if (cut > first)
			add_piece(p, s, range, first, cut - 1);
		if (cut == last)
			return;
		first = cut + 1 > first ? cut + 1 : first;
	}
	add_piece(p, s, range, first, last);
}

static void
cut_ranges(struct planner *p, struct dhcp_subnet *s)
{
	struct dhcp_pool *range = s->pool.v;
	size_t n = s->pool.n;

	s->pool.v = NULL;
	s->pool.n = s->pool.size = 0;
	cut_gateways(p, s->rec);
	for (size_t i = 0; i < n; i++) {
		cut_range(p, s, &range[i]);
		vec_release(&range[i].option);
	}
	free(range);
}

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
	own_options(p, &pool->option, r);
}

/* --- reservations ----------------------------------------------------- */

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

/* The identifiers that a server of this family looks at; false if there is none. */
static bool
read_ids(struct planner *p, const struct rec *r, struct str id[DHCP_IDS])
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
		say(p, SEV_WARNING, r->line, "%.*s: no identifier that %s knows in DHCPv%d",
		    STR_FMT(db_key(p->db, r)), dhcp_server_names[p->wish->server], r->family);
	return any;
}

static bool
is_over(struct planner *p, const struct rec *r)
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
		say(p, SEV_WARNING, r->line, "%.*s: %.*s is no host name (left out)",
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

	if (rest == QUARANTINE_OVER || (rest == QUARANTINE_NONE && is_over(p, r)))
		return;
	bool has_id = rest == QUARANTINE_NONE && read_ids(p, r, id);
	/* the others don't give a reserved address to a stranger */
	if (!has_id || p->wish->server == DHCP_DHCPD)
		vec_push(p->conf->env, &p->cut, r->first);
	if (!has_id)
		return;
	h = dhcp_add_host(p->conf, s, r->line);
	memcpy(h->id, id, sizeof(id));
	h->name = host_name(p, r);
	vec_push(p->conf->env, &h->ip, span_first(rec_span(r)));
	own_options(p, &h->option, r);
}

/* --- delegated prefixes ----------------------------------------------- */

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
		say(p, SEV_ERROR, at, "%.*s: via=%.*s: %s", STR_FMT(db_key(p->db, r)), STR_FMT(via),
		    d.n ? arena_z(p->conf->arena, d.v[0].text) : "not found");
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
		say(p, SEV_ERROR, attr.raw.p, "%.*s: pd=%.*s: a length from /%u to /128 is wanted",
		    STR_FMT(db_key(p->db, r)), STR_FMT(length), r->plen);
		return;
	}
	if (!db_own(p->db, r, "via", &via) || via.n == 0) {
		say(p, SEV_ERROR, attr.raw.p, "%.*s: pd=%.*s: no via= says which subnet serves it",
		    STR_FMT(db_key(p->db, r)), STR_FMT(length));
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

	if (is_over(p, r) || !read_ids(p, r, id))
		return;
	for (const struct rec *pool = r; pool && !server; pool = pool->parent)
		if ((pool == r || attr_find(pool, STR("pd"), &attr)) &&
		    db_own(p->db, pool, "via", &via) && via.n)
			server = served_by(p, pool, via);
	if (!server) {
		say(p, SEV_WARNING, r->line,
		    "%.*s: has a client, but lies in no pool that is delegated (pd=, via=)",
		    STR_FMT(db_key(p->db, r)));
		return;
	}
	if (!(s = find_subnet(p, server)))
		return;
	struct dhcp_host *h = dhcp_add_host(p->conf, s, r->line);
	memcpy(h->id, id, sizeof(id));
	vec_push(p->conf->env, &h->prefix, rec_span(r));
	own_options(p, &h->option, r);
}

static bool
is_wanted(const struct planner *p, const struct rec *r)
{
	return r->kind == KIND_SUBNET && (p->wish->families & (1u << r->family));
}

static void
add_prefixes(struct planner *p)
{
	static const char *const ids[] = { "duid", "mac" };
	struct attr attr;
	struct walk w;

	for (struct rec *r = walk_all(&w, p->db); r; r = walk_next(&w)) {
		if (!is_wanted(p, r) || r->family != IPV6)
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

/* --- who is who ------------------------------------------------------- */

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
		say(p, SEV_WARNING, from->at,
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
		say(p, SEV_ERROR, y->at, "%.*s: %s=%.*s has %.*s in %.*s already",
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

static void
settle_hosts(struct planner *p, struct dhcp_subnet *s)
{
	size_t n = 0;

	for (int id = 0; id < DHCP_IDS && s->host.n > 1; id++)
		find_twins(p, s, id);
	for (size_t i = 0; i < s->host.n; i++)
		if (s->host.v[i].at)
			s->host.v[n++] = s->host.v[i];
	s->host.n = n;
}

/* --- subnets ---------------------------------------------------------- */

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
		cut_ranges(p, s);
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
	if (!db_value(p->db, r, STR("link"), &s->link, NULL))
		s->link = STR_NONE;
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
		if (str_starts(attr.name, str_from(option_prefix)))
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
	struct dhcp all = *p->conf;
	size_t n = 0;

	for (size_t i = 0; i < all.subnet.n; i++) {
		struct dhcp_subnet *s = &p->conf->subnet.v[i];
		if (keep(p, s)) {
			p->conf->subnet.v[n++] = *s;
			continue;
		}
		struct dhcp one = { .env = all.env };
		vec_push(all.env, &one.subnet, *s);
		dhcp_release(&one);
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

static void
check_overlap(struct planner *p, struct dhcp_subnet *outer, const struct dhcp_subnet *inner)
{
	if (outer->pool.n || outer->pd.n || outer->rec->vrf != inner->rec->vrf) {
		bool said = say(p, SEV_ERROR, inner->at,
		    "%.*s: overlaps %.*s: a server would mix up their clients", STR_FMT(inner->key),
		    STR_FMT(outer->key));
		if (outer->rec->vrf != inner->rec->vrf && said)
			diag_hint(p->d, "--vrf NAME takes the subnets of one VRF");
	} else if (outer->host.n) {
		say(p, SEV_WARNING, outer->host.v[0].at,
		    "%.*s: %zu reservation%s left out: it holds %.*s, and servers want subnets "
		    "apart",
		    STR_FMT(outer->key), outer->host.n, outer->host.n == 1 ? "" : "s",
		    STR_FMT(inner->key));
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct dhcp_subnet *x = *(const struct dhcp_subnet *const *)a,
				 *y = *(const struct dhcp_subnet *const *)b;

	if (x->prefix.family != y->prefix.family)
		return x->prefix.family < y->prefix.family ? -1 : 1;
	if (x->prefix.first != y->prefix.first)
		return x->prefix.first < y->prefix.first ? -1 : 1;
	return (x->prefix.len > y->prefix.len) - (x->prefix.len < y->prefix.len);
}

static int
by_kea_id(const void *a, const void *b)
{
	const struct dhcp_subnet *x = *(const struct dhcp_subnet *const *)a,
				 *y = *(const struct dhcp_subnet *const *)b;

	if (x->prefix.family != y->prefix.family)
		return x->prefix.family < y->prefix.family ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static struct dhcp_subnet **
sorted(struct planner *p, int (*order)(const void *a, const void *b))
{
	size_t n = p->conf->subnet.n;
	struct dhcp_subnet **v = arena_alloc(p->conf->arena, n * sizeof(struct dhcp_subnet *) + 1);

	for (size_t i = 0; i < n; i++)
		v[i] = &p->conf->subnet.v[i];
	if (n)
		qsort(v, n, sizeof(*v), order);
	return v;
}

static void
check_overlaps(struct planner *p)
{
	struct dhcp_subnet **v = sorted(p, by_place);

	for (size_t i = 1; i < p->conf->subnet.n; i++)
		if (span_meets(v[i - 1]->prefix, v[i]->prefix))
			check_overlap(p, v[i - 1], v[i]);
}

static void
check_ids(struct planner *p)
{
	struct dhcp_subnet **v = sorted(p, by_kea_id);

	for (size_t i = 1; i < p->conf->subnet.n; i++) {
		if (by_kea_id(&v[i - 1], &v[i]) != 0)
			continue;
		bool is_first = v[i]->has_id && !v[i - 1]->has_id;
		struct dhcp_subnet *one = is_first ? v[i - 1] : v[i],
				   *other = is_first ? v[i] : v[i - 1];
		bool said =
		    say(p, SEV_ERROR, one->at, "%.*s: Kea's subnet id %u is that of %.*s, too",
			STR_FMT(one->key), one->id, STR_FMT(other->key));
		if (said)
			diag_hint(p->d, "ipam set %.*s kea-id=N, a number that no subnet has",
			    STR_FMT(one->key));
	}
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
	add_prefixes(&p);
	filter(&p, is_served);
	check_overlaps(&p);
	filter(&p, is_apart);
	for (size_t i = 0; i < conf->subnet.n; i++) {
		subnet_options(&p, &conf->subnet.v[i]);
		settle_hosts(&p, &conf->subnet.v[i]);
	}
	if (wish->server == DHCP_KEA)
		check_ids(&p);
	conf->families = wish->families;
	vec_release(&p.cut);
}
