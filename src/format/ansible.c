/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ansible's inventory in JSON: a static file, as its yaml plugin reads it, or what an
 * executable inventory answers to --list and --host (--dynamic).
 *
 * A host is a full name, that of an address' first host; more addresses of the same
 * name are the same host, and the first is the one to connect to.  Groups are the named
 * subnets, one in another as in the plan, VRFs, and the values of some attributes.
 *
 * Ansible runs what stands in {{ }}: such a value is marked as one that is not to be.
 */
#include "core/lines.h"
#include "core/query.h"
#include "format.h"
#include "json_write.h"

struct host {
	struct str name;
	const struct rec *rec; /* of the first address */
	VEC(const struct rec *) address;
	bool grouped;
};

struct group {
	struct str name;
	bool is_child;
	VEC(size_t) host;
	VEC(size_t) child;
};

struct inventory {
	const struct format_request *q;
	struct arena *a;
	struct diags *d;
	VEC(struct host) host;
	VEC(struct group) group;
	struct lines hosts, groups; /* where each is, plus one */
	struct lines names, members;
};

/* What makes groups: "site_NAME", in which hosts are for their effective values. */
static const char *const grouping[] = { "site", "owner", "tag", "vlan" };
/* Of what a host inherits this is told. */
static const char *const inherited[] = { "domain", "owner", "site", "tag", "vlan" };

/* --- what there is ------------------------------------------------------ */

static struct str
lower(struct inventory *v, struct str s)
{
	char *p = arena_z(v->a, s);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)ascii_lower(p[i]);
	return (struct str){ p, s.n };
}

/* "prefix_text" of letters, digits and _. */
static struct str
word_of(struct inventory *v, const char *prefix, struct str text)
{
	struct str s = arena_fmt(v->a, "%s_%.*s", prefix, STR_FMT(text));
	char *p = arena_z(v->a, s);

	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum((unsigned char)p[i]))
			p[i] = '_';
	return (struct str){ p, s.n };
}

/* Two that would be called the same are told apart by a final _. */
static struct str
new_name(struct inventory *v, const char *prefix, struct str text, const struct rec *r)
{
	struct str name = word_of(v, prefix, text), first = name;

	while (lines_find(&v->names, name))
		name = arena_fmt(v->a, "%.*s_", STR_FMT(name));
	if (name.n > first.n)
		diag_at(v->d, SEV_WARNING, RULE_NONE, (struct pos){ r->line },
		    "%.*s is another group already: %.*s is %.*s", STR_FMT(first), STR_FMT(text),
		    STR_FMT(name));
	lines_add(&v->names, name, 1);
	return name;
}

static size_t
group_of(struct inventory *v, const char *prefix, struct str text, const struct rec *r)
{
	struct str about = arena_fmt(v->a, "%s %.*s", prefix, STR_FMT(lower(v, text)));
	struct lines_entry *e = lines_find(&v->groups, about);

	if (e)
		return (size_t)e->count - 1;
	struct group g = { .name = new_name(v, prefix, text, r) };
	vec_push(v->q->db->env, &v->group, g);
	lines_add(&v->groups, about, (int64_t)v->group.n);
	return v->group.n - 1;
}

/* Whether they are not together yet. */
static bool
is_new_pair(struct inventory *v, const char *what, size_t a, size_t b)
{
	return lines_add(&v->members, arena_fmt(v->a, "%s %zu %zu", what, a, b), 1) == 1;
}

static void
join(struct inventory *v, size_t group, size_t host)
{
	v->host.v[host].grouped = true;
	if (is_new_pair(v, "host", group, host))
		vec_push(v->q->db->env, &v->group.v[group].host, host);
}

/* The group of the narrowest named subnet around; -1 if there is none. */
static int64_t
subnet_group(struct inventory *v, const struct rec *subnet)
{
	struct str name;

	while (subnet && !db_own(v->q->db, subnet, "name", &name))
		subnet = subnet->parent;
	if (!subnet)
		return -1;
	size_t g = group_of(v, "subnet", name, subnet);
	int64_t around = subnet_group(v, subnet->parent);
	if (around >= 0 && is_new_pair(v, "child", (size_t)around, g)) {
		vec_push(v->q->db->env, &v->group.v[around].child, g);
		v->group.v[g].is_child = true;
	}
	return (int64_t)g;
}

