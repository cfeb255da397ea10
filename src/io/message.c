/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include <stdio.h>

#include "core/check.h"
#include "core/text_place.h"
#include "out.h"

struct printer {
	const struct env *env;
	const struct text_source *source;
	size_t sources;
	struct text_place place; /* of the last message */
};

void
message_lines(struct str lines, const struct env *env)
{
	struct arena arena;

	arena_init(&arena, env);
	struct str safe = out_harmless(&arena, lines);
	fprintf(stderr, "%.*s", STR_FMT(safe));
	arena_release(&arena);
}

static void
print_diag(struct printer *p, const struct diag *d)
{
	bool has_place = text_place_find(&p->place, p->source, p->sources, d->pos.at);
	struct buf b;

	buf_init(&b, p->env);
	buf_z(&b, "ipam: ");
	if (has_place)
		buf_fmt(&b, "%s:%zu:%zu: %s: ", p->place.source->name, p->place.line,
		    p->place.column, severity_names[d->severity]);
	else if (d->severity == SEV_WARNING)
		buf_z(&b, "warning: ");
	buf_str(&b, d->text);
	if (has_place && d->rule)
		buf_fmt(&b, " [%s]", rules[d->rule].name);
	buf_char(&b, '\n');
	if (d->hint.n)
		buf_fmt(&b, "hint: %.*s\n", STR_FMT(d->hint));
	message_lines(buf_get(&b), p->env);
	buf_release(&b);
}

void
message_print(const struct diags *d, const struct text_source *source, size_t sources,
    bool errors_only, const struct env *env)
{
	struct printer p = { .env = env, .source = source, .sources = sources };

	for (size_t i = 0; i < d->n; i++)
		if (!errors_only || d->v[i].severity == SEV_ERROR)
			print_diag(&p, &d->v[i]);
	if (d->dropped)
		fprintf(stderr, "ipam: ... and %zu more\n", d->dropped);
}
