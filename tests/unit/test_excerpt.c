/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is found and changed in an excerpt of a plan is what would be in the whole plan, unless
 * the excerpt says that it fell short: random commands on random plans.
 */
#include "plan.h"

#include "core/alloc.h"
#include "core/excerpt.h"
#include "core/target.h"

/* --- random plans ------------------------------------------------------ */

struct maker {
	struct buf b;
	uint64_t seed;
	const char *vrf;
	unsigned names;
};

static bool
one_in(struct maker *m, unsigned n)
{
	return rnd(&m->seed) % n == 0;
}

static void
put_line(struct maker *m, const char *key, const char *fmt, unsigned number)
{
	if (one_in(m, 12))
		buf_z(&m->b, one_in(m, 2) ? "# a comment, name=n1 host=h1\n" : "\n");
	buf_fmt(&m->b, "%s%s%s ", key, *m->vrf ? "%" : "", m->vrf);
	buf_fmt(&m->b, fmt, number);
	buf_z(&m->b, one_in(m, 9) ? " note=\"see host=h2 or =h3\"\n" : "\n");
}

static void
put_hosts(struct maker *m, u128 first, u128 last, enum family family)
{
	static const char *const fmt[] = { "host=h%u", "host=\"H%u\"", "host=www,h%u",
		"host=h%u.example.org.", "host=old%u status=quarantine until=2026-12-24T00:00:00Z",
		"mac=52:54:00:00:00:%02x",
		"host=x%u status=quarantine until=2026-11-01T00:00:00Z" };
	char text[IP_TEXT];

	for (u128 v = first + 1; v < last; v += 1 + rnd(&m->seed) % 6)
		if (v > first + 40 || one_in(m, 30))
			return;
		else
			put_line(m, ip_fmt(text, (struct ip){ v, family }),
			    fmt[rnd(&m->seed) % ARRAY_LEN(fmt)], (unsigned)(rnd(&m->seed) % 60));
}

static void
put_subnet(struct maker *m, struct ip ip, int len, int depth)
{
	static const char *const fmt[] = { "name=n%u", "name=\"N%u\" domain=d.example.org",
		"name=n%u quarantine=7d", "name=n%u usable=all", "domain=e%u.example.org" };
	struct span s = span_prefix(ip, len);
	char text[SPAN_TEXT];
	int inner = len + 4;

	put_line(m, span_fmt(text, s), fmt[rnd(&m->seed) % ARRAY_LEN(fmt)], m->names++);
	if (depth == 0) {
		if (one_in(m, 2)) {
			struct span r = { s.first + 1, s.first + 5, ip.family, -1 };
			static const char *const role[] = { "role=dhcp name=r%u", "name=r%u",
				"role=reserved name=r%u" };
			put_line(m, range_fmt(text, r), role[rnd(&m->seed) % 3], m->names++);
		}
		put_hosts(m, s.first, s.last, ip.family);
		return;
	}
	for (u128 i = rnd(&m->seed) % 3; i < 16; i += 2 + rnd(&m->seed) % 3) {
		u128 size = ip_hostmask(ip.family, inner) + 1;
		put_subnet(m, (struct ip){ s.first + i * size, ip.family }, inner,
		    depth - 1 - (int)(rnd(&m->seed) % 2 && depth > 1));
		if (i < 14 && one_in(m, 4)) /* an address between two subnets */
			put_line(m,
			    ip_fmt(text, (struct ip){ s.first + i * size + size, ip.family }),
			    "host=h%u", (unsigned)(rnd(&m->seed) % 60));
	}
}

static void
make_plan(struct maker *m, uint64_t seed)
{
	static const char *const vrfs[] = { "", "blue" };

	m->seed = seed;
	m->b.n = 0;
	m->names = 0;
	buf_z(&m->b, "# a plan\n\n@ipam 1\n@vrf blue\n@zone example.org\n");
	for (size_t v = 0; v < ARRAY_LEN(vrfs); v++) {
		m->vrf = vrfs[v];
		for (u128 net = 10; net < 13; net++)
			put_subnet(m, (struct ip){ net << 24, IPV4 }, 16, 2);
		put_subnet(m, (struct ip){ (u128)0x20010db8 << 96, IPV6 }, 48, 2);
	}
}

/* --- random commands ---------------------------------------------------- */

struct wish {
	char word[64];
	struct key key;
	bool is_key;
	unsigned what, strategy, count;
	bool ensure;
};

static bool
is_plan(const struct rec *r)
{
	return (1u << r->kind) & K_PLAN;
}

