/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of the declared zones. */
#include "arpa.h"
#include "dns_names.h"
#include "dns_parts.h"

static void __attribute__((format(printf, 5, 6)))
problem(struct dns *dns, enum rule rule, const char *at, size_t zone, const char *fmt, ...)
{
	struct dns_problem p = { .rule = rule, .at = at, .zone = zone };
	va_list ap;

	va_start(ap, fmt);
	p.text = arena_vfmt(&dns->db->arena, fmt, ap);
	va_end(ap);
	vec_push(dns->db->env, &dns->problem, p);
}

static void
add(struct dns *dns, size_t zone, struct dns_rr rr)
{
	if (dns->only && !dns_names_has(dns->only, name_hash(rr.owner)))
		return;
	if (!rr.key.n)
		rr.key = dns_key(&dns->db->arena, rr.owner);
	vec_push(dns->db->env, &dns->zone[zone].rr, rr);
}

/* The TTL in force at an address, else the zone's. */
static uint32_t
ttl_of(struct dns *dns, const struct rec *r, size_t zone)
{
	struct str value;
	uint64_t ttl;

	if (db_value(dns->db, r, STR("ttl"), &value, NULL) && str_uint(value, INT32_MAX, &ttl))
		return (uint32_t)ttl;
	return dns->zone[zone].ttl;
}

/* --- an address in a view --------------------------------------------- */

static void
add_name(struct dns *dns, size_t zone, struct rec *r, unsigned type, struct str owner,
    struct str key, struct str target, const char *at)
{
	add(dns, zone,
	    (struct dns_rr){ .owner = owner,
		.key = key,
		.type = type,
		.ttl = ttl_of(dns, r, zone),
		.ip = type == DNS_CNAME ? (struct ip){ 0 } : span_first(rec_span(r)),
		.target = target,
		.rec = r,
		.at = at });
}

/* The names of a list in a view: addresses, or aliases of target. */
static void
add_names(struct dns *dns, struct rec *r, struct str view, struct str names, struct str target)
{
	unsigned type = target.n ? DNS_CNAME : r->family == IPV4 ? DNS_A : DNS_AAAA;
	struct str written, name, key;

	while (str_next(&names, ',', &written)) {
		if (!dns_name(dns->db, r, written, &name))
			continue;
		key = dns_key(&dns->db->arena, name);
		size_t zone = dns_zone_of(dns, view, key);
		if (zone != SIZE_MAX)
			add_name(dns, zone, r, type, name, key, target, written.p);
	}
}

static void
add_pointers(struct dns *dns, struct rec *r, struct str view, struct str hosts)
{
	struct str owner, host, name;
	size_t zone;

	if (!dns_reverse(dns, r, view, &zone, &owner, NULL))
		return;
	struct str key = dns_key(&dns->db->arena, owner);
	while (str_next(&hosts, ',', &host))
		if (dns_name(dns->db, r, host, &name))
			add_name(dns, zone, r, DNS_PTR, owner, key, name, host.p);
}

static void
find_view(struct dns *dns, struct dns_address *a, struct str view)
{
	unsigned what = dns_published(dns->db, a->rec, view);
	const struct dns_view *v = dns_view(dns, view);

	if (v && (what & DNS_FORWARD) && v->has_forward)
		vec_push(dns->db->env, &a->forward, v->name);
	if (v && (what & DNS_REVERSE))
		vec_push(dns->db->env, &a->reverse, v->name);
}

bool
dns_address_find(struct dns *dns, struct rec *r, struct dns_address *a)
{
	struct str views, view, host = db_label(dns->db, r);

	a->rec = r;
	a->forward.n = a->reverse.n = 0;
	if (!db_own(dns->db, r, "host", &a->hosts))
		return false;
	if (!db_own(dns->db, r, "alias", &a->aliases) || host.n == 0 ||
	    !dns_name(dns->db, r, host, &a->target))
		a->aliases = STR_NONE;
	if (!db_value(dns->db, r, STR("view"), &views, NULL))
		find_view(dns, a, db_vrf_name(dns->db, r->vrf));
	else
		while (str_next(&views, ',', &view))
			find_view(dns, a, view);
	return true;
}

void
dns_address_release(struct dns_address *a)
{
	vec_release(&a->forward);
	vec_release(&a->reverse);
}

/* A view that a record lists, where there is no zone and no VRF of that name: hardly one. */
static void
check_views(struct dns *dns, const struct rec *r)
{
	struct str views, view;

	if (dns->zones == 0 || !dns->zone[0].rec || !db_own(dns->db, r, "view", &views))
		return;
	while (str_next(&views, ',', &view))
		if (!dns_view(dns, view) && db_vrf(dns->db, view) < 0)
			problem(dns, RULE_NO_ZONE, view.p, SIZE_MAX,
			    "view=%.*s: no zone is declared in it", STR_FMT(view));
}

