/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The DHCP lines of a dnsmasq configuration.
 *
 * dnsmasq takes what it does not understand for a name and goes on, so all is
 * written in the one form that it takes as meant: MACs and octets with colons,
 * IPv6 addresses in brackets, names of one label, a range for each subnet even
 * where it is for reservations alone.
 */
#include "dhcp_parts.h"

#include "core/hex.h"

struct dnsmasq {
	struct buf *out;
	struct dhcp *conf;
	struct diags *d;
};

static struct str
tag_text(struct dnsmasq *w, struct str s)
{
	char *p = arena_alloc(w->conf->arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_alnum(s.p[i]) || s.p[i] == '.' || s.p[i] == '_' ? s.p[i] : '-';
	return (struct str){ p, s.n };
}

/* Tags that dnsmasq sets by itself, for clients of any subnet. */
static bool
is_its_own(struct str tag)
{
	static const char *const tags[] = { "known", "known-othernet", "bootp", "dhcpv6",
		"cpewan-id" };

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (str_eq(tag, str_from(tags[i])))
			return true;
	return false;
}

static struct str
subnet_tag(struct dnsmasq *w, const struct dhcp_subnet *s)
{
	return tag_text(w, s->name.n && !is_its_own(s->name) ? s->name : s->key);
}

static struct str
address_tag(struct dnsmasq *w, const char *what, struct ip ip)
{
	char text[IP_TEXT];

	return arena_fmt(w->conf->arena, "%s-%.*s", what,
	    STR_FMT(tag_text(w, str_from(ip_fmt(text, ip)))));
}

/* --- options ---------------------------------------------------------- */

/* In quotes dnsmasq looks at no comma, colon or number sign. */
static void
put_quoted(struct dnsmasq *w, struct str value)
{
	buf_char(w->out, '"');
	for (size_t i = 0; i < value.n; i++)
		buf_fmt(w->out, "%s%c", value.p[i] == '"' || value.p[i] == '\\' ? "\\" : "",
		    value.p[i]);
	buf_char(w->out, '"');
}

static void
put_list(struct dnsmasq *w, struct str list, bool brackets)
{
	struct str member;

	for (bool first = true; str_next(&list, ',', &member); first = false)
		buf_fmt(w->out, "%s%s%.*s%s", first ? "" : ",", brackets ? "[" : "",
		    STR_FMT(member), brackets ? "]" : "");
}

/* Whether dnsmasq would not take a text for one. */
static bool
is_mistaken(const struct dhcp_option *o)
{
	if (!dhcp_is_guessed(o->info))
		return false;
	for (size_t i = 0; i < o->value.n; i++)
		if (!ascii_digit(o->value.p[i]) && !memchr("abcdefsiABCDEFx.*-", o->value.p[i], 18))
			return false;
	return true;
}

/* A single octet in hexadecimal would be a number or a text. */
static void
put_octets(struct dnsmasq *w, struct str hex)
{
	if (hex.n == 2)
		buf_fmt(w->out, "%d", hex_digit(hex.p[0]) << 4 | hex_digit(hex.p[1]));
	else
		buf_str(w->out, hex);
}

static void
put_value(struct dnsmasq *w, const struct dhcp_option *o)
{
	switch (o->info->type) {
	case DHCP_HEX: put_octets(w, o->value); break;
	case DHCP_TEXT:
		if (is_mistaken(o))
			put_octets(w, hex_fmt(w->conf->arena, o->value));
		else
			put_quoted(w, o->value);
		break;
	case DHCP_BOOL: buf_char(w->out, str_eq(o->value, STR("true")) ? '1' : '0'); break;
	default: put_list(w, o->value, o->info->type == DHCP_IPS && o->info->family == IPV6); break;
	}
}

static void
put_option(struct dnsmasq *w, struct str tag, const struct dhcp_option *o)
{
	const char *name = o->info->spelling[DHCP_DNSMASQ];
	const char *kind = o->info->family == IPV6 ? "option6:" : name ? "option:" : "";

	buf_fmt(w->out, "dhcp-option=tag:%.*s,%s", STR_FMT(tag), kind);
	if (name)
		buf_z(w->out, name);
	else
		buf_fmt(w->out, "%u", o->info->code);
	buf_char(w->out, ',');
	put_value(w, o);
	buf_char(w->out, '\n');
}

static bool
is_boot(const struct dhcp_option *o)
{
	return o->info->code == 0 && o->info->family == IPV4;
}

static struct str
boot_value(const dhcp_options *o, const char *name)
{
	const struct dhcp_option *option =
	    dhcp_option_get(o, dhcp_option_find(IPV4, str_from(name)));

	return option ? option->value : STR_NONE;
}

static void
put_boot(struct dnsmasq *w, struct str tag, const dhcp_options *o)
{
	struct str file = boot_value(o, "boot-file-name"), name = boot_value(o, "server-hostname"),
		   address = boot_value(o, "next-server");

	if (!file.n && !name.n && !address.n)
		return;
	buf_fmt(w->out, "dhcp-boot=tag:%.*s,", STR_FMT(tag));
	if (file.n)
		put_quoted(w, file);
	if (name.n || address.n)
		buf_char(w->out, ',');
	if (name.n)
		put_quoted(w, name);
	if (address.n)
		buf_fmt(w->out, ",%.*s", STR_FMT(address));
	buf_char(w->out, '\n');
}

/* dnsmasq sends the server's name as option 66 to clients that ask for this one, and then
 * both of them in a row. */
static void
check_server_name(struct dnsmasq *w, const dhcp_options *o, const dhcp_options *outer)
{
	const struct dhcp_option_info *tftp = dhcp_option_find(IPV4, STR("tftp-server-name")),
				      *server = dhcp_option_find(IPV4, STR("server-hostname"));
	const struct dhcp_option *a = dhcp_option_get(o, tftp), *b = dhcp_option_get(o, server);

	if (outer && (a || b)) {
		a = a ? a : dhcp_option_get(outer, tftp);
		b = b ? b : dhcp_option_get(outer, server);
	}
	if (a && b)
		diag_error(w->d, b->at,
		    "option.server-hostname beside option.tftp-server-name: dnsmasq makes one of "
		    "them");
}

/* outer: what holds for the same client besides, or NULL. */
static void
put_options(struct dnsmasq *w, struct str tag, const dhcp_options *o, const dhcp_options *outer)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].info->code)
			put_option(w, tag, &o->v[i]);
		else if (o->v[i].info->family == FAMILY_NONE && o->v[i].info->type != DHCP_TIME)
			diag_error(w->d, o->v[i].at, "option.%s: dnsmasq has no such setting",
			    o->v[i].info->name);
	put_boot(w, tag, o);
	check_server_name(w, o, outer);
}

