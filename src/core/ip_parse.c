/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The *_scan functions read from *at on, stop at the first byte that is not
 * theirs and leave *at there; what may follow is for their caller to say.
 */
#include "ip.h"

#include <stdio.h>

enum { OCTETS = 4, GROUPS = 8, GROUP_DIGITS = 4, QUOTE_MAX = 20, NO_STOP = -1 };

#define COLD __attribute__((cold, noinline))

/* The value of a hexadecimal digit plus one, 0 for another byte. */
/* clang-format off */
static const unsigned char hex_digit[256] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	['A'] = 11, 12, 13, 14, 15, 16,
	['a'] = 11, 12, 13, 14, 15, 16,
};
/* clang-format on */

static inline bool
is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool
is_hex(char c)
{
	return hex_digit[(unsigned char)c] != 0;
}

/* '\0' at the end: no text of an address holds one. */
static inline char
char_at(struct str s, size_t at)
{
	return at < s.n ? s.p[at] : '\0';
}

static inline uint32_t
digit_at(struct str s, size_t at)
{
	return at < s.n ? (uint32_t)(unsigned char)s.p[at] - '0' : 255;
}

static inline bool
is_end_or(struct str s, size_t at, const char *set)
{
	return at == s.n || (s.p[at] && strchr(set, s.p[at]));
}

static size_t
skip_digits(struct str s, size_t at, bool (*is_one)(char))
{
	while (at < s.n && is_one(s.p[at]))
		at++;
	return at;
}

/* Failures. */

COLD __attribute__((format(printf, 3, 4))) static bool
fail(struct ip_error *err, size_t at, const char *fmt, ...)
{
	va_list ap;

	*err = (struct ip_error){ .at = at };
	va_start(ap, fmt);
	vsnprintf(err->why, sizeof(err->why), fmt, ap);
	va_end(ap);
	return false;
}

/* The word from at to end is wrong. */
COLD static bool
fail_word(struct ip_error *err, struct str s, size_t at, size_t end, const char *what,
    const char *why)
{
	int n = end - at < QUOTE_MAX ? (int)(end - at) : QUOTE_MAX;

	return fail(err, at, "%s \"%.*s\"%s", what, n, s.p + at, why);
}

/* There is a byte at at, and it may not stand there. */
COLD static bool
unexpected(struct str s, size_t at, struct ip_error *err)
{
	static const struct {
		char c;
		const char *why;
	} whys[] = {
		{ '/', "a prefix length has no place here" },
		{ '-', "a range has no place here" },
		{ '%', "a zone index has no place here" },
	};
	char c = s.p[at];

	for (size_t i = 0; i < ARRAY_LEN(whys); i++)
		if (whys[i].c == c)
			return fail(err, at, "%s", whys[i].why);
	if (c > ' ' && c <= '~')
		return fail(err, at, "unexpected '%c'", c);
	return fail(err, at, "unexpected byte 0x%02x", (unsigned)(unsigned char)c);
}

/* IPv4 */

COLD static bool
octet_fail(struct str s, size_t at, struct ip_error *err)
{
	size_t end = skip_digits(s, at, is_digit);

	if (end == at && (at == 0 || s.p[at - 1] == '-') && char_at(s, at) != '.')
		return fail(err, at, "not an IP address");
	if (end == at && is_end_or(s, at, "./-"))
		return fail(err, at, "an octet is missing");
	if (end == at)
		return unexpected(s, at, err);
	if (s.p[at] == '0')
		return fail_word(err, s, at, end, "leading zero in", " (octal to some programs)");
	return fail_word(err, s, at, end, "octet", " is over 255");
}

static inline bool
octet_scan(struct str s, size_t *at, uint32_t *octet, struct ip_error *err)
{
	uint32_t v = digit_at(s, *at), d = digit_at(s, *at + 1);
	size_t n = 1;

	if (v > 9 || (v == 0 && d <= 9))
		return octet_fail(s, *at, err);
	if (d <= 9) {
		v = v * 10 + d;
		d = digit_at(s, *at + 2);
		n = 2;
	}
	if (n == 2 && d <= 9) {
		v = v * 10 + d;
		d = digit_at(s, *at + 3);
		n = 3;
	}
	if (v > 255 || (n == 3 && d <= 9))
		return octet_fail(s, *at, err);
	*at += n;
	*octet = v;
	return true;
}

