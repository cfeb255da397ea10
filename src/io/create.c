/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "guard.h"

struct place {
	const char *path; /* for messages */
	const char *base; /* the name in dir */
	int dir;
};

static enum status
fail(const struct place *p, struct diags *d)
{
	if (errno == EEXIST)
		return diag_fail(d, STATUS_CONFLICT, "%s: exists already", p->path);
	return diag_fail(d, STATUS_SYSTEM, "%s: cannot be made: %s; nothing was written", p->path,
	    strerror(errno));
}

static bool
fill(int fd, struct str content)
{
	return file_write(fd, content.p, content.n) && fsync(fd) == 0;
}

static enum status
settle(const struct place *p, int fd, struct diags *d)
{
	if ((fsync(p->dir) == 0 || errno == EINVAL) && fsync(fd) == 0)
		return STATUS_OK;
	return diag_fail(d, STATUS_SYSTEM, "%s: it was written, but may not be on the disk: %s",
	    p->path, strerror(errno));
}

/* A file gets its name when it is complete; STATUS_NO if that does not work
 * here. */
static enum status
create_unnamed(const struct place *p, struct str content, struct diags *d)
{
	char self[64];
	enum status status;
	int fd = file_open(p->dir, ".", O_TMPFILE | O_RDWR, 0666);

	if (fd < 0)
		return STATUS_NO;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!fill(fd, content))
		status = fail(p, d);
	else if (linkat(AT_FDCWD, self, p->dir, p->base, AT_SYMLINK_FOLLOW) == 0)
		status = settle(p, fd, d);
	else
		status = errno == EEXIST ? fail(p, d) : STATUS_NO;
	file_close(fd);
	return status;
}

/* Signals wait, for only we know whether the file is ours to remove. */
static enum status
create_named(const struct place *p, struct str content, struct diags *d)
{
	enum status status;
	int fd;

	guard_hold();
	fd = file_open(p->dir, p->base, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
	if (fd < 0)
		status = fail(p, d);
	else if (fill(fd, content))
		status = settle(p, fd, d);
	else {
		status = fail(p, d);
		unlinkat(p->dir, p->base, 0);
	}
	file_close(fd);
	guard_let();
	return status;
}

/* As far as can be told without writing. */
static enum status
can_create(const struct place *p, struct diags *d)
{
	struct stat st;

	if (fstatat(p->dir, p->base, &st, AT_SYMLINK_NOFOLLOW) == 0)
		errno = EEXIST;
	else if (faccessat(p->dir, ".", W_OK, AT_EACCESS) == 0)
		return STATUS_OK;
	return fail(p, d);
}

static enum status
create(const struct place *p, struct str content, struct diags *d)
{
	enum status status;

	guard_writing();
	status = create_unnamed(p, content, d);
	if (status == STATUS_NO)
		status = create_named(p, content, d);
	guard_written();
	return status;
}

static enum status
at_place(const char *path, struct str content, bool dry, struct diags *d)
{
	const char *slash = strrchr(path, '/');
	struct place p = { .path = path, .base = slash ? slash + 1 : path };
	struct str dir = slash ? (struct str){ path, (size_t)(p.base - path) } : STR("./");
	enum status status;

	guard_descriptors();
	if (!*p.base)
		return diag_fail(d, STATUS_USAGE, "%s: is not the name of a file", path);
	p.dir = file_open(AT_FDCWD, arena_z(&d->arena, dir), O_RDONLY | O_DIRECTORY, 0);
	if (p.dir < 0)
		return fail(&p, d);
	status = can_create(&p, d);
	if (!status && !dry)
		status = create(&p, content, d);
	file_close(p.dir);
	return status;
}

enum status
store_create(const char *path, struct str content, struct diags *d)
{
	return at_place(path, content, false, d);
}

enum status
store_can_create(const char *path, struct diags *d)
{
	return at_place(path, STR_NONE, true, d);
}
