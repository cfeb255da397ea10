/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the source of an import: it never fails badly; a plan that
 * comes of it is valid, and a second run changes nothing in it.
 */
#ifndef FUZZ_IMPORT_H
#define FUZZ_IMPORT_H

#include "core/check.h"
#include "core/db_load.h"
#include "core/edit.h"
#include "core/merge.h"
#include "format/format.h"

static const char fuzz_plan[] =
    "@ipam 1\n@zone example.org\n@vrf blue\n"
    "10.0.0.0/8 name=net domain=example.org\n"
    "10.0.0.0/24 name=web gw=10.0.0.1\n10.0.0.5 host=www1 ttl=60\n"
    "10.0.0.9 host=old status=quarantine\n10.0.0.100-10.0.0.199 name=pool role=dhcp\n"
    "2001:db8::/64 domain=example.org\n10.0.0.0/24%blue domain=blue.example.org\n";

struct fuzz_import {
	const struct format_info *format;
	struct text_source source;
	struct merge how;
};

/* A file that the source names is always this one. */
static bool
fuzz_include(void *ctx, struct str name, const struct text_source *from, struct text_source *out,
    struct diags *d)
{
	static const char text[] = "i A 10.0.0.7\n5 PTR www1.example.org.\n$ORIGIN sub\n";

	(void)ctx, (void)from, (void)d;
	*out = (struct text_source){ "included", text, sizeof(text) - 1 };
	return name.n % 2 == 0;
}

/* Imports into a plan; true if that went well, with the new text. */
static bool
fuzz_merge(const struct fuzz_import *in, struct str plan, struct arena *keep, struct str *out,
    bool *changed)
{
	struct text_source file = { "plan", plan.p, plan.n };
	struct format_input input = { .source = in->source,
		.origin = STR("example.org"),
		.include = fuzz_include };
	struct merge_counts counts;
	struct piece *piece;
	struct facts facts;
	struct diags d;
	struct buf text;
	struct db db;

	diags_init(&d, &env_plain);
	db_init(&db, &env_plain);
	facts_init(&facts, &env_plain);
	buf_init(&text, &env_plain);
	bool ok =
	    db_load(&db, &file, 1, &d) == STATUS_OK && check_plan(&db, SEV_ERROR, &d) == STATUS_OK;
	if (!ok)
		__builtin_trap();
	in->format->read(&input, &facts, &d);
	ok = merge_facts(&db, &facts, &in->how, &counts, &d) == STATUS_OK &&
	     check_changes(&db, &d) == STATUS_OK;
	*changed = ok && edit_is_changed(&db);
	size_t n = ok ? edit_pieces(&db, 0, &piece) : 0;
	for (size_t i = 0; i < n; i++)
		buf_add(&text, piece[i].kept ? plan.p + piece[i].from : piece[i].p, piece[i].n);
	*out = arena_str(keep, buf_get(&text));
	buf_release(&text);
	facts_release(&facts);
	db_release(&db);
	diags_release(&d);
	return ok;
}

/* The first byte chooses the options. */
static int
fuzz_import(const char *format, const uint8_t *data, size_t n)
{
	struct fuzz_import in = { .format = format_find(str_from(format)) };
	struct str once, twice;
	struct arena keep;
	bool changed;

	if (n == 0)
		return 0;
	in.how = (struct merge){ .conflict = data[0] % 3, .orphans = data[0] & 4 };
	arena_init(&keep, &env_plain);
	struct str text = arena_str(&keep, (struct str){ (const char *)data + 1, n - 1 });
	in.source = (struct text_source){ "fuzz", text.p, text.n };
	if (fuzz_merge(&in, STR(fuzz_plan), &keep, &once, &changed) && changed &&
	    (!fuzz_merge(&in, once, &keep, &twice, &changed) || changed))
		__builtin_trap();
	arena_release(&keep);
	return 0;
}

#endif
