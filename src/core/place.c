/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

struct rec *
place_gateway(struct db *db, struct rec *subnet, u128 v)
{
	struct ip gw;

	for (; subnet; subnet = subnet->parent)
		if (db_gateway(db, subnet, &gw) && gw.v == v)
			return subnet;
	return NULL;
}

void
place_gateways(struct gateways *out, struct db *db, const struct rec *subnet, u128 first, u128 last)
{
	struct ip gw;

	for (out->n = 0; subnet && out->n < ARRAY_LEN(out->v); subnet = subnet->parent) {
		if (!db_gateway(db, subnet, &gw) || gw.v < first || gw.v > last)
			continue;
		size_t i = out->n++;
		for (; i > 0 && out->v[i - 1] > gw.v; i--)
			out->v[i] = out->v[i - 1];
		out->v[i] = gw.v;
	}
}

enum place_state
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
	struct rec *gw = place_gateway(db, p.subnet, ip.v);
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

void
place_hint_children(struct db *db, const struct rec *subnet, struct diags *d)
{
	enum { SHOWN = 4 };
	struct buf b;
	struct walk w;
	int n = 0;

	buf_init(&b, db->env);
	for (struct rec *r = walk_inside(&w, db, subnet); r && n <= SHOWN;
	     r = r->kind == KIND_SUBNET ? walk_skip(&w, r) : walk_next(&w)) {
		struct str name = db_label(db, r);
		if (r->kind != KIND_SUBNET)
			continue;
		if (n++ < SHOWN)
			buf_fmt(&b, "%s%.*s%s%.*s", n > 1 ? ", " : "", STR_FMT(db_key(db, r)),
			    name.n ? " " : "", STR_FMT(name));
		else
			buf_z(&b, ", ...");
	}
	if (n)
		diag_hint(d, "its subnets: %.*s", STR_FMT(buf_get(&b)));
	buf_release(&b);
}
