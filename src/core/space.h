/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * space: the free space of a span of a VRF as its minimal cover by prefixes, lowest
 * first: no record, and no gw, lies in them.
 */
#ifndef IPAM_SPACE_H
#define IPAM_SPACE_H

#include "db.h"

struct space {
	struct db *db;
	struct walk walk;
	struct rec *ahead;
	u128 at, end;
	bool done;
	enum family family;
	struct span run; /* free, not yet given */
	bool has_run;
	u128 gw[130]; /* gateways in the span, ascending */
	size_t gws, next_gw;
};
void space_start(struct space *f, struct db *db, unsigned vrf, struct span span);
bool space_next(struct space *f, struct span *block);

#endif
