/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alloc.h"

#include "when.h"

/* --- allocating ------------------------------------------------------- */

static const struct assign *
find_assign(const struct assign *a, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(a[i].name, str_from(name)))
			return &a[i];
	return NULL;
}

static struct str
assign_value(const struct assign *a, size_t n, const char *name)
{
	const struct assign *found = find_assign(a, n, name);

	return found ? found->value : STR_NONE;
}

/* The domain that relative hosts would have in subnet with these attributes: one
 * given, the record's own, or the subnet's; empty if there is none. */
static struct str
domain_there(struct db *db, const struct rec *subnet, const struct rec *r, const struct assign *a,
    size_t n)
{
	const struct assign *given = find_assign(a, n, "domain");
	struct str domain = given ? given->value : STR_NONE;
	bool has_own = !given && r && db_own(db, r, "domain", &domain);

	return domain.n == 0 && !has_own ? db_domain(db, subnet) : str_without_dot(domain);
}

static struct str
full_name(struct db *db, struct str host, struct str domain)
{
	if (host.n && host.p[host.n - 1] == '.')
		return str_cut(host, 0, host.n - 1);
	if (domain.n == 0)
		return host;
	return arena_fmt(&db->arena, "%.*s.%.*s", STR_FMT(host), STR_FMT(domain));
}

/* The address of a subnet that has the host by its full name, whichever part
 * of that is written there. */
static struct rec *
host_twin(struct db *db, const struct rec *subnet, struct str full, const struct rec *except)
{
	struct rec *twin = db_twin(db, subnet, INDEX_HOST, full, full, except);

	for (size_t i = full.n; !twin && i-- > 0;)
		if (full.p[i] == '.')
			twin = db_twin(db, subnet, INDEX_HOST, str_cut(full, 0, i), full, except);
	return twin;
}

enum status
alloc_check_twin(struct db *db, const struct rec *subnet, const struct assign *a, size_t n,
    const struct rec *except, struct diags *d)
{
	struct str hosts = assign_value(a, n, "host"), mac = assign_value(a, n, "mac"), host;
	struct rec *twin = NULL;
	struct str what = mac;

	if (!subnet)
		return STATUS_OK;
	if (mac.n)
		twin = db_twin(db, subnet, INDEX_MAC, mac, STR_NONE, except);
	struct str domain = domain_there(db, subnet, except, a, n);
	while (!twin && str_next(&hosts, ',', &host)) {
		twin = host_twin(db, subnet, full_name(db, host, domain), except);
		what = host;
	}
	if (!twin)
		return STATUS_OK;
	diag_fail(d, STATUS_CONFLICT, "%.*s: has %.*s in %.*s already", STR_FMT(what),
	    STR_FMT(db_key(db, twin)), STR_FMT(db_key(db, subnet)));
	diag_hint(d, "--force allows a second one");
	return STATUS_CONFLICT;
}

/* Its attribute as the assignments leave it. */
static struct str
value_then(struct db *db, const struct rec *r, const struct assign *a, size_t n, const char *name)
{
	const struct assign *given = find_assign(a, n, name);
	struct str own = STR_NONE;

	if (given)
		return given->value;
	db_own(db, r, name, &own);
	return own;
}

/* Whether what a record has then is another's: what is given, all of it if it wakes from
 * its quarantine. */
static enum status
check_then(struct db *db, const struct rec *r, const struct assign *a, size_t n, bool wakes,
    struct diags *d)
{
	struct assign then[3] = { { STR("host"), STR_NONE }, { STR("mac"), STR_NONE },
		{ STR("domain"), value_then(db, r, a, n, "domain") } };

	if (wakes || find_assign(a, n, "host") || find_assign(a, n, "domain"))
		then[0].value = value_then(db, r, a, n, "host");
	if (wakes || find_assign(a, n, "mac"))
		then[1].value = value_then(db, r, a, n, "mac");
	return alloc_check_twin(db, r->parent, then, ARRAY_LEN(then), r, d);
}

enum status
alloc_check_set(struct db *db, const struct rec *r, const struct assign *a, size_t n,
    struct diags *d)
{
	bool rests = str_eq(value_then(db, r, a, n, "status"), STR("quarantine"));

	return rests ? STATUS_OK
	             : check_then(db, r, a, n, db_quarantine(db, r) != QUARANTINE_NONE, d);
}

/* Puts the record at a place that may be given: a new one, or in place of one
 * whose quarantine is over or broken. */
static enum status
put_address(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip, rec_list *out,
    struct diags *d)
{
	struct rec *r = db_find(db, vrf, span_ip(ip), KIND_ADDRESS);
	struct rec *subnet = db_around(db, vrf, span_ip(ip));

