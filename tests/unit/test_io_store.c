/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which file; reading and replacing it. */
#include "store.h"

/* --- which file -------------------------------------------------------- */

static const char *
find(const char *file, const char *variable)
{
	struct store_request q = { .env = &env_plain,
		.file = file,
		.variable = variable,
		.fallback = "fallback/it" };
	const char *path = NULL;

	return store_find(&q, &arena, &path, &diags) == STATUS_OK ? path : NULL;
}

static void
test_find(void **state)
{
	(void)state;
	assert_null(find(NULL, NULL));
	assert_int_equal(diags.n, 1);
	assert_true(str_eq(diags.v[0].hint, STR("`ipam init` makes a data file")));
	diags_clear(&diags);

	mkdir("fallback", 0755);
	put("fallback/it", "");
	assert_string_equal(find(NULL, NULL), "fallback/it");
	assert_string_equal(find(NULL, ""), "fallback/it");
	put("network.ipam", "");
	assert_string_equal(find(NULL, NULL), "network.ipam");
	assert_string_equal(find(NULL, "variable"), "variable");
	assert_string_equal(find("file", "variable"), "file");

	mkdir("a", 0755);
	mkdir("a/b", 0755);
	assert_int_equal(chdir("a/b"), 0);
	assert_string_equal(find(NULL, NULL), "../../network.ipam");
	put("../network.ipam.lock", "");
	assert_string_equal(find(NULL, NULL), "../network.ipam");
	put("network.ipam.state", "");
	assert_string_equal(find(NULL, NULL), "network.ipam");
	unlink("network.ipam.state");
	assert_int_equal(symlink("nowhere", "network.ipam"), 0);
	assert_string_equal(find(NULL, NULL), "network.ipam");
	assert_int_equal(diags.n, 0);
}

static void
test_find_bad(void **state)
{
	(void)state;
	assert_null(find("-", NULL));
	assert_said("cannot be standard input");
	assert_null(find(NULL, "-"));
	assert_said("cannot be standard input");
	assert_null(find("", NULL));
	assert_said("empty");
}

/* --- reading ----------------------------------------------------------- */

static void
test_read(void **state)
{
	static const char *const texts[] = { "", "10.0.0.1\n", "@ipam 1\n\n10.0.0.1 host=a" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		put_old("plan", texts[i]);
		struct store *s = open_ok("plan", STORE_READ);
		assert_text(s, texts[i]);
		assert_string_equal(store_name(s), "plan");
		store_close(s);
	}
	assert_false(exists("plan.lock"));
	store_close(NULL);
}

static void
test_read_refused(void **state)
{
	(void)state;
	mkdir("folder", 0755);
	mkfifo("fifo", 0644);
	assert_int_equal(symlink("loop", "loop"), 0);
	put("missing.lock", "");
	for (enum store_mode mode = STORE_READ; mode <= STORE_LOOK; mode++) {
		assert_refused("folder", mode, STATUS_SYSTEM, "folder: is a directory");
		assert_refused("folder/", mode, STATUS_SYSTEM, "is a directory");
		assert_refused("fifo", mode, STATUS_SYSTEM, "is not a regular file");
		assert_refused("/", mode, STATUS_SYSTEM, "is a directory");
		assert_refused("loop", mode, STATUS_SYSTEM, "cannot be opened");
		assert_refused("none", mode, STATUS_SYSTEM, "there is no such file");
		assert_refused("none/plan", mode, STATUS_SYSTEM, "there is no such file");
		assert_refused("missing", mode, STATUS_SYSTEM, "the data file is missing");
	}
	assert_false(exists("folder.lock"));
	assert_false(exists("fifo.lock"));
}

static void
write_whole(void)
{
	put("plan", "10.0.0.1\n10.0.0.2\n");
}

