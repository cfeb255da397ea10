/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen import, list, rm: evidence, apart from the plan. */
#include "cmd.h"

#include "core/when.h"
#include "format/evidence.h"
#include "io/socket.h"
#include "io/steady.h"

enum { DAY = 86400, KEA_PATIENCE = 60000 /* milliseconds */ };

/* --- what was seen ----------------------------------------------------- */

enum status
cmd_seen(struct ctx *c, struct seen **out)
{
	struct text_source source;
	enum status status = STATUS_OK;

	if (!c->seen) {
		struct seen *s = arena_alloc(&c->db->arena, sizeof(*s));
		status = c->world->seen(c->world, &source, c->diags);
		if (status)
			return status;
		seen_init(s, c->db);
		c->seen = s;
		status = seen_load(s, &source, c->diags);
		seen_age(s);
	}
	*out = c->seen;
	return status;
}

void
cmd_forget(struct ctx *c)
{
	if (c->seen)
		seen_release(c->seen);
	if (c->sightings)
		sightings_release(c->sightings);
	c->seen = NULL;
	c->sightings = NULL;
	c->see = NULL;
}

/* --- import ------------------------------------------------------------ */

static enum status
find_format(struct ctx *c, struct str name, const struct evidence_format **out)
{
	const char *names[16];
	struct buf all;

	*out = evidence_find(name);
	if (*out)
		return STATUS_OK;
	buf_init(&all, c->env);
	for (size_t i = 0; i < evidence_table_len && i < ARRAY_LEN(names); i++) {
		names[i] = evidence_table[i].name;
		buf_fmt(&all, "%s%s", i ? ", " : "", names[i]);
	}
	diag_fail(c->diags, STATUS_USAGE, "seen import: no format '%.*s' (%.*s)", STR_FMT(name),
	    STR_FMT(buf_get(&all)));
	buf_release(&all);
	const char *near = diag_nearest(name, names, evidence_table_len);
	if (near)
		diag_hint(c->diags, "ipam seen import %s", near);
	return STATUS_USAGE;
}

static void
read_source(struct ctx *c, const struct evidence_format *format, const char *name, struct str text)
{
	struct text_source source = { name, text.p, text.n };

	vec_push(c->env, &c->foreign, source);
	if (format_is_text(&source, c->diags))
		format->read(&source, c->sightings, c->diags);
}

/* Where Kea cleans up its log, older leases are in files of their own: in
 * FILE.completed, else in FILE.2 and FILE.1.  The oldest first. */
static enum status
read_file(struct ctx *c, const struct evidence_format *format, struct str path)
{
	static const char *const suffixes[] = { ".completed", ".2", ".1", "" };
	enum { COMPLETED, OWN = 3 };
	struct arena *a = &c->db->arena;
	struct steady v[ARRAY_LEN(suffixes)];
	size_t from = format->flags & EVIDENCE_LFC ? 0 : OWN;
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(v); i++)
		v[i].path = arena_fmt(a, "%.*s%s%c", STR_FMT(path), suffixes[i], 0).p;
	enum status status = steady_read(v + from, ARRAY_LEN(v) - from,
	    format->flags & EVIDENCE_IN_PLACE ? STEADY_IN_PLACE : STEADY_LOG, c->env, a, c->diags);
	if (status)
		return status;
	for (size_t i = from; i < ARRAY_LEN(v); i++) {
		bool is_old =
		    from == COMPLETED && v[COMPLETED].exists && i != COMPLETED && i != OWN;
		any |= v[i].exists;
		if (v[i].exists && !is_old)
			read_source(c, format, v[i].path, v[i].text);
	}
	if (!any)
		return diag_fail(c->diags, STATUS_SYSTEM, "%s: there is no such file", v[OWN].path);
	return STATUS_OK;
}

static enum status
read_path(struct ctx *c, const struct evidence_format *format, struct str path)
{
	struct str text;
	enum status status;

	if (!str_eq(path, STR("-")))
		return read_file(c, format, path);
	status = c->world->read(c->world, path, &text, c->diags);
	if (!status)
		read_source(c, format, "standard input", text);
	return status;
}

/* One question to Kea; its answer's leases, or STATUS_REMOTE with why not in d. */
static enum status
ask_kea(struct ctx *c, const char *path, const char *command, struct diags *d)
{
	struct arena *a = &c->db->arena;
	struct str question = arena_fmt(a, "{ \"command\": \"%s\" }\n", command), answer;
	enum status status = socket_ask(path, question, KEA_PATIENCE, c->env, a, &answer, d);

	if (status)
		return status;
	struct text_source source = { path, answer.p, answer.n };
	if (!memchr("{[", answer.p[0], 2))
		return diag_fail(d, STATUS_REMOTE, "no answer of Kea's: it is no JSON");
	evidence_kea(&source, c->sightings, d);
	return d->errors ? STATUS_REMOTE : STATUS_OK;
}

/* A server for IPv4 knows one of the commands, one for IPv6 the other. */
static enum status
read_socket(struct ctx *c, const struct evidence_format *format)
{
	static const char *const commands[] = { "lease4-get-all", "lease6-get-all" };
	const char *path = arena_z(&c->db->arena, args_get(&c->args, "socket"));
	struct diags d[ARRAY_LEN(commands)];
	bool any = false;

	if (format->read != evidence_kea || c->args.word.n > 1)
		return diag_fail(c->diags, STATUS_USAGE, "--socket is for kea, in place of a file");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		diags_init(&d[i], c->env);
		any |= ask_kea(c, path, commands[i], &d[i]) == STATUS_OK;
	}
	if (!any) {
		struct str why = d[0].v[0].text;
		bool is_named = str_starts(why, str_from(path));
		diag_fail(c->diags, STATUS_REMOTE, "%s%s%.*s", is_named ? "" : path,
		    is_named ? "" : ": ", STR_FMT(why));
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		diags_release(&d[i]);
	return any ? STATUS_OK : STATUS_REMOTE;
}

