/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What forward and reverse DNS say of each name. */
#include "merge_parts.h"

enum known { KNOWN_NOT, KNOWN_NO, KNOWN_YES };

/* What is said of a name at one address. */
struct pair {
	struct ip ip;
	struct naming *said[3]; /* forward, reverse, name */
	struct rec *rec;        /* the plan has it there, as a host ... */
	struct entry *alias;    /* ... or as an alias */
	enum known forward, reverse;
	bool forward_by_plan, reverse_by_plan;
};
enum { FORWARD, REVERSE, NAME };

/* What is said of a name at all addresses. */
struct group {
	struct str name;
	bool is_cname, in_plan;
	bool is_spoken_of; /* the source has addresses of names beside it */
	enum cover zone;
	struct rec *alias;                    /* the first that the plan has it as an alias at */
	const struct pair *forward, *reverse; /* the first where it is known to be */
	VEC(struct pair) pair;
};

/* Where the source speaks of one side, though it may not be all of a zone. */
struct spoken {
	name_set domain; /* in which it has an A or AAAA */
	rec_set subnet;  /* in which it has a PTR */
};

static struct str
domain_of(struct str name)
{
	size_t dot = str_find(name, '.');

	return str_cut(name, dot + (dot < name.n), name.n);
}

static void
read_spoken(struct merger *m, struct spoken *s)
{
	for (size_t i = 0; i < m->naming.n; i++) {
		const struct naming *n = &m->naming.v[i];
		struct rec *subnet = n->spot->subnet;
		if (n->is_lost)
			continue;
		if (n->fact->kind == FACT_FORWARD)
			vec_push(m->db->env, &s->domain, domain_of(n->full));
		else if (n->fact->kind == FACT_REVERSE && subnet &&
			 (!s->subnet.n || s->subnet.v[s->subnet.n - 1] != subnet))
			vec_push(m->db->env, &s->subnet, subnet);
	}
	name_set_sort(&s->domain);
	rec_set_sort(&s->subnet);
}

static const struct spot *
spot_of(const struct pair *p)
{
	for (size_t i = 0; i < ARRAY_LEN(p->said); i++)
		if (p->said[i])
			return p->said[i]->spot;
	return NULL;
}

static struct naming *
first_naming(const struct pair *p)
{
	struct naming *first = NULL;

	for (size_t i = 0; i < ARRAY_LEN(p->said); i++)
		if (p->said[i] && (!first || p->said[i]->fact < first->fact))
			first = p->said[i];
	return first;
}

static void
read_group(struct merger *m, const struct spoken *s, struct group *g, struct entry *e,
    const struct entry *end)
{
	static const int
	    slot[] = { [SAID_FORWARD] = FORWARD, [SAID_REVERSE] = REVERSE, [SAID_NAME] = NAME };

	*g = (struct group){ .name = e->name,
		.zone = zones_of_name(&m->zones, e->name),
		.is_spoken_of = name_set_has(&s->domain, domain_of(e->name)),
		.pair = g->pair };
	g->pair.n = 0;
	for (; e < end; e++) {
		struct pair none = { .ip = e->ip };
		if (e->said == SAID_CNAME) {
			g->is_cname = true;
			continue;
		}
		if (g->pair.n == 0 || !ip_same(g->pair.v[g->pair.n - 1].ip, e->ip))
			vec_push(m->db->env, &g->pair, none);
		struct pair *p = &g->pair.v[g->pair.n - 1];
		if (e->said == SAID_PLAN_ALIAS) {
			p->alias = e;
		} else if (e->said == SAID_PLAN) {
			p->rec = e->rec;
			g->in_plan = true;
		} else if (!p->said[slot[e->said]]) {
			p->said[slot[e->said]] = e->naming;
		}
	}
}

/* Whether the plan publishes the host of a record this way. */
static bool
publishes(struct merger *m, const struct rec *r, const char *way)
{
	return !r || db_is(m->db, r, "dns", "both") || db_is(m->db, r, "dns", way);
}

/* What one side, forward or reverse, has: what it says if the source is all of it,
 * else what the plan would say. */
