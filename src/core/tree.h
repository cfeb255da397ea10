/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tree: the records of the plan in canonical order.
 *
 * Canonical order (ipam(5)) is by VRF, family, start address, then subnets
 * (wider first), ranges, addresses.  So a subnet is directly followed by all
 * that it contains, and the tree of subnets needs no other form: the narrowest
 * subnet around a place is the record before it or one of that record's
 * parents.
 *
 * It is an array of records, cut into chunks so that adding and removing cost
 * little among millions.  A cursor is a place in it: on a record, or behind
 * the last one.  Cursors are not valid after tree_insert() and tree_remove()
 * (but for the one that these return).
 */
#ifndef IPAM_TREE_H
#define IPAM_TREE_H

#include "text.h"

enum { TREE_CHUNK = 512 };
struct tree_chunk {
	size_t n;
	struct rec *r[TREE_CHUNK];
};

struct tree {
	struct arena *arena;
	struct tree_chunk **chunk;
	size_t n, size; /* chunks */
	size_t records;
	const uint16_t *rank; /* the order of the VRFs, by their number */
};

struct cursor {
	const struct tree *tree;
	size_t chunk, at;
};

/* Canonical order of two records; 0 only for the same key.  A key to look for
 * is a record, too, of which only vrf, family, first, last, kind and plen
 * count; one of KIND_NONE comes after all that start at its first address. */
int tree_order(const uint16_t *rank, const struct rec *a, const struct rec *b);
/* A key to look for. */
struct rec tree_key(uint16_t vrf, struct span span, enum kind kind);

/* The arena must outlive the tree; rank is the owner's to set and to renew. */
void tree_init(struct tree *t, struct arena *arena);
/* Adds a record that no record of the tree comes after. */
void tree_append(struct tree *t, struct rec *r);

/* Adds all records of another tree, none of which comes before any of t's; its memory must
 * live as long as t. */
void tree_take(struct tree *t, const struct tree *more);

/* NULL behind the last */
static inline struct rec *
cursor_rec(struct cursor c)
{
	return c.chunk < c.tree->n ? c.tree->chunk[c.chunk]->r[c.at] : NULL;
}
/* false behind the last */
static inline bool
cursor_next(struct cursor *c)
{
	if (c->chunk < c->tree->n && ++c->at == c->tree->chunk[c->chunk]->n) {
		c->chunk++;
		c->at = 0;
	}
	return c->chunk < c->tree->n;
}
bool cursor_prev(struct cursor *c); /* false, and stays, on the first */
struct cursor tree_first(const struct tree *t);
/* The first record that is not before key. */
struct cursor tree_lower(const struct tree *t, const struct rec *key);
/* The record with this key, or NULL. */
struct rec *tree_find(const struct tree *t, const struct rec *key);
/* The last record before key, or NULL. */
struct rec *tree_before(const struct tree *t, const struct rec *key);

void tree_insert(struct tree *t, struct rec *r);
void tree_remove(struct tree *t, const struct rec *r);

#endif
