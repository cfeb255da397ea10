/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * attrs: owner, group, mode, ACL and extended attributes, taken from the data
 * file.
 *
 * The owner is kept if the system lets us (for root, that is); a member of the
 * file's group who replaces it becomes its owner.  The group is always kept,
 * or the write fails: attrs_can_keep_group() says so beforehand.
 */
#ifndef IPAM_ATTRS_H
#define IPAM_ATTRS_H

#include <stdbool.h>
#include <sys/stat.h>

enum attrs_for {
	ATTRS_DATA,   /* everything */
	ATTRS_BESIDE, /* who may read and write, but not execute it */
	ATTRS_LOCK    /* who may write the data may read and write the lock, and nobody else:
	                 flock(2) lets every reader lock */
};

/* Gives the file at `to` what the one at `from` has; the mode comes last.
 * False if something that matters failed: errno, and *what names it. */
bool attrs_copy(int from, int to, enum attrs_for how, const char **what);
/* The same, but only if mode, group or owner are not as they should be: for a
 * file that was there already.  It may belong to somebody else: never fails. */
void attrs_refresh(int from, int to, enum attrs_for how);

/* Whether a new file in dir can be given the group of the file. */
bool attrs_can_keep_group(int dir, const struct stat *file);

#endif
