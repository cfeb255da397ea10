/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $GENERATE, as BIND has it: in the owner and the data, $ is the number of the
 * step, ${OFFSET[,WIDTH[,BASE]]} the same with an offset, padded with zeros, in
 * base d, o, x, X, or as nibbles with dots between, lowest first (n, N); \$ and
 * $$ are a $.
 */
#if WITH_ZONE
#include <stdio.h>

#include "zone_parts.h"

enum { STEPS_MAX = 1000000, WIDTH_MAX = 255 };

struct step {
	uint64_t first, last, by;
};

struct form {
	bool is_negative;
	uint64_t offset, width;
	char base;
};

/* FIRST-LAST[/BY] */
static bool
read_steps(struct str word, struct step *step)
{
	size_t hyphen = str_find(word, '-'), slash = str_find(word, '/');

	step->by = 1;
	return hyphen < slash && str_uint(str_cut(word, 0, hyphen), INT32_MAX, &step->first) &&
	       str_uint(str_cut(word, hyphen + 1, slash), INT32_MAX, &step->last) &&
	       (slash == word.n ||
		   str_uint(str_cut(word, slash + 1, word.n), INT32_MAX, &step->by)) &&
	       step->by > 0 && step->first <= step->last;
}

/* OFFSET[,WIDTH[,BASE]] */
static bool
read_form(struct str s, struct form *form)
{
	struct str offset, width = STR("0"), base = STR("d");

	if (!str_next(&s, ',', &offset) || (s.n && !str_next(&s, ',', &width)))
		return false;
	if (s.n)
		base = s;
	form->is_negative = offset.n && offset.p[0] == '-';
	if (offset.n && memchr("+-", offset.p[0], 2))
		offset = str_cut(offset, 1, offset.n);
	form->base = base.p[0];
	return str_uint(offset, INT32_MAX, &form->offset) &&
	       str_uint(width, WIDTH_MAX, &form->width) && base.n == 1 &&
	       memchr("doxXnN", form->base, 6);
}

static void
add_nibbles(struct buf *out, uint64_t value, uint64_t width, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	do {
		buf_char(out, digits[value & 15]);
		value >>= 4;
		width -= width > 0;
		if (width > 0 || value > 0)
			buf_char(out, '.');
		width -= width > 0;
	} while (width > 0 || value > 0);
}

static bool
add_number(struct buf *out, const struct form *form, uint64_t step)
{
	uint64_t value = form->is_negative ? step - form->offset : step + form->offset;
	int width = (int)form->width;

	if (form->is_negative && form->offset > step)
		return false;
	switch (form->base) {
	case 'd': buf_fmt(out, "%0*llu", width, (unsigned long long)value); break;
	case 'o': buf_fmt(out, "%0*llo", width, (unsigned long long)value); break;
	case 'x': buf_fmt(out, "%0*llx", width, (unsigned long long)value); break;
	case 'X': buf_fmt(out, "%0*llX", width, (unsigned long long)value); break;
	default: add_nibbles(out, value, form->width, form->base == 'N'); break;
	}
	return true;
}

/* Writes a word with its $ replaced. */
static bool
expand(struct buf *out, struct str word, uint64_t step)
{
	for (size_t i = 0; i < word.n; i++) {
		struct str rest = str_cut(word, i + 1, word.n);
		struct form form = { .base = 'd' };
		if (word.p[i] == '\\' && rest.n) {
			if (rest.p[0] != '$')
				buf_char(out, '\\');
			buf_char(out, word.p[++i]);
		} else if (word.p[i] != '$') {
			buf_char(out, word.p[i]);
		} else if (rest.n && rest.p[0] == '$') {
			buf_char(out, word.p[++i]);
		} else {
			size_t close = rest.n && rest.p[0] == '{' ? str_find(rest, '}') : 0;
			if (close == rest.n && rest.n)
				return false;
			if (close && !read_form(str_cut(rest, 1, close), &form))
				return false;
			if (!add_number(out, &form, step))
				return false;
			i += close ? close + 1 : 0;
		}
	}
	return true;
}

const char *
zone_generate(struct str line, struct buf *out)
{
	struct str steps, owner, word, rest = line, middle, data = STR_NONE;
	struct step step;

	if (!format_word(&rest, &steps) || !format_word(&rest, &owner))
		return "$GENERATE wants RANGE OWNER TYPE DATA";
	if (!read_steps(steps, &step))
		return "the range of $GENERATE is written 1-100 or 1-100/2";
	if ((step.last - step.first) / step.by >= STEPS_MAX)
		return "$GENERATE makes more than 1000000 records";
	for (middle = rest; format_word(&rest, &word);)
		data = word;
	if (data.n == 0 || data.p == middle.p)
		return "$GENERATE wants RANGE OWNER TYPE DATA";
	middle.n = (size_t)(data.p - middle.p);
	for (uint64_t i = step.first; i <= step.last; i += step.by) {
		bool ok = expand(out, owner, i);
		buf_str(out, middle);
		if (!ok || !expand(out, data, i))
			return "a number in $GENERATE is written ${OFFSET,WIDTH,BASE}, and is not "
			       "negative";
		buf_char(out, '\n');
	}
	return NULL;
}

#endif
