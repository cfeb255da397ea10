/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mac: EUI-48 addresses.
 */
#ifndef IPAM_MAC_H
#define IPAM_MAC_H

#include "buf.h"

/* In any usual spelling, upper or lower case: 52:54:00:12:34:56,
 * 52-54-00-12-34-56, 5254.0012.3456, 525400123456. */
bool mac_parse(struct str s, unsigned char mac[6]);
enum { MAC_TEXT = 18 };
char *mac_fmt(char buf[MAC_TEXT], const unsigned char mac[6]); /* 52:54:00:12:34:56 */
/* The modified EUI-64 interface identifier of a MAC (RFC 4291, appendix A). */
uint64_t mac_eui64(const unsigned char mac[6]);

#endif
