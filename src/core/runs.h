/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runs: a prefix as runs of addresses in the same state, lowest first, without a
 * gap; and as a number of equal cells, each with what is in it.
 *
 *     runs_start(&s, db, vrf, span); while (runs_next(&s, &run)) ...
 *
 * What an address is, is what usage.h counts it as.
 */
#ifndef IPAM_RUNS_H
#define IPAM_RUNS_H

#include "db.h"

enum run_state {
	RUN_OUTSIDE,    /* in no subnet */
	RUN_FREE,       /* of the prefix itself, or of a subnet around it */
	RUN_CHILD,      /* free in a subnet inside the prefix */
	RUN_UNUSABLE,   /* network, broadcast and anycast addresses */
	RUN_DHCP,       /* of a dhcp range */
	RUN_RESERVED,   /* also gateways and reserved ranges */
	RUN_QUARANTINE, /* a live one */
	RUN_USED,
	RUN_STATES
};
extern const char *const run_names[RUN_STATES];

struct run {
	u128 first, last;
	enum run_state state;
	const struct rec *rec; /* its record: an address, a range, a subnet; NULL outside */
};

struct runs {
	struct db *db;
	struct span span;
	struct walk walk;
	struct rec *ahead;          /* the next record */
	const struct rec *cover;    /* the narrowest subnet around `at` ... */
	const struct rec *range;    /* ... and the range */
	const struct rec *point_of; /* whose special addresses these are: */
	u128 point[132];
	enum run_state point_state[132];
	size_t points;
	u128 at;
	bool done;
};
void runs_start(struct runs *s, struct db *db, unsigned vrf, struct span span);
bool runs_next(struct runs *s, struct run *out);

/* One of 2^bits equal parts of a prefix. */
struct part {
	struct count n[RUN_STATES];
	const struct rec *rec; /* of the first run in it that is more than free */
};
/* Fills 2^bits parts; bits at most those of the prefix' addresses. */
void runs_parts(struct db *db, unsigned vrf, struct span span, int bits, struct part *part);
/* The addresses of a cell that are used, reserved, in dhcp ranges or quarantine. */
struct count part_taken(const struct part *c);
/* What a part is, if one word has to do: of what is taken the most, else whether there is a child
 * in it, else what most of it is. */
enum run_state part_state(const struct part *c);
/* Cell i of 2^bits, as a prefix. */
struct span part_span(struct span span, int bits, size_t i);

#endif
