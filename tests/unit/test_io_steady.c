/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that another program is writing: a child is that program. */
#include "store.h"

#include <sys/stat.h>

#include "io/steady.h"

static struct steady one[1], four[4];

static enum status
read_one(const char *path, enum steady_how how)
{
	one[0].path = path;
	return steady_read(one, 1, how, &env_plain, &arena, &diags);
}

static void
assert_read(const struct steady *s, const char *text)
{
	assert_true(s->exists);
	check(str_eq(s->text, str_from(text)), "\"%.*s\" instead of \"%s\"", STR_FMT(s->text),
	    text);
}

static void
test_quiet(void **state)
{
	(void)state;
	put_old("a", "lease 1\nlease 2\n");
	for (int how = STEADY_LOG; how <= STEADY_IN_PLACE; how++) {
		assert_int_equal(read_one("a", (enum steady_how)how), STATUS_OK);
		assert_read(one, "lease 1\nlease 2\n");
	}
	put_old("empty", "");
	assert_int_equal(read_one("empty", STEADY_IN_PLACE), STATUS_OK);
	assert_true(one->exists);
	assert_int_equal(one->text.n, 0);
	assert_int_equal(diags.n, 0);
}

static void
test_none(void **state)
{
	(void)state;
	assert_int_equal(read_one("none", STEADY_LOG), STATUS_OK);
	assert_false(one->exists);
	assert_int_equal(one->text.n, 0);
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_int_equal(read_one("folder", STEADY_LOG), STATUS_SYSTEM);
	assert_said("folder: Is a directory");
	put("file", "");
	assert_int_equal(read_one("file/x", STEADY_LOG), STATUS_SYSTEM);
	assert_said("file/x: Not a directory");
}

static void
write_pipe(void)
{
	put("pipe", "from a pipe\n");
}

static void
test_pipe(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe", 0644), 0);
	pid_t pid = soon(write_pipe);
	assert_int_equal(read_one("pipe", STEADY_IN_PLACE), STATUS_OK);
	assert_read(one, "from a pipe\n");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* --- a file that is written anew in place ------------------------------ */

enum { LINES = 2000 };

/* Truncates the file and writes it again, a piece at a time, for ever. */
static void
rewrite(void)
{
	for (;;) {
		FILE *f = fopen("leases", "w");
		must(f != NULL);
		for (int i = 0; i < LINES; i++) {
			fprintf(f, "lease ");
			if (i % 400 == 0) {
				fflush(f);
				usleep(300);
			}
			fprintf(f, "%4d\n", i);
		}
		fclose(f);
		usleep(2000);
	}
}

static void
rewrite_and_rest(void)
{
	for (int k = 0; k < 20; k++) {
		FILE *f = fopen("leases", "w");
		must(f != NULL);
		fprintf(f, "half ");
		fflush(f);
		usleep(2000);
		fprintf(f, "whole %d\n", k);
		fclose(f);
	}
}

static pid_t
begin(void (*fn)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		fn();
		_exit(0);
	}
	return pid;
}

static void
test_rewritten(void **state)
{
	(void)state;
	put("leases", "");
	pid_t pid = begin(rewrite_and_rest);
	assert_int_equal(read_one("leases", STEADY_IN_PLACE), STATUS_OK);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* what the file was for long: empty before it began, whole after it */
	if (one->text.n)
		assert_read(one, "half whole 19\n");
	assert_int_equal(diags.n, 0);
}

static void
test_rewritten_without_a_pause(void **state)
{
	int status;

	(void)state;
	put("leases", "");
	pid_t pid = begin(rewrite);
	assert_int_equal(read_one("leases", STEADY_IN_PLACE), STATUS_OK);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	check(one->text.n == LINES * strlen("lease 1234\n"), "%zu bytes", one->text.n);
	/* unless it paused after all */
	if (diags.n)
		assert_said("keeps writing");
}

/* --- a log, and what belongs to it --------------------------------------- */

static void
append_lines(void)
{
	FILE *f = fopen("leases", "a");

	must(f != NULL);
	for (int i = 0; i < 2000; i++) {
		fprintf(f, "lease %4d\n", i);
		fflush(f);
	}
	fclose(f);
}

static void
test_growing(void **state)
{
	(void)state;
	put("leases", "");
	pid_t pid = begin(append_lines);
	size_t before = 0;
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		assert_int_equal(read_one("leases", STEADY_LOG), STATUS_OK);
		assert_true(one->text.n >= before);
		before = one->text.n;
	}
	assert_int_equal(read_one("leases", STEADY_LOG), STATUS_OK);
	assert_int_equal(one->text.n, 2000 * 11);
}

/* As kea-lfc does: the log is put aside, then what is left of it is written. */
static void
rotate(void)
{
	for (int i = 0; i < 300; i++) {
		must(rename("leases", "leases.1") == 0);
		put("leases", "");
		put("leases.output", "all\n");
		must(rename("leases.output", "leases.2") == 0);
		must(unlink("leases.1") == 0);
		put("leases.new", "all\n");
		must(rename("leases.new", "leases") == 0);
	}
}

static void
test_side_by_side(void **state)
{
	static const char *const names[] = { "leases.completed", "leases.2", "leases.1", "leases" };

	(void)state;
	put("leases", "all\n");
	for (size_t i = 0; i < ARRAY_LEN(four); i++)
		four[i].path = names[i];
	pid_t pid = begin(rotate);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		assert_int_equal(steady_read(four, 4, STEADY_LOG, &env_plain, &arena, &diags),
		    STATUS_OK);
		bool has = false;
		for (size_t i = 0; i < ARRAY_LEN(four); i++)
			has |= str_starts(four[i].text, STR("all"));
		check(has, "the lease is in none of the files");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(quiet),
		TEST(none),
		TEST(pipe),
		TEST(rewritten),
		TEST(rewritten_without_a_pause),
		TEST(growing),
		TEST(side_by_side),
	};

	return cmocka_run_group_tests_name("io_steady", tests, NULL, NULL);
}
