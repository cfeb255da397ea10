/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * file: what every module that touches a file needs.
 *
 * Calls that a signal may interrupt are taken up again; short reads and writes
 * are carried on with.  Errors are in errno, as with the calls themselves.
 */
#ifndef IPAM_FILE_H
#define IPAM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * What tells one state of a file from another.  An inode number alone does
 * not: it is given out again as soon as the file is gone.
 */
struct file_id {
	uint64_t dev, ino, size;
	int64_t mtime, ctime; /* nanoseconds since 1970 */
};
struct file_id file_id_of(const struct stat *st);
bool file_id_eq(const struct file_id *a, const struct file_id *b);

/* The time of day, comparable with mtime. */
int64_t file_now(void);
/* A clock that only goes forward, in milliseconds. */
int64_t file_clock_ms(void);
void file_sleep_us(int64_t us);

/* openat(2) with O_CLOEXEC, O_NOCTTY and O_NONBLOCK, so that a FIFO in a
 * file's place can't stop the program. */
int file_open(int dir, const char *name, int flags, mode_t mode);
/* -1, or how much was read: less than n only at the end of the file. */
ssize_t file_read(int fd, void *p, size_t n);
ssize_t file_pread(int fd, void *p, size_t n, off_t off);
bool file_write(int fd, const void *p, size_t n);
/* Like close(2), but keeps errno and does nothing for -1; gives -1. */
int file_close(int fd);

/* Memory straight from the system, cleared, in huge pages where it pays; NULL
 * if there is none.  They fit struct env. */
void *file_map(size_t n);
void file_unmap(void *p, size_t n);

#endif
