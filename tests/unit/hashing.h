/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An environment that has SHA-256. */
#ifndef IPAM_TESTS_HASHING_H
#define IPAM_TESTS_HASHING_H

#include <nettle/sha2.h>

#include "core/env.h"

static inline void
sha256(const void *a, size_t an, const void *b, size_t bn, unsigned char digest[32])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, an, a ? a : "");
	sha256_update(&ctx, bn, b ? b : "");
	sha256_digest(&ctx, 32, digest);
}

static inline struct env
hashing(void)
{
	struct env env = env_plain;

	env.sha256 = sha256;
	return env;
}

#endif
