/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to servers of all sorts: each is a child. */
#include "store.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "io/socket.h"

static struct str answer;

static int
listen_at(const char *path, int backlog)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(at.sun_path, path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	if (backlog >= 0)
		assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

/* Answers one client with the question and `more`, in so many pieces. */
static pid_t
serve(int fd, const char *more, unsigned pieces)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	char question[64];
	int client = accept(fd, NULL, NULL);
	ssize_t n = read(client, question, sizeof(question));
	must(n > 0);
	for (unsigned i = 0; i < pieces; i++) {
		must(write(client, question, (size_t)n) == n);
		must(write(client, more, strlen(more)) == (ssize_t)strlen(more));
		usleep(1000);
	}
	_exit(0);
}

static enum status
ask(const char *path, int64_t timeout)
{
	return socket_ask(path, STR("who?"), timeout, &env_plain, &arena, &answer, &diags);
}

static void
test_answer(void **state)
{
	int status;

	(void)state;
	int fd = listen_at("server", 1);
	pid_t pid = serve(fd, " me\n", 3);
	assert_int_equal(ask("server", 20000), STATUS_OK);
	check(str_eq(answer, STR("who? me\nwho? me\nwho? me\n")), "%.*s", STR_FMT(answer));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(diags.n, 0);
	close(fd);
}

static void
test_no_answer(void **state)
{
	(void)state;
	int fd = listen_at("server", 1);
	pid_t pid = serve(fd, "", 0);
	assert_int_equal(ask("server", 20000), STATUS_REMOTE);
	assert_said("server: closed the connection without an answer");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(fd);
}

static void
test_nobody(void **state)
{
	char path[200];

	(void)state;
	assert_int_equal(ask("none", 1000), STATUS_REMOTE);
	assert_said("none: No such file or directory");
	put("file", "");
	assert_int_equal(ask("file", 1000), STATUS_REMOTE);
	assert_said("file: Connection refused");
	close(listen_at("dead", 1));
	assert_int_equal(ask("dead", 1000), STATUS_REMOTE);
	assert_said("dead: Connection refused");
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(ask(path, 1000), STATUS_REMOTE);
	assert_said("File name too long");
}

/* It listens, but nobody is at home. */
static void
test_silence(void **state)
{
	(void)state;
	int fd = listen_at("silent", 0);
	assert_int_equal(ask("silent", 50), STATUS_REMOTE);
	assert_said("silent: Connection timed out");
	/* those who wait already leave no room for more */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask("silent", 50), STATUS_REMOTE);
		diags_clear(&diags);
	}
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answer),
		TEST(no_answer),
		TEST(nobody),
		TEST(silence),
	};

	return cmocka_run_group_tests_name("io_socket", tests, NULL, NULL);
}
