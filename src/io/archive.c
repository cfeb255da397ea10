/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "child.h"

struct str
archive_name(const struct block *b, struct arena *arena)
{
	return field_text(b->field[FIELD_ARCHIVE], arena);
}

/* The text of a .gz, in a file without a name.  gzip waits for nobody, so that this may
 * be done with the lock held. */
static enum status
unpack(struct beside *b, const struct env *env, struct arena *arena, struct diags *d)
{
	const char *const argv[] = { "gzip", "-dc", NULL };
	struct child gzip = { .argv = argv, .package = "gzip" };
	struct child_result result;
	struct str said = STR_NONE;
	struct stat st;
	FILE *plain = tmpfile();

	if (!plain)
		return diag_fail(d, STATUS_SYSTEM, "%s: no temporary file: %s", b->name,
		    strerror(errno));
	gzip.output = fcntl(fileno(plain), F_DUPFD_CLOEXEC, 3);
	gzip.source = b->fd;
	fclose(plain);
	enum status status = child_run(&gzip, env, arena, &result, d);
	while (!status && said.n == 0 && str_next(&result.err, '\n', &said))
		; /* gzip begins with an empty line */
	if (!status && (result.exit != 0 || fstat(gzip.output, &st) < 0))
		status = diag_fail(d, said.n ? STATUS_INVALID : STATUS_SYSTEM,
		    "%s: cannot be unpacked: %.*s", b->name, STR_FMT(said));
	beside_close(b);
	b->fd = gzip.output;
	if (status)
		beside_close(b);
	else
		b->size = (uint64_t)st.st_size;
	return status;
}

enum status
archive_open(struct beside *out, struct store *store, struct str name, const struct env *env,
    struct arena *arena, struct diags *d)
{
	const char *base = arena_z(arena, name);
	enum status status = beside_open_name(out, store, base, d);

	if (status != STATUS_NO)
		return status;
	status = beside_open_name(out, store, arena_fmt(arena, "%s.gz%c", base, 0).p, d);
	if (status == STATUS_NO)
		return beside_open_name(out, store, base, d); /* for its name */
	return status ? status : unpack(out, env, arena, d);
}
