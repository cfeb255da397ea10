/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of runs against a model of 256 flags, at both ends of both families. */
#include "unit.h"

#include "core/extents.h"

enum { N = 256 };

struct model {
	u128 base;
	enum family family;
	bool is_free[N];
};

static bool
same_runs(const struct extents *s, const struct model *m)
{
	u128 total = 0, want = 0;
	struct span block;

	for (size_t i = 0; i < N; i++)
		want += m->is_free[i];
	for (u128 from = 0; extents_block(s, ~(u128)0, from, &block); from = block.last + 1) {
		for (u128 v = block.first; v <= block.last; v++) {
			if (!m->is_free[v - m->base])
				return false;
			total++;
			if (v == ip_max(m->family))
				return total == want && extents_total(s) == total;
		}
	}
	return total == want && extents_total(s) == total;
}

static void
check_ends(const struct extents *s, const struct model *m, uint64_t *seed)
{
	size_t low = N, high = 0, total = 0, best = 0, best_at = 0, run = 0;

	for (size_t i = 0; i < N; i++) {
		run = m->is_free[i] ? run + 1 : 0;
		if (run > best) {
			best = run;
			best_at = i + 1 - run;
		}
		if (!m->is_free[i])
			continue;
		low = low == N ? i : low;
		high = i;
		total++;
	}
	check(extents_is_empty(s) == (total == 0), "empty with %zu", total);
	if (total == 0)
		return;
	struct span longest;
	check(extents_lowest(s) == m->base + low && extents_highest(s) == m->base + high, "ends");
	check(extents_longest(s, &longest) && longest.first == m->base + best_at &&
		  longest.last - longest.first + 1 == best,
	    "longest: %zu at %zu", best, best_at);
	size_t k = rnd(seed) % total, at = 0;
	for (size_t left = k; !m->is_free[at] || left-- > 0;)
		at++;
	check(extents_nth(s, k) == m->base + at, "number %zu: %zu", k, at);
}

/* Of the blocks of one length, as the cover of the model has them. */
static size_t
model_blocks(const struct model *m, int host, size_t *v)
{
	size_t size = (size_t)1 << host, n = 0;

	for (size_t i = 0; i + size <= N; i += size) {
		bool all = true, twin = host < 8;
		for (size_t k = 0; k < size; k++)
			all &= m->is_free[i + k];
		for (size_t k = 0; twin && k < size; k++)
			twin = m->is_free[(i ^ size) + k];
		if (all && !twin)
			v[n++] = i;
	}
	return n;
}

static unsigned
reversed(size_t v)
{
	unsigned r = 0;

	for (int i = 0; i < 8; i++)
		r |= (unsigned)(v >> i & 1) << (7 - i);
	return r;
}

static void
check_blocks(struct extents *s, const struct model *m)
{
	size_t v[N], widest = 0, n = 0;
	struct span block;

	for (int host = 8; host >= 0; host--) {
		int len = ip_bits(m->family) - host;
		size_t found = model_blocks(m, host, v);
		bool has = extents_block(s, EXTENTS_LEN(len), 0, &block);
		check(has == (found > 0), "/%d: %zu", len, found);
		check(!has || (block.first == m->base + v[0] && block.len == len), "first /%d",
		    len);
		if (found && n == 0) {
			size_t best = v[0];
			for (size_t i = 1; i < found; i++)
				if (reversed(v[i]) < reversed(best))
					best = v[i];
			widest = best;
			n = found;
		}
	}
	check(extents_sparse(s, m->base, &block) == (n > 0), "sparse of %zu", n);
	check(n == 0 || block.first == m->base + widest, "sparse: %zu", widest);
}

static void
random_set(uint64_t seed, enum family family, u128 base)
{
	struct model m = { .base = base, .family = family };
	struct arena arena;
	struct extents s;

	arena_init(&arena, &env_plain);
	extents_init(&s, &arena, family);
	for (int step = 0; step < 400; step++) {
		size_t first = rnd(&seed) % N, last = first + rnd(&seed) % (1 + rnd(&seed) % 32);
		bool add = rnd(&seed) % 2;
		last = last < N ? last : N - 1;
		extents_take(&s, base + first, base + last);
		if (add)
			extents_add(&s, base + first, base + last);
		for (size_t i = first; i <= last; i++)
			m.is_free[i] = add;
		check(same_runs(&s, &m), "seed %llu, step %d", (unsigned long long)seed, step);
		check_ends(&s, &m, &seed);
		check_blocks(&s, &m);
	}
	arena_release(&arena);
}

static void
against_a_model(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		random_set(seed, IPV4, 0);
		random_set(seed, IPV4, ip_max(IPV4) - (N - 1));
		random_set(seed, IPV6, 0);
		random_set(seed, IPV6, ip_max(IPV6) - (N - 1));
		random_set(seed, IPV6, (u128)0x20010db8 << 96);
	}
}

/* All of a family at once. */
static void
whole_family(void **state)
{
	static const enum family families[] = { IPV4, IPV6 };
	struct span block, run;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		enum family f = families[i];
		struct arena arena;
		struct extents s;
		arena_init(&arena, &env_plain);
		extents_init(&s, &arena, f);
		extents_add(&s, 0, ip_max(f));
		check(extents_block(&s, EXTENTS_UP_TO(8), 0, &block) && block.len == 0, "family %d",
		    f);
		check(extents_sparse(&s, 0, &block) && block.len == 0, "family %d", f);
		check(extents_longest(&s, &run) && run.last == ip_max(f), "family %d", f);
		extents_take(&s, ip_max(f), ip_max(f));
		check(extents_sparse(&s, 0, &block) && block.len == 1, "family %d", f);
		check(extents_highest(&s) == ip_max(f) - 1, "family %d", f);
		extents_take(&s, 0, ip_max(f));
		check(extents_is_empty(&s) && !extents_sparse(&s, 0, &block), "family %d", f);
		arena_release(&arena);
	}
}

/* RFC 3531, leftmost: sixteen blocks in the order of their reversed bits. */
static void
sparse_order(void **state)
{
	static const char order[] = "084c2a6e195d3b7f";
	struct arena arena;
	struct extents s;

	(void)state;
	arena_init(&arena, &env_plain);
	extents_init(&s, &arena, IPV4);
	extents_add(&s, 0, 255);
	for (size_t i = 0; order[i]; i++) {
		struct span block;
		check(extents_sparse(&s, 0, &block), "number %zu", i);
		check("0123456789abcdef"[block.first / 16] == order[i], "number %zu", i);
		extents_take(&s, block.first, block.first + 15);
	}
	arena_release(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_a_model),
		cmocka_unit_test(whole_family),
		cmocka_unit_test(sparse_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
