/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A configuration for ISC dhcpd, to be used as it is or included.
 *
 * Reserved addresses and prefixes are cut out of the pools (core/dhcp_plan.c and
 * here): dhcpd would give them to strangers.
 */
#include "dhcp_parts.h"
#include "dhcpd_text.h"

struct dhcpd {
	struct buf *out;
	struct dhcp *conf;
	struct diags *d;
	enum family family;
	unsigned depth;
};

static void __attribute__((format(printf, 2, 3))) line(struct dhcpd *w, const char *fmt, ...)
{
	va_list ap;

	for (unsigned i = 0; i < w->depth; i++)
		buf_z(w->out, "  ");
	va_start(ap, fmt);
	buf_str(w->out, arena_vfmt(w->conf->arena, fmt, ap));
	va_end(ap);
	buf_char(w->out, '\n');
}

static void
open_block(struct dhcpd *w, struct str what)
{
	line(w, "%.*s {", STR_FMT(what));
	w->depth++;
}

static void
close_block(struct dhcpd *w)
{
	w->depth--;
	line(w, "}");
}

/* --- options ---------------------------------------------------------- */

static struct str
quoted(struct dhcpd *w, struct str value)
{
	char *p = arena_alloc(w->conf->arena, value.n * 2 + 2);
	size_t n = 0;

	p[n++] = '"';
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			p[n++] = '\\';
		p[n++] = value.p[i];
	}
	p[n++] = '"';
	return (struct str){ p, n };
}

static struct str
listed(struct dhcpd *w, struct str list, bool quote)
{
	struct str member, out = STR_NONE;

	while (str_next(&list, ',', &member))
		out = arena_fmt(w->conf->arena, "%.*s%s%.*s", STR_FMT(out), out.n ? ", " : "",
		    STR_FMT(quote ? quoted(w, member) : member));
	return out;
}

static struct str
option_value(struct dhcpd *w, const struct dhcp_option *o)
{
	switch (o->info->type) {
	case DHCP_IPS: return listed(w, o->value, false);
	case DHCP_NAMES: return listed(w, o->value, true);
	case DHCP_NAME:
	case DHCP_TEXT: return quoted(w, o->value);
	default: return o->value;
	}
}

static void
put_option(struct dhcpd *w, const struct dhcp_option *o)
{
	const char *name = o->info->spelling[DHCP_DHCPD];
	struct str value = option_value(w, o);
	uint64_t seconds;

	line(w, "%s%s %.*s;", o->info->code ? "option " : "", name, STR_FMT(value));
	if (o->info->type != DHCP_TIME)
		return;
	/* or it would cut a longer time short */
	str_uint(o->value, UINT64_MAX, &seconds);
	line(w, "max-lease-time %.*s;", STR_FMT(value));
	seconds = seconds / 8 * 5 + seconds % 8 * 5 / 8;
	if (w->family == IPV6)
		line(w, "preferred-lifetime %llu;", (unsigned long long)seconds);
}

static void
put_options(struct dhcpd *w, const dhcp_options *o)
{
	for (size_t i = 0; i < o->n; i++)
		put_option(w, &o->v[i]);
}

/* --- subnets ---------------------------------------------------------- */

static void
put_pool(struct dhcpd *w, const struct dhcp_pool *pool)
{
	const char *six = w->family == IPV6 ? "6" : "";
	char first[IP_TEXT], last[IP_TEXT];

	if (pool->option.n) {
		open_block(w, arena_fmt(w->conf->arena, "pool%s", six));
		put_options(w, &pool->option);
	}
	line(w, "range%s %s %s;", six, ip_fmt(first, span_first(pool->span)),
	    ip_fmt(last, span_last(pool->span)));
	if (pool->option.n)
		close_block(w);
}

