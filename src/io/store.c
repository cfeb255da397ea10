/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "attrs.h"
#include "guard.h"
#include "store_parts.h"
#include "workers.h"

enum {
	PART_MIN = 4 << 20, /* bytes */
	PAUSE = 5000,       /* microseconds, if the file is being replaced or written */
	TRIES = 40,
	RELOADS = 3
};
/* A text that ends within a line and is younger than this may be half of one. */
#define SETTLED 50000000
/* No kernel's clock for files ticks slower; where they have no nanoseconds, two
 * seconds may be one. */
#define TICK 10000000
#define COARSE_TICK 2000000000

enum status
store_fail(const struct store *s, struct diags *d, const char *what)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s: %s%s", s->name, what, strerror(errno),
	    s->mode == STORE_WRITE ? "; nothing was written" : "");
}

enum status
store_refuse(const struct store *s, struct diags *d, const char *why)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s%s", s->name, why,
	    s->mode == STORE_WRITE ? "; nothing was written" : "");
}

const char *
store_join(struct arena *a, const char *x, const char *y)
{
	return arena_z(a, arena_fmt(a, "%s%s", x, y));
}

const char *
store_temp_name(struct store *s, const char *base)
{
	return arena_z(&s->arena, arena_fmt(&s->arena, ".%s.ipam-tmp", base));
}

/* --- finding the directory -------------------------------------------- */

/* Whether a path that leads to no file may do so again in a moment: a link
 * to where a file is being replaced, or a place with a lock or state file. */
static bool
may_come(struct store *s)
{
	static const char *const suffixes[] = { "", ".lock", ".state" };
	struct stat st;

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (lstat(store_join(&s->arena, s->name, suffixes[i]), &st) == 0)
			return true;
	return false;
}

static enum status
missing(struct store *s, struct diags *d)
{
	bool was = may_come(s);
	enum status status =
	    was ? store_refuse(s, d, "the data file is missing, but not what belongs to it")
		: store_refuse(s, d, "there is no such file");

	diag_hint(d, was ? "restore it, or make a new one with `ipam init`"
			 : "`ipam init` makes a data file");
	return status;
}

/* The path without symbolic links, in the arena. */
static enum status
resolve(struct store *s, const char **real, struct diags *d)
{
	char path[PATH_MAX];

	for (int tries = 1; !realpath(s->name, path); tries++) {
		if (errno != ENOENT)
			return store_fail(s, d, "cannot be opened");
		if (tries == TRIES || !may_come(s))
			return missing(s, d);
		file_sleep_us(PAUSE);
	}
	*real = arena_z(&s->arena, str_from(path));
	return STATUS_OK;
}

/* Opens the directory that the file is really in. */
static enum status
enter(struct store *s, struct diags *d)
{
	const char *real = NULL;
	enum status status = resolve(s, &real, d);
	size_t dir_len;

	if (status != STATUS_OK)
		return status;
	s->base = strrchr(real, '/') + 1;
	if (!*s->base)
		return store_refuse(s, d, "is a directory");
	dir_len = (size_t)(s->base - real);
	s->dir = file_open(AT_FDCWD, arena_z(&s->arena, (struct str){ real, dir_len }),
	    O_DIRECTORY | (s->mode == STORE_WRITE ? O_RDONLY : O_PATH), 0);
	return s->dir >= 0 ? STATUS_OK : store_fail(s, d, "its directory cannot be opened");
}

/* --- opening and reading ---------------------------------------------- */

static enum status
suits(struct store *s, const struct stat *st, struct diags *d)
{
	if (S_ISDIR(st->st_mode))
		return store_refuse(s, d, "is a directory");
	if (!S_ISREG(st->st_mode))
		return store_refuse(s, d, "is not a regular file");
	if (s->mode == STORE_WRITE && st->st_nlink > 1)
		return store_refuse(s, d,
		    "is a hard link, one of several that a change would part");
	return STATUS_OK;
}

/* The file may be missing for a moment while it is replaced. */
static int
open_data(struct store *s)
{
	int fd = -1;

	for (int tries = 1; tries <= TRIES; tries++) {
		fd = file_open(s->dir, s->base, O_RDONLY | O_NOFOLLOW, 0);
		if (fd >= 0 || (errno != ENOENT && errno != ESTALE && errno != EAGAIN))
			break;
		file_sleep_us(PAUSE);
	}
	return fd;
}

