/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

enum status
scope_set(struct scope *s, const struct db *db, struct str vrf, struct diags *d)
{
	int number = str_ieq(vrf, STR("default")) ? 0 : db_vrf(db, vrf);

	if (vrf.n == 0)
		return diag_fail(d, STATUS_USAGE, "the name of a VRF is empty");
	if (number < 0) {
		diag_fail(d, STATUS_NO, "%.*s: no such VRF", STR_FMT(vrf));
		diag_hint(d, "ipam object add vrf %.*s", STR_FMT(vrf));
		return STATUS_NO;
	}
	*s = (struct scope){ (unsigned)number, true };
	return STATUS_OK;
}

void
target_release(struct target *t)
{
	vec_release(&t->rec);
}

enum status
target_no_key(struct str text, const struct ip_error *err, struct diags *d)
{
	key_complain(d, text, err, (struct pos){ NULL }, SEV_ERROR);
	return STATUS_USAGE;
}

static enum status
target_key(struct target *t, struct db *db, struct scope scope, struct str text, unsigned kinds,
    const char *what, struct diags *d)
{
	struct ip_error err;
	struct key key;

	if (!key_parse(text, &key, &err))
		return target_no_key(text, &err, d);
	if (!((1u << key.kind) & kinds))
		return diag_fail(d, kinds == K_ADDRESS ? STATUS_NO : STATUS_USAGE,
		    "%.*s: %s is wanted", STR_FMT(text), what);
	if (key.vrf.n && scope_set(&scope, db, key.vrf, d))
		return STATUS_NO;
	t->is_key = true;
	t->kind = key.kind;
	t->span = key.span;
	t->vrf = key.has_vrf && key.vrf.n == 0 ? 0 : scope.vrf;
	struct rec *r = db_find(db, t->vrf, key.span, key.kind);
	if (r)
		vec_push(db->env, &t->rec, r);
	return STATUS_OK;
}

enum status
target_find_object(struct db *db, struct str text, struct rec **out, struct diags *d)
{
	size_t slash = str_find(text, '/'), blank = str_find(text, ' ');

	if (blank < slash)
		slash = blank;
	if (slash == text.n)
		return diag_fail(d, STATUS_USAGE, "%.*s: an object is named @KIND/NAME",
		    STR_FMT(text));
	*out = db_find_object(db, str_cut(text, 1, slash), str_cut(text, slash + 1, text.n));
	return STATUS_OK;
}

static enum status
target_object(struct target *t, struct db *db, struct str text, struct diags *d)
{
	struct rec *r;
	enum status status = target_find_object(db, text, &r, d);

	if (status)
		return status;
	if (!r)
		return diag_fail(d, STATUS_NO, "%.*s: no such object", STR_FMT(text));
	vec_push(db->env, &t->rec, r);
	return STATUS_OK;
}

static void
target_by_name(struct target *t, struct db *db, const struct scope *scope, struct str name,
    unsigned kinds)
{
	struct find f;

	find_start(&f, db, INDEX_NAME, name);
	for (struct rec *r; (r = find_next(&f));)
		if (((1u << r->kind) & kinds) && (!scope->given || r->vrf == scope->vrf))
			vec_push(db->env, &t->rec, r);
}

static void
add_host(struct target *t, struct db *db, unsigned vrf, struct rec *r)
{
	if (r->vrf != vrf || db_quarantine(db, r) != QUARANTINE_NONE)
		return;
	for (size_t i = 0; i < t->rec.n; i++)
		if (t->rec.v[i] == r)
			return;
	vec_push(db->env, &t->rec, r);
}

/* By the name as it is written, or by its full name: host.domain. */
static void
target_by_host(struct target *t, struct db *db, unsigned vrf, struct str name)
{
	struct find f;

	name = str_without_dot(name);
	find_start(&f, db, INDEX_HOST, name);
	for (struct rec *r; (r = find_next(&f));)
		add_host(t, db, vrf, r);
	for (size_t dot = 0; dot < name.n; dot++) {
		if (name.p[dot] != '.')
			continue;
		find_start(&f, db, INDEX_HOST, str_cut(name, 0, dot));
		for (struct rec *r; (r = find_next(&f));)
			if (db_has_fqdn(db, r, name))
				add_host(t, db, vrf, r);
	}
}

