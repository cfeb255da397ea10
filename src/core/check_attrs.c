/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with the attributes of one record, and with one that is to be. */
#include "check_parts.h"

static const struct memo *
look_up(struct checker *c, struct str name, const struct rec *r)
{
	struct str object = r->kind == KIND_OBJECT ? rec_object_kind(r) : STR_NONE;
	size_t h = (name.n * 31 + (unsigned char)name.p[0] * 7u +
		       (unsigned char)name.p[name.n - 1] + r->kind * 5u) %
	           MEMO;
	struct memo *m = &c->memo[h];

	if (r->kind == KIND_OBJECT || m->kind != (enum kind)r->kind || !str_eq(m->name, name)) {
		m->name = name;
		m->kind = r->kind == KIND_OBJECT ? KIND_NONE : r->kind;
		m->info = schema_attr(name, r->kind, object);
		m->is_field = !m->info && schema_is_field(name);
	}
	return m;
}

/* A relative name of so many octets, together with its domain. */
static bool
is_too_long(size_t relative, struct str domain)
{
	return domain.n && relative + 1 + domain.n > HOST_MAX;
}

bool
check_suits_all(struct str domain)
{
	return str_find(domain, '.') < domain.n && !is_too_long(LABEL_MAX, domain);
}

/* The domain of what lies in this subnet, without a final dot; empty if there is none. */
static struct str
domain_in(struct checker *c, const struct rec *subnet)
{
	if (c->domain_of == subnet && subnet)
		return c->domain;
	c->domain = db_domain(c->db, subnet);
	c->domain_of = subnet;
	c->suits_all = check_suits_all(c->domain);
	return c->domain;
}

static struct str
domain_at(struct checker *c, const struct rec *r)
{
	struct str domain;

	return db_own(c->db, r, "domain", &domain) ? str_without_dot(domain)
	                                           : domain_in(c, r->parent);
}

static bool
is_doubled(struct str host, struct str domain)
{
	if (domain.n == 0 || !str_iends(host, domain))
		return false;
	return host.n == domain.n || host.p[host.n - domain.n - 1] == '.';
}

static void
say_no_domain(struct checker *c, struct str name)
{
	check_say(c, RULE_NO_DOMAIN, name.p,
	    "%.*s: no domain (domain= on a subnet around it, or a final dot)", STR_FMT(name));
}

static void
check_domain(struct checker *c, const struct rec *r, struct str host)
{
	struct str domain;

	if (host.n && host.p[host.n - 1] == '.')
		return;
	domain = domain_at(c, r);
	if (domain.n == 0)
		say_no_domain(c, host);
	else if (is_doubled(host, domain))
		check_say(c, RULE_DOUBLE_DOMAIN, host.p,
		    "%.*s: ends in its own domain %.*s (a final dot makes it complete)",
		    STR_FMT(host), STR_FMT(domain));
	else if (is_too_long(host.n, domain))
		check_say(c, RULE_HOST_NAME, host.p,
		    "%.*s: DNS would refuse this host name in %.*s; it is not published",
		    STR_FMT(host), STR_FMT(domain));
}

static void
check_hosts(struct checker *c, const struct rec *r, const struct attr *attr)
{
	struct str rest = attr->value, host;

	while (str_next(&rest, ',', &host)) {
		if (!host_is_publishable(host))
			check_say(c, RULE_HOST_NAME, host.p,
			    "%.*s: DNS would refuse this host name; it is not published",
			    STR_FMT(host));
		check_domain(c, r, host);
	}
}

static bool
has_complete_host(const struct rec *r)
{
	struct attr attr;
	struct str first;

	return attr_find(r, STR("host"), &attr) && str_next(&attr.value, ',', &first) && first.n &&
	       first.p[first.n - 1] == '.';
}

/* Of aliases: that they are not published, or are where nobody looks. */
static void
check_aliases(struct checker *c, const struct rec *r, const struct attr *attr)
{
	struct str rest = attr->value, alias, domain = domain_at(c, r);

	while (str_next(&rest, ',', &alias)) {
		bool is_relative = alias.p[alias.n - 1] != '.';
		if (!host_is_publishable(alias) || (is_relative && is_too_long(alias.n, domain)))
			check_say(c, RULE_HOST_NAME, alias.p,
			    "%.*s: DNS would refuse this host name; the alias is not published",
			    STR_FMT(alias));
		else if (is_relative && is_doubled(alias, domain))
			check_say(c, RULE_HOST_NAME, alias.p,
			    "%.*s: ends in its own domain %.*s (a final dot makes it complete)",
			    STR_FMT(alias), STR_FMT(domain));
		else if (is_relative && domain.n == 0 && has_complete_host(r))
			say_no_domain(c, alias); /* else it is said of the host */
	}
}

