/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * query: what the words of a command line mean: TARGET, SELECT, fields.
 */
#ifndef IPAM_QUERY_H
#define IPAM_QUERY_H

#include "db.h"

/* Where to look: the VRF of --vrf, or the default one. */
struct scope {
	unsigned vrf;
	bool given; /* --vrf was */
};
/* STATUS_NO if there is no such VRF. */
enum status scope_set(struct scope *s, const struct db *db, struct str vrf, struct diags *d);

/*
 * A TARGET: a key, else a name, else a host, or @KIND/NAME.  If it is a key,
 * the records with that key are there (none or one) and so is the place.
 */
struct target {
	bool is_key;
	enum kind kind; /* of the key */
	unsigned vrf;
	struct span span;
	rec_list rec; /* free with target_release() */
};
void target_release(struct target *t);
/*
 * STATUS_OK: there is at least one record, or it is a key.  STATUS_NO: there is
 * no such name.  STATUS_USAGE: not a kind that is wanted (kinds: enum
 * kind_bit), malformed, or it fits several.  `what` says in messages what is
 * wanted: "a subnet".
 */
enum status target_parse(struct target *t, struct db *db, struct scope scope, struct str text,
    unsigned kinds, const char *what, struct diags *d);
/* The same where exactly one record is wanted; STATUS_NO if there is none. */
enum status target_one(struct rec **out, struct db *db, struct scope scope, struct str text,
    unsigned kinds, const char *what, struct diags *d);

/* The message for one host's several addresses where one was meant. */
enum status target_several(struct db *db, const struct target *t, struct str text, struct diags *d);
/* Adds a record to a list unless it is there already; to be unmarked. */
void rec_mark(struct db *db, struct rec *r, rec_list *l);
void rec_unmark(rec_list *l);

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
