/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * space: free space as blocks: the minimal cover by prefixes of what no record, and no
 * gw, lies in.
 *
 *     space_start(&s, db, vrf, span); while (space_next(&s, &block)) use(block);
 */
#ifndef IPAM_SPACE_H
#define IPAM_SPACE_H

#include "freemap.h"
#include "place.h"

/* --- any span of a VRF, lowest block first ---------------------------- */

struct space {
	struct db *db;
	struct walk walk;
	struct rec *ahead;
	u128 at, end;
	bool done;
	enum family family;
	struct span run; /* free, not yet given */
	bool has_run;
	struct gateways gw; /* in the span */
	size_t next_gw;
};
void space_start(struct space *f, struct db *db, unsigned vrf, struct span span);
bool space_next(struct space *f, struct span *block);

/* --- choosing a block ------------------------------------------------- */

enum fit { FIT_DEFAULT, FIT_BEST, FIT_FIRST, FIT_SPARSE };
/* FIT_DEFAULT if there is none of this name. */
enum fit fit_by_name(struct str name);
/*
 * The next free prefix of a length inside a subnet: best from the smallest
 * block that fits, lowest on a tie; first the lowest; sparse as RFC 3531's
 * leftmost order: the start of the widest block, ties by the bit-reversed
 * index.  FIT_DEFAULT takes the subnet's own.  False if there is none.
 */
bool space_choose(struct db *db, const struct rec *parent, int len, enum fit fit,
    struct span *prefix);
/* How many free prefixes of a length there are inside a subnet, but not beyond `most`. */
uint64_t space_room(struct db *db, const struct rec *parent, int len, uint64_t most);
/* The widest free block inside a subnet, the lowest of those; false if nothing
 * is free. */
bool space_widest(struct db *db, const struct rec *parent, struct span *block);

#endif
