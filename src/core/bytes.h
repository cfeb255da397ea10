/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bytes: which bytes a text may have: UTF-8 (RFC 3629) without control characters.
 */
#ifndef IPAM_BYTES_H
#define IPAM_BYTES_H

#include "diag.h"

/* What is wrong with the bytes of s from *at on, where a TAB may be among them: RULE_UTF8,
 * RULE_CONTROL, or RULE_NONE; moves *at there. */
enum rule bytes_fault(struct str s, bool tab, size_t *at);
/* Adds s as a string of JSON (RFC 8259), which is UTF-8: a byte that is none of it becomes
 * U+FFFD. */
void bytes_json(struct buf *b, struct str s);
/* Whether all are printable ASCII or TAB: then none needs a closer look. */
bool bytes_are_plain(struct str s);

#endif
