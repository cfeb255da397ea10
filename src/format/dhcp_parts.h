/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcp_parts: what the formats of the DHCP servers share.
 */
#ifndef IPAM_DHCP_PARTS_H
#define IPAM_DHCP_PARTS_H

#include "core/dhcp.h"
#include "format.h"

/* The identifier of a reservation for a server that takes one: what best names a
 * client of this family; DHCP_IDS if it has none. */
enum dhcp_id dhcp_best_id(const struct dhcp_host *h, enum family f);
/* A name's first label. */
struct str dhcp_short_name(struct str name);

/* Whether dnsmasq knows no type of an option with a text, and takes one that looks like a
 * number or an address for that. */
bool dhcp_is_guessed(const struct dhcp_option_info *info);

/*
 * A reader of a configuration: what it says goes to conf, which is then to be
 * settled, what no plan can hold to facts, errors to d.
 */
typedef void dhcp_reader(const struct format_input *in, struct dhcp *conf, struct facts *facts,
    struct diags *d);
dhcp_reader kea_conf, dhcpd_conf, dnsmasq_conf;

struct dhcp_format {
	const char *name;
	enum dhcp_server server;
	dhcp_reader *read; /* NULL: not built in */
};
/* By name, or by the look of a configuration; NULL if there is none. */
const struct dhcp_format *dhcp_format_find(struct str name);
const struct dhcp_format *dhcp_format_guess(struct str text);

/* For format_reader: reads with a dhcp_reader, settles, and says it as facts. */
void dhcp_read(const struct format_input *in, struct facts *facts, struct diags *d,
    dhcp_reader *reader);

#endif
