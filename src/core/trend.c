/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trend.h"

#include <stdlib.h>

enum { PAIRS_MOST = TREND_MOST * (TREND_MOST - 1) / 2 };
static const double normal_975 = 1.959963984540054; /* its quantile */

static int
by_size(const void *va, const void *vb)
{
	double a = *(const double *)va, b = *(const double *)vb;

	return (a > b) - (a < b);
}

/* Newton's way: core/ does without libm. */
static double
square_root(double x)
{
	double root = x;

	for (int i = 0; i < 64 && root > 0; i++)
		root = (root + x / root) / 2;
	return root;
}

static size_t
thin(const struct trend_point *p, size_t n, struct trend_point *out)
{
	size_t m = n < TREND_MOST ? n : TREND_MOST;

	for (size_t i = 0; i < m; i++)
		out[i] = p[i * (n - 1) / (m - 1)];
	return m;
}

static size_t
all_slopes(const struct trend_point *p, size_t n, double *slope)
{
	size_t pairs = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			if (p[j].t > p[i].t)
				slope[pairs++] = (p[j].y - p[i].y) / (p[j].t - p[i].t);
	return pairs;
}

bool
trend_of(const struct trend_point *p, size_t n, struct trend *out)
{
	struct trend_point few[TREND_MOST];
	double slope[PAIRS_MOST];

	if (n < TREND_LEAST)
		return false;
	n = thin(p, n, few);
	size_t pairs = all_slopes(few, n, slope);
	if (pairs == 0)
		return false;
	qsort(slope, pairs, sizeof(*slope), by_size);
	/* tau's deviation; the bounds are so far from the middle */
	double m = (double)n, wide = normal_975 * square_root(m * (m - 1) * (2 * m + 5) / 18);
	double first = ((double)pairs - wide) / 2;
	size_t skip = first >= 1 ? (size_t)first - 1 : 0;
	out->pace = (slope[(pairs - 1) / 2] + slope[pairs / 2]) / 2;
	out->low = slope[skip];
	out->high = slope[pairs - 1 - skip];
	return true;
}
