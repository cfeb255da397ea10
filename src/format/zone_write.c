/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Master files, written: plain lines, OWNER TAB [TTL TAB] IN TAB TYPE TAB DATA,
 * sorted, so that a change of the plan is a small change of the file.
 *
 * The first line has a sum of the others: a file that is as it was written may be
 * replaced whatever was in it; of one that somebody else has touched, no record is
 * dropped that the zone would not have.
 */
#if WITH_ZONE
#include <stdio.h>

#include "core/arpa.h"
#include "zone_parts.h"

struct writer {
	const struct format_request *q;
	struct diags *d;
	struct dns *dns;
	const struct dns_zone *zone;
	struct arena *a;
	struct str include; /* its text, or empty */
	dns_list all;       /* the plan's records and the include's */
	bool records_only;
};

/* --- lines ------------------------------------------------------------ */

static void
put_owner(const struct writer *w, struct buf *b, const struct dns_rr *rr)
{
	size_t left = rr->owner.n - w->zone->name.n;

	if (left == 0)
		buf_char(b, '@');
	else
		buf_str(b, str_cut(rr->owner, 0, left - 1));
}

static void
put_data(struct buf *b, const struct dns_rr *rr)
{
	char ip[IP_TEXT];

	if (rr->type == DNS_A || rr->type == DNS_AAAA) {
		buf_z(b, ip_fmt(ip, rr->ip));
		return;
	}
	buf_str(b, rr->target);
	buf_char(b, '.');
}

static void
put_rr(const struct writer *w, struct buf *b, const struct dns_rr *rr)
{
	put_owner(w, b, rr);
	if (w->records_only || rr->ttl != w->zone->ttl)
		buf_fmt(b, "\t%u", rr->ttl);
	buf_fmt(b, "\tIN\t%s\t", dns_type_name(rr->type));
	put_data(b, rr);
	if (rr->rec && db_is(w->q->db, rr->rec, "status", "deprecated"))
		buf_z(b, " ; deprecated");
	buf_char(b, '\n');
}

static void
put_soa(const struct writer *w, struct buf *b, uint32_t serial)
{
	static const struct {
		const char *name;
		unsigned seconds;
	} timers[] = { { "refresh", 7200 }, { "retry", 3600 }, { "expire", 1209600 },
		{ "minimum", 300 } };
	struct str rest, ns, mbox;
	uint64_t seconds;

	zone_mailbox(w->dns, w->zone, &mbox);
	db_own(w->q->db, w->zone->rec, "ns", &rest);
	dns_next_ns(w->dns, w->zone, &rest, &ns);
	buf_fmt(b, "@\tIN\tSOA\t%.*s. %.*s. %u", STR_FMT(ns), STR_FMT(mbox), serial);
	for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
		struct str value;
		seconds = timers[i].seconds;
		if (db_own(w->q->db, w->zone->rec, timers[i].name, &value) &&
		    !str_uint(value, INT32_MAX, &seconds))
			seconds = timers[i].seconds;
		buf_fmt(b, " %u", (unsigned)seconds);
	}
	buf_char(b, '\n');
}

static void
put_records(const struct writer *w, struct buf *b)
{
	const dns_list *l = &w->zone->rr;

	for (size_t i = 0; i < l->n; i++)
		if (!w->records_only || l->v[i].type != DNS_NS ||
		    !str_eq(l->v[i].key, w->zone->key))
			put_rr(w, b, &l->v[i]);
}

/* FNV-1a */
static uint64_t
sum(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h;
}

#define MARK "; made by ipam, change the plan instead: "

static void
put_zone(const struct writer *w, struct buf *text, uint32_t serial)
{
	struct buf b;

	buf_init(&b, w->a->env);
	buf_fmt(&b, "$ORIGIN %.*s.\n$TTL %u\n", STR_FMT(w->zone->name), w->zone->ttl);
	put_soa(w, &b, serial);
	put_records(w, &b);
	buf_str(&b, w->include);
	buf_fmt(text, MARK "%016llx\n", (unsigned long long)sum(buf_get(&b)));
	buf_str(text, buf_get(&b));
	buf_release(&b);
}

/* Whether a file is as it was written here. */
static bool
is_untouched(struct str old)
{
	size_t lf = str_find(old, '\n');
	char mark[sizeof(MARK) + 16];

	if (lf == old.n)
		return false;
	snprintf(mark, sizeof(mark), MARK "%016llx",
	    (unsigned long long)sum(str_cut(old, lf + 1, old.n)));
	return str_eq(str_cut(old, 0, lf), str_from(mark));
}

/* --- what cannot be written ------------------------------------------- */

