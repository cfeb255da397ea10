/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lock: one writer at a time.
 *
 * flock(2) on a file of its own beside the data file.  The file is never
 * removed, and a lock never stays behind a process that has died.  Who has it
 * is written in the file, for messages only.
 */
#ifndef IPAM_LOCK_H
#define IPAM_LOCK_H

#include <stdint.h>

#include "core/diag.h"

struct lock {
	int fd; /* -1: not locked */
};

struct lock_request {
	int dir;
	const char *base;   /* the lock file's name in dir */
	const char *name;   /* the data file, for messages; its lock file adds .lock */
	const char *holder; /* who wants it, one line, or NULL */
	int64_t wait;       /* at most so many milliseconds */
};

/* STATUS_LOCKED if it was not free in time. */
enum status lock_take(struct lock *lock, const struct lock_request *q, struct diags *d);
void lock_drop(struct lock *lock);

#endif
