/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * growth: what the subnets of a plan had over time, from the blocks of its journal.
 *
 *     n = growth_edges(EVERY_WEEK, since, now, &arena, &edge);
 *     growth_init(&g, &db, usage, subnets, edge, n);
 *     while (there is a block, the newest first)
 *             if (!growth_block(&g, &block)) break;
 *     growth_at(), growth_sum(), growth_forecast() of g.series[i]
 *     growth_release(&g);
 *
 * The plan is the one that the newest block left; its subnets are the ones told
 * about, and what they are today, a container or not, decides what counts: for one
 * that is none the addresses in its span, whatever was around them then; for a
 * container the space of the subnets that it had then and the addresses between them.
 * Its gateway is left aside, and so is what is reserved: it is `used` of usage.h.
 *
 * Kept are what changed, for each subnet and period at most once, and the addresses
 * and subnets that there are at the moment that has been reached.
 */
#ifndef IPAM_GROWTH_H
#define IPAM_GROWTH_H

#include "journal.h"
#include "trend.h"
#include "usage.h"

enum every { EVERY_DAY, EVERY_WEEK, EVERY_MONTH };
extern const char *const every_names[]; /* "day" ..., NULL */
/* What is looked at if nobody says since when. */
int64_t growth_since(enum every every, int64_t now);
/* The beginning of the period that has since, of all behind it (days, weeks from
 * Monday on and months of UTC), and now: at least one. */
size_t growth_edges(enum every every, int64_t since, int64_t now, struct arena *a, int64_t **edge);

struct growth_step {
	size_t period; /* from edge[period] to edge[period + 1] */
	struct count before, added, released;
};
struct growth_series {
	const struct usage *u;
	struct count last;            /* as far back as has been read */
	int64_t born;                 /* when the subnet came, INT64_MIN if it was there before */
	VEC(struct growth_step) step; /* newest first */
};

struct growth {
	struct db *db;
	struct arena arena;
	const int64_t *edge;
	size_t edges;
	struct growth_series *series; /* for each of usage */
	size_t n;
	size_t period;       /* the one that is being read */
	bool has_begin;      /* the journal begins in the time looked at, ... */
	int64_t begin;       /* ... then */
	VEC(struct rec) rec; /* the records of a block */
	struct tree tree;    /* of the subnets, and of those that were */
	struct tree known;   /* of the used addresses in subnets */
	struct rec *spare;   /* records to be used again */
};
void growth_init(struct growth *g, struct db *db, const struct usage *u, size_t n,
    const int64_t *edge, size_t edges);
void growth_release(struct growth *g);
/* False if it, and all before it, is before the time looked at. */
bool growth_block(struct growth *g, const struct block *b);
/* The same for changes without a block. */
bool growth_lines(struct growth *g, int64_t time, const block_lines *v);

/* --- what there is to tell ------------------------------------------------- */

/* The first edge of which anything is known of this subnet. */
size_t growth_first(const struct growth *g, const struct growth_series *s);
/* What was used at each edge from the first one on, into room for g->edges. */
size_t growth_values(const struct growth *g, const struct growth_series *s, struct count *value);
/* In all periods. */
void growth_sum(const struct growth_series *s, struct count *added, struct count *released);
/* How much more is used at the end than at the beginning; negative: less. */
double growth_change(const struct growth_series *s);

enum outlook {
	OUTLOOK_SHORT, /* too little is known */
	OUTLOOK_FULL,
	OUTLOOK_STEADY,
	OUTLOOK_SHRINKS,
	OUTLOOK_GROWS
};
extern const char *const outlook_names[];
struct forecast {
	enum outlook outlook;
	double pace, low, high;             /* in a day: its range */
	bool has_when, has_early, has_late; /* not beyond a hundred years */
	int64_t when, early, late;          /* nothing will be free, at the pace and its range */
};
void growth_forecast(const struct growth *g, const struct growth_series *s, struct forecast *out);

#endif
