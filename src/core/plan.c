/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_parts.h"

enum status
plan_check_special(struct db *db, struct span prefix, bool all, const struct rec *r,
    struct diags *d)
{
	static const char *const what[] = { "", "the network address", "the broadcast address",
		"the subnet-router anycast address" };
	enum ip_special s = all ? IP_USABLE : prefix_special(prefix, r->first);
	char text[SPAN_TEXT];

	if (r->kind != KIND_ADDRESS || s == IP_USABLE)
		return STATUS_OK;
	return diag_fail(d, STATUS_CONFLICT, "%.*s: would be %s of %s", STR_FMT(db_key(db, r)),
	    what[s], span_fmt(text, prefix));
}
