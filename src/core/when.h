/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * when: times in UTC (RFC 3339) and durations.  Seconds since
 * 1970-01-01T00:00:00Z, without leap seconds, years 1 to 9999.
 */
#ifndef IPAM_WHEN_H
#define IPAM_WHEN_H

#include "buf.h"

/* "2026-12-31T10:00:00Z" or a date, which is its 00:00:00Z.  Lower-case t and
 * z and an offset (+01:00) are read, too; no fractions and no leap second. */
bool when_parse(struct str s, int64_t *out);
enum { WHEN_TEXT = 32 };
char *when_fmt(char buf[WHEN_TEXT], int64_t t); /* 2026-12-31T10:00:00Z */

/* The same, and moments as people say them: "2026-05" and "2026" are their first
 * second, as a date is; "now", "today", "yesterday"; "2 weeks ago", "3h ago". */
bool when_moment(struct str s, int64_t now, int64_t *out);
#define WHEN_MOMENTS                                                                               \
	"a time is written 2026-05-03T10:00:00Z, 2026-05-03, 2026-05, yesterday or 2 weeks ago"

/* "30m", "12h", "7d", "4w", in seconds; at most some 10000 years. */
bool duration_parse(struct str s, int64_t *out);

/* The proleptic Gregorian calendar: days since 1970-01-01. */
int64_t when_days(int64_t year, int month, int day);
void when_civil(int64_t days, int64_t *year, int *month, int *day);

#endif
