/* SPDX-License-Identifier: GPL-3.0-or-later */
/* takeover: the commits of git as blocks of the journal. */
#include "git.h"
#include "history.h"
#include "journal_parts.h"

#include "core/when.h"

/* So many blocks at the journal's end tell which commits are known. */
enum { BLOCKS_KNOWN = 10000 };

struct takeover {
	struct journal *j;
	struct replay *r;
	const struct db *db;
	struct git git;
	struct sum head;    /* of the plan in HEAD */
	git_commits commit; /* the newest first */
};

static bool
start(struct takeover *t, struct journal *j, struct replay *r, const struct db *db)
{
	struct str head;

	*t = (struct takeover){ .j = j, .r = r, .db = db };
	if (!git_find(&t->git, store_name(j->store), j->env, j->arena) || !git_head(&t->git, &head))
		return false;
	t->head = gitlog_sum(head, j->env);
	return true;
}

/* --- which ------------------------------------------------------------ */

static struct str
sum_text(struct takeover *t, const struct sum *sum)
{
	char text[SUM_TEXT];

	return arena_str(t->j->arena, str_from(sum_fmt(text, sum)));
}

/* The plans and commits that the journal's last blocks tell of. */
static void
find_known(struct takeover *t, bool archives, struct gitlog_known *known)
{
	struct history h;
	struct diags unsaid, *said = t->j->diags;

	diags_init(&unsaid, t->j->env);
	t->j->diags = &unsaid;
	gitlog_know(known, STR_NONE, sum_text(t, &t->j->chain.sum));
	history_start(&h, t->j, t->db);
	for (size_t i = 0; i < BLOCKS_KNOWN && history_prev(&h) == STATUS_OK; i++) {
		struct str id = arena_str(t->j->arena, h.block.field[FIELD_COMMIT]);
		gitlog_know(known, id, sum_text(t, &h.block.result));
		if (h.block.kind == BLOCK_ARCHIVE && !archives)
			break;
	}
	history_release(&h);
	t->j->diags = said;
	diags_release(&unsaid);
}

/* Where nothing is known, what is older than the journal's end is no news. */
static size_t
newer(const struct takeover *t)
{
	size_t n = 0;

	while (n < t->commit.n && t->commit.v[n].committed > t->j->chain.time)
		n++;
	return n;
}

/* Asks for more and more commits until one is known; false if there are no more. */
static bool
find_base(struct takeover *t, const struct gitlog_known *known, size_t *n)
{
	static const size_t steps[] = { 64, 512, 0 };

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		size_t had = t->commit.n;
		if (!git_log(&t->git, had, steps[i], &t->commit))
			return false;
		*n = gitlog_new(&t->commit, t->head, known, t->j->env);
		if (*n < t->commit.n)
			return true;
		if (t->commit.n - had < steps[i])
			break;
	}
	return false;
}

static size_t
count_new(struct takeover *t)
{
	struct gitlog_known known;
	size_t n = 0;

	gitlog_known_init(&known, t->j->env);
	find_known(t, false, &known);
	if (!find_base(t, &known, &n)) {
		gitlog_known_release(&known);
		gitlog_known_init(&known, t->j->env);
		find_known(t, true, &known);
		n = gitlog_new(&t->commit, t->head, &known, t->j->env);
		if (n == t->commit.n)
			n = newer(t);
	}
	gitlog_known_release(&known);
	return n;
}

/* --- blocks ----------------------------------------------------------- */

static struct block
block_of(struct takeover *t, const struct git_commit *c, int64_t time)
{
	struct block b = journal_block(t->j, BLOCK_COMMIT);
	char date[WHEN_TEXT];

	b.time = time < t->j->env->now ? time : t->j->env->now;
	journal_field(t->j, &b, FIELD_USER, c->author);
	journal_field(t->j, &b, FIELD_COMMIT, c->id);
	journal_field(t->j, &b, FIELD_DATE, str_from(when_fmt(date, c->authored)));
	journal_field(t->j, &b, FIELD_REASON, c->message);
	return b;
}

static void
put(struct takeover *t, struct block *b)
{
	if (b->line.n)
		journal_put(t->j, b);
	vec_release(&b->line);
}

