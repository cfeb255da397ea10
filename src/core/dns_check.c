/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with the names of a plan, without their records.
 *
 * A name is wrong for where it lies, which is the same for all of one domain, or
 * because an alias meets it.  So the hashes of all aliases are put in a set, and
 * those of all other names are looked for there.  What is met, or has anything
 * special about it, is filled in as dns_fill() does; the rest never is.
 */
#include "arpa.h"
#include "dns_check_parts.h"
#include "sort.h"

/* Longer domains leave too little room for a label. */
enum { DOMAIN_MAX = 253 - 64 };

/* --- where names lie -------------------------------------------------- */

static bool
is_declared(const struct closer *c, struct str name)
{
	struct str key = dns_key(&c->dns->db->arena, name);

	for (size_t i = 0; i < c->place.sample.forward.n; i++)
		if (dns_zone_of(c->dns, c->place.sample.forward.v[i], key) != SIZE_MAX)
			return true;
	return false;
}

static struct domain
domain_of(const struct closer *c, struct str name)
{
	struct domain d = { .name = name };

	if (name.n == 0)
		return d;
	d.hash = domain_hash(name);
	d.is_fine = name.n <= DOMAIN_MAX && host_is_publishable(name) && !arpa_is_reverse(name) &&
	            is_declared(c, name);
	return d;
}

void
dns_enter(struct closer *c, struct rec *r)
{
	struct place *p = &c->place;

	p->subnet = r->parent;
	p->reverse = (struct span){ 0 };
	dns_address_find(c->dns, r, &p->sample);
	p->relative = domain_of(c, db_domain(c->dns->db, r->parent));
	p->complete = domain_of(c, STR_NONE);
}

const struct domain *
dns_complete(struct closer *c, struct str domain)
{
	if (!str_eq(c->place.complete.name, domain))
		c->place.complete = domain_of(c, domain);
	return &c->place.complete;
}

/* The hash of a host or an alias; false if nothing can be said of where it lies. */
static bool
hash_of(struct closer *c, struct str host, uint64_t *hash)
{
	const struct domain *d = &c->place.relative;

	if (host.n && host.p[host.n - 1] == '.') {
		size_t cut = str_find(host, '.');
		struct str domain = str_cut(host, cut + (cut + 1 < host.n), host.n - 1);
		host.n = cut;
		d = dns_complete(c, domain);
	}
	*hash = name_hash_in(d->hash, label_hash(host));
	return d->is_fine;
}

/* --- where addresses lie ---------------------------------------------- */

/* The addresses that have their PTRs in a zone, by their natural names. */
static struct span
span_of(const struct dns_zone *z, struct ip ip)
{
	struct span span = { 0, ip_max(ip.family), ip.family, 0 };

	if (z->name.n && (!arpa_parse(z->name, &span) || !span_holds_ip(span, ip)))
		return span_ip(ip);
	return span;
}

/* As dns_fill_address() finds it: in the first view that has a zone. */
static bool
find_reverse(struct closer *c, struct rec *r)
{
	const struct dns_address *a = &c->place.sample;
	struct ip ip = span_first(rec_span(r));
	struct str owner, told;
	bool expected = false;
	size_t zone;

	for (size_t i = 0; i < a->reverse.n; i++) {
		bool found = dns_reverse(c->dns, r, a->reverse.v[i], &zone, &owner, &told);
		if (told.n)
			return false;
		if (found) {
			c->place.reverse = span_of(&c->dns->zone[zone], ip);
			return true;
		}
		expected |= dns_view(c->dns, a->reverse.v[i])->has_reverse;
	}
	if (!expected)
		c->place.reverse = rec_span(r->parent);
	return !expected;
}

bool
dns_reverse_is_fine(struct closer *c, struct rec *r)
{
	const struct span *s = &c->place.reverse;

	if (s->family == r->family && s->first <= r->first && r->first <= s->last)
		return true;
	c->place.reverse = (struct span){ 0 };
	return find_reverse(c, r);
}

/* --- one address ------------------------------------------------------ */

/* Whether one of the names is an alias, too, or something may be wrong with it. */
static bool
are_suspect(struct closer *c, struct str names)
{
	struct str name;
	uint64_t hash;

	while (str_next(&names, ',', &name)) {
		bool complete = name.n && name.p[name.n - 1] == '.';
		if (!complete && c->place.relative.name.n == 0)
			continue; /* it is not published */
		if (!hash_of(c, name, &hash) || dns_names_meet(&c->names, hash))
			return true;
	}
	return false;
}

static bool
is_suspect(struct closer *c, struct rec *r, const struct plain_words *own)
{
	if (own->is_special || !r->parent)
		return true;
	if (c->place.subnet != r->parent)
		dns_enter(c, r);
	return (c->place.sample.reverse.n && !dns_reverse_is_fine(c, r)) ||
	       (c->place.sample.forward.n && are_suspect(c, own->hosts));
}

/* --- the first walk: aliases ------------------------------------------- */

void
dns_look_closely(struct closer *c, struct rec *r)
{
	vec_push(c->dns->db->env, &c->list, r);
}

static void
note_name(struct closer *c, struct str name, uint64_t target)
{
	dns_names_add(&c->names, name_hash(name), target);
	if (arpa_is_reverse(name))
		vec_push(c->dns->db->env, &c->arpa, name);
}

void
dns_note_special(struct closer *c, struct rec *r, const struct plain_words *own)
{
	struct db *db = c->dns->db;
	struct str rest = own->aliases, host = db_label(db, r), alias, name;

	dns_look_closely(c, r);
	if (!dns_name(db, r, host, &name))
		return;
	uint64_t target = name_hash(name);
	while (str_next(&rest, ',', &alias))
		if (dns_name(db, r, alias, &name))
			note_name(c, name, target);
}

