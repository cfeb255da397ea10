/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * seen_compare: what was seen, against the plan.
 */
#ifndef IPAM_SEEN_COMPARE_H
#define IPAM_SEEN_COMPARE_H

#include "seen.h"

/* Whether the plan accounts for an address that was seen: by a record (whose
 * quarantine is not over), a gw or a DHCP range. */
bool seen_is_planned(struct seen *s, const struct rec *r);

/* Whether an address of the plan is expected to be seen at all: not one that is
 * reserved or in quarantine. */
bool seen_is_wanted(struct db *db, const struct rec *r);

enum mismatch_kind {
	MISMATCH_MAC,   /* the plan's record has another MAC */
	MISMATCH_HOST,  /* ... another name */
	MISMATCH_SHARED /* several IPv4 addresses of a subnet have this MAC, within a day */
};
extern const char *const mismatch_names[];

struct mismatch {
	enum mismatch_kind kind;
	const struct rec *rec, *planned; /* of the seen, of the plan (or NULL) */
	struct str plan, seen;
	struct str also; /* MISMATCH_SHARED: the others, at most a few */
};
typedef VEC(struct mismatch) mismatch_list;

/* In the order of the plan; texts in the db's arena. */
void seen_mismatches(struct seen *s, mismatch_list *out);

#endif
