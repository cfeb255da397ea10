/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tape.h"

#include <inttypes.h>

enum {
	CHUNK = 1 << 20,
	HEAD = sizeof(JOURNAL_HEAD) - 1,
	SEAL_LINE = sizeof("seal ") - 1 + SUM_TEXT /* with its LF */
};

void
tape_file(struct tape *s, const struct env *env, struct beside *file, struct diags *d)
{
	*s = (struct tape){ .env = env, .diags = d, .file = file, .name = file->name };
}

void
tape_text(struct tape *s, const struct env *env, const char *name, struct str text, struct diags *d)
{
	*s = (struct tape){ .env = env, .diags = d, .name = name };
	s->buf = malloc(text.n + 1);
	if (!s->buf)
		env->oom(text.n);
	memcpy(s->buf, text.p, text.n);
	s->size = s->to = text.n;
}

void
tape_release(struct tape *s)
{
	free(s->buf);
	s->buf = NULL;
}

static uint64_t
length(const struct tape *s)
{
	return s->file ? s->file->size : s->size;
}

static struct str
window(const struct tape *s)
{
	return (struct str){ s->buf + s->from, s->to - s->from };
}

/* --- reading ---------------------------------------------------------- */

/* Room for n bytes more before or behind what has been read. */
static void
make_room(struct tape *s, size_t n, bool before)
{
	size_t have = s->to - s->from, size = s->size;
	char *p = s->buf;

	if (before ? s->from >= n : size - s->to >= n)
		return;
	if (size < 2 * (have + n)) {
		size = 2 * (have + n);
		p = malloc(size);
		if (!p)
			s->env->oom(size);
	}
	size_t to = before ? size - have : 0;
	if (have)
		memmove(p + to, s->buf + s->from, have);
	if (p != s->buf)
		free(s->buf);
	s->buf = p;
	s->size = size;
	s->from = to;
	s->to = to + have;
}

static enum status
read_at(struct tape *s, uint64_t off, char *p, size_t n)
{
	size_t got;
	enum status status = beside_pread(s->file, off, p, n, &got, s->diags);

	if (!status && got < n)
		status =
		    diag_fail(s->diags, STATUS_SYSTEM, "%s: was cut while it was read", s->name);
	return status;
}

/* A block that does not fit makes the steps longer. */
static size_t
step(const struct tape *s, uint64_t left)
{
	size_t n = s->to - s->from > CHUNK ? s->to - s->from : CHUNK;

	return left < n ? (size_t)left : n;
}

static enum status
read_before(struct tape *s)
{
	size_t n = step(s, s->at);

	s->sifted = false;
	make_room(s, n, true);
	s->from -= n;
	s->at -= n;
	return read_at(s, s->at, s->buf + s->from, n);
}

static enum status
read_behind(struct tape *s)
{
	uint64_t end = s->at + (s->to - s->from);
	size_t n = step(s, s->whole - end);

	make_room(s, n, false);
	s->to += n;
	return read_at(s, end, s->buf + s->to - n, n);
}

/* Begins anew at a place in the file. */
static void
seek(struct tape *s, uint64_t at)
{
	if (s->file) {
		s->at = at;
		s->from = s->to = 0;
	} else {
		s->from = s->at = 0;
		s->to = (size_t)at;
	}
}

/* --- messages --------------------------------------------------------- */

/* The number of the line at an offset, the file being read once more. */
static uint64_t
line_at(struct tape *s, uint64_t offset)
{
	uint64_t lines = 1, at = 0;
	char buf[16384];

	while (at < offset) {
		size_t n = offset - at < sizeof(buf) ? (size_t)(offset - at) : sizeof(buf);
		const char *p = s->buf + at;
		if (s->file) {
			if (beside_pread(s->file, at, buf, n, &n, s->diags) || n == 0)
				break;
			p = buf;
		}
		for (size_t i = 0; i < n; i++)
			lines += p[i] == '\n';
		at += n;
	}
	return lines;
}

enum status
tape_fault(struct tape *s, size_t at, const char *why)
{
	return diag_fail(s->diags, STATUS_INVALID, "%s:%" PRIu64 ": %s", s->name,
	    line_at(s, s->offset + at), why);
}

enum status
tape_parse(struct tape *s, struct str text, struct block *b)
{
	size_t at;
	const char *why = block_parse(text, b, s->env, &at);

	return why ? tape_fault(s, at, why) : STATUS_OK;
}

/* --- from the end ----------------------------------------------------- */

