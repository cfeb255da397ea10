/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history.h"

#include <inttypes.h>

#include "archive.h"
#include "core/when.h"

/* --- back, block by block ----------------------------------------------- */

void
history_start(struct history *h, struct journal *j, const struct db *db)
{
	*h = (struct history){ .journal = j, .archive.fd = -1, .below = UINT64_MAX };
	if (journal_exists(j) && !journal_last_came(j, db))
		h->left_out = j->last.id;
}

void
history_release(struct history *h)
{
	tape_release(&h->tape);
	beside_close(&h->archive);
	vec_release(&h->block.line);
}

void
history_pending(struct journal *j, struct tape *tape)
{
	struct str pending = buf_get(&j->pending);
	struct buf text;

	buf_init(&text, j->env);
	if (!str_starts(pending, STR(JOURNAL_HEAD)))
		buf_z(&text, JOURNAL_HEAD);
	buf_str(&text, pending);
	tape_text(tape, j->env, j->file.name, buf_get(&text), j->diags);
	buf_release(&text);
}

/* The archive that a block names must end with the seal that it names. */
static enum status
open_archive(struct history *h)
{
	struct journal *j = h->journal;
	struct str name = arena_str(j->arena, archive_name(&h->block, j->arena)), text;
	struct str after = arena_str(j->arena, h->block.field[FIELD_AFTER]);
	uint64_t id = h->block.id;

	tape_release(&h->tape);
	beside_close(&h->archive);
	enum status status = archive_open(&h->archive, j->store, name, j->env, j->arena, j->diags);
	if (status == STATUS_NO)
		h->lacks = h->archive.name;
	if (status)
		return status;
	tape_file(&h->tape, j->env, &h->archive, j->diags);
	status = tape_end(&h->tape);
	if (!status && (status = tape_prev(&h->tape, &text)) == STATUS_OK)
		status = tape_parse(&h->tape, text, &h->block);
	if (!status && (!str_eq(h->block.seal, after) || h->block.id >= id || id > h->below))
		status = tape_fault(&h->tape, h->block.sealed.n,
		    "the archive does not end where the journal goes on");
	h->below = id;
	return status ? status : tape_end(&h->tape);
}

/* The next thing to read is what is pending, the journal, an archive. */
static enum status
next_part(struct history *h)
{
	struct journal *j = h->journal;
	bool begins = !h->any;

	h->any = true;
	if (begins && h->pending && j->pending.n) {
		history_pending(j, &h->tape);
	} else if (begins || h->pending) {
		h->pending = false;
		tape_release(&h->tape);
		tape_file(&h->tape, j->env, &j->file, j->diags);
	} else if (h->block.kind == BLOCK_ARCHIVE) {
		return open_archive(h);
	} else {
		return STATUS_NO;
	}
	return tape_end(&h->tape);
}

/* What a block must have to be looked at, and what tells of others always has. */
static const struct str void_word = STR("void "), archive_word = STR("archive ");

static bool
is_wanted(const struct history *h, struct str text)
{
	return !h->wants || str_starts(text, void_word) || str_starts(text, archive_word) ||
	       h->wants(h->ctx, text);
}

/* The text of the next block that is wanted. */
static enum status
next_text(struct history *h, struct str *text)
{
	enum status status = h->any ? STATUS_OK : next_part(h);

	while (!status) {
		status =
		    h->words ? tape_prev_with(&h->tape, h->words, text) : tape_prev(&h->tape, text);
		if (status == STATUS_NO)
			status = next_part(h);
		else if (status || is_wanted(h, *text))
			break;
	}
	return status;
}

static enum status
read_prev(struct history *h)
{
	struct str text;
	enum status status;

	if (h->words && !h->any)
		needles_add(h->words, STR("\nblock "), false); /* of a void one */
	status = next_text(h, &text);
	if (!status)
		status = tape_parse(&h->tape, text, &h->block);
	if (!status && h->block.kind == BLOCK_ARCHIVE)
		h->block.line.n = 0;
	return status == STATUS_INVALID ? STATUS_SYSTEM : status;
}

enum status
history_prev(struct history *h)
{
	if (!journal_exists(h->journal))
		return STATUS_NO;
	for (;;) {
		enum status status = read_prev(h);
		if (status)
			return status;
		if (h->block.kind == BLOCK_VOID)
			str_uint(h->block.field[FIELD_BLOCK], UINT64_MAX, &h->left_out);
		else if (h->block.id != h->left_out)
			return STATUS_OK;
	}
}

