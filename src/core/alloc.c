/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alloc.h"

#include <stdlib.h>

#include "usage.h"
#include "when.h"

enum strategy
strategy_by_name(struct str name)
{
	static const char *const names[] = { "", "first", "last", "random", "sparse" };

	for (size_t i = 1; i < ARRAY_LEN(names); i++)
		if (str_eq(name, str_from(names[i])))
			return (enum strategy)i;
	return STRATEGY_DEFAULT;
}

/* --- one place -------------------------------------------------------- */

/* The subnet of those around whose gateway this is. */
static struct rec *
gateway_of(struct db *db, struct rec *subnet, u128 v)
{
	struct ip gw;

	for (; subnet; subnet = subnet->parent)
		if (db_gateway(db, subnet, &gw) && gw.v == v)
			return subnet;
	return NULL;
}

static enum place_state
place_special(struct db *db, const struct rec *subnet, u128 v)
{
	static const enum place_state state[] = {
		[IP_USABLE] = PLACE_FREE,
		[IP_NETWORK] = PLACE_NETWORK,
		[IP_BROADCAST] = PLACE_BROADCAST,
		[IP_ANYCAST] = PLACE_ANYCAST,
	};
	enum ip_special s = prefix_special(rec_span(subnet), v);

	return s != IP_USABLE && !db_is(db, subnet, "usable", "all") ? state[s] : PLACE_FREE;
}

static enum place_state
role_state(struct db *db, const struct rec *range)
{
	return db_is(db, range, "role", "dhcp")       ? PLACE_DHCP
	       : db_is(db, range, "role", "reserved") ? PLACE_RESERVED
	                                              : PLACE_POOL;
}

struct place
place_at(struct db *db, unsigned vrf, struct ip ip)
{
	struct place p = { .rec = db_find(db, vrf, span_ip(ip), KIND_ADDRESS) };

	p.subnet = db_around(db, vrf, span_ip(ip));
	enum quarantine q = p.rec ? db_quarantine(db, p.rec) : QUARANTINE_OVER;
	if (q != QUARANTINE_OVER)
		p.state = q == QUARANTINE_LIVE ? PLACE_QUARANTINE : PLACE_USED;
	else if (!p.subnet)
		p.state = PLACE_NO_SUBNET;
	else
		p.state = place_special(db, p.subnet, ip.v);
	if (p.state != PLACE_FREE)
		return p;
	if ((p.by = db_range_over(db, vrf, ip)))
		p.state = role_state(db, p.by);
	if (p.state == PLACE_DHCP || p.state == PLACE_RESERVED)
		return p;
	struct rec *gw = gateway_of(db, p.subnet, ip.v);
	if (gw) {
		p.state = PLACE_GATEWAY;
		p.by = gw;
	}
	return p;
}

struct str
place_words(struct db *db, const struct place *p)
{
	static const char *const words[] = {
		[PLACE_FREE] = "",
		[PLACE_NO_SUBNET] = "in no subnet",
		[PLACE_USED] = "in use",
		[PLACE_QUARANTINE] = "in quarantine",
		[PLACE_NETWORK] = "the network address of",
		[PLACE_BROADCAST] = "the broadcast address of",
		[PLACE_ANYCAST] = "the subnet-router anycast address of",
		[PLACE_GATEWAY] = "the gateway of",
		[PLACE_POOL] = "in the pool range",
		[PLACE_DHCP] = "in the dhcp range",
		[PLACE_RESERVED] = "in the reserved range",
	};
	struct str label = p->rec ? db_label(db, p->rec) : STR_NONE, value;
	const struct rec *of = p->by ? p->by : p->subnet;

	switch (p->state) {
	case PLACE_FREE:
	case PLACE_NO_SUBNET: return str_from(words[p->state]);
	case PLACE_QUARANTINE:
		if (db_own(db, p->rec, "until", &value))
			return arena_fmt(&db->arena, "in quarantine until %.*s", STR_FMT(value));
		return str_from(words[p->state]);
	case PLACE_USED:
		if (db_is(db, p->rec, "status", "reserved"))
			return STR("reserved");
		if (label.n)
			return arena_fmt(&db->arena, "in use (%.*s)", STR_FMT(label));
		return str_from(words[p->state]);
	default: return arena_fmt(&db->arena, "%s %.*s", words[p->state], STR_FMT(db_key(db, of)));
	}
}

