/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcpd.conf(5), IPv4 and IPv6.
 *
 * Statements end in ; or open a block.  What is said in a block holds for all in
 * it, wherever it is said, so options are put together at the end.
 */
#include "dhcp_parts.h"
#include "dhcpd_text.h"
#include "dhcpd_token.h"

#include "core/hex.h"

enum block { BLOCK_TOP, BLOCK_GROUP, BLOCK_LINK, BLOCK_SUBNET, BLOCK_POOL, BLOCK_HOST };

struct area {
	enum block block;
	const struct area *outer;
	struct str link;
	size_t subnet;       /* its number plus one, or 0 */
	struct area *next;   /* of all */
	dhcp_options option; /* IPv4 and IPv6 */
	struct dhcp_host host;
	struct str name, given; /* of a host statement, and what it says */
};

struct range {
	struct span span;
	const struct area *scope;
	const char *at;
};

struct dhcpd {
	const struct format_input *in;
	const struct text_source *source;
	struct dhcp *conf;
	struct facts *facts;
	struct diags *d;
	struct token_source text;
	unsigned files, blocks;
	struct area *scopes; /* all of them */
	VEC(struct range) range;
	VEC(struct area *) subnet; /* by number */
};

/* --- scopes ----------------------------------------------------------- */

static struct area *
new_scope(struct dhcpd *p, enum block block, const struct area *outer)
{
	struct area *s = arena_zalloc(p->conf->arena, sizeof(*s));

	s->block = block;
	s->outer = outer;
	s->next = p->scopes;
	p->scopes = s;
	if (outer) {
		s->link = outer->link;
		s->subnet = outer->subnet;
	}
	return s;
}

/* What is said around s and not in it; for a host only what its groups say. */
static void
gather(struct dhcpd *p, const struct area *s, enum family f, dhcp_options *out)
{
	bool is_host = s->block == BLOCK_HOST, is_pool = s->block == BLOCK_POOL;

	for (const struct area *o = s; o; o = o->outer) {
		if (o != s && (is_pool || (is_host && o->block != BLOCK_GROUP)))
			return;
		for (size_t i = 0; i < o->option.n; i++) {
			const struct dhcp_option *option = &o->option.v[i];
			bool is_of =
			    option->info->family == FAMILY_NONE || option->info->family == f;
			if (is_of && !dhcp_option_get(out, option->info))
				vec_push(p->conf->env, out, *option);
		}
	}
}

/* --- options ---------------------------------------------------------- */

/* All values of a statement, with commas between. */
static struct str
values(struct dhcpd *p, const tokens *t, size_t from)
{
	struct str all;
	struct buf b;

	buf_init(&b, p->conf->env);
	for (size_t i = from; i < t->n; i++) {
		bool is_apart = b.n && !token_is(&t->v[i], ",") && !token_is(&t->v[i - 1], ",");
		buf_z(&b, is_apart ? " " : "");
		buf_str(&b, t->v[i].text);
	}
	all = arena_str(p->conf->arena, buf_get(&b));
	buf_release(&b);
	return all;
}

static struct str
hex_of(struct dhcpd *p, const struct token *t)
{
	static const struct attr_info octets = { .type = VALUE_HEX };

	return t->is_string ? hex_fmt(p->conf->arena, t->text)
	                    : schema_canonical(&octets, t->text, p->conf->arena);
}

static void
set_option(struct dhcpd *p, struct area *s, const struct dhcp_option_info *info, struct str value,
    const char *at)
{
	struct str out;
	enum family f = info->family == FAMILY_NONE ? IPV4 : info->family;
	const char *fault = dhcp_option_value(info, f, value, p->conf->arena, &out);

	if (fault)
		facts_other(p->facts, at, "%s %.*s: %s", info->name, STR_FMT(value), fault);
	else
		dhcp_option_set(p->conf->env, &s->option, info, out, at);
}

