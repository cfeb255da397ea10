/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <time.h>

#include "core/when.h"

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: not a time */
	} cases[] = {
		{ "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
		{ "2026-12-31T10:00:00Z", "2026-12-31T10:00:00Z" },
		{ "2026-12-31", "2026-12-31T00:00:00Z" },
		{ "2026-12-31t23:59:59z", "2026-12-31T23:59:59Z" },
		{ "0001-01-01", "0001-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
		{ "2024-02-29", "2024-02-29T00:00:00Z" },
		{ "2000-02-29", "2000-02-29T00:00:00Z" },
		{ "2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z" },
		{ "2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00Z" },
		{ "2026-06-01T12:00:00+05:45", "2026-06-01T06:15:00Z" },
		{ "2026-06-01T12:00:00-00:00", "2026-06-01T12:00:00Z" },
		{ "2026-06-01T12:00:00+23:59", "2026-05-31T12:01:00Z" },
		{ "0001-01-01T01:00:00+01:00", "0001-01-01T00:00:00Z" },
		{ "9999-12-31T22:59:59-01:00", "9999-12-31T23:59:59Z" },
		{ "", NULL },
		{ "Z", NULL },
		{ "2026", NULL },
		{ "2026-12", NULL },
		{ "2026-1-01", NULL },
		{ "26-12-31", NULL },
		{ "2026/12/31", NULL },
		{ "2026-12-3x", NULL },
		{ "2026-12-311", NULL },
		{ "+026-12-31", NULL },
		{ "2026-12-31 ", NULL },
		{ "0000-01-01", NULL },
		{ "2026-00-01", NULL },
		{ "2026-13-01", NULL },
		{ "2026-01-00", NULL },
		{ "2026-01-32", NULL },
		{ "2026-04-31", NULL },
		{ "2026-12-32", NULL },
		{ "2026-02-29", NULL },
		{ "1900-02-29", NULL },
		{ "2100-02-29", NULL },
		{ "2026-12-31T", NULL },
		{ "2026-12-31T10:00", NULL },
		{ "2026-12-31T10:00Z", NULL },
		{ "2026-12-31T10:00:00", NULL },
		{ "2026-12-31 10:00:00Z", NULL },
		{ "2026-12-31_10:00:00Z", NULL },
		{ "2026-12-31T24:00:00Z", NULL },
		{ "2026-12-31T10:60:00Z", NULL },
		{ "2026-12-31T23:59:60Z", NULL },
		{ "2026-12-31T10:00:00.5Z", NULL },
		{ "2026-12-31T10-00-00Z", NULL },
		{ "2026-12-31T10:00:00ZZ", NULL },
		{ "2026-12-31T10:00:00UTC", NULL },
		{ "2026-12-31T10:00:00+1:00", NULL },
		{ "2026-12-31T10:00:00+0100", NULL },
		{ "2026-12-31T10:00:00+01", NULL },
		{ "2026-12-31T10:00:00 01:00", NULL },
		{ "2026-12-31T10:00:00+24:00", NULL },
		{ "2026-12-31T10:00:00+01:60", NULL },
		{ "2026-12-31T10:00:00+01:000", NULL },
		{ "2026-12-31T25:00:00+01:00", NULL },
		{ "2026-02-30T10:00:00Z", NULL },
		{ "0001-01-01T00:59:59+01:00", NULL },
		{ "9999-12-31T23:00:00-01:00", NULL },
		{ "tomorrow", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = str_from(cases[i].text);
		char *bytes = exact(s), text[WHEN_TEXT];
		int64_t t;
		bool ok = when_parse((struct str){ bytes, s.n }, &t);
		free(bytes);
		check(ok == (cases[i].written != NULL), "%s", cases[i].text);
		if (ok)
			check_text(when_fmt(text, t), cases[i].written, cases[i].text);
	}
	assert_false(when_parse(STR_NONE, &(int64_t){ 0 }));
	assert_false(when_parse((struct str){ "2026-12-31\0", 11 }, &(int64_t){ 0 }));
}

static void
test_values(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59Z", -1 },
		{ "2001-09-09T01:46:40Z", 1000000000 },
		{ "2038-01-19T03:14:08Z", (int64_t)1 << 31 },
		{ "2106-02-07T06:28:16Z", (int64_t)1 << 32 },
		{ "0001-01-01T00:00:00Z", -62135596800 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[WHEN_TEXT];
		int64_t t;
		assert_true(when_parse(str_from(cases[i].text), &t));
		check(t == cases[i].t, "%s: %lld", cases[i].text, (long long)t);
		check_text(when_fmt(text, t), cases[i].text, "when_fmt");
	}
}

/* Every day of the years 1 to 9999, counted one by one. */
static void
test_every_day(void **state)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t days = -719162;

	(void)state;
	for (int year = 1; year <= 9999; year++) {
		bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		for (int month = 1; month <= 12; month++) {
			int length = lengths[month - 1] + (is_leap && month == 2);
			for (int day = 1; day <= length; day++, days++) {
				int64_t y;
				int m, d;
				when_civil(days, &y, &m, &d);
				if (y != year || m != month || d != day ||
				    when_days(year, month, day) != days)
					fail_msg("%04d-%02d-%02d", year, month, day);
			}
		}
	}
	assert_int_equal(days, 253402300800 / 86400);
}

/* Times that nobody asked for, but that a sum may give. */
static void
test_far_times(void **state)
{
	static const int64_t times[] = { INT64_MIN, INT64_MIN / 2, -62135596801, 253402300800,
		INT64_MAX / 2, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		char text[WHEN_TEXT];
		struct str s = str_from(when_fmt(text, times[i]));
		assert_true(s.n < WHEN_TEXT - 1);
		check(s.p[s.n - 1] == 'Z', "%s", text);
	}
}

static void
test_random(void **state)
{
	const int64_t first = -62135596800, last = 253402300799;
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t t = first + (int64_t)(rnd(&seed) % (uint64_t)(last - first + 1)), again;
		time_t libc_time = t;
		struct tm tm;
		char ours[WHEN_TEXT], theirs[128];
		assert_non_null(gmtime_r(&libc_time, &tm));
		snprintf(theirs, sizeof(theirs), "%04d-%02d-%02dT%02d:%02d:%02dZ",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		check_text(when_fmt(ours, t), theirs, "when_fmt");
		assert_true(when_parse(str_from(ours), &again) && again == t);
	}
}

static void
test_duration(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: not a duration */
	} cases[] = {
		{ "30m", 1800 },
		{ "12h", 43200 },
		{ "7d", 604800 },
		{ "4w", 2419200 },
		{ "0d", 0 },
		{ "1m", 60 },
		{ "3659634d", 316192377600 },
		{ "3659635d", -1 },
		{ "18446744073709551616m", -1 },
		{ "99999999999999999999w", -1 },
		{ "", -1 },
		{ "d", -1 },
		{ "7", -1 },
		{ "30s", -1 },
		{ "7D", -1 },
		{ "7 d", -1 },
		{ "-7d", -1 },
		{ "+7d", -1 },
		{ "1.5d", -1 },
		{ "1d12h", -1 },
		{ "7days", -1 },
		{ "7d ", -1 },
		{ "1y", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t seconds = -1;
		bool ok = duration_parse(str_from(cases[i].text), &seconds);
		check(ok == (cases[i].seconds >= 0), "%s", cases[i].text);
		check(seconds == cases[i].seconds, "%s: %lld", cases[i].text, (long long)seconds);
	}
	assert_false(duration_parse(STR_NONE, &(int64_t){ 0 }));
}

/* At 2026-03-31T10:20:30Z. */
static void
test_moment(void **state)
{
	static const struct {
		const char *text, *time;
	} row[] = {
		{ "now", "2026-03-31T10:20:30Z" },
		{ "today", "2026-03-31T00:00:00Z" },
		{ "yesterday", "2026-03-30T00:00:00Z" },
		{ "2026-02", "2026-02-01T00:00:00Z" },
		{ "2026", "2026-01-01T00:00:00Z" },
		{ "2026-02-03", "2026-02-03T00:00:00Z" },
		{ "2026-02-03T04:05:06Z", "2026-02-03T04:05:06Z" },
		{ "2 weeks ago", "2026-03-17T10:20:30Z" },
		{ "1 week ago", "2026-03-24T10:20:30Z" },
		{ "3h ago", "2026-03-31T07:20:30Z" },
		{ "90 minutes ago", "2026-03-31T08:50:30Z" },
		{ "1 month ago", "2026-02-28T10:20:30Z" },
		{ "13 months ago", "2025-02-28T10:20:30Z" },
		{ "2 years ago", "2024-03-31T10:20:30Z" },
		{ "2026-13", NULL },
		{ "2 ago", NULL },
		{ "weeks ago", NULL },
		{ "2 fortnights ago", NULL },
		{ "9999999 years ago", NULL },
		{ "", NULL },
		{ "tomorrow", NULL },
	};
	int64_t now, t;

	(void)state;
	assert_true(when_parse(str_from("2026-03-31T10:20:30Z"), &now));
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char text[WHEN_TEXT];
		bool is = when_moment(str_from(row[i].text), now, &t);
		check(is == (row[i].time != NULL), "%s", row[i].text);
		if (is)
			check_text(when_fmt(text, t), row[i].time, row[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_far_times),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_moment),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
