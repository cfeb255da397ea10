/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format.h"

#if WITH_ZONE
#define ZONE(function) function
#else
#define ZONE(function) NULL
#endif

#if WITH_JSON
#define KEA_READER kea_read
#define JSON_READER plan_json_read
#else
#define KEA_READER NULL
#define JSON_READER NULL
#endif

const struct format_info format_table[] = {
	{ "ansible", "Ansible's inventory: a file, or what an executable one answers",
	    .write = ansible_write, .select = K_ADDRESS, .options = "dynamic list host",
	    .usage = "[SELECT...] [--dynamic [--list|--host NAME]]" },
	{ "csv", "a table; its header names the columns: prefix, range or address, and attributes",
	    .read = csv_read, .write = csv_write, .select = K_PLAN, .options = "spreadsheet",
	    .usage = "[SELECT...] [--spreadsheet]" },
	{ "dhcpd", "ISC dhcpd: DHCPv4; read: both", .read = dhcpd_read, .write = dhcpd4_write,
	    .select = K_SUBNET, .usage = "[SELECT...]" },
	{ "dhcpd6", "ISC dhcpd, DHCPv6", .write = dhcpd6_write, .select = K_SUBNET,
	    .usage = "[SELECT...]" },
	{ "dnsmasq", "read: dnsmasq's DHCP; written: its names, host-record, cname, ptr-record",
	    .read = dnsmasq_read, .write = dnsmasq_write, .options = "view",
	    .usage = "[ZONE...] [--view VIEW]" },
	{ "dnsmasq-dhcp", "dnsmasq: ranges, options and reservations, IPv4 and IPv6",
	    .write = dnsmasq_dhcp_write, .select = K_SUBNET, .usage = "[SELECT...]" },
	{ "hosts", "hosts(5): an address, its name, further names", .read = hosts_read,
	    .write = hosts_write, .select = K_ADDRESS, .options = "view",
	    .usage = "[SELECT...] [--view VIEW]" },
	{ "ipam", "another plan", .read = ipam_read },
	{ "json", "a whole plan, there and back", .read = JSON_READER, .write = plan_json_write,
	    .without = "libjansson (make WITH_JSON=0)", .select = K_ANY, .usage = "[SELECT...]" },
	{ "kea", "Kea's configuration, IPv4 or IPv6; a list of subnets; what config-get answers",
	    .read = KEA_READER, .without = "libjansson (make WITH_JSON=0)" },
	{ "kea4", "Kea's DHCPv4 server, whole or its list of subnets", .write = kea4_write,
	    .select = K_SUBNET, .options = "fragment", .usage = "[SELECT...] [--fragment]" },
	{ "kea6", "Kea's DHCPv6 server, whole or its list of subnets", .write = kea6_write,
	    .select = K_SUBNET, .options = "fragment", .usage = "[SELECT...] [--fragment]" },
	{ "prometheus", "metrics for the textfile collector of Prometheus' node exporter",
	    .write = prometheus_write, .select = K_SUBNET, .usage = "[SELECT...]" },
	{ "unbound", "unbound's local-data; addresses instead of aliases", .write = unbound_write,
	    .options = "view", .usage = "[ZONE...] [--view VIEW]" },
	{ "zone", "a DNS master file (RFC 1035), forward or reverse; what dig axfr prints",
	    .read = ZONE(zone_read), .write = ZONE(zone_write),
	    .without = "libzscanner (make WITH_ZONE=0)",
	    .options = "all list records parent force view",
	    .usage = "NAME|--all DIR|--list|--parent PREFIX [--records] [--force] [--view VIEW]",
	    .parts = ZONE(zone_parts), .journal = ".jnl" },
};
const size_t format_table_len = ARRAY_LEN(format_table);

const struct format_info *
format_find(struct str name)
{
	for (size_t i = 0; i < format_table_len; i++)
		if (str_eq(name, str_from(format_table[i].name)))
			return &format_table[i];
	return NULL;
}

struct dns *
format_dns(const struct format_request *q)
{
	if (!q->dns->db) {
		dns_init(q->dns, q->db);
		dns_fill(q->dns);
	}
	return q->dns;
}

bool
format_option(const struct format_request *q, const char *name, struct str *value)
{
	for (size_t i = 0; i < q->options; i++) {
		if (strcmp(q->option[i].name, name) != 0)
			continue;
		*value = q->option[i].value;
		return true;
	}
	*value = STR_NONE;
	return false;
}

bool
format_is_text(const struct text_source *source, struct diags *d)
{
	static const struct str packed[] = { STR("\x1f\x8b"), STR("BZh"), STR("\xfd\x37zXZ"),
		STR("\x28\xb5\x2f\xfd") };
	struct str text = { source->p, source->n };

	for (size_t i = 0; i < ARRAY_LEN(packed); i++) {
		if (!str_starts(text, packed[i]))
			continue;
		diag_fail(d, STATUS_USAGE, "%s: is compressed", source->name);
		diag_hint(d, "unpack it first, or into a pipe");
		return false;
	}
	if (text.n == 0 || !memchr(text.p, '\0', str_find(text, '\n')))
		return true;
	diag_fail(d, STATUS_USAGE, "%s: is no text", source->name);
	return false;
}

struct str
format_text(const struct text_source *source)
{
	struct str text = { source->p, source->n };

	return str_starts(text, STR("\xef\xbb\xbf")) ? str_cut(text, 3, text.n) : text;
}

bool
format_include(const struct format_input *in, struct str name, const struct text_source *from,
    const char *at, struct text_source *out, struct diags *d)
{
	struct diags why;

	if (!in->include) {
		diag_error(d, at, "%.*s: nothing can be included here", STR_FMT(name));
		return false;
	}
	diags_init(&why, d->arena.env);
	bool ok = in->include(in->ctx, name, from, out, &why);
	for (size_t i = 0; i < why.n; i++)
		diag_error(d, at, "included: %.*s", STR_FMT(why.v[i].text));
	diags_release(&why);
	return ok;
}

bool
format_word(struct str *rest, struct str *word)
{
	size_t from = 0, to;

	while (from < rest->n && memchr(" \t\r", rest->p[from], 3))
		from++;
	for (to = from; to < rest->n && !memchr(" \t\r", rest->p[to], 3);)
		to++;
	*word = str_cut(*rest, from, to);
	*rest = str_cut(*rest, to, rest->n);
	return word->n > 0;
}
