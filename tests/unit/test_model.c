/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine against a model: a plain array of lines, searched from its
 * beginning, addresses tried one after the other.  Random changes are made to
 * both, and the whole text compared byte for byte: so is every line that no
 * change was about.
 *
 * MODEL_SEED and MODEL_COUNT (plans of 30 sessions each) make longer runs.
 */
#include "plan.h"

#include "core/alloc.h"

enum { LINES = 1200, TEXT = 200, SESSIONS = 30 };

struct line {
	enum kind kind; /* KIND_NONE for a comment or a blank line */
	struct span span;
	int gw; /* a subnet's gateway: its number in the subnet, or 0 */
	char text[TEXT];
};

struct model {
	struct line line[LINES];
	size_t n;
	uint64_t seed, began; /* the random numbers now, and with which they began */
	unsigned hosts;       /* names given so far */
};

/* --- the model --------------------------------------------------------- */

/* Before, at or behind, in canonical order, in the plainest words. */
static int
compare(const struct line *a, const struct line *b)
{
	int rank[2];

	if (a->span.family != b->span.family)
		return a->span.family < b->span.family ? -1 : 1;
	if (a->span.first != b->span.first)
		return a->span.first < b->span.first ? -1 : 1;
	rank[0] = a->kind == KIND_SUBNET ? a->span.len : 999;
	rank[1] = b->kind == KIND_SUBNET ? b->span.len : 999;
	return (rank[0] > rank[1]) - (rank[0] < rank[1]);
}

static void
insert(struct model *m, struct line new)
{
	size_t above = LINES, at;

	for (size_t i = 0; i < m->n; i++)
		if (m->line[i].kind && compare(&m->line[i], &new) < 0 &&
		    (above == LINES || compare(&m->line[i], &m->line[above]) > 0))
			above = i;
	assert_true(above < LINES && m->n < LINES);
	at = above + 1;
	memmove(m->line + at + 1, m->line + at, (m->n - at) * sizeof(new));
	m->line[at] = new;
	m->n++;
}

static void
erase(struct model *m, size_t at)
{
	m->n--;
	memmove(m->line + at, m->line + at + 1, (m->n - at) * sizeof(m->line[0]));
}

static struct line *
find(struct model *m, enum kind kind, struct span span)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->line[i].kind == kind && span_same(m->line[i].span, span))
			return &m->line[i];
	return NULL;
}

static bool
has_child(struct model *m, const struct line *subnet, u128 v)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct line *in = &m->line[i];
		if (in->kind == KIND_SUBNET && in->span.len > subnet->span.len &&
		    span_holds(subnet->span, in->span) && v >= in->span.first && v <= in->span.last)
			return true;
	}
	return false;
}

static bool
is_gateway(struct model *m, u128 v, enum family family)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->line[i].kind == KIND_SUBNET && m->line[i].gw &&
		    m->line[i].span.family == family &&
		    v == m->line[i].span.first + (unsigned)m->line[i].gw)
			return true;
	return false;
}

static bool
is_free(struct model *m, const struct line *subnet, u128 v)
{
	struct span s = subnet->span, one = span_ip((struct ip){ v, s.family });

	if (s.family == IPV4 && s.len <= 30 && (v == s.first || v == s.last))
		return false;
	if (s.family == IPV6 && s.len <= 126 && v == s.first)
		return false;
	return !find(m, KIND_ADDRESS, one) && !is_gateway(m, v, s.family) &&
	       !has_child(m, subnet, v);
}

/* The lowest free address; false if there is none. */
static bool
next_free(struct model *m, const struct line *subnet, u128 *v)
{
	for (*v = subnet->span.first; *v <= subnet->span.last; ++*v)
		if (is_free(m, subnet, *v))
			return true;
	return false;
}

/* a= in a line becomes value, goes, or comes behind the last attribute. */
static void
assign_text(char text[TEXT], const char *name, const char *value)
{
	char old[TEXT], pattern[32], *at, *end, *comment;

	memcpy(old, text, TEXT);
	snprintf(pattern, sizeof(pattern), " %s=", name);
	comment = strchr(old, '#');
	at = strstr(old, pattern);
	if (at && (!comment || at < comment)) {
		end = at + strlen(pattern);
		end += strcspn(end, " ");
		at += *value ? (int)strlen(pattern) : 0;
		while (!*value && at > old && at[-1] == ' ')
			at--;
		snprintf(text, TEXT, "%.*s%s%s", (int)(at - old), old, value, end);
		return;
	}
	if (!*value)
		return;
	end = comment ? comment : old + strlen(old);
	while (end > old && end[-1] == ' ')
		end--;
	snprintf(text, TEXT, "%.*s %s=%s%s", (int)(end - old), old, name, value, end);
}

/* --- a plan to begin with ---------------------------------------------- */

