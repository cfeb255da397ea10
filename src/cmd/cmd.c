/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#include <stdio.h>

#include "core/when.h"

/* --- finding the command ---------------------------------------------- */

static bool
is_word(struct str word, const char *name)
{
	return name && str_eq(word, str_from(name));
}

struct str
cmd_name(const struct cmd *cmd, struct arena *a)
{
	return arena_fmt(a, "%s%s%s", cmd->noun, cmd->verb ? " " : "", cmd->verb ? cmd->verb : "");
}

static struct str
name_of(const struct ctx *c)
{
	return cmd_name(c->cmd, &c->diags->arena);
}

enum status
cmd_unknown(struct ctx *c, struct str noun, struct str verb)
{
	const char *names[64];
	size_t n = 0;
	bool known = false;

	for (size_t i = 0; i < cmd_table_len; i++)
		known |= is_word(noun, cmd_table[i].noun);
	for (size_t i = 0; i < cmd_table_len && n < ARRAY_LEN(names); i++)
		if (!known || is_word(noun, cmd_table[i].noun))
			names[n++] = known ? cmd_table[i].verb : cmd_table[i].noun;
	if (known && verb.n == 0) {
		diag_fail(c->diags, STATUS_USAGE, "%.*s: wants a word more", STR_FMT(noun));
		diag_hint(c->diags, "ipam help %.*s", STR_FMT(noun));
		return STATUS_USAGE;
	}
	diag_fail(c->diags, STATUS_USAGE, "unknown command '%.*s%s%.*s'", STR_FMT(noun),
	    known ? " " : "", STR_FMT(known ? verb : STR_NONE));
	const char *near = diag_nearest(known ? verb : noun, names, n);
	if (near)
		diag_hint(c->diags, "%.*s%s%s", STR_FMT(known ? noun : STR_NONE), known ? " " : "",
		    near);
	else
		diag_hint(c->diags, "ipam help");
	return STATUS_USAGE;
}

static const struct cmd *row_of(enum status (*run)(struct ctx *c))
{
	size_t i = 0;

	while (i < cmd_table_len && cmd_table[i].run != run)
		i++;
	return i < cmd_table_len ? &cmd_table[i] : NULL;
}

static enum status
find_command(struct ctx *c)
{
	struct str noun = c->args.word.v[0],
		   verb = c->args.word.n > 1 ? c->args.word.v[1] : STR_NONE;
	size_t used = 0;

	for (size_t i = 0; i < cmd_table_len && !c->cmd; i++) {
		const struct cmd *cmd = &cmd_table[i];
		if (!is_word(noun, cmd->noun) || (cmd->verb && !is_word(verb, cmd->verb)))
			continue;
		c->cmd = cmd;
		used = cmd->verb ? 2 : 1;
	}
	if (!c->cmd && args_has(&c->args, "help")) {
		c->cmd = row_of(cmd_help); /* of all that begin so */
		c->args.word.n = c->args.word.n > 2 ? 2 : c->args.word.n;
	}
	if (!c->cmd)
		return cmd_unknown(c, noun, verb);
	c->args.word.n -= used;
	memmove(c->args.word.v, c->args.word.v + used, c->args.word.n * sizeof(*c->args.word.v));
	return STATUS_OK;
}

static bool
in_words(const char *words, const char *name)
{
	struct str rest = str_from(words), word;

	while (str_next(&rest, ' ', &word))
		if (is_word(word, name))
			return true;
	return false;
}

static bool
is_global(const struct opt *opt)
{
	for (const struct opt *o = cmd_global_options; o->name; o++)
		if (o == opt)
			return true;
	return false;
}

enum status
cmd_check_options(struct ctx *c, struct str who, const char *allowed)
{
	for (size_t i = 0; i < c->args.opt.n; i++) {
		const struct opt *o = c->args.opt.v[i].opt;
		if (!is_global(o) && !in_words(allowed, o->name))
			return diag_fail(c->diags, STATUS_USAGE, "%.*s: unknown option --%s",
			    STR_FMT(who), o->name);
	}
	return STATUS_OK;
}

static enum status
unknown_form(struct ctx *c, struct str format)
{
	diag_fail(c->diags, STATUS_USAGE, "-o %.*s: table, tsv, json or ipam is wanted",
	    STR_FMT(format));
	if (in_words(c->cmd->options, "output"))
		diag_hint(c->diags, "--output %.*s", STR_FMT(format));
	return STATUS_USAGE;
}

/* Whether what the command writes can have the form that is asked for. */
static enum status
check_form(struct ctx *c)
{
	struct str who = name_of(c), format = args_get(&c->args, "output-format");
	bool is_text = (c->cmd->flags & CMD_TEXT) && !args_has(&c->args, "list");

	if (is_text && c->format != FORMAT_TABLE)
		return diag_fail(c->diags, STATUS_USAGE,
		    "%.*s: -o %.*s: what it writes has a form of its own", STR_FMT(who),
		    STR_FMT(format));
	if (is_text && args_has(&c->args, "fields"))
		return diag_fail(c->diags, STATUS_USAGE,
		    "%.*s: --fields: what it writes has a form of its own", STR_FMT(who));
	if ((c->cmd->flags & CMD_ROWS) && c->format == FORMAT_IPAM)
		return diag_fail(c->diags, STATUS_USAGE, "%.*s: -o ipam: its rows are no records",
		    STR_FMT(who));
	return STATUS_OK;
}

