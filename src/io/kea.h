/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kea: a command for a running Kea server, over its control socket.
 */
#ifndef IPAM_KEA_H
#define IPAM_KEA_H

#include "core/diag.h"

/*
 * Sends a command (JSON) and reads the whole answer, into the arena.
 * STATUS_REMOTE if there is no server, it says nothing for ten seconds, or it
 * refuses ("result" is not 0).
 */
enum status kea_command(const char *path, struct str command, const struct env *env,
    struct arena *arena, struct str *answer, struct diags *d);

#endif
