/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "dns.h"
#include "edit.h"

typedef void rule_fn(struct checker *c, const struct rec *r);

void
check_say(struct checker *c, enum rule rule, const char *at, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (c->level[rule] == SEV_OFF)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_at(c->d, c->level[rule], rule, (struct pos){ at }, "%s", text);
}

static const char *
key_at(const struct rec *r)
{
	return rec_key(r).p;
}

/* --- keys and places -------------------------------------------------- */

static void
check_key(struct checker *c, const struct rec *r)
{
	char text[SPAN_TEXT];
	struct str key = rec_key(r);

	if (!db_vrf_is_declared(c->db, r->vrf))
		check_say(c, RULE_UNDECLARED_VRF, key.p + str_find(key, '%'),
		    "VRF %.*s is not declared (@vrf %.*s)", STR_FMT(db_vrf_name(c->db, r->vrf)),
		    STR_FMT(db_vrf_name(c->db, r->vrf)));
	if (span_is_link_local(rec_span(r)))
		check_say(c, RULE_LINK_LOCAL, key.p, "link-local addresses are no records");
	if (r->flags & REC_SPELLING)
		check_say(c, RULE_SPELLING, key.p, "%.*s is written %.*s", STR_FMT(key),
		    STR_FMT(db_key(c->db, r)));
	if (r->kind == KIND_RANGE && r->parent == NULL)
		check_say(c, RULE_RANGE_BORDER, key.p, "range %s lies in no subnet",
		    span_fmt(text, rec_span(r)));
}

/* Ranges come in order: whichever before reaches furthest meets r if any does.  That the
 * same one is there twice is said elsewhere. */
static void
check_overlap(struct checker *c, const struct rec *r)
{
	char text[SPAN_TEXT], other[SPAN_TEXT];
	const struct rec *far = c->furthest;
	bool is_near = far && far->vrf == r->vrf && far->family == r->family;

	if (is_near && far->last >= r->first && !span_same(rec_span(far), rec_span(r)))
		check_say(c, RULE_RANGE_OVERLAP, key_at(r), "range %s overlaps range %s",
		    span_fmt(text, rec_span(r)), span_fmt(other, rec_span(far)));
	if (!is_near || far->last < r->last)
		c->furthest = r;
}

static void
check_range(struct checker *c, const struct rec *r)
{
	char text[SPAN_TEXT], other[SPAN_TEXT];
	struct walk w;

	check_overlap(c, r);
	if (r->parent && r->parent->last < r->last) {
		check_say(c, RULE_RANGE_BORDER, key_at(r), "range %s crosses the end of subnet %s",
		    span_fmt(text, rec_span(r)), span_fmt(other, rec_span(r->parent)));
		return;
	}
	for (struct rec *in = walk_in(&w, c->db, r->vrf, rec_span(r)); in; in = walk_next(&w)) {
		if (in->kind != KIND_SUBNET || db_order(c->db, in, r) < 0)
			continue;
		check_say(c, RULE_RANGE_BORDER, key_at(r),
		    "subnet %s lies inside range %s or across its end",
		    span_fmt(other, rec_span(in)), span_fmt(text, rec_span(r)));
		return;
	}
}

static void
check_address(struct checker *c, const struct rec *r)
{
	static const struct {
		enum rule rule;
		const char *what;
	} special[] = {
		[IP_NETWORK] = { RULE_NETWORK_ADDRESS, "the network address" },
		[IP_BROADCAST] = { RULE_BROADCAST_ADDRESS, "the broadcast address" },
		[IP_ANYCAST] = { RULE_ANYCAST_ADDRESS, "the subnet-router anycast address" },
	};
	char text[SPAN_TEXT], subnet[SPAN_TEXT];

	if (!r->parent && !span_is_link_local(rec_span(r)))
		check_say(c, RULE_NO_SUBNET, key_at(r), "%s lies in no subnet",
		    span_fmt(text, rec_span(r)));
	if (!r->parent)
		return;
	enum ip_special s = prefix_special(rec_span(r->parent), r->first);
	if (s != IP_USABLE && c->level[special[s].rule] &&
	    !db_is(c->db, r->parent, "usable", "all"))
		check_say(c, special[s].rule, key_at(r), "%s is %s of %s",
		    span_fmt(text, rec_span(r)), special[s].what,
		    span_fmt(subnet, rec_span(r->parent)));
}

