/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are written for others. */
#include "io/output.h"
#include "store.h"

static void
write_ok(const char *path, const char *text, bool wants_change)
{
	bool changed;

	assert_int_equal(output_write(path, str_from(text), &env_plain, &changed, &diags),
	    STATUS_OK);
	assert_int_equal(changed, wants_change);
	assert_file(path, text);
}

static void
test_new_and_changed(void **state)
{
	(void)state;
	write_ok("out", "one\n", true);
	assert_int_equal(mode_of("out"), 0644);
	assert_int_equal(chmod("out", 0600), 0);
	write_ok("out", "two\n", true);
	assert_int_equal(mode_of("out"), 0600);
	write_ok("out", "", true);
	write_ok("out", "", false);
}

static void
test_unchanged_keeps_the_file(void **state)
{
	struct stat before, after;

	(void)state;
	write_ok("out", "one\n", true);
	assert_int_equal(stat("out", &before), 0);
	write_ok("out", "one\n", false);
	assert_int_equal(stat("out", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}

static void
test_link_stays(void **state)
{
	struct stat st;

	(void)state;
	put("real", "old");
	assert_int_equal(symlink("real", "link"), 0);
	write_ok("link", "new\n", true);
	assert_file("real", "new\n");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void
test_read(void **state)
{
	struct str text;
	bool exists;

	(void)state;
	assert_int_equal(output_read("none", &arena, &text, &exists, &diags), STATUS_OK);
	assert_false(exists);
	put("some", "text");
	assert_int_equal(output_read("some", &arena, &text, &exists, &diags), STATUS_OK);
	assert_true(exists);
	assert_true(str_eq(text, STR("text")));
	assert_int_equal(output_read("/dev/null", &arena, &text, &exists, &diags), STATUS_SYSTEM);
	assert_said("/dev/null: is not a regular file; not written");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new_and_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unchanged_keeps_the_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(test_read, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