/* --- the plan as it was -------------------------------------------------- */

static enum status
fail_before(const struct history *h, int64_t begin)
{
	const char *name = store_name(h->journal->store);
	char text[WHEN_TEXT];

	if (h->lacks)
		return diag_fail(h->journal->diags, STATUS_NO,
		    "%s: is not there: nothing is known of before %s", h->lacks,
		    when_fmt(text, begin));
	return diag_fail(h->journal->diags, STATUS_NO,
	    "%s: the journal begins at %s: nothing is known of before", name,
	    when_fmt(text, begin));
}

/* Takes back all that happened after a time; STATUS_NO if that is before the
 * journal. */
static enum status
take_back(struct journal *j, const struct db *db, int64_t time, struct replay *r)
{
	struct history h;
	enum status status;
	int64_t begin = time;

	history_start(&h, j, db);
	h.pending = true;
	while ((status = history_prev(&h)) == STATUS_OK && h.block.time > time) {
		replay_back(r, &h.block.line);
		begin = h.block.time;
	}
	if (status == STATUS_NO)
		status = fail_before(&h, begin);
	history_release(&h);
	return status;
}

static struct str
as_text(struct journal *j, const struct db *db, struct replay *r)
{
	struct buf b;

	buf_init(&b, j->env);
	for (size_t i = 0; i < db->bases; i++) {
		struct str line = rec_line(&db->base[i]);
		struct lines_entry *e = lines_find(&r->lines, line);
		if (e && e->count < 0) {
			e->count++;
			continue;
		}
		buf_str(&b, line);
		buf_char(&b, '\n');
	}
	for (size_t i = 0; i < r->lines.n; i++)
		if (r->lines.v[i].count > 0) {
			buf_str(&b, r->lines.v[i].line);
			buf_char(&b, '\n');
		}
	struct str text = arena_str(j->arena, buf_get(&b));
	buf_release(&b);
	return text;
}

enum status
history_at(struct journal *j, const struct db *db, int64_t time, struct str *text)
{
	struct replay r;
	enum status status;

	if (!journal_exists(j))
		return diag_fail(j->diags, STATUS_NO,
		    "%s: there is no journal: nothing is known of before", store_name(j->store));
	replay_init(&r, j->env);
	status = take_back(j, db, time, &r);
	if (!status)
		*text = as_text(j, db, &r);
	replay_release(&r);
	return status;
}

/* --- whether it is whole -------------------------------------------------- */

/* FILE.log and its archives. */
struct part {
	struct beside file;
	struct str archive; /* the one before it */
};

struct verify {
	struct store *store;
	const struct env *env;
	struct arena *arena;
	struct diags *diags;
	VEC(struct part) part; /* the newest first */
	struct tape tape;
	struct chain chain;
	struct block block;
	struct sum before; /* the last change */
	enum block_kind last;
	struct str head;
	bool has_head, begins; /* begins: the next block is a part's first */
};

static const char *
order_fault(const struct verify *v)
{
	const struct block *b = &v->block;

	if (b->id != v->chain.id + 1)
		return "not the number behind the one before: blocks are missing, or out of order";
	if (b->time < v->chain.time)
		return "earlier than the block before";
	bool is_begin = b->kind == BLOCK_FIRST || b->kind == BLOCK_ARCHIVE;
	if (v->begins != is_begin || (b->id == 1) != (b->kind == BLOCK_FIRST))
		return v->begins ? "a journal does not begin with such a block"
		                 : "such a block stands at the beginning only";
	if (b->kind == BLOCK_ARCHIVE && !str_eq(b->field[FIELD_AFTER], str_from(v->chain.seal)))
		return "not the archive's last seal";
	return NULL;
}

/* An archive's records are those that there are: they make the sum alone. */
static bool
is_all(const struct sum *before, const struct block *b, const struct sum *result)
{
	const struct sum none = { { 0 } };

	return sum_eq(before, &none) && sum_eq(&b->result, result);
}

static const char *
sum_fault(struct verify *v)
{
	const struct block *b = &v->block;
	struct sum before = block_before(b, v->env);
	uint64_t id = 0;

	if (b->kind != BLOCK_VOID)
		return (b->kind == BLOCK_ARCHIVE ? is_all(&before, b, &v->chain.sum)
						 : sum_eq(&before, &v->chain.sum))
		           ? NULL
		           : "the result is not what the block makes of the one before";
	str_uint(b->field[FIELD_BLOCK], UINT64_MAX, &id);
	return id == v->chain.id && v->last == BLOCK_CHANGE && sum_eq(&b->result, &v->before)
	           ? NULL
	           : "not what the block before it came from";
}

