/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of addresses. */
#include "edit.h"
#include "merge_parts.h"

/* --- where they go ---------------------------------------------------- */

static int
naming_order(const void *a, const void *b)
{
	const struct fact *x = ((const struct naming *)a)->fact,
			  *y = ((const struct naming *)b)->fact;

	if (x->ip.family != y->ip.family)
		return x->ip.family < y->ip.family ? -1 : 1;
	if (x->ip.v != y->ip.v)
		return x->ip.v < y->ip.v ? -1 : 1;
	return (x > y) - (x < y);
}

static void
collect_namings(struct merger *m)
{
	for (size_t i = 0; i < m->facts->n; i++) {
		struct naming naming = { .fact = &m->facts->v[i] };
		enum fact_kind kind = naming.fact->kind;
		if (kind == FACT_NAME || kind == FACT_FORWARD || kind == FACT_REVERSE)
			vec_push(m->db->env, &m->naming, naming);
	}
	if (m->naming.n)
		qsort(m->naming.v, m->naming.n, sizeof(*m->naming.v), naming_order);
}

/* What an address is that no plan has, unless a subnet says otherwise. */
static const char *
odd_address(struct ip ip)
{
	static const struct {
		unsigned top; /* the first 16 bits */
		enum family family;
		int len;
		const char *words;
	} odd[] = {
		{ 0x7f00, IPV4, 8, "a loopback address" },
		{ 0x0000, IPV4, 8, "an address of this network (RFC 791)" },
		{ 0xe000, IPV4, 4, "a multicast address" },
		{ 0xff00, IPV6, 8, "a multicast address" },
		{ 0xfe80, IPV6, 10, "a link-local address" },
		{ 0xfe00, IPV6, 10, "no address of a network" },
	};

	if (ip.family == IPV6 && ip.v <= 1)
		return ip.v ? "a loopback address" : "no address";
	if (ip.family == IPV4 && ip.v == UINT32_MAX)
		return "the broadcast address";
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct ip top = { (u128)odd[i].top << (ip_bits(odd[i].family) - 16),
			odd[i].family };
		if (span_holds_ip(span_prefix(top, odd[i].len), ip))
			return odd[i].words;
	}
	return NULL;
}

/* Why a spot has no place in the plan, in words, or NULL. */
static const char *
spot_fault(struct merger *m, const struct spot *s)
{
	const char *odd = odd_address(s->ip);

	if (odd && (span_is_link_local(span_ip(s->ip)) || (!s->rec && !s->subnet)))
		return odd;
	return s->rec || s->subnet || m->how->orphans ? NULL : "lies in no subnet";
}

static void
settle_naming(struct merger *m, struct spot *s, struct naming *n, const char *fault)
{
	struct str name = n->fact->name;
	bool is_complete = name.n && name.p[name.n - 1] == '.';
	char text[IP_TEXT];

	n->spot = s;
	n->full = merge_full(m, name, s->domain);
	if (n->fact->kind == FACT_REVERSE && !s->pointer)
		s->pointer = n;
	if (!fault)
		fault = host_fault(merge_written(m, n->full, s->domain, is_complete));
	n->is_lost = fault != NULL;
	if (fault)
		merge_unplaced(m, n->fact->at, "%s (%.*s): %s", ip_fmt(text, s->ip),
		    STR_FMT(n->full), fault);
}

/* The plan has released the address, and the source still names it. */
static void
settle_quarantine(struct merger *m, struct spot *s)
{
	char text[IP_TEXT];

	for (size_t i = 0; i < s->namings; i++) {
		struct naming *n = &s->naming[i];
		merge_contradict(m, n->fact->at, "%s (%.*s): in quarantine in the plan",
		    ip_fmt(text, s->ip), STR_FMT(n->full));
		n->is_lost |= m->how->conflict != CONFLICT_UPDATE;
		m->counts->unplaced += n->is_lost;
	}
}

