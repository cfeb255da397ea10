/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "guard.h"

extern char **environ;

enum { IN, OUT, ERR, PIPES };

struct running {
	const struct child *how;
	bool on_terminal; /* child_open() */
	pid_t pid;
	int fd[PIPES]; /* our ends; -1 when closed */
	size_t written;
	struct buf text[PIPES];
	int error;        /* errno, once what it says cannot be read */
	int64_t deadline; /* on file_clock_ms(); INT64_MAX: none */
};

/* --- its environment -------------------------------------------------- */

static size_t
name_length(const char *assignment)
{
	return strcspn(assignment, "=");
}

static bool
is_changed(const char *variable, const char *const *changes)
{
	size_t n = name_length(variable);

	for (; changes && *changes; changes++)
		if (name_length(*changes) == n && memcmp(variable, *changes, n) == 0)
			return true;
	return false;
}

static char **
environment(const struct child *c, struct arena *arena)
{
	static const char *const plain[] = { "LC_ALL=C", NULL };
	size_t n = 0, changes = 0;

	while (environ[n])
		n++;
	while (c->env && c->env[changes])
		changes++;
	const char **v = arena_alloc(arena, (n + changes + 2) * sizeof(*v));
	size_t at = 0;
	for (size_t i = 0; i < n; i++)
		if (!is_changed(environ[i], c->env) && !is_changed(environ[i], plain))
			v[at++] = environ[i];
	for (size_t i = 0; i < changes; i++)
		if (strchr(c->env[i], '='))
			v[at++] = c->env[i];
	if (!is_changed(plain[0], c->env))
		v[at++] = plain[0];
	v[at] = NULL;
	return (char **)(void *)v;
}

/* --- starting --------------------------------------------------------- */

static void
close_all(int fd[PIPES][2])
{
	for (int i = 0; i < PIPES; i++) {
		file_close(fd[i][0]);
		file_close(fd[i][1]);
	}
}

/* fd[i][0] is to be read from and fd[i][1] to be written to. */
static bool
open_pipes(const struct running *r, int fd[PIPES][2])
{
	for (int i = 0; i < PIPES; i++)
		fd[i][0] = fd[i][1] = -1;
	for (int i = 0; i < (r->on_terminal ? OUT : PIPES); i++)
		if (!(i == OUT && r->how->output) && pipe2(fd[i], O_CLOEXEC) != 0) {
			close_all(fd);
			return false;
		}
	return true;
}

static int
spawn(struct running *r, struct arena *arena, int fd[PIPES][2])
{
	const struct child *c = r->how;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t ours, none;

	sigemptyset(&ours); /* those that guard.h ignores */
	sigaddset(&ours, SIGPIPE);
	sigaddset(&ours, SIGXFSZ);
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &ours);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd[IN][0], 0);
	for (int i = OUT; i < PIPES; i++)
		if (fd[i][1] >= 0)
			posix_spawn_file_actions_adddup2(&actions, fd[i][1], i);
	if (c->source)
		posix_spawn_file_actions_adddup2(&actions, c->source, IN);
	if (c->output)
		posix_spawn_file_actions_adddup2(&actions, c->output, OUT);
	/* the argument vector is not written to */
	int error = posix_spawnp(&r->pid, c->argv[0], &actions, &attr, (char **)(uintptr_t)c->argv,
	    r->on_terminal ? environ : environment(c, arena));
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return error;
}

static enum status
start(struct running *r, struct arena *arena, struct diags *d)
{
	const char *name = r->how->argv[0];
	int fd[PIPES][2];

	if (!open_pipes(r, fd))
		return diag_fail(d, STATUS_SYSTEM, "%s: %s", name, strerror(errno));
	int error = spawn(r, arena, fd);
	r->fd[IN] = fd[IN][1];
	r->fd[OUT] = fd[OUT][0];
	r->fd[ERR] = fd[ERR][0];
	file_close(fd[IN][0]);
	file_close(fd[OUT][1]);
	file_close(fd[ERR][1]);
	if (!error)
		return STATUS_OK;
	for (int i = 0; i < PIPES; i++)
		file_close(r->fd[i]);
	if (error != ENOENT)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s", name, strerror(error));
	diag_fail(d, STATUS_SYSTEM, "%s: no such program is installed", name);
	if (r->how->package)
		diag_hint(d, "apt install %s", r->how->package);
	return STATUS_SYSTEM;
}

/* --- while it runs ---------------------------------------------------- */

static void
drop(struct running *r, int i)
{
	r->fd[i] = file_close(r->fd[i]);
}

