/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sources say, and how it moves what is known. */
#include "seen_parts.h"
#include "sort.h"

void
sightings_init(struct sightings *s, const struct env *env, const char *by)
{
	*s = (struct sightings){ .env = env, .by = by };
	arena_init(&s->arena, env);
}

void
sightings_release(struct sightings *s)
{
	vec_release(&s->sighting);
	arena_release(&s->arena);
}

/* Link-local, unspecified, multicast (RFC 4291, RFC 5771), the limited broadcast address:
 * no host's own in any plan. */
static bool
is_nobodys(struct span s)
{
	if (s.first == 0 || span_is_link_local(s))
		return true;
	return s.family == IPV4 ? s.first >> 28 == 0xe || s.first == UINT32_MAX
	                        : s.first >> 120 == 0xff;
}

struct sighting *
sightings_add(struct sightings *s, struct span span)
{
	struct sighting one = { .span = span,
		.kind = SIGHTING_ALIVE,
		.last = SEEN_UNKNOWN,
		.lease_end = SEEN_UNKNOWN };

	if (is_nobodys(span)) {
		s->left_out++;
		return NULL;
	}
	vec_push(s->env, &s->sighting, one);
	return &s->sighting.v[s->sighting.n - 1];
}

/* --- in order, one of each --------------------------------------------- */

static int
by_span(const void *ctx, const void *a, const void *b)
{
	const struct span *x = &((const struct sighting *)a)->span,
			  *y = &((const struct sighting *)b)->span;

	(void)ctx;
	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->len == y->len)
		return 0;
	/* subnets first, wider ones first */
	return x->len < 0 ? 1 : y->len < 0 ? -1 : x->len < y->len ? -1 : 1;
}

/* Whether b, which comes later, says more of the present than a. */
static bool
is_newer(const struct sighting *a, const struct sighting *b)
{
	if (b->lease || b->kind == SIGHTING_GONE)
		return true;
	if (a->kind != b->kind)
		return b->kind < a->kind;
	return b->last >= a->last;
}

static void
fold(struct sighting *into, const struct sighting *more)
{
	const struct sighting before = *into;
	const struct sighting *other = more;

	if (is_newer(into, more)) {
		*into = *more;
		other = &before;
	}
	if (into->lease || into->kind == SIGHTING_GONE)
		return;
	if (!into->has_mac && other->has_mac) {
		into->has_mac = true;
		memcpy(into->mac, other->mac, sizeof(into->mac));
	}
	if (into->host.n == 0)
		into->host = other->host;
}

void
sightings_settle(struct sightings *s)
{
	size_t n = s->sighting.n, out = 0;
	struct arena scratch;

	if (n < 2)
		return;
	arena_init(&scratch, s->env);
	struct sighting **v = arena_alloc(&scratch, n * sizeof(struct sighting *));
	struct sighting *sorted = NULL;
	size_t size = 0;
	for (size_t i = 0; i < n; i++)
		v[i] = &s->sighting.v[i];
	sort_stable(s->env, (void **)v, n, by_span, NULL);
	for (size_t i = 0; i < n; i++) {
		if (out > 0 && by_span(NULL, &sorted[out - 1], v[i]) == 0) {
			fold(&sorted[out - 1], v[i]);
			continue;
		}
		if (out == size)
			sorted = vec_grow(s->env, sorted, &size, sizeof(*sorted));
		sorted[out++] = *v[i];
	}
	free(s->sighting.v);
	s->sighting.v = sorted;
	s->sighting.n = out;
	s->sighting.size = size;
	arena_release(&scratch);
}

/* --- identifiers ------------------------------------------------------- */

bool
seen_duid_mac(struct str duid, unsigned char mac[6])
{
	static const struct {
		struct str head; /* its type, and hardware type 1 */
		size_t at, octets;
	} types[] = {
		{ STR("00:01:00:01:"), 8, 14 }, /* DUID-LLT */
		{ STR("00:03:00:01:"), 4, 10 }, /* DUID-LL */
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_starts(duid, types[i].head) && duid.n == 3 * types[i].octets - 1)
			return mac_parse(str_cut(duid, 3 * types[i].at, duid.n), mac);
	return false;
}

/* --- merging ----------------------------------------------------------- */

static bool
has_member(struct str list, struct str name)
{
	struct str member;

	while (str_next(&list, ',', &member))
		if (str_eq(member, name))
			return true;
	return false;
}

