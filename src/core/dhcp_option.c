/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options that the servers have names for. */
#include "dhcp.h"

#include <stdio.h>

#include "when.h"

const char *const dhcp_server_names[DHCP_SERVERS] = { "Kea", "dhcpd", "dnsmasq" };
const char *const dhcp_id_names[DHCP_IDS] = { "mac", "duid", "client-id" };

/* A server that numbers will do for; see dhcp_option_info. */
#define SAME(name)                                                                                 \
	{                                                                                          \
		name, name, NULL                                                                   \
	}

const struct dhcp_option_info dhcp_option_table[] = {
	/* settings, and fields of the message */
	{ "lease-time", FAMILY_NONE, 0, DHCP_TIME, UINT32_MAX, "lease-time",
	    { "valid-lifetime", "default-lease-time", "" } },
	{ "interface", FAMILY_NONE, 0, DHCP_TEXT, 0, NULL, { "interface", NULL, NULL } },
	{ "next-server", IPV4, 0, DHCP_IP, 0, NULL, { "next-server", "next-server", "" } },
	{ "boot-file-name", IPV4, 0, DHCP_TEXT, 127, NULL, { "boot-file-name", "filename", "" } },
	{ "server-hostname", IPV4, 0, DHCP_TEXT, 63, NULL,
	    { "server-hostname", "server-name", "" } },
	/* DHCPv4: RFC 2132 and later */
	{ "subnet-mask", IPV4, 1, DHCP_IP, 0, NULL, { "subnet-mask", "subnet-mask", "netmask" } },
	{ "time-offset", IPV4, 2, DHCP_INT, 0, NULL,
	    { "time-offset", "time-offset", "time-offset" } },
	{ "routers", IPV4, 3, DHCP_IPS, 0, "gw", { "routers", "routers", "router" } },
	{ "time-servers", IPV4, 4, DHCP_IPS, 0, NULL, SAME("time-servers") },
	{ "name-servers", IPV4, 5, DHCP_IPS, 0, NULL,
	    { "name-servers", "ien116-name-servers", NULL } },
	{ "domain-name-servers", IPV4, 6, DHCP_IPS, 0, "nameserver",
	    { "domain-name-servers", "domain-name-servers", "dns-server" } },
	{ "log-servers", IPV4, 7, DHCP_IPS, 0, NULL,
	    { "log-servers", "log-servers", "log-server" } },
	{ "cookie-servers", IPV4, 8, DHCP_IPS, 0, NULL, SAME("cookie-servers") },
	{ "lpr-servers", IPV4, 9, DHCP_IPS, 0, NULL,
	    { "lpr-servers", "lpr-servers", "lpr-server" } },
	{ "impress-servers", IPV4, 10, DHCP_IPS, 0, NULL, SAME("impress-servers") },
	{ "resource-location-servers", IPV4, 11, DHCP_IPS, 0, NULL,
	    SAME("resource-location-servers") },
	{ "boot-size", IPV4, 13, DHCP_UINT, UINT16_MAX, NULL,
	    { "boot-size", "boot-size", "boot-file-size" } },
	{ "merit-dump", IPV4, 14, DHCP_TEXT, 255, NULL, SAME("merit-dump") },
	{ "domain-name", IPV4, 15, DHCP_NAME, 0, "domain",
	    { "domain-name", "domain-name", "domain-name" } },
	{ "swap-server", IPV4, 16, DHCP_IP, 0, NULL,
	    { "swap-server", "swap-server", "swap-server" } },
	{ "root-path", IPV4, 17, DHCP_TEXT, 255, NULL, { "root-path", "root-path", "root-path" } },
	{ "extensions-path", IPV4, 18, DHCP_TEXT, 255, NULL,
	    { "extensions-path", "extensions-path", "extension-path" } },
	{ "ip-forwarding", IPV4, 19, DHCP_BOOL, 0, NULL,
	    { "ip-forwarding", "ip-forwarding", "ip-forward-enable" } },
	{ "non-local-source-routing", IPV4, 20, DHCP_BOOL, 0, NULL,
	    { "non-local-source-routing", "non-local-source-routing",
		"non-local-source-routing" } },
	{ "max-dgram-reassembly", IPV4, 22, DHCP_UINT, UINT16_MAX, NULL,
	    { "max-dgram-reassembly", "max-dgram-reassembly", "max-datagram-reassembly" } },
	{ "default-ip-ttl", IPV4, 23, DHCP_UINT, UINT8_MAX, NULL,
	    { "default-ip-ttl", "default-ip-ttl", "default-ttl" } },
	{ "interface-mtu", IPV4, 26, DHCP_UINT, UINT16_MAX, NULL,
	    { "interface-mtu", "interface-mtu", "mtu" } },
	{ "all-subnets-local", IPV4, 27, DHCP_BOOL, 0, NULL,
	    { "all-subnets-local", "all-subnets-local", "all-subnets-local" } },
	{ "broadcast-address", IPV4, 28, DHCP_IP, 0, NULL, SAME("broadcast-address") },
	{ "perform-mask-discovery", IPV4, 29, DHCP_BOOL, 0, NULL, SAME("perform-mask-discovery") },
	{ "mask-supplier", IPV4, 30, DHCP_BOOL, 0, NULL, SAME("mask-supplier") },
	{ "router-discovery", IPV4, 31, DHCP_BOOL, 0, NULL,
	    { "router-discovery", "router-discovery", "router-discovery" } },
	{ "router-solicitation-address", IPV4, 32, DHCP_IP, 0, NULL,
	    { "router-solicitation-address", "router-solicitation-address",
		"router-solicitation" } },
	{ "trailer-encapsulation", IPV4, 34, DHCP_BOOL, 0, NULL,
	    { "trailer-encapsulation", "trailer-encapsulation", "trailer-encapsulation" } },
	{ "arp-cache-timeout", IPV4, 35, DHCP_UINT, UINT32_MAX, NULL,
	    { "arp-cache-timeout", "arp-cache-timeout", "arp-timeout" } },
	{ "ieee802-3-encapsulation", IPV4, 36, DHCP_BOOL, 0, NULL,
	    { "ieee802-3-encapsulation", "ieee802-3-encapsulation", "ethernet-encap" } },
	{ "default-tcp-ttl", IPV4, 37, DHCP_UINT, UINT8_MAX, NULL,
	    { "default-tcp-ttl", "default-tcp-ttl", "tcp-ttl" } },
	{ "tcp-keepalive-interval", IPV4, 38, DHCP_UINT, UINT32_MAX, NULL,
	    { "tcp-keepalive-interval", "tcp-keepalive-interval", "tcp-keepalive" } },
	{ "tcp-keepalive-garbage", IPV4, 39, DHCP_BOOL, 0, NULL, SAME("tcp-keepalive-garbage") },
	{ "nis-domain", IPV4, 40, DHCP_TEXT, 255, NULL,
	    { "nis-domain", "nis-domain", "nis-domain" } },
	{ "nis-servers", IPV4, 41, DHCP_IPS, 0, NULL,
	    { "nis-servers", "nis-servers", "nis-server" } },
	{ "ntp-servers", IPV4, 42, DHCP_IPS, 0, "ntp",
	    { "ntp-servers", "ntp-servers", "ntp-server" } },
	{ "vendor-encapsulated-options", IPV4, 43, DHCP_HEX, 0, NULL,
	    SAME("vendor-encapsulated-options") },
	{ "netbios-name-servers", IPV4, 44, DHCP_IPS, 0, NULL,
	    { "netbios-name-servers", "netbios-name-servers", "netbios-ns" } },
	{ "netbios-dd-server", IPV4, 45, DHCP_IPS, 0, NULL,
	    { "netbios-dd-server", "netbios-dd-server", "netbios-dd" } },
	{ "netbios-node-type", IPV4, 46, DHCP_UINT, UINT8_MAX, NULL,
	    { "netbios-node-type", "netbios-node-type", "netbios-nodetype" } },
	{ "netbios-scope", IPV4, 47, DHCP_TEXT, 255, NULL,
	    { "netbios-scope", "netbios-scope", "netbios-scope" } },
	{ "font-servers", IPV4, 48, DHCP_IPS, 0, NULL,
	    { "font-servers", "font-servers", "x-windows-fs" } },
	{ "x-display-manager", IPV4, 49, DHCP_IPS, 0, NULL,
	    { "x-display-manager", "x-display-manager", "x-windows-dm" } },
	{ "tftp-server-name", IPV4, 66, DHCP_TEXT, 255, NULL,
	    { "tftp-server-name", "tftp-server-name", "tftp-server" } },
	{ "smtp-server", IPV4, 69, DHCP_IPS, 0, NULL,
	    { "smtp-server", "smtp-server", "smtp-server" } },
	{ "pop-server", IPV4, 70, DHCP_IPS, 0, NULL,
	    { "pop-server", "pop-server", "pop3-server" } },
	{ "nntp-server", IPV4, 71, DHCP_IPS, 0, NULL,
	    { "nntp-server", "nntp-server", "nntp-server" } },
	{ "www-server", IPV4, 72, DHCP_IPS, 0, NULL, SAME("www-server") },
	{ "finger-server", IPV4, 73, DHCP_IPS, 0, NULL, SAME("finger-server") },
	{ "irc-server", IPV4, 74, DHCP_IPS, 0, NULL, { "irc-server", "irc-server", "irc-server" } },
	{ "domain-search", IPV4, 119, DHCP_NAMES, 0, NULL,
	    { "domain-search", "domain-search", "domain-search" } },
	/* DHCPv6: RFC 8415 and others */
	{ "preference", IPV6, 7, DHCP_UINT, UINT8_MAX, NULL,
	    { "preference", "dhcp6.preference", NULL } },
	{ "sip-server-dns", IPV6, 21, DHCP_NAMES, 0, NULL,
	    { "sip-server-dns", "dhcp6.sip-servers-names", "sip-server-domain" } },
	{ "sip-server-addr", IPV6, 22, DHCP_IPS, 0, NULL,
	    { "sip-server-addr", "dhcp6.sip-servers-addresses", "sip-server" } },
	{ "dns-servers", IPV6, 23, DHCP_IPS, 0, "nameserver",
	    { "dns-servers", "dhcp6.name-servers", "dns-server" } },
	{ "domain-search", IPV6, 24, DHCP_NAMES, 0, "domain",
	    { "domain-search", "dhcp6.domain-search", "domain-search" } },
	{ "nis-servers", IPV6, 27, DHCP_IPS, 0, NULL,
	    { "nis-servers", "dhcp6.nis-servers", "nis-server" } },
	{ "nisp-servers", IPV6, 28, DHCP_IPS, 0, NULL,
	    { "nisp-servers", "dhcp6.nisp-servers", "nis+-server" } },
	{ "nis-domain-name", IPV6, 29, DHCP_NAME, 0, NULL,
	    { "nis-domain-name", "dhcp6.nis-domain-name", "nis-domain" } },
	{ "nisp-domain-name", IPV6, 30, DHCP_NAME, 0, NULL,
	    { "nisp-domain-name", "dhcp6.nisp-domain-name", "nis+-domain" } },
	{ "sntp-servers", IPV6, 31, DHCP_IPS, 0, "ntp",
	    { "sntp-servers", "dhcp6.sntp-servers", "sntp-server" } },
	{ "information-refresh-time", IPV6, 32, DHCP_UINT, UINT32_MAX, NULL,
	    { "information-refresh-time", "dhcp6.info-refresh-time", "information-refresh-time" } },
	{ "bootfile-url", IPV6, 59, DHCP_TEXT, 255, NULL,
	    { "bootfile-url", "dhcp6.bootfile-url", "bootfile-url" } },
};
const size_t dhcp_option_table_len = ARRAY_LEN(dhcp_option_table);

