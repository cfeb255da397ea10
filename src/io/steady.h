/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steady: files that another program may be writing just now, read as one state.
 *
 *     struct steady v[] = { { .path = "leases" } };
 *     steady_read(v, ARRAY_LEN(v), STEADY_LOG, &env, &arena, diags);
 *
 * A log only grows until it is replaced as a whole: what was read is a state of
 * it, whose last line may be unfinished.  A file that is written anew in place is
 * read until nothing changed meanwhile, and shortly before; where that never happens,
 * its longest state in a second is taken, with a warning.  Several files are read as
 * they were side by side.
 */
#ifndef IPAM_STEADY_H
#define IPAM_STEADY_H

#include "core/buf.h"
#include "core/diag.h"
#include "file.h"

struct steady {
	const char *path;
	bool exists; /* else text is empty */
	struct str text;
	struct file_id id;
	struct buf room, longest; /* steady_read()'s own */
};

enum steady_how { STEADY_LOG, STEADY_IN_PLACE };

/* STATUS_SYSTEM if one cannot be read or does not keep still; that it is not there
 * is no error. */
enum status steady_read(struct steady *v, size_t n, enum steady_how how, const struct env *env,
    struct arena *arena, struct diags *d);

#endif
