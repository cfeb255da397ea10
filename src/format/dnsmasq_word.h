/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnsmasq_word: a line of a dnsmasq configuration as words.
 */
#ifndef IPAM_DNSMASQ_WORD_H
#define IPAM_DNSMASQ_WORD_H

#include "core/ip.h"

struct word {
	struct str text;
	const char *at;
	bool is_quoted;
};
typedef VEC(struct word) words;

/* Splits what follows the = at commas, outside quotes, and drops the quotes; a # after a
 * blank begins a comment.  False if a quote is not closed. */
bool word_split(struct arena *a, struct str line, words *out);
/* What follows a prefix such as "set:". */
bool word_take(struct str word, const char *prefix, struct str *rest);
/* Whether one of them begins so. */
bool words_have(const words *w, const char *prefix);
/* An IPv6 address in brackets. */
bool word_is_ip6(struct str text, struct ip *ip);
/* 12h, 45m, 600, infinite: in seconds (empty for no end); false if it is no time. */
bool word_seconds(struct arena *a, struct str text, struct str *out);

#endif
