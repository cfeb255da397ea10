/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format.h"

#if WITH_ZONE
#define ZONE_READER zone_read
#else
#define ZONE_READER NULL
#endif

const struct format_info format_table[] = {
	{ "csv", "a table; its header names the columns: prefix, range or address, and attributes",
	    csv_read, NULL },
	{ "hosts", "hosts(5): an address, its name, further names", hosts_read, NULL },
	{ "ipam", "another plan", ipam_read, NULL },
	{ "zone", "a DNS master file (RFC 1035), forward or reverse; what dig axfr prints",
	    ZONE_READER, "libzscanner (make WITH_ZONE=0)" },
};
const size_t format_table_len = ARRAY_LEN(format_table);

const struct format_info *
format_find(struct str name)
{
	for (size_t i = 0; i < format_table_len; i++)
		if (str_eq(name, str_from(format_table[i].name)))
			return &format_table[i];
	return NULL;
}

bool
format_word(struct str *rest, struct str *word)
{
	size_t from = 0, to;

	while (from < rest->n && memchr(" \t\r", rest->p[from], 3))
		from++;
	for (to = from; to < rest->n && !memchr(" \t\r", rest->p[to], 3);)
		to++;
	*word = str_cut(*rest, from, to);
	*rest = str_cut(*rest, to, rest->n);
	return word->n > 0;
}
