/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(BROKEN);
}

void *
must(void *p, const char *what)
{
	if (!p)
		die("run: %s: %s", what, strerror(errno));
	return p;
}

int
must_do(int result, const char *what)
{
	if (result < 0)
		die("run: %s: %s", what, strerror(errno));
	return result;
}

char *
format(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	must_do(vasprintf(&p, fmt, ap), "memory");
	va_end(ap);
	return p;
}

/* The sizes are powers of two. */
void *
grow(void *p, size_t n, size_t itemsize)
{
	return n & (n - 1) ? p : must(reallocarray(p, n ? 2 * n : 1, itemsize), "memory");
}

struct text
read_file(const char *path)
{
	struct text t = { NULL, 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return t;
	must_do(fd, path);
	must_do(fstat(fd, &st), path);
	t.p = must(calloc(1, (size_t)st.st_size + 1), "memory");
	for (int got = 1; got && t.n < (size_t)st.st_size; t.n += (size_t)got)
		got = must_do((int)read(fd, t.p + t.n, (size_t)st.st_size - t.n), path);
	close(fd);
	return t;
}

void
write_file(const char *path, struct text t)
{
	FILE *f = must(fopen(path, "we"), path);

	fwrite(t.p, 1, t.n, f);
	must_do(fclose(f), path);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void
remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
