/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A configuration for Kea, whole or as the list of its subnets: strict JSON,
 * although Kea takes more, because others read it, too.
 *
 * Whether a reserved address lies in a pool is said of each subnet: with
 * reservations-out-of-pool, Kea would not look at such a reservation.
 */
#include "dhcp_parts.h"
#include "json_write.h"

#include "core/hex.h"

struct kea {
	struct json_writer j;
	struct dhcp *conf;
	struct diags *d;
	enum family family;
};

/* --- options ---------------------------------------------------------- */

/* What Kea would take apart, or take blanks off. */
static bool
is_tricky(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (memchr(",\\'\"", value.p[i], 4))
			return true;
	return value.n &&
	       (value.p[0] == ' ' || value.p[value.n - 1] == ' ' || str_starts(value, STR("0x")));
}

static struct str
without_colons(struct kea *k, struct str value)
{
	char *p = arena_alloc(k->conf->arena, value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != ':')
			p[n++] = value.p[i];
	return (struct str){ p, n };
}

static struct str
spaced(struct kea *k, struct str list)
{
	struct str member, out = STR_NONE;

	while (str_next(&list, ',', &member))
		out = arena_fmt(k->conf->arena, "%.*s%s%.*s", STR_FMT(out), out.n ? ", " : "",
		    STR_FMT(member));
	return out;
}

static void
put_option_data(struct kea *k, const struct dhcp_option *o)
{
	bool is_text = o->info->type == DHCP_TEXT && is_tricky(o->value),
	     is_raw = is_text || o->info->type == DHCP_HEX;
	struct str data = is_text  ? without_colons(k, hex_fmt(k->conf->arena, o->value))
	                  : is_raw ? without_colons(k, o->value)
	                           : spaced(k, o->value);

	if (o->info->type == DHCP_TEXT && !is_text)
		data = o->value;
	json_line(&k->j, NULL, '{');
	json_str(&k->j, "name", str_from(o->info->spelling[DHCP_KEA]));
	if (is_raw)
		json_bool(&k->j, "csv-format", false);
	json_str(&k->j, "data", data);
	json_close(&k->j, '}');
}

static void
put_field(struct kea *k, const struct dhcp_option *o)
{
	uint64_t seconds;

	if (o->info->type != DHCP_TIME) {
		json_str(&k->j, o->info->spelling[DHCP_KEA], o->value);
		return;
	}
	str_uint(o->value, UINT64_MAX, &seconds);
	json_uint(&k->j, o->info->spelling[DHCP_KEA], seconds);
	if (k->family == IPV6)
		json_uint(&k->j, "preferred-lifetime", seconds / 8 * 5 + seconds % 8 * 5 / 8);
}

enum owner { OF_SUBNET, OF_POOL, OF_HOST };

/* Kea has fields for subnets, fewer for reservations, none for pools. */
static bool
is_field_of(const struct dhcp_option_info *info, enum owner owner)
{
	return owner == OF_SUBNET || (owner == OF_HOST && info->family != FAMILY_NONE);
}

static void
put_fields(struct kea *k, const dhcp_options *o, enum owner owner)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].info->code)
			continue;
		if (is_field_of(o->v[i].info, owner))
			put_field(k, &o->v[i]);
		else
			diag_error(k->d, o->v[i].at, "option.%s: Kea takes it on a subnet%s",
			    o->v[i].info->name,
			    o->v[i].info->family ? " or an address, not on a pool" : " alone");
	}
}

static void
put_options(struct kea *k, const dhcp_options *o, enum owner owner)
{
	bool has_data = false;

	put_fields(k, o, owner);
	for (size_t i = 0; i < o->n; i++)
		has_data |= o->v[i].info->code != 0;
	if (!has_data)
		return;
	json_open(&k->j, "option-data", '[');
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].info->code)
			put_option_data(k, &o->v[i]);
	json_close(&k->j, ']');
}

/* --- the parts of a subnet -------------------------------------------- */

