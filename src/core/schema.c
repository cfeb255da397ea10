/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"

#include <stdio.h>

#include "text.h"
#include "when.h"

static const char *const words_address_status[] = { "used", "reserved", "deprecated", "quarantine",
	NULL };
static const char *const words_subnet_status[] = { "active", "container", "reserved", "deprecated",
	NULL };
static const char *const words_dns[] = { "both", "forward", "reverse", "none", NULL };
static const char *const words_role[] = { "pool", "dhcp", "reserved", NULL };
static const char *const words_strategy[] = { "first", "last", "random", "sparse", NULL };
static const char *const words_fit[] = { "best", "first", "sparse", NULL };
static const char *const words_usable[] = { "all", NULL };
static const char *const words_yes_no[] = { "yes", "no", NULL };

enum { SN = K_SUBNET, RG = K_RANGE, AD = K_ADDRESS, OB = K_OBJECT };

const struct attr_info attr_table[] = {
	{ "name", SN | RG, NULL, VALUE_NAME, .own = true,
	    .help = "a handle to use in place of the key" },
	{ "host", AD, NULL, VALUE_HOSTS, .own = true, .help = "DNS host names" },
	{ "alias", AD, NULL, VALUE_HOSTS, .own = true,
	    .help = "further names, CNAMEs to the first host" },
	{ "dns", SN | AD, NULL, VALUE_WORDS, words_dns, "both", .help = "what is published" },
	{ "view", SN | AD, NULL, VALUE_LIST, .help = "the views in which it is published" },
	{ "domain", SN | AD, NULL, VALUE_DOMAIN, .help = "the domain of relative hosts" },
	{ "reverse", SN, NULL, VALUE_DOMAIN, .help = "the zone that its PTRs go to" },
	{ "ttl", SN | AD, NULL, VALUE_UINT, .max = 2147483647,
	    .help = "seconds, of its DNS records" },
	{ "mac", AD | SN, NULL, VALUE_MAC, .own = true, .help = "hardware address" },
	{ "duid", AD | SN, NULL, VALUE_HEX, .own = true, .min = 3, .max = 130,
	    .help = "DHCPv6 client identifier" },
	{ "client-id", AD | SN, NULL, VALUE_HEX, .own = true, .min = 2, .max = 255,
	    .help = "DHCPv4 client identifier" },
	{ "node", AD, NULL, VALUE_LIST, .own = true, .help = "the devices that carry the address" },
	{ "status", AD, NULL, VALUE_WORDS, words_address_status, "used", true,
	    .help = "what the address is" },
	{ "status", SN, NULL, VALUE_WORDS, words_subnet_status, "active", true,
	    .help = "what the subnet is" },
	{ "until", AD, NULL, VALUE_TIME, .own = true, .help = "end of a quarantine" },
	{ "expires", AD | SN, NULL, VALUE_TIME, .own = true, .help = "the allocation ends then" },
	{ "role", RG, NULL, VALUE_WORDS, words_role, "pool", true, .help = "what a range is for" },
	{ "gw", SN, NULL, VALUE_IP, .own = true, .help = "gateway address" },
	{ "vlan", SN, NULL, VALUE_UINT, .min = 1, .max = 4094, .help = "VLAN number" },
	{ "nameserver", SN, NULL, VALUE_IPS, .help = "DHCP option: name servers" },
	{ "ntp", SN, NULL, VALUE_IPS, .help = "DHCP option: time servers" },
	{ "lease-time", SN, NULL, VALUE_DURATION, .help = "DHCP: how long a lease is" },
	{ "pd", SN, NULL, VALUE_LENGTH, .own = true,
	    .help = "DHCPv6 delegates prefixes of this length" },
	{ "via", SN, NULL, VALUE_TEXT, .own = true,
	    .help = "the subnet that serves this delegation pool" },
	{ "kea-id", SN, NULL, VALUE_UINT, .own = true, .min = 1, .max = 4294967294,
	    .help = "Kea's subnet id" },
	{ "link", SN, NULL, VALUE_NAME, .late = true,
	    .help = "subnets of the same link share a wire" },
	{ "option.*", SN | RG | AD, NULL, VALUE_TEXT, .help = "a further DHCP option" },
	{ "strategy", SN, NULL, VALUE_WORDS, words_strategy, "first",
	    .help = "how addresses are chosen" },
	{ "fit", SN, NULL, VALUE_WORDS, words_fit, "best", .help = "how blocks are chosen" },
	{ "quarantine", SN, NULL, VALUE_DURATION, .help = "how long a released address rests" },
	{ "usable", SN, NULL, VALUE_WORDS, words_usable, .own = true,
	    .help = "all: every address is assignable" },
	{ "warn", SN, NULL, VALUE_PERCENT, .def = "80", .late = true,
	    .help = "percent: reports say `warn` from there on" },
	{ "crit", SN, NULL, VALUE_PERCENT, .def = "95", .late = true,
	    .help = "percent: reports say `crit` from there on" },
	{ "owner", K_ANY, NULL, VALUE_TEXT, .help = "who answers for it" },
	{ "site", K_ANY, NULL, VALUE_TEXT, .help = "where it is" },
	{ "note", K_ANY, NULL, VALUE_TEXT, .own = true, .help = "free text" },
	{ "ticket", K_ANY, NULL, VALUE_TEXT, .own = true, .help = "free text" },
	{ "tag", K_ANY, NULL, VALUE_LIST, .help = "a list of words" },
	{ "level", OB, "check", VALUE_WORDS, severity_names, .own = true,
	    .help = "how a rule counts" },
	{ "inherit", OB, "attr", VALUE_WORDS, words_yes_no, .own = true,
	    .help = "whether it is inherited" },
	{ "record", OB, "journal", VALUE_WORDS, words_yes_no, .own = true,
	    .help = "no: changes are not recorded" },
	{ "require-reason", OB, "journal", VALUE_WORDS, words_yes_no, .own = true,
	    .help = "yes: a change needs -m REASON" },
	{ "ns", OB, "zone", VALUE_HOSTS, .own = true, .help = "name servers" },
	{ "mbox", OB, "zone", VALUE_MBOX, .own = true, .help = "who is responsible (SOA RNAME)" },
	{ "ttl", OB, "zone", VALUE_UINT, .own = true, .max = 2147483647,
	    .help = "seconds, of its records" },
	{ "refresh", OB, "zone", VALUE_UINT, .own = true, .max = 2147483647,
	    .help = "SOA REFRESH, seconds" },
	{ "retry", OB, "zone", VALUE_UINT, .own = true, .max = 2147483647,
	    .help = "SOA RETRY, seconds" },
	{ "expire", OB, "zone", VALUE_UINT, .own = true, .max = 2147483647,
	    .help = "SOA EXPIRE, seconds" },
	{ "minimum", OB, "zone", VALUE_UINT, .own = true, .max = 2147483647,
	    .help = "SOA MINIMUM, seconds" },
	{ "include", OB, "zone", VALUE_TEXT, .own = true,
	    .help = "a file with what the plan does not hold" },
};
const size_t attr_table_len = ARRAY_LEN(attr_table);

