/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan.h"

#include "place.h"

static bool
is_in_plan(struct db *db, unsigned vrf, struct span span)
{
	return db_around(db, vrf, span) || db_find(db, vrf, span, KIND_SUBNET);
}

enum status
scan_targets(struct db *db, unsigned vrf, struct span span, uint64_t max, ip_list *out,
    struct diags *d)
{
	char text[SPAN_TEXT], size[COUNT_TEXT];
	u128 more = span.last - span.first; /* one less */

	if (!is_in_plan(db, vrf, span))
		return diag_fail(d, STATUS_NO, "%s: lies in no subnet of the plan",
		    span_fmt(text, span));
	if (more >= max || out->n + (uint64_t)more >= max) {
		struct count all = count_add(count_size(span), count_of(out->n));
		diag_fail(d, STATUS_USAGE, "%s: makes %s addresses to ask: more than %llu",
		    span_fmt(text, span), count_fmt(size, all), (unsigned long long)max);
		diag_hint(d, "--max N, if it is meant");
		return STATUS_USAGE;
	}
	for (u128 i = 0; i <= more; i++) {
		struct ip ip = { span.first + i, span.family };
		const struct rec *subnet = db_around(db, vrf, span_ip(ip));
		if (!subnet || place_special(db, subnet, ip.v) == PLACE_FREE)
			vec_push(db->env, out, ip);
	}
	return STATUS_OK;
}

static int
by_address(const void *va, const void *vb)
{
	const struct ip *a = va, *b = vb;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return (a->v > b->v) - (a->v < b->v);
}

void
scan_once(ip_list *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_address);
	for (size_t i = 0; i < l->n; i++)
		if (i == 0 || by_address(&l->v[i - 1], &l->v[i]) != 0)
			l->v[n++] = l->v[i];
	l->n = n;
}
