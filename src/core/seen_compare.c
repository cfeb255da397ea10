/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seen_compare.h"

#include "place.h"
#include "sort.h"

enum { DAY = 86400, ALSO_MAX = 4 };

const char *const mismatch_names[] = { "mac", "host", "shared-mac" };

bool
seen_is_planned(struct seen *s, const struct rec *r)
{
	struct place p = place_at(s->db, r->vrf, span_first(rec_span(r)));

	return p.state == PLACE_USED || p.state == PLACE_QUARANTINE || p.state == PLACE_DHCP ||
	       p.state == PLACE_GATEWAY;
}

bool
seen_is_wanted(struct db *db, const struct rec *r)
{
	return db_quarantine(db, r) == QUARANTINE_NONE && !db_is(db, r, "status", "reserved");
}

/* --- names ------------------------------------------------------------- */

/* A short name is that of a host with the same first label. */
static bool
is_name_of(struct db *db, const struct rec *r, struct str seen, struct str host)
{
	struct str full;

	if (str_ieq(seen, str_without_dot(host)))
		return true;
	if (str_find(seen, '.') == seen.n && str_ieq(seen, str_cut(host, 0, str_find(host, '.'))))
		return true;
	return db_fqdn(db, r, host, &full) && str_ieq(seen, full);
}

static bool
has_name(struct db *db, const struct rec *r, struct str seen)
{
	static const char *const attrs[] = { "host", "alias", "node" };
	struct str list, name;

	for (size_t i = 0; i < ARRAY_LEN(attrs); i++) {
		if (!db_own(db, r, attrs[i], &list))
			continue;
		while (str_next(&list, ',', &name))
			if (is_name_of(db, r, seen, name))
				return true;
	}
	return false;
}

/* --- one MAC at several addresses --------------------------------------- */

struct holder {
	const struct rec *rec, *planned;
	struct sight sight;
	struct str also;
};
typedef VEC(struct holder) holder_list;

static int
by_mac(const void *ctx, const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	(void)ctx;
	if (x->rec->parent != y->rec->parent)
		return x->rec->parent < y->rec->parent ? -1 : 1;
	return str_cmp(x->sight.mac, y->sight.mac);
}

static bool
has_own(struct db *db, const struct rec *r, const char *name, struct str value)
{
	struct str own;

	return r && db_own(db, r, name, &own) && str_ieq(own, value);
}

/* Whether the plan wants it so: each has this MAC, or all have one host or node. */
static bool
is_intended(struct db *db, struct holder *const *v, size_t n)
{
	struct str host = STR_NONE, node = STR_NONE;
	bool mac = true, hosts, nodes;

	hosts = v[0]->planned && db_own(db, v[0]->planned, "host", &host);
	nodes = v[0]->planned && db_own(db, v[0]->planned, "node", &node);
	for (size_t i = 0; i < n; i++) {
		mac &= has_own(db, v[i]->planned, "mac", v[i]->sight.mac);
		hosts &= has_own(db, v[i]->planned, "host", host);
		nodes &= has_own(db, v[i]->planned, "node", node);
	}
	return mac || hosts || nodes;
}

static struct str
others(struct db *db, struct holder *const *v, size_t n, size_t self)
{
	struct buf b;
	size_t said = 0;

	buf_init(&b, db->env);
	for (size_t i = 0; i < n; i++) {
		if (i == self)
			continue;
		if (said++ == ALSO_MAX) {
			buf_z(&b, ",...");
			break;
		}
		buf_fmt(&b, "%s%.*s", b.n ? "," : "", STR_FMT(db_key(db, v[i]->rec)));
	}
	struct str s = arena_str(&db->arena, buf_get(&b));
	buf_release(&b);
	return s;
}

/* One MAC in one subnet: those that had it within a day of the last. */
static void
judge_group(struct db *db, struct holder **v, size_t n)
{
	int64_t newest = SEEN_UNKNOWN;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i]->sight.last > newest)
			newest = v[i]->sight.last;
	for (size_t i = 0; i < n; i++)
		if (v[i]->sight.last >= newest - DAY)
			v[kept++] = v[i];
	if (kept < 2 || is_intended(db, v, kept))
		return;
	for (size_t i = 0; i < kept; i++)
		v[i]->also = others(db, v, kept, i);
}

static void
find_shared(struct db *db, const holder_list *l)
{
	struct arena scratch;
	size_t n = 0, from = 0;

	arena_init(&scratch, db->env);
	struct holder **v = arena_alloc(&scratch, l->n * sizeof(struct holder *) + 1);
	for (size_t i = 0; i < l->n; i++) {
		const struct sight *s = &l->v[i].sight;
		bool is_over = s->lease.n && !sight_is_leased(s, db->env->now);
		if (l->v[i].rec->family == IPV4 && s->mac.n && s->last != SEEN_UNKNOWN && !is_over)
			v[n++] = &l->v[i];
	}
	sort_stable(db->env, (void **)v, n, by_mac, NULL);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && by_mac(NULL, v[i - 1], v[i]) == 0)
			continue;
		judge_group(db, v + from, i - from);
		from = i;
	}
	arena_release(&scratch);
}

/* --- all ---------------------------------------------------------------- */

static void
add(struct seen *s, mismatch_list *out, const struct holder *h, enum mismatch_kind kind,
    struct str plan, struct str seen)
{
	struct mismatch m = { kind, h->rec, h->planned, plan, seen, STR_NONE };

	if (kind == MISMATCH_SHARED)
		m.also = h->also;
	vec_push(s->db->env, out, m);
}

static void
compare(struct seen *s, mismatch_list *out, const struct holder *h)
{
	struct str mac = STR_NONE, host = STR_NONE;

	if (h->planned) {
		db_own(s->db, h->planned, "mac", &mac);
		db_own(s->db, h->planned, "host", &host);
	}
	if (mac.n && h->sight.mac.n && !str_ieq(mac, h->sight.mac))
		add(s, out, h, MISMATCH_MAC, mac, h->sight.mac);
	if (host.n && h->sight.host.n && !has_name(s->db, h->planned, h->sight.host))
		add(s, out, h, MISMATCH_HOST, host, h->sight.host);
	if (h->also.n)
		add(s, out, h, MISMATCH_SHARED, mac, h->sight.mac);
}

void
seen_mismatches(struct seen *s, mismatch_list *out)
{
	holder_list l = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		struct holder h = { .rec = &s->rec[i] };
		if (h.rec->kind != KIND_ADDRESS)
			continue;
		sight_read(&s->db->arena, h.rec, &h.sight);
		h.planned = db_find(s->db, h.rec->vrf, rec_span(h.rec), KIND_ADDRESS);
		if (h.planned && db_quarantine(s->db, h.planned) != QUARANTINE_NONE)
			h.planned = NULL;
		vec_push(s->db->env, &l, h);
	}
	find_shared(s->db, &l);
	for (size_t i = 0; i < l.n; i++)
		compare(s, out, &l.v[i]);
	vec_release(&l);
}
