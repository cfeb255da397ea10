/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hashing.h"
#include "unit.h"

#include "core/db_load.h"
#include "core/needle.h"
#include "core/replay.h"

/* --- the sum ----------------------------------------------------------- */

static void
test_sum(void **state)
{
	static const char *const line[] = { "10.0.0.1", "10.0.0.2 host=a", "@ipam 1", "" };
	struct env env = hashing();
	struct sum up = { { 0 } }, down = { { 0 } }, none = { { 0 } }, read;
	char text[SUM_TEXT];

	(void)state;
	sum_add(&up, &env, str_from("abc"));
	check_text(sum_fmt(text, &up),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "SHA-256 of abc");
	assert_true(sum_parse(str_from(text), &read) && sum_eq(&read, &up));
	text[5] = 'A';
	assert_false(sum_parse(str_from(text), &read));
	sum_sub(&up, &env, str_from("abc"));
	assert_true(sum_eq(&up, &none));
	for (size_t i = 0; i < ARRAY_LEN(line); i++) {
		sum_add(&up, &env, str_from(line[i]));
		sum_add(&down, &env, str_from(line[ARRAY_LEN(line) - 1 - i]));
	}
	assert_true(sum_eq(&up, &down) && !sum_eq(&up, &none));
	/* below zero, and back */
	sum_sub(&none, &env, str_from("x"));
	for (size_t i = 0; i < ARRAY_LEN(line); i++)
		sum_add(&none, &env, str_from(line[i]));
	sum_add(&none, &env, str_from("x"));
	assert_true(sum_eq(&none, &up));
}

/* --- words in a text ---------------------------------------------------- */

static bool
stands_in(const char *word, size_t n, const char *text, size_t size, bool any_case)
{
	for (size_t at = 0; at + n <= size; at++) {
		size_t i = 0;
		while (i < n && (any_case ? ascii_lower(text[at + i]) == ascii_lower(word[i])
					  : text[at + i] == word[i]))
			i++;
		if (i == n)
			return true;
	}
	return false;
}

/* Random texts of few letters, so that words are often nearly there. */
static void
test_needles(void **state)
{
	static const char letters[] = "aAbB1.";
	char text[40], word[2][8];
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct needles v;
		bool any_case = round % 2, want = false;
		size_t n = (size_t)rand_r(&seed) % sizeof(text);
		for (size_t i = 0; i < n; i++)
			text[i] = letters[(size_t)rand_r(&seed) % 6];
		needles_init(&v, &env_plain);
		for (size_t k = 0; k < 2; k++) {
			size_t len = 1 + (size_t)rand_r(&seed) % (sizeof(word[k]) - 1);
			for (size_t i = 0; i < len; i++)
				word[k][i] = letters[(size_t)rand_r(&seed) % 6];
			needles_add(&v, (struct str){ word[k], len }, any_case);
			want |= stands_in(word[k], len, text, n, any_case);
		}
		assert_int_equal(needles_in(&v, (struct str){ text, n }), want);
		needles_release(&v);
	}
}

/* --- fields ------------------------------------------------------------ */

static void
test_fields(void **state)
{
	static const struct {
		const char *text, *field;
	} row[] = {
		{ "plain", "plain" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "a\nb", "a\\x0ab" },
		{ "back\\slash", "back\\\\slash" },
		{ "\x1b[31m", "\\x1b[31m" },
		{ "\xc2\x9b", "\\xc2\\x9b" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\ttab", "\\x09tab" },
	};
	struct arena arena;
	struct buf b;

	(void)state;
	arena_init(&arena, &env_plain);
	buf_init(&b, &env_plain);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		b.n = 0;
		field_put(&b, str_from(row[i].text));
		check_text(arena_z(&arena, buf_get(&b)), row[i].field, row[i].text);
		check_text(arena_z(&arena, field_text(buf_get(&b), &arena)), row[i].text,
		    row[i].field);
	}
	buf_release(&b);
	arena_release(&arena);
}

/* --- blocks ------------------------------------------------------------ */

static struct block_line
line(char op, const char *text)
{
	return (struct block_line){ op, str_from(text) };
}

/* A block with everything in it; the text is behind the empty line. */
static struct str
make_block(const struct env *env, struct chain *c, struct buf *out)
{
	struct block_line v[] = { line('-', "10.0.0.5"), line('+', "10.0.0.5 host=www1 # x"),
		line('+', "10.0.0.6  "), line('+', "\t10.0.0.7\tnote=\"a b\"") };
	struct block b = { .kind = BLOCK_CHANGE, .time = 1800000000 };

	b.field[FIELD_USER] = STR("alice");
	b.field[FIELD_HOST] = STR("jump1");
	b.field[FIELD_COMMAND] = STR("ipam alloc web");
	b.field[FIELD_REASON] = STR("a \\\\ b\\x0a");
	b.line.v = v;
	b.line.n = ARRAY_LEN(v);
	out->n = 0;
	block_put(out, env, c, &b);
	return str_cut(buf_get(out), 1, out->n);
}

