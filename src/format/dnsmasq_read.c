/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The DHCP lines of a dnsmasq configuration: dhcp-range, dhcp-host, dhcp-option,
 * dhcp-boot; its DNS is no concern of this reader.
 *
 * Options belong to tags, which ranges and reservations set; those without a tag
 * are everybody's.
 */
#include "dhcp_parts.h"
#include "dnsmasq_word.h"

#include "core/hex.h"

/* An option for a tag; empty: for all. */
struct tagged {
	struct str tag;
	struct dhcp_option option;
};

struct range {
	size_t subnet;
	struct str tag;
	struct span span; /* or, len 0, for reservations alone */
	struct str lease;
	const char *at;
};

struct host {
	struct dhcp_host host;
	struct str tag;
};

struct dnsmasq {
	const struct format_input *in;
	struct dhcp *conf;
	struct facts *facts;
	struct diags *d;
	VEC(struct tagged) option;
	VEC(struct range) range;
	VEC(struct host) host;
	unsigned files;
};

/* --- dhcp-range ------------------------------------------------------- */

static bool
mask_length(struct ip mask, int *len)
{
	for (*len = 0; *len <= 32; ++*len)
		if ((ip_max(IPV4) & ~ip_hostmask(IPV4, *len)) == mask.v)
			return true;
	*len = -1;
	return false;
}

/* The words behind the addresses of a range: its length, its time, what it is for. */
static void
range_tail(struct dnsmasq *r, const words *w, size_t from, enum family f, int *len,
    struct str *lease)
{
	uint64_t bits;
	struct ip ip;

	for (size_t i = from; i < w->n; i++) {
		struct str text = w->v[i].text;
		if (f == IPV4 && ip_parse(text, &ip, NULL) && ip.family == IPV4) {
			if (*len < 0 && !mask_length(ip, len))
				diag_error(r->d, w->v[i].at, "%.*s: no netmask", STR_FMT(text));
		} else if (f == IPV6 && *len < 0 && str_uint(text, 128, &bits)) {
			*len = (int)bits;
		} else if (!word_seconds(r->conf->arena, text, lease) || lease->n == 0) {
			facts_other(r->facts, w->v[i].at,
			    "dhcp-range: %.*s: a plan does not hold it", STR_FMT(text));
		}
	}
	if (f == IPV6 && *len < 0)
		*len = 64;
}

static void
add_range(struct dnsmasq *r, struct range *range, struct ip first, struct ip last, bool is_static,
    int len)
{
	struct span pool = span_range(first, last);

	if (len < 0 && !is_static) {
		facts_other(r->facts, range->at,
		    "dhcp-range without a netmask: the range is taken, its subnet only the server "
		    "knows");
		dhcp_add_pool(r->conf, &r->conf->stray, pool, range->at);
		return;
	}
	if (len < 0) {
		facts_other(r->facts, range->at, "dhcp-range without a netmask");
		return;
	}
	struct span prefix = span_prefix(first, len);
	if (!is_static && !span_holds(prefix, pool)) {
		diag_error(r->d, range->at, "the ends of the range are in different subnets");
		return;
	}
	dhcp_add_subnet(r->conf, prefix, range->at);
	range->subnet = r->conf->subnet.n;
	range->span = pool;
	range->span.len = is_static ? 0 : -1;
	vec_push(r->conf->env, &r->range, *range);
}

/* The words before the addresses: what matches, and what is set, by old custom without set:. */
static size_t
range_tags(const words *w, struct str *tag)
{
	struct str rest;
	struct ip ip;
	size_t i = 0;

	for (; i < w->n; i++) {
		struct str text = w->v[i].text;
		if (word_take(text, "tag:", &rest) || word_take(text, "net:", &rest))
			continue;
		if (word_take(text, "set:", &rest))
			*tag = rest;
		else if (i + 1 < w->n && name_is_valid(text) && !ip_parse(text, &ip, NULL))
			*tag = text;
		else
			break;
	}
	return i;
}

