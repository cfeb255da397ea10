/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format.h"

#if WITH_ZONE
#define ZONE_READER zone_read
#else
#define ZONE_READER NULL
#endif

const struct format_info format_table[] = {
	{ "csv", "a table; its header names the columns: prefix, range or address, and attributes", csv_read, NULL },
	{ "hosts", "hosts(5): an address, its name, further names", hosts_read, NULL },
	{ "ipam", "another plan", ipam_read, NULL },
	{ "zone", "a DNS master file (RFC 1035), forward or reverse; what dig axfr prints", ZONE_READER,
	    "libzscanner (make WITH_ZONE=0)" },
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