static void
settle_spot(struct merger *m, struct spot *s)
{
	struct str value = STR_NONE;

	s->rec = db_find(m->db, m->how->vrf, span_ip(s->ip), KIND_ADDRESS);
	s->subnet = s->rec ? s->rec->parent : db_around(m->db, m->how->vrf, span_ip(s->ip));
	s->domain = merge_domain_at(m, s->rec, s->subnet);
	enum quarantine quarantine = s->rec ? db_quarantine(m->db, s->rec) : QUARANTINE_NONE;
	s->had_hosts = s->rec && quarantine == QUARANTINE_NONE &&
	               db_own(m->db, s->rec, "host", &value) && value.n;
	str_next(&value, ',', &s->label);
	const char *fault = spot_fault(m, s);
	for (size_t i = 0; i < s->namings; i++)
		settle_naming(m, s, &s->naming[i], fault);
	if (quarantine == QUARANTINE_LIVE)
		settle_quarantine(m, s);
}

static void
collect_spots(struct merger *m)
{
	struct spot none = { 0 };

	for (size_t i = 0; i < m->naming.n; i++)
		if (i == 0 || !ip_same(m->naming.v[i].fact->ip, m->naming.v[i - 1].fact->ip))
			vec_push(m->db->env, &m->spot, none);
	struct spot *s = m->spot.v;
	for (size_t i = 0; i < m->naming.n; i++) {
		struct naming *n = &m->naming.v[i];
		if (i && !ip_same(n->fact->ip, n[-1].fact->ip))
			s++;
		if (s->namings++ == 0) {
			s->ip = n->fact->ip;
			s->naming = n;
		}
	}
	for (size_t i = 0; i < m->spot.n; i++)
		settle_spot(m, &m->spot.v[i]);
}

/* --- the book --------------------------------------------------------- */

static void
add_hosts(struct merger *m, struct rec *r, const char *attr, enum said said)
{
	struct str list, host, full;

	if (!db_own(m->db, r, attr, &list))
		return;
	while (str_next(&list, ',', &host)) {
		if (!db_fqdn(m->db, r, host, &full))
			full = host;
		book_add(&m->book, (struct entry){ .ip = span_first(rec_span(r)),
				       .name = full,
				       .said = said,
				       .rec = r });
	}
}

static void
add_plan(struct merger *m)
{
	const struct rec *before = NULL;
	struct str value;
	struct walk w;

	for (struct rec *r = walk_all(&w, m->db); r; r = walk_next(&w)) {
		if (r->kind != KIND_ADDRESS || r->vrf != m->how->vrf ||
		    db_quarantine(m->db, r) != QUARANTINE_NONE)
			continue;
		add_hosts(m, r, "host", SAID_PLAN);
		add_hosts(m, r, "alias", SAID_PLAN_ALIAS);
		if (r->parent && r->parent != before && db_own(m->db, r, "host", &value)) {
			before = r->parent;
			vec_push(m->db->env, &m->named_subnets, before);
		}
	}
	rec_set_sort(&m->named_subnets);
}

static void
add_source(struct merger *m)
{
	static const enum said said[] = { [FACT_NAME] = SAID_NAME,
		[FACT_FORWARD] = SAID_FORWARD,
		[FACT_REVERSE] = SAID_REVERSE };

	for (size_t i = 0; i < m->naming.n; i++) {
		struct naming *n = &m->naming.v[i];
		if (!n->is_lost)
			book_add(&m->book, (struct entry){ .ip = n->spot->ip,
					       .name = n->full,
					       .said = said[n->fact->kind],
					       .naming = n });
	}
	for (size_t i = 0; i < m->facts->n; i++) {
		const struct fact *f = &m->facts->v[i];
		if (f->kind == FACT_ALIAS)
			book_add(&m->book, (struct entry){ .ip = f->ip,
					       .name = merge_alias_name(m, f),
					       .said = SAID_CNAME,
					       .fact = f });
	}
}

/* --- into the plan ---------------------------------------------------- */

static void
add_member(struct buf *list, struct str member)
{
	buf_z(list, list->n ? "," : "");
	buf_str(list, member);
}

static bool
is_replaced(const struct merger *m, const struct spot *s)
{
	return m->how->conflict == CONFLICT_UPDATE && s->had_hosts &&
	       s->naming[0].fact->kind == FACT_NAME;
}

