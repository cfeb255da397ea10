/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mac.h"

#include "hex.h"

enum { DIGITS = 12 };

/* After how many digits stands what; the length of the text tells which. */
static const struct spelling {
	size_t length;
	size_t every;
	const char *separators; /* one of them, always the same */
} spellings[] = {
	{ DIGITS, DIGITS, "" },
	{ DIGITS + 5, 2, ":-" },
	{ DIGITS + 2, 4, "." },
};

static const struct spelling *
spelling_of(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		const struct spelling *sp = &spellings[i];
		if (sp->length == s.n &&
		    (sp->every == DIGITS ||
			memchr(sp->separators, s.p[sp->every], strlen(sp->separators))))
			return sp;
	}
	return NULL;
}

bool
mac_parse(struct str s, unsigned char mac[6])
{
	const struct spelling *sp = spelling_of(s);
	uint64_t v = 0;

	if (!sp)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool is_separator = i % (sp->every + 1) == sp->every;
		int digit = hex_digit(s.p[i]);
		if (is_separator ? s.p[i] != s.p[sp->every] : digit < 0)
			return false;
		if (!is_separator)
			v = v << 4 | (uint64_t)digit;
	}
	for (int i = 0; i < 6; i++)
		mac[i] = (unsigned char)(v >> (40 - 8 * i));
	return true;
}

char *
mac_fmt(char buf[MAC_TEXT], const unsigned char mac[6])
{
	static const char hex[] = "0123456789abcdef";

	for (int i = 0; i < 6; i++) {
		buf[3 * i] = hex[mac[i] >> 4];
		buf[3 * i + 1] = hex[mac[i] & 15];
		buf[3 * i + 2] = i < 5 ? ':' : '\0';
	}
	return buf;
}

uint64_t
mac_eui64(const unsigned char mac[6])
{
	const unsigned char id[8] = { mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4],
		mac[5] };
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | id[i];
	return v;
}