/* --- ranges ----------------------------------------------------------- */

static struct str
lease_time(struct dnsmasq *w, const struct dhcp_subnet *s)
{
	const struct dhcp_option *o =
	    dhcp_option_get(&s->option, dhcp_option_for(s->prefix.family, "lease-time"));
	uint64_t seconds = 0;

	if (!o)
		return STR_NONE;
	str_uint(o->value, UINT64_MAX, &seconds);
	if (seconds < 120)
		diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ o->at },
		    "%.*s: lease-time: dnsmasq makes two minutes of it", STR_FMT(s->key));
	return o->value;
}

static void
put_range(struct dnsmasq *w, const struct dhcp_subnet *s, struct str tag, struct ip first,
    const struct ip *last)
{
	struct str lease = lease_time(w, s);
	char text[IP_TEXT];

	buf_fmt(w->out, "dhcp-range=set:%.*s,%s,", STR_FMT(tag), ip_fmt(text, first));
	buf_fmt(w->out, "%s,", last ? ip_fmt(text, *last) : "static");
	if (s->prefix.family == IPV6) {
		buf_fmt(w->out, "%d", s->prefix.len);
	} else {
		struct ip mask = { ip_max(IPV4) & ~ip_hostmask(IPV4, s->prefix.len), IPV4 };
		buf_z(w->out, ip_fmt(text, mask));
	}
	if (lease.n)
		buf_fmt(w->out, ",%.*s", STR_FMT(lease));
	buf_char(w->out, '\n');
}