static enum status
read_all(struct ctx *c, const struct evidence_format *format)
{
	enum status status = STATUS_OK;

	if (args_has(&c->args, "socket"))
		return read_socket(c, format);
	if (c->args.word.n == 1)
		return read_path(c, format, STR("-"));
	for (size_t i = 1; i < c->args.word.n && !status; i++)
		status = read_path(c, format, c->args.word.v[i]);
	return status;
}

/* "12 new, 3 again" and what was left out. */
static void
say_counts(struct ctx *c, const struct seen_counts *n)
{
	const struct sightings *in = c->sightings;
	struct arena *a = &c->db->arena;

	c->note = arena_fmt(a, "%.*sipam: %s: %zu new, %zu again, %zu with nothing new\n",
	    STR_FMT(c->note), in->by, n->added, n->again, n->left);
	if (in->left_out)
		c->note = arena_fmt(a,
		    "%.*sipam: %s: %zu link-local, multicast or empty addresses left out\n",
		    STR_FMT(c->note), in->by, in->left_out);
	if (in->old)
		c->note = arena_fmt(a,
		    "%.*sipam: %s: %zu stale, nobody knows how long\nhint: ip -s -j neigh says "
		    "it\n",
		    STR_FMT(c->note), in->by, in->old);
}

static enum status
merge(struct ctx *c, struct seen *seen)
{
	struct seen_counts counts = { 0 };

	seen_merge(seen, c->scope.vrf, c->sightings, &counts);
	if (str_starts(str_from(c->sightings->by), STR("lease:")))
		seen_note_peaks(seen);
	say_counts(c, &counts);
	return STATUS_OK;
}

enum status
cmd_seen_import(struct ctx *c)
{
	const struct evidence_format *format = NULL;
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status)
		status = find_format(c, c->args.word.v[0], &format);
	if (status)
		return status;
	c->sightings = arena_alloc(&c->db->arena, sizeof(*c->sightings));
	sightings_init(c->sightings, c->env, format->by);
	status = read_all(c, format);
	if (!status && c->diags->errors)
		status = STATUS_USAGE;
	if (status)
		return status;
	sightings_settle(c->sightings);
	c->see = merge;
	return STATUS_OK;
}

/* --- list, rm ---------------------------------------------------------- */

static enum status
read_days(struct ctx *c, int64_t *before)
{
	uint64_t days;
	enum status status = cmd_number(c, "days", 0, 0, 36500, &days);

	*before = args_has(&c->args, "days") ? c->env->now - (int64_t)days * DAY : INT64_MAX;
	return status;
}

/* The addresses and prefixes that the words select, seen last at or before then. */
static enum status
choose(struct ctx *c, struct seen *seen, int64_t before, rec_list *out)
{
	struct select s;
	struct sight sight;
	enum status status = STATUS_OK;

	select_init(&s, c->db, c->scope, args_has(&c->args, "own"));
	for (size_t i = 0; i < c->args.word.n && !status; i++)
		status = select_add(&s, c->args.word.v[i], c->diags);
	for (size_t i = 0; i < seen->n && !status; i++) {
		struct rec *r = &seen->rec[i];
		if (r->kind == KIND_RANGE || !select_match(&s, r))
			continue;
		if (before != INT64_MAX)
			sight_read(&c->db->arena, r, &sight);
		if (before == INT64_MAX || sight.last <= before)
			vec_push(c->env, out, r);
	}
	if (!status && out->n == 0 && c->args.word.n)
		status = STATUS_NO;
	select_release(&s);
	return status;
}

enum status
cmd_seen_list(struct ctx *c)
{
	struct seen *seen;
	rec_list list = { 0 };
	enum status status = cmd_seen(c, &seen);

	if (!status)
		status = choose(c, seen, INT64_MAX, &list);
	if (!status)
		status = cmd_print_records(c, list.v, list.n,
		    "key,host,mac,first,last,by,lease,lease-end");
	vec_release(&list);
	return status;
}

/* Without the lines, which are gone when this is shown. */
static void
print_forgotten(struct ctx *c, const rec_list *list)
{
	static const struct column column[] = { { "key", COLUMN_PLAIN } };

	out_columns(c->out, column, 1);
	for (size_t i = 0; i < list->n; i++) {
		out_row(c->out, NULL);
		out_str(c->out, db_key(c->db, list->v[i]));
	}
}

static enum status
forget(struct ctx *c, struct seen *seen)
{
	rec_list list = { 0 };
	int64_t before;
	enum status status = read_days(c, &before);

	if (!status)
		status = choose(c, seen, before, &list);
	if (!status)
		print_forgotten(c, &list);
	for (size_t i = 0; i < list.n; i++)
		list.v[i]->flags |= REC_GONE;
	vec_release(&list);
	if (!status)
		seen_sweep(seen);
	return status;
}

enum status
cmd_seen_rm(struct ctx *c)
{
	int64_t before;
	enum status status = read_days(c, &before);

	if (!status && c->args.word.n == 0 && !args_has(&c->args, "days")) {
		status = diag_fail(c->diags, STATUS_USAGE, "seen rm: what is to be forgotten?");
		diag_hint(c->diags, "ipam seen rm SELECT..., or --days N");
	}
	if (!status)
		c->see = forget;
	return status;
}
