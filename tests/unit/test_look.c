/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the few lines of a look-up say of a key is what the whole plan says:
 * for every record and every place between records of random plans in order.
 */
#include "plan.h"

#include "core/look.h"

static bool
read_text(void *ctx, uint64_t at, char *p, size_t n, size_t *got)
{
	struct str *text = ctx;

	*got = at >= text->n ? 0 : text->n - at < n ? text->n - (size_t)at : n;
	if (*got)
		memcpy(p, text->p + at, *got);
	return true;
}

static bool
fail_text(void *ctx, uint64_t at, char *p, size_t n, size_t *got)
{
	(void)ctx, (void)at, (void)p, (void)n;
	*got = 0;
	return false;
}

/* --- random plans in order -------------------------------------------- */

struct maker {
	struct buf b;
	uint64_t seed;
	const char *vrf;
	enum family family;
};

/* Lines that are no records, or wrong ones, which order does not mind. */
static void
put_noise(struct maker *m)
{
	static const char *const noise[] = { "\n", "# 10.0.0.5 a comment\n", "  \t\n",
		"no key at all\n", "10.0.0.1/24 host-bits=1\n", "<<<<<<< ours\n", "#\xff\n" };

	while (rnd(&m->seed) % 6 == 0)
		buf_z(&m->b, noise[rnd(&m->seed) % ARRAY_LEN(noise)]);
	if (rnd(&m->seed) % 400 == 0) {
		buf_z(&m->b, "# ");
		for (uint64_t n = rnd(&m->seed) % 30000; n > 0; n--)
			buf_char(&m->b, 'x');
		buf_char(&m->b, '\n');
	}
}

static void
put_record(struct maker *m, enum kind kind, struct span span)
{
	static const char *const attrs[] = { "", " note=\"a b\"", " tag=x", " owner=me", " site=s1",
		" domain=example.net", " gw=10.0.0.1", " # so", " domain=\"\"" };
	char text[SPAN_TEXT];

	put_noise(m);
	if (rnd(&m->seed) % 30 == 0)
		buf_char(&m->b, ' ');
	buf_z(&m->b, kind == KIND_RANGE ? range_fmt(text, span) : span_fmt(text, span));
	if (*m->vrf)
		buf_fmt(&m->b, "%%%s", m->vrf);
	for (uint64_t n = rnd(&m->seed) % 4; n > 0; n--)
		buf_z(&m->b, attrs[rnd(&m->seed) % ARRAY_LEN(attrs)]);
	buf_z(&m->b, rnd(&m->seed) % 50 ? "\n" : "\r\n");
	if (kind == KIND_ADDRESS && rnd(&m->seed) % 200 == 0) /* the same key again */
		buf_fmt(&m->b, "%s%s%s note=again\n", text, *m->vrf ? "%" : "", m->vrf);
}

/* What lies between two addresses of a subnet: ranges and addresses. */
static void
put_flat(struct maker *m, u128 from, u128 to)
{
	while (from <= to && from != 0) {
		u128 n = rnd(&m->seed) % 20, left = to - from;
		struct ip ip = { from, m->family };
		if (rnd(&m->seed) % 8 == 0 && n <= left && n > 0) {
			put_record(m, KIND_RANGE, (struct span){ from, from + n, m->family, -1 });
			if (rnd(&m->seed) % 2)
				put_record(m, KIND_ADDRESS, span_ip(ip));
			n += 1;
		} else if (rnd(&m->seed) % 3 == 0) {
			put_record(m, KIND_ADDRESS, span_ip(ip));
		}
		if (n + 1 > left || rnd(&m->seed) % 60 == 0)
			return;
		from += n + 1;
	}
}

static void
put_subnet(struct maker *m, u128 first, int len)
{
	struct span s = span_prefix((struct ip){ first, m->family }, len);
	u128 at = first;

	put_record(m, KIND_SUBNET, s);
	for (int children = (int)(rnd(&m->seed) % 4); children > 0 && len < ip_bits(m->family) - 4;
	     children--) {
		int inner = len + 1 + (int)(rnd(&m->seed) % 6);
		if (inner > ip_bits(m->family))
			return;
		u128 size = ip_hostmask(m->family, inner) + 1,
		     start = (at + size - 1) / size * size;
		start += size * (rnd(&m->seed) % 3);
		if (start > s.last || s.last - start < size - 1 || start < at)
			break;
		if (start > at)
			put_flat(m, at, start - 1 - at > 60 ? at + 60 : start - 1);
		put_subnet(m, start, inner);
		if (start + size - 1 >= s.last)
			return;
		at = start + size;
	}
	put_flat(m, at, s.last);
}

static void
make_plan(struct maker *m, uint64_t seed)
{
	static const char *const vrfs[] = { "", "Amber", "blue", "zinc" };

	m->seed = seed;
	m->b.n = 0;
	buf_z(&m->b, "# a plan\n\n@ipam 1\n@attr tag inherit=no\n");
	for (size_t i = 1; i < ARRAY_LEN(vrfs); i++)
		buf_fmt(&m->b, "@vrf %s\n", vrfs[i]);
	for (size_t v = 0; v < ARRAY_LEN(vrfs); v++) {
		m->vrf = vrfs[v];
		m->family = IPV4;
		if (rnd(&m->seed) % 3)
			for (u128 net = 0; net < 3; net++)
				put_subnet(m, (u128)(10 + net) << 24,
				    8 + (int)(rnd(&m->seed) % 14));
		m->family = IPV6;
		if (rnd(&m->seed) % 3)
			put_subnet(m, (u128)0x20010db8 << 96, 32 + (int)(rnd(&m->seed) % 80));
	}
	if (rnd(&m->seed) % 2)
		m->b.n--; /* no LF at the end */
}

