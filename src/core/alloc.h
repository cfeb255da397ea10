/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * alloc: giving addresses out and taking them back.
 */
#ifndef IPAM_ALLOC_H
#define IPAM_ALLOC_H

#include "choose.h"
#include "place.h"

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

/* Whether there is room for all of it, before anything is changed: STATUS_OK, or the message
 * that they would give.  With a->ensure what the host has there counts as given. */
enum status alloc_room(struct db *db, const struct alloc *a, const struct rec *target,
    struct diags *d);
enum status alloc_named_room(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip,
    struct diags *d);
/* How many of the target's addresses the host has already; whether it has the one named. */
uint64_t alloc_held(struct db *db, const struct alloc *a, const struct rec *target);
bool alloc_named_is_held(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip);

/* STATUS_CONFLICT if a host or mac among the attributes belongs to another
 * address of the subnet (or, for a list of values, to one of them). */
enum status alloc_check_twin(struct db *db, const struct rec *subnet, const struct assign *a,
    size_t n, const struct rec *except, struct diags *d);
/* The same for a record that gets these attributes: its host, full name or mac may change
 * with them, or count again as its quarantine ends. */
enum status alloc_check_set(struct db *db, const struct rec *r, const struct assign *a, size_t n,
    struct diags *d);

/* --- releasing -------------------------------------------------------- */

/* Frees an address: removes its record, or puts it into quarantine for
 * `rest` seconds; rest 0 takes the subnet's quarantine=, -1 none at all. */
void release_address(struct db *db, struct rec *r, int64_t rest);

#endif