/* Names that are in none of the zones of all of the views. */
static void
check_names(struct dns *dns, const struct dns_address *a, struct str names)
{
	struct str written, name;

	while (str_next(&names, ',', &written)) {
		bool found = !dns_name(dns->db, a->rec, written, &name);
		for (size_t i = 0; i < a->forward.n && !found; i++)
			found = dns_zone_of(dns, a->forward.v[i], dns_key(&dns->db->arena, name)) !=
			        SIZE_MAX;
		if (!found)
			problem(dns, RULE_NO_ZONE, written.p, SIZE_MAX, "%.*s: in no declared zone",
			    STR_FMT(name));
	}
}

static void
check_reverse(struct dns *dns, const struct dns_address *a)
{
	struct str owner, told = STR_NONE;
	bool found = false, expected = false;
	size_t zone;

	for (size_t i = 0; i < a->reverse.n && !found; i++) {
		found = dns_reverse(dns, a->rec, a->reverse.v[i], &zone, &owner, &told);
		expected |= told.n || dns_view(dns, a->reverse.v[i])->has_reverse;
	}
	if (found || !expected)
		return;
	if (told.n)
		problem(dns, RULE_NO_REVERSE, rec_key(a->rec).p, SIZE_MAX,
		    "%.*s: reverse=%.*s is not a declared zone", STR_FMT(rec_key(a->rec)),
		    STR_FMT(told));
	else
		problem(dns, RULE_NO_REVERSE, rec_key(a->rec).p, SIZE_MAX, "%.*s: no reverse zone",
		    STR_FMT(rec_key(a->rec)));
}

void
dns_fill_address(struct dns *dns, struct rec *r, struct dns_address *a)
{
	if (!dns_address_find(dns, r, a))
		return;
	check_views(dns, r);
	for (size_t i = 0; i < a->forward.n; i++) {
		add_names(dns, r, a->forward.v[i], a->hosts, STR_NONE);
		add_names(dns, r, a->forward.v[i], a->aliases, a->target);
	}
	for (size_t i = 0; i < a->reverse.n; i++)
		add_pointers(dns, r, a->reverse.v[i], a->hosts);
	if (a->forward.n) {
		check_names(dns, a, a->hosts);
		check_names(dns, a, a->aliases);
	}
	check_reverse(dns, a);
}

/* --- delegations ------------------------------------------------------ */

/* A zone's NS records, in itself and in the zone around it. */
static void
fill_ns(struct dns *dns, size_t zone)
{
	const struct dns_zone *z = &dns->zone[zone];
	struct str rest, name;

	if (!z->rec || !db_own(dns->db, z->rec, "ns", &rest))
		return;
	while (dns_next_ns(dns, z, &rest, &name)) {
		struct dns_rr rr = { .owner = z->name,
			.key = z->key,
			.type = DNS_NS,
			.ttl = z->ttl,
			.target = name,
			.at = rec_key(z->rec).p };
		add(dns, zone, rr);
		if (z->up == SIZE_MAX)
			continue;
		rr.ttl = dns->zone[z->up].ttl;
		add(dns, z->up, rr);
	}
}

/* RFC 2317: the zone around has a CNAME for each address of a subnet whose PTRs
 * are elsewhere. */
static void
fill_classless(struct dns *dns, struct rec *subnet, size_t zone)
{
	struct arena *a = &dns->db->arena;
	const struct dns_zone *z = &dns->zone[zone];
	u128 n = subnet->last - subnet->first + 1;

	for (u128 i = 0; i < n; i++) {
		struct ip ip = { subnet->first + i, IPV4 };
		struct str owner = arpa_name(a, ip), key = dns_key(a, owner);
		size_t around = dns_zone_of(dns, z->view, key);
		if (around == SIZE_MAX || str_starts(key, z->key))
			return;
		add(dns, around,
		    (struct dns_rr){ .owner = owner,
			.key = key,
			.type = DNS_CNAME,
			.ttl = dns->zone[around].ttl,
			.ip = ip,
			.target = arena_fmt(a, "%u.%.*s", (unsigned)ip.v & 255, STR_FMT(z->name)),
			.at = rec_key(subnet).p });
	}
}

void
dns_fill_subnet(struct dns *dns, struct rec *r)
{
	struct str reverse;

	check_views(dns, r);
	if (r->family != IPV4 || r->plen < 24 || !db_own(dns->db, r, "reverse", &reverse) ||
	    reverse.n == 0)
		return;
	if (reverse.p[reverse.n - 1] == '.')
		reverse.n--;
	for (size_t i = 0; i < dns->zones; i++)
		if (str_ieq(dns->zone[i].name, reverse))
			fill_classless(dns, r, i);
}

/* --- what is wrong in a zone ------------------------------------------ */

/* Addresses of name servers that are below a delegation: glue. */
static void
fill_glue(struct dns *dns, size_t zone)
{
	struct dns_zone *z = &dns->zone[zone];
	size_t n = z->rr.n;

	for (size_t i = 0; i < n; i++) {
		if (z->rr.v[i].type != DNS_NS)
			continue;
		struct str key = dns_key(&dns->db->arena, z->rr.v[i].target);
		size_t in = dns_zone_of(dns, z->view, key);
		if (in == SIZE_MAX || in == zone || !str_starts(key, z->key))
			continue;
		const dns_list *from = &dns->zone[in].rr;
		for (size_t k = dns_find(from, key, 0); k < from->n && str_eq(from->v[k].key, key);
		     k++)
			if (from->v[k].type == DNS_A || from->v[k].type == DNS_AAAA)
				add(dns, zone, from->v[k]);
	}
	if (z->rr.n > n)
		dns_sort(&z->rr);
}

