/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line is read quickly or, the last one of a text without its LF, slowly: both
 * must make the same record of it and lead to the same messages of the check.
 */
#include "plan.h"

static const char *const heads[] = {
	"@vrf blue\n10.0.0.0/8 domain=example.net\n10.0.0.0/24 vlan=1\n10.0.0.5\n",
	"@vrf blue\n10.0.0.0/8 domain=net\n2001:db8::/32 domain=example.net.\n",
	"10.0.0.0/8\n10.0.0.0/24%blue\n",
	"10.0.0.0/24 domain=\"\" usable=all\n10.0.0.5\n10.0.0.9-10.0.0.12\n",
	"::/0 domain=a.b\n",
};

static const char *const keys[] = { "10.0.0.5", "10.0.0.0", "10.0.0.255", "10.0.0.50", "10.0.1.5",
	"10.0.0.0/24", "10.0.0.0/25", "10.0.0.1/24", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/024",
	"10.0.0.8-10.0.0.11", "10.0.0.9-10.0.0.3", "10.0.0.5%blue", "10.0.0.5%", "010.0.0.5",
	"10.0.0.256", "10.0.0", "10.0.0.5x", "10.0.0.5,", "192.168.100.200", "255.255.255.255",
	"0.0.0.0/0", "2001:db8::5", "2001:DB8::5", "2001:db8::/64", "fe80::1", "fe80::1%blue",
	"::", "@zone", "@zone a", "@ipam 1", "#", "", "=======", "10.0.0.5!", "10.0.0.5\xc3\xbc" };

static const char *const names[] = { "host", "mac", "name", "note", "alias", "tag", "vlan", "gw",
	"domain", "status", "until", "x-foo", "rack", "lease-time", "nameserver", "key", "size",
	"owner", "hos", "hostx", "Host", "9a", "", "a.b_c-d", "averyveryverylongname", "reserved",
	"duid", "ttl", "host\xc3\xbc", "a#" };

static const char *const values[] = { "www1", "www", "a,b,c", "a,,b", "a,", ",a", "web-1", "-web",
	"web-", "1.2.3.4", "a.example.net", "www.net", "net", "x.", "52:54:00:12:34:56",
	"52:54:00:12:34:5G", "52:54:00:12:34:5A", "52-54-00-12-34-56", "525400123456",
	"52:54:00:12:34:567", "\"\"", "\"two words\"", "\"a\\\"b\"", "\"a\\\\\"", "\"a\\b\"", "\"a",
	"\"a\"b", "a\"b", "10", "4095", "0", "used", "quarantine", "2026-12-01",
	"2026-12-01T00:00:00Z", "7d", "/60", "10.0.0.1", "10.0.0.1,10.0.0.2", "!", "a!b", "a!\"",
	"#", "a#b", "=", "caf\xc3\xa9", "\xff", "a\x01", "\"\t\"", "\x7f", "~", "under_score",
	"0123456789012345678901234567890123456789012345678901234567890123456789", "a\r", "{}@[`" };

static const char *const blanks[] = { " ", "  ", "\t", " \t ", "" };
static const char *const ends[] = { "", "", "", " ", "\t", " # why", " #\tx", " #caf\xc3\xa9",
	" # a\x02", "\r", " x", " # \"" };

#define PICK(list) list[rnd(seed) % ARRAY_LEN(list)]
/* Mostly the first of them, which have nothing wrong. */
#define PICK_GOOD(list, good) list[pick(seed, good, ARRAY_LEN(list))]

static size_t
pick(uint64_t *seed, size_t good, size_t n)
{
	size_t from = rnd(seed) % 4 ? good : n;

	return rnd(seed) % from;
}

static void
make_line(struct buf *b, uint64_t *seed)
{
	buf_z(b, rnd(seed) % 20 ? "" : PICK(blanks));
	buf_z(b, PICK_GOOD(keys, 7));
	for (uint64_t n = rnd(seed) % 5; n > 0; n--) {
		buf_z(b, PICK_GOOD(blanks, 1));
		buf_z(b, PICK_GOOD(names, 12));
		if (rnd(seed) % 60 == 0) /* what no string can hold */
			buf_char(b, '\0');
		buf_z(b, rnd(seed) % 40 ? "=" : "");
		buf_z(b, PICK(values));
	}
	buf_z(b, PICK(ends));
}

