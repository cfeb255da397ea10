/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kea's configuration: Dhcp4, Dhcp6, a list of subnets, or the answer to config-get.
 *
 * What is said of all subnets, or of those of a shared network, is said of each.
 */
#if WITH_JSON
#include "dhcp_parts.h"
#include "json_read.h"

struct kea {
	struct dhcp *conf;
	struct facts *facts;
	struct diags *d;
	enum family family;
};

/* --- what is left out ------------------------------------------------- */

static bool
is_empty(const struct json_value *v)
{
	static const char *const words[] = { "", "0", "0.0.0.0", "false", "null", "0.0" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (v->kind != JSON_LIST && v->kind != JSON_MEMBERS &&
		    str_eq(v->text, str_from(words[i])))
			return true;
	return (v->kind == JSON_LIST || v->kind == JSON_MEMBERS) && !v->child;
}

static bool
is_among(struct str name, const char *words)
{
	struct str rest = str_from(words), word;

	while (str_next(&rest, ' ', &word))
		if (str_eq(name, word))
			return true;
	return false;
}

/* Says which members have no place in a plan; known ones, and the server's own affairs, apart. */
static void
report_others(struct kea *k, const struct json_value *v, const char *known)
{
	static const char *const affairs =
	    "comment interfaces-config lease-database hosts-database hosts-databases "
	    "control-socket control-sockets loggers expired-leases-processing dhcp-queue-control "
	    "multi-threading sanity-checks server-id dhcp-ddns config-control "
	    "host-reservation-identifiers reservations-global reservations-in-subnet "
	    "reservations-out-of-pool reservation-mode reservations-lookup-first "
	    "preferred-lifetime min-valid-lifetime max-valid-lifetime min-preferred-lifetime "
	    "max-preferred-lifetime renew-timer rebind-timer calculate-tee-times t1-percent "
	    "t2-percent cache-threshold cache-max-age store-extended-info echo-client-id "
	    "match-client-id authoritative decline-probation-period dhcp4o6-port "
	    "hostname-char-set hostname-char-replacement ip-reservations-unique "
	    "statistic-default-sample-age "
	    "statistic-default-sample-count early-global-reservations-lookup "
	    "parked-packet-limit compatibility allocator pd-allocator mac-sources "
	    "relay-supplied-options data-directory server-tag hash 4o6-interface "
	    "4o6-interface-id 4o6-subnet rapid-commit";

	for (const struct json_value *m = v->child; m; m = m->next)
		if (!is_among(m->name, known) && !is_among(m->name, affairs) && !is_empty(m) &&
		    !str_starts(m->name, STR("ddns-")))
			facts_other(k->facts, m->at, "%.*s: a plan does not hold it",
			    STR_FMT(m->name));
}

/* The items of a member that must be a list, if it is there. */
static const struct json_value *
items(struct kea *k, const struct json_value *v, const char *name)
{
	const struct json_value *list = json_member(v, name);

	if (!list || list->kind == JSON_LIST)
		return list ? list->child : NULL;
	if (!is_empty(list))
		diag_error(k->d, list->at, "%s: a list is wanted", name);
	return NULL;
}

/* --- options ---------------------------------------------------------- */

static int
digit(char c)
{
	int l = ascii_lower(c);

	return ascii_digit(l) ? l - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* Octets in hexadecimal as text; what is none as it is. */
static struct str
from_hex(struct kea *k, struct str hex)
{
	char *p = arena_alloc(k->conf->arena, hex.n + 1);
	size_t n = 0, digits = 0;
	int high = 0;

	for (size_t i = str_starts(hex, STR("0x")) ? 2 : 0; i < hex.n; i++) {
		int d = digit(hex.p[i]);
		if (d < 0 && memchr(": ", hex.p[i], 2))
			continue;
		if (d < 0)
			return hex;
		if (digits++ % 2)
			p[n++] = (char)(high << 4 | d);
		high = d;
	}
	return digits % 2 ? hex : (struct str){ p, n };
}

static struct str
to_hex(struct kea *k, struct str text)
{
	char *p = arena_alloc(k->conf->arena, text.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (i)
			p[n++] = ':';
		p[n++] = "0123456789abcdef"[(unsigned char)text.p[i] >> 4];
		p[n++] = "0123456789abcdef"[(unsigned char)text.p[i] & 15];
	}
	return (struct str){ p, n };
}

/* The value with Kea's own quoting undone: 'text', \, in texts. */
static struct str
option_text(struct kea *k, const struct dhcp_option_info *info, struct str data, bool is_csv)
{
	bool is_quoted = data.n > 1 && data.p[0] == '\'' && data.p[data.n - 1] == '\'';
	char *p;
	size_t n = 0;

	if (is_quoted && !is_csv)
		data = str_cut(data, 1, data.n - 1);
	if (info->type == DHCP_HEX)
		return is_quoted                     ? to_hex(k, data)
		       : str_starts(data, STR("0x")) ? str_cut(data, 2, data.n)
		                                     : data;
	if (!is_csv)
		return is_quoted ? data : from_hex(k, data);
	p = arena_alloc(k->conf->arena, data.n + 1);
	for (size_t i = 0; i < data.n; i++)
		if (data.p[i] != '\\' || i + 1 == data.n || data.p[i + 1] != ',')
			p[n++] = data.p[i];
	return (struct str){ p, n };
}

static void
set_option(struct kea *k, dhcp_options *o, const struct dhcp_option_info *info, struct str value,
    const char *at)
{
	struct str out;
	const char *fault = dhcp_option_value(info, k->family, value, k->conf->arena, &out);

	if (fault)
		facts_other(k->facts, at, "%s: %.*s: %s", info->name, STR_FMT(value), fault);
	else
		dhcp_option_set(k->conf->env, o, info, out, at);
}

static void
read_option(struct kea *k, const struct json_value *v, dhcp_options *o)
{
	const struct json_value *name = json_member(v, "name"), *code = json_member(v, "code"),
				*data = json_member(v, "data"), *csv = json_member(v, "csv-format"),
				*space = json_member(v, "space");
	const struct dhcp_option_info *info = NULL;
	uint64_t number = 0;

	bool is_standard = !space || space->text.n == 0 ||
	                   str_eq(space->text, k->family == IPV4 ? STR("dhcp4") : STR("dhcp6"));
	if (is_standard && name && name->text.n)
		info = dhcp_option_spelled(DHCP_KEA, k->family, name->text);
	else if (is_standard && code && str_uint(code->text, UINT16_MAX, &number))
		info = dhcp_option_coded(k->family, number);
	if (!info || !data || !info->code) {
		facts_other(k->facts, v->at,
		    "option %.*s: a plan has no name for it, or no value is there",
		    STR_FMT(name   ? name->text
			    : code ? code->text
				   : STR_NONE));
		return;
	}
	bool is_csv = info->type != DHCP_HEX && (!csv || str_eq(csv->text, STR("true")));
	set_option(k, o, info, option_text(k, info, data->text, is_csv), data->at);
}

static void
read_options(struct kea *k, const struct json_value *v, dhcp_options *o)
{
	for (const struct json_value *m = items(k, v, "option-data"); m; m = m->next)
		read_option(k, m, o);
	for (size_t i = 0; i < dhcp_option_table_len; i++) {
		const struct dhcp_option_info *info = &dhcp_option_table[i];
		const struct json_value *field =
		    info->code ? NULL : json_member(v, info->spelling[DHCP_KEA]);
		if (field && !is_empty(field) &&
		    (info->family == FAMILY_NONE || info->family == k->family))
			set_option(k, o, info, field->text, field->at);
	}
}

/* What holds around a subnet and is not said in it. */
static void
inherit(struct kea *k, dhcp_options *o, const dhcp_options *around)
{
	for (size_t i = 0; i < around->n; i++)
		if (!dhcp_option_get(o, around->v[i].info))
			vec_push(k->conf->env, o, around->v[i]);
}

/* --- pools ------------------------------------------------------------ */

static struct str
user_name(const struct json_value *v)
{
	const struct json_value *name =
	    json_member(json_member(json_member(v, "user-context"), "ipam"), "name");

	return name ? name->text : STR_NONE;
}

static bool
pool_span(struct str text, enum family f, struct span *out)
{
	size_t dash = str_find(text, '-');
	struct ip first, last;

	if (dash == text.n)
		return prefix_parse(str_trim(text), out, NULL) && out->family == f;
	if (!ip_parse(str_trim(str_cut(text, 0, dash)), &first, NULL) ||
	    !ip_parse(str_trim(str_cut(text, dash + 1, text.n)), &last, NULL) ||
	    first.family != f || last.family != f || first.v > last.v)
		return false;
	*out = span_range(first, last);
	return true;
}

static void
read_pool(struct kea *k, struct dhcp_subnet *s, const struct json_value *v)
{
	const struct json_value *text = json_member(v, "pool");
	struct span span;

	if (!text || !pool_span(text->text, k->family, &span)) {
		diag_error(k->d, text ? text->at : v->at,
		    "%.*s: a pool is written FIRST - LAST or PREFIX",
		    STR_FMT(text ? text->text : STR_NONE));
		return;
	}
	struct dhcp_pool *pool = dhcp_add_pool(k->conf, s, span, text->at);
	pool->name = user_name(v);
	read_options(k, v, &pool->option);
	report_others(k, v, "pool user-context option-data");
}

static void
read_pd(struct kea *k, struct dhcp_subnet *s, const struct json_value *v)
{
	const struct json_value *prefix = json_member(v, "prefix"),
				*len = json_member(v, "prefix-len"),
				*delegated = json_member(v, "delegated-len");
	uint64_t bits = 0, part = 0;
	struct ip ip;

	if (!prefix || !len || !delegated || !ip_parse(prefix->text, &ip, NULL) ||
	    ip.family != IPV6 || !str_uint(len->text, 128, &bits) ||
	    !str_uint(delegated->text, 128, &part) || part < bits) {
		diag_error(k->d, v->at,
		    "a pool of prefixes has prefix, prefix-len and delegated-len");
		return;
	}
	struct dhcp_pd pd = { span_prefix(ip, (int)bits), user_name(v), (int)part, v->at };
	vec_push(k->conf->env, &s->pd, pd);
	report_others(k, v, "prefix prefix-len delegated-len user-context");
}

/* --- reservations ----------------------------------------------------- */

static struct str
client_id(struct kea *k, struct str text)
{
	static const struct attr_info octets = { .type = VALUE_HEX };

	if (text.n > 1 && text.p[0] == '\'' && text.p[text.n - 1] == '\'')
		return to_hex(k, str_cut(text, 1, text.n - 1));
	if (str_starts(text, STR("0x")))
		text = str_cut(text, 2, text.n);
	return schema_canonical(&octets, text, k->conf->arena);
}

static bool
read_ids(struct kea *k, const struct json_value *v, struct dhcp_host *h)
{
	const struct json_value *mac = json_member(v, "hw-address"), *duid = json_member(v, "duid"),
				*client = json_member(v, "client-id");
	unsigned char octets[6];
	char text[MAC_TEXT];

	if (mac && !mac_parse(mac->text, octets)) {
		diag_error(k->d, mac->at, "%.*s: a hw-address is written 52:54:00:12:34:56",
		    STR_FMT(mac->text));
		return false;
	}
	if (mac)
		h->id[DHCP_MAC] = arena_str(k->conf->arena, str_from(mac_fmt(text, octets)));
	if (duid)
		h->id[DHCP_DUID] = client_id(k, duid->text);
	if (client)
		h->id[DHCP_CLIENT_ID] = client_id(k, client->text);
	if (!mac && !duid && !client)
		facts_other(k->facts, v->at,
		    "a reservation by none of hw-address, duid and client-id");
	return mac || duid || client;
}

static void
read_address(struct kea *k, struct dhcp_host *h, const struct json_value *v)
{
	struct ip_error err;
	struct ip ip;

	if (ip_parse(v->text, &ip, &err) && ip.family == k->family)
		vec_push(k->conf->env, &h->ip, ip);
	else
		diag_error(k->d, v->at, "%.*s: no IPv%d address", STR_FMT(v->text), k->family);
}

static void
read_prefix(struct kea *k, struct dhcp_host *h, const struct json_value *v)
{
	struct span span;

	if (prefix_parse(v->text, &span, NULL) && span.family == IPV6)
		vec_push(k->conf->env, &h->prefix, span);
	else
		diag_error(k->d, v->at, "%.*s: no IPv6 prefix", STR_FMT(v->text));
}

/* A name with a dot in it is complete. */
static struct str
complete(struct kea *k, struct str name)
{
	if (name.n == 0 || str_find(name, '.') == name.n || name.p[name.n - 1] == '.')
		return name;
	return arena_join(k->conf->arena, name, STR("."), STR_NONE);
}

static void
read_reservation(struct kea *k, struct dhcp_subnet *s, const struct json_value *v)
{
	const struct json_value *one = json_member(v, "ip-address"),
				*name = json_member(v, "hostname");
	struct dhcp_host host = { .at = v->at }, *h;

	if (!read_ids(k, v, &host))
		return;
	h = dhcp_add_host(k->conf, s, v->at);
	*h = host;
	if (one && !is_empty(one))
		read_address(k, h, one);
	for (const struct json_value *m = items(k, v, "ip-addresses"); m; m = m->next)
		read_address(k, h, m);
	for (const struct json_value *m = items(k, v, "prefixes"); m; m = m->next)
		read_prefix(k, h, m);
	if (name)
		h->name = complete(k, name->text);
	if (h->ip.n == 0 && h->prefix.n == 0 && s != &k->conf->stray)
		facts_other(k->facts, v->at, "a reservation without an address");
	read_options(k, v, &h->option);
	report_others(k, v,
	    "hw-address duid client-id ip-address ip-addresses prefixes hostname option-data "
	    "next-server boot-file-name server-hostname user-context");
}

/* --- subnets ---------------------------------------------------------- */

static void
read_list(struct kea *k, struct dhcp_subnet *s, const struct json_value *m,
    void (*read)(struct kea *k, struct dhcp_subnet *s, const struct json_value *v))
{
	for (; m; m = m->next)
		read(k, s, m);
}

/* 0 is Kea's own choice. */
static void
read_id(struct kea *k, struct dhcp_subnet *s, const struct json_value *id)
{
	uint64_t number;

	if (id && str_uint(id->text, UINT32_MAX - 1, &number))
		s->id = (uint32_t)number;
	else if (id)
		facts_other(k->facts, id->at, "id: %.*s: a number from 1 to 4294967294 is wanted",
		    STR_FMT(id->text));
}

static void
read_subnet(struct kea *k, const struct json_value *v, struct str link, const dhcp_options *around)
{
	const struct json_value *prefix = json_member(v, "subnet");
	struct ip_error err = { .host_bits = false };
	struct span span;

	bool ok = prefix && prefix_parse(prefix->text, &span, &err);
	if (!ok && !err.host_bits) {
		diag_error(k->d, prefix ? prefix->at : v->at, "%.*s: %s",
		    STR_FMT(prefix ? prefix->text : STR("a subnet")),
		    prefix ? err.why : "has no \"subnet\"");
		return;
	}
	if (span.family != k->family) {
		diag_error(k->d, prefix->at, "%.*s: no IPv%d prefix", STR_FMT(prefix->text),
		    k->family);
		return;
	}
	struct dhcp_subnet *s = dhcp_add_subnet(k->conf, span, prefix->at);
	s->link = link;
	s->name = user_name(v);
	read_id(k, s, json_member(v, "id"));
	read_options(k, v, &s->option);
	inherit(k, &s->option, around);
	read_list(k, s, items(k, v, "pools"), read_pool);
	read_list(k, s, items(k, v, "pd-pools"), read_pd);
	read_list(k, s, items(k, v, "reservations"), read_reservation);
	report_others(k, v,
	    "subnet id user-context pools pd-pools option-data reservations valid-lifetime "
	    "interface "
	    "next-server boot-file-name server-hostname");
}

static const char *
subnets_of(const struct kea *k)
{
	return k->family == IPV4 ? "subnet4" : "subnet6";
}

static void
read_subnets(struct kea *k, const struct json_value *m, struct str link, const dhcp_options *around)
{
	for (; m; m = m->next)
		read_subnet(k, m, link, around);
}

static void
read_link(struct kea *k, const struct json_value *v, const dhcp_options *around)
{
	const struct json_value *name = json_member(v, "name");
	dhcp_options all = { 0 };

	read_options(k, v, &all);
	inherit(k, &all, around);
	read_subnets(k, items(k, v, subnets_of(k)), name ? name->text : STR_NONE, &all);
	report_others(k, v,
	    "name subnet4 subnet6 option-data valid-lifetime interface next-server boot-file-name "
	    "server-hostname user-context");
	vec_release(&all);
}

static void
read_server(struct kea *k, const struct json_value *v, enum family family)
{
	dhcp_options all = { 0 };

	k->family = family;
	k->conf->families |= 1u << family;
	if (v->kind != JSON_MEMBERS) {
		diag_error(k->d, v->at, "%.*s: { } is wanted", STR_FMT(v->name));
		return;
	}
	read_options(k, v, &all);
	for (const struct json_value *m = items(k, v, "shared-networks"); m; m = m->next)
		read_link(k, m, &all);
	read_subnets(k, items(k, v, subnets_of(k)), STR_NONE, &all);
	read_list(k, &k->conf->stray, items(k, v, "reservations"), read_reservation);
	report_others(k, v,
	    "shared-networks subnet4 subnet6 option-data valid-lifetime reservations next-server "
	    "boot-file-name server-hostname");
	vec_release(&all);
}

/* A list of subnets is of the family of its first. */
static void
read_fragment(struct kea *k, const struct json_value *v)
{
	const dhcp_options none = { 0 };
	const struct json_value *prefix = json_member(v->child, "subnet");

	k->family = prefix && str_find(prefix->text, ':') < prefix->text.n ? IPV6 : IPV4;
	k->conf->families |= 1u << k->family;
	read_subnets(k, v->child, STR_NONE, &none);
}

void
kea_conf(const struct format_input *in, struct dhcp *conf, struct facts *facts, struct diags *d)
{
	struct kea k = { .conf = conf, .facts = facts, .d = d };
	const struct json_value *v = json_read(in, conf->env, conf->arena, d);

	if (!v)
		return;
	if (v->kind == JSON_LIST && json_member(v->child, "arguments"))
		v = v->child;
	if (json_member(v, "arguments"))
		v = json_member(v, "arguments");
	const struct json_value *four = json_member(v, "Dhcp4"), *six = json_member(v, "Dhcp6");
	if (four)
		read_server(&k, four, IPV4);
	if (six)
		read_server(&k, six, IPV6);
	if (v->kind == JSON_LIST)
		read_fragment(&k, v);
	else if (!four && !six)
		diag_error(k.d, v->at, "neither \"Dhcp4\" nor \"Dhcp6\", and no list of subnets");
}

void
kea_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	dhcp_read(in, facts, d, kea_conf);
}

#endif
