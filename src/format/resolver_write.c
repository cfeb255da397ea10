/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The zones of a plan for resolvers that answer from their configuration: unbound's
 * local-data, dnsmasq's host-record, cname and ptr-record.
 *
 * A PTR is written with the name that everybody asks for, whatever zone of RFC 2317
 * it is published in.  Neither NS and SOA records nor includes are for a resolver.
 */
#include "core/arpa.h"
#include "core/dns.h"
#include "format.h"

struct writer {
	const struct format_request *q;
	struct dns *dns;
	struct buf *out;
	struct diags *d;
	struct arena *a;
	bool *wanted; /* by zone */
};

/* --- the zones --------------------------------------------------------- */

static void
complain(const struct writer *w, size_t zone)
{
	const struct dns_zone *z = &w->dns->zone[zone];
	struct attr include;

	dns_report(w->dns, zone, w->d);
	if (attr_find(z->rec, STR("include"), &include))
		diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ include.raw.p },
		    "%.*s: include= is left out: its records are for the zone's servers",
		    STR_FMT(z->name));
}

/* --- the records ------------------------------------------------------- */

/* What is an address' own: not a zone's NS and classless CNAMEs, nor glue. */
static bool
is_own(const struct writer *w, size_t zone, const struct dns_rr *rr)
{
	return rr->rec && dns_zone_of(w->dns, w->dns->zone[zone].view, rr->key) == zone;
}

typedef void put_fn(struct writer *w, const struct dns_zone *z, const struct dns_rr *rr);

static void
each_rr(struct writer *w, put_fn *put)
{
	for (size_t i = 0; i < w->dns->zones; i++) {
		const struct dns_zone *z = &w->dns->zone[i];
		for (size_t k = 0; w->wanted[i] && k < z->rr.n; k++)
			if (is_own(w, i, &z->rr.v[k]))
				put(w, z, &z->rr.v[k]);
	}
}

static void
end_line(struct writer *w, const struct dns_rr *rr)
{
	if (db_is(w->q->db, rr->rec, "status", "deprecated"))
		buf_z(w->out, " # deprecated");
	buf_char(w->out, '\n');
}

/* The records of a name in a view: where they begin, or NULL. */
static const dns_list *
records_of(const struct writer *w, struct str view, struct str name, size_t *at)
{
	struct str key = dns_key(w->a, name);
	size_t zone = dns_zone_of(w->dns, view, key);

	if (zone == SIZE_MAX)
		return NULL;
	*at = dns_find(&w->dns->zone[zone].rr, key, 0);
	return *at < w->dns->zone[zone].rr.n ? &w->dns->zone[zone].rr : NULL;
}

static bool
is_address(const struct dns_rr *rr)
{
	return rr->type == DNS_A || rr->type == DNS_AAAA;
}

static void
no_target(const struct writer *w, const struct dns_rr *rr)
{
	diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ rr->at },
	    "%.*s: left out: %.*s has no address here", STR_FMT(rr->owner), STR_FMT(rr->target));
}

static enum status
begin(struct writer *w, const struct format_request *q, struct buf *out, struct diags *d)
{
	enum status status;
	size_t errors = d->errors;
	struct str view;

	*w = (struct writer){ .q = q, .out = out, .d = d, .a = &q->db->arena };
	w->dns = format_dns(q);
	w->wanted = arena_zalloc(w->a, w->dns->zones + 1);
	format_option(q, "view", &view);
	status = dns_choose(w->dns, q->word, q->words, view, w->wanted, d);
	for (size_t i = 0; i < w->dns->zones && !status; i++)
		if (w->wanted[i])
			complain(w, i);
	return status ? status : d->errors > errors ? STATUS_CONFLICT : STATUS_OK;
}

/* --- unbound ------------------------------------------------------------ */

static void
put_data(struct writer *w, const struct dns_rr *line, const struct dns_rr *address)
{
	uint32_t ttl = line->ttl < address->ttl ? line->ttl : address->ttl;
	char ip[IP_TEXT];

	buf_fmt(w->out, "local-data: \"%.*s. %u IN %s %s\"", STR_FMT(line->owner), ttl,
	    dns_type_name(address->type), ip_fmt(ip, address->ip));
	end_line(w, address);
}

/* unbound does not follow a CNAME of its local data: the addresses stand at the alias. */
static void
put_flat(struct writer *w, const struct dns_zone *z, const struct dns_rr *rr)
{
	size_t at;
	const dns_list *l = records_of(w, z->view, rr->target, &at);
	bool any = false;

	for (size_t i = at; l && i < l->n && str_eq(l->v[i].key, l->v[at].key); i++) {
		if (!is_address(&l->v[i]))
			continue;
		put_data(w, rr, &l->v[i]);
		any = true;
	}
	if (!any)
		no_target(w, rr);
}

