/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history.h"

#include <inttypes.h>

#include "core/when.h"

/* --- back, block by block ----------------------------------------------- */

void
history_start(struct history *h, struct journal *j, const struct db *db)
{
	*h = (struct history){ .journal = j };
	tape_file(&h->tape, j->env, &j->file, j->diags);
	if (journal_exists(j) && !journal_last_came(j, db))
		h->left_out = j->last.id;
}

void
history_release(struct history *h)
{
	tape_release(&h->tape);
	vec_release(&h->block.line);
}

static enum status
read_prev(struct history *h)
{
	struct str text;
	enum status status = h->any ? STATUS_OK : tape_end(&h->tape);

	h->any = true;
	if (!status)
		status = tape_prev(&h->tape, &text);
	if (!status)
		status = tape_parse(&h->tape, text, &h->block);
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

/* Takes back all that happened after a time; STATUS_NO if that is before the
 * journal. */
static enum status
take_back(struct journal *j, const struct db *db, int64_t time, struct replay *r)
{
	struct history h;
	enum status status = STATUS_OK;
	char text[WHEN_TEXT];

	if (j->outside.n && j->outside_time > time)
		replay_back(r, &j->outside);
	history_start(&h, j, db);
	while (!status && (status = history_prev(&h)) == STATUS_OK && h.block.time > time) {
		if (h.block.id == 1)
			status = diag_fail(j->diags, STATUS_NO,
			    "%s: the journal begins at %s: nothing is known of before",
			    store_name(j->store), when_fmt(text, h.block.time));
		replay_back(r, &h.block.line);
	}
	history_release(&h);
	return status == STATUS_NO && h.block.id > 1 ? STATUS_OK : status;
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

struct verify {
	struct tape tape;
	struct chain chain;
	struct block block;
	struct sum before; /* the last change */
	enum block_kind last;
	struct str head;
	bool has_head;
};

static const char *
order_fault(const struct verify *v)
{
	const struct block *b = &v->block;

	if (b->id != v->chain.id + 1)
		return "not the number behind the one before: blocks are missing, or out of order";
	if (b->time < v->chain.time)
		return "earlier than the block before";
	if ((b->id == 1) != (b->kind == BLOCK_FIRST))
		return b->id == 1 ? "a journal does not begin with such a block"
		                  : "such a block stands at the beginning only";
	return NULL;
}

static const char *
sum_fault(struct verify *v)
{
	const struct block *b = &v->block;
	struct sum before = block_before(b, v->tape.env);
	uint64_t id = 0;

	if (b->kind != BLOCK_VOID)
		return sum_eq(&before, &v->chain.sum)
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
	block_seal(v->tape.env, str_from(v->chain.seal), b->sealed, seal);
	if (!str_eq(str_from(seal), b->seal))
		return tape_fault(&v->tape, 0,
		    "the seal is not right: this block, or the seal before it, was changed");
	why = sum_fault(v);
	if (why)
		return tape_fault(&v->tape, b->sealed.n, why);
	v->before = v->chain.sum;
	v->last = b->kind;
	v->has_head |= str_eq(v->head, b->seal);
	chain_follow(&v->chain, b);
	return STATUS_OK;
}

static enum status
verify_all(struct verify *v, uint64_t size)
{
	struct str text;
	enum status status = tape_start(&v->tape);

	while (!status && (status = tape_next(&v->tape, &text)) == STATUS_OK)
		status = verify_block(v, text);
	if (status != STATUS_NO)
		return status;
	if (v->tape.whole < size) {
		v->tape.offset = v->tape.whole;
		return tape_fault(&v->tape, 0,
		    "a last block without a seal: its writer was killed, or it was changed");
	}
	if (v->head.n && !v->has_head)
		return diag_fail(v->tape.diags, STATUS_NO,
		    "%s: no block has the seal %.*s: the journal was written anew, or cut",
		    v->tape.name, STR_FMT(v->head));
	return STATUS_OK;
}

enum status
history_verify(struct store *store, const struct env *env, struct str head, struct diags *d)
{
	struct verify v = { .head = head };
	struct beside file;
	enum status status = beside_open(&file, store, ".log", BESIDE_READ, d);

	if (status)
		return status == STATUS_NO && head.n
		           ? diag_fail(d, STATUS_NO, "%s: there is no journal", store_name(store))
		       : status == STATUS_NO ? STATUS_OK
		                             : status;
	chain_start(&v.chain);
	tape_file(&v.tape, env, &file, d);
	status = verify_all(&v, file.size);
	tape_release(&v.tape);
	vec_release(&v.block.line);
	beside_close(&file);
	return status == STATUS_INVALID ? STATUS_NO : status;
}
