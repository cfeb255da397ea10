/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * who: who runs this command, for the journal.
 *
 * Who asked is whom the kernel's audit says to have logged in, else $SUDO_USER,
 * else whose process this is; `as` is whose process this is, if that is
 * somebody else.
 */
#ifndef IPAM_WHO_H
#define IPAM_WHO_H

#include "core/buf.h"

struct who {
	struct str user, as, host;
	struct str name; /* $IPAM_USER */
};
/* The values of $SUDO_USER and $IPAM_USER, or NULL.  Texts are in the arena. */
void who_find(struct who *w, struct arena *arena, const char *sudo_user, const char *ipam_user);
/* A user's name; the number if there is no such user. */
struct str who_name(struct arena *arena, int64_t uid);

#endif
