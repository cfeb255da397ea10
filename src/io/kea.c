/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kea.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MS = 10000, ANSWER_MAX = 1 << 30 };

static enum status
fail(struct diags *d, const char *path, const char *why)
{
	return diag_fail(d, STATUS_REMOTE, "%s: %s", path, why);
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	memcpy(address.sun_path, path, strlen(path));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static bool
wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n;

	do
		n = poll(&p, 1, ANSWER_MS);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0;
}

static bool
send_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = wait_for(fd, POLLOUT) ? send(fd, s.p, s.n, MSG_NOSIGNAL) : -1;
		if (n < 0 && errno != EINTR)
			return false;
		s = n > 0 ? str_cut(s, (size_t)n, s.n) : s;
	}
	return true;
}

static bool
receive_all(int fd, struct buf *out)
{
	for (;;) {
		ssize_t n = wait_for(fd, POLLIN) ? recv(fd, buf_room(out, 65536), 65536, 0) : -1;
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		out->n += n > 0 ? (size_t)n : 0;
		if (out->n > ANSWER_MAX) {
			errno = EMSGSIZE;
			return false;
		}
	}
}

/* The number behind "result", the last of that name: the answer itself may hold others. */
static bool
is_refusal(struct str answer)
{
	static const char key[] = "\"result\"";

	for (size_t i = answer.n; i-- > 0;) {
		struct str rest = str_cut(answer, i, answer.n);
		if (!str_starts(rest, STR(key)))
			continue;
		rest = str_cut(rest, sizeof(key) - 1, rest.n);
		while (rest.n && memchr(" \t\r\n:", rest.p[0], 5))
			rest = str_cut(rest, 1, rest.n);
		return rest.n == 0 || rest.p[0] != '0';
	}
	return true;
}

enum status
kea_command(const char *path, struct str command, const struct env *env, struct arena *arena,
    struct str *answer, struct diags *d)
{
	struct buf text;
	int fd;

	*answer = STR_NONE;
	if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return fail(d, path, "longer than a socket's path can be");
	if ((fd = connect_to(path)) < 0)
		return fail(d, path, strerror(errno));
	buf_init(&text, env);
	bool ok = send_all(fd, command) && receive_all(fd, &text);
	int error = errno;
	*answer = arena_str(arena, buf_get(&text));
	buf_release(&text);
	close(fd);
	if (!ok)
		return fail(d, path, strerror(error));
	if (answer->n && !is_refusal(*answer))
		return STATUS_OK;
	return diag_fail(d, STATUS_REMOTE, "%s: %.*s", path,
	    (int)(answer->n < 200 ? answer->n : 200), answer->n ? answer->p : "no answer");
}