static int
by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* The prefixes of a pool that are somebody's, in their order. */
static size_t
taken_prefixes(struct dhcpd *w, const struct dhcp_subnet *s, struct span pool, struct span **out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->host.n; i++)
		n += s->host.v[i].prefix.n;
	*out = arena_alloc(w->conf->arena, n * sizeof(**out) + 1);
	n = 0;
	for (size_t i = 0; i < s->host.n; i++)
		for (size_t k = 0; k < s->host.v[i].prefix.n; k++)
			if (span_meets(pool, s->host.v[i].prefix.v[k]))
				(*out)[n++] = s->host.v[i].prefix.v[k];
	if (n)
		qsort(*out, n, sizeof(**out), by_first);
	return n;
}

static void
put_prefixes(struct dhcpd *w, int len, u128 first, u128 last)
{
	char low[IP_TEXT], high[IP_TEXT];
	struct ip a = { first, IPV6 }, b = { last & ~ip_hostmask(IPV6, len), IPV6 };

	line(w, "prefix6 %s %s /%d;", ip_fmt(low, a), ip_fmt(high, b), len);
}

static void
put_pd(struct dhcpd *w, const struct dhcp_subnet *s, const struct dhcp_pd *pd)
{
	u128 mask = ip_hostmask(IPV6, pd->len), at = pd->prefix.first;
	struct span *taken;
	size_t n = taken_prefixes(w, s, pd->prefix, &taken);

	for (size_t i = 0; i < n; i++) {
		u128 first = taken[i].first & ~mask, last = taken[i].last | mask;
		if (first > at)
			put_prefixes(w, pd->len, at, first - 1);
		if (last >= pd->prefix.last)
			return;
		at = last + 1 > at ? last + 1 : at;
	}
	put_prefixes(w, pd->len, at, pd->prefix.last);
}

static struct str
subnet_head(struct dhcpd *w, const struct dhcp_subnet *s)
{
	char text[SPAN_TEXT], mask[IP_TEXT];

	if (w->family == IPV6)
		return arena_fmt(w->conf->arena, "subnet6 %s", span_fmt(text, s->prefix));
	struct ip netmask = { ip_max(IPV4) & ~ip_hostmask(IPV4, s->prefix.len), IPV4 };
	return arena_fmt(w->conf->arena, "subnet %s netmask %s",
	    ip_fmt(text, span_first(s->prefix)), ip_fmt(mask, netmask));
}

static void
put_subnet(struct dhcpd *w, const struct dhcp_subnet *s)
{
	if (s->name.n)
		line(w, "# %.*s", STR_FMT(s->name));
	open_block(w, subnet_head(w, s));
	put_options(w, &s->option);
	for (size_t i = 0; i < s->pool.n; i++)
		put_pool(w, &s->pool.v[i]);
	for (size_t i = 0; i < s->pd.n; i++)
		put_pd(w, s, &s->pd.v[i]);
	close_block(w);
}

static bool
is_put(const struct dhcpd *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(w->conf->subnet.v[i].link, w->conf->subnet.v[n].link))
			return true;
	return false;
}

static void
put_subnets(struct dhcpd *w)
{
	for (size_t i = 0; i < w->conf->subnet.n; i++) {
		const struct dhcp_subnet *s = &w->conf->subnet.v[i];
		if (s->link.n == 0) {
			put_subnet(w, s);
			continue;
		}
		if (is_put(w, i))
			continue;
		open_block(w,
		    arena_fmt(w->conf->arena, "shared-network \"%.*s\"", STR_FMT(s->link)));
		for (size_t k = i; k < w->conf->subnet.n; k++)
			if (str_ieq(w->conf->subnet.v[k].link, s->link))
				put_subnet(w, &w->conf->subnet.v[k]);
		close_block(w);
	}
}

/* --- reservations ----------------------------------------------------- */

/* A host statement; its name is one of a kind. */
struct statement {
	struct str name;
	const struct dhcp_host *host;
	size_t at; /* its address, or .. */
	bool has_prefix;
	size_t order;
};
typedef VEC(struct statement) statements;

