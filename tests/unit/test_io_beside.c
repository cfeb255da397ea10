/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files beside the data file. */
#include "store.h"

/* --- files beside it ---------------------------------------------------- */

static void
test_beside_append(void **state)
{
	struct beside b;
	char buf[16];
	size_t got;

	(void)state;
	put("plan", "");
	chmod("plan", 0660);
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_int_equal(beside_open(&b, s, ".log", BESIDE_READ, &diags), STATUS_NO);
	beside_close(&b);
	assert_int_equal(beside_open(&b, s, ".log", BESIDE_APPEND, &diags), STATUS_OK);
	assert_int_equal(b.size, 0);
	assert_int_equal(beside_append(&b, STR("one\n"), &diags), STATUS_OK);
	assert_int_equal(beside_append(&b, STR("two\n"), &diags), STATUS_OK);
	beside_close(&b);
	assert_file("plan.log", "one\ntwo\n");
	assert_int_equal(mode_of("plan.log"), 0660);

	chmod("plan", 0640);
	store_close(s);
	s = open_ok("plan", STORE_WRITE);
	assert_int_equal(beside_open(&b, s, ".log", BESIDE_APPEND, &diags), STATUS_OK);
	assert_int_equal(mode_of("plan.log"), 0640);
	assert_int_equal(b.size, 8);
	assert_int_equal(beside_pread(&b, 4, buf, sizeof(buf), &got, &diags), STATUS_OK);
	assert_int_equal(got, 4);
	assert_memory_equal(buf, "two\n", 4);
	assert_int_equal(beside_cut(&b, 4, &diags), STATUS_OK);
	assert_int_equal(beside_append(&b, STR("three\n"), &diags), STATUS_OK);
	beside_close(&b);
	store_close(s);
	assert_file("plan.log", "one\nthree\n");

	unlink("plan.log");
	put("elsewhere", "");
	assert_int_equal(symlink("elsewhere", "plan.log"), 0);
	s = open_ok("plan", STORE_WRITE);
	assert_int_equal(beside_open(&b, s, ".log", BESIDE_APPEND, &diags), STATUS_SYSTEM);
	assert_said("plan.log: is a symbolic link; nothing was written");
	store_close(s);
}

static void
log_has_no_room(void)
{
	struct rlimit limit = { 9, 9 };
	struct store *s = open_ok("plan", STORE_WRITE);
	struct beside b;

	must(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	must(beside_open(&b, s, ".log", BESIDE_APPEND, &diags) == STATUS_OK);
	must(beside_append(&b, STR("three\n"), &diags) == STATUS_SYSTEM);
	must(b.size == 8 && diags.n == 1);
	beside_close(&b);
	store_close(s);
}

static void
test_beside_append_fails(void **state)
{
	(void)state;
	put("plan", "");
	put("plan.log", "one\ntwo\n");
	assert_int_equal(in_child(log_has_no_room), 0);
	assert_file("plan.log", "one\ntwo\n");
}

static void
test_beside_replace(void **state)
{
	(void)state;
	put("plan", "");
	chmod("plan", 0755);
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_int_equal(beside_replace(s, ".seen", STR("one\n"), &diags), STATUS_OK);
	assert_int_equal(beside_replace(s, ".seen", STR("two\n"), &diags), STATUS_OK);
	assert_int_equal(prepare(s, "new\n"), STATUS_OK);
	assert_int_equal(beside_replace(s, ".seen", STR("three\n"), &diags), STATUS_OK);
	assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
	mkdir("plan.dir", 0755);
	assert_int_equal(beside_replace(s, ".dir", STR("x"), &diags), STATUS_SYSTEM);
	assert_said("plan.dir: cannot be replaced");
	store_close(s);
	assert_file("plan.seen", "three\n");
	assert_file("plan", "new\n");
	assert_int_equal(mode_of("plan.seen"), 0644);
	assert_false(exists(".plan.seen.ipam-tmp"));
	assert_false(exists(".plan.dir.ipam-tmp"));
}

/* --- the state file ----------------------------------------------------- */

static bool
has_state(struct store_state *out)
{
	struct store *s = open_ok("plan", STORE_LOOK);
	bool has = store_state_read(s, &arena, out);

	store_close(s);
	return has;
}

static void
make_state(bool in_order, struct str lines)
{
	struct store *s;

	put_old("plan", "10.0.0.1\n");
	s = open_ok("plan", STORE_READ);
	store_state_write(s, in_order, lines);
	store_close(s);
}

static void
test_state(void **state)
{
	struct store_state st;

	(void)state;
	put_old("plan", "10.0.0.1\n");
	assert_false(has_state(&st));
	make_state(true, STR("sum 12\nmore 3\n"));
	assert_true(has_state(&st));
	assert_true(st.in_order);
	assert_true(str_eq(st.lines, STR("sum 12\nmore 3\n")));
	make_state(false, STR_NONE);
	assert_true(has_state(&st));
	assert_false(st.in_order);
	assert_int_equal(st.lines.n, 0);
	assert_false(exists("plan.lock"));
	assert_false(exists(".plan.state.ipam-tmp"));
	assert_int_equal(mode_of("plan.state"), 0644);
}

static void
test_state_does_not_match(void **state)
{
	struct store_state st;
	struct store *s;

	(void)state;
	make_state(true, STR_NONE);
	age("plan"); /* another ctime */
	assert_false(has_state(&st));
	make_state(true, STR_NONE);
	change_by_rename();
	assert_false(has_state(&st));
	make_state(true, STR_NONE);
	assert_int_equal(truncate("plan.state", 60), 0);
	assert_false(has_state(&st));

	/* written directly after a change: never relied on */
	put("plan", "10.0.0.1\n");
	s = open_ok("plan", STORE_READ);
	store_state_write(s, true, STR_NONE);
	store_close(s);
	assert_false(has_state(&st));
	make_state(true, STR_NONE);
	age("plan.state");
	assert_false(has_state(&st));
}

/* After a change of a file that takes long to write, it is there. */
static void
test_state_after_change(void **state)
{
	struct store_state st;
	struct store *s;

	(void)state;
	put("plan", "10.0.0.1\n");
	s = open_ok("plan", STORE_WRITE);
	assert_int_equal(prepare(s, "10.0.0.2\n"), STATUS_OK);
	usleep(20000);
	assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
	store_state_write(s, true, STR("sum 1\n"));
	store_close(s);
	assert_true(has_state(&st));
	assert_true(str_eq(st.lines, STR("sum 1\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(beside_append),
		TEST(beside_append_fails),
		TEST(beside_replace),
		TEST(state),
		TEST(state_does_not_match),
		TEST(state_after_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
