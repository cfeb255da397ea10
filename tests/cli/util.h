/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * util: what the test runner's parts share.  Whatever fails here ends the
 * program with a message and exit status 2.
 */
#ifndef TEST_UTIL_H
#define TEST_UTIL_H

#include <stdbool.h>
#include <stddef.h>

enum { BROKEN = 2 };

struct text {
	char *p; /* with a final NUL; NULL: there is no such file */
	size_t n;
};

__attribute__((format(printf, 1, 2), noreturn)) void die(const char *fmt, ...);
/* p, unless it is NULL. */
void *must(void *p, const char *what);
/* result, unless it is negative. */
int must_do(int result, const char *what);
/* malloc'ed. */
__attribute__((format(printf, 1, 2))) char *format(const char *fmt, ...);
/* p with room for an item behind n of them, for arrays that grow one by one. */
void *grow(void *p, size_t n, size_t itemsize);
struct text read_file(const char *path);
void write_file(const char *path, struct text t);
/* Removes a folder with all in it. */
void remove_tree(const char *path);

#endif