const struct field_info field_table[] = {
	{ "key", "address, prefix, range or @kind name" },
	{ "type", "subnet, range, address or object" },
	{ "vrf", "the VRF, empty for the default" },
	{ "parent", "the narrowest subnet around it" },
	{ "fqdn", "the full name of its first host" },
	{ "attributes", "all that it has itself" },
	{ "prefix", "the key of a subnet" },
	{ "size", "how many addresses" },
	{ "used", "addresses in use" },
	{ "reserved", "addresses set apart" },
	{ "dhcp", "addresses of DHCP ranges" },
	{ "free", "addresses left" },
	{ "percent", "what is given away, of the size" },
	{ "busy", "addresses really taken" },
};
const size_t field_table_len = ARRAY_LEN(field_table);

const struct object_info object_table[] = {
	{ "zone", "a DNS zone" },
	{ "vrf", "a VRF" },
	{ "owner", "an owner" },
	{ "check", "the level of a check rule" },
	{ "attr", "how an attribute behaves" },
	{ "journal", "settings of the journal" },
};
const size_t object_table_len = ARRAY_LEN(object_table);

bool
schema_is_object(struct str kind)
{
	for (size_t i = 0; i < object_table_len; i++)
		if (str_eq(kind, str_from(object_table[i].kind)))
			return true;
	return false;
}

bool
schema_is_field(struct str name)
{
	for (size_t i = 0; i < field_table_len; i++)
		if (str_eq(name, str_from(field_table[i].name)))
			return true;
	return false;
}

bool
schema_fits(const struct attr_info *info, enum kind kind, struct str object)
{
	if (!(info->kinds & (1u << kind)))
		return false;
	return kind != KIND_OBJECT || !info->object || str_eq(object, str_from(info->object));
}

/* A row "option.*" is for every name that begins so. */
static bool
has_name(const struct attr_info *info, struct str name)
{
	struct str row = str_from(info->name);

	if (row.p[row.n - 1] != '*')
		return str_eq(name, row);
	return name.n >= row.n && str_starts(name, str_cut(row, 0, row.n - 1));
}

const struct attr_info *
schema_attr(struct str name, enum kind kind, struct str object)
{
	const struct attr_info *elsewhere = NULL;

	for (size_t i = 0; i < attr_table_len; i++) {
		const struct attr_info *info = &attr_table[i];
		if (name.p[0] != info->name[0] || !has_name(info, name))
			continue;
		if (schema_fits(info, kind, object))
			return info;
		if (!elsewhere)
			elsewhere = info;
	}
	return elsewhere;
}