static struct line
make_line(struct model *m, enum kind kind, struct span span, const char *attrs)
{
	static const char *const ends[] = { "", "", "", "  ", " # keep me", "  # spaced  out" };
	struct line l = { .kind = kind, .span = span };
	char key[SPAN_TEXT];

	snprintf(l.text, TEXT, "%s%s%s%s", rnd(&m->seed) % 9 ? "" : "  ", span_fmt(key, span),
	    attrs, ends[rnd(&m->seed) % ARRAY_LEN(ends)]);
	return l;
}

static void
push(struct model *m, struct line l)
{
	static const char *const between[] = { "# a comment", "", "   ", "# 10.0.0.1 is none" };

	if (m->n && rnd(&m->seed) % 3 == 0)
		snprintf(m->line[m->n++].text, TEXT, "%s", between[rnd(&m->seed) % 4]);
	m->line[m->n++] = l;
}

static void
make_family(struct model *m, struct ip base, int len)
{
	int bits = ip_bits(base.family);
	struct span s = span_prefix(base, len);

	push(m, make_line(m, KIND_SUBNET, s, " domain=example.net"));
	for (int i = 0; i < 3; i++) {
		struct span in =
		    span_prefix((struct ip){ base.v + (unsigned)i * 32, base.family }, bits - 5);
		char gw[64], ip[IP_TEXT];
		int number = rnd(&m->seed) % 2 ? 1 + (int)(rnd(&m->seed) % 5) : 0;
		snprintf(gw, sizeof(gw), number ? "  gw=%s vlan=7" : " owner=o",
		    ip_fmt(ip, (struct ip){ in.first + (unsigned)number, base.family }));
		struct line l = make_line(m, KIND_SUBNET, in, gw);
		l.gw = number;
		push(m, l);
		for (u128 v = in.first + 1; v < in.last; v += 1 + rnd(&m->seed) % 12)
			push(m, make_line(m, KIND_ADDRESS, span_ip((struct ip){ v, base.family }),
				    rnd(&m->seed) % 2 ? "  tag=x   note=n" : " note=old"));
	}
}

/* In order, but for some lines that have changed places. */
static void
make_plan(struct model *m, uint64_t seed)
{
	*m = (struct model){ .seed = seed, .began = seed };
	make_family(m, (struct ip){ 0x0a000000, IPV4 }, 24);
	make_family(m, (struct ip){ (u128)0x20010db8 << 96, IPV6 }, 120);
	for (uint64_t n = rnd(&m->seed) % 4; n > 0; n--) {
		size_t a = 1 + rnd(&m->seed) % (m->n - 1), b = 1 + rnd(&m->seed) % (m->n - 1);
		struct line l = m->line[a];
		m->line[a] = m->line[b];
		m->line[b] = l;
	}
}

static void
write_plan(const struct model *m, struct buf *b)
{
	b->n = 0;
	for (size_t i = 0; i < m->n; i++)
		buf_fmt(b, "%s\n", m->line[i].text);
}

/* --- changes to both --------------------------------------------------- */

static struct rec *
rec_of(struct plan *p, const struct line *l)
{
	struct rec *r = db_find(&p->db, 0, l->span, l->kind);

	check(r, "%s: not in the plan", l->text);
	return r;
}

static struct line *
pick(struct model *m, enum kind kind)
{
	for (int tries = 0; tries < 1000; tries++) {
		struct line *l = &m->line[rnd(&m->seed) % m->n];
		if (l->kind == kind)
			return l;
	}
	return NULL;
}

static struct line
allocated(struct model *m, struct ip ip, const char *host)
{
	struct line l = { .kind = KIND_ADDRESS, .span = span_ip(ip) };
	char text[IP_TEXT];

	(void)m;
	snprintf(l.text, TEXT, "%s host=%s note=new", ip_fmt(text, ip), host);
	return l;
}

static struct alloc
request(struct model *m, char host[32], struct assign attr[2])
{
	snprintf(host, 32, "h%u", m->hosts++);
	attr[0] = (struct assign){ STR("host"), str_from(host) };
	attr[1] = (struct assign){ STR("note"), STR("new") };
	return (struct alloc){ .count = 1, .attr = attr, .attrs = 2 };
}

static void
do_alloc(struct model *m, struct plan *p)
{
	struct line *subnet = pick(m, KIND_SUBNET);
	struct assign attr[2];
	struct rec *target;
	rec_list out = { 0 };
	char host[32];
	u128 v;

	target = rec_of(p, subnet);
	struct alloc a = request(m, host, attr);
	bool has = next_free(m, subnet, &v);
	if (!has) /* a failure may leave the plan half changed: only asked of its own */
		return;
	enum status status = alloc_next(&p->db, &a, target, &out, &p->d);
	check(status == STATUS_OK && out.n == 1, "%s: %s", subnet->text, plan_message(p));
	check(out.v[0]->first == v, "%s: %s was given", subnet->text,
	    plan_z(p, rec_line(out.v[0])));
	insert(m, allocated(m, (struct ip){ v, subnet->span.family }, host));
	vec_release(&out);
}

