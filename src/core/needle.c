/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "needle.h"

#include <limits.h>

void
needles_init(struct needles *v, const struct env *env)
{
	*v = (struct needles){ .env = env };
}

void
needles_release(struct needles *v)
{
	vec_release(&v->list);
}

static bool
is_letter(unsigned char c)
{
	return ascii_alnum(c) && !ascii_digit(c);
}

static unsigned char
upper(unsigned char c)
{
	return is_letter(c) ? (unsigned char)(c & ~('a' - 'A')) : c;
}

void
needles_add(struct needles *v, struct str word, bool any_case)
{
	struct needle one = { .word = word };
	size_t longest = word.n < UCHAR_MAX ? word.n : UCHAR_MAX;

	memset(one.step, (int)longest, sizeof(one.step));
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)ascii_lower((unsigned char)word.p[i]);
		size_t step = word.n - 1 - i;
		one.any_case |= any_case && is_letter(c);
		if (step > 0 && step < longest)
			one.step[c] = one.step[upper(c)] = (unsigned char)step;
	}
	vec_push(v->env, &v->list, one);
}

static bool
is_at(const char *p, struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (ascii_lower((unsigned char)p[i]) != ascii_lower((unsigned char)word.p[i]))
			return false;
	return true;
}

/* Horspool's search: the byte at the end says how far the next place can be. */
static bool
find(const struct needle *n, struct str text)
{
	size_t last = n->word.n - 1;

	if (!n->any_case)
		return memmem(text.p, text.n, n->word.p, n->word.n) != NULL;
	for (size_t at = last; at < text.n; at += n->step[(unsigned char)text.p[at]])
		if (is_at(text.p + at - last, n->word))
			return true;
	return false;
}

bool
needles_in(const struct needles *v, struct str text)
{
	for (size_t i = 0; i < v->list.n; i++)
		if (v->list.v[i].word.n == 0 ||
		    (v->list.v[i].word.n <= text.n && find(&v->list.v[i], text)))
			return true;
	return false;
}
