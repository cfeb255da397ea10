/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of evidence.h share. */
#ifndef IPAM_EVIDENCE_PARTS_H
#define IPAM_EVIDENCE_PARTS_H

#include "evidence.h"

/* A source being read. */
struct reading {
	const struct text_source *source;
	struct sightings *out;
	struct diags *d;
	struct str rest; /* what is not read yet */
	size_t understood;
	bool odd; /* something was left out */
};
void reading_init(struct reading *r, const struct text_source *source, struct sightings *out,
    struct diags *d);
/* The next line, without its CR LF; false if there is none.  *whole (which may be
 * NULL) says whether it ends in an LF. */
bool reading_line(struct reading *r, struct str *line, bool *whole);
void reading_warn(struct reading *r, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* For a last record that ends with the file. */
void reading_unfinished(struct reading *r, const char *at);
/* An error, unless something was understood or there was nothing at all. */
void reading_done(struct reading *r, const char *what);

/* An address, with or without its zone. */
bool evidence_ip(struct str word, struct ip *out);
/* Adds an address; NULL if it is no host's, or (with a warning at it) none at all. */
struct sighting *evidence_add(struct reading *r, struct str word);
void evidence_mac(struct sighting *s, struct str word);
/* A lease's DUID, and the MAC in it unless it has one. */
void evidence_duid(struct sighting *s, struct str duid);
/* Without its final dot; an asterisk is none. */
struct str evidence_host(struct str word);

/* With jansson; else an error says so. */
void evidence_kea_json(struct reading *r);
void evidence_neigh_json(struct reading *r);

#endif