static void
read_option(struct dhcpd *p, struct area *s, const tokens *t)
{
	const struct dhcp_option_info *info = NULL;
	struct str name = t->n > 1 ? t->v[1].text : STR_NONE;

	if (t->n < 3) {
		diag_error(p->d, t->v[0].at, "an option has a name and a value");
		return;
	}
	if (s->block == BLOCK_HOST && str_ieq(name, STR("dhcp-client-identifier"))) {
		s->host.id[DHCP_CLIENT_ID] = hex_of(p, &t->v[2]);
		return;
	}
	if (str_ieq(name, STR("host-name")) && s->block == BLOCK_HOST) {
		s->given = t->v[2].text;
		return;
	}
	info = dhcp_option_spelled(DHCP_DHCPD, IPV4, name);
	if (!info)
		info = dhcp_option_spelled(DHCP_DHCPD, IPV6, name);
	if (str_ieq(name, STR("bootfile-name")))
		info = dhcp_option_find(IPV4, STR("boot-file-name"));
	if (!info || (info->code == 0 && !str_ieq(name, STR("bootfile-name"))))
		facts_other(p->facts, t->v[0].at, "option %.*s: a plan has no name for it",
		    STR_FMT(name));
	else
		set_option(p, s, info,
		    info->type == DHCP_HEX ? hex_of(p, &t->v[2]) : values(p, t, 2), t->v[2].at);
}

/* --- subnets and pools ------------------------------------------------ */

static bool
netmask(struct str text, int *len)
{
	struct ip mask;

	if (!ip_parse(text, &mask, NULL) || mask.family != IPV4)
		return false;
	for (*len = 0; *len <= 32; ++*len)
		if ((ip_max(IPV4) & ~ip_hostmask(IPV4, *len)) == mask.v)
			return true;
	return false;
}

static bool
subnet_prefix(const tokens *t, struct span *out)
{
	struct ip ip;
	int len;

	if (token_is(&t->v[0], "subnet6"))
		return t->n == 2 && prefix_parse(t->v[1].text, out, NULL) && out->family == IPV6;
	if (t->n != 4 || !token_is(&t->v[2], "netmask") || !ip_parse(t->v[1].text, &ip, NULL) ||
	    ip.family != IPV4 || !netmask(t->v[3].text, &len))
		return false;
	*out = span_prefix(ip, len);
	return out->first == ip.v;
}

static struct area *
open_subnet(struct dhcpd *p, const struct area *outer, const tokens *t)
{
	struct area *s = new_scope(p, BLOCK_SUBNET, outer);
	struct span prefix;

	if (!subnet_prefix(t, &prefix)) {
		diag_error(p->d, t->v[0].at,
		    "subnet ADDRESS netmask MASK, or subnet6 PREFIX, without host bits, is wanted");
		return s;
	}
	dhcp_add_subnet(p->conf, prefix, t->v[0].at)->link = s->link;
	vec_push(p->conf->env, &p->subnet, s);
	s->subnet = p->conf->subnet.n;
	return s;
}

static void
add_range(struct dhcpd *p, const struct area *s, struct span span, const char *at)
{
	struct range range = { span, s, at };

	vec_push(p->conf->env, &p->range, range);
}

static void
read_range(struct dhcpd *p, struct area *s, const tokens *t)
{
	size_t at = t->n > 1 && token_is(&t->v[1], "dynamic-bootp") ? 2 : 1;
	struct ip first, last;
	struct span span;

	if (t->n == at + 2 && token_is(&t->v[at + 1], "temporary")) {
		facts_other(p->facts, t->v[0].at, "%.*s temporary: a plan does not hold it",
		    STR_FMT(t->v[at].text));
		return;
	}
	if (t->n == at + 1 && prefix_parse(t->v[at].text, &span, NULL)) {
		add_range(p, s, span, t->v[at].at);
		return;
	}
	if ((t->n != at + 1 && t->n != at + 2) || !ip_parse(t->v[at].text, &first, NULL) ||
	    !ip_parse(t->v[t->n - 1].text, &last, NULL) || first.family != last.family) {
		diag_error(p->d, t->v[0].at, "a range has a first and a last address");
		return;
	}
	if (first.v > last.v) {
		/* dhcpd takes it so */
		struct ip swap = first;
		first = last;
		last = swap;
	}
	add_range(p, s, span_range(first, last), t->v[at].at);
}

/* The prefixes that cover a run of them. */
static void
add_pds(struct dhcpd *p, struct dhcp_subnet *s, struct span run, int len, const char *at)
{
	while (run.first <= run.last) {
		struct dhcp_pd pd = { span_head_block(run), STR_NONE, len, at };
		vec_push(p->conf->env, &s->pd, pd);
		if (pd.prefix.last == run.last)
			return;
		run.first = pd.prefix.last + 1;
	}
}

