/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format: foreign formats, one file each, all in one table.  A row has a reader,
 * for `import`, a writer, for `export`, or both.
 *
 * A reader is pure: bytes in, facts (core/fact.h) out.  It adds to diags every
 * error of the source, with its position, and goes on behind it where it can;
 * whether there was one is in d->errors.  What the source says but no plan can
 * hold is a FACT_OTHER, not an error.
 *
 * zone.c reads with libzscanner.  That library could open files by itself, for
 * $INCLUDE; it is never let: it is only given text, and an included file is
 * asked for with input.include, so that main decides what is read.
 */
#ifndef IPAM_FORMAT_H
#define IPAM_FORMAT_H

#include "core/dns.h"
#include "core/fact.h"

struct format_input {
	struct text_source source;
	struct str before; /* zone: lines to be read before it */
	struct str origin; /* zone: of its first lines, with or without the final dot; or empty */
	bool any_type; /* zone: records that cannot be read are no error, but for a plan's types */
	bool may_be_empty; /* zone: nor is it that there is no record */
	struct str vrf;    /* of what names none; empty: the default VRF */
	/* Gives the text of a file that the source names (it must stay as long
	 * as the source), as seen from the source `from`; false with a message
	 * if there is none.  NULL: nothing can be included. */
	bool (*include)(void *ctx, struct str name, const struct text_source *from,
	    struct text_source *out, struct diags *d);
	void *ctx;
};

typedef void format_reader(const struct format_input *in, struct facts *facts, struct diags *d);

/*
 * A writer is pure, too: records of a plan in, text out.  It adds to diags an
 * error for each thing that cannot be said safely in its format (nothing is
 * then written; its own status, if it is not STATUS_OK, is the exit status, else
 * STATUS_INVALID is) and a warning for what it leaves out.
 */
struct format_option {
	const char *name; /* of an option that was given: "view" */
	struct str value; /* empty for one without a value */
};
struct format_request {
	struct db *db;
	struct rec *const *rec; /* what SELECT chose, in the order of the plan ... */
	size_t recs;
	const struct str *word; /* ... or, in a row without .select, its own words */
	size_t words;
	const struct format_option *option;
	size_t options;
	struct text_source old; /* the file that will be replaced; empty if there is none */
	const char *version;    /* the program's */
	int64_t file_time;      /* when the data file was changed last */
	struct dns *dns;        /* nothing (->db is NULL), or what a writer has made of it before */
	/* The text of a file, as in struct format_input; from: the plan's source. */
	bool (*include)(void *ctx, struct str name, const struct text_source *from,
	    struct text_source *out, struct diags *d);
	void *ctx;
};
/* The zones of the plan, filled once for all writers of a command. */
struct dns *format_dns(const struct format_request *q);
/* Whether an option was given, and its value. */
bool format_option(const struct format_request *q, const char *name, struct str *value);

typedef enum status format_writer(const struct format_request *q, struct buf *text,
    struct diags *d);

/* Calls part for each thing that has a file of its own: the word for the writer,
 * and the file's name. */
typedef void format_part_fn(void *ctx, struct str word, struct str file);
typedef void format_parts(const struct format_request *q, format_part_fn *part, void *ctx);

struct format_info {
	const char *name, *help;
	format_reader *read;  /* NULL: there is none, or it is not built in: ... */
	format_writer *write; /* ... `without` then says why */
	const char *without;
	/* export: */
	unsigned select;     /* its words are a SELECT of these kinds (enum kind_bit) */
	const char *options; /* those it takes besides --output, a blank between; or NULL */
	const char *usage;   /* what follows its name */
	format_parts *parts; /* for --list and --all DIR, or NULL */
	/* What a file's name has behind it where another program writes it, too: not
	 * replaced without --force; or NULL. */
	const char *journal;
};
extern const struct format_info format_table[];
extern const size_t format_table_len;
/* NULL if there is none of this name. */
const struct format_info *format_find(struct str name);

/* For the readers: false, with a message, for a program, an archive and the like: they are not
 * complained of line by line. */
bool format_is_text(const struct text_source *source, struct diags *d);
/* For the readers: all of a source but a byte order mark. */
struct str format_text(const struct text_source *source);
/* For the readers: the text of a file that `from` names at this place; false, and an error
 * there, if there is none. */
bool format_include(const struct format_input *in, struct str name, const struct text_source *from,
    const char *at, struct text_source *out, struct diags *d);
/* For the readers: takes the next word, between blanks, TABs and CRs, off *rest;
 * false if there is none left. */
bool format_word(struct str *rest, struct str *word);

format_reader csv_read, plan_json_read, dhcpd_read, dnsmasq_read, hosts_read, ipam_read, kea_read,
    zone_read;
format_writer ansible_write, csv_write, plan_json_write, prometheus_write;
format_writer hosts_write, zone_write, kea4_write, kea6_write, dhcpd4_write, dhcpd6_write,
    dnsmasq_dhcp_write, dnsmasq_write, unbound_write;
format_parts zone_parts;

#endif
