/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns.h"

#include "schema.h"

static struct str
view_name(struct str view)
{
	return str_ieq(view, STR("default")) ? STR_NONE : view;
}

static bool
is_in_view(struct db *db, const struct rec *r, struct str view)
{
	struct str views, one;

	if (!db_value(db, r, STR("view"), &views, NULL))
		return str_ieq(db_vrf_name(db, r->vrf), view);
	while (str_next(&views, ',', &one))
		if (str_ieq(view_name(one), view))
			return true;
	return false;
}

static bool
is_over(struct db *db, const struct rec *r)
{
	int64_t expires;

	return db_quarantine(db, r) != QUARANTINE_NONE ||
	       (db_time(db, r, "expires", &expires) && db->env->now >= expires);
}

unsigned
dns_published(struct db *db, const struct rec *r, struct str view)
{
	struct str dns;

	if (r->kind != KIND_ADDRESS || is_over(db, r) || !is_in_view(db, r, view_name(view)) ||
	    !db_value(db, r, STR("dns"), &dns, NULL))
		return DNS_NOTHING;
	if (str_eq(dns, STR("both")))
		return DNS_FORWARD | DNS_REVERSE;
	return str_eq(dns, STR("forward"))   ? DNS_FORWARD
	       : str_eq(dns, STR("reverse")) ? DNS_REVERSE
	                                     : DNS_NOTHING;
}

bool
dns_name(struct db *db, const struct rec *r, struct str host, struct str *name)
{
	*name = host;
	return db_fqdn(db, r, host, name) && host_is_publishable(*name);
}
