/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "file.h"

enum status
input_read(const char *path, struct arena *arena, struct str *out, struct diags *d)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : 0;
	struct buf b;
	ssize_t n = 1;

	if (fd < 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s", path, strerror(errno));
	buf_init(&b, arena->env);
	for (; n > 0; b.n += (size_t)(n > 0 ? n : 0))
		n = file_read(fd, buf_room(&b, 65536), 65536);
	int error = errno;
	if (path)
		file_close(fd);
	*out = arena_str(arena, buf_get(&b));
	buf_release(&b);
	if (n < 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s", path ? path : "standard input",
		    strerror(error));
	return STATUS_OK;
}
