/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hosts(5), written: ADDRESS, the first host's full name, its short form, then
 * the further hosts and the aliases of any of them, each full and short.
 *
 * A short form is what stands in the plan, where that is relative.  A file has no
 * CNAMEs: an alias is a further name of every address of its host.
 */
#include <stdlib.h>

#include "core/dns.h"
#include "format.h"

struct alias {
	struct str target; /* the full name of the host */
	struct str name, written;
};

struct name {
	struct str text;
	size_t number;
};

struct writer {
	const struct format_request *q;
	struct str view;
	struct diags *d;
	VEC(struct alias) alias;
	VEC(struct name) name; /* those of a line */
};

static bool
is_relative(struct str written)
{
	return written.n && written.p[written.n - 1] != '.';
}

/* A relative name without a domain is one all the same, here. */
static bool
full_name(struct writer *w, const struct rec *r, struct str written, struct str *full)
{
	if (dns_name(w->q->db, r, written, full))
		return true;
	if (str_eq(*full, written) && host_is_publishable(written))
		return true;
	diag_at(w->d, SEV_WARNING, RULE_HOST_NAME, (struct pos){ written.p },
	    "%.*s: DNS would refuse this host name; it is left out", STR_FMT(written));
	return false;
}

static int
by_target(const void *a, const void *b)
{
	const struct alias *x = a, *y = b;
	int order = str_icmp(x->target, y->target);

	return order ? order : (x->written.p > y->written.p) - (x->written.p < y->written.p);
}

static void
take_aliases(struct writer *w, const struct rec *r)
{
	struct db *db = w->q->db;
	struct str names, name, host, target, full;

	if (!db_own(db, r, "alias", &names))
		return;
	host = db_label(db, r);
	if (host.n == 0 || !full_name(w, r, host, &target))
		return;
	while (str_next(&names, ',', &name))
		if (full_name(w, r, name, &full))
			vec_push(db->env, &w->alias, ((struct alias){ target, full, name }));
}

/* Those of all addresses: an alias of a chosen host may stand at another address of it. */
static void
collect_aliases(struct writer *w)
{
	struct db *db = w->q->db;
	struct diags *d = w->d, unheard;
	size_t chosen = 0;
	struct walk walk;

	diags_init(&unheard, db->env);
	for (struct rec *r = walk_all(&walk, db); r; r = walk_next(&walk)) {
		bool is_chosen = chosen < w->q->recs && w->q->rec[chosen] == r;
		chosen += is_chosen;
		w->d = is_chosen ? d : &unheard;
		if (dns_published(db, r, w->view) & DNS_FORWARD)
			take_aliases(w, r);
	}
	w->d = d;
	diags_release(&unheard);
	if (w->alias.n)
		qsort(w->alias.v, w->alias.n, sizeof(*w->alias.v), by_target);
}

static void
add_name(struct writer *w, struct str name)
{
	vec_push(w->q->db->env, &w->name, ((struct name){ name, w->name.n }));
}

static int
by_number(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int
by_text(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = str_icmp(x->text, y->text);

	return order ? order : by_number(a, b);
}

/* Of names that are there twice, the first stays. */
static void
drop_repeated(struct writer *w)
{
	struct name *v = w->name.v;
	size_t n = 0;

	if (w->name.n < 2)
		return;
	qsort(v, w->name.n, sizeof(*v), by_text);
	for (size_t i = 0; i < w->name.n; i++)
		if (n == 0 || !str_ieq(v[n - 1].text, v[i].text))
			v[n++] = v[i];
	qsort(v, n, sizeof(*v), by_number);
	w->name.n = n;
}

static void
add_both(struct writer *w, struct str full, struct str written)
{
	add_name(w, full);
	if (is_relative(written))
		add_name(w, written);
}

/* The first alias of a host, as by_target() puts them. */
static size_t
aliases_of(const struct writer *w, struct str host)
{
	size_t low = 0, high = w->alias.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_icmp(w->alias.v[middle].target, host) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
collect_names(struct writer *w, const struct rec *r)
{
	struct str hosts, host, full, rest;

	w->name.n = 0;
	if (!db_own(w->q->db, r, "host", &hosts))
		return;
	rest = hosts;
	while (str_next(&rest, ',', &host))
		if (full_name(w, r, host, &full))
			add_both(w, full, host);
	while (str_next(&hosts, ',', &host)) {
		if (!dns_name(w->q->db, r, host, &full) && !str_eq(full, host))
			continue;
		for (size_t i = aliases_of(w, full);
		     i < w->alias.n && str_ieq(w->alias.v[i].target, full); i++)
			add_both(w, w->alias.v[i].name, w->alias.v[i].written);
	}
	drop_repeated(w);
}

static void
write_line(struct writer *w, const struct rec *r, struct buf *text)
{
	char ip[IP_TEXT];

	collect_names(w, r);
	if (w->name.n == 0)
		return;
	buf_z(text, ip_fmt(ip, span_first(rec_span(r))));
	for (size_t i = 0; i < w->name.n; i++) {
		buf_char(text, i == 0 ? '\t' : ' ');
		buf_str(text, w->name.v[i].text);
	}
	if (db_is(w->q->db, r, "status", "deprecated"))
		buf_z(text, " # deprecated");
	buf_char(text, '\n');
}

enum status
hosts_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct writer w = { .q = q, .d = d };

	format_option(q, "view", &w.view);
	collect_aliases(&w);
	for (size_t i = 0; i < q->recs; i++)
		if (dns_published(q->db, q->rec[i], w.view) & DNS_FORWARD)
			write_line(&w, q->rec[i], text);
	vec_release(&w.alias);
	vec_release(&w.name);
	if (text->n == 0 && w.view.n && !str_ieq(w.view, STR("default")) &&
	    db_vrf(q->db, w.view) < 0)
		return diag_fail(d, STATUS_NO, "no address is published in the view %.*s",
		    STR_FMT(w.view));
	return STATUS_OK;
}
