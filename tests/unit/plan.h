/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan: a plan as a test wants it: from the text in its table to a db, and from
 * what came of it back to text that a table can hold.
 */
#ifndef IPAM_TEST_PLAN_H
#define IPAM_TEST_PLAN_H

#include "unit.h"

#include "core/check.h"
#include "core/db_load.h"
#include "core/edit.h"

/* 2026-11-23T12:00:00Z, random numbers that are the same in every run, POSIX
 * extended regular expressions. */
enum { PLAN_NOW = 1795435200 };
extern const struct env plan_env;
/* Begins the random numbers anew. */
void plan_seed(uint64_t seed);

struct plan {
	struct text_source source;
	struct db db;
	struct diags d;
};

/* Reads a text, of which it makes a copy of exactly its bytes. */
void plan_read(struct plan *p, struct str text);
void plan_load(struct plan *p, const char *text);
/* The same, and fails unless the plan is valid. */
void plan_load_valid(struct plan *p, struct str text);
void plan_release(struct plan *p);

/* What was said: "1:5 syntax; 2:1 bad-key", in the order in which it stands. */
const char *plan_said(struct plan *p);
/* The same as ipam check prints it, a line each. */
const char *plan_report(struct plan *p);
/* The words of the last message and, in brackets, its hint. */
const char *plan_message(struct plan *p);

/* The record with this key (or "@kind name"); fails if there is none. */
struct rec *plan_rec(struct plan *p, const char *key);
/* Reads a key; fails if it is none. */
struct key plan_key(const char *text);
/* The number of the VRF of a key. */
unsigned plan_vrf(struct plan *p, const struct key *key);

/* "a=1 b=two": values without blanks. */
enum { ASSIGNS_MAX = 8 };
size_t plan_assigns(const char *text, struct assign a[ASSIGNS_MAX]);

/* A string that lives as long as the plan. */
const char *plan_z(struct plan *p, struct str s);

#endif
