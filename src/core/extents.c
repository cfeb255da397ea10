/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extents.h"

/* A treap by first address: a node's rank is above those of its children. */
struct run {
	u128 first, last;
	u128 blocks; /* the lengths of its own blocks */
	u128 total, longest,
	    lens; /* of it and all below: how many, the longest less one, lengths */
	struct run *left, *right;
	uint64_t rank;
};

/* --- nodes ------------------------------------------------------------ */

static void
pull(struct run *t)
{
	const struct run *side[] = { t->left, t->right };

	t->longest = t->last - t->first;
	t->total = t->longest + 1;
	t->lens = t->blocks;
	for (size_t i = 0; i < ARRAY_LEN(side); i++) {
		if (!side[i])
			continue;
		t->total += side[i]->total;
		t->lens |= side[i]->lens;
		if (side[i]->longest > t->longest)
			t->longest = side[i]->longest;
	}
}

/* As good as random, and the same in every run. */
static uint64_t
rank_of(u128 v)
{
	uint64_t z = (uint64_t)v ^ (uint64_t)(v >> 64) * 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Takes the first block off a run; false when that was the last. */
static bool
next_block(struct span *run, struct span *block)
{
	*block = span_head_block(*run);
	if (block->last == run->last)
		return false;
	run->first = block->last + 1;
	return true;
}

static u128
blocks_of(struct span run)
{
	struct span block;
	u128 lens = 0;
	bool more;

	do {
		more = next_block(&run, &block);
		lens |= EXTENTS_LEN(block.len);
	} while (more);
	return lens;
}

static struct run *
run_new(struct extents *s, u128 first, u128 last)
{
	struct run *t = s->spare;

	if (t)
		s->spare = t->right;
	else
		t = arena_alloc(s->arena, sizeof(*t));
	*t = (struct run){ .first = first, .last = last, .rank = rank_of(first) };
	t->blocks = blocks_of((struct span){ first, last, s->family, -1 });
	pull(t);
	extents_sparse_note(s, first, last);
	return t;
}

static void
run_drop(struct extents *s, struct run *t)
{
	if (!t)
		return;
	run_drop(s, t->left);
	run_drop(s, t->right);
	t->right = s->spare;
	s->spare = t;
}

/* Those that begin before v, and the others. */
static void
split(struct run *t, u128 v, struct run **before, struct run **others)
{
	if (!t) {
		*before = *others = NULL;
		return;
	}
	if (t->first < v) {
		split(t->right, v, &t->right, others);
		*before = t;
	} else {
		split(t->left, v, before, &t->left);
		*others = t;
	}
	pull(t);
}

/* Those that begin at v or before, and the others. */
static void
split_behind(struct run *t, u128 v, struct run **before, struct run **others)
{
	*before = t;
	*others = NULL;
	if (v < ~(u128)0)
		split(t, v + 1, before, others);
}

static struct run *
join(struct run *a, struct run *b)
{
	if (!a || !b)
		return a ? a : b;
	if (a->rank > b->rank) {
		a->right = join(a->right, b);
		pull(a);
		return a;
	}
	b->left = join(a, b->left);
	pull(b);
	return b;
}

static struct run *
leftmost(struct run *t)
{
	while (t && t->left)
		t = t->left;
	return t;
}

static struct run *
rightmost(struct run *t)
{
	while (t && t->right)
		t = t->right;
	return t;
}

/* --- changing --------------------------------------------------------- */

void
extents_init(struct extents *s, struct arena *arena, enum family family)
{
	*s = (struct extents){ .arena = arena, .family = family };
}

void
extents_add(struct extents *s, u128 first, u128 last)
{
	struct run *a, *b, *next = NULL, *touching = NULL;

	split(s->root, first, &a, &b);
	struct run *before = rightmost(a), *after = leftmost(b);
	if (before && before->last + 1 == first) {
		first = before->first;
		split(a, first, &a, &touching);
		run_drop(s, touching);
	}
	if (after && after->first - 1 == last) {
		last = after->last;
		split_behind(b, after->first, &touching, &next);
		run_drop(s, touching);
		b = next;
	}
	s->root = join(join(a, run_new(s, first, last)), b);
}

void
extents_take(struct extents *s, u128 first, u128 last)
{
	struct run *a, *b, *c, *cut = NULL;
	u128 end = last;

	split(s->root, first, &a, &b);
	split_behind(b, last, &b, &c);
	struct run *before = rightmost(a), *inside = rightmost(b);
	if (inside)
		end = inside->last;
	run_drop(s, b);
	if (before && before->last >= first) {
		u128 start = before->first;
		if (before->last > end)
			end = before->last;
		split(a, start, &a, &cut);
		run_drop(s, cut);
		a = join(a, run_new(s, start, first - 1));
	}
	if (end > last)
		a = join(a, run_new(s, last + 1, end));
	s->root = join(a, c);
}

/* --- looking ---------------------------------------------------------- */

bool
extents_is_empty(const struct extents *s)
{
	return !s->root;
}

u128
extents_lowest(const struct extents *s)
{
	return leftmost(s->root)->first;
}

u128
extents_highest(const struct extents *s)
{
	return rightmost(s->root)->last;
}

bool
extents_longest(const struct extents *s, struct span *run)
{
	const struct run *t = s->root;

	if (!t)
		return false;
	for (u128 longest = t->longest;;) {
		if (t->left && t->left->longest == longest)
			t = t->left;
		else if (t->last - t->first == longest)
			break;
		else
			t = t->right;
	}
	*run = (struct span){ t->first, t->last, s->family, -1 };
	return true;
}

u128
extents_total(const struct extents *s)
{
	return s->root ? s->root->total : 0;
}

u128
extents_nth(const struct extents *s, u128 k)
{
	const struct run *t = s->root;

	for (;;) {
		u128 left = t->left ? t->left->total : 0;
		if (k < left) {
			t = t->left;
			continue;
		}
		k -= left;
		if (k <= t->last - t->first)
			return t->first + k;
		k -= t->last - t->first + 1;
		t = t->right;
	}
}

/* --- blocks ----------------------------------------------------------- */

u128
extents_lens(const struct extents *s)
{
	return s->root ? s->root->lens : 0;
}

/* The first run that ends at or above `from` and has a block of these lengths. */
static const struct run *
run_with(const struct run *t, u128 lens, u128 from)
{
	const struct run *found;

	if (!t || !(t->lens & lens))
		return NULL;
	if (t->first > from && (found = run_with(t->left, lens, from)))
		return found;
	if (t->last >= from && (t->blocks & lens))
		return t;
	return run_with(t->right, lens, from);
}

static bool
block_in(const struct run *t, enum family family, u128 lens, u128 from, struct span *block)
{
	struct span rest = { t->first, t->last, family, -1 };
	bool more;

	do {
		more = next_block(&rest, block);
		if (block->first >= from && (EXTENTS_LEN(block->len) & lens))
			return true;
	} while (more);
	return false;
}

bool
extents_block(const struct extents *s, u128 lens, u128 from, struct span *block)
{
	const struct run *t;

	while ((t = run_with(s->root, lens, from))) {
		if (block_in(t, s->family, lens, from, block))
			return true;
		if (t->last == ip_max(s->family))
			return false;
		from = t->last + 1;
	}
	return false;
}

bool
extents_has_block(const struct extents *s, struct span block)
{
	struct span found;

	return extents_block(s, EXTENTS_LEN(block.len), block.first, &found) &&
	       found.first == block.first && found.last == block.last;
}
