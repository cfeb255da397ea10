/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns: what of a plan is published in the DNS: its zones and their records.
 *
 *     dns_init(&dns, db);              the zones that the plan declares
 *     dns_fill(&dns);                  their records, and what is wrong with them
 *     ... zone->rr: sorted, none twice; dns.problem ...
 *     dns_release(&dns);
 *
 * A view is an audience: the zones `@zone NAME%VIEW`, or those without a suffix
 * for the view with the empty name ("default" is another way to write that).
 *
 * Names are complete, without the final dot, as they stand in the plan; case
 * does not count.  What the functions return is valid until dns_release(), and
 * as long as the db.
 */
#ifndef IPAM_DNS_H
#define IPAM_DNS_H

#include "db.h"

struct dns_names; /* dns_names.h */

/* --- addresses -------------------------------------------------------- */

/* What is published of an address in a view, names and address as it is now. */
enum dns_what { DNS_NOTHING = 0, DNS_FORWARD = 1, DNS_REVERSE = 2 };

/*
 * Of an address, by its `dns`, in one of its views: those of `view`, else the
 * one that is named like its VRF, else the one without a name.  Nothing of one
 * that is in quarantine or has expired.
 */
unsigned dns_published(struct db *db, const struct rec *r, struct str view);

/*
 * The name of a host or an alias as it is published at r.  False if it cannot be
 * published: DNS would refuse it, or it is relative and there is no domain (then
 * *name is the host as written).
 */
bool dns_name(struct db *db, const struct rec *r, struct str host, struct str *name);

/* --- records ---------------------------------------------------------- */

/* As RFC 1035 and 3596 number them; any other type may be in a list, too. */
enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_AAAA = 28,
	DNS_DHCID = 49,
};
/* "A" ...; NULL for a type that the plan has no records of. */
const char *dns_type_name(unsigned type);
/* The other way round, without case; 0 for a type that the plan has no records of. */
unsigned dns_type_number(struct str name);

struct dns_rr {
	struct str owner;
	struct str key; /* of the owner: dns_key() */
	unsigned type;
	uint32_t ttl;
	struct ip ip;          /* A, AAAA; of a PTR the address that it is of, if that is known */
	struct str target;     /* NS, CNAME, PTR: a name; other types: the data in wire format */
	const struct rec *rec; /* the address that it is published for, or NULL */
	const char *at;        /* where that is said, or NULL */
};
typedef VEC(struct dns_rr) dns_list;

/* The order of names: by their labels from the right, numbers as numbers, so that
 * a zone is followed by what is in it.  Keys compare by str_cmp(), and one is
 * the beginning of another if its name is the end of the other's. */
struct str dns_key(struct arena *a, struct str name);
/* By owner, type and data; then the TTL does not count. */
int dns_order(const struct dns_rr *a, const struct dns_rr *b);
int dns_order_data(const struct dns_rr *a, const struct dns_rr *b);
/* Sorts, and drops what is there twice.  All records of one name and type have
 * the lowest TTL among them (RFC 2181, section 5.2). */
void dns_sort(dns_list *list);
/* The first record of an owner and type (0: any), or list->n. */
size_t dns_find(const dns_list *list, struct str key, unsigned type);

/* The SOA serial that follows another one: today's date and two digits, or one more
 * than the old one where that is not before it (RFC 1982); now: seconds. */
uint32_t dns_serial(const uint32_t *old, int64_t now);

/* --- zones ------------------------------------------------------------ */

struct dns_zone {
	struct rec *rec; /* its @zone */
	struct str name, view, key;
	uint32_t ttl;
	size_t number; /* of its declaration, in the order of the plan */
	size_t up;     /* the zone around it in its view, or SIZE_MAX */
	dns_list rr;   /* without the SOA */
};

/* What is wrong with what would be published. */
struct dns_problem {
	enum rule rule;
	const char *at; /* in the plan */
	struct str text;
	size_t zone; /* its number, or SIZE_MAX */
};

struct dns_view {
	struct str name;
	bool has_forward, has_reverse; /* zones */
};

struct dns {
	struct db *db;
	struct dns_zone *zone; /* by view and name */
	size_t zones;
	VEC(struct dns_view) view; /* those that have zones */
	VEC(struct dns_problem) problem;
	const struct dns_names *only; /* dns_check's: other names get no records; or NULL */
};

void dns_init(struct dns *dns, struct db *db);
/* For a plan without zones: one without a name (and without ->rec) that holds
 * every name, so that names that clash are found there, too. */
void dns_add_root(struct dns *dns);
void dns_fill(struct dns *dns);
/* Finds what dns_fill() finds wrong, without the records.  After it, ->rr are of no use. */
void dns_check(struct dns *dns);
void dns_release(struct dns *dns);
/* Adds an error for each problem of a zone that no server would take it with. */
void dns_report(const struct dns *dns, size_t zone, struct diags *d);

/* The zone declared with this name, or SIZE_MAX. */
size_t dns_zone(const struct dns *dns, struct str view, struct str name);
/* The view, if it has zones, or NULL. */
const struct dns_view *dns_view(const struct dns *dns, struct str name);
/*
 * The zones that words name: NAME, NAME%VIEW, or a prefix, which stands for all of its
 * zones; view is of words without one.  Without words all of the view.  They become true
 * in wanted; STATUS_NO, with a message, if there are none.
 */
enum status dns_choose(const struct dns *dns, const struct str *word, size_t words, struct str view,
    bool *wanted, struct diags *d);
/* The longest declared zone of a view that a name is in, or SIZE_MAX. */
size_t dns_zone_of(const struct dns *dns, struct str view, struct str key);

enum { DNS_TTL = 3600 };
/* A name of a zone's ns= or mbox=: relative to it if it has no dot. */
struct str dns_zone_relative(const struct dns *dns, const struct dns_zone *z, struct str name);
/* What the name servers of a zone are called, one after the other out of *rest,
 * which begins as the value of ns=. */
bool dns_next_ns(const struct dns *dns, const struct dns_zone *z, struct str *rest,
    struct str *name);

/*
 * Where the PTR of an address goes, in the zones of a view: the zone and the
 * PTR's owner; false if there is no such zone.  *told, if wanted, is the zone
 * that `reverse` names, declared or not; empty if it names none.
 */
bool dns_reverse(const struct dns *dns, struct rec *r, struct str view, size_t *zone,
    struct str *owner, struct str *told);

#endif
