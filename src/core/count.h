/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * count: how many addresses.  Exact, from 0 to 2^192 less one: a sum over all
 * of IPv6 fits, and so does a thousand times that.
 */
#ifndef IPAM_COUNT_H
#define IPAM_COUNT_H

#include "env.h"

typedef unsigned __int128 u128;

struct span; /* ip.h */

struct count {
	uint64_t w[3]; /* least significant first */
};

struct count count_of(u128 n);
struct count count_shift(uint64_t n, int bits); /* n * 2^bits, bits up to 128 */
struct count count_size(struct span s);         /* how many addresses */
struct count count_add(struct count a, struct count b);
struct count count_sub(struct count a, struct count b); /* a >= b */
int count_cmp(struct count a, struct count b);
bool count_is_zero(struct count a);
struct count count_mul(struct count a, uint64_t m);
/* floor(1000 * part / whole), 0 for an empty whole; part <= whole */
unsigned count_permille(struct count part, struct count whole);
double count_double(struct count a);
/* log2 if it is a power of two, else -1 */
int count_log2(struct count a);
enum { COUNT_TEXT = 64 };
char *count_fmt(char buf[COUNT_TEXT], struct count a); /* decimal; returns buf */
/* The same, but large counts short: in networks of 64 bits, or as a power of two. */
char *count_short(char buf[COUNT_TEXT], struct count a);
/* Whether it fits JSON's exact integers (2^53). */
bool count_fits_double(struct count a);

#endif
