/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dhcp.h"

void
dhcp_init(struct dhcp *conf, const struct env *env, struct arena *arena)
{
	*conf = (struct dhcp){ .env = env, .arena = arena };
	conf->stray.prefix.len = -1;
}

void
dhcp_host_release(struct dhcp_host *h)
{
	vec_release(&h->ip);
	vec_release(&h->prefix);
	vec_release(&h->option);
}

void
dhcp_subnet_release(struct dhcp_subnet *s)
{
	for (size_t i = 0; i < s->pool.n; i++)
		vec_release(&s->pool.v[i].option);
	for (size_t i = 0; i < s->host.n; i++)
		dhcp_host_release(&s->host.v[i]);
	vec_release(&s->pool);
	vec_release(&s->pd);
	vec_release(&s->host);
	vec_release(&s->option);
}

void
dhcp_release(struct dhcp *conf)
{
	for (size_t i = 0; i < conf->subnet.n; i++)
		dhcp_subnet_release(&conf->subnet.v[i]);
	dhcp_subnet_release(&conf->stray);
	vec_release(&conf->subnet);
}

struct dhcp_subnet *
dhcp_add_subnet(struct dhcp *conf, struct span prefix, const char *at)
{
	struct dhcp_subnet s = { .prefix = prefix, .at = at };

	s.key = key_fmt(conf->arena, prefix, STR_NONE);
	conf->families |= 1u << prefix.family;
	vec_push(conf->env, &conf->subnet, s);
	return &conf->subnet.v[conf->subnet.n - 1];
}

struct dhcp_pool *
dhcp_add_pool(struct dhcp *conf, struct dhcp_subnet *s, struct span span, const char *at)
{
	struct dhcp_pool pool = { .span = span, .at = at };

	pool.span.len = -1;
	vec_push(conf->env, &s->pool, pool);
	return &s->pool.v[s->pool.n - 1];
}

struct dhcp_host *
dhcp_add_host(struct dhcp *conf, struct dhcp_subnet *s, const char *at)
{
	struct dhcp_host host = { .at = at };

	vec_push(conf->env, &s->host, host);
	return &s->host.v[s->host.n - 1];
}

bool
dhcp_in_pool(const struct dhcp_subnet *s, struct ip ip)
{
	for (size_t i = 0; i < s->pool.n; i++)
		if (span_holds_ip(s->pool.v[i].span, ip))
			return true;
	return false;
}

/* --- order ------------------------------------------------------------ */

/* IPv4 first, by start, wider first. */
static int
by_prefix(const void *a, const void *b)
{
	const struct dhcp_subnet *x = a, *y = b;

	if (x->prefix.family != y->prefix.family)
		return x->prefix.family < y->prefix.family ? -1 : 1;
	if (x->prefix.first != y->prefix.first)
		return x->prefix.first < y->prefix.first ? -1 : 1;
	if (x->prefix.len != y->prefix.len)
		return x->prefix.len < y->prefix.len ? -1 : 1;
	return ((uintptr_t)x->at > (uintptr_t)y->at) - ((uintptr_t)x->at < (uintptr_t)y->at);
}

static int
by_start(const void *a, const void *b)
{
	const struct dhcp_pool *x = a, *y = b;

	if (x->span.family != y->span.family)
		return x->span.family < y->span.family ? -1 : 1;
	return (x->span.first > y->span.first) - (x->span.first < y->span.first);
}

struct dhcp_subnet *
dhcp_around(struct dhcp *conf, struct ip ip)
{
	size_t low = 0, high = conf->subnet.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct span p = conf->subnet.v[middle].prefix;
		if (p.family < ip.family || (p.family == ip.family && p.first <= ip.v))
			low = middle + 1;
		else
			high = middle;
	}
	while (low-- > 0 && conf->subnet.v[low].prefix.family == ip.family)
		if (span_holds_ip(conf->subnet.v[low].prefix, ip))
			return &conf->subnet.v[low];
	return NULL;
}

/* --- settling --------------------------------------------------------- */

