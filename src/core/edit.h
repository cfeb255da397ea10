/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * edit: changing the plan, and the file only where the change is.
 *
 * Every function here changes the plan in memory at once and remembers what
 * has to change in the text; ipam(5), "What a change may touch".  Nothing is
 * checked: callers (alloc.h, plan.h, the commands) do that before.
 *
 * What was changed can be walked as a list of changes (for `-n`, the journal)
 * and written as pieces of the new text.
 */
#ifndef IPAM_EDIT_H
#define IPAM_EDIT_H

#include "db.h"

/* A=V as on the command line: an empty value removes the attribute. */
struct assign {
	struct str name, value;
};

struct change {
	struct rec *rec;
	struct str before; /* its line as it was read; empty for a new one */
	struct rec *below; /* edit's: new records that stand directly below it */
	struct rec *next;  /* a new one: the one below it in its chain */
};

/* Adds a record with these attributes in this order (empty ones left out).
 * vrf is a number of db->vrfs. */
struct rec *edit_add(struct db *db, unsigned vrf, struct span span, enum kind kind,
    const struct assign *a, size_t n);
struct rec *edit_add_object(struct db *db, struct str kind, struct str name, const struct assign *a,
    size_t n);
/* Adds a record whose line, with its key, is given as it will stand; its bytes must
 * stay as long as the db.  NULL if it is no record. */
struct rec *edit_add_line(struct db *db, struct str line);
/* Sets, adds and removes attributes; true if the line is another one now. */
bool edit_assign(struct db *db, struct rec *r, const struct assign *a, size_t n);
bool edit_set(struct db *db, struct rec *r, const char *name, struct str value);
/* Gives the record a wholly new line with the same key. */
void edit_replace(struct db *db, struct rec *r, const struct assign *a, size_t n);
/* Gives it another line, with the same key; its bytes must stay as long as the db. */
void edit_set_line(struct db *db, struct rec *r, struct str line);
void edit_remove(struct db *db, struct rec *r);
/* Moves records, a subnet and all that it holds or one alone, to other keys: each
 * gets the line given for it, whose bytes must stay as long as the db.  Where the
 * order of the plan stays as it is, so do the lines' places in the file.  r[i]
 * are the records there. */
void edit_rekey(struct db *db, struct rec **r, const struct str *line, size_t n);

/* --- the result ------------------------------------------------------- */

/* What became of a line; with another key it is one that went and one that came. */
struct line_change {
	const struct rec *rec;
	struct str before, after; /* empty: it came, it went */
};
/* All real changes, in the order of the plan, objects first; in the arena. */
size_t edit_changes(struct db *db, struct line_change **out);
bool edit_is_changed(const struct db *db);
/* The line of a record as it was read; empty for a new one. */
struct str edit_line_before(const struct db *db, const struct rec *r);

/* The new text of a source, as pieces; in the arena. */
size_t edit_pieces(struct db *db, size_t source, struct piece **out);
/* The same as one string, in the arena. */
struct str edit_text(struct db *db, size_t source);

#endif