static void
put_unbound(struct writer *w, const struct dns_zone *z, const struct dns_rr *rr)
{
	char ip[IP_TEXT];

	if (is_address(rr)) {
		put_data(w, rr, rr);
	} else if (rr->type == DNS_CNAME) {
		put_flat(w, z, rr);
	} else if (rr->type == DNS_PTR) {
		buf_fmt(w->out, "local-data-ptr: \"%s %u %.*s.\"", ip_fmt(ip, rr->ip), rr->ttl,
		    STR_FMT(rr->target));
		end_line(w, rr);
	}
}

enum status
unbound_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct writer w;
	enum status status = begin(&w, q, text, d);

	if (status)
		return status;
	buf_z(text, "# by ipam export unbound\nserver:\n");
	for (size_t i = 0; i < w.dns->zones; i++)
		if (w.wanted[i])
			buf_fmt(text, "local-zone: \"%.*s.\" transparent\n",
			    STR_FMT(w.dns->zone[i].name));
	each_rr(&w, put_unbound);
	diags_sort(d);
	return STATUS_OK;
}

/* --- dnsmasq ------------------------------------------------------------ */

/* Whether a name is what the PTR of its address says: dnsmasq has one, of the first host. */
static bool
has_pointer(const struct writer *w, const struct dns_zone *z, const struct dns_rr *rr)
{
	struct str name;

	return (dns_published(w->q->db, rr->rec, z->view) & DNS_REVERSE) &&
	       dns_name(w->q->db, rr->rec, db_label(w->q->db, rr->rec), &name) &&
	       str_ieq(name, rr->owner);
}

static void
put_host(struct writer *w, const struct dns_rr *rr)
{
	char ip[IP_TEXT];

	buf_fmt(w->out, "host-record=%.*s,%s,%u", STR_FMT(rr->owner), ip_fmt(ip, rr->ip), rr->ttl);
	end_line(w, rr);
}

/* A host-record is its address' PTR, too, if none was before it: those that are come first. */
static void
put_pointed(struct writer *w, const struct dns_zone *z, const struct dns_rr *rr)
{
	if (is_address(rr) && has_pointer(w, z, rr))
		put_host(w, rr);
}

static void
put_unpointed(struct writer *w, const struct dns_zone *z, const struct dns_rr *rr)
{
	if (!is_address(rr) || has_pointer(w, z, rr))
		return;
	if (!(dns_published(w->q->db, rr->rec, z->view) & DNS_REVERSE))
		diag_at(w->d, SEV_WARNING, RULE_NONE, (struct pos){ rr->at },
		    "%.*s: dnsmasq answers the PTR of its address, too", STR_FMT(rr->owner));
	put_host(w, rr);
}

static bool
has_address(const struct writer *w, struct str view, struct str name, const struct ip *ip)
{
	size_t at;
	const dns_list *l = records_of(w, view, name, &at);
	bool has = false;

	for (size_t i = at; l && i < l->n && str_eq(l->v[i].key, l->v[at].key); i++)
		has |= is_address(&l->v[i]) &&
		       (!ip || (l->v[i].ip.family == ip->family && l->v[i].ip.v == ip->v)) &&
		       w->wanted[dns_zone_of(w->dns, view, l->v[i].key)];
	return has;
}

static void
put_rest(struct writer *w, const struct dns_zone *z, const struct dns_rr *rr)
{
	if (rr->type == DNS_CNAME) {
		if (!has_address(w, z->view, rr->target, NULL)) {
			no_target(w, rr);
			return;
		}
		buf_fmt(w->out, "cname=%.*s,%.*s,%u", STR_FMT(rr->owner), STR_FMT(rr->target),
		    rr->ttl);
		end_line(w, rr);
	} else if (rr->type == DNS_PTR && !has_address(w, z->view, rr->target, &rr->ip)) {
		buf_fmt(w->out, "ptr-record=%.*s,%.*s", STR_FMT(arpa_name(w->a, rr->ip)),
		    STR_FMT(rr->target));
		end_line(w, rr);
	}
}

enum status
dnsmasq_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct writer w;
	enum status status = begin(&w, q, text, d);

	if (status)
		return status;
	buf_z(text, "# by ipam export dnsmasq\n");
	each_rr(&w, put_pointed);
	each_rr(&w, put_unpointed);
	each_rr(&w, put_rest);
	diags_sort(d);
	return STATUS_OK;
}
