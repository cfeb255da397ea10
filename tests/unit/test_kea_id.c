/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers are for ever: leases carry them.  They come from another
 * implementation of what kea_id.h says. */
#include "unit.h"

#include "core/kea_id.h"

static struct span
prefix(const char *text)
{
	struct span s;

	check(prefix_parse(str_from(text), &s, NULL), "%s", text);
	return s;
}

static void
derived_for_ever(void **state)
{
	static const struct {
		const char *prefix, *vrf;
		uint32_t id;
	} cases[] = {
		{ "10.0.0.0/24", "", 4105210188 },
		{ "10.0.0.0/24", "blue", 2738284569 },
		{ "10.0.0.0/24", "BLUE", 2738284569 },
		{ "10.0.0.0/25", "", 4105213461 },
		{ "0.0.0.0/0", "", 1839879829 },
		{ "255.255.255.255/32", "", 1821698124 },
		{ "2001:db8:10::/64", "", 1353873924 },
		{ "2001:DB8:10:0:0::/64", "", 1353873924 },
		{ "::/0", "", 3795068440 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t id = kea_id_derived(prefix(cases[i].prefix), str_from(cases[i].vrf));
		check(id == cases[i].id, "%s%%%s: %u", cases[i].prefix, cases[i].vrf, id);
	}
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* All /24 of a /8 have numbers that Kea takes, of their own. */
static void
well_apart(void **state)
{
	enum { N = 65536 };
	uint32_t *id = malloc(N * sizeof(*id));

	(void)state;
	assert_non_null(id);
	for (uint32_t i = 0; i < N; i++) {
		struct ip ip = { 10u << 24 | i << 8, IPV4 };
		id[i] = kea_id_derived(span_prefix(ip, 24), STR_NONE);
		check(id[i] >= 1 && id[i] <= 4294967294, "%u: %u", i, id[i]);
	}
	qsort(id, N, sizeof(*id), by_number);
	for (uint32_t i = 1; i < N; i++)
		check(id[i] != id[i - 1], "%u twice", id[i]);
	free(id);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(derived_for_ever),
		cmocka_unit_test(well_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
