/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_place.h"

#include "buf.h"

static const struct text_source *
source_of(const struct text_source *source, size_t n, const char *at)
{
	for (size_t i = 0; at && i < n; i++)
		if (at >= source[i].p && at <= source[i].p + source[i].n)
			return &source[i];
	return NULL;
}

bool
text_place_find(struct text_place *place, const struct text_source *source, size_t n,
    const char *at)
{
	const struct text_source *s = source_of(source, n, at);

	if (!s)
		return false;
	if (place->source != s || at < place->start)
		*place = (struct text_place){ s, s->p, 1, 0 };
	for (const char *lf;
	     place->start < at && (lf = memchr(place->start, '\n', (size_t)(at - place->start)));
	     place->line++)
		place->start = lf + 1;
	place->column = (size_t)(at - place->start) + 1;
	return true;
}

const char *
text_line_before(const struct text_source *source, const char *line)
{
	line--;
	while (line > source->p && line[-1] != '\n')
		line--;
	return line;
}

const char *
text_line_after(const struct text_source *source, const char *line)
{
	const char *end = source->p + source->n;
	const char *lf = memchr(line, '\n', (size_t)(end - line));

	return lf ? lf + 1 : end;
}

enum text_line
text_line_kind(const struct text_source *source, const char *line)
{
	const char *end = source->p + source->n;

	while (line < end && ascii_blank(*line))
		line++;
	if (line == end || *line == '\n')
		return LINE_BLANK;
	return *line == '#' ? LINE_COMMENT : LINE_RECORD;
}

/* The end of the file's own first comments: of the first block of comment
 * lines, if a blank line follows it. */
static const char *
head_end(const struct text_source *source, const char *stop)
{
	bool any = false;

	for (const char *p = source->p; p < stop;) {
		enum text_line kind = text_line_kind(source, p);
		p = text_line_after(source, p);
		if (kind == LINE_RECORD)
			break;
		if (kind == LINE_BLANK && any)
			return p;
		any |= kind == LINE_COMMENT;
	}
	return source->p;
}

const char *
text_lead(const struct text_source *source, const char *line)
{
	for (const char *p = line; p > source->p;) {
		const char *before = text_line_before(source, p);
		if (text_line_kind(source, before) == LINE_RECORD)
			return p;
		p = before;
	}
	return head_end(source, line);
}
