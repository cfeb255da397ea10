/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * journal: the blocks of FILE.log as text; ipam-log(5).
 *
 * A journal is its first line and then blocks, an empty line before each:
 *
 *     change 7 2026-05-03T09:14:07Z
 *     user alice
 *     as root
 *     host jump1
 *     command ipam alloc web host=www1
 *     reason ticket 4711
 *     + 10.0.0.5 host=www1
 *     result 64 digits: the sum (sum.h) of all record lines after it
 *     seal 64 digits: SHA-256 of the seal before, LF, and the block up to here
 *
 * Reading is strict: a block that block_parse() takes is what block_put() would
 * have written, byte for byte.
 */
#ifndef IPAM_JOURNAL_H
#define IPAM_JOURNAL_H

#include "lines.h"
#include "sum.h"

#define JOURNAL_HEAD "ipam-log 1\n"

enum block_kind {
	BLOCK_NONE,
	BLOCK_FIRST,   /* every record, as a journal begins */
	BLOCK_CHANGE,  /* what a command did */
	BLOCK_OUTSIDE, /* what an editor did */
	BLOCK_COMMIT,  /* what a commit of git did */
	BLOCK_VOID,    /* the block that it names never came */
	BLOCK_ARCHIVE, /* every record; the blocks before are in another file */
	BLOCK_KINDS
};
extern const char *const block_names[];

enum block_field {
	FIELD_USER,    /* who asked */
	FIELD_AS,      /* as whom, if that is somebody else */
	FIELD_HOST,    /* where */
	FIELD_NAME,    /* IPAM_USER */
	FIELD_REAL,    /* the real time, where the block's was set by IPAM_NOW */
	FIELD_COMMAND, /* the command line */
	FIELD_COMMIT,  /* of git */
	FIELD_DATE,    /* of the commit */
	FIELD_REASON,  /* -m, or the commit's message */
	FIELD_BLOCK,   /* void: the block that it closes */
	FIELD_ARCHIVE, /* the file with the blocks before, beside this one */
	FIELD_AFTER,   /* the last seal there */
	BLOCK_FIELDS
};
extern const char *const block_field_names[];

struct block_line {
	char op; /* - or + */
	struct str line;
};
typedef VEC(struct block_line) block_lines;

struct block {
	enum block_kind kind;
	uint64_t id;
	int64_t time;
	struct str field[BLOCK_FIELDS]; /* escaped, as they stand; empty: not there */
	block_lines line;
	struct sum result;
	struct str seal;   /* 64 digits */
	struct str sealed; /* what the seal is over */
};

/* Reads a block's text, without the empty line before it.  If it is none, *at is
 * where in it, and the result says what is wrong; else NULL.  b->line is used
 * again; the rest are slices of the text. */
const char *block_parse(struct str text, struct block *b, const struct env *env, size_t *at);
/* Only its kind, number, time and lines, of a text that is trusted; as block_parse(). */
bool block_skim(struct str text, struct block *b, const struct env *env);
/* From its first line alone; false if that is not the beginning of a block. */
bool block_title(struct str text, struct block *b);
/* Takes the next line of a record that went or came off the text; its other lines are
 * passed over. */
bool block_next_line(struct str *text, struct block_line *out);
/* Whether it ends in a seal: else its writer was stopped. */
bool block_is_whole(struct str text);

/* Any text as a field: on one line, printable, with \xNN for other bytes. */
void field_put(struct buf *b, struct str text);
/* The text again; in the arena if it had escapes. */
struct str field_text(struct str field, struct arena *a);

/* For people: what a block was, and who asked for it, in a line; in the arena. */
struct str block_what(const struct block *b, struct arena *a);
struct str block_user(const struct block *b, struct arena *a);

/* --- the chain -------------------------------------------------------- */

/* What the next block builds on. */
struct chain {
	uint64_t id;
	int64_t time;
	struct sum sum; /* of all record lines */
	char seal[SUM_TEXT];
};
void chain_start(struct chain *c); /* nothing before */
/* Continues behind a block. */
void chain_follow(struct chain *c, const struct block *b);
/* The seal that a block with this text must have behind another one's. */
void block_seal(const struct env *env, struct str before, struct str sealed, char seal[SUM_TEXT]);
/* The sum before the block. */
struct sum block_before(const struct block *b, const struct env *env);

/* Writes a block behind the chain, with the empty line before it: its id, a time
 * that is not before the last one's, its result and seal are worked out here. */
void block_put(struct buf *out, const struct env *env, struct chain *c, const struct block *b);

/* The changes that are left when a line went and came again, in the order of v. */
void block_net(const struct env *env, block_lines *v);

#endif
