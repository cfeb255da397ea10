/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pager.h"

#include "opt.h"

bool
pager_open(struct child_pipe *p, const char *pager, const struct env *env, struct arena *arena)
{
	static const char *const less[] = { "less", "-FRX", NULL };
	word_list words = { 0 };
	struct diags unsaid;
	const char *why;

	if (pager && (!args_split(str_from(pager), arena, &words, &why) || words.n == 0))
		return false;
	const char **argv = arena_zalloc(arena, (words.n + 1) * sizeof(*argv));
	for (size_t i = 0; i < words.n; i++)
		argv[i] = arena_z(arena, words.v[i]);
	bool is_ours = words.n == 0;
	vec_release(&words);
	diags_init(&unsaid, env);
	enum status status = child_open(p, is_ours ? less : argv, arena, &unsaid);
	diags_release(&unsaid);
	return status == STATUS_OK;
}
