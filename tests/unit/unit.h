/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit: what every test program includes: cmocka, a random number generator
 * that gives the same numbers in every run, and checks that say which row of a
 * table failed.
 */
#ifndef IPAM_UNIT_H
#define IPAM_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/buf.h"

/* Use: uint64_t seed = 1; ... rnd(&seed) % 10.  SplitMix64. */
static inline uint64_t
rnd(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* What was being tested (a printf format and its values) is said on failure. */
#define check(condition, ...)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			print_error(__VA_ARGS__);                                                  \
			print_error("\n");                                                         \
			fail_msg("%s", #condition);                                                \
		}                                                                                  \
	} while (0)

#define check_text(got, wanted, about)                                                             \
	do {                                                                                       \
		struct str got_ = str_from(got), wanted_ = str_from(wanted);                       \
		check(str_eq(got_, wanted_), "%s: \"%.*s\" instead of \"%.*s\"", (about),          \
		    STR_FMT(got_), STR_FMT(wanted_));                                              \
	} while (0)

/* A copy of exactly these bytes, so that a sanitizer sees a step beyond them;
 * the caller's to free. */
static inline char *
exact(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	assert_non_null(p);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

#endif
