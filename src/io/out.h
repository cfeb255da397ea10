/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * out: rows become a table, TSV, JSON or lines of the data format.
 *
 *     out_init(&o, env, FORMAT_TABLE);
 *     out_columns(&o, columns, n)          once, before the first row
 *     out_row(&o, rec); out_str(&o, s); out_count(&o, c); ...   cell by cell
 *     out_finish(&o)                       then its text is in o.text
 *
 * Nothing is printed here: main() writes o.text when all went well.  A command that only
 * reads, and has much to say, may out_flush() between its rows: what it has so far is
 * then given to o.sink, if there is one.
 */
#ifndef IPAM_OUT_H
#define IPAM_OUT_H

#include "core/text.h"

/* FORMAT_SVG: the command has written a picture by itself, with out_text(). */
enum format { FORMAT_TABLE, FORMAT_TSV, FORMAT_JSON, FORMAT_IPAM, FORMAT_SVG };
/* False if there is no such format. */
bool format_by_name(struct str name, enum format *out);

enum column_flag {
	COLUMN_RIGHT = 1,  /* numbers */
	COLUMN_PLAIN = 2,  /* the only one: the table has no header, just values */
	COLUMN_ATTRS = 4,  /* JSON: an object of the row's attributes */
	COLUMN_BAR = 8,    /* a picture: for a table on a terminal; without a header */
	COLUMN_ASKED = 16, /* a report's, shown where --fields names it */
	COLUMN_TABLE = 32, /* the same, and in a table */
	COLUMN_DATA = 64   /* the same, and in TSV and JSON */
};
struct column {
	const char *name;
	unsigned flags;
};

/* Colours, by what they say. */
enum paint {
	PAINT_NONE,
	PAINT_HEAD,
	PAINT_FAINT,
	PAINT_GOOD,
	PAINT_WARN,
	PAINT_CRIT,
	PAINT_NOTE,
	PAINT_CHILD
};

enum cell_kind {
	CELL_STR,
	CELL_COUNT,
	CELL_NUMBER, /* as it is, in JSON, too */
	CELL_ATTRS,
	CELL_JSON
};
struct cell {
	enum cell_kind kind;
	struct str s;     /* as in TSV */
	struct str table; /* as in a table, where that differs */
	struct str json;  /* CELL_JSON */
	struct count count;
	const struct rec *rec; /* CELL_ATTRS */
	enum paint paint;
};

struct out {
	const struct env *env;
	struct arena arena;
	enum format format;
	bool color; /* then nothing in `text` but the colours acts on a terminal */
	const struct column *column;
	size_t columns;
	VEC(struct cell) cell;
	VEC(const struct rec *) row;
	struct buf text;
	size_t flushed; /* so many rows are no longer here; the columns keep their widths */
	VEC(size_t) wide;
	bool (*sink)(void *ctx, struct str text);
	void *ctx;
};

/* color: whether a table has colours. */
void out_init(struct out *o, const struct env *env, enum format format, bool color);
void out_release(struct out *o);
void out_columns(struct out *o, const struct column *column, size_t n);
bool out_has_column(const struct out *o, struct str name);
/* Leaves these columns, in this order, a list of names that are all columns. */
void out_pick(struct out *o, struct str names);
/* Forgets the columns, rows and text. */
void out_clear(struct out *o);
/* Begins a row; rec is its record, for the data format, or NULL. */
void out_row(struct out *o, const struct rec *rec);
void out_str(struct out *o, struct str s);
void out_indented(struct out *o, unsigned depth, struct str s); /* indented in a table */
void out_shown(struct out *o, struct str s, struct str table);  /* another text in a table */
void out_count(struct out *o, struct count c);
/* A count as a table shows it. */
struct str out_count_text(struct out *o, struct count c);
void out_int(struct out *o, int64_t n);
/* How much more `to` is than `from`, or less: "+3" in a table. */
void out_change(struct out *o, struct count from, struct count to);
/* A value that JSON has another form for than a string. */
void out_json(struct out *o, struct str s, struct str json);
void out_permille(struct out *o, unsigned permille);
void out_attrs(struct out *o, const struct rec *rec, struct str in_file);
/* A share as a picture; empty but in a table. */
void out_bar(struct out *o, unsigned permille);
/* Paints the cell added last. */
void out_paint(struct out *o, enum paint paint);
/* Text as it is, whatever the format. */
void out_text(struct out *o, struct str s);
void out_painted(struct out *o, enum paint paint, struct str s);
/* Whether bars are shown: in a table on a terminal. */
bool out_has_bars(const struct out *o);
void out_finish(struct out *o);
/* Gives away what there is, if it is enough; false if nobody reads on. */
bool out_flush(struct out *o);

/* Replaces what a terminal might act on: control characters, bytes that are no UTF-8. */
struct str out_harmless(struct arena *a, struct str s);

#endif
