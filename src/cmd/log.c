/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log: the journal, newest first. */
#include "cmd.h"

#include <inttypes.h>
#include <string.h>

#include "core/when.h"
#include "io/history.h"

enum { LINES_SHOWN = 20 };

/* --- what is asked for ------------------------------------------------------ */

struct where {
	unsigned vrf;
	struct span span;
	const struct rec *object; /* or this one */
};

struct query {
	struct ctx *c;
	bool has_target;
	struct str name; /* of the target, if it is no key */
	VEC(struct where) place;
	struct str user;
	int64_t since, until;
	struct needles words, user_word; /* what a block that fits must have */
	bool has_words;
};

static void
add_record(struct query *q, const struct rec *r)
{
	struct where p = { r->vrf, rec_span(r), r->kind == KIND_OBJECT ? r : NULL };

	vec_push(q->c->env, &q->place, p);
}

/* A key is a place; a name means the records that have it now, and every line that
 * ever had it. */
static enum status
read_target(struct query *q, struct str word)
{
	struct ctx *c = q->c;
	struct target t = { 0 };
	struct diags unsaid;
	enum status status;

	diags_init(&unsaid, c->env);
	status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", &unsaid);
	q->has_target = true;
	if (!status && t.is_key) {
		struct where p = { t.vrf, t.span, NULL };
		vec_push(c->env, &q->place, p);
	} else if (status <= STATUS_NO) {
		q->name = word.n && word.p[word.n - 1] == '.' ? str_cut(word, 0, word.n - 1) : word;
	}
	for (size_t i = 0; !status && i < t.rec.n; i++)
		add_record(q, t.rec.v[i]);
	target_release(&t);
	diags_release(&unsaid);
	if (status <= STATUS_NO)
		return STATUS_OK;
	/* to say it */
	status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", c->diags);
	target_release(&t);
	return status;
}

static enum status
read_query(struct query *q)
{
	struct ctx *c = q->c;
	enum status status = cmd_words(c, 0, 1);

	if (!status)
		status = cmd_moment(c, "since", INT64_MIN, &q->since);
	if (!status)
		status = cmd_moment(c, "until", INT64_MAX, &q->until);
	q->user = args_get(&c->args, "user");
	if (!status && args_has(&c->args, "user") && q->user.n == 0)
		return diag_fail(c->diags, STATUS_USAGE, "--user wants a name");
	return !status && c->args.word.n ? read_target(q, c->args.word.v[0]) : status;
}

/* --- what may fit -------------------------------------------------------------- */

/* The words that every line of a place has: all of an IPv4 address, or what the first and
 * last one of a prefix begin with. */
static struct str
word_of(struct ctx *c, const struct where *p)
{
	char first[IP_TEXT], last[IP_TEXT];
	size_t n = 0, dots = 0;

	if (p->object)
		return rec_object_name(p->object);
	if (p->span.family != IPV4)
		return STR_NONE;
	ip_fmt(first, span_first(p->span));
	ip_fmt(last, span_last(p->span));
	while (first[n] && first[n] == last[n])
		if (first[n++] == '.')
			dots = n;
	return arena_str(&c->db->arena, (struct str){ first, first[n] || last[n] ? dots : n });
}

static void
find_words(struct query *q)
{
	enum { MANY = 8 };
	const struct env *env = q->c->env;

	needles_init(&q->words, env);
	needles_init(&q->user_word, env);
	q->has_words = q->has_target && q->place.n <= MANY;
	if (q->name.n)
		needles_add(&q->words, q->name, true);
	for (size_t i = 0; i < q->place.n && q->has_words; i++) {
		struct str word = word_of(q->c, &q->place.v[i]);
		q->has_words = word.n > 0;
		needles_add(&q->words, word, true);
	}
	struct str user = q->user;
	for (size_t i = 0; i < user.n; i++)
		if (!ascii_alnum(user.p[i]) && !memchr(" .-_@", user.p[i], 5))
			user.n = 0;
	if (user.n)
		needles_add(&q->user_word, user, true);
}

