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
	/* of the last message: its source's text from its line on; n lines are above */
	struct text_source said;
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

static const struct text_source *
source_of(const struct printer *p, const char *at)
{
	for (size_t i = 0; at && i < p->sources; i++)
		if (at >= p->source[i].p && at <= p->source[i].p + p->source[i].n)
			return &p->source[i];
	return NULL;
}

/* Messages come in the order of their places, so that the lines before one are
 * not counted again. */
static void
line_column(struct printer *p, const struct text_source *s, const char *at, size_t *line,
    size_t *column)
{
	if (p->said.name != s->name || at < p->said.p)
		p->said = (struct text_source){ s->name, s->p, 0 };
	struct text_source rest = { s->name, p->said.p, (size_t)(s->p + s->n - p->said.p) };
	text_line_column(&rest, at, line, column);
	p->said.n += *line - 1;
	p->said.p = at - (*column - 1);
	*line = p->said.n + 1;
}

static void
print_diag(struct printer *p, const struct diag *d)
{
	const struct text_source *s = source_of(p, d->pos.at);
	const char *level = d->severity == SEV_ERROR ? "error" : "warning";
	size_t line, column;
	struct buf b;

	buf_init(&b, p->env);
	buf_z(&b, "ipam: ");
	if (s) {
		line_column(p, s, d->pos.at, &line, &column);
		buf_fmt(&b, "%s:%zu:%zu: %s: ", s->name, line, column, level);
	} else if (d->severity == SEV_WARNING) {
		buf_z(&b, "warning: ");
	}
	buf_str(&b, d->text);
	if (s && d->rule)
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
