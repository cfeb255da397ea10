/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What dns_fill.c and dns_check.c share; for nobody else.
 *
 * Filling is dns_fill_begin(), dns_fill_subnet() and dns_fill_address() for the
 * records of the plan in their order, dns_fill_end().
 */
#ifndef IPAM_DNS_PARTS_H
#define IPAM_DNS_PARTS_H

#include "dns.h"

/* What is said of an address, and what is to be published of it in its views. */
struct dns_address {
	struct rec *rec;
	struct str hosts, aliases, target;
	VEC(struct str) forward; /* the views in which its names are ... */
	VEC(struct str) reverse; /* ... and its address */
};

/* Filled in anew; false if it has no hosts.  Released by dns_address_release(). */
bool dns_address_find(struct dns *dns, struct rec *r, struct dns_address *a);
void dns_address_release(struct dns_address *a);

void dns_fill_begin(struct dns *dns);
void dns_fill_subnet(struct dns *dns, struct rec *r);
void dns_fill_address(struct dns *dns, struct rec *r, struct dns_address *a);
void dns_fill_end(struct dns *dns);

#endif
