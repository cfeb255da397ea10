/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hashing.h"
#include "unit.h"

#include "core/gitlog.h"

#define TITLE(id, parents, message)                                                                \
	"\0" id " " parents "\0Al <a@b>\0"                                                         \
	"1790000000 1790000060\0" message "\n\0\n"
#define HEAD "\ndiff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n"
#define TEXT(lit)                                                                                  \
	{                                                                                          \
		(lit), sizeof(lit) - 1                                                             \
	}

/* The lines of all commits, "-10.0.0.1,+10.0.0.2;" for each. */
static void
put_commits(struct buf *b, const git_commits *v)
{
	for (size_t i = 0; i < v->n; i++) {
		for (size_t k = 0; k < v->v[i].line.n; k++)
			buf_fmt(b, "%s%c%.*s", k ? "," : "", v->v[i].line.v[k].op,
			    STR_FMT(v->v[i].line.v[k].line));
		buf_char(b, ';');
	}
}

static void
test_read(void **state)
{
	static const struct {
		struct str text;
		const char *lines; /* NULL: not git's */
	} row[] = {
		{ TEXT(""), "" },
		{ TEXT(TITLE("ab", "", "one")), ";" },
		{ TEXT(TITLE("ab", "", "one") HEAD "@@ -0,0 +1,2 @@\n+10.0.0.1\n+# no\n"),
		    "+10.0.0.1;" },
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -1 +1 @@ context\n-10.0.0.1\n"
						   "\\ No newline at end of file\n+10.0.0.1 a=b\n"),
		    "-10.0.0.1,+10.0.0.1 a=b;" },
		/* a line that only moved, one with CR, lines that look like git's own */
		{ TEXT(TITLE("ab", "cd", "m") HEAD
		      "@@ -1 +0,0 @@\n-10.0.0.1\n@@ -2,0 +3 @@\n+10.0.0.1\n"),
		    ";" },
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -0,0 +1 @@\n+10.0.0.1\r\n"), "+10.0.0.1;" },
		{ TEXT(TITLE("ab", "cd", "m") HEAD
		      "@@ -1,2 +1,2 @@\n-@@ x\n--- 10.0.0.1\n+++ y\n+@owner z\n"),
		    "+@owner z;" },
		/* no records: a merge's marks, no UTF-8 and a NUL, a control character */
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -0,0 +1,4 @@\n+<<<<<<< x\n+10.0.0.1 "
						   "a=\xff\0\n+10.0.0.2 a=\1\n+10.0.0.3\n"),
		    "+10.0.0.3;" },
		{ TEXT(TITLE("ab", "cd ef", "two\n\nlines") HEAD
		      "@@ -0,0 +1 @@\n+10.0.0.1\n" TITLE("cd", "", "") HEAD
		      "@@ -0,0 +1 @@\n+10.0.0.2\n"),
		    "+10.0.0.1;+10.0.0.2;" },
		{ TEXT("fatal: no\n"), NULL },
		{ TEXT("\0ab"), NULL },
		{ TEXT("\0ab \0Al\0"
		       "x y\0m\0\n"),
		    NULL },
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -0,0 +1,2 @@\n+10.0.0.1\n"), NULL },
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -0,0 +1 @@\n-10.0.0.1\n"), NULL },
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -0,0 @@\n+10.0.0.1\n"), NULL },
		{ TEXT(TITLE("ab", "cd", "m") HEAD "@@ -0,0 +1 @@\n+10.0.0.1"), NULL },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, &env_plain);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		git_commits v = { 0 };
		struct buf b;
		buf_init(&b, &env_plain);
		bool ok = gitlog_read(row[i].text, &env_plain, &arena, &v);
		check(ok == (row[i].lines != NULL), "row %zu", i);
		put_commits(&b, &v);
		if (ok)
			check(str_eq(buf_get(&b), str_from(row[i].lines)), "row %zu: %.*s", i,
			    STR_FMT(buf_get(&b)));
		buf_release(&b);
		gitlog_release(&v);
	}
	arena_release(&arena);
}