static enum status
read_globals(struct ctx *c)
{
	struct str format = args_get(&c->args, "output-format"),
		   color = args_get(&c->args, "color");

	if (args_has(&c->args, "at") && !(c->cmd->flags & CMD_AT))
		return diag_fail(c->diags, STATUS_USAGE,
		    c->cmd->flags & CMD_PRESENT ? "%.*s: what was seen has no past: no --at"
						: "%.*s: --at is for commands that show the plan",
		    STR_FMT(name_of(c)));
	c->dry |= args_has(&c->args, "dry-run");
	c->quiet |= args_has(&c->args, "quiet");
	if (args_has(&c->args, "output-format") &&
	    (!format_by_name(format, &c->format) ||
		(c->format == FORMAT_SVG && !(c->cmd->flags & CMD_SVG))))
		return unknown_form(c, format);
	c->color = args_has(&c->args, "color") && !str_eq(color, STR("auto"))
	               ? str_eq(color, STR("always")) && !c->env->screen.no_color
	               : c->env->screen.color;
	if (args_has(&c->args, "color") && !str_eq(color, STR("auto")) &&
	    !str_eq(color, STR("always")) && !str_eq(color, STR("never")))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--color %.*s: auto, always or never is wanted", STR_FMT(color));
	return check_form(c);
}

enum status
cmd_parse(struct ctx *c, const struct str *word, size_t n)
{
	enum status status =
	    args_read(&c->args, c->env, word, n, cmd_global_options, cmd_options, c->diags);

	if (status)
		return status;
	if (c->args.word.n == 0)
		vec_push(c->env, &c->args.word, STR("help"));
	status = find_command(c);
	if (!status)
		status = cmd_check_options(c, name_of(c), c->cmd->options);
	if (!status)
		status = read_globals(c);
	if (!status && c->cmd->run == cmd_complete)
		complete_globals(c);
	if (!status && (c->cmd->flags & CMD_ASSIGN))
		status = args_take_assigns(&c->args, c->env, c->diags);
	return status;
}

enum status
cmd_run(struct ctx *c)
{
	if (args_has(&c->args, "help"))
		return cmd_help(c);
	if (args_has(&c->args, "vrf") && c->db) {
		enum status status =
		    scope_set(&c->scope, c->db, args_get(&c->args, "vrf"), c->diags);
		if (status && c->cmd->run != cmd_complete)
			return status;
		if (status)
			diags_clear(c->diags);
	}
	return fields_run(c);
}

void
cmd_release(struct ctx *c)
{
	args_release(&c->args);
	vec_release(&c->fetched);
}

/* The key that a word is, with the VRF of --vrf. */
static bool
word_key(struct ctx *c, struct str word, struct key *key)
{
	struct str vrf = args_get(&c->args, "vrf");
	struct ip_error err;

	if (!key_parse(word, key, &err))
		return false;
	if (!key->has_vrf && !str_ieq(vrf, STR("default")))
		key->vrf = vrf;
	return true;
}

bool
cmd_look(struct ctx *c, struct key *key, bool *has_key)
{
	struct str word = c->args.word.n ? c->args.word.v[0] : STR_NONE;

	if (!(c->cmd->flags & CMD_LOOK) || args_has(&c->args, "at"))
		return false;
	*has_key = looks_like_key(word);
	if (!*has_key)
		return word.n && word.p[0] == '@';
	return word_key(c, word, key);
}

bool
cmd_about(struct ctx *c, struct arena *a, struct excerpt_request *out)
{
	size_t n = c->args.word.n;
	struct key *key = arena_alloc(a, n * sizeof(*key) + 1);
	struct str *name = arena_alloc(a, n * sizeof(*name) + 1);

	*out = (struct excerpt_request){ key, 0, name, 0 };
	for (size_t i = 0; i < n; i++) {
		struct str word = c->args.word.v[i];
		if (str_eq(word, STR("-")))
			return false;
		if (!looks_like_key(word))
			name[out->names++] = str_cut(word, 0, str_find(word, '%'));
		else if (!word_key(c, word, &key[out->keys++]))
			return false;
	}
	return (c->cmd->flags & CMD_ABOUT) && n > 0;
}

/* --- for handlers ----------------------------------------------------- */

enum status
cmd_words(struct ctx *c, size_t min, size_t max)
{
	size_t n = c->args.word.n;
	struct str name = name_of(c);

	if (n >= min && n <= max)
		return STATUS_OK;
	diag_fail(c->diags, STATUS_USAGE, "%.*s: %s", STR_FMT(name),
	    n < min ? "something is missing" : "too many words");
	diag_hint(c->diags, "ipam %.*s%s%s", STR_FMT(name), *c->cmd->usage ? " " : "",
	    c->cmd->usage);
	return STATUS_USAGE;
}

