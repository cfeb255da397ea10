/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines_diff.h"

#define NONE ((size_t)-1)

struct line {
	struct str text; /* with its LF */
	size_t at;       /* the how manieth it is */
};
typedef VEC(struct line) line_list;

static void
split(const struct env *env, struct str text, line_list *out)
{
	while (text.n) {
		size_t lf = str_find(text, '\n'), n = lf < text.n ? lf + 1 : lf;
		struct line line = { str_cut(text, 0, n), out->n };
		vec_push(env, out, line);
		text = str_cut(text, n, text.n);
	}
}

static int
by_text(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = str_cmp(x->text, y->text);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* For each line after, the line before that it is, the first for the first of equal
 * ones; or NONE. */
static size_t *
match(struct arena *a, const line_list *before, const line_list *after)
{
	size_t *to = arena_alloc(a, (after->n + 1) * sizeof(*to));
	struct line *old = arena_alloc(a, (before->n + 1) * sizeof(*old));
	struct line *new = arena_alloc(a, (after->n + 1) * sizeof(*new));

	for (size_t i = 0; i < before->n; i++)
		old[i] = before->v[i];
	for (size_t i = 0; i < after->n; i++)
		new[i] = after->v[i];
	qsort(old, before->n, sizeof(*old), by_text);
	qsort(new, after->n, sizeof(*new), by_text);
	for (size_t i = 0, k = 0; i < after->n;) {
		int order = k < before->n ? str_cmp(old[k].text, new[i].text) : 1;
		if (order < 0) {
			k++;
			continue;
		}
		to[new[i++].at] = order ? NONE : old[k++].at;
	}
	return to;
}

/* Leaves of these the longest sequence that rises; the others become NONE. */
static void
keep_rising(struct arena *a, size_t *to, size_t n)
{
	size_t *end = arena_alloc(a, (n + 1) * sizeof(*end)), ends = 0;
	size_t *previous = arena_alloc(a, (n + 1) * sizeof(*previous)), last;

	for (size_t i = 0; i < n; i++) {
		size_t low = 0, high = ends;
		if (to[i] == NONE)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (to[end[middle]] < to[i])
				low = middle + 1;
			else
				high = middle;
		}
		previous[i] = low ? end[low - 1] : NONE;
		end[low] = i;
		ends += low == ends;
	}
	last = ends ? end[ends - 1] : NONE;
	for (size_t i = n; i-- > 0;)
		if (i == last)
			last = previous[i];
		else
			to[i] = NONE;
}

static void
put(struct buf *out, char sign, struct str line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	buf_char(out, sign);
	buf_str(out, line);
	buf_char(out, '\n');
}

static void
put_all(struct buf *out, const line_list *before, const line_list *after, const size_t *to)
{
	size_t i = 0, k = 0;

	while (i < before->n || k < after->n) {
		size_t stop = k, until = before->n;
		while (stop < after->n && to[stop] == NONE)
			stop++;
		if (stop < after->n)
			until = to[stop];
		for (; i < until; i++)
			put(out, '-', before->v[i].text);
		for (; k < stop; k++)
			put(out, '+', after->v[k].text);
		i += i < before->n;
		k += k < after->n;
	}
}

void
lines_diff(struct str before, struct str after, struct buf *out)
{
	line_list old = { 0 }, new = { 0 };
	struct arena arena;

	arena_init(&arena, out->env);
	split(out->env, before, &old);
	split(out->env, after, &new);
	size_t *to = match(&arena, &old, &new);
	keep_rising(&arena, to, new.n);
	put_all(out, &old, &new, to);
	vec_release(&old);
	vec_release(&new);
	arena_release(&arena);
}
