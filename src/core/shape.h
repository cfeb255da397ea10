/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shape: adding and removing subnets, ranges and objects.
 *
 * Each says in one line what stands in the way; STATUS_CONFLICT then, and the
 * plan is as it was.
 */
#ifndef IPAM_SHAPE_H
#define IPAM_SHAPE_H

#include "alloc.h"
#include "check.h"

/* Whether a record with this key could be added: STATUS_OK, STATUS_CONFLICT,
 * STATUS_NO for a range or an address in no subnet, STATUS_USAGE for what is no
 * record at all. */
enum status shape_fits(struct db *db, unsigned vrf, struct span span, enum kind kind,
    struct diags *d);

enum status shape_add(struct db *db, unsigned vrf, struct span span, enum kind kind,
    const struct assign *a, size_t n, struct rec **out, struct diags *d);
enum status shape_add_object(struct db *db, struct str kind, struct str name,
    const struct assign *a, size_t n, struct rec **out, struct diags *d);
enum status shape_rm_object(struct db *db, struct rec *r, struct diags *d);

/* Records marked by rec_mark() (query.h) go with it and do not count as held. */
enum shape_rm { SHAPE_RM_EMPTY, SHAPE_RM_ALL, SHAPE_RM_KEEP };
/* Removes a subnet; with SHAPE_RM_ALL all that it holds, with SHAPE_RM_KEEP
 * what it holds becomes the parent's.  The removed records are added to out,
 * the subnet first. */
enum status shape_rm_subnet(struct db *db, struct rec *subnet, enum shape_rm how, rec_list *out,
    struct diags *d);

/* The free space of a span of a VRF as its minimal cover by prefixes, lowest
 * first: no record, and no gw, lies in them. */
struct free_blocks {
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
void free_start(struct free_blocks *f, struct db *db, unsigned vrf, struct span span);
bool free_next(struct free_blocks *f, struct span *block);

enum fit { FIT_DEFAULT, FIT_BEST, FIT_FIRST, FIT_SPARSE };
/* FIT_DEFAULT if there is none of this name. */
enum fit fit_by_name(struct str name);
/*
 * Adds the next free prefix of a length inside a subnet: best from the
 * smallest free block that fits, lowest on a tie; first the lowest; sparse as
 * RFC 3531's leftmost order: the start of the largest free block, ties by the
 * bit-reversed index.  FIT_DEFAULT takes the subnet's own.
 */
enum status shape_carve(struct db *db, struct rec *parent, int len, enum fit fit,
    const struct assign *a, size_t n, struct rec **out, struct diags *d);

#endif
