/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns.h"

#include "arpa.h"
#include "schema.h"

/* --- addresses -------------------------------------------------------- */

static struct str
view_name(struct str view)
{
	return str_ieq(view, STR("default")) ? STR_NONE : view;
}

static bool
is_in_view(struct db *db, const struct rec *r, struct str view)
{
	struct str views, one;

	if (!db_value(db, r, STR("view"), &views, NULL))
		return str_ieq(db_vrf_name(db, r->vrf), view);
	while (str_next(&views, ',', &one))
		if (str_ieq(view_name(one), view))
			return true;
	return false;
}

static bool
is_over(struct db *db, const struct rec *r)
{
	int64_t expires;

	return db_quarantine(db, r) != QUARANTINE_NONE ||
	       (db_time(db, r, "expires", &expires) && db->env->now >= expires);
}

unsigned
dns_published(struct db *db, const struct rec *r, struct str view)
{
	struct str dns;

	if (r->kind != KIND_ADDRESS || is_over(db, r) || !is_in_view(db, r, view_name(view)) ||
	    !db_value(db, r, STR("dns"), &dns, NULL))
		return DNS_NOTHING;
	if (str_eq(dns, STR("both")))
		return DNS_FORWARD | DNS_REVERSE;
	return str_eq(dns, STR("forward"))   ? DNS_FORWARD
	       : str_eq(dns, STR("reverse")) ? DNS_REVERSE
	                                     : DNS_NOTHING;
}

bool
dns_name(struct db *db, const struct rec *r, struct str host, struct str *name)
{
	*name = host;
	return db_fqdn(db, r, host, name) && host_is_publishable(*name);
}

/* --- the order of names ----------------------------------------------- */

static bool
is_number(struct str label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!ascii_digit(label.p[i]))
			return false;
	return label.n > 0;
}

/* A label begins with how many digits it has, or with 255, and ends with a 0. */
static size_t
put_label(char *p, struct str label)
{
	p[0] = is_number(label) ? (char)label.n : (char)255;
	for (size_t i = 0; i < label.n; i++)
		p[i + 1] = (char)ascii_lower(label.p[i]);
	p[label.n + 1] = '\0';
	return label.n + 2;
}

struct str
dns_key(struct arena *a, struct str name)
{
	size_t labels = 1, n = 0, end = name.n;
	char *p;

	for (size_t i = 0; i < name.n; i++)
		labels += name.p[i] == '.';
	p = arena_alloc(a, name.n + 2 * labels);
	while (end > 0) {
		size_t at = end;
		while (at > 0 && name.p[at - 1] != '.')
			at--;
		n += put_label(p + n, str_cut(name, at, end));
		end = at > 0 ? at - 1 : 0;
	}
	return (struct str){ p, n };
}

/* --- the zones -------------------------------------------------------- */

static bool
zone_name_is_valid(struct str name)
{
	struct str rest = name, label;
	bool is_reverse = arpa_is_reverse(name);

	if (name.n == 0 || name.n > 253 || name.p[name.n - 1] == '.' || ip_looks_like_key(name))
		return false;
	while (str_next(&rest, '.', &label)) {
		if (label.n == 0 || label.n > 63)
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!ascii_alnum(label.p[i]) &&
			    !memchr(is_reverse ? "-_/" : "-_", label.p[i], 2 + is_reverse))
				return false;
	}
	return true;
}

const struct dns_view *
dns_view(const struct dns *dns, struct str name)
{
	for (size_t i = 0; i < dns->view.n; i++)
		if (str_ieq(dns->view.v[i].name, view_name(name)))
			return &dns->view.v[i];
	return NULL;
}

static void
note_view(struct dns *dns, struct str name, bool is_reverse)
{
	size_t i = 0;

	while (i < dns->view.n && !str_ieq(dns->view.v[i].name, name))
		i++;
	if (i == dns->view.n)
		vec_push(dns->db->env, &dns->view, ((struct dns_view){ name, false, false }));
	dns->view.v[i].has_forward |= !is_reverse;
	dns->view.v[i].has_reverse |= is_reverse;
}

static void
add_zone(struct dns *dns, struct rec *r, struct str name, struct str view)
{
	struct arena *a = &dns->db->arena;
	struct dns_zone *z = &dns->zone[dns->zones++];
	struct str ttl;
	uint64_t seconds = DNS_TTL;

	if (r && db_own(dns->db, r, "ttl", &ttl) && !str_uint(ttl, INT32_MAX, &seconds))
		seconds = DNS_TTL;
	*z = (struct dns_zone){ .rec = r,
		.name = name,
		.view = view,
		.key = dns_key(a, name),
		.ttl = (uint32_t)seconds,
		.number = dns->zones,
		.up = SIZE_MAX };
	note_view(dns, view, arpa_is_reverse(name));
}

/* What an @zone declares: nothing, a zone, or those of a prefix. */
struct declared {
	struct rec *rec;
	struct str name, view;
	bool is_prefix;
	struct span prefix;
	size_t n;
};

