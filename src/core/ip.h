/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ip: addresses, prefixes and ranges as values, IPv4 and IPv6 in one code path.
 *
 * An address is a number of 32 or 128 bits and its family.  A prefix and a
 * range are both a struct span: the first and the last address, both included.
 * Sizes go up to 2^128 and so need one bit more than an address: struct count
 * (count.h).
 *
 * Text forms: IPv4 is a strict dotted quad without leading zeros (RFC 6943,
 * section 3.1.1); IPv6 is read in any form of RFC 4291, section 2.2, without a
 * zone, and written as RFC 5952 says and inet_ntop(3) does.
 */
#ifndef IPAM_IP_H
#define IPAM_IP_H

#include "buf.h"
#include "count.h"
#include "mac.h"

enum family { FAMILY_NONE = 0, IPV4 = 4, IPV6 = 6 };

struct ip {
	u128 v; /* IPv4 in the low 32 bits */
	enum family family;
};

/* A run of addresses of one family.  len is the prefix length where the span
 * is a prefix, else -1. */
struct span {
	u128 first, last;
	enum family family;
	int len;
};

/* 2^32 or 2^128 less one: the highest address of a family. */
static inline u128
ip_max(enum family f)
{
	return f == IPV4 ? UINT32_MAX : ~(u128)0;
}

/* 32 or 128. */
static inline int
ip_bits(enum family f)
{
	return f == IPV4 ? 32 : 128;
}

/* The bits below a prefix length: 0xff for an IPv4 /24. */
static inline u128
ip_hostmask(enum family f, int len)
{
	return len == 0 ? ip_max(f) : ((u128)1 << (ip_bits(f) - len)) - 1;
}

struct span span_prefix(struct ip ip, int len); /* clears the host bits */
struct span span_range(struct ip first, struct ip last);
struct span span_ip(struct ip ip); /* one address; len is -1 */
bool span_holds(struct span outer, struct span inner);
bool span_holds_ip(struct span s, struct ip ip);
bool span_meets(struct span a, struct span b); /* have an address in common */
bool span_same(struct span a, struct span b);  /* the same addresses, whatever len */
struct ip span_first(struct span s);
struct ip span_last(struct span s);
/* The length of the longest prefix that a and b share; ip_bits(f) if a is b. */
int ip_common(enum family f, u128 a, u128 b);
/* The widest prefix that starts at first and ends at or before last. */
struct span span_head_block(struct span s);

/* fe80::/10 (RFC 4291, section 2.4) */
bool span_is_link_local(struct span s);

/*
 * Which of a prefix's addresses nobody may have: the network and broadcast
 * address of an IPv4 prefix up to /30 (RFC 3021 for the /31) and the
 * subnet-router anycast address of an IPv6 prefix up to /126 (RFC 4291,
 * section 2.6.1; RFC 6164 for the /127).  With all (`usable=all`) none.
 */
enum ip_special { IP_USABLE, IP_NETWORK, IP_BROADCAST, IP_ANYCAST };
enum ip_special prefix_special(struct span prefix, u128 addr);
/* The addresses that may be assigned. */
struct span prefix_usable(struct span prefix, bool all);

/*
 * Reading.  All of s must be the address, prefix or range; nothing is skipped.
 * On failure *err (which may be NULL) says why, in words for a message, and
 * err->at where in s; *out is set only where a flag says so.
 */
enum { IP_WHY = 96 };
struct ip_error {
	char why[IP_WHY];    /* 'leading zero in "010" (octal to some programs)' ... */
	size_t at;           /* byte offset in s; s.n where something is missing at its end */
	bool host_bits;      /* a prefix whose host bits are set: *out has them cleared */
	bool reversed;       /* a range whose end is before its start; *out has them swapped */
	bool is_abbreviated; /* 10.0.0/24, 10.0.0.0/255.255.255.0, 10.0.0.1-20: *out is what
	                        was meant (and may have host bits, too) */
};
bool ip_parse(struct str s, struct ip *out, struct ip_error *err);
bool prefix_parse(struct str s, struct span *out, struct ip_error *err);
bool range_parse(struct str s, struct span *out, struct ip_error *err);
/* "/24" as in `subnet carve`; false unless it is a length of some family. */
bool prefix_len_parse(struct str s, int *len);
/* Whether s reads as an address, prefix or range, whatever is wrong with its
 * numbers: such a word cannot be a name. */
bool ip_looks_like_key(struct str s);

/* Longest text: a range of two IPv6 addresses with embedded IPv4. */
enum { IP_TEXT = 48, SPAN_TEXT = 2 * IP_TEXT };
/* These return buf. */
char *ip_fmt(char buf[IP_TEXT], struct ip ip);
/* A prefix as A/LEN, a range as FIRST-LAST, one address alone as A. */
char *span_fmt(char buf[SPAN_TEXT], struct span s);
char *range_fmt(char buf[SPAN_TEXT], struct span s); /* always FIRST-LAST */

#endif
