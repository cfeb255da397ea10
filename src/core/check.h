/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check: the rules of ipam-check(1) that look at a whole plan.
 *
 * What is wrong with single lines (syntax, keys, bytes) the reader has said
 * already; the rules here are rows of a table, each a function over a record
 * and its surroundings.  No rule depends on the clock.
 *
 * db_load() + check_plan() is the way to know that a file is valid:
 *
 *     db_load(&db, sources, n, &diags);
 *     check_plan(&db, SEV_ERROR, &diags);     errors alone, for a command
 *     check_plan(&db, SEV_WARNING, &diags);   everything, for `ipam check`
 */
#ifndef IPAM_CHECK_H
#define IPAM_CHECK_H

#include "db.h"

/*
 * Loads a plan for check_plan() and nothing else: in a large one, nearly all addresses are
 * such that no rule can say anything of them, and are left out.  As db_load().
 */
enum status check_load(struct db *db, const struct text_source *source, size_t n, struct diags *d);
/* The same for one source, in so many slices. */
enum status check_load_slices(struct db *db, const struct text_source *source, size_t n,
    struct diags *d);

/* Adds what is at least as severe as `least`, in the order of the file.
 * STATUS_INVALID if there is an error, of the reader or of a rule. */
enum status check_plan(struct db *db, enum severity least, struct diags *d);

/* The errors but for those that `ipam fmt` mends: where @check makes one of order or spelling. */
enum status check_for_fmt(struct db *db, struct diags *d);

/* Looks at the records that edits have touched: the same rules.  For a command
 * before it writes; STATUS_CONFLICT or STATUS_USAGE, by what is wrong, if the new
 * plan would not be valid. */
enum status check_changes(struct db *db, struct diags *d);

/* Whether a value may stand for an attribute on this kind of record, as given
 * on a command line or in an import: STATUS_OK or STATUS_USAGE with a message. */
enum status check_assign(enum kind kind, struct str object, struct str name, struct str value,
    struct diags *d);

#endif
