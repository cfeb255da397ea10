/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a plan is published, and where. */
#include "plan.h"

#include "core/dns.h"

/* --- the order of names ------------------------------------------------ */

static void
test_key_order(void **state)
{
	/* each comes before the next */
	static const char *const names[] = {
		"",
		"arpa",
		"in-addr.arpa",
		"10.in-addr.arpa",
		"9.10.in-addr.arpa",
		"10.10.in-addr.arpa",
		"5.10.10.in-addr.arpa",
		"100.10.in-addr.arpa",
		"0/26.10.in-addr.arpa",
		"net",
		"example.net",
		"2.example.net",
		"a.2.example.net",
		"10.example.net",
		"a.example.net",
		"0.a.example.net",
		"a-b.example.net",
		"ab.example.net",
		"b.example.net",
		"examplf.net",
	};
	struct arena a;

	(void)state;
	arena_init(&a, &env_plain);
	for (size_t i = 1; i < ARRAY_LEN(names); i++) {
		struct str before = dns_key(&a, str_from(names[i - 1]));
		struct str key = dns_key(&a, str_from(names[i]));
		check(str_cmp(before, key) < 0, "%s, %s", names[i - 1], names[i]);
	}
	assert_true(
	    str_eq(dns_key(&a, STR("WWW.Example.NET")), dns_key(&a, STR("www.example.net"))));
	assert_true(str_starts(dns_key(&a, STR("b.a.net")), dns_key(&a, STR("a.net"))));
	assert_false(str_starts(dns_key(&a, STR("b.aa.net")), dns_key(&a, STR("a.net"))));
	assert_false(str_starts(dns_key(&a, STR("ba.net")), dns_key(&a, STR("a.net"))));
	arena_release(&a);
}

/* --- the records of a plan ---------------------------------------------- */

static const char *
print(struct plan *p, const struct dns *dns)
{
	struct str all = STR_NONE;
	char ip[IP_TEXT];

	for (size_t i = 0; i < dns->zones; i++) {
		const struct dns_zone *z = &dns->zone[i];
		all = arena_fmt(&p->db.arena, "%.*s[%.*s%s%.*s]\n", STR_FMT(all), STR_FMT(z->name),
		    z->view.n ? "%" : "", STR_FMT(z->view));
		for (size_t k = 0; k < z->rr.n; k++) {
			const struct dns_rr *rr = &z->rr.v[k];
			bool has_ip = rr->type == DNS_A || rr->type == DNS_AAAA;
			all = arena_fmt(&p->db.arena, "%.*s%.*s %u %s %.*s\n", STR_FMT(all),
			    STR_FMT(rr->owner), rr->ttl, dns_type_name(rr->type),
			    STR_FMT(has_ip ? str_from(ip_fmt(ip, rr->ip)) : rr->target));
		}
	}
	return plan_z(p, all);
}