/* The last empty line, as the place of the LF before it; s.n if there is none. */
static size_t
last_gap(struct str s)
{
	for (size_t n = s.n; n > 0;) {
		const char *lf = memrchr(s.p, '\n', n);
		if (!lf || lf == s.p)
			break;
		if (lf[-1] == '\n')
			return (size_t)(lf - s.p) - 1;
		n = (size_t)(lf - s.p);
	}
	return s.n;
}

enum status
tape_prev(struct tape *s, struct str *text)
{
	for (;;) {
		struct str w = window(s);
		size_t gap = last_gap(w);
		if (gap < w.n && (gap + 1 >= SEAL_LINE || s->at == 0)) {
			*text = str_cut(w, gap + 2, w.n);
			s->to = s->from + gap + 1;
			s->offset = s->at + gap + 2;
			return STATUS_OK;
		}
		if (s->at == 0)
			break;
		enum status status = read_before(s);
		if (status)
			return status;
	}
	s->offset = 0;
	*text = window(s);
	return str_eq(*text, STR(JOURNAL_HEAD)) || text->n == 0
	           ? STATUS_NO
	           : tape_fault(s, 0, "not the first line of a journal");
}

/* Drops all whole blocks of what has been read. */
static void
pass_over(struct tape *s)
{
	struct str w = window(s);
	const char *gap = w.n ? memmem(w.p, w.n, "\n\n", 2) : NULL;

	if (gap)
		s->to = s->from + (size_t)(gap - w.p) + 1;
}

enum status
tape_prev_with(struct tape *s, const struct needles *words, struct str *text)
{
	for (;;) {
		if (!s->sifted && s->at > 0 && !needles_in(words, window(s)))
			pass_over(s);
		s->sifted = true;
		enum status status = tape_prev(s, text);
		if (status || s->offset == HEAD + 1 || needles_in(words, *text))
			return status;
	}
}

struct str
tape_seal_before(const struct tape *s)
{
	struct str w = window(s);

	if (w.n < SEAL_LINE || (s->at == 0 && w.n == HEAD))
		return STR_NONE;
	return str_cut(w, w.n - SUM_TEXT, w.n - 1);
}

/* A first line that was not written to its end. */
static bool
is_cut_head(struct str s)
{
	return s.n < HEAD && memcmp(s.p ? s.p : "", JOURNAL_HEAD, s.n) == 0;
}

enum status
tape_end(struct tape *s)
{
	struct str text;
	enum status status;

	s->whole = length(s);
	seek(s, s->whole);
	if (s->file && s->whole && s->whole < HEAD && (status = read_before(s)))
		return status;
	if (s->whole < HEAD && is_cut_head(window(s))) {
		s->whole = 0;
		return STATUS_NO;
	}
	status = tape_prev(s, &text);
	if (status)
		return status;
	if (block_is_whole(text)) {
		s->to += text.n + 1;
		return STATUS_OK;
	}
	s->whole = s->offset - 1;
	status = s->whole == HEAD ? STATUS_NO : tape_prev(s, &text);
	if (status)
		return status;
	if (!block_is_whole(text))
		return tape_fault(s, 0, "the block has no seal");
	s->to += text.n + 1;
	return STATUS_OK;
}

/* --- from the start --------------------------------------------------- */

enum status
tape_start(struct tape *s)
{
	enum status status = tape_end(s);

	if (status)
		return status;
	seek(s, s->file ? 0 : s->whole);
	status = s->file ? read_behind(s) : STATUS_OK;
	if (status)
		return status;
	s->offset = 0;
	if (!str_starts(window(s), STR(JOURNAL_HEAD "\n")))
		return tape_fault(s, 0, "not the first line of a journal");
	s->from += HEAD + 1;
	s->at += HEAD + 1;
	return STATUS_OK;
}

enum status
tape_next(struct tape *s, struct str *text)
{
	for (;;) {
		struct str w = window(s);
		const char *gap = w.n ? memmem(w.p, w.n, "\n\n", 2) : NULL;
		size_t n = gap ? (size_t)(gap - w.p) + 1 : w.n;
		s->offset = s->at;
		if (gap || s->at + w.n == s->whole) {
			*text = str_cut(w, 0, n);
			s->from += gap ? n + 1 : n;
			s->at += gap ? n + 1 : n;
			return w.n ? STATUS_OK : STATUS_NO;
		}
		enum status status = read_behind(s);
		if (status)
			return status;
	}
}
