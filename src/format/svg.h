/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svg: pictures that stay sharp at any size, for a browser or a document.
 * Pure; whatever comes from the plan is escaped.
 */
#ifndef IPAM_SVG_H
#define IPAM_SVG_H

#include "core/runs.h"

/* Text as it must stand in XML and HTML, between tags or in a quoted attribute. */
void xml_text(struct buf *b, struct str s);

/* A prefix as a Hilbert curve: neighbouring addresses stay neighbours, and a
 * prefix is a square or two of them.  2^bits cells, of runs_parts().  Each has
 * its key and what is in it as a title; equal neighbours are one square. */
void svg_map(struct buf *b, struct db *db, unsigned vrf, struct span span, const struct part *cell,
    int bits);

#endif
