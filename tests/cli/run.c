/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run: runs the command tests, tests/cli/NAME.test.
 *
 *	run [-p IPAM] [-k PATTERN] [-j N] FILE...
 *
 * A file has comments at its top and then cases:
 *
 *	=== the name of the case
 *	--- file [NAME]       a file to begin with; NAME is network.ipam
 *	--- stdin             standard input of the next script; empty without
 *	--- run               a script for sh(1)
 *	--- out               what it must print, byte for byte; nothing without
 *	--- err               the same for standard error
 *	--- status N          its exit status; 0 without
 *	--- after [NAME]      the file afterwards; without this section,
 *	                      network.ipam must be as it was (absent, if it was)
 *
 * out~ and err~ have a POSIX extended regular expression for each line; out*
 * and err* take anything.  Each further `run`, with what belongs to it, goes on
 * where the one before ended; files may be written anew in between.
 *
 * A text ends with its last line's LF; a final line "\" takes that LF away.
 * Blank lines before the next case belong to nobody.  A section marked `%`
 * (--- file %, --- after NAME %) has \xNN for any byte.
 *
 * The script runs in a new directory, without a terminal, with ipam on PATH and
 * nothing else in its environment but HOME (an empty directory), LC_ALL, TERM,
 * IPAM_NOW, and TESTS, where the tests folder is.
 *
 * What fails is shown with its place and a diff.  -k runs the cases that match
 * an expression ("FILE: NAME"), -j how many at a time.  The exit status is 1 if
 * a case failed, 2 if a file could not be read as such.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"

enum { RUN_SECONDS = 60 };

#define SYSTEM_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct suite {
	struct tests tests;
	const char *ipam, *top; /* the program; where everything temporary is */
	regex_t only;
	bool has_only;
};

/* One case at work. */
struct trial {
	const struct suite *suite;
	const struct test *test;
	char *dir;    /* has cwd/, home/, and the in- and output of the script */
	FILE *report; /* what failed */
	bool failed;
};

static char *
path_in(const struct trial *t, const char *folder, const char *name)
{
	return format("%s/%s%s", t->dir, folder, name);
}

static struct text
get_file(const struct trial *t, const char *folder, const char *name)
{
	char *path = path_in(t, folder, name);
	struct text got = read_file(path);

	free(path);
	return got;
}

static void
put_file(const struct trial *t, const char *folder, const char *name, struct text text)
{
	char *path = path_in(t, folder, name);

	write_file(path, text);
	free(path);
}

__attribute__((format(printf, 3, 4))) static void
fail(struct trial *t, int line, const char *fmt, ...)
{
	va_list ap;

	if (!t->failed)
		fprintf(t->report, "FAIL %s:%d: %s\n", t->test->path, t->test->line, t->test->name);
	t->failed = true;
	fprintf(t->report, "%s:%d: ", t->test->path, line);
	va_start(ap, fmt);
	vfprintf(t->report, fmt, ap);
	va_end(ap);
	fputc('\n', t->report);
}

static void
show_diff(const struct trial *t, struct text want, struct text got)
{
	char *command =
	    format("cd '%s' && diff -a -u --label expected --label got want got", t->dir);
	FILE *diff;
	int c;

	put_file(t, "", "want", want);
	put_file(t, "", "got", got);
	diff = must(popen(command, "re"), "diff");
	while ((c = getc(diff)) != EOF)
		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			fprintf(t->report, "\\x%02x", (unsigned)c);
		else
			putc(c, t->report);
	pclose(diff);
	free(command);
}

static bool
line_matches(const char *pattern, const char *line)
{
	regex_t re;
	bool matches = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) == 0 &&
	               regexec(&re, line, 0, NULL, 0) == 0;

	regfree(&re);
	return matches;
}

/* Takes the next line off *rest; NULL behind the last. */
static char *
next_line(char **rest)
{
	return *rest && **rest ? strsep(rest, "\n") : NULL;
}

static bool
lines_match(struct text patterns, struct text got)
{
	char *p = must(strdup(patterns.p), "memory"), *g = must(strdup(got.p), "memory");
	char *rest_p = p, *rest_g = g, *pattern, *line;
	bool matches = strlen(got.p) == got.n;

	do {
		pattern = next_line(&rest_p);
		line = next_line(&rest_g);
		matches = matches && !pattern == !line && (!line || line_matches(pattern, line));
	} while (matches && line);
	free(p);
	free(g);
	return matches;
}

