/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gitlog: what git-log(1) tells of a plan, as changes of records.
 *
 *     git log GITLOG_FORMAT -p -U0 ... -- FILE
 *     gitlog_read(text, &env, &arena, &commits)       in git's order
 *     gitlog_release(&commits)
 *
 * Texts and lines are slices of git's text.  A line that is no record, as a merge that
 * was not settled leaves it, counts for nothing, whether it comes or goes.
 */
#ifndef IPAM_GITLOG_H
#define IPAM_GITLOG_H

#include "journal.h"

#define GITLOG_FORMAT "--format=tformat:%x00%H %P%x00%an <%ae>%x00%at %ct%x00%B%x00"

struct git_commit {
	struct str id, parent; /* parent: the first; empty: none */
	bool is_merge;
	struct str author; /* "Alice <alice@example.net>" */
	int64_t authored, committed;
	struct str message;
	struct str from,
	    to;           /* the file's name in the repository before and after, where it is said */
	block_lines line; /* what went and came; nothing does both */
};
typedef VEC(struct git_commit) git_commits;

/* Adds them; false if the text is not what git writes. */
bool gitlog_read(struct str text, const struct env *env, struct arena *arena, git_commits *out);
void gitlog_release(git_commits *v);

/* The sum of the records of a text. */
struct sum gitlog_sum(struct str text, const struct env *env);

/*
 * What is known of commits: ids, and sums of plans, as text, that stay as long.  They are
 * told the newest first.
 */
struct gitlog_known {
	struct lines last, first; /* when each was told the first and the last time: 1, 2, ... */
	int64_t told;
};
void gitlog_known_init(struct gitlog_known *k, const struct env *env);
void gitlog_known_release(struct gitlog_known *k);
void gitlog_know(struct gitlog_known *k, struct str id, struct str sum);

/*
 * How many of the commits, the newest first, came behind the last one that is known: by
 * its id, or by the sum of the plan as it left it.  head is the sum behind the first of
 * them.  v->n if none is known.  A plan that comes again, as by git-revert(1), is not what
 * it was before: its commit is new if one below it left what was known only later.
 */
size_t gitlog_new(const git_commits *v, struct sum head, const struct gitlog_known *known,
    const struct env *env);

#endif
