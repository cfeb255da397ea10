/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "file.h"

enum {
	HOLDER = 256,      /* bytes in the file: one line, filled up with blanks */
	PAUSE_MAX = 10000, /* microseconds */
	TRIES = 10         /* if the file is replaced again and again */
};

/* What an attempt came to; GONE: the file's name is another file's now. */
enum outcome { TAKEN, BUSY, INTERRUPTED, GONE, BROKEN };

static enum status
fail(const struct lock_request *q, struct diags *d, const char *what)
{
	return diag_fail(d, STATUS_SYSTEM, "%s.lock: %s: %s; nothing was written", q->name, what,
	    strerror(errno));
}

/* Opens the lock file, making it if need be.  A new one is its maker's alone
 * until that has given it the data file's group and mode: EACCES may pass. */
static int
open_file(const struct lock_request *q)
{
	int fd = -1;

	for (int tries = 0; tries < 5; tries++) {
		if (tries)
			file_sleep_us(5000);
		fd = file_open(q->dir, q->base, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
		if (fd >= 0 || errno != EACCES)
			break;
	}
	return fd;
}

/* Whether the file at fd is still the one with the lock file's name. */
static bool
is_current(const struct lock_request *q, int fd)
{
	struct stat st, now;

	return fstat(fd, &st) == 0 && fstatat(q->dir, q->base, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_dev == now.st_dev && st.st_ino == now.st_ino;
}

static enum outcome
attempt(const struct lock_request *q, int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return is_current(q, fd) ? TAKEN : GONE;
	if (errno == EINTR)
		return INTERRUPTED;
	return errno == EWOULDBLOCK ? BUSY : BROKEN;
}

static void
clean(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
}

/* Who has the lock.  What stands in the file is not to be trusted. */
static const char *
read_holder(int fd, char text[HOLDER])
{
	ssize_t n = file_pread(fd, text, HOLDER - 1, 0);
	size_t end = 0;

	while (n > 0 && end < (size_t)n && text[end] != '\n')
		end++;
	while (end > 0 && text[end - 1] == ' ')
		end--;
	text[end] = '\0';
	clean(text, end);
	return end ? text : "another program";
}

/* A full disk and the like don't matter here. */
static void
write_holder(int fd, const char *holder)
{
	char who[HOLDER] = "", line[HOLDER + 1];

	if (holder)
		snprintf(who, sizeof(who), "pid %ld (%.*s)", (long)getpid(), HOLDER - 32, holder);
	clean(who, strlen(who));
	snprintf(line, sizeof(line), "%-*s\n", HOLDER - 1, who);
	(void)!pwrite(fd, line, HOLDER, 0);
}

static enum status
busy(const struct lock_request *q, int fd, struct diags *d)
{
	char holder[HOLDER];

	return diag_fail(d, STATUS_LOCKED, "%s: locked by %s", q->name, read_holder(fd, holder));
}

/* Sleeps for a while that grows from about 1 ms to about 10 ms and is never
 * the same for two. */
static void
pause_before(int64_t deadline, int64_t *us, uint64_t *seed)
{
	int64_t left = (deadline - file_clock_ms()) * 1000;
	int64_t sleep;

	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	sleep = *us / 2 + (int64_t)((*seed >> 33) % (uint64_t)*us);
	file_sleep_us(sleep < left ? sleep : left > 0 ? left : 1);
	*us = *us * 5 / 4 < PAUSE_MAX ? *us * 5 / 4 : PAUSE_MAX;
}

static enum outcome
wait_for(const struct lock_request *q, int fd, int64_t deadline)
{
	uint64_t seed = (uint64_t)file_now() ^ (uint64_t)getpid() << 40;
	int64_t us = 1000;

	for (;;) {
		enum outcome o = attempt(q, fd);
		if (o == INTERRUPTED)
			continue;
		if (o != BUSY || file_clock_ms() >= deadline)
			return o;
		pause_before(deadline, &us, &seed);
	}
}

static enum status
finish(struct lock *lock, const struct lock_request *q, int fd, enum outcome o, struct diags *d)
{
	enum status status = STATUS_OK;

	if (o == TAKEN) {
		write_holder(fd, q->holder);
		lock->fd = fd;
		return status;
	}
	status = o == BUSY ? busy(q, fd, d) : fail(q, d, "cannot be locked");
	file_close(fd);
	return status;
}

enum status
lock_take(struct lock *lock, const struct lock_request *q, struct diags *d)
{
	int64_t deadline = file_clock_ms() + q->wait;

	lock->fd = -1;
	for (int tries = 1;; tries++) {
		int fd = open_file(q);
		if (fd < 0)
			return fail(q, d, "cannot be opened");
		enum outcome o = wait_for(q, fd, deadline);
		if (o != GONE || tries == TRIES)
			return finish(lock, q, fd, o, d);
		file_close(fd);
	}
}

void
lock_drop(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	write_holder(lock->fd, NULL);
	flock(lock->fd, LOCK_UN);
	lock->fd = file_close(lock->fd);
}
