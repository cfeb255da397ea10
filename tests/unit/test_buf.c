/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <strings.h>

/* A random word of n bytes, few different ones. */
static struct str
random_word(uint64_t *seed, char *out, size_t n)
{
	static const char bytes[] = "aAbB,.";

	for (size_t i = 0; i < n; i++)
		out[i] = bytes[rnd(seed) % (sizeof(bytes) - 1)];
	return (struct str){ out, n };
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_compare(void **state)
{
	static const struct {
		struct str a, b;
		int cmp, icmp;
	} cases[] = {
		{ STR(""), STR(""), 0, 0 },
		{ STR_NONE, STR(""), 0, 0 },
		{ STR_NONE, STR_NONE, 0, 0 },
		{ STR_NONE, STR("a"), -1, -1 },
		{ STR("a"), STR("a"), 0, 0 },
		{ STR("a"), STR("A"), 1, 0 },
		{ STR("a"), STR("B"), 1, -1 },
		{ STR("a"), STR("aa"), -1, -1 },
		{ STR("b"), STR("aa"), 1, 1 },
		{ STR("Z"), STR("_"), -1, 1 }, /* lower case it is that is compared */
		{ STR("@"), STR("`"), -1, -1 },
		{ STR("["), STR("{"), -1, -1 },
		{ STR("\xc3\x84"), STR("\xc3\xa4"), -1, -1 },
		{ STR("a\0b"), STR("a\0c"), -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str a = cases[i].a, b = cases[i].b;
		check(sign(str_cmp(a, b)) == cases[i].cmp, "row %zu", i);
		check(sign(str_cmp(b, a)) == -cases[i].cmp, "row %zu", i);
		check(sign(str_icmp(a, b)) == cases[i].icmp, "row %zu", i);
		check(sign(str_icmp(b, a)) == -cases[i].icmp, "row %zu", i);
		check(str_eq(a, b) == (cases[i].cmp == 0), "row %zu", i);
		check(str_ieq(a, b) == (cases[i].icmp == 0), "row %zu", i);
		check(cases[i].icmp || str_ihash(a) == str_ihash(b), "row %zu", i);
	}
}

static void
test_compare_random(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		char za[8] = { 0 }, zb[8] = { 0 };
		struct str a = random_word(&seed, za, rnd(&seed) % 5);
		struct str b = random_word(&seed, zb, rnd(&seed) % 5);
		assert_int_equal(sign(str_cmp(a, b)), sign(strcmp(za, zb)));
		assert_int_equal(sign(str_icmp(a, b)), sign(strcasecmp(za, zb)));
		assert_int_equal(str_eq(a, b), strcmp(za, zb) == 0);
		assert_int_equal(str_ieq(a, b), strcasecmp(za, zb) == 0);
		assert_int_equal(str_ihash(a) == str_ihash(b), strcasecmp(za, zb) == 0);
		assert_int_equal(str_starts(a, b), strncmp(za, zb, b.n) == 0);
		assert_int_equal(str_iends(a, b),
		    a.n >= b.n && strcasecmp(za + a.n - b.n, zb) == 0);
		char *hit = strchr(za, '.');
		assert_int_equal(str_find(a, '.'), hit ? (size_t)(hit - za) : a.n);
	}
	assert_true(str_starts(STR("a"), STR_NONE) && str_iends(STR("a"), STR_NONE));
	assert_true(str_starts(STR_NONE, STR_NONE) && str_iends(STR_NONE, STR_NONE));
	assert_false(str_starts(STR_NONE, STR("a")) || str_iends(STR_NONE, STR("a")));
	assert_int_equal(str_find(STR_NONE, 'a'), 0);
}

static void
test_ascii(void **state)
{
	static const char digits[] = "0123456789", upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
			  lower[] = "abcdefghijklmnopqrstuvwxyz";

	(void)state;
	for (int c = 1; c < 256; c++) {
		const char *u = strchr(upper, c);
		assert_int_equal(ascii_digit(c), strchr(digits, c) != NULL);
		assert_int_equal(ascii_alnum(c), strchr(digits, c) || u || strchr(lower, c));
		assert_int_equal(ascii_lower(c), u ? lower[u - upper] : c);
	}
	assert_false(ascii_digit(0) || ascii_alnum(0) || ascii_lower(0));
	/* a char may be negative */
	assert_false(ascii_digit((char)0xb2) || ascii_alnum((char)0xe4));
}

static void
test_slices(void **state)
{
	struct str s = STR("abcdef");

	(void)state;
	assert_true(str_eq(str_cut(s, 0, 6), s));
	assert_true(str_eq(str_cut(s, 2, 4), STR("cd")));
	assert_int_equal(str_cut(s, 3, 3).n, 0);
	assert_true(str_eq(str_from("abcdef"), s));
	assert_int_equal(str_from("").n, 0);
	assert_null(str_from(NULL).p);
	assert_int_equal(str_from(NULL).n, 0);
}

static void
test_list(void **state)
{
	static const struct {
		const char *list, *members; /* each with a '|' behind it */
	} cases[] = {
		{ "", "" },
		{ "a", "a|" },
		{ "a,b", "a|b|" },
		{ "a,,b", "a||b|" },
		{ ",a", "|a|" },
		{ "a,", "a|" },
		{ "a,,", "a||" },
		{ ",", "|" },
		{ "www1,wmf7359", "www1|wmf7359|" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str rest = str_from(cases[i].list), member;
		char got[64] = "";
		size_t n = 0;
		while (str_next(&rest, ',', &member))
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%.*s|", STR_FMT(member));
		check_text(got, cases[i].members, cases[i].list);
		check(!str_next(&rest, ',', &member), "%s", cases[i].list);
	}
}

static void
test_uint(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int64_t value; /* -1: not a number */
	} cases[] = {
		{ "0", 0, 0 },
		{ "1", 0, -1 },
		{ "7", 4094, 7 },
		{ "4094", 4094, 4094 },
		{ "4095", 4094, -1 },
		{ "40940", 4094, -1 },
		{ "007", 10, 7 },
		{ "5", 4, -1 },
		{ "9", 255, 9 },
		{ "255", 255, 255 },
		{ "256", 255, -1 },
		{ "9223372036854775807", INT64_MAX, INT64_MAX },
		{ "9223372036854775808", INT64_MAX, -1 },
		{ "18446744073709551616", UINT64_MAX, -1 },
		{ "99999999999999999999999", UINT64_MAX, -1 },
		{ "", UINT64_MAX, -1 },
		{ "-1", UINT64_MAX, -1 },
		{ "+1", UINT64_MAX, -1 },
		{ " 1", UINT64_MAX, -1 },
		{ "1 ", UINT64_MAX, -1 },
		{ "1.0", UINT64_MAX, -1 },
		{ "0x1", UINT64_MAX, -1 },
		{ "1e3", UINT64_MAX, -1 },
	};
	uint64_t v = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool ok = str_uint(str_from(cases[i].text), cases[i].max, &v);
		check(ok == (cases[i].value >= 0), "%s", cases[i].text);
		check(!ok || v == (uint64_t)cases[i].value, "%s", cases[i].text);
	}
	assert_true(str_uint(STR("18446744073709551615"), UINT64_MAX, &v) && v == UINT64_MAX);
	assert_false(str_uint(STR_NONE, UINT64_MAX, &v));
}

