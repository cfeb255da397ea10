/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log_query.h"

#include <string.h>

void
log_query_init(struct log_query *q, struct ctx *c)
{
	*q = (struct log_query){ .c = c };
	needles_init(&q->words, c->env);
	needles_init(&q->user_word, c->env);
}

void
log_query_release(struct log_query *q)
{
	needles_release(&q->words);
	needles_release(&q->user_word);
	vec_release(&q->place);
}

/* --- what is asked for ------------------------------------------------------ */

static void
add_record(struct log_query *q, const struct rec *r)
{
	struct log_place p = { r->vrf, rec_span(r), r->kind == KIND_OBJECT ? r : NULL };

	vec_push(q->c->env, &q->place, p);
}

/* A key is a place; a name means the records that have it now, and every line that
 * ever had it. */
static enum status
read_target(struct log_query *q, struct str word)
{
	struct ctx *c = q->c;
	struct target t = { 0 };
	struct diags unsaid;
	enum status status;

	diags_init(&unsaid, c->env);
	status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", &unsaid);
	q->has_target = true;
	if (!status && t.is_key) {
		struct log_place p = { t.vrf, t.span, NULL };
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

enum status
log_query_read(struct log_query *q)
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
	if (!status && c->args.word.n)
		status = read_target(q, c->args.word.v[0]);
	return status;
}

/* --- what may fit -------------------------------------------------------------- */

/* The words that every line of a place has: all of an IPv4 address, or what the first and
 * last one of a prefix begin with. */
static struct str
word_of(struct ctx *c, const struct log_place *p)
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
find_words(struct log_query *q)
{
	enum { MANY = 8 };

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
may_be_at(const struct log_query *q, struct str line)
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
	const struct log_query *q = ctx;
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

void
log_query_sift(struct log_query *q, struct history *h)
{
	find_words(q);
	h->words = q->has_words ? &q->words : NULL;
	h->wants = may_fit;
	h->ctx = q;
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
is_at(const struct log_place *p, const struct rec *r)
{
	if (p->object)
		return r->kind == KIND_OBJECT &&
		       str_ieq(rec_object_kind(r), rec_object_kind(p->object)) &&
		       str_ieq(rec_object_name(r), rec_object_name(p->object));
	return ((1u << r->kind) & K_PLAN) && r->vrf == p->vrf && span_holds(p->span, rec_span(r));
}

static bool
line_fits(const struct log_query *q, struct str line)
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
user_fits(const struct log_query *q, const struct block *b)
{
	static const enum block_field names[] = { FIELD_USER, FIELD_AS, FIELD_NAME };
	struct str user = b->field[FIELD_USER];
	size_t lt = str_find(user, '<'), gt = str_find(user, '>');

	if (q->user.n == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_ieq(q->user, field_text(b->field[names[i]], &q->c->db->arena)))
			return true;
	return lt > 0 && lt < gt && gt < user.n &&
	       (str_ieq(q->user, str_cut(user, 0, lt - 1)) ||
		   str_ieq(q->user, str_cut(user, lt + 1, gt)));
}

bool
log_query_fits(const struct log_query *q, struct block *b)
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
