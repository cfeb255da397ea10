/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of the source. */
#include "edit.h"
#include "merge_parts.h"
#include "check.h"
#include "plan.h"

/* All that the source says of one key. */
struct given {
	enum kind kind;
	unsigned vrf;
	struct span span;
	struct str object, label;
	struct str key;          /* for messages */
	const struct fact *fact; /* the first */
	struct rec *rec;         /* of the plan, if it has one */
	bool is_whole;           /* all of the fact's attributes, and no others */
	VEC(struct fact_attr) attr;
};

/* --- errors of the source --------------------------------------------- */

static void
validate_attr(struct merger *m, const struct fact_record *record, struct fact_attr *attr,
    struct diags *d)
{
	const struct attr_info *info = attr_name_is_valid(attr->name)
	                                   ? schema_attr(attr->name, record->kind, record->object)
	                                   : NULL;
	bool fits =
	    !info || record->kind == KIND_OBJECT || schema_fits(info, record->kind, record->object);

	attr->value = schema_canonical(info, attr->value, &m->db->arena);
	diags_clear(d);
	check_assign(record->kind, record->object, attr->name, attr->value, d);
	if (d->n)
		diag_at(m->d, SEV_ERROR, RULE_NONE, (struct pos){ attr->at }, "%.*s",
		    STR_FMT(d->v[0].text));
	else if (!fits)
		merge_report(m, attr->at, "%.*s means nothing on %s %s", STR_FMT(attr->name),
		    record->kind == KIND_ADDRESS ? "an" : "a", kind_names[record->kind]);
}

void
merge_validate(struct merger *m)
{
	struct diags d;

	diags_init(&d, m->db->env);
	for (size_t i = 0; i < m->facts->n; i++) {
		struct fact_record *record =
		    m->facts->v[i].kind == FACT_RECORD ? m->facts->v[i].record : NULL;
		for (size_t k = 0; record && k < record->attrs; k++)
			validate_attr(m, record, &record->attr[k], &d);
	}
	diags_release(&d);
}

/* --- what is given ---------------------------------------------------- */

static bool
same_value(struct merger *m, const struct given *g, struct str name, struct str a, struct str b)
{
	const struct attr_info *info = schema_attr(name, g->kind, g->object);
	bool is_name = info && (info->type == VALUE_HOSTS || info->type == VALUE_NAME ||
				   info->type == VALUE_DOMAIN);

	a = schema_canonical(info, a, &m->db->arena);
	b = schema_canonical(info, b, &m->db->arena);
	return is_name ? str_ieq(a, b) : str_eq(a, b);
}

static struct fact_attr *
find_given(struct given *g, struct str name)
{
	for (size_t i = 0; i < g->attr.n; i++)
		if (str_eq(g->attr.v[i].name, name))
			return &g->attr.v[i];
	return NULL;
}

/* A list of hosts, those that end in the domain in force relative to it. */
static struct str
relative_hosts(struct merger *m, struct str list, struct str domain)
{
	struct str host;
	struct buf b;

	buf_init(&b, m->db->env);
	while (str_next(&list, ',', &host)) {
		bool is_complete = host.n && host.p[host.n - 1] == '.';
		struct str below = is_complete ? host : merge_written(m, host, domain, true);
		bool is_short = below.n < host.n;
		buf_z(&b, b.n ? "," : "");
		buf_str(&b, is_short ? below : host);
	}
	struct str hosts = arena_str(&m->db->arena, buf_get(&b));
	buf_release(&b);
	return hosts;
}

static void
give(struct merger *m, struct given *g, const struct fact *fact)
{
	g->is_whole = fact == g->fact;
	for (size_t i = 0; i < fact->record->attrs; i++) {
		struct fact_attr attr = fact->record->attr[i], *have = find_given(g, attr.name);
		if (g->kind == KIND_ADDRESS &&
		    (str_eq(attr.name, STR("host")) || str_eq(attr.name, STR("alias"))))
			attr.value = relative_hosts(m, attr.value,
			    db_domain(m->db, db_around(m->db, g->vrf, g->span)));
		if (!have)
			vec_push(m->db->env, &g->attr, attr);
		else if (!same_value(m, g, attr.name, have->value, attr.value))
			merge_contradict(m, attr.at, "%.*s: %.*s=%.*s, and above %.*s",
			    STR_FMT(g->key), STR_FMT(attr.name), STR_FMT(attr.value),
			    STR_FMT(have->value));
		g->is_whole &= attr.value.n == fact->record->attr[i].value.n;
	}
}

static void
drop_given(struct given *g, struct fact_attr *attr)
{
	size_t behind = (size_t)(g->attr.v + g->attr.n - attr) - 1;

	memmove(attr, attr + 1, behind * sizeof(*attr));
	g->attr.n--;
	g->is_whole = false;
}

/* --- into the plan ---------------------------------------------------- */

