/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random plans as configurations of each DHCP server, read into an empty plan:
 * the same subnets, ranges, reservations and options.
 *
 * DHCP_SEED and DHCP_COUNT (plans for each server) make longer runs.
 */
#include "plan.h"

#include "core/dhcp.h"
#include "core/merge.h"
#include "format/format.h"

enum what {
	SUBNET_NAME = 1,
	RANGE_NAME = 2,
	LINK = 4,
	KEA_ID = 8,
	PD = 16,
	CLIENTS = 32, /* several IPv6 addresses of one */
	POOL_BOOT = 64,
	DUID_4 = 128
};

static const struct server {
	const char *format;
	enum dhcp_server server;
	enum family family;
	format_writer *write;
	format_reader *read;
	unsigned has;
} servers[] = {
#if WITH_JSON
	{ "kea4", DHCP_KEA, IPV4, kea4_write, kea_read,
	    SUBNET_NAME | RANGE_NAME | LINK | KEA_ID | DUID_4 },
	{ "kea6", DHCP_KEA, IPV6, kea6_write, kea_read,
	    SUBNET_NAME | RANGE_NAME | LINK | KEA_ID | PD | CLIENTS },
#endif
	{ "dhcpd", DHCP_DHCPD, IPV4, dhcpd4_write, dhcpd_read, LINK | POOL_BOOT },
	{ "dhcpd6", DHCP_DHCPD, IPV6, dhcpd6_write, dhcpd_read, LINK | PD },
	{ "dnsmasq4", DHCP_DNSMASQ, IPV4, dnsmasq_dhcp_write, dnsmasq_read, SUBNET_NAME },
	{ "dnsmasq6", DHCP_DNSMASQ, IPV6, dnsmasq_dhcp_write, dnsmasq_read, SUBNET_NAME | CLIENTS },
};

/* --- random plans --------------------------------------------------------- */

struct maker {
	const struct server *server;
	uint64_t seed;
	struct buf b;
	unsigned names, clients;
	bool is_named; /* the subnet at hand */
};

static unsigned
any(struct maker *m, unsigned n)
{
	return (unsigned)(rnd(&m->seed) % n);
}

static bool
maybe(struct maker *m)
{
	return any(m, 2);
}

static struct ip
address(const struct server *s, unsigned subnet, unsigned n)
{
	u128 six = ((u128)0x20010db8 << 96) | (u128)subnet << 64;

	return s->family == IPV4 ? (struct ip){ 0x0a000000u + (subnet << 8) + n, IPV4 }
	                         : (struct ip){ six + n, IPV6 };
}

static void
put_ip(struct maker *m, struct ip ip)
{
	char text[IP_TEXT];

	buf_z(&m->b, ip_fmt(text, ip));
}

static void
put_ips(struct maker *m, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		buf_z(&m->b, i ? "," : "");
		put_ip(m, address(m->server, 200 + any(m, 20), 1 + any(m, 200)));
	}
}

/* What somebody could mean ill with, but for blanks at the ends, which no value has. */
static void
put_text(struct maker *m, size_t max)
{
	static const char chars[] = "ab19 ,;:#\"\\'{}()[]<>$`%&|*?!~=-_./@xs\xc3\xbc";
	char text[40];
	size_t n = 0, wanted = 1 + any(m, max < 20 ? (unsigned)max : 20);

	while (n < wanted) {
		char c = chars[any(m, sizeof(chars) - 1)];
		if ((unsigned char)c >= 0x80) {
			memcpy(text + n, "\xc3\xbc", 2);
			n += 2;
		} else if (c != ' ' || (n && n + 1 < wanted)) {
			text[n++] = c;
		}
	}
	if (n > max)
		n = 1, text[0] = 'x';
	text_quote(&m->b, (struct str){ text, n });
}

