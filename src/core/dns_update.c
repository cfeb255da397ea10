/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns_update.h"

#include "arpa.h"

struct updater {
	struct db *db;
	const struct dns_zone *zone;
	const dns_list *served;
	dns_change_list *out;
	struct diags *d;
	size_t left;
};

/* The turns: what is added before what is dropped, names before addresses, and the other
 * way round. */
enum turn { TURN_NAME, TURN_ADDRESS, TURN_ADDRESS_GONE, TURN_NAME_GONE, TURN_NONE };

static enum turn
turn_of(const struct dns_change *c)
{
	bool is_reverse = arpa_is_reverse(c->zone->name);

	if (c->come.n)
		return is_reverse ? TURN_ADDRESS : TURN_NAME;
	return is_reverse ? TURN_ADDRESS_GONE : TURN_NAME_GONE;
}

static struct dns_rrs
room(struct arena *a, size_t n)
{
	return (struct dns_rrs){ arena_alloc(a, n * sizeof(struct dns_rr) + 1), 0 };
}

static const struct dns_rr *
find(const struct dns_rrs *rrs, unsigned type)
{
	for (size_t i = 0; i < rrs->n; i++)
		if (rrs->v[i].type == type)
			return &rrs->v[i];
	return NULL;
}

static bool
is_among(const struct dns_rrs *rrs, const struct dns_rr *rr)
{
	for (size_t i = 0; i < rrs->n; i++)
		if (dns_order(&rrs->v[i], rr) == 0)
			return true;
	return false;
}

/* --- one name ----------------------------------------------------------- */

/* What differs at a name. */
static struct dns_change
gather(const struct updater *u, const struct dns_difference *v, size_t n)
{
	const struct dns_rr *rr = v->plan ? v->plan : v->served;
	struct arena *a = &u->db->arena;
	size_t at = dns_find(u->served, rr->key, 0), end = at;
	struct dns_change c = { .zone = u->zone, .name = rr->owner, .key = rr->key };

	while (end < u->served->n && str_eq(u->served->v[end].key, rr->key))
		end++;
	c.gone = room(a, n);
	c.come = room(a, n);
	c.kept = room(a, end - at);
	for (size_t i = 0; i < n; i++) {
		if (v[i].plan)
			c.come.v[c.come.n++] = *v[i].plan;
		if (v[i].served && v[i].state != DNS_DYNAMIC)
			c.gone.v[c.gone.n++] = *v[i].served;
	}
	for (size_t i = at; i < end; i++)
		if (!is_among(&c.gone, &u->served->v[i]))
			c.kept.v[c.kept.n++] = u->served->v[i];
	return c;
}

/* Adding to a set with another TTL would change that of those that are there. */
static void
keep_ttl(struct dns_change *c)
{
	for (size_t i = 0; i < c->come.n; i++) {
		const struct dns_rr *other = find(&c->kept, c->come.v[i].type);
		if (other)
			c->come.v[i].ttl = other->ttl;
	}
}

/* Why a name cannot be made the plan's; NULL if it can.  A server ignores an alias
 * beside other records, and says that all is well. */
static const char *
obstacle(const struct dns_change *c)
{
	if (find(&c->kept, DNS_DHCID))
		return "a DHCP server has this name (DHCID)";
	if (find(&c->come, DNS_CNAME) && c->kept.n + c->come.n > 1)
		return "an alias in the plan, and the server has other records there";
	if (c->come.n && find(&c->kept, DNS_CNAME))
		return "the server has a CNAME there";
	return NULL;
}

static void
take_name(struct updater *u, const struct dns_difference *v, size_t n)
{
	struct dns_change c = gather(u, v, n);
	const char *why = obstacle(&c);

	if (c.gone.n + c.come.n == 0)
		return;
	if (why && c.come.n) {
		diag_fail(u->d, STATUS_REMOTE, "%.*s: left as it is: %s", STR_FMT(c.name), why);
		u->left++;
		c.is_left = true;
	}
	keep_ttl(&c);
	c.turn = turn_of(&c);
	vec_push(u->db->env, u->out, c);
}

/* --- all of them ---------------------------------------------------------- */

static struct str
key_of(const struct dns_difference *d)
{
	return d->plan ? d->plan->key : d->served->key;
}

size_t
dns_changes(struct db *db, const struct dns_zone *zone, const dns_list *plan,
    const dns_list *served, const dns_list *dynamic, dns_change_list *out, struct diags *d)
{
	struct updater u = { db, zone, served, out, d, 0 };
	dns_differences all = { 0 };

	dns_diff(db, zone, plan, served, dynamic, &all);
	for (size_t from = 0, to; from < all.n; from = to) {
		for (to = from + 1; to < all.n && str_eq(key_of(&all.v[from]), key_of(&all.v[to]));)
			to++;
		take_name(&u, &all.v[from], to - from);
	}
	vec_release(&all);
	return u.left;
}

static int
by_turn(const void *a, const void *b)
{
	const struct dns_change *x = a, *y = b;

	if (x->turn != y->turn)
		return x->turn < y->turn ? -1 : 1;
	if (x->zone != y->zone)
		return x->zone < y->zone ? -1 : 1;
	return str_cmp(x->key, y->key);
}

/* Whether the address of a PTR is one that its name does not get. */
static bool
leads_to(const struct dns_rr *ptr, const struct dns_change *left, struct str key)
{
	if (!str_eq(key, left->key))
		return false;
	for (size_t i = 0; i < left->come.n; i++)
		if (left->come.v[i].ip.family == ptr->ip.family &&
		    left->come.v[i].ip.v == ptr->ip.v)
			return true;
	return false;
}

static bool
is_held(struct arena *a, const dns_change_list *list, const struct dns_change *c)
{
	for (size_t i = 0; i < c->come.n; i++) {
		const struct dns_rr *rr = &c->come.v[i];
		if (rr->type != DNS_PTR || rr->ip.family == FAMILY_NONE)
			continue;
		struct str key = dns_key(a, rr->target);
		for (size_t k = 0; k < list->n; k++)
			if (list->v[k].is_left && leads_to(rr, &list->v[k], key))
				return true;
	}
	return false;
}

void
dns_changes_sort(struct arena *a, dns_change_list *list)
{
	size_t n = 0;
	bool any = false;

	for (size_t i = 0; i < list->n; i++)
		any |= list->v[i].is_left;
	for (size_t i = 0; i < list->n && any; i++)
		list->v[i].turn = is_held(a, list, &list->v[i]) ? TURN_NONE : list->v[i].turn;
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].is_left && list->v[i].turn != TURN_NONE)
			list->v[n++] = list->v[i];
	list->n = n;
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_turn);
}

struct dns_change
dns_change_undo(const struct dns_change *c)
{
	struct dns_change undo = *c;

	undo.gone = c->come;
	undo.come = c->gone;
	return undo;
}
