/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_place: the lines of a data file around a place, and whose its comments are.
 */
#ifndef IPAM_TEXT_PLACE_H
#define IPAM_TEXT_PLACE_H

#include "source.h"

/* Where a byte is: line and column from 1, the column in bytes. */
struct text_place {
	const struct text_source *source;
	const char *start; /* of the line */
	size_t line, column;
};
/* Finds the one of n texts that `at` is in, and where; false if it is in none.  *place is
 * zero at first, then the place that was found last: lines above it are not counted again. */
bool text_place_find(struct text_place *place, const struct text_source *source, size_t n,
    const char *at);

/* The beginnings of the lines before and after the one that begins at `line`; there
 * is one before; behind the last one is the end. */
const char *text_line_before(const struct text_source *source, const char *line);
const char *text_line_after(const struct text_source *source, const char *line);
enum text_line { LINE_RECORD, LINE_COMMENT, LINE_BLANK };
enum text_line text_line_kind(const struct text_source *source, const char *line);

/* Where the comment and blank lines that belong to the record at `line` begin:
 * behind the record before it or behind the file's own first comments. */
const char *text_lead(const struct text_source *source, const char *line);

#endif
