/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arpa.h"

/* Takes the suffix off a name, with the dot before it. */
static bool
cut_suffix(struct str *name, struct str suffix)
{
	if (!str_iends(*name, suffix))
		return false;
	size_t left = name->n - suffix.n;
	if (left > 0 && name->p[left - 1] != '.')
		return false;
	name->n = left > 0 ? left - 1 : 0;
	return true;
}

/* Takes the last label off a name; false if there is none. */
static bool
last_label(struct str *name, struct str *label)
{
	size_t at = name->n;

	if (name->n == 0)
		return false;
	while (at > 0 && name->p[at - 1] != '.')
		at--;
	*label = str_cut(*name, at, name->n);
	name->n = at > 0 ? at - 1 : 0;
	return true;
}

static bool
octet(struct str label, uint64_t *out)
{
	return str_uint(label, 255, out) && (label.n == 1 || label.p[0] != '0');
}

static bool
block_by_length(u128 first, uint64_t len, struct span *out)
{
	if (len < 25 || len > 32)
		return false;
	*out = span_prefix((struct ip){ first, IPV4 }, (int)len);
	return out->first == first;
}

static bool
block_by_end(u128 first, u128 last, struct span *out)
{
	for (uint64_t len = 25; len <= 32; len++)
		if (block_by_length(first, len, out) && out->last == last)
			return true;
	return false;
}

/* The block of a label of RFC 2317; base is the /24 it is in. */
static bool
block(struct str label, u128 base, struct span *out)
{
	size_t slash = str_find(label, '/'), cut = slash < label.n ? slash : str_find(label, '-');
	uint64_t first, end;

	if (cut == label.n || !octet(str_cut(label, 0, cut), &first) ||
	    !octet(str_cut(label, cut + 1, label.n), &end))
		return false;
	if (slash == label.n && block_by_end(base | first, base | end, out))
		return true;
	return block_by_length(base | first, end, out);
}

/* What lies below three octets: an octet, a block, or an octet below a block. */
static bool
below_24(struct str name, u128 base, struct span *out)
{
	struct str label, below;
	uint64_t value;

	last_label(&name, &label);
	if (!last_label(&name, &below)) {
		if (!octet(label, &value))
			return block(label, base, out);
		*out = span_prefix((struct ip){ base | value, IPV4 }, 32);
		return true;
	}
	if (name.n || !octet(below, &value))
		return false;
	struct ip ip = { base | value, IPV4 };
	if (block(label, base, out) && !span_holds_ip(*out, ip))
		return false;
	*out = span_prefix(ip, 32);
	return true;
}

static bool
parse_v4(struct str name, struct span *out)
{
	struct str label;
	uint64_t value;
	u128 v = 0;
	int octets = 0;

	for (; octets < 3 && last_label(&name, &label); octets++) {
		if (!octet(label, &value))
			return false;
		v |= (u128)value << (24 - 8 * octets);
	}
	if (octets == 3 && name.n)
		return below_24(name, v, out);
	*out = span_prefix((struct ip){ v, IPV4 }, 8 * octets);
	return true;
}

static int
nibble(struct str label)
{
	int c = label.n == 1 ? ascii_lower(label.p[0]) : 0;

	if (ascii_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
parse_v6(struct str name, struct span *out)
{
	struct str label;
	u128 v = 0;
	int nibbles = 0;

	for (; last_label(&name, &label); nibbles++) {
		int value = nibble(label);
		if (value < 0 || nibbles == 32)
			return false;
		v |= (u128)(unsigned)value << (124 - 4 * nibbles);
	}
	*out = span_prefix((struct ip){ v, IPV6 }, 4 * nibbles);
	return true;
}

bool
arpa_is_reverse(struct str name)
{
	struct str rest = str_without_dot(name);

	return cut_suffix(&rest, STR("in-addr.arpa")) || cut_suffix(&rest, STR("ip6.arpa"));
}

bool
arpa_parse(struct str name, struct span *out)
{
	struct str rest = str_without_dot(name);

	if (cut_suffix(&rest, STR("in-addr.arpa")))
		return parse_v4(rest, out);
	return cut_suffix(&rest, STR("ip6.arpa")) && parse_v6(rest, out);
}

/* Writes a label and a dot; returns how many bytes that took. */
static size_t
put_octet(char *p, unsigned octet_value)
{
	size_t n = 0;

	if (octet_value >= 100)
		p[n++] = (char)('0' + octet_value / 100);
	if (octet_value >= 10)
		p[n++] = (char)('0' + octet_value / 10 % 10);
	p[n++] = (char)('0' + octet_value % 10);
	p[n++] = '.';
	return n;
}

static size_t
put_nibble(char *p, unsigned value)
{
	p[0] = "0123456789abcdef"[value];
	p[1] = '.';
	return 2;
}

/* The name of a prefix that ends at an octet or a nibble. */
static struct str
name_of(struct arena *a, struct ip ip, int len)
{
	char text[2 * 32 + sizeof("in-addr.arpa")];
	struct str top = ip.family == IPV4 ? STR("in-addr.arpa") : STR("ip6.arpa");
	size_t n = 0;

	for (int at = len; ip.family == IPV4 && at > 0; at -= 8)
		n += put_octet(text + n, (unsigned)(ip.v >> (32 - at)) & 255);
	for (int at = len; ip.family == IPV6 && at > 0; at -= 4)
		n += put_nibble(text + n, (unsigned)(ip.v >> (128 - at)) & 15);
	memcpy(text + n, top.p, top.n);
	return arena_str(a, (struct str){ text, n + top.n });
}

struct str
arpa_name(struct arena *a, struct ip ip)
{
	return name_of(a, ip, ip_bits(ip.family));
}

/* The length of the zones that cover a prefix. */
static int
zone_len(struct span prefix)
{
	int bits = prefix.family == IPV4 ? 8 : 4;

	if (prefix.family == IPV4 && prefix.len > 24)
		return prefix.len;
	return (prefix.len + bits - 1) / bits * bits;
}

size_t
arpa_zones(struct span prefix)
{
	return (size_t)1 << (zone_len(prefix) - prefix.len);
}

struct str
arpa_zone(struct arena *a, struct span prefix, size_t i)
{
	int len = zone_len(prefix), rest = ip_bits(prefix.family) - len;
	struct ip ip = { prefix.first + (rest < 128 ? (u128)i << rest : 0), prefix.family };

	if (prefix.family != IPV4 || len <= 24)
		return name_of(a, ip, len);
	struct str around = name_of(a, ip, 24);
	return arena_fmt(a, "%u/%d.%.*s", (unsigned)ip.v & 255, len, STR_FMT(around));
}
