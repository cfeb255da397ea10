/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check_parts: what check.c, check_attrs.c and check_load.c share; for nobody else.
 */
#ifndef IPAM_CHECK_PARTS_H
#define IPAM_CHECK_PARTS_H

#include "check.h"

enum { MEMO = 128 };

struct checker {
	struct db *db;
	struct diags *d;
	enum severity level[RULE_COUNT]; /* SEV_OFF also for what is not wanted */
	/* schema_attr(), remembered */
	struct memo {
		struct str name;
		enum kind kind;
		const struct attr_info *info;
		bool is_field;
	} memo[MEMO];
	/* the domain of the subnet looked at last */
	const struct rec *domain_of;
	struct str domain;
	/* It has a dot and leaves room: no host without a dot ends in it or is too long with it. */
	bool suits_all;
	uint8_t flags;              /* of all records together */
	const struct rec *furthest; /* of the ranges so far, the one with the last address */
	/* the subnet found to be calm last */
	const struct rec *calm;
};

/* A finding, at the rule's level. */
void check_say(struct checker *c, enum rule rule, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Whether any host without a dot that is fine by itself is in this domain, too. */
bool check_suits_all(struct str domain);
/* A subnet in which nothing but an address and its hosts can be wrong. */
bool check_is_calm(const struct db *db, const struct rec *subnet);
/* Each attribute of a record by itself, and its hosts in their domain. */
void check_attrs(struct checker *c, const struct rec *r);
/* The same of a record that is REC_FINE: what the reader found holds, but its hosts may
 * not suit their domain. */
void check_fine(struct checker *c, const struct rec *r);

#endif