static void
read_range(struct dnsmasq *r, const words *w)
{
	static const char *const modes[] = { "static", "proxy", "ra-only", "slaac", "ra-names",
		"ra-stateless", "ra-advrouter", "off-link" };
	struct range range = { .at = w->v[0].at };
	bool is_static = false;
	struct ip first, last;
	size_t i = range_tags(w, &range.tag);
	int len = -1;

	if (words_have(w, "constructor:")) { /* the prefix is that of an interface */
		facts_other(r->facts, w->v[0].at,
		    "dhcp-range by an interface's address: its prefix only the server knows");
		return;
	}
	if (i == w->n || !ip_parse(w->v[i].text, &first, NULL)) {
		diag_error(r->d, w->v[i < w->n ? i : 0].at, "dhcp-range: an address is wanted");
		return;
	}
	if (++i < w->n && ip_parse(w->v[i].text, &last, NULL) && last.family == first.family) {
		i++;
	} else {
		last = first;
		is_static = true;
	}
	for (; i < w->n; i++) {
		size_t m = 0;
		while (m < ARRAY_LEN(modes) && !str_eq(w->v[i].text, str_from(modes[m])))
			m++;
		if (m == ARRAY_LEN(modes))
			break;
		is_static |= m <= 1;
	}
	if (last.v < first.v) {
		/* dnsmasq takes it so */
		struct ip swap = first;
		first = last;
		last = swap;
	}
	range_tail(r, w, i, first.family, &len, &range.lease);
	add_range(r, &range, first, last, is_static, len);
}

/* --- dhcp-host -------------------------------------------------------- */

static struct str
octets(struct dnsmasq *r, struct str text)
{
	static const struct attr_info info = { .type = VALUE_HEX, .min = 2, .max = 130 };
	struct str hex = schema_canonical(&info, text, r->conf->arena);
	char why[SCHEMA_WHY];

	if (str_find(text, ':') < text.n && !schema_value_fault(&info, hex, why))
		return hex;
	return hex_fmt(r->conf->arena, text);
}

/* A word of a reservation that is neither address nor identifier. */
static bool
host_word(struct dnsmasq *r, struct host *h, const struct word *w)
{
	struct str rest, lease;

	if (word_take(w->text, "set:", &h->tag))
		return true;
	if (word_take(w->text, "tag:", &rest) || word_take(w->text, "net:", &rest)) {
		facts_other(r->facts, w->at, "dhcp-host: %.*s: a plan does not hold it",
		    STR_FMT(w->text));
		return true;
	}
	if (!word_seconds(r->conf->arena, w->text, &lease))
		return false;
	facts_other(r->facts, w->at, "dhcp-host: lease time: a plan has it on subnets alone");
	return true;
}

static void
host_part(struct dnsmasq *r, struct host *h, const struct word *w, struct str *id)
{
	unsigned char mac[6];
	char text[MAC_TEXT];
	struct ip ip;

	if (w->text.n == 0 || host_word(r, h, w) || word_take(w->text, "id:", id))
		return;
	if (str_find(w->text, ':') < w->text.n && mac_parse(w->text, mac)) {
		h->host.id[DHCP_MAC] = arena_str(r->conf->arena, str_from(mac_fmt(text, mac)));
	} else if (word_is_ip6(w->text, &ip) ||
		   (ip_parse(w->text, &ip, NULL) && ip.family == IPV4)) {
		vec_push(r->conf->env, &h->host.ip, ip);
	} else if (host_is_publishable(w->text) && !ip_looks_like_key(w->text)) {
		h->host.name = w->text;
	} else {
		facts_other(r->facts, w->at,
		    "dhcp-host: %.*s: no MAC with colons, address or name (dnsmasq takes it for a "
		    "name)",
		    STR_FMT(w->text));
	}
}

