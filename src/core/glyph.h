/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * glyph: text as it looks on a screen: how many columns it takes, and pictures
 * of one line.
 */
#ifndef IPAM_GLYPH_H
#define IPAM_GLYPH_H

#include "buf.h"

/* Reads the character at *at of UTF-8 text and moves *at behind it; a byte that
 * begins none counts for itself. */
uint32_t glyph_next(struct str s, size_t *at);
/* The columns that text takes: none for a combining mark, two for a wide
 * (East Asian) character. */
size_t glyph_width(struct str s);

/* A bar of `width` columns, filled by permille / 1000: in eighths of a column
 * with utf8, else of # and dots.  Anything at all shows, and so does anything
 * that is missing. */
void glyph_bar(struct buf *b, unsigned permille, unsigned width, bool utf8);

/* A line of n values, each a column high as its share of the highest; in plain
 * ASCII by ten digits. */
void glyph_spark(struct buf *b, const double *value, size_t n, bool utf8);

#endif