static enum status
input_targets(struct ctx *c, word_list *out)
{
	struct str text, line;
	enum status status = c->world->read(c->world, STR("-"), &text, c->diags);

	while (!status && text.n) {
		size_t lf = str_find(text, '\n');
		line = str_trim(str_cut(text, 0, lf));
		text = lf < text.n ? str_cut(text, lf + 1, text.n) : STR_NONE;
		if (line.n && memchr(line.p, '\0', line.n))
			status = diag_fail(c->diags, STATUS_USAGE,
			    "standard input: a target has a NUL byte");
		else if (line.n)
			vec_push(c->env, out, line);
	}
	return status;
}

enum status
cmd_targets(struct ctx *c, word_list *out)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < c->args.word.n && !status; i++) {
		if (str_eq(c->args.word.v[i], STR("-")))
			status = input_targets(c, out);
		else
			vec_push(c->env, out, c->args.word.v[i]);
	}
	return status;
}

/* What was said last takes the place of all that `to` says. */
static void
say_instead(struct diags *to, const struct diags *from)
{
	const struct diag *last = from->n ? &from->v[from->n - 1] : NULL;

	diags_clear(to);
	if (!last)
		return;
	diag_fail(to, STATUS_OK, "%.*s", STR_FMT(last->text));
	if (last->hint.n)
		diag_hint(to, "%.*s", STR_FMT(last->hint));
}

enum status
cmd_any(struct ctx *c, size_t n, enum status (*has_room)(struct ctx *c, void *arg, size_t i),
    void *arg, size_t *first)
{
	static const int weight[] = { [STATUS_CONFLICT] = 1,
		[STATUS_FULL] = 2,
		[STATUS_SYSTEM] = 3,
		[STATUS_REMOTE] = 3 };
	enum status worst = STATUS_OK, status = STATUS_OK;
	struct diags *said = c->diags, tried;

	diags_init(&tried, c->env);
	c->diags = &tried;
	for (size_t i = 0; i < n && weight[status] < weight[STATUS_SYSTEM]; i++) {
		diags_clear(&tried);
		status = has_room(c, arg, *first = i);
		if (!status)
			break;
		if (worst && weight[status] < weight[worst])
			continue;
		worst = status;
		say_instead(said, &tried);
	}
	c->diags = said;
	diags_release(&tried);
	if (n && !status)
		diags_clear(said);
	return n && status ? worst : STATUS_OK;
}

enum status
cmd_assigns(struct ctx *c, enum kind kind, struct str object)
{
	for (size_t i = 0; i < c->args.assign.n; i++) {
		struct assign *a = &c->args.assign.v[i];
		const struct attr_info *info =
		    attr_name_is_valid(a->name) ? schema_attr(a->name, kind, object) : NULL;
		a->value = schema_canonical(info, a->value, &c->db->arena);
		enum status status = check_assign(kind, object, a->name, a->value, c->diags);
		if (status)
			return status;
	}
	return STATUS_OK;
}

enum status
cmd_number(struct ctx *c, const char *option, uint64_t def, uint64_t min, uint64_t max,
    uint64_t *out)
{
	struct str value = args_get(&c->args, option);

	*out = def;
	if (!args_has(&c->args, option) || (str_uint(value, max, out) && *out >= min))
		return STATUS_OK;
	return diag_fail(c->diags, STATUS_USAGE, "--%s %.*s: a number from %llu to %llu is wanted",
	    option, STR_FMT(value), (unsigned long long)min, (unsigned long long)max);
}

enum status
cmd_seconds(struct ctx *c, const char *option, uint64_t def, uint64_t max, uint64_t *ms)
{
	struct str value = args_get(&c->args, option), part;
	size_t dot = str_find(value, '.');
	uint64_t whole, rest = 0;

	*ms = def * 1000;
	if (!args_has(&c->args, option))
		return STATUS_OK;
	part = dot < value.n ? str_cut(value, dot + 1, value.n) : STR("0");
	bool ok = str_uint(str_cut(value, 0, dot), max, &whole) && part.n <= 3 &&
	          str_uint(part, 999, &rest);
	for (size_t i = part.n; i < 3; i++)
		rest *= 10;
	*ms = whole * 1000 + rest;
	if (ok && *ms <= max * 1000)
		return STATUS_OK;
	return diag_fail(c->diags, STATUS_USAGE,
	    "--%s %.*s: seconds from 0 to %llu are wanted, such as 2 or 0.5", option,
	    STR_FMT(value), (unsigned long long)max);
}

enum status
cmd_moment(struct ctx *c, const char *option, int64_t def, int64_t *out)
{
	struct str value = args_get(&c->args, option);

	*out = def;
	if (!args_has(&c->args, option) || when_moment(value, c->env->now, out))
		return STATUS_OK;
	diag_fail(c->diags, STATUS_USAGE, "--%s %.*s: a time is wanted", option, STR_FMT(value));
	diag_hint(c->diags, WHEN_MOMENTS);
	return STATUS_USAGE;
}
