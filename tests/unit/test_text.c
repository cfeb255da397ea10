/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "core/text_place.h"

/* What the reader says of a text: line, column and rule of each problem. */
static const struct {
	struct str text;
	const char *said;
} texts[] = {
	/* nothing wrong */
	{ STR(""), "" },
	{ STR("\n"), "" },
	{ STR("\n\n \t\n"), "" },
	{ STR("#"), "" },
	{ STR("# comment\n  # indented \xc3\xbc\n\t#\n"), "" },
	{ STR("10.0.0.0/24"), "" },
	{ STR("10.0.0.0/24\n"), "" },
	{ STR("  10.0.0.0/24  \n\t10.0.0.5\t\n"), "" },
	{ STR("10.0.0.5 host=a#b # c\n"), "" },
	{ STR("10.0.0.5 #\"\n"), "" },
	{ STR("10.0.0.5 x=#\n"), "" },
	{ STR("10.0.0.5 x=\"#\" y=\"a # b\" #z=\n"), "" },
	{ STR("10.0.0.5 x=\"\"\n"), "" },
	{ STR("10.0.0.5 x=\"\\\\\\\"\" y=\\n z=a=b w==\n"), "" },
	{ STR("10.0.0.5 a-b=1 a_b=1 a.b=1 a1=1 a=1 ab=1\n"), "" },
	{ STR("10.0.0.5 "
	      "x=\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\x9f\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\n"),
	    "" },
	{ STR("10.0.0.5 x=\xc2\xa0\xe0\xa0\x80\xf0\x90\x80\x80\n"), "" },
	{ STR("@ipam 1\n"), "" },
	{ STR("# c\n\n @ipam 1 x=y # z\n"), "" },
	{ STR("@zone example.net%inside\n@zone example.net\n@x y\n@a-b.c_1 \xc3\xbc/:\n"), "" },
	{ STR("@vrf\t \tblue\n"), "" },
	{ STR("<<<<<<\n"), "1:1 bad-key" },
	{ STR("#<<<<<<<\n"), "" },

	/* words that are no attributes */
	{ STR("10.0.0.5 note\n"), "1:10 syntax" },
	{ STR("10.0.0.5  \tnote x=1\n"), "1:12 syntax" },
	{ STR("10.0.0.5 x=1 note\n"), "1:14 syntax" },
	{ STR("10.0.0.5 =x\n"), "1:10 syntax" },
	{ STR("10.0.0.5 Note=x\n"), "1:10 syntax" },
	{ STR("10.0.0.5 9a=x\n"), "1:10 syntax" },
	{ STR("10.0.0.5 _a=x\n"), "1:10 syntax" },
	{ STR("10.0.0.5 -a=x\n"), "1:10 syntax" },
	{ STR("10.0.0.5 \"a\"=x\n"), "1:10 syntax" },
	{ STR("10.0.0.5 noTe=x\n"), "1:12 syntax" },
	{ STR("10.0.0.5 a#b\n"), "1:11 syntax" },
	{ STR("10.0.0.5 a:b=c\n"), "1:11 syntax" },
	{ STR("10.0.0.5 \xc3\xbc=c\n"), "1:10 syntax" },
	{ STR("10.0.0.5 a\xc3\xbc=c\n"), "1:11 syntax" },
	/* what stands behind one is looked at all the same, unless a quote may be open */
	{ STR("10.0.0.5 note=the front end x=1 x=2\n"), "1:19 syntax; 1:33 duplicate-attr" },
	{ STR("10.0.0.5 x=1 note= x=2\n"), "1:19 syntax; 1:20 duplicate-attr" },
	{ STR("10.0.0.5 x=1 x# x=2\n"), "1:15 syntax; 1:17 duplicate-attr" },
	{ STR("10.0.0.5 x=1 x #x=2 x=3\n"), "1:14 syntax" },
	{ STR("10.0.0.5 x=1 note=say \"x=2 x=3\"\n"), "1:23 syntax" },
	{ STR("10.0.0.5 x=1 note=\"say x=2 x=3\n"), "1:19 syntax" },
	/* values */
	{ STR("10.0.0.5 note=\n"), "1:15 syntax" },
	{ STR("10.0.0.5 note="), "1:15 syntax" },
	{ STR("10.0.0.5 note= x=1\n"), "1:15 syntax" },
	{ STR("10.0.0.5 note=\t#\n"), "1:15 syntax" },
	{ STR("10.0.0.5 note=\"\n"), "1:15 syntax" },
	{ STR("10.0.0.5 note=\"abc\n\"\n"), "1:15 syntax; 2:1 bad-key" },
	{ STR("10.0.0.5 note=\"abc"), "1:15 syntax" },
	{ STR("10.0.0.5 note=\"abc\\\""), "1:15 syntax" },
	{ STR("10.0.0.5 note=\"abc\"d\n"), "1:20 syntax" },
	{ STR("10.0.0.5 note=\"abc\"#d\n"), "1:20 syntax" },
	{ STR("10.0.0.5 note=\"\"\"\"\n"), "1:17 syntax" },
	{ STR("10.0.0.5 note=a\"b\"\n"), "1:16 syntax" },
	{ STR("10.0.0.5 note=ab\"\n"), "1:17 syntax" },
	{ STR("10.0.0.5 note=\"a\\nb\"\n"), "1:17 syntax" },
	{ STR("10.0.0.5 note=\"a\\"), "1:17 syntax" },
	{ STR("10.0.0.5 note=\"a\\\n"), "1:17 syntax" },
	{ STR("10.0.0.5 x=\xc3\xbc note\n"), "1:15 syntax" },
	/* one syntax error a line, each line's */
	{ STR("10.0.0.5 a b c\n10.0.0.6 d\n"), "1:10 syntax; 2:10 syntax" },

	/* attributes twice */
	{ STR("10.0.0.5 a=1 b=2 a=1\n"), "1:18 duplicate-attr" },
	{ STR("10.0.0.5 a=1 a=2 a=3\n"), "1:14 duplicate-attr; 1:18 duplicate-attr" },
	{ STR("10.0.0.5 a=1 ab=2 A=1\n"), "1:19 syntax" },
	{ STR("10.0.0.5 a=1 a=\n"), "1:16 syntax" },
	{ STR("@vrf x a=1 a=2\n"), "1:12 duplicate-attr" },
	{ STR("10.0.0.5 a1=1 a2=1 a3=1 a4=1 a5=1 a6=1 a7=1 a8=1 a9=1 b1=1 b2=1 b3=1 b4=1 b5=1 b6=1"
	      " b7=1 b8=1 b9=1 c1=1 c2=1 c3=1 c4=1 c5=1 c6=1 c7=1 c8=1 c9=1 d1=1 d2=1 d3=1 d4=1"
	      " d5=1 d6=1 d7=1 d8=1 d9=1 c9=2 d9=2 a1=2\n"),
	    "1:190 duplicate-attr; 1:195 duplicate-attr; 1:200 duplicate-attr" },

	/* keys */
	{ STR("hello\n"), "1:1 bad-key" },
	{ STR("  10.0.0.256\n"), "1:10 bad-key" },
	{ STR("10.0.0.5/24\n"), "1:1 host-bits" },
	{ STR(" 10.0.0.5/24%x\n"), "1:2 host-bits" },
	{ STR("10.0.0.9-10.0.0.5\n"), "1:1 range-reversed" },
	{ STR("10.0.0.5#c\n"), "1:9 bad-key" },
	{ STR("10.0.0.5%\n"), "1:10 bad-key" },
	{ STR("10.0.0.5%a%b\n"), "1:10 bad-key" },
	{ STR("\"10.0.0.5\"\n"), "1:1 bad-key" },
	{ STR("10.0.0.5,10.0.0.6\n"), "1:9 bad-key" },
	{ STR("x y z\n10.0.0.5\nx\n"), "1:1 bad-key; 3:1 bad-key" },

	/* objects */
	{ STR("@\n"), "1:1 syntax" },
	{ STR("@ x\n"), "1:1 syntax" },
	{ STR("@zone\n"), "1:1 syntax" },
	{ STR("  @zone  \n"), "1:3 syntax" },
	{ STR("@zone #x\n"), "1:1 syntax" },
	{ STR("@zone ttl=5\n"), "1:1 syntax" },
	{ STR("@Zone x\n"), "1:1 syntax" },
	{ STR("@zo/ne x\n"), "1:1 syntax" },
	{ STR("@1zone x\n"), "1:1 syntax" },
	{ STR("@zone a,b\n"), "1:7 syntax" },
	{ STR("@zone  \"a\"\n"), "1:8 syntax" },
	{ STR("@zone a%\n"), "1:7 syntax" },
	{ STR("@zone a%b%c\n"), "1:7 syntax" },
	{ STR("@zone %b\n"), "1:7 syntax" },
	{ STR("@vrf a%b\n"), "1:6 syntax" },
	{ STR("@vrf a b\n"), "1:8 syntax" },

	/* the header */
	{ STR("@ipam 2\n"), "1:7 version" },
	{ STR("@ipam 0\n"), "1:7 version" },
	{ STR("@ipam x\n"), "1:7 version" },
	{ STR("@ipam 1.0\n"), "1:7 version" },
	{ STR("@ipam 00\n\x01\n"), "1:7 version; 2:1 control; 2:1 bad-key" },
	/* of a newer one, nothing is read but its header */
	{ STR("@ipam 2\n\x01\n"), "1:7 version" },
	{ STR("@ipam 99999999999999999999\n\x01\n"), "1:7 version" },
	{ STR("@ipam\n"), "1:1 syntax" },
	{ STR("@vrf a\n  @ipam 1\n"), "2:3 version" },
	{ STR("@ipam 1\n@ipam 1\n"), "2:1 version" },
	{ STR("x\n@ipam 1\n"), "1:1 bad-key; 2:1 version" },
	{ STR("# c\n@ipam 3 x\n"), "2:7 version; 2:9 syntax" },

	/* bytes */
	{ STR("\xef\xbb\xbf@ipam 1\n"), "1:1 bom" },
	{ STR("\xef\xbb\xbf"), "1:1 bom" },
	{ STR("\xef\xbb\xbf\n\xef\xbb\xbf\n"), "1:1 bom; 2:1 bad-key" },
	{ STR("\xef\xbb\xbfx\n"), "1:1 bom; 1:4 bad-key" },
	{ STR("\xef\xbb"), "1:1 utf8; 1:1 bad-key" },
	{ STR("10.0.0.5\r\n# x\r\n\r\n10.0.0.6 x=1\r"), "1:9 cr; 2:4 cr; 3:1 cr; 4:13 cr" },
	{ STR("10.0.0.5 x=a\rb\n"), "1:13 control" },
	{ STR("10.0.0.5 x=a\r\r\n"), "1:14 cr; 1:13 control" },
	{ STR("10.0.0.5 x=a\0b\n"), "1:13 control" },
	{ STR("10.0.0.5 x=a\x1b[31m\n"), "1:13 control" },
	{ STR("10.0.0.5 x=\x7f\n"), "1:12 control" },
	{ STR("10.0.0.5 x=\xc2\x80 y=\xc2\x9f\n"), "1:12 control" },
	{ STR("10.0.0.5 x=\"\xc2\x9f\"\n"), "1:13 control" },
	{ STR("10.0.0.5 x=\"a\tb\"\n"), "1:14 control" },
	{ STR("10.0.0.5 x=\"a\tb\" y=\xc3\xbc\n"), "1:14 control" },
	{ STR("10.0.0.5 x=\"a\" # \"\t\"\n"), "" },
	{ STR("# \x0c\n"), "1:3 control" },
	{ STR("# \x07\xff\n"), "1:3 control" },
	{ STR("\x0b\n"), "1:1 control; 1:1 bad-key" },
	{ STR("10.0.0.5 x=\xff\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\x80\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xc3\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xc3"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xc0\xaf\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xc1\xbf\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xe0\x9f\xbf\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xed\xa0\x80\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xf0\x8f\xbf\xbf\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xf4\x90\x80\x80\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xf5\x80\x80\x80\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xe2\x82"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xe2\x82 y=1\n"), "1:12 utf8" },
	{ STR("10.0.0.5 x=\xf0\x9f\x90"), "1:12 utf8" },
	{ STR("# \xff\n10.0.0.5 x=\xff y\n"), "1:3 utf8; 2:12 utf8; 2:14 syntax" },

	/* conflict markers */
	{ STR("<<<<<<< HEAD\n10.0.0.5\n||||||| base\n=======\n10.0.0.6\n>>>>>>> x\n"),
	    "1:1 conflict-marker; 3:1 conflict-marker; 4:1 conflict-marker; 6:1 conflict-marker" },
	{ STR("<<<<<<<\n"), "1:1 conflict-marker" },
	{ STR("<<<<<<< HEAD\r\n"), "1:13 cr; 1:1 conflict-marker" },
	{ STR("<<<<<<<<\n"), "1:1 bad-key" },
	{ STR("<<<<<<<x\n"), "1:1 bad-key" },
	{ STR(" <<<<<<<\n"), "1:2 bad-key" },
	{ STR("<<<<===\n"), "1:1 bad-key" },
	{ STR("<<<<<<< a\n@ipam 1\n"), "1:1 conflict-marker" },
};

