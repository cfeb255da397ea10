/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What dns_check.c and dns_check_plain.c share; for nobody else.
 */
#ifndef IPAM_DNS_CHECK_PARTS_H
#define IPAM_DNS_CHECK_PARTS_H

#include "dns_names.h"
#include "dns_parts.h"
#include "plain.h"

/* A domain as seen from an address. */
struct domain {
	struct str name; /* empty: none */
	uint64_t hash;
	bool is_fine; /* nothing is wrong with any host in it */
};

/* What is the same for all addresses of a subnet that say nothing themselves. */
struct place {
	const struct rec *subnet;
	struct dns_address sample; /* one of them */
	struct domain relative;    /* hosts without a dot are in this one ... */
	struct domain complete;    /* ... and the complete one seen last in this */
	struct span reverse;       /* in it nothing is wrong with where the PTRs go */
};

struct alias {
	struct rec *rec;
	uint64_t hash;
};

struct closer {
	struct dns *dns;
	struct dns_names names; /* aliases, zones and name servers */
	bool has_aliases;
	VEC(struct alias) alias;
	VEC(struct str) arpa; /* what of the names lies in reverse zones */
	rec_list list;        /* what is to be looked at closely */
	struct place place;
	struct scene *scene; /* dns_check_plain's */
};

/* The place becomes that of r, of which only its subnet counts. */
void dns_enter(struct closer *c, struct rec *r);
/* A complete name's domain, as seen from the place. */
const struct domain *dns_complete(struct closer *c, struct str domain);
/* Whether nothing is wrong with where r's PTR goes. */
bool dns_reverse_is_fine(struct closer *c, struct rec *r);

/* r is filled in in the end. */
void dns_look_closely(struct closer *c, struct rec *r);
/* It is, and all its names are met. */
void dns_suspect(struct closer *c, struct rec *r);
/* It is, and its aliases are noted. */
void dns_note_special(struct closer *c, struct rec *r, const struct plain_words *own);

/* Of the plain addresses, what dns_check() does with the others: notes their aliases /
 * meets their hosts / looks closely at the aliases that were met / suspects one of them. */
void dns_plain_note(struct closer *c);
void dns_plain_meet(struct closer *c);
void dns_plain_met(struct closer *c);
void dns_plain_suspect(struct closer *c, unsigned vrf, struct ip ip);

#endif
