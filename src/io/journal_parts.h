/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What journal.c, takeover.c and rotate.c share; for nobody else.
 */
#ifndef IPAM_JOURNAL_PARTS_H
#define IPAM_JOURNAL_PARTS_H

#include "journal.h"

/* A block with the fields that say who, where and when it is. */
struct block journal_block(struct journal *j, enum block_kind kind);
/* One outside, of the file's owner. */
struct block journal_outside(struct journal *j, int64_t time);
void journal_field(struct journal *j, struct block *b, enum block_field f, struct str text);
/* Puts it behind what is pending. */
void journal_put(struct journal *j, const struct block *b);

/*
 * Puts the commits of git that came since the journal's end, and follows them in r.
 * True if they lead to the plan, so that nothing is left for a hand edit: r is then
 * used up.
 */
bool takeover_put(struct journal *j, struct replay *r, const struct db *db);
/* The same for all of git's history and an empty journal, with its first block. */
enum status takeover_all(struct journal *j, struct replay *r, const struct db *db, bool *led);

#endif
