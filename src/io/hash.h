/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hash: SHA-256 for struct env, from nettle.
 */
#ifndef IPAM_HASH_H
#define IPAM_HASH_H

#include <stddef.h>

/* Of two parts, one behind the other. */
void hash_sha256(const void *a, size_t an, const void *b, size_t bn, unsigned char digest[32]);

#endif
