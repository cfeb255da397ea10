/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many leases a pool has, and had at most: that is noted in the line of a range, which
 * a pool of prefixes has, too.
 */
#include "seen_parts.h"
#include "when.h"

static bool
read_size(const struct seen *s, const struct rec *r, struct count *out)
{
	struct attr attr;
	int len;

	if (r->kind == KIND_RANGE) {
		*out = count_size(rec_span(r));
		return db_is(s->db, r, "role", "dhcp");
	}
	if (r->kind != KIND_SUBNET || r->family != IPV6 || !attr_find(r, STR("pd"), &attr) ||
	    !prefix_len_parse(attr.value, &len) || len < r->plen)
		return false;
	*out = count_shift(1, len - r->plen);
	return true;
}

/* The pool as a range. */
static struct rec
peak_key(const struct rec *r)
{
	struct span span = rec_span(r);

	span.len = -1;
	return tree_key(r->vrf, span, KIND_RANGE);
}

static void
read_peak(const struct seen *s, const struct rec *pool, struct seen_pool *out)
{
	struct rec key = peak_key(pool);
	struct attr attr;
	size_t end, i = seen_from(s, key.vrf, rec_span(&key), &end);

	while (i < end && db_order(s->db, &s->rec[i], &key) < 0)
		i++;
	if (i == end || db_order(s->db, &s->rec[i], &key) != 0)
		return;
	if (attr_find(&s->rec[i], STR("peak"), &attr))
		str_uint(attr.value, UINT64_MAX, &out->peak);
	if (attr_find(&s->rec[i], STR("peak-at"), &attr))
		when_parse(attr.value, &out->peak_at);
}

bool
seen_pool(const struct seen *s, const struct rec *r, struct seen_pool *out)
{
	size_t end, i;
	enum kind kind = r->kind == KIND_RANGE ? KIND_ADDRESS : KIND_SUBNET;
	int64_t now = s->db->env->now;
	struct sight sight;

	*out = (struct seen_pool){ .peak_at = SEEN_UNKNOWN };
	if (!read_size(s, r, &out->size))
		return false;
	read_peak(s, r, out);
	for (i = seen_from(s, r->vrf, rec_span(r), &end); i < end; i++) {
		if (s->rec[i].kind != kind)
			continue;
		sight_read(&s->db->arena, &s->rec[i], &sight);
		bool is_bad =
		    str_eq(sight.lease, STR("declined")) || str_eq(sight.lease, STR("abandoned"));
		out->leased += sight_is_leased(&sight, now);
		out->declined +=
		    is_bad && (sight.lease_end == SEEN_UNKNOWN || sight.lease_end > now);
	}
	return true;
}

static struct rec
peak_line(struct seen *s, const struct rec *pool, size_t leased)
{
	struct rec r = peak_key(pool);
	struct str key = key_fmt(&s->arena, rec_span(&r), db_vrf_name(s->db, r.vrf));
	char when[WHEN_TEXT];
	struct str line = arena_fmt(&s->arena, "%.*s peak=%zu peak-at=%s", STR_FMT(key), leased,
	    when_fmt(when, s->db->env->now));

	r.line = line.p;
	r.len = (uint32_t)line.n;
	r.keylen = (uint16_t)key.n;
	return r;
}

/* Lines of pools that are none of the plan any more. */
static void
drop_peaks(struct seen *s)
{
	struct count size;

	for (size_t i = 0; i < s->n; i++) {
		struct rec *r = &s->rec[i];
		if (r->kind != KIND_RANGE)
			continue;
		struct span span = rec_span(r), block = span_head_block(span);
		const struct rec *range = db_find(s->db, r->vrf, span, KIND_RANGE),
				 *subnet = block.last == span.last
		                               ? db_find(s->db, r->vrf, block, KIND_SUBNET)
		                               : NULL;
		if (!(range && read_size(s, range, &size)) &&
		    !(subnet && read_size(s, subnet, &size)))
			r->flags |= REC_GONE;
	}
	seen_sweep(s);
}

/* Ranges come in order; prefixes that begin alike do not, as ranges. */
void
seen_note_peaks(struct seen *s)
{
	VEC(struct rec) fresh = { 0 };
	struct seen_pool pool;
	struct walk w;

	drop_peaks(s);
	for (struct rec *r = walk_all(&w, s->db); r; r = walk_next(&w)) {
		if (r->kind == KIND_ADDRESS || !seen_pool(s, r, &pool) || pool.leased <= pool.peak)
			continue;
		struct rec line = peak_line(s, r, pool.leased);
		if (r->kind == KIND_RANGE)
			vec_push(s->db->env, &fresh, line);
		else
			seen_put(s, &line, 1);
	}
	seen_put(s, fresh.v, fresh.n);
	vec_release(&fresh);
}
