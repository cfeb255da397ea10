/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace of made histories; the figures are those of the definition, worked out with another
 * program. */
#include "unit.h"

#include "core/trend.h"

typedef double history_fn(int i);

static double
line(int i)
{
	return 10 + 3 * i;
}

static double
steps(int i)
{
	return 10 * (i / 4);
}

static double
season(int i)
{
	static const double about[] = { 0, 6, 10, 6, 0, -6, -10, -6 };

	return 100 + 2 * i + about[i % 8];
}

static double
shrinking(int i)
{
	return 200 - 1.5 * i;
}

static double
late_step(int i)
{
	return i < 20 ? 0 : 50;
}

static double
middle_step(int i)
{
	return i < 13 ? 0 : 50;
}

static double
odd_week(int i)
{
	return i == 7 ? 900 : 5 * i;
}

static double
nothing(int i)
{
	(void)i;
	return 0;
}

static double
beyond_2_64(int i)
{
	return 1e20 + 1e18 * i;
}

static const struct {
	const char *name;
	history_fn *y;
	size_t n;
	bool has;
	struct trend wanted;
} histories[] = {
	{ "a line", line, 12, true, { 3, 3, 3 } },
	{ "steps", steps, 26, true, { 2.5, 2.3076923076923075, 2.6315789473684212 } },
	{ "a season", season, 32, true, { 2, 1.5555555555555556, 2 } },
	{ "shrinking", shrinking, 20, true, { -1.5, -1.5, -1.5 } },
	{ "one late step is no pace", late_step, 26, true, { 0, 0, 2.0833333333333335 } },
	{ "one step in the middle", middle_step, 26, true, { 2.272727272727273, 0, 3.125 } },
	{ "one odd week", odd_week, 20, true, { 5, 5, 5 } },
	{ "nothing at all", nothing, 20, true, { 0, 0, 0 } },
	{ "beyond 2^64", beyond_2_64, 20, true, { 1e18, 1e18, 1e18 } },
	{ "more than are taken", line, 1000, true, { 3, 3, 3 } },
	{ "as few as can be", line, TREND_LEAST, true, { 3, 3, 3 } },
	{ "too short", line, TREND_LEAST - 1, false, { 0, 0, 0 } },
	{ "empty", line, 0, false, { 0, 0, 0 } },
};

static void
close_to(double got, double wanted)
{
	double off = got > wanted ? got - wanted : wanted - got;
	double scale = wanted < 0 ? -wanted : wanted;

	assert_true(off <= 1e-9 * (scale > 1 ? scale : 1));
}

static void
test_pace(void **state)
{
	struct trend_point p[1000];
	struct trend t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(histories); i++) {
		for (size_t k = 0; k < histories[i].n; k++)
			p[k] = (struct trend_point){ (double)k, histories[i].y((int)k) };
		print_message("%s\n", histories[i].name);
		assert_int_equal(trend_of(p, histories[i].n, &t), histories[i].has);
		if (!histories[i].has)
			continue;
		close_to(t.pace, histories[i].wanted.pace);
		close_to(t.low, histories[i].wanted.low);
		close_to(t.high, histories[i].wanted.high);
	}
}

/* Points that are not evenly apart; one time twice. */
static void
test_times(void **state)
{
	static const struct trend_point p[] = { { 0, 0 }, { 1, 2 }, { 1, 2 }, { 5, 10 }, { 6, 12 },
		{ 20, 40 } };
	struct trend_point same[8];
	struct trend t;

	(void)state;
	assert_true(trend_of(p, ARRAY_LEN(p), &t));
	close_to(t.pace, 2);
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		same[i] = (struct trend_point){ 3, (double)i };
	assert_false(trend_of(same, ARRAY_LEN(same), &t));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pace),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
