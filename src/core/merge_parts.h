/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge_parts: what the files of merge share.
 */
#ifndef IPAM_MERGE_PARTS_H
#define IPAM_MERGE_PARTS_H

#include "merge.h"

/* --- sets, which are filled, then sorted, then asked -------------------- */

typedef VEC(struct str) name_set; /* without ASCII case */
typedef VEC(const struct rec *) rec_set;
void name_set_sort(name_set *s);
void rec_set_sort(rec_set *s);
bool name_set_has(const name_set *s, struct str name);
bool rec_set_has(const rec_set *s, const struct rec *r);

/* --- who says a name -------------------------------------------------- */

enum said {
	SAID_PLAN,       /* rec has it as a host */
	SAID_PLAN_ALIAS, /* rec has it as an alias */
	SAID_FORWARD,    /* naming */
	SAID_REVERSE,    /* naming */
	SAID_NAME,       /* naming */
	SAID_CNAME,      /* fact; without an address if it is of a target */
	SAID_GONE,       /* rec had it as an alias, and loses it */
};

struct sharing;
struct entry {
	struct ip ip;
	uint64_t hash;
	struct str name; /* complete, without a final dot */
	enum said said;
	size_t order; /* among those of the source */
	struct rec *rec;
	struct naming *naming;
	const struct fact *fact;
	struct sharing *sharing; /* of a name's first entry, if it was worked out: merge_alias.c */
};

/* All names, those of the plan and those of the source: one name's entries are
 * together, by address, and of one address by enum said and order. */
struct book {
	const struct env *env;
	VEC(struct entry) entry;
};
void book_add(struct book *b, struct entry entry);
void book_sort(struct book *b);
/* The entries of a name; NULL if there is none. */
struct entry *book_find(const struct book *b, struct str name, size_t *n);
/* The end of the entries that begin with e and have its name. */
struct entry *book_end(const struct book *b, const struct entry *e);
bool ip_same(struct ip a, struct ip b);

/* --- zones ------------------------------------------------------------ */

enum cover { COVER_NONE, COVER_PLAN, COVER_SOURCE };

struct zone {
	struct str name; /* without a final dot */
	enum cover cover;
	bool is_reverse;
	struct span span;          /* of a reverse one ... */
	const struct zone *around; /* ... and the narrowest one that holds it */
};

/* The zones that the source is all of, and those that the plan declares. */
struct zones {
	VEC(struct zone) name; /* by name */
	VEC(struct zone) span; /* the reverse ones, by span */
};
void zones_init(struct zones *z, struct db *db, const struct facts *facts, unsigned vrf);
void zones_release(struct zones *z);
/* Of the longest zone that a name, or an address' reverse name, is in. */
enum cover zones_of_name(const struct zones *z, struct str name);
/* Of the zone with this name. */
enum cover zones_named(const struct zones *z, struct str name);
enum cover zones_of_ip(const struct zones *z, struct ip ip);

/* --- names at addresses ----------------------------------------------- */

/* A name that the source gives to an address. */
struct naming {
	const struct fact *fact;
	struct spot *spot;
	struct str full; /* complete, without the final dot; relative if no domain is in force */
	bool is_lost;    /* reported already, not to be placed */
	bool is_new;     /* the address gets it */
	bool is_host;    /* the address has it in the end */
};

/* An address that the source gives names to. */
struct spot {
	struct ip ip;
	struct rec *rec, *subnet;
	struct str domain; /* in force, without a final dot; or empty */
	struct naming *naming;
	size_t namings;               /* in the order of the source */
	const struct naming *pointer; /* the first PTR among them, or NULL */
	bool had_hosts;
	bool has_alias;   /* that follows its first host */
	struct str label; /* the first of those */
};

struct touch {
	struct rec *rec;
	const char *at;
};

/* An alias that a record gets or, if the source has the name elsewhere, loses. */
struct grant {
	struct rec *rec;
	const struct fact *fact;
	struct str full;
	bool is_taken_away;
};

struct merger {
	struct db *db;
	struct facts *facts;
	const struct merge *how;
	struct merge_counts *counts;
	struct diags *d;
	VEC(struct touch) touched;
	struct zones zones;
	struct book book;
	VEC(struct naming) naming;
	VEC(struct spot) spot;
	VEC(struct grant) grant;
	rec_set named_subnets; /* those of the plan where an address has a host */
};

/* A warning at a place of the source or the plan. */
void merge_report(struct merger *m, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a statement that is not in the plan then. */
void merge_unplaced(struct merger *m, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A contradiction; an error with CONFLICT_FAIL. */
void merge_contradict(struct merger *m, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The source speaks of rec at this place. */
void merge_touch(struct merger *m, struct rec *r, const char *at);

/* What the source says of names that a DHCP server has becomes FACT_OTHER, but for what the plan
 * has of them already. */
void merge_set_dynamic(struct merger *m);
/* Whether the plan, or another zone of the source, has what a FACT_CUT says. */
bool merge_has_cut(struct merger *m, const struct fact *fact);

/* --- names of subnets and ranges ---------------------------------------- */

struct label {
	struct str name;
	bool is_refused;         /* the source's record does not get it */
	struct rec *rec;         /* of the plan: that has it, or is called so by the source */
	const char *at;          /* in the source; NULL: it is the plan's */
	const struct fact *fact; /* the source's, or NULL */
};
/* The plan's are there from the beginning, the source's are added, one of each record; then it
 * is settled whose a name is. */
struct labels {
	VEC(struct label) name;      /* by name; the plan's first, then as the source has them */
	VEC(struct label *) renamed; /* those of the source, by the plan's record */
};
bool labels_are_on(enum kind kind);
void labels_init(struct labels *l, struct merger *m);
/* rec: the plan's record of that key, or NULL; false if the source gives no name. */
bool labels_add(struct labels *l, struct merger *m, const struct fact *fact, struct rec *rec);
void labels_settle(struct labels *l, struct merger *m);
/* Whose the name is; NULL: nobody's. */
const struct label *labels_owner(const struct labels *l, struct str name);
void labels_release(struct labels *l);

/* The number of a record's VRF; -1 if it is not declared. */
int merge_vrf(const struct merger *m, const struct fact_record *r);
/* Looks at all records of the source; its errors are in diags then. */
void merge_validate(struct merger *m);
void merge_records(struct merger *m);
void merge_names(struct merger *m);
void merge_aliases(struct merger *m);
void merge_grant(struct merger *m, struct grant grant);
/* Compares, name by name, what the book has of it at all addresses: reports what does not
 * agree, and decides which namings an address gets. */
void merge_agree(struct merger *m);

/* The domain in force at an address (r may be NULL) in a subnet, without a final dot. */
struct str merge_domain_at(struct merger *m, const struct rec *r, const struct rec *subnet);
/* The complete name of a FACT_ALIAS. */
struct str merge_alias_name(struct merger *m, const struct fact *fact);
/* The complete name of a host as written where this domain is in force, without
 * the final dot; relative if there is none. */
struct str merge_full(struct merger *m, struct str host, struct str domain);
/* How a complete name is written there. */
struct str merge_written(struct merger *m, struct str full, struct str domain, bool is_complete);

#endif
