/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query.h"

#include "usage.h"

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
		return target_no_key(word, &err, d);
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
	enum status status = target_find_object(s->db, word, &r, d);

	*t = (struct select_term){ .op = r ? OP_RECORD : OP_NEVER, .rec = r };
	return status;
}

/* A field that is a key: however it is written. */
static void
canonical_key(struct select *s, struct select_term *t)
{
	static const struct str fields[] = { STR("key"), STR("prefix"), STR("parent") };
	struct ip_error err;
	bool is_key = false;
	struct key key;
	int vrf;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		is_key |= str_eq(t->name, fields[i]);
	if (!is_key || !key_parse(t->value, &key, &err))
		return;
	vrf = key.vrf.n ? db_vrf(s->db, key.vrf) : 0;
	if (vrf >= 0)
		t->value = key_fmt_kind(&s->db->arena, key.kind, key.span,
		    db_vrf_name(s->db, (unsigned)vrf));
}

static enum status
add_term(struct select *s, struct select_term *t, struct str word, struct diags *d)
{
	if (split_term(word, t)) {
		if (t->op == OP_MATCH)
			return term_pattern(s, t, d);
		canonical_key(s, t);
		return STATUS_OK;
	}
	if (looks_like_key(word))
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
