/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsig: a key that DNS messages are signed with (RFC 8945), in the file that
 * tsig-keygen writes and named.conf includes:
 *
 *     key "ipam-key" { algorithm hmac-sha256; secret "..."; };
 */
#ifndef IPAM_TSIG_H
#define IPAM_TSIG_H

#include "core/buf.h"

struct tsig {
	struct str name, algorithm, secret; /* slices of the text; of nothing but harmless bytes */
};

/* The key that a text is; false, and why, if it is not one whole key and nothing else. */
bool tsig_parse(struct str text, struct tsig *out, const char **why);

#endif
