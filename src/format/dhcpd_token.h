/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcpd_token: dhcpd.conf(5) as tokens and statements, whatever they mean.
 *
 * A statement ends in ; or opens or closes a block.  Errors go to d, and after one
 * there are no more tokens.
 */
#ifndef IPAM_DHCPD_TOKEN_H
#define IPAM_DHCPD_TOKEN_H

#include "core/diag.h"

struct token {
	struct str text;
	bool is_string;
	const char *at;
};
typedef VEC(struct token) tokens;

struct token_source {
	const char *at, *end; /* what is not read yet */
	struct arena *arena;
	struct diags *d;
	bool failed;
};

bool token_is(const struct token *t, const char *text);
/* Reads a statement up to what ends it: ; { or }, or 0 at the end. */
char token_statement(struct token_source *s, tokens *out);
/* Goes behind the } of a block that is open. */
void token_skip_block(struct token_source *s);

#endif
