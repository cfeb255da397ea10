/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kea_id.h"

/* FNV-1a of the letters in lower case, going on from h. */
static uint64_t
fnv1a(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)ascii_lower(s.p[i])) * 0x100000001b3;
	return h;
}

uint32_t
kea_id_derived(struct span prefix, struct str vrf)
{
	char text[SPAN_TEXT];
	uint64_t h = fnv1a(0xcbf29ce484222325, str_from(span_fmt(text, prefix)));

	if (vrf.n)
		h = fnv1a(fnv1a(h, STR("%")), vrf);
	return (uint32_t)((h ^ h >> 32) & UINT32_MAX) % 4294967294 + 1;
}