/* --- gaps ------------------------------------------------------------- */

/* The addresses that a target may give at all. */
static struct span
target_span(struct db *db, const struct rec *target)
{
	const struct rec *subnet = target->kind == KIND_SUBNET ? target : target->parent;
	struct span s = rec_span(target), usable;

	if (!subnet)
		return s;
	usable = prefix_usable(rec_span(subnet), db_is(db, subnet, "usable", "all"));
	if (s.first < usable.first)
		s.first = usable.first;
	if (s.last > usable.last)
		s.last = usable.last;
	return s;
}

static void
note_gateways(struct gaps *g)
{
	const struct rec *subnet = g->target->kind == KIND_SUBNET ? g->target : g->target->parent;
	struct ip gw;

	for (; subnet && g->gws < ARRAY_LEN(g->gw); subnet = subnet->parent) {
		if (!db_gateway(g->db, subnet, &gw) || gw.v < g->at || gw.v > g->end)
			continue;
		size_t i = g->gws++;
		for (; i > 0 && g->gw[i - 1] > gw.v; i--)
			g->gw[i] = g->gw[i - 1];
		g->gw[i] = gw.v;
	}
}

/* Where a walk must begin to meet what covers `at`: a child or range of the target. */
static u128
walk_from(struct db *db, const struct rec *target, u128 at)
{
	struct span place = span_ip((struct ip){ at, target->family });
	const struct rec *child, *range;

	if (target->kind != KIND_SUBNET)
		return at;
	child = db_around(db, target->vrf, place);
	while (child && child != target && child->parent != target)
		child = child->parent;
	range = db_range_over(db, target->vrf, span_first(place));
	if (child && child != target)
		return child->first;
	return range ? range->first : at;
}

void
gaps_start_at(struct gaps *g, struct db *db, const struct rec *target, u128 at)
{
	struct span s = target_span(db, target);

	*g = (struct gaps){ .db = db, .target = target, .end = s.last };
	g->at = at > s.first ? at : s.first;
	g->done = g->at > g->end;
	note_gateways(g);
	s.first = walk_from(db, target, g->at);
	g->ahead = s.first == target->first && target->kind == KIND_SUBNET
	               ? walk_inside(&g->walk, db, target)
	               : walk_in(&g->walk, db, target->vrf, s);
}

void
gaps_start(struct gaps *g, struct db *db, const struct rec *target)
{
	gaps_start_at(g, db, target, target->first);
}

/* Whether a record of the walk takes addresses away from the target. */
static bool
blocks(struct gaps *g, const struct rec *r)
{
	if (r == g->target)
		return false;
	if (r->kind == KIND_ADDRESS)
		return db_quarantine(g->db, r) != QUARANTINE_OVER;
	return g->target->kind == KIND_SUBNET;
}

/* Moves on past the records that lie at g->at; true if that is now free. */
static bool
pass_records(struct gaps *g)
{
	while (g->ahead && g->ahead->first <= g->at) {
		const struct rec *r = g->ahead;
		bool is_block = blocks(g, r);
		if (is_block && r->last >= g->at) {
			if (r->last >= g->end) {
				g->done = true;
				return false;
			}
			g->at = r->last + 1;
		}
		g->ahead = is_block && r->kind != KIND_ADDRESS ? walk_skip(&g->walk, r)
		                                               : walk_next(&g->walk);
	}
	return true;
}