/* --- comparing --------------------------------------------------------- */

static struct str
line_of(const struct rec *r)
{
	return r ? rec_line(r) : STR_NONE;
}

static bool
same_chain(const struct rec *a, const struct rec *b)
{
	for (; a && b; a = a->parent, b = b->parent)
		if (!str_eq(rec_line(a), rec_line(b)))
			return false;
	return !a && !b;
}

static struct rec *
find(struct db *db, const struct key *key, unsigned *vrf)
{
	int number = key->vrf.n ? db_vrf(db, key->vrf) : 0;

	assert_true(number >= 0);
	*vrf = (unsigned)number;
	return db_find(db, *vrf, key->span, key->kind);
}

static void
compare(struct plan *whole, const struct key *key)
{
	struct str text = { whole->source.p, whole->source.n };
	struct look_file file = { &plan_env, text.n, read_text, &text };
	const char *about =
	    plan_z(whole, key_fmt_kind(&whole->db.arena, key->kind, key->span, key->vrf));
	struct plan part;
	struct buf lines;
	unsigned va, vb;

	buf_init(&lines, &plan_env);
	check(look_lines(&file, key, &lines), "%s: not found", about);
	check(lines.n < text.n / 2 || text.n < 8192, "%s: %zu bytes", about, lines.n);
	plan_read(&part, buf_get(&lines));
	struct rec *a = find(&whole->db, key, &va), *b = find(&part.db, key, &vb);
	check(str_eq(line_of(a), line_of(b)), "%s: \"%.*s\" instead of \"%.*s\"", about,
	    STR_FMT(line_of(b)), STR_FMT(line_of(a)));
	check(same_chain(db_around(&whole->db, va, key->span), db_around(&part.db, vb, key->span)),
	    "%s: other subnets around it", about);
	check(!a || same_chain(a->parent, b->parent), "%s: other parents", about);
	if (key->kind == KIND_ADDRESS) {
		a = db_range_over(&whole->db, va, span_first(key->span));
		b = db_range_over(&part.db, vb, span_first(key->span));
		check(str_eq(line_of(a), line_of(b)), "%s: another range over it", about);
	}
	plan_release(&part);
	buf_release(&lines);
}

static void
compare_all(struct plan *p, uint64_t *seed)
{
	struct key key = { 0 };
	size_t step = 1 + p->db.bases / 30;

	for (size_t i = rnd(seed) % step; i < p->db.bases; i += step) {
		const struct rec *r = &p->db.base[i];
		if (r->kind < KIND_SUBNET)
			continue;
		key.kind = r->kind;
		key.span = rec_span(r);
		key.vrf = db_vrf_name(&p->db, r->vrf);
		compare(p, &key);
		key.kind = KIND_ADDRESS;
		for (u128 v = r->first - (rnd(seed) % 3); v <= r->first + 1; v++) {
			key.span = span_ip((struct ip){ v, r->family });
			compare(p, &key);
		}
		key.span = span_ip((struct ip){ r->last + rnd(seed) % 9, r->family });
		if (key.span.first <= ip_max(r->family))
			compare(p, &key);
		key.kind = KIND_SUBNET;
		int len = (int)(rnd(seed) % (uint64_t)(ip_bits(r->family) + 1));
		key.span = span_prefix((struct ip){ r->first, r->family }, len);
		compare(p, &key);
	}
}

static void
test_random(void **state)
{
	struct maker m = { .vrf = "" };
	uint64_t seed = 1;
	size_t records = 0;

	(void)state;
	buf_init(&m.b, &plan_env);
	for (uint64_t i = 1; i <= 24; i++) {
		struct plan p;
		make_plan(&m, i);
		plan_read(&p, buf_get(&m.b));
		check(p.db.in_order, "plan %d is not in order", (int)i);
		records += p.db.bases;
		compare_all(&p, &seed);
		plan_release(&p);
	}
	check(records > 3000, "%zu records", records);
	buf_release(&m.b);
}

/* An empty file, one without records, one that cannot be read. */
static void
test_edges(void **state)
{
	static const char *const texts[] = { "", "\n", "# no\n", "@ipam 1\n", "@ipam 1",
		"@vrf blue\n10.0.0.5" };
	struct buf lines;
	struct key key;
	struct ip_error err;

	(void)state;
	key_parse(STR("10.0.0.5"), &key, &err);
	buf_init(&lines, &plan_env);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str text = str_from(texts[i]);
		struct look_file file = { &plan_env, text.n, read_text, &text };
		lines.n = 0;
		check(look_lines(&file, &key, &lines) && look_lines(&file, NULL, &lines), "\"%s\"",
		    texts[i]);
		file.read = fail_text;
		check(text.n == 0 || !look_lines(&file, &key, &lines), "\"%s\": read", texts[i]);
	}
	buf_release(&lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random),
		cmocka_unit_test(test_edges) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
