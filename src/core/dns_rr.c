/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of resource records. */
#include "dns.h"

#include "when.h"

/* In the order in which a zone has them at one name. */
static const struct {
	unsigned type;
	const char *name;
} types[] = {
	{ DNS_SOA, "SOA" },
	{ DNS_NS, "NS" },
	{ DNS_A, "A" },
	{ DNS_AAAA, "AAAA" },
	{ DNS_CNAME, "CNAME" },
	{ DNS_PTR, "PTR" },
};

const char *
dns_type_name(unsigned type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return NULL;
}

unsigned
dns_type_number(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_ieq(name, str_from(types[i].name)))
			return types[i].type;
	return 0;
}

static unsigned
rank(unsigned type)
{
	unsigned i = 0;

	while (i < ARRAY_LEN(types) && types[i].type != type)
		i++;
	return i < ARRAY_LEN(types) ? i : i + type;
}

int
dns_order_data(const struct dns_rr *a, const struct dns_rr *b)
{
	if (a->type == DNS_A || a->type == DNS_AAAA)
		return (a->ip.v > b->ip.v) - (a->ip.v < b->ip.v);
	return dns_type_name(a->type) ? str_icmp(a->target, b->target)
	                              : str_cmp(a->target, b->target);
}

int
dns_order(const struct dns_rr *a, const struct dns_rr *b)
{
	int order = str_cmp(a->key, b->key);

	if (order || a->type != b->type)
		return order ? order
		             : (rank(a->type) > rank(b->type)) - (rank(a->type) < rank(b->type));
	return dns_order_data(a, b);
}

static int
by_order(const void *a, const void *b)
{
	const struct dns_rr *x = a, *y = b;
	int order = dns_order(x, y);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static bool
is_set(const struct dns_rr *a, const struct dns_rr *b)
{
	return a->type == b->type && str_eq(a->key, b->key);
}

void
dns_sort(dns_list *list)
{
	size_t n = 0, from = 0;

	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_order);
	for (size_t i = 0; i < list->n; i++) {
		const struct dns_rr *rr = &list->v[i];
		if (n && !is_set(&list->v[from], rr))
			from = n;
		uint32_t ttl =
		    n > from && list->v[from].ttl < rr->ttl ? list->v[from].ttl : rr->ttl;
		if (n == from || dns_order(&list->v[n - 1], rr) != 0)
			list->v[n++] = *rr;
		list->v[n - 1].ttl = ttl;
		for (size_t k = n - 1; k > from && list->v[k - 1].ttl != ttl; k--)
			list->v[k - 1].ttl = ttl;
	}
	list->n = n;
}

size_t
dns_find(const dns_list *list, struct str key, unsigned type)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(list->v[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < list->n && str_eq(list->v[low].key, key) && type && list->v[low].type != type)
		low++;
	return low < list->n && str_eq(list->v[low].key, key) ? low : list->n;
}

uint32_t
dns_serial(const uint32_t *old, int64_t now)
{
	int64_t days = now / 86400 - (now % 86400 < 0), year;
	int month, day;

	when_civil(days, &year, &month, &day);
	uint32_t today = (uint32_t)(((year * 100 + month) * 100 + day) * 100);
	if (!old)
		return today;
	uint32_t ahead = today - *old;
	if (ahead != 0 && ahead < 0x80000000)
		return today;
	return *old + 1 ? *old + 1 : 1;
}