	if (!a->force) {
		enum status status = alloc_check_twin(db, subnet, a->attr, a->attrs, NULL, d);
		if (status && !a->ensure)
			diag_hint(d, "--ensure gives what is there, --force adds a second one");
		if (status)
			return status;
	}
	if (r)
		edit_replace(db, r, a->attr, a->attrs);
	else
		r = edit_add(db, vrf, span_ip(ip), KIND_ADDRESS, a->attr, a->attrs);
	if (!r)
		return diag_fail(d, STATUS_USAGE, "%.*s: these attributes make no record",
		    STR_FMT(db_key_at(db, vrf, span_ip(ip))));
	vec_push(db->env, out, r);
	return STATUS_OK;
}

/* Gives an address back to its holder, as it was. */
static enum status
revive(struct db *db, const struct alloc *a, struct rec *r, rec_list *out, struct diags *d)
{
	bool was_resting = db_quarantine(db, r) != QUARANTINE_NONE;
	enum status status =
	    a->force ? STATUS_OK : check_then(db, r, a->attr, a->attrs, was_resting, d);

	if (status)
		return status;
	if (was_resting) {
		edit_set(db, r, "status", STR_NONE);
		edit_set(db, r, "until", STR_NONE);
	}
	edit_assign(db, r, a->attr, a->attrs);
	vec_push(db->env, out, r);
	return STATUS_OK;
}

/* Whether all hosts given are the record's, in the order of either. */
static bool
is_holder(struct db *db, const struct alloc *a, const struct rec *r)
{
	struct str hosts = assign_value(a->attr, a->attrs, "host"), host;
	struct str domain = domain_there(db, r->parent, NULL, a->attr, a->attrs);

	if (hosts.n == 0)
		return false;
	while (str_next(&hosts, ',', &host))
		if (!db_has_fqdn(db, r, full_name(db, host, domain)))
			return false;
	return true;
}

/* The attributes to set on what is there already: all but the host. */
static struct alloc
without_host(struct db *db, const struct alloc *a)
{
	struct assign *rest = arena_alloc(&db->arena, a->attrs * sizeof(*rest) + 1);
	struct alloc b = *a;

	b.attr = rest;
	b.attrs = 0;
	for (size_t i = 0; i < a->attrs; i++)
		if (!str_eq(a->attr[i].name, STR("host")))
			rest[b.attrs++] = a->attr[i];
	return b;
}

/* What the host has in the target already, in use and in quarantine, each lowest first. */
static void
find_held(struct db *db, const struct alloc *a, const struct rec *target, rec_list held[2])
{
	const struct rec *subnet = target->kind == KIND_SUBNET ? target : target->parent;
	struct str hosts = assign_value(a->attr, a->attrs, "host"), host;
	struct str domain = domain_there(db, subnet, NULL, a->attr, a->attrs);
	rec_list all = { 0 };

	if (subnet && str_next(&hosts, ',', &host))
		db_holders(db, subnet, full_name(db, host, domain), &all);
	for (size_t i = 0; i < all.n; i++)
		if (span_holds(rec_span(target), rec_span(all.v[i])) && is_holder(db, a, all.v[i]))
			vec_push(db->env, &held[db_quarantine(db, all.v[i]) != QUARANTINE_NONE],
			    all.v[i]);
	vec_release(&all);
}

uint64_t
alloc_held(struct db *db, const struct alloc *a, const struct rec *target)
{
	rec_list held[2] = { 0 };

	find_held(db, a, target, held);
	uint64_t n = held[0].n + held[1].n;
	vec_release(&held[0]);
	vec_release(&held[1]);
	return n;
}

static enum status
ensure(struct db *db, const struct alloc *a, struct rec *target, rec_list *out, struct diags *d)
{
	struct alloc rest = without_host(db, a);
	rec_list held[2] = { 0 };
	size_t most = out->n + a->count;
	enum status status = STATUS_OK;

	find_held(db, a, target, held);
	for (int k = 0; k < 2; k++) {
		for (size_t i = 0; i < held[k].n && out->n < most && !status; i++)
			status = revive(db, &rest, held[k].v[i], out, d);
		vec_release(&held[k]);
	}
	return status;
}

static bool
makes_eui64(const struct alloc *a, const struct rec *target)
{
	return a->eui64 && target->family == IPV6;
}

static enum status
choose_eui64(struct db *db, const struct rec *target, const struct alloc *a, struct ip *ip,
    struct diags *d)
{
	struct str value = assign_value(a->attr, a->attrs, "mac");
	unsigned char mac[6];

	if (!mac_parse(value, mac))
		return diag_fail(d, STATUS_USAGE, "--eui64 needs a mac=");
	if (target->kind != KIND_SUBNET || target->plen > 64)
		return diag_fail(d, STATUS_USAGE, "%.*s: --eui64 needs a subnet of /64 or wider",
		    STR_FMT(db_key(db, target)));
	*ip = (struct ip){ target->first | mac_eui64(mac), IPV6 };
	return STATUS_OK;
}

