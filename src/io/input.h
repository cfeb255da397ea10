/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input: a file that is not ours, or standard input, as a whole.
 */
#ifndef IPAM_INPUT_H
#define IPAM_INPUT_H

#include "core/diag.h"

/* Its bytes in the arena; a path of NULL is standard input.  STATUS_SYSTEM with a message if
 * it cannot be read. */
enum status input_read(const char *path, struct arena *arena, struct str *out, struct diags *d);

#endif
