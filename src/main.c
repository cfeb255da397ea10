/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * main: words → command → file → run → commit → print → exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <regex.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "core/when.h"
#include "io/beside.h"
#include "io/file.h"
#include "io/guard.h"
#include "io/hash.h"
#include "io/pager.h"
#include "io/session.h"

#ifndef IPAM_VERSION
#define IPAM_VERSION "0.1.0"
#endif

/* --- the environment -------------------------------------------------- */

static void
no_memory(size_t wanted)
{
	fprintf(stderr, "ipam: out of memory (%zu bytes wanted); nothing was changed\n", wanted);
	exit(STATUS_SYSTEM);
}

static bool
system_random(void *p, size_t n)
{
	return getrandom(p, n, 0) == (ssize_t)n;
}

static void *
pattern_compile(const char *pattern, char *err, size_t errsize)
{
	regex_t *re = malloc(sizeof(*re));

	if (!re)
		no_memory(sizeof(*re));
	int fault = regcomp(re, pattern, REG_EXTENDED | REG_NOSUB);
	if (!fault)
		return re;
	regerror(fault, re, err, errsize);
	free(re);
	return NULL;
}

static bool
pattern_match(const void *regex, const char *text)
{
	return regexec(regex, text, 0, NULL, 0) == 0;
}

static void
pattern_free(void *regex)
{
	regfree(regex);
	free(regex);
}

/* The locale's character set, by its name: nothing here needs the locale itself. */
static bool
is_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	for (size_t i = 0; i < ARRAY_LEN(variables) && !(locale && *locale); i++)
		locale = getenv(variables[i]);
	return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

static struct screen
find_screen(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct screen s = { .is_terminal = isatty(1), .utf8 = is_utf8() };
	struct winsize size;

	s.no_color = no_color && *no_color;
	s.color = s.is_terminal && !s.no_color && term && strcmp(term, "dumb") != 0;
	if (s.is_terminal && ioctl(1, TIOCGWINSZ, &size) == 0) {
		s.width = size.ws_col;
		s.height = size.ws_row;
	}
	return s;
}

static bool
env_fill(struct env *env, struct diags *d)
{
	const char *now = getenv("IPAM_NOW");

	*env = (struct env){ .oom = no_memory,
		.map = file_map,
		.unmap = file_unmap,
		.random = system_random,
		.sha256 = hash_sha256,
		.regex_compile = pattern_compile,
		.regex_match = pattern_match,
		.regex_free = pattern_free,
		.screen = find_screen(),
		.now = time(NULL) };
	if (now && *now && !when_parse(str_from(now), &env->now)) {
		diag_fail(d, STATUS_USAGE, "IPAM_NOW=%s: a time is written 2026-12-31T10:00:00Z",
		    now);
		return false;
	}
	return true;
}

/* --- a run ------------------------------------------------------------ */

struct run {
	struct world world; /* first: handlers give it back */
	struct env env;
	struct diags diags;
	struct arena arena;
	struct store_request request;
	struct session session;
	bool lacks_file; /* a command that goes without one has none */
	const struct str *word;
	size_t words;
	struct out out;
	struct ctx ctx;
	struct buf changes; /* -n: what would change */
	struct str input;   /* standard input, once read */
	bool has_input;
	struct text_source said; /* of the last message: the rest from its line on; n lines above */
};

static enum status
read_all(struct run *r, const char *path, struct str *out, struct diags *d)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : 0;
	struct buf b;
	ssize_t n = 1;

	if (fd < 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s", path, strerror(errno));
	buf_init(&b, &r->env);
	for (; n > 0; b.n += (size_t)(n > 0 ? n : 0))
		n = file_read(fd, buf_room(&b, 65536), 65536);
	int error = errno;
	if (path)
		close(fd);
	*out = arena_str(&r->arena, buf_get(&b));
	buf_release(&b);
	if (n < 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s", path ? path : "standard input",
		    strerror(error));
	return STATUS_OK;
}

