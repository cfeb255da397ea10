/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trend: the pace of a series, with its range.
 *
 * The pace is the median of the slopes between all pairs of points (H. Theil, "A
 * rank-invariant method of linear and polynomial regression analysis", 1950): one odd
 * week, or one large step, does not move it.  Its range is the interval of 95 % that
 * Kendall's tau gives (P. K. Sen, "Estimates of the regression coefficient based on
 * Kendall's tau", Journal of the American Statistical Association 63, 1968, pages
 * 1379-1389), without the correction for equal values: these make it wider.
 */
#ifndef IPAM_TREND_H
#define IPAM_TREND_H

#include "env.h"

struct trend_point {
	double t, y;
};
struct trend {
	double pace; /* of y in a unit of t */
	double low, high;
};

/* So few points have no trend; of more than TREND_MOST, as many are taken, evenly. */
enum { TREND_LEAST = 5, TREND_MOST = 64 };

/* Points in ascending order of t; false if they are too few. */
bool trend_of(const struct trend_point *p, size_t n, struct trend *out);

#endif
