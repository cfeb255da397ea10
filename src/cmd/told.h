/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * told: --changed: a report says only what it has not said before.
 *
 *     status = told_open(c, &t, told_question(c, "leases"));  what it said last, of the same question
 *     for each key:  if (told_changed(&t, key, word)) ... say it ...
 *     told_close(c, &t);                        once it is out, it counts as said
 *
 * The words are kept in a file of their own, --state or one in the user's home: lines
 * "KEY WORD" below a first line.
 */
#ifndef IPAM_TOLD_H
#define IPAM_TOLD_H

#include "cmd.h"
#include "core/lines.h"

/* --over [PERCENT], --changed and --state. */
struct over {
	bool given, changed;
	bool own_limits; /* no number was given */
	uint64_t milli;
};
enum status over_read(struct ctx *c, struct over *o);

struct told {
	struct lines was; /* both "KEY" and "KEY WORD" */
	struct buf is;
	char *path;
};
/* All that makes it another question: which report, its options and words. */
struct str told_question(struct ctx *c, const char *what);
enum status told_open(struct ctx *c, struct told *t, struct str about);
/* An empty word: there is nothing to say of it. */
bool told_changed(struct told *t, struct str key, struct str word);
void told_close(struct ctx *c, struct told *t);

#endif
