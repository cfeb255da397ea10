/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plain: what a check of a large plan has to know of its many plain addresses, without
 * their records: what they are called.
 *
 * An address is plain if no rule has anything to say of it but by its subnet or its names:
 * it lies inside its subnet, below a lower address, its attributes are fine (REC_FINE), and
 * of what DNS goes by it has hosts alone, or aliases with them.
 *
 *     if (plain_take(&plain, before, r))      then nobody needs r
 *
 * Names are kept as hashes, in runs of those that stand in one domain.  A record that is
 * wanted after all is read once more from its line.
 */
#ifndef IPAM_PLAIN_H
#define IPAM_PLAIN_H

#include "text.h"

/* Of one address, directly in subnet, names that are complete, in domain, or all relative
 * (domain is STR_NONE). */
struct plain_run {
	struct rec *subnet;
	struct str domain;
	const char *line;   /* of the first; where lines are is counted from there, in bytes */
	size_t host, alias; /* where its names begin; they end where the next run's begin */
};
struct plain_host {
	uint32_t label, at;
};
/* An alias and what it is an alias of, in one domain. */
struct plain_alias {
	uint32_t label, target, at;
};

struct plain {
	const struct env *env;
	bool with_names; /* else what they are called is not wanted, but for whether ... */
	bool has_aliases;
	VEC(struct plain_run) run;
	VEC(struct plain_host) host;
	VEC(struct plain_alias) alias;
	VEC(const struct rec *) relative; /* ... there are hosts without a dot in these subnets */
};

/* What belongs to run i: its hosts and aliases are those from run[i].host and .alias up
 * to these. */
size_t plain_hosts_end(const struct plain *p, size_t i);
size_t plain_aliases_end(const struct plain *p, size_t i);
/* The record at a place of the run, which gets its parent; in the arena of vrfs. */
struct rec *plain_rec(const struct plain_run *run, uint32_t at, struct vrfs *vrfs);

void plain_init(struct plain *p, const struct env *env, bool with_names);
void plain_release(struct plain *p);
/* Takes r, which has its parent and comes after `before` (NULL: nothing), if it is plain. */
bool plain_take(struct plain *p, const struct rec *before, const struct rec *r);

/* What an address says of itself that DNS goes by. */
struct plain_words {
	struct str hosts, aliases;
	bool is_special; /* something else */
};
struct plain_words plain_words(const struct rec *r);

#endif
