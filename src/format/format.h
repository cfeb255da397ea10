/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format: foreign formats, one file each, all in one table.
 *
 * A reader is pure: bytes in, facts (core/fact.h) out.  It adds to diags every
 * error of the source, with its position, and goes on behind it where it can;
 * whether there was one is in d->errors.  What the source says but no plan can
 * hold is a FACT_OTHER, not an error.
 *
 * zone.c reads with libzscanner.  That library could open files by itself, for
 * $INCLUDE; it is never let: it is only given text, and an included file is
 * asked for with input.include, so that main decides what is read.
 */
#ifndef IPAM_FORMAT_H
#define IPAM_FORMAT_H

#include "core/fact.h"

struct format_input {
	struct text_source source;
	struct str origin; /* zone: of its first lines, with or without the final dot; or empty */
	/* Gives the text of a file that the source names (it must stay as long
	 * as the source), as seen from the source `from`; false with a message
	 * if there is none.  NULL: nothing can be included. */
	bool (*include)(void *ctx, struct str name, const struct text_source *from,
	    struct text_source *out, struct diags *d);
	void *ctx;
};

typedef void format_reader(const struct format_input *in, struct facts *facts, struct diags *d);

struct format_info {
	const char *name, *help;
	format_reader *read; /* NULL: not built in; `without` then says why */
	const char *without;
};
extern const struct format_info format_table[];
extern const size_t format_table_len;
/* NULL if there is none of this name. */
const struct format_info *format_find(struct str name);

/* For the readers: takes the next word, between blanks, TABs and CRs, off *rest;
 * false if there is none left. */
bool format_word(struct str *rest, struct str *word);

format_reader csv_read, hosts_read, ipam_read, zone_read;

#endif