static bool
reads_as_key(const struct attr_info *info, struct str value)
{
	struct str member;

	if (info->type != VALUE_NAME && info->type != VALUE_HOSTS)
		return false;
	while (str_next(&value, ',', &member))
		if (looks_like_key(member))
			return true;
	return false;
}

/* Objects of a kind that is not known have what they like. */
static void
check_misplaced(struct checker *c, const struct rec *r, struct str name, struct str object)
{
	if (r->kind != KIND_OBJECT)
		check_say(c, RULE_MISPLACED, name.p, "%.*s means nothing on %s %s", STR_FMT(name),
		    r->kind == KIND_ADDRESS ? "an" : "a", kind_names[r->kind]);
	else if (schema_is_object(object))
		check_say(c, RULE_MISPLACED, name.p, "%.*s means nothing on @%.*s", STR_FMT(name),
		    STR_FMT(object));
}

static void
check_attr(struct checker *c, const struct rec *r, const struct attr *attr)
{
	const struct memo *m = look_up(c, attr->name, r);
	struct str object = r->kind == KIND_OBJECT ? rec_object_kind(r) : STR_NONE;
	char why[SCHEMA_WHY];

	if (m->is_field)
		check_say(c, RULE_FIELD_NAME, attr->name.p,
		    "%.*s is the name of an output field and cannot be an attribute",
		    STR_FMT(attr->name));
	if (!m->info)
		return;
	if (!schema_fits(m->info, r->kind, object)) {
		check_misplaced(c, r, attr->name, object);
		return;
	}
	struct str value = attr_value(attr, &c->db->arena);
	const char *fault = schema_value_fault(m->info, value, why);
	enum rule rule = m->info->late                  ? RULE_LATE_VALUE
	                 : reads_as_key(m->info, value) ? RULE_NAME_IS_KEY
	                                                : RULE_BAD_VALUE;
	if (fault)
		check_say(c, rule, attr->raw.p, "%.*s=%.*s: %s", STR_FMT(attr->name),
		    STR_FMT(attr->raw), fault);
	else if (m->info->type == VALUE_HOSTS)
		(attr->name.p[0] == 'h' ? check_hosts : check_aliases)(c, r, attr);
}

void
check_fine(struct checker *c, const struct rec *r)
{
	struct attr attr;
	struct str host;

	if (r->kind != KIND_ADDRESS)
		return;
	domain_in(c, r->parent);
	if (c->suits_all)
		return;
	if (attr_find(r, STR("host"), &attr))
		while (str_next(&attr.value, ',', &host))
			check_domain(c, r, host);
	if ((r->flags & REC_OWN_DNS) && attr_find(r, STR("alias"), &attr))
		check_aliases(c, r, &attr);
}

void
check_attrs(struct checker *c, const struct rec *r)
{
	struct attr_iter it;
	struct attr attr;

	if (r->flags & REC_FINE) {
		check_fine(c, r);
		return;
	}
	attr_start(&it, r);
	do
		while (attr_next(&it, &attr))
			check_attr(c, r, &attr);
	while (attr_resume(&it));
}

/* --- before it is written ---------------------------------------------- */

enum status
check_assign(enum kind kind, struct str object, struct str name, struct str value, struct diags *d)
{
	const struct attr_info *info =
	    attr_name_is_valid(name) ? schema_attr(name, kind, object) : NULL;
	char why[SCHEMA_WHY];
	const char *fault;
	size_t at;

	if (!attr_name_is_valid(name))
		return diag_fail(d, STATUS_USAGE,
		    "%.*s: an attribute's name has only a-z, 0-9, _, . and -", STR_FMT(name));
	if (!info && schema_is_field(name))
		return diag_fail(d, STATUS_USAGE,
		    "%.*s is the name of an output field and cannot be an attribute",
		    STR_FMT(name));
	fault = text_value_fault(value, &at);
	if (fault)
		return diag_fail(d, STATUS_USAGE, "%.*s: the value %s (byte %zu)", STR_FMT(name),
		    fault, at + 1);
	if (!info || value.n == 0 || !schema_fits(info, kind, object))
		return STATUS_OK;
	fault = schema_value_fault(info, value, why);
	if (fault)
		return diag_fail(d, STATUS_USAGE, "%.*s=%.*s: %s", STR_FMT(name), STR_FMT(value),
		    fault);
	return STATUS_OK;
}