static enum status
world_read(struct world *w, struct str path, struct str *out, struct diags *d)
{
	struct run *r = (struct run *)(void *)w;
	enum status status = STATUS_OK;

	if (!str_eq(path, STR("-")))
		return read_all(r, arena_z(&r->arena, path), out, d);
	if (!r->has_input)
		status = read_all(r, NULL, &r->input, d);
	r->has_input = true;
	*out = r->input;
	return status;
}

static enum status
read_seen(struct run *r, struct store *store, struct text_source *out, struct diags *d)
{
	struct str text;
	enum status status = beside_read(store, ".seen", &r->arena, &text, d);

	out->name = arena_fmt(&r->arena, "%s.seen%c", store_name(store), 0).p;
	out->p = text.n ? text.p : "";
	out->n = text.n;
	vec_push(&r->env, &r->ctx.foreign, *out);
	return status;
}

static enum status
world_seen(struct world *w, struct text_source *out, struct diags *d)
{
	struct run *r = (struct run *)(void *)w;

	return read_seen(r, r->session.store, out, d);
}

static bool
in_git(struct run *r, struct str dir)
{
	struct stat st;

	for (int depth = 0; depth < 64; depth++) {
		struct str git = arena_fmt(&r->arena, "%.*s.git", STR_FMT(dir));
		if (stat(git.p, &st) == 0)
			return true;
		dir = arena_fmt(&r->arena, "%.*s../", STR_FMT(dir));
	}
	return false;
}

/* In a git work tree, the files beside the plan are not to be committed. */
static enum status
ignore_beside(struct run *r, const char *path, struct diags *d)
{
	static const char *const ends[] = { ".log", ".seen", ".state", ".lock" };
	struct str p = str_from(path);
	size_t slash = p.n;

	while (slash > 0 && p.p[slash - 1] != '/')
		slash--;
	struct str dir = str_cut(p, 0, slash), name = str_cut(p, slash, p.n);
	if (!in_git(r, dir))
		return STATUS_OK;
	struct str file = arena_fmt(&r->arena, "%.*s.gitignore", STR_FMT(dir));
	FILE *f = fopen(file.p, "ae");
	if (!f)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s; %s was made", file.p, strerror(errno),
		    path);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		fprintf(f, "/%.*s%s\n", STR_FMT(name), ends[i]);
	fprintf(f, "/.%.*s.*-tmp\n", STR_FMT(name));
	if (fclose(f) != 0)
		return diag_fail(d, STATUS_SYSTEM, "%s: %s; %s was made", file.p, strerror(errno),
		    path);
	return STATUS_OK;
}

static enum status
world_create(struct world *w, struct str path, struct str *made, struct diags *d)
{
	struct run *r = (struct run *)(void *)w;
	const char *p = path.n                                        ? arena_z(&r->arena, path)
	                : r->request.file                             ? r->request.file
	                : r->request.variable && *r->request.variable ? r->request.variable
	                                                              : STORE_NAME;

	*made = str_from(p);
	if (r->ctx.dry)
		return STATUS_OK;
	enum status status = store_create(p, STR("@ipam 1\n"), d);
	return status ? status : ignore_beside(r, p, d);
}

/* --- messages --------------------------------------------------------- */

static void
print_err(struct run *r, struct str s)
{
	struct str safe = out_harmless(&r->arena, s);

	fprintf(stderr, "%.*s", STR_FMT(safe));
}

static const struct text_source *
source_of(struct run *r, const char *at)
{
	size_t n = 0;
	const struct text_source *s = r->session.store ? store_sources(r->session.store, &n) : NULL;

	for (size_t i = 0; at && i < n; i++)
		if (at >= s[i].p && at <= s[i].p + s[i].n)
			return &s[i];
	for (size_t i = 0; at && i < r->ctx.foreign.n; i++) {
		s = &r->ctx.foreign.v[i];
		if (at >= s->p && at <= s->p + s->n)
			return s;
	}
	return NULL;
}

/* Messages come in the order of their places, so that the lines before one are
 * not counted again. */
