/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOTS = 4, FATAL = 3, QUIET = 2 };

static const int fatal[FATAL] = { SIGINT, SIGTERM, SIGHUP };
static const int quiet[QUIET] = { SIGPIPE, SIGXFSZ };

static struct temp {
	volatile sig_atomic_t used;
	int dir;
	const char *name;
} temps[SLOTS];
static int guarded, writing, held;
static pid_t owner;
static bool at_exit;
static struct sigaction old_fatal[FATAL], old_quiet[QUIET];
static sigset_t old_mask;

void
guard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

void
guard_writing(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	if (writing++ == 0)
		for (int i = 0; i < QUIET; i++)
			sigaction(quiet[i], &ignore, &old_quiet[i]);
}

void
guard_written(void)
{
	if (--writing == 0)
		for (int i = 0; i < QUIET; i++)
			sigaction(quiet[i], &old_quiet[i], NULL);
}

static void
remove_temps(void)
{
	if (getpid() != owner)
		return;
	for (int i = 0; i < SLOTS; i++)
		if (temps[i].used)
			unlinkat(temps[i].dir, temps[i].name, 0);
}

static void
on_fatal(int sig)
{
	int err = errno;

	remove_temps();
	raise(sig); /* the handler is gone: SA_RESETHAND */
	errno = err;
}

static void
catch_fatal(void)
{
	struct sigaction catch = { .sa_handler = on_fatal,
		.sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };

	for (int i = 0; i < FATAL; i++) {
		sigaction(fatal[i], NULL, &old_fatal[i]);
		if (old_fatal[i].sa_handler != SIG_IGN)
			sigaction(fatal[i], &catch, NULL);
	}
}

int
guard_temp(int dir, const char *name)
{
	int slot = 0;

	while (slot < SLOTS && temps[slot].used)
		slot++;
	if (slot == SLOTS)
		return -1;
	if (!at_exit)
		at_exit = atexit(remove_temps) == 0;
	owner = getpid();
	if (guarded++ == 0)
		catch_fatal();
	temps[slot].dir = dir;
	temps[slot].name = name;
	atomic_signal_fence(memory_order_seq_cst);
	temps[slot].used = 1;
	return slot;
}

void
guard_forget(int slot)
{
	if (slot < 0)
		return;
	temps[slot].used = 0;
	if (--guarded == 0)
		for (int i = 0; i < FATAL; i++)
			sigaction(fatal[i], &old_fatal[i], NULL);
}

void
guard_hold(void)
{
	sigset_t set;

	if (held++)
		return;
	sigemptyset(&set);
	for (int i = 0; i < FATAL; i++)
		sigaddset(&set, fatal[i]);
	sigprocmask(SIG_BLOCK, &set, &old_mask);
}

void
guard_let(void)
{
	if (--held == 0)
		sigprocmask(SIG_SETMASK, &old_mask, NULL);
}