static void
test_records(void **state)
{
	static const struct {
		const char *what, *plan, *records;
	} cases[] = {
		{ "each host gets its address and its PTR; one CNAME for a dual-stack host",
		    "@zone example.net ttl=60\n@zone 10.0.0.0/24\n@zone 2001:db8::/32\n"
		    "10.0.0.0/24 domain=example.net\n"
		    "10.0.0.5 host=www1,www2 alias=www\n"
		    "2001:db8::/64 domain=example.net ttl=30\n"
		    "2001:db8::5 host=www1 alias=www\n",
		    "[0.0.10.in-addr.arpa]\n"
		    "5.0.0.10.in-addr.arpa 3600 PTR www1.example.net\n"
		    "5.0.0.10.in-addr.arpa 3600 PTR www2.example.net\n"
		    "[8.b.d.0.1.0.0.2.ip6.arpa]\n"
		    "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa 30 "
		    "PTR "
		    "www1.example.net\n"
		    "[example.net]\n"
		    "www.example.net 30 CNAME www1.example.net\n"
		    "www1.example.net 60 A 10.0.0.5\n"
		    "www1.example.net 30 AAAA 2001:db8::5\n"
		    "www2.example.net 60 A 10.0.0.5\n" },
		{ "the longest zone; its delegation and glue",
		    "@zone example.net ns=ns1.sub.example.net\n"
		    "@zone sub.example.net ns=ns1\n"
		    "10.0.0.0/24 domain=sub.example.net\n10.0.0.1 host=ns1,b.example.net.\n",
		    "[example.net]\n"
		    "example.net 3600 NS ns1.sub.example.net\n"
		    "b.example.net 3600 A 10.0.0.1\n"
		    "sub.example.net 3600 NS ns1.sub.example.net\n"
		    "ns1.sub.example.net 3600 A 10.0.0.1\n"
		    "[sub.example.net]\n"
		    "sub.example.net 3600 NS ns1.sub.example.net\n"
		    "ns1.sub.example.net 3600 A 10.0.0.1\n" },
		{ "a record set has one TTL, the lowest",
		    "@zone example.net\n10.0.0.0/24 domain=example.net\n"
		    "10.0.0.1 host=a ttl=300\n10.0.0.2 host=a ttl=60\n10.0.0.3 host=a\n",
		    "[example.net]\na.example.net 60 A 10.0.0.1\na.example.net 60 A 10.0.0.2\n"
		    "a.example.net 60 A 10.0.0.3\n" },
		{ "views do not mix; a VRF is a view of its name",
		    "@zone example.net\n@zone example.net%in\n@zone example.net%blue\n@vrf blue\n"
		    "10.0.0.0/24 domain=example.net\n10.0.0.1 host=a\n10.0.0.2 host=b view=in\n"
		    "10.0.0.3 host=c view=in,default\n10.0.0.4 host=d view=blue\n"
		    "10.0.0.0/24%blue domain=example.net\n10.0.0.1%blue host=e\n",
		    "[example.net]\na.example.net 3600 A 10.0.0.1\nc.example.net 3600 A 10.0.0.3\n"
		    "[example.net%blue]\nd.example.net 3600 A 10.0.0.4\n"
		    "e.example.net 3600 A 10.0.0.1\n"
		    "[example.net%in]\nb.example.net 3600 A 10.0.0.2\n"
		    "c.example.net 3600 A 10.0.0.3\n" },
		{ "dns= says which; what is over is not published",
		    "@zone example.net\n@zone 10.0.0.0/24\n10.0.0.0/24 domain=example.net\n"
		    "10.0.0.1 host=a dns=forward\n10.0.0.2 host=b dns=reverse alias=bb\n"
		    "10.0.0.3 host=c dns=none\n10.0.0.4 host=d status=quarantine\n"
		    "10.0.0.5 host=e expires=2026-11-23\n10.0.0.6 host=f expires=2026-11-24\n"
		    "10.0.0.7 host=under_score,ok\n10.0.0.8 note=x\n",
		    "[0.0.10.in-addr.arpa]\n2.0.0.10.in-addr.arpa 3600 PTR b.example.net\n"
		    "6.0.0.10.in-addr.arpa 3600 PTR f.example.net\n"
		    "7.0.0.10.in-addr.arpa 3600 PTR ok.example.net\n"
		    "[example.net]\na.example.net 3600 A 10.0.0.1\nf.example.net 3600 A 10.0.0.6\n"
		    "ok.example.net 3600 A 10.0.0.7\n" },
		{ "two-label owners in the zone of a /16",
		    "@zone 10.20.0.0/16\n10.20.0.0/22\n10.20.1.9 host=b.example.net.\n"
		    "10.20.1.10 host=c.example.net.\n10.20.0.100 host=a.example.net.\n",
		    "[20.10.in-addr.arpa]\n100.0.20.10.in-addr.arpa 3600 PTR a.example.net\n"
		    "9.1.20.10.in-addr.arpa 3600 PTR b.example.net\n"
		    "10.1.20.10.in-addr.arpa 3600 PTR c.example.net\n" },
		{ "RFC 2317 where reverse= says so, with its parent",
		    "@zone 198.51.100.0/24\n@zone 64-65.100.51.198.in-addr.arpa ns=ns.example.net\n"
		    "198.51.100.64/31 reverse=64-65.100.51.198.in-addr.arpa\n"
		    "198.51.100.65 host=a.example.net.\n"
		    "198.51.100.66/31\n198.51.100.66 host=b.example.net.\n",
		    "[100.51.198.in-addr.arpa]\n"
		    "64.100.51.198.in-addr.arpa 3600 CNAME 64.64-65.100.51.198.in-addr.arpa\n"
		    "65.100.51.198.in-addr.arpa 3600 CNAME 65.64-65.100.51.198.in-addr.arpa\n"
		    "66.100.51.198.in-addr.arpa 3600 PTR b.example.net\n"
		    "64-65.100.51.198.in-addr.arpa 3600 NS ns.example.net\n"
		    "[64-65.100.51.198.in-addr.arpa]\n"
		    "64-65.100.51.198.in-addr.arpa 3600 NS ns.example.net\n"
		    "65.64-65.100.51.198.in-addr.arpa 3600 PTR a.example.net\n" },
		{ "reverse= names a shorter zone than the longest",
		    "@zone 10.0.0.0/8\n@zone 10.1.0.0/16\n10.1.0.0/24 reverse=10.in-addr.arpa.\n"
		    "10.1.0.1 host=a.example.net.\n",
		    "[10.in-addr.arpa]\n1.0.1.10.in-addr.arpa 3600 PTR a.example.net\n"
		    "[1.10.in-addr.arpa]\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		struct dns dns;
		plan_load_valid(&p, str_from(cases[i].plan));
		dns_init(&dns, &p.db);
		dns_fill(&dns);
		const char *got = print(&p, &dns);
		check(strcmp(got, cases[i].records) == 0, "%s:\n%s", cases[i].what, got);
		dns_release(&dns);
		plan_release(&p);
	}
}

/* --- what is wrong ------------------------------------------------------- */

static const char *const zones[] = { "example.net ns=ns1,www", "sub.example.net ns=a.example.net.",
	"www.example.net", "net", "a.other.org ns=ns.other.org.", "example.net%in ns=ns1",
	"other.org%blue", "10.0.0.0/24", "10.0.0.0/22%in", "10.0.1.0/24", "2001:db8::/32",
	"64-127.0.0.10.in-addr.arpa ns=5.0.0.10.in-addr.arpa.", "5.0.0.10.in-addr.arpa", "arpa" };

static const char *const subnets[] = { "10.0.0.0/24", "10.0.0.64/26", "10.0.0.0/22", "10.0.0.5/32",
	"10.0.0.64/31", "10.0.1.0/24", "2001:db8::/64" };

static const char *const of_subnets[] = { "domain=example.net", "domain=EXAMPLE.net.", "domain=net",
	"domain=sub.example.net", "domain=other.org", "domain=x_y.net", "domain=0.10.in-addr.arpa",
	"reverse=64-127.0.0.10.in-addr.arpa", "reverse=0.0.10.in-addr.arpa", "reverse=nope.arpa",
	"reverse=example.net", "view=in", "view=in,default", "dns=forward", "dns=reverse",
	"dns=none" };

static const char *const hosts[] = { "a", "b", "c", "d", "e", "f", "www", "WWW", "a.example.net.",
	"B.Example.net.", "ns1", "under_s", "a.b", "example.net.", "example.net.",
	"www.example.net.", "c.other.org.", "a.example.net", "net.", "5.0.0.10.in-addr.arpa.",
	"66.0.0.10.in-addr.arpa.", "66.64-127.0.0.10.in-addr.arpa.", "70.example.net.",
	"65.example.net.", "5.example.net.", "6.example.net.", "7.example.net." };

static const char *const of_addresses[] = { "mac=52:54:00:12:34:56", "status=reserved",
	"status=quarantine", "expires=2020-01-01", "note=\"x y\"", "# why", "domain=example.net",
	"view=in,default", "dns=reverse", "reverse=0.0.10.in-addr.arpa" };

#define PICK(list) list[rnd(seed) % ARRAY_LEN(list)]
/* Mostly the first of them, which have seldom anything wrong. */
#define PICK_GOOD(list, good) list[rnd(seed) % (rnd(seed) % 8 ? (good) : ARRAY_LEN(list))]

static void
put_hosts(struct buf *b, const char *name, uint64_t *seed)
{
	buf_fmt(b, " %s=%s", name, PICK_GOOD(hosts, 10));
	if (rnd(seed) % 3 == 0)
		buf_fmt(b, ",%s", PICK_GOOD(hosts, 10));
}

static void
put_address(struct buf *b, uint64_t *seed)
{
	if (rnd(seed) % 8 == 0)
		buf_fmt(b, "2001:db8::%x", (unsigned)(rnd(seed) % 8));
	else
		buf_fmt(b, "10.0.%d.%d", rnd(seed) % 4 == 0,
		    (int)(rnd(seed) % 8 + rnd(seed) % 2 * 63));
	if (rnd(seed) % 8 == 0)
		buf_z(b, "%blue");
	if (rnd(seed) % 10)
		put_hosts(b, "host", seed);
	if (rnd(seed) % 3 == 0)
		put_hosts(b, "alias", seed);
	if (rnd(seed) % 6 == 0)
		buf_fmt(b, " %s", PICK(of_addresses));
	buf_char(b, '\n');
}

static void
put_names(struct buf *b, uint64_t *seed)
{
	buf_fmt(b, "@zone %s\n@zone %s\n@vrf blue\n10.0.0.0/8 domain=example.net%s\n",
	    rnd(seed) % 4 ? "example.net" : "example.org", rnd(seed) % 4 ? "10.0.0.0/8" : "arpa",
	    rnd(seed) % 8 ? "" : " reverse=example.net");
	for (uint64_t n = rnd(seed) % 4; n > 0; n--)
		buf_fmt(b, "@zone %s\n", PICK(zones));
	for (uint64_t n = rnd(seed) % 3; n > 0; n--) {
		buf_fmt(b, "%s%s", PICK(subnets), rnd(seed) % 4 ? "" : "%blue");
		for (uint64_t k = rnd(seed) % 2; k > 0; k--)
			buf_fmt(b, " %s", PICK(of_subnets));
		buf_char(b, '\n');
	}
	for (uint64_t n = rnd(seed) % 20; n > 0; n--)
		put_address(b, seed);
	buf_z(b, "# the last bytes of a text are not read quickly, so here are some more\n");
}

/* As they are said, which is by their place. */
static int
by_place(const void *a, const void *b)
{
	const struct dns_problem *x = a, *y = b;

	if (x->at != y->at)
		return (uintptr_t)x->at < (uintptr_t)y->at ? -1 : 1;
	return str_cmp(x->text, y->text);
}

static const char *
problems(struct plan *p, void (*find)(struct dns *))
{
	struct dns dns;
	struct buf b;

	buf_init(&b, &plan_env);
	dns_init(&dns, &p->db);
	find(&dns);
	if (dns.problem.n)
		qsort(dns.problem.v, dns.problem.n, sizeof(*dns.problem.v), by_place);
	for (size_t i = 0; i < dns.problem.n; i++)
		buf_fmt(&b, "%s %.*s\n", rules[dns.problem.v[i].rule].name,
		    STR_FMT(dns.problem.v[i].text));
	const char *z = plan_z(p, buf_get(&b));
	dns_release(&dns);
	buf_release(&b);
	return z;
}

/* The quick way to the problems finds what is found by way of the records. */
static void
test_problems(void **state)
{
	uint64_t seed[1] = { 1 };
	size_t found = 0;
	struct buf b;

	(void)state;
	buf_init(&b, &plan_env);
	for (int i = 0; i < 5000; i++) {
		struct plan p;
		b.n = 0;
		put_names(&b, seed);
		plan_read(&p, buf_get(&b));
		const char *want = problems(&p, dns_fill), *got = problems(&p, dns_check);
		check(strcmp(got, want) == 0, "%.*s\nfound:\n%s\nand not:\n%s",
		    STR_FMT(buf_get(&b)), got, want);
		found += *want != '\0';
		plan_release(&p);
	}
	buf_release(&b);
	check(found > 1000, "only %zu plans had problems", found);
}

/* --- the serial ---------------------------------------------------------- */

static void
test_serial(void **state)
{
	static const struct {
		int64_t old; /* -1: none */
		uint32_t serial;
	} cases[] = {
		{ -1, 2025112300 },
		{ 2025112200, 2025112300 },
		{ 2025112300, 2025112301 },
		{ 1, 2025112300 },
		{ 2025112399, 2025112400 },
		{ 2025112401, 2025112402 },
		{ 1700000000, 2025112300 },
		{ 4294967295, 2025112300 },
		{ 4172595947, 4172595948 },
		{ 4172595949, 2025112300 },
		{ 4172595948, 4172595949 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t old = (uint32_t)cases[i].old;
		/* 2025-11-23T23:59:59Z */
		uint32_t serial = dns_serial(cases[i].old < 0 ? NULL : &old, 1763942399);
		check(serial == cases[i].serial, "%lld: %u", (long long)cases[i].old, serial);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_order),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_problems),
		cmocka_unit_test(test_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
