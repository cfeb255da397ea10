/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * freemap: what is free directly in a subnet or range, kept in step with edits, so
 * that many searches of one target cost little more than one.
 *
 *     m = freemap_of(db, target, &kind);
 *     if (!freemap_pays(db, m)) { walk, m->walked += steps; ... }
 *     else choose(freemap_extents(db, m));
 *
 * A kind says what is free; gaps.h and space.h have one each.
 */
#ifndef IPAM_FREEMAP_H
#define IPAM_FREEMAP_H

#include "db.h"
#include "extents.h"

struct freemap_kind {
	/* Adds what is free in the part of the target that span is; none of span is
	 * in the set. */
	void (
	    *fill)(struct db *db, const struct rec *target, struct span span, struct extents *set);
};

struct freemap {
	const struct rec *target;
	const struct freemap_kind *kind;
	struct freemap *next; /* of the same slot */
	size_t walked;        /* records that searches without it have looked at */
	bool is_built;
	struct extents set;
};

/* Never NULL, and valid until db_release(). */
struct freemap *freemap_of(struct db *db, const struct rec *target,
    const struct freemap_kind *kind);
/* Whether so much was walked that the next search had better use the set. */
bool freemap_pays(const struct db *db, const struct freemap *m);
/* The set; built if it is not yet there. */
struct extents *freemap_extents(struct db *db, struct freemap *m);

/* For edit.c: a record has come to the plan, went from it, or has another line than
 * `old` had. */
void freemap_came(struct db *db, const struct rec *r);
void freemap_went(struct db *db, const struct rec *r);
void freemap_changed(struct db *db, const struct rec *r, const struct rec *old);

#endif
