/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fact: what a foreign source says, before anybody asks what the plan says.
 *
 *     facts_init(&facts, &env);
 *     a reader of format/ adds facts with facts_add(), one of each statement
 *     merge_facts() (merge.h) puts them into a plan
 *     facts_release(&facts);
 *
 * Texts are slices of the source, which must stay as long as the facts, or of
 * the facts' arena.  A name is complete if it ends in a dot, else it belongs to
 * the domain in force at its address, as a `host` of a plan does.
 */
#ifndef IPAM_FACT_H
#define IPAM_FACT_H

#include "db.h"

enum fact_kind {
	FACT_RECORD,  /* record: a record of a plan */
	FACT_NAME,    /* ip is called name */
	FACT_FORWARD, /* name has the address ip: A, AAAA */
	FACT_REVERSE, /* ip has the name name: PTR */
	FACT_ALIAS,   /* name is a further name of target (CNAME), or of ip if there is no target */
	FACT_ZONE,    /* the source is all of the zone name; record holds what @zone says of it */
	FACT_OTHER,   /* what no plan can hold: name is what to say about it */
	FACT_CUT, /* the same, but if the plan delegates that, too: the zone target, or the reverse
	               * name of ip to the name target (RFC 2317) */
	FACT_DYNAMIC, /* name is a DHCP server's: it has a DHCID */
};

struct fact_attr {
	struct str name, value;
	const char *at; /* of the value in the source */
};

struct fact_record {
	enum kind kind; /* KIND_OBJECT, KIND_SUBNET, KIND_RANGE or KIND_ADDRESS */
	struct span span;
	bool has_vrf;             /* else it is in the VRF of the import */
	struct str vrf;           /* empty: the default VRF */
	struct str object, label; /* of an object: "zone" and "example.net" */
	struct fact_attr *attr;   /* in their order, none twice */
	size_t attrs;
	struct str rest;    /* all behind the key as it may stand in a plan, or empty */
	struct str comment; /* else: what a new record has behind its attributes, # and all */
};

enum { FACT_NO_TTL = UINT32_MAX };

struct fact {
	enum fact_kind kind;
	uint32_t ttl;   /* of a name, if it is not its zone's; else FACT_NO_TTL */
	const char *at; /* in the source */
	struct ip ip;
	struct str name, target;
	struct fact_record *record;
};

struct facts {
	const struct env *env;
	struct arena arena;
	struct fact *v; /* in the order of the source */
	size_t n, size;
};

void facts_init(struct facts *facts, const struct env *env);
void facts_release(struct facts *facts);
/* Adds a fact about which nothing is known yet; valid until the next one. */
struct fact *facts_add(struct facts *facts, enum fact_kind kind, const char *at);
/* Adds a FACT_OTHER. */
void facts_other(struct facts *facts, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
