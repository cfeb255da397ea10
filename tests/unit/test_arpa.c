/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "core/arpa.h"

static void
test_zones(void **state)
{
	static const struct {
		const char *prefix;
		size_t n;
		const char *first, *last;
	} cases[] = {
		{ "10.0.0.0/8", 1, "10.in-addr.arpa", "10.in-addr.arpa" },
		{ "172.16.0.0/12", 16, "16.172.in-addr.arpa", "31.172.in-addr.arpa" },
		{ "10.20.0.0/16", 1, "20.10.in-addr.arpa", "20.10.in-addr.arpa" },
		{ "10.20.0.0/22", 4, "0.20.10.in-addr.arpa", "3.20.10.in-addr.arpa" },
		{ "192.0.2.0/24", 1, "2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa" },
		{ "192.0.2.128/25", 1, "128/25.2.0.192.in-addr.arpa",
		    "128/25.2.0.192.in-addr.arpa" },
		{ "198.51.100.64/26", 1, "64/26.100.51.198.in-addr.arpa",
		    "64/26.100.51.198.in-addr.arpa" },
		{ "203.0.113.8/29", 1, "8/29.113.0.203.in-addr.arpa",
		    "8/29.113.0.203.in-addr.arpa" },
		{ "203.0.113.8/31", 1, "8/31.113.0.203.in-addr.arpa",
		    "8/31.113.0.203.in-addr.arpa" },
		{ "203.0.113.9/32", 1, "9/32.113.0.203.in-addr.arpa",
		    "9/32.113.0.203.in-addr.arpa" },
		{ "0.0.0.0/0", 1, "in-addr.arpa", "in-addr.arpa" },
		{ "2001:db8::/32", 1, "8.b.d.0.1.0.0.2.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "2001:db8:20::/44", 1, "2.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
		    "2.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "2001:db8:20::/46", 4, "0.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
		    "3.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "2001:db8:20::/48", 1, "0.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
		    "0.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "2001:db8:10:4::/62", 4, "4.0.0.0.0.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
		    "7.0.0.0.0.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "2001:db8:10:1::/64", 1, "1.0.0.0.0.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
		    "1.0.0.0.0.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "2001:db8:10:1::8/126", 4,
		    "8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
		    "b.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "::/0", 1, "ip6.arpa", "ip6.arpa" },
	};
	struct arena a;

	(void)state;
	arena_init(&a, &env_plain);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct span prefix, back;
		assert_true(prefix_parse(str_from(cases[i].prefix), &prefix, NULL));
		size_t n = arpa_zones(prefix);
		struct str first = arpa_zone(&a, prefix, 0), last = arpa_zone(&a, prefix, n - 1);
		check(n == cases[i].n, "%s: %zu zones", cases[i].prefix, n);
		check(str_eq(first, str_from(cases[i].first)), "%s: %.*s", cases[i].prefix,
		    STR_FMT(first));
		check(str_eq(last, str_from(cases[i].last)), "%s: %.*s", cases[i].prefix,
		    STR_FMT(last));
		/* what they stand for begins and ends where the prefix does */
		assert_true(arpa_parse(first, &back));
		check(back.first == prefix.first, "%s", cases[i].prefix);
		assert_true(arpa_parse(last, &back));
		check(back.last == prefix.last, "%s", cases[i].prefix);
	}
	arena_release(&a);
}

static void
test_names(void **state)
{
	static const struct {
		const char *ip, *name;
	} cases[] = {
		{ "10.20.0.1", "1.0.20.10.in-addr.arpa" },
		{ "255.99.100.9", "9.100.99.255.in-addr.arpa" },
		{ "2001:db8::1a",
		    "a.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
	};
	struct arena a;

	(void)state;
	arena_init(&a, &env_plain);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ip ip;
		struct span back;
		assert_true(ip_parse(str_from(cases[i].ip), &ip, NULL));
		struct str name = arpa_name(&a, ip);
		check(str_eq(name, str_from(cases[i].name)), "%s: %.*s", cases[i].ip,
		    STR_FMT(name));
		assert_true(arpa_parse(name, &back));
		check(back.first == ip.v && back.last == ip.v, "%s", cases[i].ip);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