static struct declared
read_declared(struct rec *r)
{
	struct str name = rec_object_name(r);
	size_t percent = str_find(name, '%');
	struct declared x = { .rec = r };

	if (percent < name.n)
		x.view = view_name(str_cut(name, percent + 1, name.n));
	x.name = str_cut(name, 0, percent);
	x.is_prefix = prefix_parse(x.name, &x.prefix, NULL);
	if (!x.is_prefix && x.name.n > 1 && x.name.p[x.name.n - 1] == '.')
		x.name.n--;
	x.n = x.is_prefix ? arpa_zones(x.prefix) : zone_name_is_valid(x.name);
	return x;
}

static int
by_view_and_name(const void *a, const void *b)
{
	const struct dns_zone *x = a, *y = b;
	int order = str_icmp(x->view, y->view);

	return order ? order : str_cmp(x->key, y->key);
}

/* By their place, too. */
static int
by_all(const void *a, const void *b)
{
	const struct dns_zone *x = a, *y = b;
	int order = by_view_and_name(x, y);

	return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Of an @zone that is about a zone for the second time, that is said once. */
static void
note_twice(struct dns *dns, const struct rec *r, const struct dns_zone *z)
{
	const char *at = rec_object_name(r).p;

	if (str_ieq(rec_object_name(r), rec_object_name(z->rec)))
		return; /* it has no key of its own, which is said */
	for (size_t i = 0; i < dns->problem.n; i++)
		if (dns->problem.v[i].at == at)
			return;
	vec_push(dns->db->env, &dns->problem,
	    ((struct dns_problem){ RULE_ZONE_NAME, at,
		arena_fmt(&dns->db->arena, "%.*s: @zone %.*s declares this zone already",
		    STR_FMT(z->name), STR_FMT(rec_object_name(z->rec))),
		SIZE_MAX }));
}

/* Which zone lies in which; of zones that are declared twice, the first stays. */
static void
nest_zones(struct dns *dns)
{
	size_t n = 0;

	for (size_t i = 0; i < dns->zones; i++) {
		struct dns_zone *z = &dns->zone[i];
		if (n && by_view_and_name(&dns->zone[n - 1], z) == 0) {
			note_twice(dns, z->rec, &dns->zone[n - 1]);
			continue;
		}
		z->up = n ? n - 1 : SIZE_MAX;
		while (z->up != SIZE_MAX && (!str_ieq(dns->zone[z->up].view, z->view) ||
						!str_starts(z->key, dns->zone[z->up].key)))
			z->up = dns->zone[z->up].up;
		dns->zone[n++] = *z;
	}
	dns->zones = n;
}

void
dns_init(struct dns *dns, struct db *db)
{
	VEC(struct declared) all = { 0 };
	size_t n = 0;

	*dns = (struct dns){ .db = db };
	for (size_t i = 0; i < db->object.n; i++)
		if (rec_is_object(db->object.v[i], "zone"))
			vec_push(db->env, &all, read_declared(db->object.v[i]));
	for (size_t i = 0; i < all.n; i++)
		n += all.v[i].n;
	dns->zone = arena_zalloc(&db->arena, n * sizeof(*dns->zone) + 1);
	for (size_t i = 0; i < all.n; i++) {
		struct declared *x = &all.v[i];
		if (x->n == 0)
			vec_push(db->env, &dns->problem,
			    ((struct dns_problem){ RULE_ZONE_NAME, rec_object_name(x->rec).p,
				arena_fmt(&db->arena, "%.*s: not the name of a zone, nor a prefix",
				    STR_FMT(x->name)),
				SIZE_MAX }));
		for (size_t k = 0; k < x->n; k++)
			add_zone(dns, x->rec,
			    x->is_prefix ? arpa_zone(&db->arena, x->prefix, k) : x->name, x->view);
	}
	if (dns->zones)
		qsort(dns->zone, dns->zones, sizeof(*dns->zone), by_all);
	nest_zones(dns);
	vec_release(&all);
}

void
dns_add_root(struct dns *dns)
{
	if (dns->zones)
		return;
	dns->zone = arena_zalloc(&dns->db->arena, sizeof(*dns->zone));
	add_zone(dns, NULL, STR_NONE, STR_NONE);
}

void
dns_release(struct dns *dns)
{
	for (size_t i = 0; i < dns->zones; i++)
		vec_release(&dns->zone[i].rr);
	vec_release(&dns->view);
	vec_release(&dns->problem);
}

void
dns_report(const struct dns *dns, size_t zone, struct diags *d)
{
	for (size_t i = 0; i < dns->problem.n; i++) {
		const struct dns_problem *p = &dns->problem.v[i];
		/* not a name server without an address, which may be in the include */
		if (p->zone == zone && (p->rule == RULE_ALIAS_CLASH || p->rule == RULE_CNAME_DATA))
			diag_at(d, SEV_ERROR, p->rule, (struct pos){ p->at }, "%.*s",
			    STR_FMT(p->text));
	}
}

/* The last zone of a view whose key is not behind this one, or SIZE_MAX. */
static size_t
last_before(const struct dns *dns, struct str view, struct str key)
{
	struct dns_zone probe = { .view = view, .key = key };
	size_t low = 0, high = dns->zones;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_view_and_name(&dns->zone[middle], &probe) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low && str_ieq(dns->zone[low - 1].view, view) ? low - 1 : SIZE_MAX;
}

size_t
dns_zone_of(const struct dns *dns, struct str view, struct str key)
{
	size_t i = last_before(dns, view_name(view), key);

	while (i != SIZE_MAX && !str_starts(key, dns->zone[i].key))
		i = dns->zone[i].up;
	return i;
}

size_t
dns_zone(const struct dns *dns, struct str view, struct str name)
{
	struct str key;
	size_t i;

	name = str_without_dot(name);
	key = dns_key(&dns->db->arena, name);
	i = last_before(dns, view_name(view), key);
	return i != SIZE_MAX && str_eq(dns->zone[i].key, key) ? i : SIZE_MAX;
}

static enum status
choose_word(const struct dns *dns, struct str word, struct str view, bool *wanted, struct diags *d)
{
	size_t percent = str_find(word, '%'), zone;
	struct str name = str_cut(word, 0, percent);
	struct span prefix;
	bool is_prefix = prefix_parse(name, &prefix, NULL);
	size_t n = is_prefix ? arpa_zones(prefix) : 1;

	if (percent < word.n)
		view = str_cut(word, percent + 1, word.n);
	for (size_t i = 0; i < n; i++) {
		zone =
		    dns_zone(dns, view, is_prefix ? arpa_zone(&dns->db->arena, prefix, i) : name);
		if (zone == SIZE_MAX)
			return diag_fail(d, STATUS_NO, "%.*s: no such zone is declared",
			    STR_FMT(word));
		wanted[zone] = true;
	}
	return STATUS_OK;
}

enum status
dns_choose(const struct dns *dns, const struct str *word, size_t words, struct str view,
    bool *wanted, struct diags *d)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < words && !status; i++)
		status = choose_word(dns, word[i], view, wanted, d);
	if (words)
		return status;
	const struct dns_view *v = dns_view(dns, view);
	if (!v) {
		diag_fail(d, STATUS_NO, "no zone is declared%s%.*s", view.n ? " in the view " : "",
		    STR_FMT(view));
		diag_hint(d, "ipam object add zone NAME%s%.*s", view.n ? "%" : "", STR_FMT(view));
		return STATUS_NO;
	}
	for (size_t i = 0; i < dns->zones; i++)
		wanted[i] = str_ieq(dns->zone[i].view, v->name);
	return STATUS_OK;
}