static bool
pass_gateways(struct gaps *g)
{
	for (size_t i = 0; i < g->gws; i++) {
		if (g->gw[i] != g->at)
			continue;
		if (g->at == g->end) {
			g->done = true;
			return false;
		}
		g->at++;
	}
	return true;
}

static u128
next_block(struct gaps *g)
{
	u128 stop = g->end;

	while (g->ahead && !blocks(g, g->ahead))
		g->ahead = walk_next(&g->walk);
	if (g->ahead && g->ahead->first <= stop)
		stop = g->ahead->first - 1;
	for (size_t i = 0; i < g->gws; i++)
		if (g->gw[i] > g->at && g->gw[i] <= stop)
			stop = g->gw[i] - 1;
	return stop;
}

bool
gaps_next(struct gaps *g)
{
	u128 before;

	if (g->done)
		return false;
	do {
		before = g->at;
		if (!pass_records(g) || !pass_gateways(g))
			return false;
	} while (g->at != before);
	g->first = g->at;
	g->last = next_block(g);
	if (g->last == g->end)
		g->done = true;
	else
		g->at = g->last + 1;
	return true;
}

/* --- strategies ------------------------------------------------------- */

struct run {
	u128 first, last;
};

/*
 * Where the search for a target's free addresses can begin and end, from what
 * earlier searches found: additions only ever make less free, and what was
 * made free since is in db->freed.
 */
struct hint {
	const struct rec *target;
	u128 low, high;
	size_t freed, added; /* of db->freed and db->added, how many are taken into account */
	/* for sparse: the gaps, as a heap, largest (and then lowest) first */
	struct run *heap;
	size_t n, size;
	bool has_heap;
};

static u128
middle(const struct run *r)
{
	return r->first + (r->last - r->first) / 2;
}

static bool
is_larger(const struct run *a, const struct run *b)
{
	u128 na = a->last - a->first, nb = b->last - b->first;

	return na != nb ? na > nb : a->first < b->first;
}

static void
heap_push(struct db *db, struct hint *h, u128 first, u128 last)
{
	struct run r = { first, last };
	size_t i = h->n++;

	if (h->n > h->size) {
		h->size = h->size ? h->size * 2 : 64;
		struct run *more = arena_alloc(&db->arena, h->size * sizeof(*more));
		if (i)
			memcpy(more, h->heap, i * sizeof(*more));
		h->heap = more;
	}
	for (; i > 0 && is_larger(&r, &h->heap[(i - 1) / 2]); i = (i - 1) / 2)
		h->heap[i] = h->heap[(i - 1) / 2];
	h->heap[i] = r;
}

static struct run
heap_pop(struct hint *h)
{
	struct run top = h->heap[0], r = h->heap[--h->n];
	size_t i = 0, n = h->n;

	for (size_t k; (k = 2 * i + 1) < n; i = k) {
		if (k + 1 < n && is_larger(&h->heap[k + 1], &h->heap[k]))
			k++;
		if (!is_larger(&h->heap[k], &r))
			break;
		h->heap[i] = h->heap[k];
	}
	if (n)
		h->heap[i] = r;
	return top;
}

/* A record that came: what sparse chose cuts its gap in two, and after
 * anything else the gaps are to be found anew. */
static void
hint_added(struct db *db, struct hint *h, const struct rec *r)
{
	const struct rec *t = h->target;

	if (!h->has_heap || r->vrf != t->vrf || !span_meets(rec_span(r), rec_span(t)))
		return;
	if (r->kind != KIND_ADDRESS || h->n == 0 || r->first != middle(&h->heap[0])) {
		h->has_heap = false;
		return;
	}
	struct run top = heap_pop(h);
	if (r->first > top.first)
		heap_push(db, h, top.first, r->first - 1);
	if (r->first < top.last)
		heap_push(db, h, r->first + 1, top.last);
}

