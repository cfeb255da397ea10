/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * journal: FILE.log, the history of the plan; ipam-log(5), core/journal.h.
 *
 * A writer, who has the lock and the plan as it was read:
 *
 *     journal_open(&j, store, &origin, &env, &arena, diags);
 *     journal_examine(&j, &db);           does it end with this plan?
 *     ... the change; the new file is prepared ...
 *     journal_append(&j, &lines);         on the disk, before the new file is
 *     ... the new file takes its place, or not: journal_void(&j) ...
 *     journal_close(&j);
 *
 * journal_examine() finds what is to be recorded before the change: that the
 * last block never came, what was changed outside.  It only collects it in
 * j->pending, and writes nothing.
 *
 * Commits of git are among that.  git must not run while the lock is held, so a
 * writer foresees: a reader's journal is examined before the lock is taken, and what
 * it found is journal_adopt()ed if the plan and the journal are still the same then.
 */
#ifndef IPAM_JOURNAL_IO_H
#define IPAM_JOURNAL_IO_H

#include "core/replay.h"
#include "tape.h"
#include "who.h"

/* What a journal was found to lack. */
struct foresight {
	struct file_id id;   /* of the plan */
	char seal[SUM_TEXT]; /* of the journal's last block */
	struct chain chain;
	struct str pending;
	size_t unrecorded;
};

/* Who does it, how and why. */
struct origin {
	struct who who;
	struct str command, reason; /* reason may be empty */
	bool has_real;              /* IPAM_NOW is set ... */
	int64_t real;               /* ... and this is the real time */
};

struct journal {
	const struct env *env;
	struct arena *arena;
	struct diags *diags;
	struct store *store;
	const struct origin *origin;
	struct beside file;                /* fd -1: there is none */
	uint64_t whole;                    /* its length without a last block that has no seal */
	struct chain chain;                /* its end, with what is pending */
	struct block last;                 /* its last block; kind BLOCK_NONE if there is none */
	struct buf pending;                /* blocks to be written before anything else */
	size_t unrecorded;                 /* so many records went or came in there */
	bool ask_git;                      /* no lock is held */
	const struct foresight *foresight; /* or NULL */
	struct sum sum;                    /* of the plan as it was read */
	bool has_sum;
	enum { CAME_UNKNOWN, CAME_NOT, CAME } last_came;
	struct chain before; /* the chain without the change */
};

/* STATUS_SYSTEM for a journal that cannot be read, or continued. */
enum status journal_open(struct journal *j, struct store *store, const struct origin *origin,
    const struct env *env, struct arena *arena, struct diags *d);
void journal_close(struct journal *j);
bool journal_exists(const struct journal *j);

/* Compares the journal's end with the plan as it was read (no edits yet). */
enum status journal_examine(struct journal *j, const struct db *db);
/* Whether the journal is known to end with this plan, without looking at it. */
bool journal_is_current(struct journal *j);
/* Instead of journal_examine(): makes what there is not yet from git's history.
 * STATUS_CONFLICT if there is a journal, STATUS_NO if there is no such history. */
enum status journal_rebuild(struct journal *j, const struct db *db);
/* What an examined one found, for one that is opened later; in its arena. */
struct foresight journal_foresee(const struct journal *j);
/* The sum of the plan as it was read, from the state file if that knows it. */
const struct sum *journal_sum(struct journal *j, const struct db *db);
/* Whether the last block's change is in the plan; core/replay.h. */
bool journal_last_came(struct journal *j, const struct db *db);

/* Appends what is pending and, unless there are no lines, the change. */
enum status journal_append(struct journal *j, const block_lines *lines);
/* What is pending is appended; then all becomes an archive, and a new journal goes on
 * from it.  Its name, empty if there is nothing that is not archived already.  dry:
 * only what it would be. */
enum status journal_rotate(struct journal *j, const struct db *db, bool dry, struct str *name);
/* The change that was appended did not come.  If this cannot be written, the
 * next writer will find it out. */
void journal_void(struct journal *j);

/* What the journal wants in the state file, for the plan as it will be. */
struct str journal_state(struct journal *j);

#endif
