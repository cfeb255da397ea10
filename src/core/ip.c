/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ip.h"

/* Prefixes longer than these have no address that is special. */
enum { IPV4_SPECIAL_LEN = 30, IPV6_SPECIAL_LEN = 126 };

struct span
span_prefix(struct ip ip, int len)
{
	u128 mask = ip_hostmask(ip.family, len);

	return (struct span){ ip.v & ~mask, ip.v | mask, ip.family, len };
}

struct span
span_range(struct ip first, struct ip last)
{
	return (struct span){ first.v, last.v, first.family, -1 };
}

struct span
span_ip(struct ip ip)
{
	return span_range(ip, ip);
}

bool
span_holds(struct span outer, struct span inner)
{
	return outer.family == inner.family && outer.first <= inner.first &&
	       inner.last <= outer.last;
}

bool
span_holds_ip(struct span s, struct ip ip)
{
	return s.family == ip.family && s.first <= ip.v && ip.v <= s.last;
}

bool
span_meets(struct span a, struct span b)
{
	return a.family == b.family && a.first <= b.last && b.first <= a.last;
}

bool
span_same(struct span a, struct span b)
{
	return a.family == b.family && a.first == b.first && a.last == b.last;
}

struct ip
span_first(struct span s)
{
	return (struct ip){ s.first, s.family };
}

struct ip
span_last(struct span s)
{
	return (struct ip){ s.last, s.family };
}

/* The number of zero bits above the highest one; 128 for 0. */
static int
leading_zeros(u128 v)
{
	uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;

	if (high)
		return __builtin_clzll(high);
	return low ? 64 + __builtin_clzll(low) : 128;
}

/* The number of zero bits below the lowest one; 128 for 0. */
static int
trailing_zeros(u128 v)
{
	uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;

	if (low)
		return __builtin_ctzll(low);
	return high ? 64 + __builtin_ctzll(high) : 128;
}

int
ip_common(enum family f, u128 a, u128 b)
{
	return leading_zeros(a ^ b) - (128 - ip_bits(f));
}

struct span
span_head_block(struct span s)
{
	u128 more = s.last - s.first;
	int bits = ip_bits(s.family);
	int fits = more == ~(u128)0 ? 128 : 127 - leading_zeros(more + 1); /* log2 of the size */
	int aligned = trailing_zeros(s.first);
	int host = fits < aligned ? fits : aligned;

	return span_prefix(span_first(s), host < bits ? bits - host : 0);
}

bool
span_is_link_local(struct span s)
{
	struct ip fe80 = { (u128)0xfe80 << 112, IPV6 };

	return span_holds(span_prefix(fe80, 10), s);
}

enum ip_special
prefix_special(struct span prefix, u128 addr)
{
	bool is_ipv4 = prefix.family == IPV4;

	if (prefix.len < 0 || prefix.len > (is_ipv4 ? IPV4_SPECIAL_LEN : IPV6_SPECIAL_LEN))
		return IP_USABLE;
	if (addr == prefix.first)
		return is_ipv4 ? IP_NETWORK : IP_ANYCAST;
	return is_ipv4 && addr == prefix.last ? IP_BROADCAST : IP_USABLE;
}

struct span
prefix_usable(struct span prefix, bool all)
{
	struct span usable = { prefix.first, prefix.last, prefix.family, -1 };

	if (all)
		return usable;
	usable.first += prefix_special(prefix, prefix.first) != IP_USABLE;
	usable.last -= prefix_special(prefix, prefix.last) != IP_USABLE;
	return usable;
}

static const char hex[] = "0123456789abcdef";

/* Write at p and return the end. */

static char *
put_decimal(char *p, unsigned n)
{
	if (n >= 100)
		*p++ = (char)('0' + n / 100);
	if (n >= 10)
		*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

static char *
put_quad(char *p, uint32_t v)
{
	p = put_decimal(p, v >> 24);
	*p++ = '.';
	p = put_decimal(p, v >> 16 & 255);
	*p++ = '.';
	p = put_decimal(p, v >> 8 & 255);
	*p++ = '.';
	return put_decimal(p, v & 255);
}

static char *
put_group(char *p, unsigned g)
{
	for (int shift = g > 0xfff ? 12 : g > 0xff ? 8 : g > 0xf ? 4 : 0; shift >= 0; shift -= 4)
		*p++ = hex[g >> shift & 15];
	return p;
}

static unsigned
group_of(u128 v, int i)
{
	return (unsigned)(v >> (112 - 16 * i)) & 0xffff;
}

/* The longest run of two or more zero groups, the first of equals: where "::"
 * stands (RFC 5952, section 4.2). */
static void
find_gap(u128 v, int *start, int *length)
{
	*start = *length = 0;
	for (int i = 0, run = 0; i < 8; i++) {
		run = group_of(v, i) ? 0 : run + 1;
		if (run > *length && run > 1) {
			*length = run;
			*start = i + 1 - run;
		}
	}
}

/* ::a.b.c.d, IPv4-compatible, and ::ffff:a.b.c.d, IPv4-mapped: as inet_ntop(3). */
static bool
is_embedded(u128 v)
{
	return v >> 32 == 0xffff || (v >> 32 == 0 && v > 0xffff);
}

static char *
put_groups(char *p, u128 v)
{
	int gap, length;
	int end = is_embedded(v) ? 6 : 8;

	find_gap(v, &gap, &length);
	for (int i = 0; i < end;) {
		if (length && i == gap) {
			if (i == 0)
				*p++ = ':';
			i += length;
		} else {
			p = put_group(p, group_of(v, i++));
		}
		*p++ = ':';
	}
	if (end == 6)
		return put_quad(p, (uint32_t)v);
	return length && gap + length == 8 ? p : p - 1;
}

static char *
put_ip(char *p, struct ip ip)
{
	return ip.family == IPV4 ? put_quad(p, (uint32_t)ip.v) : put_groups(p, ip.v);
}

char *
ip_fmt(char buf[IP_TEXT], struct ip ip)
{
	*put_ip(buf, ip) = '\0';
	return buf;
}

char *
range_fmt(char buf[SPAN_TEXT], struct span s)
{
	char *p = put_ip(buf, span_first(s));

	*p++ = '-';
	*put_ip(p, span_last(s)) = '\0';
	return buf;
}

char *
span_fmt(char buf[SPAN_TEXT], struct span s)
{
	if (s.len < 0)
		return s.first == s.last ? ip_fmt(buf, span_first(s)) : range_fmt(buf, s);
	char *p = put_ip(buf, span_first(s));
	*p++ = '/';
	*put_decimal(p, (unsigned)s.len) = '\0';
	return buf;
}
