/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal_parts.h"

#include <inttypes.h>

#include "core/when.h"

/* --- the end of the journal -------------------------------------------- */

/* The last block stays, and so its text is copied. */
static enum status
keep_last(struct journal *j, struct tape *s, struct str text)
{
	char seal[SUM_TEXT];
	struct str none = STR("0000000000000000000000000000000000000000000000000000000000000000");
	struct str before = tape_seal_before(s);
	enum status status = tape_parse(s, arena_str(j->arena, text), &j->last);

	if (status)
		return status;
	if (before.n == 0)
		before = j->last.kind == BLOCK_ARCHIVE ? j->last.field[FIELD_AFTER] : none;
	block_seal(j->env, before, j->last.sealed, seal);
	if (!str_eq(str_from(seal), j->last.seal))
		return tape_fault(s, j->last.sealed.n, "the seal of the last block is not right");
	chain_follow(&j->chain, &j->last);
	return STATUS_OK;
}

/* The first line, which nobody sees who begins at the end: nothing is written behind
 * what a newer program has written. */
static enum status
check_head(struct journal *j)
{
	static const struct str word = STR("ipam-log ");
	char text[32];
	uint64_t version;
	size_t n = 0;

	if (j->file.size < sizeof(JOURNAL_HEAD) - 1)
		return STATUS_OK;
	enum status status = beside_pread(&j->file, 0, text, sizeof(text), &n, j->diags);
	struct str head =
	    str_cut((struct str){ text, n }, 0, str_find((struct str){ text, n }, '\n'));
	if (status || str_starts((struct str){ text, n }, STR(JOURNAL_HEAD)))
		return status;
	if (str_starts(head, word) &&
	    str_uint(str_cut(head, word.n, head.n), UINT32_MAX, &version) && version > 1)
		return diag_fail(j->diags, STATUS_SYSTEM,
		    "%s:1: version %u is newer than this program (it knows 1)", j->file.name,
		    (unsigned)version);
	return diag_fail(j->diags, STATUS_INVALID, "%s:1: not the first line of a journal",
	    j->file.name);
}

static enum status
read_end(struct journal *j)
{
	struct tape s;
	struct str text;

	tape_file(&s, j->env, &j->file, j->diags);
	enum status status = tape_end(&s);
	j->whole = s.whole;
	if (!status)
		status = tape_prev(&s, &text);
	if (!status)
		status = keep_last(j, &s, text);
	tape_release(&s);
	return status == STATUS_NO ? STATUS_OK : status;
}

enum status
journal_open(struct journal *j, struct store *store, const struct origin *origin,
    const struct env *env, struct arena *arena, struct diags *d)
{
	*j = (struct journal){ .env = env,
		.arena = arena,
		.diags = d,
		.store = store,
		.origin = origin };
	chain_start(&j->chain);
	buf_init(&j->pending, env);
	enum status status = beside_open(&j->file, store, ".log", BESIDE_READ, d);
	if (!status)
		status = check_head(j);
	if (!status)
		status = read_end(j);
	if (!journal_exists(j))
		j->whole = 0;
	if (status == STATUS_INVALID) {
		diag_hint(d, "move it away, and the next change begins a new one");
		return STATUS_SYSTEM;
	}
	return status == STATUS_NO ? STATUS_OK : status;
}

void
journal_close(struct journal *j)
{
	if (!j->env)
		return;
	beside_close(&j->file);
	vec_release(&j->last.line);
	buf_release(&j->pending);
	j->env = NULL;
}

bool
journal_exists(const struct journal *j)
{
	return j->last.kind != BLOCK_NONE;
}

/* --- the plan ---------------------------------------------------------- */

static const struct str sum_word = STR("sum ");

static bool
state_sum(struct journal *j, struct sum *out)
{
	struct store_state state;
	struct str rest, line;

	if (!store_state_read(j->store, j->arena, &state))
		return false;
	for (rest = state.lines; str_next(&rest, '\n', &line);)
		if (str_starts(line, sum_word))
			return sum_parse(str_cut(line, sum_word.n, line.n), out);
	return false;
}

const struct sum *
journal_sum(struct journal *j, const struct db *db)
{
	if (!j->has_sum && !state_sum(j, &j->sum))
		j->sum = plan_sum(db);
	j->has_sum = true;
	return &j->sum;
}

struct str
journal_state(struct journal *j)
{
	char text[SUM_TEXT];

	return arena_fmt(j->arena, "sum %s\n", sum_fmt(text, &j->chain.sum));
}

/* Whether the last writer was stopped before it replaced the plan.  What it had prepared
 * lies there, or (a power cut may have taken that) the plan was not touched since. */
static bool
was_stopped(const struct journal *j)
{
	return store_was_stopped(j->store) || store_id(j->store).ctime <= j->file.mtime;
}

