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

/* What the plan has of a zone, and what is served of it. */
static enum status
read_zone(struct ctx *c, const struct zones_source *s, const struct dns_zone *z, dns_list *plan,
    dns_list *served)
{
	bool refused = false;
	enum status status = zones_planned(c, z, plan);

	if (!status)
		status = zones_served(c, s, z, served, &refused);
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
print_zone(struct ctx *c, const struct dns_zone *z, const dns_list *plan, const dns_list *served)
{
	dns_differences all = { 0 };
	bool any = false;

	dns_diff(c->db, z, plan, served, &all);
	if (args_has(&c->args, "ttl"))
		dns_diff_ttls(c->db, z, plan, served, &all);
	for (size_t i = 0; i < all.n; i++) {
		print_difference(c, z, &all.v[i]);
		any |= all.v[i].state != DNS_DYNAMIC;
	}
	vec_release(&all);
	return any ? STATUS_NO : STATUS_OK;
}

static enum status
print_all(struct ctx *c, const struct dns *dns, const dns_list *plan, const dns_list *served)
{
	static const struct column column[] = { { "state", 0 }, { "zone", 0 }, { "name", 0 },
		{ "type", 0 }, { "plan", 0 }, { "served", 0 } };
	dns_disagreements none = { 0 };
	enum status status = STATUS_OK;

	out_columns(c->out, column, ARRAY_LEN(column));
	for (size_t i = 0; i < dns->zones; i++)
		if (plan[i].n + served[i].n && print_zone(c, &dns->zone[i], &plan[i], &served[i]))
			status = STATUS_NO;
	dns_agree(dns, plan, served, &none);
	for (size_t i = 0; i < none.n; i++)
		print_disagreement(c, &none.v[i]);
	if (none.n)
		status = STATUS_NO;
	vec_release(&none);
	return status;
}

static enum status
compare(struct ctx *c, const struct zones_source *source, const struct dns *dns)
{
	struct arena *a = &c->db->arena;
	bool *wanted = arena_zalloc(a, dns->zones + 1);
	dns_list *plan = arena_zalloc(a, dns->zones * sizeof(dns_list) + 1);
	dns_list *served = arena_zalloc(a, dns->zones * sizeof(dns_list) + 1);
	enum status status = zones_choose(c, dns, wanted);
	size_t n = 0;

	for (size_t i = 0; i < dns->zones; i++)
		n += wanted[i];
	if (!status && n > 1 && source->file)
		status = diag_fail(c->diags, STATUS_USAGE, "--file is for one zone: name it");
	for (size_t i = 0; i < dns->zones && !status; i++)
		if (wanted[i])
			status = read_zone(c, source, &dns->zone[i], &plan[i], &served[i]);
	if (!status)
		status = print_all(c, dns, plan, served);
	for (size_t i = 0; i < dns->zones; i++) {
		vec_release(&plan[i]);
		vec_release(&served[i]);
	}
	return status;
}

enum status
cmd_dns_diff(struct ctx *c)
{
	struct zones_source source;
	struct dns dns;
	enum status status = read_source(c, &source);

	if (status)
		return status;
	dns_init(&dns, c->db);
	dns_fill(&dns);
	status = compare(c, &source, &dns);
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
