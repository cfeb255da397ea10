/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading addresses, prefixes and ranges. */
#include "unit.h"

#include <arpa/inet.h>

#include "core/ip.h"

enum kind { ADDRESS, PREFIX, RANGE };

/* Reads a copy that ends where the text does. */
static bool
parse(enum kind kind, const char *text, struct span *span, struct ip_error *err)
{
	struct str s = str_from(text);
	char *bytes = exact(s);
	struct ip ip;
	bool ok = false;

	s.p = bytes;
	switch (kind) {
	case ADDRESS:
		ok = ip_parse(s, &ip, err);
		if (ok)
			*span = span_ip(ip);
		break;
	case PREFIX: ok = prefix_parse(s, span, err); break;
	case RANGE: ok = range_parse(s, span, err); break;
	}
	free(bytes);
	return ok;
}

static void
test_valid(void **state)
{
	static const struct {
		enum kind kind;
		const char *text, *written;
	} cases[] = {
		{ ADDRESS, "0.0.0.0", "0.0.0.0" },
		{ ADDRESS, "10.0.0.5", "10.0.0.5" },
		{ ADDRESS, "192.168.100.200", "192.168.100.200" },
		{ ADDRESS, "255.255.255.255", "255.255.255.255" },
		{ ADDRESS, "::", "::" },
		{ ADDRESS, "::1", "::1" },
		{ ADDRESS, "1::", "1::" },
		{ ADDRESS, "0:0:0:0:0:0:0:0", "::" },
		{ ADDRESS, "0000:0000:0000:0000:0000:0000:0000:0001", "::1" },
		{ ADDRESS, "2001:0DB8:85A3::", "2001:db8:85a3::" },
		{ ADDRESS, "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ ADDRESS, "2001:db8::1:0:0:1", "2001:db8::1:0:0:1" },
		{ ADDRESS, "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ ADDRESS, "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ ADDRESS, "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ ADDRESS, "1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8" },
		{ ADDRESS, "fe80::1", "fe80::1" },
		{ ADDRESS, "::1.2.3.4", "::1.2.3.4" },
		{ ADDRESS, "::ffff:1.2.3.4", "::ffff:1.2.3.4" },
		{ ADDRESS, "::FFFF:0102:0304", "::ffff:1.2.3.4" },
		{ ADDRESS, "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ ADDRESS, "1:2:3:4:5:6:255.255.255.255", "1:2:3:4:5:6:ffff:ffff" },
		{ ADDRESS, "1:2:3:4:5::1.2.3.4", "1:2:3:4:5:0:102:304" },
		{ PREFIX, "0.0.0.0/0", "0.0.0.0/0" },
		{ PREFIX, "10.0.0.0/8", "10.0.0.0/8" },
		{ PREFIX, "10.1.2.3/32", "10.1.2.3/32" },
		{ PREFIX, "255.255.255.254/31", "255.255.255.254/31" },
		{ PREFIX, "::/0", "::/0" },
		{ PREFIX, "2001:0db8:85a3::/120", "2001:db8:85a3::/120" },
		{ PREFIX, "2001:db8:0:0:0:0:0:0/32", "2001:db8::/32" },
		{ PREFIX, "::/126", "::/126" },
		{ PREFIX, "::1/128", "::1/128" },
		{ PREFIX, "::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104" },
		{ RANGE, "10.0.0.100-10.0.0.199", "10.0.0.100-10.0.0.199" },
		{ RANGE, "10.0.0.7-10.0.0.7", "10.0.0.7-10.0.0.7" },
		{ RANGE, "0.0.0.0-255.255.255.255", "0.0.0.0-255.255.255.255" },
		{ RANGE, "2001:DB8::-2001:db8::f", "2001:db8::-2001:db8::f" },
		{ RANGE, "::-::", "::-::" },
		{ RANGE, "::1.2.3.4-::ffff:1.2.3.4", "::1.2.3.4-::ffff:1.2.3.4" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct span span;
		struct ip_error err;
		char text[SPAN_TEXT];
		bool ok = parse(cases[i].kind, cases[i].text, &span, &err);
		check(ok, "%s: %s", cases[i].text, err.why);
		check_text(cases[i].kind == RANGE ? range_fmt(text, span) : span_fmt(text, span),
		    cases[i].written, cases[i].text);
		check((span.len < 0) == (cases[i].kind != PREFIX), "%s", cases[i].text);
		check(parse(cases[i].kind, cases[i].text, &span, NULL), "%s", cases[i].text);
	}
}

#define FEW(n) #n " octets where 4 are needed"
#define OCTAL "leading zero in \"010\" (octal to some programs)"

static void
test_invalid(void **state)
{
	static const struct {
		enum kind kind;
		const char *text;
		size_t at;
		const char *why;
		const char *meant; /* written, if *out is set */
		enum { ABBREVIATED = 1, HOST_BITS = 2, REVERSED = 4 } flags;
	} cases[] = {
		/* no address at all */
		{ ADDRESS, "", 0, "not an IP address", 0, 0 },
		{ ADDRESS, "www", 0, "not an IP address", 0, 0 },
		{ ADDRESS, "cafe", 0, "not an IP address", 0, 0 },
		{ ADDRESS, " 10.0.0.1", 0, "not an IP address", 0, 0 },
		{ ADDRESS, "-10.0.0.1", 0, "not an IP address", 0, 0 },
		{ ADDRESS, "10.0.0.1 ", 8, "unexpected byte 0x20", 0, 0 },
		{ ADDRESS, "10.0.0.1\xc3\xa4", 8, "unexpected byte 0xc3", 0, 0 },
		{ ADDRESS, "10.0.0.1/24", 8, "a prefix length has no place here", 0, 0 },
		{ ADDRESS, "10.0.0.1-10.0.0.2", 8, "a range has no place here", 0, 0 },
		{ ADDRESS, "10.0.0.1%blue", 8, "a zone index has no place here", 0, 0 },
		/* IPv4 */
		{ ADDRESS, "10", 2, "1 octet where 4 are needed", 0, 0 },
		{ ADDRESS, "10.0", 4, FEW(2), 0, 0 },
		{ ADDRESS, "10.0.0", 6, FEW(3), 0, 0 },
		{ ADDRESS, "10.0.0.", 7, "an octet is missing", 0, 0 },
		{ ADDRESS, "10..0.1", 3, "an octet is missing", 0, 0 },
		{ ADDRESS, ".10.0.0.1", 0, "an octet is missing", 0, 0 },
		{ ADDRESS, "10.0.0.1.", 8, "more than 4 octets", 0, 0 },
		{ ADDRESS, "10.0.0.0.1", 8, "more than 4 octets", 0, 0 },
		{ ADDRESS, "010.0.0.1", 0, OCTAL, 0, 0 },
		{ ADDRESS, "10.0.0.010", 7, OCTAL, 0, 0 },
		{ ADDRESS, "10.00.0.1", 3, "leading zero in \"00\" (octal to some programs)", 0,
		    0 },
		{ ADDRESS, "0x0a.0.0.1", 1, "unexpected 'x'", 0, 0 },
		{ ADDRESS, "256.0.0.1", 0, "octet \"256\" is over 255", 0, 0 },
		{ ADDRESS, "10.0.0.300", 7, "octet \"300\" is over 255", 0, 0 },
		{ ADDRESS, "10.0.1000.1", 5, "octet \"1000\" is over 255", 0, 0 },
		{ ADDRESS, "1.2.3.99999999999999999999999", 6,
		    "octet \"99999999999999999999\" is over 255", 0, 0 },
		{ ADDRESS, "10.0.a.1", 5, "unexpected 'a'", 0, 0 },
		{ ADDRESS, "10.0.0a.1", 6, "unexpected 'a'", 0, 0 },
		{ ADDRESS, "10.0.0.-1", 7, "an octet is missing", 0, 0 },
		{ ADDRESS, "10.0.0.1:80", 8, "unexpected ':'", 0, 0 },
		{ ADDRESS, "192.168.99.1.invalid", 12, "more than 4 octets", 0, 0 },
		/* IPv6 */
		{ ADDRESS, ":", 0, "a single ':' at the beginning", 0, 0 },
		{ ADDRESS, ":1", 0, "a single ':' at the beginning", 0, 0 },
		{ ADDRESS, ":1::2", 0, "a single ':' at the beginning", 0, 0 },
		{ ADDRESS, "1:", 1, "a single ':' at the end", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:6:7:", 13, "a single ':' at the end", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:6:7:8:", 15, "a single ':' at the end", 0, 0 },
		{ ADDRESS, "1::2:", 4, "a single ':' at the end", 0, 0 },
		{ ADDRESS, "2001:db8:::1", 10, "\":::\" where \"::\" may stand", 0, 0 },
		{ ADDRESS, ":::", 2, "\":::\" where \"::\" may stand", 0, 0 },
		{ ADDRESS, "1::2::3", 4, "a second \"::\"", 0, 0 },
		{ ADDRESS, "::1::", 3, "a second \"::\"", 0, 0 },
		{ ADDRESS, "1:2", 3, "2 groups where 8 are needed", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:6:7", 13, "7 groups where 8 are needed", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:6:7:8:9", 16, "more than 8 groups", 0, 0 },
		{ ADDRESS, "1::3:4:5:6:7:8:9:a", 17, "more than 8 groups", 0, 0 },
		{ ADDRESS, "1:2:3:4::5:6:7:8", 7, "a \"::\" beside 8 groups", 0, 0 },
		{ ADDRESS, "::1:2:3:4:5:6:7:8", 0, "a \"::\" beside 8 groups", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:6:7:8::", 15, "a \"::\" beside 8 groups", 0, 0 },
		{ ADDRESS, "2001:12345::1", 5, "group \"12345\" has more than 4 digits", 0, 0 },
		{ ADDRESS, "2001::00000", 6, "group \"00000\" has more than 4 digits", 0, 0 },
		{ ADDRESS, "20010db8::", 0, "group \"20010db8\" has more than 4 digits", 0, 0 },
		{ ADDRESS, "2001:g::", 5, "unexpected 'g'", 0, 0 },
		{ ADDRESS, "2001:db8::x", 10, "unexpected 'x'", 0, 0 },
		{ ADDRESS, "2001:db8::1x", 11, "unexpected 'x'", 0, 0 },
		{ ADDRESS, "fe80::1%eth0", 7, "a zone index has no place here", 0, 0 },
		{ ADDRESS, "fe80::%eth0", 6, "a zone index has no place here", 0, 0 },
		{ ADDRESS, "[::1]", 0, "not an IP address", 0, 0 },
		/* IPv4 in IPv6 */
		{ ADDRESS, "::1.2.3", 7, FEW(3), 0, 0 },
		{ ADDRESS, "::1.2.3.256", 8, "octet \"256\" is over 255", 0, 0 },
		{ ADDRESS, "::010.2.3.4", 2, OCTAL, 0, 0 },
		{ ADDRESS, "::a.2.3.4", 2, "unexpected 'a'", 0, 0 },
		{ ADDRESS, "::1.2.3.4:5", 9, "a group after an IPv4 address", 0, 0 },
		{ ADDRESS, "::1.2.3.4::", 9, "a group after an IPv4 address", 0, 0 },
		{ ADDRESS, "::1.2.3.4.5", 9, "more than 4 octets", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:1.2.3.4", 17, "7 groups where 8 are needed", 0, 0 },
		{ ADDRESS, "1:2:3:4:5:6:7:1.2.3.4", 14,
		    "no room for an IPv4 address after 7 groups", 0, 0 },
		{ ADDRESS, "::1:2:3:4:5:6:1.2.3.4", 0, "a \"::\" beside 8 groups", 0, 0 },
		/* prefixes */
		{ PREFIX, "10.0.0.0", 8, "the prefix length is missing", 0, 0 },
		{ PREFIX, "10.0.0.0/", 9, "the prefix length is missing", 0, 0 },
		{ PREFIX, "2001:db8::", 10, "the prefix length is missing", 0, 0 },
		{ PREFIX, "/24", 0, "not an IP address", 0, 0 },
		{ PREFIX, "192.168.0.0/33", 12, "prefix length out of range (0 to 32)", 0, 0 },
		{ PREFIX, "192.168.0.0/4294967320", 12, "prefix length out of range (0 to 32)", 0,
		    0 },
		{ PREFIX, "2001:db8::/129", 11, "prefix length out of range (0 to 128)", 0, 0 },
		{ PREFIX, "2001:db8::/1000", 11, "prefix length out of range (0 to 128)", 0, 0 },
		{ PREFIX, "10.0.0.0/08", 9, "leading zero in prefix length \"08\"", 0, 0 },
		{ PREFIX, "10.0.0.0/00", 9, "leading zero in prefix length \"00\"", 0, 0 },
		{ PREFIX, "10.0.0.0/x", 9, "unexpected 'x'", 0, 0 },
		{ PREFIX, "10.0.0.0/2x", 10, "unexpected 'x'", 0, 0 },
		{ PREFIX, "10.0.0.0/-1", 9, "a range has no place here", 0, 0 },
		{ PREFIX, "10.0.0.0/24/8", 11, "a prefix length has no place here", 0, 0 },
		{ PREFIX, "10.0.0.0/24%blue", 11, "a zone index has no place here", 0, 0 },
		{ PREFIX, "2001:db8:::/32", 10, "\":::\" where \"::\" may stand", 0, 0 },
		{ PREFIX, "2001:db8:/32", 8, "a single ':' at the end", 0, 0 },
		{ PREFIX, "2001:db8/32", 8, "2 groups where 8 are needed", 0, 0 },
		{ PREFIX, "10.0.0.0-10.0.0.9", 8, "a range has no place here", 0, 0 },
		{ PREFIX, "10.0.0./24", 7, "an octet is missing", 0, 0 },
		{ PREFIX, "10.0.0.0.0/24", 8, "more than 4 octets", 0, 0 },
		{ PREFIX, "192.169.0.1/24", 0, "host bits are set", "192.169.0.0/24", HOST_BITS },
		{ PREFIX, "128.0.0.0/0", 0, "host bits are set", "0.0.0.0/0", HOST_BITS },
		{ PREFIX, "2001:db8::1/127", 0, "host bits are set", "2001:db8::/127", HOST_BITS },
		{ PREFIX, "8000::/0", 0, "host bits are set", "::/0", HOST_BITS },
		{ PREFIX, "10/8", 2, "1 octet where 4 are needed", "10.0.0.0/8", ABBREVIATED },
		{ PREFIX, "10.1/16", 4, FEW(2), "10.1.0.0/16", ABBREVIATED },
		{ PREFIX, "10.0.0/24", 6, FEW(3), "10.0.0.0/24", ABBREVIATED },
		{ PREFIX, "10.0.5/16", 6, FEW(3), "10.0.0.0/16", ABBREVIATED | HOST_BITS },
		{ PREFIX, "10.0.0/33", 6, FEW(3), 0, 0 },
		{ PREFIX, "10.0.0/", 6, FEW(3), 0, 0 },
		{ PREFIX, "10.0.0", 6, FEW(3), 0, 0 },
		{ PREFIX, "::10.0/96", 6, FEW(2), 0, 0 },
		{ PREFIX, "10.0.0.0/255.255.255.0", 9, "a netmask where a prefix length is needed",
		    "10.0.0.0/24", ABBREVIATED },
		{ PREFIX, "10.0.0.1/255.255.255.255", 9,
		    "a netmask where a prefix length is needed", "10.0.0.1/32", ABBREVIATED },
		{ PREFIX, "10.0.0.1/0.0.0.0", 9, "a netmask where a prefix length is needed",
		    "0.0.0.0/0", ABBREVIATED | HOST_BITS },
		{ PREFIX, "10.0.0.0/255.255.0.255", 12, "unexpected '.'", 0, 0 },
		{ PREFIX, "10.0.0.0/0.0.0.255", 10, "unexpected '.'", 0, 0 },
		{ PREFIX, "::/255.255.255.0", 6, "unexpected '.'", 0, 0 },
		/* ranges */
		{ RANGE, "10.0.0.1", 8, "the end of the range is missing", 0, 0 },
		{ RANGE, "10.0.0.1-", 9, "the end of the range is missing", 0, 0 },
		{ RANGE, "-10.0.0.1", 0, "not an IP address", 0, 0 },
		{ RANGE, "10.0.0.1-x", 9, "not an IP address", 0, 0 },
		{ RANGE, "10.0.0.1/24-10.0.0.2", 8, "a prefix length has no place here", 0, 0 },
		{ RANGE, "10.0.0.1-10.0.0.2/24", 17, "a prefix length has no place here", 0, 0 },
		{ RANGE, "10.0.0.1-10.0.0.2-10.0.0.3", 17, "a range has no place here", 0, 0 },
		{ RANGE, "10.0.0-10.0.1", 6, FEW(3), 0, 0 },
		{ RANGE, "10.0.0.1-10.0.2", 15, FEW(3), 0, 0 },
		{ RANGE, "10.0.0.1-10.0.0.256", 16, "octet \"256\" is over 255", 0, 0 },
		{ RANGE, "::1-:::2", 6, "\":::\" where \"::\" may stand", 0, 0 },
		{ RANGE, "::1-:2", 4, "a single ':' at the beginning", 0, 0 },
		{ RANGE, "1:-::2", 1, "a single ':' at the end", 0, 0 },
		{ RANGE, "10.0.0.1-2001:db8::", 9, "a range of IPv4 and IPv6 addresses", 0, 0 },
		{ RANGE, "::1-10.0.0.1", 4, "a range of IPv4 and IPv6 addresses", 0, 0 },
		{ RANGE, "10.0.0.9-10.0.0.1", 9, "the last address is before the first",
		    "10.0.0.1-10.0.0.9", REVERSED },
		{ RANGE, "::2-::1", 4, "the last address is before the first", "::1-::2",
		    REVERSED },
		{ RANGE, "10.0.0.1-20", 11, "1 octet where 4 are needed", "10.0.0.1-10.0.0.20",
		    ABBREVIATED },
		{ RANGE, "10.0.0.9-5", 10, "1 octet where 4 are needed", 0, 0 },
		{ RANGE, "10.0.0.1-1.20", 13, FEW(2), 0, 0 },
		{ RANGE, "::1-20", 6, "1 octet where 4 are needed", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = cases[i].text;
		struct span span = { 0 };
		struct ip_error err;
		char meant[SPAN_TEXT];
		memset(&err, 0xff, sizeof(err));
		check(!parse(cases[i].kind, text, &span, &err), "%s", text);
		check_text(err.why, cases[i].why, text);
		check(err.at == cases[i].at, "%s: at %zu", text, err.at);
		check(err.is_abbreviated == !!(cases[i].flags & ABBREVIATED), "%s", text);
		check(err.host_bits == !!(cases[i].flags & HOST_BITS), "%s", text);
		check(err.reversed == !!(cases[i].flags & REVERSED), "%s", text);
		if (cases[i].meant)
			check_text(span_fmt(meant, span), cases[i].meant, text);
		check(!parse(cases[i].kind, text, &span, NULL), "%s", text);
	}
}

/* Any spelling of a value that RFC 4291 allows. */
static void
spell(uint64_t *seed, struct ip ip, char out[64])
{
	char *p = out;
	int end = rnd(seed) % 4 ? 8 : 6, gap = -1, gap_end = -1;

	for (int i = 0, from = 0; i <= end; i++) {
		if (i < end && (ip.v >> (112 - 16 * i) & 0xffff) == 0)
			continue;
		if (i > from && (gap < 0 || rnd(seed) % 2))
			gap = from, gap_end = i;
		from = i + 1;
	}
	if (rnd(seed) % 4 == 0)
		gap = gap_end = -1;
	for (int i = 0; i < end; i++) {
		if (i == gap) {
			p += sprintf(p, i ? ":" : "::");
			i = gap_end - 1;
			continue;
		}
		unsigned group = (unsigned)(ip.v >> (112 - 16 * i)) & 0xffff;
		p += sprintf(p, rnd(seed) % 2 ? "%0*x" : "%0*X", (int)(rnd(seed) % 4) + 1, group);
		p += sprintf(p, i < 7 ? ":" : "");
	}
	unsigned v4 = (unsigned)ip.v;
	if (end == 6)
		sprintf(p, "%u.%u.%u.%u", v4 >> 24, v4 >> 16 & 255, v4 >> 8 & 255, v4 & 255);
}

static struct ip
random_ip(uint64_t *seed)
{
	struct ip ip = { 0, rnd(seed) % 2 ? IPV4 : IPV6 };

	for (int i = 0; i < 8; i++) {
		uint64_t r = rnd(seed);
		ip.v = ip.v << 16 | (u128)(r % 2 ? 0 : r >> 8 & (0xffffu >> (r >> 4) % 16));
	}
	ip.v &= ip_max(ip.family);
	return ip;
}

static void
test_spellings(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct ip ip = random_ip(&seed);
		struct span got;
		struct ip_error err;
		char text[64];
		ip.family = IPV6;
		spell(&seed, ip, text);
		check(parse(ADDRESS, text, &got, &err), "%s: %s", text, err.why);
		check(got.first == ip.v && got.family == IPV6, "%s", text);
	}
}

/* What is written reads as the same value. */
static void
test_round_trip(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct ip a = random_ip(&seed), b = random_ip(&seed);
		int len = (int)(rnd(&seed) % ((unsigned)ip_bits(a.family) + 1));
		struct span spans[] = { span_ip(a), span_prefix(a, len), span_range(a, a) };
		if (a.family == b.family)
			spans[RANGE] = a.v < b.v ? span_range(a, b) : span_range(b, a);
		for (int kind = ADDRESS; kind <= RANGE; kind++) {
			struct span s = spans[kind], got;
			struct ip_error err;
			char text[SPAN_TEXT];
			(kind == RANGE ? range_fmt : span_fmt)(text, s);
			check(parse((enum kind)kind, text, &got, &err), "%s: %s", text, err.why);
			check(span_same(got, s) && got.len == s.len, "%s", text);
		}
	}
}

static void
mutate(uint64_t *seed, char *text)
{
	static const char bytes[] = "0123456789abcdefABCDEF::::::....../-%gx ";
	size_t n = strlen(text), at = rnd(seed) % (n + 1);
	char c = bytes[rnd(seed) % (sizeof(bytes) - 1)];

	if (rnd(seed) % 3 == 0 && at < n) {
		memmove(text + at, text + at + 1, n - at);
	} else if (rnd(seed) % 2 && at < n) {
		text[at] = c;
	} else {
		memmove(text + at + 1, text + at, n - at + 1);
		text[at] = c;
	}
}

static bool
libc_parse(const char *text, struct ip *ip)
{
	unsigned char bytes[16];
	bool is_ipv6 = inet_pton(AF_INET6, text, bytes) == 1;

	if (!is_ipv6 && inet_pton(AF_INET, text, bytes) != 1)
		return false;
	*ip = (struct ip){ 0, is_ipv6 ? IPV6 : IPV4 };
	for (int i = 0; i < ip_bits(ip->family) / 8; i++)
		ip->v = ip->v << 8 | bytes[i];
	return true;
}

/* Accepts what inet_pton(3) accepts, and nothing else. */
static void
test_mutated(void **state)
{
	uint64_t seed = 3;
	int valid = 0;

	(void)state;
	for (int i = 0; i < 400000; i++) {
		struct ip ip = random_ip(&seed), wanted = { 0 };
		struct span got = { 0 };
		struct ip_error err;
		char text[80];
		if (ip.family == IPV4)
			ip_fmt(text, ip);
		else
			spell(&seed, ip, text);
		for (uint64_t n = rnd(&seed) % 4; n > 0; n--)
			mutate(&seed, text);
		bool ok = libc_parse(text, &wanted);
		valid += ok;
		check(parse(ADDRESS, text, &got, &err) == ok, "%s", text);
		check(got.first == wanted.v && got.family == wanted.family, "%s", text);
		check(ok || (err.at <= strlen(text) && err.why[0]), "%s: %s", text, err.why);
	}
	assert_true(valid > 40000 && valid < 360000);
}

static void
test_embedded_nul(void **state)
{
	struct span s;
	struct ip ip;

	(void)state;
	assert_false(ip_parse((struct str){ "10.0.0.1\0", 9 }, &ip, NULL));
	assert_false(ip_parse((struct str){ "10.0.0\0", 7 }, &ip, NULL));
	assert_false(ip_parse((struct str){ "::1\0", 4 }, &ip, NULL));
	assert_false(ip_parse((struct str){ "::\0", 3 }, &ip, NULL));
	assert_false(ip_parse((struct str){ "::\xff", 3 }, &ip, NULL));
	assert_false(prefix_parse((struct str){ "::/8\0", 5 }, &s, NULL));
	assert_false(range_parse((struct str){ "::-::\0", 6 }, &s, NULL));
	assert_false(ip_parse(STR_NONE, &ip, NULL));
	assert_false(prefix_parse(STR_NONE, &s, NULL));
	assert_false(range_parse(STR_NONE, &s, NULL));
	assert_false(ip_looks_like_key(STR_NONE));
}

static void
test_length(void **state)
{
	static const struct {
		const char *text;
		int len; /* -1: not a length */
	} cases[] = {
		{ "/0", 0 },
		{ "/8", 8 },
		{ "/24", 24 },
		{ "/128", 128 },
		{ "/129", -1 },
		{ "/1280", -1 },
		{ "24", -1 },
		{ "/", -1 },
		{ "", -1 },
		{ "/024", -1 },
		{ "/00", -1 },
		{ "/-1", -1 },
		{ "/+1", -1 },
		{ "/24 ", -1 },
		{ "/a", -1 },
		{ "//24", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int len = -1;
		bool ok = prefix_len_parse(str_from(cases[i].text), &len);
		check(ok == (cases[i].len >= 0), "%s", cases[i].text);
		check(!ok || len == cases[i].len, "%s: %d", cases[i].text, len);
	}
}

static void
test_looks_like_key(void **state)
{
	static const char *const keys[] = { "10.0.0.1", "010.0.0.1", "10.0.0.256", "999.1.1.1",
		"1.2.3.99999999999999999999", "10.0.0.0/24", "10.0.0.0/33", "10.0.0/24", "10/8",
		"10.0.0.1-10.0.0.9", "10.0.0.9-10.0.0.1", "10.0.0.1-10.0.0.256", "::", "::1",
		"2001:db8::", "2001:db8:::1", "fe80::/10", "::/129", "1:2:3", "::-::1",
		"10.0.0.1-::1", "::1.2.3.4", "1:2:3:4:5:6:7:8:9", "DEAD::beef" };
	static const char *const names[] = { "", "www", "10", "2026", "1.3.3", "10.0.0",
		"10.0.0.1.", "10.0.0.1.5", "10.0.0.1.example.net", "a.b.c.d", "10.0.0.x", "cafe",
		"dead.beef", "10-20", "10.0-10.1", "10.0.0-10.0.1", "10.0.0.1-", "-10.0.0.1",
		"10.0.0.1-web", "10.0.0.1-20", "web/24", "10.0.0.0/", "10.0.0.0/x", "a:b",
		"52:54:00:12:34:56", "52-54-00-12-34-56", "525400123456", "5254.0012.3456", "/24",
		"10.0.0.1%blue", "rack-10.0.0.1", "10.0.0.1 " };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		check(ip_looks_like_key(str_from(keys[i])), "%s", keys[i]);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		check(!ip_looks_like_key(str_from(names[i])), "%s", names[i]);
}

/* Whatever can be read looks like a key. */
static void
test_keys_look_like_keys(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct ip ip = random_ip(&seed);
		struct span s;
		char text[SPAN_TEXT];
		span_fmt(text, i % 2 ? span_prefix(ip, (int)(rnd(&seed) % 33)) : span_ip(ip));
		if (rnd(&seed) % 4 == 0)
			mutate(&seed, text);
		bool valid = parse(ADDRESS, text, &s, NULL) || parse(PREFIX, text, &s, NULL) ||
		             parse(RANGE, text, &s, NULL);
		check(!valid || ip_looks_like_key(str_from(text)), "%s", text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_embedded_nul),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_looks_like_key),
		cmocka_unit_test(test_keys_look_like_keys),
	};

	return cmocka_run_group_tests_name("ip_parse", tests, NULL, NULL);
}