#define MOVE_ALL(env, to, from)                                                                    \
	do {                                                                                       \
		for (size_t move_i = 0; move_i < (from)->n; move_i++)                              \
			vec_push((env), (to), (from)->v[move_i]);                                  \
		(from)->n = 0;                                                                     \
	} while (0)

/* What two statements say of one subnet is said of it. */
static void
join_subnet(struct dhcp *conf, struct dhcp_subnet *to, struct dhcp_subnet *from)
{
	for (size_t i = 0; i < from->option.n; i++)
		dhcp_option_set(conf->env, &to->option, from->option.v[i].info,
		    from->option.v[i].value, from->option.v[i].at);
	MOVE_ALL(conf->env, &to->pool, &from->pool);
	MOVE_ALL(conf->env, &to->pd, &from->pd);
	MOVE_ALL(conf->env, &to->host, &from->host);
	to->name = to->name.n ? to->name : from->name;
	to->link = to->link.n ? to->link : from->link;
	to->id = to->id ? to->id : from->id;
	dhcp_subnet_release(from);
}

static void
sort_subnets(struct dhcp *conf)
{
	size_t n = 0;

	if (conf->subnet.n)
		qsort(conf->subnet.v, conf->subnet.n, sizeof(*conf->subnet.v), by_prefix);
	for (size_t i = 0; i < conf->subnet.n; i++) {
		struct dhcp_subnet *s = &conf->subnet.v[i],
				   *last = n ? &conf->subnet.v[n - 1] : NULL;
		if (last && span_same(last->prefix, s->prefix))
			join_subnet(conf, last, s);
		else
			conf->subnet.v[n++] = *s;
	}
	conf->subnet.n = n;
}

/* A reservation of several addresses may be for several subnets. */
static void
place_host(struct dhcp *conf, struct dhcp_host *h)
{
	struct dhcp_host rest = *h;

	rest.ip.v = NULL;
	rest.ip.n = rest.ip.size = 0;
	for (size_t i = 0; i < h->ip.n; i++) {
		struct dhcp_subnet *s = dhcp_around(conf, h->ip.v[i]);
		if (!s) {
			vec_push(conf->env, &rest.ip, h->ip.v[i]);
			continue;
		}
		struct dhcp_host *last = s->host.n ? &s->host.v[s->host.n - 1] : NULL;
		if (!last || last->at != h->at) {
			last = dhcp_add_host(conf, s, h->at);
			memcpy(last->id, h->id, sizeof(h->id));
			last->name = h->name;
			for (size_t k = 0; k < h->option.n; k++)
				vec_push(conf->env, &last->option, h->option.v[k]);
			MOVE_ALL(conf->env, &last->prefix, &h->prefix);
		}
		vec_push(conf->env, &last->ip, h->ip.v[i]);
	}
	rest.prefix = h->prefix;
	vec_release(&h->ip);
	*h = rest;
}

/* A pool of prefixes, and which subnet serves it. */
struct served {
	struct span prefix;
	size_t subnet;
};
typedef VEC(struct served) served_list;

static int
by_served(const void *a, const void *b)
{
	const struct served *x = a, *y = b;

	return (x->prefix.first > y->prefix.first) - (x->prefix.first < y->prefix.first);
}

static void
list_served(struct dhcp *conf, served_list *out)
{
	for (size_t i = 0; i < conf->subnet.n; i++)
		for (size_t k = 0; k < conf->subnet.v[i].pd.n; k++) {
			struct served one = { conf->subnet.v[i].pd.v[k].prefix, i };
			vec_push(conf->env, out, one);
		}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_served);
}

/* The subnet with the pool that is next to a prefix, or around it. */
static struct dhcp_subnet *
nearest(struct dhcp *conf, const served_list *served, struct span prefix)
{
	size_t low = 0, high = served->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (served->v[middle].prefix.first <= prefix.first)
			low = middle + 1;
		else
			high = middle;
	}
	const struct served *below = low ? &served->v[low - 1] : NULL,
			    *above = low < served->n ? &served->v[low] : NULL;
	if (below && above && prefix.first > below->prefix.last &&
	    above->prefix.first - prefix.last < prefix.first - below->prefix.last)
		below = above;
	below = below ? below : above;
	return below ? &conf->subnet.v[below->subnet] : NULL;
}

