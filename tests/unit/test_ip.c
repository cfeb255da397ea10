/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values and writing; reading is test_ip_parse.c. */
#include "unit.h"

#include <arpa/inet.h>

#include "core/ip.h"

static const enum family families[] = { IPV4, IPV6 };

/* A value whose groups are often zero, small, or those that embed IPv4. */
static u128
random_value(uint64_t *seed, enum family f)
{
	u128 v = 0;

	for (int i = 0; i < 8; i++) {
		uint64_t r = rnd(seed), g = r >> 8 & 0xffff;
		v = v << 16 | (r % 8 < 4 ? 0 : r % 8 == 4 ? 0xffff : r % 8 == 5 ? g : g >> g % 16);
	}
	return v & ip_max(f);
}

static struct ip
random_ip(uint64_t *seed, enum family f)
{
	return (struct ip){ random_value(seed, f), f };
}

static struct span
random_span(uint64_t *seed, enum family f)
{
	u128 a = random_value(seed, f), b = random_value(seed, f);

	if (rnd(seed) % 2)
		b = a + rnd(seed) % 1000 < ip_max(f) ? a + rnd(seed) % 1000 : a;
	return (struct span){ a < b ? a : b, a < b ? b : a, f, -1 };
}

static void
written_as_by_libc(struct ip ip)
{
	unsigned char bytes[16];
	char ours[IP_TEXT], theirs[INET6_ADDRSTRLEN];
	int n = ip_bits(ip.family) / 8;

#ifndef __GLIBC__
	if (ip.family == IPV6 && ip.v >> 32 == 0)
		return; /* musl writes no ::1.2.3.4 */
#endif
	for (int i = 0; i < n; i++)
		bytes[i] = (unsigned char)(ip.v >> 8 * (n - 1 - i));
	assert_non_null(inet_ntop(n == 4 ? AF_INET : AF_INET6, bytes, theirs, sizeof(theirs)));
	check_text(ip_fmt(ours, ip), theirs, "ip_fmt");
}

/* Every pattern of zero groups, with groups of every width. */
static void
test_fmt_patterns(void **state)
{
	static const unsigned groups[] = { 0x1, 0x1f, 0x20, 0x100, 0xfff, 0x1000, 0xabcd, 0xffff };

	(void)state;
	for (unsigned pattern = 0; pattern < 256 * ARRAY_LEN(groups); pattern++) {
		struct ip ip = { 0, IPV6 };
		for (int i = 0; i < 8; i++)
			ip.v = ip.v << 16 | (pattern >> i & 1 ? groups[pattern / 256] : 0);
		written_as_by_libc(ip);
		ip.v |= (u128)0xffff << 32;
		written_as_by_libc(ip);
	}
}

static void
test_fmt_random(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		written_as_by_libc(random_ip(&seed, IPV4));
		written_as_by_libc(random_ip(&seed, IPV6));
		written_as_by_libc((struct ip){ rnd(&seed) & UINT32_MAX, IPV4 });
		written_as_by_libc((struct ip){ (u128)rnd(&seed) << 64 | rnd(&seed), IPV6 });
	}
	for (int f = 0; f < 2; f++) {
		written_as_by_libc((struct ip){ 0, families[f] });
		written_as_by_libc((struct ip){ ip_max(families[f]), families[f] });
	}
}