/* --- values ----------------------------------------------------------- */

/* Its characters are known to be good. */
static bool
label_is_publishable(struct str label)
{
	return label.n > 0 && label.n <= LABEL_MAX && label.p[0] != '-' &&
	       label.p[label.n - 1] != '-';
}

bool
host_is_publishable(struct str host)
{
	size_t n = host.n, from = 0;

	if (n > 1 && host.p[n - 1] == '.')
		n--;
	for (size_t i = 0; i < n && n <= HOST_MAX; i++) {
		if (host.p[i] == '.') {
			if (!label_is_publishable(str_cut(host, from, i)))
				return false;
			from = i + 1;
		} else if (!ascii_alnum(host.p[i]) && host.p[i] != '-') {
			return false;
		}
	}
	return n <= HOST_MAX && label_is_publishable(str_cut(host, from, n));
}

const char *
host_fault(struct str host)
{
	bool is_plain = true;
	size_t at;

	if (host.n == 0)
		return "an empty name";
	for (size_t i = 0; i < host.n; i++) {
		unsigned char c = (unsigned char)host.p[i];
		if (c == ' ' || c == '"' || c == ',')
			return "a host has no blank, comma or quote";
		is_plain &= c > ' ' && c < 0x7f;
	}
	if (!is_plain && text_value_fault(host, &at))
		return "a host is UTF-8 without control characters";
	return looks_like_key(host) ? "a host that reads as an address" : NULL;
}

static bool
list_has_gap(struct str value)
{
	if (value.n == 0)
		return false;
	if (value.p[0] == ',' || value.p[value.n - 1] == ',')
		return true;
	for (size_t i = 1; i < value.n; i++)
		if (value.p[i] == ',' && value.p[i - 1] == ',')
			return true;
	return false;
}

static const char *
hosts_fault(struct str value)
{
	struct str host;
	const char *fault = NULL;

	while (!fault && str_next(&value, ',', &host))
		fault = host_fault(host);
	return fault;
}

static const char *
ips_fault(struct str value)
{
	struct str member;
	struct ip_error err;
	struct ip ip;

	while (str_next(&value, ',', &member))
		if (!ip_parse(member, &ip, &err))
			return "not an address";
	return NULL;
}

static const char *
hex_fault(const struct attr_info *info, struct str value, char why[SCHEMA_WHY])
{
	size_t digits = 0;

	for (size_t i = 0; i < value.n; i++) {
		int c = ascii_lower(value.p[i]);
		if (c == ':' && digits % 2 == 0 && i > 0 && i + 1 < value.n &&
		    value.p[i - 1] != ':')
			continue;
		if (!ascii_digit(c) && !(c >= 'a' && c <= 'f'))
			return "octets in hexadecimal are wanted: 01:52:54:00:12:34:56";
		digits++;
	}
	if (digits == 0 || digits % 2)
		return "an even number of hexadecimal digits is wanted";
	if (digits / 2 >= info->min && digits / 2 <= info->max)
		return NULL;
	snprintf(why, SCHEMA_WHY, "%zu octets; %llu to %llu are wanted", digits / 2,
	    (unsigned long long)info->min, (unsigned long long)info->max);
	return why;
}

static const char *
words_fault(const struct attr_info *info, struct str value, char why[SCHEMA_WHY])
{
	for (const char *const *word = info->words; *word; word++)
		if (str_eq(value, str_from(*word)))
			return NULL;
	size_t n = (size_t)snprintf(why, SCHEMA_WHY, "%s", info->words[1] ? "one of" : "only");
	for (const char *const *word = info->words; *word; word++)
		n += (size_t)snprintf(why + n, SCHEMA_WHY - n, " %s", *word);
	snprintf(why + n, SCHEMA_WHY - n, " is wanted");
	return why;
}

static const char *
uint_fault(const struct attr_info *info, struct str value, char why[SCHEMA_WHY])
{
	uint64_t number;

	if (str_uint(value, info->max, &number) && number >= info->min)
		return NULL;
	snprintf(why, SCHEMA_WHY, "a number from %llu to %llu is wanted",
	    (unsigned long long)info->min, (unsigned long long)info->max);
	return why;
}

static bool
mac_is_canonical(struct str value)
{
	unsigned char mac[6];
	char text[MAC_TEXT];

	return mac_parse(value, mac) && str_eq(value, str_from(mac_fmt(text, mac)));
}

static const char *
domain_fault(struct str value)
{
	if (value.n > HOST_MAX + 1)
		return "longer than 253 octets";
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] <= ' ' || memchr("\",%", value.p[i], 3) ||
		    (value.p[i] == '.' && i > 0 && value.p[i - 1] == '.'))
			return "not a domain";
	return value.p[0] == '.' && value.n > 1 ? "not a domain" : NULL;
}