static void
check_subnet(struct checker *c, const struct rec *r)
{
	struct ip_error err;
	struct attr attr;
	struct ip gw;

	if (!attr_find(r, STR("gw"), &attr) || !ip_parse(attr.value, &gw, &err))
		return;
	if (!span_holds_ip(rec_span(r), gw) && !span_is_link_local(span_ip(gw)))
		check_say(c, RULE_GW_OUTSIDE, attr.raw.p, "gw=%.*s is outside %.*s",
		    STR_FMT(attr.value), STR_FMT(rec_key(r)));
}

static void
check_object(struct checker *c, const struct rec *r)
{
	struct str name = rec_object_name(r);

	if (rec_is_object(r, "check") && rule_by_name(name) == RULE_NONE)
		check_say(c, RULE_UNKNOWN_RULE, name.p, "there is no rule %.*s", STR_FMT(name));
}

/* The rules that look at one record and what is around it. */
static const struct {
	unsigned kinds;
	rule_fn *fn;
} record_rules[] = {
	{ K_PLAN, check_key },
	{ K_ANY, check_attrs },
	{ K_RANGE, check_range },
	{ K_ADDRESS, check_address },
	{ K_SUBNET, check_subnet },
	{ K_OBJECT, check_object },
};

static void
check_record(struct checker *c, const struct rec *r)
{
	for (size_t i = 0; i < ARRAY_LEN(record_rules); i++)
		if (record_rules[i].kinds & (1u << r->kind))
			record_rules[i].fn(c, r);
}

/* --- uniqueness ------------------------------------------------------- */

/* Of two records, the one that stands later in the file. */
static const struct rec *
later(const struct rec *a, const struct rec *b)
{
	return a->line > b->line ? a : b;
}

static void
check_duplicate(struct checker *c, const struct rec *a, const struct rec *b)
{
	if (db_order(c->db, a, b) == 0)
		check_say(c, RULE_DUPLICATE_KEY, key_at(later(a, b)), "%.*s is there already",
		    STR_FMT(db_key(c->db, later(a, b))));
}

/* What two records may not share: for sorting. */
struct shared {
	struct str word;
	const char *at;
};

static int
by_word(const void *a, const void *b)
{
	const struct shared *sa = a, *sb = b;
	int order = str_icmp(sa->word, sb->word);

	return order ? order : (sa->at > sb->at) - (sa->at < sb->at);
}

static void
check_shared(struct checker *c, struct shared *v, size_t n, enum rule rule)
{
	qsort(v, n, sizeof(*v), by_word);
	for (size_t i = 1; i < n; i++)
		if (str_ieq(v[i].word, v[i - 1].word))
			check_say(c, rule, v[i].at, "%.*s is there already", STR_FMT(v[i].word));
}

static void
check_names(struct checker *c)
{
	size_t n = 0, most = c->db->named.n;
	struct shared *v = arena_alloc(&c->db->arena, most * sizeof(*v) + 1);
	struct attr attr;

	for (size_t i = 0; i < most; i++) {
		const struct rec *r = c->db->named.v[i];
		if (!(r->flags & REC_GONE) && (r->kind == KIND_SUBNET || r->kind == KIND_RANGE) &&
		    attr_find(r, STR("name"), &attr))
			v[n++] = (struct shared){ attr.value, attr.value.p };
	}
	check_shared(c, v, n, RULE_DUPLICATE_NAME);
}

