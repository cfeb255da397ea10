/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hex: octets as text, 01:52:54.
 */
#ifndef IPAM_HEX_H
#define IPAM_HEX_H

#include "buf.h"

/* The value of a digit, or -1. */
int hex_digit(char c);
/* In the arena; empty for none. */
struct str hex_fmt(struct arena *a, struct str octets);
/* One or two digits each, with colons between; false for anything else. */
bool hex_parse(struct str text, struct arena *a, struct str *octets);

#endif
