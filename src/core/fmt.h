/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fmt: a whole text in canonical form; ipam(5), "Order".
 */
#ifndef IPAM_FMT_H
#define IPAM_FMT_H

#include "check.h"

/*
 * The text of db's source in canonical order and with canonical keys, with a
 * final LF, without CR at line ends and byte order mark; everything else stays
 * as it is.  Comment and blank lines go with the record below them.
 * STATUS_INVALID, and what is wrong, for a file with other errors.  The text
 * is in the db's arena.
 */
enum status fmt_text(struct db *db, struct str *out, struct diags *d);

#endif