static void
join_groups(struct inventory *v, size_t host, const struct rec *r)
{
	struct str vrf = db_vrf_name(v->q->db, r->vrf), value, one;
	int64_t subnet = subnet_group(v, r->parent);

	if (subnet >= 0)
		join(v, (size_t)subnet, host);
	if (vrf.n)
		join(v, group_of(v, "vrf", vrf, r), host);
	for (size_t i = 0; i < ARRAY_LEN(grouping); i++) {
		if (!db_value(v->q->db, r, str_from(grouping[i]), &value, NULL))
			continue;
		if (!query_is_list(str_from(grouping[i]))) {
			join(v, group_of(v, grouping[i], value, r), host);
			continue;
		}
		while (str_next(&value, ',', &one))
			join(v, group_of(v, grouping[i], one, r), host);
	}
}

static void
add_address(struct inventory *v, const struct rec *r)
{
	struct db *db = v->q->db;
	struct str hosts, first, full;

	if (!db_own(db, r, "host", &hosts) || db_quarantine(db, r) != QUARANTINE_NONE)
		return;
	str_next(&hosts, ',', &first);
	if (!db_fqdn(db, r, first, &full))
		full = first;
	if (!host_is_publishable(full)) {
		diag_at(v->d, SEV_WARNING, RULE_HOST_NAME, (struct pos){ r->line },
		    "%.*s: not a name that can be published; it is left out", STR_FMT(full));
		return;
	}
	full = lower(v, full);
	struct lines_entry *e = lines_find(&v->hosts, full);
	size_t at = e ? (size_t)e->count - 1 : v->host.n;
	if (!e) {
		vec_push(db->env, &v->host, ((struct host){ .name = full, .rec = r }));
		lines_add(&v->hosts, full, (int64_t)v->host.n);
	}
	vec_push(db->env, &v->host.v[at].address, r);
	join_groups(v, at, r);
}

/* --- how it is said ----------------------------------------------------- */

static bool
is_template(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.p[i] == '{' && memchr("{%#", s.p[i + 1], 3))
			return true;
	return false;
}

static void
put_text(struct json_writer *j, const char *name, struct str s)
{
	if (!is_template(s)) {
		json_str(j, name, s);
		return;
	}
	json_line(j, name, '{');
	json_str(j, "__ansible_unsafe", s);
	json_close(j, '}');
}

static void
put_attribute(struct inventory *v, struct json_writer *j, struct str attribute, struct str value)
{
	char *name = arena_z(v->a, word_of(v, "ipam", attribute));
	struct str one;

	if (!query_is_list(attribute)) {
		put_text(j, name, value);
		return;
	}
	json_line(j, name, '[');
	while (str_next(&value, ',', &one))
		put_text(j, NULL, one);
	json_close(j, ']');
}

static void
put_vars(struct inventory *v, struct json_writer *j, const char *name, const struct host *h)
{
	struct db *db = v->q->db;
	char ip[IP_TEXT];
	struct attr_iter it;
	struct attr attr;
	struct str value;

	json_open(j, name, '{');
	json_str(j, "ansible_host", str_from(ip_fmt(ip, span_first(rec_span(h->rec)))));
	json_line(j, "ipam_addresses", '[');
	for (size_t i = 0; i < h->address.n; i++)
		json_str(j, NULL, db_key(db, h->address.v[i]));
	json_close(j, ']');
	if (h->rec->parent)
		json_str(j, "ipam_subnet", db_key(db, h->rec->parent));
	attr_start(&it, h->rec);
	while (attr_next(&it, &attr))
		put_attribute(v, j, attr.name, attr_value(&attr, v->a));
	for (size_t i = 0; i < ARRAY_LEN(inherited); i++)
		if (!db_own(db, h->rec, inherited[i], &value) &&
		    db_value(db, h->rec, str_from(inherited[i]), &value, NULL))
			put_attribute(v, j, str_from(inherited[i]), value);
	json_close(j, '}');
}

