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
dhcp_name(struct str name)
{
	return name.n && name.p[name.n - 1] == '.' ? str_cut(name, 0, name.n - 1) : name;
}

struct str
dhcp_short_name(struct str name)
{
	return str_cut(name, 0, str_find(name, '.'));
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
