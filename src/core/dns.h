/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns: what of a plan is published in the DNS.
 *
 * A view is an audience: the zones `@zone NAME%VIEW`, or those without a suffix
 * for the view with the empty name ("default" is another way to write that).
 */
#ifndef IPAM_DNS_H
#define IPAM_DNS_H

#include "db.h"

/* What is published of an address in a view, names and address as it is now. */
enum dns_what { DNS_NOTHING = 0, DNS_FORWARD = 1, DNS_REVERSE = 2 };

/*
 * Of an address, by its `dns`, in one of its views: those of `view`, else the
 * one that is named like its VRF, else the one without a name.  Nothing of one
 * that is in quarantine or has expired.
 */
unsigned dns_published(struct db *db, const struct rec *r, struct str view);

/*
 * The name of a host or an alias as it is published at r: complete, without the
 * final dot.  False if it cannot be published: DNS would refuse it, or it is
 * relative and there is no domain (then *name is the host as written).
 */
bool dns_name(struct db *db, const struct rec *r, struct str host, struct str *name);

#endif
