/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * place: what is at an address, or why it is not handed out; ipam(1), "What
 * allocation never hands out".
 */
#ifndef IPAM_PLACE_H
#define IPAM_PLACE_H

#include "edit.h"

/* What is at an address, or why it is not handed out. */
enum place_state {
	PLACE_FREE,
	PLACE_NO_SUBNET,
	PLACE_USED,       /* place.rec is its record */
	PLACE_QUARANTINE, /* place.rec is its record; a live quarantine */
	PLACE_NETWORK,
	PLACE_BROADCAST,
	PLACE_ANYCAST,
	PLACE_GATEWAY, /* place.by is the subnet whose gw it is */
	PLACE_POOL,    /* place.by is the range around it, of this role */
	PLACE_DHCP,
	PLACE_RESERVED,
};
struct place {
	enum place_state state;
	struct rec *rec;    /* the address' record, also one whose quarantine is over */
	struct rec *subnet; /* the narrowest around it */
	struct rec *by;
};
struct place place_at(struct db *db, unsigned vrf, struct ip ip);
/* In words: "in use (www1)", "the network address of 10.0.0.0/24"; empty for a
 * free one.  In the db's arena. */
struct str place_words(struct db *db, const struct place *place);

/* The gw addresses from first to last that a subnet and those around it have, ascending. */
struct gateways {
	u128 v[130]; /* one for each length of a prefix, and more */
	size_t n;
};
void place_gateways(struct gateways *out, struct db *db, const struct rec *subnet, u128 first,
    u128 last);
/* The subnet, of this and those around it, whose gateway the address is. */
struct rec *place_gateway(struct db *db, struct rec *subnet, u128 v);
/* What the address is in the subnet by its place alone: PLACE_NETWORK,
 * PLACE_BROADCAST, PLACE_ANYCAST, else PLACE_FREE. */
enum place_state place_special(struct db *db, const struct rec *subnet, u128 v);

/* A hint for who asked a subnet that gives nothing: the first of the subnets directly in it. */
void place_hint_children(struct db *db, const struct rec *subnet, struct diags *d);

#endif
