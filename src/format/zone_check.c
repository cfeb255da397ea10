/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers and their checkers refuse of a zone, and what they take and should not: in
 * its name servers, and in what its include says, alone and beside the plan.  The plan's own
 * records are looked at by core/dns_check.c.
 */
#if WITH_ZONE
#include <stdio.h>

#include "core/arpa.h"
#include "core/schema.h"
#include "zone_parts.h"

enum { RR_MX = 15, RR_AFSDB = 18, RR_SRV = 33, RR_DNAME = 39 };

static void __attribute__((format(printf, 4, 5)))
say(const struct zone_checker *z, enum severity severity, const char *at, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_at(z->d, severity, RULE_NONE, (struct pos){ at }, "%s", text);
}

static void
fail(const struct zone_checker *z, const struct dns_rr *rr, const char *why)
{
	say(z, SEV_ERROR, rr->at, "%.*s: %s", STR_FMT(zone_rr_text(z->a, rr)), why);
}

/* --- names of the zone ------------------------------------------------- */

static bool
has(const struct zone_checker *z, struct str key, unsigned type)
{
	return dns_find(z->all, key, type) < z->all->n;
}

static bool
has_address(const struct zone_checker *z, struct str key)
{
	return has(z, key, DNS_A) || has(z, key, DNS_AAAA);
}

static struct str
parent_of(struct str name)
{
	size_t dot = str_find(name, '.');

	return str_cut(name, dot + (dot < name.n), name.n);
}

/* Whether a wildcard around the name has an address. */
static bool
has_wildcard(const struct zone_checker *z, struct str name)
{
	while (name.n > z->zone->name.n) {
		name = parent_of(name);
		if (has_address(z, dns_key(z->a, arena_fmt(z->a, "*.%.*s", STR_FMT(name)))))
			return true;
	}
	return false;
}

/* Whether the name, or one that it lies in, is delegated: somebody else's. */
static bool
is_delegated(const struct zone_checker *z, struct str name)
{
	for (; name.n > z->zone->name.n; name = parent_of(name))
		if (has(z, dns_key(z->a, name), DNS_NS))
			return true;
	return false;
}

/* Whether a name lies in this zone, and in none of the plan that is inside it. */
static bool
is_own(const struct zone_checker *z, struct str name)
{
	size_t zone = dns_zone_of(z->dns, z->zone->view, dns_key(z->a, name));

	return zone == (size_t)(z->zone - z->dns->zone);
}

/* Whether it is answered for here. */
static bool
is_here(const struct zone_checker *z, struct str name)
{
	return is_own(z, name) && !is_delegated(z, name);
}

/* --- name servers ------------------------------------------------------ */

void
zone_check_servers(const struct zone_checker *z)
{
	const struct rec *rec = z->zone->rec;
	struct str rest, ns, name, mbox;

	if (!db_own(z->dns->db, rec, "ns", &rest))
		rest = STR_NONE;
	if (rest.n == 0)
		say(z, SEV_ERROR, rec_key(rec).p, "%.*s: a zone needs a name server (ns=)",
		    STR_FMT(z->zone->name));
	while (dns_next_ns(z->dns, z->zone, &rest, &ns)) {
		if (!host_is_publishable(ns))
			say(z, SEV_ERROR, rec_key(rec).p, "ns=%.*s: DNS would refuse this name",
			    STR_FMT(ns));
		if (is_own(z, ns) && !has_address(z, dns_key(z->a, ns)))
			say(z, SEV_ERROR, rec_key(rec).p,
			    "ns=%.*s: no address for it in its own zone (a host, or in an include)",
			    STR_FMT(ns));
	}
	if (!zone_mailbox(z->dns, z->zone, &name))
		say(z, SEV_ERROR, rec_key(rec).p, "mbox=%.*s: DNS would refuse this name",
		    STR_FMT(db_own(z->dns->db, rec, "mbox", &mbox) ? mbox : name));
}

/* --- a record ---------------------------------------------------------- */

/* The host that a record's data names, if it must be one; false if it names none. */
static bool
named_host(const struct zone_checker *z, const struct dns_rr *rr, struct str *name)
{
	static const struct {
		unsigned type, at;
	} hosts[] = { { RR_MX, 2 }, { RR_AFSDB, 2 }, { RR_SRV, 6 } };

	*name = rr->target;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
		if (rr->type == hosts[i].type && rr->target.n > hosts[i].at) {
			*name = zone_name(z->a, (const unsigned char *)rr->target.p + hosts[i].at);
			name->n--;
			return name->n > 0; /* "." is none */
		}
	return rr->type == DNS_NS || (rr->type == DNS_PTR && rr->ip.family != FAMILY_NONE);
}

