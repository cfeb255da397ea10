/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sum.h"

#include <inttypes.h>
#include <stdio.h>

enum { WORDS = 4, DIGITS = 64 };

struct sum
sum_of_digest(const unsigned char digest[32])
{
	struct sum s = { { 0 } };

	for (size_t i = 0; i < 32; i++)
		s.w[WORDS - 1 - i / 8] = s.w[WORDS - 1 - i / 8] << 8 | digest[i];
	return s;
}

static struct sum
of_line(const struct env *env, struct str line)
{
	unsigned char digest[32];

	env->sha256(NULL, 0, line.p, line.n, digest);
	return sum_of_digest(digest);
}

void
sum_add(struct sum *s, const struct env *env, struct str line)
{
	struct sum h = of_line(env, line);
	unsigned __int128 carry = 0;

	for (size_t i = 0; i < WORDS; i++) {
		carry += (unsigned __int128)s->w[i] + h.w[i];
		s->w[i] = (uint64_t)carry;
		carry >>= 64;
	}
}

void
sum_sub(struct sum *s, const struct env *env, struct str line)
{
	struct sum h = of_line(env, line);
	unsigned borrow = 0;

	for (size_t i = 0; i < WORDS; i++) {
		unsigned __int128 d = (unsigned __int128)s->w[i] - h.w[i] - borrow;
		s->w[i] = (uint64_t)d;
		borrow = d >> 64 != 0;
	}
}

char *
sum_fmt(char buf[SUM_TEXT], const struct sum *s)
{
	snprintf(buf, SUM_TEXT, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64, s->w[3],
	    s->w[2], s->w[1], s->w[0]);
	return buf;
}

static int
digit(char c)
{
	return ascii_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
sum_parse(struct str text, struct sum *out)
{
	*out = (struct sum){ { 0 } };
	if (text.n != DIGITS)
		return false;
	for (size_t i = 0; i < DIGITS; i++) {
		uint64_t *w = &out->w[WORDS - 1 - i / 16];
		int d = digit(text.p[i]);
		if (d < 0)
			return false;
		*w = *w << 4 | (unsigned)d;
	}
	return true;
}