static void
hint_freed(struct hint *h, const struct span *s)
{
	const struct rec *t = h->target;

	if (s->first < h->low)
		h->low = s->first > t->first ? s->first : t->first;
	if (s->last > h->high)
		h->high = s->last < t->last ? s->last : t->last;
	h->has_heap = false;
}

static struct hint *
hint_for(struct db *db, const struct rec *target)
{
	struct hint *h = NULL;

	for (size_t i = 0; i < db->hints && !h; i++)
		if (db->hint[i]->target == target)
			h = db->hint[i];
	if (!h) {
		h = arena_zalloc(&db->arena, sizeof(*h));
		*h = (struct hint){ .target = target,
			.low = target->first,
			.high = target->last,
			.freed = db->freed.n,
			.added = db->added.n };
		if (db->hints < ARRAY_LEN(db->hint))
			db->hint[db->hints++] = h;
	}
	for (; h->freed < db->freed.n; h->freed++)
		hint_freed(h, &db->freed.v[h->freed]);
	for (; h->added < db->added.n; h->added++)
		hint_added(db, h, db->added.v[h->added]);
	return h;
}

static enum status
choose_first(struct db *db, const struct rec *target, u128 *v)
{
	struct hint *h = hint_for(db, target);
	struct gaps g;

	gaps_start_at(&g, db, target, h->low);
	if (!gaps_next(&g))
		return STATUS_FULL;
	*v = h->low = g.first;
	return STATUS_OK;
}

/* Whether an address can be given: for strategies that need no walk. */
static bool
is_free(struct db *db, const struct rec *target, u128 v)
{
	struct ip ip = { v, target->family };
	struct place p = place_at(db, target->vrf, ip);
	bool is_range = target->kind == KIND_RANGE;

	if (is_range && p.by == target)
		return gateway_of(db, target->parent, v) == NULL;
	return p.state == PLACE_FREE && p.subnet == target && !is_range;
}

/* From the top down: a step at a time while it is dense there, then a walk. */
static enum status
choose_last(struct db *db, const struct rec *target, u128 *v)
{
	struct hint *h = hint_for(db, target);
	struct span s = target_span(db, target);
	enum status status = STATUS_FULL;
	struct gaps g;

	if (h->high < s.last)
		s.last = h->high;
	for (int step = 0; step < 64 && s.last > s.first; step++, s.last--)
		if (is_free(db, target, s.last)) {
			*v = h->high = s.last;
			return STATUS_OK;
		}
	for (gaps_start(&g, db, target); gaps_next(&g); status = STATUS_OK)
		*v = h->high = g.last;
	return status;
}

/* Uniform in [0, n]. */
static bool
draw(struct db *db, u128 n, u128 *out)
{
	u128 mask = n;

	for (int shift = 1; shift < 128; shift *= 2)
		mask |= mask >> shift;
	do {
		if (!db->env->random || !db->env->random(out, sizeof(*out)))
			return false;
		*out &= mask;
	} while (*out > n);
	return true;
}

/* First by trial, which is uniform over the free ones, too; where nearly all
 * is taken, by counting them. */
static enum status
choose_random(struct db *db, const struct rec *target, u128 *v)
{
	struct span s = target_span(db, target);
	u128 total = 0, k;
	struct gaps g;

	for (int trial = 0; trial < 64; trial++) {
		if (!draw(db, s.last - s.first, &k))
			return STATUS_SYSTEM;
		*v = s.first + k;
		if (is_free(db, target, *v))
			return STATUS_OK;
	}
	for (gaps_start(&g, db, target); gaps_next(&g);)
		total += g.last - g.first + 1;
	if (total == 0)
		return STATUS_FULL;
	if (!draw(db, total - 1, &k))
		return STATUS_SYSTEM;
	for (gaps_start(&g, db, target); gaps_next(&g); k -= g.last - g.first + 1)
		if (k <= g.last - g.first)
			break;
	*v = g.first + k;
	return STATUS_OK;
}

