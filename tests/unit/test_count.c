/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "core/ip.h"

#define TOP (~(u128)0)

/* 2^n */
static struct count
power(int n)
{
	struct count c = { { 0 } };

	c.w[n / 64] = (uint64_t)1 << n % 64;
	return c;
}

static struct count
minus(struct count c, unsigned n)
{
	return count_sub(c, count_of(n));
}

/* A number of up to bits bits, with runs of zeros and ones as carries like them. */
static u128
random_value(uint64_t *seed, int bits)
{
	u128 v = (u128)rnd(seed) << 64 | rnd(seed);

	if (rnd(seed) % 4 == 0)
		v |= TOP >> rnd(seed) % 128;
	if (rnd(seed) % 4 == 0)
		v &= TOP << rnd(seed) % 128;
	return v >> (128 - bits) >> rnd(seed) % (unsigned)bits;
}

static void
same(struct count got, struct count wanted, const char *about)
{
	char a[COUNT_TEXT], b[COUNT_TEXT];

	check_text(count_fmt(a, got), count_fmt(b, wanted), about);
	assert_int_equal(count_cmp(got, wanted), 0);
}

static void
test_fmt(void **state)
{
	const struct {
		struct count count;
		const char *text;
	} cases[] = {
		{ count_of(0), "0" },
		{ count_of(9), "9" },
		{ count_of(10), "10" },
		{ count_of(254), "254" },
		{ power(32), "4294967296" },
		{ power(53), "9007199254740992" },
		{ minus(power(64), 1), "18446744073709551615" },
		{ power(64), "18446744073709551616" },
		{ count_of(TOP), "340282366920938463463374607431768211455" },
		{ power(128), "340282366920938463463374607431768211456" },
		{ power(191), "3138550867693340381917894711603833208051177722232017256448" },
		{ count_add(power(191), minus(power(191), 1)),
		    "6277101735386680763835789423207666416102355444464034512895" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[COUNT_TEXT];
		check_text(count_fmt(text, cases[i].count), cases[i].text, "count_fmt");
	}
}

/* Digit by digit, as on paper. */
static void
add_on_paper(char *sum, const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), n = na > nb ? na : nb;
	int carry = 0;

	sum[n + 1] = '\0';
	for (size_t i = 0; i <= n; i++) {
		carry += (i < na ? a[na - 1 - i] - '0' : 0) + (i < nb ? b[nb - 1 - i] - '0' : 0);
		sum[n - i] = (char)('0' + carry % 10);
		carry /= 10;
	}
	if (sum[0] == '0' && n > 0)
		memmove(sum, sum + 1, n + 1);
}

static void
test_fmt_random(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct count a = count_of(random_value(&seed, 128));
		struct count b = count_mul(count_of(random_value(&seed, 128)), rnd(&seed) >> 2);
		char ta[COUNT_TEXT], tb[COUNT_TEXT], sum[COUNT_TEXT + 2], text[COUNT_TEXT];
		add_on_paper(sum, count_fmt(ta, a), count_fmt(tb, b));
		check_text(count_fmt(text, count_add(a, b)), sum, "sum");
	}
}

static void
test_arithmetic(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		u128 a = random_value(&seed, 127), b = random_value(&seed, 127);
		u128 high = a > b ? a : b, low = a > b ? b : a;
		u128 narrow = random_value(&seed, 64);
		uint64_t factor = rnd(&seed) >> rnd(&seed) % 64;
		struct count ca = count_of(a), cb = count_of(b);

		same(count_add(ca, cb), count_of(a + b), "add");
		same(count_sub(count_of(high), count_of(low)), count_of(high - low), "sub");
		same(count_mul(count_of(narrow), factor), count_of(narrow * factor), "mul");
		assert_int_equal(count_cmp(ca, cb), (a > b) - (a < b));
		assert_int_equal(count_is_zero(ca), a == 0);
	}
}

/* Beyond 128 bits there is no model but the laws of arithmetic. */
static void
test_laws(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct count a = count_mul(count_of(random_value(&seed, 128)), rnd(&seed) >> 4);
		struct count b = count_mul(count_of(random_value(&seed, 128)), rnd(&seed) >> 4);
		struct count sum = count_add(a, b);
		uint64_t m = rnd(&seed) % 5;

		same(sum, count_add(b, a), "a + b = b + a");
		same(count_sub(sum, b), a, "a + b - b = a");
		same(count_mul(sum, m), count_add(count_mul(a, m), count_mul(b, m)), "m(a + b)");
		same(count_mul(a, 3), count_add(count_add(a, a), a), "3a");
		assert_int_equal(count_cmp(sum, a), count_is_zero(b) ? 0 : 1);
		assert_int_equal(count_cmp(a, b), -count_cmp(b, a));
	}
}