static void
test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct plan p;
		char about[160];
		plan_read(&p, texts[i].text);
		snprintf(about, sizeof(about), "%.*s", STR_FMT(texts[i].text));
		check_text(plan_said(&p), texts[i].said, about);
		plan_release(&p);
	}
}

/* Nothing is lost: each record's line, the lines between them and the LFs are
 * the text; each line is its key, its attributes, what is between them and the
 * rest.  Every text and every beginning of it. */
struct printer {
	struct buf out;
	const char *at;
	struct diags d;
};

static void
print_record(void *ctx, const struct rec *r)
{
	struct printer *pr = ctx;
	struct str key = rec_key(r);
	struct attr_iter it;
	struct attr attr;

	assert_true(r->line >= pr->at);
	buf_add(&pr->out, pr->at, (size_t)(key.p - pr->at));
	buf_str(&pr->out, key);
	pr->at = key.p + key.n;
	attr_start(&it, r);
	while (attr_next(&it, &attr)) {
		assert_ptr_equal(r->line + attr.start, pr->at);
		assert_true(attr.name.p > pr->at && attr.raw.p == attr.name.p + attr.name.n + 1);
		assert_ptr_equal(r->line + attr.end, attr.raw.p + attr.raw.n);
		buf_add(&pr->out, pr->at, (size_t)(attr.name.p - pr->at));
		buf_str(&pr->out, attr.name);
		buf_char(&pr->out, '=');
		buf_str(&pr->out, attr.raw);
		pr->at = r->line + attr.end;
	}
	buf_add(&pr->out, pr->at, (size_t)(r->line + r->len - pr->at));
	pr->at = r->line + r->len;
}

