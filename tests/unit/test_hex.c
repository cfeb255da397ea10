/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "core/hex.h"

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: no octets */
	} cases[] = {
		{ "01:52:54", "01:52:54" },
		{ "1:2:ff", "01:02:ff" },
		{ "aB", "ab" },
		{ "0", "00" },
		{ "00:01:00:01:2A:bb", "00:01:00:01:2a:bb" },
		{ "", NULL },
		{ ":", NULL },
		{ "01:", NULL },
		{ ":01", NULL },
		{ "01::02", NULL },
		{ "012", NULL },
		{ "0102", NULL },
		{ "0g", NULL },
		{ "g0", NULL },
		{ "01 02", NULL },
		{ "-1", NULL },
	};
	struct arena a;

	(void)state;
	arena_init(&a, &env_plain);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = str_from(cases[i].text), octets;
		char *bytes = exact(s);
		bool ok = hex_parse((struct str){ bytes, s.n }, &a, &octets);
		free(bytes);
		check(ok == (cases[i].written != NULL), "%s", cases[i].text);
		if (ok)
			check_text(arena_z(&a, hex_fmt(&a, octets)), cases[i].written,
			    cases[i].text);
	}
	check(hex_fmt(&a, STR_NONE).n == 0, "nothing");
	arena_release(&a);
}

static void
test_every_octet(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, &env_plain);
	for (int i = 0; i < 256; i++) {
		char octet = (char)i;
		struct str back, text = hex_fmt(&a, (struct str){ &octet, 1 });
		check(text.n == 2 && hex_parse(text, &a, &back) && back.n == 1 &&
			  back.p[0] == octet,
		    "%d", i);
		check((hex_digit(octet) >= 0) == (i && strchr("0123456789abcdefABCDEF", i)), "%d",
		    i);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_every_octet),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
