/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "when.h"

#include <stdio.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7 * DAY };
enum { YEAR_MAX = 9999, DATE_LENGTH = 10, TIME_LENGTH = 8 };

/* Both from "chrono-Compatible Low-Level Date Algorithms" by Howard Hinnant:
 * years begin in March, eras have 400 years. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t
when_days(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, ERA_YEARS), year_of_era = y - era * ERA_YEARS;
	int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

void
when_civil(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t era = floor_div(days + DAYS_TO_1970, ERA_DAYS);
	int64_t day_of_era = days + DAYS_TO_1970 - era * ERA_DAYS;
	int64_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
	    day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t from_march = (5 * day_of_year + 2) / 153;

	*day = (int)(day_of_year - (153 * from_march + 2) / 5 + 1);
	*month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
	*year = year_of_era + era * ERA_YEARS + (*month <= 2);
}

/* Reads s by a pattern of digits (0) and bytes that stand for themselves; each
 * run of digits is a number. */
static bool
pattern_scan(struct str s, const char *pattern, int *numbers)
{
	bool in_number = false;

	for (size_t i = 0; i < s.n; i++) {
		if (pattern[i] != '0') {
			if (s.p[i] != pattern[i])
				return false;
			numbers += in_number;
			in_number = false;
			continue;
		}
		if (!ascii_digit(s.p[i]))
			return false;
		*numbers = (in_number ? *numbers * 10 : 0) + (s.p[i] - '0');
		in_number = true;
	}
	return pattern[s.n] == '\0';
}

static int
month_days(int64_t year, int month)
{
	return (int)(when_days(month == 12 ? year + 1 : year, month % 12 + 1, 1) -
		     when_days(year, month, 1));
}

static bool
date_scan(struct str s, int64_t *out)
{
	int n[3]; /* year, month, day */

	if (s.n != DATE_LENGTH || !pattern_scan(s, "0000-00-00", n))
		return false;
	if (n[0] < 1 || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > month_days(n[0], n[1]))
		return false;
	*out = when_days(n[0], n[1], n[2]) * DAY;
	return true;
}

static bool
time_scan(struct str s, int64_t *out)
{
	int n[3]; /* hours, minutes, seconds */

	if (s.n != TIME_LENGTH || !pattern_scan(s, "00:00:00", n))
		return false;
	*out = n[0] * HOUR + n[1] * MINUTE + n[2];
	return n[0] < 24 && n[1] < 60 && n[2] < 60;
}

/* "Z" or what the local time is ahead of UTC: "+01:00". */
static bool
offset_scan(struct str s, int64_t *out)
{
	int n[2]; /* hours, minutes */

	*out = 0;
	if (str_ieq(s, STR("Z")))
		return true;
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') ||
	    !pattern_scan(str_cut(s, 1, s.n), "00:00", n))
		return false;
	*out = (n[0] * HOUR + n[1] * MINUTE) * (s.p[0] == '-' ? -1 : 1);
	return n[0] < 24 && n[1] < 60;
}

bool
when_parse(struct str s, int64_t *out)
{
	const size_t time_at = DATE_LENGTH + 1, offset_at = time_at + TIME_LENGTH;
	int64_t date, time, offset;

	if (s.n == DATE_LENGTH)
		return date_scan(s, out);
	if (s.n <= offset_at || ascii_lower(s.p[DATE_LENGTH]) != 't')
		return false;
	if (!date_scan(str_cut(s, 0, DATE_LENGTH), &date) ||
	    !time_scan(str_cut(s, time_at, offset_at), &time) ||
	    !offset_scan(str_cut(s, offset_at, s.n), &offset))
		return false;
	int64_t t = date + time - offset;
	if (t < when_days(1, 1, 1) * DAY || t >= when_days(YEAR_MAX + 1, 1, 1) * DAY)
		return false;
	*out = t;
	return true;
}

