/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is found and changed in an excerpt of a plan is what would be in the whole plan, unless
 * the excerpt says that it fell short: random commands on random plans.
 */
#include "made.h"

#include "core/alloc.h"
#include "core/excerpt.h"
#include "core/target.h"

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
	w->ensure = made_one_in(m, 3);
	if (made_one_in(m, 4))
		snprintf(w->word, sizeof(w->word), "%s%u", made_one_in(m, 2) ? "h" : "H", n);
	else if (made_one_in(m, 3))
		snprintf(w->word, sizeof(w->word), "n%u%s", n, made_one_in(m, 8) ? "%blue" : "");
	else if (made_one_in(m, 10))
		snprintf(w->word, sizeof(w->word), "h%u.%s", n, "d.example.org");
	else if (made_one_in(m, 4) && is_plan(r))
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
		made_plan(&m, seed);
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
