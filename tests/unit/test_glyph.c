/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "core/glyph.h"
#include "core/schema.h"

static void
test_width(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = { { "", 0 }, { "abc", 3 }, { "Zürich", 6 }, { "Zu\xcc\x88rich", 6 },
		{ "東京", 4 }, { "\xff\xfe", 2 }, { "\xe6\x9d", 1 }, { "→", 1 }, { "😀x", 3 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(glyph_width(str_from(cases[i].text)) == cases[i].width, "%s", cases[i].text);
}

static void
test_bar(void **state)
{
	static const struct {
		unsigned permille, width;
		bool utf8;
		const char *bar;
	} cases[] = {
		{ 0, 4, true, "    " },
		{ 1, 4, true, "▏   " },
		{ 250, 4, true, "█   " },
		{ 281, 4, true, "█▏  " },
		{ 999, 4, true, "███▉" },
		{ 1000, 4, true, "████" },
		{ 0, 4, false, "...." },
		{ 1, 4, false, "#..." },
		{ 500, 4, false, "##.." },
		{ 999, 4, false, "###." },
		{ 1000, 4, false, "####" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b;
		buf_init(&b, &env_plain);
		glyph_bar(&b, cases[i].permille, cases[i].width, cases[i].utf8);
		check(str_eq(buf_get(&b), str_from(cases[i].bar)), "%u of %u: \"%.*s\"",
		    cases[i].permille, cases[i].width, STR_FMT(buf_get(&b)));
		buf_release(&b);
	}
}

static void
test_spark(void **state)
{
	static const double up[] = { 0, 1, 2, 3, 4, 5, 6, 7 }, none[] = { 0, 0 };
	struct buf b;

	(void)state;
	buf_init(&b, &env_plain);
	glyph_spark(&b, up, 8, true);
	assert_true(str_eq(buf_get(&b), STR("▁▂▃▄▅▆▇█")));
	b.n = 0;
	glyph_spark(&b, up, 8, false);
	assert_true(str_eq(buf_get(&b), STR("01345689")));
	b.n = 0;
	glyph_spark(&b, none, 2, false);
	assert_true(str_eq(buf_get(&b), STR("00")));
	buf_release(&b);
}

static void
test_percent(void **state)
{
	static const struct {
		const char *text;
		long milli; /* -1: none */
	} cases[] = { { "0", 0 }, { "80", 80000 }, { "80%", 80000 }, { "99.9", 99900 },
		{ "12.125%", 12125 }, { "100", 100000 }, { "100.0", 100000 }, { "100.001", -1 },
		{ "101", -1 }, { "", -1 }, { "%", -1 }, { ".5", -1 }, { "5.", -1 }, { "-1", -1 },
		{ "1.2345", -1 }, { "x", -1 }, { "5%%", -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t milli = 0;
		bool ok = percent_parse(str_from(cases[i].text), &milli);
		check(ok == (cases[i].milli >= 0) && (!ok || milli == (uint64_t)cases[i].milli),
		    "%s: %llu", cases[i].text, (unsigned long long)milli);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_bar),
		cmocka_unit_test(test_spark),
		cmocka_unit_test(test_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
