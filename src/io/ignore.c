/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ignore.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool
in_git(struct arena *arena, struct str dir)
{
	struct stat st;

	for (int depth = 0; depth < 64; depth++) {
		struct str git = arena_fmt(arena, "%.*s.git", STR_FMT(dir));
		if (stat(git.p, &st) == 0)
			return true;
		dir = arena_fmt(arena, "%.*s../", STR_FMT(dir));
	}
	return false;
}

/* A last line without its end gets one. */
static void
end_line(FILE *f)
{
	if (fseek(f, -1, SEEK_END) != 0)
		return;
	int last = fgetc(f);
	fseek(f, 0, SEEK_END);
	if (last != '\n')
		fputc('\n', f);
}

enum status
ignore_beside(const char *path, struct arena *arena, struct diags *d)
{
	static const char *const ends[] = { ".log", ".log.*", ".seen", ".state", ".lock" };
	struct str p = str_from(path);
	size_t slash = p.n;

	while (slash > 0 && p.p[slash - 1] != '/')
		slash--;
	struct str dir = str_cut(p, 0, slash), name = str_cut(p, slash, p.n);
	if (!in_git(arena, dir))
		return STATUS_OK;
	struct str file = arena_fmt(arena, "%.*s.gitignore", STR_FMT(dir));
	FILE *f = fopen(file.p, "a+e");
	if (!f)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s; %s was made", file.p, strerror(errno),
		    path);
	end_line(f);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		fprintf(f, "/%.*s%s\n", STR_FMT(name), ends[i]);
	fprintf(f, "/.%.*s.*-tmp\n", STR_FMT(name));
	if (fclose(f) != 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s; %s was made", file.p, strerror(errno),
		    path);
	return STATUS_OK;
}
