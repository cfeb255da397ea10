/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Further names of hosts. */
#include "edit.h"
#include "merge_parts.h"

enum { CHAIN_MAX = 16 };

void
merge_grant(struct merger *m, struct grant grant)
{
	vec_push(m->db->env, &m->grant, grant);
}

struct str
merge_alias_name(struct merger *m, const struct fact *fact)
{
	struct rec *r = NULL, *subnet = NULL;

	if (fact->ip.family) {
		r = db_find(m->db, m->how->vrf, span_ip(fact->ip), KIND_ADDRESS);
		subnet = r ? r->parent : db_around(m->db, m->how->vrf, span_ip(fact->ip));
	}
	return merge_full(m, fact->name, merge_domain_at(m, r, subnet));
}

/* The record of an entry that says where a host is; NULL for any other. */
static struct rec *
host_of(struct merger *m, const struct entry *e)
{
	if (e->said == SAID_PLAN)
		return e->rec;
	if (!e->naming || !e->naming->is_host)
		return NULL;
	return db_find(m->db, m->how->vrf, span_ip(e->ip), KIND_ADDRESS);
}

/* The records that have the name as a host, else those that have it as an alias. */
static void
find_hosts(struct merger *m, struct str name, rec_list *out)
{
	size_t n = 0;
	const struct entry *e = book_find(&m->book, name, &n);

	for (size_t i = 0; i < n; i++) {
		struct rec *r = host_of(m, &e[i]);
		if (r && (out->n == 0 || out->v[out->n - 1] != r))
			vec_push(m->db->env, out, r);
	}
	for (size_t i = 0; out->n == 0 && i < n; i++)
		if (e[i].said == SAID_PLAN_ALIAS)
			vec_push(m->db->env, out, e[i].rec);
}

/* The CNAME that a name is the owner of, or NULL. */
static const struct fact *
find_cname(const struct merger *m, struct str name)
{
	size_t n = 0;
	const struct entry *e = book_find(&m->book, name, &n);

	for (size_t i = 0; i < n; i++)
		if (e[i].said == SAID_CNAME && e[i].fact->target.n)
			return e[i].fact;
	return NULL;
}

/* The records of the host that a CNAME leads to, and its name; false, and it is
 * reported, if there is none. */
static bool
find_target(struct merger *m, const struct fact *fact, struct str full, rec_list *out,
    struct str *host)
{
	struct str target = merge_full(m, fact->target, STR_NONE);
	const struct fact *next;

	for (int i = 0; i < CHAIN_MAX; i++) {
		find_hosts(m, target, out);
		next = out->n ? NULL : find_cname(m, target);
		if (!next)
			break;
		target = merge_full(m, next->target, STR_NONE);
	}
	*host = target;
	if (out->n)
		return true;
	merge_unplaced(m, fact->at, "%.*s: CNAME %.*s: %s", STR_FMT(full), STR_FMT(fact->target),
	    next ? "a loop of CNAMEs" : "no host of the plan");
	return false;
}

/* Reports a name that is a host, or was the owner of another CNAME before. */
static bool
is_refused(struct merger *m, const struct fact *fact, struct str full, const struct entry *e,
    size_t n)
{
	const struct fact *first = find_cname(m, full);
	char text[IP_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (!host_of(m, &e[i]))
			continue;
		merge_contradict(m, fact->at, "%.*s: CNAME %.*s, and a host of %s", STR_FMT(full),
		    STR_FMT(fact->target), ip_fmt(text, e[i].ip));
		m->counts->unplaced++;
		return true;
	}
	if (first == fact)
		return false;
	if (!str_ieq(first->target, fact->target)) {
		merge_contradict(m, fact->at, "%.*s: CNAME %.*s, and above %.*s", STR_FMT(full),
		    STR_FMT(fact->target), STR_FMT(first->target));
		m->counts->unplaced++;
	}
	return true;
}

static bool
has_rec(const rec_list *list, const struct rec *r)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == r)
			return true;
	return false;
}

/* --- an alias follows the first host of its address ---------------------- */

static bool
is_first(struct merger *m, const struct rec *r, struct str host)
{
	struct str first;

	return db_fqdn(m->db, r, db_label(m->db, r), &first) && str_ieq(first, host);
}

