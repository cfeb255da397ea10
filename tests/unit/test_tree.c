/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree against a sorted array, with as many records as make it cut and
 * drop chunks. */
#include "plan.h"

#include <inttypes.h>

enum { MOST = 4000, STEPS = 60000, VRFS = 3 };

static const uint16_t rank[VRFS] = { 0, 2, 1 };

struct model {
	struct tree t;
	struct rec *r[MOST];
	size_t n;
};

/* A key of a small space: many fall together, many begin at one address. */
static struct rec
random_key(uint64_t *seed)
{
	static const enum kind kinds[] = { KIND_SUBNET, KIND_SUBNET, KIND_RANGE, KIND_ADDRESS,
		KIND_ADDRESS, KIND_ADDRESS };
	enum family f = rnd(seed) % 3 ? IPV4 : IPV6;
	struct ip a = { 0x0a000000 + rnd(seed) % 1500, f }, b = { a.v + rnd(seed) % 3, f };
	enum kind kind = kinds[rnd(seed) % ARRAY_LEN(kinds)];
	struct span s = span_ip(a);

	if (kind == KIND_SUBNET)
		s = span_prefix(a, ip_bits(f) - (int)(rnd(seed) % 6));
	else if (kind == KIND_RANGE)
		s = span_range(a, b);
	return tree_key((uint16_t)(rnd(seed) % VRFS), s, kind);
}

/* The order of format.md, said once more. */
static int
order(const struct rec *a, const struct rec *b)
{
	static const int
	    at[] = { [KIND_SUBNET] = 0, [KIND_RANGE] = 1, [KIND_ADDRESS] = 2, [KIND_NONE] = 3 };
	const u128 ka[] = { rank[a->vrf], a->family, a->first, (u128)at[a->kind],
		a->kind == KIND_SUBNET ? a->plen : 0, a->last };
	const u128 kb[] = { rank[b->vrf], b->family, b->first, (u128)at[b->kind],
		b->kind == KIND_SUBNET ? b->plen : 0, b->last };

	for (size_t i = 0; i < ARRAY_LEN(ka); i++)
		if (ka[i] != kb[i])
			return ka[i] < kb[i] ? -1 : 1;
	return 0;
}

