/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases.h"

#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[WHAT_COUNT] = { "file", "stdin", "run", "out", "err", "status",
	"after" };

struct reader {
	const char *path;
	int line;
	struct tests *tests;
	struct test *test;       /* the case that is being read, or NULL */
	struct section *section; /* its section that is being read, or NULL, */
	char *body;              /* and where its text begins */
};

__attribute__((format(printf, 2, 3), noreturn)) static void
complain(const struct reader *rd, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", rd->path, rd->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(BROKEN);
}

/* Puts bytes in the place of \xNN. */
static void
unescape(struct text *t)
{
	size_t out = 0;
	unsigned byte;

	for (size_t i = 0; i < t->n; i++)
		if (t->p[i] == '\\' && sscanf(t->p + i, "\\x%2x", &byte) == 1) {
			t->p[out++] = (char)byte;
			i += 3;
		} else {
			t->p[out++] = t->p[i];
		}
	t->n = out;
	t->p[out] = '\0';
}

static char *
without_blank_lines(const char *start, char *end)
{
	while (end > start && end[-1] == '\n' && (end - 1 == start || end[-2] == '\n'))
		end--;
	return end;
}

/* A final line "\" and the LF before it. */
static void
remove_final_lf(struct text *t)
{
	if (t->n == 2 && strcmp(t->p, "\\\n") == 0)
		t->n = 0;
	else if (t->n > 2 && strcmp(t->p + t->n - 3, "\n\\\n") == 0)
		t->n -= 3;
	t->p[t->n] = '\0';
}

static void
check_patterns(const struct reader *rd, const char *patterns)
{
	char *rest = must(strdup(patterns), "memory");
	regex_t re;

	for (char *p; (p = strsep(&rest, "\n"));) {
		if (regcomp(&re, p, REG_EXTENDED | REG_NOSUB) != 0)
			complain(rd, "no regular expression, in the section above: \"%s\"", p);
		regfree(&re);
	}
}

static void
end_section(struct reader *rd, const char *end)
{
	struct section *s = rd->section;

	if (!s)
		return;
	s->text.n = (size_t)(end - rd->body);
	s->text.p = must(strndup(rd->body, s->text.n), "memory");
	remove_final_lf(&s->text);
	if (s->escapes)
		unescape(&s->text);
	if (s->mode == '~')
		check_patterns(rd, s->text.p);
	if (s->what == STATUS && s->text.n)
		complain(rd, "the status has a text");
	rd->section = NULL;
}

static void
end_test(struct reader *rd, char *end)
{
	const struct test *t = rd->test;

	if (rd->section)
		end_section(rd, without_blank_lines(rd->body, end));
	if (t && (t->n == 0 || t->section[t->n - 1].what < RUN))
		complain(rd, "\"%s\" has nothing to run at its end", t->name);
	rd->test = NULL;
}

static void
start_test(struct reader *rd, const char *name)
{
	struct tests *t = rd->tests;

	t->v = grow(t->v, t->n, sizeof(*t->v));
	rd->test = &t->v[t->n++];
	*rd->test = (struct test){ .path = rd->path, .name = name, .line = rd->line };
}

/* Each section once for a script, and in its place before or behind it. */
static void
check_place(const struct reader *rd, const struct section *s)
{
	const struct section *all = rd->test->section;
	size_t i = rd->test->n;

	for (; i > 0 && all[i - 1].what != RUN && (all[i - 1].what > RUN) == (s->what > RUN); i--)
		if (all[i - 1].what == s->what &&
		    (!s->name || strcmp(all[i - 1].name, s->name) == 0))
			complain(rd, "a second %s", words[s->what]);
	if (s->what > RUN && (i == 0 || all[i - 1].what != RUN))
		complain(rd, "%s without a run before it", words[s->what]);
}

static void
read_argument(const struct reader *rd, struct section *s, const char *arg)
{
	char *end;

	if (strcmp(arg, "%") == 0) {
		s->escapes = true;
	} else if (s->what == BEFORE || s->what == AFTER) {
		s->name = arg;
	} else if (s->what == STATUS) {
		s->status = (int)strtol(arg, &end, 10);
		if (*end || s->status < 0 || s->status > 255)
			complain(rd, "\"%s\" is no exit status", arg);
	} else {
		complain(rd, "%s with \"%s\"", words[s->what], arg);
	}
}

static struct section
read_heading(const struct reader *rd, char *heading)
{
	struct section s = { .mode = '=', .line = rd->line };
	char *rest = heading, *word = strsep(&rest, " ");
	size_t n = strlen(word);

	if (n && strchr("~*", word[n - 1])) {
		s.mode = word[n - 1];
		word[n - 1] = '\0';
	}
	while (s.what < WHAT_COUNT && strcmp(word, words[s.what]) != 0)
		s.what++;
	if (s.what == WHAT_COUNT || (s.mode != '=' && s.what != OUT && s.what != ERR))
		complain(rd, "there is no section of this kind: \"%s\"", word);
	if (s.what == BEFORE || s.what == AFTER)
		s.name = DATA_FILE;
	for (char *arg; (arg = strsep(&rest, " "));)
		read_argument(rd, &s, arg);
	return s;
}

static void
start_section(struct reader *rd, char *heading)
{
	struct test *t = rd->test;

	if (!t)
		complain(rd, "a section outside any case");
	struct section s = read_heading(rd, heading);
	check_place(rd, &s);
	t->section = grow(t->section, t->n, sizeof(*t->section));
	t->section[t->n] = s;
	rd->section = &t->section[t->n++];
}

static void
read_line(struct reader *rd, char *line, char *next)
{
	bool is_case = strncmp(line, "=== ", 4) == 0;
	bool is_section = strncmp(line, "--- ", 4) == 0;

	if (is_case)
		end_test(rd, line);
	if (is_section)
		end_section(rd, line);
	if (is_case || is_section) {
		next[-1] = '\0';
		rd->body = next;
	}
	if (is_case)
		start_test(rd, line + 4);
	else if (is_section)
		start_section(rd, line + 4);
	else if (!rd->section && *line != '#' && *line != '\n')
		complain(rd, "neither a comment nor part of a case");
}

void
read_tests(struct tests *tests, const char *path)
{
	struct reader rd = { .path = path, .tests = tests };
	struct text t = read_file(path);
	char *line, *next;

	if (!t.p)
		die("run: %s: %s", path, strerror(ENOENT));
	if (strlen(t.p) != t.n || (t.n && t.p[t.n - 1] != '\n'))
		die("run: %s: no text file", path);
	for (line = t.p; *line; line = next) {
		next = strchr(line, '\n') + 1;
		rd.line++;
		read_line(&rd, line, next);
	}
	end_test(&rd, line);
}
