/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "core/mac.h"

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: not a MAC address */
	} cases[] = {
		{ "52:54:00:12:34:56", "52:54:00:12:34:56" },
		{ "52-54-00-12-34-56", "52:54:00:12:34:56" },
		{ "5254.0012.3456", "52:54:00:12:34:56" },
		{ "525400123456", "52:54:00:12:34:56" },
		{ "00:00:00:00:00:00", "00:00:00:00:00:00" },
		{ "FF:ff:Ff:fF:AB:cd", "ff:ff:ff:ff:ab:cd" },
		{ "aAbB.cCdD.eEfF", "aa:bb:cc:dd:ee:ff" },
		{ "09afAF000000", "09:af:af:00:00:00" },
		{ "", NULL },
		{ "52", NULL },
		{ "52:54:00:12:34", NULL },
		{ "52:54:00:12:34:5", NULL },
		{ "52:54:00:12:34:567", NULL },
		{ "52:54:00:12:34:56:78", NULL },
		{ "52:54:00-12:34:56", NULL },
		{ "52-54-00-12-34:56", NULL },
		{ "52.54.00.12.34.56", NULL },
		{ "52 54 00 12 34 56", NULL },
		{ "52:54:00:12:34:5g", NULL },
		{ "52:54:00:12:34:`6", NULL },
		{ "52:54:00:12:34:@6", NULL },
		{ "52:54:0:012:34:56", NULL },
		{ "5254:0012:3456", NULL },
		{ "5254-0012-3456", NULL },
		{ "5254.0012.345", NULL },
		{ "5254.0012.345.", NULL },
		{ "52540012345", NULL },
		{ "5254001234567", NULL },
		{ "52540012345x", NULL },
		{ "0x5254001234", NULL },
		{ "52:54:00:12:34:56 ", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = str_from(cases[i].text);
		char *bytes = exact(s), text[MAC_TEXT];
		unsigned char mac[6];
		bool ok = mac_parse((struct str){ bytes, s.n }, mac);
		free(bytes);
		check(ok == (cases[i].written != NULL), "%s", cases[i].text);
		if (ok)
			check_text(mac_fmt(text, mac), cases[i].written, cases[i].text);
	}
}

static void
test_no_other_byte(void **state)
{
	unsigned char mac[6];

	(void)state;
	for (int c = 0; c < 256; c++) {
		char digit[] = "52540012345?", separator[] = "52?54?00?12?34?56";
		digit[11] = (char)c;
		for (int i = 2; i < 17; i += 3)
			separator[i] = (char)c;
		bool is_hex = c && strchr("0123456789abcdefABCDEF", c);
		check(mac_parse((struct str){ digit, 12 }, mac) == is_hex, "digit 0x%02x", c);
		check(mac_parse((struct str){ separator, 17 }, mac) == (c == ':' || c == '-'),
		    "separator 0x%02x", c);
	}
}

static void
test_eui64(void **state)
{
	static const struct {
		unsigned char mac[6];
		uint64_t id;
	} cases[] = {
		{ { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 }, 0x505400fffe123456 },
		{ { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 }, 0x020000fffe000000 },
		/* RFC 2464, section 4 */
		{ { 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde }, 0x365678fffe9abcde },
		{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 0xfdfffffffeffffff },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(mac_eui64(cases[i].mac) == cases[i].id, "row %zu: %016llx", i,
		    (unsigned long long)mac_eui64(cases[i].mac));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_no_other_byte),
		cmocka_unit_test(test_eui64),
	};

	return cmocka_run_group_tests_name("mac", tests, NULL, NULL);
}