static void
test_title(void **state)
{
	static const char text[] = TITLE("ab", "cd ef", "two\n\nlines\n") HEAD;
	git_commits v = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena, &env_plain);
	assert_true(gitlog_read((struct str){ text, sizeof(text) - 1 }, &env_plain, &arena, &v));
	assert_int_equal(v.n, 1);
	const struct git_commit *c = &v.v[0];
	assert_true(str_eq(c->id, STR("ab")) && str_eq(c->parent, STR("cd")) && c->is_merge);
	assert_true(str_eq(c->author, STR("Al <a@b>")) && str_eq(c->message, STR("two\n\nlines")));
	assert_true(c->authored == 1790000000 && c->committed == 1790000060);
	gitlog_release(&v);
	arena_release(&arena);
}

/* Three commits, each of an address more, and one that takes the last back: which are new, by
 * what is known, the newest first. */
static void
test_new(void **state)
{
	static const char text[] =
	    TITLE("c4", "c3", "") HEAD "@@ -3 +2,0 @@\n-10.0.0.3\n" TITLE("c3", "c2", "") HEAD
	    "@@ -2,0 +3 @@\n+10.0.0.3\n" TITLE("c2", "c1", "") HEAD
	    "@@ -1,0 +2 @@\n+10.0.0.2\n" TITLE("c1", "", "") HEAD "@@ -0,0 +1 @@\n+10.0.0.1\n";
	static const struct {
		struct {
			const char *id, *plan;
		} known[4];
		size_t n;
	} row[] = {
		{ { { "", "10.0.0.9\n" } }, 4 },
		{ { { "c4", "" } }, 0 },
		{ { { "c3", "" } }, 1 },
		{ { { "c1", "" } }, 3 },
		{ { { "", "10.0.0.3\n10.0.0.1\n10.0.0.2\n" } }, 1 },
		{ { { "", "# x\n10.0.0.1\n10.0.0.2" } }, 0 },
		{ { { "c2", "10.0.0.1\n" } }, 2 },
		/* the plan that came again was known before the one below it */
		{ { { "", "10.0.0.1\n10.0.0.2\n10.0.0.3\n" }, { "", "10.0.0.1\n10.0.0.2\n" } }, 1 },
		{ { { "c3", "" }, { "c2", "10.0.0.1\n10.0.0.2\n" }, { "c1", "10.0.0.1\n" } }, 1 },
		/* or it came again here, too */
		{ { { "", "10.0.0.1\n10.0.0.2\n" }, { "", "10.0.0.1\n10.0.0.2\n10.0.0.3\n" },
		      { "", "10.0.0.1\n10.0.0.2\n" } },
		    0 },
		{ { { "", "10.0.0.1\n10.0.0.2\n10.0.0.3\n" }, { "", "10.0.0.1\n10.0.0.2\n" },
		      { "", "10.0.0.1\n10.0.0.2\n10.0.0.3\n" } },
		    0 },
	};
	struct env env = hashing();
	struct sum head = gitlog_sum(STR("10.0.0.1\n10.0.0.2\n"), &env);
	git_commits v = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena, &env);
	assert_true(gitlog_read((struct str){ text, sizeof(text) - 1 }, &env, &arena, &v));
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct gitlog_known known;
		gitlog_known_init(&known, &env);
		for (size_t k = 0; k < ARRAY_LEN(row[i].known) && row[i].known[k].id; k++) {
			struct sum plan = gitlog_sum(str_from(row[i].known[k].plan), &env);
			char sum[SUM_TEXT];
			struct str word = arena_str(&arena, str_from(sum_fmt(sum, &plan)));
			gitlog_know(&known, str_from(row[i].known[k].id),
			    *row[i].known[k].plan ? word : STR_NONE);
		}
		size_t n = gitlog_new(&v, head, &known, &env);
		check(n == row[i].n, "row %zu: %zu", i, n);
		gitlog_known_release(&known);
	}
	gitlog_release(&v);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
