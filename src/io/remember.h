/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remember: small files of whoever runs the program, from one run to the next; not
 * beside the plan, where a reader need not be allowed to write.
 *
 *     path = remember_path(file, about, "told", &env, &arena)
 *     output_read(path, ...)                     what it says, if it is there
 *     remember_write(path, text, &env, diags)
 */
#ifndef IPAM_REMEMBER_H
#define IPAM_REMEMBER_H

#include "core/diag.h"

/* $XDG_STATE_HOME/ipam/HASH.kind, by default in ~/.local/state, for a file, whatever it
 * is called, and a text about it; NULL where there is no home. */
char *remember_path(const char *file, struct str about, const char *kind, const struct env *env,
    struct arena *a);
/* With the folders around it, which nobody else may read. */
enum status remember_write(const char *path, struct str text, const struct env *env,
    struct diags *d);

#endif
