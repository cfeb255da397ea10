/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subnets that a server would mix up. */
#include "dhcp_plan.h"

static void
check_overlap(struct planner *p, struct dhcp_subnet *outer, const struct dhcp_subnet *inner)
{
	if (outer->pool.n || outer->pd.n || outer->rec->vrf != inner->rec->vrf) {
		bool said = planner_say(p, SEV_ERROR, inner->at,
		    "%.*s: overlaps %.*s: a server would mix up their clients", STR_FMT(inner->key),
		    STR_FMT(outer->key));
		if (outer->rec->vrf != inner->rec->vrf && said)
			diag_hint(p->d, "--vrf NAME takes the subnets of one VRF");
	} else if (outer->host.n) {
		planner_say(p, SEV_WARNING, outer->host.v[0].at,
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

void
planner_check_overlaps(struct planner *p)
{
	struct dhcp_subnet **v = sorted(p, by_place);

	for (size_t i = 1; i < p->conf->subnet.n; i++)
		if (span_meets(v[i - 1]->prefix, v[i]->prefix))
			check_overlap(p, v[i - 1], v[i]);
}

void
planner_check_ids(struct planner *p)
{
	struct dhcp_subnet **v = sorted(p, by_kea_id);

	for (size_t i = 1; i < p->conf->subnet.n; i++) {
		if (by_kea_id(&v[i - 1], &v[i]) != 0)
			continue;
		bool is_first = v[i]->has_id && !v[i - 1]->has_id;
		struct dhcp_subnet *one = is_first ? v[i - 1] : v[i],
				   *other = is_first ? v[i] : v[i - 1];
		bool said = planner_say(p, SEV_ERROR, one->at,
		    "%.*s: Kea's subnet id %u is that of %.*s, too", STR_FMT(one->key), one->id,
		    STR_FMT(other->key));
		if (said)
			diag_hint(p->d, "ipam set %.*s kea-id=N, a number that no subnet has",
			    STR_FMT(one->key));
	}
}
