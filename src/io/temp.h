/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * temp: a file that is written under another name, then takes its own.
 *
 *     temp_init(&t, dir, name);
 *     if (temp_make(&t) && ... write to t.fd ... && temp_rename(&t, own_name))
 *             ...
 *     temp_drop(&t);      whatever came of it
 *
 * Errors are in errno.  The name is always the same one, so that what a killed
 * process has left is removed by the next.
 */
#ifndef IPAM_TEMP_H
#define IPAM_TEMP_H

#include <stdbool.h>

struct temp {
	int dir;
	const char *name;
	int fd;   /* -1: there is none */
	int slot; /* of guard.h */
};

void temp_init(struct temp *t, int dir, const char *name);
/* Makes it anew and empty, readable by nobody else. */
bool temp_make(struct temp *t);
/* Gives it its own name; fd stays open. */
bool temp_rename(struct temp *t, const char *name);
/* Removes it, unless it has been renamed, and closes it. */
void temp_drop(struct temp *t);

#endif
