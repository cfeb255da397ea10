/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_parts.h"

enum status
plan_check_special(struct db *db, struct span prefix, bool all, const struct rec *r,
    struct diags *d)
{
	static const char *const what[] = { "", "the network address", "the broadcast address",
		"the subnet-router anycast address" };
	enum ip_special s = all ? IP_USABLE : prefix_special(prefix, r->first);

	if (r->kind != KIND_ADDRESS || s == IP_USABLE)
		return STATUS_OK;
	return diag_fail(d, STATUS_CONFLICT, "%.*s: would be %s of %.*s", STR_FMT(db_key(db, r)),
	    what[s], STR_FMT(db_key_at(db, r->vrf, prefix)));
}

enum status
plan_check_length(struct db *db, const struct rec *subnet, int len, struct diags *d)
{
	struct str key = db_key(db, subnet);
	int bits = ip_bits((enum family)subnet->family);

	if (len > subnet->plen && len <= bits)
		return STATUS_OK;
	if (subnet->plen == bits)
		return diag_fail(d, STATUS_USAGE, "%.*s: no prefix is longer", STR_FMT(key));
	return diag_fail(d, STATUS_USAGE, "%.*s: a length from /%d to /%d is wanted, not /%d",
	    STR_FMT(key), subnet->plen + 1, bits, len);
}
