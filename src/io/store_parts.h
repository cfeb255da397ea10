/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What store.c, replace.c, state.c and beside.c share; for nobody else.
 */
#ifndef IPAM_STORE_PARTS_H
#define IPAM_STORE_PARTS_H

#include "lock.h"
#include "store.h"
#include "temp.h"

struct store {
	const struct env *env;
	struct arena arena;
	enum store_mode mode;
	const char *name; /* for messages */
	const char *base; /* its name in dir */
	int dir;
	struct lock lock;

	/* the file as it was opened and read */
	int fd;
	struct file_id id;
	bool racy; /* it had been changed so recently that its times prove nothing */
	char *map;
	size_t map_size;
	struct text_source source;
	int reloads;

	/* the file to be */
	struct temp temp;
	struct file_id new_id;
	bool published, new_racy;
};

/* "NAME: WHAT: the system's words", and that nothing was written. */
enum status store_fail(const struct store *s, struct diags *d, const char *what);
/* "NAME: WHY", the same without the system's words. */
enum status store_refuse(const struct store *s, struct diags *d, const char *why);
/* Opens the file in its directory, and reads it but for STORE_LOOK. */
enum status store_open_file(struct store *s, struct diags *d);

/* Two strings as one, in the arena. */
const char *store_join(struct arena *a, const char *x, const char *y);
/* The name for a temporary file in the place of this one. */
const char *store_temp_name(struct store *s, const char *base);
/* Whether a file may be changed again after `now` without its times showing
 * it: its last change was within a tick of the system's clock. */
bool store_is_racy(const struct file_id *id, int64_t now);
int64_t store_racy_for(const struct file_id *id, int64_t now); /* so many nanoseconds more */
/* Writes FILE and suffix anew, with the data file's mode; errno if it fails. */
bool store_put(struct store *s, const char *suffix, struct str content, bool durable);

#endif