static void
test_size(void **state)
{
	(void)state;
	for (int len = 0; len <= 128; len++) {
		struct ip ip = { 0, IPV6 };
		same(count_size(span_prefix(ip, len)), power(128 - len), "IPv6 prefix");
		ip.family = IPV4;
		if (len <= 32)
			same(count_size(span_prefix(ip, len)), power(32 - len), "IPv4 prefix");
	}
	same(count_size((struct span){ 5, 5, IPV4, -1 }), count_of(1), "one address");
	same(count_size((struct span){ 5, 9, IPV6, -1 }), count_of(5), "five addresses");
}

static void
test_log2(void **state)
{
	(void)state;
	assert_int_equal(count_log2(count_of(0)), -1);
	for (int n = 0; n < 192; n++) {
		assert_int_equal(count_log2(power(n)), n);
		if (n > 1)
			assert_int_equal(count_log2(minus(power(n), 1)), -1);
		if (n > 0)
			assert_int_equal(count_log2(count_add(power(n), count_of(1))), -1);
	}
	assert_int_equal(count_log2(count_add(power(64), power(128))), -1);
}

static void
test_double(void **state)
{
	uint64_t seed = 4;
	double exact_power = 1;

	(void)state;
	for (int n = 0; n < 192; n++, exact_power *= 2) {
		assert_true(count_double(power(n)) == exact_power);
		assert_int_equal(count_fits_double(power(n)), n <= 53);
	}
	assert_true(count_fits_double(count_of(0)));
	assert_false(count_fits_double(count_add(power(53), count_of(1))));
	assert_false(count_fits_double(count_add(power(64), count_of(1))));
	for (int i = 0; i < 10000; i++) {
		char text[COUNT_TEXT];
		struct count c = count_mul(count_of(random_value(&seed, 128)), rnd(&seed) % 1000);
		double got = count_double(c), wanted = strtod(count_fmt(text, c), NULL);
		check(got - wanted <= wanted * 1e-15 && wanted - got <= wanted * 1e-15, "%s: %g",
		    text, got);
	}
}

static void
test_permille(void **state)
{
	const struct {
		struct count part, whole;
		unsigned permille;
	} cases[] = {
		{ count_of(0), count_of(0), 0 },
		{ count_of(0), count_of(254), 0 },
		{ count_of(1), count_of(254), 3 },
		{ count_of(32), count_of(254), 125 },
		{ count_of(253), count_of(254), 996 },
		{ count_of(254), count_of(254), 1000 },
		{ count_of(999), count_of(1000), 999 },
		{ count_of(1), count_of(1000), 1 },
		{ count_of(1), count_of(1001), 0 },
		{ power(127), power(128), 500 },
		{ minus(power(127), 1), power(128), 499 },
		{ minus(power(128), 1), power(128), 999 },
		{ power(128), power(128), 1000 },
		{ power(191), power(191), 1000 },
		{ minus(power(191), 1), power(191), 999 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(count_permille(cases[i].part, cases[i].whole) == cases[i].permille,
		    "row %zu: %u", i, count_permille(cases[i].part, cases[i].whole));
}

/* The least part that is p permille of whole: the ceiling of p * whole / 1000,
 * by long division in 32-bit digits. */
static struct count
least_part(struct count whole, unsigned p)
{
	struct count product = count_mul(whole, p);
	uint64_t rest = 0;

	for (int i = 5; i >= 0; i--) {
		unsigned shift = i % 2 ? 32 : 0;
		uint64_t digit = rest << 32 | (product.w[i / 2] >> shift & UINT32_MAX);
		product.w[i / 2] &= ~((uint64_t)UINT32_MAX << shift);
		product.w[i / 2] |= digit / 1000 << shift;
		rest = digit % 1000;
	}
	return rest ? count_add(product, count_of(1)) : product;
}

static void
permille_border(struct count whole, unsigned p)
{
	char text[COUNT_TEXT];
	struct count part = least_part(whole, p);

	check(count_permille(part, whole) >= p, "%u permille of %s", p, count_fmt(text, whole));
	if (count_cmp(whole, count_of(1000)) >= 0)
		check(count_permille(part, whole) == p, "%u of %s", p, count_fmt(text, whole));
	if (p > 0)
		check(count_permille(minus(part, 1), whole) < p, "below %u of %s", p,
		    count_fmt(text, whole));
}

static void
test_permille_borders(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (unsigned p = 0; p <= 1000; p++) {
		permille_border(power(128), p);
		permille_border(minus(power(128), 1), p);
		permille_border(minus(power(64), 2), p);
		permille_border(power(181), p);
		for (int i = 0; i < 20; i++) {
			u128 whole = random_value(&seed, 128) | 1;
			permille_border(count_mul(count_of(whole), rnd(&seed) >> 11 | 1), p);
			permille_border(count_of(whole), p);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fmt),
		cmocka_unit_test(test_fmt_random),
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_laws),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_log2),
		cmocka_unit_test(test_double),
		cmocka_unit_test(test_permille),
		cmocka_unit_test(test_permille_borders),
	};

	return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