/* RFC 5952 and the embedded forms, whatever the library here says. */
static void
test_fmt(void **state)
{
	static const struct {
		uint64_t high, low;
		const char *text;
	} cases[] = {
		{ 0, 0, "::" },
		{ 0, 1, "::1" },
		{ 0, 0xffff, "::ffff" },
		{ 0, 0x10000, "::0.1.0.0" },
		{ 0, 0x01020304, "::1.2.3.4" },
		{ 0, 0xffff00000000, "::ffff:0.0.0.0" },
		{ 0, 0xffff01020304, "::ffff:1.2.3.4" },
		{ 0, 0xfffe01020304, "::fffe:102:304" },
		{ 0, 0x1000000000000, "::1:0:0:0" },
		{ 0x20010db800000000, 0, "2001:db8::" },
		{ 0x20010db800000000, 0x0000000000020001, "2001:db8::2:1" },
		{ 0x20010db800000001, 0x0001000100010001, "2001:db8:0:1:1:1:1:1" },
		{ 0x2001000000000001, 0x0000000000000001, "2001:0:0:1::1" },
		{ 0x20010db800000000, 0x0001000000000001, "2001:db8::1:0:0:1" },
		{ 0x0001000200030004, 0x0005000600070000, "1:2:3:4:5:6:7:0" },
		{ 0x0000000200030004, 0x0005000600070008, "0:2:3:4:5:6:7:8" },
		{ 0xabcdef0123456789, 0xfedcba9876543210,
		    "abcd:ef01:2345:6789:fedc:ba98:7654:3210" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[IP_TEXT];
		struct ip ip = { (u128)cases[i].high << 64 | cases[i].low, IPV6 };
		check_text(ip_fmt(text, ip), cases[i].text, "ip_fmt");
	}
}

static void
test_span_fmt(void **state)
{
	static const struct {
		struct span span;
		const char *text, *as_range;
	} cases[] = {
		{ { 0, UINT32_MAX, IPV4, 0 }, "0.0.0.0/0", "0.0.0.0-255.255.255.255" },
		{ { 0x0a000000, 0x0a0000ff, IPV4, 24 }, "10.0.0.0/24", "10.0.0.0-10.0.0.255" },
		{ { 0x0a000000, 0x0a0000ff, IPV4, -1 }, "10.0.0.0-10.0.0.255",
		    "10.0.0.0-10.0.0.255" },
		{ { 0x0a000005, 0x0a000005, IPV4, 32 }, "10.0.0.5/32", "10.0.0.5-10.0.0.5" },
		{ { 0x0a000005, 0x0a000005, IPV4, -1 }, "10.0.0.5", "10.0.0.5-10.0.0.5" },
		{ { 0, 0, IPV6, 128 }, "::/128", "::-::" },
		{ { 0, 0, IPV6, -1 }, "::", "::-::" },
		{ { 0, 1, IPV6, 127 }, "::/127", "::-::1" },
	};
	char text[SPAN_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check_text(span_fmt(text, cases[i].span), cases[i].text, "span_fmt");
		check_text(range_fmt(text, cases[i].span), cases[i].as_range, "range_fmt");
	}
	/* the longest */
	struct span all = { ip_max(IPV6), ip_max(IPV6), IPV6, -1 };
	assert_int_equal(strlen(range_fmt(text, all)), 39 + 1 + 39);
	assert_true(strlen(text) < SPAN_TEXT);
}

/* Bit by bit. */
static u128
model_mask(int bits, int len)
{
	u128 mask = 0;

	for (int i = len; i < bits; i++)
		mask = mask * 2 + 1;
	return mask;
}

static int
model_common(int bits, u128 a, u128 b)
{
	int n = 0;

	while (n < bits && (a >> (bits - 1 - n) & 1) == (b >> (bits - 1 - n) & 1))
		n++;
	return n;
}

static void
test_prefixes(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum family f = families[i % 2];
		int bits = ip_bits(f), len = (int)(rnd(&seed) % ((unsigned)bits + 1));
		struct ip a = random_ip(&seed, f), b = random_ip(&seed, f);
		u128 mask = model_mask(bits, len);
		struct span s = span_prefix(a, len);

		assert_true(ip_hostmask(f, len) == mask);
		assert_true(s.first == (a.v & ~mask) && s.last == (a.v | mask));
		assert_true(s.len == len && s.family == f);
		if (i % 4 < 2)
			b.v = a.v ^ (b.v & mask);
		assert_int_equal(ip_common(f, a.v, b.v), model_common(bits, a.v, b.v));
		assert_int_equal(ip_common(f, a.v, a.v), bits);
		assert_int_equal(span_holds_ip(s, b), model_common(bits, a.v, b.v) >= len);
	}
	assert_true(ip_max(IPV4) == UINT32_MAX && ip_max(IPV6) + 1 == 0);
}

/* All lengths from the widest, until one fits. */
static struct span
model_head_block(struct span s)
{
	for (int len = 0; len <= ip_bits(s.family); len++) {
		u128 mask = model_mask(ip_bits(s.family), len);
		if ((s.first & mask) == 0 && (s.first | mask) <= s.last)
			return (struct span){ s.first, s.first | mask, s.family, len };
	}
	fail();
	return s;
}

static void
head_block(struct span s)
{
	struct span got = span_head_block(s), wanted = model_head_block(s);
	char text[SPAN_TEXT], a[SPAN_TEXT];

	check_text(span_fmt(a, got), span_fmt(text, wanted), "head block");
	assert_true(span_same(got, wanted) && got.len == wanted.len);
}

static void
test_head_block(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 20000; i++)
		head_block(random_span(&seed, families[i % 2]));
	for (int i = 0; i < 2; i++) {
		enum family f = families[i];
		u128 max = ip_max(f);
		head_block((struct span){ 0, max, f, -1 });
		head_block((struct span){ 0, max - 1, f, -1 });
		head_block((struct span){ 0, max / 2, f, -1 });
		head_block((struct span){ 1, max, f, -1 });
		head_block((struct span){ max, max, f, -1 });
		head_block((struct span){ 0, 0, f, -1 });
	}
}

/* Cut a range into blocks: they follow each other and end where it ends. */
static void
test_blocks_cover(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct span rest = random_span(&seed, families[i % 2]), block;
		for (int n = 0;; n++) {
			assert_true(n < 2 * ip_bits(rest.family));
			block = span_head_block(rest);
			assert_true(block.first == rest.first && block.last <= rest.last);
			if (block.last == rest.last)
				break;
			rest.first = block.last + 1;
		}
	}
}