static void
test_uint_random(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		uint64_t n = rnd(&seed) >> rnd(&seed) % 64, max = rnd(&seed) >> rnd(&seed) % 64, v;
		char text[32];
		if (i % 2)
			max = n - 1 + rnd(&seed) % 3;
		snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
		bool ok = str_uint(str_from(text), max, &v);
		check(ok == (n <= max), "%s, at most %llu", text, (unsigned long long)max);
		check(!ok || v == n, "%s", text);
	}
}

/* What an arena gave keeps what was put there, and overlaps nothing. */
static void
fill_arena(struct arena *a, uint64_t *seed)
{
	enum { N = 500 };
	unsigned char *blocks[N];
	size_t sizes[N];

	for (size_t i = 0; i < N; i++) {
		sizes[i] = rnd(seed) % 8 ? rnd(seed) % 300 : rnd(seed) % 40000;
		blocks[i] = i % 2 ? arena_alloc(a, sizes[i]) : arena_zalloc(a, sizes[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		for (size_t k = 0; i % 2 == 0 && k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], 0);
		memset(blocks[i], (int)(i & 255), sizes[i]);
	}
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			if (blocks[i][k] != (i & 255))
				fail_msg("block %zu changed", i);
}

static void
test_arena(void **state)
{
	uint64_t seed = 3;
	struct arena a;

	(void)state;
	arena_init(&a, &env_plain);
	for (int i = 0; i < 3; i++) {
		fill_arena(&a, &seed);
		arena_release(&a); /* and it can be used again */
	}
	arena_release(&a);
}

static void
test_arena_text(void **state)
{
	struct arena a;
	char word[] = "word";

	(void)state;
	arena_init(&a, &env_plain);
	struct str copy = arena_str(&a, str_from(word)), none = arena_str(&a, STR_NONE);
	char *z = arena_z(&a, str_cut(str_from(word), 1, 3));
	struct str formatted = arena_fmt(&a, "%s-%d-%s", word, 7, "");
	memset(word, 'x', 4);
	assert_true(str_eq(copy, STR("word")) && copy.p[4] == '\0');
	assert_true(none.n == 0 && none.p && none.p[0] == '\0');
	assert_string_equal(z, "or");
	assert_true(str_eq(formatted, STR("word-7-")) && formatted.p[7] == '\0');
	struct str wide = arena_fmt(&a, "%0200000d", 5);
	assert_true(wide.n == 200000 && wide.p[0] == '0' && wide.p[199999] == '5');
	arena_release(&a);
}

static int mapped, unmapped;
static size_t mapped_size;

static void *
count_map(size_t size)
{
	mapped++;
	mapped_size += size;
	return aligned_alloc(4096, (size + 4095) & ~(size_t)4095);
}

static void
count_unmap(void *p, size_t size)
{
	unmapped++;
	mapped_size -= size;
	free(p);
}

static void
test_arena_maps(void **state)
{
	struct env env = env_plain;
	struct arena a;

	(void)state;
	env.map = count_map;
	env.unmap = count_unmap;
	arena_init(&a, &env);
	arena_alloc(&a, 100);
	memset(arena_alloc(&a, 1 << 20), 1, 1 << 20);
	arena_alloc(&a, 1 << 19);
	memset(arena_alloc(&a, 3 << 20), 1, 3 << 20);
	assert_int_equal(mapped, 2);
	assert_true(mapped_size >= 4 << 20);
	arena_release(&a);
	assert_int_equal(unmapped, 2);
	assert_int_equal(mapped_size, 0);
}

static jmp_buf out_of_memory;
static size_t wanted_size;

static void
jump_oom(size_t wanted)
{
	wanted_size = wanted;
	longjmp(out_of_memory, 1);
}

static void *
map_nothing(size_t size)
{
	(void)size;
	return NULL;
}

static void
test_oom(void **state)
{
	struct env env = env_plain;
	struct arena a;

	(void)state;
	env.map = map_nothing;
	env.unmap = count_unmap;
	env.oom = jump_oom;
	arena_init(&a, &env);
	if (setjmp(out_of_memory) == 0) {
		arena_alloc(&a, 5 << 20);
		fail_msg("no memory, and oom() not called");
	}
	assert_true(wanted_size >= 5 << 20);
	arena_release(&a);
}

/* The same, byte by byte, in a large array. */
static void
test_buf(void **state)
{
	enum { MAX = 1 << 20 };
	uint64_t seed = 4;
	char *model = malloc(MAX);
	size_t n = 0;
	struct buf b;

	(void)state;
	assert_non_null(model);
	buf_init(&b, &env_plain);
	assert_int_equal(buf_get(&b).n, 0);
	while (n < MAX - 1000) {
		char word[600];
		struct str s = random_word(&seed, word, rnd(&seed) % 500);
		word[s.n] = '\0';
		switch (rnd(&seed) % 6) {
		case 0: buf_add(&b, s.p, s.n); break;
		case 1: buf_str(&b, s); break;
		case 2: buf_z(&b, word); break;
		case 3:
			buf_char(&b, s.n ? word[0] : '-');
			s = s.n ? str_cut(s, 0, 1) : STR("-");
			break;
		case 4: buf_fmt(&b, "%s", word); break;
		case 5:
			memcpy(buf_room(&b, s.n), s.p, s.n);
			b.n += s.n;
			break;
		}
		memcpy(model + n, s.p, s.n);
		n += s.n;
	}
	assert_true(str_eq(buf_get(&b), (struct str){ model, n }));
	buf_release(&b);
	assert_int_equal(buf_get(&b).n, 0);
	buf_fmt(&b, "%s%c%s", "", '\0', "x");
	buf_str(&b, STR_NONE);
	assert_true(str_eq(buf_get(&b), (struct str){ "\0x", 2 }));
	buf_release(&b);
	free(model);
}

static void
test_vec(void **state)
{
	VEC(size_t) numbers = { 0 };

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		vec_push(&env_plain, &numbers, i * i);
	assert_int_equal(numbers.n, 100000);
	assert_true(numbers.size >= numbers.n);
	for (size_t i = 0; i < numbers.n; i++)
		assert_int_equal(numbers.v[i], i * i);
	vec_release(&numbers);
	assert_null(numbers.v);
	assert_int_equal(numbers.n + numbers.size, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_compare_random),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_uint),
		cmocka_unit_test(test_uint_random),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_text),
		cmocka_unit_test(test_arena_maps),
		cmocka_unit_test(test_oom),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_vec),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