static void
sort_by_key(const struct db *db, rec_list *l)
{
	for (size_t i = 1; i < l->n; i++) {
		struct rec *r = l->v[i];
		size_t k = i;
		for (; k > 0 && db_order(db, l->v[k - 1], r) > 0; k--)
			l->v[k] = l->v[k - 1];
		l->v[k] = r;
	}
}

static struct str
full_name_of(struct db *db, const struct rec *r, struct str wanted)
{
	struct str hosts, host, name, label = STR_NONE;

	if (!db_own(db, r, "host", &hosts))
		return STR_NONE;
	while (str_next(&hosts, ',', &host)) {
		if (!db_fqdn(db, r, host, &name))
			name = host;
		if (label.n == 0 || str_ieq(host, wanted))
			label = name;
	}
	return label;
}

/* Hosts of one written name but in different domains are different hosts. */
static bool
are_one_host(struct db *db, const rec_list *l, struct str wanted)
{
	struct str first = full_name_of(db, l->v[0], wanted);

	for (size_t i = 1; i < l->n; i++)
		if (!str_ieq(full_name_of(db, l->v[i], wanted), first))
			return false;
	return true;
}

static enum status
say_ambiguous(struct db *db, const rec_list *l, struct str text, struct diags *d)
{
	struct buf b;

	buf_init(&b, db->env);
	for (size_t i = 0; i < l->n; i++)
		buf_fmt(&b, "%s%.*s", i ? ", " : "", STR_FMT(db_key(db, l->v[i])));
	diag_fail(d, STATUS_USAGE, "%.*s: is ambiguous: %.*s", STR_FMT(text), STR_FMT(buf_get(&b)));
	buf_release(&b);
	return STATUS_USAGE;
}

enum status
target_several(struct db *db, const struct target *t, struct str text, struct diags *d)
{
	say_ambiguous(db, &t->rec, text, d);
	diag_hint(d, "--all takes them all");
	return STATUS_USAGE;
}

void
rec_mark(struct db *db, struct rec *r, rec_list *l)
{
	if (!(r->flags & REC_MARKED))
		vec_push(db->env, l, r);
	r->flags |= REC_MARKED;
}

void
rec_unmark(rec_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		l->v[i]->flags &= (uint8_t)~REC_MARKED;
}

/* Takes "%VRF" off a name; an undeclared VRF is not found. */
static enum status
take_vrf(struct db *db, struct scope *scope, struct str *name, struct diags *d)
{
	size_t percent = name->n;

	while (percent > 0 && name->p[percent - 1] != '%')
		percent--;
	if (percent == 0)
		return STATUS_OK;
	struct str vrf = str_cut(*name, percent, name->n);
	*name = str_cut(*name, 0, percent - 1);
	return scope_set(scope, db, vrf, d);
}

enum status
target_parse(struct target *t, struct db *db, struct scope scope, struct str text, unsigned kinds,
    const char *what, struct diags *d)
{
	struct str name = text;

	*t = (struct target){ .vrf = scope.vrf };
	if (text.n == 0)
		return diag_fail(d, STATUS_USAGE, "an empty word is no target");
	if (text.p[0] == '@' && (kinds & K_OBJECT))
		return target_object(t, db, text, d);
	if (looks_like_key(text))
		return target_key(t, db, scope, text, kinds, what, d);
	enum status status = take_vrf(db, &scope, &name, d);
	if (status)
		return status;
	target_by_name(t, db, &scope, name, kinds);
	if (t->rec.n > 1)
		return say_ambiguous(db, &t->rec, text, d);
	if (t->rec.n == 0 && (kinds & K_ADDRESS))
		target_by_host(t, db, scope.vrf, name);
	if (t->rec.n == 0)
		return diag_fail(d, STATUS_NO, "%.*s: not found", STR_FMT(text));
	sort_by_key(db, &t->rec);
	if (t->rec.n > 1 && !are_one_host(db, &t->rec, name))
		return say_ambiguous(db, &t->rec, text, d);
	return STATUS_OK;
}

enum status
target_one(struct rec **out, struct db *db, struct scope scope, struct str text, unsigned kinds,
    const char *what, struct diags *d)
{
	struct target t;
	enum status status = target_parse(&t, db, scope, text, kinds, what, d);

	if (!status && t.rec.n == 0)
		status = diag_fail(d, STATUS_NO, "%.*s: not found", STR_FMT(text));
	else if (!status && t.rec.n > 1)
		status = say_ambiguous(db, &t.rec, text, d);
	if (!status)
		*out = t.rec.v[0];
	target_release(&t);
	return status;
}