/* In a list a group's children are named, in a file they are in it. */
static void
put_group(struct inventory *v, struct json_writer *j, const struct group *g, bool is_list)
{
	char open = is_list ? '[' : '{', close = is_list ? ']' : '}';

	json_open(j, arena_z(v->a, g->name), '{');
	json_open(j, "hosts", open);
	for (size_t i = 0; i < g->host.n; i++) {
		struct str name = v->host.v[g->host.v[i]].name;
		if (is_list) {
			json_str(j, NULL, name);
			continue;
		}
		json_line(j, arena_z(v->a, name), '{');
		json_close(j, '}');
	}
	json_close(j, close);
	if (g->child.n)
		json_open(j, "children", open);
	for (size_t i = 0; i < g->child.n; i++) {
		const struct group *child = &v->group.v[g->child.v[i]];
		if (is_list)
			json_str(j, NULL, child->name);
		else
			put_group(v, j, child, false);
	}
	if (g->child.n)
		json_close(j, close);
	json_close(j, '}');
}

/* --- the whole ---------------------------------------------------------- */

static void
put_static(struct inventory *v, struct json_writer *j)
{
	json_open(j, NULL, '{');
	json_open(j, "all", '{');
	json_open(j, "hosts", '{');
	for (size_t i = 0; i < v->host.n; i++)
		put_vars(v, j, arena_z(v->a, v->host.v[i].name), &v->host.v[i]);
	json_close(j, '}');
	json_open(j, "children", '{');
	for (size_t i = 0; i < v->group.n; i++)
		if (!v->group.v[i].is_child)
			put_group(v, j, &v->group.v[i], false);
	json_close(j, '}');
	json_close(j, '}');
	json_close(j, '}');
}

static void
put_dynamic(struct inventory *v, struct json_writer *j)
{
	json_open(j, NULL, '{');
	json_open(j, "_meta", '{');
	json_open(j, "hostvars", '{');
	for (size_t i = 0; i < v->host.n; i++)
		put_vars(v, j, arena_z(v->a, v->host.v[i].name), &v->host.v[i]);
	json_close(j, '}');
	json_close(j, '}');
	for (size_t i = 0; i < v->group.n; i++)
		put_group(v, j, &v->group.v[i], true);
	json_open(j, "ungrouped", '{');
	json_open(j, "hosts", '[');
	for (size_t i = 0; i < v->host.n; i++)
		if (!v->host.v[i].grouped)
			json_str(j, NULL, v->host.v[i].name);
	json_close(j, ']');
	json_close(j, '}');
	json_close(j, '}');
}

/* Of a host that there is not, nothing. */
static void
put_host(struct inventory *v, struct json_writer *j, struct str name)
{
	struct lines_entry *e = lines_find(&v->hosts, lower(v, name));

	if (e) {
		put_vars(v, j, NULL, &v->host.v[e->count - 1]);
		return;
	}
	json_open(j, NULL, '{');
	json_close(j, '}');
}

static void
release(struct inventory *v)
{
	for (size_t i = 0; i < v->host.n; i++)
		vec_release(&v->host.v[i].address);
	for (size_t i = 0; i < v->group.n; i++) {
		vec_release(&v->group.v[i].host);
		vec_release(&v->group.v[i].child);
	}
	vec_release(&v->host);
	vec_release(&v->group);
	lines_release(&v->hosts);
	lines_release(&v->groups);
	lines_release(&v->names);
	lines_release(&v->members);
}

enum status
ansible_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct inventory v = { .q = q, .a = &q->db->arena, .d = d };
	struct json_writer j = { .out = text };
	struct str none, host;
	bool dynamic = format_option(q, "dynamic", &none), list = format_option(q, "list", &none),
	     one = format_option(q, "host", &host);

	if ((list || one) && !dynamic)
		return diag_fail(d, STATUS_USAGE, "--list and --host are for --dynamic");
	if (list && one)
		return diag_fail(d, STATUS_USAGE, "--list or --host, not both");
	lines_init(&v.hosts, q->db->env);
	lines_init(&v.groups, q->db->env);
	lines_init(&v.names, q->db->env);
	lines_init(&v.members, q->db->env);
	for (size_t i = 0; i < q->recs; i++)
		add_address(&v, q->rec[i]);
	if (one)
		put_host(&v, &j, host);
	else if (dynamic)
		put_dynamic(&v, &j);
	else
		put_static(&v, &j);
	release(&v);
	return STATUS_OK;
}
