/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text: the data file as bytes, lines, records and attributes; ipam(5).
 *
 * Reading loses nothing: a record is the values of its key and a slice of the
 * text that it was read from; its attributes are found again in that slice
 * whenever somebody asks.  Positions are pointers into the text.
 *
 *     text_read(source, &vrfs, on_record, ctx, diags)     each record, in order
 *     attr_start(rec_line(r), ...); while (attr_next(&it, &attr)) ...
 */
#ifndef IPAM_TEXT_H
#define IPAM_TEXT_H

#include "key.h"
#include "source.h"

/* The highest `@ipam` version that is understood. */
enum { FORMAT_VERSION = 1 };

/*
 * A record.  One cache line; a million of them are read without an allocation
 * for each.
 */
struct rec {
	u128 first, last;   /* the addresses of its key; 0 for an object */
	const char *line;   /* its line, without LF */
	struct rec *parent; /* the narrowest subnet around it in its VRF, or NULL */
	uint32_t len;       /* of the line */
	uint32_t change;    /* db's: its place among the changes, plus one */
	uint16_t keylen;    /* of the key in the line, without the blanks before it */
	uint16_t vrf;       /* a number of struct vrfs */
	uint8_t kind;       /* enum kind */
	uint8_t family;
	uint8_t plen; /* of a subnet */
	uint8_t flags;
};

enum rec_flag {
	REC_SPELLING = 1, /* its key is not in canonical spelling */
	REC_NAMED = 2,    /* has, or had, a name=; an address: a host= */
	REC_GONE = 4,     /* removed from the plan */
	REC_NEW = 8,      /* added to the plan */
	REC_OWN_DNS = 16, /* an address: has, or had, more that DNS goes by: alias, view ... */
	REC_LISTED = 32,  /* db's: is among db->named */
	REC_MARKED = 64,  /* target's: is in a list of them */
	/* Known to have nothing wrong with its attributes as they stand: values that
	 * suit, and hosts and aliases that are complete or have no dot, which only
	 * their domain can make wrong. */
	REC_FINE = 128
};

struct span rec_span(const struct rec *r);
struct str rec_line(const struct rec *r);
struct str rec_key(const struct rec *r); /* as written, with its %VRF */
/* Of an object: "zone" and "example.net%inside" for `@zone example.net%inside`. */
struct str rec_object_kind(const struct rec *r);
struct str rec_object_name(const struct rec *r);
bool rec_is_object(const struct rec *r, const char *kind);
/* What of REC_NAMED and REC_OWN_DNS a record of this kind gets from an attribute's name. */
uint8_t rec_attr_flags(struct str name, enum kind kind);

/* Reads a text.  Adds every problem to diags (all have positions in source)
 * and calls on_record for each record whose key could be read.  False if it is of a
 * newer version: what stands below its header means who knows what, and is not read. */
typedef void text_record_fn(void *ctx, const struct rec *r);
bool text_read(const struct text_source *source, struct vrfs *vrfs, text_record_fn *on_record,
    void *ctx, struct diags *d);
/* Reads one line as a record, without diagnostics; false if it is none. */
bool text_read_line(struct str line, struct vrfs *vrfs, struct rec *out);

/* An attribute in a line. */
struct attr {
	struct str name;
	struct str raw;   /* the value as written, with its quotes */
	struct str value; /* without the quotes, its escapes still there */
	bool escaped;     /* there are escapes */
	size_t start;     /* in the line: where the blanks before it begin ... */
	size_t end;       /* ... and the byte after its value */
};
struct attr_iter {
	struct str line;
	size_t at;
	const char *error; /* what is wrong at `at`, or NULL */
};
void attr_start(struct attr_iter *it, const struct rec *r);
bool attr_next(struct attr_iter *it, struct attr *attr);
/* After an error: goes on behind the word where it is.  False if there was none, or if a
 * quote from there on leaves it open what a word is. */
bool attr_resume(struct attr_iter *it);
bool attr_find(const struct rec *r, struct str name, struct attr *attr);
/* The value with its escapes undone; in the arena if it had any. */
struct str attr_value(const struct attr *attr, struct arena *a);

/* Writes a value as it must stand in the file: bare where it can. */
void text_quote(struct buf *b, struct str value);
/* Whether a value can stand in the file: UTF-8, no control characters.  If
 * not, *at is the byte's position and the result says what is wrong. */
const char *text_value_fault(struct str value, size_t *at);

#endif
