/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * source: texts, and how a new text is made from an old one.
 *
 * A plan is read from one text or several, and nothing but the store knows
 * where they come from.  A change is a list of pieces: the new text of a
 * source is all of them, one after the other.
 */
#ifndef IPAM_SOURCE_H
#define IPAM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* n bytes at p, without a final NUL; name is what messages call it. */
struct text_source {
	const char *name;
	const char *p;
	size_t n;
};

/*
 * Either n new bytes at p, or, if kept, the bytes [from, from + n) of the old
 * text, taken over as they are (p is then of no account).
 */
struct piece {
	const char *p;
	size_t n;
	bool kept;
	size_t from;
};

#endif
