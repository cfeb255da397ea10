/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tape: the blocks of a journal one by one, forwards or from its end.
 *
 *     tape_file(&s, env, &beside, diags);           or tape_text() for one in memory
 *     status = tape_end(&s);                        behind the last whole block
 *     while ((status = tape_prev(&s, &text)) == STATUS_OK)
 *             ...                                   STATUS_NO: that was all
 *     tape_release(&s);
 *
 * and in the same way tape_start() and tape_next().  A text is valid until the
 * next call.  What is read at a time does not depend on the journal's length.
 * A last block without its seal is left out; s.whole is the length of the rest.
 */
#ifndef IPAM_TAPE_H
#define IPAM_TAPE_H

#include "beside.h"
#include "core/journal.h"
#include "core/needle.h"

struct tape {
	const struct env *env;
	struct diags *diags;
	struct beside *file; /* NULL: all of it is in memory */
	const char *name;
	char *buf; /* what has been read of the file ... */
	size_t size;
	size_t from, to; /* ... stands here in buf ... */
	uint64_t at;     /* ... and begins here in the file */
	uint64_t whole;
	uint64_t offset; /* of the block that was given last */
	bool sifted;     /* what has been read is known to have a word that is wanted */
};

void tape_file(struct tape *s, const struct env *env, struct beside *file, struct diags *d);
void tape_text(struct tape *s, const struct env *env, const char *name, struct str text,
    struct diags *d);
void tape_release(struct tape *s);

/* Each goes to its end of the journal; STATUS_NO if there is no block at all. */
enum status tape_start(struct tape *s);
enum status tape_end(struct tape *s);
enum status tape_next(struct tape *s, struct str *text);
enum status tape_prev(struct tape *s, struct str *text);
/* The same for the blocks that have one of these words, and for the first of all; many of
 * the others are passed over without a look. */
enum status tape_prev_with(struct tape *s, const struct needles *words, struct str *text);

/* The seal before the block that tape_prev() gave; empty for the first one. */
struct str tape_seal_before(const struct tape *s);

/* Says "FILE:LINE: what is wrong" at a place in the block that was given last;
 * STATUS_INVALID, as for what the other functions find. */
enum status tape_fault(struct tape *s, size_t at, const char *why);
/* The block's text as a block, or its fault. */
enum status tape_parse(struct tape *s, struct str text, struct block *b);

#endif
