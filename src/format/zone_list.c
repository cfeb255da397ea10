/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of a master file as values. */
#if WITH_ZONE
#include "core/arpa.h"
#include "zone.h"

struct list {
	struct arena *arena;
	dns_list *out;
};

static struct ip
address(const struct zone_rr *rr)
{
	struct ip ip = { 0, rr->type == DNS_A ? IPV4 : IPV6 };

	for (size_t i = 0; i < rr->size; i++)
		ip.v = ip.v << 8 | rr->data[i];
	return ip;
}

static void
take(void *ctx, const struct zone_rr *rr)
{
	struct list *l = ctx;
	struct dns_rr to = { .owner = str_without_dot(rr->owner),
		.type = rr->type,
		.ttl = rr->ttl,
		.at = rr->at };
	struct span span;

	if (rr->class != CLASS_IN)
		return;
	to.key = dns_key(l->arena, to.owner);
	switch (rr->type) {
	case 0: to.target = arena_str(l->arena, rr->text); break;
	case DNS_A:
	case DNS_AAAA: to.ip = address(rr); break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR: to.target = str_without_dot(zone_name(l->arena, rr->data)); break;
	default:
		to.target = arena_str(l->arena, (struct str){ (const char *)rr->data, rr->size });
		break;
	}
	if (rr->type == DNS_PTR && arpa_parse(to.owner, &span) && span.len == ip_bits(span.family))
		to.ip = span_first(span);
	vec_push(l->arena->env, l->out, to);
}

bool
zone_list(const struct format_input *in, struct arena *a, dns_list *out, struct diags *d)
{
	struct list l = { a, out };

	return zone_scan(in, a, take, &l, d);
}

bool
zone_serial(const dns_list *list, uint32_t *serial)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct dns_rr *rr = &list->v[i];
		if (rr->type != DNS_SOA || rr->target.n < 22)
			continue;
		const unsigned char *p = (const unsigned char *)rr->target.p + rr->target.n - 20;
		*serial = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
		return true;
	}
	return false;
}

#endif
