/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dhcp_parts.h"

enum dhcp_id
dhcp_best_id(const struct dhcp_host *h, enum family f)
{
	static const enum dhcp_id order[2][DHCP_IDS] = {
		{ DHCP_MAC, DHCP_CLIENT_ID, DHCP_DUID },
		{ DHCP_DUID, DHCP_MAC, DHCP_CLIENT_ID },
	};

	for (int i = 0; i < DHCP_IDS; i++)
		if (h->id[order[f == IPV6][i]].n)
			return order[f == IPV6][i];
	return DHCP_IDS;
}

struct str
dhcp_short_name(struct str name)
{
	return str_cut(name, 0, str_find(name, '.'));
}

bool
dhcp_is_guessed(const struct dhcp_option_info *info)
{
	enum { MERIT_DUMP = 14, NETBIOS_SCOPE = 47 };

	return info->family == IPV4 && (info->code == MERIT_DUMP || info->code == NETBIOS_SCOPE);
}

/* --- the formats ------------------------------------------------------ */

static const struct dhcp_format formats[] = {
#if WITH_JSON
	{ "kea", DHCP_KEA, kea_conf },
#else
	{ "kea", DHCP_KEA, NULL },
#endif
	{ "dhcpd", DHCP_DHCPD, dhcpd_conf },
	{ "dnsmasq", DHCP_DNSMASQ, dnsmasq_conf },
};

const struct dhcp_format *
dhcp_format_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (str_eq(name, str_from(formats[i].name)))
			return &formats[i];
	return NULL;
}

/* A word, blanks and = at the beginning of a line are dnsmasq's alone. */
static bool
is_setting(struct str line)
{
	size_t n = 0;

	while (n < line.n && (ascii_alnum(line.p[n]) || line.p[n] == '-'))
		n++;
	while (n < line.n && memchr(" \t", line.p[n], 2))
		n++;
	return n > 0 && n < line.n && line.p[n] == '=';
}

const struct dhcp_format *
dhcp_format_guess(struct str text)
{
	struct str line, word;

	while (str_next(&text, '\n', &line)) {
		struct str rest = line;
		if (!format_word(&rest, &word) || word.p[0] == '#')
			continue;
		if (memchr("{[/", word.p[0], 3))
			return dhcp_format_find(STR("kea"));
		if (is_setting(line))
			return dhcp_format_find(STR("dnsmasq"));
	}
	return dhcp_format_find(STR("dhcpd"));
}

void
dhcp_read(const struct format_input *in, struct facts *facts, struct diags *d, dhcp_reader *reader)
{
	struct dhcp conf;
	size_t errors = d->errors;

	dhcp_init(&conf, facts->env, &facts->arena);
	reader(in, &conf, facts, d);
	if (d->errors == errors) {
		dhcp_settle(&conf, facts);
		dhcp_facts(&conf, in->vrf, facts);
	}
	dhcp_release(&conf);
}
