/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns_agree.h"

#include "arpa.h"
#include "schema.h"

struct agreement {
	const struct dns *dns;
	const dns_list *plan, *served;
	size_t zone; /* that is looked at */
	dns_disagreements *out;
};

/* Records of one name. */
struct at {
	size_t zone;
	const struct dns_rr *v;
	size_t n;
};

static struct at
find(const struct agreement *x, struct str key)
{
	size_t zone = dns_zone_of(x->dns, x->dns->zone[x->zone].view, key);
	struct at at = { .zone = zone };

	if (zone == SIZE_MAX)
		return at;
	const dns_list *l = &x->served[zone];
	size_t i = dns_find(l, key, 0);
	at.v = l->v + (i < l->n ? i : 0);
	while (i < l->n && str_eq(l->v[i].key, key)) {
		at.n++;
		i++;
	}
	return at;
}

static bool
is_planned(const struct agreement *x, size_t zone, const struct dns_rr *rr)
{
	const dns_list *l = &x->plan[zone];

	for (size_t i = dns_find(l, rr->key, rr->type); i < l->n && str_eq(l->v[i].key, rr->key);
	     i++)
		if (dns_order(&l->v[i], rr) == 0)
			return true;
	return false;
}

static bool
is_address(const struct dns_rr *rr)
{
	return rr->type == DNS_A || rr->type == DNS_AAAA;
}

/* Whether one end says of the other what that says of it. */
static bool
answers(const struct dns_rr *rr, const struct dns_rr *other, struct arena *a)
{
	if (rr->type == DNS_PTR)
		return other->ip.family == rr->ip.family && other->ip.v == rr->ip.v;
	return str_eq(dns_key(a, other->target), rr->key);
}

static void
look(const struct agreement *x, const struct dns_rr *rr)
{
	struct arena *a = &x->dns->db->arena;
	bool is_ptr = rr->type == DNS_PTR;
	struct at at = find(x, dns_key(a, is_ptr ? rr->target : arpa_name(a, rr->ip)));
	const struct dns_rr *other = NULL;

	/* RFC 2317 */
	if (!is_ptr && at.n && at.v->type == DNS_CNAME)
		at = find(x, dns_key(a, at.v->target));
	for (size_t i = 0; i < at.n; i++) {
		const struct dns_rr *end = &at.v[i];
		if (is_ptr ? !is_address(end) : end->type != DNS_PTR)
			continue;
		if (answers(rr, end, a))
			return;
		other = other ? other : end;
	}
	if (other && !(is_planned(x, x->zone, rr) && is_planned(x, at.zone, other)))
		vec_push(x->dns->db->env, x->out,
		    ((struct dns_disagreement){ &x->dns->zone[x->zone], rr, other }));
}

static bool
has_other_end(const struct dns_rr *rr)
{
	return (is_address(rr) && host_is_publishable(rr->owner)) ||
	       (rr->type == DNS_PTR && rr->ip.family != FAMILY_NONE);
}

/* Not below a delegation, which is somebody else's. */
static void
look_at_zone(const struct agreement *x)
{
	const struct dns_zone *z = &x->dns->zone[x->zone];
	const dns_list *l = &x->served[x->zone];
	struct str cut = STR_NONE;

	for (size_t i = 0; i < l->n; i++) {
		const struct dns_rr *rr = &l->v[i];
		bool is_below = cut.n && str_starts(rr->key, cut);
		if (rr->type == DNS_NS && !str_eq(rr->key, z->key) && !is_below)
			cut = rr->key;
		else if (!is_below && has_other_end(rr))
			look(x, rr);
	}
}

void
dns_agree(const struct dns *dns, const dns_list *plan, const dns_list *served,
    dns_disagreements *out)
{
	struct agreement x = { .dns = dns, .plan = plan, .served = served, .out = out };

	for (; x.zone < dns->zones; x.zone++)
		look_at_zone(&x);
}
