/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "count.h"

#include <stdio.h>

#include "ip.h"

enum { WORDS = 3, WORD_BITS = 64 };

struct count
count_of(u128 n)
{
	return (struct count){ { (uint64_t)n, (uint64_t)(n >> WORD_BITS), 0 } };
}

struct count
count_shift(uint64_t n, int bits)
{
	struct count c = { { 0 } };
	int word = bits / WORD_BITS, rest = bits % WORD_BITS;

	c.w[word] = n << rest;
	if (rest && word + 1 < WORDS)
		c.w[word + 1] = n >> (WORD_BITS - rest);
	return c;
}

struct count
count_size(struct span s)
{
	return count_add(count_of(s.last - s.first), count_of(1));
}

struct count
count_add(struct count a, struct count b)
{
	u128 carry = 0;

	for (int i = 0; i < WORDS; i++) {
		carry += (u128)a.w[i] + b.w[i];
		a.w[i] = (uint64_t)carry;
		carry >>= WORD_BITS;
	}
	return a;
}

struct count
count_sub(struct count a, struct count b)
{
	uint64_t borrow = 0;

	for (int i = 0; i < WORDS; i++) {
		u128 d = (u128)a.w[i] - b.w[i] - borrow;
		a.w[i] = (uint64_t)d;
		borrow = (uint64_t)(d >> WORD_BITS) & 1;
	}
	return a;
}

int
count_cmp(struct count a, struct count b)
{
	for (int i = WORDS - 1; i >= 0; i--)
		if (a.w[i] != b.w[i])
			return a.w[i] < b.w[i] ? -1 : 1;
	return 0;
}

bool
count_is_zero(struct count a)
{
	return (a.w[0] | a.w[1] | a.w[2]) == 0;
}

/* a * m; returns what is above the highest word. */
static uint64_t
multiply(struct count *a, uint64_t m)
{
	u128 carry = 0;

	for (int i = 0; i < WORDS; i++) {
		carry += (u128)a->w[i] * m;
		a->w[i] = (uint64_t)carry;
		carry >>= WORD_BITS;
	}
	return (uint64_t)carry;
}

/* Divides in place; returns the remainder. */
static uint64_t
divide(struct count *a, uint64_t by)
{
	u128 rest = 0;

	for (int i = WORDS - 1; i >= 0; i--) {
		rest = rest << WORD_BITS | a->w[i];
		a->w[i] = (uint64_t)(rest / by);
		rest %= by;
	}
	return (uint64_t)rest;
}

struct count
count_mul(struct count a, uint64_t m)
{
	multiply(&a, m);
	return a;
}

/* Whether a * m <= b * n, for all values. */
static bool
product_le(struct count a, uint64_t m, struct count b, uint64_t n)
{
	uint64_t above_a = multiply(&a, m), above_b = multiply(&b, n);

	return above_a != above_b ? above_a < above_b : count_cmp(a, b) <= 0;
}

unsigned
count_permille(struct count part, struct count whole)
{
	unsigned low = 0, high = 1000;

	if (count_is_zero(whole))
		return 0;
	while (low < high) {
		unsigned mid = (low + high + 1) / 2;
		if (product_le(whole, mid, part, 1000))
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

double
count_double(struct count a)
{
	return (double)a.w[0] + (double)a.w[1] * 0x1p64 + (double)a.w[2] * 0x1p128;
}

int
count_log2(struct count a)
{
	int log = -1;

	for (int i = 0; i < WORDS; i++) {
		if (a.w[i] == 0)
			continue;
		if (log >= 0 || (a.w[i] & (a.w[i] - 1)))
			return -1;
		log = i * WORD_BITS + __builtin_ctzll(a.w[i]);
	}
	return log;
}

char *
count_fmt(char buf[COUNT_TEXT], struct count a)
{
	char *p = buf + COUNT_TEXT;

	*--p = '\0';
	do
		*--p = (char)('0' + divide(&a, 10));
	while (!count_is_zero(a));
	return memmove(buf, p, (size_t)(buf + COUNT_TEXT - p));
}

char *
count_short(char buf[COUNT_TEXT], struct count a)
{
	struct count half = { { 1ULL << 63, 0, 0 } }, small = { { 1000000000000, 0, 0 } };
	struct count nets = { { a.w[1], a.w[2], 0 } };
	char text[COUNT_TEXT];

	if (count_cmp(a, small) < 0)
		return count_fmt(buf, a);
	if (count_cmp(a, half) < 0) {
		snprintf(buf, COUNT_TEXT, "~2^%d", 63 - __builtin_clzll(a.w[0]));
		return buf;
	}
	if (a.w[0] >> 63)
		nets = count_add(nets, count_of(1));
	snprintf(buf, COUNT_TEXT, "%s%.50s /64", a.w[0] ? "~" : "", count_fmt(text, nets));
	return buf;
}

bool
count_fits_double(struct count a)
{
	return (a.w[1] | a.w[2]) == 0 && a.w[0] <= (uint64_t)1 << 53;
}
