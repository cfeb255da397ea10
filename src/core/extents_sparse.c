/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The widest blocks in bit-reversed order: for each length a heap, which is filled
 * when it is first wanted and from then on hears of new blocks.  A block that is one
 * no more leaves it when it comes to the top.
 */
#include "extents.h"

struct sparse_order {
	u128 base;
	u128 lens; /* those whose heap is filled */
	struct heap {
		u128 *key;
		size_t n, size;
	} heap[129];
};

static u128
bit_reversed(u128 v)
{
	u128 r = 0;

	for (int i = 0; i < 128; i++, v >>= 1)
		r = r << 1 | (v & 1);
	return r;
}

static void
heap_push(struct heap *h, struct arena *arena, u128 key)
{
	size_t i = h->n++;

	if (h->n > h->size) {
		h->size = h->size ? h->size * 2 : 16;
		u128 *more = arena_alloc(arena, h->size * sizeof(*more));
		if (i)
			memcpy(more, h->key, i * sizeof(*more));
		h->key = more;
	}
	for (; i > 0 && key < h->key[(i - 1) / 2]; i = (i - 1) / 2)
		h->key[i] = h->key[(i - 1) / 2];
	h->key[i] = key;
}

static void
heap_pop(struct heap *h)
{
	u128 key = h->key[--h->n];
	size_t i = 0;

	for (size_t k; (k = 2 * i + 1) < h->n; i = k) {
		if (k + 1 < h->n && h->key[k + 1] < h->key[k])
			k++;
		if (h->key[k] >= key)
			break;
		h->key[i] = h->key[k];
	}
	h->key[i] = key;
}

static void
note_block(struct extents *s, struct span block)
{
	heap_push(&s->sparse->heap[block.len], s->arena,
	    bit_reversed(block.first - s->sparse->base));
}

void
extents_sparse_note(struct extents *s, u128 first, u128 last)
{
	struct span run = { first, last, s->family, -1 };

	while (s->sparse) {
		struct span block = span_head_block(run);
		if (s->sparse->lens & EXTENTS_LEN(block.len))
			note_block(s, block);
		if (block.last == last)
			return;
		run.first = block.last + 1;
	}
}

static void
fill(struct extents *s, u128 len)
{
	struct span block = { .first = 0 };

	s->sparse->lens |= len;
	for (u128 from = 0; extents_block(s, len, from, &block); from = block.last + 1) {
		note_block(s, block);
		if (block.last == ip_max(s->family))
			return;
	}
}

bool
extents_sparse(struct extents *s, u128 base, struct span *block)
{
	u128 lens = extents_lens(s), widest = lens & (~lens + 1);

	if (!widest || !extents_block(s, widest, 0, block))
		return false;
	if (!s->sparse) {
		s->sparse = arena_zalloc(s->arena, sizeof(*s->sparse));
		s->sparse->base = base;
	}
	if (!(s->sparse->lens & widest))
		fill(s, widest);
	for (struct heap *h = &s->sparse->heap[block->len]; h->n; heap_pop(h)) {
		struct ip first = { bit_reversed(h->key[0]) + base, s->family };
		*block = span_prefix(first, block->len);
		if (extents_has_block(s, *block))
			return true;
	}
	return false;
}
