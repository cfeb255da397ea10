/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zone_parts: what the files of zone share.
 */
#ifndef IPAM_ZONE_PARTS_H
#define IPAM_ZONE_PARTS_H

#include <libzscanner/scanner.h>

#include "format.h"

/* A resource record of class IN, as the scanner has it. */
struct zone_rr {
	struct str owner; /* complete, with the final dot */
	unsigned type;
	uint32_t ttl;
	const unsigned char *data;
	size_t size;
	const char *at; /* in the source */
};

/* What has been read of a master file, and what waits for its end. */
struct zone_facts {
	struct facts *facts;
	size_t from; /* the first of its facts */
	size_t records;
	VEC(struct zone_soa) soa;
	VEC(struct zone_ns) ns;
	VEC(uint32_t) ttl;
	struct zone_signed *sign; /* by row of the table of signers' types */
};
void zone_facts_init(struct zone_facts *z, struct facts *facts);
void zone_facts_add(struct zone_facts *z, const struct zone_rr *rr);
/* Adds what could be said only at the end, and frees z. */
void zone_facts_end(struct zone_facts *z);

/* A name in wire format (RFC 1035, section 3.1) as text with a final dot: every
 * byte that a host of a plan cannot have is written \DDD. */
struct str zone_name(struct arena *a, const unsigned char *wire);

/*
 * The lines that `$GENERATE RANGE LHS [TTL] [CLASS] TYPE RHS` stands for; line
 * is what follows $GENERATE.  NULL, or what is wrong, in words.
 */
const char *zone_generate(struct str line, struct buf *out);

#endif
