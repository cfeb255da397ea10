/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines_diff: what changes from one text to another, line by line.
 *
 * Lines are taken for the same that are equal with their line ends; of those that are
 * in both, as many stay as can in the order that they have.
 */
#ifndef IPAM_LINES_DIFF_H
#define IPAM_LINES_DIFF_H

#include "buf.h"

/* Adds "-line" for each line that goes and "+line" for each that comes, in the order
 * of the new text, what goes before what comes in its place. */
void lines_diff(struct str before, struct str after, struct buf *out);

#endif
