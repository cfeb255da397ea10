/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pager.h"

#include "child.h"
#include "opt.h"

bool
pager_show(const char *pager, struct str text, const struct env *env, struct arena *arena)
{
	static const char *const less[] = { "less", "-FRX", NULL };
	struct child child = { .argv = less, .input = text, .on_terminal = true };
	struct child_result result;
	word_list words = { 0 };
	struct diags unsaid;
	const char *why;

	if (pager && (!args_split(str_from(pager), arena, &words, &why) || words.n == 0))
		return false;
	const char **argv = arena_zalloc(arena, (words.n + 1) * sizeof(*argv));
	for (size_t i = 0; i < words.n; i++)
		argv[i] = arena_z(arena, words.v[i]);
	if (words.n)
		child.argv = argv;
	vec_release(&words);
	diags_init(&unsaid, env);
	enum status status = child_run(&child, env, arena, &result, &unsaid);
	diags_release(&unsaid);
	return !status && result.exit != 126 && result.exit != 127;
}
