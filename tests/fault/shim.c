/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A library to be preloaded: the calls named in $SHIM do nothing and say that
 * all is well.  With it, the tests here must fail.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
without(const char *name)
{
	const char *shim = getenv("SHIM");

	return shim && strstr(shim, name);
}

int
flock(int fd, int operation)
{
	return without("flock") ? 0 : (int)syscall(SYS_flock, fd, operation);
}

int
fsync(int fd)
{
	return without("fsync") ? 0 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return without("fdatasync") ? 0 : (int)syscall(SYS_fdatasync, fd);
}
