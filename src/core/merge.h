/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge: puts what a foreign source says (fact.h) into a plan.
 *
 * Records come as they are.  An attribute that the plan's record lacks is
 * added; one that has another value there contradicts the plan.
 *
 * Names: a PTR gives an address its host, an A or AAAA adds one or confirms it, a
 * CNAME to a known host becomes an alias.  A PTR or a line of hosts(5) with a
 * name that an address of the plan does not have, though it has hosts, contradicts
 * the plan; an A is taken all the same.  A host in the domain in force is written
 * relative to it, any other with a final dot.
 *
 * What forward and reverse DNS say of a name is compared.  If the source is all
 * of a zone (it has its SOA), it is what that side says; else it is for what it
 * speaks of: names in domains where it has an A or AAAA, addresses in subnets where
 * it has a PTR.  For the other side the plan stands in: for addresses that it has hosts for, in subnets where it has
 * any, and in zones that it declares; elsewhere nothing is known, and nothing
 * said.  Found are names that are forward only, reverse only, or disagree.
 *
 * Nothing is silently dropped: whatever is not in the plan afterwards, or is
 * found, is a warning at its place in the source (or, of a record that the source
 * lacks, in the plan).
 */
#ifndef IPAM_MERGE_H
#define IPAM_MERGE_H

#include "fact.h"

/* Who wins where the source contradicts the plan, or itself (then: its first
 * word): CONFLICT_FAIL says that it is an error. */
enum conflict { CONFLICT_KEEP, CONFLICT_UPDATE, CONFLICT_FAIL };
/* False if there is none of this name. */
bool conflict_by_name(struct str name, enum conflict *out);

struct merge {
	unsigned vrf; /* of what names none */
	enum conflict conflict;
	bool strict;  /* whatever is reported is an error in the end */
	bool orphans; /* addresses in no subnet are taken, too */
};

struct merge_counts {
	size_t added, changed, left; /* records of the plan that the source speaks of */
	size_t unplaced;             /* statements of the source that are not in it */
	size_t reported;
};

/*
 * STATUS_OK: the plan is changed (or was so already), with any number of
 * warnings.  STATUS_USAGE: the source has errors (all are said).
 * STATUS_CONFLICT: as --conflict fail and --strict ask, or the plan would not be
 * valid.  After a failure the db is not to be used.
 */
enum status merge_facts(struct db *db, struct facts *facts, const struct merge *m,
    struct merge_counts *counts, struct diags *d);

/* The commands that would declare the zones that the facts are all of and the
 * plan does not know, one a line; empty if there is none.  In the db's arena. */
struct str merge_zone_commands(struct db *db, const struct facts *facts, unsigned vrf);

#endif
