/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sum: what a set of record lines is told by, in whatever order they stand:
 * the sum, modulo 2^256, of the SHA-256 of each.  A line that comes or goes
 * costs one hash.
 */
#ifndef IPAM_SUM_H
#define IPAM_SUM_H

#include "buf.h"

struct sum {
	uint64_t w[4]; /* least significant first */
};

void sum_add(struct sum *s, const struct env *env, struct str line);
void sum_sub(struct sum *s, const struct env *env, struct str line);
static inline bool
sum_eq(const struct sum *a, const struct sum *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* 64 hexadecimal digits, lower case, as for a digest. */
enum { SUM_TEXT = 65 };
char *sum_fmt(char buf[SUM_TEXT], const struct sum *s); /* returns buf */
bool sum_parse(struct str text, struct sum *out);
/* A digest as the number that it is. */
struct sum sum_of_digest(const unsigned char digest[32]);

#endif
