/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of git's log: no text makes it fail, and its lines are records that a journal
 * may have. */
#include "core/gitlog.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	git_commits v = { 0 };
	struct arena arena;

	arena_init(&arena, &env_plain);
	gitlog_read((struct str){ (const char *)data, n }, &env_plain, &arena, &v);
	for (size_t i = 0; i < v.n; i++)
		for (size_t k = 0; k < v.v[i].line.n; k++) {
			struct str line = v.v[i].line.v[k].line;
			if (line.n == 0 || memchr(line.p, '\n', line.n) ||
			    memchr(line.p, '\0', line.n))
				abort();
		}
	gitlog_release(&v);
	arena_release(&arena);
	return 0;
}