static void
check_objects(struct checker *c)
{
	struct shared *v = arena_alloc(&c->db->arena, c->db->object.n * sizeof(*v) + 1);
	size_t n = 0;

	for (size_t i = 0; i < c->db->object.n; i++) {
		const struct rec *r = c->db->object.v[i];
		if (r->kind != KIND_OBJECT)
			continue;
		check_record(c, r);
		/* blanks between kind and name do not count */
		v[n].word = arena_fmt(&c->db->arena, "@%.*s %.*s", STR_FMT(rec_object_kind(r)),
		    STR_FMT(rec_object_name(r)));
		v[n++].at = key_at(r);
	}
	check_shared(c, v, n, RULE_DUPLICATE_KEY);
}

/* --- order ------------------------------------------------------------ */

static bool
is_misordered(struct checker *c, const struct rec *before, const struct rec *r)
{
	if (before->kind == KIND_OBJECT || before->kind == KIND_HEADER)
		return false;
	return r->kind == KIND_OBJECT || db_order(c->db, before, r) > 0;
}

static void
check_order(struct checker *c)
{
	const struct rec *before = NULL;

	if (c->db->in_order || c->level[RULE_ORDER] == SEV_OFF)
		return;
	for (size_t i = 0; i < c->db->bases; i++) {
		const struct rec *r = &c->db->base[i];
		if (r->flags & REC_GONE)
			continue;
		if (before && is_misordered(c, before, r))
			check_say(c, RULE_ORDER, key_at(r),
			    "%.*s stands below %.*s (ipam fmt puts them in order)",
			    STR_FMT(rec_key(r)), STR_FMT(rec_key(before)));
		before = r;
	}
}

/* --- DNS -------------------------------------------------------------- */

static const enum rule dns_rules[] = { RULE_ZONE_NAME, RULE_NO_ZONE, RULE_NO_REVERSE,
	RULE_ALIAS_CLASH, RULE_CNAME_DATA, RULE_NS_ADDRESS };

/* Whether any of the rules is wanted that look at the names of the whole plan. */
static bool
wants_dns(const struct checker *c)
{
	for (size_t i = 0; i < ARRAY_LEN(dns_rules); i++)
		if (c->level[dns_rules[i]] != SEV_OFF)
			return true;
	return false;
}

static bool
has_zones(const struct db *db)
{
	for (size_t i = 0; i < db->object.n; i++)
		if (rec_is_object(db->object.v[i], "zone"))
			return true;
	return false;
}

/* What is published changes with time, what is found must not: there is no clock here, and
 * nothing has expired yet. */
static void
check_dns(struct checker *c)
{
	const struct env *env = c->db->env;
	struct env timeless = *env;
	struct dns dns;

	if (!wants_dns(c) || (!(c->flags & REC_OWN_DNS) && !has_zones(c->db)))
		return;
	timeless.now = INT64_MIN;
	c->db->env = &timeless;
	dns_init(&dns, c->db);
	dns_add_root(&dns);
	dns_check(&dns);
	for (size_t i = 0; i < dns.problem.n; i++) {
		const struct dns_problem *p = &dns.problem.v[i];
		check_say(c, p->rule, p->at, "%.*s", STR_FMT(p->text));
	}
	dns_release(&dns);
	c->db->env = env;
}

/* --- the whole -------------------------------------------------------- */

/* The levels that @check records give; an error stays one. */
static void
set_levels(struct checker *c, enum severity least)
{
	struct str level;

	for (size_t i = 0; i < RULE_COUNT; i++)
		c->level[i] = rules[i].severity;
	for (size_t i = 0; i < c->db->object.n; i++) {
		const struct rec *r = c->db->object.v[i];
		if (!rec_is_object(r, "check") || !db_own(c->db, r, "level", &level))
			continue;
		enum rule rule = rule_by_name(rec_object_name(r));
		if (rules[rule].severity == SEV_WARNING)
			c->level[rule] = str_eq(level, STR("off"))     ? SEV_OFF
			                 : str_eq(level, STR("error")) ? SEV_ERROR
			                                               : SEV_WARNING;
	}
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (c->level[i] < least)
			c->level[i] = SEV_OFF;
}

