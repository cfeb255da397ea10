/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nsupdate.h"

/* A message holds 64 KiB; nsupdate says so only when it is too late. */
enum { LINES_MAX = 500, BYTES_MAX = 60000 };

/* The types that are changed. */
static const unsigned types[] = { DNS_NS, DNS_A, DNS_AAAA, DNS_CNAME, DNS_PTR };

/* --- one name ------------------------------------------------------------ */

static bool
has(const struct dns_rrs *rrs, unsigned type)
{
	for (size_t i = 0; i < rrs->n; i++)
		if (rrs->v[i].type == type)
			return true;
	return false;
}

static void
put_data(struct buf *b, const struct dns_rr *rr)
{
	char ip[IP_TEXT];

	if (rr->type == DNS_A || rr->type == DNS_AAAA)
		buf_fmt(b, "%s\n", ip_fmt(ip, rr->ip));
	else
		buf_fmt(b, "%.*s.\n", STR_FMT(rr->target));
}

static void
require_values(struct buf *b, const struct dns_change *c, const struct dns_rrs *rrs, unsigned type)
{
	for (size_t i = 0; i < rrs->n; i++) {
		if (rrs->v[i].type != type)
			continue;
		buf_fmt(b, "prereq yxrrset %.*s. IN %s ", STR_FMT(c->name), dns_type_name(type));
		put_data(b, &rrs->v[i]);
	}
}

/* Whether what is there of a type matters: it changes, or an alias would be beside it. */
static bool
matters(const struct dns_change *c, unsigned type)
{
	if (has(&c->gone, type) || has(&c->come, type))
		return true;
	if (type == DNS_CNAME)
		return c->come.n > 0;
	return has(&c->come, DNS_CNAME) && (type == DNS_A || type == DNS_AAAA);
}

/* That the name is as it was read. */
static void
put_prerequisites(struct buf *b, const struct dns_change *c)
{
	if (c->gone.n + c->kept.n == 0) {
		buf_fmt(b, "prereq nxdomain %.*s.\n", STR_FMT(c->name));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (!matters(c, types[i]))
			continue;
		if (!has(&c->gone, types[i]) && !has(&c->kept, types[i]))
			buf_fmt(b, "prereq nxrrset %.*s. IN %s\n", STR_FMT(c->name),
			    dns_type_name(types[i]));
		require_values(b, c, &c->gone, types[i]);
		require_values(b, c, &c->kept, types[i]);
	}
	buf_fmt(b, "prereq nxrrset %.*s. IN DHCID\n", STR_FMT(c->name));
}

static void
put_gone(struct buf *b, const struct dns_change *c, bool ns)
{
	for (size_t i = 0; i < c->gone.n; i++) {
		const struct dns_rr *rr = &c->gone.v[i];
		if ((rr->type == DNS_NS) != ns)
			continue;
		buf_fmt(b, "update delete %.*s. IN %s ", STR_FMT(c->name), dns_type_name(rr->type));
		put_data(b, rr);
	}
}

static void
put_come(struct buf *b, const struct dns_change *c)
{
	for (size_t i = 0; i < c->come.n; i++) {
		const struct dns_rr *rr = &c->come.v[i];
		buf_fmt(b, "update add %.*s. %u IN %s ", STR_FMT(c->name), rr->ttl,
		    dns_type_name(rr->type));
		put_data(b, rr);
	}
}

/* A CNAME must have gone before anything else can come; the last name server of a zone
 * never goes. */
static void
put_updates(struct buf *b, const struct dns_change *c)
{
	put_gone(b, c, false);
	put_come(b, c);
	put_gone(b, c, true);
}

/* --- transactions -------------------------------------------------------- */

static size_t
count_lines(struct str s)
{
	struct str line;
	size_t n = 0;

	while (str_next(&s, '\n', &line))
		n++;
	return n;
}

size_t
nsupdate_take(const struct env *env, const struct dns_change *change, size_t n)
{
	size_t lines = 0, bytes = 0, i = 0;
	struct buf b;

	buf_init(&b, env);
	for (; i < n && change[i].zone == change->zone && change[i].turn == change->turn; i++) {
		b.n = 0;
		put_prerequisites(&b, &change[i]);
		put_updates(&b, &change[i]);
		lines += count_lines(buf_get(&b));
		bytes += b.n;
		if (i > 0 && (lines > LINES_MAX || bytes > BYTES_MAX))
			break;
	}
	buf_release(&b);
	return i;
}

void
nsupdate_script(struct buf *out, const struct nsupdate_server *server,
    const struct dns_change *change, size_t n, bool undo)
{
	buf_fmt(out, "server %s %s\nzone %.*s.\n", server->server, server->port,
	    STR_FMT(change->zone->name));
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++) {
			struct dns_change c = undo ? dns_change_undo(&change[i]) : change[i];
			(pass ? put_updates : put_prerequisites)(out, &c);
		}
	buf_z(out, "send\n");
}