static void
forget_text(struct store *s)
{
	file_unmap(s->map, s->map_size);
	s->map = NULL;
	s->source = (struct text_source){ .name = s->name };
}

static enum status
open_again(struct store *s, struct diags *d)
{
	struct stat st;
	enum status status;

	s->fd = file_close(s->fd);
	s->fd = open_data(s);
	if (s->fd < 0)
		return errno == ENOENT ? missing(s, d) : store_fail(s, d, "cannot be opened");
	if (fstat(s->fd, &st) < 0)
		return store_fail(s, d, "cannot be read");
	status = suits(s, &st, d);
	s->id = file_id_of(&st);
	return status;
}

int64_t
store_racy_for(const struct file_id *id, int64_t now)
{
	return (id->mtime % 1000000000 ? TICK : COARSE_TICK) - (now - id->mtime);
}

bool
store_is_racy(const struct file_id *id, int64_t now)
{
	return store_racy_for(id, now) > 0;
}

static bool
may_be_half(const struct store *s)
{
	int64_t age = file_now() - s->id.mtime;
	size_t n = s->source.n;

	return (n == 0 || s->map[n - 1] != '\n') && age > -SETTLED && age < SETTLED;
}

/* A large text is read in parts at once: most of the time goes into clearing and filling
 * its memory. */
struct reading {
	int fd;
	char *p;
	size_t n, part;
	ssize_t got[WORKERS_MAX];
	int err[WORKERS_MAX];
};

static void
read_part(void *ctx, size_t i)
{
	struct reading *r = ctx;
	size_t from = i * r->part, n = r->n - from < r->part ? r->n - from : r->part;

	r->got[i] = file_pread(r->fd, r->p + from, n, (off_t)from);
	r->err[i] = errno;
}

/* Like file_pread() of the first n bytes. */
static ssize_t
read_parts(int fd, char *p, size_t n)
{
	size_t parts = n / PART_MIN < workers_count() ? n / PART_MIN : workers_count();
	struct reading r = { .fd = fd, .p = p, .n = n };
	ssize_t got = 0;

	if (parts < 2)
		return file_pread(fd, p, n, 0);
	r.part = (n + parts - 1) / parts;
	workers_run(read_part, &r, parts);
	for (size_t i = 0; i < parts; i++) {
		if (r.got[i] < 0) {
			errno = r.err[i];
			return -1;
		}
		got += r.got[i];
		if ((size_t)got < n && (size_t)got != (i + 1) * r.part)
			break; /* it ends there */
	}
	return got;
}

/* Reads the opened file; STATUS_NO if somebody is writing into it. */
static enum status
read_text(struct store *s, struct diags *d)
{
	ssize_t got;

	if (s->id.size > SIZE_MAX / 2 - STORE_SLACK)
		return store_refuse(s, d, "is too large");
	s->map_size = (size_t)s->id.size + STORE_SLACK;
	s->map = file_map(s->map_size);
	if (!s->map)
		return store_fail(s, d, "cannot be read");
	s->racy = store_is_racy(&s->id, file_now());
	got = read_parts(s->fd, s->map, (size_t)s->id.size);
	if (got < 0)
		return errno == ESTALE ? STATUS_NO : store_fail(s, d, "cannot be read");
	s->source.p = s->map;
	s->source.n = (size_t)got;
	return store_is_same(s) && !may_be_half(s) ? STATUS_OK : STATUS_NO;
}

enum status
store_load(struct store *s, struct diags *d)
{
	enum status status = STATUS_NO;

	if (s->mode == STORE_LOOK)
		s->mode = STORE_READ;
	for (int tries = 1; tries <= TRIES && status == STATUS_NO; tries++) {
		forget_text(s);
		if (tries > 1) {
			file_sleep_us(PAUSE);
			status = open_again(s, d);
		}
		if (tries == 1 || status == STATUS_OK)
			status = read_text(s, d);
	}
	return status == STATUS_NO ? store_refuse(s, d, "another program keeps writing to it")
	                           : status;
}

enum status
store_open_file(struct store *s, struct diags *d)
{
	enum status status = open_again(s, d);

	if (status != STATUS_OK || s->mode == STORE_LOOK)
		return status;
	if (s->lock.fd >= 0)
		attrs_refresh(s->fd, s->lock.fd, ATTRS_LOCK);
	return store_load(s, d);
}