static void
check_owner(const struct zone_checker *z, const struct dns_rr *rr)
{
	static const struct str exempt = STR("gc._msdcs.");
	struct str name = rr->owner;

	if (rr->type != DNS_A && rr->type != DNS_AAAA && rr->type != RR_MX)
		return;
	if (str_starts(name, STR("*.")))
		name = str_cut(name, 2, name.n);
	if (!host_is_publishable(name) &&
	    !(name.n > exempt.n && str_ieq(str_cut(name, 0, exempt.n), exempt)))
		fail(z, rr, "servers refuse this name with an address or a mail server");
}

/* Hosts that are named must be there, and be no aliases. */
static void
check_host(const struct zone_checker *z, const struct dns_rr *rr, struct str name)
{
	struct str key = dns_key(z->a, name);
	struct ip ip;

	if (ip_parse(name, &ip, NULL))
		fail(z, rr, "names an address, not a host");
	else if (!host_is_publishable(name))
		fail(z, rr, "names what servers refuse as a host");
	else if (rr->type == DNS_PTR || !str_starts(key, z->zone->key) ||
		 (rr->type != DNS_NS && !is_here(z, name)))
		return;
	else if (has(z, key, DNS_CNAME))
		say(z, SEV_ERROR, rr->at, "%.*s: %.*s is an alias, not a host",
		    STR_FMT(zone_rr_text(z->a, rr)), STR_FMT(name));
	else if (!has_address(z, key) && !has_wildcard(z, name))
		say(z, rr->type == DNS_NS || rr->type == RR_MX ? SEV_ERROR : SEV_WARNING, rr->at,
		    "%.*s: %.*s has no address in its own zone", STR_FMT(zone_rr_text(z->a, rr)),
		    STR_FMT(name));
}

/* What no server and no checker of zones finds: a name without its final dot, an alias of
 * nothing. */
static void
check_target(const struct zone_checker *z, const struct dns_rr *rr)
{
	if ((rr->type != DNS_PTR && rr->type != DNS_CNAME) || !is_here(z, rr->target))
		return;
	if (rr->type == DNS_PTR && arpa_is_reverse(z->zone->name))
		fail(z, rr, "lies in the reverse zone: its final dot is missing");
	else if (!has(z, dns_key(z->a, rr->target), 0) && !has_wildcard(z, rr->target))
		say(z, SEV_WARNING, rr->at, "%.*s: there is nothing in the zone",
		    STR_FMT(zone_rr_text(z->a, rr)));
}

static void
check_doubled(const struct zone_checker *z, const struct dns_rr *rr)
{
	struct str name = rr->owner, zone = z->zone->name;

	if (name.n <= 2 * zone.n + 1)
		return;
	name = str_cut(name, 0, name.n - zone.n - 1);
	if (str_iends(name, zone) && name.p[name.n - zone.n - 1] == '.')
		say(z, SEV_WARNING, rr->at,
		    "%.*s: ends in its zone twice (a final dot is missing?)",
		    STR_FMT(zone_rr_text(z->a, rr)));
}

/* --- beside others ----------------------------------------------------- */

static bool
is_planned(const struct zone_checker *z, const struct dns_rr *rr)
{
	return dns_find(&z->zone->rr, rr->key, rr->type) < z->zone->rr.n;
}

/* A CNAME, and a DNAME, stands alone; of two records of the include that is said once. */
static bool
check_neighbour(const struct zone_checker *z, const struct dns_rr *rr, const struct dns_rr *other)
{
	struct str text = zone_rr_text(z->a, rr), theirs = zone_rr_text(z->a, other);
	bool is_planned_alias = other->type == DNS_CNAME && is_planned(z, other);

	if (zone_is_signers(rr->type) || zone_is_signers(other->type) || other->at == rr->at ||
	    (rr->type != DNS_CNAME && !is_planned_alias))
		return true;
	say(z, SEV_ERROR, rr->at, "%.*s: the %s has %.*s: a CNAME stands alone", STR_FMT(text),
	    is_planned(z, other) ? "plan" : "zone", STR_FMT(theirs));
	return false;
}