static void
do_named(struct model *m, struct plan *p)
{
	struct line *subnet = pick(m, KIND_SUBNET);
	struct span s = subnet->span;
	u128 v = s.first + rnd(&m->seed) % (uint64_t)(s.last - s.first + 1);
	struct assign attr[2];
	rec_list out = { 0 };
	char host[32];

	if (!is_free(m, subnet, v))
		return;
	struct alloc a = request(m, host, attr);
	enum status status = alloc_named(&p->db, &a, 0, (struct ip){ v, s.family }, &out, &p->d);
	check(status == STATUS_OK, "%s: a named address: %s", subnet->text, plan_message(p));
	insert(m, allocated(m, (struct ip){ v, s.family }, host));
	vec_release(&out);
}

static void
do_release(struct model *m, struct plan *p)
{
	struct line *l = pick(m, KIND_ADDRESS);

	if (!l)
		return;
	release_address(&p->db, rec_of(p, l), -1);
	erase(m, (size_t)(l - m->line));
}

static void
do_set(struct model *m, struct plan *p)
{
	static const char *const names[] = { "note", "tag", "owner", "site", "x-y" };
	static const char *const values[] = { "", "a", "longer,value", "z" };
	struct line *l = pick(m, rnd(&m->seed) % 3 ? KIND_ADDRESS : KIND_SUBNET);
	const char *name = names[rnd(&m->seed) % 5], *value = values[rnd(&m->seed) % 4];

	if (!l)
		return;
	edit_set(&p->db, rec_of(p, l), name, str_from(value));
	assign_text(l->text, name, value);
}

/* A subnet comes, or one that holds no other goes. */
static void
do_subnet(struct model *m, struct plan *p)
{
	struct line *around = pick(m, KIND_SUBNET), l = { .kind = KIND_SUBNET };
	enum family family = around->span.family;
	u128 v = around->span.first + rnd(&m->seed) % 32;
	char key[SPAN_TEXT];

	l.span =
	    span_prefix((struct ip){ v, family }, ip_bits(family) - 2 - (int)(rnd(&m->seed) % 2));
	struct line *same = find(m, KIND_SUBNET, l.span);
	if (same) {
		edit_remove(&p->db, rec_of(p, same));
		erase(m, (size_t)(same - m->line));
	} else if (l.span.len > around->span.len) {
		struct assign a = { STR("owner"), STR("new") };
		edit_add(&p->db, 0, l.span, KIND_SUBNET, &a, 1);
		snprintf(l.text, TEXT, "%s owner=new", span_fmt(key, l.span));
		insert(m, l);
	}
}

/* A full subnet has nothing to give, and says so. */
static void
do_full(struct model *m, struct plan *p)
{
	struct line *subnet = pick(m, KIND_SUBNET);
	struct assign attr[2];
	rec_list out = { 0 };
	char host[32];
	u128 v;

	if (next_free(m, subnet, &v))
		return;
	struct alloc a = request(m, host, attr);
	check(alloc_next(&p->db, &a, rec_of(p, subnet), &out, &p->d) == STATUS_FULL, "%s: is full",
	    subnet->text);
	vec_release(&out);
}

static void
one_session(struct model *m)
{
	static void (*const change[])(struct model *, struct plan *) = { do_alloc, do_alloc,
		do_named, do_release, do_release, do_set, do_set, do_subnet };
	struct plan p;
	struct buf text;

	buf_init(&text, &plan_env);
	write_plan(m, &text);
	plan_read(&p, buf_get(&text));
	check(p.d.errors == 0, "%s", plan_said(&p));
	for (uint64_t n = 1 + rnd(&m->seed) % 12; n > 0; n--)
		change[rnd(&m->seed) % ARRAY_LEN(change)](m, &p);
	write_plan(m, &text);
	struct str now = edit_text(&p.db, 0);
	check(str_eq(now, buf_get(&text)), "seed %llu, the plan:\n%.*s\nthe model:\n%.*s",
	    (unsigned long long)m->began, STR_FMT(now), STR_FMT(buf_get(&text)));
	do_full(m, &p);
	plan_release(&p);
	buf_release(&text);
}

static uint64_t
number(const char *variable, uint64_t otherwise)
{
	const char *value = getenv(variable);

	return value ? strtoull(value, NULL, 10) : otherwise;
}

static void
test_model(void **state)
{
	static struct model m;
	uint64_t first = number("MODEL_SEED", 1), count = number("MODEL_COUNT", 300);

	(void)state;
	for (uint64_t seed = first; seed < first + count; seed++) {
		make_plan(&m, seed);
		for (int i = 0; i < SESSIONS; i++)
			one_session(&m);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_model) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