static void
make_wish(struct maker *m, struct plan *p, struct wish *w)
{
	unsigned n = (unsigned)(rnd(&m->seed) % 60);
	size_t at = rnd(&m->seed) % p->db.bases;
	struct rec *r = &p->db.base[at];
	struct ip_error err;

	w->what = (unsigned)(rnd(&m->seed) % 4);
	w->strategy = (unsigned)(rnd(&m->seed) % 2);
	w->count = (unsigned)(1 + rnd(&m->seed) % 3);
	w->ensure = one_in(m, 3);
	if (one_in(m, 4))
		snprintf(w->word, sizeof(w->word), "%s%u", one_in(m, 2) ? "h" : "H", n);
	else if (one_in(m, 3))
		snprintf(w->word, sizeof(w->word), "n%u%s", n, one_in(m, 8) ? "%blue" : "");
	else if (one_in(m, 10))
		snprintf(w->word, sizeof(w->word), "h%u.%s", n, "d.example.org");
	else if (one_in(m, 4) && is_plan(r))
		snprintf(w->word, sizeof(w->word), "%.*s",
		    STR_FMT(db_key_at(&p->db, r->vrf, span_ip((struct ip){ r->last, r->family }))));
	else
		snprintf(w->word, sizeof(w->word), "%.*s",
		    STR_FMT(is_plan(r) ? rec_key(r) : STR("10.0.0.1")));
	struct str word = str_from(w->word);
	w->is_key = ip_looks_like_key(str_cut(word, 0, str_find(word, '%')));
	if (w->is_key)
		check(key_parse(word, &w->key, &err), "%s", w->word);
}

static enum status
grant(struct plan *p, const struct wish *w, const struct target *t, rec_list *out)
{
	struct assign attr = { STR("host"), STR("h7") };
	struct alloc a = { .strategy = w->strategy ? STRATEGY_LAST : STRATEGY_FIRST,
		.ensure = w->ensure,
		.count = w->count,
		.attr = &attr,
		.attrs = w->ensure || w->count == 1 };

	if (t->is_key && t->kind == KIND_ADDRESS)
		return alloc_named(&p->db, &a, t->vrf, span_first(t->span), out, &p->d);
	if (t->rec.n == 0)
		return STATUS_NO;
	if (t->rec.v[0]->kind == KIND_ADDRESS)
		return alloc_named(&p->db, &a, t->rec.v[0]->vrf, span_first(rec_span(t->rec.v[0])),
		    out, &p->d);
	return alloc_next(&p->db, &a, t->rec.v[0], out, &p->d);
}

/* Does it, and says in text what came of it: the status, the messages, the new plan. */
static const char *
grant_wish(struct plan *p, const struct wish *w)
{
	struct scope scope = { 0 };
	struct target t;
	rec_list out = { 0 };
	enum status status = target_parse(&t, &p->db, scope, str_from(w->word),
	    w->what == 0 ? K_PLAN : K_PLAN & ~(unsigned)K_RANGE, "a target", &p->d);

	if (!status && w->what < 2)
		status = grant(p, w, &t, &out);
	for (size_t i = 0; !status && w->what == 2 && i < t.rec.n; i++)
		if (t.rec.v[i]->kind == KIND_ADDRESS)
			release_address(&p->db, t.rec.v[i], 0);
	for (size_t i = 0; !status && w->what == 3 && i < t.rec.n; i++)
		edit_set(&p->db, t.rec.v[i], "note", STR("mine"));
	if (!status)
		status = check_changes(&p->db, &p->d);
	struct str text = status ? STR_NONE : edit_text(&p->db, 0);
	const char *z = plan_z(p, arena_fmt(&p->db.arena, "%s: %d %s\n%.*s", w->word, (int)status,
				      plan_message(p), STR_FMT(text)));
	target_release(&t);
	vec_release(&out);
	return z;
}