/* --- finding ---------------------------------------------------------- */

static bool
is_of(const struct dhcp_option_info *info, enum family f)
{
	return info->family == FAMILY_NONE || info->family == f;
}

const struct dhcp_option_info *
dhcp_option_find(enum family f, struct str name)
{
	for (size_t i = 0; i < dhcp_option_table_len; i++)
		if (is_of(&dhcp_option_table[i], f) &&
		    str_eq(name, str_from(dhcp_option_table[i].name)))
			return &dhcp_option_table[i];
	return NULL;
}

const struct dhcp_option_info *
dhcp_option_spelled(enum dhcp_server s, enum family f, struct str name)
{
	for (size_t i = 0; name.n && i < dhcp_option_table_len; i++)
		if (is_of(&dhcp_option_table[i], f) &&
		    str_ieq(name, str_from(dhcp_option_table[i].spelling[s])))
			return &dhcp_option_table[i];
	return NULL;
}

const struct dhcp_option_info *
dhcp_option_coded(enum family f, uint64_t code)
{
	for (size_t i = 0; code && i < dhcp_option_table_len; i++)
		if (dhcp_option_table[i].family == f && dhcp_option_table[i].code == code)
			return &dhcp_option_table[i];
	return NULL;
}

const struct dhcp_option_info *
dhcp_option_for(enum family f, const char *attr)
{
	for (size_t i = 0; i < dhcp_option_table_len; i++)
		if (is_of(&dhcp_option_table[i], f) && dhcp_option_table[i].attr &&
		    strcmp(dhcp_option_table[i].attr, attr) == 0)
			return &dhcp_option_table[i];
	return NULL;
}

