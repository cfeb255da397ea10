/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * excerpt: the few lines of a large plan that a command about a few places needs.
 *
 * To give out, change or free an address one must know all that its subnet holds, the
 * subnets around it and the objects; of a name, who has it.  excerpt_load() reads these
 * lines alone, of a text that is known to be valid and in order.
 *
 *     if (excerpt_load(&db, &source, &request)) {
 *             ... look and change, as with a whole plan ...
 *             if (excerpt_fell_short(&db))      that asked for more: what it found or
 *                     ... load it all, anew     did does not count
 *     }
 *
 * Whoever asks such a db for what is not in it gets the answer of what is there; the db
 * notes that (the excerpt_reach functions, which db's own functions call).
 */
#ifndef IPAM_EXCERPT_H
#define IPAM_EXCERPT_H

#include "db.h"

/* What a command is about: keys, and names of subnets, ranges or hosts. */
struct excerpt_request {
	const struct key *key;
	size_t keys;
	const struct str *name;
	size_t names;
};

/* False if it cannot be, or does not pay: the db is then to be released. */
bool excerpt_load(struct db *db, const struct text_source *source, const struct excerpt_request *q);
bool excerpt_fell_short(const struct db *db);

/* For db.c and index.c; NULL is a whole plan.  Somebody asks for what is in this span, for
 * who has this name, for anything. */
struct excerpt;
void excerpt_reach(struct excerpt *e, unsigned vrf, struct span span);
void excerpt_reach_name(struct excerpt *e, struct str name);
void excerpt_reach_all(struct excerpt *e);
void excerpt_free(struct excerpt *e);

#endif
