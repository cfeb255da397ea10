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

#include "core/growth.h"
#include "core/totals.h"

/* A block of the journal. */
struct html_change {
	int64_t time;
	struct str user, what, reason;
	const struct block_line *line; /* the first ones */
	size_t shown, lines;
};

struct html_page {
	struct db *db;
	struct str title;
	const struct usage *usage; /* of usage_all() */
	size_t subnets;
	const struct growth *growth;      /* of the same usage; NULL: there is no journal */
	const struct html_change *change; /* the newest first */
	size_t changes;
	const struct diags *problems; /* of check_plan(), in the order of the file */
};
void html_write(struct buf *b, const struct html_page *page);

#endif