static void
line_column(struct run *r, const struct text_source *s, const char *at, size_t *line,
    size_t *column)
{
	if (r->said.name != s->name || at < r->said.p)
		r->said = (struct text_source){ s->name, s->p, 0 };
	struct text_source rest = { s->name, r->said.p, (size_t)(s->p + s->n - r->said.p) };
	text_line_column(&rest, at, line, column);
	r->said.n += *line - 1;
	r->said.p = at - (*column - 1);
	*line = r->said.n + 1;
}

static void
print_diag(struct run *r, const struct diag *d)
{
	const struct text_source *s = source_of(r, d->pos.at);
	const char *level = d->severity == SEV_ERROR ? "error" : "warning";
	size_t line, column;
	struct buf b;

	buf_init(&b, &r->env);
	buf_z(&b, "ipam: ");
	if (s) {
		line_column(r, s, d->pos.at, &line, &column);
		buf_fmt(&b, "%s:%zu:%zu: %s: ", s->name, line, column, level);
	} else if (d->severity == SEV_WARNING) {
		buf_z(&b, "warning: ");
	}
	buf_str(&b, d->text);
	if (s && d->rule)
		buf_fmt(&b, " [%s]", rules[d->rule].name);
	buf_char(&b, '\n');
	if (d->hint.n)
		buf_fmt(&b, "hint: %.*s\n", STR_FMT(d->hint));
	print_err(r, buf_get(&b));
	buf_release(&b);
}

static void
print_diags(struct run *r)
{
	for (size_t i = 0; i < r->diags.n; i++)
		if (!r->ctx.quiet || r->diags.v[i].severity == SEV_ERROR)
			print_diag(r, &r->diags.v[i]);
	if (r->diags.dropped)
		fprintf(stderr, "ipam: ... and %zu more\n", r->diags.dropped);
}

/* Writes the answer, if there is one: not where a change did not come; a full disk or a closed pipe is an error. */
static bool
print_answer(struct run *r, enum status status)
{
	struct str text = buf_get(&r->out.text);
	bool is_answer = status == STATUS_OK || status == STATUS_NO || status == STATUS_INVALID;

	if (text.n == 0 || !is_answer)
		return true;
	if (!r->out.color && (r->env.screen.is_terminal || r->ctx.format == FORMAT_TABLE))
		text = out_harmless(&r->arena, text);
	if ((r->ctx.cmd->flags & CMD_PAGER) && r->env.screen.is_terminal &&
	    pager_show(getenv("PAGER"), text, &r->env, &r->arena))
		return true;
	return file_write(1, text.p, text.n);
}

/* --- the stages ------------------------------------------------------- */

static const char *
holder_text(struct run *r)
{
	const struct passwd *pw = getpwuid(getuid());
	struct buf b;

	buf_init(&b, &r->env);
	buf_fmt(&b, "%s: ipam", pw ? pw->pw_name : "?");
	for (size_t i = 0; i < r->words; i++)
		buf_fmt(&b, " %.*s", STR_FMT(r->word[i]));
	struct str s = out_harmless(&r->arena, buf_get(&b));
	buf_release(&b);
	return arena_z(&r->arena, s);
}

/* A word as a shell reads it. */
static void
put_word(struct buf *b, struct str word)
{
	static const char safe[] = "%+,-./:=@_~";
	bool bare = word.n > 0;

	for (size_t i = 0; i < word.n && bare; i++)
		bare = ascii_alnum(word.p[i]) || (word.p[i] && strchr(safe, word.p[i]));
	if (bare) {
		buf_str(b, word);
		return;
	}
	buf_char(b, '\'');
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '\'')
			buf_z(b, "'\\''");
		else
			buf_char(b, word.p[i]);
	buf_char(b, '\'');
}

static struct str
command_line(struct run *r)
{
	struct buf b;

	buf_init(&b, &r->env);
	buf_z(&b, "ipam");
	for (size_t i = 0; i < r->words; i++) {
		buf_char(&b, ' ');
		put_word(&b, r->word[i]);
	}
	struct str line = arena_str(&r->arena, buf_get(&b));
	buf_release(&b);
	return line;
}