static enum status
verify_block(struct verify *v, struct str text)
{
	enum status status = tape_parse(&v->tape, text, &v->block);
	const struct block *b = &v->block;
	char seal[SUM_TEXT];

	if (status)
		return status;
	const char *why = order_fault(v);
	if (why)
		return tape_fault(&v->tape, 0, why);
	block_seal(v->env, str_from(v->chain.seal), b->sealed, seal);
	if (!str_eq(str_from(seal), b->seal))
		return tape_fault(&v->tape, 0,
		    "the seal is not right: this block, or the seal before it, was changed");
	why = sum_fault(v);
	if (why)
		return tape_fault(&v->tape, b->sealed.n, why);
	v->before = v->chain.sum;
	v->last = b->kind;
	v->begins = false;
	v->has_head |= str_eq(v->head, b->seal);
	chain_follow(&v->chain, b);
	return STATUS_OK;
}

static enum status
verify_tape(struct verify *v, uint64_t size)
{
	struct str text;
	enum status status = tape_start(&v->tape);

	v->begins = true;
	while (!status && (status = tape_next(&v->tape, &text)) == STATUS_OK)
		status = verify_block(v, text);
	if (status != STATUS_NO)
		return status;
	if (v->tape.whole == size)
		return STATUS_OK;
	v->tape.offset = v->tape.whole;
	return tape_fault(&v->tape, 0,
	    "a last block without a seal: its writer was killed, or it was changed");
}

/* The parts, from the last one on, each with the archive that its first block names. */
static enum status
open_parts(struct verify *v)
{
	struct part p = { { 0 }, STR_NONE };
	enum status status = beside_open(&p.file, v->store, ".log", BESIDE_READ, v->diags);
	uint64_t id = UINT64_MAX;
	struct str text;

	while (!status) {
		vec_push(v->env, &v->part, p);
		tape_file(&v->tape, v->env, &v->part.v[v->part.n - 1].file, v->diags);
		status = tape_start(&v->tape);
		if (!status && (status = tape_next(&v->tape, &text)) == STATUS_OK)
			status = tape_parse(&v->tape, text, &v->block);
		struct str name = status ? STR_NONE : archive_name(&v->block, v->arena);
		p.archive = arena_str(v->arena, name);
		tape_release(&v->tape);
		if (status || name.n == 0 || v->block.id >= id)
			break;
		id = v->block.id;
		status = archive_open(&p.file, v->store, p.archive, v->env, v->arena, v->diags);
		if (status == STATUS_NO)
			status = diag_fail(v->diags, STATUS_INVALID,
			    "%s: is not there: the blocks before are not known", p.file.name);
	}
	return status;
}

static enum status
verify_all(struct verify *v)
{
	enum status status = open_parts(v);

	/* with no block in it, but perhaps what a killed writer began */
	if (status == STATUS_NO && v->part.n == 1 && v->part.v[0].file.size >= sizeof(JOURNAL_HEAD))
		status = STATUS_OK;
	chain_start(&v->chain);
	for (size_t i = v->part.n; i-- > 0 && !status;) {
		tape_file(&v->tape, v->env, &v->part.v[i].file, v->diags);
		status = verify_tape(v, v->part.v[i].file.size);
		tape_release(&v->tape);
	}
	if (status == STATUS_NO)
		return diag_fail(v->diags, STATUS_NO, "%s: there is no journal",
		    store_name(v->store));
	if (!status && v->head.n && !v->has_head)
		return diag_fail(v->diags, STATUS_NO,
		    "%s: no block has the seal %.*s: the journal was written anew, or cut",
		    v->part.v[0].file.name, STR_FMT(v->head));
	return status == STATUS_INVALID ? STATUS_NO : status;
}

enum status
history_verify(struct store *store, const struct env *env, struct arena *arena, struct str head,
    struct diags *d)
{
	struct verify v = { .store = store, .env = env, .arena = arena, .diags = d, .head = head };
	enum status status = verify_all(&v);

	for (size_t i = 0; i < v.part.n; i++)
		beside_close(&v.part.v[i].file);
	vec_release(&v.part);
	vec_release(&v.block.line);
	return status;
}
