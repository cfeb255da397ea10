/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * archive: a journal's older blocks, in a file of their own beside it, as they were
 * written or as gzip(1) made them: NAME or NAME.gz.
 *
 *     archive_open(&file, store, name, &env, &arena, diags);
 *     tape_file(&tape, &env, &file, diags); ...           tape.h
 *     beside_close(&file);
 */
#ifndef IPAM_ARCHIVE_H
#define IPAM_ARCHIVE_H

#include "beside.h"
#include "core/journal.h"

/* What a BLOCK_ARCHIVE names; empty for another block. */
struct str archive_name(const struct block *b, struct arena *arena);

/* STATUS_NO, and nothing in diags, if it is not there; STATUS_INVALID if gzip refuses it. */
enum status archive_open(struct beside *out, struct store *store, struct str name,
    const struct env *env, struct arena *arena, struct diags *d);

#endif
