/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nsupdate: changes of zones as scripts for nsupdate(1), each one transaction:
 * every name has prerequisites, so that all of it is refused unless every name is
 * as it was read.
 */
#ifndef IPAM_NSUPDATE_H
#define IPAM_NSUPDATE_H

#include "core/dns_update.h"

struct nsupdate_server {
	const char *server, *port;
};

/* How many of the first changes go into one transaction: of one zone and turn, in all
 * at most 500 prerequisites and updates, unless a single name has more. */
size_t nsupdate_take(const struct env *env, const struct dns_change *change, size_t n);
/* Adds the transaction of n changes; undo: the one that takes them back. */
void nsupdate_script(struct buf *out, const struct nsupdate_server *server,
    const struct dns_change *change, size_t n, bool undo);

#endif