/* Everything that would forbid to write, as far as it can be known before the
 * lock file is made. */
static enum status
may_write(struct store *s, struct diags *d)
{
	struct stat st;

	for (int tries = 1; fstatat(s->dir, s->base, &st, AT_SYMLINK_NOFOLLOW) < 0; tries++) {
		if (errno != ENOENT)
			return store_fail(s, d, "cannot be opened");
		if (tries == TRIES)
			return missing(s, d);
		file_sleep_us(PAUSE);
	}
	if (suits(s, &st, d) != STATUS_OK)
		return STATUS_SYSTEM;
	if (faccessat(s->dir, s->base, W_OK, AT_EACCESS) < 0 && errno != ENOENT)
		return store_fail(s, d, "cannot be written");
	if (attrs_can_keep_group(s->dir, &st))
		return STATUS_OK;
	return store_refuse(s, d,
	    "belongs to a group that you are not in, which it could not keep");
}

static enum status
lock(struct store *s, const struct store_request *q, struct diags *d)
{
	struct lock_request l = {
		.dir = s->dir,
		.base = store_join(&s->arena, s->base, ".lock"),
		.name = s->name,
		.holder = q->holder,
		.wait = q->wait,
	};

	return lock_take(&s->lock, &l, d);
}

static enum status
open_all(struct store *s, const struct store_request *q, struct diags *d)
{
	enum status status = enter(s, d);

	if (status == STATUS_OK && s->mode == STORE_WRITE)
		status = may_write(s, d);
	if (status == STATUS_OK && s->mode == STORE_WRITE)
		status = lock(s, q, d);
	return status == STATUS_OK ? store_open_file(s, d) : status;
}

enum status
store_open(struct store **out, const struct store_request *q, const char *path,
    enum store_mode mode, struct diags *d)
{
	struct store *s = calloc(1, sizeof(*s));
	enum status status;

	if (!s)
		q->env->oom(sizeof(*s));
	*out = s;
	arena_init(&s->arena, q->env);
	s->env = q->env;
	s->mode = mode;
	s->name = arena_z(&s->arena, str_from(path));
	s->dir = s->lock.fd = s->fd = -1;
	temp_init(&s->temp, -1, NULL);
	guard_descriptors();
	if (mode == STORE_WRITE)
		guard_writing();
	status = open_all(s, q, d);
	if (status != STATUS_OK) {
		store_close(s);
		*out = NULL;
	}
	return status;
}

enum status
store_reload(struct store *s, struct diags *d)
{
	store_abandon(s);
	if (s->reloads++ == RELOADS)
		return store_refuse(s, d, "other programs keep changing it without the lock");
	return store_open_file(s, d);
}

void
store_unlock(struct store *s)
{
	lock_drop(&s->lock);
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	store_abandon(s);
	store_unlock(s);
	file_close(s->fd);
	file_close(s->dir);
	forget_text(s);
	if (s->mode == STORE_WRITE)
		guard_written();
	arena_release(&s->arena);
	free(s);
}

/* --- what it holds ---------------------------------------------------- */

const struct text_source *
store_sources(const struct store *s, size_t *n)
{
	*n = 1;
	return &s->source;
}

const char *
store_name(const struct store *s)
{
	return s->name;
}

struct file_id
store_id(const struct store *s)
{
	return s->id;
}

int64_t
store_owner(const struct store *s)
{
	struct stat st;

	return fstat(s->fd, &st) == 0 ? (int64_t)st.st_uid : -1;
}

bool
store_was_stopped(struct store *s)
{
	struct stat st;

	return fstatat(s->dir, store_temp_name(s, s->base), &st, AT_SYMLINK_NOFOLLOW) == 0;
}

enum status
store_pread(struct store *s, uint64_t off, void *p, size_t n, size_t *got, struct diags *d)
{
	ssize_t r = file_pread(s->fd, p, n, (off_t)off);

	*got = r > 0 ? (size_t)r : 0;
	return r >= 0 ? STATUS_OK : store_fail(s, d, "cannot be read");
}

bool
store_is_same(const struct store *s)
{
	struct file_id id;
	struct stat st;

	if (fstat(s->fd, &st) < 0)
		return false;
	id = file_id_of(&st);
	/* Its ctime changes when it is replaced, but it stays as it is. */
	return id.size == s->id.size && id.mtime == s->id.mtime;
}
