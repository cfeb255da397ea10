/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dhcpd_text.h"

#include "core/hex.h"

static bool
is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' && p[2] >= '0' &&
	       p[2] <= '7';
}

/* Reads the escape behind a backslash at p; returns what follows it. */
static const char *
read_escape(const char *p, const char *end, char *out)
{
	static const char letters[] = "trnb", bytes[] = "\t\r\n\b";
	const char *letter = memchr(letters, *p, 4);

	if (end - p >= 3 && is_octal(p)) {
		*out = (char)((p[0] - '0') << 6 | (p[1] - '0') << 3 | (p[2] - '0'));
		return p + 3;
	}
	if (end - p >= 3 && *p == 'x' && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
		*out = (char)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
		return p + 3;
	}
	*out = letter ? bytes[letter - letters] : *p;
	return p + 1;
}

bool
dhcpd_string(const char **at, const char *end, struct arena *a, struct str *out)
{
	const char *p = *at + 1, *close = p;
	char *bytes;
	size_t n = 0;

	while (close < end && *close != '"')
		close += *close == '\\' ? 2 : 1;
	*at = close < end ? close + 1 : end;
	if (close >= end)
		return false;
	bytes = arena_alloc(a, (size_t)(close - p) + 1);
	while (p < close)
		if (*p == '\\')
			p = read_escape(p + 1, close, &bytes[n++]);
		else
			bytes[n++] = *p++;
	*out = (struct str){ bytes, n };
	return true;
}

struct str
dhcpd_place(const struct dhcp_host *h, size_t n, struct arena *a)
{
	char text[SPAN_TEXT];

	if (n < h->ip.n)
		ip_fmt(text, h->ip.v[n]);
	else
		span_fmt(text, h->prefix.v[n - h->ip.n]);
	for (char *p = text; *p; p++)
		if (*p == ':' || *p == '/')
			*p = '-';
	return arena_str(a, str_from(text));
}

struct str
dhcpd_placed(struct str name, struct str place, struct arena *a)
{
	return arena_fmt(a, "%.*s-%.*s", STR_FMT(name.n ? name : STR("ipam")), STR_FMT(place));
}

struct str
dhcpd_unplaced(struct str name, const struct dhcp_host *h, struct arena *a)
{
	for (size_t i = 0; i < h->ip.n + h->prefix.n; i++) {
		struct str place = dhcpd_place(h, i, a);
		if (str_ieq(name, place) || str_ieq(name, dhcpd_placed(STR_NONE, place, a)))
			return STR_NONE;
		if (str_iends(name, place) && name.n > place.n + 1 &&
		    name.p[name.n - place.n - 1] == '-')
			return str_cut(name, 0, name.n - place.n - 1);
	}
	return name;
}
