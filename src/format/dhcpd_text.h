/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcpd_text: strings in dhcpd's files, and what `export dhcpd` calls its hosts.
 */
#ifndef IPAM_DHCPD_TEXT_H
#define IPAM_DHCPD_TEXT_H

#include "core/dhcp.h"

/* Reads the string whose opening quote is at *at, and goes behind it; false, and to the
 * end, if no quote closes it. */
bool dhcpd_string(const char **at, const char *end, struct arena *a, struct str *out);

/* The n-th of a reservation's addresses and prefixes as a word: 2001-db8--5-64. */
struct str dhcpd_place(const struct dhcp_host *h, size_t n, struct arena *a);
/* NAME-PLACE, where there are several of this name, or ipam-PLACE where there is none. */
struct str dhcpd_placed(struct str name, struct str place, struct arena *a);
/* The name that was placed so; itself if none of the reservation's places is in it. */
struct str dhcpd_unplaced(struct str name, const struct dhcp_host *h, struct arena *a);

#endif