bool
percent_parse(struct str s, uint64_t *milli)
{
	struct str number = s.n && s.p[s.n - 1] == '%' ? str_cut(s, 0, s.n - 1) : s;
	size_t dot = str_find(number, '.');
	struct str fraction = dot < number.n ? str_cut(number, dot + 1, number.n) : STR_NONE;
	uint64_t whole, part = 0;

	if (!str_uint(str_cut(number, 0, dot), 100, &whole) || fraction.n > 3)
		return false;
	if (dot < number.n && !str_uint(fraction, 999, &part))
		return false;
	for (size_t i = fraction.n; i < 3; i++)
		part *= 10;
	*milli = whole * 1000 + part;
	return *milli <= 100000;
}

/* As files have it; when_parse() reads more. */
static bool
is_time(struct str value)
{
	int64_t seconds;

	return when_parse(value, &seconds) &&
	       (value.n == 10 || (value.p[10] == 'T' && value.p[value.n - 1] == 'Z'));
}

static const char *
mbox_fault(struct str value)
{
	size_t at = str_find(value, '@');

	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] <= ' ' || memchr("\",;()", value.p[i], 5) ||
		    (value.p[i] == '@' && i != at))
			return "a mailbox is written hostmaster or hostmaster@example.net";
	return at == 0 || at + 1 == value.n
	           ? "a mailbox is written hostmaster or hostmaster@example.net"
	           : NULL;
}

const char *
schema_value_fault(const struct attr_info *info, struct str value, char why[SCHEMA_WHY])
{
	int64_t seconds;
	uint64_t milli;
	int len;

	if (value.n == 0)
		return info->type == VALUE_NAME && info->own ? "a name cannot be empty" : NULL;
	switch (info->type) {
	case VALUE_TEXT: return NULL;
	case VALUE_NAME:
		if (ip_looks_like_key(value))
			return "a name that reads as an address, prefix or range";
		return name_is_valid(value) ? NULL : "a name has only letters, digits, _, . and -";
	case VALUE_HOSTS: return list_has_gap(value) ? "an empty member" : hosts_fault(value);
	case VALUE_DOMAIN: return domain_fault(value);
	case VALUE_MBOX: return mbox_fault(value);
	case VALUE_LIST: return list_has_gap(value) ? "an empty member" : NULL;
	case VALUE_WORDS: return words_fault(info, value, why);
	case VALUE_UINT: return uint_fault(info, value, why);
	case VALUE_MAC:
		return mac_is_canonical(value) ? NULL : "a MAC is written 52:54:00:12:34:56";
	case VALUE_HEX: return hex_fault(info, value, why);
	case VALUE_TIME:
		return is_time(value) ? NULL
		                      : "a time is written 2026-12-31T10:00:00Z or 2026-12-31";
	case VALUE_DURATION:
		return duration_parse(value, &seconds) ? NULL
		                                       : "a duration is written 30m, 12h, 7d or 4w";
	case VALUE_IP:
		return str_find(value, ',') < value.n ? "one address is wanted" : ips_fault(value);
	case VALUE_IPS: return list_has_gap(value) ? "an empty member" : ips_fault(value);
	case VALUE_PERCENT:
		return str_eq(value, STR("off")) || percent_parse(value, &milli)
		           ? NULL
		           : "a percentage from 0 to 100, or off, is wanted";
	case VALUE_LENGTH: return prefix_len_parse(value, &len) ? NULL : "a length is written /60";
	}
	return NULL;
}

/* Octets with colons between them; 1:2:a and 01-02-0a are read, too. */
static struct str
hex_canonical(struct str value, struct arena *a)
{
	char *p = arena_alloc(a, value.n * 3 + 1);
	char between = str_find(value, ':') < value.n ? ':' : '-';
	struct str rest = value, part;
	size_t n = 0;

	while (str_next(&rest, between, &part)) {
		if (part.n == 0 || (part.n > 1 && part.n % 2))
			return value;
		for (size_t i = 0; i < part.n; i++) {
			if (n && (i % 2 == 0))
				p[n++] = ':';
			if (part.n == 1)
				p[n++] = '0';
			p[n++] = (char)ascii_lower(part.p[i]);
		}
	}
	return (struct str){ p, n };
}

struct str
schema_canonical(const struct attr_info *info, struct str value, struct arena *a)
{
	unsigned char mac[6];
	char text[WHEN_TEXT];
	int64_t t;

	if (info && info->type == VALUE_TIME && when_parse(value, &t))
		return arena_str(a, str_from(when_fmt(text, t)));
	if (info && info->type == VALUE_MAC && mac_parse(value, mac))
		return arena_str(a, str_from(mac_fmt(text, mac)));
	if (info && info->type == VALUE_HEX)
		return hex_canonical(value, a);
	return value;
}
