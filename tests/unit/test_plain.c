/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan that is loaded without its plain addresses is checked as the whole one. */
#include "made.h"

#include "core/name_hash.h"
#include "core/plain.h"

/* --- plans with names ------------------------------------------------------ */

static void
put_zones(struct maker *m)
{
	static const char *const zone[] = { "@zone d.example.org ns=h1,h2\n",
		"@zone e3.example.org ns=ns1.example.org.\n", "@zone 10.in-addr.arpa\n",
		"@zone 0.11.in-addr.arpa\n", "@zone 0.0.8.b.d.0.1.0.0.2.ip6.arpa\n",
		"@zone example.org%blue\n", "@zone example.org%inside ns=h4\n",
		"@zone 0/28.0.0.10.in-addr.arpa ns=ns.example.org.\n",
		"@check no-reverse level=error\n", "@check alias-clash level=off\n", "@vrf red\n",
		"@attr domain inherit=no\n" };

	buf_z(&m->b, "# a plan\n\n@ipam 1\n");
	buf_z(&m->b, made_one_in(m, 20) ? "" : "@vrf blue\n");
	buf_z(&m->b, made_one_in(m, 3) ? "" : "@zone example.org ns=h3,h7\n");
	for (size_t i = 0; i < ARRAY_LEN(zone); i++)
		if (made_one_in(m, i < 8 ? 3 : i < 10 ? 15 : 60))
			buf_z(&m->b, zone[i]);
}

static bool
has(struct str line, struct str word)
{
	for (size_t i = 0; i + word.n <= line.n; i++)
		if (str_starts(str_cut(line, i, line.n), word))
			return true;
	return false;
}

/* Says more of a host; most often nothing that is wrong. */
static void
put_more(struct maker *m, struct str line)
{
	static const char *const more[] = { " alias=a%u", " alias=a%u,b1", " alias=h%u",
		" alias=A%u.example.org.", " alias=c%u.e3.example.org.", " alias=\"a%u\"",
		" alias=%u.0.0.10.in-addr.arpa.", " dns=none", " view=inside", " dns=forward",
		" x-alias=h%u", " expires=2027-01-01", " alias=a%u.", " view=\"inside\"",
		"\talias=h%u", " #alias=h%u", " alias=b1", "" };
	static const char *const noted[] = { " note=\"a alias=h%u\"", " note=alias=h%u",
		" status=used", " note=host=h%u" };
	static const char *const wrong[] = { " alias=", " ttl=60%u", " reverse=%u.in-addr.arpa",
		" domain=e%u.example.org", " dns=no", " status=active", " alias=h%u.example.org" };
	const char *fmt = more[rnd(&m->seed) % ARRAY_LEN(more)];

	if (made_one_in(m, 4) && !has(line, STR("note=")) && !has(line, STR("status=")))
		fmt = noted[rnd(&m->seed) % ARRAY_LEN(noted)];
	if (made_one_in(m, 300))
		fmt = wrong[rnd(&m->seed) % ARRAY_LEN(wrong)];
	buf_fmt(&m->b, fmt, (unsigned)(rnd(&m->seed) % 60));
}

/* The made plan with zones and aliases, and mostly with a domain for all. */
static void
made_named(struct maker *m, uint64_t seed)
{
	made_plan(m, seed);
	struct str text = buf_get(&m->b), copy = { exact(text), text.n }, rest = copy, line;
	unsigned much = 2 + (unsigned)(rnd(&m->seed) % 40);
	bool has_domain = !made_one_in(m, 8);

	m->b.n = 0;
	put_zones(m);
	while (str_next(&rest, '\n', &line)) {
		if (line.n && (line.p[0] == '@' || line.p[0] == '#'))
			continue;
		buf_str(&m->b, line);
		if (has(line, STR(" host=")) && made_one_in(m, much))
			put_more(m, line);
		struct str key = str_cut(line, 0, str_find(line, ' '));
		bool is_top = str_iends(key, STR("/16")) || str_iends(key, STR("/48")) ||
		              str_iends(key, STR("/16%blue")) || str_iends(key, STR("/48%blue"));
		bool has_own = has(line, STR("domain="));
		buf_z(&m->b, is_top && has_domain && !has_own ? " domain=example.org\n" : "\n");
	}
	free((char *)copy.p);
}

