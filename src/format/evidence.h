/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence: what was seen, as other programs tell it: DHCP servers' leases,
 * neighbour tables, scans.  One file each, all in one table.
 *
 *     sightings_init(&sightings, &env, format->by);
 *     format->read(&source, &sightings, diags);        each source, the older ones first
 *     sightings_settle(&sightings);
 *
 * A reader is pure.  A line that it cannot understand is a warning at its place,
 * and so is an unfinished last record (the program that writes it is not done yet);
 * it goes on behind it.  An error says that the source is not of this format, or
 * not to be trusted as a whole.
 */
#ifndef IPAM_EVIDENCE_H
#define IPAM_EVIDENCE_H

#include "core/seen.h"

typedef void evidence_reader(const struct text_source *source, struct sightings *out,
    struct diags *d);

enum evidence_flag {
	EVIDENCE_LEASES = 1,   /* a DHCP server's */
	EVIDENCE_IN_PLACE = 2, /* its writer truncates the file and writes it anew */
	EVIDENCE_LFC = 4       /* Kea's: FILE.completed, FILE.2 and FILE.1 belong to FILE */
};

struct evidence_format {
	const char *name, *by;
	unsigned flags;
	evidence_reader *read;
	const char *help;
};
extern const struct evidence_format evidence_table[];
extern const size_t evidence_table_len;
/* NULL if there is none of this name. */
const struct evidence_format *evidence_find(struct str name);

evidence_reader evidence_kea, evidence_dhcpd, evidence_dnsmasq, evidence_neigh, evidence_arp,
    evidence_nmap, evidence_fping;

#endif
