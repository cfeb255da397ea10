/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * db: the plan in memory: records, their order, what they inherit, and what is
 * to be changed in the file.
 *
 *     db_init(&db, &env);
 *     db_load(&db, sources, n, &diags);       db_load.h: parse; the plan, in order
 *     ... look, and change with edit.h ...
 *     edit_pieces(&db, 0, &pieces);           the new text of source 0
 *     db_release(&db);
 *
 * The db owns its memory; everything that its functions return is valid until
 * db_release().  The sources' bytes must stay as long as the db.
 */
#ifndef IPAM_DB_H
#define IPAM_DB_H

#include "schema.h"
#include "tree.h"

struct change;   /* edit.h */
struct spot;     /* edit_parts.h */
struct pointers; /* pointers.h */
struct excerpt;  /* excerpt.h */
struct plain;    /* plain.h */

typedef VEC(struct rec *) rec_list;

struct db {
	const struct env *env;
	struct arena arena;
	struct vrfs vrfs;
	const struct text_source *source;
	size_t sources;

	struct rec *base; /* the records as read, in the order of the file ... */
	size_t bases;
	rec_list object;          /* ... the objects, new ones too, as they stand */
	rec_list named;           /* those that have, or had, a name= */
	struct tree tree;         /* the others, in canonical order ... */
	struct tree ranges;       /* ... and the ranges among them */
	uint16_t *rank;           /* the order of the VRFs by number, ... */
	uint16_t *by_rank;        /* ... their numbers by that ... */
	bool *declared;           /* ... and which have an @vrf: `ranked` of them, */
	size_t ranked, rank_room; /* and there is room for so many */
	bool in_order;            /* the file is */
	bool is_newer;            /* its version is not known: nothing was read */

	VEC(struct str) own_attrs; /* @attr NAME inherit=no */
	/* what db_inherited() found, for as long as nothing is edited */
	struct inherited {
		const struct rec *subnet, *origin;
		struct str name, value;
		size_t edits;
		bool found;
	} inherited[64];
	size_t edits;                /* so many times something was edited */
	struct rec *last_object[64]; /* edit's: of kinds, those that were placed last */

	struct index *index[4]; /* enum index_key */
	size_t index_walked[4];

	VEC(struct change) change; /* edit's ... */
	VEC(struct spot) spot;     /* ... and the places between lines where it adds some */
	struct freemaps *freemaps; /* freemap's */
	struct pointers *pointers; /* pointers' */
	bool pointers_walked;

	struct excerpt *excerpt; /* what of the plan is here; NULL: all */
	struct plain *plain;     /* check_load()'s: `plains` lists of addresses that are not */
	size_t plains;
};

void db_init(struct db *db, const struct env *env);
void db_release(struct db *db);

/* --- looking ---------------------------------------------------------- */

/* The VRF's name for a key: empty for the default. */
struct str db_vrf_name(const struct db *db, unsigned vrf);
/* A VRF is declared if there is an @vrf for it; the default always is. */
bool db_vrf_is_declared(const struct db *db, unsigned vrf);
/* The number of a declared VRF, or -1. */
int db_vrf(const struct db *db, struct str name);

/* The record with this key, or NULL. */
struct rec *db_find(const struct db *db, unsigned vrf, struct span span, enum kind kind);
struct rec *db_find_object(struct db *db, struct str kind, struct str name);
/* The narrowest subnet that holds all of span, or NULL.  With a prefix, the
 * subnet with that key itself does not count. */
struct rec *db_around(const struct db *db, unsigned vrf, struct span span);
/* The range that covers an address, or NULL. */
struct rec *db_range_over(const struct db *db, unsigned vrf, struct ip ip);

/*
 * Walking: the records inside a span of a VRF, in canonical order.
 *
 *     for (r = walk_in(&w, db, vrf, span); r; r = walk_next(&w))
 *
 * gives every record that begins in the span, all subnets' contents included;
 * not a subnet that has the very span as its key, if `inside` is set.
 * walk_skip() leaves out what r, a subnet, holds.  The plan must not change
 * meanwhile.
 */
struct walk {
	struct cursor c;
	u128 last;
	unsigned vrf;
	enum family family;
};
struct rec *walk_in(struct walk *w, const struct db *db, unsigned vrf, struct span span);
struct rec *walk_inside(struct walk *w, const struct db *db, const struct rec *subnet);
struct rec *walk_all(struct walk *w, const struct db *db); /* the whole plan */
/* The records that are here, even if that is not all (excerpt.h). */
struct rec *walk_here(struct walk *w, const struct db *db);
struct rec *walk_next(struct walk *w);
struct rec *walk_skip(struct walk *w, const struct rec *subnet);
/* Whether a subnet holds any record. */
bool db_is_empty(const struct db *db, const struct rec *subnet);