/* Up to four octets; returns how many, 0 for a failure. */
static inline int
octets_scan(struct str s, size_t *at, uint32_t *v, struct ip_error *err)
{
	uint32_t octet = 0;

	*v = 0;
	for (int n = 1;; n++, ++*at) {
		if (!octet_scan(s, at, &octet, err))
			return 0;
		*v = *v << 8 | octet;
		if (n == OCTETS || char_at(s, *at) != '.')
			return n;
	}
}

/* Fewer than four octets.  A prefix may have been meant: *v gets its form in full. */
COLD static bool
too_few_octets(struct str s, size_t at, int n, uint32_t *v, struct ip_error *err)
{
	if (!is_end_or(s, at, "/-"))
		return unexpected(s, at, err);
	fail(err, at, "%d octet%s where 4 are needed", n, n > 1 ? "s" : "");
	err->is_abbreviated = true;
	*v <<= 8 * (OCTETS - n);
	return false;
}

static inline bool
quad_scan(struct str s, size_t *at, uint32_t *v, struct ip_error *err)
{
	int n = octets_scan(s, at, v, err);

	if (n < OCTETS)
		return n > 0 && too_few_octets(s, *at, n, v, err);
	if (char_at(s, *at) == '.')
		return fail(err, *at, "more than 4 octets");
	return true;
}

/* IPv6 */

struct groups {
	size_t at;
	u128 v;        /* all groups, without those that "::" stands for */
	int n;         /* how many */
	int gap;       /* how many of them before the "::", or -1 */
	size_t gap_at; /* where it is */
};

/* A group is missing at g->at. */
COLD static bool
group_fail(struct str s, const struct groups *g, struct ip_error *err)
{
	char c = char_at(s, g->at);

	if (g->gap == g->n)
		return fail(err, g->at, "\":::\" where \"::\" may stand");
	if (c == ':' && g->n == 0)
		return fail(err, g->at, "a single ':' at the beginning");
	if (c == ':')
		return fail(err, g->at - 1, "a second \"::\"");
	if (is_end_or(s, g->at, "/-%"))
		return fail(err, g->at - 1, "a single ':' at the end");
	return unexpected(s, g->at, err);
}

COLD static bool
group_too_long(struct str s, size_t at, struct ip_error *err)
{
	size_t end = skip_digits(s, at, is_hex);

	return fail_word(err, s, at, end, "group", " has more than 4 digits");
}

/* What stands before a group: nothing, ":" or "::".  False where none follows. */
static inline bool
separator_scan(struct str s, struct groups *g)
{
	if (char_at(s, g->at) != ':')
		return g->n == 0;
	if (g->gap < 0 && char_at(s, g->at + 1) == ':') {
		g->gap = g->n;
		g->gap_at = g->at;
		g->at += 2;
		char next = char_at(s, g->at);
		return is_hex(next) || next == ':';
	}
	g->at += g->n > 0;
	return true;
}

static inline bool
embedded_scan(struct str s, struct groups *g, struct ip_error *err)
{
	uint32_t quad;

	if (g->n > GROUPS - 2)
		return fail(err, g->at, "no room for an IPv4 address after %d groups", g->n);
	if (!quad_scan(s, &g->at, &quad, err))
		return err->is_abbreviated = false;
	if (char_at(s, g->at) == ':')
		return fail(err, g->at, "a group after an IPv4 address");
	g->v = g->v << 32 | quad;
	g->n += 2;
	return true;
}

static inline bool
group_scan(struct str s, struct groups *g, struct ip_error *err)
{
	size_t i = g->at;
	unsigned v = 0;

	while (i < s.n && i <= g->at + GROUP_DIGITS && is_hex(s.p[i]))
		v = v << 4 | (hex_digit[(unsigned char)s.p[i++]] - 1u);
	if (i == g->at)
		return group_fail(s, g, err);
	if (i > g->at + GROUP_DIGITS)
		return group_too_long(s, g->at, err);
	if (char_at(s, i) == '.')
		return embedded_scan(s, g, err);
	if (g->n == GROUPS)
		return fail(err, g->at, "more than 8 groups");
	g->v = g->v << 16 | v;
	g->n++;
	g->at = i;
	return true;
}

