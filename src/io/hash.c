/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hash.h"

#include <nettle/sha2.h>

void
hash_sha256(const void *a, size_t an, const void *b, size_t bn, unsigned char digest[32])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	if (an)
		sha256_update(&ctx, an, a);
	if (bn)
		sha256_update(&ctx, bn, b);
	sha256_digest(&ctx, 32, digest);
}
