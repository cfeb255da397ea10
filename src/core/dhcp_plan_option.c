/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.NAME, and the plan's attributes that are options. */
#include "dhcp_plan.h"

static const struct str option_prefix = { "option.", 7 };

bool
planner_is_option(struct str attr)
{
	return str_starts(attr, option_prefix);
}

static void
unknown_option(struct planner *p, const struct rec *r, const struct attr *attr, struct str name)
{
	const char *names[96];
	size_t n = 0;

	for (size_t i = 0; i < dhcp_option_table_len && n < ARRAY_LEN(names); i++)
		if (dhcp_option_table[i].family == FAMILY_NONE ||
		    dhcp_option_table[i].family == (enum family)r->family)
			names[n++] = dhcp_option_table[i].name;
	bool said = planner_say(p, SEV_ERROR, attr->name.p,
	    "%.*s: option.%.*s: no DHCPv%d option of this name", STR_FMT(db_key(p->db, r)),
	    STR_FMT(name), r->family);
	const struct dhcp_option_info *info = NULL;
	for (int s = 0; s < DHCP_SERVERS && !info; s++)
		info = dhcp_option_spelled((enum dhcp_server)s, (enum family)r->family, name);
	const char *near = info ? info->name : diag_nearest(name, names, n);
	if (near && said)
		diag_hint(p->d, "option.%s", near);
}

static void
put_value(struct planner *p, dhcp_options *o, const struct rec *r,
    const struct dhcp_option_info *info, const struct attr *attr)
{
	struct str value = attr_value(attr, p->conf->arena), out;
	const char *fault =
	    dhcp_option_value(info, (enum family)r->family, value, p->conf->arena, &out);

	if (fault)
		planner_say(p, SEV_ERROR, attr->raw.p, "%.*s: %.*s=%.*s: %s",
		    STR_FMT(db_key(p->db, r)), STR_FMT(attr->name), STR_FMT(attr->raw), fault);
	else if (!info->spelling[p->wish->server] &&
		 !(p->wish->server == DHCP_DNSMASQ && info->code))
		planner_say(p, SEV_WARNING, attr->name.p,
		    "%.*s: %.*s is left out: %s has no such setting", STR_FMT(db_key(p->db, r)),
		    STR_FMT(attr->name), dhcp_server_names[p->wish->server]);
	else
		dhcp_option_set(p->conf->env, o, info, out, attr->raw.p);
}

static void
put_option(struct planner *p, dhcp_options *o, const struct rec *r, const struct attr *attr)
{
	struct str name = str_cut(attr->name, option_prefix.n, attr->name.n);
	const struct dhcp_option_info *info = dhcp_option_find((enum family)r->family, name);

	if (!info)
		unknown_option(p, r, attr, name);
	else if (attr->value.n)
		put_value(p, o, r, info, attr);
}

void
planner_own_options(struct planner *p, dhcp_options *o, const struct rec *r)
{
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, r);
	while (attr_next(&it, &attr))
		if (planner_is_option(attr.name))
			put_option(p, o, r, &attr);
}

/* Whether a subnet nearer than `outer` has a word about an option. */
static bool
is_hidden(const struct rec *r, const struct rec *outer, struct str name)
{
	struct attr attr;

	for (; r != outer; r = r->parent)
		if (attr_find(r, name, &attr))
			return true;
	return false;
}

static void
all_options(struct planner *p, dhcp_options *o, const struct rec *subnet)
{
	struct attr_iter it;
	struct attr attr;

	for (const struct rec *r = subnet; r; r = r->parent) {
		attr_start(&it, r);
		while (attr_next(&it, &attr))
			if (planner_is_option(attr.name) &&
			    (r == subnet || db_inherits(p->db, attr.name)) &&
			    !is_hidden(subnet, r, attr.name))
				put_option(p, o, r, &attr);
	}
}

/* Of a list of addresses those of one family; the others are for the other server. */
static struct str
of_family(struct planner *p, struct str list, enum family f)
{
	struct str member, out = STR_NONE;
	struct ip ip;

	while (str_next(&list, ',', &member))
		if (ip_parse(member, &ip, NULL) && ip.family == f)
			out = arena_fmt(p->conf->arena, "%.*s%s%.*s", STR_FMT(out),
			    out.n ? "," : "", STR_FMT(member));
	return out;
}

/* The plan's own attributes that are options: gw, nameserver, ... */
static void
put_attr(struct planner *p, dhcp_options *o, const struct rec *r,
    const struct dhcp_option_info *info)
{
	const struct rec *origin = NULL;
	struct str value, out;
	struct attr attr;

	if (!db_value(p->db, r, str_from(info->attr), &value, &origin) || value.n == 0)
		return;
	if (info->type == DHCP_IPS)
		value = of_family(p, value, (enum family)r->family);
	if (value.n == 0)
		return;
	bool has_place = origin && attr_find(origin, str_from(info->attr), &attr);
	const char *at = has_place ? attr.raw.p : r->line;
	const char *fault =
	    dhcp_option_value(info, (enum family)r->family, value, p->conf->arena, &out);
	if (fault)
		planner_say(p, SEV_ERROR, at, "%.*s: %s=%.*s: %s", STR_FMT(db_key(p->db, r)),
		    info->attr, STR_FMT(value), fault);
	else
		dhcp_option_set(p->conf->env, o, info, out, at);
}

void
planner_subnet_options(struct planner *p, struct dhcp_subnet *s)
{
	for (size_t i = 0; i < dhcp_option_table_len; i++) {
		const struct dhcp_option_info *info = &dhcp_option_table[i];
		if (info->attr && (info->family == FAMILY_NONE || info->family == s->prefix.family))
			put_attr(p, &s->option, s->rec, info);
	}
	all_options(p, &s->option, s->rec);
}