static void
put_value(struct maker *m, const struct dhcp_option_info *info)
{
	static const char *const names[] = { "a.example", "b-2.example.org",
		"xn--bcher-kva.example" };

	switch (info->type) {
	case DHCP_IP: put_ips(m, 1); break;
	case DHCP_IPS: put_ips(m, 1 + any(m, 3)); break;
	case DHCP_TEXT: put_text(m, info->max ? info->max : 20); break;
	case DHCP_NAME: buf_z(&m->b, names[any(m, 3)]); break;
	case DHCP_NAMES:
		buf_fmt(&m->b, "%s%s", names[any(m, 2)], maybe(m) ? ",c.example" : "");
		break;
	case DHCP_UINT:
		buf_fmt(&m->b, "%u",
		    info->max == UINT32_MAX ? (unsigned)rnd(&m->seed) : any(m, info->max + 1));
		break;
	case DHCP_INT: buf_fmt(&m->b, "%d", (int)rnd(&m->seed)); break;
	case DHCP_BOOL: buf_z(&m->b, maybe(m) ? "true" : "false"); break;
	case DHCP_HEX:
		for (unsigned i = 0, n = 1 + any(m, 5); i < n; i++)
			buf_fmt(&m->b, "%s%02x", i ? ":" : "", any(m, 256));
		break;
	case DHCP_TIME: break;
	}
}

/* Options that the server has, and that no attribute says; fields of the message where
 * they may stand. */
static bool
is_usable(const struct maker *m, const struct dhcp_option_info *info, enum kind kind)
{
	const struct server *s = m->server;

	if (info->attr || (info->family != FAMILY_NONE && info->family != s->family) ||
	    (!info->spelling[s->server] && !(s->server == DHCP_DNSMASQ && info->code)))
		return false;
	if (info->code)
		return true;
	if (info->family == FAMILY_NONE)
		return s->server == DHCP_KEA && kind == KIND_SUBNET;
	/* dnsmasq gives a host all that its subnet boots */
	return s->server == DHCP_DNSMASQ ? kind == KIND_ADDRESS
	       : kind == KIND_RANGE      ? (s->has & POOL_BOOT) != 0
	                                 : true;
}

static void
put_options(struct maker *m, enum kind kind)
{
	bool has_server_name = false;

	for (size_t i = 0; i < dhcp_option_table_len; i++) {
		const struct dhcp_option_info *info = &dhcp_option_table[i];
		if (any(m, 12) || !is_usable(m, info, kind))
			continue;
		/* what dnsmasq has on both is the subnet's alone, when it is read */
		if (m->server->server == DHCP_DNSMASQ && kind != KIND_ADDRESS &&
		    i % 2 != (kind == KIND_RANGE))
			continue;
		/* which are one to dnsmasq */
		bool is_server_name = strcmp(info->name, "server-hostname") == 0 ||
		                      strcmp(info->name, "tftp-server-name") == 0;
		if (is_server_name && m->server->server == DHCP_DNSMASQ &&
		    (has_server_name || kind != KIND_ADDRESS))
			continue;
		has_server_name |= is_server_name;
		buf_fmt(&m->b, " option.%s=", info->name);
		put_value(m, info);
	}
}

static void
put_id(struct maker *m)
{
	unsigned kind = any(m, 3), n = ++m->clients;

	if (m->server->family == IPV6 && kind)
		buf_fmt(&m->b, " duid=00:01:00:01:2a:bb:cc:dd:52:54:00:%02x:%02x:%02x", n >> 16,
		    n >> 8 & 255, n & 255);
	else if (m->server->family == IPV4 && kind == 1)
		buf_fmt(&m->b, " client-id=ff:%02x:%02x", n >> 8 & 255, n & 255);
	else if (kind == 2 && (m->server->has & DUID_4))
		buf_fmt(&m->b, " duid=00:03:00:01:%02x:%02x", n >> 8 & 255, n & 255);
	else
		buf_fmt(&m->b, " mac=52:54:00:%02x:%02x:%02x", n >> 16, n >> 8 & 255, n & 255);
}