static bool
text_fits(const struct section *want, struct text got)
{
	if (want->mode == '~')
		return lines_match(want->text, got);
	return want->text.n == got.n && memcmp(want->text.p, got.p, got.n) == 0;
}

static void
check_text(struct trial *t, const struct section *want, const char *what, struct text got)
{
	if (want->mode == '*' || (!got.p && !want->text.p))
		return;
	if (!got.p) {
		fail(t, want->line, "%s is missing", what);
	} else if (!want->text.p) {
		fail(t, want->line, "%s was not there and is now", what);
	} else if (!text_fits(want, got)) {
		fail(t, want->line, "%s is not as expected", what);
		show_diff(t, want->text, got);
	}
	free(got.p);
}

/* What the run expects; if it doesn't say, that is an empty text, or 0. */
static struct section
expected(const struct test *test, const struct section *run, enum what what)
{
	for (const struct section *s = run + 1; s < test->section + test->n && s->what > RUN; s++)
		if (s->what == what)
			return *s;
	return (struct section){ .mode = '=', .text.p = "", .line = run->line };
}

static void
check_files(struct trial *t, const struct section *run, struct text data_before)
{
	const struct section unchanged = { .mode = '=', .text = data_before, .line = run->line };
	const struct section *end = t->test->section + t->test->n;
	bool has_data = false;

	for (const struct section *s = run + 1; s < end && s->what > RUN; s++)
		if (s->what == AFTER) {
			check_text(t, s, s->name, get_file(t, "cwd/", s->name));
			has_data |= strcmp(s->name, DATA_FILE) == 0;
		}
	if (!has_data)
		check_text(t, &unchanged, DATA_FILE " (that was to stay as it was)",
		    get_file(t, "cwd/", DATA_FILE));
}

static void
check_run(struct trial *t, const struct section *run, int status, struct text data_before)
{
	struct section out = expected(t->test, run, OUT), err = expected(t->test, run, ERR);
	struct section code = expected(t->test, run, STATUS);

	if (status != code.status)
		fail(t, code.line, "exit status %d, expected %d", status, code.status);
	check_text(t, &out, "standard output", get_file(t, "", "out"));
	check_text(t, &err, "standard error", get_file(t, "", "err"));
	check_files(t, run, data_before);
}

/* With what the sanitizers want to know, if the program was built with them. */
static char **
environment(const struct trial *t)
{
	char *program = must(strdup(t->suite->ipam), "memory");
	char *cases = must(realpath(t->test->path, NULL), t->test->path);
	const char *const fixed[] = { format("PATH=%s:" SYSTEM_PATH, dirname(program)),
		format("HOME=%s/home", t->dir), format("TESTS=%s", dirname(dirname(cases))),
		"LC_ALL=C.UTF-8", "TERM=dumb", "IPAM_NOW=2026-11-23T12:00:00Z" };
	size_t given = 0, n = sizeof(fixed) / sizeof(fixed[0]);
	const char **env;

	while (environ[given])
		given++;
	env = must(calloc(n + given + 1, sizeof(*env)), "memory");
	memcpy(env, fixed, sizeof(fixed));
	for (size_t i = 0; i < given; i++)
		if (strstr(environ[i], "SAN_OPTIONS="))
			env[n++] = environ[i];
	return (char **)env;
}

static void
redirect(const char *path, int flags, int fd)
{
	must_do(dup2(must_do(open(path, flags | O_CLOEXEC, 0666), path), fd), path);
}

