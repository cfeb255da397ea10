/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "git.h"

#include <inttypes.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"

enum { ARGS_MAX = 48, TIMEOUT = 600000 };

extern char **environ;

/* --- where ------------------------------------------------------------ */

static bool
in_work_tree(const char *dir, struct arena *arena)
{
	struct stat st;

	for (struct str d = str_from(dir); d.n; d = str_cut(d, 0, d.n - 1)) {
		if (d.p[d.n - 1] == '/' &&
		    stat(arena_fmt(arena, "%.*s.git%c", STR_FMT(d), 0).p, &st) == 0)
			return true;
	}
	return false;
}

bool
git_find(struct git *g, const char *path, const struct env *env, struct arena *arena)
{
	char real[PATH_MAX];
	struct str p;
	size_t slash;

	*g = (struct git){ .env = env, .arena = arena };
	if (!realpath(path, real)) {
		g->why = STR("it is not there");
		return false;
	}
	p = str_from(real);
	for (slash = p.n; p.p[slash - 1] != '/';)
		slash--;
	g->dir = arena_z(arena, str_cut(p, 0, slash));
	g->name = arena_z(arena, str_cut(p, slash, p.n));
	if (!in_work_tree(g->dir, arena))
		g->why = STR("it is in no work tree");
	return g->why.n == 0;
}

/* --- git itself ------------------------------------------------------- */

/* Without the variables that change what git does, and with some that keep it from
 * asking, locking and fetching. */
static const char *const *
environment(struct arena *arena)
{
	static const char *const ours[] = { "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
		"GIT_NO_LAZY_FETCH=1" };
	size_t n = 0, at = 0;

	while (environ[n])
		n++;
	const char **v = arena_alloc(arena, (n + ARRAY_LEN(ours) + 1) * sizeof(*v));
	for (size_t i = 0; i < n; i++)
		if (str_starts(str_from(environ[i]), STR("GIT_"))) {
			struct str variable = str_from(environ[i]);
			v[at++] = arena_z(arena, str_cut(variable, 0, str_find(variable, '=')));
		}
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		v[at++] = ours[i];
	v[at] = NULL;
	return v;
}

/* Its own words, or those of whoever could not run it. */
static struct str
reason(struct git *g, const struct child_result *result, const struct diags *d)
{
	struct str said = str_cut(result->err, 0, str_find(result->err, '\n'));

	if (d->n)
		said = d->v[0].text;
	else if (said.n == 0)
		return arena_fmt(g->arena, "git: exit status %d", result->exit);
	return arena_str(g->arena, said);
}

/* Runs it with these arguments, up to NULL; false unless it exits with 0. */
static bool
run(struct git *g, const char *const *args, struct str *out)
{
	static const char *const plain[] = { "git", "--no-pager", "--no-replace-objects",
		"--literal-pathspecs", "-c", "core.fsmonitor=false", "-c",
		"core.hooksPath=/dev/null", "-c", "protocol.allow=never", "-c",
		"core.quotePath=false", "-c", "log.showSignature=false", "-c", "log.showRoot=true",
		"-C" };
	const char *argv[ARGS_MAX];
	size_t n = 0;
	struct child child = { .argv = argv, .env = environment(g->arena), .timeout = TIMEOUT };
	struct child_result result = { 0 };
	struct diags unsaid;

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		argv[n++] = plain[i];
	argv[n++] = g->dir;
	while (*args)
		argv[n++] = *args++;
	argv[n] = NULL;
	diags_init(&unsaid, g->env);
	enum status status = child_run(&child, g->env, g->arena, &result, &unsaid);
	bool ok = !status && result.exit == 0;
	if (!ok)
		g->why = reason(g, &result, &unsaid);
	diags_release(&unsaid);
	*out = result.out;
	return ok;
}

bool
git_head(struct git *g, struct str *text)
{
	const char *what = arena_fmt(g->arena, "HEAD:./%s%c", g->name, 0).p;
	const char *const args[] = { "cat-file", "blob", what, NULL };

	return run(g, args, text);
}

bool
git_is_shallow(struct git *g)
{
	static const char *const args[] = { "rev-parse", "--is-shallow-repository", NULL };
	struct str out;

	return run(g, args, &out) && str_eq(out, STR("true\n"));
}

/* git log of the file by these names, with these arguments more, both up to NULL. */
static bool
read_log(struct git *g, const char *const *more, const char *const *names, git_commits *out)
{
	static const char *const plain[] = { "log", GITLOG_FORMAT, "--encoding=UTF-8", "--no-notes",
		"-p", "-U0", "--inter-hunk-context=0", "--text", "--no-color", "--no-ext-diff",
		"--no-textconv", "--src-prefix=a/", "--dst-prefix=b/" };
	const char *args[ARGS_MAX];
	size_t n = 0;
	struct str text;

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		args[n++] = plain[i];
	while (*more)
		args[n++] = *more++;
	args[n++] = "--";
	while (*names)
		args[n++] = *names++;
	args[n] = NULL;
	return run(g, args, &text) && gitlog_read(text, g->env, g->arena, out);
}

bool
git_log(struct git *g, size_t skip, size_t count, git_commits *out)
{
	const char *from = arena_fmt(g->arena, "--skip=%zu%c", skip, 0).p;
	const char *many =
	    count ? arena_fmt(g->arena, "--max-count=%zu%c", count, 0).p : "--max-count=-1";
	const char *const more[] = { "--first-parent", "--diff-merges=first-parent", "--follow",
		from, many, "HEAD", NULL };
	const char *const names[] = { g->name, NULL };

	return read_log(g, more, names, out);
}

/* The way from the file's directory to the top of the work tree: "../", or nothing. */
static struct str
way_up(struct git *g)
{
	static const char *const args[] = { "rev-parse", "--show-cdup", NULL };
	struct str out;

	return run(g, args, &out) ? str_cut(out, 0, str_find(out, '\n')) : STR_NONE;
}

bool
git_side(struct git *g, const struct git_commit *merge, git_commits *out)
{
	const char *id = arena_z(g->arena, merge->id);
	const char *without = arena_fmt(g->arena, "^%.*s%c", STR_FMT(merge->parent), 0).p;
	const char *const more[] = { "--topo-order", "--reverse", "--no-merges", id, without,
		NULL };
	struct str up = merge->to.n ? way_up(g) : STR_NONE;
	const char *names[4] = { g->name };
	size_t n = 1;

	if (merge->to.n)
		names[n++] =
		    arena_fmt(g->arena, "%.*s%.*s%c", STR_FMT(up), STR_FMT(merge->to), 0).p;
	if (merge->from.n && !str_eq(merge->from, merge->to))
		names[n++] =
		    arena_fmt(g->arena, "%.*s%.*s%c", STR_FMT(up), STR_FMT(merge->from), 0).p;
	return read_log(g, more, names, out);
}
