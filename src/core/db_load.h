/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * db_load: the plan from its text, put in order as it comes.
 *
 * What is wrong with single lines is reported; what is wrong between them is
 * check.h's.
 */
#ifndef IPAM_DB_LOAD_H
#define IPAM_DB_LOAD_H

#include "db.h"

/* Reads the sources.  STATUS_INVALID if there was any error (all are in
 * diags, in the order of the file); the db then holds what could be read. */
enum status db_load(struct db *db, const struct text_source *source, size_t n, struct diags *d);
/* The same for one source, in so many slices, which env->run() reads at the same time. */
enum status db_load_slices(struct db *db, const struct text_source *source, size_t n,
    struct diags *d);
/*
 * Reads a source without its plain addresses (plain.h), in n slices: what they are called is
 * in `plain`, n of them, which are initialized.  False if there is any error, or the text is
 * not in order: the db is then to be released.
 */
struct plain;
bool db_load_sifted(struct db *db, const struct text_source *source, struct plain *plain, size_t n);
/* In so many slices a source is read with gain; 0 and 1: in one go. */
size_t db_slices(const struct db *db, const struct text_source *source);
/* Reads only parts of the sources' texts, whole lines, in their order. */
enum status db_load_parts(struct db *db, const struct text_source *source, size_t sources,
    const struct text_source *part, size_t n, struct diags *d);

#endif