static void
put_address(struct maker *m, unsigned subnet, unsigned n)
{
	put_ip(m, address(m->server, subnet, n));
	put_id(m);
	/* dhcpd has no two hosts of a name: some have it in two subnets */
	if (maybe(m))
		buf_fmt(&m->b, " host=h%u", any(m, 4) ? ++m->names : n);
	if (maybe(m))
		put_options(m, KIND_ADDRESS);
	buf_char(&m->b, '\n');
}

static void
put_subnet_line(struct maker *m, unsigned subnet)
{
	static const char *const times[] = { "30m", "1h", "5h", "3d" };
	unsigned has = m->server->has;

	put_ip(m, address(m->server, subnet, 0));
	buf_fmt(&m->b, "/%d domain=example.org", m->server->family == IPV4 ? 24 : 64);
	m->is_named = (has & SUBNET_NAME) && maybe(m);
	if (m->is_named)
		buf_fmt(&m->b, " name=net%u", subnet);
	if (maybe(m) && m->server->family == IPV4) {
		buf_z(&m->b, " gw=");
		put_ip(m, address(m->server, subnet, 1));
	}
	/* or it would be nothing to a server, if it is empty */
	buf_z(&m->b, " nameserver=");
	put_ips(m, 1 + any(m, 2));
	if (maybe(m)) {
		buf_z(&m->b, " ntp=");
		put_ips(m, 1);
	}
	if (maybe(m))
		buf_fmt(&m->b, " lease-time=%s", times[any(m, 4)]);
	if ((has & LINK) && any(m, 3) == 0)
		buf_fmt(&m->b, " link=wire%u", any(m, 2));
	if ((has & KEA_ID) && any(m, 3) == 0)
		buf_fmt(&m->b, " kea-id=%u", 1 + subnet);
	if (maybe(m))
		put_options(m, KIND_SUBNET);
	buf_char(&m->b, '\n');
}

static void
put_prefixes(struct maker *m, unsigned subnet)
{
	char via[SPAN_TEXT], pool[IP_TEXT];
	struct ip base = { ((u128)0x20010db9 << 96) | (u128)subnet << 80, IPV6 };

	if (m->is_named)
		snprintf(via, sizeof(via), "net%u", subnet);
	else
		span_fmt(via, span_prefix(address(m->server, subnet, 0), 64));
	buf_fmt(&m->b, "%s/48 pd=/56 via=%s\n", ip_fmt(pool, base), via);
	for (unsigned i = 0; i < 3; i++) {
		if (maybe(m))
			continue;
		base.v += (u128)(1 + any(m, 60)) << 72;
		buf_fmt(&m->b, "%s/56 duid=00:02:00:00:ab:11:%02x:%02x\n", ip_fmt(pool, base),
		    subnet, i);
	}
}

static void
put_range(struct maker *m, unsigned subnet, unsigned first, unsigned last)
{
	put_ip(m, address(m->server, subnet, first));
	buf_char(&m->b, '-');
	put_ip(m, address(m->server, subnet, last));
	buf_z(&m->b, " role=dhcp");
	if ((m->server->has & RANGE_NAME) && maybe(m))
		buf_fmt(&m->b, " name=r%u", ++m->names);
	if (any(m, 3) == 0)
		put_options(m, KIND_RANGE);
	buf_char(&m->b, '\n');
}

/* Addresses in ranges, between and behind them. */
static void
put_subnet(struct maker *m, unsigned subnet)
{
	unsigned n = 2 + any(m, 20), end = 0;

	put_subnet_line(m, subnet);
	for (unsigned i = 0, count = any(m, 12); i < count; i++) {
		if (any(m, 3) == 0 && n > end) {
			end = n + 2 + any(m, 15);
			put_range(m, subnet, n, end);
			n++;
		}
		put_address(m, subnet, n);
		n += 1 + any(m, 8);
		/* an end that is reserved, and pools that only reservations part, are not seen
		 * in a configuration of dhcpd */
		if (n == end || n == end + 1)
			n = end + 2;
	}
	if ((m->server->has & PD) && maybe(m))
		put_prefixes(m, subnet);
}

