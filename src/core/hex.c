/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hex.h"

int
hex_digit(char c)
{
	int l = ascii_lower(c);

	return ascii_digit(c) ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

struct str
hex_fmt(struct arena *a, struct str octets)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(a, 3 * octets.n + 1);

	for (size_t i = 0; i < octets.n; i++) {
		unsigned char octet = (unsigned char)octets.p[i];
		text[3 * i] = digits[octet >> 4];
		text[3 * i + 1] = digits[octet & 15];
		text[3 * i + 2] = ':';
	}
	return (struct str){ text, octets.n ? 3 * octets.n - 1 : 0 };
}

bool
hex_parse(struct str text, struct arena *a, struct str *octets)
{
	char *p = arena_alloc(a, text.n + 1);
	struct str rest = text, octet;
	size_t n = 0;

	while (str_next(&rest, ':', &octet)) {
		if (octet.n < 1 || octet.n > 2 || hex_digit(octet.p[0]) < 0 ||
		    hex_digit(octet.p[octet.n - 1]) < 0)
			return false;
		int high = octet.n == 2 ? hex_digit(octet.p[0]) : 0;
		p[n++] = (char)(high << 4 | hex_digit(octet.p[octet.n - 1]));
	}
	*octets = (struct str){ p, n };
	return n > 0 && text.p[text.n - 1] != ':';
}
