/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zone_parts: what the files of zone share.
 */
#ifndef IPAM_ZONE_PARTS_H
#define IPAM_ZONE_PARTS_H

#include <libzscanner/scanner.h>

#include "zone.h"

/* What has been read of a master file, and what waits for its end. */
struct zone_facts {
	struct facts *facts;
	size_t from; /* the first of its facts */
	VEC(struct zone_soa) soa;
	VEC(struct zone_ns) ns;
	VEC(uint32_t) ttl;
	struct zone_signed *sign; /* by row of the table of signers' types */
};
void zone_facts_init(struct zone_facts *z, struct facts *facts);
void zone_facts_add(struct zone_facts *z, const struct zone_rr *rr);
/* Adds what could be said only at the end, and frees z. */
void zone_facts_end(struct zone_facts *z);

/*
 * The lines that `$GENERATE RANGE LHS [TTL] [CLASS] TYPE RHS` stands for; line
 * is what follows $GENERATE.  NULL, or what is wrong, in words.
 */
const char *zone_generate(struct str line, struct buf *out);

#endif
