/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan as JSON, there and back:
 *
 *     { "ipam": 1, "records": [
 *         { "key": "@zone example.net", "attributes": { "ttl": "3600" } },
 *         { "key": "10.0.0.0/24%blue", "attributes": {}, "comment": "# behind it" } ] }
 *
 * Each record once, objects first; attributes in their order, their values as texts.
 * What stands on lines of its own, comments and blank lines, is not in it.
 */
#include "format.h"
#include "json_read.h"
#include "json_write.h"

/* --- writing ---------------------------------------------------------- */

static void
put_attributes(const struct format_request *q, struct json_writer *j, const struct rec *r,
    size_t *end)
{
	struct arena *a = &q->db->arena;
	struct attr_iter it;
	struct attr attr;

	json_open(j, "attributes", '{');
	attr_start(&it, r);
	while (attr_next(&it, &attr)) {
		*end = attr.end;
		json_str(j, arena_z(a, attr.name), attr_value(&attr, a));
	}
	json_close(j, '}');
}

static void
put_record(const struct format_request *q, struct json_writer *j, const struct rec *r)
{
	struct str key = rec_key(r), line = rec_line(r), rest;
	size_t end = (size_t)(key.p - line.p) + key.n;

	json_line(j, NULL, '{');
	json_str(j, "key",
	    r->kind == KIND_OBJECT ? arena_fmt(&q->db->arena, "@%.*s %.*s",
					 STR_FMT(rec_object_kind(r)), STR_FMT(rec_object_name(r)))
				   : db_key(q->db, r));
	put_attributes(q, j, r, &end);
	rest = str_cut(line, end, line.n);
	if (str_find(rest, '#') < rest.n)
		json_str(j, "comment", str_cut(rest, str_find(rest, '#'), rest.n));
	json_close(j, '}');
}

enum status
plan_json_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct json_writer j = { .out = text };

	(void)d;
	json_open(&j, NULL, '{');
	json_uint(&j, "ipam", FORMAT_VERSION);
	json_open(&j, "records", '[');
	for (size_t i = 0; i < q->recs; i++)
		if (q->rec[i]->kind != KIND_HEADER)
			put_record(q, &j, q->rec[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	return STATUS_OK;
}

/* --- reading ---------------------------------------------------------- */

#if WITH_JSON
struct reader {
	struct facts *facts;
	struct diags *d;
	struct vrfs vrfs;
};

static bool
read_object_key(struct reader *rd, const struct json_value *v, struct fact_record *out)
{
	struct rec r;

	if (str_find(v->text, '#') < v->text.n || str_find(v->text, '=') < v->text.n ||
	    !text_read_line(v->text, &rd->vrfs, &r) || r.kind != KIND_OBJECT) {
		diag_error(rd->d, v->at, "%.*s: no key of an object: @KIND NAME", STR_FMT(v->text));
		return false;
	}
	out->kind = KIND_OBJECT;
	out->object = rec_object_kind(&r);
	out->label = rec_object_name(&r);
	return true;
}

static bool
read_key(struct reader *rd, const struct json_value *v, struct fact_record *out)
{
	struct ip_error err;
	struct key key;

	if (v->text.n && v->text.p[0] == '@')
		return read_object_key(rd, v, out);
	if (!key_parse(v->text, &key, &err)) {
		key_complain(rd->d, v->text, &err, (struct pos){ v->at }, SEV_ERROR);
		return false;
	}
	out->kind = key.kind;
	out->span = key.span;
	out->has_vrf = key.has_vrf;
	out->vrf = key.vrf;
	return true;
}

static bool
read_attributes(struct reader *rd, const struct json_value *list, struct fact_record *out)
{
	size_t n = 0;

	for (const struct json_value *v = list->child; v; v = v->next)
		n++;
	out->attr = arena_alloc(&rd->facts->arena, n * sizeof(*out->attr) + 1);
	for (const struct json_value *v = list->child; v; v = v->next) {
		if (v->kind != JSON_TEXT) {
			diag_error(rd->d, v->at, "%.*s: a text is wanted", STR_FMT(v->name));
			return false;
		}
		out->attr[out->attrs++] = (struct fact_attr){ v->name, v->text, v->at };
	}
	return true;
}

static bool
read_comment(struct reader *rd, const struct json_value *v, struct fact_record *out)
{
	size_t at;

	out->comment = v->text;
	if (v->kind == JSON_TEXT && v->text.n && v->text.p[0] == '#' &&
	    !text_value_fault(v->text, &at))
		return true;
	diag_error(rd->d, v->at, "a comment is wanted: # and one line of text");
	return false;
}

static const struct json_value *
member(struct reader *rd, const struct json_value *v, const char *name, enum json_kind kind,
    const char *wanted)
{
	const struct json_value *m = json_member(v, name);

	if (!m || m->kind != kind)
		diag_error(rd->d, (m ? m : v)->at, "%s is wanted", wanted);
	return m && m->kind == kind ? m : NULL;
}

static void
read_record(struct reader *rd, const struct json_value *v)
{
	struct fact_record *record = arena_zalloc(&rd->facts->arena, sizeof(*record));
	const struct json_value *key = member(rd, v, "key", JSON_TEXT, "\"key\", a text"), *list,
				*comment;

	if (!key || !read_key(rd, key, record))
		return;
	list = json_member(v, "attributes");
	if (list && (list->kind != JSON_MEMBERS || !read_attributes(rd, list, record))) {
		if (list->kind != JSON_MEMBERS)
			diag_error(rd->d, list->at, "\"attributes\" is no object");
		return;
	}
	comment = json_member(v, "comment");
	if (comment && !read_comment(rd, comment, record))
		return;
	facts_add(rd->facts, FACT_RECORD, key->at)->record = record;
}

void
plan_json_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	struct reader rd = { .facts = facts, .d = d };
	const struct json_value *all = json_read(in, facts->env, &facts->arena, d), *list, *version;
	uint64_t number = 0;

	vrfs_init(&rd.vrfs, &facts->arena);
	if (!all)
		return;
	version = member(&rd, all, "ipam", JSON_NUMBER, "\"ipam\": 1");
	list = member(&rd, all, "records", JSON_LIST, "\"records\", a list");
	if (!version || !list)
		return;
	if (!str_uint(version->text, FORMAT_VERSION, &number) || number == 0) {
		diag_error(rd.d, version->at, "version %.*s is not known here",
		    STR_FMT(version->text));
		return;
	}
	for (const struct json_value *v = list->child; v; v = v->next)
		read_record(&rd, v);
}
#endif