struct str
dns_zone_relative(const struct dns *dns, const struct dns_zone *z, struct str name)
{
	if (name.n && name.p[name.n - 1] == '.')
		return str_cut(name, 0, name.n - 1);
	if (str_find(name, '.') < name.n)
		return name;
	return arena_fmt(&dns->db->arena, "%.*s.%.*s", STR_FMT(name), STR_FMT(z->name));
}

bool
dns_next_ns(const struct dns *dns, const struct dns_zone *z, struct str *rest, struct str *name)
{
	if (!str_next(rest, ',', name))
		return false;
	*name = dns_zone_relative(dns, z, *name);
	return true;
}

/* --- reverse zones ---------------------------------------------------- */

static bool
is_below(struct str name, struct str zone)
{
	return str_iends(name, zone) && (name.n == zone.n || name.p[name.n - zone.n - 1] == '.');
}

/* Its owner in a zone that `reverse` names: what the address is called where that
 * lies in it, else an octet in a zone of RFC 2317. */
static bool
owner_in(struct arena *a, struct ip ip, struct str natural, struct str zone, struct str *owner)
{
	*owner = natural;
	if (is_below(natural, zone))
		return true;
	if (ip.family != IPV4)
		return false;
	*owner = arena_fmt(a, "%u.%.*s", (unsigned)ip.v & 255, STR_FMT(zone));
	return true;
}

bool
dns_reverse(const struct dns *dns, struct rec *r, struct str view, size_t *zone, struct str *owner,
    struct str *told)
{
	struct arena *a = &dns->db->arena;
	struct ip ip = span_first(rec_span(r));
	struct str natural = arpa_name(a, ip), reverse = STR_NONE;
	bool is_told = db_value(dns->db, r, STR("reverse"), &reverse, NULL);

	reverse = str_without_dot(reverse);
	if (told)
		*told = is_told ? reverse : STR_NONE;
	*owner = natural;
	*zone =
	    is_told ? dns_zone(dns, view, reverse) : dns_zone_of(dns, view, dns_key(a, natural));
	if (is_told && !owner_in(a, ip, natural, reverse, owner))
		return false;
	return *zone != SIZE_MAX;
}
