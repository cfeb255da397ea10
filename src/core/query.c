/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query.h"

#include "usage.h"

enum status
scope_set(struct scope *s, const struct db *db, struct str vrf, struct diags *d)
{
	int number = str_ieq(vrf, STR("default")) ? 0 : db_vrf(db, vrf);

	if (number < 0) {
		diag_fail(d, STATUS_NO, "%.*s: no such VRF", STR_FMT(vrf));
		diag_hint(d, "ipam object add vrf %.*s", STR_FMT(vrf));
		return STATUS_NO;
	}
	*s = (struct scope){ (unsigned)number, true };
	return STATUS_OK;
}

/* --- TARGET ----------------------------------------------------------- */

void
target_release(struct target *t)
{
	vec_release(&t->rec);
}

static enum status
not_a_key(struct str text, const struct ip_error *err, struct diags *d)
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
		return not_a_key(text, &err, d);
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

/* @KIND/NAME, or @KIND NAME as in the file; *out is NULL if it is not there. */
static enum status
find_object(struct db *db, struct str text, struct rec **out, struct diags *d)
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
	enum status status = find_object(db, text, &r, d);

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

/* Whether r's host that is written `written` has this domain in force. */
static bool
in_domain(struct db *db, const struct rec *r, struct str written, struct str domain)
{
	struct str in_force, hosts, host;
	bool is_relative = false;

	db_own(db, r, "host", &hosts);
	while (str_next(&hosts, ',', &host))
		is_relative |= str_ieq(host, written);
	if (!is_relative || !db_value(db, r, STR("domain"), &in_force, NULL))
		return false;
	if (in_force.n && in_force.p[in_force.n - 1] == '.')
		in_force.n--;
	return str_ieq(in_force, domain);
}

