/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * socket: a question to a server on this machine, by its Unix socket.
 */
#ifndef IPAM_SOCKET_H
#define IPAM_SOCKET_H

#include "core/diag.h"

/* Connects, sends the question and reads until the server is done.  STATUS_REMOTE
 * if it cannot be reached or has not answered in so many milliseconds. */
enum status socket_ask(const char *path, struct str question, int64_t timeout,
    const struct env *env, struct arena *arena, struct str *answer, struct diags *d);

#endif