/* --- values ----------------------------------------------------------- */

static const char *
ip_value(enum family f, struct str value, char text[IP_TEXT])
{
	struct ip_error err;
	struct ip ip;

	if (!ip_parse(value, &ip, &err))
		return "an address is wanted";
	if (ip.family != f)
		return f == IPV4 ? "an IPv4 address is wanted" : "an IPv6 address is wanted";
	ip_fmt(text, ip);
	return NULL;
}

static const char *
domain_value(struct str value)
{
	return host_is_publishable(value) ? NULL : "a domain is wanted";
}

/* A list: each member trimmed and, if it is an address, in canonical form. */
static const char *
list_value(const struct dhcp_option_info *info, enum family f, struct str value, struct arena *a,
    struct str *out)
{
	struct str rest = value, member, list = STR_NONE;
	char text[IP_TEXT];

	while (str_next(&rest, ',', &member)) {
		member = str_trim(member);
		const char *fault =
		    info->type == DHCP_IPS ? ip_value(f, member, text) : domain_value(member);
		if (fault)
			return fault;
		if (info->type == DHCP_IPS)
			member = str_from(text);
		else if (member.p[member.n - 1] == '.')
			member.n--;
		list =
		    arena_fmt(a, "%.*s%s%.*s", STR_FMT(list), list.n ? "," : "", STR_FMT(member));
	}
	*out = list;
	return list.n ? NULL : "a list is wanted";
}

