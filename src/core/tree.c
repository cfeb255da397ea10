/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree.h"

/* Subnets before ranges before addresses at the same start. */
static int
shape(const struct rec *r)
{
	switch (r->kind) {
	case KIND_SUBNET: return r->plen;
	case KIND_RANGE: return 200;
	case KIND_ADDRESS: return 201;
	default: return 202;
	}
}

int
tree_order(const uint16_t *rank, const struct rec *a, const struct rec *b)
{
	if (a->vrf != b->vrf)
		return rank[a->vrf] < rank[b->vrf] ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	int sa = shape(a), sb = shape(b);
	if (sa != sb)
		return sa < sb ? -1 : 1;
	return (a->last > b->last) - (a->last < b->last);
}

struct rec
tree_key(uint16_t vrf, struct span span, enum kind kind)
{
	return (struct rec){ .first = span.first,
		.last = span.last,
		.vrf = vrf,
		.kind = (uint8_t)kind,
		.family = (uint8_t)span.family,
		.plen = (uint8_t)(kind == KIND_SUBNET ? span.len : 0) };
}

void
tree_init(struct tree *t, struct arena *arena)
{
	*t = (struct tree){ .arena = arena };
}

/* Makes room for n more chunks. */
static void
chunk_room(struct tree *t, size_t n)
{
	size_t size = t->size ? t->size : 64;
	struct tree_chunk **more;

	if (t->size - t->n >= n)
		return;
	while (size - t->n < n || size == t->size)
		size *= 2;
	more = arena_alloc(t->arena, size * sizeof(*more));
	if (t->n)
		memcpy(more, t->chunk, t->n * sizeof(*more));
	t->chunk = more;
	t->size = size;
}

/* Makes a chunk before number `at`. */
static struct tree_chunk *
chunk_add(struct tree *t, size_t at)
{
	chunk_room(t, 1);
	memmove(t->chunk + at + 1, t->chunk + at, (t->n - at) * sizeof(*t->chunk));
	t->n++;
	t->chunk[at] = arena_alloc(t->arena, sizeof(struct tree_chunk));
	t->chunk[at]->n = 0;
	return t->chunk[at];
}

void
tree_append(struct tree *t, struct rec *r)
{
	struct tree_chunk *c = t->n ? t->chunk[t->n - 1] : NULL;

	if (!c || c->n == TREE_CHUNK)
		c = chunk_add(t, t->n);
	c->r[c->n++] = r;
	t->records++;
}

void
tree_take(struct tree *t, const struct tree *more)
{
	chunk_room(t, more->n);
	if (more->n)
		memcpy(t->chunk + t->n, more->chunk, more->n * sizeof(*t->chunk));
	t->n += more->n;
	t->records += more->records;
}

bool
cursor_prev(struct cursor *c)
{
	if (c->at == 0) {
		if (c->chunk == 0)
			return false;
		c->chunk--;
		c->at = c->tree->chunk[c->chunk]->n;
	}
	c->at--;
	return true;
}

struct cursor
tree_first(const struct tree *t)
{
	return (struct cursor){ t, 0, 0 };
}

/* The first chunk whose last record is not before key. */
static size_t
chunk_lower(const struct tree *t, const struct rec *key)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct tree_chunk *c = t->chunk[mid];
		if (tree_order(t->rank, c->r[c->n - 1], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct cursor
tree_lower(const struct tree *t, const struct rec *key)
{
	size_t chunk = chunk_lower(t, key);
	size_t low = 0, high = chunk < t->n ? t->chunk[chunk]->n : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (tree_order(t->rank, t->chunk[chunk]->r[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return (struct cursor){ t, chunk, low };
}

struct rec *
tree_find(const struct tree *t, const struct rec *key)
{
	struct rec *r = cursor_rec(tree_lower(t, key));

	return r && tree_order(t->rank, r, key) == 0 ? r : NULL;
}

struct rec *
tree_before(const struct tree *t, const struct rec *key)
{
	struct cursor c = tree_lower(t, key);

	return cursor_prev(&c) ? cursor_rec(c) : NULL;
}

static void
chunk_split(struct tree *t, size_t at)
{
	struct tree_chunk *new = chunk_add(t, at + 1), *old = t->chunk[at];
	size_t half = old->n / 2;

	new->n = old->n - half;
	memcpy(new->r, old->r + half, new->n * sizeof(*new->r));
	old->n = half;
}

void
tree_insert(struct tree *t, struct rec *r)
{
	struct cursor c = tree_lower(t, r);

	if (c.chunk == t->n && t->n > 0) { /* behind all: into the last chunk */
		c.chunk = t->n - 1;
		c.at = t->chunk[c.chunk]->n;
	} else if (t->n == 0) {
		chunk_add(t, 0);
	}
	if (t->chunk[c.chunk]->n == TREE_CHUNK) {
		chunk_split(t, c.chunk);
		if (c.at > t->chunk[c.chunk]->n) {
			c.at -= t->chunk[c.chunk]->n;
			c.chunk++;
		}
	}
	struct tree_chunk *chunk = t->chunk[c.chunk];
	memmove(chunk->r + c.at + 1, chunk->r + c.at, (chunk->n - c.at) * sizeof(*chunk->r));
	chunk->r[c.at] = r;
	chunk->n++;
	t->records++;
}

void
tree_remove(struct tree *t, const struct rec *r)
{
	struct cursor c = tree_lower(t, r);

	if (cursor_rec(c) != r)
		return;
	struct tree_chunk *chunk = t->chunk[c.chunk];
	chunk->n--;
	memmove(chunk->r + c.at, chunk->r + c.at + 1, (chunk->n - c.at) * sizeof(*chunk->r));
	t->records--;
	if (chunk->n == 0) {
		t->n--;
		memmove(t->chunk + c.chunk, t->chunk + c.chunk + 1,
		    (t->n - c.chunk) * sizeof(*t->chunk));
	}
}
