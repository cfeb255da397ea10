/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child: other programs, run with an argument vector and never by a shell.
 *
 *     static const char *const argv[] = { "dig", "-r", "@127.0.0.1", NULL };
 *     struct child dig = { .argv = argv, .package = "bind9-dnsutils", .timeout = 10000 };
 *     status = child_run(&dig, &env, &arena, &result, diags);
 *
 * The program is looked for in $PATH.  It gets `input` (or nothing) as its
 * standard input, and this process' environment with LC_ALL=C
 * and with what `env` changes.  Both of its outputs are read to their ends while
 * the input is written, so that neither side can wait for the other.
 *
 * STATUS_OK means that it ran to its end: what it made of it is in
 * result.exit.  STATUS_SYSTEM: it is not installed, could not be started, or
 * could not be read from, and was killed.  STATUS_REMOTE: it was killed because its time was
 * over.  Never call it with a store open for writing before store_unlock().
 */
#ifndef IPAM_CHILD_H
#define IPAM_CHILD_H

#include "core/diag.h"

struct child {
	const char *const *argv; /* ends with NULL */
	const char *const *env;  /* "NAME=VALUE" sets, "NAME" unsets; ends with NULL; or NULL */
	struct str input;
	int64_t timeout;     /* milliseconds; 0: as long as it takes */
	const char *package; /* what to install where it is missing, by Debian's name; or NULL */
	/* Its standard input comes from this descriptor, its output goes to that one and is
	 * not in the result; 0: no. */
	int source, output;
};

struct child_result {
	int exit;            /* its exit status; 128 and the signal that killed it, as in a shell */
	struct str out, err; /* in the arena, each with a final NUL behind it */
};

enum status child_run(const struct child *c, const struct env *env, struct arena *arena,
    struct child_result *result, struct diags *d);

/*
 * A program on the terminal, which reads what we write while we go on, such as a pager.
 * Its outputs are ours, and so is the environment as it is.
 *
 *     child_open(&p, argv, &arena, diags)
 *     while (child_write(&p, text)) ...        false: it reads no more, which is no error
 *     child_close(&p)                          waits for its end
 */
struct child_pipe {
	int pid, fd; /* fd -1: closed */
};
enum status child_open(struct child_pipe *p, const char *const *argv, struct arena *arena,
    struct diags *d);
bool child_write(struct child_pipe *p, struct str text);
void child_close(struct child_pipe *p);

#endif