/* A reservation of prefixes alone, which dhcpd has apart from its subnets. */
static bool
place_prefixes(struct dhcp *conf, const served_list *served, struct dhcp_host *h)
{
	struct dhcp_subnet *s = h->prefix.n ? nearest(conf, served, h->prefix.v[0]) : NULL;

	if (s)
		*dhcp_add_host(conf, s, h->at) = *h;
	return s != NULL;
}

static bool
place_stray(struct dhcp *conf, const served_list *served, struct dhcp_host *h)
{
	if (h->ip.n == 0)
		return place_prefixes(conf, served, h);
	place_host(conf, h);
	if (h->ip.n)
		return false;
	dhcp_host_release(h);
	return true;
}

static void
place_strays(struct dhcp *conf)
{
	size_t hosts = 0, pools = 0;
	served_list served = { 0 };

	list_served(conf, &served);
	for (size_t i = 0; i < conf->stray.host.n; i++)
		if (!place_stray(conf, &served, &conf->stray.host.v[i]))
			conf->stray.host.v[hosts++] = conf->stray.host.v[i];
	vec_release(&served);
	for (size_t i = 0; i < conf->stray.pool.n; i++) {
		struct dhcp_pool pool = conf->stray.pool.v[i];
		struct dhcp_subnet *s = dhcp_around(conf, span_first(pool.span));
		if (s && span_holds(s->prefix, pool.span))
			vec_push(conf->env, &s->pool, pool);
		else
			conf->stray.pool.v[pools++] = pool;
	}
	conf->stray.host.n = hosts;
	conf->stray.pool.n = pools;
}

/* --- pools that only reserved addresses part --------------------------- */

static int
by_number(const void *a, const void *b)
{
	const u128 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The reserved addresses of a subnet, ascending. */
static size_t
reserved(struct dhcp *conf, const struct dhcp_subnet *s, u128 **out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->host.n; i++)
		n += s->host.v[i].ip.n;
	*out = arena_alloc(conf->arena, n * sizeof(**out) + 1);
	n = 0;
	for (size_t i = 0; i < s->host.n; i++)
		for (size_t k = 0; k < s->host.v[i].ip.n; k++)
			(*out)[n++] = s->host.v[i].ip.v[k].v;
	if (n)
		qsort(*out, n, sizeof(**out), by_number);
	return n;
}

/* The first of n ascending numbers that is not below v. */
static size_t
lower(const u128 *number, size_t n, u128 v)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (number[middle] < v)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* Whether all addresses between two pools are reserved (none is: they touch). */
static bool
is_reserved(const u128 *number, size_t n, u128 after, u128 before)
{
	size_t at = lower(number, n, after + 1);

	for (u128 v = after + 1; v < before; v++, at++) {
		while (at < n && number[at] < v)
			at++;
		if (at == n || number[at] != v)
			return false;
	}
	return true;
}

static bool
same_options(const dhcp_options *a, const dhcp_options *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct dhcp_option *o = dhcp_option_get(b, a->v[i].info);
		if (!o || !str_eq(o->value, a->v[i].value))
			return false;
	}
	return true;
}

static void
join_pools(struct dhcp *conf, struct dhcp_subnet *s)
{
	u128 *number;
	size_t n, pools = 0;

	if (s->pool.n < 2)
		return;
	n = reserved(conf, s, &number);
	qsort(s->pool.v, s->pool.n, sizeof(*s->pool.v), by_start);
	for (size_t i = 0; i < s->pool.n; i++) {
		struct dhcp_pool *p = &s->pool.v[i], *last = pools ? &s->pool.v[pools - 1] : NULL;
		if (last && p->span.first > last->span.last &&
		    (p->name.n == 0 || str_eq(p->name, last->name)) &&
		    same_options(&p->option, &last->option) &&
		    is_reserved(number, n, last->span.last, p->span.first)) {
			last->span.last = p->span.last;
			vec_release(&p->option);
		} else {
			s->pool.v[pools++] = *p;
		}
	}
	s->pool.n = pools;
}

