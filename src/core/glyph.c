/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "glyph.h"

enum { EIGHTHS = 8, FULL = 1000 };

uint32_t
glyph_next(struct str s, size_t *at)
{
	unsigned char c = (unsigned char)s.p[(*at)++];
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	uint32_t code = more ? c & (0x3fu >> more) : c;

	for (; more > 0 && *at < s.n && ((unsigned char)s.p[*at] & 0xc0) == 0x80; more--)
		code = code << 6 | ((unsigned char)s.p[(*at)++] & 0x3fu);
	return code;
}

struct stretch {
	uint32_t first, last;
};

static bool
is_in(const struct stretch *table, size_t n, uint32_t code)
{
	for (size_t i = 0; i < n; i++)
		if (code >= table[i].first && code <= table[i].last)
			return true;
	return false;
}

/* After the Unicode Character Database's EastAsianWidth (W and F) and its general categories
 * Mn, Me and Cf, in coarse stretches. */
static const struct stretch wide[] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0x4dbf },
	{ 0x4e00, 0xa4cf }, { 0xa960, 0xa97c }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f },
	{ 0x1f680, 0x1f6ff }, { 0x1f900, 0x1faff }, { 0x20000, 0x3fffd } };
static const struct stretch narrow[] = { { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd },
	{ 0x610, 0x61a }, { 0x64b, 0x65f }, { 0xe31, 0xe31 }, { 0xe34, 0xe3a }, { 0xe47, 0xe4e },
	{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x2064 }, { 0x20d0, 0x20f0 },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef } };

size_t
glyph_width(struct str s)
{
	size_t n = 0, at = 0;

	while (at < s.n) {
		uint32_t code = glyph_next(s, &at);
		n++;
		if (code < 0x300)
			continue;
		n += is_in(wide, ARRAY_LEN(wide), code);
		n -= is_in(narrow, ARRAY_LEN(narrow), code);
	}
	return n;
}

/* A part of whole, in steps of 1 / steps; neither none nor all of them unless it is so. */
static unsigned
steps_of(unsigned permille, unsigned steps)
{
	unsigned n = (permille * steps + FULL / 2) / FULL;

	if (n == 0 && permille > 0)
		return 1;
	return n == steps && permille < FULL ? steps - 1 : n;
}

void
glyph_bar(struct buf *b, unsigned permille, unsigned width, bool utf8)
{
	static const char *const part[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	unsigned each = utf8 ? EIGHTHS : 1, n = steps_of(permille, width * each);
	unsigned whole = n / each, rest = n % each;

	for (unsigned i = 0; i < whole; i++)
		buf_z(b, utf8 ? "█" : "#");
	buf_z(b, part[rest]);
	for (unsigned i = whole + (rest > 0); i < width; i++)
		buf_char(b, utf8 ? ' ' : '.');
}

void
glyph_spark(struct buf *b, const double *value, size_t n, bool utf8)
{
	static const char *const level[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	double top = 0;

	for (size_t i = 0; i < n; i++)
		if (value[i] > top)
			top = value[i];
	for (size_t i = 0; i < n; i++) {
		double share = top > 0 && value[i] > 0 ? value[i] / top : 0;
		if (utf8)
			buf_z(b, level[(int)(share * 7 + 0.5)]);
		else
			buf_char(b, (char)('0' + (int)(share * 9 + 0.5)));
	}
}
