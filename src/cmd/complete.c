/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * complete: what could stand in the place of the last word of a command line,
 * for the shells' completion.
 *
 * Everything comes from the tables: commands and options from cmd_table, what a
 * word or a value may be from their usage texts ("TARGET... [A=V...]",
 * "best|first|sparse"), attributes and their values from the schema, and the
 * rest from the plan, if there is one.
 */
#include "report.h"

#include "core/dns.h"
#include "format/evidence.h"

enum { CANDIDATES = 1000 };

struct completion {
	struct ctx *c;
	struct args line;  /* what stands before the word */
	struct str before; /* what of the word stays in front of each candidate ... */
	struct str typed;  /* ... and what they must begin with */
	const struct cmd *cmd;
	struct str noun;
	size_t n;
	VEC(struct str) seen; /* candidates that may come twice */
};

/* --- candidates ------------------------------------------------------- */

static void
offer(struct completion *k, struct str word, const char *end, struct str help)
{
	struct arena *a = &k->c->out->arena;

	if (word.n == 0 || k->n >= CANDIDATES || !str_starts(word, k->typed))
		return;
	k->n++;
	out_text(k->c->out, arena_fmt(a, "%.*s%.*s%s%s%.*s\n", STR_FMT(k->before), STR_FMT(word),
				end, help.n ? "\t" : "", STR_FMT(help)));
}

static void
offer_once(struct completion *k, struct str word, const char *end, struct str help)
{
	if (!str_starts(word, k->typed) || k->seen.n >= CANDIDATES)
		return;
	for (size_t i = 0; i < k->seen.n; i++)
		if (str_eq(k->seen.v[i], word))
			return;
	vec_push(k->c->env, &k->seen, word);
	offer(k, word, end, help);
}

/* best|first|sparse */
static void
offer_words(struct completion *k, struct str words)
{
	struct str word;

	while (str_next(&words, '|', &word))
		offer(k, word, "", STR_NONE);
}

/* The word as a list: only its last member is still open. */
static void
open_list(struct completion *k)
{
	size_t comma = k->typed.n;

	while (comma > 0 && k->typed.p[comma - 1] != ',')
		comma--;
	k->before =
	    arena_fmt(&k->c->out->arena, "%.*s%.*s", STR_FMT(k->before), (int)comma, k->typed.p);
	k->typed = str_cut(k->typed, comma, k->typed.n);
}

static void
offer_nouns(struct completion *k)
{
	for (size_t i = 0; i < cmd_table_len; i++) {
		const struct cmd *cmd = &cmd_table[i];
		offer_once(k, str_from(cmd->noun), "", str_from(cmd->verb ? "" : cmd->help));
	}
}

static void
offer_verbs(struct completion *k, struct str noun)
{
	for (size_t i = 0; i < cmd_table_len; i++)
		if (cmd_table[i].verb && str_eq(noun, str_from(cmd_table[i].noun)))
			offer(k, str_from(cmd_table[i].verb), "", str_from(cmd_table[i].help));
}

static bool
takes(const struct cmd *cmd, const struct opt *o)
{
	struct str rest = str_from(cmd->options), word;

	while (str_next(&rest, ' ', &word))
		if (str_eq(word, str_from(o->name)))
			return true;
	return false;
}

static void
offer_options(struct completion *k)
{
	struct arena *a = &k->c->out->arena;

	for (const struct opt *o = cmd_options; o->name; o++)
		if (k->cmd && takes(k->cmd, o))
			offer(k, arena_fmt(a, "--%s", o->name), "", str_from(o->help));
	for (const struct opt *o = cmd_global_options; o->name; o++)
		offer(k, arena_fmt(a, "--%s", o->name), "", str_from(o->help));
}

/* --- what the plan has ------------------------------------------------ */

static void
offer_hosts(struct completion *k, const struct rec *r, struct str key)
{
	struct str hosts, host;

	if (!db_own(k->c->db, r, "host", &hosts))
		return;
	while (str_next(&hosts, ',', &host))
		offer_once(k, host, "", key);
}

static void
offer_records(struct completion *k, unsigned kinds)
{
	struct db *db = k->c->db;
	struct walk w;
	struct str name;

	if (!db)
		return;
	for (struct rec *r = walk_all(&w, db); r && k->n < CANDIDATES; r = walk_next(&w)) {
		if (!(kinds & (1u << r->kind)))
			continue;
		struct str key = db_key(db, r);
		offer(k, key, "", db_label(db, r));
		if (r->kind == KIND_ADDRESS)
			offer_hosts(k, r, key);
		else if (db_own(db, r, "name", &name))
			offer(k, name, "", key);
	}
}

