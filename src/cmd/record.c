/* SPDX-License-Identifier: GPL-3.0-or-later */
/* set, get, show, list: any record. */
#include "cmd.h"

/* --- set -------------------------------------------------------------- */

static enum status
check_name_free(struct ctx *c, const struct rec *r)
{
	struct find f;

	for (size_t i = 0; i < c->args.assign.n; i++) {
		struct assign *a = &c->args.assign.v[i];
		if (!str_eq(a->name, STR("name")) || a->value.n == 0)
			continue;
		find_start(&f, c->db, INDEX_NAME, a->value);
		for (struct rec *other; (other = find_next(&f));)
			if (other != r && other->kind != KIND_ADDRESS)
				return diag_fail(c->diags, STATUS_CONFLICT,
				    "name=%.*s: %.*s has this name already", STR_FMT(a->value),
				    STR_FMT(db_key(c->db, other)));
	}
	return STATUS_OK;
}

static enum status
set_record(struct ctx *c, struct rec *r)
{
	struct str object = r->kind == KIND_OBJECT ? rec_object_kind(r) : STR_NONE;
	enum status status = cmd_assigns(c, r->kind, object);

	if (!status && (r->kind == KIND_SUBNET || r->kind == KIND_RANGE))
		status = check_name_free(c, r);
	if (!status && r->kind == KIND_ADDRESS && !args_has(&c->args, "force"))
		status = alloc_check_set(c->db, r, c->args.assign.v, c->args.assign.n, c->diags);
	if (!status)
		edit_assign(c->db, r, c->args.assign.v, c->args.assign.n);
	return status;
}

static enum status
set_target(struct ctx *c, struct str word, rec_list *done)
{
	struct target t;
	enum status status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", c->diags);

	if (!status && t.rec.n == 0)
		status = diag_fail(c->diags, STATUS_NO, "%.*s: has no record", STR_FMT(word));
	for (size_t i = 0; i < t.rec.n && !status; i++) {
		status = set_record(c, t.rec.v[i]);
		rec_mark(c->db, t.rec.v[i], done);
	}
	target_release(&t);
	return status;
}

enum status
cmd_set(struct ctx *c)
{
	word_list targets = { 0 };
	rec_list done = { 0 };
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status && c->args.assign.n == 0)
		status = diag_fail(c->diags, STATUS_USAGE, "set: no A=V to set");
	if (!status)
		status = cmd_targets(c, &targets);
	for (size_t i = 0; i < targets.n && !status; i++)
		status = set_target(c, targets.v[i], &done);
	rec_unmark(&done);
	if (!status)
		status = cmd_print_keys(c, done.v, done.n);
	vec_release(&targets);
	vec_release(&done);
	return status;
}

/* --- get -------------------------------------------------------------- */

/* A place without a record: what one there would inherit, or its default, where that is
 * no record's own. */
static bool
value_at(struct ctx *c, const struct target *t, struct str name, struct str *value)
{
	struct rec *around = db_around(c->db, t->vrf, t->span);
	const struct attr_info *info = schema_attr(name, t->kind, STR_NONE);

	if (db_inherited(c->db, around, name, value, NULL))
		return true;
	if (!around || !info || info->own || !schema_fits(info, t->kind, STR_NONE))
		return false;
	*value = str_from(info->def);
	return value->n > 0;
}

static void
print_value(struct ctx *c, const struct rec *r, struct str value)
{
	static const struct column column[] = { { "value", COLUMN_PLAIN } };

	out_columns(c->out, column, 1);
	out_row(c->out, r);
	out_str(c->out, value);
}

static enum status
get_target(struct ctx *c, struct str word, struct str name)
{
	struct target t;
	struct str value;
	bool any = false;
	enum status status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", c->diags);

	for (size_t i = 0; !status && i < t.rec.n; i++)
		if (query_field(c->db, t.rec.v[i], name, false, &value)) {
			print_value(c, t.rec.v[i], value);
			any = true;
		}
	if (!status && t.rec.n == 0 && value_at(c, &t, name, &value)) {
		print_value(c, NULL, value);
		any = true;
	}
	target_release(&t);
	return status ? status : any ? STATUS_OK : STATUS_NO;
}

enum status
cmd_get(struct ctx *c)
{
	word_list targets = { 0 };
	struct str name;
	enum status status = cmd_words(c, 2, 2);

	if (status)
		return status;
	name = c->args.word.v[--c->args.word.n];
	if (!attr_name_is_valid(name))
		return diag_fail(c->diags, STATUS_USAGE, "%.*s: not the name of an attribute",
		    STR_FMT(name));
	status = cmd_targets(c, &targets);
	for (size_t i = 0; i < targets.n && status <= STATUS_NO; i++) {
		enum status one = get_target(c, targets.v[i], name);
		status = one > status ? one : status;
	}
	vec_release(&targets);
	return status;
}

/* --- show ------------------------------------------------------------- */

static const struct column show_columns[] = { { "field", 0 }, { "value", 0 }, { "from", 0 } };

