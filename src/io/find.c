/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

static enum status
not_found(struct diags *d, const char *name, const char *what)
{
	enum status status = diag_fail(d, STATUS_SYSTEM, "%s: %s", name, what);

	diag_hint(d, "`ipam init` makes a data file");
	return status;
}

/* Whether there is a file with this name and suffix; STATUS_NO if not. */
static enum status
exists(const char *path, const char *suffix, struct arena *arena, struct diags *d)
{
	struct stat st;
	const char *name = store_join(arena, path, suffix);

	if (lstat(name, &st) == 0)
		return STATUS_OK;
	if (errno == ENOENT || errno == ENOTDIR)
		return STATUS_NO;
	return diag_fail(d, STATUS_SYSTEM, "%s: %s", name, strerror(errno));
}

/*
 * A file beside the data file shows that this is the place, even if the data
 * file is missing: git removes a file before it makes it anew.
 */
static enum status
is_here(const char *path, struct arena *arena, struct diags *d)
{
	static const char *const suffixes[] = { "", ".lock", ".state" };
	enum status status = STATUS_NO;

	for (size_t i = 0; i < ARRAY_LEN(suffixes) && status == STATUS_NO; i++)
		status = exists(path, suffixes[i], arena, d);
	return status;
}

static bool
is_root(const char *dir, const char *parent)
{
	struct stat a, b;

	return stat(dir, &a) != 0 || stat(parent, &b) != 0 ||
	       (a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

/* This directory, then those above it: "network.ipam", "../network.ipam", ... */
static enum status
look_upwards(struct arena *arena, const char **path, struct diags *d)
{
	const char *dir = "./", *up = "";
	enum status status;

	for (;;) {
		*path = store_join(arena, up, STORE_NAME);
		status = is_here(*path, arena, d);
		if (status != STATUS_NO || strlen(up) > PATH_MAX - 64)
			return status;
		up = store_join(arena, up, "../");
		if (is_root(dir, up))
			return STATUS_NO;
		dir = up;
	}
}

static enum status
named(const char *name, const char **path, struct diags *d)
{
	if (!*name)
		return diag_fail(d, STATUS_USAGE, "the data file's name is empty");
	if (strcmp(name, "-") == 0)
		return diag_fail(d, STATUS_USAGE,
		    "-: the data file cannot be standard input (a file of that name is ./-)");
	*path = name;
	return STATUS_OK;
}

enum status
store_find(const struct store_request *q, struct arena *arena, const char **path, struct diags *d)
{
	const char *fallback = q->fallback ? q->fallback : STORE_FALLBACK;
	enum status status;

	if (q->file)
		return named(q->file, path, d);
	if (q->variable && *q->variable)
		return named(q->variable, path, d);
	status = look_upwards(arena, path, d);
	if (status != STATUS_NO)
		return status;
	*path = fallback;
	status = is_here(fallback, arena, d);
	return status != STATUS_NO
	           ? status
	           : not_found(d, STORE_NAME, "not found here, above, or in /etc/ipam");
}
