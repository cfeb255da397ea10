/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steady.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PAUSE = 10000 /* microseconds */, TRIES = 100 };
/* A file that was changed in place so many nanoseconds ago may be half of one. */
enum { SETTLED = 50000000 };

static enum status
fail(const struct steady *s, struct diags *d)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s", s->path, strerror(errno));
}

/* All up to the end: of a file that has no size, too. */
static bool
read_all(struct steady *s, int fd, const struct env *env, struct arena *arena)
{
	size_t step = s->id.size + 65536;
	struct buf b;
	ssize_t n;

	buf_init(&b, env);
	do {
		n = file_read(fd, buf_room(&b, step), step);
		b.n += n > 0 ? (size_t)n : 0;
	} while (n == (ssize_t)step);
	int err = errno;
	s->text = n < 0 ? STR_NONE : arena_str(arena, buf_get(&b));
	buf_release(&b);
	errno = err;
	return n >= 0;
}

static bool
is_settled(const struct steady *s)
{
	int64_t age = file_now() - s->id.mtime;

	return age < 0 || age > SETTLED;
}

/* STATUS_NO if it changed meanwhile. */
static enum status
read_opened(struct steady *s, int fd, enum steady_how how, const struct env *env,
    struct arena *arena, struct diags *d)
{
	struct stat before, after;

	if (fstat(fd, &before) < 0)
		return fail(s, d);
	s->exists = true;
	s->id = file_id_of(&before);
	if (!S_ISREG(before.st_mode))
		s->id.size = 0;
	/* a pipe is waited for */
	if (!S_ISREG(before.st_mode) && fcntl(fd, F_SETFL, O_RDONLY) < 0)
		return fail(s, d);
	if (!read_all(s, fd, env, arena) || fstat(fd, &after) < 0)
		return fail(s, d);
	if (!S_ISREG(before.st_mode))
		return STATUS_OK;
	struct file_id id = file_id_of(&after);
	if (how == STEADY_IN_PLACE)
		return id.size == s->id.size && id.mtime == s->id.mtime && is_settled(s)
		           ? STATUS_OK
		           : STATUS_NO;
	return id.size >= s->id.size ? STATUS_OK : STATUS_NO;
}

static enum status
read_one(struct steady *s, enum steady_how how, const struct env *env, struct arena *arena,
    struct diags *d)
{
	int fd = file_open(AT_FDCWD, s->path, O_RDONLY, 0);
	enum status status;

	*s = (struct steady){ .path = s->path };
	if (fd < 0)
		return errno == ENOENT ? STATUS_OK : fail(s, d);
	status = read_opened(s, fd, how, env, arena, d);
	file_close(fd);
	return status;
}

/* Whether the files' names are still those of the files that were read. */
static bool
are_in_place(const struct steady *v, size_t n)
{
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		bool exists = stat(v[i].path, &st) == 0;
		if (exists != v[i].exists ||
		    (exists && (st.st_ino != v[i].id.ino || st.st_dev != v[i].id.dev)))
			return false;
	}
	return true;
}

enum status
steady_read(struct steady *v, size_t n, enum steady_how how, const struct env *env,
    struct arena *arena, struct diags *d)
{
	enum status status;

	for (int tries = 1; tries <= TRIES; tries++) {
		status = STATUS_OK;
		for (size_t i = 0; i < n && !status; i++)
			status = read_one(&v[i], how, env, arena, d);
		if (status == STATUS_SYSTEM || (!status && (n == 1 || are_in_place(v, n))))
			return status;
		file_sleep_us(PAUSE);
	}
	return diag_fail(d, STATUS_SYSTEM, "%s: another program keeps writing to it",
	    v[n - 1].path);
}