static void
add(struct merger *m, struct given *g)
{
	const struct fact_record *record = g->fact->record;
	struct arena *a = &m->db->arena;
	struct str key = g->kind == KIND_OBJECT
	                     ? arena_fmt(a, "@%.*s %.*s", STR_FMT(g->object), STR_FMT(g->label))
	                     : key_fmt_kind(a, g->kind, g->span, db_vrf_name(m->db, g->vrf));
	struct buf b;

	buf_init(&b, m->db->env);
	buf_str(&b, key);
	if (g->is_whole && record->rest.n)
		buf_str(&b, record->rest);
	for (size_t i = 0; i < g->attr.n && !(g->is_whole && record->rest.n); i++) {
		buf_char(&b, ' ');
		buf_str(&b, g->attr.v[i].name);
		buf_char(&b, '=');
		text_quote(&b, g->attr.v[i].value);
	}
	if (record->comment.n)
		buf_fmt(&b, " %.*s", STR_FMT(record->comment));
	struct rec *r = edit_add_line(m->db, arena_str(a, buf_get(&b)));
	buf_release(&b);
	if (r)
		merge_touch(m, r, g->fact->at);
}

/* Whether an attribute of the source is to be set in the plan's record. */
static bool
is_wanted(struct merger *m, struct given *g, const struct fact_attr *attr)
{
	struct attr own;

	if (!attr_find(g->rec, attr->name, &own)) {
		if (attr->value.n)
			return true;
		merge_unplaced(m, attr->at, "%.*s: %.*s=\"\": an empty value is set with an editor",
		    STR_FMT(g->key), STR_FMT(attr->name));
		return false;
	}
	struct str value = attr_value(&own, &m->db->arena);
	if (same_value(m, g, attr->name, value, attr->value))
		return false;
	merge_contradict(m, attr->at, "%.*s: %.*s=%.*s, and in the plan %.*s", STR_FMT(g->key),
	    STR_FMT(attr->name), STR_FMT(attr->value), STR_FMT(own.raw));
	return m->how->conflict == CONFLICT_UPDATE && attr->value.n;
}

static void
change(struct merger *m, struct given *g)
{
	merge_touch(m, g->rec, g->fact->at);
	for (size_t i = 0; i < g->attr.n; i++) {
		struct assign assign = { g->attr.v[i].name, g->attr.v[i].value };
		if (is_wanted(m, g, &g->attr.v[i]))
			edit_assign(m->db, g->rec, &assign, 1);
	}
}

/* A record that rests, or has rested, in quarantine is not the one that comes. */
static void
replace(struct merger *m, struct given *g, bool is_over)
{
	if (!is_over)
		merge_contradict(m, g->fact->at, "%.*s: in quarantine in the plan",
		    STR_FMT(g->key));
	if (!is_over && m->how->conflict != CONFLICT_UPDATE) {
		m->counts->unplaced++;
		return;
	}
	struct assign *a = arena_alloc(&m->db->arena, g->attr.n * sizeof(*a) + 1);
	for (size_t i = 0; i < g->attr.n; i++)
		a[i] = (struct assign){ g->attr.v[i].name, g->attr.v[i].value };
	edit_replace(m->db, g->rec, a, g->attr.n);
	merge_touch(m, g->rec, g->fact->at);
}

/* Whether a new record has a place in the plan. */
static bool
fits(struct merger *m, const struct given *g)
{
	struct diags d;

	if (g->kind == KIND_OBJECT)
		return true;
	diags_init(&d, m->db->env);
	enum status status = plan_fits(m->db, g->vrf, g->span, g->kind, &d);
	bool is_orphan = g->kind == KIND_ADDRESS && status == STATUS_NO;
	bool ok = status == STATUS_OK || (is_orphan && m->how->orphans);
	if (!ok && status == STATUS_CONFLICT) {
		merge_contradict(m, g->fact->at, "%.*s", STR_FMT(d.v[0].text));
		m->counts->unplaced++;
	} else if (!ok) {
		merge_unplaced(m, g->fact->at, "%.*s", STR_FMT(d.v[0].text));
	}
	diags_release(&d);
	return ok;
}

static void
settle(struct merger *m, struct given *g)
{
	enum quarantine quarantine = g->rec ? db_quarantine(m->db, g->rec) : QUARANTINE_NONE;
	struct fact_attr *status = find_given(g, STR("status"));
	bool is_same = status && str_eq(status->value, STR("quarantine"));

	if (quarantine != QUARANTINE_NONE && !is_same)
		replace(m, g, quarantine == QUARANTINE_OVER);
	else if (g->rec)
		change(m, g);
	else if (fits(m, g))
		add(m, g);
}

int
merge_vrf(const struct merger *m, const struct fact_record *r)
{
	if (!r->has_vrf)
		return (int)m->how->vrf;
	return r->vrf.n ? db_vrf(m->db, r->vrf) : 0;
}