/* --- pools of prefixes that only delegated ones part ------------------- */

static int
by_pd(const void *a, const void *b)
{
	const struct dhcp_pd *x = a, *y = b;

	return (x->prefix.first > y->prefix.first) - (x->prefix.first < y->prefix.first);
}

/* All pools of a subnet, and its clients' prefixes as such of length 0. */
static size_t
all_prefixes(struct dhcp *conf, const struct dhcp_subnet *s, struct dhcp_pd **out)
{
	size_t n = s->pd.n;

	for (size_t i = 0; i < s->host.n; i++)
		n += s->host.v[i].prefix.n;
	*out = arena_alloc(conf->arena, n * sizeof(**out) + 1);
	memcpy(*out, s->pd.v, s->pd.n * sizeof(**out));
	n = s->pd.n;
	for (size_t i = 0; i < s->host.n; i++)
		for (size_t k = 0; k < s->host.v[i].prefix.n; k++)
			(*out)[n++] = (struct dhcp_pd){ .prefix = s->host.v[i].prefix.v[k] };
	qsort(*out, n, sizeof(**out), by_pd);
	return n;
}

/* A run of prefixes without gaps is one pool, if it is one prefix of one delegated length. */
static void
join_run(struct dhcp *conf, struct dhcp_subnet *s, const struct dhcp_pd *v, size_t n)
{
	struct span run = { v[0].prefix.first, v[n - 1].prefix.last, IPV6, -1 };
	struct dhcp_pd one = { .len = 0 };
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		run.last = v[i].prefix.last > run.last ? v[i].prefix.last : run.last;
		if (v[i].len && !one.len)
			one = v[i];
		ok &= !v[i].len || v[i].len == one.len;
	}
	one.prefix = span_head_block(run);
	ok &= one.len && span_same(one.prefix, run);
	for (size_t i = 0; i < n && !ok; i++)
		if (v[i].len)
			vec_push(conf->env, &s->pd, v[i]);
	if (ok)
		vec_push(conf->env, &s->pd, one);
}

static void
join_pds(struct dhcp *conf, struct dhcp_subnet *s)
{
	struct dhcp_pd *v;
	size_t n;

	if (s->pd.n < 1)
		return;
	n = all_prefixes(conf, s, &v);
	s->pd.n = 0;
	for (size_t i = 0, end; i < n; i = end) {
		u128 last = v[i].prefix.last;
		for (end = i + 1; end < n && v[end].prefix.first <= last + 1 && last + 1 > last;
		     end++)
			last = v[end].prefix.last > last ? v[end].prefix.last : last;
		join_run(conf, s, v + i, end - i);
	}
}

void
dhcp_settle(struct dhcp *conf, struct facts *facts)
{
	char text[SPAN_TEXT];

	sort_subnets(conf);
	place_strays(conf);
	for (size_t i = 0; i < conf->subnet.n; i++) {
		join_pools(conf, &conf->subnet.v[i]);
		join_pds(conf, &conf->subnet.v[i]);
	}
	for (size_t i = 0; i < conf->stray.host.n; i++)
		if (conf->stray.host.v[i].ip.n == 0)
			facts_other(facts, conf->stray.host.v[i].at,
			    "a reservation without an address");
	for (size_t i = 0; i < conf->stray.pool.n; i++)
		conf->families |= 1u << conf->stray.pool.v[i].span.family;
	for (size_t i = 0; i < conf->subnet.n; i++) {
		struct dhcp_subnet *s = &conf->subnet.v[i];
		for (size_t k = 0; k < s->pool.n; k++)
			if (!span_holds(s->prefix, s->pool.v[k].span))
				facts_other(facts, s->pool.v[k].at, "%s: lies outside %.*s",
				    range_fmt(text, s->pool.v[k].span), STR_FMT(s->key));
	}
}