/* By its key alone. */
static bool
may_be_at(const struct query *q, struct str line)
{
	struct ip_error err;
	struct key key;

	while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = str_cut(line, 1, line.n);
	size_t n = 0;
	while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
		n++;
	bool is_object = n > 0 && line.p[0] == '@';
	if (!is_object && !key_parse(str_cut(line, 0, n), &key, &err))
		return false;
	for (size_t i = 0; i < q->place.n; i++)
		if (is_object ? q->place.v[i].object != NULL
			      : span_holds(q->place.v[i].span, key.span))
			return true;
	return false;
}

static bool
may_fit(void *ctx, struct str text)
{
	const struct query *q = ctx;
	struct block title = { 0 };
	struct block_line l;

	if ((q->since != INT64_MIN || q->until != INT64_MAX) && block_title(text, &title)) {
		if (title.time < q->since)
			return true; /* that was all */
		if (title.time > q->until)
			return false;
	}
	if (q->user_word.list.n && !needles_in(&q->user_word, text))
		return false;
	if (!q->has_target || (q->has_words && !needles_in(&q->words, text)))
		return !q->has_target;
	bool fits = q->name.n > 0;
	while (!fits && block_next_line(&text, &l))
		fits = may_be_at(q, l.line);
	return fits;
}

/* --- what fits --------------------------------------------------------------- */

static bool
has_name(struct ctx *c, const struct rec *r, const char *attribute, struct str name)
{
	struct attr attr;
	struct str rest, one;

	if (!attr_find(r, str_from(attribute), &attr))
		return false;
	for (rest = attr_value(&attr, &c->db->arena); str_next(&rest, ',', &one);) {
		if (one.n && one.p[one.n - 1] == '.')
			one.n--;
		if (str_ieq(one, name))
			return true;
	}
	return false;
}

static bool
is_at(const struct where *p, const struct rec *r)
{
	if (p->object)
		return r->kind == KIND_OBJECT &&
		       str_ieq(rec_object_kind(r), rec_object_kind(p->object)) &&
		       str_ieq(rec_object_name(r), rec_object_name(p->object));
	return ((1u << r->kind) & K_PLAN) && r->vrf == p->vrf && span_holds(p->span, rec_span(r));
}

static bool
line_fits(const struct query *q, struct str line)
{
	struct rec r;

	if (!q->has_target)
		return true;
	if (!text_read_line(line, &q->c->db->vrfs, &r))
		return false;
	for (size_t i = 0; i < q->place.n; i++)
		if (is_at(&q->place.v[i], &r))
			return true;
	return q->name.n &&
	       (has_name(q->c, &r, "host", q->name) || has_name(q->c, &r, "name", q->name) ||
		   has_name(q->c, &r, "alias", q->name));
}

/* "Alice <alice@example.net>" is asked for by all of it, the name or the mail address. */
static bool
user_fits(const struct query *q, const struct block *b)
{
	struct str user = b->field[FIELD_USER];
	size_t lt = str_find(user, '<'), gt = str_find(user, '>');

	if (q->user.n == 0 || str_ieq(q->user, user) || str_ieq(q->user, b->field[FIELD_AS]) ||
	    str_ieq(q->user, b->field[FIELD_NAME]))
		return true;
	return lt > 0 && lt < gt && gt < user.n &&
	       (str_ieq(q->user, str_cut(user, 0, lt - 1)) ||
		   str_ieq(q->user, str_cut(user, lt + 1, gt)));
}