static enum status
choose_sparse(struct db *db, const struct rec *target, u128 *v)
{
	struct hint *h = hint_for(db, target);
	struct gaps g;

	if (!h->has_heap) {
		h->n = 0;
		for (gaps_start(&g, db, target); gaps_next(&g);)
			heap_push(db, h, g.first, g.last);
		h->has_heap = true;
	}
	if (h->n == 0)
		return STATUS_FULL;
	*v = middle(&h->heap[0]);
	return STATUS_OK;
}

/* --- choosing --------------------------------------------------------- */

/* "web (10.0.0.0/24), ..." : subnets directly inside that give addresses. */
static void
hint_children(struct db *db, const struct rec *subnet, struct diags *d)
{
	struct buf b;
	struct walk w;
	int n = 0;

	buf_init(&b, db->env);
	for (struct rec *r = walk_inside(&w, db, subnet); r && n < 4;
	     r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w)) {
		struct str name = db_label(db, r);
		if (r->kind != KIND_SUBNET)
			continue;
		buf_fmt(&b, "%s%.*s%s%.*s", n ? ", " : "", STR_FMT(db_key(db, r)),
		    name.n ? " " : "", STR_FMT(name));
		n++;
	}
	if (n)
		diag_hint(d, "its subnets: %.*s", STR_FMT(buf_get(&b)));
	buf_release(&b);
}

static enum status
check_target(struct db *db, const struct rec *target, bool force, struct diags *d)
{
	struct str key = db_key(db, target), status;

	if (target->kind == KIND_RANGE) {
		if (db_is(db, target, "role", "dhcp") && !force)
			return diag_fail(d, STATUS_CONFLICT,
			    "%.*s: is a dhcp range: its addresses are the server's", STR_FMT(key));
		return STATUS_OK;
	}
	db_value(db, target, STR("status"), &status, NULL);
	if (str_eq(status, STR("active")))
		return STATUS_OK;
	diag_fail(d, STATUS_CONFLICT, "%.*s: has status=%.*s: no address is handed out from it",
	    STR_FMT(key), STR_FMT(status));
	hint_children(db, target, d);
	return STATUS_CONFLICT;
}

static enum status
say_full(struct db *db, const struct rec *target, struct diags *d)
{
	char used[COUNT_TEXT], kept[COUNT_TEXT];
	struct usage u;

	if (target->kind == KIND_RANGE)
		return diag_fail(d, STATUS_FULL, "%.*s: no free address",
		    STR_FMT(db_key(db, target)));
	usage_of(db, target, &u);
	struct count other = count_add(u.reserved, u.dhcp);
	if (count_is_zero(other))
		return diag_fail(d, STATUS_FULL, "%.*s: no free address (%s used)",
		    STR_FMT(db_key(db, target)), count_fmt(used, u.used));
	return diag_fail(d, STATUS_FULL, "%.*s: no free address (%s used, %s reserved or dhcp)",
	    STR_FMT(db_key(db, target)), count_fmt(used, u.used), count_fmt(kept, other));
}

enum status
alloc_choose(struct db *db, const struct rec *target, enum strategy s, bool force, struct ip *ip,
    struct diags *d)
{
	static enum status (*const choose[])(struct db *, const struct rec *, u128 *) = {
		[STRATEGY_FIRST] = choose_first,
		[STRATEGY_LAST] = choose_last,
		[STRATEGY_RANDOM] = choose_random,
		[STRATEGY_SPARSE] = choose_sparse,
	};
	enum status status = check_target(db, target, force, d);
	struct span all = target_span(db, target);
	struct str name;

