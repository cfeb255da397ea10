/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * needle: words that a long text is searched for, before it is read.
 *
 *     needles_add(&v, word, true)      as it is to be found, without ASCII case
 *     needles_in(&v, text)             does one of them stand there?
 *     needles_release(&v)
 *
 * The words stay the caller's.
 */
#ifndef IPAM_NEEDLE_H
#define IPAM_NEEDLE_H

#include "buf.h"

struct needle {
	struct str word;
	bool any_case;
};
struct needles {
	const struct env *env;
	VEC(struct needle) list;
};

void needles_init(struct needles *v, const struct env *env);
void needles_release(struct needles *v);
/* any_case: ASCII letters may be capitals or not. */
void needles_add(struct needles *v, struct str word, bool any_case);
bool needles_in(const struct needles *v, struct str text);
/* Where the first of the words, which is not empty, stands at or behind `from`; text.n if nowhere. */
size_t needles_find(const struct needles *v, struct str text, size_t from);

#endif