static void
test_same(void **state)
{
	struct maker m = { 0 };
	unsigned whole = 0, parts = 0, fell_short = 0;

	(void)state;
	buf_init(&m.b, &plan_env);
	for (uint64_t seed = 1; seed <= 25; seed++) {
		make_plan(&m, seed);
		for (int i = 0; i < 100; i++) {
			struct plan all, part = { 0 };
			struct wish w = { 0 };
			plan_load_valid(&all, buf_get(&m.b));
			assert_true(all.db.in_order);
			make_wish(&m, &all, &w);
			struct str name = str_from(w.word);
			name = str_cut(name, 0, str_find(name, '%'));
			struct excerpt_request q = { &w.key, w.is_key, &name, !w.is_key };
			part.source = all.source;
			diags_init(&part.d, &plan_env);
			db_init(&part.db, &plan_env);
			if (!excerpt_load(&part.db, &part.source, &q)) {
				whole++;
			} else {
				const char *got = grant_wish(&part, &w),
					   *want = grant_wish(&all, &w);
				parts++;
				fell_short += excerpt_fell_short(&part.db);
				check(excerpt_fell_short(&part.db) || strcmp(got, want) == 0,
				    "seed %u, %u:\n%s\n--- instead of\n%s\n--- in\n%.*s",
				    (unsigned)seed, w.what, got, want, STR_FMT(buf_get(&m.b)));
			}
			db_release(&part.db);
			diags_release(&part.d);
			plan_release(&all);
		}
	}
	buf_release(&m.b);
	print_message("%u whole, %u excerpts, %u of them fell short\n", whole, parts, fell_short);
	assert_true(parts > 1500 && fell_short < parts / 2);
}

/* --- the net -------------------------------------------------------------- */

static void
ask(struct plan *p, const char *what, const char *text)
{
	struct key key = { .span = { 0 } };
	struct walk w;
	struct find f;

	if (strcmp(what, "name") == 0 || strcmp(what, "host") == 0) {
		find_start(&f, &p->db, *what == 'n' ? INDEX_NAME : INDEX_HOST, str_from(text));
		return;
	}
	if (strcmp(what, "mac") == 0) {
		find_start(&f, &p->db, INDEX_MAC, str_from(text));
		return;
	}
	if (*text)
		key = plan_key(text);
	unsigned vrf = plan_vrf(p, &key);
	if (strcmp(what, "find") == 0)
		db_find(&p->db, vrf, key.span, key.kind);
	else if (strcmp(what, "around") == 0)
		db_around(&p->db, vrf, key.span);
	else if (strcmp(what, "range") == 0)
		db_range_over(&p->db, vrf, span_first(key.span));
	else if (strcmp(what, "in") == 0)
		walk_in(&w, &p->db, vrf, key.span);
	else if (strcmp(what, "inside") == 0)
		walk_inside(&w, &p->db, plan_rec(p, text));
	else
		walk_all(&w, &p->db);
}

static void
test_net(void **state)
{
	static const char text[] =
	    "@ipam 1\n@vrf blue\n10.0.0.0/8 name=all\n10.0.0.0/24 name=web\n10.0.0.1 host=a\n"
	    "10.0.0.2 host=b.example.net.\n10.0.0.16/28 name=in\n10.0.1.0/24 name=db\n"
	    "10.0.1.1 host=c\n10.0.1.2 host=d\n10.0.2.0/24 name=x1 note=\"a longer line\"\n"
	    "10.0.3.0/24 name=x2 note=\"a longer line\"\n10.0.0.0/24%blue name=blue\n";
	static const struct {
		const char *what, *text;
		bool is_short;
	} row[] = {
		{ "find", "10.0.0.0/24", false },
		{ "find", "10.0.0.9", false },
		{ "find", "10.0.0.16/28", false },
		{ "find", "10.0.1.1", true },
		{ "find", "10.0.0.1%blue", true },
		{ "find", "10.0.0.0/23", true },
		{ "around", "10.0.0.0/24", false },
		{ "around", "10.0.0.255", false },
		{ "around", "10.0.1.0", true },
		{ "range", "10.0.0.3", false },
		{ "range", "10.0.2.3", true },
		{ "in", "10.0.0.0/25", false },
		{ "in", "10.0.0.0/16", true },
		{ "inside", "10.0.0.0/24", false },
		{ "inside", "10.0.0.0/8", true },
		{ "all", "", true },
		{ "name", "WEB", false },
		{ "name", "web.x", false },
		{ "name", "db", true },
		{ "host", "web", false },
		{ "host", "b.example.net", true },
		{ "mac", "52:54:00:00:00:01", true },
	};
	struct str name = STR("web");
	struct excerpt_request q = { NULL, 0, &name, 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct plan p = { .source = { "network.ipam", text, sizeof(text) - 1 } };
		diags_init(&p.d, &plan_env);
		db_init(&p.db, &plan_env);
		assert_true(excerpt_load(&p.db, &p.source, &q));
		ask(&p, row[i].what, row[i].text);
		check(excerpt_fell_short(&p.db) == row[i].is_short, "%s %s", row[i].what,
		    row[i].text);
		db_release(&p.db);
		diags_release(&p.d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same),
		cmocka_unit_test(test_net) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
