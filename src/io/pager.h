/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pager: long text on a terminal, page by page.
 *
 * The pager is $PAGER, which may have arguments but is not a shell's command, or
 * `less -FRX`; an empty $PAGER means none.
 */
#ifndef IPAM_PAGER_H
#define IPAM_PAGER_H

#include "core/buf.h"

/* False if nothing was shown: there is no pager, or it could not be started. */
bool pager_show(const char *pager, struct str text, const struct env *env, struct arena *arena);

#endif