/* Where the host is the first one, if that is anywhere. */
static void
keep_first(struct merger *m, struct str host, rec_list *target)
{
	size_t n = 0;

	for (size_t i = 0; i < target->n; i++)
		n += is_first(m, target->v[i], host);
	if (n == 0)
		return;
	n = 0;
	for (size_t i = 0; i < target->n; i++)
		if (is_first(m, target->v[i], host))
			target->v[n++] = target->v[i];
	target->n = n;
}

static void
put_first(struct merger *m, struct rec *r, struct str host)
{
	struct str hosts, rest, one, full, first = STR_NONE;
	struct buf list;

	if (!db_own(m->db, r, "host", &hosts))
		return;
	buf_init(&list, m->db->env);
	for (rest = hosts; str_next(&rest, ',', &one);) {
		if (!first.n && db_fqdn(m->db, r, one, &full) && str_ieq(full, host))
			first = one;
		else
			buf_fmt(&list, ",%.*s", STR_FMT(one));
	}
	if (first.n)
		edit_set(m->db, r, "host",
		    arena_fmt(&m->db->arena, "%.*s%.*s", STR_FMT(first), STR_FMT(buf_get(&list))));
	buf_release(&list);
}

/* Makes it the first one at an address that is new to the plan, unless an alias follows
 * another one there. */
static void
make_first(struct merger *m, struct str host, rec_list *target)
{
	size_t n = 0;
	const struct entry *e = book_find(&m->book, host, &n);
	bool is_done = is_first(m, target->v[0], host);

	for (size_t i = 0; i < n; i++) {
		struct rec *r = e[i].naming ? host_of(m, &e[i]) : NULL;
		if (!r)
			continue;
		struct spot *s = e[i].naming->spot;
		if (!is_done && !s->had_hosts && !s->has_alias) {
			put_first(m, r, host);
			target->v[0] = r;
			target->n = 1;
			is_done = true;
		}
		s->has_alias |= has_rec(target, r);
	}
}

static void
check_first(struct merger *m, const struct fact *fact, struct str full, const struct rec *r)
{
	struct str first;

	if (db_fqdn(m->db, r, db_label(m->db, r), &first) &&
	    !find_cname(m, merge_full(m, fact->target, STR_NONE)) &&
	    !str_ieq(first, merge_full(m, fact->target, STR_NONE)))
		merge_report(m, fact->at,
		    "%.*s: CNAME %.*s; in the plan it follows the first host, %.*s", STR_FMT(full),
		    STR_FMT(fact->target), STR_FMT(first));
}

/* What the plan has the alias at: true if that is what the source says. */
static bool
is_known(struct merger *m, const struct fact *fact, const struct entry *e, size_t n,
    const rec_list *target)
{
	bool is_elsewhere = false, is_there = false;

	for (size_t i = 0; i < n; i++) {
		if (e[i].said != SAID_PLAN_ALIAS)
			continue;
		bool there = has_rec(target, e[i].rec);
		is_there |= there;
		if (there)
			merge_touch(m, e[i].rec, fact->at);
		else if (!is_elsewhere)
			merge_contradict(m, fact->at,
			    "%.*s: CNAME %.*s, in the plan an alias of %.*s", STR_FMT(e->name),
			    STR_FMT(fact->target), STR_FMT(db_label(m->db, e[i].rec)));
		is_elsewhere |= !there;
		if (!there && m->how->conflict == CONFLICT_UPDATE)
			merge_grant(m, (struct grant){ e[i].rec, fact, e->name, true });
	}
	if (is_elsewhere && !is_there && m->how->conflict != CONFLICT_UPDATE) {
		m->counts->unplaced++;
		return true;
	}
	return is_there;
}

static void
read_cname(struct merger *m, const struct fact *fact, rec_list *target)
{
	struct str full = merge_full(m, fact->name, STR_NONE), host;
	size_t n;
	const struct entry *e = book_find(&m->book, full, &n);

	target->n = 0;
	if (is_refused(m, fact, full, e, n) || !find_target(m, fact, full, target, &host))
		return;
	keep_first(m, host, target);
	if (is_known(m, fact, e, n, target))
		return;
	make_first(m, host, target);
	check_first(m, fact, full, target->v[0]);
	for (size_t i = 0; i < target->n; i++)
		merge_grant(m, (struct grant){ target->v[i], fact, full, false });
}