enum status
alloc_room(struct db *db, const struct alloc *a, const struct rec *target, struct diags *d)
{
	uint64_t had = a->ensure ? alloc_held(db, a, target) : 0;
	enum status status;
	struct ip ip;

	if (had >= a->count)
		return STATUS_OK;
	if (!makes_eui64(a, target))
		return choose_room(db, target, a->count - had, a->force, d);
	status = choose_eui64(db, target, a, &ip, d);
	return status ? status : alloc_named_room(db, a, target->vrf, ip, d);
}

enum status
alloc_next(struct db *db, const struct alloc *a, struct rec *target, rec_list *out, struct diags *d)
{
	bool eui64 = makes_eui64(a, target);
	size_t before = out->n;
	enum status status = STATUS_OK;
	struct ip ip;

	if (!eui64 && a->count > 1)
		status = alloc_room(db, a, target, d);
	if (!status && a->ensure)
		status = ensure(db, a, target, out, d);
	for (uint64_t n = out->n - before; n < a->count && !status; n++) {
		status = eui64 ? choose_eui64(db, target, a, &ip, d)
		               : choose_address(db, target, a->strategy, a->force, &ip, d);
		if (status)
			return status;
		status = eui64 ? alloc_named(db, a, target->vrf, ip, out, d)
		               : put_address(db, a, target->vrf, ip, out, d);
	}
	return status;
}

/* Whether what is at a place comes back to the host that is asked for. */
static bool
comes_back(struct db *db, const struct alloc *a, const struct place *p)
{
	return p->rec && p->subnet && is_holder(db, a, p->rec) &&
	       (p->state != PLACE_USED || a->ensure);
}

bool
alloc_named_is_held(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip)
{
	struct place p = place_at(db, vrf, ip);

	return comes_back(db, a, &p);
}

/* Whether a place may be given to whoever names it. */
static enum status
place_is_given(struct db *db, const struct alloc *a, struct place p, struct str key,
    struct diags *d)
{
	if (p.state == PLACE_QUARANTINE && a->force && p.subnet)
		p.state = place_special(db, p.subnet, p.rec->first);
	switch (p.state) {
	case PLACE_FREE:
	case PLACE_GATEWAY:
	case PLACE_POOL: return STATUS_OK;
	case PLACE_DHCP:
	case PLACE_RESERVED:
		if (a->force)
			return STATUS_OK;
		break;
	case PLACE_NO_SUBNET:
		diag_fail(d, STATUS_NO, "%.*s: lies in no subnet", STR_FMT(key));
		diag_hint(d, "ipam subnet add PREFIX");
		return STATUS_NO;
	default: break;
	}
	return diag_fail(d, STATUS_CONFLICT, "%.*s: is %.*s", STR_FMT(key),
	    STR_FMT(place_words(db, &p)));
}

enum status
alloc_named_room(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip, struct diags *d)
{
	struct place p = place_at(db, vrf, ip);
	struct str key = db_key_at(db, vrf, span_ip(ip));

	if (comes_back(db, a, &p))
		return STATUS_OK;
	if (span_is_link_local(span_ip(ip)))
		return diag_fail(d, STATUS_USAGE, "%.*s: link-local addresses are no records",
		    STR_FMT(key));
	return place_is_given(db, a, p, key, d);
}

enum status
alloc_named(struct db *db, const struct alloc *a, unsigned vrf, struct ip ip, rec_list *out,
    struct diags *d)
{
	struct place p = place_at(db, vrf, ip);
	struct alloc rest = without_host(db, a);

	if (comes_back(db, a, &p))
		return revive(db, &rest, p.rec, out, d);
	enum status status = alloc_named_room(db, a, vrf, ip, d);
	return status ? status : put_address(db, a, vrf, ip, out, d);
}

/* --- releasing -------------------------------------------------------- */

/* The end of a rest that begins now; a time that can be written. */
static int64_t
rest_end(const struct db *db, int64_t rest)
{
	static const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */

	return rest < last - db->env->now ? db->env->now + rest : last;
}

void
release_address(struct db *db, struct rec *r, int64_t rest)
{
	char text[WHEN_TEXT];

	if (rest == 0 && (!r->parent || !db_seconds(db, r->parent, "quarantine", &rest)))
		rest = -1;
	if (rest <= 0 || db_quarantine(db, r) != QUARANTINE_NONE) {
		edit_remove(db, r);
		return;
	}
	edit_set(db, r, "expires", STR_NONE);
	edit_set(db, r, "status", STR("quarantine"));
	edit_set(db, r, "until",
	    arena_str(&db->arena, str_from(when_fmt(text, rest_end(db, rest)))));
}
