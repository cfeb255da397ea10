/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fact.h"

void
facts_init(struct facts *facts, const struct env *env)
{
	*facts = (struct facts){ .env = env };
	arena_init(&facts->arena, env);
}

void
facts_release(struct facts *facts)
{
	vec_release(facts);
	arena_release(&facts->arena);
}

struct fact *
facts_add(struct facts *facts, enum fact_kind kind, const char *at)
{
	struct fact fact = { .kind = kind, .ttl = FACT_NO_TTL, .at = at };

	vec_push(facts->env, facts, fact);
	return &facts->v[facts->n - 1];
}

void
facts_other(struct facts *facts, const char *at, const char *fmt, ...)
{
	struct fact *fact = facts_add(facts, FACT_OTHER, at);
	va_list ap;

	va_start(ap, fmt);
	fact->name = arena_vfmt(&facts->arena, fmt, ap);
	va_end(ap);
}
