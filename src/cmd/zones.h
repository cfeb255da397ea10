/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zones: which zones a command is about, what the plan has of them, and what is
 * served of them, by a server or in a master file.
 *
 *     zones_source(c, ZONES_SERVER | ZONES_KEY, &s);
 *     zones_choose(c, &dns, wanted);
 *     zones_planned(c, z, &plan); zones_served(c, &s, z, &served);
 *
 * Only with WITH_ZONE.
 */
#ifndef IPAM_CMD_ZONES_H
#define IPAM_CMD_ZONES_H

#include "cmd.h"
#include "format/tsig.h"
#include "io/child.h"

/* Where zones come from: a server, or a file. */
struct zones_source {
	struct arena *a;
	const char *server, *port; /* or NULL: ... */
	const char *file;
	const char *key; /* the key's file, or NULL */
	struct tsig tsig;
};

/* An option's SERVER, SERVER:PORT or [IPv6]:PORT, and --key.  A key's file must hold a key:
 * without one, dig and nsupdate would go on unsigned. */
enum status zones_server(struct ctx *c, const char *option, struct arena *a,
    struct zones_source *s);

/* The zones named, else all of --view, true in wanted; STATUS_NO if there is none. */
enum status zones_choose(struct ctx *c, const struct dns *dns, bool *wanted);

/* Adds the plan's records and those of the zone's include, sorted. */
enum status zones_planned(struct ctx *c, const struct dns_zone *z, dns_list *out);

/*
 * Transfers a zone with dig: its text, whole.  STATUS_REMOTE if the server is not
 * there, refuses, or ends too early.
 */
enum status zones_transfer(struct ctx *c, const struct zones_source *s, struct str zone,
    struct text_source *out);
/* Adds the records of a transfer or of the file, sorted, without those of a signer.
 * *refused, unless it is NULL, is whether the server gives no transfer: there is no
 * message then, and STATUS_OK. */
enum status zones_served(struct ctx *c, const struct zones_source *s, const struct dns_zone *z,
    dns_list *out, bool *refused);
/*
 * Without a transfer: asks for each name of the plan, with one dig, and for each address of
 * an IPv4 reverse zone of at most 256.  What only the
 * servers of other zones know (delegations, glue) is dropped from the plan.
 */
enum status zones_ask(struct ctx *c, const struct zones_source *s, const struct dns_zone *z,
    dns_list *plan, dns_list *out);
/* Whether it asks for all addresses of a reverse zone, so that it finds what the plan lacks. */
bool zones_asks_all(const struct dns_zone *z);
/* What a DHCP server has, as dns_add_dynamic() finds it in all zones, sorted.  Of names to which
 * served PTRs lead that the plan does not have, it is asked for where no transfer shows it (whole:
 * of which zones there is one). */
enum status zones_dynamic(struct ctx *c, const struct zones_source *s, const struct dns *dns,
    const dns_list *plan, const dns_list *served, const bool *whole, dns_list *dynamic);
/* An error if dig did not sign with the key, or what the server said was not signed with it. */
enum status zones_signed(struct ctx *c, const struct zones_source *s,
    const struct child_result *result);
/* Adds the PTRs that the plan has at names where a CNAME is served (RFC 2317). */
enum status zones_follow(struct ctx *c, const struct zones_source *s, const dns_list *plan,
    dns_list *served);

#endif