static void
print_again(struct str text)
{
	struct text_source source = { "x", exact(text), text.n };
	struct printer pr = { .at = source.p };
	struct arena a;
	struct vrfs v;

	arena_init(&a, &plan_env);
	vrfs_init(&v, &a);
	diags_init(&pr.d, &plan_env);
	buf_init(&pr.out, &plan_env);
	text_read(&source, &v, print_record, &pr, &pr.d);
	buf_add(&pr.out, pr.at, (size_t)(source.p + source.n - pr.at));
	check(str_eq(buf_get(&pr.out), text), "%.*s", STR_FMT(text));
	buf_release(&pr.out);
	diags_release(&pr.d);
	arena_release(&a);
	free((char *)source.p);
}

static void
test_lossless(void **state)
{
	static const struct str example =
	    STR("# network.ipam \xe2\x80\x94 the address plan of example.net\n\n@ipam 1\n"
		"@zone example.net ns=ns1.example.net,ns2.example.net mbox=hostmaster ttl=3600\n"
		"@vrf blue rd=65000:1 note=\"customer \\\"Blue\\\"\"\n\n"
		"\t10.0.0.0/8  name=corp\tstatus=container # x\n"
		"2001:db8:10::5 host=www1   # dual stack\n10.0.0.0/24%blue name=blue-lan");

	(void)state;
	for (size_t n = 0; n <= example.n; n++)
		print_again(str_cut(example, 0, n));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		for (size_t n = 0; n <= texts[i].text.n; n++)
			print_again(str_cut(texts[i].text, 0, n));
}

