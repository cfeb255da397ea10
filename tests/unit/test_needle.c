/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching a text for a word finds what a naive search finds. */
#include "unit.h"

#include "core/env.h"
#include "core/needle.h"

static bool
is_same(char a, char b, bool any_case)
{
	return any_case ? ascii_lower(a) == ascii_lower(b) : a == b;
}

static size_t
naive(struct str word, struct str text, size_t from, bool any_case)
{
	for (size_t at = from; at + word.n <= text.n; at++) {
		size_t i = 0;
		while (i < word.n && is_same(text.p[at + i], word.p[i], any_case))
			i++;
		if (i == word.n)
			return at;
	}
	return text.n;
}

static void
fill(char *p, size_t n, uint64_t *seed)
{
	static const char few[] = "aAbB1@`!";

	for (size_t i = 0; i < n; i++)
		p[i] = rnd(seed) % 50 ? few[rnd(seed) % (sizeof(few) - 1)] : (char)rnd(seed);
}

static void
test_random(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char word[8], text[64];
		struct str w = { word, 1 + rnd(&seed) % 4 },
			   t = { text, rnd(&seed) % sizeof(text) };
		bool any_case = rnd(&seed) % 4;
		struct needles v;
		fill(word, w.n, &seed);
		fill(text, t.n, &seed);
		t.p = exact(t);
		needles_init(&v, &env_plain);
		needles_add(&v, w, any_case);
		for (size_t from = 0; from <= t.n; from++) {
			size_t want = naive(w, t, from, any_case), got = needles_find(&v, t, from);
			check(got == want, "%.*s in %.*s from %zu: %zu instead of %zu", STR_FMT(w),
			    STR_FMT(t), from, got, want);
		}
		assert_int_equal(needles_in(&v, t), naive(w, t, 0, any_case) < t.n);
		needles_release(&v);
		free((char *)t.p);
	}
}

static void
test_several(void **state)
{
	struct needles v;

	(void)state;
	needles_init(&v, &env_plain);
	needles_add(&v, STR("Web"), true);
	needles_add(&v, STR("10.0.0.1"), true);
	assert_true(needles_in(&v, STR("10.0.0.2 host=wEB")));
	assert_true(needles_in(&v, STR("+ 10.0.0.11")));
	assert_false(needles_in(&v, STR("10.0.0.2 host=we-b")));
	needles_add(&v, STR_NONE, false);
	assert_true(needles_in(&v, STR_NONE));
	needles_release(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random),
		cmocka_unit_test(test_several) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
