/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pools without the addresses that no client may get. */
#include "dhcp_plan.h"

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

void
planner_cut_pools(struct planner *p, struct dhcp_subnet *s)
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
