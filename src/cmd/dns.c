/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dns diff: the zones of the plan against what is served. */
#include "cmd.h"

#if WITH_ZONE
#include "core/dns_agree.h"
#include "core/dns_diff.h"
#include "zones.h"

static enum status
read_source(struct ctx *c, struct zones_source *s)
{
	bool server = args_has(&c->args, "server"), file = args_has(&c->args, "file");

	if (server == file)
		return diag_fail(c->diags, STATUS_USAGE,
		    "dns diff: either --server or --file is wanted");
	if (server)
		return zones_server(c, "server", &c->db->arena, s);
	*s = (struct zones_source){ .a = &c->db->arena,
		.file = arena_z(&c->db->arena, args_get(&c->args, "file")) };
	return STATUS_OK;
}

/* --- dns diff ----------------------------------------------------------- */

static struct str
data_text(struct ctx *c, const struct dns_rr *rr)
{
	char ip[IP_TEXT];

	if (!rr)
		return STR_NONE;
	if (rr->type == DNS_A || rr->type == DNS_AAAA)
		return arena_str(&c->db->arena, str_from(ip_fmt(ip, rr->ip)));
	return rr->target;
}

static void
print_difference(struct ctx *c, const struct dns_zone *z, const struct dns_difference *d)
{
	const struct dns_rr *rr = d->plan ? d->plan : d->served;

	out_row(c->out, d->plan ? d->plan->rec : NULL);
	out_str(c->out, str_from(dns_state_names[d->state]));
	out_str(c->out, z->name);
	out_str(c->out, rr->owner);
	out_str(c->out, str_from(dns_type_name(rr->type)));
	if (d->state == DNS_OTHER_TTL) {
		out_int(c->out, d->plan->ttl);
		out_int(c->out, d->served->ttl);
		return;
	}
	out_str(c->out, data_text(c, d->plan));
	out_str(c->out, data_text(c, d->served));
}

static void
print_disagreement(struct ctx *c, const struct dns_disagreement *d)
{
	const struct dns_rr *rr = d->rr;

	out_row(c->out, NULL);
	out_str(c->out, STR("disagree"));
	out_str(c->out, d->zone->name);
	out_str(c->out, rr->owner);
	out_str(c->out, str_from(dns_type_name(rr->type)));
	out_str(c->out, STR_NONE);
	out_str(c->out,
	    arena_fmt(&c->db->arena, "%.*s, whose %s is %.*s", STR_FMT(data_text(c, rr)),
		dns_type_name(d->other->type), STR_FMT(data_text(c, d->other))));
}

/* All lists are by zone. */
struct comparison {
	struct ctx *c;
	struct zones_source source;
	struct dns dns;
	bool *wanted, *whole; /* whole: all that is served of it is known */
	dns_list *plan, *served;
	dns_list dynamic;
};

/* What the plan has of a zone, and what is served of it. */
static enum status
read_zone(struct comparison *x, size_t zone)
{
	struct ctx *c = x->c;
	const struct zones_source *s = &x->source;
	const struct dns_zone *z = &x->dns.zone[zone];
	dns_list *plan = &x->plan[zone], *served = &x->served[zone];
	bool refused = false;
	enum status status = zones_planned(c, z, plan);

	if (!status)
		status = zones_served(c, s, z, served, &refused);
	x->whole[zone] = !refused;
	if (!status && refused) {
		diag_warn(c->diags, "%s: zone %.*s: no transfer; asked name by name, %s", s->server,
		    STR_FMT(z->name),
		    zones_asks_all(z) ? "all its addresses" : "which finds only the plan's");
		status = zones_ask(c, s, z, plan, served);
	}
	if (!status && s->server)
		status = zones_follow(c, s, plan, served);
	return status;
}

/* STATUS_NO if there is a difference that is no DHCP server's. */
static enum status
print_zone(struct comparison *x, size_t zone)
{
	struct ctx *c = x->c;
	const struct dns_zone *z = &x->dns.zone[zone];
	const dns_list *plan = &x->plan[zone], *served = &x->served[zone];
	dns_differences all = { 0 };
	bool any = false;

	dns_diff(c->db, z, plan, served, &x->dynamic, &all);
	if (args_has(&c->args, "ttl"))
		dns_diff_ttls(c->db, z, plan, served, &x->dynamic, &all);
	for (size_t i = 0; i < all.n; i++) {
		print_difference(c, z, &all.v[i]);
		any |= all.v[i].state != DNS_DYNAMIC;
	}
	vec_release(&all);
	return any ? STATUS_NO : STATUS_OK;
}

static enum status
print_all(struct comparison *x)
{
	static const struct column column[] = { { "state", 0 }, { "zone", 0 }, { "name", 0 },
		{ "type", 0 }, { "plan", 0 }, { "served", 0 } };
	struct ctx *c = x->c;
	dns_disagreements none = { 0 };
	enum status status = STATUS_OK;

	out_columns(c->out, column, ARRAY_LEN(column));
	for (size_t i = 0; i < x->dns.zones; i++)
		if (x->plan[i].n + x->served[i].n && print_zone(x, i))
			status = STATUS_NO;
	dns_agree(&x->dns, x->plan, x->served, &none);
	for (size_t i = 0; i < none.n; i++)
		print_disagreement(c, &none.v[i]);
	if (none.n)
		status = STATUS_NO;
	vec_release(&none);
	return status;
}

static enum status
compare(struct comparison *x)
{
	struct ctx *c = x->c;
	const struct dns *dns = &x->dns;
	enum status status = zones_choose(c, dns, x->wanted);
	size_t n = 0;

	for (size_t i = 0; i < dns->zones; i++)
		n += x->wanted[i];
	if (!status && n > 1 && x->source.file)
		status = diag_fail(c->diags, STATUS_USAGE, "--file is for one zone: name it");
	for (size_t i = 0; i < dns->zones && !status; i++)
		if (x->wanted[i])
			status = read_zone(x, i);
	if (!status)
		status =
		    zones_dynamic(c, &x->source, dns, x->plan, x->served, x->whole, &x->dynamic);
	return status ? status : print_all(x);
}

enum status
cmd_dns_diff(struct ctx *c)
{
	struct comparison x = { .c = c };
	struct arena *a = &c->db->arena;
	enum status status = read_source(c, &x.source);

	if (status)
		return status;
	dns_init(&x.dns, c->db);
	dns_fill(&x.dns);
	x.wanted = arena_zalloc(a, x.dns.zones + 1);
	x.whole = arena_zalloc(a, x.dns.zones + 1);
	x.plan = arena_zalloc(a, x.dns.zones * sizeof(dns_list) + 1);
	x.served = arena_zalloc(a, x.dns.zones * sizeof(dns_list) + 1);
	status = compare(&x);
	for (size_t i = 0; i < x.dns.zones; i++) {
		vec_release(&x.plan[i]);
		vec_release(&x.served[i]);
	}
	vec_release(&x.dynamic);
	dns_release(&x.dns);
	return status;
}

#else

enum status
cmd_dns_diff(struct ctx *c)
{
	return diag_fail(c->diags, STATUS_USAGE,
	    "dns diff: built without libzscanner (make WITH_ZONE=0)");
}

#endif