/* Opens the gap. */
static inline bool
groups_join(struct groups *g, u128 *v, struct ip_error *err)
{
	if (g->gap < 0 && g->n < GROUPS)
		return fail(err, g->at, "%d group%s where 8 are needed", g->n, g->n > 1 ? "s" : "");
	if (g->gap >= 0 && g->n == GROUPS)
		return fail(err, g->gap_at, "a \"::\" beside 8 groups");
	if (g->gap < 0 || g->n == 0) {
		*v = g->v;
	} else {
		u128 below = g->v & (((u128)1 << 16 * (g->n - g->gap)) - 1);
		*v = (g->v - below) << 16 * (GROUPS - g->n) | below;
	}
	return true;
}

static inline bool
groups_scan(struct str s, size_t *at, u128 *v, struct ip_error *err)
{
	struct groups g = { .at = *at, .gap = -1 };

	while (separator_scan(s, &g))
		if (!group_scan(s, &g, err))
			return false;
	*at = g.at;
	return groups_join(&g, v, err);
}

/* Both */

/* The first '.' or ':' tells the family. */
static inline bool
is_ipv6(struct str s, size_t at)
{
	for (size_t i = at; i < s.n; i++)
		if (s.p[i] == '.' || s.p[i] == ':' || !is_hex(s.p[i]))
			return s.p[i] == ':';
	return false;
}

/* An address, followed by the end or by stop. */
static inline bool
ip_scan(struct str s, size_t *at, int stop, struct ip *ip, struct ip_error *err)
{
	bool ok;

	if (is_ipv6(s, *at)) {
		ip->family = IPV6;
		ok = groups_scan(s, at, &ip->v, err);
	} else {
		uint32_t v;
		ok = quad_scan(s, at, &v, err);
		*ip = (struct ip){ v, IPV4 };
	}
	if (ok && *at < s.n && (unsigned char)s.p[*at] != stop)
		return unexpected(s, *at, err);
	return ok;
}

bool
ip_parse(struct str s, struct ip *out, struct ip_error *err)
{
	struct ip_error ignored;
	size_t at = 0;

	err = err ? err : &ignored;
	if (!ip_scan(s, &at, NO_STOP, out, err))
		return err->is_abbreviated = false;
	return true;
}

COLD static bool
length_fail(struct str s, size_t at, int bits, struct ip_error *err)
{
	size_t end = skip_digits(s, at, is_digit);

	if (at >= s.n)
		return fail(err, s.n, "the prefix length is missing");
	if (end < s.n)
		return unexpected(s, end, err);
	if (s.p[at] == '0')
		return fail_word(err, s, at, end, "leading zero in prefix length", "");
	return fail(err, at, "prefix length out of range (0 to %d)", bits);
}

/* The length, up to the end of s. */
static inline bool
length_scan(struct str s, size_t at, int bits, int *len, struct ip_error *err)
{
	int v = 0;
	size_t i = at;

	while (i < s.n && i < at + 3 && is_digit(s.p[i]))
		v = v * 10 + (s.p[i++] - '0');
	if (i == at || i < s.n || v > bits || (s.p[at] == '0' && i > at + 1))
		return length_fail(s, at, bits, err);
	*len = v;
	return true;
}

/* A netmask: -1 unless it is one. */
static int
netmask_scan(struct str s, size_t at)
{
	struct ip_error ignored;
	uint32_t mask;

	if (!quad_scan(s, &at, &mask, &ignored) || at < s.n)
		return -1;
	uint32_t host = ~mask;
	if (host & (host + 1))
		return -1;
	return host ? __builtin_clz(host) : 32;
}

/* *out is the prefix without its host bits, not what was written. */
COLD static bool
meant(struct ip ip, int len, struct span *out, struct ip_error *err)
{
	*out = span_prefix(ip, len);
	err->is_abbreviated = true;
	err->host_bits = out->first != ip.v;
	return false;
}

/* The address of a prefix, at its beginning, is wrong: fewer octets may be what is wrong. */
COLD static bool
prefix_abbreviated(struct str s, size_t at, struct ip ip, struct span *out, struct ip_error *err)
{
	struct ip_error ignored;
	int len = 0;

	if (!err->is_abbreviated)
		return false;
	err->is_abbreviated = false;
	if (char_at(s, at) == '/' && length_scan(s, at + 1, 32, &len, &ignored))
		return meant(ip, len, out, err);
	return false;
}

/* The length of a prefix, at its end, is wrong: a netmask may be what is wrong. */
COLD static bool
prefix_netmask(struct str s, size_t at, struct ip ip, struct span *out, struct ip_error *err)
{
	int len = ip.family == IPV4 ? netmask_scan(s, at) : -1;

	if (len < 0)
		return false;
	fail(err, at, "a netmask where a prefix length is needed");
	return meant(ip, len, out, err);
}

