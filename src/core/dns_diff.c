/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns_diff.h"

#include "arpa.h"
#include "schema.h"

const char *const dns_state_names[] = { [DNS_MISSING] = "missing",
	[DNS_EXTRA] = "extra",
	[DNS_DIFFERENT] = "different",
	[DNS_DYNAMIC] = "dynamic",
	[DNS_OTHER_TTL] = "ttl" };

/* The records of one name and type. */
struct set {
	const struct dns_rr *v;
	size_t n;
};

struct differ {
	struct db *db;
	const struct dns_zone *zone;
	const dns_list *dynamic;
	struct str cut; /* the key of a delegation that the plan does not know */
	dns_differences *out;
};

static int
set_order(const struct dns_rr *a, const struct dns_rr *b)
{
	struct dns_rr x = *a, y = *b;

	/* types alone */
	x.target = y.target = STR_NONE;
	x.ip = y.ip = (struct ip){ 0 };
	return dns_order(&x, &y);
}

static struct set
take_set(const dns_list *l, size_t *at)
{
	struct set s = { &l->v[*at], 0 };

	while (*at < l->n && set_order(s.v, &l->v[*at]) == 0) {
		++*at;
		s.n++;
	}
	return s;
}

/* Whether a plan could have said what is served without it: the PTR of an address, but
 * not who has a part of a reverse zone (RFC 2317); a host or an alias, but not a name that
 * no host has (_acme-challenge, *). */
static bool
is_the_plans(const struct differ *x, const struct dns_rr *served)
{
	if (x->cut.n && str_starts(served->key, x->cut))
		return false;
	if (arpa_is_reverse(x->zone->name))
		return served->type == DNS_PTR && served->ip.family != FAMILY_NONE;
	return served->type != DNS_PTR && host_is_publishable(served->owner);
}

static bool
is_compared(const struct differ *x, struct set plan, struct set served)
{
	unsigned type = plan.n ? plan.v->type : served.v->type;

	return type != DNS_SOA && dns_type_name(type) && (plan.n || is_the_plans(x, served.v));
}

void
dns_add_dynamic(const struct env *env, const dns_list *served, dns_list *dynamic)
{
	for (size_t i = 0; i < served->n; i++) {
		struct str key = served->v[i].key;
		if (served->v[i].type != DNS_DHCID)
			continue;
		for (size_t k = dns_find(served, key, 0);
		     k < served->n && str_eq(served->v[k].key, key); k++)
			vec_push(env, dynamic, served->v[k]);
	}
}

/* Whether a DHCP server gave the address of a PTR its name. */
static bool
is_dynamic_address(struct db *db, const dns_list *dynamic, const struct dns_rr *rr)
{
	struct str key;

	if (rr->type != DNS_PTR || dynamic->n == 0)
		return false;
	key = dns_key(&db->arena, rr->target);
	for (size_t i = dns_find(dynamic, key, 0); i < dynamic->n && str_eq(dynamic->v[i].key, key);
	     i++) {
		const struct ip *ip = &dynamic->v[i].ip;
		if (ip->family != FAMILY_NONE && ip->family == rr->ip.family && ip->v == rr->ip.v)
			return true;
	}
	return false;
}

bool
dns_is_dynamic(struct db *db, const struct dns_zone *zone, const dns_list *dynamic,
    const struct dns_rr *rr)
{
	const struct rec *range;
	int vrf = db_vrf(db, zone->view);

	if (dns_find(dynamic, rr->key, DNS_DHCID) < dynamic->n ||
	    is_dynamic_address(db, dynamic, rr))
		return true;
	if (rr->ip.family == FAMILY_NONE)
		return false;
	range = db_range_over(db, vrf < 0 ? 0 : (unsigned)vrf, rr->ip);
	return range && db_is(db, range, "role", "dhcp");
}

static void
note(const struct differ *x, const struct dns_rr *plan, const struct dns_rr *served)
{
	enum dns_state state = !served                                              ? DNS_MISSING
	                       : plan                                               ? DNS_DIFFERENT
	                       : dns_is_dynamic(x->db, x->zone, x->dynamic, served) ? DNS_DYNAMIC
	                                                                            : DNS_EXTRA;

	vec_push(x->db->env, x->out, ((struct dns_difference){ state, plan, served }));
}

static bool
has(struct set s, const struct dns_rr *rr)
{
	for (size_t i = 0; i < s.n; i++)
		if (dns_order_data(&s.v[i], rr) == 0)
			return true;
	return false;
}

/* The next record of a set that the other does not have; NULL if there is none. */
static const struct dns_rr *
next_lone(struct set s, struct set other, size_t *at)
{
	while (*at < s.n && has(other, &s.v[*at]))
		++*at;
	return *at < s.n ? &s.v[(*at)++] : NULL;
}

static void
compare(struct differ *x, struct set plan, struct set served)
{
	const struct dns_rr *rr = plan.n ? plan.v : served.v;
	size_t i = 0, k = 0;

	if (rr->type == DNS_NS && plan.n == 0) {
		if (!str_eq(rr->key, x->zone->key) && !(x->cut.n && str_starts(rr->key, x->cut)))
			x->cut = rr->key;
		return;
	}
	if (!is_compared(x, plan, served))
		return;
	for (;;) {
		const struct dns_rr *mine = next_lone(plan, served, &i);
		const struct dns_rr *theirs = next_lone(served, plan, &k);
		if (!mine && !theirs)
			return;
		note(x, mine, theirs);
	}
}

void
dns_diff(struct db *db, const struct dns_zone *zone, const dns_list *plan, const dns_list *served,
    const dns_list *dynamic, dns_differences *out)
{
	struct differ x = { .db = db, .zone = zone, .dynamic = dynamic, .out = out };
	size_t i = 0, k = 0;

	while (i < plan->n || k < served->n) {
		int order = i == plan->n     ? 1
		            : k == served->n ? -1
		                             : set_order(&plan->v[i], &served->v[k]);
		struct set mine = { NULL, 0 }, theirs = { NULL, 0 };
		if (order <= 0)
			mine = take_set(plan, &i);
		if (order >= 0)
			theirs = take_set(served, &k);
		compare(&x, mine, theirs);
	}
}

void
dns_diff_ttls(struct db *db, const struct dns_zone *zone, const dns_list *plan,
    const dns_list *served, const dns_list *dynamic, dns_differences *out)
{
	for (size_t i = 0; i < plan->n;) {
		struct set mine = take_set(plan, &i);
		size_t k = dns_find(served, mine.v->key, mine.v->type);
		const struct dns_rr *theirs = k < served->n ? &served->v[k] : NULL;
		if (!theirs || theirs->ttl == mine.v->ttl || mine.v->type == DNS_SOA ||
		    !dns_type_name(mine.v->type) || dns_is_dynamic(db, zone, dynamic, theirs))
			continue;
		vec_push(db->env, out, ((struct dns_difference){ DNS_OTHER_TTL, mine.v, theirs }));
	}
}