static const char *
text_value(const struct dhcp_option_info *info, struct str value)
{
	if (info->max && value.n > info->max)
		return "too long for its field";
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
			return "a control character";
	return NULL;
}

static const char *
number_value(const struct dhcp_option_info *info, struct str value, struct arena *a,
    struct str *out)
{
	bool minus = info->type == DHCP_INT && value.n && value.p[0] == '-';
	uint64_t max = info->type == DHCP_INT ? (uint64_t)INT32_MAX + minus : info->max, number;

	if (!str_uint(str_cut(value, minus, value.n), max, &number))
		return "a number in its bounds is wanted";
	*out = arena_fmt(a, "%s%llu", minus && number ? "-" : "", (unsigned long long)number);
	return NULL;
}

static const char *
bool_value(struct str value, struct str *out)
{
	static const char *const words[] = { "true", "yes", "on", "1", "false", "no", "off", "0" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_ieq(value, str_from(words[i])))
			continue;
		*out = i < ARRAY_LEN(words) / 2 ? STR("true") : STR("false");
		return NULL;
	}
	return "true or false is wanted";
}

static const char *
time_value(struct str value, struct arena *a, struct str *out)
{
	int64_t seconds;
	uint64_t number;

	if (str_uint(value, UINT32_MAX, &number))
		seconds = (int64_t)number;
	else if (!duration_parse(value, &seconds) || seconds > UINT32_MAX)
		return "a duration of at most 136 years is wanted";
	*out = arena_fmt(a, "%llu", (unsigned long long)seconds);
	return seconds ? NULL : "a duration is wanted";
}

static const char *
hex_value(struct str value, struct arena *a, struct str *out)
{
	static const struct attr_info octets = { .type = VALUE_HEX, .min = 1, .max = 255 };
	char why[SCHEMA_WHY];

	*out = schema_canonical(&octets, value, a);
	return schema_value_fault(&octets, *out, why) ? "1 to 255 octets in hexadecimal are wanted"
	                                              : NULL;
}

const char *
dhcp_option_value(const struct dhcp_option_info *info, enum family f, struct str value,
    struct arena *a, struct str *out)
{
	char text[IP_TEXT];
	const char *fault = NULL;

	*out = value = str_trim(value);
	if (value.n == 0)
		return "a value is wanted";
	switch (info->type) {
	case DHCP_IP:
		fault = ip_value(f, value, text);
		*out = fault ? value : arena_str(a, str_from(text));
		return fault;
	case DHCP_IPS:
	case DHCP_NAMES: return list_value(info, f, value, a, out);
	case DHCP_TEXT: return text_value(info, value);
	case DHCP_NAME:
		if (value.n > 1 && value.p[value.n - 1] == '.')
			out->n--;
		return domain_value(value);
	case DHCP_UINT:
	case DHCP_INT: return number_value(info, value, a, out);
	case DHCP_BOOL: return bool_value(value, out);
	case DHCP_HEX: return hex_value(value, a, out);
	case DHCP_TIME: return time_value(value, a, out);
	}
	return NULL;
}

/* --- lists of options ------------------------------------------------- */

void
dhcp_option_set(const struct env *env, dhcp_options *o, const struct dhcp_option_info *info,
    struct str value, const char *at)
{
	struct dhcp_option option = { info, value, at };

	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].info != info)
			continue;
		o->v[i] = option;
		return;
	}
	vec_push(env, o, option);
}

const struct dhcp_option *
dhcp_option_get(const dhcp_options *o, const struct dhcp_option_info *info)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].info == info)
			return &o->v[i];
	return NULL;
}
