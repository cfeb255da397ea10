/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * word: eight bytes of a text at a time, in a number.
 *
 * The functions set the high bits of the bytes that they look for; only the
 * lowest one counts where they say so, for it may carry into those above it.
 */
#ifndef IPAM_WORD_H
#define IPAM_WORD_H

#include <stdint.h>
#include <string.h>

enum { WORD = sizeof(uint64_t) };

#define WORD_OF(byte) (UINT64_C(0x0101010101010101) * (byte))
#define WORD_HIGH WORD_OF(0x80)

/* The first byte is the lowest. */
static inline uint64_t
word_load(const char *p)
{
	uint64_t x;

	memcpy(&x, p, WORD);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* The number of the lowest byte that is set; there is one. */
static inline size_t
word_lowest(uint64_t high)
{
	return (size_t)__builtin_ctzll(high) / 8;
}

/* All bits of the first n bytes. */
static inline uint64_t
word_first(size_t n)
{
	return n < WORD ? (UINT64_C(1) << 8 * n) - 1 : ~UINT64_C(0);
}

/* Bytes below `low` (an ASCII character) or no printable ASCII; the lowest. */
static inline uint64_t
word_odd(uint64_t x, unsigned char low)
{
	return ((x - WORD_OF(low)) | (x + WORD_OF(1)) | x) & WORD_HIGH;
}

/* Bytes that are c; the lowest. */
static inline uint64_t
word_equal(uint64_t x, unsigned char c)
{
	x ^= WORD_OF(c);
	return (x - WORD_OF(1)) & ~x & WORD_HIGH;
}

/* All bytes from `from` to `to`, in a word that is all ASCII. */
static inline uint64_t
word_between(uint64_t x, unsigned char from, unsigned char to)
{
	return (x + WORD_OF(0x80u - from)) & ~(x + WORD_OF(0x7fu - to)) & WORD_HIGH;
}

#endif