static void
feed(struct running *r)
{
	struct str input = r->how->input;
	size_t left = input.n - r->written;
	ssize_t n = 0;

	/* as much as surely goes into a pipe that is ready, so that it never waits */
	if (left > 0)
		n = write(r->fd[IN], input.p + r->written, left < 4096 ? left : 4096);
	if (n > 0)
		r->written += (size_t)n;
	bool is_over = n < 0 && errno != EINTR && errno != EAGAIN;
	if (is_over || r->written == input.n)
		drop(r, IN);
}

static void
take(struct running *r, int i)
{
	ssize_t n = read(r->fd[i], buf_room(&r->text[i], 65536), 65536);

	if (n > 0)
		r->text[i].n += (size_t)n;
	else if (n == 0)
		drop(r, i);
	else if (errno != EINTR)
		r->error = errno;
}

static int
time_left(const struct running *r)
{
	int64_t left = r->deadline - file_clock_ms();

	if (r->deadline == INT64_MAX)
		return -1;
	return left < 0 ? 0 : (int)(left < 1000000 ? left : 1000000);
}

/* Until it has closed its outputs; false if its time is over, or with r->error. */
static bool
converse(struct running *r)
{
	while (!r->error && (r->fd[IN] >= 0 || r->fd[OUT] >= 0 || r->fd[ERR] >= 0)) {
		struct pollfd p[PIPES] = { { r->fd[IN], POLLOUT, 0 }, { r->fd[OUT], POLLIN, 0 },
			{ r->fd[ERR], POLLIN, 0 } };
		int left = time_left(r), n = poll(p, PIPES, left);
		if (n == 0 && left >= 0)
			return false;
		if (n < 0 && errno != EINTR)
			r->error = errno;
		if (n < 0)
			continue;
		if (p[IN].revents)
			feed(r);
		for (int i = OUT; i < PIPES; i++)
			if (p[i].revents)
				take(r, i);
	}
	return !r->error;
}

/* Its exit status; false if its time is over. */
static bool
reap(struct running *r, int *status)
{
	bool is_bound = r->deadline != INT64_MAX;

	for (;;) {
		pid_t pid = waitpid(r->pid, status, is_bound ? WNOHANG : 0);
		if (pid == r->pid || (pid < 0 && errno != EINTR))
			return true;
		if (pid == 0 && time_left(r) == 0)
			return false;
		if (pid == 0)
			file_sleep_us(1000);
	}
}

/* Ends it, and says why. */
static enum status
give_up(struct running *r, struct diags *d)
{
	const char *name = r->how->argv[0];
	int status;

	kill(r->pid, SIGKILL);
	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r->error)
		return diag_fail(d, STATUS_SYSTEM, "%s: its answer cannot be read: %s", name,
		    strerror(r->error));
	return diag_fail(d, STATUS_REMOTE, "%s: no answer in %lld s", name,
	    (long long)((r->how->timeout + 999) / 1000));
}

static struct str
text_of(struct running *r, int i, struct arena *arena)
{
	struct str s = { NULL, r->text[i].n };

	s.p = arena_z(arena, buf_get(&r->text[i]));
	buf_release(&r->text[i]);
	return s;
}

enum status
child_run(const struct child *c, const struct env *env, struct arena *arena,
    struct child_result *result, struct diags *d)
{
	struct running r = { .how = c, .deadline = INT64_MAX };
	int status = 0;

	*result = (struct child_result){ 0 };
	guard_writing(); /* one that reads none of its input is no reason to die */
	if (c->timeout > 0)
		r.deadline = file_clock_ms() + c->timeout;
	for (int i = 0; i < PIPES; i++)
		buf_init(&r.text[i], env);
	enum status how = start(&r, arena, d);
	if (how == STATUS_OK) {
		if (!converse(&r) || !reap(&r, &status))
			how = give_up(&r, d);
		for (int i = 0; i < PIPES; i++)
			file_close(r.fd[i]);
	}
	guard_written();
	result->out = text_of(&r, OUT, arena);
	result->err = text_of(&r, ERR, arena);
	buf_release(&r.text[IN]);
	result->exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return how;
}

/* --- on the terminal -------------------------------------------------- */

enum status
child_open(struct child_pipe *p, const char *const *argv, struct arena *arena, struct diags *d)
{
	struct child how = { .argv = argv };
	struct running r = { .how = &how, .on_terminal = true };

	guard_writing();
	enum status status = start(&r, arena, d);
	*p = (struct child_pipe){ r.pid, status ? -1 : r.fd[IN] };
	if (status)
		guard_written();
	return status;
}

bool
child_write(struct child_pipe *p, struct str text)
{
	return file_write(p->fd, text.p, text.n);
}

void
child_close(struct child_pipe *p)
{
	int status;

	if (p->fd < 0)
		return;
	p->fd = file_close(p->fd);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	guard_written();
}
