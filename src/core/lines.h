/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines: a set of lines that each count so many times, to replay changes and to
 * compare two states of a plan.
 *
 *     lines_init(&l, env);
 *     lines_add(&l, line, 1);  lines_add(&l, line, -1);
 *     for (i = 0; i < l.n; i++)  l.v[i].line, l.v[i].count
 *     lines_release(&l);
 *
 * They are walked in the order in which they were first named.  Their bytes are
 * the caller's, and must stay as long as the set.
 */
#ifndef IPAM_LINES_H
#define IPAM_LINES_H

#include "buf.h"

struct lines_entry {
	struct str line;
	uint64_t hash;
	int64_t count;
};
struct lines {
	const struct env *env;
	struct lines_entry *v;
	size_t n, size;
	uint32_t *slot; /* an entry's number plus one, by its hash */
	size_t slots;
};

void lines_init(struct lines *l, const struct env *env);
void lines_release(struct lines *l);
/* Adds to its count, and returns that. */
int64_t lines_add(struct lines *l, struct str line, int64_t by);
int64_t lines_count(const struct lines *l, struct str line);
/* The entry, or NULL. */
struct lines_entry *lines_find(const struct lines *l, struct str line);

#endif
