/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key.h"

#include <stdio.h>

const char *const kind_names[] = { "", "header", "object", "subnet", "range", "address" };

void
vrfs_init(struct vrfs *v, struct arena *arena)
{
	*v = (struct vrfs){ .arena = arena };
	vrfs_add(v, STR("default"));
}

/* Where a name is in v->slot, or the empty one where it would be. */
static uint16_t *
slot_of(const struct vrfs *v, struct str name)
{
	size_t i = (size_t)str_ihash(name) & (v->slots - 1);

	while (v->slot[i] && !str_ieq(v->name[v->slot[i] - 1], name))
		i = (i + 1) & (v->slots - 1);
	return &v->slot[i];
}

int
vrfs_find(const struct vrfs *v, struct str name)
{
	return v->slots ? *slot_of(v, name) - 1 : -1;
}

/* Room for twice as many. */
static void
vrfs_grow(struct vrfs *v)
{
	struct str *old = v->name;

	v->size = v->size ? v->size * 2 : 8;
	v->slots = v->size * 2;
	v->name = arena_alloc(v->arena, v->size * sizeof(*v->name));
	v->slot = arena_zalloc(v->arena, v->slots * sizeof(*v->slot));
	for (size_t i = 0; i < v->n; i++) {
		v->name[i] = old[i];
		*slot_of(v, old[i]) = (uint16_t)(i + 1);
	}
}

int
vrfs_add(struct vrfs *v, struct str name)
{
	if (v->n && str_eq(v->name[v->last], name))
		return v->last;
	int known = vrfs_find(v, name);
	if (known < 0 && v->n < VRF_MAX) {
		if (v->n == v->size)
			vrfs_grow(v);
		known = (int)v->n++;
		v->name[known] = arena_str(v->arena, name);
		*slot_of(v, name) = (uint16_t)v->n;
	}
	v->last = known < 0 ? 0 : known;
	return known;
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
	if (!ip_parse(s, &ip, err))
		return KIND_NONE;
	*out = span_ip(ip);
	return KIND_ADDRESS;
}

static char *
kind_fmt(char buf[SPAN_TEXT], enum kind kind, struct span span)
{
	return kind == KIND_RANGE ? range_fmt(buf, span) : span_fmt(buf, span);
}

static bool
spelling_is_canonical(struct str s, enum kind kind, struct span span)
{
	char text[SPAN_TEXT];

	if (span.family == IPV4)
		return true; /* the strict dotted quad has one spelling */
	return str_eq(s, str_from(kind_fmt(text, kind, span)));
}

static bool
vrf_fail(struct ip_error *err, size_t at, bool is_empty)
{
	*err = (struct ip_error){ .at = at };
	snprintf(err->why, sizeof(err->why), "%s",
	    is_empty ? "no VRF name after the %" : "a VRF's name has no blank, quote, comma or %");
	return false;
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
		if (!label_is_valid(out->vrf))
			return vrf_fail(err, percent + 1, out->vrf.n == 0);
	}
	bool is_default = out->has_vrf && str_ieq(out->vrf, STR("default"));
	if (is_default)
		out->vrf = STR_NONE;
	out->kind = key_parse_span(head, &out->span, err);
	if (out->kind == KIND_NONE)
		return false;
	out->spelling = !is_default && spelling_is_canonical(head, out->kind, out->span);
	return true;
}

bool
looks_like_key(struct str s)
{
	return ip_looks_like_key(str_cut(s, 0, str_find(s, '%')));
}

struct str
key_fmt_kind(struct arena *a, enum kind kind, struct span span, struct str vrf)
{
	char text[SPAN_TEXT];

	if (vrf.n == 0)
		return arena_str(a, str_from(kind_fmt(text, kind, span)));
	return arena_fmt(a, "%s%%%.*s", kind_fmt(text, kind, span), STR_FMT(vrf));
}

struct str
key_fmt(struct arena *a, struct span span, struct str vrf)
{
	return key_fmt_kind(a, KIND_NONE, span, vrf);
}

static enum rule
error_rule(const struct ip_error *err)
{
	return err->host_bits ? RULE_HOST_BITS : err->reversed ? RULE_RANGE_REVERSED : RULE_BAD_KEY;
}

/* What may have been meant, as a key; empty if nobody knows. */
static struct str
meant(struct arena *a, struct str s, const struct ip_error *err)
{
	struct key key;
	struct ip_error again;

	if (!err->host_bits && !err->is_abbreviated && !err->reversed)
		return STR_NONE;
	key_parse(s, &key, &again);
	return key_fmt_kind(a, key.span.len < 0 ? KIND_RANGE : KIND_SUBNET, key.span, key.vrf);
}

void
key_complain(struct diags *d, struct str s, const struct ip_error *err, struct pos pos,
    enum severity severity)
{
	struct str better = meant(&d->arena, s, err);
	enum rule rule = error_rule(err);

	if (pos.at && rule == RULE_BAD_KEY)
		pos.at += err->at;
	if (pos.at && better.n) {
		diag_at(d, severity, rule, pos, "%.*s: %s (%.*s?)", STR_FMT(s), err->why,
		    STR_FMT(better));
		return;
	}
	diag_at(d, severity, rule, pos, "%.*s: %s", STR_FMT(s), err->why);
	if (better.n)
		diag_hint(d, "%.*s", STR_FMT(better));
}

/* --- names ------------------------------------------------------------ */

bool
name_is_valid(struct str s)
{
	if (s.n == 0 || !(ascii_alnum(s.p[0]) || s.p[0] == '_'))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) && !memchr("_.-", s.p[i], 3))
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
