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
	vec_release(&q->name);
}

/* --- what is asked for ------------------------------------------------------ */

static void
add_record(struct log_query *q, const struct rec *r)
{
	struct log_place p = { r->vrf, rec_span(r), STR_NONE, STR_NONE };

	if (r->kind == KIND_OBJECT) {
		p.kind = rec_object_kind(r);
		p.name = rec_object_name(r);
	}
	vec_push(q->c->env, &q->place, p);
}

static bool
read_key(struct log_query *q, struct str word)
{
	struct db *db = q->c->db;
	struct ip_error err;
	struct key key;
	int vrf = (int)q->c->scope.vrf;

	if (!key_parse(word, &key, &err))
		return false;
	if (key.has_vrf)
		vrf = key.vrf.n ? vrfs_add(&db->vrfs, key.vrf) : 0;
	if (vrf < 0)
		return false;
	vec_push(q->c->env, &q->place,
	    ((struct log_place){ (unsigned)vrf, key.span, STR_NONE, STR_NONE }));
	return true;
}

/* @KIND/NAME, or as in the file. */
static bool
read_object(struct log_query *q, struct str word)
{
	size_t slash = str_find(word, '/'), blank = str_find(word, ' ');
	size_t end = blank < slash ? blank : slash;

	if (word.n == 0 || word.p[0] != '@' || end == word.n)
		return false;
	vec_push(q->c->env, &q->place,
	    ((struct log_place){ .kind = str_cut(word, 1, end),
		.name = str_cut(word, end + 1, word.n) }));
	return true;
}

/* A name means the records that have it now, and every line that ever had it. */
static enum status
read_name(struct log_query *q, struct str word)
{
	struct ctx *c = q->c;
	struct target t = { 0 };
	struct diags unsaid;
	enum status status;

	diags_init(&unsaid, c->env);
	status = target_parse(&t, c->db, c->scope, word, K_ANY, "a record", &unsaid);
	if (status <= STATUS_NO)
		vec_push(c->env, &q->name, str_without_dot(word));
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
read_target(struct log_query *q, struct str word)
{
	return read_key(q, word) || read_object(q, word) ? STATUS_OK : read_name(q, word);
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
	word_list target = { 0 };
	q->has_target = c->args.word.n > 0;
	if (!status)
		status = cmd_targets(c, &target);
	for (size_t i = 0; i < target.n && !status; i++)
		status = read_target(q, target.v[i]);
	vec_release(&target);
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

	if (p->kind.n)
		return p->name;
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

	q->has_words = q->has_target && q->place.n + q->name.n <= MANY;
	for (size_t i = 0; i < q->name.n && q->has_words; i++) {
		struct str name = q->name.v[i];
		name = str_cut(name, 0, str_find(name, '.')); /* in the line, or with its domain */
		q->has_words = name.n > 0;
		needles_add(&q->words, name, true);
	}
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

	while (line.n && ascii_blank(line.p[0]))
		line = str_cut(line, 1, line.n);
	size_t n = 0;
	while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
		n++;
	bool is_object = n > 0 && line.p[0] == '@';
	if (!is_object && !key_parse(str_cut(line, 0, n), &key, &err))
		return false;
	for (size_t i = 0; i < q->place.n; i++)
		if (is_object ? q->place.v[i].kind.n > 0 : span_holds(q->place.v[i].span, key.span))
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

/* Whether a host is called that in a domain. */
static bool
is_full_name(struct str name, struct str host, struct str domain)
{
	return domain.n && name.n == host.n + 1 + domain.n && name.p[host.n] == '.' &&
	       str_ieq(str_cut(name, 0, host.n), host) &&
	       str_ieq(str_cut(name, host.n + 1, name.n), domain);
}

/* The domain in force there, as the plan is now. */
static struct str
domain_of(struct ctx *c, const struct rec *r)
{
	struct str domain = STR_NONE;
	struct attr attr;

	if (attr_find(r, STR("domain"), &attr)) {
		domain = attr_value(&attr, &c->db->arena);
	} else if (r->kind == KIND_ADDRESS && r->vrf < c->db->ranked) {
		const struct rec *in = db_around(c->db, r->vrf, rec_span(r));
		if (!in || !db_value(c->db, in, STR("domain"), &domain, NULL))
			domain = STR_NONE;
	}
	return str_without_dot(domain);
}

static bool
has_name(struct ctx *c, const struct rec *r, struct str name)
{
	static const char *const attributes[] = { "name", "host", "alias" };
	struct str rest, one, domain = STR_NONE;
	struct attr attr;

	for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
		if (!attr_find(r, str_from(attributes[i]), &attr))
			continue;
		if (i > 0 && domain.n == 0 && str_find(name, '.') < name.n)
			domain = domain_of(c, r);
		for (rest = attr_value(&attr, &c->db->arena); str_next(&rest, ',', &one);)
			if (str_ieq(str_without_dot(one), name) || is_full_name(name, one, domain))
				return true;
	}
	return false;
}

static bool
is_at(const struct log_place *p, const struct rec *r)
{
	if (p->kind.n)
		return r->kind == KIND_OBJECT && str_ieq(rec_object_kind(r), p->kind) &&
		       str_ieq(rec_object_name(r), p->name);
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
	for (size_t i = 0; i < q->name.n; i++)
		if (has_name(q->c, &r, q->name.v[i]))
			return true;
	return false;
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
