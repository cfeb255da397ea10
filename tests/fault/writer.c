/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer [-r] FILE: the store with as little as possible around it.
 *
 * Adds a line "entry N" above the line "# here", N being one more than the
 * entries there are, and prints N; the journal FILE.log and the state file get
 * their line, too.  With -r it only reads: the file must begin with "# begin",
 * end with "# end", and have the entries 1 to N, which it prints; the state file
 * is written, too.
 *
 * Built with -DNAIVE it writes the file in place, without the store: the tests
 * must find that out.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/beside.h"
#include "io/store.h"

static void
oom(size_t wanted)
{
	(void)wanted;
	fputs("writer: out of memory; nothing was written\n", stderr);
	exit(STATUS_SYSTEM);
}

static const struct env env = { .oom = oom };

struct plan {
	struct str text;
	size_t here; /* where the next entry goes */
	unsigned long entries;
};

/* STATUS_INVALID unless it is whole. */
static enum status
parse(struct plan *plan, const struct text_source *source, struct diags *d)
{
	struct str rest = { source->p, source->n }, line, want;
	bool after = false, ended = false;
	char entry[32];

	*plan = (struct plan){ .text = rest };
	if (!str_starts(rest, STR("# begin\n")))
		return diag_fail(d, STATUS_INVALID, "%s: no beginning", source->name);
	while (str_next(&rest, '\n', &line)) {
		snprintf(entry, sizeof(entry), "entry %lu", plan->entries + 1);
		want = str_from(entry);
		ended = str_eq(line, STR("# end"));
		if (str_eq(line, STR("# here"))) {
			plan->here = (size_t)(line.p - source->p);
			after = true;
		} else if (!after && str_eq(line, want))
			plan->entries++;
		else if (str_starts(line, STR("entry")))
			return diag_fail(d, STATUS_INVALID, "%s: no %s", source->name, entry);
	}
	return after && ended ? STATUS_OK
	                      : diag_fail(d, STATUS_INVALID, "%s: no end", source->name);
}

#ifdef NAIVE
static enum store_result
replace(struct store *s, const struct plan *plan, struct str line, struct diags *d)
{
	size_t rest = plan->text.n - plan->here;
	int fd = open(store_name(s), O_WRONLY | O_TRUNC);
	bool done = write(fd, plan->text.p, plan->here) == (ssize_t)plan->here &&
	            write(fd, line.p, line.n) == (ssize_t)line.n &&
	            write(fd, plan->text.p + plan->here, rest) == (ssize_t)rest;

	if (!done)
		diag_fail(d, STATUS_SYSTEM, "nothing was written");
	return done ? STORE_COMMITTED : STORE_FAILED;
}
#else
static enum status
log_line(struct store *s, struct str line, struct diags *d)
{
	struct beside log;
	enum status status = beside_open(&log, s, ".log", BESIDE_APPEND, d);

	if (status == STATUS_OK)
		status = beside_append(&log, line, d);
	beside_close(&log);
	return status;
}

static enum store_result
replace(struct store *s, const struct plan *plan, struct str line, struct diags *d)
{
	struct piece pieces[] = {
		{ .kept = true, .n = plan->here },
		{ .p = line.p, .n = line.n },
		{ .kept = true, .from = plan->here, .n = plan->text.n - plan->here },
	};

	if (store_prepare(s, 0, pieces, ARRAY_LEN(pieces), d) != STATUS_OK ||
	    log_line(s, line, d) != STATUS_OK)
		return STORE_FAILED;
	return store_publish(s, d);
}
#endif

/* One attempt; *again if the file was changed meanwhile. */
static enum status
add_entry(struct store *s, unsigned long *number, bool *again, struct diags *d)
{
	enum store_result result;
	struct plan plan;
	char line[32];
	size_t n;

	*again = false;
	if (parse(&plan, store_sources(s, &n), d) != STATUS_OK)
		return STATUS_INVALID;
	*number = plan.entries + 1;
	snprintf(line, sizeof(line), "entry %lu\n", *number);
	result = replace(s, &plan, str_from(line), d);
	if (result == STORE_CHANGED) {
		*again = true;
		return store_reload(s, d);
	}
	if (result != STORE_COMMITTED)
		return STATUS_SYSTEM;
	store_state_write(s, true, STR_NONE);
	return STATUS_OK;
}

static enum status
run(struct store *s, bool reading, unsigned long *number, struct diags *d)
{
	enum status status = STATUS_OK;
	bool again = true;
	struct plan plan;
	size_t n;

	if (reading) {
		status = parse(&plan, store_sources(s, &n), d);
		*number = plan.entries;
		if (status == STATUS_OK)
			store_state_write(s, true, STR_NONE);
		return status;
	}
	while (again && status == STATUS_OK)
		status = add_entry(s, number, &again, d);
	store_unlock(s);
	return status;
}

static int
report(enum status status, unsigned long number, const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		fprintf(stderr, "writer: %.*s\n", STR_FMT(d->v[i].text));
	if (status == STATUS_OK && (printf("%lu\n", number) < 0 || fclose(stdout) != 0)) {
		fputs("writer: it was written, but could not be reported\n", stderr);
		return STATUS_SYSTEM;
	}
	return (int)status;
}

int
main(int argc, char **argv)
{
	bool reading = argc == 3 && strcmp(argv[1], "-r") == 0;
	struct store_request q = { .env = &env,
		.file = argv[argc - 1],
		.holder = "writer",
		.wait = 30000 };
	struct store *s = NULL;
	struct diags d;
	const char *path;
	enum status status;
	unsigned long number = 0;
	struct arena arena;
	int exit_status;

	if (argc != 2 + reading)
		return STATUS_USAGE;
	arena_init(&arena, &env);
	diags_init(&d, &env);
	status = store_find(&q, &arena, &path, &d);
	if (status == STATUS_OK)
		status = store_open(&s, &q, path, reading ? STORE_READ : STORE_WRITE, &d);
	if (status == STATUS_OK)
		status = run(s, reading, &number, &d);
	exit_status = report(status, number, &d);
	store_close(s);
	diags_release(&d);
	arena_release(&arena);
	return exit_status;
}
