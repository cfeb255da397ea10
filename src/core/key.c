/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key.h"

const char *const kind_names[] = { "", "header", "object", "subnet", "range", "address" };

void
vrfs_init(struct vrfs *v, struct arena *arena)
{
	*v = (struct vrfs){ .arena = arena };
	vrfs_add(v, STR("default"));
}

int
vrfs_find(const struct vrfs *v, struct str name)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_ieq(v->name[i], name))
			return (int)i;
	return -1;
}

int
vrfs_add(struct vrfs *v, struct str name)
{
	int known = vrfs_find(v, name);

	if (known >= 0 || v->n == VRF_MAX)
		return known;
	if (v->n == v->size) {
		size_t size = v->size ? v->size * 2 : 8;
		struct str *more = arena_alloc(v->arena, size * sizeof(*more));
		if (v->n)
			memcpy(more, v->name, v->n * sizeof(*more));
		v->name = more;
		v->size = size;
	}
	v->name[v->n] = arena_str(v->arena, name);
	return (int)v->n++;
}

bool
name_is_valid(struct str s)
{
	if (s.n == 0 || !(ascii_alnum(s.p[0]) || s.p[0] == '_'))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) && !strchr("_.-", s.p[i]))
			return false;
	return true;
}

bool
label_is_valid(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || memchr("\",%\x7f", s.p[i], 4))
			return false;
	return s.n > 0;
}

bool
attr_name_is_valid(struct str s)
{
	if (s.n == 0 || s.p[0] < 'a' || s.p[0] > 'z')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || ascii_digit(c) || c == '_' || c == '.' || c == '-'))
			return false;
	}
	return true;
}

/* The form decides what is tried: a slash makes a prefix, a hyphen a range. */
static enum kind
key_parse_span(struct str s, struct span *out, struct ip_error *err)
{
	struct ip ip;

	if (str_find(s, '/') < s.n)
		return prefix_parse(s, out, err) ? KIND_SUBNET : KIND_NONE;
	if (str_find(s, '-') < s.n)
		return range_parse(s, out, err) ? KIND_RANGE : KIND_NONE;
	if (!ip_parse(s, &ip, err)) {
		if (err->is_abbreviated)
			*out = span_ip(ip);
		return KIND_NONE;
	}
	*out = span_ip(ip);
	return KIND_ADDRESS;
}

static bool
spelling_is_canonical(struct str s, struct span span)
{
	char text[SPAN_TEXT];

	if (span.family == IPV4)
		return true; /* the strict dotted quad has one spelling */
	return str_eq(s, str_from(span_fmt(text, span)));
}

bool
key_parse(struct str s, struct key *out, struct ip_error *err)
{
	size_t percent = str_find(s, '%');
	struct str head = str_cut(s, 0, percent);

	*out = (struct key){ .has_vrf = percent < s.n };
	*err = (struct ip_error){ 0 };
	if (out->has_vrf) {
		out->vrf = str_cut(s, percent + 1, s.n);
		if (!label_is_valid(out->vrf)) {
			*err = (struct ip_error){ .why = "no VRF name after the %", .at = percent + 1 };
			return false;
		}
	}
	out->kind = key_parse_span(head, &out->span, err);
	if (out->kind == KIND_NONE)
		return false;
	bool is_default = out->has_vrf && str_ieq(out->vrf, STR("default"));
	if (is_default)
		out->vrf = STR_NONE;
	out->spelling = !is_default && spelling_is_canonical(head, out->span);
	return true;
}

struct str
key_fmt(struct arena *a, struct span span, struct str vrf)
{
	char text[SPAN_TEXT];

	if (vrf.n == 0)
		return arena_str(a, str_from(span_fmt(text, span)));
	return arena_fmt(a, "%s%%%.*s", span_fmt(text, span), STR_FMT(vrf));
}

static enum rule
error_rule(const struct ip_error *err)
{
	return err->host_bits ? RULE_HOST_BITS : err->reversed ? RULE_RANGE_REVERSED : RULE_BAD_KEY;
}

void
key_complain(struct diags *d, struct str s, const struct ip_error *err, struct pos pos, enum severity severity)
{
	struct key key;
	struct ip_error again;
	char text[SPAN_TEXT];
	struct pos at = { pos.at && !err->host_bits && !err->reversed ? pos.at + err->at : pos.at };

	diag_at(d, severity, error_rule(err), at, "%.*s: %s", STR_FMT(s), err->why);
	key_parse(s, &key, &again);
	if (err->host_bits || err->is_abbreviated || err->reversed)
		diag_hint(d, "%s", span_fmt(text, key.span));
}
