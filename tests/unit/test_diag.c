/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "core/diag.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

static struct pos
at(size_t i)
{
	return (struct pos){ letters + i };
}

/* The texts, separated by blanks. */
static const char *
said(const struct diags *d, char out[1024])
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < d->n; i++)
		n += (size_t)snprintf(out + n, 1024 - n, "%s%.*s", i ? " " : "",
		    STR_FMT(d->v[i].text));
	return out;
}

static bool
is_rule_name(const char *name)
{
	return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz-8") == strlen(name) &&
	       name[0] != '-' && name[strlen(name) - 1] != '-';
}

static void
test_rules(void **state)
{
	(void)state;
	for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++) {
		check(rules[r].name && is_rule_name(rules[r].name), "rule %d", r);
		check(rules[r].text && rules[r].text[0], "%s", rules[r].name);
		check(rules[r].severity == (r < RULE_ORDER ? SEV_ERROR : SEV_WARNING), "%s",
		    rules[r].name);
		check(rule_by_name(str_from(rules[r].name)) == r, "%s", rules[r].name);
	}
	assert_string_equal(rules[RULE_NONE].name, "");
	assert_int_equal(rule_by_name(STR("Host-Bits")), RULE_HOST_BITS);
	assert_int_equal(rule_by_name(STR("host-bit")), RULE_NONE);
	assert_int_equal(rule_by_name(STR("host-bits-")), RULE_NONE);
	assert_int_equal(rule_by_name(STR("")), RULE_NONE);
	assert_int_equal(rule_by_name(STR_NONE), RULE_NONE);
}

/* Names are a promise: scripts and @check records have them. */
static void
test_stable_names(void **state)
{
	static const char *const names[RULE_COUNT] = {
		[RULE_SYNTAX] = "syntax",
		[RULE_CONTROL] = "control",
		[RULE_UTF8] = "utf8",
		[RULE_BOM] = "bom",
		[RULE_CR] = "cr",
		[RULE_CONFLICT_MARKER] = "conflict-marker",
		[RULE_VERSION] = "version",
		[RULE_BAD_KEY] = "bad-key",
		[RULE_HOST_BITS] = "host-bits",
		[RULE_RANGE_REVERSED] = "range-reversed",
		[RULE_RANGE_BORDER] = "range-border",
		[RULE_RANGE_OVERLAP] = "range-overlap",
		[RULE_LINK_LOCAL] = "link-local",
		[RULE_DUPLICATE_KEY] = "duplicate-key",
		[RULE_DUPLICATE_ATTR] = "duplicate-attr",
		[RULE_DUPLICATE_NAME] = "duplicate-name",
		[RULE_NAME_IS_KEY] = "name-is-key",
		[RULE_UNDECLARED_VRF] = "undeclared-vrf",
		[RULE_BAD_VALUE] = "bad-value",
		[RULE_FIELD_NAME] = "field-name",
		[RULE_DOUBLE_DOMAIN] = "double-domain",
		[RULE_ORDER] = "order",
		[RULE_SPELLING] = "spelling",
		[RULE_NO_SUBNET] = "no-subnet",
		[RULE_GW_OUTSIDE] = "gw-outside",
		[RULE_NETWORK_ADDRESS] = "network-address",
		[RULE_BROADCAST_ADDRESS] = "broadcast-address",
		[RULE_ANYCAST_ADDRESS] = "anycast-address",
		[RULE_HOST_NAME] = "host-name",
		[RULE_NO_DOMAIN] = "no-domain",
		[RULE_MISPLACED] = "misplaced",
		[RULE_UNKNOWN_RULE] = "unknown-rule",
		[RULE_ZONE_NAME] = "zone-name",
		[RULE_NO_ZONE] = "no-zone",
		[RULE_NO_REVERSE] = "no-reverse",
		[RULE_ALIAS_CLASH] = "alias-clash",
		[RULE_CNAME_DATA] = "cname-data",
		[RULE_NS_ADDRESS] = "ns-address",
	};

	(void)state;
	for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
		if (names[r])
			assert_string_equal(rules[r].name, names[r]);
}