/* git removes a file and makes it anew. */
static void
test_read_missing_for_a_moment(void **state)
{
	static const enum store_mode modes[] = { STORE_READ, STORE_WRITE, STORE_LOOK };

	(void)state;
	put("plan.lock", "");
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		unlink("plan");
		pid_t pid = soon(write_whole);
		store_close(open_ok("plan", modes[i]));
		waitpid(pid, NULL, 0);
	}
}

/* A file is half written only for a short time, in which a busy machine may not get to
 * the one who writes: then once more. */
static void
test_read_half_written(void **state)
{
	bool is_whole = false;
	size_t n;

	(void)state;
	for (int tries = 0; tries < 50 && !is_whole; tries++) {
		put("plan", "10.0.0.1\n10.");
		pid_t pid = soon(write_whole);
		struct store *s = open_ok("plan", STORE_READ);
		is_whole = store_sources(s, &n)->n > strlen("10.0.0.1\n10.");
		if (is_whole)
			assert_text(s, "10.0.0.1\n10.0.0.2\n");
		store_close(s);
		waitpid(pid, NULL, 0);
	}
	assert_true(is_whole);
}

static void
test_look(void **state)
{
	struct store *s;
	char buf[8];
	size_t got;

	(void)state;
	put_old("plan", "0123456789\n");
	s = open_ok("plan", STORE_LOOK);
	assert_int_equal(store_id(s).size, 11);
	assert_int_equal(store_pread(s, 2, buf, 8, &got, &diags), STATUS_OK);
	assert_int_equal(got, 8);
	assert_memory_equal(buf, "23456789", 8);
	assert_int_equal(store_pread(s, 8, buf, 8, &got, &diags), STATUS_OK);
	assert_int_equal(got, 3);
	assert_int_equal(store_pread(s, 12, buf, 8, &got, &diags), STATUS_OK);
	assert_int_equal(got, 0);
	assert_int_equal(store_load(s, &diags), STATUS_OK);
	assert_text(s, "0123456789\n");
	append("plan", "new\n");
	assert_true(store_is_same(s)); /* the one that it has opened */
	store_close(s);

	s = open_ok("plan", STORE_LOOK);
	usleep(20000);
	put("plan", "other\n");
	assert_false(store_is_same(s));
	store_close(s);
}

/* --- writing ----------------------------------------------------------- */

static void
test_write(void **state)
{
	struct file_id old, new;

	(void)state;
	put("plan", "one\ntwo\nthree\n");
	struct store *s = open_ok("plan", STORE_WRITE);
	struct piece pieces[] = {
		{ .kept = true, .n = 4 },
		{ .p = "TWO\n", .n = 4 },
		{ .p = NULL, .n = 0 },
		{ .kept = true, .from = 8, .n = 6 },
		{ .kept = true, .from = 0, .n = 4 },
	};
	assert_int_equal(store_prepare(s, 0, pieces, 5, &diags), STATUS_OK);
	old = store_id(s);
	assert_file("plan", "one\ntwo\nthree\n");
	assert_true(exists(".plan.ipam-tmp"));
	assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
	new = store_new_id(s);
	store_unlock(s);
	store_close(s);
	assert_file("plan", "one\nTWO\nthree\none\n");
	assert_false(exists(".plan.ipam-tmp"));
	assert_false(file_id_eq(&old, &new));
	s = open_ok("plan", STORE_READ);
	old = store_id(s);
	assert_true(file_id_eq(&old, &new));
	store_close(s);
}

static void
test_write_edges(void **state)
{
	(void)state;
	put_old("plan", "");
	append("plan", "no end");
	assert_file("plan", "no end");
	age("plan");
	append("plan", "\n");
	assert_file("plan", "no end\n");
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_int_equal(store_prepare(s, 0, NULL, 0, &diags), STATUS_OK);
	assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
	store_close(s);
	assert_file("plan", "");

	s = open_ok("plan", STORE_WRITE);
	struct piece wrong = { .kept = true, .from = 1, .n = 1 };
	assert_int_equal(store_prepare(s, 0, &wrong, 1, &diags), STATUS_SYSTEM);
	assert_said("nothing was written");
	assert_false(exists(".plan.ipam-tmp"));
	store_close(s);
}