static enum known
judge(bool is_said, bool is_published, enum cover zone, bool in_plan, bool is_told)
{
	if (is_said || (is_published && zone != COVER_SOURCE && in_plan))
		return KNOWN_YES;
	return is_published && (zone == COVER_SOURCE || is_told) ? KNOWN_NO : KNOWN_NOT;
}

static void
judge_forward(struct merger *m, const struct group *g, struct pair *p)
{
	const struct spot *s = spot_of(p);
	enum cover zone = s && g->is_spoken_of ? COVER_SOURCE : g->zone;
	bool is_told =
	    zone == COVER_PLAN || g->in_plan || (s && rec_set_has(&m->named_subnets, s->subnet));

	p->forward_by_plan = zone != COVER_SOURCE && !p->said[FORWARD];
	p->forward = judge(p->said[FORWARD], publishes(m, s ? s->rec : p->rec, "forward"), zone,
	    p->rec, is_told);
}

static void
judge_reverse(struct merger *m, const struct spoken *spoken, struct pair *p)
{
	const struct spot *s = spot_of(p);
	enum cover zone = s && rec_set_has(&spoken->subnet, s->subnet)
	                      ? COVER_SOURCE
	                      : zones_of_ip(&m->zones, p->ip);
	bool is_told = zone == COVER_PLAN ||
	               (s && (s->had_hosts || rec_set_has(&m->named_subnets, s->subnet)));

	p->reverse_by_plan = zone != COVER_SOURCE && !p->said[REVERSE];
	p->reverse = judge(p->said[REVERSE], publishes(m, s ? s->rec : p->rec, "reverse"), zone,
	    p->rec, is_told);
}

static const char *
at_in_source(const struct pair *p)
{
	const struct naming *n = first_naming(p);

	return n ? n->fact->at : rec_key(p->rec).p;
}

/* "A 10.0.0.5", "PTR of 10.0.0.5", "10.0.0.5 in the plan" */
static struct str
side(struct merger *m, const struct pair *p, bool forward)
{
	char text[IP_TEXT];
	bool by_plan = forward ? p->forward_by_plan : p->reverse_by_plan;
	const char *type = p->ip.family == IPV4 ? "A" : "AAAA";

	ip_fmt(text, p->ip);
	if (by_plan)
		return arena_fmt(&m->d->arena, "%s in the plan", text);
	return arena_fmt(&m->d->arena, "%s %s", forward ? type : "PTR of", text);
}

/* The name that the address has in reverse DNS instead, or the plan's. */
static struct str
other_name(struct merger *m, const struct pair *p)
{
	const struct spot *s = spot_of(p);

	if (s && s->pointer)
		return s->pointer->full;
	return s && s->had_hosts && p->reverse_by_plan ? db_label(m->db, s->rec) : STR_NONE;
}

static void
say_forward_only(struct merger *m, const struct group *g, const struct pair *p)
{
	struct str name = other_name(m, p), here = side(m, p, true), rest;

	if (g->reverse) {
		merge_report(m, at_in_source(p), "%.*s: forward and reverse disagree: %.*s, %.*s",
		    STR_FMT(g->name), STR_FMT(here), STR_FMT(side(m, g->reverse, false)));
		return;
	}
	if (name.n)
		rest = arena_fmt(&m->d->arena,
		    p->reverse_by_plan ? "is %.*s in the plan" : "has the PTR %.*s", STR_FMT(name));
	else
		rest = p->reverse_by_plan ? STR("is new to the plan") : STR("has no PTR");
	merge_report(m, at_in_source(p), "%.*s: forward only: %.*s, which %.*s", STR_FMT(g->name),
	    STR_FMT(here), STR_FMT(rest));
}

static void
say_reverse_only(struct merger *m, const struct group *g, const struct pair *p)
{
	const struct pair *other = g->forward;
	struct str here = side(m, p, false);

	if (other)
		merge_report(m, at_in_source(p), "%.*s: forward and reverse disagree: %.*s, %.*s",
		    STR_FMT(g->name), STR_FMT(here), STR_FMT(side(m, other, true)));
	else
		merge_report(m, at_in_source(p), "%.*s: reverse only: %.*s, no A or AAAA%s",
		    STR_FMT(g->name), STR_FMT(here), p->forward_by_plan ? " known" : "");
}