/* Adds the names that PTRs give, or all others. */
static void
add_names(struct merger *m, const struct spot *s, bool by_pointer, struct buf *list)
{
	for (size_t i = 0; i < s->namings; i++) {
		const struct naming *n = &s->naming[i];
		struct str name = n->fact->name;
		if (!(n->is_new || (n->is_host && is_replaced(m, s))) ||
		    (n->fact->kind == FACT_REVERSE) != by_pointer)
			continue;
		struct str host = merge_written(m, n->full, s->domain, name.p[name.n - 1] == '.');
		add_member(list, host);
		if (!host_is_publishable(host))
			merge_report(m, n->fact->at,
			    "%.*s: DNS would refuse this host name; it is not published",
			    STR_FMT(host));
	}
}

/* The hosts that the address has in the end. */
static void
list_hosts(struct merger *m, const struct spot *s, struct buf *list)
{
	struct str value;

	if (s->had_hosts && !is_replaced(m, s) && db_own(m->db, s->rec, "host", &value))
		buf_str(list, value);
	add_names(m, s, true, list);
	add_names(m, s, false, list);
}

/* The TTL that the source gives to an address, if it is not its zone's: that of
 * the first A or AAAA, else PTR. */
static const struct naming *
find_ttl(const struct spot *s)
{
	const struct naming *found = NULL;

	for (size_t i = 0; i < s->namings; i++) {
		const struct naming *n = &s->naming[i];
		if (n->is_lost || n->fact->ttl == FACT_NO_TTL)
			continue;
		if (!found || (found->fact->kind == FACT_REVERSE && n->fact->kind == FACT_FORWARD))
			found = n;
	}
	return found;
}

static void
set_ttl(struct merger *m, struct spot *s)
{
	const struct naming *n = find_ttl(s);
	struct str value, have;

	if (!n)
		return;
	value = arena_fmt(&m->db->arena, "%u", n->fact->ttl);
	bool has = db_value(m->db, s->rec, STR("ttl"), &have, NULL);
	if (has && str_eq(have, value))
		return;
	if (db_own(m->db, s->rec, "ttl", &have)) {
		merge_contradict(m, n->fact->at, "%.*s: TTL %.*s, in the plan ttl=%.*s",
		    STR_FMT(n->full), STR_FMT(value), STR_FMT(have));
		if (m->how->conflict != CONFLICT_UPDATE)
			return;
	}
	edit_set(m->db, s->rec, "ttl", value);
}

static bool
is_empty(const struct spot *s)
{
	for (size_t i = 0; i < s->namings; i++)
		if (!s->naming[i].is_lost)
			return false;
	return true;
}

static void
place_spot(struct merger *m, struct spot *s)
{
	struct buf list;

	if (is_empty(s))
		return;
	buf_init(&list, m->db->env);
	list_hosts(m, s, &list);
	struct assign host = { STR("host"), buf_get(&list) };
	if (!s->rec && !list.n) {
		buf_release(&list);
		return; /* none of its names is taken */
	}
	if (!s->rec)
		s->rec = edit_add(m->db, m->how->vrf, span_ip(s->ip), KIND_ADDRESS, &host, 1);
	else if (db_quarantine(m->db, s->rec) != QUARANTINE_NONE)
		edit_replace(m->db, s->rec, &host, 1);
	else if (list.n)
		edit_assign(m->db, s->rec, &host, 1);
	buf_release(&list);
	set_ttl(m, s);
	for (size_t i = 0; i < s->namings; i++)
		if (!s->naming[i].is_lost) {
			merge_touch(m, s->rec, s->naming[i].fact->at);
			break;
		}
}

void
merge_names(struct merger *m)
{
	bool any = false;

	for (size_t i = 0; i < m->facts->n; i++)
		any |= m->facts->v[i].kind != FACT_RECORD && m->facts->v[i].kind != FACT_OTHER;
	if (!any)
		return;
	collect_namings(m);
	collect_spots(m);
	add_plan(m);
	add_source(m);
	book_sort(&m->book);
	merge_agree(m);
	for (size_t i = 0; i < m->spot.n; i++)
		place_spot(m, &m->spot.v[i]);
}