/* Large enough for every way in which bytes are taken over. */
static void
test_write_large(void **state)
{
	size_t n = 3 << 20;
	char *text = malloc(n + 1), *want = malloc(n + 3);

	(void)state;
	for (size_t i = 0; i < n; i++)
		text[i] = i % 61 == 60 ? '\n' : (char)('a' + i * i % 23);
	text[n] = '\0';
	snprintf(want, n + 3, "%.*s+\n%s", 1000003, text, text + 1000003);
	for (int old = 0; old < 2; old++) {
		put("plan", text);
		if (old)
			age("plan");
		struct store *s = open_ok("plan", STORE_WRITE);
		struct piece pieces[] = {
			{ .kept = true, .n = 1000003 },
			{ .p = "+\n", .n = 2 },
			{ .kept = true, .from = 1000003, .n = 100 },
			{ .p = text + 1000103, .n = 500000 },
			{ .kept = true, .from = 1500103, .n = n - 1500103 },
		};
		assert_int_equal(store_prepare(s, 0, pieces, 5, &diags), STATUS_OK);
		assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
		store_close(s);
		assert_file("plan", want);
	}
	free(text);
	free(want);
}

static void
test_write_abandoned(void **state)
{
	(void)state;
	put("plan", "old\n");
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_int_equal(prepare(s, "new\n"), STATUS_OK);
	store_abandon(s);
	assert_false(exists(".plan.ipam-tmp"));
	assert_int_equal(prepare(s, "newer\n"), STATUS_OK);
	store_close(s);
	assert_false(exists(".plan.ipam-tmp"));
	assert_file("plan", "old\n");
}

static void
test_write_stale_temp(void **state)
{
	(void)state;
	put("plan", "old\n");
	put("victim", "victim\n");
	put(".plan.ipam-tmp", "left by a killed process");
	append("plan", "new\n");
	assert_int_equal(symlink("victim", ".plan.ipam-tmp"), 0);
	append("plan", "newer\n");
	assert_file("plan", "old\nnew\nnewer\n");
	assert_file("victim", "victim\n");
	assert_false(exists(".plan.ipam-tmp"));
	mkdir(".plan.ipam-tmp", 0755);
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_int_equal(prepare(s, "more\n"), STATUS_SYSTEM);
	assert_said("no file can be made beside it");
	store_close(s);
	assert_file("plan", "old\nnew\nnewer\n");
}

static void
test_write_links(void **state)
{
	struct stat st;

	(void)state;
	mkdir("real", 0755);
	put("real/plan", "old\n");
	assert_int_equal(symlink("real/plan", "link"), 0);
	append("link", "new\n");
	assert_file("real/plan", "old\nnew\n");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_true(exists("real/plan.lock"));
	assert_false(exists("link.lock"));

	assert_int_equal(link("real/plan", "hard"), 0);
	assert_refused("hard", STORE_WRITE, STATUS_SYSTEM, "hard: is a hard link");
	assert_false(exists("hard.lock"));
	store_close(open_ok("hard", STORE_READ));
}

/* --- changed under us --------------------------------------------------- */

static void
change_in_place(void)
{
	int fd = open("plan", O_WRONLY);

	must(pwrite(fd, "X", 1, 0) == 1 && close(fd) == 0);
}

static void
change_in_place_unseen(void)
{
	struct stat st;

	must(stat("plan", &st) == 0);
	struct timespec t[2] = { st.st_atim, st.st_mtim };
	change_in_place();
	must(utimensat(AT_FDCWD, "plan", t, 0) == 0);
}

static void
change_mode(void)
{
	put("plan", "Xld\n");
	chmod("plan", 0600);
}