/* Where key is among the model's records, or would be. */
static size_t
place(const struct model *m, const struct rec *key)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (order(m->r[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
check_key(const struct model *m, const struct rec *key, uint64_t step)
{
	size_t at = place(m, key);
	struct rec *here = at < m->n ? m->r[at] : NULL;
	struct cursor c = tree_lower(&m->t, key);

	check(cursor_rec(c) == here, "step %" PRIu64 ": tree_lower", step);
	check(tree_find(&m->t, key) == (here && order(here, key) == 0 ? here : NULL),
	    "step %" PRIu64 ": tree_find", step);
	check(tree_before(&m->t, key) == (at ? m->r[at - 1] : NULL),
	    "step %" PRIu64 ": tree_before", step);
	if (here) {
		struct cursor next = c;
		bool more = cursor_next(&next);
		check(more == (at + 1 < m->n) && cursor_rec(next) == (more ? m->r[at + 1] : NULL),
		    "step %" PRIu64 ": cursor_next", step);
	}
	bool less = cursor_prev(&c);
	check(less == (at > 0) && (!less || cursor_rec(c) == m->r[at - 1]),
	    "step %" PRIu64 ": cursor_prev", step);
}

static void
check_all(const struct model *m, uint64_t step)
{
	struct cursor c = tree_first(&m->t);

	check(m->t.records == m->n, "step %" PRIu64 ": %zu records", step, m->t.records);
	for (size_t i = 0; i < m->n; i++, cursor_next(&c))
		check(cursor_rec(c) == m->r[i], "step %" PRIu64 ": record %zu", step, i);
	check(!cursor_rec(c) && !cursor_next(&c), "step %" PRIu64 ": the end", step);
	for (size_t i = m->n; i-- > 0;)
		check(cursor_prev(&c) && cursor_rec(c) == m->r[i],
		    "step %" PRIu64 ": record %zu from the end", step, i);
	check(!cursor_prev(&c), "step %" PRIu64 ": the beginning", step);
}

static void
insert(struct model *m, const struct rec *key)
{
	size_t at = place(m, key);
	struct rec *r;

	if (m->n == MOST || (at < m->n && order(m->r[at], key) == 0))
		return;
	r = arena_alloc(m->t.arena, sizeof(*r));
	*r = *key;
	tree_insert(&m->t, r);
	memmove(m->r + at + 1, m->r + at, (m->n++ - at) * sizeof(m->r[0]));
	m->r[at] = r;
}

static void
remove_at(struct model *m, size_t at)
{
	tree_remove(&m->t, m->r[at]);
	memmove(m->r + at, m->r + at + 1, (--m->n - at) * sizeof(m->r[0]));
}

/* Grows for a while, then shrinks to nothing, and again. */
static void
test_model(void **state)
{
	static struct model m;
	struct arena a;
	uint64_t seed = 1;
	bool grow = true;

	(void)state;
	arena_init(&a, &plan_env);
	tree_init(&m.t, &a);
	m.t.rank = rank;
	check_all(&m, 0);
	for (uint64_t step = 0; step < STEPS; step++) {
		struct rec key = random_key(&seed);
		if (rnd(&seed) % 4 ? grow : !grow)
			insert(&m, &key);
		else if (m.n)
			remove_at(&m, rnd(&seed) % m.n);
		if (m.n == 0 || m.n == MOST)
			grow = m.n == 0;
		key = random_key(&seed);
		if (rnd(&seed) % 4 == 0)
			key.kind = KIND_NONE;
		check_key(&m, &key, step);
		if (step % 1000 == 0)
			check_all(&m, step);
	}
	while (m.n)
		remove_at(&m, m.n - 1);
	check_all(&m, STEPS);
	arena_release(&a);
}

/* Records that come in order, as from a file. */
static void
test_append(void **state)
{
	static struct model m;
	struct arena a;

	(void)state;
	arena_init(&a, &plan_env);
	tree_init(&m.t, &a);
	m.t.rank = rank;
	for (uint64_t i = 0; i < MOST; i++) {
		struct rec *r = arena_alloc(&a, sizeof(*r));
		*r = tree_key(0, span_ip((struct ip){ i * 2, IPV4 }), KIND_ADDRESS);
		tree_append(&m.t, m.r[m.n++] = r);
	}
	check_all(&m, 0);
	for (uint64_t i = 0; i < 2 * MOST + 2; i++) {
		struct rec key = tree_key(0, span_ip((struct ip){ i, IPV4 }), KIND_ADDRESS);
		check_key(&m, &key, i);
	}
	arena_release(&a);
}

/* At one address: subnets from the widest on, ranges from the shortest on, the
 * address; behind them a key of no kind. */
static void
test_order(void **state)
{
	static const char *const keys[] = { "0.0.0.0/0", "0.0.0.0/8", "0.0.0.0-0.0.0.0",
		"0.0.0.0-0.0.0.9", "0.0.0.0", "9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/24",
		"10.0.0.0/32", "10.0.0.0-10.0.0.0", "10.0.0.0-10.0.0.1", "10.0.0.0", "10.0.0.1",
		"255.255.255.255", "::/0", "::", "::1-ffff::", "ffff::/16" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys) * VRFS; i++)
		for (size_t k = 0; k < ARRAY_LEN(keys) * VRFS; k++) {
			struct key ki = plan_key(keys[i % ARRAY_LEN(keys)]);
			struct key kk = plan_key(keys[k % ARRAY_LEN(keys)]);
			/* VRF 2 is before VRF 1 */
			uint16_t vi = rank[i / ARRAY_LEN(keys)], vk = rank[k / ARRAY_LEN(keys)];
			struct rec ri = tree_key(vi, ki.span, ki.kind);
			struct rec rk = tree_key(vk, kk.span, kk.kind);
			int wanted = (i > k) - (i < k);
			check(tree_order(rank, &ri, &rk) == wanted, "%s %s",
			    keys[i % ARRAY_LEN(keys)], keys[k % ARRAY_LEN(keys)]);
			rk = tree_key(vk, span_ip(span_first(kk.span)), KIND_NONE);
			bool is_before = vi != vk ? i < k
			                 : ki.span.family != kk.span.family
			                     ? i < k
			                     : ki.span.first <= kk.span.first;
			check(tree_order(rank, &ri, &rk) == (is_before ? -1 : 1),
			    "%s, %s of no kind", keys[i % ARRAY_LEN(keys)],
			    keys[k % ARRAY_LEN(keys)]);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