static void
read_host(struct dnsmasq *r, const words *w)
{
	struct host h = { .host.at = w->v[0].at };
	struct str id = STR_NONE;
	bool has_six = false;

	for (size_t i = 0; i < w->n; i++) {
		if (str_eq(w->v[i].text, STR("ignore"))) {
			facts_other(r->facts, w->v[0].at,
			    "dhcp-host: ignore: a plan does not hold it");
			dhcp_host_release(&h.host);
			return;
		}
		host_part(r, &h, &w->v[i], &id);
	}
	for (size_t i = 0; i < h.host.ip.n; i++)
		has_six |= h.host.ip.v[i].family == IPV6;
	if (id.n && !str_eq(id, STR("*")))
		h.host.id[has_six ? DHCP_DUID : DHCP_CLIENT_ID] = octets(r, id);
	bool has_id =
	    h.host.id[DHCP_MAC].n || h.host.id[DHCP_DUID].n || h.host.id[DHCP_CLIENT_ID].n;
	if (h.host.ip.n && has_id) {
		vec_push(r->conf->env, &r->host, h);
		return;
	}
	facts_other(r->facts, w->v[0].at, "dhcp-host without %s",
	    has_id ? "an address" : "a MAC or an identifier");
	dhcp_host_release(&h.host);
}

/* --- dhcp-option, dhcp-boot ------------------------------------------- */

static void
put_option(struct dnsmasq *r, struct str tag, const struct dhcp_option_info *info, struct str value,
    const char *at)
{
	struct tagged t = { tag, { info, STR_NONE, at } };
	const char *fault =
	    dhcp_option_value(info, info->family, value, r->conf->arena, &t.option.value);

	if (fault)
		facts_other(r->facts, at, "%s %.*s: %s", info->name, STR_FMT(value), fault);
	else
		vec_push(r->conf->env, &r->option, t);
}

static const struct dhcp_option_info *
named_option(struct str name, bool has_prefix, enum family f)
{
	uint64_t code;

	if (str_uint(name, UINT16_MAX, &code))
		return dhcp_option_coded(f, code);
	return has_prefix ? dhcp_option_spelled(DHCP_DNSMASQ, f, name) : NULL;
}

/* The values as a list, without the brackets of IPv6. */
static struct str
listed(struct dnsmasq *r, const words *w, size_t from)
{
	struct str all;
	struct buf b;
	struct ip ip;

	buf_init(&b, r->conf->env);
	for (size_t i = from; i < w->n; i++) {
		struct str text = w->v[i].text;
		if (word_is_ip6(text, &ip))
			text = str_cut(text, 1, text.n - 1);
		buf_z(&b, i > from ? "," : "");
		buf_str(&b, text);
	}
	all = arena_str(r->conf->arena, buf_get(&b));
	buf_release(&b);
	return all;
}

/* Takes the tags before an option; the last one counts. */
static size_t
take_tags(struct dnsmasq *r, const words *w, struct str *tag)
{
	size_t i = 0, n = 0;

	for (*tag = STR_NONE; i < w->n; i++) {
		struct str rest;
		if (!word_take(w->v[i].text, "tag:", &rest) &&
		    !word_take(w->v[i].text, "net:", &rest))
			break;
		*tag = rest;
		n++;
	}
	if (n > 1)
		facts_other(r->facts, w->v[0].at, "an option of several tags: the last one counts");
	return i;
}

/* What an option that dnsmasq knows no type of has as its one value, if that is not in
 * quotes: 01:52 are octets, 82 is one. */
static bool
is_octets(struct dnsmasq *r, const struct dhcp_option_info *info, const struct word *w,
    struct str *octets)
{
	uint64_t octet;

	if (w->is_quoted || (info->type != DHCP_HEX && !dhcp_is_guessed(info)))
		return false;
	if (!str_uint(w->text, UINT8_MAX, &octet))
		return str_find(w->text, ':') < w->text.n &&
		       hex_parse(w->text, r->conf->arena, octets);
	*octets = arena_fmt(r->conf->arena, "%c", (int)octet);
	return true;
}

static struct str
option_value(struct dnsmasq *r, const struct dhcp_option_info *info, const words *w, size_t from)
{
	struct str octets;

	if (from + 1 < w->n || !is_octets(r, info, &w->v[from], &octets))
		return listed(r, w, from);
	return info->type == DHCP_HEX ? hex_fmt(r->conf->arena, octets) : octets;
}

