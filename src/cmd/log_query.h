/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log_query: which changes of the journal are asked for: of targets, a time, a user.
 *
 *     log_query_init(&q, c)
 *     status = log_query_read(&q)               the words and options
 *     history_start(&h, ...), log_query_sift(&q, &h)      few of many blocks are read
 *     if (log_query_fits(&q, &h.block)) ...     leaves the lines that fit
 *     log_query_release(&q)
 */
#ifndef IPAM_LOG_QUERY_H
#define IPAM_LOG_QUERY_H

#include "cmd.h"
#include "io/history.h"

/* Also one that is gone, in a VRF that is gone. */
struct log_place {
	unsigned vrf;
	struct span span;
	struct str kind, name; /* or this object */
};

struct log_query {
	struct ctx *c;
	bool has_target;
	word_list name; /* of the targets that are no keys */
	VEC(struct log_place) place;
	struct str user;
	int64_t since, until;
	struct needles words, user_word; /* what a block that fits must have */
	bool has_words;
};

void log_query_init(struct log_query *q, struct ctx *c);
void log_query_release(struct log_query *q);
enum status log_query_read(struct log_query *q);
/* The query stays as long as the history. */
void log_query_sift(struct log_query *q, struct history *h);
/* False if nothing of the block fits. */
bool log_query_fits(const struct log_query *q, struct block *b);

#endif
