/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "beside.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "attrs.h"
#include "store_parts.h"

static enum status
fail(const struct beside *b, struct diags *d, const char *what)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s: %s", b->name, what, strerror(errno));
}

/* For what happens before the data file is replaced. */
static enum status
fail_unwritten(const struct beside *b, struct diags *d, const char *what)
{
	return diag_fail(d, STATUS_SYSTEM, "%s: %s: %s; nothing was written", b->name, what,
	    strerror(errno));
}

/* --- a file that grows ------------------------------------------------- */

/* A new file, known on the disk before anything is in it. */
static int
make(struct store *s, const char *base)
{
	const char *what;
	int fd = file_open(s->dir, base, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -1;
	if (attrs_copy(s->fd, fd, ATTRS_BESIDE, &what) && (fsync(s->dir) == 0 || errno == EINVAL))
		return fd;
	file_close(fd);
	int err = errno;
	unlinkat(s->dir, base, 0);
	errno = err;
	return -1;
}

static int
open_to_append(struct store *s, const char *base)
{
	int fd = file_open(s->dir, base, O_RDWR | O_APPEND | O_NOFOLLOW, 0);

	if (fd < 0)
		return errno == ENOENT ? make(s, base) : -1;
	attrs_refresh(s->fd, fd, ATTRS_BESIDE);
	return fd;
}

static enum status
open_base(struct beside *b, struct store *s, const char *base, enum beside_mode mode,
    struct diags *d)
{
	struct stat st;

	b->fd = mode == BESIDE_READ ? file_open(s->dir, base, O_RDONLY | O_NOFOLLOW, 0)
	                            : open_to_append(s, base);
	if (b->fd < 0 && mode == BESIDE_READ && errno == ENOENT)
		return STATUS_NO;
	if (b->fd < 0 && errno == ELOOP)
		return diag_fail(d, STATUS_SYSTEM, "%s: is a symbolic link%s", b->name,
		    mode == BESIDE_READ ? "" : "; nothing was written");
	if (b->fd < 0 || fstat(b->fd, &st) < 0) {
		enum status status =
		    (mode == BESIDE_READ ? fail : fail_unwritten)(b, d, "cannot be opened");
		beside_close(b);
		return status;
	}
	if (!S_ISREG(st.st_mode)) {
		beside_close(b);
		return diag_fail(d, STATUS_SYSTEM, "%s: is not a regular file", b->name);
	}
	b->size = (uint64_t)st.st_size;
	b->mtime = file_id_of(&st).mtime;
	return STATUS_OK;
}

enum status
beside_open(struct beside *b, struct store *s, const char *suffix, enum beside_mode mode,
    struct diags *d)
{
	*b = (struct beside){ .name = store_join(&s->arena, s->name, suffix) };
	return open_base(b, s, store_join(&s->arena, s->base, suffix), mode, d);
}

enum status
beside_open_name(struct beside *b, struct store *s, const char *base, struct diags *d)
{
	const char *slash = strrchr(s->name, '/');
	struct str dir = { s->name, slash ? (size_t)(slash - s->name) + 1 : 0 };

	*b = (struct beside){ .name = store_join(&s->arena, arena_z(&s->arena, dir), base) };
	return open_base(b, s, base, BESIDE_READ, d);
}

void
beside_close(struct beside *b)
{
	b->fd = file_close(b->fd);
}

enum status
beside_pread(struct beside *b, uint64_t off, void *p, size_t n, size_t *got, struct diags *d)
{
	ssize_t r = file_pread(b->fd, p, n, (off_t)off);

	*got = r > 0 ? (size_t)r : 0;
	return r >= 0 ? STATUS_OK : fail(b, d, "cannot be read");
}

static bool
cut(const struct beside *b, uint64_t size)
{
	int r;

	do
		r = ftruncate(b->fd, (off_t)size);
	while (r < 0 && errno == EINTR);
	return r == 0;
}

enum status
beside_append(struct beside *b, struct str bytes, struct diags *d)
{
	enum status status;

	if (file_write(b->fd, bytes.p, bytes.n) && fdatasync(b->fd) == 0) {
		b->size += bytes.n;
		return STATUS_OK;
	}
	status = fail_unwritten(b, d, "cannot be written");
	if (!cut(b, b->size))
		diag_hint(d, "a part of an entry may stand at its end");
	return status;
}

enum status
beside_cut(struct beside *b, uint64_t size, struct diags *d)
{
	if (!cut(b, size))
		return fail_unwritten(b, d, "cannot be cut");
	b->size = size;
	return STATUS_OK;
}

/* --- a file that is written anew --------------------------------------- */

static bool
put(struct store *s, struct temp *t, const char *base, struct str content, bool durable)
{
	const char *what;

	if (!temp_make(t) || !attrs_copy(s->fd, t->fd, ATTRS_BESIDE, &what) ||
	    !file_write(t->fd, content.p, content.n) || (durable && fsync(t->fd) < 0) ||
	    !temp_rename(t, base))
		return false;
	return !durable || ((fsync(s->dir) == 0 || errno == EINVAL) && fsync(t->fd) == 0);
}

bool
store_put(struct store *s, const char *suffix, struct str content, bool durable)
{
	const char *base = store_join(&s->arena, s->base, suffix);
	struct temp t;
	bool done;

	temp_init(&t, s->dir, store_temp_name(s, base));
	done = put(s, &t, base, content, durable);
	temp_drop(&t);
	return done;
}

enum status
beside_read(struct store *s, const char *suffix, struct arena *arena, struct str *out,
    struct diags *d)
{
	struct beside b;
	enum status status = beside_open(&b, s, suffix, BESIDE_READ, d);
	size_t got = 0;
	char *p = NULL;

	*out = STR_NONE;
	if (status)
		return status == STATUS_NO ? STATUS_OK : status;
	p = arena_alloc(arena, (size_t)b.size + 1);
	status = beside_pread(&b, 0, p, (size_t)b.size, &got, d);
	*out = (struct str){ p, got };
	beside_close(&b);
	return status;
}

enum status
beside_replace(struct store *s, const char *suffix, struct str content, struct diags *d)
{
	struct beside b = { .name = store_join(&s->arena, s->name, suffix), .fd = -1 };

	if (store_put(s, suffix, content, true))
		return STATUS_OK;
	return fail(&b, d, "cannot be replaced");
}