/* Objects by their kind or, if only is empty, as targets: @KIND/NAME. */
static void
offer_objects(struct completion *k, struct str only)
{
	struct db *db = k->c->db;

	for (size_t i = 0; db && i < db->object.n; i++) {
		const struct rec *r = db->object.v[i];
		struct str kind = rec_object_kind(r), name = rec_object_name(r);
		if (only.n && str_eq(kind, only))
			offer(k, name, "", STR_NONE);
		else if (!only.n)
			offer(k, arena_fmt(&db->arena, "@%.*s/%.*s", STR_FMT(kind), STR_FMT(name)),
			    "", STR_NONE);
	}
}

static void
offer_kinds(struct completion *k)
{
	struct db *db = k->c->db;

	for (size_t i = 0; i < object_table_len; i++)
		offer_once(k, str_from(object_table[i].kind), "", str_from(object_table[i].help));
	for (size_t i = 0; db && i < db->object.n; i++)
		offer_once(k, rec_object_kind(db->object.v[i]), "", STR_NONE);
}

static void
offer_attributes(struct completion *k, const char *end)
{
	struct db *db = k->c->db;
	struct attr_iter it;
	struct attr attr;
	struct walk w;

	for (size_t i = 0; i < attr_table_len; i++)
		if (!attr_table[i].object)
			offer_once(k, str_from(attr_table[i].name), end,
			    str_from(attr_table[i].help));
	if (!db)
		return;
	for (struct rec *r = walk_all(&w, db); r; r = walk_next(&w))
		for (attr_start(&it, r); attr_next(&it, &attr);)
			offer_once(k, attr.name, end, STR_NONE);
}

static void
offer_fields(struct completion *k)
{
	open_list(k);
	for (size_t i = 0; i < field_table_len; i++)
		offer_once(k, str_from(field_table[i].name), "", str_from(field_table[i].help));
	offer_attributes(k, "");
}

/* The values of an attribute: its words, else those that are in the plan. */
static void
offer_values(struct completion *k, struct str name)
{
	struct db *db = k->c->db;
	struct walk w;
	struct str value;
	bool has_words = false;

	for (size_t i = 0; i < attr_table_len; i++) {
		const struct attr_info *info = &attr_table[i];
		if (!info->words || !str_eq(name, str_from(info->name)))
			continue;
		has_words = true;
		for (const char *const *word = info->words; *word; word++)
			offer_once(k, str_from(*word), "", STR_NONE);
	}
	if (has_words || !db)
		return;
	const char *z = arena_z(&db->arena, name);
	for (struct rec *r = walk_all(&w, db); r && k->n < CANDIDATES; r = walk_next(&w))
		if (db_own(db, r, z, &value))
			offer_once(k, value, "", STR_NONE);
}

/* a=v, or for SELECT also a!=v: the name, then its values. */
static void
offer_assign(struct completion *k, bool is_select)
{
	size_t equals = str_find(k->typed, '=');

	if (equals == k->typed.n) {
		if (is_select)
			offer(k, STR("type"), "=", STR("subnet, range, address or object"));
		offer_attributes(k, "=");
		return;
	}
	struct str name = str_cut(k->typed, 0, equals);
	if (name.n && name.p[name.n - 1] == '!')
		name.n--;
	k->before = str_cut(k->typed, 0, equals + 1);
	k->typed = str_cut(k->typed, equals + 1, k->typed.n);
	if (str_eq(name, STR("type")))
		offer_words(k, STR("subnet|range|address|object"));
	else
		offer_values(k, name);
}

static void
offer_formats(struct completion *k)
{
	bool write = k->cmd->run == cmd_export;

	for (size_t i = 0; k->cmd->run == cmd_seen_import && i < evidence_table_len; i++)
		offer(k, str_from(evidence_table[i].name), "", STR_NONE);
	if (k->cmd->run == cmd_seen_import)
		return;
	for (size_t i = 0; i < format_table_len; i++)
		if (write ? format_table[i].write != NULL : format_table[i].read != NULL)
			offer(k, str_from(format_table[i].name), "",
			    str_from(format_table[i].help));
}

/* --- places of a line ------------------------------------------------- */

static void
offer_file(struct completion *k)
{
	out_text(k->c->out, STR("<FILE>\n"));
}

/* A target of these commands is only this. */
static const struct {
	const char *noun;
	unsigned kinds;
} narrow[] = {
	{ "alloc", K_SUBNET | K_RANGE },
	{ "release", K_ADDRESS },
};

