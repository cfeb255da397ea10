/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * query: the records that SELECT asks for, and the fields of a record.
 */
#ifndef IPAM_QUERY_H
#define IPAM_QUERY_H

#include "target.h"

/* --- SELECT ----------------------------------------------------------- */

struct select_term;
struct select {
	struct db *db;
	struct scope scope;
	bool own; /* --own */
	VEC(struct select_term *) term;
};
void select_init(struct select *s, struct db *db, struct scope scope, bool own);
void select_release(struct select *s);
/* Adds a word: STATUS_USAGE for a bad pattern or operator. */
enum status select_add(struct select *s, struct str word, struct diags *d);
bool select_match(struct select *s, const struct rec *r);
/* The records that match, of these kinds, in the order of the plan (objects
 * first). */
void select_all(struct select *s, unsigned kinds, rec_list *out);

/* --- fields ----------------------------------------------------------- */

/*
 * The value of a field or attribute of a record, as it is shown: own,
 * inherited or default; with own only what its line says.  False if there is
 * none.
 */
bool query_field(struct db *db, const struct rec *r, struct str field, bool own, struct str *value);
/* Whether values of a field or attribute are lists, separated by commas. */
bool query_is_list(struct str field);
/* All own attributes as in the file, one blank between. */
struct str query_attributes(struct db *db, const struct rec *r);

#endif
