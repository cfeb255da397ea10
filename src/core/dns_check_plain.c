/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plain addresses of a plan that was loaded for a check.
 *
 * What lies in one run is seen alike by DNS: a scene.  Of nearly all the names need only
 * be looked for among those that are noted; only the address of one that is found there
 * is read once more.
 */
#include "dns_check_parts.h"

/* How DNS sees a run. */
struct scene {
	uint64_t domain; /* its hash */
	bool has_names;  /* they are published */
	bool is_fine;    /* nothing is wrong with where any address or name of the run lies */
};

static bool
is_reverse_fine(struct closer *c, struct rec *first)
{
	return c->place.sample.reverse.n == 0 ||
	       (dns_reverse_is_fine(c, first) &&
		   span_holds(c->place.reverse, rec_span(first->parent)));
}

static struct scene
scene_of(struct closer *c, const struct plain_run *run)
{
	struct rec *first = plain_rec(run, 0, &c->dns->db->vrfs);
	const struct domain *d = &c->place.relative;
	struct scene s;

	if (c->place.subnet != run->subnet)
		dns_enter(c, first);
	if (run->domain.p)
		d = dns_complete(c, run->domain);
	s.domain = d->hash;
	s.has_names = c->place.sample.forward.n && (run->domain.p || d->name.n);
	s.is_fine = (!s.has_names || d->is_fine) && is_reverse_fine(c, first);
	return s;
}

/* Of each run, by their number. */
static void
set_scenes(struct closer *c)
{
	const struct db *db = c->dns->db;
	size_t n = 0;

	for (size_t i = 0; i < db->plains; i++)
		n += db->plain[i].run.n;
	struct scene *s = arena_alloc(&c->dns->db->arena, n * sizeof(*s) + 1);
	c->scene = s;
	for (size_t i = 0; i < db->plains; i++)
		for (size_t k = 0; k < db->plain[i].run.n; k++)
			*s++ = scene_of(c, &db->plain[i].run.v[k]);
}

/* --- aliases ------------------------------------------------------------- */

/* Calls fn for each run. */
typedef void run_fn(struct closer *c, const struct plain *p, size_t run, const struct scene *s);
static void
each_run(struct closer *c, run_fn *fn)
{
	const struct db *db = c->dns->db;
	const struct scene *s = c->scene;

	for (size_t i = 0; i < db->plains; i++)
		for (size_t k = 0; k < db->plain[i].run.n; k++)
			fn(c, &db->plain[i], k, s++);
}

/* As their names may lie anywhere, they are read once more. */
static void
note_closely(struct closer *c, const struct plain *p, size_t run)
{
	for (size_t i = p->run.v[run].alias; i < plain_aliases_end(p, run); i++) {
		if (i > p->run.v[run].alias && p->alias.v[i].at == p->alias.v[i - 1].at)
			continue;
		struct rec *r = plain_rec(&p->run.v[run], p->alias.v[i].at, &c->dns->db->vrfs);
		struct plain_words words = plain_words(r);
		dns_note_special(c, r, &words);
	}
}

/* Where a name belongs takes long to be loaded: so many are on their way at a time. */
enum { AHEAD = 16 };

static void
note_run(struct closer *c, const struct plain *p, size_t run, const struct scene *s)
{
	size_t end = plain_aliases_end(p, run);
	const struct plain_alias *a = p->alias.v;

	if (!s->has_names)
		return;
	if (!s->is_fine) {
		note_closely(c, p, run);
		return;
	}
	for (size_t i = p->run.v[run].alias; i < end; i++) {
		if (i + AHEAD < end)
			dns_names_announce(&c->names, name_hash_in(s->domain, a[i + AHEAD].label));
		dns_names_add(&c->names, name_hash_in(s->domain, a[i].label),
		    name_hash_in(s->domain, a[i].target));
	}
}

void
dns_plain_note(struct closer *c)
{
	const struct db *db = c->dns->db;
	size_t n = 0;

	for (size_t i = 0; i < db->plains; i++) {
		c->has_aliases |= db->plain[i].has_aliases;
		n += db->plain[i].alias.n;
	}
	dns_names_expect(&c->names, n);
	set_scenes(c);
	each_run(c, note_run);
}