/* By the name as it is written, or by its full name: host.domain. */
static void
target_by_host(struct target *t, struct db *db, unsigned vrf, struct str name)
{
	struct find f;

	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	find_start(&f, db, INDEX_HOST, name);
	for (struct rec *r; (r = find_next(&f));)
		add_host(t, db, vrf, r);
	for (size_t dot = 0; dot < name.n; dot++) {
		if (name.p[dot] != '.')
			continue;
		struct str host = str_cut(name, 0, dot), domain = str_cut(name, dot + 1, name.n);
		find_start(&f, db, INDEX_HOST, host);
		for (struct rec *r; (r = find_next(&f));)
			if (in_domain(db, r, host, domain))
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
	if (text.n && text.p[0] == '@' && (kinds & K_OBJECT))
		return target_object(t, db, text, d);
	if (ip_looks_like_key(str_cut(text, 0, str_find(text, '%'))))
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

/* --- fields ----------------------------------------------------------- */

static struct str
shown_vrf(struct db *db, const struct rec *r)
{
	return ((1u << r->kind) & K_PLAN) ? db_vrf_name(db, r->vrf) : STR_NONE;
}

static bool
field_fqdn(struct db *db, const struct rec *r, struct str *value)
{
	struct str label = r->kind == KIND_ADDRESS ? db_label(db, r) : STR_NONE;

	return label.n && db_fqdn(db, r, label, value);
}

/* How full a subnet is; of another record only its size. */
static struct str
field_usage(struct db *db, const struct rec *r, struct str field)
{
	char text[COUNT_TEXT];
	struct count count = { { 0 } };
	struct usage u;

	if (r->kind == KIND_SUBNET) {
		usage_of(db, r, &u);
		if (!usage_count(&u, field, &count))
			return arena_fmt(&db->arena, "%u.%u", u.permille / 10, u.permille % 10);
	} else if (r->kind == KIND_OBJECT || !str_eq(field, STR("size"))) {
		return STR_NONE;
	} else {
		count = count_size(rec_span(r));
	}
	return arena_str(&db->arena, str_from(count_fmt(text, count)));
}

bool
query_field(struct db *db, const struct rec *r, struct str field, bool own, struct str *value)
{
	if (str_eq(field, STR("key")) || str_eq(field, STR("prefix")))
		*value = db_key(db, r);
	else if (str_eq(field, STR("type")))
		*value = str_from(kind_names[r->kind]);
	else if (str_eq(field, STR("vrf")))
		*value = shown_vrf(db, r);
	else if (str_eq(field, STR("parent")))
		*value = r->parent ? db_key(db, r->parent) : STR_NONE;
	else if (str_eq(field, STR("name")))
		*value = db_label(db, r);
	else if (usage_is_field(field))
		*value = field_usage(db, r, field);
	else if (str_eq(field, STR("fqdn")))
		return field_fqdn(db, r, value);
	else if (own)
		return db_own(db, r, arena_z(&db->arena, field), value) && value->n > 0;
	else
		return db_value(db, r, field, value, NULL);
	return value->n > 0;
}

struct str
query_attributes(struct db *db, const struct rec *r)
{
	struct attr_iter it;
	struct attr attr;
	struct buf b;

	buf_init(&b, db->env);
	attr_start(&it, r);
	while (attr_next(&it, &attr)) {
		if (b.n)
			buf_char(&b, ' ');
		buf_fmt(&b, "%.*s=%.*s", STR_FMT(attr.name), STR_FMT(attr.raw));
	}
	struct str s = arena_str(&db->arena, buf_get(&b));
	buf_release(&b);
	return s;
}

/* --- SELECT ----------------------------------------------------------- */

enum term_op { OP_INSIDE, OP_RECORD, OP_EQUAL, OP_UNEQUAL, OP_MATCH, OP_NEVER };

struct select_term {
	enum term_op op;
	struct str name, value;
	const struct attr_info *info; /* of the name, or NULL */
	bool is_list, is_default_vrf;
	void *regex;
	const struct rec *rec; /* OP_RECORD */
	struct span span;      /* OP_INSIDE */
	enum kind kind;
	bool any_vrf;
	unsigned vrf;
};

void
select_init(struct select *s, struct db *db, struct scope scope, bool own)
{
	*s = (struct select){ .db = db, .scope = scope, .own = own };
}

void
select_release(struct select *s)
{
	for (size_t i = 0; i < s->term.n; i++)
		if (s->term.v[i]->regex)
			s->db->env->regex_free(s->term.v[i]->regex);
	vec_release(&s->term);
}

/* a=v, a!=v, a~v: the first of the operators after a name. */
static bool
split_term(struct str word, struct select_term *t)
{
	size_t at = 0;

	while (at < word.n && (ascii_alnum(word.p[at]) || memchr("_.-", word.p[at], 3)))
		at++;
	if (at == 0 || at == word.n || !attr_name_is_valid(str_cut(word, 0, at)))
		return false;
	bool unequal = word.p[at] == '!' && at + 1 < word.n && word.p[at + 1] == '=';
	if (!unequal && word.p[at] != '=' && word.p[at] != '~')
		return false;
	t->op = unequal ? OP_UNEQUAL : word.p[at] == '=' ? OP_EQUAL : OP_MATCH;
	t->name = str_cut(word, 0, at);
	t->value = str_cut(word, at + (unequal ? 2 : 1), word.n);
	t->info = schema_attr(t->name, KIND_ADDRESS, STR_NONE);
	t->is_list = query_is_list(t->name);
	t->is_default_vrf =
	    t->op != OP_MATCH && str_eq(t->name, STR("vrf")) && str_ieq(t->value, STR("default"));
	if (str_eq(t->name, STR("fqdn")) && t->value.n && t->value.p[t->value.n - 1] == '.')
		t->value.n -= t->op != OP_MATCH;
	return true;
}

static enum status
term_pattern(struct select *s, struct select_term *t, struct diags *d)
{
	char err[128];

	if (!s->db->env->regex_compile)
		return diag_fail(d, STATUS_SYSTEM, "built without regular expressions");
	t->regex = s->db->env->regex_compile(arena_z(&s->db->arena, t->value), err, sizeof(err));
	if (!t->regex)
		return diag_fail(d, STATUS_USAGE, "%.*s~%.*s: %s", STR_FMT(t->name),
		    STR_FMT(t->value), err);
	return STATUS_OK;
}

/* -1 for one that is not declared, as which no record is. */
static int
vrf_by_suffix(const struct db *db, struct str name)
{
	return str_ieq(name, STR("default")) ? 0 : db_vrf(db, name);
}

static enum status
term_key(struct select *s, struct select_term *t, struct str word, struct diags *d)
{
	struct ip_error err;
	struct key key;

	if (!key_parse(word, &key, &err))
		return not_a_key(word, &err, d);
	*t = (struct select_term){ .op = OP_INSIDE, .span = key.span, .kind = key.kind };
	t->any_vrf = !key.has_vrf && !s->scope.given;
	t->vrf = s->scope.vrf;
	if (key.has_vrf) {
		int vrf = key.vrf.n ? db_vrf(s->db, key.vrf) : 0;
		t->vrf = (unsigned)vrf;
		if (vrf < 0)
			t->op = OP_NEVER;
	}
	return STATUS_OK;
}

/* A name, in the VRF of a suffix or of --vrf, else in any. */
static enum status
term_name(struct select *s, struct select_term *t, struct str word, struct diags *d)
{
	size_t percent = str_find(word, '%');
	struct str name = str_cut(word, 0, percent);
	struct scope in = s->scope;
	struct find f;

	if (!name_is_valid(name))
		return diag_fail(d, STATUS_USAGE,
		    "%.*s: neither a key, a name, nor a=v, a!=v, a~regex", STR_FMT(word));
	if (percent < word.n)
		in = (struct scope){
			(unsigned)vrf_by_suffix(s->db, str_cut(word, percent + 1, word.n)), true
		};
	*t = (struct select_term){ .op = OP_NEVER };
	find_start(&f, s->db, INDEX_NAME, name);
	for (const struct rec *r; t->op == OP_NEVER && (r = find_next(&f));)
		if (!in.given || r->vrf == in.vrf)
			*t = (struct select_term){ .op = OP_INSIDE,
				.span = rec_span(r),
				.kind = r->kind,
				.vrf = r->vrf };
	return STATUS_OK;
}

static enum status
term_object(struct select *s, struct select_term *t, struct str word, struct diags *d)
{
	struct rec *r = NULL;
	enum status status = find_object(s->db, word, &r, d);

	*t = (struct select_term){ .op = r ? OP_RECORD : OP_NEVER, .rec = r };
	return status;
}

static enum status
add_term(struct select *s, struct select_term *t, struct str word, struct diags *d)
{
	if (split_term(word, t))
		return t->op == OP_MATCH ? term_pattern(s, t, d) : STATUS_OK;
	if (ip_looks_like_key(str_cut(word, 0, str_find(word, '%'))))
		return term_key(s, t, word, d);
	return word.n && word.p[0] == '@' ? term_object(s, t, word, d) : term_name(s, t, word, d);
}

enum status
select_add(struct select *s, struct str word, struct diags *d)
{
	struct select_term *t = arena_zalloc(&s->db->arena, sizeof(*t));
	enum status status = add_term(s, t, word, d);

	vec_push(s->db->env, &s->term, t);
	return status;
}

bool
query_is_list(struct str name)
{
	const struct attr_info *info = schema_attr(name, KIND_ADDRESS, STR_NONE);

	return info &&
	       (info->type == VALUE_HOSTS || info->type == VALUE_LIST || info->type == VALUE_IPS);
}

/* Names compare without case. */
static bool
is_name(const struct select_term *t)
{
	if (!t->info)
		return str_eq(t->name, STR("vrf")) || str_eq(t->name, STR("fqdn"));
	return t->info->type == VALUE_HOSTS || t->info->type == VALUE_NAME ||
	       t->info->type == VALUE_DOMAIN;
}

/* One value may be written in several ways. */
static bool
is_same_value(const struct select_term *t, struct str value, struct arena *a)
{
	enum value_type type = t->info ? t->info->type : VALUE_TEXT;
	struct ip x, y;

	if (type == VALUE_IP || type == VALUE_IPS)
		return ip_parse(value, &x, NULL) && ip_parse(t->value, &y, NULL) &&
		       x.family == y.family && x.v == y.v;
	if (type != VALUE_MAC && type != VALUE_HEX && type != VALUE_TIME)
		return false;
	return str_eq(schema_canonical(t->info, value, a), schema_canonical(t->info, t->value, a));
}

static bool
matches_value(struct select *s, const struct select_term *t, struct str value)
{
	if (t->op == OP_MATCH)
		return s->db->env->regex_match(t->regex, arena_z(&s->db->arena, value));
	if (is_name(t))
		return str_ieq(value, t->value);
	return str_eq(value, t->value) || is_same_value(t, value, &s->db->arena);
}

static bool
term_attr(struct select *s, const struct select_term *t, const struct rec *r)
{
	struct str value = STR_NONE, member;
	bool has = query_field(s->db, r, t->name, s->own, &value), hit = false;

	if (t->is_default_vrf)
		return (t->op == OP_EQUAL) == (((1u << r->kind) & K_PLAN) && r->vrf == 0);
	if (t->op != OP_MATCH && t->value.n == 0)
		return (t->op == OP_EQUAL) == !has;
	if (has && t->is_list)
		while (!hit && str_next(&value, ',', &member))
			hit = matches_value(s, t, member);
	else
		hit = has && matches_value(s, t, value);
	return t->op == OP_UNEQUAL ? !hit : hit;
}

static bool
term_inside(const struct select_term *t, const struct rec *r)
{
	if (!((1u << r->kind) & K_PLAN) || (!t->any_vrf && r->vrf != t->vrf))
		return false;
	if (t->kind == KIND_ADDRESS && r->kind != KIND_ADDRESS)
		return false;
	if (t->kind == KIND_RANGE && r->kind == KIND_SUBNET)
		return false;
	return span_holds(t->span, rec_span(r));
}

bool
select_match(struct select *s, const struct rec *r)
{
	if (s->scope.given && (r->vrf != s->scope.vrf || !((1u << r->kind) & K_PLAN)))
		return false;
	for (size_t i = 0; i < s->term.n; i++) {
		const struct select_term *t = s->term.v[i];
		bool ok = t->op == OP_INSIDE   ? term_inside(t, r)
		          : t->op == OP_RECORD ? t->rec == r
		                               : t->op != OP_NEVER && term_attr(s, t, r);
		if (!ok)
			return false;
	}
	return true;
}

/* If there is a key or name among the words, only that part is walked. */
static struct rec *
walk_start(struct select *s, struct walk *w)
{
	for (size_t i = 0; i < s->term.n; i++) {
		const struct select_term *t = s->term.v[i];
		if (t->op == OP_INSIDE && !t->any_vrf)
			return walk_in(w, s->db, t->vrf, t->span);
	}
	return walk_all(w, s->db);
}

void
select_all(struct select *s, unsigned kinds, rec_list *out)
{
	struct walk w;

	for (size_t i = 0; (kinds & K_OBJECT) && i < s->db->object.n; i++)
		if (s->db->object.v[i]->kind == KIND_OBJECT && select_match(s, s->db->object.v[i]))
			vec_push(s->db->env, out, s->db->object.v[i]);
	for (struct rec *r = walk_start(s, &w); r; r = walk_next(&w))
		if (((1u << r->kind) & kinds) && select_match(s, r))
			vec_push(s->db->env, out, r);
}
