/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_parts: what the files of plan share.
 */
#ifndef IPAM_PLAN_PARTS_H
#define IPAM_PLAN_PARTS_H

#include "plan.h"

/* An address that belongs to `prefix` directly must be assignable there; all: with
 * usable=all. */
enum status plan_check_special(struct db *db, struct span prefix, bool all, const struct rec *r,
    struct diags *d);

/* Whether there are prefixes of that length inside a subnet. */
enum status plan_check_length(struct db *db, const struct rec *subnet, int len, struct diags *d);

/* Whether the ranges allow a subnet / the subnets and ranges a range there, as if
 * `except`, which may be NULL, and what a subnet of it holds were not. */
enum status plan_subnet_fits(struct db *db, unsigned vrf, struct span span,
    const struct rec *except, struct diags *d);
enum status plan_range_fits(struct db *db, unsigned vrf, struct span span, const struct rec *except,
    struct diags *d);

/* The next record of a walk, past what r, if it is a subnet, holds. */
static inline struct rec *
plan_next_direct(struct walk *w, const struct rec *r)
{
	return r->kind == KIND_SUBNET ? walk_skip(w, r) : walk_next(w);
}

static inline struct span
plan_block(u128 v, enum family family, int len)
{
	return span_prefix((struct ip){ v, family }, len);
}

#endif