static void
read_prefix6(struct dhcpd *p, struct area *s, const tokens *t)
{
	struct dhcp_subnet *subnet = s->subnet ? &p->conf->subnet.v[s->subnet - 1] : NULL;
	struct ip first, last;
	int len;

	if (t->n != 4 || !subnet || subnet->prefix.family != IPV6 ||
	    !ip_parse(t->v[1].text, &first, NULL) || !ip_parse(t->v[2].text, &last, NULL) ||
	    first.family != IPV6 || last.family != IPV6 || !prefix_len_parse(t->v[3].text, &len) ||
	    first.v > last.v) {
		diag_error(p->d, t->v[0].at, "prefix6 FIRST LAST /LENGTH, in a subnet6, is wanted");
		return;
	}
	last.v |= ip_hostmask(IPV6, len);
	add_pds(p, subnet, span_range(first, last), len, t->v[0].at);
}

/* --- hosts ------------------------------------------------------------ */

static void
read_hardware(struct dhcpd *p, struct area *s, const tokens *t)
{
	unsigned char mac[6];
	char text[MAC_TEXT];
	static const struct attr_info octets = { .type = VALUE_HEX };

	if (t->n != 3) {
		diag_error(p->d, t->v[0].at, "hardware ethernet ADDRESS is wanted");
		return;
	}
	if (!token_is(&t->v[1], "ethernet")) {
		facts_other(p->facts, t->v[0].at,
		    "hardware %.*s: a plan has Ethernet addresses alone", STR_FMT(t->v[1].text));
		return;
	}
	if (mac_parse(schema_canonical(&octets, t->v[2].text, p->conf->arena), mac))
		s->host.id[DHCP_MAC] = arena_str(p->conf->arena, str_from(mac_fmt(text, mac)));
	else
		diag_error(p->d, t->v[2].at,
		    "%.*s: an Ethernet address is written 52:54:00:12:34:56",
		    STR_FMT(t->v[2].text));
}

static void
read_fixed(struct dhcpd *p, struct area *s, const tokens *t)
{
	struct span span;
	struct ip ip;

	for (size_t i = 1; i < t->n; i++) {
		if (token_is(&t->v[i], ","))
			continue;
		if (token_is(&t->v[0], "fixed-prefix6") && prefix_parse(t->v[i].text, &span, NULL))
			vec_push(p->conf->env, &s->host.prefix, span);
		else if (ip_parse(t->v[i].text, &ip, NULL))
			vec_push(p->conf->env, &s->host.ip, ip);
		else
			facts_other(p->facts, t->v[i].at, "%.*s %.*s: a name, or no address",
			    STR_FMT(t->v[0].text), STR_FMT(t->v[i].text));
	}
}

static void
read_identifier(struct dhcpd *p, struct area *s, const tokens *t)
{
	if (t->n == 4 && token_is(&t->v[1], "option") && token_is(&t->v[2], "dhcp6.client-id"))
		s->host.id[DHCP_DUID] = hex_of(p, &t->v[3]);
	else if (t->n == 4 && token_is(&t->v[2], "dhcp-client-identifier"))
		s->host.id[DHCP_CLIENT_ID] = hex_of(p, &t->v[3]);
	else
		facts_other(p->facts, t->v[0].at,
		    "host-identifier: a plan has dhcp6.client-id alone");
}

/* The name of the statement, if that is a host's; the one that it gives is often but
 * its first label. */
static struct str
host_name(struct dhcpd *p, const struct area *s)
{
	struct str name = dhcpd_unplaced(s->name, &s->host, p->conf->arena), given = s->given;
	bool is_complete = str_find(name, '.') < name.n;

	if (given.n && !(is_complete && str_ieq(given, dhcp_short_name(name))))
		name = given;
	if (name.n == 0 || !host_is_publishable(name) || ip_looks_like_key(name))
		return STR_NONE;
	if (str_find(name, '.') < name.n && name.p[name.n - 1] != '.')
		return arena_fmt(p->conf->arena, "%.*s.", STR_FMT(name));
	return name;
}