static void
put_name(struct kea *k, struct str name)
{
	if (name.n == 0)
		return;
	json_line(&k->j, "user-context", '{');
	json_open(&k->j, "ipam", '{');
	json_str(&k->j, "name", name);
	json_close(&k->j, '}');
	json_close(&k->j, '}');
}

static void
put_pool(struct kea *k, const struct dhcp_pool *pool)
{
	char first[IP_TEXT], last[IP_TEXT];

	(pool->option.n ? json_open : json_line)(&k->j, NULL, '{');
	json_str(&k->j, "pool",
	    arena_fmt(k->conf->arena, "%s - %s", ip_fmt(first, span_first(pool->span)),
		ip_fmt(last, span_last(pool->span))));
	put_name(k, pool->name);
	put_options(k, &pool->option, OF_POOL);
	json_close(&k->j, '}');
}

static void
put_pd(struct kea *k, const struct dhcp_pd *pd)
{
	char text[IP_TEXT];

	json_line(&k->j, NULL, '{');
	json_str(&k->j, "prefix", str_from(ip_fmt(text, span_first(pd->prefix))));
	json_uint(&k->j, "prefix-len", (uint64_t)pd->prefix.len);
	json_uint(&k->j, "delegated-len", (uint64_t)pd->len);
	put_name(k, pd->name);
	json_close(&k->j, '}');
}

static void
put_leases(struct kea *k, const struct dhcp_host *h)
{
	char text[SPAN_TEXT];

	if (k->family == IPV4) {
		json_str(&k->j, "ip-address", str_from(ip_fmt(text, h->ip.v[0])));
		return;
	}
	if (h->ip.n) {
		json_open(&k->j, "ip-addresses", '[');
		for (size_t i = 0; i < h->ip.n; i++)
			json_str(&k->j, NULL, str_from(ip_fmt(text, h->ip.v[i])));
		json_close(&k->j, ']');
	}
	if (h->prefix.n) {
		json_open(&k->j, "prefixes", '[');
		for (size_t i = 0; i < h->prefix.n; i++)
			json_str(&k->j, NULL, str_from(span_fmt(text, h->prefix.v[i])));
		json_close(&k->j, ']');
	}
}

static void
put_host(struct kea *k, const struct dhcp_host *h)
{
	static const char *const names[] = { "hw-address", "duid", "client-id" };
	enum dhcp_id id = dhcp_best_id(h, k->family);

	(h->option.n ? json_open : json_line)(&k->j, NULL, '{');
	json_str(&k->j, names[id], h->id[id]);
	put_leases(k, h);
	if (h->name.n)
		json_str(&k->j, "hostname", str_without_dot(h->name));
	put_options(k, &h->option, OF_HOST);
	json_close(&k->j, '}');
}

static bool
is_in_pool(const struct dhcp_subnet *s)
{
	for (size_t i = 0; i < s->host.n; i++) {
		for (size_t n = 0; n < s->host.v[i].ip.n; n++)
			if (dhcp_in_pool(s, s->host.v[i].ip.v[n]))
				return true;
		for (size_t n = 0; n < s->host.v[i].prefix.n; n++)
			for (size_t p = 0; p < s->pd.n; p++)
				if (span_meets(s->pd.v[p].prefix, s->host.v[i].prefix.v[n]))
					return true;
	}
	return false;
}

static void
put_subnet(struct kea *k, const struct dhcp_subnet *s)
{
	char text[SPAN_TEXT];

	json_open(&k->j, NULL, '{');
	json_uint(&k->j, "id", s->id);
	json_str(&k->j, "subnet", str_from(span_fmt(text, s->prefix)));
	put_name(k, s->name);
	put_options(k, &s->option, OF_SUBNET);
	if (s->pool.n) {
		json_open(&k->j, "pools", '[');
		for (size_t i = 0; i < s->pool.n; i++)
			put_pool(k, &s->pool.v[i]);
		json_close(&k->j, ']');
	}
	if (s->pd.n) {
		json_open(&k->j, "pd-pools", '[');
		for (size_t i = 0; i < s->pd.n; i++)
			put_pd(k, &s->pd.v[i]);
		json_close(&k->j, ']');
	}
	if (s->host.n) {
		json_bool(&k->j, "reservations-out-of-pool", !is_in_pool(s));
		json_open(&k->j, "reservations", '[');
		for (size_t i = 0; i < s->host.n; i++)
			put_host(k, &s->host.v[i]);
		json_close(&k->j, ']');
	}
	json_close(&k->j, '}');
}

