/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "check.h"
#include "dns.h"
#include "edit.h"
#include "merge_parts.h"

bool
conflict_by_name(struct str name, enum conflict *out)
{
	static const char *const names[] = { "keep", "update", "fail" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_eq(name, str_from(names[i])))
			continue;
		*out = (enum conflict)i;
		return true;
	}
	return false;
}

/* --- what is said ----------------------------------------------------- */

static void
say(struct merger *m, enum severity severity, const char *at, const char *fmt, va_list ap)
{
	struct str text = arena_vfmt(&m->d->arena, fmt, ap);

	diag_at(m->d, severity, RULE_NONE, (struct pos){ at }, "%.*s", STR_FMT(text));
	m->counts->reported++;
}

void
merge_report(struct merger *m, const char *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(m, SEV_WARNING, at, fmt, ap);
	va_end(ap);
}

void
merge_unplaced(struct merger *m, const char *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(m, SEV_WARNING, at, fmt, ap);
	va_end(ap);
	m->counts->unplaced++;
}

void
merge_contradict(struct merger *m, const char *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(m, m->how->conflict == CONFLICT_FAIL ? SEV_ERROR : SEV_WARNING, at, fmt, ap);
	va_end(ap);
}

void
merge_touch(struct merger *m, struct rec *r, const char *at)
{
	struct touch touch = { r, at };

	vec_push(m->db->env, &m->touched, touch);
}

/* --- names and domains ------------------------------------------------ */

struct str
merge_domain_at(struct merger *m, const struct rec *r, const struct rec *subnet)
{
	struct str domain;

	return r && db_own(m->db, r, "domain", &domain) ? str_without_dot(domain)
	                                                : db_domain(m->db, subnet);
}

struct str
merge_full(struct merger *m, struct str host, struct str domain)
{
	if (host.n && host.p[host.n - 1] == '.')
		return str_without_dot(host);
	if (domain.n == 0)
		return host;
	return arena_join(&m->db->arena, host, STR("."), domain);
}

static bool
is_below(struct str name, struct str domain)
{
	return domain.n && name.n > domain.n + 1 && str_iends(name, domain) &&
	       name.p[name.n - domain.n - 1] == '.';
}

struct str
merge_written(struct merger *m, struct str full, struct str domain, bool is_complete)
{
	struct str host =
	    is_below(full, domain) ? str_cut(full, 0, full.n - domain.n - 1) : STR_NONE;

	if (domain.n == 0 && !is_complete)
		return full;
	/* what is left may read as an address or a complete name, or end in the domain once more */
	if (host.n && host.p[host.n - 1] != '.' && !host_fault(host) && !is_below(host, domain) &&
	    !str_ieq(host, domain))
		return host;
	return arena_join(&m->db->arena, full, STR("."), STR_NONE);
}

/* --- the whole -------------------------------------------------------- */

static int
by_rec(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;

	if (x->rec != y->rec)
		return (uintptr_t)x->rec < (uintptr_t)y->rec ? -1 : 1;
	return ((uintptr_t)x->at > (uintptr_t)y->at) - ((uintptr_t)x->at < (uintptr_t)y->at);
}

static bool
is_changed(const struct db *db, const struct rec *r)
{
	return r->change && !str_eq(db->change.v[r->change - 1].before, rec_line(r));
}

static void
count(struct merger *m)
{
	if (m->touched.n)
		qsort(m->touched.v, m->touched.n, sizeof(*m->touched.v), by_rec);
	for (size_t i = 0; i < m->touched.n; i++) {
		const struct rec *r = m->touched.v[i].rec;
		if (i && r == m->touched.v[i - 1].rec)
			continue;
		if (r->flags & REC_NEW)
			m->counts->added++;
		else if (is_changed(m->db, r))
			m->counts->changed++;
		else
			m->counts->left++;
	}
}

/* The place in the source of the record that a diagnostic is about. */
static const char *
place_in_source(const struct merger *m, const char *at)
{
	for (size_t i = 0; at && i < m->touched.n; i++) {
		const struct rec *r = m->touched.v[i].rec;
		if (at >= r->line && at <= r->line + r->len)
			return m->touched.v[i].at;
	}
	return at;
}

