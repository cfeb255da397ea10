/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shape.h"

/* --- adding ----------------------------------------------------------- */

static enum status
name_is_free(struct db *db, const struct assign *a, size_t n, struct diags *d)
{
	struct find f;

	for (size_t i = 0; i < n; i++) {
		if (!str_eq(a[i].name, STR("name")) || a[i].value.n == 0)
			continue;
		find_start(&f, db, INDEX_NAME, a[i].value);
		for (struct rec *r; (r = find_next(&f));)
			if (r->kind != KIND_ADDRESS)
				return diag_fail(d, STATUS_CONFLICT,
				    "name=%.*s: %.*s has this name already", STR_FMT(a[i].value),
				    STR_FMT(db_key(db, r)));
	}
	return STATUS_OK;
}

/* The first subnet that begins inside a span, below its narrowest subnet. */
static struct rec *
subnet_in(struct db *db, unsigned vrf, struct span span, const struct rec *around)
{
	struct walk w;

	for (struct rec *r = walk_in(&w, db, vrf, span); r; r = walk_next(&w))
		if (r->kind == KIND_SUBNET && r != around && !span_holds(rec_span(r), span))
			return r;
	return NULL;
}

static enum status
range_fits(struct db *db, unsigned vrf, struct span span, struct str key, struct diags *d)
{
	struct rec *around =
	    db_around(db, vrf, (struct span){ span.first, span.first, span.family, -1 });
	struct rec probe = tree_key((uint16_t)vrf, span_ip(span_last(span)), KIND_NONE);
	struct rec *before = tree_before(&db->ranges, &probe), *inside;

	if (!around)
		return diag_fail(d, STATUS_NO, "%.*s: lies in no subnet", STR_FMT(key));
	if (around->last < span.last)
		return diag_fail(d, STATUS_CONFLICT, "%.*s: crosses the end of subnet %.*s",
		    STR_FMT(key), STR_FMT(db_key(db, around)));
	if (before && before->vrf == vrf && before->family == span.family &&
	    before->last >= span.first)
		return diag_fail(d, STATUS_CONFLICT, "%.*s: overlaps range %.*s", STR_FMT(key),
		    STR_FMT(db_key(db, before)));
	inside = subnet_in(db, vrf, span, around);
	if (inside)
		return diag_fail(d, STATUS_CONFLICT,
		    "%.*s: subnet %.*s lies in it or across its end", STR_FMT(key),
		    STR_FMT(db_key(db, inside)));
	return STATUS_OK;
}

/* A subnet may hold ranges and be held by subnets; no range may be cut by it,
 * or hold it. */
static enum status
subnet_fits(struct db *db, unsigned vrf, struct span span, struct str key, struct diags *d)
{
	struct rec *range = db_range_over(db, vrf, span_first(span));

	if (!range || span_holds(span, rec_span(range)))
		range = db_range_over(db, vrf, span_last(span));
	if (!range || span_holds(span, rec_span(range)))
		return STATUS_OK;
	return diag_fail(d, STATUS_CONFLICT, "%.*s: %s range %.*s", STR_FMT(key),
	    span_holds(rec_span(range), span) ? "lies inside" : "crosses the end of",
	    STR_FMT(db_key(db, range)));
}

enum status
shape_fits(struct db *db, unsigned vrf, struct span span, enum kind kind, struct diags *d)
{
	struct str key = key_fmt(&db->arena, span, db_vrf_name(db, vrf));

	if (span_is_link_local(span))
		return diag_fail(d, STATUS_USAGE, "%.*s: link-local addresses are no records",
		    STR_FMT(key));
	if (db_find(db, vrf, span, kind))
		return diag_fail(d, STATUS_CONFLICT, "%.*s: exists already", STR_FMT(key));
	if (kind == KIND_SUBNET)
		return subnet_fits(db, vrf, span, key, d);
	if (kind == KIND_RANGE)
		return range_fits(db, vrf, span, key, d);
	if (!db_around(db, vrf, span))
		return diag_fail(d, STATUS_NO, "%.*s: lies in no subnet", STR_FMT(key));
	return STATUS_OK;
}