/* Leaves the lines that fit; false if nothing of the block does. */
static bool
block_fits(const struct query *q, struct block *b)
{
	size_t n = 0;

	if (b->kind == BLOCK_ARCHIVE || b->time > q->until || !user_fits(q, b))
		return false;
	if (!q->has_target)
		return true;
	for (size_t i = 0; i < b->line.n; i++)
		if (line_fits(q, b->line.v[i].line))
			b->line.v[n++] = b->line.v[i];
	b->line.n = n;
	return n > 0;
}

/* --- how it is shown ---------------------------------------------------------- */

static struct str
who_text(struct ctx *c, const struct block *b)
{
	struct buf s;

	buf_init(&s, c->env);
	buf_str(&s, b->field[FIELD_USER]);
	if (b->field[FIELD_NAME].n)
		buf_fmt(&s, " (%.*s)", STR_FMT(b->field[FIELD_NAME]));
	if (b->field[FIELD_AS].n)
		buf_fmt(&s, " as %.*s", STR_FMT(b->field[FIELD_AS]));
	if (b->field[FIELD_HOST].n)
		buf_fmt(&s, " on %.*s", STR_FMT(b->field[FIELD_HOST]));
	struct str text = arena_str(&c->out->arena, buf_get(&s));
	buf_release(&s);
	return text;
}

/* A commit's message may have lines. */
static void
show_reason(struct ctx *c, const struct block *b)
{
	struct str rest = field_text(b->field[FIELD_REASON], &c->out->arena), line;

	while (str_next(&rest, '\n', &line))
		if (line.n)
			buf_fmt(&c->out->text, "    %.*s\n", STR_FMT(line));
}

static void
show_block(struct ctx *c, const struct query *q, const struct block *b)
{
	struct buf *out = &c->out->text;
	char time[WHEN_TEXT];
	size_t shown = q->has_target ? b->line.n : b->kind == BLOCK_FIRST ? 0 : LINES_SHOWN;

	if (out->n)
		buf_char(out, '\n');
	buf_fmt(out, "%s %" PRIu64 "  %s  %.*s\n", block_names[b->kind], b->id,
	    when_fmt(time, b->time), STR_FMT(who_text(c, b)));
	buf_fmt(out, "    %.*s\n", STR_FMT(block_what(b, &c->out->arena)));
	show_reason(c, b);
	for (size_t i = 0; i < b->line.n && i < shown; i++)
		buf_fmt(out, "  %c %.*s\n", b->line.v[i].op, STR_FMT(b->line.v[i].line));
	if (b->kind != BLOCK_FIRST && b->line.n > shown)
		buf_fmt(out, "    ... and %zu lines more\n", b->line.n - shown);
}

static const struct column line_columns[] = { { "id", COLUMN_RIGHT }, { "time", 0 },
	{ "change", 0 }, { "user", 0 }, { "as", 0 }, { "host", 0 }, { "ipam-user", 0 },
	{ "command", 0 }, { "reason", 0 }, { "op", 0 }, { "record", 0 } };
static const struct column short_columns[] = { { "id", COLUMN_RIGHT }, { "time", 0 }, { "user", 0 },
	{ "command", 0 }, { "reason", 0 } };

/* Rows of a change's lines: for a program, or of whoever names their columns. */
static bool
wants_lines(const struct ctx *c)
{
	return c->format == FORMAT_TSV || c->format == FORMAT_JSON || args_has(&c->args, "fields");
}

/* A TAB would be the end of a cell. */
static struct str
one_cell(struct ctx *c, struct str s)
{
	char *p = arena_z(&c->out->arena, s);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] == '\t')
			p[i] = ' ';
	return (struct str){ p, s.n };
}

static void
put_title(struct ctx *c, const struct block *b)
{
	char time[WHEN_TEXT];

	out_row(c->out, NULL);
	out_count(c->out, count_of(b->id));
	out_str(c->out, arena_str(&c->out->arena, str_from(when_fmt(time, b->time))));
}