bool
check_is_calm(const struct db *db, const struct rec *subnet)
{
	static const struct span link_local = { (u128)0xfe80 << 112, ((u128)0xfec0 << 112) - 1,
		IPV6, 10 };

	return db_vrf_is_declared(db, subnet->vrf) && !span_meets(rec_span(subnet), link_local);
}

/* The same, remembered. */
static bool
is_calm(struct checker *c, const struct rec *subnet)
{
	if (c->calm == subnet)
		return subnet != NULL;
	if (!subnet || !check_is_calm(c->db, subnet))
		return false;
	c->calm = subnet;
	return true;
}

/* Nearly every address is one of which no rule but check_fine() has anything to say:
 * no other of check_record(), and not check_duplicate(). */
static bool
is_plain(struct checker *c, const struct rec *before, const struct rec *r)
{
	const struct rec *subnet = r->parent;

	return r->kind == KIND_ADDRESS && (r->flags & (REC_FINE | REC_SPELLING)) == REC_FINE &&
	       is_calm(c, subnet) && before->first != r->first && subnet->first < r->first &&
	       r->first < subnet->last;
}

static enum status
check_all(struct checker *c)
{
	const struct rec *before = NULL;
	struct walk w;

	for (struct rec *r = walk_all(&w, c->db); r; before = r, r = walk_next(&w)) {
		c->flags |= r->flags;
		if (before && is_plain(c, before, r)) {
			check_fine(c, r);
			continue;
		}
		check_record(c, r);
		if (before)
			check_duplicate(c, before, r);
	}
	check_objects(c);
	check_names(c);
	check_order(c);
	check_dns(c);
	diags_sort(c->d);
	return c->d->errors ? STATUS_INVALID : STATUS_OK;
}

static struct checker *
new_checker(struct db *db, enum severity least, struct diags *d)
{
	struct checker *c = arena_zalloc(&db->arena, sizeof(*c));

	c->db = db;
	c->d = d;
	set_levels(c, least);
	return c;
}

enum status
check_plan(struct db *db, enum severity least, struct diags *d)
{
	return check_all(new_checker(db, least, d));
}

enum status
check_for_fmt(struct db *db, struct diags *d)
{
	struct checker *c = new_checker(db, SEV_ERROR, d);

	c->level[RULE_ORDER] = c->level[RULE_SPELLING] = SEV_OFF;
	return check_all(c);
}

/* --- changes ---------------------------------------------------------- */

/* Only addresses were touched: no other record can be wrong because of it. */
static bool
only_addresses(const struct line_change *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].rec->kind != KIND_ADDRESS)
			return false;
	return true;
}

/* A plan that was valid is not any more: what was asked for is wrong. */
static enum status
what_is_wrong(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		switch (d->v[i].rule) {
		case RULE_DUPLICATE_KEY:
		case RULE_DUPLICATE_NAME:
		case RULE_RANGE_BORDER:
		case RULE_RANGE_OVERLAP:
		case RULE_UNDECLARED_VRF: return STATUS_CONFLICT;
		default: break;
		}
	return STATUS_USAGE;
}

enum status
check_changes(struct db *db, struct diags *d)
{
	struct checker *c = new_checker(db, SEV_ERROR, d);
	struct line_change *v;
	size_t n = edit_changes(db, &v);

	if (!only_addresses(v, n) || wants_dns(c)) {
		check_plan(db, SEV_ERROR, d);
	} else {
		for (size_t i = 0; i < n; i++)
			if (v[i].after.n)
				check_record(c, v[i].rec);
	}
	return d->errors ? what_is_wrong(d) : STATUS_OK;
}