/* Bytes that matter, in any order: what is read is printed as it was. */
static void
test_random(void **state)
{
	static const char *const bits[] = { "10.0.0.5", "@zone", " ", "\t", "\n", "\"", "\\", "=",
		"#", "a", "host", "%", ",", "/", "\r", "\xc3\xbc", "\xff", "\xef\xbb\xbf",
		"<<<<<<<", "0", "x=", "@ipam 1" };
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 30000; i++) {
		struct buf b;
		buf_init(&b, &plan_env);
		for (uint64_t n = rnd(&seed) % 24; n > 0; n--)
			buf_z(&b, bits[rnd(&seed) % ARRAY_LEN(bits)]);
		print_again(buf_get(&b));
		buf_release(&b);
	}
}

/* Attributes: name, raw, value, where they begin and end. */
static void
test_attrs(void **state)
{
	static const struct {
		struct str line;
		const char *attrs; /* name<raw>value@start-end; ... */
	} cases[] = {
		{ STR("10.0.0.5"), "" },
		{ STR("10.0.0.5 # x=1"), "" },
		{ STR("10.0.0.5 x=1"), "x<1>1@8-12; " },
		{ STR("  10.0.0.5\t\tx=1  y=2 "), "x<1>1@10-15; y<2>2@15-20; " },
		{ STR("10.0.0.5 x=\"\" y=2"), "x<\"\">@8-13; y<2>2@13-17; " },
		{ STR("10.0.0.5 x=\"a b\" # y=2"), "x<\"a b\">a b@8-16; " },
		{ STR("10.0.0.5 x=\"a\\\"b\\\\\""), "x<\"a\\\"b\\\\\">a\"b\\@8-19; " },
		{ STR("10.0.0.5 x=a\\b"), "x<a\\b>a\\b@8-14; " },
		{ STR("10.0.0.5 x=a=b,# y=#"), "x<a=b,#>a=b,#@8-16; y<#>#@16-20; " },
		{ STR("@vrf   blue rd=1:2"), "rd<1:2>1:2@11-18; " },
		{ STR(" @vrf blue"), "" },
		{ STR("@zone x=y"), NULL },
		{ STR("# 10.0.0.5"), NULL },
		{ STR(""), NULL },
		{ STR("10.0.0.5 x"), NULL },
		{ STR("10.0.0.5 x=1 x=2"), NULL },
		{ STR("10.0.0.5 x=1\n10.0.0.6"), NULL },
		{ STR("10.0.0.5 x=1\n"), NULL },
		{ STR("10.0.0.5 x=1\r"), NULL },
	};
	struct arena a;
	struct vrfs v;

	(void)state;
	arena_init(&a, &plan_env);
	vrfs_init(&v, &a);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str line = cases[i].line;
		char *copy = exact(line), said[256] = "";
		size_t n = 0;
		struct attr_iter it;
		struct attr attr, found;
		struct rec r;
		bool ok = text_read_line((struct str){ copy, line.n }, &v, &r);
		check(ok == (cases[i].attrs != NULL), "%s", line.p);
		if (ok)
			attr_start(&it, &r);
		while (ok && attr_next(&it, &attr)) {
			struct str value = attr_value(&attr, &a);
			n += (size_t)snprintf(said + n, sizeof(said) - n,
			    "%.*s<%.*s>%.*s@%zu-%zu; ", STR_FMT(attr.name), STR_FMT(attr.raw),
			    STR_FMT(value), attr.start, attr.end);
			check(attr_find(&r, attr.name, &found) && found.raw.p == attr.raw.p, "%s",
			    line.p);
		}
		if (ok) {
			check_text(said, cases[i].attrs, line.p);
			assert_false(attr_find(&r, STR("note"), &attr));
		}
		free(copy);
	}
	arena_release(&a);
}

