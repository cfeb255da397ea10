/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of subnets and ranges, of which there is one of a kind in the plan.  A name is that
 * of the plan's record, if it keeps it, else of the first record of the source.
 */
#include "merge_parts.h"

bool
labels_are_on(enum kind kind)
{
	return kind == KIND_SUBNET || kind == KIND_RANGE;
}

void
labels_init(struct labels *l, struct merger *m)
{
	struct attr attr;

	*l = (struct labels){ 0 };
	for (size_t i = 0; i < m->db->named.n; i++) {
		struct rec *r = m->db->named.v[i];
		struct label label = { .rec = r };
		if (!labels_are_on(r->kind) || (r->flags & REC_GONE) ||
		    !attr_find(r, STR("name"), &attr))
			continue;
		label.name = attr.value;
		vec_push(m->db->env, &l->name, label);
	}
}

bool
labels_add(struct labels *l, struct merger *m, const struct fact *fact, struct rec *rec)
{
	const struct fact_record *r = fact->record;

	for (size_t i = 0; labels_are_on(r->kind) && i < r->attrs; i++) {
		struct label label = { r->attr[i].value, false, rec, r->attr[i].at, fact };
		if (!str_eq(r->attr[i].name, STR("name")))
			continue;
		vec_push(m->db->env, &l->name, label);
		return true;
	}
	return false;
}

static int
by_name(const void *a, const void *b)
{
	const struct label *x = a, *y = b;
	int order = str_icmp(x->name, y->name);

	return order ? order : (x->fact > y->fact) - (x->fact < y->fact);
}

static int
by_rec(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)(*(struct label *const *)a)->rec,
		  y = (uintptr_t)(*(struct label *const *)b)->rec;

	return (x > y) - (x < y);
}

/* The first of a name's labels, or NULL. */
static struct label *
find(const struct labels *l, struct str name)
{
	size_t low = 0, high = l->name.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_icmp(l->name.v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->name.n && str_ieq(l->name.v[low].name, name) ? &l->name.v[low] : NULL;
}

/* The next label of the same name, or NULL. */
static struct label *
next_of(const struct labels *l, const struct label *label)
{
	struct label *next = l->name.v + (label - l->name.v) + 1;

	return next < l->name.v + l->name.n && str_ieq(next->name, label->name) ? next : NULL;
}

/* The record of the source that may have the name of this label of the plan, or NULL. */
static struct label *
claimant(const struct labels *l, const struct label *held)
{
	struct label *next = next_of(l, held);

	while (next && (next->is_refused || next->rec == held->rec))
		next = next_of(l, next);
	return next;
}

/* --- names that go over to another record ----------------------------------- */

/* Whether a label of the plan stays where it is. */
static bool
stays(const struct labels *l, const struct label *held)
{
	struct label key = { .rec = held->rec }, *k = &key;
	struct label **found =
	    l->renamed.n ? bsearch(&k, l->renamed.v, l->renamed.n, sizeof(k), by_rec) : NULL;

	return !found || (*found)->is_refused || str_ieq((*found)->name, held->name);
}

/* A record that does not get a new name keeps its old one, which no other gets then. */
static void
refuse(const struct labels *l, struct label *label)
{
	struct attr old;

	while (label) {
		label->is_refused = true;
		if (!label->rec || !attr_find(label->rec, STR("name"), &old))
			return;
		const struct label *held = find(l, old.value);
		label = held && !held->at ? claimant(l, held) : NULL;
	}
}

/* One record of the source may have a name: the plan's own, else the first; with --conflict
 * keep none that has another name in the plan. */
static void
choose(struct merger *m, struct label *first, const struct label *end)
{
	const struct label *chosen = NULL;
	struct attr old;

	for (const struct label *x = first; x < end; x++)
		if (x->at && x->rec && x->rec == first->rec && !first->at)
			chosen = x;
	for (struct label *x = first; x < end; x++) {
		bool is_kept = m->how->conflict != CONFLICT_UPDATE && x->at && x->rec &&
		               attr_find(x->rec, STR("name"), &old) && !str_ieq(old.value, x->name);
		if (x->at && !chosen && !is_kept)
			chosen = x;
		x->is_refused = x->at && x != chosen;
	}
}

void
labels_settle(struct labels *l, struct merger *m)
{
	if (l->name.n)
		qsort(l->name.v, l->name.n, sizeof(*l->name.v), by_name);
	for (size_t i = 0, end; i < l->name.n; i = end) {
		for (end = i + 1; end < l->name.n && next_of(l, &l->name.v[end - 1]);)
			end++;
		choose(m, &l->name.v[i], &l->name.v[end]);
	}
	for (size_t i = 0; i < l->name.n; i++)
		if (l->name.v[i].at && l->name.v[i].rec)
			vec_push(m->db->env, &l->renamed, &l->name.v[i]);
	if (l->renamed.n)
		qsort(l->renamed.v, l->renamed.n, sizeof(struct label *), by_rec);
	for (size_t i = 0; i < l->name.n; i++)
		if (!l->name.v[i].at && stays(l, &l->name.v[i]))
			refuse(l, claimant(l, &l->name.v[i]));
}

const struct label *
labels_owner(const struct labels *l, struct str name)
{
	const struct label *label = find(l, name);

	if (label && !label->at && stays(l, label))
		return label;
	while (label && (!label->at || label->is_refused))
		label = next_of(l, label);
	return label;
}

void
labels_release(struct labels *l)
{
	vec_release(&l->name);
	vec_release(&l->renamed);
}
