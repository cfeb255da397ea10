/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include "io/child.h"

static struct child_result result;

static enum status
run(struct child c)
{
	diags_clear(&diags);
	return child_run(&c, &env_plain, &arena, &result, &diags);
}

/* What /bin/sh makes of a script. */
static enum status
script(const char *text, struct str input, int64_t timeout)
{
	const char *argv[] = { "sh", "-c", text, NULL };

	return run((struct child){ .argv = argv, .input = input, .timeout = timeout });
}

static void
test_outputs(void **state)
{
	(void)state;
	assert_int_equal(script("echo out; echo err >&2; exit 3", STR_NONE, 0), STATUS_OK);
	assert_int_equal(result.exit, 3);
	assert_string_equal(result.out.p, "out\n");
	assert_string_equal(result.err.p, "err\n");
	assert_int_equal(script("kill -TERM $$", STR_NONE, 0), STATUS_OK);
	assert_int_equal(result.exit, 128 + SIGTERM);
}

static void
test_arguments_are_words(void **state)
{
	const char *argv[] = { "printf", "%s|", "a b", "$(id)", "*", "", NULL };

	(void)state;
	assert_int_equal(run((struct child){ .argv = argv }), STATUS_OK);
	assert_string_equal(result.out.p, "a b|$(id)|*||");
}

static void
test_environment(void **state)
{
	const char *argv[] = { "sh", "-c",
		"echo ${IPAM_SET-no} ${IPAM_NONE-no} ${IPAM_HERE-no} $LC_ALL", NULL };
	const char *changes[] = { "IPAM_SET=1", "IPAM_HERE", NULL };

	(void)state;
	setenv("IPAM_HERE", "yes", 1);
	setenv("IPAM_SET", "0", 1);
	setenv("LC_ALL", "de_DE.UTF-8", 1);
	assert_int_equal(run((struct child){ .argv = argv, .env = changes }), STATUS_OK);
	assert_string_equal(result.out.p, "1 no no C\n");
	assert_int_equal(run((struct child){ .argv = argv }), STATUS_OK);
	assert_string_equal(result.out.p, "0 no yes C\n");
}

/* More than fits in the pipes, both ways at once. */
static void
test_much(void **state)
{
	size_t n = 1 << 20;
	char *big = malloc(n);

	(void)state;
	memset(big, 'x', n);
	assert_int_equal(script("tee /dev/stderr", (struct str){ big, n }, 0), STATUS_OK);
	assert_int_equal(result.out.n, n);
	assert_int_equal(result.err.n, n);
	assert_memory_equal(result.out.p, big, n);
	/* one that reads none of it, and closes its input at once */
	assert_int_equal(script("exec <&-; echo done", (struct str){ big, n }, 0), STATUS_OK);
	assert_string_equal(result.out.p, "done\n");
	free(big);
}

static void
test_no_input_is_an_empty_one(void **state)
{
	(void)state;
	assert_int_equal(script("cat; echo end", STR_NONE, 0), STATUS_OK);
	assert_string_equal(result.out.p, "end\n");
}

static void
test_time_is_over(void **state)
{
	(void)state;
	assert_int_equal(script("exec sleep 1000", STR_NONE, 50), STATUS_REMOTE);
	assert_string_equal(arena_z(&arena, diags.v[0].text), "sh: no answer in 1 s");
	/* also when it has closed what we listen to */
	assert_int_equal(script("exec >&- 2>&- <&- sleep 1000", STR_NONE, 50), STATUS_REMOTE);
	assert_int_equal(script("echo in time", STR_NONE, 60000), STATUS_OK);
	assert_string_equal(result.out.p, "in time\n");
}

static void
test_not_installed(void **state)
{
	const char *argv[] = { "ipam-no-such-program", NULL };

	(void)state;
	assert_int_equal(run((struct child){ .argv = argv, .package = "some-package" }),
	    STATUS_SYSTEM);
	assert_string_equal(arena_z(&arena, diags.v[0].text),
	    "ipam-no-such-program: no such program is installed");
	assert_string_equal(arena_z(&arena, diags.v[0].hint), "apt install some-package");
	assert_int_equal(diags.n, 1);
}

/* Signals that the store ignores while it writes are no business of the child's;
 * descriptors do not leak into it. */
static void
test_inherits_nothing(void **state)
{
	const char *argv[] = { "sh", "-c", "ls /proc/self/fd | wc -l", NULL };
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), inherited = 1; /* that of ls */

	(void)state;
	for (int i = 0; i < 1024; i++) {
		int flags = fcntl(i, F_GETFD);
		inherited += flags >= 0 && !(flags & FD_CLOEXEC);
	}
	assert_int_equal(run((struct child){ .argv = argv }), STATUS_OK);
	assert_int_equal(strtol(result.out.p, NULL, 10), inherited);
	close(fd);
	assert_int_equal(script("grep SigIgn /proc/self/status", STR_NONE, 0), STATUS_OK);
	unsigned long long ignored = strtoull(result.out.p + sizeof("SigIgn:"), NULL, 16);
	assert_int_equal(ignored >> (SIGPIPE - 1) & 1, 0);
	assert_int_equal(ignored >> (SIGXFSZ - 1) & 1, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_outputs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_arguments_are_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_environment, setup, teardown),
		cmocka_unit_test_setup_teardown(test_much, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_input_is_an_empty_one, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time_is_over, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_installed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inherits_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