/* --- there and back --------------------------------------------------------- */

static struct plan before, after;

static void
explain(const struct server *s, const struct buf *text)
{
	fprintf(stderr, "%s\n--- plan\n%.*s--- configuration\n%.*s--- said\n%s%s", s->format,
	    (int)before.source.n, before.source.p, STR_FMT(buf_get(text)), plan_report(&before),
	    plan_report(&after));
}

/* Whether each attribute of a record is in another, with the same value. */
static bool
has_all(struct plan *a, const struct rec *r, struct plan *b, const struct rec *q)
{
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, r);
	while (attr_next(&it, &attr)) {
		struct str value = attr_value(&attr, &a->db.arena), other;
		const char *name = arena_z(&a->db.arena, attr.name);
		if (!db_own(&b->db, q, name, &other) || !str_eq(value, other)) {
			print_error("%.*s: %s\n", STR_FMT(db_key(&a->db, r)), name);
			return false;
		}
	}
	return true;
}

static bool
is_in(struct plan *a, struct plan *b)
{
	struct walk w;

	for (struct rec *r = walk_all(&w, &a->db); r; r = walk_next(&w)) {
		struct rec *q = db_find(&b->db, 0, rec_span(r), (enum kind)r->kind);
		if (!q)
			print_error("%.*s\n", STR_FMT(db_key(&a->db, r)));
		if (!q || !has_all(a, r, b, q))
			return false;
	}
	return true;
}

static void
write_conf(const struct server *s, struct buf *text)
{
	rec_list list = { 0 };
	struct walk w;

	for (struct rec *r = walk_all(&w, &before.db); r; r = walk_next(&w))
		if (r->kind == KIND_SUBNET)
			vec_push(&plan_env, &list, r);
	struct format_request q = { .db = &before.db, .rec = list.v, .recs = list.n };
	if (s->write(&q, text, &before.d) != STATUS_OK || before.d.errors) {
		explain(s, text);
		fail_msg("export");
	}
	vec_release(&list);
}

static void
read_conf(const struct server *s, const struct buf *text)
{
	struct format_input in = { .source = { "conf", text->p, text->n } };
	struct merge how = { .conflict = CONFLICT_KEEP };
	struct merge_counts counts;
	struct facts facts;

	plan_load(&after, "@ipam 1\n");
	facts_init(&facts, &plan_env);
	s->read(&in, &facts, &after.d);
	enum status status = merge_facts(&after.db, &facts, &how, &counts, &after.d);
	facts_release(&facts);
	if (status != STATUS_OK || counts.unplaced || counts.reported) {
		explain(s, text);
		fail_msg("import");
	}
}

static void
there_and_back(const struct server *s, uint64_t seed)
{
	struct maker m = { .server = s, .seed = seed };
	struct buf text;

	buf_init(&m.b, &plan_env);
	buf_init(&text, &plan_env);
	for (unsigned subnet = 1, n = 1 + any(&m, 5); subnet <= n; subnet++)
		put_subnet(&m, subnet);
	plan_load_valid(&before, buf_get(&m.b));
	write_conf(s, &text);
	if (text.n)
		read_conf(s, &text);
	if (!is_in(&before, &after) || !is_in(&after, &before)) {
		explain(s, &text);
		fail_msg("seed %llu", (unsigned long long)seed);
	}
	plan_release(&after);
	plan_release(&before);
	buf_release(&m.b);
	buf_release(&text);
}

static uint64_t
number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void
test_round_trip(void **state)
{
	uint64_t seed = number("DHCP_SEED", 1), count = number("DHCP_COUNT", 200);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(servers); i++)
		for (uint64_t k = 0; k < count; k++)
			there_and_back(&servers[i], seed + k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_round_trip) };

	return cmocka_run_group_tests_name("format_dhcp", tests, NULL, NULL);
}