enum status
shape_add(struct db *db, unsigned vrf, struct span span, enum kind kind, const struct assign *a,
    size_t n, struct rec **out, struct diags *d)
{
	enum status status = shape_fits(db, vrf, span, kind, d);

	if (!status)
		status = name_is_free(db, a, n, d);
	if (!status)
		*out = edit_add(db, vrf, span, kind, a, n);
	return status;
}

enum status
shape_add_object(struct db *db, struct str kind, struct str name, const struct assign *a, size_t n,
    struct rec **out, struct diags *d)
{
	if (!attr_name_is_valid(kind) || str_eq(kind, STR("ipam")))
		return diag_fail(d, STATUS_USAGE, "%.*s: not a kind of object", STR_FMT(kind));
	if (db_find_object(db, kind, name))
		return diag_fail(d, STATUS_CONFLICT, "@%.*s %.*s: exists already", STR_FMT(kind),
		    STR_FMT(name));
	if (str_eq(kind, STR("vrf")) && str_ieq(name, STR("default")))
		return diag_fail(d, STATUS_CONFLICT,
		    "@vrf default: the default VRF needs no declaration");
	*out = edit_add_object(db, kind, name, a, n);
	if (!*out)
		return diag_fail(d, STATUS_USAGE,
		    "%.*s: an object's name has no blank, quote, comma or %%", STR_FMT(name));
	return STATUS_OK;
}

enum status
shape_rm_object(struct db *db, struct rec *r, struct diags *d)
{
	int vrf = rec_is_object(r, "vrf") ? db_vrf(db, rec_object_name(r)) : 0;
	struct walk w;

	for (struct rec *in = vrf > 0 ? walk_all(&w, db) : NULL; in; in = walk_next(&w))
		if (in->vrf == (unsigned)vrf)
			return diag_fail(d, STATUS_CONFLICT, "%.*s: has records (%.*s)",
			    STR_FMT(rec_key(r)), STR_FMT(db_key(db, in)));
	edit_remove(db, r);
	return STATUS_OK;
}

/* --- removing --------------------------------------------------------- */

static enum status
check_empty(struct db *db, const struct rec *subnet, struct diags *d)
{
	struct walk w;
	size_t n = 0;

	for (struct rec *r = walk_inside(&w, db, subnet); r; r = walk_next(&w))
		n += !(r->flags & REC_MARKED);
	if (n == 0)
		return STATUS_OK;
	diag_fail(d, STATUS_CONFLICT, "%.*s: holds %zu record%s", STR_FMT(db_key(db, subnet)), n,
	    n == 1 ? "" : "s");
	diag_hint(d, "-r removes them, too; --keep leaves them to the subnet around it");
	return STATUS_CONFLICT;
}

/* Ranges that a subnet leaves behind must lie in the one around it. */
static enum status
can_keep(struct db *db, const struct rec *subnet, struct diags *d)
{
	struct walk w;

	for (struct rec *r = walk_inside(&w, db, subnet); r && !subnet->parent; r = walk_next(&w))
		if (r->kind == KIND_RANGE && r->parent == subnet)
			return diag_fail(d, STATUS_CONFLICT,
			    "%.*s: range %.*s would lie in no subnet", STR_FMT(db_key(db, subnet)),
			    STR_FMT(db_key(db, r)));
	return STATUS_OK;
}

enum status
shape_rm_subnet(struct db *db, struct rec *subnet, enum shape_rm how, rec_list *out,
    struct diags *d)
{
	rec_list inside = { 0 };
	enum status status;
	struct walk w;

	if (how == SHAPE_RM_EMPTY && (status = check_empty(db, subnet, d)))
		return status;
	if (how == SHAPE_RM_KEEP && (status = can_keep(db, subnet, d)))
		return status;
	vec_push(db->env, out, subnet);
	for (struct rec *r = how == SHAPE_RM_ALL ? walk_inside(&w, db, subnet) : NULL; r;
	     r = walk_next(&w))
		vec_push(db->env, &inside, r);
	edit_remove(db, subnet);
	for (size_t i = 0; i < inside.n; i++) {
		vec_push(db->env, out, inside.v[i]);
		edit_remove(db, inside.v[i]);
	}
	vec_release(&inside);
	return STATUS_OK;
}