/* What no look at a single record shows; there should be nothing left. */
static enum status
check_result(struct merger *m)
{
	struct diags d;

	diags_init(&d, m->db->env);
	enum status status = check_changes(m->db, &d);
	for (size_t i = 0; status && i < d.n; i++)
		diag_at(m->d, SEV_ERROR, d.v[i].rule,
		    (struct pos){ place_in_source(m, d.v[i].pos.at) }, "%.*s",
		    STR_FMT(d.v[i].text));
	diags_release(&d);
	return status ? STATUS_CONFLICT : STATUS_OK;
}

/* What the plan does not hold; of one $GENERATE, delegations are said once. */
static void
report_others(struct merger *m)
{
	const char *cut = NULL;

	for (size_t i = 0; i < m->facts->n; i++) {
		const struct fact *fact = &m->facts->v[i];
		bool is_cut = fact->kind == FACT_CUT;
		if (fact->kind != FACT_OTHER &&
		    (!is_cut || fact->at == cut || merge_has_cut(m, fact)))
			continue;
		cut = is_cut ? fact->at : cut;
		merge_unplaced(m, fact->at, "%.*s", STR_FMT(fact->name));
	}
}

static enum status
put(struct merger *m)
{
	size_t errors;

	merge_set_dynamic(m);
	merge_validate(m);
	if (m->d->errors)
		return STATUS_USAGE;
	errors = m->d->errors;
	merge_records(m);
	merge_names(m);
	merge_aliases(m);
	report_others(m);
	count(m);
	if (m->d->errors > errors)
		return STATUS_CONFLICT;
	return check_result(m);
}

/* Whether the zone of a fact has another one before it. */
static bool
is_named_before(const struct facts *facts, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (facts->v[i].kind == FACT_ZONE && facts->v[i].record &&
		    str_ieq(facts->v[i].record->label, facts->v[at].record->label))
			return true;
	return false;
}

struct str
merge_zone_commands(struct db *db, const struct facts *facts, unsigned vrf)
{
	struct str view = db_vrf_name(db, vrf), text;
	struct dns dns;
	struct buf b;

	dns_init(&dns, db);
	buf_init(&b, db->env);
	for (size_t i = 0; i < facts->n; i++) {
		const struct fact_record *r =
		    facts->v[i].kind == FACT_ZONE ? facts->v[i].record : NULL;
		if (!r)
			continue;
		struct str name = arena_fmt(&db->arena, "%.*s%s%.*s", STR_FMT(r->label),
		    view.n ? "%" : "", STR_FMT(view));
		/* a prefix may stand for it, too */
		if (dns_zone(&dns, view, r->label) != SIZE_MAX || is_named_before(facts, i))
			continue;
		buf_z(&b, "ipam object add zone ");
		buf_shell(&b, name);
		for (size_t k = 0; k < r->attrs; k++) {
			buf_char(&b, ' ');
			buf_shell(&b, arena_fmt(&db->arena, "%.*s=%.*s", STR_FMT(r->attr[k].name),
					  STR_FMT(r->attr[k].value)));
		}
		buf_char(&b, '\n');
	}
	text = arena_str(&db->arena, buf_get(&b));
	buf_release(&b);
	dns_release(&dns);
	return text;
}

enum status
merge_facts(struct db *db, struct facts *facts, const struct merge *how,
    struct merge_counts *counts, struct diags *d)
{
	struct merger m = { .db = db, .facts = facts, .how = how, .counts = counts, .d = d };

	*counts = (struct merge_counts){ 0 };
	m.book.env = db->env;
	zones_init(&m.zones, db, facts, how->vrf);
	enum status status = put(&m);
	zones_release(&m.zones);
	vec_release(&m.book.entry);
	vec_release(&m.touched);
	vec_release(&m.naming);
	vec_release(&m.spot);
	vec_release(&m.grant);
	vec_release(&m.named_subnets);
	diags_sort(d);
	if (status == STATUS_OK && how->strict && counts->reported)
		return diag_fail(d, STATUS_CONFLICT,
		    "nothing imported: %zu thing%s reported (--strict)", counts->reported,
		    counts->reported == 1 ? "" : "s");
	return status;
}
