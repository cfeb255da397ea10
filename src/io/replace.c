/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "attrs.h"
#include "guard.h"
#include "store_parts.h"

enum {
	BUFFER = 32768,
	COPY_MIN = 65536, /* shorter pieces are not worth a system call */
	BLOCK = 4096,     /* what file systems share, and copy quickly, are whole blocks */
	STEP = 4 << 20,
	SETTLE_MIN = 4 << 20,
	LAG = 5000000, /* nanoseconds: of the clock that files are dated by */
	SETTLE_MOST = 15000000
};

/* --- writing the pieces ----------------------------------------------- */

struct out {
	const struct store *s;
	size_t at; /* what is in the file */
	char buf[BUFFER];
	size_t used;
};

/* So many more bytes are in the file.  A large piece may go to the disk at once,
 * while the next one is copied; fsync(2) sees to all that matters. */
static void
advance(struct out *o, size_t n)
{
	if (n == STEP)
		sync_file_range(o->s->temp.fd, (off_t)(o->at / BLOCK * BLOCK), STEP,
		    SYNC_FILE_RANGE_WRITE);
	o->at += n;
}

static bool
put(struct out *o, const char *p, size_t n)
{
	for (size_t part; n > 0; p += part, n -= part) {
		part = n < STEP ? n : STEP;
		if (!file_write(o->s->temp.fd, p, part))
			return false;
		advance(o, part);
	}
	return true;
}

static bool
flush(struct out *o)
{
	size_t n = o->used;

	o->used = 0;
	return put(o, o->buf, n);
}

static bool
add(struct out *o, const char *p, size_t n)
{
	if (n > BUFFER - o->used && !flush(o))
		return false;
	if (n > BUFFER)
		return put(o, p, n);
	if (n)
		memcpy(o->buf + o->used, p, n);
	o->used += n;
	return true;
}

/* Lets the system copy; how much it did. */
static size_t
copy(struct out *o, size_t from, size_t n)
{
	off_t off = (off_t)from;
	size_t done = 0;

	while (done < n) {
		size_t part = n - done < STEP ? n - done : STEP;
		ssize_t r = copy_file_range(o->s->fd, &off, o->s->temp.fd, NULL, part, 0);
		if (r > 0) {
			advance(o, (size_t)r);
			done += (size_t)r;
		} else if (r == 0 || errno != EINTR) {
			break;
		}
	}
	return done;
}

/* What the system cannot copy, or, as it has other places in its blocks, only slowly,
 * is written: if there is an error, writing will meet it, too. */
static bool
keep(struct out *o, size_t from, size_t n)
{
	const struct text_source *old = &o->s->source;
	size_t done = 0;

	if (from > old->n || n > old->n - from) {
		errno = ERANGE;
		return false;
	}
	if (n >= COPY_MIN && !flush(o))
		return false;
	if (n >= COPY_MIN && !o->s->racy && o->at % BLOCK == from % BLOCK)
		done = copy(o, from, n);
	return add(o, old->p + from + done, n - done);
}

static bool
write_pieces(const struct store *s, const struct piece *pieces, size_t n)
{
	struct out o;

	o.s = s;
	o.at = o.used = 0;
	for (size_t i = 0; i < n; i++) {
		const struct piece *p = &pieces[i];
		if (!(p->kept ? keep(&o, p->from, p->n) : add(&o, p->p, p->n)))
			return false;
	}
	return flush(&o);
}

/* --- the new file ----------------------------------------------------- */

/* So that a full disk shows before anything is copied.  A file system that
 * can't do it shows it later. */
static bool
reserve(int fd, size_t n)
{
	int err;

	if (n == 0)
		return true;
	do
		err = fallocate(fd, 0, 0, (off_t)n) < 0 ? errno : 0;
	while (err == EINTR);
	errno = err;
	return err != ENOSPC && err != EDQUOT && err != EFBIG && err != EIO;
}

static bool
stat_new(struct store *s)
{
	struct stat st;

	if (fstat(s->temp.fd, &st) < 0)
		return false;
	s->new_id = file_id_of(&st);
	return true;
}

static bool
has_size(struct store *s, size_t n)
{
	if (!stat_new(s))
		return false;
	errno = EIO;
	return s->new_id.size == n;
}

