/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan that is read in slices is the one that is read in one go, whatever is in it. */
#include "made.h"

/* --- what is read --------------------------------------------------------- */

static void
put_rec(struct buf *b, struct plan *p, const struct rec *r)
{
	buf_fmt(b, "%.*s vrf %u flags %u parent %.*s\n", STR_FMT(rec_line(r)), r->vrf,
	    r->flags & ~(unsigned)REC_FINE,
	    STR_FMT(r->parent ? db_key(&p->db, r->parent) : STR("-")));
}

/* All that the db knows of the plan. */
static const char *
all_of(struct plan *p)
{
	struct buf b;
	struct walk w;

	buf_init(&b, &plan_env);
	buf_fmt(&b, "%s\norder %d newer %d\n", plan_report(p), p->db.in_order, p->db.is_newer);
	for (size_t i = 0; i < p->db.bases; i++)
		put_rec(&b, p, &p->db.base[i]);
	buf_z(&b, "tree\n");
	for (struct rec *r = walk_all(&w, &p->db); r; r = walk_next(&w))
		put_rec(&b, p, r);
	buf_z(&b, "ranges\n");
	for (struct cursor c = tree_first(&p->db.ranges); cursor_rec(c); cursor_next(&c))
		put_rec(&b, p, cursor_rec(c));
	buf_z(&b, "lists\n");
	for (size_t i = 0; i < p->db.object.n; i++)
		put_rec(&b, p, p->db.object.v[i]);
	for (size_t i = 0; i < p->db.named.n; i++)
		put_rec(&b, p, p->db.named.v[i]);
	for (size_t i = 0; i < p->db.vrfs.n; i++)
		buf_fmt(&b, "%.*s\n", STR_FMT(p->db.vrfs.name[i]));
	const char *z = plan_z(p, buf_get(&b));
	buf_release(&b);
	return z;
}

/* ... and what an edit makes of it. */
static const char *
edited(struct plan *p)
{
	edit_add_line(&p->db, STR("10.0.0.0/9 name=mine"));
	edit_add_line(&p->db, STR("192.0.2.1 host=far%blue"));
	edit_add_line(&p->db, STR("@zone example.com"));
	return plan_z(p, edit_text(&p->db, 0));
}

/* --- what is wrong with it ------------------------------------------------- */

static void
spoil(struct maker *m)
{
	static const char *const lines[] = { "# a comment\n", "\n", "  # so\n", "10.0.0.77\n",
		"10.0.0.0/24 host-bits=1 =\n", "@zone example.net\n", "@vrf red\n",
		"10.1.0.0/16%red\n", "\xef\xbb\xbf# a mark\n", "@ipam 2\n", "@ipam 1\n", "\t\t\n",
		"\r\n", "10.0.0.1 host=x\r\n", "<<<<<<< ours\n", "255.255.255.255\n", "\xff\n",
		"fe80::1 x\n", "10.0.0.1 a=1 a=2\n" };
	const char *line = lines[rnd(&m->seed) % ARRAY_LEN(lines)];
	struct str text = buf_get(&m->b), copy = { exact(text), text.n };
	size_t at = rnd(&m->seed) % (text.n + 1);

	while (at > 0 && at < text.n && copy.p[at - 1] != '\n')
		at++;
	m->b.n = 0;
	buf_str(&m->b, str_cut(copy, 0, at));
	buf_z(&m->b, line);
	buf_str(&m->b, str_cut(copy, at, copy.n));
	if (made_one_in(m, 8))
		m->b.n -= rnd(&m->seed) % m->b.n;
	free((char *)copy.p);
}

/* Fails with the first line that is not the same. */
static void
check_same(const char *got, const char *want, uint64_t seed, size_t n)
{
	size_t at = 0;

	if (strcmp(got, want) == 0)
		return;
	while (got[at] == want[at])
		at++;
	while (at > 0 && got[at - 1] != '\n')
		at--;
	fail_msg("seed %u, %zu slices: \"%.*s\" instead of \"%.*s\"", (unsigned)seed, n,
	    (int)strcspn(got + at, "\n"), got + at, (int)strcspn(want + at, "\n"), want + at);
}

static void
check_slices(struct maker *m, uint64_t seed, size_t n)
{
	struct plan one, many = { 0 };

	plan_read(&one, buf_get(&m->b));
	many.source = one.source;
	diags_init(&many.d, &plan_env);
	db_init(&many.db, &plan_env);
	db_load_slices(&many.db, &many.source, n, &many.d);
	check_same(all_of(&many), all_of(&one), seed, n);
	check_same(edited(&many), edited(&one), seed, n);
	db_release(&many.db);
	diags_release(&many.d);
	plan_release(&one);
}

static void
test_random(void **state)
{
	struct maker m = { 0 };

	(void)state;
	buf_init(&m.b, &plan_env);
	for (uint64_t seed = 1; seed <= 25; seed++) {
		made_plan(&m, seed);
		for (size_t n = 1; n < 9; n++)
			check_slices(&m, seed, n);
		for (int i = 0; i < 6; i++) {
			spoil(&m);
			check_slices(&m, seed, 2 + rnd(&m.seed) % 9);
		}
	}
	buf_release(&m.b);
}

static void
test_small(void **state)
{
	static const char *const text[] = { "", "\n", "@ipam 1", "@ipam 1\n10.0.0.0/8\n10.0.0.1\n",
		"# a\n# b\n@ipam 1\n", "@ipam 1\n10.0.0.0/8%a\n10.0.0.0/8%b\n10.0.0.1%b\n",
		"@ipam 1\n10.0.0.0/8%b\n10.0.0.0/8%a\n", "10.0.0.1\n10.0.0.2\n10.0.0.3\n::1\n",
		"@ipam 2\n10.0.0.0/8\n10.0.0.1\n10.0.0.2\n", "10.0.0.0/8\n@vrf a \n10.0.0.1\n",
		"@ipam 1\n@vrf a\n@vrf b\n@vrf c\n10.0.0.0/8\n" };
	struct maker m = { 0 };

	(void)state;
	buf_init(&m.b, &plan_env);
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		for (size_t n = 1; n < 6; n++) {
			m.b.n = 0;
			buf_z(&m.b, text[i]);
			check_slices(&m, i, n);
		}
	buf_release(&m.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random),
		cmocka_unit_test(test_small) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