/* Who does it, for the journal. */
static void
name_origin(struct run *r)
{
	struct origin *o = &r->session.origin;
	const char *now = getenv("IPAM_NOW");

	who_find(&o->who, &r->arena, getenv("SUDO_USER"), getenv("IPAM_USER"));
	o->command = command_line(r);
	o->reason = args_get(&r->ctx.args, "reason");
	o->has_real = now && *now;
	o->real = time(NULL);
}

static enum status
read_request(struct run *r)
{
	struct str file = args_get(&r->ctx.args, "file");
	uint64_t seconds;
	enum status status = cmd_number(&r->ctx, "wait", 10, 0, 86400, &seconds);

	r->request = (struct store_request){ .env = &r->env,
		.file = args_has(&r->ctx.args, "file") ? arena_z(&r->arena, file) : NULL,
		.variable = getenv("IPAM_FILE"),
		.holder = r->ctx.cmd->flags & (CMD_WRITE | CMD_SEEN) ? holder_text(r) : "",
		.wait = (int64_t)seconds * 1000 };
	if ((r->ctx.cmd->flags & CMD_WRITE) || args_has(&r->ctx.args, "record"))
		name_origin(r);
	return status;
}

static bool
has_file(const struct run *r)
{
	return !(r->ctx.cmd->flags & CMD_NO_FILE) && !args_has(&r->ctx.args, "help") &&
	       !r->lacks_file;
}

/* --at: the plan as it was, and the time it was then. */
static enum status
go_back(struct run *r)
{
	struct str at = args_get(&r->ctx.args, "at");
	int64_t time;

	if (!args_has(&r->ctx.args, "at"))
		return STATUS_OK;
	if (!when_moment(at, r->env.now, &time)) {
		diag_fail(&r->diags, STATUS_USAGE, "--at %.*s: a time is wanted", STR_FMT(at));
		diag_hint(&r->diags, WHEN_MOMENTS);
		return STATUS_USAGE;
	}
	enum status status = session_at(&r->session, time);
	r->env.now = time;
	return status;
}

/* Whether it needs the lock. */
static bool
writes(const struct run *r)
{
	return ((r->ctx.cmd->flags & CMD_WRITE) || args_has(&r->ctx.args, "record")) && !r->ctx.dry;
}

static enum status
load_plan(struct run *r)
{
	bool any = (r->ctx.cmd->flags & CMD_ANY_FILE) && !args_has(&r->ctx.args, "record");
	bool at = args_has(&r->ctx.args, "at"), has_key;
	enum status status = STATUS_OK;
	struct key key;

	if (at || !cmd_look(&r->ctx, &key, &has_key) ||
	    !session_look(&r->session, has_key ? &key : NULL))
		status =
		    session_load(&r->session, !any                           ? FAULTS_REFUSED
					      : r->ctx.cmd->run == cmd_check ? FAULTS_KEPT
									     : FAULTS_FORGOTTEN);
	r->ctx.db = &r->session.db;
	return status ? status : go_back(r);
}

/* What the command changed, if it did. */
static enum status
finish(struct run *r, bool *again)
{
	bool whole = r->ctx.has_new_text;

	if (!(r->ctx.cmd->flags & CMD_WRITE) || (!whole && !edit_is_changed(&r->session.db)))
		return STATUS_OK;
	if (!r->ctx.dry)
		return session_commit(&r->session, whole ? &r->ctx.new_text : NULL, again);
	return session_changes(&r->session, &r->changes);
}

/* What was seen before and what the handler makes of it. */
static enum status
see(struct run *r, struct store *store)
{
	struct text_source source;
	struct seen seen;
	struct buf text;
	enum status status = read_seen(r, store, &source, &r->diags);

	if (status)
		return status;
	seen_init(&seen, &r->session.db);
	buf_init(&text, &r->env);
	seen.changes = r->ctx.dry ? &r->changes : NULL;
	status = seen_load(&seen, &source, &r->diags);
	if (!status)
		status = r->ctx.see(&r->ctx, &seen);
	if (!status && seen.is_changed && !r->ctx.dry) {
		seen_text(&seen, &text);
		status = beside_replace(store, ".seen", buf_get(&text), &r->diags);
	}
	buf_release(&text);
	seen_release(&seen);
	return status;
}