static void
test_round_trip(void **state)
{
	struct env env = hashing();
	struct chain c, start;
	struct block b = { 0 };
	struct buf out;
	size_t at;

	(void)state;
	buf_init(&out, &env);
	chain_start(&c);
	c.time = 1900000000; /* later than the block's own */
	start = c;
	struct str text = make_block(&env, &c, &out);
	const char *why = block_parse(text, &b, &env, &at);
	check(!why, "%s at %zu of %.*s", why, at, STR_FMT(text));
	assert_true(block_is_whole(text));
	assert_int_equal(b.id, 1);
	assert_int_equal(b.time, 1900000000);
	assert_int_equal(b.line.n, 4);
	assert_true(str_eq(b.line.v[0].line, STR("10.0.0.5")));
	assert_true(str_eq(b.line.v[2].line, STR("10.0.0.6  ")));
	assert_non_null(strstr(text.p, "\n- 10.0.0.5 \n"));
	struct sum before = block_before(&b, &env);
	assert_true(sum_eq(&before, &start.sum) && sum_eq(&b.result, &c.sum));
	chain_follow(&start, &b);
	assert_string_equal(start.seal, c.seal);
	vec_release(&b.line);
	buf_release(&out);
}

/* Whether a text is a block with the seal that belongs behind another one. */
static bool
is_sound(const struct env *env, struct str text, const char *before)
{
	struct block b = { 0 };
	char seal[SUM_TEXT];
	size_t at;
	bool sound = !block_parse(text, &b, env, &at);

	if (sound) {
		block_seal(env, str_from(before), b.sealed, seal);
		sound = str_eq(str_from(seal), b.seal);
	}
	vec_release(&b.line);
	return sound;
}

static void
test_tampering(void **state)
{
	static const char bytes[] = "\n #+-0a\\\x80";
	struct env env = hashing();
	struct chain c;
	struct buf out;

	(void)state;
	buf_init(&out, &env);
	chain_start(&c);
	const char *before = strdup(c.seal);
	struct str text = make_block(&env, &c, &out);
	char *p = exact(text);
	assert_true(is_sound(&env, (struct str){ p, text.n }, before));
	assert_false(is_sound(&env, (struct str){ p, text.n }, c.seal));
	for (size_t i = 0; i < text.n; i++) {
		for (size_t k = 0; k < sizeof(bytes) - 1; k++) {
			p[i] = bytes[k];
			check(p[i] == text.p[i] ||
				  !is_sound(&env, (struct str){ p, text.n }, before),
			    "byte %zu as %02x", i, (unsigned char)bytes[k]);
		}
		p[i] = text.p[i];
		check(!is_sound(&env, (struct str){ p, i }, before), "cut at %zu", i);
	}
	free(p);
	free((char *)before);
	buf_release(&out);
}

static void
test_syntax(void **state)
{
#define END                                                                                        \
	"result 0000000000000000000000000000000000000000000000000000000000000000\n"                \
	"seal 0000000000000000000000000000000000000000000000000000000000000000\n"
	static const struct {
		const char *text, *why;
	} row[] = {
		{ "first 1 2026-01-01T00:00:00Z\nuser a\n" END, NULL },
		{ "void 3 2026-01-01T00:00:00Z\nblock 2\n" END, NULL },
		{ "frist 1 2026-01-01T00:00:00Z\nuser a\n" END, "not the beginning of a block" },
		{ "first 01 2026-01-01T00:00:00Z\nuser a\n" END, "not a block's number" },
		{ "first 0 2026-01-01T00:00:00Z\nuser a\n" END, "not a block's number" },
		{ "first 1 2026-01-01\nuser a\n" END, "not a block's time" },
		{ "first 1 2026-01-01T00:00:00Z\n" END,
		    "a line that such a block has is missing before this one" },
		{ "first 1 2026-01-01T00:00:00Z\nuser a\ncommand x\n" END,
		    "not a line of such a block, or not in its place" },
		{ "first 1 2026-01-01T00:00:00Z\nhost a\nuser a\n" END,
		    "not a line of such a block, or not in its place" },
		{ "first 1 2026-01-01T00:00:00Z\nuser a\nuser b\n" END,
		    "not a line of such a block, or not in its place" },
		{ "first 1 2026-01-01T00:00:00Z\nuser \n" END, "not a value of such a line" },
		{ "first 1 2026-01-01T00:00:00Z\nuser a\\b\n" END, "not a value of such a line" },
		{ "first 1 2026-01-01T00:00:00Z\nuser a\n+ 10.0.0.1\n" END,
		    "not a record that came or went" },
		{ "void 3 2026-01-01T00:00:00Z\nblock 2\n+ 10.0.0.1 \n" END,
		    "not a record that came or went" },
		{ "first 1 2026-01-01T00:00:00Z\nuser a\n" END "x\n",
		    "no empty line before the next block" },
		{ "first 1 2026-01-01T00:00:00Z\nuser a\n", "the block has no end" },
	};
#undef END
	struct block b = { 0 };
	size_t at;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const char *why = block_parse(str_from(row[i].text), &b, &env_plain, &at);
		check((!why && !row[i].why) || (why && row[i].why && !strcmp(why, row[i].why)),
		    "%s: %s", row[i].text, why ? why : "taken");
	}
	vec_release(&b.line);
}