static void
read_plan(struct plan *p, const char *head, struct str line, const char *rest)
{
	struct buf b;

	buf_init(&b, &plan_env);
	buf_z(&b, head);
	buf_str(&b, line);
	buf_z(&b, rest);
	plan_read(p, buf_get(&b));
	check_plan(&p->db, SEV_WARNING, &p->d);
	buf_release(&b);
}

static bool
same_record(struct plan *a, struct plan *b)
{
	struct rec x, y;

	if (a->db.bases != b->db.bases)
		return false;
	x = a->db.base[a->db.bases - 1];
	y = b->db.base[b->db.bases - 1];
	return x.first == y.first && x.last == y.last && x.keylen == y.keylen && x.vrf == y.vrf &&
	       x.kind == y.kind && x.family == y.family && x.plen == y.plen &&
	       ((x.flags ^ y.flags) & ~REC_FINE) == 0 && str_eq(rec_line(&x), rec_line(&y)) &&
	       !x.parent == !y.parent;
}

static void
test_both(void **state)
{
	uint64_t seed[1] = { 1 };
	size_t fine = 0;
	struct buf line;

	(void)state;
	buf_init(&line, &plan_env);
	for (int i = 0; i < 30000; i++) {
		struct plan slow, quick;
		const char *head = PICK(heads);
		line.n = 0;
		make_line(&line, seed);
		read_plan(&slow, head, buf_get(&line), "");
		read_plan(&quick, head, buf_get(&line),
		    "\n# the last bytes of a text are not read quickly, so here are some more\n");
		check_text(plan_report(&quick), plan_report(&slow), plan_z(&slow, buf_get(&line)));
		check(same_record(&slow, &quick), "%.*s: not the same record",
		    STR_FMT(buf_get(&line)));
		fine += (quick.db.base[quick.db.bases - 1].flags & REC_FINE) != 0;
		plan_release(&slow);
		plan_release(&quick);
	}
	buf_release(&line);
	check(fine > 3000, "only %zu lines were read quickly", fine);
}

/* --- hosts ----------------------------------------------------------------- */

/* Nearly a complete name of a host. */
static void
put_name(struct buf *b, uint64_t *seed)
{
	static const char bytes[] = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789";
	static const char odd[] = "..--..--@[`{_/:!~";
	size_t n = rnd(seed) % (rnd(seed) % 8 ? 24 : 80), oddness = 4 + rnd(seed) % 40;

	for (size_t i = 0; i < n; i++)
		buf_char(b, rnd(seed) % oddness
				? bytes[rnd(seed) % (sizeof(bytes) - 1)]
				: odd[rnd(seed) % (rnd(seed) % 9 ? 8 : sizeof(odd) - 1)]);
	buf_z(b, rnd(seed) % 6 ? "." : "");
}

static void
keep_record(void *ctx, const struct rec *r)
{
	*(struct rec *)ctx = *r;
}

/* What is called fine is a name that DNS takes, complete or without a dot. */
static void
test_hosts(void **state)
{
	static const char key[] = "10.0.0.5 host=";
	uint64_t seed[1] = { 1 };
	size_t fine = 0, taken = 0;
	struct buf line;
	struct diags d;
	struct arena arena;
	struct vrfs vrfs;

	(void)state;
	buf_init(&line, &plan_env);
	diags_init(&d, &plan_env);
	arena_init(&arena, &plan_env);
	vrfs_init(&vrfs, &arena);
	for (int i = 0; i < 200000; i++) {
		struct rec r = { 0 };
		line.n = 0;
		buf_z(&line, key);
		put_name(&line, seed);
		struct str host = str_cut(buf_get(&line), sizeof(key) - 1, line.n);
		size_t dot = str_find(host, '.');
		bool is_taken = host_is_publishable(host) && !ip_looks_like_key(host) &&
		                (dot == host.n || host.p[host.n - 1] == '.');
		buf_z(&line,
		    "\n# the last bytes of a text are not read quickly, so here are more\n");
		struct text_source source = { "", line.p, line.n };
		text_read(&source, &vrfs, keep_record, &r, &d);
		host.p = line.p + sizeof(key) - 1;
		check(is_taken || !(r.flags & REC_FINE), "%.*s", STR_FMT(host));
		fine += (r.flags & REC_FINE) != 0;
		taken += is_taken;
	}
	buf_release(&line);
	diags_release(&d);
	arena_release(&arena);
	check(fine > taken / 2, "only %zu of %zu are fine", fine, taken);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_both),
		cmocka_unit_test(test_hosts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