	if (status)
		return status;
	if (s == STRATEGY_DEFAULT) {
		const struct rec *subnet = target->kind == KIND_SUBNET ? target : target->parent;
		s = STRATEGY_FIRST;
		if (subnet && db_value(db, subnet, STR("strategy"), &name, NULL) &&
		    strategy_by_name(name))
			s = strategy_by_name(name);
	}
	ip->family = target->family;
	status = all.first > all.last ? STATUS_FULL : choose[s](db, target, &ip->v);
	if (status == STATUS_SYSTEM)
		return diag_fail(d, STATUS_SYSTEM, "no random source");
	return status ? say_full(db, target, d) : STATUS_OK;
}

/* --- allocating ------------------------------------------------------- */

static struct str
assign_value(const struct assign *a, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(a[i].name, str_from(name)))
			return a[i].value;
	return STR_NONE;
}

/* The domain that relative hosts would have in subnet with these attributes: one
 * given, the record's own, or the subnet's; empty if there is none. */
static struct str
domain_there(struct db *db, const struct rec *subnet, const struct rec *r, const struct assign *a,
    size_t n)
{
	struct str domain = assign_value(a, n, "domain");

	if (domain.n == 0 && !(r && db_own(db, r, "domain", &domain)) &&
	    !db_inherited(db, subnet, STR("domain"), &domain, NULL))
		return STR_NONE;
	if (domain.n && domain.p[domain.n - 1] == '.')
		domain.n--;
	return domain;
}

static struct str
full_name(struct db *db, struct str host, struct str domain)
{
	if (host.n && host.p[host.n - 1] == '.')
		return str_cut(host, 0, host.n - 1);
	if (domain.n == 0)
		return host;
	return arena_fmt(&db->arena, "%.*s.%.*s", STR_FMT(host), STR_FMT(domain));
}

/* The address of a subnet that has the host by its full name, whichever part
 * of that is written there. */
static struct rec *
host_twin(struct db *db, const struct rec *subnet, struct str full, const struct rec *except)
{
	struct rec *twin = db_twin(db, subnet, INDEX_HOST, full, full, except);

	for (size_t i = full.n; !twin && i-- > 0;)
		if (full.p[i] == '.')
			twin = db_twin(db, subnet, INDEX_HOST, str_cut(full, 0, i), full, except);
	return twin;
}

enum status
alloc_check_twin(struct db *db, const struct rec *subnet, const struct assign *a, size_t n,
    const struct rec *except, struct diags *d)
{
	struct str hosts = assign_value(a, n, "host"), mac = assign_value(a, n, "mac"), host;
	struct rec *twin = NULL;
	struct str what = mac;

	if (!subnet)
		return STATUS_OK;
	if (mac.n)
		twin = db_twin(db, subnet, INDEX_MAC, mac, STR_NONE, except);
	struct str domain = domain_there(db, subnet, except, a, n);
	while (!twin && str_next(&hosts, ',', &host)) {
		twin = host_twin(db, subnet, full_name(db, host, domain), except);
		what = host;
	}
	if (!twin)
		return STATUS_OK;
	diag_fail(d, STATUS_CONFLICT, "%.*s: has %.*s in %.*s already", STR_FMT(what),
	    STR_FMT(db_key(db, twin)), STR_FMT(db_key(db, subnet)));
	diag_hint(d, "--ensure gives what is there, --force adds a second one");
	return STATUS_CONFLICT;
}

/* Puts the record at a place that may be given: a new one, or in place of one
 * whose quarantine is over or broken. */
static enum status
put_address(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip, rec_list *out,
    struct diags *d)
{
	struct rec *r = db_find(db, vrf, span_ip(ip), KIND_ADDRESS);
	struct rec *subnet = db_around(db, vrf, span_ip(ip));
	char text[IP_TEXT];

	if (!a->force) {
		enum status status = alloc_check_twin(db, subnet, a->attr, a->attrs, NULL, d);
		if (status)
			return status;
	}
	if (r)
		edit_replace(db, r, a->attr, a->attrs);
	else
		r = edit_add(db, vrf, span_ip(ip), KIND_ADDRESS, a->attr, a->attrs);
	if (!r)
		return diag_fail(d, STATUS_USAGE, "%s: these attributes make no record",
		    ip_fmt(text, ip));
	vec_push(db->env, out, r);
	return STATUS_OK;
}