static enum status
read_include(struct writer *w)
{
	struct format_input in = { .origin = w->zone->name,
		.may_be_empty = true,
		.include = w->q->include,
		.ctx = w->q->ctx };
	struct text_source plan = w->q->db->source[0];
	struct str name, ttl;
	dns_list list = { 0 };

	if (!db_own(w->q->db, w->zone->rec, "include", &name) || name.n == 0)
		return STATUS_OK;
	if (!w->q->include(w->q->ctx, name, &plan, &in.source, w->d))
		return STATUS_SYSTEM;
	/* as it will be read: with the zone's TTL */
	ttl = arena_fmt(w->a, "$TTL %u\n", w->zone->ttl);
	in.before = ttl;
	if (zone_list(&in, w->a, &list, w->d))
		zone_expand(&in, w->a, w->zone->ttl, &w->include, w->d);
	for (size_t i = 0; i < list.n; i++)
		vec_push(w->a->env, &w->all, list.v[i]);
	dns_sort(&w->all);
	struct zone_checker checker = { w->dns, w->zone, w->a, w->d, &w->all };
	zone_check_include(&checker, &list);
	vec_release(&list);
	return STATUS_OK;
}

static enum status
prepare(struct writer *w)
{
	const dns_list *l = &w->zone->rr;
	size_t errors = w->d->errors;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < l->n; i++)
		vec_push(w->a->env, &w->all, l->v[i]);
	if (!w->records_only)
		status = read_include(w);
	dns_sort(&w->all);
	dns_report(w->dns, (size_t)(w->zone - w->dns->zone), w->d);
	struct zone_checker checker = { w->dns, w->zone, w->a, w->d, &w->all };
	if (!status && !w->records_only)
		zone_check_servers(&checker);
	if (!status && w->d->errors > errors)
		status = STATUS_CONFLICT;
	return status;
}

/* --- the file that is there ------------------------------------------- */

static bool
is_kept(const struct writer *w, const struct dns_rr *rr)
{
	struct dns_rr probe = *rr;

	if (rr->type == DNS_SOA || zone_is_signers(rr->type))
		return true;
	for (size_t i = dns_find(&w->all, rr->key, rr->type);
	     i < w->all.n && str_eq(w->all.v[i].key, rr->key) && w->all.v[i].type == rr->type; i++)
		if (dns_order(&w->all.v[i], &probe) == 0)
			return true;
	return false;
}

/* Reads the old file for its serial; refuses one with records that would be lost. */
static enum status
read_old(const struct writer *w, bool *has_serial, uint32_t *serial)
{
	struct format_input in = { .source = w->q->old,
		.origin = w->zone->name,
		.any_type = true,
		.include = w->q->include,
		.ctx = w->q->ctx };
	struct str old = { w->q->old.p, w->q->old.n }, none;
	bool force = format_option(w->q, "force", &none);
	dns_list list = { 0 };
	size_t errors = w->d->errors;
	struct diags unheard;

	*has_serial = false;
	if (old.n == 0)
		return STATUS_OK;
	diags_init(&unheard, w->a->env);
	bool ok = zone_list(&in, w->a, &list, force ? &unheard : w->d);
	diags_release(&unheard);
	*has_serial = zone_serial(&list, serial);
	for (size_t i = 0; ok && !force && !is_untouched(old) && i < list.n; i++)
		if (!is_kept(w, &list.v[i]))
			diag_error(w->d, list.v[i].at,
			    "%.*s: neither the plan nor its include has it",
			    STR_FMT(zone_rr_text(w->a, &list.v[i])));
	vec_release(&list);
	if (w->d->errors == errors)
		return STATUS_OK;
	diag_hint(w->d, "%s is left as it is; --force replaces it all the same", w->q->old.name);
	return STATUS_CONFLICT;
}

static enum status
write_whole(const struct writer *w, struct buf *text)
{
	struct str old = { w->q->old.p, w->q->old.n };
	bool has_serial;
	uint32_t serial = 0;
	enum status status = read_old(w, &has_serial, &serial);

	if (status)
		return status;
	if (has_serial) {
		put_zone(w, text, serial);
		if (str_eq(buf_get(text), old))
			return STATUS_OK;
		text->n = 0;
	}
	put_zone(w, text, dns_serial(has_serial ? &serial : NULL, w->q->db->env->now));
	return STATUS_OK;
}

/* --- the parent's part of RFC 2317 ------------------------------------ */

/* The zone that the PTRs of a prefix are in. */
static struct str
classless_zone(const struct writer *w, struct span prefix)
{
	struct rec *r = db_find(w->q->db, 0, prefix, KIND_SUBNET);
	struct str name;

	if (!r)
		r = db_around(w->q->db, 0, prefix);
	if (r && db_value(w->q->db, r, STR("reverse"), &name, NULL))
		return name.p[name.n - 1] == '.' ? str_cut(name, 0, name.n - 1) : name;
	return arpa_zone(w->a, prefix, 0);
}

