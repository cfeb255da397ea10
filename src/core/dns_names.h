/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_names: a set of names by their hashes, to know which of many names are met
 * a second time.
 *
 *     h = dns_hash(dns_hash(0, STR(".example.net")), STR("www"));
 *     dns_names_add(&names, h, target);
 *     if (dns_names_meet(&names, h2)) ...
 *
 * Two names may have one hash: whoever is told of a meeting looks at the names.
 */
#ifndef IPAM_DNS_NAMES_H
#define IPAM_DNS_NAMES_H

#include "buf.h"

struct dns_names {
	const struct env *env;
	uint64_t *maybe; /* a bit for a hash: few enough to stay in the cache, for most miss */
	struct dns_names_slot {
		uint64_t hash;   /* 0: nothing here */
		uint64_t target; /* the lowest bit: it is met */
	} * slot;
	size_t n, size;
	unsigned bits; /* size is so many */
};

/* Of a name from its end on, without ASCII case, behind which stands what has the
 * hash `behind` (0: nothing).  Never 0. */
uint64_t dns_hash(uint64_t behind, struct str name);

void dns_names_init(struct dns_names *names, const struct env *env);
void dns_names_release(struct dns_names *names);
/* Adds a name; if it is there already, it is met, but for the same target. */
void dns_names_add(struct dns_names *names, uint64_t hash, uint64_t target);
/* Whether the name is there; it is met then. */
bool dns_names_meet(struct dns_names *names, uint64_t hash);
bool dns_names_has(const struct dns_names *names, uint64_t hash);
bool dns_names_is_met(const struct dns_names *names, uint64_t hash);

#endif
