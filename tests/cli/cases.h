/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cases: the files of command tests, NAME.test, as run.c describes them.
 *
 * Nothing is freed: the cases are there until the program ends.  A file that
 * cannot be read as such ends it, with exit status 2.
 */
#ifndef TEST_CASES_H
#define TEST_CASES_H

#include "util.h"

#define DATA_FILE "network.ipam"

/* What stands before a script, the script, what is expected of it. */
enum what { BEFORE, INPUT, RUN, OUT, ERR, STATUS, AFTER, WHAT_COUNT };

struct section {
	enum what what;
	char mode;        /* '=' the text itself, '~' an expression a line, '*' anything */
	bool escapes;     /* \xNN was put into text */
	const char *name; /* of the file */
	int status;
	struct text text;
	int line;
};

/* Its sections are in order: any number of BEFORE and INPUT, one RUN, any
 * number of the others; and so on. */
struct test {
	const char *path, *name;
	int line;
	struct section *section;
	size_t n;
};

struct tests {
	struct test *v;
	size_t n;
};

/* Adds the cases of a file. */
void read_tests(struct tests *tests, const char *path);

#endif