/* A value that is written is read again as it was; bare where it can be. */
static void
test_quote(void **state)
{
	static const struct {
		const char *value, *quoted;
	} cases[] = {
		{ "", "\"\"" },
		{ "a", "a" },
		{ "a b", "\"a b\"" },
		{ " ", "\" \"" },
		{ "a\"b", "\"a\\\"b\"" },
		{ "\"", "\"\\\"\"" },
		{ "a\\b", "a\\b" },
		{ "a \\ b", "\"a \\\\ b\"" },
		{ "\\\"", "\"\\\\\\\"\"" },
		{ "#", "#" },
		{ "#a=b,c", "#a=b,c" },
		{ "a #b", "\"a #b\"" },
		{ "it's", "it's" },
		{ "\xc3\xbc\xc2\xa0", "\xc3\xbc\xc2\xa0" },
	};
	struct arena a;
	struct vrfs v;

	(void)state;
	arena_init(&a, &plan_env);
	vrfs_init(&v, &a);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b;
		struct rec r;
		struct attr attr;
		buf_init(&b, &plan_env);
		buf_z(&b, "10.0.0.5 x=");
		text_quote(&b, str_from(cases[i].value));
		check_text(arena_z(&a, str_cut(buf_get(&b), 11, b.n)), cases[i].quoted,
		    "text_quote");
		assert_true(text_read_line(buf_get(&b), &v, &r) && attr_find(&r, STR("x"), &attr));
		check_text(arena_z(&a, attr_value(&attr, &a)), cases[i].value, "read again");
		buf_release(&b);
	}
	arena_release(&a);
}

