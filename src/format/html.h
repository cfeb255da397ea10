/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * html: the plan as one page: no server, nothing loaded from elsewhere.
 * Pure; whatever comes from the plan is escaped.
 *
 * Without scripts the page is complete but for the maps; with them there are a
 * search box, columns that sort, and a map below each subnet.
 */
#ifndef IPAM_HTML_H
#define IPAM_HTML_H

#include "core/totals.h"

/* A curve: how many addresses were taken at the end of each period. */
struct html_curve {
	const struct rec *subnet;
	const double *value;
	size_t n;
	struct str forecast; /* in words */
};

struct html_change {
	struct str time, who, what; /* what: the lines, with - and + */
};

struct html_page {
	struct db *db;
	struct str title;
	const struct usage *usage; /* of usage_all() */
	size_t subnets;
	const struct diags *problems; /* of check_plan(), in the order of the file */
	const struct html_curve *curve;
	size_t curves;
	struct str period; /* of the curves: "2026-01-01 to 2026-11-23 by week" */
	const struct html_change *change;
	size_t changes;
};
void html_write(struct buf *b, const struct html_page *page);

#endif