static void
note_plain(struct closer *c, struct rec *r, const struct plain_words *own)
{
	struct str rest = own->hosts, name;
	bool is_fine = true;
	uint64_t target, hash;

	if (!str_next(&rest, ',', &name))
		return;
	is_fine &= hash_of(c, name, &target);
	for (rest = own->aliases; is_fine && str_next(&rest, ',', &name);) {
		is_fine &= hash_of(c, name, &hash);
		dns_names_add(&c->names, hash, target);
		vec_push(c->dns->db->env, &c->alias, ((struct alias){ r, hash }));
	}
	if (!is_fine)
		dns_note_special(c, r, own);
}

static void
note_aliases(struct closer *c, struct rec *r)
{
	struct plain_words own;

	if (!(r->flags & REC_OWN_DNS))
		return;
	own = plain_words(r);
	if (own.aliases.n == 0)
		return;
	c->has_aliases = true;
	if (!(r->flags & REC_NAMED))
		return;
	if (own.is_special || !r->parent) {
		dns_note_special(c, r, &own);
		return;
	}
	if (c->place.subnet != r->parent)
		dns_enter(c, r);
	if (c->place.sample.forward.n)
		note_plain(c, r, &own);
}

static void
note_zones(struct closer *c)
{
	for (size_t i = 0; i < c->dns->zones; i++) {
		const struct dns_zone *z = &c->dns->zone[i];
		note_name(c, z->name, 0);
		for (size_t k = 0; k < z->rr.n; k++) {
			const struct dns_rr *rr = &z->rr.v[k];
			note_name(c, rr->owner, rr->type == DNS_NS ? 0 : name_hash(rr->target));
			if (rr->type == DNS_NS)
				note_name(c, rr->target, 0);
		}
	}
}

/* --- the second walk: what meets them ---------------------------------- */

static void
meet_all(struct closer *c, struct rec *r)
{
	struct db *db = c->dns->db;
	struct str hosts, host, name;
	size_t zone;

	if (!db_own(db, r, "host", &hosts))
		return;
	while (str_next(&hosts, ',', &host))
		if (dns_name(db, r, host, &name))
			dns_names_meet(&c->names, name_hash(name));
	for (size_t i = 0; i < c->dns->view.n; i++)
		if (dns_reverse(c->dns, r, c->dns->view.v[i].name, &zone, &name, NULL))
			dns_names_meet(&c->names, name_hash(name));
}

void
dns_suspect(struct closer *c, struct rec *r)
{
	dns_look_closely(c, r);
	meet_all(c, r);
}

static void
walk_hosts(struct closer *c)
{
	struct walk w;

	for (struct rec *r = walk_all(&w, c->dns->db); r; r = walk_next(&w)) {
		if (r->kind != KIND_ADDRESS || !(r->flags & REC_NAMED))
			continue;
		struct plain_words own = plain_words(r);
		if (is_suspect(c, r, &own))
			dns_suspect(c, r);
	}
}

/* The address, in all VRFs. */
static void
find_pointer(struct closer *c, struct span address)
{
	struct db *db = c->dns->db;
	struct walk w;

	for (unsigned vrf = 0; vrf < db->vrfs.n; vrf++) {
		for (struct rec *r = walk_in(&w, db, vrf, address); r; r = walk_next(&w))
			if (r->kind == KIND_ADDRESS)
				dns_suspect(c, r);
		dns_plain_suspect(c, vrf, span_first(address));
	}
}

/* The addresses that have these names in reverse zones. */
static void
find_pointers(struct closer *c)
{
	struct span span;

	for (size_t i = 0; i < c->arpa.n; i++)
		if (arpa_parse(c->arpa.v[i], &span) && span.first == span.last)
			find_pointer(c, span);
}

/* --- the whole --------------------------------------------------------- */

static int
by_place(const void *ctx, const void *a, const void *b)
{
	const struct rec *x = a, *y = b;
	int order = db_order(ctx, x, y);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void
fill_closely(struct closer *c)
{
	struct dns_address a = { 0 };
	struct rec **v;

	for (size_t i = 0; i < c->alias.n; i++)
		if (dns_names_is_met(&c->names, c->alias.v[i].hash))
			dns_look_closely(c, c->alias.v[i].rec);
	dns_plain_met(c);
	v = c->list.v;
	sort_stable(c->dns->db->env, (void **)v, c->list.n, by_place, c->dns->db);
	c->dns->only = &c->names;
	for (size_t i = 0; i < c->list.n; i++)
		if (i == 0 || v[i]->line != v[i - 1]->line)
			dns_fill_address(c->dns, v[i], &a);
	dns_fill_end(c->dns);
	c->dns->only = NULL;
	dns_address_release(&a);
}

void
dns_check(struct dns *dns)
{
	struct closer c = { .dns = dns };
	struct walk w;

	dns_names_init(&c.names, dns->db->env);
	dns_fill_begin(dns);
	for (struct rec *r = walk_all(&w, dns->db); r; r = walk_next(&w)) {
		if (r->kind == KIND_ADDRESS)
			note_aliases(&c, r);
		else if (r->kind == KIND_SUBNET)
			dns_fill_subnet(dns, r);
	}
	dns_plain_note(&c);
	/* without zones, aliases alone can clash */
	if (c.has_aliases || (dns->zones && dns->zone[0].rec)) {
		note_zones(&c);
		walk_hosts(&c);
		dns_plain_meet(&c);
		find_pointers(&c);
		fill_closely(&c);
	}
	dns_address_release(&c.place.sample);
	dns_names_release(&c.names);
	vec_release(&c.alias);
	vec_release(&c.arpa);
	vec_release(&c.list);
}
