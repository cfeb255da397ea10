/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a data file: reading and checking never fails badly, a plan loaded for a
 * check alone is checked as any, and what fmt makes of a valid one is valid and stays as
 * it is. */
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

/* What is found wrong, and where, in a plan that was loaded so. */
typedef enum status load_fn(struct db *db, const struct text_source *s, size_t n, struct diags *d);
static struct str
find(const struct text_source *source, load_fn *load, struct arena *keep)
{
	struct diags d;
	struct buf b;
	struct db db;

	diags_init(&d, &env_plain);
	buf_init(&b, &env_plain);
	db_init(&db, &env_plain);
	load(&db, source, 1, &d);
	check_plan(&db, SEV_WARNING, &d);
	for (size_t i = 0; i < d.n; i++)
		buf_fmt(&b, "%td %s\n", d.v[i].pos.at ? d.v[i].pos.at - source->p : -1,
		    rules[d.v[i].rule].name);
	struct str found = arena_str(keep, buf_get(&b));
	db_release(&db);
	buf_release(&b);
	diags_release(&d);
	return found;
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
	if (!str_eq(find(&source, db_load, &keep), find(&source, check_load, &keep)))
		__builtin_trap();
	if (format(&source, &keep, &once) == STATUS_OK) {
		struct text_source again = { "fuzz", once.p, once.n };
		if (format(&again, &keep, &twice) != STATUS_OK || !str_eq(once, twice))
			__builtin_trap();
	}
	arena_release(&keep);
	return 0;
}
