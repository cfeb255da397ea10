/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * opt: the words of a command line, by tables.
 *
 * An option whose value may be left out takes what follows =, else the next word, unless
 * that is plainly something else: an option, a prefix, a SELECT with an operator.
 *
 * Options may stand anywhere before `--` and are never abbreviated; --long VALUE
 * and --long=VALUE, -s VALUE and -sVALUE, and -ab for -a -b are all read.  A word
 * name=value is an assignment where the command takes them.
 */
#ifndef IPAM_OPT_H
#define IPAM_OPT_H

#include "core/edit.h"

struct opt {
	char letter;      /* or 0 */
	const char *name; /* without the dashes */
	const char
	    *value; /* what its value is called, or NULL if it has none; [WORD] may be left out */
	const char *help;
};
#define OPT_END                                                                                    \
	{                                                                                          \
		0, NULL, NULL, NULL                                                                \
	}

struct opt_value {
	const struct opt *opt;
	struct str value;
};

struct args {
	VEC(struct opt_value) opt;
	VEC(struct str) word;
	VEC(struct assign) assign;
};
void args_release(struct args *a);

/* Reads words into options of the tables (either may be NULL) and words;
 * STATUS_USAGE with a message for anything else. */
enum status args_read(struct args *a, const struct env *env, const struct str *word, size_t n,
    const struct opt *table, const struct opt *more, struct diags *d);
/* Takes name=value out of the words. */
enum status args_take_assigns(struct args *a, const struct env *env, struct diags *d);

bool args_has(const struct args *a, const char *name);
/* The last value given for an option; empty if it was not. */
struct str args_get(const struct args *a, const char *name);

/* The words of a line of `batch`: blanks, '...', "..." with \" \\ \$ \`, \x and
 * # comments as a shell has them, and nothing else of it. */
typedef VEC(struct str) word_list;
bool args_split(struct str line, struct arena *arena, word_list *out, const char **why);
/* The other way: "ipam" and the words as a line that a shell reads as them. */
struct str args_line(const struct str *word, size_t n, struct arena *arena);

#endif
