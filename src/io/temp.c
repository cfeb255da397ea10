/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "file.h"
#include "guard.h"

void
temp_init(struct temp *t, int dir, const char *name)
{
	*t = (struct temp){ .dir = dir, .name = name, .fd = -1, .slot = -1 };
}

bool
temp_make(struct temp *t)
{
	t->slot = guard_temp(t->dir, t->name);
	if (t->slot < 0) {
		errno = EBUSY;
		return false;
	}
	unlinkat(t->dir, t->name, 0);
	t->fd = file_open(t->dir, t->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	return t->fd >= 0;
}

static void
forget(struct temp *t)
{
	guard_forget(t->slot);
	t->slot = -1;
}

/* A rename over a network may have been done although it says that it failed. */
static bool
is_renamed(const struct temp *t, const char *name)
{
	struct stat mine, there;
	int err = errno;
	bool is = fstat(t->fd, &mine) == 0 &&
	          fstatat(t->dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	          mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;

	errno = err;
	return is;
}

bool
temp_rename(struct temp *t, const char *name)
{
	bool done;

	guard_hold();
	done = renameat(t->dir, t->name, t->dir, name) == 0 || is_renamed(t, name);
	if (done)
		forget(t);
	guard_let();
	return done;
}

void
temp_drop(struct temp *t)
{
	if (t->slot >= 0) {
		int err = errno;
		unlinkat(t->dir, t->name, 0);
		errno = err;
		forget(t);
	}
	t->fd = file_close(t->fd);
}