/* --- attributes ------------------------------------------------------- */

/* The record's own value; false if it has none (an empty one is one). */
bool db_own(struct db *db, const struct rec *r, const char *name, struct str *value);
/*
 * The effective value: own, inherited, or the default.  False if there is none
 * or if an empty value ends the search.  *origin, if wanted, is the record it
 * comes from, NULL for a default.
 */
bool db_value(struct db *db, const struct rec *r, struct str name, struct str *value,
    const struct rec **origin);
/* The same for a place without a record: what an address in `subnet` would
 * inherit (no defaults). */
bool db_inherited(struct db *db, const struct rec *subnet, struct str name, struct str *value,
    const struct rec **origin);
/* The domain of relative hosts in a subnet (NULL: in none), without a final dot; empty if
 * there is none. */
struct str db_domain(struct db *db, const struct rec *subnet);
bool db_inherits(const struct db *db, struct str name);
/* For values that are words: whether the effective one is this. */
bool db_is(struct db *db, const struct rec *r, const char *name, const char *value);
/* Effective values that are numbers; false if there is none. */
bool db_seconds(struct db *db, const struct rec *r, const char *name,
    int64_t *seconds); /* a duration */
bool db_time(struct db *db, const struct rec *r, const char *name, int64_t *t);

/* The name to show: name= or the first host. */
struct str db_label(struct db *db, const struct rec *r);
/* The full name of a host as written at r: with its domain, without the final
 * dot; false for a relative one without a domain. */
bool db_fqdn(struct db *db, const struct rec *r, struct str host, struct str *fqdn);
/* Whether one of r's hosts has this full name (or, without a domain, is written so). */
bool db_has_fqdn(struct db *db, const struct rec *r, struct str fqdn);

/* Whether an address is in quarantine now / was, and its end is past. */
enum quarantine { QUARANTINE_NONE, QUARANTINE_LIVE, QUARANTINE_OVER };
enum quarantine db_quarantine(struct db *db, const struct rec *r);

/* A subnet's gateway, if gw= is an address inside it. */
bool db_gateway(struct db *db, const struct rec *subnet, struct ip *gw);

/* --- who has a value -------------------------------------------------- */

/*
 * Records by a value of theirs, without case: the first look-ups walk the
 * plan, further ones use an index.
 *
 *     find_start(&f, db, INDEX_HOST, name);
 *     while ((r = find_next(&f)))
 *
 * INDEX_HOST compares with what is written, without a final dot; INDEX_OBJECT are the
 * objects of this name, of any kind.
 */
enum index_key { INDEX_NAME, INDEX_HOST, INDEX_MAC, INDEX_OBJECT };
struct find {
	struct db *db;
	enum index_key key;
	struct str value;
	uint32_t slot; /* in the index */
	size_t at;     /* in the list of those it can be */
	struct walk walk;
	bool indexed, started;
};
void find_start(struct find *f, struct db *db, enum index_key key, struct str value);
struct rec *find_next(struct find *f);
/* The lowest address other than `except` directly in subnet that has this MAC, or a host
 * written so whose full name is `full`, and is in no quarantine; NULL if none. */
struct rec *db_twin(struct db *db, const struct rec *subnet, enum index_key key, struct str value,
    struct str full, const struct rec *except);
/* The addresses directly in subnet that have a host of this full name (or, without
 * a domain, written so), lowest first. */
void db_holders(struct db *db, const struct rec *subnet, struct str full, rec_list *out);
/* For edit.c and db_load.c: r has come (is_new) or changed / what the objects say of VRFs
 * and attributes may have changed, or there is a new VRF / this object has come. */
void index_note(struct db *db, struct rec *r, bool is_new);
void db_learn(struct db *db);
void db_learn_object(struct db *db, struct rec *r);

/* All VRFs' order, for tree_order(). */
int db_order(const struct db *db, const struct rec *a, const struct rec *b);

/* The key of a record in canonical spelling. */
struct str db_key(struct db *db, const struct rec *r);
/* The key of an address or a prefix there. */
struct str db_key_at(struct db *db, unsigned vrf, struct span span);

#endif
