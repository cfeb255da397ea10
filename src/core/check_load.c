/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan for a check alone: without its plain addresses, if what is said of these rests on
 * what they are called, and on subnets that say nothing odd.
 */
#include "check_parts.h"

#include "db_load.h"
#include "needle.h"
#include "plain.h"

/* So far aliases are sought before it is known whether there are any. */
enum { LOOK_AT = 1 << 20 };

/* Whether names matter: there are zones, which stand at the top, or aliases. */
static bool
wants_names(const struct env *env, struct str text)
{
	struct str rest = text, line;
	struct needles alias;

	while (str_next(&rest, '\n', &line)) {
		line = str_trim(line);
		if (str_starts(line, STR("@zone")))
			return true;
		if (line.n && line.p[0] != '#' && line.p[0] != '@')
			break;
	}
	text = str_cut(text, 0, text.n < LOOK_AT ? text.n : LOOK_AT);
	needles_init(&alias, env);
	needles_add(&alias, STR("alias="), false);
	bool found = needles_find(&alias, text, 0) < text.n;
	needles_release(&alias);
	return found;
}

/* Whether no rule has anything to say of the plain addresses. */
static bool
are_calm(struct db *db)
{
	struct walk w;

	for (struct rec *r = walk_all(&w, db); r; r = walk_next(&w)) {
		if (r->kind == KIND_SUBNET && !check_is_calm(db, r))
			return false;
		if ((r->flags & REC_OWN_DNS) && !db->plain[0].with_names &&
		    plain_words(r).aliases.n)
			return false;
	}
	for (size_t i = 0; i < db->plains; i++)
		for (size_t k = 0; k < db->plain[i].relative.n; k++)
			if (!check_suits_all(db_domain(db, db->plain[i].relative.v[k])))
				return false;
	return true;
}

static bool
load_sifted(struct db *db, const struct text_source *source, size_t n)
{
	bool with_names = wants_names(db->env, (struct str){ source->p, source->n });

	db->plain = arena_alloc(&db->arena, n * sizeof(*db->plain));
	db->plains = n;
	for (size_t i = 0; i < n; i++)
		plain_init(&db->plain[i], db->env, with_names);
	return db_load_sifted(db, source, db->plain, n) && are_calm(db);
}

static enum status
load_whole(struct db *db, const struct text_source *source, size_t n, struct diags *d)
{
	const struct env *env = db->env;

	db_release(db);
	db_init(db, env);
	return db_load(db, source, n, d);
}

enum status
check_load_slices(struct db *db, const struct text_source *source, size_t n, struct diags *d)
{
	return load_sifted(db, source, n) ? STATUS_OK : load_whole(db, source, 1, d);
}

enum status
check_load(struct db *db, const struct text_source *source, size_t n, struct diags *d)
{
	size_t slices = n == 1 ? db_slices(db, source) : 0;

	return n == 1 ? check_load_slices(db, source, slices ? slices : 1, d)
	              : db_load(db, source, n, d);
}
