/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay: states of a plan, from the blocks of a journal.
 *
 *     replay_init(&r, env);
 *     replay_block(&r, &block);            from the first block on
 *     r.lines                              each line that is there now counts 1
 *     replay_release(&r);
 *
 * What happened outside of the journal is the difference between such a state
 * and a file.
 */
#ifndef IPAM_REPLAY_H
#define IPAM_REPLAY_H

#include "db.h"
#include "journal.h"

struct replay {
	const struct env *env;
	struct arena arena; /* the lines' bytes */
	struct lines lines;
	block_lines last;  /* what a void block would take back */
	struct lines keys; /* for replay_change(): how many lines of each key there are ... */
	struct lines lost; /* ... and the line, its number plus one, that is not to stay */
};
void replay_init(struct replay *r, const struct env *env);
void replay_release(struct replay *r);
void replay_block(struct replay *r, const struct block *b);
/* The sum of the state. */
struct sum replay_sum(const struct replay *r);
/* The other way: what came goes, what went comes. */
void replay_back(struct replay *r, const block_lines *v);
/* Takes over what of these changes can have happened in this state: lines go that are
 * there, others come whose key is not.  They are added to out.  From the first call on, the
 * state is changed by nothing else. */
void replay_change(struct replay *r, const block_lines *v, block_lines *out);
/* The same, but one comes, too, whose key is of a line that is not to stay, which goes. */
void replay_replace(struct replay *r, const block_lines *v, block_lines *out);
/* Before the first replay_change(): all leads to this plan as it was read.  A line that it
 * has not, and that nobody takes away, is not to stay. */
void replay_towards(struct replay *r, const struct db *db);
/* What turns the state into the plan as db has read it: a line that went
 * directly before the one that came with its key. */
void replay_difference(struct replay *r, const struct db *db, block_lines *out);

/* All record lines of a plan as it was read, as lines that came. */
void plan_lines(const struct db *db, block_lines *out);
struct sum plan_sum(const struct db *db);
/* What the edits have changed. */
void edit_lines(struct db *db, block_lines *out);
/* Whether the changes are there in the plan as it was read: all of them, some, none. */
enum came { CAME_NONE, CAME_SOME, CAME_ALL };
enum came plan_has(const struct db *db, const block_lines *v);

/* What @journal objects say. */
struct journal_settings {
	bool off;            /* record=no */
	bool require_reason; /* require-reason=yes */
};
struct journal_settings journal_settings(struct db *db);

#endif