/* The step that failed, or NULL. */
static const char *
make_new(struct store *s, const struct piece *pieces, size_t n)
{
	size_t total = 0;
	const char *what = NULL;

	for (size_t i = 0; i < n; i++)
		total += pieces[i].n;
	if (!temp_make(&s->temp))
		return "no file can be made beside it";
	if (!reserve(s->temp.fd, total) || !write_pieces(s, pieces, n))
		return "its new text cannot be written";
	if (!attrs_copy(s->fd, s->temp.fd, ATTRS_DATA, &what))
		return store_join(&s->arena, "it could not keep its ", what);
	/* Never tried again: after an error the system forgets what it did not write. */
	if (fsync(s->temp.fd) < 0 || !has_size(s, total))
		return "its new text cannot be brought to the disk";
	return NULL;
}

enum status
store_prepare(struct store *s, size_t source, const struct piece *pieces, size_t n, struct diags *d)
{
	const char *what;
	enum status status = STATUS_OK;

	(void)source; /* there is one */
	store_abandon(s);
	if (!s->temp.name)
		temp_init(&s->temp, s->dir, store_temp_name(s, s->base));
	what = make_new(s, pieces, n);
	if (what) {
		status = store_fail(s, d, what);
		store_abandon(s);
	}
	return status;
}

struct file_id
store_new_id(const struct store *s)
{
	return s->new_id;
}

void
store_abandon(struct store *s)
{
	temp_drop(&s->temp);
}

/* --- taking the old one's place ---------------------------------------- */

/* Whether the file still has the text that was read, byte by byte. */
static enum status
compare_text(struct store *s, struct diags *d)
{
	char buf[BUFFER];
	enum status status;
	size_t got;

	for (size_t at = 0; at < s->source.n; at += got) {
		status = store_pread(s, at, buf, sizeof(buf), &got, d);
		if (status != STATUS_OK)
			return status;
		if (got == 0 || got > s->source.n - at || memcmp(buf, s->source.p + at, got) != 0)
			return STATUS_NO;
	}
	return STATUS_OK;
}

/* Whether the file is still the one that was read; STATUS_NO if not. */
static enum status
compare(struct store *s, struct diags *d)
{
	struct file_id id;
	struct stat st;

	if (fstatat(s->dir, s->base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? STATUS_NO : store_fail(s, d, "cannot be read");
	id = file_id_of(&st);
	if (!file_id_eq(&id, &s->id))
		return STATUS_NO;
	return s->racy ? compare_text(s, d) : STATUS_OK;
}

static enum store_result
not_renamed(struct store *s, struct diags *d)
{
	int err = errno;

	store_fail(s, d, "cannot be replaced");
	if (err == EBUSY)
		diag_hint(d, "it is a mount point: bind-mount its directory instead");
	else if (err == EPERM)
		diag_hint(d, "it is immutable or append-only (see lsattr), or another user's in a "
			     "sticky directory");
	store_abandon(s);
	return STORE_FAILED;
}

static enum store_result
uncertain(const struct store *s, struct diags *d)
{
	diag_fail(d, STATUS_SYSTEM, "%s: it was written, but may not be on the disk: %s", s->name,
	    strerror(errno));
	return STORE_UNCERTAIN;
}

static enum store_result
commit(struct store *s, struct diags *d)
{
	struct file_id id = s->new_id;

	s->new_racy = store_is_racy(&id, file_now());
	if (!temp_rename(&s->temp, s->base))
		return not_renamed(s, d);
	s->published = true;
	/* Some file systems cannot sync a directory, and need not. */
	if (fsync(s->dir) < 0 && errno != EINVAL)
		return uncertain(s, d);
	/* XFS reports a lost rename only here. */
	if (fsync(s->temp.fd) < 0)
		return uncertain(s, d);
	/* Somebody writing into the new file already: its state is not known. */
	if (!stat_new(s) || s->new_id.mtime != id.mtime || s->new_id.size != id.size)
		s->new_racy = true;
	return STORE_COMMITTED;
}

/* What a large file is like is worth a moment: of one that was written within the clock's tick
 * nothing can be remembered, and the next command would read it all. */
static void
settle(const struct store *s)
{
	int64_t left = store_racy_for(&s->new_id, file_now()) + LAG;

	if (s->new_id.size >= SETTLE_MIN && left > 0 && left <= SETTLE_MOST)
		file_sleep_us(left / 1000 + 1);
}

enum store_result
store_publish(struct store *s, struct diags *d)
{
	enum store_result result;

	settle(s);
	enum status status = compare(s, d);
	if (status == STATUS_NO)
		return STORE_CHANGED;
	if (status != STATUS_OK) {
		store_abandon(s);
		return STORE_FAILED;
	}
	guard_hold();
	result = commit(s, d);
	guard_let();
	return result;
}
