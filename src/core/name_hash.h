/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * name_hash: numbers for names of hosts, the same for those that differ in ASCII case
 * only.  That of a whole name is made of its first label's and of the rest's, so that
 * many names in one domain cost a label each.
 *
 *     name_hash(STR("www.example.net")) ==
 *         name_hash_in(domain_hash(STR("example.net")), label_hash(STR("www")))
 *
 * Different names may have one hash.
 */
#ifndef IPAM_NAME_HASH_H
#define IPAM_NAME_HASH_H

#include "buf.h"

uint32_t label_hash(struct str label);
uint64_t domain_hash(struct str domain);
uint64_t name_hash(struct str name); /* without a final dot; never 0 */

static inline uint64_t
name_hash_in(uint64_t domain, uint32_t label)
{
	uint64_t h = (domain ^ label) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	return h ? h : 1;
}

#endif
