/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import: what other programs' files say, into the plan. */
#include "cmd.h"

#include "core/merge.h"

#if WITH_ZONE
#include "core/arpa.h"
#include "zones.h"
#endif

/* --origin, else the file's name less .zone. */
static struct str
find_origin(struct ctx *c, struct str path)
{
	struct str base = cmd_base_name(path);

	if (args_has(&c->args, "origin"))
		return args_get(&c->args, "origin");
	if (str_eq(path, STR("-")))
		return STR_NONE;
	return str_iends(base, STR(".zone")) ? str_cut(base, 0, base.n - 5) : base;
}

static enum status
read_file(struct ctx *c, const struct format_info *format, struct str path, struct facts *facts)
{
	struct format_input in = { .origin = find_origin(c, path),
		.vrf = db_vrf_name(c->db, c->scope.vrf),
		.include = cmd_include,
		.ctx = c };

	enum status status = cmd_read_text(c, path, &in.source, c->diags);
	if (!status)
		format->read(&in, facts, c->diags);
	return status;
}

/* --- import zone --from ------------------------------------------------- */

#if WITH_ZONE
static enum status
fetch_zone(struct ctx *c, const struct zones_source *s, struct str zone)
{
	struct text_source text;
	enum status status;

	if (zone.n > 1 && zone.p[zone.n - 1] == '.')
		zone.n--;
	status = zones_transfer(c, s, zone, &text);
	text.name = arena_fmt(s->a, "%.*s@%s", STR_FMT(zone), s->server).p;
	if (!status)
		vec_push(c->env, &c->fetched, text);
	return status;
}

/* The name of a zone, or a prefix, which stands for its reverse zones. */
static enum status
fetch(struct ctx *c, struct arena *a)
{
	struct zones_source s;
	enum status status;
	struct span prefix;

	if (c->args.word.n < 2 || !str_ieq(c->args.word.v[0], STR("zone")) ||
	    args_has(&c->args, "origin"))
		return diag_fail(c->diags, STATUS_USAGE,
		    "import --from: zone ZONE... is wanted, and no --origin");
	status = zones_server(c, "from", a, &s);
	for (size_t i = 1; i < c->args.word.n && !status; i++) {
		struct str word = c->args.word.v[i];
		if (!prefix_parse(word, &prefix, NULL)) {
			status = fetch_zone(c, &s, word);
			continue;
		}
		for (size_t k = 0; k < arpa_zones(prefix) && !status; k++)
			status = fetch_zone(c, &s, arpa_zone(a, prefix, k));
	}
	return status;
}
#else
static enum status
fetch(struct ctx *c, struct arena *a)
{
	(void)a;
	return diag_fail(c->diags, STATUS_USAGE,
	    "import --from: built without libzscanner (make WITH_ZONE=0)");
}
#endif

enum status
cmd_fetch(struct ctx *c, struct arena *a)
{
	bool wants = c->cmd->run == cmd_import && !args_has(&c->args, "help");

	if (wants && args_has(&c->args, "from"))
		return fetch(c, a);
	if (wants && args_has(&c->args, "key"))
		return diag_fail(c->diags, STATUS_USAGE, "--key is for --from");
	return STATUS_OK;
}

static void
read_fetched(struct ctx *c, const struct format_info *format, struct facts *facts)
{
	for (size_t i = 0; i < c->fetched.n; i++) {
		struct format_input in = { .source = c->fetched.v[i],
			.vrf = db_vrf_name(c->db, c->scope.vrf) };
		vec_push(c->env, &c->foreign, in.source);
		format->read(&in, facts, c->diags);
	}
}

/* Files, or zones that were fetched; of a line of a batch, they still are to be. */
static enum status
read_all(struct ctx *c, const struct format_info *format, struct facts *facts)
{
	enum status status = STATUS_OK;

	if (c->fetched.n == 0)
		status = cmd_fetch(c, &c->db->arena);
	if (!status && c->fetched.n) {
		read_fetched(c, format, facts);
		return STATUS_OK;
	}
	for (size_t i = 1; i < c->args.word.n && !status; i++)
		status = read_file(c, format, c->args.word.v[i], facts);
	return status;
}

/* --- import --------------------------------------------------------------- */

static enum status
read_options(struct ctx *c, struct merge *m)
{
	struct str conflict = args_get(&c->args, "conflict");

	*m = (struct merge){ .vrf = c->scope.vrf,
		.strict = args_has(&c->args, "strict"),
		.orphans = args_has(&c->args, "orphans") };
	if (args_has(&c->args, "conflict") && !conflict_by_name(conflict, &m->conflict))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--conflict %.*s: keep, update or fail is wanted", STR_FMT(conflict));
	if (args_has(&c->args, "origin") && !str_eq(c->args.word.v[0], STR("zone")))
		return diag_fail(c->diags, STATUS_USAGE, "--origin is for zone");
	if (args_has(&c->args, "origin") && c->args.word.n > 2)
		return diag_fail(c->diags, STATUS_USAGE, "--origin is for one file");
	return STATUS_OK;
}

static void
say_counts(struct ctx *c, const struct facts *facts, const struct merge_counts *n)
{
	struct str zones = merge_zone_commands(c->db, facts, c->scope.vrf), line;

	c->note = arena_fmt(&c->db->arena,
	    "%.*sipam: import: %zu added, %zu changed, %zu left, %zu not placed\n",
	    STR_FMT(c->note), n->added, n->changed, n->left, n->unplaced);
	while (str_next(&zones, '\n', &line))
		c->note =
		    arena_fmt(&c->db->arena, "%.*shint: %.*s\n", STR_FMT(c->note), STR_FMT(line));
}

enum status
cmd_import(struct ctx *c)
{
	const struct format_info *format = NULL;
	struct merge_counts counts;
	struct merge merge;
	struct facts facts;
	enum status status = cmd_words(c, 1, SIZE_MAX);

	if (!status)
		status = read_options(c, &merge);
	if (!status)
		status = cmd_format(c, c->args.word.v[0], false, &format);
	if (status)
		return status;
	if (c->args.word.n == 1)
		vec_push(c->env, &c->args.word, STR("-"));
	facts_init(&facts, c->env);
	status = read_all(c, format, &facts);
	if (!status) {
		/* errors up to the cap; what is reported is never dropped */
		if (c->diags->errors == 0)
			c->diags->cap = SIZE_MAX;
		status = merge_facts(c->db, &facts, &merge, &counts, c->diags);
	}
	if (!status)
		say_counts(c, &facts, &counts);
	facts_release(&facts);
	return status;
}
