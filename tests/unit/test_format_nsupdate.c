/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a plan and what is served of its zones to scripts of nsupdate, and the key's file. */
#include "plan.h"

#include "core/arpa.h"
#include "core/dns_agree.h"
#include "format/nsupdate.h"
#include "format/tsig.h"

static unsigned
type_by_name(struct str name)
{
	static const struct {
		const char *name;
		unsigned type;
	} types[] = { { "A", DNS_A }, { "AAAA", DNS_AAAA }, { "CNAME", DNS_CNAME },
		{ "PTR", DNS_PTR }, { "NS", DNS_NS }, { "SOA", DNS_SOA }, { "TXT", 16 },
		{ "DHCID", DNS_DHCID } };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_eq(name, str_from(types[i].name)))
			return types[i].type;
	check(false, "%.*s", STR_FMT(name));
	return 0;
}

/* A line "name TTL TYPE data". */
static struct dns_rr
read_rr(struct plan *p, struct str line)
{
	struct str word[4] = { STR_NONE };
	struct dns_rr rr = { .rec = NULL };
	struct span span;
	uint64_t ttl;

	for (size_t i = 0; i < ARRAY_LEN(word); i++)
		assert_true(str_next(&line, ' ', &word[i]));
	assert_true(str_uint(word[1], UINT32_MAX, &ttl));
	rr.owner = word[0];
	rr.key = dns_key(&p->db.arena, rr.owner);
	rr.ttl = (uint32_t)ttl;
	rr.type = type_by_name(word[2]);
	rr.target = word[3];
	if (rr.type == DNS_A || rr.type == DNS_AAAA)
		assert_true(ip_parse(word[3], &rr.ip, NULL));
	if (rr.type == DNS_PTR && arpa_parse(rr.owner, &span))
		rr.ip = span_first(span);
	return rr;
}

/* Served records belong to the longest zone that they are in. */
static void
read_served(struct plan *p, const struct dns *dns, const char *text, dns_list *served)
{
	struct str rest = str_from(text), line;

	while (str_next(&rest, '\n', &line)) {
		struct dns_rr rr = read_rr(p, line);
		size_t zone = dns_zone_of(dns, STR_NONE, rr.key);
		check(zone != SIZE_MAX, "%.*s", STR_FMT(line));
		vec_push(p->db.env, &served[zone], rr);
	}
	for (size_t i = 0; i < dns->zones; i++)
		dns_sort(&served[i]);
}

/* What is sent, or what takes it back; less the server's lines. */
static const char *
scripts(struct plan *p, const char *served_text, bool undo)
{
	const struct nsupdate_server server = { "::1", "53" };
	dns_change_list change = { 0 };
	dns_list served[8] = { 0 }, dynamic = { 0 };
	struct dns dns;
	struct buf b;

	dns_init(&dns, &p->db);
	dns_fill(&dns);
	assert_true(dns.zones <= ARRAY_LEN(served));
	read_served(p, &dns, served_text, served);
	for (size_t i = 0; i < dns.zones; i++)
		dns_add_dynamic(p->db.env, &served[i], &dynamic);
	dns_sort(&dynamic);
	for (size_t i = 0; i < dns.zones; i++)
		dns_changes(&p->db, &dns.zone[i], &dns.zone[i].rr, &served[i], &dynamic, &change,
		    &p->d);
	dns_changes_sort(&p->db.arena, &change);
	buf_init(&b, p->db.env);
	for (size_t i = 0, n; i < change.n; i += n) {
		n = nsupdate_take(p->db.env, &change.v[i], change.n - i);
		nsupdate_script(&b, &server, &change.v[i], n, undo);
	}
	struct str out = STR_NONE, rest = buf_get(&b), line;
	while (str_next(&rest, '\n', &line))
		if (!str_starts(line, STR("server ")))
			out = arena_fmt(&p->db.arena, "%.*s%.*s\n", STR_FMT(out), STR_FMT(line));
	for (size_t i = 0; i < dns.zones; i++)
		vec_release(&served[i]);
	vec_release(&change);
	vec_release(&dynamic);
	dns_release(&dns);
	buf_release(&b);
	return plan_z(p, out);
}

#define NET "@zone example.net\n10.0.0.0/24 domain=example.net\n"
#define REV "@zone 10.0.0.0/24\n"

