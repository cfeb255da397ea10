/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bytes.h"

/* The length of the UTF-8 sequence at s (RFC 3629), 0 if it is none. */
static size_t
utf8_length(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char lead_low, lead_high, second_low, second_high, length;
	} form[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(form); i++) {
		if (s[0] < form[i].lead_low || s[0] > form[i].lead_high || n < form[i].length)
			continue;
		if (s[1] < form[i].second_low || s[1] > form[i].second_high)
			return 0;
		for (size_t k = 2; k < form[i].length; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return form[i].length;
	}
	return 0;
}

enum rule
bytes_fault(struct str s, bool tab, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p;

	while (*at < s.n) {
		size_t n = utf8_length(p + *at, s.n - *at);
		unsigned char c = p[*at];
		if (n == 0)
			return RULE_UTF8;
		if ((c < ' ' && !(tab && c == '\t')) || c == 0x7f ||
		    (c == 0xc2 && p[*at + 1] < 0xa0))
			return RULE_CONTROL;
		*at += n;
	}
	return RULE_NONE;
}

static void
put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
}

void
bytes_json(struct buf *b, struct str s)
{
	enum rule fault;
	size_t from = 0;

	buf_char(b, '"');
	do {
		size_t at = from;
		fault = bytes_fault(s, false, &at);
		put_escaped(b, str_cut(s, from, at));
		if (fault == RULE_CONTROL && s.p[at] == '\xc2')
			at++; /* of two bytes: U+0080 to U+009F */
		if (fault == RULE_CONTROL)
			buf_fmt(b, "\\u%04x", (unsigned char)s.p[at]);
		else if (fault)
			buf_z(b, "\xef\xbf\xbd"); /* U+FFFD */
		from = at + 1;
	} while (fault);
	buf_char(b, '"');
}

/* Sixteen bytes at a time. */
bool
bytes_are_plain(struct str s)
{
	const char *p = s.p;
	size_t n = s.n;
	typedef unsigned char v16 __attribute__((vector_size(16), aligned(1)));
	typedef unsigned long long v2 __attribute__((vector_size(16)));
	size_t i = 0;
	v16 bad = { 0 };

	for (; i + 16 <= n; i += 16) {
		v16 c;
		memcpy(&c, p + i, 16);
		bad |= (v16)((c < ' ') & (c != '\t')) | (v16)(c >= 0x7f);
	}
	v2 any = (v2)bad;
	if (any[0] | any[1])
		return false;
	for (; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if ((c < ' ' && c != '\t') || c >= 0x7f)
			return false;
	}
	return true;
}
