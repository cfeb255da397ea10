/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What text.c and text_quick.c share; for nobody else.
 *
 * Nearly all lines of a plan are plain: printable ASCII, a key, attributes with
 * nothing to complain about.  quick_line() reads such a line in one pass, eight
 * bytes at a time, and leaves every other one to text.c, which then says what
 * is wrong with it, if anything.  Both make the same record of a plain line.
 */
#ifndef IPAM_TEXT_PARTS_H
#define IPAM_TEXT_PARTS_H

#include "schema.h"
#include "text.h"

/* A name of the schema, of an attribute or a field, in the bytes of a number. */
struct quick_word {
	uint64_t name;
	const struct attr_info *info[3]; /* for a subnet, a range, an address */
	uint8_t flags[3];                /* what a record with it gets */
	uint8_t number, len;
};
enum { QUICK_BITS = 7, QUICK_WORDS = 1 << QUICK_BITS };
struct quick {
	struct vrfs *vrfs;
	size_t words;
	/* the first octets of the IPv4 key read last: "10.1.2." and their value */
	uint64_t text[2], mask[2];
	size_t block_len;
	uint32_t block;
	struct quick_word word[QUICK_WORDS];
};

void quick_init(struct quick *q, struct vrfs *vrfs);
/* Reads the line, which ends before `end`, and returns where the next one
 * begins, or NULL if the line is not plain.  All of the record is set then. */
const char *quick_line(struct quick *q, const char *line, const char *end, struct rec *r);

/* Takes over what the key, this word, says; false if there are too many VRFs
 * or the word is too long. */
bool rec_set_key(struct rec *r, struct str word, const struct key *key, struct vrfs *vrfs);

#endif