/* What of a commit is news here. */
static void
put_commit(struct takeover *t, const struct git_commit *c)
{
	struct block b = block_of(t, c, c->committed);

	replay_replace(t->r, &c->line, &b.line);
	put(t, &b);
}

/* A side's commits are that when they were merged; where both sides changed a record, the
 * merge says what becomes of it. */
static void
put_side(struct takeover *t, const struct git_commit *merge)
{
	git_commits side = { 0 };
	bool ok = git_side(&t->git, merge, &side);

	for (size_t i = 0; ok && i < side.n; i++) {
		struct block b = block_of(t, &side.v[i], merge->committed);
		replay_change(t->r, &side.v[i].line, &b.line);
		put(t, &b);
	}
	gitlog_release(&side);
}

/* The last one, which leads to the plan as it is: what it replaced, when it was amended,
 * is its change, too. */
static void
put_last(struct takeover *t, const struct git_commit *c)
{
	struct block b = block_of(t, c, c->committed);

	replay_difference(t->r, t->db, &b.line);
	put(t, &b);
}

/* Whether the oldest commit stands where a shallow clone was cut off. */
static bool
is_cut(struct takeover *t)
{
	return journal_exists(t->j) && git_is_shallow(&t->git);
}

/* Who did what such a commit has is not known: it is not its own change. */
static void
put_cut(struct takeover *t, const struct git_commit *c)
{
	struct block b = journal_outside(t->j, c->committed);

	replay_replace(t->r, &c->line, &b.line);
	put(t, &b);
}

/* The first n of the commits, from the oldest on; whether they lead to the plan. */
static bool
put_all(struct takeover *t, size_t n)
{
	bool leads = n > 0 && sum_eq(&t->head, journal_sum(t->j, t->db));

	replay_towards(t->r, t->db);
	if (n > 0 && n == t->commit.n && is_cut(t))
		put_cut(t, &t->commit.v[--n]);
	while (n-- > 0) {
		const struct git_commit *c = &t->commit.v[n];
		if (c->is_merge)
			put_side(t, c);
		if (n == 0 && leads)
			put_last(t, c);
		else
			put_commit(t, c);
	}
	return leads;
}

bool
takeover_put(struct journal *j, struct replay *r, const struct db *db)
{
	struct takeover t;
	bool leads = start(&t, j, r, db) && put_all(&t, count_new(&t));

	gitlog_release(&t.commit);
	return leads;
}

/* --- all of them ------------------------------------------------------- */

/* The beginning: nothing; where history was cut, what the oldest commit that is left had. */
static void
put_first(struct takeover *t)
{
	struct git_commit *oldest = &t->commit.v[t->commit.n - 1];
	struct block b = journal_block(t->j, BLOCK_FIRST);
	char time[WHEN_TEXT];
	int64_t real = t->j->origin->has_real ? t->j->origin->real : t->j->env->now;

	b.time = oldest->committed < t->j->env->now ? oldest->committed : t->j->env->now;
	journal_field(t->j, &b, FIELD_REAL, str_from(when_fmt(time, real)));
	if (git_is_shallow(&t->git)) {
		replay_change(t->r, &oldest->line, &b.line);
		vec_release(&oldest->line);
		t->commit.n--;
		diag_warn(t->j->diags,
		    "%s: git's history is cut here: the journal begins with %.12s",
		    store_name(t->j->store), oldest->id.p);
	}
	journal_put(t->j, &b);
	vec_release(&b.line);
}

enum status
takeover_all(struct journal *j, struct replay *r, const struct db *db, bool *led)
{
	struct takeover t;
	enum status status = STATUS_OK;

	if (!start(&t, j, r, db) || !git_log(&t.git, 0, 0, &t.commit) || t.commit.n == 0) {
		struct str why = t.git.why.n ? t.git.why : STR("no commit");
		status = diag_fail(j->diags, STATUS_NO, "%s: git has no history of it: %.*s",
		    store_name(j->store), STR_FMT(why));
	} else {
		put_first(&t);
		*led = put_all(&t, t.commit.n);
	}
	gitlog_release(&t.commit);
	return status;
}