/* The lock is taken only now: what the handler read or scanned may have taken long. */
static enum status
record_seen(struct run *r)
{
	struct store *store = NULL;
	enum status status;

	if (r->ctx.dry)
		return see(r, r->session.store);
	status =
	    store_open(&store, &r->request, store_name(r->session.store), STORE_WRITE, &r->diags);
	if (!status)
		status = see(r, store);
	store_close(store);
	return status;
}

static enum status
run_once(struct run *r, bool *again)
{
	enum status status = has_file(r) ? load_plan(r) : STATUS_OK;

	out_init(&r->out, &r->env, r->ctx.format, r->ctx.color);
	if (!status)
		status = cmd_run(&r->ctx);
	if (!status && r->ctx.see)
		status = record_seen(r);
	if (r->ctx.cmd->run == cmd_check && status <= STATUS_NO && r->session.loaded)
		session_remember(&r->session);
	if (!status && has_file(r) && (r->ctx.cmd->flags & CMD_WRITE) && !r->ctx.has_new_text)
		status = session_check(&r->session);
	/* a row's line may be one that is removed or changed next */
	if (status == STATUS_OK || status == STATUS_NO || status == STATUS_INVALID)
		out_finish(&r->out);
	return status || !has_file(r) ? status : finish(r, again);
}

static enum status
run_command(struct run *r)
{
	enum status status = read_request(r);
	bool again = false;

	if (!status && has_file(r))
		status = session_open(&r->session, &r->request,
		    writes(r)                      ? STORE_WRITE
		    : r->ctx.cmd->flags & CMD_LOOK ? STORE_LOOK
						   : STORE_READ);
	if (status && (r->ctx.cmd->flags & CMD_MAY_FILE)) {
		r->lacks_file = true;
		diags_clear(&r->diags);
		status = STATUS_OK;
	}
	while (!status) {
		status = run_once(r, &again);
		if (status || !again)
			break;
		again = false;
		out_release(&r->out);
		cmd_forget(&r->ctx);
		r->ctx.has_new_text = false;
		r->ctx.foreign.n = 0;
		r->ctx.note = STR_NONE;
		diags_clear(&r->diags);
	}
	return status;
}

int
main(int argc, char **argv)
{
	static struct run r;
	enum status status = STATUS_USAGE;

	guard_descriptors();
	diags_init(&r.diags, &env_plain);
	if (env_fill(&r.env, &r.diags)) {
		struct str *word = malloc((size_t)argc * sizeof(*word) + 1);
		if (!word)
			no_memory((size_t)argc * sizeof(*word));
		for (int i = 1; i < argc; i++)
			word[i - 1] = str_from(argv[i]);
		arena_init(&r.arena, &r.env);
		session_init(&r.session, &r.env, &r.arena, &r.diags);
		buf_init(&r.changes, &r.env);
		r.word = word;
		r.words = argc > 0 ? (size_t)argc - 1 : 0;
		r.world =
		    (struct world){ world_read, world_create, world_seen, IPAM_VERSION, false };
		r.ctx = (struct ctx){ .env = &r.env,
			.world = &r.world,
			.session = &r.session,
			.diags = &r.diags,
			.out = &r.out };
		status = cmd_parse(&r.ctx, r.word, r.words);
		if (!status)
			status = run_command(&r);
	}
	print_diags(&r);
	if (r.changes.n)
		print_err(&r, buf_get(&r.changes));
	if (status == STATUS_OK && !r.ctx.quiet)
		print_err(&r, r.ctx.note);
	if (!print_answer(&r, status)) {
		fprintf(stderr, "ipam: standard output: %s%s\n", strerror(errno),
		    status == STATUS_OK && r.ctx.cmd && (r.ctx.cmd->flags & CMD_WRITE) && !r.ctx.dry
			? "; the change was written, but not reported"
			: "");
		status = STATUS_SYSTEM;
	}
	if (r.out.env)
		out_release(&r.out);
	cmd_forget(&r.ctx);
	vec_release(&r.ctx.foreign);
	session_close(&r.session);
	exit((int)status);
}