static void
test_changes(void **state)
{
	static const struct {
		const char *what, *plan, *served, *script, *undo;
	} cases[] = {
		{ "the same", NET "10.0.0.1 host=a\n", "A.example.net 60 A 10.0.0.1\n", "", "" },
		{ "a new host with an alias", NET "10.0.0.1 host=a alias=b\n", "",
		    "zone example.net.\nprereq nxdomain a.example.net.\n"
		    "prereq nxdomain b.example.net.\n"
		    "update add a.example.net. 3600 IN A 10.0.0.1\n"
		    "update add b.example.net. 3600 IN CNAME a.example.net.\nsend\n",
		    NULL },
		{ "another address, beside a TXT", NET "10.0.0.2 host=a\n",
		    "a.example.net 60 A 10.0.0.1\na.example.net 60 TXT x\n",
		    "zone example.net.\nprereq yxrrset a.example.net. IN A 10.0.0.1\n"
		    "prereq nxrrset a.example.net. IN CNAME\n"
		    "prereq nxrrset a.example.net. IN DHCID\n"
		    "update delete a.example.net. IN A 10.0.0.1\n"
		    "update add a.example.net. 3600 IN A 10.0.0.2\nsend\n",
		    "zone example.net.\nprereq yxrrset a.example.net. IN A 10.0.0.2\n"
		    "prereq nxrrset a.example.net. IN CNAME\n"
		    "prereq nxrrset a.example.net. IN DHCID\n"
		    "update delete a.example.net. IN A 10.0.0.2\n"
		    "update add a.example.net. 60 IN A 10.0.0.1\nsend\n" },
		{ "a second address has the TTL of the first",
		    NET "10.0.0.1 host=a\n10.0.0.2 host=a\n", "a.example.net 60 A 10.0.0.1\n",
		    "zone example.net.\nprereq yxrrset a.example.net. IN A 10.0.0.1\n"
		    "prereq nxrrset a.example.net. IN CNAME\n"
		    "prereq nxrrset a.example.net. IN DHCID\n"
		    "update add a.example.net. 60 IN A 10.0.0.2\nsend\n",
		    NULL },
		{ "an alias where a host was", NET "10.0.0.1 host=b alias=a\n",
		    "a.example.net 60 A 10.0.0.1\nb.example.net 60 A 10.0.0.1\n",
		    "zone example.net.\nprereq yxrrset a.example.net. IN A 10.0.0.1\n"
		    "prereq nxrrset a.example.net. IN AAAA\n"
		    "prereq nxrrset a.example.net. IN CNAME\n"
		    "prereq nxrrset a.example.net. IN DHCID\n"
		    "update delete a.example.net. IN A 10.0.0.1\n"
		    "update add a.example.net. 3600 IN CNAME b.example.net.\nsend\n",
		    NULL },
		{ "a renamed host: name, PTR, and then the old name", NET REV "10.0.0.1 host=b\n",
		    "a.example.net 60 A 10.0.0.1\n1.0.0.10.in-addr.arpa 60 PTR a.example.net\n"
		    "9.0.0.10.in-addr.arpa 60 PTR a.example.net\n",
		    "zone example.net.\nprereq nxdomain b.example.net.\n"
		    "update add b.example.net. 3600 IN A 10.0.0.1\nsend\n"
		    "zone 0.0.10.in-addr.arpa.\n"
		    "prereq nxrrset 1.0.0.10.in-addr.arpa. IN CNAME\n"
		    "prereq yxrrset 1.0.0.10.in-addr.arpa. IN PTR a.example.net.\n"
		    "prereq nxrrset 1.0.0.10.in-addr.arpa. IN DHCID\n"
		    "update delete 1.0.0.10.in-addr.arpa. IN PTR a.example.net.\n"
		    "update add 1.0.0.10.in-addr.arpa. 3600 IN PTR b.example.net.\nsend\n"
		    "zone 0.0.10.in-addr.arpa.\n"
		    "prereq yxrrset 9.0.0.10.in-addr.arpa. IN PTR a.example.net.\n"
		    "prereq nxrrset 9.0.0.10.in-addr.arpa. IN DHCID\n"
		    "update delete 9.0.0.10.in-addr.arpa. IN PTR a.example.net.\nsend\n"
		    "zone example.net.\nprereq yxrrset a.example.net. IN A 10.0.0.1\n"
		    "prereq nxrrset a.example.net. IN DHCID\n"
		    "update delete a.example.net. IN A 10.0.0.1\nsend\n",
		    NULL },
		{ "name servers come before they go",
		    "@zone example.net ns=ns.example.com,ns.example.org\n",
		    "example.net 60 SOA x\nexample.net 60 NS ns.example.com\n"
		    "example.net 60 NS old.example.com\n",
		    "zone example.net.\n"
		    "prereq yxrrset example.net. IN NS old.example.com.\n"
		    "prereq yxrrset example.net. IN NS ns.example.com.\n"
		    "prereq nxrrset example.net. IN CNAME\n"
		    "prereq nxrrset example.net. IN DHCID\n"
		    "update add example.net. 60 IN NS ns.example.org.\n"
		    "update delete example.net. IN NS old.example.com.\nsend\n",
		    NULL },
		{ "what is not the plan's: a delegation, names of no host, a DHCP server's",
		    NET REV "10.0.0.1 host=a\n10.0.0.100-10.0.0.200 role=dhcp\n",
		    "a.example.net 60 A 10.0.0.1\n1.0.0.10.in-addr.arpa 60 PTR a.example.net\n"
		    "sub.example.net 60 NS ns.sub.example.net\nns.sub.example.net 60 A 10.0.0.9\n"
		    "*.example.net 60 A 10.0.0.9\n_acme-challenge.example.net 60 CNAME x.org\n"
		    "lap.example.net 60 A 10.9.9.9\nlap.example.net 60 DHCID x\n"
		    "win.example.net 60 A 10.0.0.150\n"
		    "150.0.0.10.in-addr.arpa 60 PTR win.example.net\n"
		    "t.example.net 60 TXT x\n7.0.0.10.in-addr.arpa 60 CNAME 7.0/28.example.org\n",
		    "", "" },
		{ "the PTR of a DHCP server's name is its own; not where that has another address",
		    NET REV,
		    "lap.example.net 60 A 10.0.0.7\nlap.example.net 60 DHCID x\n"
		    "7.0.0.10.in-addr.arpa 60 PTR Lap.example.net\n"
		    "8.0.0.10.in-addr.arpa 60 PTR lap.example.net\n",
		    "zone 0.0.10.in-addr.arpa.\n"
		    "prereq yxrrset 8.0.0.10.in-addr.arpa. IN PTR lap.example.net.\n"
		    "prereq nxrrset 8.0.0.10.in-addr.arpa. IN DHCID\n"
		    "update delete 8.0.0.10.in-addr.arpa. IN PTR lap.example.net.\nsend\n",
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		plan_load(&p, cases[i].plan);
		check_text(scripts(&p, cases[i].served, false), cases[i].script, cases[i].what);
		if (cases[i].undo)
			check_text(scripts(&p, cases[i].served, true), cases[i].undo,
			    cases[i].what);
		plan_release(&p);
	}
}

static void
test_left(void **state)
{
	static const struct {
		const char *what, *plan, *served, *said;
	} cases[] = {
		{ "a name with a DHCID", NET "10.0.0.1 host=a\n",
		    "a.example.net 60 A 10.0.0.2\na.example.net 60 DHCID x\n",
		    "a.example.net: left as it is: a DHCP server has this name (DHCID)" },
		{ "nor is there a PTR for an address that it does not get",
		    NET REV "10.0.0.1 host=a\n",
		    "a.example.net 60 A 10.0.0.2\na.example.net 60 DHCID x\n"
		    "2.0.0.10.in-addr.arpa 60 PTR a.example.net\n",
		    "a.example.net: left as it is: a DHCP server has this name (DHCID)" },
		{ "an alias beside a TXT", NET "10.0.0.1 host=b alias=a\n",
		    "b.example.net 60 A 10.0.0.1\na.example.net 60 TXT x\n",
		    "a.example.net: left as it is: an alias in the plan, and the server has other "
		    "records there" },
		{ "a PTR where there is a delegation", REV "10.0.0.1 host=a.example.net.\n",
		    "1.0.0.10.in-addr.arpa 60 CNAME 1.0/28.example.org\n",
		    "1.0.0.10.in-addr.arpa: left as it is: the server has a CNAME there" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		plan_load(&p, cases[i].plan);
		diags_clear(&p.d);
		check_text(scripts(&p, cases[i].served, false), "", cases[i].what);
		check(p.d.errors == 1, "%s", cases[i].what);
		check_text(p.d.v[p.d.n - 1].text.p, cases[i].said, cases[i].what);
		plan_release(&p);
	}
}

/* What is served forward and reverse, and whether that agrees. */
static const char *
disagreements(struct plan *p, const char *served_text)
{
	dns_list plan[8] = { 0 }, served[8] = { 0 };
	dns_disagreements all = { 0 };
	struct str out = STR_NONE;
	struct dns dns;

	dns_init(&dns, &p->db);
	dns_fill(&dns);
	assert_true(dns.zones <= ARRAY_LEN(served));
	read_served(p, &dns, served_text, served);
	for (size_t i = 0; i < dns.zones; i++)
		plan[i] = dns.zone[i].rr;
	dns_agree(&dns, plan, served, &all);
	for (size_t i = 0; i < all.n; i++)
		out = arena_fmt(&p->db.arena, "%.*s%.*s %s, %.*s %s\n", STR_FMT(out),
		    STR_FMT(all.v[i].rr->owner), dns_type_name(all.v[i].rr->type),
		    STR_FMT(all.v[i].other->owner), dns_type_name(all.v[i].other->type));
	for (size_t i = 0; i < dns.zones; i++)
		vec_release(&served[i]);
	vec_release(&all);
	dns_release(&dns);
	return plan_z(p, out);
}

static void
test_agree(void **state)
{
	static const struct {
		const char *what, *plan, *served, *said;
	} cases[] = {
		{ "both ways", NET REV,
		    "a.example.net 60 A 10.0.0.1\n1.0.0.10.in-addr.arpa 60 PTR A.example.net\n",
		    "" },
		{ "one of several will do", NET REV,
		    "a.example.net 60 A 10.0.0.1\na.example.net 60 A 10.0.0.2\n"
		    "1.0.0.10.in-addr.arpa 60 PTR a.example.net\n"
		    "1.0.0.10.in-addr.arpa 60 PTR b.example.net\n",
		    "" },
		{ "the other end is not known", NET REV,
		    "a.example.net 60 A 10.0.0.1\na.example.net 60 A 10.9.0.1\n"
		    "9.0.0.10.in-addr.arpa 60 PTR a.example.com\n"
		    "8.0.0.10.in-addr.arpa 60 PTR t.example.net\nt.example.net 60 TXT x\n",
		    "" },
		{ "neither says what the other does", NET REV,
		    "a.example.net 60 A 10.0.0.1\nb.example.net 60 A 10.0.0.3\n"
		    "1.0.0.10.in-addr.arpa 60 PTR b.example.net\n",
		    "1.0.0.10.in-addr.arpa PTR, b.example.net A\n"
		    "a.example.net A, 1.0.0.10.in-addr.arpa PTR\n" },
		{ "as the plan wants it",
		    NET REV "10.0.0.1 host=a dns=forward\n10.0.0.2 host=a dns=forward\n",
		    "a.example.net 60 A 10.0.0.1\na.example.net 60 A 10.0.0.2\n", "" },
		{ "behind a CNAME of RFC 2317, wildcards, delegations",
		    NET REV "@zone 0/28.0.0.10.in-addr.arpa\n",
		    "a.example.net 60 A 10.0.0.1\n"
		    "1.0.0.10.in-addr.arpa 60 CNAME 1.0/28.0.0.10.in-addr.arpa\n"
		    "1.0/28.0.0.10.in-addr.arpa 60 PTR b.example.net\n"
		    "2.0.0.10.in-addr.arpa 60 PTR b.example.net\n*.example.net 60 A 10.0.0.2\n"
		    "sub.example.net 60 NS x\nns.sub.example.net 60 A 10.0.0.2\n",
		    "a.example.net A, 1.0/28.0.0.10.in-addr.arpa PTR\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		plan_load(&p, cases[i].plan);
		check_text(disagreements(&p, cases[i].served), cases[i].said, cases[i].what);
		plan_release(&p);
	}
}

/* No transaction has more than 500 lines, and all of them together make all changes. */
static void
test_chunks(void **state)
{
	struct str text = STR(NET);
	struct str rest, line;
	struct arena a;
	struct plan p;
	size_t lines = 0, adds = 0, sends = 0;

	(void)state;
	arena_init(&a, &env_plain);
	for (unsigned i = 0; i < 1000; i++)
		text = arena_fmt(&a, "%.*s10.0.%u.%u host=h%u\n", STR_FMT(text), i / 250,
		    i % 250 + 1, i);
	text = arena_fmt(&a, "%.*s10.0.0.0/16 domain=example.net\n", STR_FMT(text));
	plan_load(&p, arena_z(&a, text));
	rest = str_from(scripts(&p, "", false));
	while (str_next(&rest, '\n', &line)) {
		bool is_send = str_eq(line, STR("send"));
		lines = is_send ? 0 : lines + 1;
		assert_true(lines <= 501);
		adds += str_starts(line, STR("update add "));
		sends += is_send;
	}
	assert_int_equal(adds, 1000);
	assert_int_equal(sends, 4);
	plan_release(&p);
	arena_release(&a);
}

static void
test_tsig(void **state)
{
	static const struct {
		const char *text, *key;
	} cases[] = {
		{ "key \"k\" {\n\talgorithm hmac-sha256;\n\tsecret \"QUJD\";\n};\n",
		    "k hmac-sha256 QUJD" },
		{ "# a\n// b\n/* key \"x\" { */ key k{secret QUJD;algorithm hmac-md5;};",
		    "k hmac-md5 QUJD" },
		{ "/*/ key x { */ key k { algorithm hmac-md5; secret QUJD; };", "k hmac-md5 QUJD" },
		{ "key a.b { algorithm hmac-sha512; secret \"QQ==\"; };", "a.b hmac-sha512 QQ==" },
		{ "key a. { algorithm HMAC-SHA256-128; secret \"Qg==\"; };",
		    "a. HMAC-SHA256-128 Qg==" },
		/* dig goes on without a key in all of these */
		{ "options { x; };\nkey a.b { algorithm hmac-sha512; secret \"QQ==\"; };", NULL },
		{ "key a { algorithm hmac-md5; secret QUJD; }; options { };", NULL },
		{ "key a { algorithm hmac-md5; secret QUJD; }; key b { algorithm hmac-md5; secret "
		  "QUJD; };",
		    NULL },
		{ "key a { algorithm hmac-md5; secret QUJD; }", NULL },
		{ "key a { algorithm hmac-md5; secret QUJD; secret QUJD; };", NULL },
		{ "key a { algorithm hmac-md5; secret Q===; };", NULL },
		{ "key a { algorithm hmac-md5; secret \"QR==\"; };", NULL },
		{ "key a { algorithm hmac-md5; secret \"Q=Q=\"; };", NULL },
		{ "key a { algorithm hmac-md5; secret \"QUF=\"; };", NULL },
		{ "key a { algorithm hmac-md5; secret \"====\"; };", NULL },
		{ "key a { algorithm hmac-md5; secret \"\"; };", NULL },
		{ "key a { algorithm hmac-foo; secret QUJD; };", NULL },
		{ "key a { algorithm hmac-sha256.; secret QUJD; };", NULL },
		{ "key a { algorithm hmac-sha256-; secret QUJD; };", NULL },
		{ "key a..b { algorithm hmac-md5; secret QUJD; };", NULL },
		{ "key . { algorithm hmac-md5; secret QUJD; };", NULL },
		{ "key \"\" { algorithm hmac-md5; secret QUJD; };", NULL },
		{ "", NULL },
		{ "key", NULL },
		{ "key \"k\"", NULL },
		{ "key \"k\" {", NULL },
		{ "key \"k\" { };", NULL },
		{ "key \"k\" { algorithm hmac-sha256; };", NULL },
		{ "key \"k\" { secret \"QUJD\"; };", NULL },
		{ "key \"k\" { algorithm hmac-sha256; secret \"QUJ\"; };", NULL },
		{ "key \"k\" { algorithm hmac-sha256; secret \"QUJD", NULL },
		{ "key \"k\" { algorithm rsasha1; secret \"QUJD\"; };", NULL },
		{ "key \"k\\nsend\" { algorithm hmac-sha256; secret \"QUJD\"; };", NULL },
		{ "key \"k\" { algorithm hmac-sha256; secret \"QUJD\nsend\"; };", NULL },
		{ "Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: QUJD\n", NULL },
		{ "/* key k { algorithm hmac-md5; secret QUJD; };", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str text = str_from(cases[i].text);
		char *copy = exact(text), got[100];
		struct tsig key;
		const char *why;
		bool ok = tsig_parse((struct str){ copy, text.n }, &key, &why);
		check(ok == (cases[i].key != NULL), "%s", cases[i].text);
		check(ok == (why == NULL), "%s", cases[i].text);
		if (ok) {
			snprintf(got, sizeof(got), "%.*s %.*s %.*s", STR_FMT(key.name),
			    STR_FMT(key.algorithm), STR_FMT(key.secret));
			check_text(got, cases[i].key, cases[i].text);
		}
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_agree),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_tsig),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
