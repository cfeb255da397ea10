/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of the DHCP servers' configurations: no text makes them fail, and what
 * they make of it goes into a plan or is said to have no place in it. */
#include "core/db_load.h"
#include "core/merge.h"
#include "format/format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

static void
run(format_reader *read, const char *text, size_t n)
{
	static const char plan[] = "@ipam 1\n10.0.0.0/8 domain=example.net\n2001:db8::/32\n";
	struct text_source source = { "plan", plan, sizeof(plan) - 1 };
	struct format_input in = { .source = { "fuzz", text, n } };
	struct merge how = { .conflict = CONFLICT_KEEP };
	struct merge_counts counts;
	struct facts facts;
	struct diags d;
	struct db db;

	diags_init(&d, &env_plain);
	facts_init(&facts, &env_plain);
	db_init(&db, &env_plain);
	db_load(&db, &source, 1, &d);
	read(&in, &facts, &d);
	if (d.errors == 0)
		merge_facts(&db, &facts, &how, &counts, &d);
	db_release(&db);
	facts_release(&facts);
	diags_release(&d);
}

/* The first byte chooses the reader. */
int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	format_reader *const readers[] = {
		dhcpd_read,
		dnsmasq_read,
#if WITH_JSON
		kea_read
#endif
	};

	if (n > 0)
		run(readers[data[0] % ARRAY_LEN(readers)], (const char *)data + 1, n - 1);
	return 0;
}
