/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * look: the few lines of a plan that a look-up of a key needs.
 *
 * These are all objects, the records with the key itself, the subnets around
 * it, and the range over an address.  Read with db_load.h, in the order of the
 * file, they give a small plan that says the same of this key as the whole.
 *
 * They are found by binary search on byte offsets, as look(1) does, in a file that
 * is known to be valid and in order.  Where that cannot be, or would take longer than
 * reading it all, look_lines() is false: whoever asks then reads it all.
 */
#ifndef IPAM_LOOK_H
#define IPAM_LOOK_H

#include "db.h"

struct look_file {
	const struct env *env;
	uint64_t size;
	/* Reads up to n bytes at an offset; fewer only at the end.  False if it fails. */
	bool (*read)(void *ctx, uint64_t at, char *p, size_t n, size_t *got);
	void *ctx;
};

/* Adds the lines; with key NULL those of the objects alone. */
bool look_lines(const struct look_file *file, const struct key *key, struct buf *out);

/*
 * The same for whoever wants to change what is there: all of a subnet, as parts of the file,
 * whole lines.  These are the head, with all objects, the subnets around, and the subnet with
 * all that it holds.  It is the one of this key or, if the key is another, the narrowest around
 * it; false, too, if there is none.
 */
struct look_part {
	uint64_t from, to;
};
typedef VEC(struct look_part) look_parts;
bool look_subnet(const struct look_file *file, const struct key *key, struct span *subnet,
    look_parts *out);

#endif
