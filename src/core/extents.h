/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * extents: a set of addresses of one family, as runs that do not touch each other.
 *
 *     extents_init(&s, &arena, IPV4);
 *     extents_add(&s, first, last);             what is free ...
 *     extents_take(&s, first, last);            ... and no longer is
 *     if (extents_longest(&s, &run)) ...
 *
 * Everything costs the logarithm of how many runs there are.  A run's blocks
 * are its minimal cover by prefixes; all the runs' blocks together are that of
 * the set.  Sets of prefix lengths are given as bits: EXTENTS_LEN(24).
 *
 * Memory comes from the arena; nothing is to be released.
 */
#ifndef IPAM_EXTENTS_H
#define IPAM_EXTENTS_H

#include "ip.h"

struct extents {
	struct arena *arena;
	enum family family;
	struct run *root, *spare;
	/* for extents_sparse(): by length, the blocks in bit-reversed order */
	struct sparse_order *sparse;
};

/* /0 and /1 share a bit: a set with the one has no other block. */
#define EXTENTS_LEN(len) ((u128)1 << ((len) > 0 ? (len)-1 : 0))
/* All lengths from /0 to this one. */
#define EXTENTS_UP_TO(len) (EXTENTS_LEN(len) | (EXTENTS_LEN(len) - 1))

void extents_init(struct extents *s, struct arena *arena, enum family family);
/* None of these may be in the set. */
void extents_add(struct extents *s, u128 first, u128 last);
/* Whether they are in the set or not. */
void extents_take(struct extents *s, u128 first, u128 last);

bool extents_is_empty(const struct extents *s);
u128 extents_lowest(const struct extents *s); /* these two: of a set that is not empty */
u128 extents_highest(const struct extents *s);
/* The longest run, the lowest of those; false if there is none. */
bool extents_longest(const struct extents *s, struct span *run);
/* How many there are, modulo 2^128, and the k-th of them, from 0. */
u128 extents_total(const struct extents *s);
u128 extents_nth(const struct extents *s, u128 k);

/* The lengths of all blocks. */
u128 extents_lens(const struct extents *s);
/* The lowest block at or above `from` whose length is among lens; false if
 * there is none. */
bool extents_block(const struct extents *s, u128 lens, u128 from, struct span *block);
/* Whether exactly this is a block. */
bool extents_has_block(const struct extents *s, struct span block);
/* The widest block; of several the one whose index from `base`, the same in all
 * calls, comes first with its bits reversed (RFC 3531, leftmost). */
bool extents_sparse(struct extents *s, u128 base, struct span *block);
/* For extents.c: there is a run from first to last now. */
void extents_sparse_note(struct extents *s, u128 first, u128 last);

#endif
