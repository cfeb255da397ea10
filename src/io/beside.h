/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beside: the files beside the data file, FILE.log and FILE.seen.
 *
 * They take group, mode and ACL from the data file (and its owner, if the
 * system lets us).  Whoever writes them has a store that is open for writing,
 * and so the lock.
 *
 * A file that grows:
 *
 *     beside_open(&b, store, ".log", BESIDE_APPEND, diags);
 *     beside_pread(&b, off, buf, n, &got, diags);      b.size is its length
 *     beside_cut(&b, size, diags);                     drops what is behind
 *     beside_append(&b, bytes, diags);                 on the disk, or not there at all
 *     beside_close(&b);
 *
 * A file that is written anew: beside_read(), beside_replace().  Readers of it see
 * the old or the new one.
 */
#ifndef IPAM_BESIDE_H
#define IPAM_BESIDE_H

#include "store.h"

struct beside {
	const char *name; /* for messages; as long as the store */
	int fd;           /* -1: there is none */
	uint64_t size;
	int64_t mtime; /* when it was opened, as in struct file_id */
};

enum beside_mode {
	BESIDE_READ,  /* any store will do */
	BESIDE_APPEND /* made if it is not there */
};

/* STATUS_NO, and nothing in diags, if there is no such file to read. */
enum status beside_open(struct beside *b, struct store *s, const char *suffix,
    enum beside_mode mode, struct diags *d);
/* One with another name in that directory, to read. */
enum status beside_open_name(struct beside *b, struct store *s, const char *base, struct diags *d);
void beside_close(struct beside *b);

/* Reads up to n bytes at off; *got is less than n only at the end. */
enum status beside_pread(struct beside *b, uint64_t off, void *p, size_t n, size_t *got,
    struct diags *d);
/* Appends durably.  If that fails, the file is cut back to what it was; the
 * process being killed may leave a part behind. */
enum status beside_append(struct beside *b, struct str bytes, struct diags *d);
/* Drops the bytes behind size. */
enum status beside_cut(struct beside *b, uint64_t size, struct diags *d);

/* All of it, in the arena; empty if there is no such file. */
enum status beside_read(struct store *s, const char *suffix, struct arena *arena, struct str *out,
    struct diags *d);
/* Replaces the whole file, durably. */
enum status beside_replace(struct store *s, const char *suffix, struct str content,
    struct diags *d);

#endif
