/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of seen.h share. */
#ifndef IPAM_SEEN_PARTS_H
#define IPAM_SEEN_PARTS_H

#include "seen.h"

/* A sight as the line of a key, in the seen's arena. */
struct rec sight_line(struct seen *s, const struct rec *key, const struct sight *sight);
/* Puts recs, which are in order, in their places; each takes that of one with its key. */
void seen_put(struct seen *s, const struct rec *fresh, size_t n);
/* For -n. */
void seen_say_change(struct seen *s, const struct rec *before, const struct rec *after);
/* The record of a sighting: its key alone. */
struct rec seen_key(unsigned vrf, struct span span);

#endif