/* --- further names of an address, as hosts(5) has them ------------------- */

/* Who has a name, at all addresses. */
struct sharing {
	bool is_shared;         /* a host has it, or the source has it beside different ones */
	struct entry *alias[2]; /* aliases of the plan: the first, and the first of another host */
};

/* The first host of an address, complete. */
static struct str
first_host(struct merger *m, const struct rec *r)
{
	struct str host;

	return r && db_fqdn(m->db, r, db_label(m->db, r), &host) ? host : STR_NONE;
}

static struct sharing *
find_sharing(struct merger *m, struct entry *e, size_t n)
{
	struct sharing *s = arena_zalloc(&m->db->arena, sizeof(*s));
	struct str first = STR_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct rec *r = db_find(m->db, m->how->vrf, span_ip(e[i].ip), KIND_ADDRESS);
		if (e[i].said != SAID_CNAME && e[i].said != SAID_PLAN_ALIAS) {
			s->is_shared |= r && host_of(m, &e[i]) && db_has_fqdn(m->db, r, e->name);
			continue;
		}
		struct str host = first_host(m, r);
		if (e[i].said == SAID_CNAME) {
			first = first.n ? first : host;
			s->is_shared |= host.n && !str_ieq(first, host);
		} else if (!s->alias[0])
			s->alias[0] = &e[i];
		else if (!s->alias[1] && !str_ieq(host, first_host(m, s->alias[0]->rec)))
			s->alias[1] = &e[i];
	}
	return s;
}

/* The entries of a name at an address. */
static struct entry *
entries_at(struct entry *e, size_t *n, struct ip ip)
{
	size_t low = 0, high = *n, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (e[mid].ip.family < ip.family ||
		    (e[mid].ip.family == ip.family && e[mid].ip.v < ip.v))
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < *n && ip_same(e[end].ip, ip);)
		end++;
	*n = end - low;
	return e + low;
}

/* Whether an address has the name already: in the plan, or from further up. */
static bool
has_further(struct merger *m, const struct fact *fact, const struct rec *r, struct entry *e,
    size_t n)
{
	for (e = entries_at(e, &n, fact->ip); n-- > 0; e++)
		if (e->said == SAID_PLAN_ALIAS || (e->said == SAID_CNAME && e->fact < fact) ||
		    /* unless the source has just put another in its place */
		    (host_of(m, e) && db_has_fqdn(m->db, r, e->name)))
			return true;
	return false;
}

/* The plan's alias of this name that is one of another host, or NULL. */
static const struct rec *
alias_of_other(struct merger *m, const struct sharing *s, const struct rec *r)
{
	struct str host = first_host(m, r);

	for (size_t i = 0; i < ARRAY_LEN(s->alias); i++)
		if (s->alias[i] && !str_ieq(host, first_host(m, s->alias[i]->rec)))
			return s->alias[i]->rec;
	return NULL;
}

/* The name is the source's: no alias of the plan any more, but at the same host. */
static void
take_away(struct merger *m, const struct fact *fact, const struct rec *r, struct entry *e, size_t n)
{
	struct str host = first_host(m, r);

	for (size_t i = 0; i < n; i++) {
		if (e[i].said != SAID_PLAN_ALIAS || str_ieq(host, first_host(m, e[i].rec)))
			continue;
		merge_grant(m, (struct grant){ e[i].rec, fact, e->name, true });
		e[i].said = SAID_GONE;
	}
	e->sharing->alias[0] = e->sharing->alias[1] = NULL;
}

static void
add_host(struct merger *m, struct rec *r, const struct fact *fact, struct str full)
{
	struct str hosts, host = merge_written(m, full, merge_domain_at(m, r, r->parent),
			      fact->name.p[fact->name.n - 1] == '.');

	if (!db_own(m->db, r, "host", &hosts))
		hosts = STR_NONE;
	merge_touch(m, r, fact->at);
	edit_set(m->db, r, "host",
	    arena_join(&m->db->arena, hosts, hosts.n ? STR(",") : STR_NONE, host));
}

/* A name that others have, too, is a host's here: an alias has one host only.  Where the plan
 * has it as an alias of another, that contradicts it. */
