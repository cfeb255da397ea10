/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history: what a journal tells: change by change, the plan as it was, whether
 * the journal is whole.
 *
 *     history_start(&h, &journal, &db);
 *     while ((status = history_prev(&h)) == STATUS_OK)     newest first
 *             ... h.block ...
 *     history_release(&h);
 *
 * The journal is open (journal.h).  A change that never came is left out; so are, unless
 * h.pending was set, the blocks that are still to be recorded, which an examined journal
 * has.  An archive's blocks follow, behind the journal's BLOCK_ARCHIVE, which comes here
 * without lines.  A block is valid until the next call.  Where an archive is not there,
 * STATUS_NO comes early, and h.lacks is its name.
 *
 * Who wants few of many blocks sets h.words, some of which each of these has, and
 * h.wants, which looks at a block's text: what is not wanted is not read.
 */
#ifndef IPAM_HISTORY_H
#define IPAM_HISTORY_H

#include "journal.h"

struct history {
	struct journal *journal;
	struct tape tape;
	struct beside archive; /* what the tape reads, if it is one */
	struct block block;
	uint64_t left_out; /* a block that never came */
	uint64_t below;    /* no block from here on is to be met again */
	bool pending, any;
	const char *lacks;
	struct needles *words;                     /* or NULL; history adds its own */
	bool (*wants)(void *ctx, struct str text); /* or NULL */
	void *ctx;
};
void history_start(struct history *h, struct journal *j, const struct db *db);
void history_release(struct history *h);
enum status history_prev(struct history *h);
/* What an examined journal has still to record, as a journal of its own. */
void history_pending(struct journal *j, struct tape *tape);

/* The text of the plan at a time, changes made then included, in the journal's
 * arena; STATUS_NO for a time before the journal. */
enum status history_at(struct journal *j, const struct db *db, int64_t time, struct str *text);

/*
 * Reads all of FILE.log and of its archives: syntax, numbers, times, sums and seals, and
 * whether a block has this seal (empty: none is asked for).  STATUS_NO, with the line, at
 * the first broken place, for an archive that is not there, and if there is no journal.
 */
enum status history_verify(struct store *store, const struct env *env, struct arena *arena,
    struct str head, struct diags *d);

#endif
