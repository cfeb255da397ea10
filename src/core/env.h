/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * env: everything that the pure code may know of the world outside.
 *
 * main() fills one struct env and hands it down; tests fill their own.  The
 * code in core/ and format/ reads no clock, no terminal, no environment
 * variable and no random device: it asks this struct.
 */
#ifndef IPAM_ENV_H
#define IPAM_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env {
	/* Called when memory runs out; must not return. */
	void (*oom)(size_t wanted);

	/* Memory for large blocks (a megabyte and more); NULL means malloc(3)
	 * and free(3).  What map() returns is given back with its size. */
	void *(*map)(size_t size);
	void (*unmap)(void *p, size_t size);

	/* Does job(ctx, 0) to job(ctx, n - 1), several at a time, and returns when all are done;
	 * what they write must be apart.  So many pay; NULL or 0: one after the other. */
	void (*run)(void (*job)(void *ctx, size_t i), void *ctx, size_t n);
	size_t workers;

	/* Fills n bytes from the system's random source; false if it can't. */
	bool (*random)(void *p, size_t n);

	/* SHA-256 of two parts, one behind the other; the first may be empty. */
	void (
	    *sha256)(const void *a, size_t an, const void *b, size_t bn, unsigned char digest[32]);

	/* POSIX extended regular expressions: compile() gives NULL and a
	 * message in err for a bad pattern. */
	void *(*regex_compile)(const char *pattern, char *err, size_t errsize);
	bool (*regex_match)(const void *regex, const char *text);
	void (*regex_free)(void *regex);

	/* Standard output: a terminal, of so many columns and rows (0: not known); whether
	 * it shows colours, unless --color says otherwise, and reads UTF-8. */
	struct screen {
		bool is_terminal, color, no_color, utf8;
		unsigned width, height;
	} screen;

	/* Seconds since 1970-01-01T00:00:00Z: what "now" is for this run. */
	int64_t now;
};

/* All of them, at the same time where the environment can. */
static inline void
env_run(const struct env *env, void (*job)(void *ctx, size_t i), void *ctx, size_t n)
{
	if (env->run)
		env->run(job, ctx, n);
	else
		for (size_t i = 0; i < n; i++)
			job(ctx, i);
}

/* An environment with malloc(3), an oom() that aborts, no random source, no
 * hash, no regular expressions and the time 0: enough for most tests. */
extern const struct env env_plain;

#endif
