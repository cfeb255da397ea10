/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What html.c is made of: html_assets.c has its style and script, html_growth.c what the
 * journal tells. */
#ifndef IPAM_HTML_PARTS_H
#define IPAM_HTML_PARTS_H

#include "html.h"

/* A table's beginning; columns: names, each with how it sorts before it (s, n, k for keys,
 * - for not). */
void html_open(struct buf *b, const char *id, const char *caption, const char *const *column);
void html_close(struct buf *b);
/* Cells: a text; a key, indented, or with its place in the plan (else -1); a number; one that
 * is more (way > 0) or less than another. */
void html_text(struct buf *b, struct str s);
void html_key(struct buf *b, struct str s, unsigned depth, int64_t place);
void html_count(struct buf *b, struct count n);
void html_change(struct buf *b, int way, struct count n);

/* Sections, or nothing. */
void html_growth(struct buf *b, const struct html_page *p);
void html_changes(struct buf *b, const struct html_page *p);

extern const char html_style[];
extern const char html_script[];

#endif