/* Only one tag may be set for a range: with options of its own it has all under its own. */
static void
put_pool(struct dnsmasq *w, const struct dhcp_subnet *s, const struct dhcp_pool *pool)
{
	struct ip first = span_first(pool->span), last = span_last(pool->span);
	struct str tag = subnet_tag(w, s);
	dhcp_options all = { 0 };

	if (pool->option.n)
		tag = address_tag(w, "range", first);
	put_range(w, s, tag, first, &last);
	if (pool->option.n == 0)
		return;
	for (size_t i = 0; i < s->option.n; i++)
		vec_push(w->conf->env, &all, s->option.v[i]);
	for (size_t i = 0; i < pool->option.n; i++)
		dhcp_option_set(w->conf->env, &all, pool->option.v[i].info, pool->option.v[i].value,
		    pool->option.v[i].at);
	put_options(w, tag, &all, NULL);
	vec_release(&all);
}

/* --- reservations ----------------------------------------------------- */

/* What to boot is said as a whole: what a reservation leaves open is the subnet's. */
static void
put_host_options(struct dnsmasq *w, struct str tag, const struct dhcp_subnet *s,
    const struct dhcp_host *h)
{
	dhcp_options all = { 0 };
	bool has_boot = false;

	for (size_t i = 0; i < h->option.n; i++)
		has_boot |= is_boot(&h->option.v[i]);
	for (size_t i = 0; has_boot && i < s->option.n; i++)
		if (is_boot(&s->option.v[i]))
			vec_push(w->conf->env, &all, s->option.v[i]);
	for (size_t i = 0; i < h->option.n; i++)
		dhcp_option_set(w->conf->env, &all, h->option.v[i].info, h->option.v[i].value,
		    h->option.v[i].at);
	put_options(w, tag, &all, &s->option);
	vec_release(&all);
}

/* Whether dnsmasq takes a word of a reservation for something else than a name: a lease
 * time, or what to do. */
static bool
is_word(struct str name)
{
	size_t n = name.n;

	if (str_ieq(name, STR("ignore")) || str_ieq(name, STR("infinite")))
		return true;
	if (n > 1 && memchr("smhdw", ascii_lower(name.p[n - 1]), 5))
		n--;
	for (size_t i = 0; i < n; i++)
		if (!ascii_digit(name.p[i]))
			return false;
	return n > 0;
}

/* The name of a reservation is one label, unless dnsmasq would not see that it is a name. */
static struct str
host_name(struct dnsmasq *w, const struct dhcp_host *h)
{
	struct str name = dhcp_short_name(h->name);

	if (!is_word(name))
		return name;
	if (!is_word(str_without_dot(h->name)))
		return str_without_dot(h->name);
	diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ h->at },
	    "%.*s: dnsmasq takes it for a word of its own, not for a name (left out)",
	    STR_FMT(name));
	return STR_NONE;
}

static void
put_host(struct dnsmasq *w, const struct dhcp_subnet *s, const struct dhcp_host *h)
{
	const char *separator = "";
	char text[IP_TEXT];
	struct str tag = STR_NONE;

	if (h->ip.n == 0)
		return;
	buf_z(w->out, "dhcp-host=");
	for (int i = 0; i < DHCP_IDS; i++) {
		if (h->id[i].n == 0 ||
		    (i == DHCP_MAC && s->prefix.family == IPV6 && h->id[DHCP_DUID].n))
			continue;
		buf_fmt(w->out, "%s%s%.*s", separator,
		    i == DHCP_MAC ? "" : "id:", STR_FMT(h->id[i]));
		separator = ",";
	}
	if (h->option.n) {
		tag = address_tag(w, "host", h->ip.v[0]);
		buf_fmt(w->out, ",set:%.*s", STR_FMT(tag));
	}
	for (size_t i = 0; i < h->ip.n; i++)
		buf_fmt(w->out, s->prefix.family == IPV6 ? ",[%s]" : ",%s",
		    ip_fmt(text, h->ip.v[i]));
	struct str name = host_name(w, h);
	if (name.n)
		buf_fmt(w->out, ",%.*s", STR_FMT(name));
	buf_char(w->out, '\n');
	if (tag.n)
		put_host_options(w, tag, s, h);
}