static void
offer_target(struct completion *k)
{
	unsigned kinds = K_PLAN;

	for (size_t i = 0; i < ARRAY_LEN(narrow); i++)
		if (str_eq(k->noun, str_from(narrow[i].noun)))
			kinds = narrow[i].kinds;
	offer_records(k, kinds);
	if (kinds == K_PLAN)
		offer_objects(k, STR_NONE);
}

static void
offer_select(struct completion *k)
{
	if (str_find(k->typed, '=') == k->typed.n)
		offer_records(k, K_PLAN);
	offer_assign(k, true);
}

/* What --sort can say in this report. */
static void
offer_orders(struct completion *k)
{
	const struct order *o =
	    k->cmd && k->cmd->run == cmd_report_growth ? growth_orders : usage_orders;

	for (; o->name; o++)
		offer(k, str_from(o->name), "", STR_NONE);
}

/* Whether a word of a usage text stands for itself. */
static bool
is_literal(struct str what)
{
	for (size_t i = 0; i < what.n; i++)
		if (what.p[i] >= 'A' && what.p[i] <= 'Z')
			return false;
	return what.n > 0 && what.p[0] != '/' && what.p[0] != '-';
}

/* What may stand for a word of a usage text, or for an option's value. */
static void
offer_what(struct completion *k, struct str what)
{
	if (is_literal(what))
		offer_words(k, what);
	else if (str_eq(what, STR("A=V")))
		offer_assign(k, false);
	else if (str_eq(what, STR("A")))
		offer_attributes(k, "");
	else if (str_eq(what, STR("A,B,C")))
		offer_fields(k);
	else if (str_eq(what, STR("BY")))
		offer_orders(k);
	else if (str_eq(what, STR("FORMAT")))
		offer_formats(k);
	else if (str_eq(what, STR("FILE")))
		offer_file(k);
	else if (str_eq(what, STR("SELECT")))
		offer_select(k);
	else if (str_eq(what, STR("TARGET")))
		offer_target(k);
	else if (str_eq(what, STR("OLD")))
		offer_records(k, K_PLAN);
	else if (str_eq(what, STR("PREFIX")) || str_eq(what, STR("PARENT")))
		offer_records(k, K_SUBNET);
	else if (str_eq(what, STR("RANGE")))
		offer_records(k, K_RANGE);
	else if (str_eq(what, STR("KIND")))
		offer_kinds(k);
	else if (str_eq(what, STR("NAME")) && k->line.word.n > 2)
		offer_objects(k, k->line.word.v[2]);
	else if (str_eq(what, STR("ZONE")))
		offer_objects(k, STR("zone"));
	else if (str_eq(what, STR("VRF")))
		offer_objects(k, STR("vrf"));
	else if (str_eq(what, STR("COMMAND")) && k->line.word.n == 1)
		offer_nouns(k);
	else if (str_eq(what, STR("COMMAND")) && k->line.word.n == 2)
		offer_verbs(k, k->line.word.v[1]);
}

static void
offer_part(void *ctx, struct str word, struct str file)
{
	(void)file;
	offer(ctx, word, "", STR_NONE);
}

/* What export --list would name, one of which is exported. */
static void
offer_parts(struct completion *k, const struct format_info *format)
{
	struct dns dns = { .db = NULL };
	struct format_request q = { .db = k->c->db, .dns = &dns };

	format->parts(&q, offer_part, k);
	if (dns.db)
		dns_release(&dns);
}

static struct str
bare(struct str token)
{
	if (token.n && token.p[0] == '[')
		token = str_cut(token, 1, token.n);
	if (token.n && token.p[token.n - 1] == ']')
		token = str_cut(token, 0, token.n - 1);
	return str_iends(token, STR("...")) ? str_cut(token, 0, token.n - 3) : token;
}

/* The i-th word behind the command's own: what its usage has there, what repeats
 * before it, and what may follow when that is left out. */
static void
offer_place(struct completion *k, const char *usage, size_t i)
{
	struct str rest = str_from(usage), token;
	bool reachable = true;

	for (size_t t = 0; str_next(&rest, ' ', &token); t++) {
		bool repeats = memchr(token.p, '.', token.n) != NULL;
		if (t < i ? repeats : t == i || reachable)
			offer_what(k, bare(token));
		if (t >= i)
			reachable = reachable && (repeats || token.p[0] == '[');
	}
}