static void
place_further(struct merger *m, const struct fact *fact, struct rec *r, struct str full,
    struct entry *e, size_t n)
{
	const struct rec *alias = alias_of_other(m, e->sharing, r);
	bool is_update = m->how->conflict == CONFLICT_UPDATE;
	char text[IP_TEXT];

	if (alias)
		merge_contradict(m, fact->at, "%.*s: %s, in the plan an alias of %.*s",
		    STR_FMT(full), ip_fmt(text, fact->ip), STR_FMT(db_label(m->db, alias)));
	if (alias && is_update)
		take_away(m, fact, r, e, n);
	if (alias && !is_update)
		m->counts->unplaced++;
	else if (e->sharing->is_shared)
		add_host(m, r, fact, full);
	else
		merge_grant(m, (struct grant){ r, fact, full, false });
}

static void
read_further(struct merger *m, const struct fact *fact)
{
	struct rec *r = db_find(m->db, m->how->vrf, span_ip(fact->ip), KIND_ADDRESS);
	struct str full = merge_alias_name(m, fact);
	size_t n;
	struct entry *e = book_find(&m->book, full, &n);
	const char *fault = host_fault(full);
	char text[IP_TEXT];

	if (!fault && (!r || db_quarantine(m->db, r) == QUARANTINE_LIVE))
		fault = "not in the plan";
	if (fault) {
		merge_unplaced(m, fact->at, "%s (%.*s): %s", ip_fmt(text, fact->ip), STR_FMT(full),
		    fault);
		return;
	}
	if (has_further(m, fact, r, e, n))
		return;
	if (!e->sharing)
		e->sharing = find_sharing(m, e, n);
	place_further(m, fact, r, full, e, n);
}

/* --- into the plan ---------------------------------------------------- */

static int
grant_order(const void *a, const void *b)
{
	const struct grant *x = a, *y = b;

	if (x->rec != y->rec)
		return (uintptr_t)x->rec < (uintptr_t)y->rec ? -1 : 1;
	return (x->fact > y->fact) - (x->fact < y->fact);
}

/* The record's own aliases without those that it loses. */
static void
keep_aliases(struct merger *m, const struct grant *g, const struct grant *end, struct buf *list)
{
	struct str value, alias, full;

	if (!db_own(m->db, g->rec, "alias", &value))
		return;
	while (str_next(&value, ',', &alias)) {
		bool is_kept = true;
		if (!db_fqdn(m->db, g->rec, alias, &full))
			full = alias;
		for (const struct grant *away = g; away < end; away++)
			is_kept &= !away->is_taken_away || !str_ieq(away->full, full);
		if (!is_kept)
			continue;
		buf_z(list, list->n ? "," : "");
		buf_str(list, alias);
	}
}

static void
apply(struct merger *m, const struct grant *g, const struct grant *end)
{
	struct str domain = merge_domain_at(m, g->rec, g->rec->parent);
	struct buf list;

	buf_init(&list, m->db->env);
	keep_aliases(m, g, end, &list);
	for (const struct grant *one = g; one < end; one++) {
		struct str name = one->fact->name;
		merge_touch(m, one->rec, one->fact->at);
		if (one->is_taken_away)
			continue;
		buf_z(&list, list.n ? "," : "");
		buf_str(&list, merge_written(m, one->full, domain, name.p[name.n - 1] == '.'));
	}
	edit_set(m->db, g->rec, "alias", buf_get(&list));
	buf_release(&list);
}

void
merge_aliases(struct merger *m)
{
	rec_list target = { 0 };

	for (size_t i = 0; i < m->facts->n; i++) {
		const struct fact *fact = &m->facts->v[i];
		if (fact->kind != FACT_ALIAS)
			continue;
		if (fact->target.n)
			read_cname(m, fact, &target);
		else
			read_further(m, fact);
	}
	if (m->grant.n)
		qsort(m->grant.v, m->grant.n, sizeof(*m->grant.v), grant_order);
	for (size_t i = 0, end; i < m->grant.n; i = end) {
		for (end = i; end < m->grant.n && m->grant.v[end].rec == m->grant.v[i].rec;)
			end++;
		apply(m, &m->grant.v[i], &m->grant.v[end]);
	}
	vec_release(&target);
}