static void
say_finding(struct merger *m, const struct group *g, const struct pair *p)
{
	char text[IP_TEXT];

	if (p->forward == KNOWN_YES && p->reverse == KNOWN_NO)
		say_forward_only(m, g, p);
	else if (p->forward == KNOWN_NO && p->reverse == KNOWN_YES)
		say_reverse_only(m, g, p);
	else if (p->forward == KNOWN_NO && p->reverse == KNOWN_NO)
		merge_report(m, at_in_source(p), "%.*s: in the plan only: %s", STR_FMT(g->name),
		    ip_fmt(text, p->ip));
}

/* The source has the name at an address that is not the one of its host in the plan.  With
 * --conflict update it is an alias nowhere then. */
static void
settle_alias(struct merger *m, struct group *g)
{
	const struct fact *fact = NULL;

	for (size_t i = 0; i < g->pair.n; i++) {
		struct pair *p = &g->pair.v[i];
		if (p->alias && !g->alias)
			g->alias = p->alias->rec;
		bool is_new = p->alias ? g->is_cname : !p->rec;
		if (is_new && !fact && spot_of(p))
			fact = first_naming(p)->fact;
	}
	for (size_t i = 0; fact && i < g->pair.n && m->how->conflict == CONFLICT_UPDATE; i++) {
		struct pair *p = &g->pair.v[i];
		if (!p->alias)
			continue;
		merge_grant(m, (struct grant){ p->alias->rec, fact, g->name, true });
		p->alias->said = SAID_GONE;
		if (spot_of(p))
			p->alias = NULL;
	}
}

/* A name that an address with hosts does not have is taken from an A alone. */
static bool
contradicts(struct merger *m, const struct group *g, const struct pair *p)
{
	const struct spot *s = spot_of(p);
	char text[IP_TEXT];

	if (!s || p->rec || p->alias)
		return false;
	if (!g->alias && (p->said[FORWARD] || !s->had_hosts))
		return false;
	merge_contradict(m, at_in_source(p), "%.*s: %s%s, in the plan %s%.*s", STR_FMT(g->name),
	    p->said[REVERSE] ? "PTR of " : "", ip_fmt(text, s->ip), g->alias ? "an alias of " : "",
	    STR_FMT(g->alias ? db_label(m->db, g->alias) : s->label));
	return true;
}

static void
judge_group(struct merger *m, const struct spoken *spoken, struct group *g)
{
	for (size_t i = 0; i < g->pair.n; i++) {
		struct pair *p = &g->pair.v[i];
		judge_forward(m, g, p);
		judge_reverse(m, spoken, p);
		if (!g->forward && p->forward == KNOWN_YES)
			g->forward = p;
		if (!g->reverse && p->reverse == KNOWN_YES)
			g->reverse = p;
	}
	settle_alias(m, g);
	for (size_t i = 0; i < g->pair.n; i++) {
		struct pair *p = &g->pair.v[i];
		struct naming *first = p->said[REVERSE] ? p->said[REVERSE] : first_naming(p);
		bool is_refused = contradicts(m, g, p);
		if (first && (p->rec || p->alias))
			first->is_host = p->rec != NULL;
		else if (first && (!is_refused || m->how->conflict == CONFLICT_UPDATE))
			first->is_new = first->is_host = true;
		else if (first)
			m->counts->unplaced++;
		if (!is_refused && !g->is_cname && !p->said[NAME] && !p->alias)
			say_finding(m, g, p);
	}
}

void
merge_agree(struct merger *m)
{
	struct group group = { 0 };
	struct spoken spoken = { 0 };

	read_spoken(m, &spoken);
	for (size_t i = 0; i < m->book.entry.n;) {
		struct entry *e = &m->book.entry.v[i], *end = book_end(&m->book, e);
		read_group(m, &spoken, &group, e, end);
		judge_group(m, &spoken, &group);
		i += (size_t)(end - e);
	}
	vec_release(&group.pair);
	vec_release(&spoken.domain);
	vec_release(&spoken.subnet);
}