COLD static bool
host_bits(struct ip_error *err)
{
	fail(err, 0, "host bits are set");
	err->host_bits = true;
	return false;
}

bool
prefix_parse(struct str s, struct span *out, struct ip_error *err)
{
	struct ip_error ignored;
	struct ip ip;
	size_t at = 0;
	int len = 0;

	err = err ? err : &ignored;
	if (!ip_scan(s, &at, '/', &ip, err))
		return prefix_abbreviated(s, at, ip, out, err);
	at += at < s.n; /* the '/' */
	if (!length_scan(s, at, ip_bits(ip.family), &len, err))
		return prefix_netmask(s, at, ip, out, err);
	u128 mask = ip_hostmask(ip.family, len);
	*out = (struct span){ ip.v & ~mask, ip.v | mask, ip.family, len };
	return (ip.v & mask) == 0 || host_bits(err);
}

/* Both ends were read. */
static bool
range_make(struct ip first, struct ip last, size_t at, struct span *out, struct ip_error *err)
{
	if (first.family != last.family)
		return fail(err, at, "a range of IPv4 and IPv6 addresses");
	if (first.v <= last.v) {
		*out = span_range(first, last);
		return true;
	}
	fail(err, at, "the last address is before the first");
	err->reversed = true;
	*out = span_range(last, first);
	return false;
}

/* The last address is wrong: its last octet alone may be what is wrong. */
COLD static bool
range_abbreviated(struct str s, size_t at, struct ip first, struct span *out, struct ip_error *err)
{
	uint64_t octet;

	err->is_abbreviated = first.family == IPV4 && str_uint(str_cut(s, at, s.n), 255, &octet) &&
	                      octet >= (first.v & 255);
	if (err->is_abbreviated)
		*out = span_range(first, (struct ip){ (first.v & ~(u128)255) | octet, IPV4 });
	return false;
}

bool
range_parse(struct str s, struct span *out, struct ip_error *err)
{
	struct ip_error ignored;
	struct ip first, last;
	size_t at = 0;

	err = err ? err : &ignored;
	if (!ip_scan(s, &at, '-', &first, err))
		return err->is_abbreviated = false;
	if (at == s.n || ++at == s.n)
		return fail(err, at, "the end of the range is missing");
	size_t from = at;
	if (!ip_scan(s, &at, NO_STOP, &last, err))
		return range_abbreviated(s, from, first, out, err);
	return range_make(first, last, from, out, err);
}

bool
prefix_len_parse(struct str s, int *len)
{
	struct ip_error ignored;

	return s.n > 0 && s.p[0] == '/' && length_scan(s, 1, 128, len, &ignored);
}

/* Words that look like keys */

enum { COLONS_MIN = 2 };

/* The end of what looks like an IPv6 address at at, or at. */
static size_t
skip_groups(struct str s, size_t at)
{
	size_t i = at;
	int colons = 0;

	for (; i < s.n && (is_hex(s.p[i]) || s.p[i] == ':' || s.p[i] == '.'); i++)
		colons += s.p[i] == ':';
	return colons >= COLONS_MIN ? i : at;
}

/* The end of up to four numbers with dots between them, or at. */
static size_t
skip_octets(struct str s, size_t at, int *n)
{
	size_t i = at, end = at;

	for (*n = 0; *n < OCTETS; i = end + 1) {
		end = skip_digits(s, i, is_digit);
		if (end == i)
			return at;
		++*n;
		if (char_at(s, end) != '.')
			break;
	}
	return end;
}

static size_t
skip_ip(struct str s, size_t at, int *octets)
{
	size_t end = skip_groups(s, at);

	*octets = OCTETS;
	return end > at ? end : skip_octets(s, at, octets);
}

bool
ip_looks_like_key(struct str s)
{
	int octets;
	unsigned char mac[6];
	size_t end = skip_ip(s, 0, &octets), from = end + 1;

	if (end == 0 || mac_parse(s, mac))
		return false;
	if (char_at(s, end) == '/')
		return from < s.n && skip_digits(s, from, is_digit) == s.n;
	if (octets < OCTETS)
		return false;
	if (char_at(s, end) == '-')
		return skip_ip(s, from, &octets) == s.n && octets == OCTETS && from < s.n;
	return end == s.n;
}
