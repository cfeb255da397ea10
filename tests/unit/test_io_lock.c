/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may: owner, group, mode, ACL; the lock; signals and limits. */
#include "store.h"

/* --- owner, group, mode, ACL ------------------------------------------- */

static void
test_mode(void **state)
{
	static const struct {
		unsigned mode, lock;
	} cases[] = { { 0644, 0600 }, { 0664, 0660 }, { 0666, 0666 }, { 0600, 0600 },
		{ 0640, 0600 }, { 0755, 0600 }, { 0662, 0666 }, { 0660, 0660 } };

	(void)state;
	umask(077);
	put("plan", "");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		chmod("plan", (mode_t)cases[i].mode);
		append("plan", "x\n");
		assert_int_equal(mode_of("plan"), cases[i].mode);
		assert_int_equal(mode_of("plan.lock"), cases[i].lock);
	}
}

static void
test_owner(void **state)
{
	struct stat st;

	(void)state;
	need_root();
	put("plan", "");
	assert_int_equal(chown("plan", 1234, 2345), 0);
	chmod("plan", 04660);
	append("plan", "x\n");
	assert_int_equal(stat("plan", &st), 0);
	assert_int_equal(st.st_uid, 1234);
	assert_int_equal(st.st_gid, 2345);
	assert_int_equal(st.st_mode & 07777, 04660);
	assert_int_equal(stat("plan.lock", &st), 0);
	assert_int_equal(st.st_uid, 1234);
	assert_int_equal(st.st_gid, 2345);
	assert_int_equal(st.st_mode & 07777, 0660);
}

static void
member_appends(void)
{
	become(NOBODY, 2345);
	append("plan", "x\n");
}

/* A member of the group writes, and then another one. */
static void
test_group(void **state)
{
	struct stat st;

	(void)state;
	need_root();
	chmod(".", 0777);
	put("plan", "");
	assert_int_equal(chown("plan", 1234, 2345), 0);
	chmod("plan", 0660);
	assert_int_equal(in_child(member_appends), 0);
	assert_int_equal(stat("plan", &st), 0);
	assert_int_equal(st.st_gid, 2345);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(stat("plan.lock", &st), 0);
	assert_int_equal(st.st_gid, 2345);
	assert_int_equal(st.st_mode & 07777, 0660);
	append("plan", "y\n");
	assert_int_equal(in_child(member_appends), 0);
	assert_file("plan", "x\ny\nx\n");
}

static void
stranger_writes(void)
{
	become(NOBODY, NOBODY);
	assert_refused("plan", STORE_WRITE, STATUS_SYSTEM, "a group that you are not in");
	assert_refused("private", STORE_READ, STATUS_SYSTEM, "Permission denied");
	assert_refused("readable", STORE_WRITE, STATUS_SYSTEM, "Permission denied; nothing");
	store_close(open_ok("readable", STORE_READ));
	store_close(open_ok("readable", STORE_LOOK));
}

static void
test_permissions(void **state)
{
	(void)state;
	need_root();
	chmod(".", 0777);
	put("plan", "a\n");
	chmod("plan", 0666);
	put("private", "b\n");
	chmod("private", 0600);
	put("readable", "c\n");
	assert_int_equal(in_child(stranger_writes), 0);
	assert_false(exists("plan.lock"));
	assert_false(exists("readable.lock"));
}

/* user::rw- user:1234:<perm> group::r-- mask::rw- other::--- */
static void
make_acl(unsigned char acl[44], unsigned char perm)
{
	const unsigned char entries[5][2] = { { 1, 6 }, { 2, perm }, { 4, 4 }, { 16, 6 },
		{ 32, 0 } };

	memset(acl, 0xff, 44);
	memcpy(acl, "\2\0\0\0", 4);
	for (int i = 0; i < 5; i++) {
		acl[4 + i * 8] = entries[i][0];
		acl[6 + i * 8] = entries[i][1];
		acl[5 + i * 8] = acl[7 + i * 8] = 0;
	}
	memcpy(acl + 4 + 8 + 4, "\xd2\4\0\0", 4);
}

static void
set_acl(const char *path, const char *kind, unsigned char perm)
{
	unsigned char acl[44];

	make_acl(acl, perm);
	if (setxattr(path, kind, acl, sizeof(acl), 0) < 0)
		skip();
}