static void
row_of_line(struct ctx *c, const struct block *b, const struct block_line *l)
{
	static const enum block_field fields[] = { FIELD_USER, FIELD_AS, FIELD_HOST, FIELD_NAME,
		FIELD_COMMAND, FIELD_REASON };

	put_title(c, b);
	out_str(c->out, str_from(block_names[b->kind]));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		out_str(c->out, arena_str(&c->out->arena, b->field[fields[i]]));
	out_str(c->out, l->op == '+' ? STR("+") : STR("-"));
	out_str(c->out, one_cell(c, l->line));
}

static void
row_of_block(struct ctx *c, const struct block *b)
{
	put_title(c, b);
	out_str(c->out, block_user(b, &c->out->arena));
	out_str(c->out, block_what(b, &c->out->arena));
	struct str reason = field_text(b->field[FIELD_REASON], &c->out->arena);
	out_str(c->out, one_cell(c, str_cut(reason, 0, str_find(reason, '\n'))));
}

static void
show(struct ctx *c, const struct query *q, const struct block *b)
{
	if (args_has(&c->args, "oneline"))
		row_of_block(c, b);
	else if (!wants_lines(c))
		show_block(c, q, b);
	else
		for (size_t i = 0; i < b->line.n; i++)
			row_of_line(c, b, &b->line.v[i]);
}

/* --- the command ---------------------------------------------------------------- */

static void
set_columns(struct ctx *c)
{
	if (args_has(&c->args, "oneline"))
		out_columns(c->out, short_columns, ARRAY_LEN(short_columns));
	else if (wants_lines(c))
		out_columns(c->out, line_columns, ARRAY_LEN(line_columns));
}

/* Shows them as they are found: who reads on a terminal, or the first few, need not wait;
 * but --fields is for all rows at once. */
static enum status
show_changes(struct ctx *c, struct query *q)
{
	struct history h;
	enum status status;
	bool any = false;

	history_start(&h, &c->session->journal, c->db);
	h.words = q->has_words ? &q->words : NULL;
	h.wants = may_fit;
	h.ctx = q;
	while ((status = history_prev(&h)) == STATUS_OK && h.block.time >= q->since) {
		if (!block_fits(q, &h.block))
			continue;
		show(c, q, &h.block);
		any = true;
		if (!args_has(&c->args, "fields") && !out_flush(c->out))
			break;
	}
	if (status == STATUS_NO && h.lacks)
		diag_warn(c->diags, "%s: is not there: what it holds is not shown", h.lacks);
	history_release(&h);
	return status > STATUS_NO ? status : any ? STATUS_OK : STATUS_NO;
}

static enum status
no_journal(struct ctx *c)
{
	return diag_fail(c->diags, STATUS_NO, "%s: there is no journal",
	    store_name(c->session->store));
}

static enum status
list_changes(struct ctx *c)
{
	struct query q = { .c = c };
	enum status status = read_query(&q);

	if (!status)
		status = session_journal_open(c->session);
	set_columns(c);
	if (!status && !journal_exists(&c->session->journal))
		status = no_journal(c);
	if (!status) {
		find_words(&q);
		status = show_changes(c, &q);
		needles_release(&q.words);
		needles_release(&q.user_word);
	}
	vec_release(&q.place);
	return status;
}

static enum status
print_head(struct ctx *c)
{
	static const struct column column[] = { { "seal", COLUMN_PLAIN } };
	enum status status = session_journal_open(c->session);

	if (status)
		return status;
	if (!journal_exists(&c->session->journal))
		return no_journal(c);
	out_columns(c->out, column, 1);
	out_row(c->out, NULL);
	out_str(c->out, c->session->journal.last.seal);
	return STATUS_OK;
}

static enum status
verify(struct ctx *c)
{
	struct session *s = c->session;
	enum status status =
	    history_verify(s->store, c->env, s->arena, args_get(&c->args, "head"), c->diags);

	if (!status)
		status = session_journal(s);
	if (!status && journal_exists(&s->journal) && s->journal.unrecorded)
		return diag_fail(c->diags, STATUS_NO,
		    "%s: is not what the journal leaves: %zu record%s came or went",
		    store_name(s->store), s->journal.unrecorded,
		    s->journal.unrecorded == 1 ? "" : "s");
	return status;
}

