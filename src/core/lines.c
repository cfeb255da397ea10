/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

enum { SLOTS_MIN = 64 };

void
lines_init(struct lines *l, const struct env *env)
{
	*l = (struct lines){ .env = env };
}

void
lines_release(struct lines *l)
{
	free(l->v);
	free(l->slot);
	lines_init(l, l->env);
}

/* Eight bytes at a time, each mixed by a multiplication. */
static uint64_t
hash(struct str s)
{
	const uint64_t m = 0x9e3779b97f4a7c15;
	uint64_t h = s.n * m, w;

	for (; s.n >= sizeof(w); s.p += sizeof(w), s.n -= sizeof(w)) {
		memcpy(&w, s.p, sizeof(w));
		h = (h ^ w) * m;
		h ^= h >> 29;
	}
	w = 0;
	if (s.n)
		memcpy(&w, s.p, s.n);
	h = (h ^ w) * m;
	return h ^ h >> 32;
}

/* The slot where it is, or where it would be. */
static uint32_t *
slot_of(const struct lines *l, struct str line, uint64_t h)
{
	size_t i = h & (l->slots - 1);

	for (; l->slot[i]; i = (i + 1) & (l->slots - 1)) {
		const struct lines_entry *e = &l->v[l->slot[i] - 1];
		if (e->hash == h && str_eq(e->line, line))
			break;
	}
	return &l->slot[i];
}

static void
grow(struct lines *l)
{
	size_t slots = l->slots ? 2 * l->slots : SLOTS_MIN;

	free(l->slot);
	l->slot = calloc(slots, sizeof(*l->slot));
	if (!l->slot)
		l->env->oom(slots * sizeof(*l->slot));
	l->slots = slots;
	for (size_t i = 0; i < l->n; i++)
		*slot_of(l, l->v[i].line, l->v[i].hash) = (uint32_t)(i + 1);
}

struct lines_entry *
lines_find(const struct lines *l, struct str line)
{
	uint32_t at = l->slots ? *slot_of(l, line, hash(line)) : 0;

	return at ? &l->v[at - 1] : NULL;
}

int64_t
lines_count(const struct lines *l, struct str line)
{
	const struct lines_entry *e = lines_find(l, line);

	return e ? e->count : 0;
}

int64_t
lines_add(struct lines *l, struct str line, int64_t by)
{
	uint64_t h = hash(line);

	if (2 * (l->n + 1) > l->slots)
		grow(l);
	uint32_t *slot = slot_of(l, line, h);
	if (*slot)
		return l->v[*slot - 1].count += by;
	struct lines_entry e = { line, h, by };
	vec_push(l->env, l, e);
	*slot = (uint32_t)l->n;
	return by;
}
