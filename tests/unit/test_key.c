/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

/* Keys as they may stand in a file, and how they would be written. */
static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		enum kind kind;
		const char *canonical; /* NULL: it is written as it would be */
		const char *vrf;
	} cases[] = {
		{ "10.0.0.0/24", KIND_SUBNET, NULL, "" },
		{ "0.0.0.0/0", KIND_SUBNET, NULL, "" },
		{ "10.0.0.1/32", KIND_SUBNET, NULL, "" },
		{ "::/0", KIND_SUBNET, NULL, "" },
		{ "2001:db8::/32", KIND_SUBNET, NULL, "" },
		{ "2001:DB8::/32", KIND_SUBNET, "2001:db8::/32", "" },
		{ "2001:db8:0::/48", KIND_SUBNET, "2001:db8::/48", "" },
		{ "10.0.0.5", KIND_ADDRESS, NULL, "" },
		{ "2001:db8::5", KIND_ADDRESS, NULL, "" },
		{ "2001:db8:0:0:0:0:0:5", KIND_ADDRESS, "2001:db8::5", "" },
		{ "::ffff:10.0.0.1", KIND_ADDRESS, NULL, "" },
		{ "::ffff:a00:1", KIND_ADDRESS, "::ffff:10.0.0.1", "" },
		{ "10.0.0.1-10.0.0.9", KIND_RANGE, NULL, "" },
		{ "10.0.0.1-10.0.0.1", KIND_RANGE, NULL, "" },
		{ "2001:db8::1-2001:db8::1", KIND_RANGE, NULL, "" },
		{ "2001:db8::1-2001:DB8::2", KIND_RANGE, "2001:db8::1-2001:db8::2", "" },
		{ "10.0.0.0/24%blue", KIND_SUBNET, NULL, "blue" },
		{ "10.0.0.5%Blue-2/x", KIND_ADDRESS, NULL, "Blue-2/x" },
		{ "2001:db8::5%a.b:c=d", KIND_ADDRESS, NULL, "a.b:c=d" },
		{ "10.0.0.1-10.0.0.9%\xc3\xbc", KIND_RANGE, NULL, "\xc3\xbc" },
		{ "10.0.0.0/24%default", KIND_SUBNET, "10.0.0.0/24", "" },
		{ "10.0.0.5%DeFault", KIND_ADDRESS, "10.0.0.5", "" },
		{ "2001:DB8::5%x", KIND_ADDRESS, "2001:db8::5%x", "x" },
	};
	struct arena a;

	(void)state;
	arena_init(&a, &plan_env);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = cases[i].text, *wanted = cases[i].canonical;
		struct str s = str_from(text);
		char *copy = exact(s);
		struct ip_error err;
		struct key key;
		check(key_parse((struct str){ copy, s.n }, &key, &err), "%s: %s", text, err.why);
		check(key.kind == cases[i].kind, "%s: %s", text, kind_names[key.kind]);
		check(key.has_vrf == (strchr(text, '%') != NULL), "%s", text);
		check(key.spelling == (wanted == NULL), "%s", text);
		check_text(arena_z(&a, key.vrf), cases[i].vrf, text);
		struct str fmt = key_fmt_kind(&a, key.kind, key.span, key.vrf);
		check_text(arena_z(&a, fmt), wanted ? wanted : text, text);
		free(copy);
	}
	arena_release(&a);
}

/* What is no key: the rule, where, and what is said of it in a file and on a
 * command line. */
