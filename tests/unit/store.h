/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store: what the tests of the store have in common.  Each test runs in a
 * directory of its own; what needs other users, ACLs or attributes is skipped
 * where there are none.
 */
#ifndef IPAM_UNIT_STORE_H
#define IPAM_UNIT_STORE_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "io/beside.h"
#include "io/store.h"

enum { NOBODY = 65534 };

static char dir[64];
static struct diags diags;
static struct arena arena;

static inline int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/ipam-store-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	umask(022);
	diags_init(&diags, &env_plain);
	arena_init(&arena, &env_plain);
	return 0;
}

static inline int
teardown(void **state)
{
	char command[128];

	(void)state;
	diags_release(&diags);
	arena_release(&arena);
	assert_int_equal(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command); /* NOLINT */
}

/* --- helpers ----------------------------------------------------------- */

static inline void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

/* Makes a file seem old, so that its times can be relied on. */
static inline void
age(const char *path)
{
	struct timespec t[2] = { { 1700000000, 5 }, { 1700000000, 5 } };

	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static inline void
put_old(const char *path, const char *text)
{
	put(path, text);
	age(path);
}

static inline void
assert_file(const char *path, const char *text)
{
	size_t n = strlen(text);
	char *got = calloc(1, n + 2);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_int_equal(fread(got, 1, n + 1, f), n);
	assert_memory_equal(got, text, n);
	fclose(f);
	free(got);
}

static inline bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static inline unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static inline void
assert_said(const char *words)
{
	assert_int_not_equal(diags.n, 0);
	const struct str *text = &diags.v[diags.n - 1].text;
	if (!memmem(text->p, text->n, words, strlen(words)))
		fail_msg("\"%.*s\" does not say \"%s\"", STR_FMT(*text), words);
	diags_clear(&diags);
}

static inline struct store *
open_ok(const char *path, enum store_mode mode)
{
	struct store_request q = { .env = &env_plain, .holder = "alice: ipam test" };
	struct store *s;

	if (store_open(&s, &q, path, mode, &diags) != STATUS_OK)
		fail_msg("%.*s", STR_FMT(diags.v[0].text));
	return s;
}

static inline void
assert_refused(const char *path, enum store_mode mode, enum status want, const char *words)
{
	struct store_request q = { .env = &env_plain };
	struct store *s;

	assert_int_equal(store_open(&s, &q, path, mode, &diags), want);
	assert_null(s);
	assert_said(words);
}

static inline void
assert_text(const struct store *s, const char *text)
{
	size_t n;
	const struct text_source *source = store_sources(s, &n);

	assert_int_equal(n, 1);
	assert_int_equal(source->n, strlen(text));
	assert_memory_equal(source->p, text, source->n);
	for (size_t i = 0; i < STORE_SLACK; i++)
		assert_int_equal(source->p[source->n + i], 0);
}

/* Prepares: the old text and `more`. */
static inline enum status
prepare(struct store *s, const char *more)
{
	size_t n;
	struct piece pieces[] = {
		{ .kept = true, .n = store_sources(s, &n)->n },
		{ .p = more, .n = strlen(more) },
	};

	return store_prepare(s, 0, pieces, 2, &diags);
}

static inline void
append(const char *path, const char *more)
{
	struct store *s = open_ok(path, STORE_WRITE);

	assert_int_equal(prepare(s, more), STATUS_OK);
	assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
	store_close(s);
	assert_int_equal(diags.n, 0);
}

/* Runs fn in a child and gives its wait status. */
static inline int
in_child(void (*fn)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Like assert_true(), in a child. */
static inline void
must(bool good)
{
	if (!good)
		_exit(1);
}

static inline void
become(uid_t uid, gid_t gid)
{
	must(setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
	     setresuid(uid, uid, uid) == 0);
}

static inline void
need_root(void)
{
	if (geteuid() != 0)
		skip();
}

/* Runs fn in a child 20 ms after now. */
static inline pid_t
soon(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(20000);
		fn();
		_exit(0);
	}
	return pid;
}

static inline void
change_by_rename(void)
{
	put("plan.new", "Xld\n");
	must(rename("plan.new", "plan") == 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

#endif