/* What comes back with an address that is given to its holder again, and what is
 * set: none of it may be another's. */
static enum status
check_revival(struct db *db, const struct alloc *a, const struct rec *r, bool was_resting,
    struct diags *d)
{
	struct assign own[] = { { STR("host"), STR_NONE },
		{ STR("mac"), assign_value(a->attr, a->attrs, "mac") },
		{ STR("domain"), assign_value(a->attr, a->attrs, "domain") } };

	if (was_resting)
		db_own(db, r, "host", &own[0].value);
	if (was_resting && own[1].value.n == 0)
		db_own(db, r, "mac", &own[1].value);
	return alloc_check_twin(db, r->parent, own, ARRAY_LEN(own), r, d);
}

/* Gives an address back to its holder, as it was. */
static enum status
revive(struct db *db, const struct alloc *a, struct rec *r, rec_list *out, struct diags *d)
{
	bool was_resting = db_quarantine(db, r) != QUARANTINE_NONE;
	enum status status = a->force ? STATUS_OK : check_revival(db, a, r, was_resting, d);

	if (status)
		return status;
	if (was_resting) {
		edit_set(db, r, "status", STR_NONE);
		edit_set(db, r, "until", STR_NONE);
	}
	edit_assign(db, r, a->attr, a->attrs);
	vec_push(db->env, out, r);
	return STATUS_OK;
}

/* Whether all hosts given are the record's, in the order of either. */
static bool
is_holder(struct db *db, const struct alloc *a, const struct rec *r)
{
	struct str hosts = assign_value(a->attr, a->attrs, "host"), host;
	struct str domain = domain_there(db, r->parent, NULL, a->attr, a->attrs);

	if (hosts.n == 0)
		return false;
	while (str_next(&hosts, ',', &host))
		if (!db_has_fqdn(db, r, full_name(db, host, domain)))
			return false;
	return true;
}

/* The attributes to set on what is there already: all but the host. */
static struct alloc
without_host(struct db *db, const struct alloc *a)
{
	struct assign *rest = arena_alloc(&db->arena, a->attrs * sizeof(*rest) + 1);
	struct alloc b = *a;

	b.attr = rest;
	b.attrs = 0;
	for (size_t i = 0; i < a->attrs; i++)
		if (!str_eq(a->attr[i].name, STR("host")))
			rest[b.attrs++] = a->attr[i];
	return b;
}

/* What the host has in the target already, lowest first, those in quarantine
 * last. */
static enum status
ensure(struct db *db, const struct alloc *a, struct rec *target, rec_list *out, struct diags *d)
{
	const struct rec *subnet = target->kind == KIND_SUBNET ? target : target->parent;
	struct alloc rest = without_host(db, a);
	rec_list have[2] = { 0 }; /* in use, in quarantine */
	size_t most = out->n + a->count;
	enum status status = STATUS_OK;
	struct walk w;

	for (struct rec *r = walk_in(&w, db, target->vrf, rec_span(target)); r;) {
		if (r->kind == KIND_ADDRESS && r->parent == subnet && is_holder(db, a, r))
			vec_push(db->env, &have[db_quarantine(db, r) != QUARANTINE_NONE], r);
		r = r->kind == KIND_SUBNET && r->parent == target ? walk_skip(&w, r)
		                                                  : walk_next(&w);
	}
	for (int k = 0; k < 2; k++) {
		for (size_t i = 0; i < have[k].n && out->n < most && !status; i++)
			status = revive(db, &rest, have[k].v[i], out, d);
		vec_release(&have[k]);
	}
	return status;
}