/* -n: what would be. */
static enum status
show_pending(struct ctx *c)
{
	struct journal *j = &c->session->journal;
	struct block b = { 0 };
	struct tape tape;
	struct str text;
	struct buf out;

	buf_init(&out, c->env);
	history_pending(j, &tape);
	enum status status = tape_start(&tape);
	while (!status && (status = tape_next(&tape, &text)) == STATUS_OK) {
		status = tape_parse(&tape, text, &b);
		for (size_t i = 0; !status && b.kind != BLOCK_FIRST && i < b.line.n; i++)
			buf_fmt(&out, "%c%.*s\n", b.line.v[i].op, STR_FMT(b.line.v[i].line));
	}
	c->note = arena_str(&c->db->arena, buf_get(&out));
	tape_release(&tape);
	vec_release(&b.line);
	buf_release(&out);
	return status == STATUS_NO ? STATUS_OK : status;
}

static enum status
record(struct ctx *c)
{
	enum status status = session_journal(c->session);

	if (status)
		return status;
	return c->dry ? show_pending(c) : session_record(c->session);
}

static enum status
rotate(struct ctx *c)
{
	static const struct column column[] = { { "archive", COLUMN_PLAIN } };
	struct str name;
	enum status status = session_rotate(c->session, c->dry, &name);

	if (status || name.n == 0)
		return status;
	out_columns(c->out, column, 1);
	out_row(c->out, NULL);
	out_str(c->out, name);
	return STATUS_OK;
}

/* What the command does instead of listing. */
static const struct {
	const char *option;
	enum status (*run)(struct ctx *c);
} other[] = {
	{ "verify", verify },
	{ "record", record },
	{ "rebuild", record }, /* the session knows */
	{ "rotate", rotate },
	{ "head", print_head },
};

/* --head has a seal with --verify, and none else. */
static enum status
check_head(struct ctx *c)
{
	struct str head = args_get(&c->args, "head");
	bool verify = args_has(&c->args, "verify");
	struct sum sum;

	if (!args_has(&c->args, "head") || (!verify && head.n == 0))
		return STATUS_OK;
	if (!sum_parse(head, &sum))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--head %.*s: a seal of 64 digits is wanted", STR_FMT(head));
	return verify ? STATUS_OK
	              : diag_fail(c->diags, STATUS_USAGE,
			    "--head SEAL goes with --verify; --head alone prints the last one");
}

/* One thing at a time, and what narrows the list down is for the list. */
static enum status
check_options(struct ctx *c, const char *option)
{
	static const char *const of_list[] = { "since", "until", "user", "oneline" };
	bool verify = strcmp(option, "verify") == 0;

	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		const char *also = other[i].option;
		if (args_has(&c->args, also) && strcmp(also, option) != 0 &&
		    !(verify && strcmp(also, "head") == 0))
			return diag_fail(c->diags, STATUS_USAGE, "--%s or --%s, not both", option,
			    also);
	}
	for (size_t i = 0; i < ARRAY_LEN(of_list); i++)
		if (args_has(&c->args, of_list[i]))
			return diag_fail(c->diags, STATUS_USAGE,
			    "--%s is for the list of changes, not for --%s", of_list[i], option);
	return cmd_words(c, 0, 0);
}

enum status
cmd_log(struct ctx *c)
{
	enum status status = check_head(c);

	for (size_t i = 0; !status && i < ARRAY_LEN(other); i++) {
		if (!args_has(&c->args, other[i].option))
			continue;
		status = check_options(c, other[i].option);
		return status ? status : other[i].run(c);
	}
	return status ? status : list_changes(c);
}
