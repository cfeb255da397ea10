/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * alloc: choosing addresses.
 *
 * The search for a free address walks records and the gaps between them, never
 * addresses: a /8, a /64 and ::/0 are as quick as a /30.  What it skips is in
 * ipam(1), "What allocation never hands out".
 */
#ifndef IPAM_ALLOC_H
#define IPAM_ALLOC_H

#include "edit.h"

/* --- one place -------------------------------------------------------- */

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

/* --- free space of a target ------------------------------------------- */

/*
 * The free addresses of a subnet or range, as runs from first to last, lowest
 * first.  A subnet's are those that belong to it directly.
 *
 *     gaps_start(&g, db, target); while (gaps_next(&g)) use(g.first, g.last);
 */
struct gaps {
	struct db *db;
	const struct rec *target;
	struct walk walk;
	struct rec *ahead; /* the next record of the walk */
	u128 at, end;      /* not yet looked at */
	bool done;
	u128 gw[130]; /* gateways of the target and around it, ascending */
	size_t gws;
	u128 first, last; /* the run found */
};
void gaps_start(struct gaps *g, struct db *db, const struct rec *target);
/* The same from an address of the target on. */
void gaps_start_at(struct gaps *g, struct db *db, const struct rec *target, u128 at);
bool gaps_next(struct gaps *g);

enum strategy { STRATEGY_DEFAULT, STRATEGY_FIRST, STRATEGY_LAST, STRATEGY_RANDOM, STRATEGY_SPARSE };
/* STRATEGY_DEFAULT if there is none of this name. */
enum strategy strategy_by_name(struct str name);

/*
 * Chooses a free address of a subnet or range: STATUS_OK, STATUS_FULL, or
 * STATUS_CONFLICT if the target gives none (a container, a dhcp range).
 * STRATEGY_DEFAULT takes the target's own.  Nothing is changed.
 */
enum status alloc_choose(struct db *db, const struct rec *target, enum strategy s, bool force,
    struct ip *ip, struct diags *d);

/* --- allocating ------------------------------------------------------- */

struct alloc {
	enum strategy strategy;
	bool eui64;  /* IPv6 addresses from mac= */
	bool ensure; /* what host= has already is the answer */
	bool force;
	uint64_t count;
	const struct assign *attr;
	size_t attrs;
};

/* From a subnet or range: a->count addresses, whose records are added to out.
 * All or nothing is the caller's: after a failure the db is not to be used. */
enum status alloc_next(struct db *db, const struct alloc *a, struct rec *target, rec_list *out,
    struct diags *d);
/* A named address. */
enum status alloc_named(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip,
    rec_list *out, struct diags *d);

/* STATUS_CONFLICT if a host or mac among the attributes belongs to another
 * address of the subnet (or, for a list of values, to one of them). */
enum status alloc_check_twin(struct db *db, const struct rec *subnet, const struct assign *a,
    size_t n, const struct rec *except, struct diags *d);

/* --- releasing -------------------------------------------------------- */

/* Frees an address: removes its record, or puts it into quarantine for
 * `rest` seconds; rest 0 takes the subnet's quarantine=, -1 none at all. */
void release_address(struct db *db, struct rec *r, int64_t rest);

#endif
