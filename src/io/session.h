/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session: one command and the data file, from finding it to the commit.
 *
 *     session_init(&s, &env, &arena, diags);  s.origin says who it is
 *     session_open(&s, &request, STORE_WRITE);     finds it, locks, reads
 *     do {
 *             session_load(&s, FAULTS_REFUSED);    s.db is the plan
 *             ... look at s.db and change it with edit.h ...
 *             check_changes(&s.db, diags);         is the new plan valid?
 *             session_commit(&s, NULL, &again);    writes it, unlocks
 *     } while (again);                             somebody wrote meanwhile: anew
 *     session_close(&s);
 *
 * A commit writes the journal, too, and before it what was changed outside of it.
 *
 * Where the state file knows the plan to be valid and in order, and s.about says what the
 * command is about, session_load() reads no more of the text than that needs; whoever sets
 * s.about asks session_fell_short() before the commit.
 *
 * With STORE_READ there is no lock and nothing to commit; session_changes() says
 * what would be.  With STORE_LOOK nothing is read until session_load(), or
 * session_look(), which reads a few lines and has a small plan of them.
 *
 * Whatever fails adds its message to diags and returns its status.  The plan,
 * and positions in its text, are valid until the next session_load() or
 * session_close(), which may always be called.
 */
#ifndef IPAM_SESSION_H
#define IPAM_SESSION_H

#include "core/check.h"
#include "core/edit.h"
#include "core/excerpt.h"
#include "history.h"

struct session {
	const struct env *env;
	struct arena *arena;
	struct diags *diags;
	struct store *store; /* NULL: not open */
	enum store_mode mode;
	struct db db;
	bool loaded;              /* db is */
	struct text_source lines; /* what session_look() has the plan from */
	bool is_past;             /* as it was, after session_at() */
	/* what the command is about, if session_load() may leave out the rest; or NULL */
	const struct excerpt_request *about;
	bool only_checks; /* the plan is wanted for check_plan() alone */
	bool is_writing;  /* a commit has begun: what fails now says what was written */
	struct origin origin;
	bool rebuild;                     /* the journal is to be made from git's history */
	bool may_record;                  /* the command may, also where record=no */
	struct foresight foresight;       /* of what git knows, before the lock was taken ... */
	bool has_foresight;               /* ... if it was asked */
	struct journal journal;           /* open if the session may write, else once asked for */
	struct journal_settings settings; /* as the file says that was read */
};

void session_init(struct session *s, const struct env *env, struct arena *arena, struct diags *d);
enum status session_open(struct session *s, const struct store_request *q, enum store_mode mode);
void session_close(struct session *s);

/* What becomes of errors in the file. */
enum session_faults {
	FAULTS_REFUSED,   /* STATUS_INVALID, with all that the reader and the rules find */
	FAULTS_FORGOTTEN, /* the plan is what could be read; of a newer version nothing can */
	FAULTS_KEPT       /* the same, and what the reader found stays in diags */
};
enum status session_load(struct session *s, enum session_faults faults);

/* Whether something was asked of the plan that session_load() left out: what was done
 * since does not count, and the next session_load() reads it all. */
bool session_fell_short(struct session *s);

/* Has as the plan the few lines that say all of one key or, if it is NULL, of the
 * objects.  False if they cannot be had without reading the whole file. */
bool session_look(struct session *s, const struct key *key);

/* Remembers for later look-ups what the file, which has been found to be valid, is
 * like.  Needs no lock: what it says holds for this very file. */
void session_remember(struct session *s);

/* Opens and examines the journal, unless it is open. */
enum status session_journal(struct session *s);
/* Opens it only: enough to read what is recorded. */
enum status session_journal_open(struct session *s);
/* The plan becomes what it was at a time. */
enum status session_at(struct session *s, int64_t time);
/* Records what was changed outside; only with STORE_WRITE. */
enum status session_record(struct session *s);
/* Archives the journal; journal.h.  Only with STORE_WRITE, unless dry. */
enum status session_rotate(struct session *s, bool dry, struct str *name);

/* What the edits have changed or, unless it is NULL, a whole new text would, as -old
 * and +new lines; fails where the commit would. */
enum status session_changes(struct session *s, const struct str *text, struct buf *out);
/* Writes what the edits have changed or, unless it is NULL, a whole new text.
 * *again if somebody else wrote meanwhile: then nothing was written, and the
 * file has been read again. */
enum status session_commit(struct session *s, const struct str *text, bool *again);

#endif