static void
test_changed(void **state)
{
	void (*const changes[])(
	    void) = { change_in_place, change_in_place_unseen, change_by_rename, change_mode };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(changes); i++) {
		put("plan", "old\n");
		if (i % 2)
			age("plan");
		struct store *s = open_ok("plan", STORE_WRITE);
		assert_int_equal(prepare(s, "new\n"), STATUS_OK);
		changes[i / 2]();
		assert_int_equal(store_publish(s, &diags), STORE_CHANGED);
		assert_int_equal(diags.n, 0);
		assert_file("plan", "Xld\n");
		assert_int_equal(store_reload(s, &diags), STATUS_OK);
		assert_false(exists(".plan.ipam-tmp"));
		assert_text(s, "Xld\n");
		assert_int_equal(prepare(s, "new\n"), STATUS_OK);
		assert_int_equal(store_publish(s, &diags), STORE_COMMITTED);
		store_close(s);
		assert_file("plan", "Xld\nnew\n");
	}
}

static void
test_changed_too_often(void **state)
{
	(void)state;
	put("plan", "old\n");
	struct store *s = open_ok("plan", STORE_WRITE);
	for (int i = 0; i <= 3; i++) {
		assert_int_equal(prepare(s, "new\n"), STATUS_OK);
		change_by_rename();
		assert_int_equal(store_publish(s, &diags), STORE_CHANGED);
		assert_int_equal(store_reload(s, &diags), i < 3 ? STATUS_OK : STATUS_SYSTEM);
	}
	assert_said("keep changing it without the lock; nothing was written");
	store_close(s);
	assert_file("plan", "Xld\n");
}

static void
test_changed_missing(void **state)
{
	(void)state;
	put("plan", "old\n");
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_int_equal(prepare(s, "new\n"), STATUS_OK);
	unlink("plan");
	assert_int_equal(store_publish(s, &diags), STORE_CHANGED);
	pid_t pid = soon(write_whole);
	assert_int_equal(store_reload(s, &diags), STATUS_OK);
	assert_text(s, "10.0.0.1\n10.0.0.2\n");
	waitpid(pid, NULL, 0);
	unlink("plan");
	assert_int_equal(store_reload(s, &diags), STATUS_SYSTEM);
	assert_said("missing");
	store_close(s);
	assert_false(exists("plan"));
}

/* --- a new data file ----------------------------------------------------- */

static void
test_create(void **state)
{
	(void)state;
	umask(027);
	assert_int_equal(store_create("plan", STR("@ipam 1\n"), &diags), STATUS_OK);
	assert_file("plan", "@ipam 1\n");
	assert_int_equal(mode_of("plan"), 0640);
	assert_int_equal(store_create("plan", STR("x"), &diags), STATUS_CONFLICT);
	assert_said("plan: exists already");
	assert_file("plan", "@ipam 1\n");
	mkdir("folder", 0755);
	assert_int_equal(store_create("folder", STR("x"), &diags), STATUS_CONFLICT);
	assert_said("exists already");
	assert_int_equal(store_create("folder/", STR("x"), &diags), STATUS_USAGE);
	assert_said("not the name of a file");
	assert_int_equal(store_create("folder/plan", STR("x"), &diags), STATUS_OK);
	assert_file("folder/plan", "x");
	assert_int_equal(store_create("none/plan", STR("x"), &diags), STATUS_SYSTEM);
	assert_said("none/plan: cannot be made: No such file or directory; nothing was written");
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(store_create("link", STR("x"), &diags), STATUS_CONFLICT);
	assert_said("exists already");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(find),
		TEST(find_bad),
		TEST(read),
		TEST(read_refused),
		TEST(read_missing_for_a_moment),
		TEST(read_half_written),
		TEST(look),
		TEST(write),
		TEST(write_edges),
		TEST(write_large),
		TEST(write_abandoned),
		TEST(write_stale_temp),
		TEST(write_links),
		TEST(changed),
		TEST(changed_too_often),
		TEST(changed_missing),
		TEST(create),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
