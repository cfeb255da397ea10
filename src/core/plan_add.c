/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_parts.h"

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

enum status
plan_range_fits(struct db *db, unsigned vrf, struct span span, const struct rec *except,
    struct diags *d)
{
	struct str key = key_fmt_kind(&db->arena, KIND_RANGE, span, db_vrf_name(db, vrf));
	struct rec *around =
	    db_around(db, vrf, (struct span){ span.first, span.first, span.family, -1 });
	struct rec probe = tree_key((uint16_t)vrf, span_ip(span_last(span)), KIND_NONE);
	struct rec *before = tree_before(&db->ranges, &probe), *inside;

	if (before && before == except)
		before = tree_before(&db->ranges, except);
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

/* The range that would hold a subnet or be cut by it, but for those in `except`. */
enum status
plan_subnet_fits(struct db *db, unsigned vrf, struct span span, const struct rec *except,
    struct diags *d)
{
	struct ip ends[] = { span_first(span), span_last(span) };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct rec *range = db_range_over(db, vrf, ends[i]);
		if (!range || span_holds(span, rec_span(range)))
			continue;
		if (except && except->vrf == vrf && span_holds(rec_span(except), rec_span(range)))
			continue;
		return diag_fail(d, STATUS_CONFLICT, "%.*s: %s range %.*s",
		    STR_FMT(key_fmt(&db->arena, span, db_vrf_name(db, vrf))),
		    span_holds(rec_span(range), span) ? "lies inside" : "crosses the end of",
		    STR_FMT(db_key(db, range)));
	}
	return STATUS_OK;
}

enum status
plan_fits(struct db *db, unsigned vrf, struct span span, enum kind kind, struct diags *d)
{
	struct str key = key_fmt(&db->arena, span, db_vrf_name(db, vrf));

	if (span_is_link_local(span))
		return diag_fail(d, STATUS_USAGE, "%.*s: link-local addresses are no records",
		    STR_FMT(key));
	if (db_find(db, vrf, span, kind))
		return diag_fail(d, STATUS_CONFLICT, "%.*s: exists already", STR_FMT(key));
	if (kind == KIND_SUBNET)
		return plan_subnet_fits(db, vrf, span, NULL, d);
	if (kind == KIND_RANGE)
		return plan_range_fits(db, vrf, span, NULL, d);
	if (!db_around(db, vrf, span))
		return diag_fail(d, STATUS_NO, "%.*s: lies in no subnet", STR_FMT(key));
	return STATUS_OK;
}

enum status
plan_add(struct db *db, unsigned vrf, struct span span, enum kind kind, const struct assign *a,
    size_t n, struct rec **out, struct diags *d)
{
	enum status status = plan_fits(db, vrf, span, kind, d);

	if (!status)
		status = name_is_free(db, a, n, d);
	if (!status)
		*out = edit_add(db, vrf, span, kind, a, n);
	return status;
}

enum status
plan_add_object(struct db *db, struct str kind, struct str name, const struct assign *a, size_t n,
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