/* Leaves out a name that is another record's. */
static void
settle_name(struct merger *m, struct given *g, const struct labels *labels)
{
	struct fact_attr *attr = labels_are_on(g->kind) ? find_given(g, STR("name")) : NULL;
	const struct label *label = attr ? labels_owner(labels, attr->value) : NULL;

	if (!label || (label->at ? label->at == attr->at : label->rec == g->rec))
		return;
	const struct fact_record *first = label->fact ? label->fact->record : NULL;
	struct str owner =
	    first ? key_fmt(&m->db->arena, first->span, first->vrf) : db_key(m->db, label->rec);
	merge_contradict(m, attr->at, "%.*s: name=%.*s: %.*s has this name", STR_FMT(g->key),
	    STR_FMT(attr->value), STR_FMT(owner));
	drop_given(g, attr);
}

/* --- the order -------------------------------------------------------- */

struct item {
	struct rec key; /* for tree_order() */
	const struct fact *fact;
};

static void
sort_items(const struct merger *m, struct item *v, struct item *scratch, size_t n)
{
	size_t half = n / 2, a = 0, b = half;

	if (n < 2)
		return;
	sort_items(m, v, scratch, half);
	sort_items(m, v + half, scratch, n - half);
	for (size_t i = 0; i < n; i++)
		scratch[i] =
		    a < half && (b == n || tree_order(m->db->rank, &v[a].key, &v[b].key) <= 0)
			? v[a++]
			: v[b++];
	memcpy(v, scratch, n * sizeof(*v));
}

static void
merge_objects(struct merger *m)
{
	for (size_t i = 0; i < m->facts->n; i++) {
		const struct fact *fact = &m->facts->v[i];
		if (fact->kind != FACT_RECORD || fact->record->kind != KIND_OBJECT)
			continue;
		struct given g = { .kind = KIND_OBJECT,
			.object = fact->record->object,
			.label = fact->record->label };
		g.fact = fact;
		g.key = arena_fmt(&m->db->arena, "@%.*s %.*s", STR_FMT(g.object), STR_FMT(g.label));
		g.rec = db_find_object(m->db, g.object, g.label);
		give(m, &g, fact);
		settle(m, &g);
		vec_release(&g.attr);
	}
}

/* The records that are no objects, with the numbers of their VRFs. */
static size_t
collect_items(struct merger *m, struct item **out)
{
	struct item *v = arena_alloc(&m->db->arena, 2 * m->facts->n * sizeof(*v) + 1);
	size_t n = 0;

	for (size_t i = 0; i < m->facts->n; i++) {
		const struct fact *fact = &m->facts->v[i];
		const struct fact_record *r = fact->record;
		if (fact->kind != FACT_RECORD || r->kind == KIND_OBJECT)
			continue;
		int vrf = merge_vrf(m, r);
		if (vrf < 0)
			merge_unplaced(m, fact->at, "%.*s: VRF %.*s is not declared (@vrf %.*s)",
			    STR_FMT(key_fmt(&m->db->arena, r->span, r->vrf)), STR_FMT(r->vrf),
			    STR_FMT(r->vrf));
		else
			v[n++] = (struct item){ tree_key((uint16_t)vrf, r->span, r->kind), fact };
	}
	sort_items(m, v, v + n, n);
	*out = v;
	return n;
}

/* The end of the items of one key. */
static size_t
same_key(const struct merger *m, const struct item *item, size_t n, size_t from)
{
	size_t end = from + 1;

	while (end < n && tree_order(m->db->rank, &item[from].key, &item[end].key) == 0)
		end++;
	return end;
}

static void
read_labels(struct merger *m, struct labels *labels, const struct item *item, size_t n)
{
	labels_init(labels, m);
	for (size_t i = 0, next; i < n; i = next) {
		const struct fact_record *r = item[i].fact->record;
		struct rec *rec = db_find(m->db, item[i].key.vrf, r->span, r->kind);
		next = same_key(m, item, n, i);
		for (size_t k = i; k < next && !labels_add(labels, m, item[k].fact, rec);)
			k++;
	}
	labels_settle(labels, m);
}

/* In the order of the plan, so that a subnet is there before what it holds. */
void
merge_records(struct merger *m)
{
	struct labels labels;
	struct item *item;

	merge_objects(m);
	size_t n = collect_items(m, &item);
	read_labels(m, &labels, item, n);
	for (size_t i = 0, next; i < n; i = next) {
		const struct fact_record *record = item[i].fact->record;
		struct given g = { .kind = record->kind,
			.vrf = item[i].key.vrf,
			.span = record->span,
			.fact = item[i].fact };
		g.key = key_fmt_kind(&m->db->arena, g.kind, g.span, db_vrf_name(m->db, g.vrf));
		g.rec = db_find(m->db, g.vrf, g.span, g.kind);
		next = same_key(m, item, n, i);
		for (size_t k = i; k < next; k++)
			give(m, &g, item[k].fact);
		settle_name(m, &g, &labels);
		settle(m, &g);
		vec_release(&g.attr);
	}
	labels_release(&labels);
}