static void
check_owner(struct dns *dns, size_t zone, const struct dns_rr *v, size_t n)
{
	const struct dns_rr *alias = NULL;
	bool at_top = str_eq(v->key, dns->zone[zone].key);

	for (size_t i = 0; i < n; i++)
		if (v[i].type == DNS_CNAME)
			alias = alias && (!v[i].rec || alias->at > v[i].at) ? alias : &v[i];
	if (!alias || (n == 1 && !at_top))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct dns_rr *other = &v[i];
		if (other->type == DNS_A || other->type == DNS_AAAA) {
			problem(dns, RULE_ALIAS_CLASH, alias->at, zone,
			    "%.*s: an alias here, and a host at %.*s", STR_FMT(alias->owner),
			    STR_FMT(db_key(dns->db, other->rec)));
			return;
		}
		if (other->type == DNS_CNAME && other != alias && other->rec && alias->rec) {
			problem(dns, RULE_ALIAS_CLASH, alias->at, zone,
			    "%.*s: an alias of %.*s here, and of %.*s at %.*s",
			    STR_FMT(alias->owner), STR_FMT(alias->target), STR_FMT(other->target),
			    STR_FMT(db_key(dns->db, other->rec)));
			return;
		}
	}
	problem(dns, RULE_CNAME_DATA, alias->at, zone, "%.*s: an alias where there are %s records",
	    STR_FMT(alias->owner), at_top ? "the zone's own" : "other");
}

static void
check_owners(struct dns *dns, size_t zone)
{
	const dns_list *l = &dns->zone[zone].rr;

	for (size_t from = 0, to; from < l->n; from = to) {
		for (to = from + 1; to < l->n && str_eq(l->v[from].key, l->v[to].key);)
			to++;
		check_owner(dns, zone, &l->v[from], to - from);
	}
}

/* What a name server of a zone is in the zone that it is itself in. */
enum server { SERVER_ELSEWHERE, SERVER_OK, SERVER_ALIAS, SERVER_LOST };

static enum server
find_server(struct dns *dns, size_t zone, struct str name)
{
	const struct dns_zone *z = &dns->zone[zone];
	struct str key = dns_key(&dns->db->arena, name);

	if (dns_zone_of(dns, z->view, key) != zone)
		return SERVER_ELSEWHERE;
	for (size_t i = dns_find(&z->rr, key, 0); i < z->rr.n && str_eq(z->rr.v[i].key, key); i++)
		if (z->rr.v[i].type != DNS_NS)
			return z->rr.v[i].type == DNS_CNAME ? SERVER_ALIAS : SERVER_OK;
	return SERVER_LOST;
}

/* A name server in its own zone has an address there, and is no alias.  A zone of
 * whose servers the plan has none has them from elsewhere: its include, which
 * is not known here. */
static void
check_ns(struct dns *dns, size_t zone)
{
	const struct dns_zone *z = &dns->zone[zone];
	struct str rest, name;
	struct attr attr;
	bool any = false;

	if (!z->rec || !attr_find(z->rec, STR("ns"), &attr))
		return;
	for (rest = attr.value; dns_next_ns(dns, z, &rest, &name);)
		any |= find_server(dns, zone, name) == SERVER_OK;
	for (rest = attr.value; dns_next_ns(dns, z, &rest, &name);) {
		enum server server = find_server(dns, zone, name);
		if (server == SERVER_ALIAS || (server == SERVER_LOST && any))
			problem(dns, RULE_NS_ADDRESS, attr.raw.p, zone, "name server %.*s %s",
			    STR_FMT(name),
			    server == SERVER_ALIAS ? "is an alias"
						   : "has no address in its own zone");
	}
}

void
dns_fill_begin(struct dns *dns)
{
	for (size_t i = 0; i < dns->zones; i++)
		fill_ns(dns, i);
}

void
dns_fill_end(struct dns *dns)
{
	for (size_t i = 0; i < dns->zones; i++)
		dns_sort(&dns->zone[i].rr);
	for (size_t i = 0; i < dns->zones; i++) {
		fill_glue(dns, i);
		check_owners(dns, i);
		check_ns(dns, i);
	}
}

void
dns_fill(struct dns *dns)
{
	struct dns_address a = { 0 };
	struct walk w;

	dns_fill_begin(dns);
	for (struct rec *r = walk_all(&w, dns->db); r; r = walk_next(&w)) {
		if (r->kind == KIND_ADDRESS)
			dns_fill_address(dns, r, &a);
		else if (r->kind == KIND_SUBNET)
			dns_fill_subnet(dns, r);
	}
	dns_address_release(&a);
	dns_fill_end(dns);
}
