/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report: what all reports have in common.
 *
 * A report is a row of cmd_table whose noun is "report", and a file of its own,
 * report_NAME.c.  Its table is a sheet: columns of its own, and beside them
 * whatever --fields names of a row's record.
 *
 *     static const struct column columns[] = { { "prefix", 0 }, ... };
 *     static void cell(struct ctx *c, const void *row, size_t column) { out_str(...); }
 *
 *     status = report_sheet(c, &s, columns, ARRAY_LEN(columns), cell);
 *     report_row(&s, rec, row);        for each: cell() for each column shown
 */
#ifndef IPAM_REPORT_H
#define IPAM_REPORT_H

#include "cmd.h"
#include "core/growth.h"

/* Adds one cell of a row to c->out: that of columns[column]. */
typedef void report_cell_fn(struct ctx *c, const void *row, size_t column);

struct sheet {
	struct ctx *c;
	const struct column *column;
	size_t columns;
	report_cell_fn *cell;
	struct str fields; /* what is shown, in this order */
};

/* A copy of the columns that has these of them, by a bit for each, shown unasked. */
struct column *report_columns(struct ctx *c, const struct column *column, size_t columns,
    unsigned long shown);
/* Sets up the output: the columns, or those of --fields. */
enum status report_sheet(struct ctx *c, struct sheet *s, const struct column *column,
    size_t columns, report_cell_fn *cell);
/* The same for rows that are of no record: with these columns alone, and not as lines of the
 * plan. */
enum status report_table(struct ctx *c, struct sheet *s, const struct column *column,
    size_t columns, report_cell_fn *cell);
/* Adds a row; rec, which fields that are no columns are about, may be NULL. */
void report_row(struct sheet *s, const struct rec *rec, const void *row);

/* Whether a table of the usual columns is shown: then it may have sums at its foot. */
bool report_has_foot(const struct ctx *c);
/* Whether -4 and -6 leave a family: both are left, unless one of them is given alone. */
bool report_family(const struct ctx *c, enum family f);

/* What --sort can say: a report's rows begin with a struct rank, and are in the order of the
 * plan before they are sorted. */
struct rank {
	double weight;
	size_t place;
};
struct order {
	const char *name;
	double (*weigh)(const void *row);
};
struct ordering {
	const struct order *order; /* NULL: as in the plan */
	uint64_t top;              /* how many are shown */
};
/* The orders that a report has; the last one has no name. */
extern const struct order usage_orders[], growth_orders[];
/* Reads --sort and --top; with --top alone it is the first of the orders. */
enum status report_order(struct ctx *c, const struct order *orders, struct ordering *out);
/* Puts the heaviest of n rows of such a size first; how many are left of them. */
size_t report_sort(const struct ordering *o, void *rows, size_t n, size_t size);

/* What the subnets had over time, from the journal; to be released if it is
 * STATUS_OK.  STATUS_NO, with a message: there is no journal. */
enum status report_growth(struct ctx *c, enum every every, int64_t since, const struct usage *u,
    size_t n, struct growth *g);

/* Reads the words as a SELECT, which is to be released in any case. */
enum status report_select(struct ctx *c, struct select *s);

#endif
