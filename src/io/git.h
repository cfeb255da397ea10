/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * git: what the repository around the data file knows of it, from git(1).
 *
 *     git_find(&g, path, &env, &arena)         is it in a work tree at all?
 *     git_head(&g, &text)                      its text in HEAD
 *     git_log(&g, skip, count, &commits)       its commits, the newest first
 *     git_side(&g, &merge, &commits)           what a merge brought
 *
 * Each is false where there is nothing to be had: no git, no work tree, a file that is
 * not under git, a repository that belongs to somebody else.  Nothing is said then, as a
 * plan need not be under git; g.why says it, in the arena, to whoever wants to know.
 * Nothing that the repository names is ever run.  Not to be called with the lock held.
 */
#ifndef IPAM_GIT_H
#define IPAM_GIT_H

#include "core/gitlog.h"

struct git {
	const struct env *env;
	struct arena *arena;
	const char *dir, *name; /* where the file really is */
	struct str why;
};

bool git_find(struct git *g, const char *path, const struct env *env, struct arena *arena);
bool git_head(struct git *g, struct str *text);
/* count 0: all.  The mainline: where a merge brought something, that is its change. */
bool git_log(struct git *g, size_t skip, size_t count, git_commits *out);
/* The commits, the oldest first, that the merge brought. */
bool git_side(struct git *g, const struct git_commit *merge, git_commits *out);
/* Whether history has been cut: its oldest commits are no beginning. */
bool git_is_shallow(struct git *g);

#endif
