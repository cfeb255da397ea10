/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output: a file that the program writes for others (--output FILE).
 *
 *     output_read(path, &arena, &old, diags)       what is there now
 *     output_write(path, text, &env, &changed, diags)
 *
 * The file is replaced as a whole, durably, and only if its content is another:
 * else even its times stay.  Owner, group, mode, ACL and attributes stay, and a
 * symbolic link stays one.  A new file has the mode that the umask leaves.
 *
 * What fails adds one line to diags and returns STATUS_SYSTEM; the file is then
 * as it was, unless the line says otherwise.
 */
#ifndef IPAM_OUTPUT_H
#define IPAM_OUTPUT_H

#include "core/diag.h"

/* The content, with a NUL behind it; empty, and *exists false, if there is no
 * such file.  Anything but a regular file is refused. */
enum status output_read(const char *path, struct arena *arena, struct str *text, bool *exists,
    struct diags *d);
/* Whether there is a file of that name and this behind it, also where symbolic
 * links lead. */
bool output_has_beside(const char *path, const char *suffix);
enum status output_write(const char *path, struct str text, const struct env *env, bool *changed,
    struct diags *d);
/* Makes a folder to write in, if there is none; the one around it must be there. */
enum status output_folder(const char *path, struct diags *d);

#endif
