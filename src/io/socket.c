/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "file.h"

enum { STEP = 65536 };

static enum status
fail(const char *path, struct diags *d, const char *why)
{
	return diag_fail(d, STATUS_REMOTE, "%s: %s", path, why);
}

/* A server that accepts nobody is not waited for any longer, either. */
static int
open_socket(const char *path, int64_t timeout)
{
	struct timeval patience = { .tv_sec = timeout / 1000, .tv_usec = timeout % 1000 * 1000 };
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		fd = file_close(fd);
	return fd;
}

/* Waits until it can be read or written; false, with errno, if the time is over. */
static bool
wait_for(int fd, short events, int64_t deadline)
{
	for (;;) {
		struct pollfd p = { fd, events, 0 };
		int64_t left = deadline - file_clock_ms();
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (n > 0)
			return true;
		if (n == 0)
			errno = ETIMEDOUT;
		if (n == 0 || errno != EINTR)
			return false;
	}
}

static bool
send_all(int fd, struct str s, int64_t deadline)
{
	while (s.n > 0) {
		if (!wait_for(fd, POLLOUT, deadline))
			return false;
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		s = str_cut(s, n > 0 ? (size_t)n : 0, s.n);
	}
	return true;
}

static bool
receive_all(int fd, struct buf *b, int64_t deadline)
{
	for (;;) {
		if (!wait_for(fd, POLLIN, deadline))
			return false;
		ssize_t n = recv(fd, buf_room(b, STEP), STEP, MSG_DONTWAIT);
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return errno == ECONNRESET && b->n > 0;
		b->n += n > 0 ? (size_t)n : 0;
	}
}

enum status
socket_ask(const char *path, struct str question, int64_t timeout, const struct env *env,
    struct arena *arena, struct str *answer, struct diags *d)
{
	int64_t deadline = file_clock_ms() + timeout;
	int fd = open_socket(path, timeout);
	struct buf b;

	*answer = STR_NONE;
	if (fd < 0)
		return fail(path, d, strerror(errno));
	buf_init(&b, env);
	bool ok = send_all(fd, question, deadline) && receive_all(fd, &b, deadline);
	int err = errno;
	file_close(fd);
	*answer = arena_str(arena, buf_get(&b));
	buf_release(&b);
	if (!ok)
		return fail(path, d, strerror(err));
	return answer->n ? STATUS_OK : fail(path, d, "closed the connection without an answer");
}
