/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zone_parts: what the files of zone share.
 */
#ifndef IPAM_ZONE_PARTS_H
#define IPAM_ZONE_PARTS_H

#include <libzscanner/scanner.h>

#include "zone.h"

/* A source as the scanner takes it: p, n. */
struct zone_shift {
	size_t text, source; /* behind a byte that is more than one in the text */
};
struct zone_text {
	const struct text_source *source;
	const char *p;
	size_t n;
	VEC(struct zone_shift) shift;
};
void zone_text_init(struct zone_text *t, struct arena *a, const struct text_source *source);
/* Where a place of the text is in the source. */
const char *zone_text_source(const struct zone_text *t, const char *p);
void zone_text_release(struct zone_text *t);

/* Behind the last line of the record that begins at p. */
const char *zone_record_end(const char *p, const char *end);
/* What is called a record's type in its text, and its class; false if that can be none. */
bool zone_record_type(struct str text, bool has_owner, struct str *type, unsigned *class);
/* Adds a record's text with \DDD for what the scanner does not take in names; false if there is
 * nothing of that kind. */
bool zone_record_escape(struct str text, bool has_owner, struct buf *out);

/* The name of a zone's mailbox, without the final dot; false if servers would refuse it. */
bool zone_mailbox(const struct dns *dns, const struct dns_zone *z, struct str *name);

/* The include of a zone (in->origin) with this TTL, as it is written into a master file. */
bool zone_expand(const struct format_input *in, struct arena *a, uint32_t ttl, struct str *out,
    struct diags *d);
/* The file of an $INCLUDE; it may be quoted. */
bool zone_next_file(struct str *rest, struct str *name);

/* Whether a zone is one that servers take; what is wrong is added to diags. */
struct zone_checker {
	const struct dns *dns;
	const struct dns_zone *zone;
	struct arena *a;
	struct diags *d;
	const dns_list *all; /* the plan's records and the include's, sorted */
};
void zone_check_servers(const struct zone_checker *z);
/* The records of its include, in their order: about themselves and beside the plan's. */
void zone_check_include(const struct zone_checker *z, const dns_list *included);

/* What has been read of a master file, and what waits for its end. */
struct zone_facts {
	struct facts *facts;
	size_t from; /* the first of its facts */
	VEC(struct zone_soa) soa;
	VEC(struct zone_ns) ns;
	VEC(uint32_t) ttl;
	struct zone_signed *sign; /* by row of the table of signers' types */
};
void zone_facts_init(struct zone_facts *z, struct facts *facts);
void zone_facts_add(struct zone_facts *z, const struct zone_rr *rr);
/* Adds what could be said only at the end, and frees z. */
void zone_facts_end(struct zone_facts *z);

/*
 * The lines that `$GENERATE RANGE LHS [TTL] [CLASS] TYPE RHS` stands for; line
 * is what follows $GENERATE.  NULL, or what is wrong, in words.
 */
const char *zone_generate(struct str line, struct buf *out);

#endif
