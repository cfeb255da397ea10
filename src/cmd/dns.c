/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dns diff: the zones of the plan against what is served. */
#include "cmd.h"

#if WITH_ZONE
#include "core/dns_diff.h"
#include "zones.h"

static enum status
read_source(struct ctx *c, struct zones_source *s)
{
	bool server = args_has(&c->args, "server"), file = args_has(&c->args, "zonefile");

	if (server == file)
		return diag_fail(c->diags, STATUS_USAGE,
		    "dns diff: either --server or --zonefile is wanted");
	if (server)
		return zones_server(c, "server", &c->db->arena, s);
	*s = (struct zones_source){ .a = &c->db->arena,
		.file = arena_z(&c->db->arena, args_get(&c->args, "zonefile")) };
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
	out_str(c->out, data_text(c, d->plan));
	out_str(c->out, data_text(c, d->served));
}

/* STATUS_NO if there is a difference that is no DHCP server's. */
static enum status
diff_zone(struct ctx *c, const struct zones_source *s, const struct dns_zone *z)
{
	dns_list plan = { 0 }, served = { 0 };
	dns_differences all = { 0 };
	enum status status = zones_planned(c, z, &plan);
	bool any = false;

	if (!status)
		status = zones_served(c, s, z, &served);
	if (!status)
		dns_diff(c->db, z, &plan, &served, &all);
	for (size_t i = 0; i < all.n; i++) {
		print_difference(c, z, &all.v[i]);
		any |= all.v[i].state != DNS_DYNAMIC;
	}
	vec_release(&plan);
	vec_release(&served);
	vec_release(&all);
	return status ? status : any ? STATUS_NO : STATUS_OK;
}

enum status
cmd_dns_diff(struct ctx *c)
{
	static const struct column column[] = { { "state", 0 }, { "zone", 0 }, { "name", 0 },
		{ "type", 0 }, { "plan", 0 }, { "served", 0 } };
	struct zones_source source;
	struct dns dns;
	size_t n = 0;
	enum status status = read_source(c, &source), one;

	if (status)
		return status;
	dns_init(&dns, c->db);
	dns_fill(&dns);
	bool *wanted = arena_zalloc(&c->db->arena, dns.zones + 1);
	status = zones_choose(c, &dns, wanted);
	for (size_t i = 0; i < dns.zones; i++)
		n += wanted[i];
	if (!status && n > 1 && source.file)
		status = diag_fail(c->diags, STATUS_USAGE, "--zonefile is for one zone: name it");
	out_columns(c->out, column, ARRAY_LEN(column));
	for (size_t i = 0; i < dns.zones && status <= STATUS_NO && !c->diags->errors; i++) {
		one = wanted[i] ? diff_zone(c, &source, &dns.zone[i]) : STATUS_OK;
		status = one ? one : status;
	}
	dns_release(&dns);
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
