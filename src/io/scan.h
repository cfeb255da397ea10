/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan: the blocks of a journal one by one, forwards or from its end.
 *
 *     scan_file(&s, env, &beside, diags);           or scan_text() for one in memory
 *     status = scan_end(&s);                        behind the last whole block
 *     while ((status = scan_prev(&s, &text)) == STATUS_OK)
 *             ...                                   STATUS_NO: that was all
 *     scan_release(&s);
 *
 * and in the same way scan_start() and scan_next().  A text is valid until the
 * next call.  What is read at a time does not depend on the journal's length.
 * A last block without its seal is left out; s.whole is the length of the rest.
 */
#ifndef IPAM_SCAN_H
#define IPAM_SCAN_H

#include "beside.h"
#include "core/journal.h"

struct scan {
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
};

void scan_file(struct scan *s, const struct env *env, struct beside *file, struct diags *d);
void scan_text(struct scan *s, const struct env *env, const char *name, struct str text,
    struct diags *d);
void scan_release(struct scan *s);

/* Each goes to its end of the journal; STATUS_NO if there is no block at all. */
enum status scan_start(struct scan *s);
enum status scan_end(struct scan *s);
enum status scan_next(struct scan *s, struct str *text);
enum status scan_prev(struct scan *s, struct str *text);

/* The seal before the block that scan_prev() gave; empty for the first one. */
struct str scan_seal_before(const struct scan *s);

/* Says "FILE:LINE: what is wrong" at a place in the block that was given last;
 * STATUS_INVALID, as for what the other functions find. */
enum status scan_fault(struct scan *s, size_t at, const char *why);
/* The block's text as a block, or its fault. */
enum status scan_parse(struct scan *s, struct str text, struct block *b);

#endif
