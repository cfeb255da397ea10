/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runs.h"

#include "usage.h"

const char *const run_names[RUN_STATES] = {
	[RUN_OUTSIDE] = "outside",
	[RUN_FREE] = "free",
	[RUN_CHILD] = "child",
	[RUN_UNUSABLE] = "unusable",
	[RUN_DHCP] = "dhcp",
	[RUN_RESERVED] = "reserved",
	[RUN_QUARANTINE] = "quarantine",
	[RUN_USED] = "used",
};

static u128
least(u128 a, u128 b)
{
	return a < b ? a : b;
}

void
runs_start(struct runs *s, struct db *db, unsigned vrf, struct span span)
{
	*s = (struct runs){ .db = db, .span = span, .at = span.first };
	s->ahead = walk_in(&s->walk, db, vrf, span);
	s->range = db_range_over(db, vrf, span_first(span));
	s->cover = db_around(db, vrf, span);
}

/* The network, broadcast or anycast addresses of a subnet that is no container; every gw in
 * it, of its own or of a subnet around it. */
static void
find_points(struct runs *s)
{
	const struct rec *r = s->cover;
	struct span span = rec_span(r);
	bool all = db_is(s->db, r, "usable", "all") || usage_is_container(s->db, r);
	const u128 ends[] = { r->first, r->last };
	struct ip gw;

	s->point_of = r;
	s->points = 0;
	for (size_t i = 0; i < ARRAY_LEN(ends) && !all; i++)
		if (prefix_special(span, ends[i]) != IP_USABLE) {
			s->point[s->points] = ends[i];
			s->point_state[s->points++] = RUN_UNUSABLE;
		}
	for (; r && s->points < ARRAY_LEN(s->point); r = r->parent)
		if (db_gateway(s->db, r, &gw) && span_holds_ip(span, gw)) {
			s->point[s->points] = gw.v;
			s->point_state[s->points++] = RUN_RESERVED;
		}
}

/* The first special address in [at, end]: one that cannot be assigned wins. */
static bool
next_point(struct runs *s, u128 end, u128 *point, enum run_state *state)
{
	bool found = false;

	if (!s->cover)
		return false;
	if (s->point_of != s->cover)
		find_points(s);
	for (size_t i = 0; i < s->points; i++) {
		if (s->point[i] < s->at || s->point[i] > end || (found && s->point[i] >= *point))
			continue;
		*point = s->point[i];
		*state = s->point_state[i];
		found = true;
	}
	return found;
}

static enum run_state
address_state(struct db *db, const struct rec *r)
{
	switch (db_quarantine(db, r)) {
	case QUARANTINE_OVER: return RUN_FREE;
	case QUARANTINE_LIVE: return RUN_QUARANTINE;
	default: return db_is(db, r, "status", "reserved") ? RUN_RESERVED : RUN_USED;
	}
}

static enum run_state
filler_state(const struct runs *s)
{
	if (s->range && db_is(s->db, s->range, "role", "dhcp"))
		return RUN_DHCP;
	if (s->range && db_is(s->db, s->range, "role", "reserved"))
		return RUN_RESERVED;
	if (!s->cover)
		return RUN_OUTSIDE;
	return s->cover->first < s->span.first || s->cover->last > s->span.last ||
	               span_same(rec_span(s->cover), s->span)
	           ? RUN_FREE
	           : RUN_CHILD;
}

/* Takes the records that begin at `at`; true if one of them is an address there. */
static bool
take_records(struct runs *s, struct run *out)
{
	if (s->range && s->at > s->range->last)
		s->range = NULL;
	while (s->cover && s->at > s->cover->last)
		s->cover = s->cover->parent;
	while (s->ahead && s->ahead->first == s->at) {
		const struct rec *r = s->ahead;
		s->ahead = walk_next(&s->walk);
		if (r->kind == KIND_SUBNET)
			s->cover = r;
		else if (r->kind == KIND_RANGE)
			s->range = r;
		else if (address_state(s->db, r) != RUN_FREE) {
			*out = (struct run){ s->at, s->at, address_state(s->db, r), r };
			return true;
		}
	}
	return false;
}

static void
fill(struct runs *s, struct run *out)
{
	u128 end = s->span.last, point = 0;
	enum run_state state = RUN_FREE;

	if (s->ahead)
		end = least(end, s->ahead->first - 1);
	if (s->range)
		end = least(end, s->range->last);
	if (s->cover)
		end = least(end, s->cover->last);
	*out = (struct run){ s->at, end, filler_state(s), s->range ? s->range : s->cover };
	if (next_point(s, end, &point, &state)) {
		out->last = point > s->at ? point - 1 : point;
		if (point == s->at) {
			out->state = state;
			out->rec = s->cover;
		}
	}
}

bool
runs_next(struct runs *s, struct run *out)
{
	if (s->done)
		return false;
	if (!take_records(s, out))
		fill(s, out);
	s->done = out->last == s->span.last;
	s->at = out->last + 1;
	return true;
}

/* --- cells ------------------------------------------------------------ */

static void
add_run(struct part *cell, struct span span, int shift, const struct run *run)
{
	u128 at = run->first;

	for (;;) {
		u128 i = shift < 128 ? (at - span.first) >> shift : 0;
		u128 end = shift < 128 ? span.first + (((i + 1) << shift) - 1) : span.last;
		struct part *c = &cell[(size_t)i];
		u128 last = least(end, run->last);
		c->n[run->state] =
		    count_add(c->n[run->state], count_add(count_of(last - at), count_of(1)));
		if (!c->rec && run->state > RUN_UNUSABLE)
			c->rec = run->rec;
		if (last == run->last)
			return;
		at = last + 1;
	}
}

void
runs_parts(struct db *db, unsigned vrf, struct span span, int bits, struct part *part)
{
	int shift = ip_bits(span.family) - span.len - bits;
	struct runs s;
	struct run run;

	memset(part, 0, sizeof(*part) << bits);
	for (runs_start(&s, db, vrf, span); runs_next(&s, &run);)
		add_run(part, span, shift, &run);
}

struct count
part_taken(const struct part *c)
{
	struct count taken = count_of(0);

	for (enum run_state s = RUN_DHCP; s < RUN_STATES; s++)
		taken = count_add(taken, c->n[s]);
	return taken;
}

enum run_state
part_state(const struct part *c)
{
	enum run_state from = count_is_zero(part_taken(c)) ? RUN_OUTSIDE : RUN_DHCP, best = from;

	if (from == RUN_OUTSIDE && !count_is_zero(c->n[RUN_CHILD]))
		return RUN_CHILD;
	for (enum run_state s = from; s < RUN_STATES; s++)
		if (count_cmp(c->n[s], c->n[best]) >= 0 && !count_is_zero(c->n[s]))
			best = s;
	return best;
}

struct span
part_span(struct span span, int bits, size_t i)
{
	int len = span.len + bits, shift = ip_bits(span.family) - len;
	struct ip first = { span.first, span.family };

	if (shift < 128)
		first.v += (u128)i << shift;
	return span_prefix(first, len);
}