static void
test_add(void **state)
{
	struct diags d;
	char word[] = "text", text[1024];

	(void)state;
	diags_init(&d, &env_plain);
	assert_int_equal(diag_fail(&d, STATUS_FULL, "%s-%d", word, 1), STATUS_FULL);
	diag_at(&d, SEV_WARNING, RULE_ORDER, at(3), "%s-2", word);
	diag_warn(&d, "%s-3", word);
	diag_at(&d, SEV_ERROR, RULE_BOM, at(0), "%s-4", word);
	diag_at(&d, SEV_OFF, RULE_BOM, at(0), "%s-5", word);
	memset(word, 'x', sizeof(word)); /* the texts are copies */

	check_text(said(&d, text), "text-1 text-2 text-3 text-4", "diags");
	assert_int_equal(d.errors, 2);
	assert_int_equal(d.warnings, 2);
	assert_int_equal(d.dropped, 0);
	assert_int_equal(d.v[0].severity, SEV_ERROR);
	assert_int_equal(d.v[0].rule, RULE_NONE);
	assert_null(d.v[0].pos.at);
	assert_int_equal(d.v[1].severity, SEV_WARNING);
	assert_int_equal(d.v[1].rule, RULE_ORDER);
	assert_ptr_equal(d.v[1].pos.at, letters + 3);
	assert_int_equal(d.v[2].severity, SEV_WARNING);
	assert_int_equal(d.v[3].rule, RULE_BOM);

	d.cap = 7;
	diags_clear(&d);
	assert_int_equal(d.n + d.errors + d.warnings + d.dropped, 0);
	assert_int_equal(d.cap, 7);
	diag_warn(&d, "again");
	check_text(said(&d, text), "again", "after diags_clear");
	diags_release(&d);
	assert_int_equal(d.n, 0);
}

static void
test_hint(void **state)
{
	struct diags d;

	(void)state;
	diags_init(&d, &env_plain);
	d.cap = 2;
	diag_hint(&d, "about nothing");
	diag_fail(&d, STATUS_NO, "first");
	diag_hint(&d, "hint %d", 1);
	diag_at(&d, SEV_OFF, RULE_ORDER, at(0), "off");
	diag_hint(&d, "about what is off");
	diag_fail(&d, STATUS_NO, "second");
	diag_fail(&d, STATUS_NO, "too many");
	diag_hint(&d, "about what was dropped");
	assert_true(str_eq(d.v[0].hint, STR("hint 1")));
	assert_int_equal(d.v[1].hint.n, 0);
	diag_fail(&d, STATUS_NO, "too many, too");
	diags_sort(&d);
	diag_hint(&d, "about what moved");
	assert_int_equal(d.v[1].hint.n, 0);
	diags_release(&d);
}

static void
test_many(void **state)
{
	struct diags d;

	(void)state;
	diags_init(&d, &env_plain);
	for (int i = 0; i < DIAGS_CAP + 30; i++)
		diag_fail(&d, STATUS_NO, "%d", i);
	assert_int_equal(d.n, DIAGS_CAP);
	assert_int_equal(d.dropped, 30);
	assert_int_equal(d.errors, DIAGS_CAP + 30);
	assert_true(str_eq(d.v[DIAGS_CAP - 1].text, STR("99")));
	diags_release(&d);

	d.cap = 0;
	diag_fail(&d, STATUS_NO, "nothing is kept");
	assert_int_equal(d.n, 0);
	assert_int_equal(d.dropped, 1);
	assert_int_equal(d.errors, 1);
	diags_release(&d);
}

