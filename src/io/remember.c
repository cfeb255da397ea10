/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remember.h"

#include <errno.h>
#include <sys/stat.h>

#include "output.h"

char *
remember_path(const char *file, struct str about, const char *kind, const struct env *env,
    struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	unsigned char digest[32];
	uint64_t name;

	if ((!state || *state != '/') && (!home || *home != '/'))
		return NULL;
	char *real = realpath(file, NULL);
	const char *whole = real ? real : file;
	env->sha256(whole, strlen(whole), about.p, about.n, digest);
	free(real);
	memcpy(&name, digest, sizeof(name));
	struct str path =
	    arena_fmt(a, "%s%s/ipam/%016llx.%s", state && *state == '/' ? state : home,
		state && *state == '/' ? "" : "/.local/state", (unsigned long long)name, kind);
	return arena_z(a, path);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Those around a file. */
static enum status
make_folders(char *path, struct diags *d)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		int error = mkdir(path, S_IRWXU) == 0 ? 0 : errno;
		if (error && !is_folder(path))
			return diag_fail(d, STATUS_SYSTEM,
			    "%s: %s; what was said is not remembered", path,
			    error == EEXIST ? "is not a folder" : strerror(error));
		*p = '/';
	}
	return STATUS_OK;
}

enum status
remember_write(const char *path, struct str text, const struct env *env, struct diags *d)
{
	struct arena a;
	bool changed;

	arena_init(&a, env);
	char *folder = arena_z(&a, str_from(path));
	enum status status = make_folders(folder, d);
	if (!status)
		status = output_write(path, text, env, &changed, d);
	arena_release(&a);
	return status;
}