static int
by_name(const void *a, const void *b)
{
	const struct statement *x = a, *y = b;
	int order = str_icmp(x->name, y->name);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int
by_order(const void *a, const void *b)
{
	const struct statement *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/* dhcpd refuses a second host of one name: then all have their address in it. */
static void
name_statements(struct dhcpd *w, statements *v)
{
	if (v->n)
		qsort(v->v, v->n, sizeof(*v->v), by_name);
	for (size_t i = 0, end; i < v->n; i = end) {
		struct str name = v->v[i].name;
		for (end = i + 1; end < v->n && str_ieq(v->v[end].name, name);)
			end++;
		for (size_t k = i; k < end; k++)
			if (name.n == 0 || end - i > 1)
				v->v[k].name = dhcpd_placed(name,
				    dhcpd_place(v->v[k].host, v->v[k].at, w->conf->arena),
				    w->conf->arena);
	}
	if (v->n)
		qsort(v->v, v->n, sizeof(*v->v), by_order);
}

static void
add_statements(struct dhcpd *w, const struct dhcp_subnet *s, statements *out)
{
	for (size_t i = 0; i < s->host.n; i++) {
		const struct dhcp_host *h = &s->host.v[i];
		size_t n = h->ip.n ? h->ip.n : 1;
		for (size_t k = 0; k < n; k++) {
			struct statement st = { str_without_dot(h->name), h, k,
				k == 0 && h->prefix.n, out->n };
			vec_push(w->conf->env, out, st);
		}
		if (h->ip.n > 1)
			diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ h->at },
			    "%s=%.*s has %zu addresses in %.*s; dhcpd gives a client the first",
			    dhcp_id_names[dhcp_best_id(h, w->family)],
			    STR_FMT(h->id[dhcp_best_id(h, w->family)]), h->ip.n, STR_FMT(s->key));
	}
}

static void
put_statement(struct dhcpd *w, const struct statement *s)
{
	const struct dhcp_host *h = s->host;
	enum dhcp_id id = dhcp_best_id(h, w->family);
	const char *six = w->family == IPV6 ? "6" : "";
	char text[SPAN_TEXT];

	open_block(w, arena_fmt(w->conf->arena, "host %.*s", STR_FMT(s->name)));
	if (id == DHCP_MAC)
		line(w, "hardware ethernet %.*s;", STR_FMT(h->id[id]));
	else if (id == DHCP_DUID)
		line(w, "host-identifier option dhcp6.client-id %.*s;", STR_FMT(h->id[id]));
	else
		line(w, "option dhcp-client-identifier %.*s;", STR_FMT(h->id[id]));
	if (h->ip.n)
		line(w, "fixed-address%s %s;", six, ip_fmt(text, h->ip.v[s->at]));
	for (size_t i = 0; s->has_prefix && i < h->prefix.n; i++)
		line(w, "fixed-prefix6 %s;", span_fmt(text, h->prefix.v[i]));
	if (h->name.n && w->family == IPV4)
		line(w, "option host-name \"%.*s\";", STR_FMT(dhcp_short_name(h->name)));
	put_options(w, &h->option);
	close_block(w);
}

static void
put_hosts(struct dhcpd *w)
{
	statements v = { 0 };

	for (size_t i = 0; i < w->conf->subnet.n; i++)
		add_statements(w, &w->conf->subnet.v[i], &v);
	name_statements(w, &v);
	for (size_t i = 0; i < v.n; i++)
		put_statement(w, &v.v[i]);
	vec_release(&v);
}

static enum status
write_dhcpd(const struct format_request *q, struct buf *text, struct diags *d, enum family family)
{
	struct dhcp_wish wish = { .server = DHCP_DHCPD, .families = 1u << family };
	struct dhcp conf;
	struct dhcpd w = { .out = text, .conf = &conf, .d = d, .family = family };

	dhcp_init(&conf, q->db->env, &q->db->arena);
	dhcp_from_plan(&conf, q->db, q->rec, q->recs, &wish, d);
	line(&w, "# by ipam export dhcpd%s", family == IPV6 ? "6" : "");
	put_subnets(&w);
	put_hosts(&w);
	dhcp_release(&conf);
	diags_sort(d);
	return STATUS_OK;
}

enum status
dhcpd4_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	return write_dhcpd(q, text, d, IPV4);
}

enum status
dhcpd6_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	return write_dhcpd(q, text, d, IPV6);
}