/* Against the plan: nothing twice, and one TTL for each name and type. */
static void
check_planned(const struct zone_checker *z, const struct dns_rr *rr)
{
	const dns_list *plan = &z->zone->rr;

	for (size_t i = dns_find(plan, rr->key, rr->type);
	     i < plan->n && str_eq(plan->v[i].key, rr->key) && plan->v[i].type == rr->type; i++)
		if (dns_order(&plan->v[i], rr) == 0 && rr->type != DNS_NS)
			fail(z, rr, "the plan has this, too");
		else if (plan->v[i].ttl != rr->ttl)
			say(z, SEV_ERROR, rr->at,
			    "%.*s: TTL %u, and %u in the plan for the same name",
			    STR_FMT(zone_rr_text(z->a, rr)), rr->ttl, plan->v[i].ttl);
}

/* Nothing can be below a DNAME, and nothing of this zone below a delegation. */
static void
check_below(const struct zone_checker *z, const struct dns_rr *rr)
{
	bool is_cut = rr->type == DNS_NS && !str_eq(rr->key, z->zone->key);
	size_t i = dns_find(z->all, rr->key, 0);

	if (rr->type != RR_DNAME && !is_cut)
		return;
	for (; i < z->all->n && str_starts(z->all->v[i].key, rr->key); i++) {
		const struct dns_rr *other = &z->all->v[i];
		if (str_eq(other->key, rr->key) || (is_cut && !other->rec))
			continue;
		say(z, is_cut ? SEV_WARNING : SEV_ERROR, rr->at,
		    "%.*s: the zone has %.*s, which lies below%s", STR_FMT(zone_rr_text(z->a, rr)),
		    STR_FMT(zone_rr_text(z->a, other)),
		    is_cut ? ": servers do not answer with it" : "");
		return;
	}
}

/* --- the include ------------------------------------------------------- */

static void
check_record(const struct zone_checker *z, const struct dns_rr *rr)
{
	struct str name;

	check_owner(z, rr);
	if (named_host(z, rr, &name))
		check_host(z, rr, name);
	check_target(z, rr);
	check_doubled(z, rr);
	check_planned(z, rr);
	check_below(z, rr);
	for (size_t i = dns_find(z->all, rr->key, 0);
	     i < z->all->n && str_eq(z->all->v[i].key, rr->key) &&
	     check_neighbour(z, rr, &z->all->v[i]);
	     i++)
		;
}

static int
by_order(const void *a, const void *b)
{
	const struct dns_rr *x = *(const struct dns_rr *const *)a,
			    *y = *(const struct dns_rr *const *)b;
	int order = dns_order(x, y);

	return order ? order : (x > y) - (x < y);
}

/* In the include alone: what is there twice, or with another TTL. */
static void
check_sets(const struct zone_checker *z, const dns_list *list)
{
	const struct dns_rr **v = arena_alloc(z->a, list->n * sizeof(*v) + 1);

	for (size_t i = 0; i < list->n; i++)
		v[i] = &list->v[i];
	if (list->n)
		qsort(v, list->n, sizeof(*v), by_order);
	for (size_t i = 1; i < list->n; i++) {
		bool is_alone = v[i]->type == RR_DNAME;
		if (v[i]->type != v[i - 1]->type || !str_eq(v[i]->key, v[i - 1]->key))
			continue;
		if (dns_order(v[i], v[i - 1]) == 0)
			fail(z, v[i], "is there twice");
		else if (is_alone)
			fail(z, v[i], "a name has one DNAME only");
		else if (v[i]->ttl != v[i - 1]->ttl && !zone_is_signers(v[i]->type) &&
			 !is_planned(z, v[i]))
			say(z, SEV_ERROR, v[i]->at, "%.*s: TTL %u, and %u for the same name",
			    STR_FMT(zone_rr_text(z->a, v[i])), v[i]->ttl, v[i - 1]->ttl);
	}
}

void
zone_check_include(const struct zone_checker *z, const dns_list *included)
{
	for (size_t i = 0; i < included->n; i++) {
		const struct dns_rr *rr = &included->v[i];
		if (rr->type == DNS_SOA)
			fail(z, rr, "the SOA is made from the @zone record");
		else if (!str_starts(rr->key, z->zone->key))
			fail(z, rr, "lies outside the zone; servers would ignore it");
		else
			check_record(z, rr);
	}
	check_sets(z, included);
}

#endif