static void
test_value_fault(void **state)
{
	static const struct {
		struct str value;
		const char *fault;
		size_t at;
	} cases[] = {
		{ STR(""), NULL, 0 },
		{ STR("a \"b\" \\ \xc3\xbc"), NULL, 0 },
		{ STR("a\tb"), "has a control character", 1 },
		{ STR("a\nb"), "has a control character", 1 },
		{ STR("\r"), "has a control character", 0 },
		{ STR("ab\0"), "has a control character", 2 },
		{ STR("\x7f"), "has a control character", 0 },
		{ STR("\xc3\xbc\xc2\x85"), "has a control character", 2 },
		{ STR("ab\xff"), "is not UTF-8", 2 },
		{ STR("ab\xc3"), "is not UTF-8", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str value = cases[i].value;
		char *copy = exact(value);
		size_t at;
		const char *fault = text_value_fault((struct str){ copy, value.n }, &at);
		check_text(fault, cases[i].fault, "text_value_fault");
		check(!fault || at == cases[i].at, "%s: at %zu", value.p, at);
		free(copy);
	}
}

/* What reading a line says of its key. */
static void
test_record(void **state)
{
	static const struct {
		const char *line, *key, *object_kind, *object_name;
		enum kind kind;
		unsigned flags;
	} cases[] = {
		{ "10.0.0.0/24 name=a", "10.0.0.0/24", NULL, NULL, KIND_SUBNET, REC_NAMED },
		{ "\t10.0.0.5 names=a", "10.0.0.5", NULL, NULL, KIND_ADDRESS, 0 },
		{ "2001:DB8::5%x", "2001:DB8::5%x", NULL, NULL, KIND_ADDRESS, REC_SPELLING },
		{ "10.0.0.5%default", "10.0.0.5%default", NULL, NULL, KIND_ADDRESS, REC_SPELLING },
		{ "10.0.0.5-10.0.0.5", "10.0.0.5-10.0.0.5", NULL, NULL, KIND_RANGE, 0 },
		{ "::5-::5", "::5-::5", NULL, NULL, KIND_RANGE, 0 },
		{ "@zone a%b x=1", "@zone a%b", "zone", "a%b", KIND_OBJECT, 0 },
		{ "  @zone \t a", "@zone \t a", "zone", "a", KIND_OBJECT, 0 },
		{ "@ipam 1", "@ipam 1", "ipam", "1", KIND_HEADER, 0 },
	};
	struct arena a;
	struct vrfs v;

	(void)state;
	arena_init(&a, &plan_env);
	vrfs_init(&v, &a);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rec r;
		check(text_read_line(str_from(cases[i].line), &v, &r), "%s", cases[i].line);
		check_text(arena_z(&a, rec_key(&r)), cases[i].key, cases[i].line);
		check(r.kind == cases[i].kind && r.flags == cases[i].flags, "%s: %d, flags %d",
		    cases[i].line, r.kind, r.flags);
		if (!cases[i].object_kind)
			continue;
		check_text(arena_z(&a, rec_object_kind(&r)), cases[i].object_kind, cases[i].line);
		check_text(arena_z(&a, rec_object_name(&r)), cases[i].object_name, cases[i].line);
		assert_int_equal(rec_is_object(&r, cases[i].object_kind), r.kind == KIND_OBJECT);
	}
	arena_release(&a);
}

