/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kea_id: the number by which Kea's leases name a subnet.
 *
 * Leases carry it, so it must not change while the subnet lives.  It is the
 * subnet's kea-id= or, without one, derived from the key, the same in every
 * version: the key's canonical text in lower case ("10.0.0.0/24%blue"), hashed
 * by FNV-1a with 64 bits, the halves of that xored, the remainder by 4294967294,
 * plus one.  Kea takes the numbers from 1 to 4294967294; those of IPv4 and of
 * IPv6 subnets are apart.  Two keys may give the same number: whoever writes a
 * Kea configuration looks for that.
 */
#ifndef IPAM_KEA_ID_H
#define IPAM_KEA_ID_H

#include "ip.h"

/* vrf is empty for the default VRF. */
uint32_t kea_id_derived(struct span prefix, struct str vrf);

#endif