static void
show_row(struct ctx *c, const char *field, struct str value, struct str from)
{
	out_row(c->out, NULL);
	out_str(c->out, str_from(field));
	out_str(c->out, value);
	out_str(c->out, from);
}

/* The subnets around, the widest first. */
static void
show_around(struct ctx *c, const struct rec *parent)
{
	if (!parent)
		return;
	show_around(c, parent->parent);
	show_row(c, "in", db_key(c->db, parent), db_label(c->db, parent));
}

typedef VEC(struct str) name_list;

static void
show_inherited(struct ctx *c, const struct rec *r, const struct rec *from, name_list *seen)
{
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, from);
	while (attr_next(&it, &attr)) {
		bool known = false;
		for (size_t i = 0; i < seen->n && !known; i++)
			known = str_eq(seen->v[i], attr.name);
		if (known || (r != from && !db_inherits(c->db, attr.name)))
			continue;
		vec_push(c->env, seen, attr.name);
		if (attr.value.n)
			show_row(c, arena_z(&c->db->arena, attr.name),
			    attr_value(&attr, &c->db->arena),
			    r == from ? STR_NONE : db_key(c->db, from));
	}
	if (from->parent && ((1u << from->kind) & K_PLAN))
		show_inherited(c, r, from->parent, seen);
}

static void
show_record(struct ctx *c, const struct rec *r)
{
	name_list seen = { 0 };
	struct str fqdn;

	show_row(c, "key", db_key(c->db, r), STR_NONE);
	show_row(c, "type", str_from(kind_names[r->kind]), STR_NONE);
	if ((1u << r->kind) & K_PLAN)
		show_around(c, r->parent);
	if (r->kind == KIND_ADDRESS) {
		struct rec *range = db_range_over(c->db, r->vrf, span_first(rec_span(r)));
		if (range)
			show_row(c, "in", db_key(c->db, range), db_label(c->db, range));
		if (query_field(c->db, r, STR("fqdn"), false, &fqdn))
			show_row(c, "fqdn", fqdn, STR_NONE);
	}
	show_inherited(c, r, r, &seen);
	vec_release(&seen);
}

static enum status
show_place(struct ctx *c, const struct target *t)
{
	struct ip ip = span_first(t->span);
	struct place p = place_at(c->db, t->vrf, ip);
	struct str words = place_words(c->db, &p);
	struct rec *around = db_around(c->db, t->vrf, t->span);

	show_row(c, "key", key_fmt(&c->db->arena, t->span, db_vrf_name(c->db, t->vrf)), STR_NONE);
	show_row(c, "type", STR("no record"), STR_NONE);
	show_around(c, around);
	if (t->kind == KIND_ADDRESS)
		show_row(c, "state",
		    p.state == PLACE_FREE || p.state == PLACE_POOL
			? STR("free")
			: arena_fmt(&c->db->arena, "not free: %.*s", STR_FMT(words)),
		    p.state == PLACE_POOL ? words : STR_NONE);
	return STATUS_NO;
}

static enum status
show_target(struct ctx *c, struct str word)
{
	struct target t;
	enum status status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", c->diags);

	if (status)
		return status;
	if (c->format == FORMAT_IPAM && t.rec.n) {
		status = cmd_print_keys(c, t.rec.v, t.rec.n);
	} else {
		out_columns(c->out, show_columns, ARRAY_LEN(show_columns));
		for (size_t i = 0; i < t.rec.n; i++)
			show_record(c, t.rec.v[i]);
		if (t.rec.n == 0)
			status = show_place(c, &t);
	}
	target_release(&t);
	return status;
}

enum status
cmd_show(struct ctx *c)
{
	word_list targets = { 0 };
	enum status status = cmd_words(c, 1, 1), one;

	if (!status)
		status = cmd_targets(c, &targets);
	for (size_t i = 0; i < targets.n && status <= STATUS_NO; i++) {
		one = show_target(c, targets.v[i]);
		status = one > status ? one : status;
	}
	vec_release(&targets);
	return status;
}

/* --- list ------------------------------------------------------------- */

static enum status
list_kinds(struct ctx *c, unsigned kinds, const char *fields)
{
	struct select s;
	rec_list found = { 0 };
	enum status status = STATUS_OK;

	select_init(&s, c->db, c->scope, args_has(&c->args, "own"));
	for (size_t i = 0; i < c->args.word.n && !status; i++)
		status = select_add(&s, c->args.word.v[i], c->diags);
	if (!status) {
		select_all(&s, kinds, &found);
		status = cmd_print_records(c, found.v, found.n, fields);
		if (!status && found.n == 0 && c->args.word.n)
			status = STATUS_NO;
	}
	select_release(&s);
	vec_release(&found);
	return status;
}

#define LIST_FIELDS "key,type,name,status,parent,attributes"

enum status
cmd_list(struct ctx *c)
{
	return list_kinds(c, K_ANY, LIST_FIELDS);
}

enum status
cmd_subnet_list(struct ctx *c)
{
	return list_kinds(c, K_SUBNET, LIST_FIELDS);
}

enum status
cmd_range_list(struct ctx *c)
{
	return list_kinds(c, K_RANGE, LIST_FIELDS);
}
