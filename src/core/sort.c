/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sort.h"

struct sort {
	sort_order *order;
	const void *ctx;
};

static void
merge(const struct sort *s, void **v, void **scratch, size_t half, size_t n)
{
	size_t a = 0, b = half, at = 0;

	memcpy(scratch, v, half * sizeof(*v));
	while (a < half)
		v[at++] = b < n && s->order(s->ctx, scratch[a], v[b]) > 0 ? v[b++] : scratch[a++];
}

static void
sort_part(const struct sort *s, void **v, void **scratch, size_t n)
{
	size_t half = n / 2;

	if (n < 2)
		return;
	sort_part(s, v, scratch, half);
	sort_part(s, v + half, scratch, n - half);
	if (s->order(s->ctx, v[half - 1], v[half]) > 0)
		merge(s, v, scratch, half, n);
}

void
sort_stable(const struct env *env, void **v, size_t n, sort_order *order, const void *ctx)
{
	struct sort s = { order, ctx };
	struct arena scratch;

	arena_init(&scratch, env);
	sort_part(&s, v, arena_alloc(&scratch, (n / 2 + 1) * sizeof(*v)), n);
	arena_release(&scratch);
}
