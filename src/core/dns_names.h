/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_names: a set of names by their hashes (name_hash.h), to know which of many names
 * are met a second time.
 *
 *     dns_names_add(&names, name_hash(name), target);
 *     if (dns_names_meet(&names, name_hash(other))) ...
 *
 * Two names may have one hash: whoever is told of a meeting looks at the names.
 */
#ifndef IPAM_DNS_NAMES_H
#define IPAM_DNS_NAMES_H

#include "name_hash.h"

struct dns_names {
	struct arena arena; /* of all tables that there were, which double */
	uint64_t *maybe;    /* a bit for a hash: few enough to stay in the cache, for most miss */
	struct dns_names_slot {
		uint64_t hash; /* 0: nothing here */
		uint64_t target;
	} * slot;
	size_t n, size;
	unsigned bits;         /* size is so many */
	struct dns_names *met; /* those that are, once there are any */
};

void dns_names_init(struct dns_names *names, const struct env *env);
void dns_names_release(struct dns_names *names);
/* There will be so many more. */
void dns_names_expect(struct dns_names *names, size_t n);
/* This one will be added soon. */
void dns_names_announce(const struct dns_names *names, uint64_t hash);
/* Adds a name; if it is there already, it is met, but for the same target. */
void dns_names_add(struct dns_names *names, uint64_t hash, uint64_t target);
/* Whether the name is there; it is met then. */
bool dns_names_meet(struct dns_names *names, uint64_t hash);
bool dns_names_has(const struct dns_names *names, uint64_t hash);
bool dns_names_any_met(const struct dns_names *names);
bool dns_names_is_met(const struct dns_names *names, uint64_t hash);

#endif
