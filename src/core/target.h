/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * target: which record, or place, a word of a command line means.
 */
#ifndef IPAM_TARGET_H
#define IPAM_TARGET_H

#include "db.h"

/* Where to look: the VRF of --vrf, or the default one. */
struct scope {
	unsigned vrf;
	bool given; /* --vrf was */
};
/* STATUS_NO if there is no such VRF, STATUS_USAGE for an empty name. */
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

/* @KIND/NAME, or @KIND NAME as in the file; *out is NULL if it is not there. */
enum status target_find_object(struct db *db, struct str text, struct rec **out, struct diags *d);
/* The message for what looks like a key and is none; STATUS_USAGE. */
enum status target_no_key(struct str text, const struct ip_error *err, struct diags *d);
/* The message for one host's several addresses where one was meant. */
enum status target_several(struct db *db, const struct target *t, struct str text, struct diags *d);
/* Adds a record to a list unless it is there already; to be unmarked. */
void rec_mark(struct db *db, struct rec *r, rec_list *l);
void rec_unmark(rec_list *l);

#endif