/* --- checking them ----------------------------------------------------------- */

/* Fails unless both find the same and, unless it is NULL, that this rule is broken.  Whether
 * addresses were left out. */
static bool
check_same(struct maker *m, uint64_t seed, size_t slices, const char *rule)
{
	struct plan whole, part = { 0 };

	plan_read(&whole, buf_get(&m->b));
	check_plan(&whole.db, SEV_WARNING, &whole.d);
	part.source = whole.source;
	diags_init(&part.d, &plan_env);
	db_init(&part.db, &plan_env);
	check_load_slices(&part.db, &part.source, slices, &part.d);
	bool sifted = part.db.plains > 0;
	check_plan(&part.db, SEV_WARNING, &part.d);
	const char *got = plan_report(&part), *want = plan_report(&whole);
	size_t at = 0;
	while (got[at] && got[at] == want[at])
		at++;
	check(strcmp(got, want) == 0 && part.d.dropped == whole.d.dropped,
	    "seed %u, %zu slices, at:\n%.300s\nwanted:\n%.300s\n%.*s", (unsigned)seed, slices,
	    got + at, want + at, STR_FMT(buf_get(&m->b)));
	check(!rule || strstr(got, rule), "%s:\n%s", rule, got);
	db_release(&part.db);
	diags_release(&part.d);
	plan_release(&whole);
	return sifted;
}

/* Changes one byte. */
static void
spoil(struct maker *m)
{
	static const char bytes[] = "\n\n #.,=/\"\\a1:%@-\t";

	m->b.p[rnd(&m->seed) % m->b.n] = bytes[rnd(&m->seed) % (sizeof(bytes) - 1)];
}

static void
test_random(void **state)
{
	struct maker m = { 0 };
	size_t sifted = 0, n = 0;

	(void)state;
	buf_init(&m.b, &plan_env);
	for (uint64_t seed = 1; seed <= 60; seed++) {
		made_named(&m, seed);
		for (size_t slices = 1; slices < 4; slices++, n++)
			sifted += check_same(&m, seed, slices, NULL);
		for (int i = 0; i < 4; i++) {
			spoil(&m);
			check_same(&m, seed, 1 + rnd(&m.seed) % 4, NULL);
		}
	}
	check(sifted > n / 2, "%zu of %zu", sifted, n);
	buf_release(&m.b);
}

/* What random plans seldom have, each with the rule that it breaks. */
static void
test_seldom(void **state)
{
	static const struct {
		const char *zone, *hosts, *rule;
	} cases[] = {
		{ "", "10.0.0.1 host=a\n10.0.0.2 host=b\n10.0.0.2 host=c\n10.0.0.3 host=d\n",
		    "duplicate-key" },
		{ "",
		    "10.0.0.1 host=a\n10.0.0.2 host=b\n10.0.0.255 host=c\n"
		    "10.1.0.0/24 domain=a.org\n10.1.0.1 host=d\n",
		    "broadcast-address" },
		{ "@zone a.org\n@zone 10.in-addr.arpa\n",
		    "10.0.0.1 host=a\n10.0.0.2 host=b alias=3.0.0.10.in-addr.arpa.\n"
		    "10.0.0.3 host=c,x.a.org.\n10.0.0.4 host=d,e\n",
		    "cname-data" },
		{ "@zone a.org\n",
		    "10.0.0.1 host=a\n10.0.0.2 host=b alias=c\n10.0.0.3 host=x,y.a.org.,C\n",
		    "alias-clash" },
		{ "@zone a.org\n",
		    "10.0.0.1 host=a\n10.0.0.2 host=b alias=d\n10.0.0.3 host=c alias=D\n",
		    "alias-clash" },
		{ "@zone a.org ns=d,b\n", "10.0.0.1 host=a\n10.0.0.2 host=b\n", "ns-address" },
		{ "@zone a.org\n", "10.0.0.1 host=a\n10.0.0.2 host=b.b.org.\n", "no-zone" },
		{ "@zone 0.0.10.in-addr.arpa\n@zone a.org\n",
		    "10.0.0.1 host=a\n10.0.0.2 host=b\n10.1.0.0/24 domain=a.org\n"
		    "10.1.0.1 host=c\n10.1.0.2 host=d\n",
		    "no-reverse" },
	};
	struct maker m = { 0 };

	(void)state;
	buf_init(&m.b, &plan_env);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		m.b.n = 0;
		buf_fmt(&m.b, "@ipam 1\n%s10.0.0.0/24 domain=a.org\n%s#%070d\n", cases[i].zone,
		    cases[i].hosts, 0);
		for (size_t slices = 1; slices < 8; slices++)
			check_same(&m, i, slices, cases[i].rule);
	}
	buf_release(&m.b);
}