static void
add_host(struct dhcpd *p, struct area *s)
{
	struct dhcp_host *h;
	enum family f = s->host.ip.n ? s->host.ip.v[0].family : s->host.prefix.n ? IPV6 : IPV4;
	bool has_id = dhcp_best_id(&s->host, f) != DHCP_IDS;

	if (!has_id || (s->host.ip.n == 0 && s->host.prefix.n == 0)) {
		facts_other(p->facts, s->host.at, "host %.*s: %s", STR_FMT(s->name),
		    has_id ? "no address" : "no hardware and no identifier that a plan has");
		dhcp_host_release(&s->host);
		return;
	}
	h = dhcp_add_host(p->conf, &p->conf->stray, s->host.at);
	*h = s->host;
	h->name = host_name(p, s);
	gather(p, s, f, &h->option);
}

/* --- statements ------------------------------------------------------- */

static void read_block(struct dhcpd *p, struct area *s);

static void
include_file(struct dhcpd *p, struct area *s, const tokens *t)
{
	struct dhcpd outer = *p;
	struct text_source source;

	if (t->n != 2 || p->files > 8) {
		diag_error(p->d, t->v[0].at, "include \"FILE\", not too deep, is wanted");
		return;
	}
	if (!format_include(p->in, t->v[1].text, p->source, t->v[1].at, &source, p->d))
		return;
	p->source = &source;
	p->text.at = source.p;
	p->text.end = source.p + source.n;
	p->files++;
	p->blocks = 0;
	read_block(p, s);
	p->source = outer.source;
	p->text.at = outer.text.at;
	p->text.end = outer.text.end;
	p->files = outer.files;
	p->blocks = outer.blocks;
}

typedef void statement_fn(struct dhcpd *p, struct area *s, const tokens *t);

static const struct {
	const char *word;
	statement_fn *read;
	unsigned blocks; /* those it may stand in, 1 << enum block */
} statements[] = {
	{ "option", read_option, ~0u },
	{ "range", read_range, 1u << BLOCK_SUBNET | 1u << BLOCK_POOL },
	{ "range6", read_range, 1u << BLOCK_SUBNET | 1u << BLOCK_POOL },
	{ "prefix6", read_prefix6, 1u << BLOCK_SUBNET | 1u << BLOCK_POOL },
	{ "hardware", read_hardware, 1u << BLOCK_HOST },
	{ "fixed-address", read_fixed, 1u << BLOCK_HOST },
	{ "fixed-address6", read_fixed, 1u << BLOCK_HOST },
	{ "fixed-prefix6", read_fixed, 1u << BLOCK_HOST },
	{ "host-identifier", read_identifier, 1u << BLOCK_HOST },
	{ "include", include_file, ~0u },
};

/* The server's own affairs; a plan has nothing to say of them. */
static bool
is_affair(struct str word)
{
	static const char *const words[] = { "authoritative", "not", "max-lease-time",
		"min-lease-time", "preferred-lifetime", "log-facility", "use-host-decl-names",
		"one-lease-per-client", "ping-check", "ping-timeout", "lease-file-name",
		"pid-file-name", "db-time-format", "omapi-port", "omapi-key", "local-port",
		"local-address", "dhcpv6-lease-file-name", "dhcpv6-pid-file-name",
		"always-broadcast", "get-lease-hostnames", "server-identifier",
		"update-static-leases", "update-conflict-detection", "update-optimization",
		"dhcpv6-set-tee-times", "key" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_ieq(word, str_from(words[i])))
			return true;
	return str_starts(word, STR("ddns-"));
}

static void
read_simple(struct dhcpd *p, struct area *s, const tokens *t)
{
	const struct dhcp_option_info *info;
	struct str word = t->v[0].text;

	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		if (!token_is(&t->v[0], statements[i].word))
			continue;
		if (statements[i].blocks & (1u << s->block))
			statements[i].read(p, s, t);
		else
			diag_error(p->d, t->v[0].at, "%.*s: not at this place", STR_FMT(word));
		return;
	}
	if (token_is(&t->v[0], "ddns-hostname") && t->n == 2 && s->block == BLOCK_HOST) {
		s->given = s->given.n ? s->given : t->v[1].text;
		return;
	}
	info = dhcp_option_spelled(DHCP_DHCPD, IPV4, word);
	if (info && info->code == 0 && t->n > 1)
		set_option(p, s, info, values(p, t, 1), t->v[1].at);
	else if (!is_affair(word))
		facts_other(p->facts, t->v[0].at, "%.*s: a plan does not hold it", STR_FMT(word));
}

