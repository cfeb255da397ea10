/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arpa: the names that reverse DNS gives to addresses and prefixes: RFC 1035,
 * section 3.5 (in-addr.arpa), RFC 3596, section 2.5 (ip6.arpa), and RFC 2317
 * (64/26.100.51.198.in-addr.arpa) for IPv4 prefixes longer than a /24.
 *
 * Names are read without ASCII case, with or without the final dot.
 */
#ifndef IPAM_ARPA_H
#define IPAM_ARPA_H

#include "ip.h"

/* Whether a name lies in in-addr.arpa or ip6.arpa. */
bool arpa_is_reverse(struct str name);

/*
 * What a reverse name stands for, as a prefix: 10.in-addr.arpa is 10.0.0.0/8,
 * 66.100.51.198.in-addr.arpa and 66.64/26.100.51.198.in-addr.arpa both are
 * 198.51.100.66/32.  The label of RFC 2317 is whoever runs the /24 wants: an
 * address below any label is understood, its block only where it is written
 * 64/26, 64-26 or 64-127.  False for everything else.
 */
bool arpa_parse(struct str name, struct span *out);

/* The name of an address, in lower case and without the final dot. */
struct str arpa_name(struct arena *a, struct ip ip);
/*
 * The zones of a prefix: as many as it takes to cover it with zones that end at
 * an octet or a nibble; one of RFC 2317, 64/26.100.51.198.in-addr.arpa, for an
 * IPv4 prefix longer than a /24.  arpa_zones() says how many, arpa_zone() gives
 * each of them.
 */
size_t arpa_zones(struct span prefix);
struct str arpa_zone(struct arena *a, struct span prefix, size_t i);

#endif
