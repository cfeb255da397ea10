/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "needle.h"

#include "word.h"

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

void
needles_add(struct needles *v, struct str word, bool any_case)
{
	struct needle one = { .word = word };

	for (size_t i = 0; i < word.n; i++)
		one.any_case |= any_case && is_letter((unsigned char)word.p[i]);
	vec_push(v->env, &v->list, one);
}

static bool
is_at(const char *p, struct str word)
{
	for (size_t i = word.n; i-- > 0;)
		if (ascii_lower((unsigned char)p[i]) != ascii_lower((unsigned char)word.p[i]))
			return false;
	return true;
}

/* A byte in all of a word of memory, and the bit that a letter's case makes. */
struct everywhere {
	uint64_t byte, fold;
};

static struct everywhere
everywhere(unsigned char c)
{
	return (struct everywhere){ WORD_OF((uint64_t)(unsigned char)ascii_lower(c)),
		is_letter(c) ? WORD_OF('a' - 'A') : 0 };
}

static uint64_t
differs(const char *p, struct everywhere e)
{
	return (word_load(p) | e.fold) ^ e.byte;
}

/* The word's last two bytes are looked for, at eight places at a time: they are less often
 * shared than its first. */
static size_t
find_any_case(struct str word, struct str text, size_t from)
{
	size_t last = word.n - 1, at = from + last;
	struct everywhere b = everywhere((unsigned char)word.p[last]),
			  a = everywhere((unsigned char)word.p[last ? last - 1 : 0]);

	for (; at + WORD <= text.n; at += WORD) {
		uint64_t other = differs(text.p + at, b);
		if (last)
			other |= differs(text.p + at - 1, a);
		/* more bytes than these may be set, none less */
		for (uint64_t high = word_equal(other, 0); high; high &= high - 1) {
			size_t start = at + word_lowest(high) - last;
			if (is_at(text.p + start, word))
				return start;
		}
	}
	for (; at < text.n; at++)
		if (is_at(text.p + at - last, word))
			return at - last;
	return text.n;
}

static size_t
find(const struct needle *n, struct str text, size_t from)
{
	if (n->any_case)
		return find_any_case(n->word, text, from);
	const char *p = memmem(text.p + from, text.n - from, n->word.p, n->word.n);
	return p ? (size_t)(p - text.p) : text.n;
}

bool
needles_in(const struct needles *v, struct str text)
{
	for (size_t i = 0; i < v->list.n; i++)
		if (v->list.v[i].word.n == 0 ||
		    (v->list.v[i].word.n <= text.n && find(&v->list.v[i], text, 0) < text.n))
			return true;
	return false;
}

size_t
needles_find(const struct needles *v, struct str text, size_t from)
{
	const struct needle *n = &v->list.v[0];

	return from >= text.n || text.n - from < n->word.n ? text.n : find(n, text, from);
}
