/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zone: the records of master files (RFC 1035, section 5) and of what dig prints,
 * one by one.  Only with WITH_ZONE.
 */
#ifndef IPAM_ZONE_H
#define IPAM_ZONE_H

#include "core/dns.h"
#include "format.h"

enum { CLASS_IN = 1 };

struct zone_rr {
	struct str owner; /* complete, with the final dot */
	unsigned type, class;
	uint32_t ttl;
	const unsigned char *data; /* in wire format; the bytes do not stay */
	size_t size;
	struct str text; /* of a type of which the data cannot be read (0): type and data */
	const char *at;  /* in the source */
};
typedef void zone_record_fn(void *ctx, const struct zone_rr *rr);

/* Calls fn for each record; names are in the arena.  Adds what is wrong to diags,
 * and goes on behind it; false if anything is. */
bool zone_scan(const struct format_input *in, struct arena *a, zone_record_fn *fn, void *ctx,
    struct diags *d);

/* A name in wire format (RFC 1035, section 3.1) as text with a final dot: every
 * byte that a host of a plan cannot have is written \DDD. */
struct str zone_name(struct arena *a, const unsigned char *wire);

/* The records of class IN as dns.h has them, in the order of the source. */
bool zone_list(const struct format_input *in, struct arena *a, dns_list *out, struct diags *d);
/* What a record is called in messages: "www.example.net A 10.0.0.5". */
struct str zone_rr_text(struct arena *a, const struct dns_rr *rr);
/* Whether a type is a signer's: RRSIG, NSEC, ... */
bool zone_is_signers(unsigned type);

/* The SOA among them: its serial; false if there is none. */
bool zone_serial(const dns_list *list, uint32_t *serial);

#endif