/* The letters are what is said: small a warning, large an error. */
static void
test_cap(void **state)
{
	static const struct {
		const char *said, *kept;
		size_t dropped;
	} cases[] = {
		{ "abc", "a b c", 0 },
		{ "abcd", "a b c", 1 },
		{ "abcD", "a b D", 1 },
		{ "abcDE", "a D E", 2 },
		{ "abcDEF", "D E F", 3 },
		{ "abcDEFG", "D E F", 4 },
		{ "abcDEFg", "D E F", 4 },
		{ "AbcDe", "A b D", 2 },
		{ "aBcD", "a B D", 1 },
		{ "ABcDE", "A B D", 2 },
		{ "aBCDE", "B C D", 2 },
		{ "ABCd", "A B C", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct diags d;
		char text[1024];
		diags_init(&d, &env_plain);
		d.cap = 3;
		for (const char *p = cases[i].said; *p; p++)
			diag_at(&d, *p < 'a' ? SEV_ERROR : SEV_WARNING, RULE_ORDER, at(0), "%c",
			    *p);
		check_text(said(&d, text), cases[i].kept, cases[i].said);
		check(d.dropped == cases[i].dropped, "%s", cases[i].said);
		check(d.errors + d.warnings == strlen(cases[i].said), "%s", cases[i].said);
		diags_release(&d);
	}
}

/* By place, those of one place as they came, those of none behind. */
static void
test_sort(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (size_t n = 0; n < 200; n++) {
		struct diags d;
		diags_init(&d, &env_plain);
		d.cap = 200;
		for (size_t i = 0; i < n; i++) {
			struct pos pos =
			    rnd(&seed) % 4 ? at(rnd(&seed) % 20) : (struct pos){ NULL };
			diag_at(&d, SEV_ERROR, RULE_BOM, pos, "%03zu", i);
		}
		diags_sort(&d);
		assert_int_equal(d.n, n);
		for (size_t i = 1; i < n; i++) {
			const char *a = d.v[i - 1].pos.at, *b = d.v[i].pos.at;
			assert_true(!b || (a && a <= b));
			assert_true(a != b || str_cmp(d.v[i - 1].text, d.v[i].text) < 0);
		}
		diags_release(&d);
	}
}

static void
test_nearest(void **state)
{
	static const char *const words[] = { "alloc", "assign", "check", "fmt", "list", "release",
		"report", "reserve", "set", "subnet", "unset" };
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "alloc", "alloc" },
		{ "aloc", "alloc" },
		{ "allco", "alloc" },
		{ "alllocc", "alloc" },
		{ "CHEKC", "check" },
		{ "chekc", "check" },
		{ "hceck", "check" },
		{ "lst", "list" },
		{ "lits", "list" },
		{ "sbunet", "subnet" },
		{ "subnets", "subnet" },
		{ "relaese", "release" },
		{ "reprot", "report" },
		{ "resreve", "reserve" },
		{ "ste", "set" },
		{ "uset", "set" },
		{ "st", NULL },
		{ "su", "subnet" },
		{ "AL", "alloc" },
		{ "allocate", "alloc" },
		{ "re", "release" },
		{ "a", NULL },
		{ "x", NULL },
		{ "", NULL },
		{ "frobnicate", NULL },
		{ "checkers-and-more", "check" },
		{ "aallooccaallooccaallooccaallooccaallooccaallooccaalloocc", NULL },
	};
	static const char *const odd[] = { "",
		"a-word-that-is-much-longer-than-any-word-here-may-be", "abc" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = diag_nearest(str_from(cases[i].word), words, ARRAY_LEN(words));
		check_text(got, cases[i].nearest, cases[i].word);
	}
	check_text(diag_nearest(STR("ab"), odd, 3), "abc", "odd words");
	check_text(diag_nearest(STR("b"), odd, 3), NULL, "odd words");
	check_text(diag_nearest(STR("abd"), odd, 3), "abc", "odd words");
	assert_null(diag_nearest(STR("abc"), NULL, 0));
}

/* The definition, by recursion. */
static size_t
model_distance(const char *a, size_t i, const char *b, size_t j)
{
	size_t least, n;

	if (i == 0 || j == 0)
		return i + j;
	least = model_distance(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
	n = model_distance(a, i - 1, b, j) + 1;
	least = n < least ? n : least;
	n = model_distance(a, i, b, j - 1) + 1;
	least = n < least ? n : least;
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
		n = model_distance(a, i - 2, b, j - 2) + 1;
		least = n < least ? n : least;
	}
	return least;
}

static void
test_nearest_random(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char texts[4][8] = { { 0 } };
		const char *words[3] = { texts[1], texts[2], texts[3] }, *wanted = NULL;
		for (int k = 0; k < 4; k++)
			for (size_t n = rnd(&seed) % 7, j = 0; j < n; j++)
				texts[k][j] = letters[rnd(&seed) % 3];
		size_t n = strlen(texts[0]), best = n / 3 + 1;
		for (int k = 0; k < 3; k++) {
			size_t far = model_distance(texts[0], n, words[k], strlen(words[k]));
			wanted = far < best ? words[k] : wanted;
			best = far < best ? far : best;
		}
		for (int k = 0; k < 3 && !wanted; k++) {
			size_t least = strlen(words[k]) < n ? strlen(words[k]) : n;
			if (least >= 2 && strncmp(texts[0], words[k], least) == 0)
				wanted = words[k];
		}
		check_text(diag_nearest(str_from(texts[0]), words, 3), wanted, texts[0]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_stable_names),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_cap),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_nearest_random),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
