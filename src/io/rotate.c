/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rotate: the journal so far becomes an archive, and another one goes on from it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "guard.h"
#include "journal_parts.h"
#include "store_parts.h"

/* --- the archive's name ------------------------------------------------- */

/* The number of the archive before, which the first block names; 0: there is none. */
static enum status
last_number(struct journal *j, uint64_t *n)
{
	struct tape s;
	struct block b = { 0 };
	struct str text;

	*n = 0;
	tape_file(&s, j->env, &j->file, j->diags);
	enum status status = tape_start(&s);
	if (!status)
		status = tape_next(&s, &text);
	if (!status)
		status = tape_parse(&s, text, &b);
	struct str name = b.field[FIELD_ARCHIVE];
	size_t dot = name.n;
	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	str_uint(str_cut(name, dot, name.n), UINT32_MAX, n);
	vec_release(&b.line);
	tape_release(&s);
	return status == STATUS_INVALID ? STATUS_SYSTEM : status;
}

static bool
is_journal(const struct journal *j, const struct stat *st)
{
	struct stat own;

	return fstat(j->file.fd, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

/* Whether an archive may have that name: one that a killed rotation left is the journal. */
static bool
is_free(const struct journal *j, const char *base)
{
	const char *packed = arena_fmt(j->arena, "%s.gz%c", base, 0).p;
	struct stat st;

	if (fstatat(j->store->dir, packed, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return false;
	return fstatat(j->store->dir, base, &st, AT_SYMLINK_NOFOLLOW) < 0 || is_journal(j, &st);
}

static enum status
find_name(struct journal *j, const char **base)
{
	uint64_t n;
	enum status status = last_number(j, &n);

	do
		*base = arena_fmt(j->arena, "%s.log.%" PRIu64 "%c", j->store->base, ++n, 0).p;
	while (!status && !is_free(j, *base));
	return status;
}

/* --- on the disk ---------------------------------------------------------- */

static enum status
fail(const struct journal *j, const char *what, const char *outcome)
{
	return diag_fail(j->diags, STATUS_SYSTEM, "%s: %s: %s; %s", j->file.name, what,
	    strerror(errno), outcome);
}

/* The journal gets the archive's name, too; then the new one takes its own.  At each
 * moment FILE.log is whole, and leads to all before. */
static enum status
replace(struct journal *j, const char *base, struct str text)
{
	struct store *s = j->store;
	const char *own = store_join(&s->arena, s->base, ".log");
	struct stat st;

	if (linkat(s->dir, own, s->dir, base, 0) < 0 && errno != EEXIST)
		return fail(j, "cannot be archived", "nothing was written");
	if (fsync(s->dir) < 0 && errno != EINVAL) {
		int error = errno;
		unlinkat(s->dir, base, 0);
		errno = error;
		return fail(j, "cannot be archived", "nothing was written");
	}
	if (store_put(s, ".log", text, true))
		return STATUS_OK;
	int error = errno;
	bool is_old = fstatat(s->dir, own, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_journal(j, &st);
	if (is_old)
		unlinkat(s->dir, base, 0);
	errno = error;
	return is_old ? fail(j, "cannot be replaced", "nothing was written")
	              : fail(j, "may not be on the disk", "it was written");
}

/* The first block of the new journal: every record, and where those before are. */
static void
put_archive(struct journal *j, const struct db *db, const char *base, struct buf *out)
{
	struct block b = journal_block(j, BLOCK_ARCHIVE);
	struct chain chain = j->chain;

	journal_field(j, &b, FIELD_ARCHIVE, str_from(base));
	b.field[FIELD_AFTER] = str_from(j->chain.seal);
	plan_lines(db, &b.line);
	buf_z(out, JOURNAL_HEAD);
	block_put(out, j->env, &chain, &b);
	vec_release(&b.line);
}

enum status
journal_rotate(struct journal *j, const struct db *db, bool dry, struct str *name)
{
	const block_lines none = { 0 };
	const char *base = NULL;
	struct buf text;

	*name = STR_NONE;
	if (!journal_exists(j))
		return diag_fail(j->diags, STATUS_NO, "%s: there is no journal",
		    store_name(j->store));
	if (j->last.kind == BLOCK_ARCHIVE && j->pending.n == 0)
		return STATUS_OK;
	enum status status = find_name(j, &base);
	if (status)
		return status;
	*name = str_from(base);
	if (!dry)
		status = journal_append(j, &none);
	if (dry || status)
		return status;
	buf_init(&text, j->env);
	put_archive(j, db, base, &text);
	guard_hold();
	status = replace(j, base, buf_get(&text));
	guard_let();
	buf_release(&text);
	return status;
}