static void
assert_acl(const char *path, unsigned char perm, unsigned char group)
{
	unsigned char want[44], got[64];

	make_acl(want, perm);
	want[4 + 16 + 2] = group;
	assert_int_equal(getxattr(path, "system.posix_acl_access", got, sizeof(got)), 44);
	assert_memory_equal(got, want, 44);
}

static void
test_acl(void **state)
{
	struct beside log;

	(void)state;
	put("plan", "");
	set_acl("plan", "system.posix_acl_access", 6);
	append("plan", "x\n");
	assert_acl("plan", 6, 4);
	assert_acl("plan.lock", 6, 0);
	assert_int_equal(mode_of("plan"), 0660);
	set_acl("plan", "system.posix_acl_access", 4);
	unlink("plan.lock");
	struct store *s = open_ok("plan", STORE_WRITE);
	assert_acl("plan.lock", 0, 0);
	assert_int_equal(beside_open(&log, s, ".log", BESIDE_APPEND, &diags), STATUS_OK);
	assert_acl("plan.log", 4, 4);
	beside_close(&log);
	store_close(s);
}

/* The directory's default ACL is not for a file without one. */
static void
test_acl_default(void **state)
{
	(void)state;
	put("plan", "");
	set_acl(".", "system.posix_acl_default", 6);
	append("plan", "x\n");
	assert_int_equal(getxattr("plan", "system.posix_acl_access", NULL, 0), -1);
	assert_int_equal(mode_of("plan"), 0644);
	assert_int_equal(mode_of("plan.lock"), 0600);
}

static void
test_xattr(void **state)
{
	char value[8];

	(void)state;
	put("plan", "");
	if (setxattr("plan", "user.note", "abc", 3, 0) < 0)
		skip();
	append("plan", "x\n");
	assert_int_equal(getxattr("plan", "user.note", value, sizeof(value)), 3);
	assert_memory_equal(value, "abc", 3);
	assert_int_equal(getxattr("plan.lock", "user.note", value, sizeof(value)), -1);
}

/* --- the lock ---------------------------------------------------------- */

static void
test_lock(void **state)
{
	struct store_request q = { .env = &env_plain, .wait = 30 };
	struct store *s, *other;
	char want[64];

	(void)state;
	put("plan", "");
	s = open_ok("plan", STORE_WRITE);
	assert_int_equal(store_open(&other, &q, "plan", STORE_WRITE, &diags), STATUS_LOCKED);
	snprintf(want, sizeof(want), "plan: locked by pid %ld (alice: ipam test)", (long)getpid());
	assert_said(want);
	store_close(open_ok("plan", STORE_READ));
	store_unlock(s);
	assert_int_equal(store_open(&other, &q, "plan", STORE_WRITE, &diags), STATUS_OK);
	store_close(other);
	store_close(s);
}