static bool
has_come(struct journal *j, const struct db *db)
{
	const struct sum *sum = journal_sum(j, db);

	if (j->last.kind != BLOCK_CHANGE || sum_eq(sum, &j->last.result))
		return true;
	/* Somebody changed the file since, too.  If nothing of the block is there, it may
	 * have come and been taken back by hand, or by git. */
	return plan_has(db, &j->last.line) != CAME_NONE || !was_stopped(j);
}

bool
journal_last_came(struct journal *j, const struct db *db)
{
	if (!j->last_came)
		j->last_came = has_come(j, db) ? CAME : CAME_NOT;
	return j->last_came == CAME;
}

/* --- what is to be recorded first --------------------------------------- */

void
journal_field(struct journal *j, struct block *b, enum block_field f, struct str text)
{
	struct buf value;

	if (text.n == 0)
		return;
	buf_init(&value, j->env);
	field_put(&value, text);
	b->field[f] = arena_str(j->arena, buf_get(&value));
	buf_release(&value);
}

struct block
journal_block(struct journal *j, enum block_kind kind)
{
	struct block b = { .kind = kind, .time = j->env->now };
	const struct origin *o = j->origin;
	bool is_ours = kind != BLOCK_OUTSIDE && kind != BLOCK_COMMIT && kind != BLOCK_VOID;
	char time[WHEN_TEXT];

	if (o->has_real || j->env->now < j->chain.time)
		journal_field(j, &b, FIELD_REAL,
		    str_from(when_fmt(time, o->has_real ? o->real : j->env->now)));
	if (!is_ours)
		return b;
	journal_field(j, &b, FIELD_USER, o->who.user);
	journal_field(j, &b, FIELD_AS, o->who.as);
	journal_field(j, &b, FIELD_HOST, o->who.host);
	journal_field(j, &b, FIELD_NAME, o->who.name);
	return b;
}

struct block
journal_outside(struct journal *j, int64_t time)
{
	struct block b = journal_block(j, BLOCK_OUTSIDE);

	b.time = time < j->env->now ? time : j->env->now;
	journal_field(j, &b, FIELD_USER, who_name(j->arena, store_owner(j->store)));
	journal_field(j, &b, FIELD_HOST, j->origin->who.host);
	return b;
}

void
journal_put(struct journal *j, const struct block *b)
{
	block_put(&j->pending, j->env, &j->chain, b);
	if (b->kind != BLOCK_FIRST)
		j->unrecorded += b->line.n;
}

static void
put_void(struct journal *j, uint64_t id, struct buf *out)
{
	struct block b = journal_block(j, BLOCK_VOID);

	b.field[FIELD_BLOCK] = arena_fmt(j->arena, "%" PRIu64, id);
	block_put(out, j->env, &j->chain, &b);
}

static void
put_first(struct journal *j, const struct db *db)
{
	struct block b = journal_block(j, BLOCK_FIRST);

	plan_lines(db, &b.line);
	block_put(&j->pending, j->env, &j->chain, &b);
	vec_release(&b.line);
}

/* The state that the journal leaves, from its first block on.  Its blocks are skimmed: the
 * sum of what they make says whether it can be trusted. */
static enum status
replay_all(struct journal *j, struct replay *r)
{
	struct tape s;
	struct block b = { 0 };
	struct str text;

	tape_file(&s, j->env, &j->file, j->diags);
	enum status status = tape_start(&s);
	while (!status && (status = tape_next(&s, &text)) == STATUS_OK) {
		if (!block_skim(text, &b, j->env))
			status = tape_fault(&s, 0, "not the beginning of a block");
		else
			replay_block(r, &b);
	}
	tape_release(&s);
	vec_release(&b.line);
	struct sum sum = replay_sum(r);
	if (status == STATUS_NO && sum_eq(&sum, &j->last.result))
		return STATUS_OK;
	if (status == STATUS_NO)
		diag_fail(j->diags, STATUS_SYSTEM, "%s: its blocks do not make its last result",
		    j->file.name);
	if (status == STATUS_NO || status == STATUS_INVALID)
		diag_hint(j->diags, "`ipam log --verify` says where; move it away, and the next "
				    "change begins a new one");
	return STATUS_SYSTEM;
}

/* When the file was changed last. */
static int64_t
file_time(const struct journal *j)
{
	return store_id(j->store).mtime / 1000000000;
}

static void
put_outside(struct journal *j, struct replay *r, const struct db *db)
{
	struct block b = journal_outside(j, file_time(j));

	replay_difference(r, db, &b.line);
	if (b.line.n)
		journal_put(j, &b);
	vec_release(&b.line);
}