/* --- replay ------------------------------------------------------------- */

static void
apply(struct replay *r, enum block_kind kind, size_t n, const struct block_line *v)
{
	struct block b = { .kind = kind };

	b.line.v = (struct block_line *)v;
	b.line.n = n;
	replay_block(r, &b);
}

static void
test_replay(void **state)
{
	struct env env = hashing();
	struct block_line first[] = { line('+', "a"), line('+', "b") };
	struct block_line change[] = { line('-', "b"), line('+', "c") };
	struct replay r;
	block_lines out = { 0 }, wish = { 0 };

	(void)state;
	replay_init(&r, &env);
	apply(&r, BLOCK_FIRST, 2, first);
	apply(&r, BLOCK_CHANGE, 2, change);
	assert_true(lines_count(&r.lines, STR("c")) == 1 && lines_count(&r.lines, STR("b")) == 0);
	apply(&r, BLOCK_VOID, 0, NULL);
	assert_true(lines_count(&r.lines, STR("c")) == 0 && lines_count(&r.lines, STR("b")) == 1);
	apply(&r, BLOCK_ARCHIVE, 2, first);
	assert_true(lines_count(&r.lines, STR("a")) == 1 && lines_count(&r.lines, STR("b")) == 1);
	/* of what is wished for only what can be */
	vec_push(&env, &wish, line('-', "x"));
	vec_push(&env, &wish, line('-', "a"));
	vec_push(&env, &wish, line('+', "b"));
	vec_push(&env, &wish, line('+', "d"));
	replay_change(&r, &wish, &out);
	assert_int_equal(out.n, 2);
	assert_true(str_eq(out.v[0].line, STR("a")) && str_eq(out.v[1].line, STR("d")));
	vec_release(&out);
	vec_release(&wish);
	replay_release(&r);
}

/* The plan that all leads to has no "2 b": "2 c" may come for it, but not for the "1 a" that
 * stays. */
static void
test_replace(void **state)
{
	static const struct text_source plan = { "plan", "10.0.0.1 a=a\n10.0.0.3\n", 22 };
	struct env env = hashing();
	struct block_line first[] = { line('+', "10.0.0.1 a=a"), line('+', "10.0.0.2 a=b") };
	const struct block_line wish[] = { line('+', "10.0.0.1 a=c"), line('+', "10.0.0.2 a=c") };
	const block_lines wishes = { (struct block_line *)wish, 2, 2 };
	struct diags diags;
	struct db db;
	struct replay r;

	(void)state;
	diags_init(&diags, &env);
	db_init(&db, &env);
	assert_int_equal(db_load(&db, &plan, 1, &diags), STATUS_OK);
	for (int replaces = 0; replaces < 2; replaces++) {
		block_lines out = { 0 };
		replay_init(&r, &env);
		apply(&r, BLOCK_FIRST, 2, first);
		replay_towards(&r, &db);
		(replaces ? replay_replace : replay_change)(&r, &wishes, &out);
		assert_int_equal(out.n, replaces ? 2 : 0);
		if (replaces) {
			assert_true(
			    out.v[0].op == '-' && str_eq(out.v[0].line, STR("10.0.0.2 a=b")));
			assert_true(
			    out.v[1].op == '+' && str_eq(out.v[1].line, STR("10.0.0.2 a=c")));
		}
		vec_release(&out);
		replay_release(&r);
	}
	db_release(&db);
	diags_release(&diags);
}

static void
test_net(void **state)
{
	block_lines v = { 0 };

	(void)state;
	vec_push(&env_plain, &v, line('-', "a"));
	vec_push(&env_plain, &v, line('+', "b"));
	vec_push(&env_plain, &v, line('+', "a"));
	vec_push(&env_plain, &v, line('-', "c"));
	block_net(&env_plain, &v);
	assert_int_equal(v.n, 2);
	assert_true(v.v[0].op == '+' && str_eq(v.v[0].line, STR("b")));
	assert_true(v.v[1].op == '-' && str_eq(v.v[1].line, STR("c")));
	vec_release(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_needles),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_tampering),
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_net),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