char *
when_fmt(char buf[WHEN_TEXT], int64_t t)
{
	int64_t days = floor_div(t, DAY), year;
	int second = (int)((t % DAY + DAY) % DAY), month, day;

	when_civil(days, &year, &month, &day);
	snprintf(buf, WHEN_TEXT, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)year, month, day,
	    second / HOUR, second / MINUTE % 60, second % 60);
	return buf;
}

bool
duration_parse(struct str s, int64_t *out)
{
	static const struct {
		char letter;
		int seconds;
	} units[] = { { 'm', MINUTE }, { 'h', HOUR }, { 'd', DAY }, { 'w', WEEK } };
	const uint64_t max = (uint64_t)YEAR_MAX * 366 * DAY;
	uint64_t n;

	for (size_t i = 0; s.n > 1 && i < ARRAY_LEN(units); i++) {
		if (units[i].letter != s.p[s.n - 1])
			continue;
		if (!str_uint(str_cut(s, 0, s.n - 1), max / (uint64_t)units[i].seconds, &n))
			return false;
		*out = (int64_t)n * units[i].seconds;
		return true;
	}
	return false;
}

/* --- moments ---------------------------------------------------------- */

static int64_t
midnight(int64_t t)
{
	return floor_div(t, DAY) * DAY;
}

/* So many months before, on the same day or the month's last one. */
static int64_t
months_before(int64_t now, int64_t months)
{
	int64_t year, count;
	int month, day, last;

	when_civil(floor_div(now, DAY), &year, &month, &day);
	count = year * 12 + month - 1 - months;
	year = floor_div(count, 12);
	month = (int)(count - year * 12) + 1;
	last = month_days(year, month);
	return when_days(year, month, day < last ? day : last) * DAY + now - midnight(now);
}

/* "weeks", "week", "w". */
static bool
ago(struct str unit, uint64_t n, int64_t now, int64_t *out)
{
	static const struct {
		const char *word, *letter;
		int64_t seconds, months;
	} units[] = {
		{ "second", "s", 1, 0 },
		{ "minute", "m", MINUTE, 0 },
		{ "hour", "h", HOUR, 0 },
		{ "day", "d", DAY, 0 },
		{ "week", "w", WEEK, 0 },
		{ "month", "", 0, 1 },
		{ "year", "y", 0, 12 },
	};

	if (unit.n > 2 && unit.p[unit.n - 1] == 's')
		unit.n--;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (!str_eq(unit, str_from(units[i].word)) &&
		    !(unit.n && str_eq(unit, str_from(units[i].letter))))
			continue;
		*out = units[i].months ? months_before(now, (int64_t)n * units[i].months)
		                       : now - (int64_t)n * units[i].seconds;
		return *out >= when_days(1, 1, 1) * DAY;
	}
	return false;
}

static bool
moment_ago(struct str s, int64_t now, int64_t *out)
{
	const struct str end = STR(" ago");
	size_t digits = 0;
	uint64_t n;

	if (s.n < end.n || !str_eq(str_cut(s, s.n - end.n, s.n), end))
		return false;
	s.n -= end.n;
	while (digits < s.n && ascii_digit(s.p[digits]))
		digits++;
	if (!str_uint(str_cut(s, 0, digits), 10000000, &n))
		return false;
	while (digits < s.n && s.p[digits] == ' ')
		digits++;
	return ago(str_cut(s, digits, s.n), n, now, out);
}

bool
when_moment(struct str s, int64_t now, int64_t *out)
{
	int n[2] = { 0, 1 }; /* year, month */

	if (str_eq(s, STR("now")) || str_eq(s, STR("today")) || str_eq(s, STR("yesterday"))) {
		*out = s.p[0] == 'n' ? now : midnight(now) - (s.p[0] == 'y' ? DAY : 0);
		return true;
	}
	if ((s.n == 7 && pattern_scan(s, "0000-00", n)) ||
	    (s.n == 4 && pattern_scan(s, "0000", n))) {
		if (n[0] < 1 || n[1] < 1 || n[1] > 12)
			return false;
		*out = when_days(n[0], n[1], 1) * DAY;
		return true;
	}
	return when_parse(s, out) || moment_ago(s, now, out);
}