static struct area *
open_block(struct dhcpd *p, const struct area *outer, const tokens *t)
{
	struct area *s = NULL;

	if (t->n == 0)
		return NULL;
	if (token_is(&t->v[0], "subnet") || token_is(&t->v[0], "subnet6"))
		return open_subnet(p, outer, t);
	if (token_is(&t->v[0], "pool") || token_is(&t->v[0], "pool6"))
		return new_scope(p, BLOCK_POOL, outer);
	if (token_is(&t->v[0], "group"))
		return new_scope(p, BLOCK_GROUP, outer);
	if (token_is(&t->v[0], "shared-network") && t->n == 2) {
		s = new_scope(p, BLOCK_LINK, outer);
		s->link = t->v[1].text;
	} else if (token_is(&t->v[0], "host") && t->n == 2) {
		s = new_scope(p, BLOCK_HOST, outer);
		s->name = t->v[1].text;
		s->host.at = t->v[0].at;
	}
	return s;
}

static void
read_inner(struct dhcpd *p, const struct area *outer, const tokens *t)
{
	struct area *s = open_block(p, outer, t);

	if (!s || p->blocks > 64) {
		facts_other(p->facts, t->n ? t->v[0].at : p->text.at,
		    "%.*s { }: a plan does not hold it", STR_FMT(t->n ? t->v[0].text : STR_NONE));
		token_skip_block(&p->text);
		return;
	}
	p->blocks++;
	read_block(p, s);
	p->blocks--;
}

/* To the } of this block, or the end of the file. */
static void
read_block(struct dhcpd *p, struct area *s)
{
	const char *from = p->text.at;
	tokens t = { 0 };
	char end = 0;

	while (!p->text.failed && (end = token_statement(&p->text, &t)) != 0) {
		if (end == '}' && p->blocks == 0 && !p->text.failed) {
			diag_error(p->d, p->text.at - 1, "no block is open here");
			p->text.failed = true;
		}
		if (end == '}' || p->text.failed)
			break;
		if (end == '{')
			read_inner(p, s, &t);
		else if (t.n)
			read_simple(p, s, &t);
	}
	if (end == 0 && !p->text.failed && p->blocks) {
		diag_error(p->d, from, "no } ends this block");
		p->text.failed = true;
	}
	vec_release(&t);
}

/* --- the whole -------------------------------------------------------- */

static void
put_ranges(struct dhcpd *p)
{
	for (size_t i = 0; i < p->range.n; i++) {
		const struct range *r = &p->range.v[i];
		struct dhcp_subnet *s =
		    r->scope->subnet ? &p->conf->subnet.v[r->scope->subnet - 1] : &p->conf->stray;
		struct dhcp_pool *pool = dhcp_add_pool(p->conf, s, r->span, r->at);
		if (r->scope->block == BLOCK_POOL)
			gather(p, r->scope, r->span.family, &pool->option);
	}
}

/* Hosts in the order of the file. */
static void
put_hosts(struct dhcpd *p)
{
	struct area *ordered = NULL;

	for (struct area *s = p->scopes, *next; s; s = next) {
		next = s->next;
		s->next = ordered;
		ordered = s;
	}
	p->scopes = ordered;
	for (struct area *s = ordered; s; s = s->next)
		if (s->block == BLOCK_HOST)
			add_host(p, s);
}

void
dhcpd_conf(const struct format_input *in, struct dhcp *conf, struct facts *facts, struct diags *d)
{
	struct dhcpd p = { .in = in, .source = &in->source, .conf = conf, .facts = facts, .d = d };

	p.text = (struct token_source){ in->source.p, in->source.p + in->source.n, conf->arena, d,
		false };
	read_block(&p, new_scope(&p, BLOCK_TOP, NULL));
	for (size_t i = 0; i < p.subnet.n; i++)
		gather(&p, p.subnet.v[i], conf->subnet.v[i].prefix.family,
		    &conf->subnet.v[i].option);
	put_ranges(&p);
	put_hosts(&p);
	for (struct area *s = p.scopes; s; s = s->next)
		vec_release(&s->option);
	vec_release(&p.range);
	vec_release(&p.subnet);
}

void
dhcpd_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	dhcp_read(in, facts, d, dhcpd_conf);
}