static void
test_complain(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		enum rule rule;
		const char *in_file, *as_argument;
	} cases[] = {
		{ "x", 0, RULE_BAD_KEY, "x: not an IP address", "x: not an IP address" },
		{ "10.0.0.256", 7, RULE_BAD_KEY, "10.0.0.256: octet \"256\" is over 255",
		    "10.0.0.256: octet \"256\" is over 255" },
		{ "010.0.0.1", 0, RULE_BAD_KEY,
		    "010.0.0.1: leading zero in \"010\" (octal to some programs)",
		    "010.0.0.1: leading zero in \"010\" (octal to some programs)" },
		{ "10.0.0.5/24", 0, RULE_HOST_BITS, "10.0.0.5/24: host bits are set (10.0.0.0/24?)",
		    "10.0.0.5/24: host bits are set | 10.0.0.0/24" },
		{ "10.0.0.5/24%blue", 0, RULE_HOST_BITS,
		    "10.0.0.5/24%blue: host bits are set (10.0.0.0/24%blue?)",
		    "10.0.0.5/24%blue: host bits are set | 10.0.0.0/24%blue" },
		{ "10.0/16", 4, RULE_BAD_KEY, "10.0/16: 2 octets where 4 are needed (10.0.0.0/16?)",
		    "10.0/16: 2 octets where 4 are needed | 10.0.0.0/16" },
		{ "10.0.0.9-10.0.0.5", 0, RULE_RANGE_REVERSED,
		    "10.0.0.9-10.0.0.5: the last address is before the first "
		    "(10.0.0.5-10.0.0.9?)",
		    "10.0.0.9-10.0.0.5: the last address is before the first "
		    "| 10.0.0.5-10.0.0.9" },
		{ "10.0.0.5-9", 10, RULE_BAD_KEY,
		    "10.0.0.5-9: 1 octet where 4 are needed (10.0.0.5-10.0.0.9?)",
		    "10.0.0.5-9: 1 octet where 4 are needed | 10.0.0.5-10.0.0.9" },
		{ "10.0.0.0/24%", 12, RULE_BAD_KEY, "10.0.0.0/24%: no VRF name after the %",
		    "10.0.0.0/24%: no VRF name after the %" },
		{ "10.0.0.0/24%a,b", 12, RULE_BAD_KEY,
		    "10.0.0.0/24%a,b: a VRF's name has no blank, quote, comma or %",
		    "10.0.0.0/24%a,b: a VRF's name has no blank, quote, comma or %" },
		{ "10.0.0.0/24%a%b", 12, RULE_BAD_KEY,
		    "10.0.0.0/24%a%b: a VRF's name has no blank, quote, comma or %",
		    "10.0.0.0/24%a%b: a VRF's name has no blank, quote, comma or %" },
		{ "10.0.0.0/33", 9, RULE_BAD_KEY,
		    "10.0.0.0/33: prefix length out of range (0 to 32)",
		    "10.0.0.0/33: prefix length out of range (0 to 32)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = str_from(cases[i].text);
		struct ip_error err;
		struct diags d;
		struct key key;
		char said[256];
		diags_init(&d, &plan_env);
		check(!key_parse(s, &key, &err), "%s", s.p);
		key_complain(&d, s, &err, (struct pos){ s.p }, SEV_ERROR);
		check(d.n == 1 && d.v[0].rule == cases[i].rule, "%s: %s", s.p,
		    rules[d.v[0].rule].name);
		check(d.v[0].pos.at == s.p + cases[i].at, "%s: at %td", s.p, d.v[0].pos.at - s.p);
		snprintf(said, sizeof(said), "%.*s", STR_FMT(d.v[0].text));
		check_text(said, cases[i].in_file, s.p);
		diags_clear(&d);
		key_complain(&d, s, &err, (struct pos){ NULL }, SEV_WARNING);
		assert_null(d.v[0].pos.at);
		snprintf(said, sizeof(said), "%.*s%s%.*s", STR_FMT(d.v[0].text),
		    d.v[0].hint.n ? " | " : "", STR_FMT(d.v[0].hint));
		check_text(said, cases[i].as_argument, s.p);
		diags_release(&d);
	}
}

static void
test_names(void **state)
{
	static const struct {
		struct str s;
		bool name, label, attr;
	} cases[] = {
		{ STR("web"), true, true, true },
		{ STR("w"), true, true, true },
		{ STR("web-1.a_b"), true, true, true },
		{ STR("Web"), true, true, false },
		{ STR("9web"), true, true, false },
		{ STR("_web"), true, true, false },
		{ STR("wEb"), true, true, false },
		{ STR("-web"), false, true, false },
		{ STR(".web"), false, true, false },
		{ STR(""), false, false, false },
		{ STR("a b"), false, false, false },
		{ STR("a\tb"), false, false, false },
		{ STR("a\"b"), false, false, false },
		{ STR("a,b"), false, false, false },
		{ STR("a%b"), false, false, false },
		{ STR("a\x7f"), false, false, false },
		{ STR("a\x01"), false, false, false },
		{ STR("a\0b"), false, false, false },
		{ STR("a/b"), false, true, false },
		{ STR("a=b"), false, true, false },
		{ STR("a:b"), false, true, false },
		{ STR("\xc3\xbc"), false, true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = cases[i].s;
		check(name_is_valid(s) == cases[i].name, "name %s", s.p);
		check(label_is_valid(s) == cases[i].label, "label %s", s.p);
		check(attr_name_is_valid(s) == cases[i].attr, "attribute %s", s.p);
	}
}

static void
test_vrfs(void **state)
{
	struct arena a;
	struct vrfs v;
	char name[16];

	(void)state;
	arena_init(&a, &plan_env);
	vrfs_init(&v, &a);
	assert_int_equal(vrfs_find(&v, STR("default")), 0);
	assert_int_equal(vrfs_find(&v, STR("DEFAULT")), 0);
	assert_int_equal(vrfs_add(&v, STR("Default")), 0);
	assert_int_equal(vrfs_find(&v, STR("blue")), -1);
	for (int i = 1; i < VRF_MAX; i++) {
		snprintf(name, sizeof(name), "vrf%d", i);
		check(vrfs_add(&v, str_from(name)) == i, "%s", name);
	}
	for (int i = 1; i < VRF_MAX; i += 7) {
		snprintf(name, sizeof(name), "Vrf%d", i);
		check(vrfs_find(&v, str_from(name)) == i, "%s", name);
		check(vrfs_add(&v, str_from(name)) == i, "%s", name);
		snprintf(name, sizeof(name), "vrf%d", i);
		check(str_eq(v.name[i], str_from(name)), "%s: kept as it came first", name);
	}
	assert_int_equal(v.n, VRF_MAX);
	assert_int_equal(vrfs_add(&v, STR("one-more")), -1);
	assert_int_equal(vrfs_add(&v, STR("VRF7")), 7);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_complain),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_vrfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
