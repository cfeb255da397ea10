/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pager: long text on a terminal, page by page.
 *
 * The pager is $PAGER, which may have arguments but is not a shell's command, or
 * `less -FRX`; an empty $PAGER means none.
 */
#ifndef IPAM_PAGER_H
#define IPAM_PAGER_H

#include "child.h"

/* False if there is no pager, or it could not be started; else write to it, and close it:
 * child.h. */
bool pager_open(struct child_pipe *p, const char *pager, const struct env *env,
    struct arena *arena);

#endif
