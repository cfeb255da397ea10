/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"
#include "plan_parts.h"

static enum status
can_carve(struct db *db, const struct rec *parent, int len, struct diags *d)
{
	struct str key = db_key(db, parent), status;
	enum status fits = plan_check_length(db, parent, len, d);

	if (fits)
		return fits;
	if (!db_is(db, parent, "status", "reserved") && !db_is(db, parent, "status", "deprecated"))
		return STATUS_OK;
	db_value(db, parent, STR("status"), &status, NULL);
	diag_fail(d, STATUS_CONFLICT, "%.*s: has status=%.*s: no block is handed out from it",
	    STR_FMT(key), STR_FMT(status));
	place_hint_children(db, parent, d);
	return STATUS_CONFLICT;
}

static enum status
say_full(struct db *db, const struct rec *parent, int len, struct diags *d)
{
	struct str key = db_key(db, parent);
	struct span widest;

	if (!space_widest(db, parent, &widest))
		return diag_fail(d, STATUS_FULL, "%.*s: no free /%d (nothing is free)",
		    STR_FMT(key), len);
	return diag_fail(d, STATUS_FULL, "%.*s: no free /%d (largest free block: %.*s)",
	    STR_FMT(key), len, STR_FMT(db_key_at(db, parent->vrf, widest)));
}

enum status
plan_carve(struct db *db, struct rec *parent, int len, enum fit fit, const struct assign *a,
    size_t n, struct rec **out, struct diags *d)
{
	enum status status = can_carve(db, parent, len, d);
	struct span prefix;

	if (status)
		return status;
	if (!space_choose(db, parent, len, fit, &prefix))
		return say_full(db, parent, len, d);
	return plan_add(db, parent->vrf, prefix, KIND_SUBNET, a, n, out, d);
}