/* --- free space ------------------------------------------------------- */

/* The gateways of the subnets that hold the span, ascending. */
static void
free_gateways(struct free_blocks *f, unsigned vrf, struct span span)
{
	struct rec *subnet = db_find(f->db, vrf, span, KIND_SUBNET);
	struct ip gw;

	for (subnet = subnet ? subnet : db_around(f->db, vrf, span); subnet;
	     subnet = subnet->parent) {
		if (!db_gateway(f->db, subnet, &gw) || !span_holds_ip(span, gw) ||
		    f->gws == ARRAY_LEN(f->gw))
			continue;
		size_t i = f->gws++;
		for (; i > 0 && f->gw[i - 1] > gw.v; i--)
			f->gw[i] = f->gw[i - 1];
		f->gw[i] = gw.v;
	}
}

void
free_start(struct free_blocks *f, struct db *db, unsigned vrf, struct span span)
{
	*f = (struct free_blocks){ .db = db,
		.at = span.first,
		.end = span.last,
		.family = span.family };
	f->ahead = walk_in(&f->walk, db, vrf, span);
	while (f->ahead && f->ahead->kind == KIND_SUBNET && span_holds(rec_span(f->ahead), span))
		f->ahead = walk_next(&f->walk);
	free_gateways(f, vrf, span);
}

/* What comes next and is not free: a record or a gateway. */
static bool
free_obstacle(struct free_blocks *f, u128 *first, u128 *last)
{
	struct rec *r = f->ahead;

	while (f->next_gw < f->gws && f->gw[f->next_gw] < f->at)
		f->next_gw++;
	if (f->next_gw < f->gws && (!r || f->gw[f->next_gw] < r->first)) {
		*first = *last = f->gw[f->next_gw++];
		return true;
	}
	if (!r)
		return false;
	*first = r->first;
	*last = r->last;
	f->ahead = r->kind == KIND_ADDRESS ? walk_next(&f->walk) : walk_skip(&f->walk, r);
	return true;
}

/* The next run without a record. */
static bool
free_run(struct free_blocks *f)
{
	u128 first, last;

	while (!f->done) {
		u128 at = f->at;
		if (!free_obstacle(f, &first, &last)) {
			f->done = true;
			f->run = (struct span){ at, f->end, f->family, -1 };
			return true;
		}
		f->run = (struct span){ at, first - 1, f->family, -1 };
		f->done = last >= f->end;
		if (last >= at)
			f->at = last + 1;
		if (first > at)
			return true;
	}
	return false;
}

bool
free_next(struct free_blocks *f, struct span *block)
{
	if (!f->has_run && !free_run(f))
		return false;
	*block = span_head_block(f->run);
	f->has_run = block->last < f->run.last;
	f->run.first = block->last + 1;
	return true;
}

/* --- carving ---------------------------------------------------------- */

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
shape_carve(struct db *db, struct rec *parent, int len, enum fit fit, const struct assign *a,
    size_t n, struct rec **out, struct diags *d)
{
	struct choice c = { parent, fit, len, { .len = -1 }, { .len = -1 } };
	enum status status = can_carve(db, parent, len, d);
	struct free_blocks f;
	struct span block;
	struct str name;
	char text[SPAN_TEXT];

	if (status)
		return status;
	if (fit == FIT_DEFAULT)
		c.fit =
		    db_value(db, parent, STR("fit"), &name, NULL) ? fit_by_name(name) : FIT_BEST;
	for (free_start(&f, db, parent->vrf, rec_span(parent)); free_next(&f, &block);)
		consider(&c, block);
	if (c.best.len < 0 && c.largest.len < 0)
		return diag_fail(d, STATUS_FULL, "%.*s: no free /%d (nothing is free)",
		    STR_FMT(db_key(db, parent)), len);
	if (c.best.len < 0)
		return diag_fail(d, STATUS_FULL, "%.*s: no free /%d (largest free block: %s)",
		    STR_FMT(db_key(db, parent)), len, span_fmt(text, c.largest));
	return shape_add(db, parent->vrf, span_prefix(span_first(c.best), len), KIND_SUBNET, a, n,
	    out, d);
}