/* Compare with sets of addresses in a small world, at the edges of the family too. */
static void
test_relations(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		enum family f = families[i % 2];
		u128 base = i % 4 < 2 ? 0 : ip_max(f) - 63;
		uint64_t sets[2];
		struct span s[2];
		for (int k = 0; k < 2; k++) {
			unsigned first = (unsigned)rnd(&seed) % 64;
			unsigned last = first + (unsigned)rnd(&seed) % (64 - first);
			s[k] = span_range((struct ip){ base + first, f },
			    (struct ip){ base + last, f });
			sets[k] = (UINT64_MAX >> (63 - last)) & (UINT64_MAX << first);
		}
		unsigned at = (unsigned)rnd(&seed) % 64;
		assert_int_equal(span_holds(s[0], s[1]), (sets[0] & sets[1]) == sets[1]);
		assert_int_equal(span_meets(s[0], s[1]), (sets[0] & sets[1]) != 0);
		assert_int_equal(span_same(s[0], s[1]), sets[0] == sets[1]);
		assert_int_equal(span_holds_ip(s[0], (struct ip){ base + at, f }),
		    sets[0] >> at & 1);
		struct span other = s[0];
		other.family = f == IPV4 ? IPV6 : IPV4;
		assert_false(span_holds(s[0], other) || span_meets(s[0], other) ||
			     span_same(s[0], other) || span_holds_ip(other, span_first(s[0])));
	}
}

static void
test_ends(void **state)
{
	struct ip a = { 5, IPV4 }, b = { 9, IPV4 };
	struct span range = span_range(a, b), one = span_ip(b);

	(void)state;
	assert_true(span_first(range).v == 5 && span_last(range).v == 9);
	assert_true(span_last(range).family == IPV4 && range.len == -1);
	assert_true(one.first == 9 && one.last == 9 && one.len == -1 && one.family == IPV4);
	assert_false(span_same(span_prefix(a, 32), one));
	assert_true(span_same(span_prefix(b, 32), one));
}

static void
test_link_local(void **state)
{
	static const struct {
		uint64_t high;
		enum family family;
		int len;
		bool is;
	} cases[] = {
		{ 0xfe80000000000000, IPV6, 10, true },
		{ 0xfe80000000000000, IPV6, 64, true },
		{ 0xfebfffffffffffff, IPV6, 128, true },
		{ 0xfec0000000000000, IPV6, 10, false },
		{ 0xfe7fffffffffffff, IPV6, 128, false },
		{ 0xfe80000000000000, IPV6, 9, false },
		{ 0, IPV6, 0, false },
		{ 0, IPV4, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ip ip = { (u128)cases[i].high << 64 & ip_max(cases[i].family),
			cases[i].family };
		check(span_is_link_local(span_prefix(ip, cases[i].len)) == cases[i].is, "row %zu",
		    i);
	}
}

/* How many addresses at the start and at the end nobody may have. */
static void
test_special(void **state)
{
	static const struct {
		enum family family;
		int len_from, len_to;
		enum ip_special first, last;
	} cases[] = {
		{ IPV4, 0, 30, IP_NETWORK, IP_BROADCAST },
		{ IPV4, 31, 32, IP_USABLE, IP_USABLE },
		{ IPV4, -1, -1, IP_USABLE, IP_USABLE },
		{ IPV6, 0, 126, IP_ANYCAST, IP_USABLE },
		{ IPV6, 127, 128, IP_USABLE, IP_USABLE },
		{ IPV6, -1, -1, IP_USABLE, IP_USABLE },
	};
	uint64_t seed = 6;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int len = cases[i].len_from; len <= cases[i].len_to; len++) {
			/* the zero address, too, is a network like others */
			struct ip ip = { len % 2 ? random_value(&seed, cases[i].family) : 0,
				cases[i].family };
			struct span s = len < 0 ? span_ip(ip) : span_prefix(ip, len);
			struct span usable = prefix_usable(s, false), all = prefix_usable(s, true);
			assert_int_equal(prefix_special(s, s.first), cases[i].first);
			assert_int_equal(prefix_special(s, s.last), cases[i].last);
			if (len >= 0 && len <= ip_bits(s.family) - 2) {
				assert_int_equal(prefix_special(s, s.first + 1), IP_USABLE);
				assert_int_equal(prefix_special(s, s.last - 1), IP_USABLE);
			}
			assert_true(usable.first == s.first + (cases[i].first != IP_USABLE));
			assert_true(usable.last == s.last - (cases[i].last != IP_USABLE));
			assert_true(span_same(all, s) && all.len == -1 && usable.len == -1);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fmt_patterns),
		cmocka_unit_test(test_fmt_random),
		cmocka_unit_test(test_fmt),
		cmocka_unit_test(test_span_fmt),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_head_block),
		cmocka_unit_test(test_blocks_cover),
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_special),
	};

	return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