static enum status
choose_eui64(const struct rec *target, const struct alloc *a, struct ip *ip, struct diags *d)
{
	struct str value = assign_value(a->attr, a->attrs, "mac");
	unsigned char mac[6];
	char text[SPAN_TEXT];

	if (!mac_parse(value, mac))
		return diag_fail(d, STATUS_USAGE, "--eui64 needs a mac=");
	if (target->kind != KIND_SUBNET || target->plen > 64)
		return diag_fail(d, STATUS_USAGE, "%s: --eui64 needs a subnet of /64 or wider",
		    span_fmt(text, rec_span(target)));
	*ip = (struct ip){ target->first | mac_eui64(mac), IPV6 };
	return STATUS_OK;
}

enum status
alloc_next(struct db *db, const struct alloc *a, struct rec *target, rec_list *out, struct diags *d)
{
	bool eui64 = a->eui64 && target->family == IPV6;
	size_t before = out->n;
	enum status status = a->ensure ? ensure(db, a, target, out, d) : STATUS_OK;
	struct ip ip;

	if (status)
		return status;
	for (uint64_t n = out->n - before; n < a->count; n++) {
		status = eui64 ? choose_eui64(target, a, &ip, d)
		               : alloc_choose(db, target, a->strategy, a->force, &ip, d);
		if (status == STATUS_FULL && a->count > 1)
			diag_hint(d, "%llu of %llu were free", (unsigned long long)n,
			    (unsigned long long)a->count);
		if (status)
			return status;
		status = eui64 ? alloc_named(db, a, target->vrf, ip, out, d)
		               : put_address(db, a, target->vrf, ip, out, d);
		if (status)
			return status;
	}
	return STATUS_OK;
}

enum status
alloc_named(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip, rec_list *out,
    struct diags *d)
{
	struct place p = place_at(db, vrf, ip);
	struct alloc rest = without_host(db, a);
	char text[IP_TEXT];
	bool mine = p.rec && p.subnet && is_holder(db, a, p.rec);

	if (mine && (p.state != PLACE_USED || a->ensure))
		return revive(db, &rest, p.rec, out, d);
	if (span_is_link_local(span_ip(ip)))
		return diag_fail(d, STATUS_USAGE, "%s: link-local addresses are no records",
		    ip_fmt(text, ip));
	if (p.state == PLACE_QUARANTINE && a->force && p.subnet)
		p.state = place_special(db, p.subnet, ip.v);
	switch (p.state) {
	case PLACE_FREE:
	case PLACE_GATEWAY:
	case PLACE_POOL: return put_address(db, a, vrf, ip, out, d);
	case PLACE_DHCP:
	case PLACE_RESERVED:
		if (a->force)
			return put_address(db, a, vrf, ip, out, d);
		break;
	case PLACE_NO_SUBNET:
		diag_fail(d, STATUS_NO, "%s: lies in no subnet", ip_fmt(text, ip));
		diag_hint(d, "ipam subnet add PREFIX");
		return STATUS_NO;
	default: break;
	}
	return diag_fail(d, STATUS_CONFLICT, "%s: is %.*s", ip_fmt(text, ip),
	    STR_FMT(place_words(db, &p)));
}

/* --- releasing -------------------------------------------------------- */

/* The end of a rest that begins now; a time that can be written. */
static int64_t
rest_end(const struct db *db, int64_t rest)
{
	static const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */

	return rest < last - db->env->now ? db->env->now + rest : last;
}

void
release_address(struct db *db, struct rec *r, int64_t rest)
{
	char text[WHEN_TEXT];

	if (rest == 0 && (!r->parent || !db_seconds(db, r->parent, "quarantine", &rest)))
		rest = -1;
	if (rest <= 0 || db_quarantine(db, r) != QUARANTINE_NONE) {
		edit_remove(db, r);
		return;
	}
	edit_set(db, r, "expires", STR_NONE);
	edit_set(db, r, "status", STR("quarantine"));
	edit_set(db, r, "until",
	    arena_str(&db->arena, str_from(when_fmt(text, rest_end(db, rest)))));
}