/* --- what is left out ----------------------------------------------------------- */

static void
test_left(void **state)
{
	static const struct {
		const char *zone, *hosts;
		size_t kept, names, aliases;
	} cases[] = {
		/* the last address is kept for what may follow */
		{ "", "10.0.0.1 host=a\n10.0.0.2 host=b\n", 2, 0, 0 },
		{ "@zone a.org\n", "10.0.0.1 host=a,c\n10.0.0.2 host=b alias=d,e\n", 2, 3, 2 },
		{ "@zone a.org\n", "10.0.0.1 host=a\n10.0.0.2 host=b dns=none\n10.0.0.3\n", 3, 1,
		    0 },
		/* the address of a network */
		{ "", "10.0.0.0 host=a\n10.0.0.2 host=b\n", 3, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		/* the last lines of a text are not read quickly */
		struct plan p = { 0 };
		char text[512];
		snprintf(text, sizeof(text), "@ipam 1\n%s10.0.0.0/24 domain=a.org\n%s#%070d\n",
		    cases[i].zone, cases[i].hosts, 0);
		p.source = (struct text_source){ "", text, strlen(text) };
		diags_init(&p.d, &plan_env);
		db_init(&p.db, &plan_env);
		check_load_slices(&p.db, &p.source, 1, &p.d);
		assert_int_equal(p.db.plains, 1);
		check(p.db.tree.records == cases[i].kept &&
			  p.db.plain[0].host.n == cases[i].names &&
			  p.db.plain[0].alias.n == cases[i].aliases,
		    "%zu: %zu %zu %zu", i, p.db.tree.records, p.db.plain[0].host.n,
		    p.db.plain[0].alias.n);
		db_release(&p.db);
		diags_release(&p.d);
	}
}

static void
test_hash(void **state)
{
	static const char *const name[] = { "", "a", "A", "ab", "aB", "abc", "abcd", "abcde", "a.b",
		"A.b", "ab.c", "a.bc", "abcdefgh", "abcdefghi", "hgfedcba", "a.example.net",
		"b.example.net", "www.example.net", "www.example.org", "wwww.example.net",
		"abcdefgh.example.net", "abcdefgi.example.net", "0", "00", "000", "0000" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(name); i++) {
		struct str a = str_from(name[i]);
		size_t dot = str_find(a, '.');
		struct str rest = dot < a.n ? str_cut(a, dot + 1, a.n) : STR_NONE;
		assert_true(name_hash(a) ==
			    name_hash_in(domain_hash(rest), label_hash(str_cut(a, 0, dot))));
		for (size_t k = 0; k < ARRAY_LEN(name); k++)
			check((name_hash(a) == name_hash(str_from(name[k]))) ==
				  str_ieq(a, str_from(name[k])),
			    "%s, %s", name[i], name[k]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random),
		cmocka_unit_test(test_seldom), cmocka_unit_test(test_left),
		cmocka_unit_test(test_hash) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