static enum status
examine_outside(struct journal *j, const struct db *db, bool is_void)
{
	struct replay r;
	const struct block closing = { .kind = BLOCK_VOID };

	replay_init(&r, j->env);
	enum status status = replay_all(j, &r);
	if (!status && is_void)
		replay_block(&r, &closing);
	if (!status && !(j->ask_git && takeover_put(j, &r, db)))
		put_outside(j, &r, db);
	replay_release(&r);
	return status;
}

/* --- foreseen ------------------------------------------------------------ */

static void
copy_seal(const struct journal *j, char seal[SUM_TEXT])
{
	memset(seal, 0, SUM_TEXT);
	if (journal_exists(j))
		memcpy(seal, j->last.seal.p, SUM_TEXT - 1);
}

struct foresight
journal_foresee(const struct journal *j)
{
	struct foresight f = { .id = store_id(j->store),
		.chain = j->chain,
		.pending = arena_str(j->arena, buf_get(&j->pending)),
		.unrecorded = j->unrecorded };

	copy_seal(j, f.seal);
	return f;
}

static bool
adopt(struct journal *j)
{
	const struct foresight *f = j->foresight;
	struct file_id id = store_id(j->store);
	char seal[SUM_TEXT];

	copy_seal(j, seal);
	if (!f || !file_id_eq(&f->id, &id) || memcmp(f->seal, seal, SUM_TEXT) != 0)
		return false;
	buf_str(&j->pending, f->pending);
	j->chain = f->chain;
	j->unrecorded = f->unrecorded;
	return true;
}

/* --- examined ------------------------------------------------------------ */

bool
journal_is_current(struct journal *j)
{
	struct sum sum;

	return journal_exists(j) && state_sum(j, &sum) && sum_eq(&sum, &j->last.result);
}

enum status
journal_examine(struct journal *j, const struct db *db)
{
	bool is_void;

	if (adopt(j))
		return STATUS_OK;
	if (!journal_exists(j)) {
		buf_z(&j->pending, JOURNAL_HEAD);
		put_first(j, db);
		return STATUS_OK;
	}
	is_void = !journal_last_came(j, db);
	if (is_void) {
		j->chain.sum = block_before(&j->last, j->env);
		put_void(j, j->last.id, &j->pending);
	}
	return sum_eq(journal_sum(j, db), &j->chain.sum) ? STATUS_OK
	                                                 : examine_outside(j, db, is_void);
}

enum status
journal_rebuild(struct journal *j, const struct db *db)
{
	struct replay r;
	bool led = false;

	if (journal_exists(j)) {
		diag_fail(j->diags, STATUS_CONFLICT, "%s: is there already", j->file.name);
		diag_hint(j->diags, "move it away, and git's history makes another one");
		return STATUS_CONFLICT;
	}
	if (adopt(j))
		return STATUS_OK;
	if (!j->ask_git)
		return diag_fail(j->diags, STATUS_SYSTEM,
		    "%s: was changed meanwhile; nothing was written", store_name(j->store));
	buf_z(&j->pending, JOURNAL_HEAD);
	replay_init(&r, j->env);
	enum status status = takeover_all(j, &r, db, &led);
	if (!status && !led)
		put_outside(j, &r, db);
	replay_release(&r);
	return status;
}

/* --- writing ------------------------------------------------------------ */

/* Whatever a killed writer left behind the last whole block goes. */
static enum status
write_blocks(struct journal *j, struct str blocks)
{
	struct beside b;
	enum status status = beside_open(&b, j->store, ".log", BESIDE_APPEND, j->diags);

	if (!status && b.size > j->whole)
		status = beside_cut(&b, j->whole, j->diags);
	if (!status)
		status = beside_append(&b, blocks, j->diags);
	if (!status)
		j->whole = b.size;
	beside_close(&b);
	return status;
}

enum status
journal_append(struct journal *j, const block_lines *lines)
{
	struct block b = journal_block(j, BLOCK_CHANGE);
	enum status status;

	j->before = j->chain;
	if (lines->n) {
		journal_field(j, &b, FIELD_COMMAND, j->origin->command);
		journal_field(j, &b, FIELD_REASON, j->origin->reason);
		b.line = *lines;
		block_put(&j->pending, j->env, &j->chain, &b);
	}
	if (j->pending.n == 0)
		return STATUS_OK;
	status = write_blocks(j, buf_get(&j->pending));
	j->pending.n = 0;
	return status;
}

void
journal_void(struct journal *j)
{
	struct diags *said = j->diags, unsaid;

	if (j->chain.id == j->before.id)
		return;
	diags_init(&unsaid, j->env);
	j->diags = &unsaid;
	j->chain.sum = j->before.sum;
	put_void(j, j->chain.id, &j->pending);
	write_blocks(j, buf_get(&j->pending));
	j->pending.n = 0;
	j->diags = said;
	diags_release(&unsaid);
}
