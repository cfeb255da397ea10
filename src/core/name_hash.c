/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "name_hash.h"

#include "word.h"

/* Up to seven bytes; with their number, no two are the same. */
static uint64_t
rest_of(const char *p, size_t n)
{
	uint32_t a, b;

	if (n < 4)
		return n ? (uint64_t)(unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 |
		               (uint64_t)(unsigned char)p[n - 1] << 16
		         : 0;
	memcpy(&a, p, sizeof(a));
	memcpy(&b, p + n - sizeof(b), sizeof(b));
	return (uint64_t)a << 32 | b;
}

/* Letters lose their case, and a few other characters become one. */
static uint64_t
mix(uint64_t h, uint64_t x)
{
	h = (h ^ (x | WORD_OF(0x20))) * UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 29;
}

static uint64_t
hash_of(struct str s)
{
	uint64_t h = s.n;

	for (; s.n >= WORD; s = (struct str){ s.p + WORD, s.n - WORD })
		h = mix(h, word_load(s.p));
	return mix(h, rest_of(s.p, s.n)) * UINT64_C(0xc4ceb9fe1a85ec53);
}

uint32_t
label_hash(struct str label)
{
	return (uint32_t)(hash_of(label) >> 32);
}

uint64_t
domain_hash(struct str domain)
{
	return hash_of(domain);
}

uint64_t
name_hash(struct str name)
{
	size_t dot = str_find(name, '.');
	struct str domain = dot < name.n ? str_cut(name, dot + 1, name.n) : STR_NONE;

	return name_hash_in(domain_hash(domain), label_hash(str_cut(name, 0, dot)));
}
