/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steady.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PAUSE = 10000 /* microseconds */, TRIES = 100 };
/* A file that was changed in place so many nanoseconds ago may be half of one, most likely
 * if it does not end in an LF. */
static const int64_t settled = 50000000, torn_for = 1000000000;

static enum status
fail(const struct steady *s, struct diags *d)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s", s->path, strerror(errno));
}

/* All up to the end: of a file that has no size, too. */
static bool
read_all(struct steady *s, int fd)
{
	size_t step = s->id.size + 65536;
	ssize_t n;

	s->room.n = 0;
	do {
		n = file_read(fd, buf_room(&s->room, step), step);
		s->room.n += n > 0 ? (size_t)n : 0;
	} while (n == (ssize_t)step);
	return n >= 0;
}

static bool
is_settled(const struct steady *s)
{
	int64_t age = file_now() - s->id.mtime;
	bool is_whole = s->room.n && s->room.p[s->room.n - 1] == '\n';

	return age < 0 || (age > settled && is_whole && s->room.n >= s->longest.n) ||
	       age > torn_for;
}

static void
keep_longest(struct steady *s)
{
	struct buf shorter = s->longest;

	if (s->room.n <= s->longest.n)
		return;
	s->longest = s->room;
	s->room = shorter;
}

/* STATUS_NO if it changed meanwhile, or just before. */
static enum status
check_in_place(struct steady *s, const struct file_id *after)
{
	if (after->size != s->id.size || after->mtime != s->id.mtime || s->room.n != s->id.size)
		return STATUS_NO;
	if (is_settled(s))
		return STATUS_OK;
	keep_longest(s);
	return STATUS_NO;
}

/* STATUS_NO if it is no state of the file. */
static enum status
read_opened(struct steady *s, int fd, enum steady_how how, struct diags *d)
{
	struct stat before, after;

	if (fstat(fd, &before) < 0)
		return fail(s, d);
	s->exists = true;
	s->id = file_id_of(&before);
	if (!S_ISREG(before.st_mode))
		s->id.size = 0;
	if (!read_all(s, fd) || fstat(fd, &after) < 0)
		return fail(s, d);
	if (!S_ISREG(before.st_mode))
		return STATUS_OK;
	struct file_id id = file_id_of(&after);
	if (how == STEADY_IN_PLACE)
		return check_in_place(s, &id);
	return id.size >= s->id.size ? STATUS_OK : STATUS_NO;
}

static enum status
read_one(struct steady *s, enum steady_how how, struct diags *d)
{
	int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOCTTY); /* a pipe is waited for */
	enum status status;

	s->exists = false;
	s->room.n = 0;
	if (fd < 0)
		return errno == ENOENT ? STATUS_OK : fail(s, d);
	status = read_opened(s, fd, how, d);
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

/* Reads all until they are as they were side by side; STATUS_NO if they never are. */
static enum status
read_side_by_side(struct steady *v, size_t n, enum steady_how how, struct diags *d)
{
	for (int tries = 1; tries <= TRIES; tries++) {
		enum status status = STATUS_OK;
		for (size_t i = 0; i < n && !status; i++)
			status = read_one(&v[i], how, d);
		if (status == STATUS_SYSTEM || (!status && (n == 1 || are_in_place(v, n))))
			return status;
		file_sleep_us(PAUSE);
	}
	return STATUS_NO;
}

static enum status
take_longest(struct steady *s, struct diags *d)
{
	struct buf torn = s->room;

	if (s->longest.n == 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: another program keeps writing to it",
		    s->path);
	s->room = s->longest;
	s->longest = torn;
	diag_warn(d, "%s: another program keeps writing to it; the newest may be missing", s->path);
	return STATUS_OK;
}

enum status
steady_read(struct steady *v, size_t n, enum steady_how how, const struct env *env,
    struct arena *arena, struct diags *d)
{
	enum status status;

	for (size_t i = 0; i < n; i++) {
		buf_init(&v[i].room, env);
		buf_init(&v[i].longest, env);
	}
	status = read_side_by_side(v, n, how, d);
	if (status == STATUS_NO)
		status = take_longest(&v[n - 1], d);
	for (size_t i = 0; i < n; i++) {
		v[i].text = status ? STR_NONE : arena_str(arena, buf_get(&v[i].room));
		buf_release(&v[i].room);
		buf_release(&v[i].longest);
	}
	return status;
}
