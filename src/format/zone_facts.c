/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the resource records of a master file say. */
#if WITH_ZONE
#include <stdio.h>

#include "core/arpa.h"
#include "zone_parts.h"

enum rr_type { RR_A = 1, RR_NS = 2, RR_CNAME = 5, RR_SOA = 6, RR_PTR = 12, RR_AAAA = 28 };

struct zone_soa {
	struct str name;
	const char *at;
	struct fact_record *record;
};

struct zone_ns {
	struct str owner, target;
	const char *at;
};

struct zone_signed {
	size_t n;
	const char *at; /* of the first */
};

/* --- names of types --------------------------------------------------- */

struct type_info {
	unsigned type;
	const char *name;
};

/* What a signer makes of a zone says nothing of its own. */
static const struct type_info signers[] = {
	{ 24, "SIG" },
	{ 25, "KEY" },
	{ 30, "NXT" },
	{ 46, "RRSIG" },
	{ 47, "NSEC" },
	{ 48, "DNSKEY" },
	{ 50, "NSEC3" },
	{ 51, "NSEC3PARAM" },
	{ 59, "CDS" },
	{ 60, "CDNSKEY" },
	{ 63, "ZONEMD" },
	{ 65534, "TYPE65534" },
};

static const struct type_info types[] = {
	{ RR_NS, "NS" },
	{ 13, "HINFO" },
	{ 15, "MX" },
	{ 16, "TXT" },
	{ 17, "RP" },
	{ 18, "AFSDB" },
	{ 29, "LOC" },
	{ 33, "SRV" },
	{ 35, "NAPTR" },
	{ 36, "KX" },
	{ 37, "CERT" },
	{ 39, "DNAME" },
	{ 42, "APL" },
	{ 43, "DS" },
	{ 44, "SSHFP" },
	{ 45, "IPSECKEY" },
	{ 49, "DHCID" },
	{ 52, "TLSA" },
	{ 53, "SMIMEA" },
	{ 55, "HIP" },
	{ 61, "OPENPGPKEY" },
	{ 62, "CSYNC" },
	{ 64, "SVCB" },
	{ 65, "HTTPS" },
	{ 99, "SPF" },
	{ 104, "NID" },
	{ 105, "L32" },
	{ 106, "L64" },
	{ 107, "LP" },
	{ 108, "EUI48" },
	{ 109, "EUI64" },
	{ 256, "URI" },
	{ 257, "CAA" },
};

/* Its place in a table of types, or n. */
static size_t
find_type(const struct type_info *table, size_t n, unsigned type)
{
	size_t i = 0;

	while (i < n && table[i].type != type)
		i++;
	return i;
}

/* RFC 3597 for a type without a name. */
static const char *
type_name(unsigned type, char text[16])
{
	size_t i = find_type(types, ARRAY_LEN(types), type);

	if (i < ARRAY_LEN(types))
		return types[i].name;
	snprintf(text, 16, "TYPE%u", type);
	return text;
}

static struct str
first_word(struct str text)
{
	struct str word;

	format_word(&text, &word);
	return word;
}

/* --- data ------------------------------------------------------------- */