static void
read_option(struct dnsmasq *r, const words *w)
{
	const struct dhcp_option_info *info = NULL;
	struct str tag, name = STR_NONE;
	size_t i = take_tags(r, w, &tag);

	if (i < w->n) {
		bool six = word_take(w->v[i].text, "option6:", &name),
		     four = !six && word_take(w->v[i].text, "option:", &name);
		info =
		    named_option(six || four ? name : w->v[i].text, six || four, six ? IPV6 : IPV4);
	}
	if (!info)
		facts_other(r->facts, w->v[0].at, "dhcp-option %.*s: a plan has no name for it",
		    STR_FMT(i < w->n ? w->v[i].text : STR_NONE));
	else if (i + 1 == w->n)
		facts_other(r->facts, w->v[0].at, "dhcp-option %s: without a value", info->name);
	else
		put_option(r, tag, info, option_value(r, info, w, i + 1), w->v[i].at);
}

static void
read_boot(struct dnsmasq *r, const words *w)
{
	static const char *const names[] = { "boot-file-name", "server-hostname", "next-server" };
	struct str tag;
	size_t from = take_tags(r, w, &tag);

	for (size_t i = 0; i < ARRAY_LEN(names) && from + i < w->n; i++)
		if (w->v[from + i].text.n)
			put_option(r, tag, dhcp_option_find(IPV4, str_from(names[i])),
			    w->v[from + i].text, w->v[from + i].at);
}

/* --- lines ------------------------------------------------------------ */

static void read_text(struct dnsmasq *r, const struct text_source *source);

static const struct {
	const char *name;
	void (*read)(struct dnsmasq *r, const words *w);
} lines[] = {
	{ "dhcp-range", read_range },
	{ "dhcp-host", read_host },
	{ "dhcp-option", read_option },
	{ "dhcp-option-force", read_option },
	{ "dhcp-boot", read_boot },
};

static void
include_file(struct dnsmasq *r, const struct text_source *from, struct str name)
{
	struct text_source source;

	if (r->files > 8)
		diag_error(r->d, name.p, "conf-file=%.*s: too many files", STR_FMT(name));
	else if (format_include(r->in, name, from, name.p, &source, r->d))
		read_text(r, &source);
}

/* Whether dnsmasq could have an option of this name. */
static bool
is_option(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alnum(name.p[i]) && name.p[i] != '-')
			return false;
	return name.n > 0;
}

static void
read_line(struct dnsmasq *r, const struct text_source *source, struct str line)
{
	size_t equal = str_find(line, '=');
	struct str name = str_trim(str_cut(line, 0, equal)),
		   value = equal < line.n ? str_trim(str_cut(line, equal + 1, line.n)) : STR_NONE;
	words w = { 0 };

	if (str_eq(name, STR("conf-file")) && value.n) {
		include_file(r, source, value);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (!str_eq(name, str_from(lines[i].name)))
			continue;
		if (value.n == 0) {
			diag_error(r->d, line.p, "%s wants a value", lines[i].name);
			return;
		}
		if (!word_split(r->conf->arena, value, &w))
			diag_error(r->d, value.p, "no closing quote");
		lines[i].read(r, &w);
		vec_release(&w);
		return;
	}
	if (!is_option(name))
		diag_error(r->d, line.p, "no line of dnsmasq's: NAME or NAME=VALUE is wanted");
	else if (str_eq(name, STR("conf-dir")) || str_eq(name, STR("read-ethers")))
		facts_other(r->facts, line.p, "%.*s: what it names is not read", STR_FMT(name));
	else if (str_starts(name, STR("dhcp-")) && !str_eq(name, STR("dhcp-authoritative")) &&
		 !str_eq(name, STR("dhcp-leasefile")) && !str_eq(name, STR("dhcp-lease-max")))
		facts_other(r->facts, line.p, "%.*s: a plan does not hold it", STR_FMT(name));
}

static void
read_text(struct dnsmasq *r, const struct text_source *source)
{
	struct str rest = { source->p, source->n }, line;

	if (!format_is_text(source, r->d))
		return;
	r->files++;
	while (str_next(&rest, '\n', &line)) {
		line = str_trim(line);
		if (line.n && line.p[0] != '#')
			read_line(r, source, line);
	}
	r->files--;
}

/* --- the whole -------------------------------------------------------- */