__attribute__((noreturn)) static void
become_script(const struct trial *t, const char *script)
{
	char **env = environment(t);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	umask(022);
	redirect(path_in(t, "", "in"), O_RDONLY, STDIN_FILENO);
	redirect(path_in(t, "", "out"), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
	redirect(path_in(t, "", "err"), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
	must_do(chdir(path_in(t, "", "cwd")), t->dir);
	execle("/bin/sh", "sh", "-c", script, NULL, env);
	_exit(127);
}

/* The exit status as the shell gives it, -1 if it took too long.  SIGCHLD is
 * blocked. */
static int
wait_for(pid_t pid)
{
	const struct timespec second = { .tv_sec = 1 };
	time_t end = time(NULL) + RUN_SECONDS;
	int status;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (time(NULL) >= end) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		sigtimedwait(&child, NULL, &second);
	}
	kill(-pid, SIGKILL); /* what the script left behind */
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void
run_script(struct trial *t, const struct section *run, struct text input)
{
	struct text data_before = get_file(t, "cwd/", DATA_FILE);
	int status;
	pid_t pid;

	put_file(t, "", "in", input);
	fflush(NULL);
	pid = must_do(fork(), "fork");
	if (pid == 0)
		become_script(t, run->text.p);
	status = wait_for(pid);
	if (status < 0)
		fail(t, run->line, "not done after %d seconds", RUN_SECONDS);
	else
		check_run(t, run, status, data_before);
	free(data_before.p);
}

static void
make_folder(const char *path)
{
	must_do(mkdir(path, 0777), path);
}

static bool
run_test(const struct suite *suite, size_t number)
{
	struct trial t = { .suite = suite, .test = &suite->tests.v[number] };
	struct text nothing = { "", 0 }, input = nothing;
	char *report = format("%s/%zu.report", suite->top, number);

	t.dir = format("%s/%zu", suite->top, number);
	t.report = must(fopen(report, "we"), report);
	make_folder(t.dir);
	make_folder(path_in(&t, "", "cwd"));
	make_folder(path_in(&t, "", "home"));
	for (size_t i = 0; i < t.test->n && !t.failed; i++) {
		const struct section *s = &t.test->section[i];
		if (s->what == BEFORE)
			put_file(&t, "cwd/", s->name, s->text);
		else if (s->what == INPUT)
			input = s->text;
		else if (s->what == RUN) {
			run_script(&t, s, input);
			input = nothing;
		}
	}
	must_do(fclose(t.report), report);
	remove_tree(t.dir);
	return !t.failed;
}

/* Shared by the processes that run cases. */
struct progress {
	atomic_size_t next;
	bool passed[];
};

static bool
is_wanted(const struct suite *suite, const struct test *test)
{
	char *name = format("%s: %s", test->path, test->name);
	bool wanted = !suite->has_only || regexec(&suite->only, name, 0, NULL, 0) == 0;

	free(name);
	return wanted;
}

static void
work(const struct suite *suite, struct progress *progress)
{
	const struct tests *tests = &suite->tests;
	sigset_t child;
	size_t i;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	while ((i = atomic_fetch_add(&progress->next, 1)) < tests->n)
		progress->passed[i] = is_wanted(suite, &tests->v[i]) && run_test(suite, i);
}

static void
show_report(const struct suite *suite, size_t number)
{
	const struct test *test = &suite->tests.v[number];
	char *path = format("%s/%zu.report", suite->top, number);
	struct text report = read_file(path);

	if (report.n)
		fwrite(report.p, 1, report.n, stdout);
	else
		printf("FAIL %s:%d: %s\nthe runner broke off\n", test->path, test->line,
		    test->name);
	free(report.p);
	free(path);
}

/* Reports in the order of the cases. */
static int
summarise(const struct suite *suite, const struct progress *progress)
{
	size_t passed = 0, failed = 0;

	for (size_t i = 0; i < suite->tests.n; i++) {
		if (!is_wanted(suite, &suite->tests.v[i]))
			continue;
		if (progress->passed[i]) {
			passed++;
		} else {
			failed++;
			show_report(suite, i);
		}
	}
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed || passed == 0;
}

static int
run_all(struct suite *suite, long jobs)
{
	size_t size = sizeof(struct progress) + suite->tests.n * sizeof(bool);
	struct progress *progress =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *tmp = getenv("TMPDIR");
	char *top = format("%s/ipam-cli-XXXXXX", tmp ? tmp : "/tmp");
	int status;

	if (progress == MAP_FAILED)
		die("run: %s", strerror(errno));
	suite->top = must(mkdtemp(top), top);
	for (long i = 0; i < jobs; i++)
		if (must_do(fork(), "fork") == 0) {
			work(suite, progress);
			_exit(0);
		}
	while (wait(NULL) > 0)
		continue;
	status = summarise(suite, progress);
	remove_tree(top);
	return status;
}

int
main(int argc, char **argv)
{
	struct suite suite = { .ipam = "build/ipam" };
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	int option;

	while ((option = getopt(argc, argv, "p:k:j:")) != -1) {
		if (option == 'p')
			suite.ipam = optarg;
		else if (option == 'j')
			jobs = strtol(optarg, NULL, 10);
		else if (option != 'k' || regcomp(&suite.only, optarg, REG_EXTENDED | REG_NOSUB))
			die("usage: run [-p IPAM] [-k PATTERN] [-j N] FILE...");
		else
			suite.has_only = true;
	}
	suite.ipam = must(realpath(suite.ipam, NULL), suite.ipam);
	for (int i = optind; i < argc; i++)
		read_tests(&suite.tests, argv[i]);
	return run_all(&suite, jobs > 0 ? jobs : 1);
}
