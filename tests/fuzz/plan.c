/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a data file: reading and checking never fails badly, and what
 * fmt makes of a valid one is valid and stays as it is. */
#include "core/db_load.h"
#include "core/fmt.h"

static enum status
format(const struct text_source *source, struct arena *keep, struct str *out)
{
	struct diags d;
	struct db db;

	diags_init(&d, &env_plain);
	db_init(&db, &env_plain);
	db_load(&db, source, 1, &d);
	check_plan(&db, SEV_WARNING, &d);
	diags_clear(&d);
	enum status status = fmt_text(&db, out, &d);
	if (status == STATUS_OK)
		*out = arena_str(keep, *out);
	db_release(&db);
	diags_release(&d);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena keep;
	struct str once, twice;

	arena_init(&keep, &env_plain);
	struct str text = arena_str(&keep, (struct str){ (const char *)data, n });
	struct text_source source = { "fuzz", text.p, text.n };
	if (format(&source, &keep, &once) == STATUS_OK) {
		struct text_source again = { "fuzz", once.p, once.n };
		if (format(&again, &keep, &twice) != STATUS_OK || !str_eq(once, twice))
			__builtin_trap();
	}
	arena_release(&keep);
	return 0;
}
