/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"
#include "space.h"

enum fit
fit_by_name(struct str name)
{
	static const char *const names[] = { "", "best", "first", "sparse" };

	for (size_t i = 1; i < ARRAY_LEN(names); i++)
		if (str_eq(name, str_from(names[i])))
			return (enum fit)i;
	return FIT_DEFAULT;
}

static u128
bit_reversed(u128 v)
{
	u128 r = 0;

	for (int i = 0; i < 128; i++, v >>= 1)
		r = r << 1 | (v & 1);
	return r;
}

/* Whether block a suits better than b; a comes after b. */
static bool
suits_better(enum fit fit, const struct rec *parent, const struct span *a, const struct span *b)
{
	if (fit == FIT_BEST)
		return a->len > b->len;
	if (fit == FIT_FIRST)
		return false;
	if (a->len != b->len)
		return a->len < b->len;
	return bit_reversed(a->first - parent->first) < bit_reversed(b->first - parent->first);
}

struct choice {
	const struct rec *parent;
	enum fit fit;
	int len;
	struct span best, largest; /* len -1: none yet */
};

static void
consider(struct choice *c, struct span block)
{
	if (c->largest.len < 0 || block.len < c->largest.len)
		c->largest = block;
	if (block.len > c->len)
		return;
	bool first = c->best.len >= 0 && c->fit == FIT_FIRST && block.first < c->best.first;
	if (c->best.len < 0 || first || suits_better(c->fit, c->parent, &block, &c->best) ||
	    (c->fit == FIT_BEST && block.len == c->best.len && block.first < c->best.first))
		c->best = block;
}

static enum status
can_carve(struct db *db, const struct rec *parent, int len, struct diags *d)
{
	struct str key = db_key(db, parent), status;

	if (len <= parent->plen || len > ip_bits(parent->family))
		return diag_fail(d, STATUS_USAGE,
		    "%.*s: a length from /%d to /%d is wanted, not /%d", STR_FMT(key),
		    parent->plen + 1, ip_bits(parent->family), len);
	if (db_value(db, parent, STR("status"), &status, NULL) &&
	    (str_eq(status, STR("reserved")) || str_eq(status, STR("deprecated"))))
		return diag_fail(d, STATUS_CONFLICT,
		    "%.*s: has status=%.*s: no block is handed out from it", STR_FMT(key),
		    STR_FMT(status));
	return STATUS_OK;
}

enum status
plan_carve(struct db *db, struct rec *parent, int len, enum fit fit, const struct assign *a,
    size_t n, struct rec **out, struct diags *d)
{
	struct choice c = { parent, fit, len, { .len = -1 }, { .len = -1 } };
	enum status status = can_carve(db, parent, len, d);
	struct space f;
	struct span block;
	struct str name;
	char text[SPAN_TEXT];

	if (status)
		return status;
	if (fit == FIT_DEFAULT)
		c.fit =
		    db_value(db, parent, STR("fit"), &name, NULL) ? fit_by_name(name) : FIT_BEST;
	for (space_start(&f, db, parent->vrf, rec_span(parent)); space_next(&f, &block);)
		consider(&c, block);
	if (c.best.len < 0 && c.largest.len < 0)
		return diag_fail(d, STATUS_FULL, "%.*s: no free /%d (nothing is free)",
		    STR_FMT(db_key(db, parent)), len);
	if (c.best.len < 0)
		return diag_fail(d, STATUS_FULL, "%.*s: no free /%d (largest free block: %s)",
		    STR_FMT(db_key(db, parent)), len, span_fmt(text, c.largest));
	return plan_add(db, parent->vrf, span_prefix(span_first(c.best), len), KIND_SUBNET, a, n,
	    out, d);
}