/* The options of a tag: a later one of the same kind counts. */
static void
tag_options(struct dnsmasq *r, struct str tag, enum family f, dhcp_options *out)
{
	for (size_t i = 0; i < r->option.n; i++)
		if (str_eq(r->option.v[i].tag, tag) && r->option.v[i].option.info->family == f)
			dhcp_option_set(r->conf->env, out, r->option.v[i].option.info,
			    r->option.v[i].option.value, r->option.v[i].option.at);
}

/* What the first range of a subnet says is the subnet's; what another one says
 * otherwise is its pool's. */
static void
put_range(struct dnsmasq *r, const struct range *range, bool is_first)
{
	struct dhcp_subnet *s = &r->conf->subnet.v[range->subnet - 1];
	const struct dhcp_option_info *lease = dhcp_option_for(s->prefix.family, "lease-time");
	dhcp_options all = { 0 };

	tag_options(r, STR_NONE, s->prefix.family, &all);
	if (range->tag.n)
		tag_options(r, range->tag, s->prefix.family, &all);
	if (is_first && range->lease.n)
		dhcp_option_set(r->conf->env, &all, lease, range->lease, range->at);
	struct dhcp_pool *pool =
	    range->span.len == 0 ? NULL : dhcp_add_pool(r->conf, s, range->span, range->at);
	for (size_t i = 0; i < all.n; i++)
		if (is_first)
			dhcp_option_set(r->conf->env, &s->option, all.v[i].info, all.v[i].value,
			    all.v[i].at);
		else if (pool)
			vec_push(r->conf->env, &pool->option, all.v[i]);
	if (is_first && range->tag.n && name_is_valid(range->tag) &&
	    !ip_looks_like_key(range->tag) && !ascii_digit(range->tag.p[0]))
		s->name = range->tag;
	vec_release(&all);
}

static bool
is_first_range(const struct dnsmasq *r, size_t n)
{
	struct span prefix = r->conf->subnet.v[r->range.v[n].subnet - 1].prefix;

	for (size_t i = 0; i < n; i++)
		if (span_same(r->conf->subnet.v[r->range.v[i].subnet - 1].prefix, prefix))
			return false;
	return true;
}

/* What a pool says that its subnet says, too, is the subnet's alone. */
static void
drop_common(struct dnsmasq *r)
{
	for (size_t i = 0; i < r->conf->subnet.n; i++) {
		struct dhcp_subnet *s = &r->conf->subnet.v[i], *first = s;
		for (size_t k = 0; k < i && first == s; k++)
			if (span_same(r->conf->subnet.v[k].prefix, s->prefix))
				first = &r->conf->subnet.v[k];
		for (size_t k = 0; k < s->pool.n; k++) {
			dhcp_options *o = &s->pool.v[k].option;
			size_t n = 0;
			for (size_t m = 0; m < o->n; m++) {
				const struct dhcp_option *same =
				    dhcp_option_get(&first->option, o->v[m].info);
				if (!same || !str_eq(same->value, o->v[m].value))
					o->v[n++] = o->v[m];
			}
			o->n = n;
		}
	}
}

static void
put_hosts(struct dnsmasq *r)
{
	for (size_t i = 0; i < r->host.n; i++) {
		struct host *h = &r->host.v[i];
		struct dhcp_host *host = dhcp_add_host(r->conf, &r->conf->stray, h->host.at);
		*host = h->host;
		if (h->tag.n)
			tag_options(r, h->tag, host->ip.v[0].family, &host->option);
	}
}

void
dnsmasq_conf(const struct format_input *in, struct dhcp *conf, struct facts *facts, struct diags *d)
{
	struct dnsmasq r = { .in = in, .conf = conf, .facts = facts, .d = d };

	read_text(&r, &in->source);
	for (size_t i = 0; i < r.range.n; i++)
		put_range(&r, &r.range.v[i], is_first_range(&r, i));
	drop_common(&r);
	put_hosts(&r);
	vec_release(&r.option);
	vec_release(&r.range);
	vec_release(&r.host);
}

void
dnsmasq_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	dhcp_read(in, facts, d, dnsmasq_conf);
}