static uint32_t
number(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static struct ip
address(const struct zone_rr *rr)
{
	struct ip ip = { 0, rr->type == RR_A ? IPV4 : IPV6 };

	for (size_t i = 0; i < rr->size; i++)
		ip.v = ip.v << 8 | rr->data[i];
	return ip;
}

static size_t
wire_length(const unsigned char *wire)
{
	size_t n = 0;

	while (wire[n])
		n += wire[n] + 1u;
	return n + 1;
}

/* Writes a byte of a label; returns how many bytes that took, at most 4. */
static size_t
put_byte(char *p, unsigned char c)
{
	if (c <= ' ' || c >= 0x7f || c == '"' || c == ',')
		return (size_t)snprintf(p, 5, "\\%03u", c);
	if (memchr(".\\@$;()", c, 7))
		*p++ = '\\';
	*p = (char)c;
	return memchr(".\\@$;()", c, 7) ? 2 : 1;
}

struct str
zone_name(struct arena *a, const unsigned char *wire)
{
	char text[4 * 256 + 1];
	size_t n = 0, left = 255; /* octets, with the last one */

	if (!*wire)
		text[n++] = '.';
	for (; *wire && *wire < left; left -= *wire + 1u, wire += *wire + 1) {
		for (unsigned i = 1; i <= *wire; i++)
			n += put_byte(text + n, wire[i]);
		text[n++] = '.';
	}
	return arena_str(a, (struct str){ text, n });
}

/* --- records ---------------------------------------------------------- */

void
zone_facts_init(struct zone_facts *z, struct facts *facts)
{
	*z = (struct zone_facts){ .facts = facts, .from = facts->n };
	z->sign = arena_zalloc(&facts->arena, sizeof(*z->sign) * ARRAY_LEN(signers));
}

static void
add_address(struct zone_facts *z, const struct zone_rr *rr)
{
	struct ip ip = address(rr);
	char text[IP_TEXT];

	if (arpa_is_reverse(rr->owner)) {
		facts_other(z->facts, rr->at, "%.*s: %s %s: a reverse name is no host",
		    STR_FMT(rr->owner), rr->type == RR_A ? "A" : "AAAA", ip_fmt(text, ip));
		return;
	}
	struct fact *fact = facts_add(z->facts, FACT_FORWARD, rr->at);
	fact->name = rr->owner;
	fact->ip = ip;
	fact->ttl = rr->ttl;
	vec_push(z->facts->env, &z->ttl, rr->ttl);
}

static void
add_pointer(struct zone_facts *z, const struct zone_rr *rr)
{
	struct str target = zone_name(&z->facts->arena, rr->data);
	struct span span;

	if (!arpa_parse(rr->owner, &span) || span.len != ip_bits(span.family)) {
		facts_other(z->facts, rr->at, "%.*s: PTR %.*s: not the reverse name of an address",
		    STR_FMT(rr->owner), STR_FMT(target));
		return;
	}
	if (arpa_is_reverse(target)) {
		facts_other(z->facts, rr->at, "%.*s: PTR %.*s: no host (is a final dot missing?)",
		    STR_FMT(rr->owner), STR_FMT(target));
		return;
	}
	struct fact *fact = facts_add(z->facts, FACT_REVERSE, rr->at);
	fact->name = target;
	fact->ip = span_first(span);
	fact->ttl = rr->ttl;
	vec_push(z->facts->env, &z->ttl, rr->ttl);
}

/* A CNAME in a reverse zone. */
static void
add_cut(struct zone_facts *z, const struct zone_rr *rr, struct str target)
{
	struct arena *a = &z->facts->arena;
	struct span span;
	struct fact *fact = facts_add(z->facts, FACT_CUT, rr->at);

	fact->name = arena_fmt(a,
	    "%.*s: CNAME %.*s: a delegation (RFC 2317); a plan has reverse= on the subnet",
	    STR_FMT(rr->owner), STR_FMT(target));
	fact->target = target;
	if (arpa_parse(rr->owner, &span) && span.len == ip_bits(span.family))
		fact->ip = span_first(span);
}

static void
add_alias(struct zone_facts *z, const struct zone_rr *rr)
{
	struct str target = zone_name(&z->facts->arena, rr->data);

	if (arpa_is_reverse(rr->owner)) {
		add_cut(z, rr, target);
		return;
	}
	struct fact *fact = facts_add(z->facts, FACT_ALIAS, rr->at);
	fact->name = rr->owner;
	fact->target = target;
}

static void
add_attr(struct fact_record *record, const char *name, struct str value, const char *at)
{
	record->attr[record->attrs++] = (struct fact_attr){ str_from(name), value, at };
}

/* The first SOA of a zone; a transfer ends in it once more. */
static void
add_soa(struct zone_facts *z, const struct zone_rr *rr)
{
	static const char *const timers[] = { "refresh", "retry", "expire", "minimum" };
	struct arena *a = &z->facts->arena;
	struct zone_soa soa = { rr->owner, rr->at, arena_zalloc(a, sizeof(*soa.record)) };
	const unsigned char *mbox = rr->data + wire_length(rr->data),
			    *numbers = mbox + wire_length(mbox);

	for (size_t i = 0; i < z->soa.n; i++)
		if (str_ieq(z->soa.v[i].name, rr->owner))
			return;
	soa.record->kind = KIND_OBJECT;
	soa.record->object = STR("zone");
	soa.record->label = str_cut(rr->owner, 0, rr->owner.n - (rr->owner.n > 1));
	soa.record->attr = arena_alloc(a, 8 * sizeof(*soa.record->attr));
	add_attr(soa.record, "mbox", zone_name(a, mbox), rr->at);
	for (size_t i = 0; i < ARRAY_LEN(timers); i++)
		add_attr(soa.record, timers[i], arena_fmt(a, "%u", number(numbers + 4 + 4 * i)),
		    rr->at);
	vec_push(z->facts->env, &z->soa, soa);
}

static void
add_other(struct zone_facts *z, const struct zone_rr *rr)
{
	size_t sign = find_type(signers, ARRAY_LEN(signers), rr->type);
	char text[16];

	if (rr->type == DNS_DHCID)
		facts_add(z->facts, FACT_DYNAMIC, rr->at)->name = rr->owner;
	if (rr->type == 0)
		facts_other(z->facts, rr->at, "%.*s: %.*s: a plan holds no such record",
		    STR_FMT(rr->owner), STR_FMT(first_word(rr->text)));
	else if (sign == ARRAY_LEN(signers))
		facts_other(z->facts, rr->at, "%.*s: %s: a plan holds no such record",
		    STR_FMT(rr->owner), type_name(rr->type, text));
	else if (z->sign[sign].n++ == 0)
		z->sign[sign].at = rr->at;
}

/* Whether a name lies in a zone whose SOA was read; servers ignore what does not. */
static bool
is_in_zone(const struct zone_facts *z, struct str name)
{
	for (size_t i = z->soa.n; i-- > 0;) {
		struct str zone = z->soa.v[i].name;
		size_t left = name.n - zone.n;
		if (str_iends(name, zone) && (left == 0 || zone.n == 1 || name.p[left - 1] == '.'))
			return true;
	}
	return z->soa.n == 0;
}

void
zone_facts_add(struct zone_facts *z, const struct zone_rr *rr)
{
	if (rr->class != CLASS_IN) {
		facts_other(z->facts, rr->at, "%.*s: not of class IN", STR_FMT(rr->owner));
		return;
	}
	if (rr->type != RR_SOA && !is_in_zone(z, rr->owner)) {
		facts_other(z->facts, rr->at, "%.*s: lies outside the zone %.*s: servers ignore it",
		    STR_FMT(rr->owner), STR_FMT(z->soa.v[z->soa.n - 1].name));
		return;
	}
	switch (rr->type) {
	case RR_A:
	case RR_AAAA: add_address(z, rr); break;
	case RR_PTR: add_pointer(z, rr); break;
	case RR_CNAME: add_alias(z, rr); break;
	case RR_SOA: add_soa(z, rr); break;
	case RR_NS: {
		struct zone_ns ns = { rr->owner, zone_name(&z->facts->arena, rr->data), rr->at };
		vec_push(z->facts->env, &z->ns, ns);
		break;
	}
	default: add_other(z, rr); break;
	}
}

bool
zone_is_signers(unsigned type)
{
	return find_type(signers, ARRAY_LEN(signers), type) < ARRAY_LEN(signers);
}

struct str
zone_rr_text(struct arena *a, const struct dns_rr *rr)
{
	const char *name = dns_type_name(rr->type);
	char text[IP_TEXT > 16 ? IP_TEXT : 16];

	if (rr->type == DNS_A || rr->type == DNS_AAAA)
		return arena_fmt(a, "%.*s %s %s", STR_FMT(rr->owner), name, ip_fmt(text, rr->ip));
	if (name && rr->type != DNS_SOA)
		return arena_fmt(a, "%.*s %s %.*s", STR_FMT(rr->owner), name, STR_FMT(rr->target));
	if (rr->type == 0)
		return arena_fmt(a, "%.*s %.*s", STR_FMT(rr->owner),
		    STR_FMT(first_word(rr->target)));
	return arena_fmt(a, "%.*s %s", STR_FMT(rr->owner), name ? name : type_name(rr->type, text));
}

/* --- the end ---------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The TTL that most names have; the longer one on a tie. */
static uint32_t
usual_ttl(struct zone_facts *z)
{
	uint32_t usual = FACT_NO_TTL;
	size_t most = 0, run = 0;

	if (z->ttl.n)
		qsort(z->ttl.v, z->ttl.n, sizeof(*z->ttl.v), by_size);
	for (size_t i = 0; i < z->ttl.n; i++) {
		run = i && z->ttl.v[i] == z->ttl.v[i - 1] ? run + 1 : 1;
		if (run < most)
			continue;
		most = run;
		usual = z->ttl.v[i];
	}
	return usual;
}

static bool
has_member(struct str list, struct str name)
{
	struct str member;

	while (str_next(&list, ',', &member))
		if (str_ieq(member, name))
			return true;
	return false;
}

/* The name servers of a zone, as a list; takes them from those that are left. */
static struct str
take_servers(struct zone_facts *z, struct str zone)
{
	struct buf b;

	buf_init(&b, z->facts->env);
	for (size_t i = 0; i < z->ns.n; i++) {
		if (z->ns.v[i].owner.n == 0 || !str_ieq(z->ns.v[i].owner, zone))
			continue;
		z->ns.v[i].owner = STR_NONE;
		if (has_member(buf_get(&b), z->ns.v[i].target))
			continue;
		buf_z(&b, b.n ? "," : "");
		buf_str(&b, z->ns.v[i].target);
	}
	struct str list = arena_str(&z->facts->arena, buf_get(&b));
	buf_release(&b);
	return list;
}

static void
end_zone(struct zone_facts *z, const struct zone_soa *soa, uint32_t ttl)
{
	struct str servers = take_servers(z, soa->name);
	struct fact *fact = facts_add(z->facts, FACT_ZONE, soa->at);

	fact->name = soa->name;
	fact->record = soa->record;
	if (servers.n)
		add_attr(soa->record, "ns", servers, soa->at);
	if (ttl != FACT_NO_TTL)
		add_attr(soa->record, "ttl", arena_fmt(&z->facts->arena, "%u", ttl), soa->at);
}

static void
add_delegation(struct zone_facts *z, const struct zone_ns *ns)
{
	struct fact *fact = facts_add(z->facts, FACT_CUT, ns->at);

	fact->name = arena_fmt(&z->facts->arena,
	    "%.*s: NS %.*s: a delegation; a plan has an @zone of that name", STR_FMT(ns->owner),
	    STR_FMT(ns->target));
	fact->target = ns->owner;
}

void
zone_facts_end(struct zone_facts *z)
{
	uint32_t ttl = usual_ttl(z);

	for (size_t i = z->from; i < z->facts->n; i++)
		if (z->facts->v[i].ttl == ttl)
			z->facts->v[i].ttl = FACT_NO_TTL;
	for (size_t i = 0; i < z->soa.n; i++)
		end_zone(z, &z->soa.v[i], ttl);
	for (size_t i = 0; i < z->ns.n; i++)
		if (z->ns.v[i].owner.n)
			add_delegation(z, &z->ns.v[i]);
	for (size_t i = 0; i < ARRAY_LEN(signers); i++)
		if (z->sign[i].n)
			facts_other(z->facts, z->sign[i].at,
			    "%s: %zu record%s: a signer's, not the plan's", signers[i].name,
			    z->sign[i].n, z->sign[i].n == 1 ? "" : "s");
	vec_release(&z->soa);
	vec_release(&z->ns);
	vec_release(&z->ttl);
}

#endif