/* --- the whole -------------------------------------------------------- */

static void
complain(struct dnsmasq *w, const struct dhcp_subnet *s)
{
	if (s->prefix.family == IPV6 && s->prefix.len < 64)
		diag_error(w->d, s->at, "%.*s: dnsmasq serves no IPv6 prefix wider than /64",
		    STR_FMT(s->key));
	if (s->link.n)
		diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ s->at },
		    "%.*s: link=%.*s is left out: dnsmasq serves the subnets that its interface "
		    "has "
		    "an address in",
		    STR_FMT(s->key), STR_FMT(s->link));
	for (size_t i = 0; i < s->pd.n; i++)
		diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ s->pd.v[i].at },
		    "%.*s: pd= is left out: dnsmasq delegates no prefixes",
		    STR_FMT(key_fmt(w->conf->arena, s->pd.v[i].prefix, STR_NONE)));
}

/* Whether a range of the subnet itself is wanted: without one its reservations would have
 * the options of a pool. */
static bool
wants_range(const struct dhcp_subnet *s)
{
	for (size_t i = 0; i < s->pool.n; i++)
		if (s->pool.v[i].option.n)
			return true;
	return s->pool.n == 0;
}

static void
put_subnet(struct dnsmasq *w, const struct dhcp_subnet *s)
{
	complain(w, s);
	buf_fmt(w->out, "# %.*s%s%.*s\n", STR_FMT(s->key), s->name.n ? " " : "", STR_FMT(s->name));
	if (wants_range(s))
		put_range(w, s, subnet_tag(w, s), span_first(s->prefix), NULL);
	for (size_t i = 0; i < s->pool.n; i++)
		put_pool(w, s, &s->pool.v[i]);
	put_options(w, subnet_tag(w, s), &s->option, NULL);
	for (size_t i = 0; i < s->host.n; i++)
		put_host(w, s, &s->host.v[i]);
}

/* dnsmasq leases a thousand addresses and no more, unless it is told.  IPv6 pools have room
 * for everybody; as many as have an address of IPv4 may want one of theirs. */
static void
put_most(struct dnsmasq *w)
{
	enum { MOST = 1000 };
	u128 n = 0, four = 0, six = 0;

	for (size_t i = 0; i < w->conf->subnet.n; i++) {
		const struct dhcp_subnet *s = &w->conf->subnet.v[i];
		u128 *pools = s->prefix.family == IPV4 ? &four : &six;
		n += s->host.n;
		for (size_t k = 0; k < s->pool.n; k++)
			*pools += s->pool.v[k].span.last - s->pool.v[k].span.first + 1;
	}
	n += four + (six < four ? six : four);
	if (n > MOST)
		buf_fmt(w->out, "dhcp-lease-max=%llu\n",
		    (unsigned long long)(n < INT32_MAX ? n : INT32_MAX));
}

enum status
dnsmasq_dhcp_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct dhcp_wish wish = { .server = DHCP_DNSMASQ, .families = 1u << IPV4 | 1u << IPV6 };
	struct dhcp conf;
	struct dnsmasq w = { .out = text, .conf = &conf, .d = d };

	dhcp_init(&conf, q->db->env, &q->db->arena);
	dhcp_from_plan(&conf, q->db, q->rec, q->recs, &wish, d);
	buf_z(text, "# by ipam export dnsmasq-dhcp\n");
	put_most(&w);
	for (size_t i = 0; i < conf.subnet.n; i++)
		put_subnet(&w, &conf.subnet.v[i]);
	dhcp_release(&conf);
	diags_sort(d);
	return STATUS_OK;
}
