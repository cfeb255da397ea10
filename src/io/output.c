/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "attrs.h"
#include "file.h"
#include "guard.h"
#include "temp.h"

struct place {
	const char *path; /* for messages */
	const char *base; /* its name in dir */
	int dir, fd;      /* the directory; the file, or -1 */
	struct stat st;   /* of the file */
};

static enum status
fail(const struct place *p, struct diags *d, const char *what)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s: %s; not written", p->path, what,
	    strerror(errno));
}

static enum status
refuse(const struct place *p, struct diags *d, const char *why)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s; not written", p->path, why);
}

/* --- what is there ---------------------------------------------------- */

enum status
output_read(const char *path, struct arena *arena, struct str *text, bool *exists, struct diags *d)
{
	struct place p = { .path = path, .fd = file_open(AT_FDCWD, path, O_RDONLY, 0) };
	enum status status = STATUS_OK;
	ssize_t n = 0;

	*text = STR_NONE;
	*exists = p.fd >= 0;
	if (p.fd < 0)
		return errno == ENOENT ? STATUS_OK : fail(&p, d, "cannot be opened");
	if (fstat(p.fd, &p.st) != 0)
		status = fail(&p, d, "cannot be looked at");
	else if (!S_ISREG(p.st.st_mode))
		status = refuse(&p, d, "is not a regular file");
	if (!status) {
		char *at = arena_alloc(arena, (size_t)p.st.st_size + 1);
		n = file_read(p.fd, at, (size_t)p.st.st_size);
		if (n < 0)
			status = fail(&p, d, "cannot be read");
		at[n > 0 ? n : 0] = '\0';
		*text = (struct str){ at, n > 0 ? (size_t)n : 0 };
	}
	file_close(p.fd);
	return status;
}

bool
output_has_beside(const char *path, const char *suffix)
{
	char real[PATH_MAX], beside[PATH_MAX + 16];
	struct stat st;

	snprintf(beside, sizeof(beside), "%s%s", path, suffix);
	if (lstat(beside, &st) == 0)
		return true;
	if (!realpath(path, real))
		return false;
	snprintf(beside, sizeof(beside), "%s%s", real, suffix);
	return lstat(beside, &st) == 0;
}

/* --- writing ---------------------------------------------------------- */

/* The name that is written: where symbolic links lead, if they lead anywhere. */
static enum status
resolve(const struct place *p, struct arena *a, const char **real, struct diags *d)
{
	char path[PATH_MAX];
	struct stat st;

	*real = p->path;
	if (realpath(p->path, path)) {
		*real = arena_z(a, str_from(path));
		return STATUS_OK;
	}
	if (errno != ENOENT)
		return fail(p, d, "cannot be opened");
	if (lstat(p->path, &st) == 0 && S_ISLNK(st.st_mode))
		return refuse(p, d, "is a symbolic link that leads nowhere");
	return STATUS_OK;
}

static enum status
enter(struct place *p, struct arena *a, struct diags *d)
{
	const char *real = NULL, *slash;
	enum status status = resolve(p, a, &real, d);

	if (status)
		return status;
	slash = strrchr(real, '/');
	p->base = slash ? slash + 1 : real;
	struct str dir = { real, (size_t)(p->base - real) };
	if (!*p->base)
		return refuse(p, d, "is the name of a directory");
	p->dir = file_open(AT_FDCWD, dir.n ? arena_z(a, dir) : ".", O_DIRECTORY | O_RDONLY, 0);
	if (p->dir < 0)
		return fail(p, d, "its directory cannot be opened");
	p->fd = file_open(p->dir, p->base, O_RDONLY | O_NOFOLLOW, 0);
	if (p->fd < 0)
		return errno == ENOENT ? STATUS_OK : fail(p, d, "cannot be opened");
	if (fstat(p->fd, &p->st) != 0)
		return fail(p, d, "cannot be looked at");
	if (!S_ISREG(p->st.st_mode))
		return refuse(p, d, "is not a regular file");
	if (p->st.st_nlink > 1)
		return refuse(p, d, "is a hard link, one of several that a change would part");
	return STATUS_OK;
}

static bool
is_same(const struct place *p, struct str text, const struct env *env)
{
	bool same = p->fd >= 0 && p->st.st_size == (off_t)text.n;
	struct buf b;

	buf_init(&b, env);
	if (same && text.n) {
		char *room = buf_room(&b, text.n);
		same = file_pread(p->fd, room, text.n, 0) == (ssize_t)text.n &&
		       memcmp(room, text.p, text.n) == 0;
	}
	buf_release(&b);
	return same;
}

/* The mode of a new file. */
static mode_t
new_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

static enum status
fill(const struct place *p, const struct temp *t, struct str text, struct diags *d)
{
	const char *what = "its attributes cannot be kept";

	if (!file_write(t->fd, text.p, text.n))
		return fail(p, d, "writing the new file");
	if (p->fd >= 0 ? !attrs_copy(p->fd, t->fd, ATTRS_DATA, &what)
		       : fchmod(t->fd, new_mode()) != 0)
		return fail(p, d, what);
	if (fsync(t->fd) != 0)
		return fail(p, d, "writing the new file");
	return STATUS_OK;
}

static enum status
replace(const struct place *p, struct arena *a, struct str text, struct diags *d)
{
	/* of this process alone: nothing locks the file */
	struct str name = arena_fmt(a, ".%s.%ld.ipam-tmp", p->base, (long)getpid());
	struct temp t;
	enum status status = STATUS_OK;

	guard_writing();
	temp_init(&t, p->dir, name.p);
	if (!temp_make(&t))
		status = fail(p, d, "the new file cannot be made");
	if (!status)
		status = fill(p, &t, text, d);
	if (!status && !temp_rename(&t, p->base))
		status = fail(p, d, "the new file cannot take its place");
	if (!status && fsync(p->dir) != 0 && errno != EINVAL)
		status = diag_fail(d, STATUS_SYSTEM, "%s: written, but perhaps not on the disk: %s",
		    p->path, strerror(errno));
	temp_drop(&t);
	guard_written();
	return status;
}

enum status
output_write(const char *path, struct str text, const struct env *env, bool *changed,
    struct diags *d)
{
	struct place p = { .path = path, .dir = -1, .fd = -1 };
	struct arena a;
	enum status status;

	arena_init(&a, env);
	*changed = false;
	status = enter(&p, &a, d);
	if (!status && !is_same(&p, text, env)) {
		status = replace(&p, &a, text, d);
		*changed = !status;
	}
	file_close(p.fd);
	file_close(p.dir);
	arena_release(&a);
	return status;
}

enum status
output_folder(const char *path, struct diags *d)
{
	struct stat st;

	int error = mkdir(path, 0777) == 0 ? 0 : errno;
	if (error == 0 || (error == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return STATUS_OK;
	return diag_fail(d, STATUS_SYSTEM, "%s: %s", path,
	    error == EEXIST ? "is not a folder" : strerror(error));
}