/* A key, a name of an object and a VRF that are too long are said to be so. */
static void
test_too_long(void **state)
{
	static const struct {
		const char *before, *said;
	} cases[] = {
		{ "10.0.0.0/24%", "1:1 bad-key" },
		{ "@owner ", "1:1 syntax" },
	};
	static char text[70000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		memset(text, 'a', sizeof(text));
		memcpy(text, cases[i].before, strlen(cases[i].before));
		plan_read(&p, (struct str){ text, sizeof(text) });
		check_text(plan_said(&p), cases[i].said, cases[i].before);
		plan_release(&p);
		plan_read(&p, (struct str){ text, 65535 });
		check_text(plan_said(&p), "", cases[i].before);
		plan_release(&p);
	}
}

static void
test_line_column(void **state)
{
	static const char text[] = "ab\n\n\xc3\xbc"
				   "c\n";
	static const size_t wanted[][2] = { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 2, 1 }, { 3, 1 },
		{ 3, 2 }, { 3, 3 }, { 3, 4 }, { 4, 1 } };
	struct text_source source = { "x", text, sizeof(text) - 1 };

	(void)state;
	/* forwards, each from the one before, then backwards */
	struct text_place at = { 0 };
	for (size_t k = 0; k < 2 * sizeof(text); k++) {
		size_t i = k < sizeof(text) ? k : 2 * sizeof(text) - k - 1;
		check(text_place_find(&at, &source, 1, text + i), "%zu", i);
		check(at.line == wanted[i][0] && at.column == wanted[i][1], "%zu: %zu:%zu", i,
		    at.line, at.column);
	}
	check(!text_place_find(&at, &source, 1, NULL), "no place");
}

/* Which lines above a record belong to it: | stands where they begin. */
static void
test_lead(void **state)
{
	static const char *const cases[] = {
		"|R",
		"|# a\nR",
		"|# a\n# b\nR",
		"# a\n\n|R",
		"# a\n\n|# b\nR",
		"# a\n# b\n\n|# c\n\n# d\nR",
		"\n \n# a\n\t\n|\n# b\nR",
		"|\n\n# a\nR",
		"|\nR",
		"10.0.0.1\n|R",
		"10.0.0.1\n|\n# a\n \n\t# b\nR",
		"# a\n\n10.0.0.1 # x\n|# b\nR",
		"@ipam 1\n|# a\n\nR",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str s = str_from(cases[i]);
		size_t bar = str_find(s, '|');
		char *text = exact(s);
		struct text_source source = { "x", text, s.n - 1 };
		memmove(text + bar, text + bar + 1, s.n - bar - 1);
		const char *lead = text_lead(&source, text + s.n - 2);
		check(lead == text + bar, "%s: %td", cases[i], lead - text);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_lossless),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_attrs),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_value_fault),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_line_column),
		cmocka_unit_test(test_lead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
