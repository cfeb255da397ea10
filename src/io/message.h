/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message: what standard error gets to read.
 *
 *     ipam: TEXT
 *     ipam: FILE:LINE:COLUMN: error: TEXT [RULE]
 *     hint: TEXT
 *
 * Nothing in it acts on a terminal.
 */
#ifndef IPAM_MESSAGE_H
#define IPAM_MESSAGE_H

#include "core/diag.h"
#include "core/source.h"

/* All of them, or only the errors.  The sources are the texts that they may be about. */
void message_print(const struct diags *d, const struct text_source *source, size_t sources,
    bool errors_only, const struct env *env);
/* Lines as they are, less what a terminal would act on. */
void message_lines(struct str lines, const struct env *env);

#endif
