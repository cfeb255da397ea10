/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ignore: what git is not to take.
 */
#ifndef IPAM_IGNORE_H
#define IPAM_IGNORE_H

#include "core/diag.h"

/* Where a data file that was just made is in a git work tree, .gitignore beside it gets the
 * files that will be beside it, for they are this copy's only. */
enum status ignore_beside(const char *path, struct arena *arena, struct diags *d);

#endif