static void
offer_word(struct completion *k)
{
	size_t n = k->line.word.n, own = k->cmd && k->cmd->verb ? 2 : 1, i = 0;

	if (n == 0) {
		offer_nouns(k);
		return;
	}
	if (n == 1)
		offer_verbs(k, k->noun);
	if (!k->cmd)
		return;
	for (size_t w = own; w < n; w++)
		if (!(k->cmd->flags & CMD_ASSIGN) ||
		    str_find(k->line.word.v[w], '=') == k->line.word.v[w].n)
			i++;
	const struct format_info *format =
	    i && k->cmd->run == cmd_export ? format_find(k->line.word.v[own]) : NULL;
	if (format && format->parts && i == 1 && k->c->db)
		offer_parts(k, format);
	else if (format && format->write)
		offer_place(k, format->usage, i - 1);
	else
		offer_place(k, k->cmd->usage, i);
}

/* --- the line --------------------------------------------------------- */

static void
find_command(struct completion *k)
{
	struct str verb = k->line.word.n > 1 ? k->line.word.v[1] : STR_NONE;

	k->noun = k->line.word.n ? k->line.word.v[0] : STR_NONE;
	for (size_t i = 0; i < cmd_table_len && !k->cmd; i++)
		if (str_eq(k->noun, str_from(cmd_table[i].noun)) &&
		    (!cmd_table[i].verb || str_eq(verb, str_from(cmd_table[i].verb))))
			k->cmd = &cmd_table[i];
}

static const struct opt *
find_option(struct str name, char letter)
{
	const struct opt *tables[] = { cmd_global_options, cmd_options };

	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (const struct opt *o = tables[t]; o->name; o++)
			if (letter ? o->letter == letter : str_eq(name, str_from(o->name)))
				return o->value ? o : NULL;
	return NULL;
}

/* The option whose value the word is: `--fit WORD`, `-o WORD`, `--fit=WORD`, `-oWORD`. */
static const struct opt *
option_before(struct str word)
{
	if (str_starts(word, STR("--")))
		return find_option(str_cut(word, 2, word.n), 0);
	if (word.n > 1 && word.p[0] == '-')
		return find_option(STR_NONE, word.p[word.n - 1]);
	return NULL;
}

static const struct opt *
option_within(struct completion *k)
{
	size_t equals = str_find(k->typed, '=');

	if (!str_starts(k->typed, STR("--")) || equals == k->typed.n)
		return NULL;
	const struct opt *o = find_option(str_cut(k->typed, 2, equals), 0);
	k->before = str_cut(k->typed, 0, equals + 1);
	k->typed = str_cut(k->typed, equals + 1, k->typed.n);
	return o;
}

/* Reads what stands before the word; a fault in it is not our matter. */
static bool
read_line(struct completion *k, const struct str *word, size_t n)
{
	struct diags unsaid;
	bool ended = false;

	for (size_t i = 0; i < n; i++)
		ended |= str_eq(word[i], STR("--"));
	diags_init(&unsaid, k->c->env);
	args_read(&k->line, k->c->env, word, n, cmd_global_options, cmd_options, &unsaid);
	diags_release(&unsaid);
	return ended;
}

void
complete_globals(struct ctx *c)
{
	struct completion k = { .c = c };

	if (c->args.word.n > 1)
		read_line(&k, c->args.word.v, c->args.word.n - 1);
	for (size_t i = 0; i < k.line.opt.n; i++)
		if (strcmp(k.line.opt.v[i].opt->name, "plan") == 0 ||
		    strcmp(k.line.opt.v[i].opt->name, "vrf") == 0)
			vec_push(c->env, &c->args.opt, k.line.opt.v[i]);
	args_release(&k.line);
}

enum status
cmd_complete(struct ctx *c)
{
	size_t n = c->args.word.n;
	struct completion k = { .c = c, .typed = n ? c->args.word.v[n - 1] : STR_NONE };
	bool ended = read_line(&k, c->args.word.v, n ? n - 1 : 0);
	const struct opt *o = NULL;

	find_command(&k);
	if (!ended && n > 1)
		o = option_before(c->args.word.v[n - 2]);
	if (!o && !ended)
		o = option_within(&k);
	if (o) {
		offer_what(&k, str_from(o->value));
		if (o->letter == 'o' && k.cmd && (k.cmd->flags & CMD_SVG))
			offer(&k, STR("svg"), "", STR_NONE);
	} else if (!ended && k.typed.n && k.typed.p[0] == '-')
		offer_options(&k);
	else if (!k.before.n)
		offer_word(&k);
	args_release(&k.line);
	vec_release(&k.seen);
	return STATUS_OK;
}