static void
met_run(struct closer *c, const struct plain *p, size_t run, const struct scene *s)
{
	for (size_t i = p->run.v[run].alias; s->has_names && i < plain_aliases_end(p, run); i++)
		if (dns_names_is_met(&c->names, name_hash_in(s->domain, p->alias.v[i].label)))
			dns_look_closely(c,
			    plain_rec(&p->run.v[run], p->alias.v[i].at, &c->dns->db->vrfs));
}

void
dns_plain_met(struct closer *c)
{
	if (dns_names_any_met(&c->names))
		each_run(c, met_run);
}

/* --- hosts ---------------------------------------------------------------- */

struct hit {
	size_t run;
	uint32_t at;
};

/* What is found in one of the lists, which are searched at the same time. */
struct search {
	struct closer *c;
	const struct plain *p;
	const struct scene *scene; /* of its first run */
	VEC(struct hit) hit;
};

static void
search_run(struct search *s, size_t run)
{
	const struct scene *scene = &s->scene[run];
	const struct plain_host *v = s->p->host.v;

	for (size_t i = s->p->run.v[run].host; i < plain_hosts_end(s->p, run); i++)
		if (!scene->is_fine ||
		    dns_names_has(&s->c->names, name_hash_in(scene->domain, v[i].label)))
			vec_push(s->p->env, &s->hit, ((struct hit){ run, v[i].at }));
}

static void
search_list(void *ctx, size_t i)
{
	struct search *s = (struct search *)ctx + i;

	for (size_t run = 0; run < s->p->run.n; run++)
		if (!s->scene[run].is_fine || s->scene[run].has_names)
			search_run(s, run);
}

void
dns_plain_meet(struct closer *c)
{
	struct db *db = c->dns->db;
	struct search *s = arena_zalloc(&db->arena, db->plains * sizeof(*s) + 1);
	const struct scene *scene = c->scene;

	for (size_t i = 0; i < db->plains; scene += db->plain[i++].run.n) {
		s[i].c = c;
		s[i].p = &db->plain[i];
		s[i].scene = scene;
	}
	env_run(db->env, search_list, s, db->plains);
	for (size_t i = 0; i < db->plains; i++) {
		for (size_t k = 0; k < s[i].hit.n; k++)
			dns_suspect(c, plain_rec(&s[i].p->run.v[s[i].hit.v[k].run],
					   s[i].hit.v[k].at, &db->vrfs));
		vec_release(&s[i].hit);
	}
}

/* --- one address ------------------------------------------------------------ */

/* The order of a run's first address, or of a host's, against one to look for. */
static int
order(struct closer *c, const struct plain_run *run, uint32_t at, const struct rec *key)
{
	return db_order(c->dns->db, plain_rec(run, at, &c->dns->db->vrfs), key);
}

/* The last of the runs that does not begin behind the key; the runs' number if none. */
static size_t
run_of(struct closer *c, const struct plain *p, const struct rec *key)
{
	size_t low = 0, high = p->run.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (order(c, &p->run.v[mid], 0, key) > 0)
			high = mid;
		else
			low = mid + 1;
	}
	return low ? low - 1 : p->run.n;
}

static void
suspect_in(struct closer *c, const struct plain *p, size_t run, const struct rec *key)
{
	const struct plain_run *v = &p->run.v[run];
	size_t low = v->host, high = plain_hosts_end(p, run);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (order(c, v, p->host.v[mid].at, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < plain_hosts_end(p, run) && order(c, v, p->host.v[low].at, key) == 0)
		dns_suspect(c, plain_rec(v, p->host.v[low].at, &c->dns->db->vrfs));
}

/* An address with several names may be in several runs, of which this is the last; all
 * say the same of it. */
void
dns_plain_suspect(struct closer *c, unsigned vrf, struct ip ip)
{
	const struct db *db = c->dns->db;
	struct rec key = tree_key((uint16_t)vrf, span_ip(ip), KIND_ADDRESS);

	for (size_t i = 0; i < db->plains; i++) {
		size_t run = run_of(c, &db->plain[i], &key);
		if (run < db->plain[i].run.n)
			suspect_in(c, &db->plain[i], run, &key);
	}
}