/* --- the whole -------------------------------------------------------- */

/* The subnets of one link, or those of none. */
static void
put_subnets(struct kea *k, const char *name, struct str link)
{
	json_open(&k->j, name, '[');
	for (size_t i = 0; i < k->conf->subnet.n; i++)
		if (str_ieq(k->conf->subnet.v[i].link, link))
			put_subnet(k, &k->conf->subnet.v[i]);
	json_close(&k->j, ']');
}

/* Whether an earlier subnet has the same link. */
static bool
is_put(const struct kea *k, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(k->conf->subnet.v[i].link, k->conf->subnet.v[n].link))
			return true;
	return false;
}

static void
put_links(struct kea *k, const char *subnets)
{
	bool has_links = false;

	for (size_t i = 0; i < k->conf->subnet.n; i++) {
		struct str link = k->conf->subnet.v[i].link;
		if (link.n == 0 || is_put(k, i))
			continue;
		if (!has_links)
			json_open(&k->j, "shared-networks", '[');
		has_links = true;
		json_open(&k->j, NULL, '{');
		json_str(&k->j, "name", link);
		put_subnets(k, subnets, link);
		json_close(&k->j, '}');
	}
	if (has_links)
		json_close(&k->j, ']');
}

static void
put_whole(struct kea *k, const char *server, const char *subnets)
{
	json_open(&k->j, NULL, '{');
	json_open(&k->j, server, '{');
	json_line(&k->j, "interfaces-config", '{');
	json_open(&k->j, "interfaces", '[');
	json_str(&k->j, NULL, STR("*"));
	json_close(&k->j, ']');
	json_close(&k->j, '}');
	json_line(&k->j, "lease-database", '{');
	json_str(&k->j, "type", STR("memfile"));
	json_close(&k->j, '}');
	put_links(k, subnets);
	put_subnets(k, subnets, STR_NONE);
	json_close(&k->j, '}');
	json_close(&k->j, '}');
}

static void
check_fragment(struct kea *k)
{
	for (size_t i = 0; i < k->conf->subnet.n; i++) {
		const struct dhcp_subnet *s = &k->conf->subnet.v[i];
		if (s->link.n == 0)
			continue;
		diag_error(k->d, s->at, "%.*s: link=%.*s: a list of subnets has no shared networks",
		    STR_FMT(s->key), STR_FMT(s->link));
		diag_hint(k->d,
		    "without --fragment, or with the SELECT link= for those that share none");
	}
}

static enum status
write_kea(const struct format_request *q, struct buf *text, struct diags *d, enum family family)
{
	struct dhcp_wish wish = { .server = DHCP_KEA, .families = 1u << family };
	const char *subnets = family == IPV4 ? "subnet4" : "subnet6";
	struct dhcp conf;
	struct kea k = { .j = { .out = text }, .conf = &conf, .d = d, .family = family };
	struct str value;

	dhcp_init(&conf, q->db->env, &q->db->arena);
	dhcp_from_plan(&conf, q->db, q->rec, q->recs, &wish, d);
	if (format_option(q, "fragment", &value)) {
		check_fragment(&k);
		put_subnets(&k, NULL, STR_NONE);
	} else {
		put_whole(&k, family == IPV4 ? "Dhcp4" : "Dhcp6", subnets);
	}
	dhcp_release(&conf);
	diags_sort(d);
	return STATUS_OK;
}

enum status
kea4_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	return write_kea(q, text, d, IPV4);
}

enum status
kea6_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	return write_kea(q, text, d, IPV6);
}