/* Who saw it, the latest first. */
static struct str
note_by(struct seen *s, struct str by, struct str name, bool is_latest)
{
	struct str member;
	struct buf b;

	if (str_eq(by, name) || (!is_latest && has_member(by, name)))
		return by;
	if (!is_latest)
		return arena_fmt(&s->arena, "%.*s,%.*s", STR_FMT(by), STR_FMT(name));
	buf_init(&b, s->db->env);
	buf_str(&b, name);
	while (str_next(&by, ',', &member))
		if (!str_eq(member, name))
			buf_fmt(&b, ",%.*s", STR_FMT(member));
	struct str list = arena_str(&s->arena, buf_get(&b));
	buf_release(&b);
	return list;
}

/* A word as clients say it, if it can stand in a line; else nothing. */
static struct str
sayable(struct str word)
{
	size_t at;

	return text_value_fault(word, &at) ? STR_NONE : word;
}

static void
note_lease(struct sight *sight, const struct sighting *in, int64_t now)
{
	int64_t end = in->lease_end;

	if (end == SEEN_UNKNOWN && in->lease_time > 0)
		end = now + in->lease_time;
	sight->lease = str_from(seen_lease_state(in->lease, end, now));
	sight->lease_end = end;
	/* one that is declined has nobody's */
	if (in->has_mac || in->client.n || in->duid.n) {
		sight->client = sayable(in->client);
		sight->duid = sayable(in->duid);
	}
}

/* Another machine has the address now: what was known of the one before is over. */
static void
change_mac(struct seen *s, struct sight *sight, const struct sighting *in)
{
	char text[MAC_TEXT];
	struct str mac = str_from(mac_fmt(text, in->mac));

	if (str_eq(sight->mac, mac))
		return;
	if (sight->mac.n)
		sight->host = sight->client = sight->duid = STR_NONE;
	sight->mac = arena_str(&s->arena, mac);
}

/* When it was seen: not after now, however wrong a clock is. */
static int64_t
time_of(const struct sighting *in, int64_t now)
{
	return in->last == SEEN_UNKNOWN || in->last > now ? now : in->last;
}

/* False if there is nothing to say of it. */
static bool
apply(struct seen *s, struct sight *sight, const struct sightings *from, const struct sighting *in)
{
	int64_t now = s->db->env->now, at = time_of(in, now);
	bool is_known = sight->last != SEEN_UNKNOWN, is_latest = !is_known || at >= sight->last;

	if (in->kind == SIGHTING_GONE) {
		if (sight->lease.n == 0)
			return false;
		sight->lease = STR("released");
		sight->lease_end = SEEN_UNKNOWN;
		return true;
	}
	if (!is_known || in->kind != SIGHTING_OLD) {
		sight->last = is_latest ? at : sight->last;
		sight->first = !is_known || at < sight->first ? at : sight->first;
	}
	sight->by =
	    is_known ? note_by(s, sight->by, str_from(from->by), is_latest) : str_from(from->by);
	if (in->has_mac && (is_latest || sight->mac.n == 0))
		change_mac(s, sight, in);
	struct str host = sayable(in->host);
	if (host.n && (is_latest || sight->host.n == 0))
		sight->host = host;
	if (in->lease)
		note_lease(sight, in, now);
	return true;
}

static const struct sight unknown_sight = { .first = SEEN_UNKNOWN,
	.last = SEEN_UNKNOWN,
	.lease_end = SEEN_UNKNOWN };

void
seen_merge(struct seen *s, unsigned vrf, const struct sightings *in, struct seen_counts *counts)
{
	VEC(struct rec) fresh = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < in->sighting.n; i++) {
		const struct sighting *one = &in->sighting.v[i];
		struct rec key = seen_key(vrf, one->span), line;
		struct sight sight = unknown_sight;
		while (at < s->n && db_order(s->db, &s->rec[at], &key) < 0)
			at++;
		bool is_known = at < s->n && db_order(s->db, &s->rec[at], &key) == 0;
		if (is_known)
			sight_read(&s->arena, &s->rec[at], &sight);
		if (!apply(s, &sight, in, one))
			continue;
		line = sight_line(s, &key, &sight);
		bool is_same = is_known && str_eq(rec_line(&line), rec_line(&s->rec[at]));
		*(is_same ? &counts->left : is_known ? &counts->again : &counts->added) += 1;
		if (!is_same)
			vec_push(s->db->env, &fresh, line);
	}
	seen_put(s, fresh.v, fresh.n);
	vec_release(&fresh);
}
