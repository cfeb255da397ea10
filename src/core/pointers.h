/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pointers: which subnets have a gw or a nameserver in a span.
 *
 * The first look-ups walk the plan; when many come, a sorted list is made, and kept in step
 * with edits by pointers_note().
 */
#ifndef IPAM_POINTERS_H
#define IPAM_POINTERS_H

#include "db.h"

extern const char *const pointers_attr[2]; /* the attributes that point */

/* Adds each subnet of the VRF once. */
void pointers_into(struct db *db, unsigned vrf, struct span span, rec_list *out);
/* For edit.c: r has come or changed. */
void pointers_note(struct db *db, struct rec *r);
/* For db.c. */
void pointers_free(struct pointers *p);

#endif