static void
put_delegation(const struct writer *w, struct buf *b, const struct dns_zone *z)
{
	struct str rest = STR_NONE, ns;

	if (!db_own(w->q->db, z->rec, "ns", &rest) || rest.n == 0)
		diag_error(w->d, rec_key(z->rec).p, "%.*s: a zone needs a name server (ns=)",
		    STR_FMT(z->name));
	while (dns_next_ns(w->dns, z, &rest, &ns))
		buf_fmt(b, "%.*s.\t%u\tIN\tNS\t%.*s.\n", STR_FMT(z->name), z->ttl, STR_FMT(ns));
}

static enum status
write_parent(const struct writer *w, struct str word, struct buf *text)
{
	struct ip_error err;
	struct span prefix;
	struct str view;

	format_option(w->q, "view", &view);
	if (!prefix_parse(word, &prefix, &err))
		return diag_fail(w->d, STATUS_USAGE, "--parent %.*s: %s", STR_FMT(word), err.why);
	bool classless = prefix.family == IPV4 && prefix.len > 24;
	for (size_t i = 0; i < arpa_zones(prefix); i++) {
		struct str name =
		    classless ? classless_zone(w, prefix) : arpa_zone(w->a, prefix, i);
		size_t zone = dns_zone(w->dns, view, name);
		if (zone == SIZE_MAX)
			return diag_fail(w->d, STATUS_NO, "%.*s: no such zone is declared",
			    STR_FMT(name));
		put_delegation(w, text, &w->dns->zone[zone]);
		for (u128 at = prefix.first; classless && at <= prefix.last; at++) {
			struct ip ip = { at, IPV4 };
			buf_fmt(text, "%.*s.\t%u\tIN\tCNAME\t%u.%.*s.\n",
			    STR_FMT(arpa_name(w->a, ip)), w->dns->zone[zone].ttl,
			    (unsigned)at & 255, STR_FMT(name));
		}
	}
	return STATUS_OK;
}

/* --- the writer ------------------------------------------------------- */

/* NAME, NAME%VIEW, or a prefix that has one zone. */
static enum status
find_zone(struct writer *w, struct str word)
{
	size_t percent = str_find(word, '%'), zone;
	struct str name = str_cut(word, 0, percent);
	struct str view;
	struct span prefix;

	format_option(w->q, "view", &view);
	if (percent < word.n)
		view = str_cut(word, percent + 1, word.n);
	else if (view.n)
		word = arena_fmt(w->a, "%.*s%%%.*s", STR_FMT(word), STR_FMT(view));

	if (prefix_parse(name, &prefix, NULL)) {
		if (arpa_zones(prefix) > 1)
			return diag_fail(w->d, STATUS_USAGE, "%.*s: has %zu zones (--list)",
			    STR_FMT(word), arpa_zones(prefix));
		name = arpa_zone(w->a, prefix, 0);
	}
	zone = dns_zone(w->dns, view, name);
	if (zone == SIZE_MAX) {
		diag_fail(w->d, STATUS_NO, "%.*s: no such zone is declared", STR_FMT(word));
		diag_hint(w->d, "ipam object add zone %.*s ns=...", STR_FMT(word));
		return STATUS_NO;
	}
	w->zone = &w->dns->zone[zone];
	return STATUS_OK;
}

enum status
zone_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct writer w = { .q = q, .d = d, .a = &q->db->arena, .dns = format_dns(q) };
	struct str parent, none;
	bool has_parent = format_option(q, "parent", &parent);
	enum status status;

	w.records_only = format_option(q, "records", &none);
	if (q->words != (has_parent ? 0 : 1))
		return diag_fail(d, STATUS_USAGE,
		    has_parent ? "export zone --parent: takes no zone"
			       : "export zone: the name of a zone is wanted (--list names them)");
	if (has_parent)
		return write_parent(&w, parent, text);
	status = find_zone(&w, q->word[0]);
	if (!status)
		status = prepare(&w);
	if (!status && !w.records_only)
		status = write_whole(&w, text);
	else if (!status)
		put_records(&w, text);
	vec_release(&w.all);
	return status;
}

void
zone_parts(const struct format_request *q, format_part_fn *part, void *ctx)
{
	const struct dns *dns = format_dns(q);
	struct str view;
	bool one = format_option(q, "view", &view);
	const struct dns_view *v = one ? dns_view(dns, view) : NULL;

	for (size_t i = 0; i < dns->zones; i++) {
		const struct dns_zone *z = &dns->zone[i];
		if (one && !(v && str_ieq(z->view, v->name)))
			continue;
		struct str word = arena_fmt(&q->db->arena, "%.*s%s%.*s", STR_FMT(z->name),
		    z->view.n ? "%" : "", STR_FMT(z->view));
		char *file = arena_z(&q->db->arena, word);
		for (char *p = file; *p; p++)
			if (*p == '/')
				*p = '_';
		part(ctx, word, arena_fmt(&q->db->arena, "%s.zone", file));
	}
}

#endif
