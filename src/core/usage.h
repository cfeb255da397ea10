/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage: how full the plan is; ipam(1), "Utilisation".
 *
 * One sweep over the records in order, with the open subnets on a stack.  No
 * address is counted twice: its record counts first, then gw, then its range.
 */
#ifndef IPAM_USAGE_H
#define IPAM_USAGE_H

#include "db.h"

struct usage {
	const struct rec *subnet;
	bool is_container; /* has child subnets, or status=container */
	unsigned depth;    /* subnets around it */
	struct count size, used, reserved, dhcp, free;
	struct count busy; /* what is really taken */
	unsigned permille; /* of (size - free) / size, rounded down */
};

/* All subnets, in the order of the plan; in the db's arena. */
size_t usage_all(struct db *db, struct usage **out);
/* Whether a subnet counts space: it has child subnets, or status=container. */
bool usage_is_container(struct db *db, const struct rec *subnet);
/* One subnet. */
void usage_of(struct db *db, const struct rec *subnet, struct usage *out);
/* The count that an output field of this name shows; false for any other field. */
bool usage_count(const struct usage *u, struct str field, struct count *out);
/* Whether a field is about how full a subnet is: those counts, and percent. */
bool usage_is_field(struct str field);
/* Adds the counts of u to a sum, whose permille is then that of the whole. */
void usage_add(struct usage *sum, const struct usage *u);
/* A subnet's warn= or crit= (name), its own or inherited, in thousandths of one percent; a
 * value that is none counts as the default.  False if it is off. */
bool usage_threshold(struct db *db, const struct rec *subnet, const char *name, uint64_t *milli);
enum usage_level { LEVEL_OK, LEVEL_WARN, LEVEL_CRIT };
enum usage_level usage_level(struct db *db, const struct usage *u);
/* Whether what is given away is at least percent (milli = percent x 1000). */
bool usage_is_over(const struct usage *u, uint64_t milli);

#endif
