/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * edit_parts: what the files of edit share.
 *
 * A new record hangs in a chain: in that of the records directly below one of
 * the file (change.below), or in that of a spot, a place between two lines of
 * the file.  A chain's records follow each other by change.next; one that has
 * gone again stays in it.
 */
#ifndef IPAM_EDIT_PARTS_H
#define IPAM_EDIT_PARTS_H

#include "edit.h"

struct spot {
	size_t source;
	const char *at;    /* the beginning of a line, or the end of the source */
	struct rec *chain; /* what stands there, above that line */
};

static inline bool
rec_is_live(const struct rec *r)
{
	return !(r->flags & REC_GONE);
}

static inline bool
rec_is_plan(const struct rec *r)
{
	return ((1u << r->kind) & K_PLAN) != 0;
}

/* The record's change; made if there is none.  Valid until the next is made. */
struct change *edit_change(struct db *db, struct rec *r);
/* Hang a new record where its line goes; an object also into db->object. */
void edit_place_plan(struct db *db, struct rec *r);
void edit_place_object(struct db *db, struct rec *r);

#endif