/* Whoever holds it need not be one of us. */
static void
test_lock_holder_untrusted(void **state)
{
	(void)state;
	put("plan", "");
	put("plan.lock", "a\033[31mb\302\233c  \nrest");
	int fd = open("plan.lock", O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_refused("plan", STORE_WRITE, STATUS_LOCKED, "plan: locked by a?[31mb??c");
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_refused("plan", STORE_WRITE, STATUS_LOCKED, "plan: locked by another program");
	close(fd);
	store_close(open_ok("plan", STORE_WRITE));
}

static void
holds_for_a_while(void)
{
	struct store *s = open_ok("plan", STORE_WRITE);

	put("held", "");
	usleep(50000);
	must(prepare(s, "child\n") == STATUS_OK);
	must(store_publish(s, &diags) == STORE_COMMITTED);
	store_close(s);
}

static void
test_lock_waits(void **state)
{
	struct store_request q = { .env = &env_plain, .wait = 10000 };
	struct store *s;
	pid_t pid;

	(void)state;
	put("plan", "");
	pid = soon(holds_for_a_while);
	while (!exists("held"))
		usleep(1000);
	assert_int_equal(store_open(&s, &q, "plan", STORE_WRITE, &diags), STATUS_OK);
	assert_text(s, "child\n");
	store_close(s);
	waitpid(pid, NULL, 0);
}

static void
holds_and_is_killed(void)
{
	struct store *s = open_ok("plan", STORE_WRITE);

	must(prepare(s, "child\n") == STATUS_OK);
	raise(SIGKILL);
}

static void
test_lock_of_the_killed(void **state)
{
	(void)state;
	put("plan", "old\n");
	assert_true(WIFSIGNALED(in_child(holds_and_is_killed)));
	assert_true(exists(".plan.ipam-tmp"));
	append("plan", "new\n");
	assert_file("plan", "old\nnew\n");
	assert_false(exists(".plan.ipam-tmp"));
}

static void
remove_lock(void)
{
	unlink("plan.lock");
	put("plan.lock", "");
	usleep(50000);
}

/* A lock on a file that has lost its name is no lock. */
static void
test_lock_removed(void **state)
{
	struct store_request q = { .env = &env_plain, .wait = 10000 };
	struct store *s;
	struct stat a, b;
	int fd;

	(void)state;
	put("plan", "");
	put("plan.lock", "");
	fd = open("plan.lock", O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	pid_t pid = soon(remove_lock); /* it has fd, too, and so the lock */
	close(fd);
	assert_int_equal(store_open(&s, &q, "plan", STORE_WRITE, &diags), STATUS_OK);
	fd = open("plan.lock", O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(fstat(fd, &a), 0);
	assert_int_equal(stat("plan.lock", &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	close(fd);
	store_close(s);
	waitpid(pid, NULL, 0);
}

/* --- signals, limits, descriptors -------------------------------------- */

static void
is_terminated(void)
{
	struct store *s = open_ok("plan", STORE_WRITE);

	must(prepare(s, "new\n") == STATUS_OK && exists(".plan.ipam-tmp"));
	raise(SIGTERM);
}

static void
exits(void)
{
	static struct store *s; /* so that no leak is seen */

	s = open_ok("plan", STORE_WRITE);

	must(prepare(s, "new\n") == STATUS_OK);
	exit(0);
}

static void
ignores_hangup(void)
{
	signal(SIGHUP, SIG_IGN);
	struct store *s = open_ok("plan", STORE_WRITE);
	must(prepare(s, "new\n") == STATUS_OK);
	raise(SIGHUP);
	must(store_publish(s, &diags) == STORE_COMMITTED);
	store_close(s);
}

static void
test_signals(void **state)
{
	int status;

	(void)state;
	put("plan", "old\n");
	status = in_child(is_terminated);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_false(exists(".plan.ipam-tmp"));
	assert_int_equal(in_child(exits), 0);
	assert_false(exists(".plan.ipam-tmp"));
	assert_file("plan", "old\n");
	assert_int_equal(in_child(ignores_hangup), 0);
	assert_file("plan", "old\nnew\n");

	store_close(open_ok("plan", STORE_WRITE));
	struct sigaction now;
	assert_int_equal(sigaction(SIGPIPE, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, SIG_DFL);
	assert_int_equal(sigaction(SIGTERM, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, SIG_DFL);
}

static void
has_no_room(void)
{
	struct rlimit limit = { 6, 6 };
	struct store *s = open_ok("plan", STORE_WRITE);

	must(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	must(prepare(s, "new\n") == STATUS_SYSTEM);
	must(!exists(".plan.ipam-tmp"));
	store_close(s);
}

static void
test_file_size_limit(void **state)
{
	(void)state;
	put("plan", "old\n");
	assert_int_equal(in_child(has_no_room), 0);
	assert_file("plan", "old\n");
}

static void
has_nothing_open(void)
{
	struct stat st;
	char c;

	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	struct store *s = open_ok("plan", STORE_WRITE);
	for (int fd = 0; fd <= 2; fd++)
		must(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode));
	must(read(0, &c, 1) < 0 && write(1, "x", 1) < 0 && write(2, "x", 1) < 0);
	must(prepare(s, "new\n") == STATUS_OK);
	must(store_publish(s, &diags) == STORE_COMMITTED);
	store_close(s);
}

static void
test_closed_descriptors(void **state)
{
	(void)state;
	put("plan", "old\n");
	assert_int_equal(in_child(has_nothing_open), 0);
	assert_file("plan", "old\nnew\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mode),
		TEST(owner),
		TEST(group),
		TEST(permissions),
		TEST(acl),
		TEST(acl_default),
		TEST(xattr),
		TEST(lock),
		TEST(lock_holder_untrusted),
		TEST(lock_waits),
		TEST(lock_of_the_killed),
		TEST(lock_removed),
		TEST(signals),
		TEST(file_size_limit),
		TEST(closed_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
