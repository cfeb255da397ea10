/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * main: words → command → file → run → commit → print → exit status.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "core/when.h"
#include "io/beside.h"
#include "io/environment.h"
#include "io/file.h"
#include "io/guard.h"
#include "io/ignore.h"
#include "io/input.h"
#include "io/message.h"
#include "io/pager.h"
#include "io/remember.h"

#ifndef IPAM_VERSION
#define IPAM_VERSION "0.1.0"
#endif

static void
no_memory(size_t wanted)
{
	fprintf(stderr, "ipam: out of memory (%zu bytes wanted); nothing was changed\n", wanted);
	exit(STATUS_SYSTEM);
}

/* --- a run ------------------------------------------------------------ */

struct run {
	struct world world; /* first: handlers give it back */
	struct env env;
	struct diags diags;
	struct arena arena;
	struct store_request request;
	struct excerpt_request about;
	struct session session;
	bool lacks_file; /* a command that goes without one has none */
	bool has_made;   /* `init` has */
	const struct str *word;
	size_t words;
	struct out out;
	struct ctx ctx;
	struct buf changes;                    /* -n: what would change */
	bool printed, is_paged, reads_no_more; /* of the answer, where it comes in parts */
	struct child_pipe pager;
	struct str input; /* standard input, once read */
	bool has_input;
};

static enum status
world_read(struct world *w, struct str path, struct str *out, struct diags *d)
{
	struct run *r = (struct run *)(void *)w;
	enum status status = STATUS_OK;

	if (!str_eq(path, STR("-")))
		return input_read(arena_z(&r->arena, path), &r->arena, out, d);
	if (w->input_is_taken)
		return diag_fail(d, STATUS_USAGE, "-: standard input is what is read already");
	if (!r->has_input)
		status = input_read(NULL, &r->arena, &r->input, d);
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

static enum status
world_create(struct world *w, struct str path, struct str *made, struct diags *d)
{
	struct run *r = (struct run *)(void *)w;
	const char *p = path.p                                        ? arena_z(&r->arena, path)
	                : r->request.file                             ? r->request.file
	                : r->request.variable && *r->request.variable ? r->request.variable
	                                                              : STORE_NAME;

	*made = str_from(p);
	enum status status =
	    r->ctx.dry ? store_can_create(p, d) : store_create(p, STR("@ipam 1\n"), d);
	if (!status && r->ctx.dry)
		buf_z(&r->changes, "+@ipam 1\n");
	if (status || r->ctx.dry)
		return status;
	r->has_made = true;
	return ignore_beside(p, &r->arena, d);
}

/* --- what is printed -------------------------------------------------- */

/* Where the system or a server failed before anything was written, the message says so. */
static void
say_unwritten(struct run *r, enum status status)
{
	struct diag *last = r->diags.n ? &r->diags.v[r->diags.n - 1] : NULL;

	if (status < STATUS_SYSTEM || !last || r->session.is_writing ||
	    strstr(arena_z(&r->arena, last->text), "nothing was"))
		return;
	last->text = arena_fmt(&r->diags.arena, "%.*s; nothing was changed", STR_FMT(last->text));
}

static void
print_messages(struct run *r)
{
	VEC(struct text_source) about = { 0 };
	size_t n = 0;
	const struct text_source *plan =
	    r->session.store ? store_sources(r->session.store, &n) : NULL;

	for (size_t i = 0; i < n; i++)
		vec_push(&r->env, &about, plan[i]);
	for (size_t i = 0; i < r->ctx.foreign.n; i++)
		vec_push(&r->env, &about, r->ctx.foreign.v[i]);
	message_print(&r->diags, about.v, about.n, r->ctx.quiet, &r->env);
	vec_release(&about);
}

/* A part of the answer: on a terminal, where it may be long, to a pager. */
static bool
print_part(void *ctx, struct str text)
{
	struct run *r = ctx;
	struct arena arena;

	if (!r->printed && (r->ctx.cmd->flags & CMD_PAGER) && r->env.screen.is_terminal)
		r->is_paged = pager_open(&r->pager, getenv("PAGER"), &r->env, &r->arena);
	r->printed = true;
	arena_init(&arena, &r->env);
	bool for_people = r->ctx.format == FORMAT_TABLE && !(r->ctx.cmd->flags & CMD_TEXT);
	if (!r->out.color && (r->env.screen.is_terminal || for_people))
		text = out_harmless(&arena, text);
	r->reads_no_more =
	    !(r->is_paged ? child_write(&r->pager, text) : file_write(1, text.p, text.n));
	arena_release(&arena);
	return !r->reads_no_more;
}

static bool
has_answer(const struct run *r, enum status status)
{
	return status == STATUS_OK || status == STATUS_NO || status == STATUS_INVALID ||
	       r->ctx.is_partial;
}

/* Writes the answer, if there is one: not where a change did not come; a full disk or a closed pipe is an error. */
static bool
print_answer(struct run *r, enum status status)
{
	struct str text = buf_get(&r->out.text);
	bool is_answer = has_answer(r, status);

	if (text.n > 0 && is_answer && !r->reads_no_more)
		print_part(r, text);
	int error = errno;
	if (r->is_paged)
		child_close(&r->pager);
	errno = error;
	return r->is_paged || !r->reads_no_more;
}

/* --- the stages ------------------------------------------------------- */

static const char *
holder_text(struct run *r)
{
	const struct passwd *pw = getpwuid(getuid());
	struct str line = args_line(r->word, r->words, &r->arena);
	struct str text = arena_fmt(&r->arena, "%s: %.*s", pw ? pw->pw_name : "?", STR_FMT(line));

	return arena_z(&r->arena, out_harmless(&r->arena, text));
}

/* Who does it, for the journal. */
static void
name_origin(struct run *r)
{
	struct origin *o = &r->session.origin;
	const char *now = getenv("IPAM_NOW");

	who_find(&o->who, &r->arena, getenv("SUDO_USER"), getenv("IPAM_USER"));
	o->command = args_line(r->word, r->words, &r->arena);
	o->reason = args_get(&r->ctx.args, "reason");
	o->has_real = now && *now;
	o->real = time(NULL);
}

/* log, where it writes the journal. */
static bool
journals(const struct run *r)
{
	static const char *const options[] = { "record", "rebuild", "rotate" };

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (args_has(&r->ctx.args, options[i]))
			return r->ctx.cmd->run == cmd_log;
	return false;
}

/* Where changes are not recorded, this may be the one from which on they are. */
static bool
may_record(const struct run *r)
{
	static const struct str kind = STR("journal");
	bool may = journals(r) || r->ctx.cmd->run == cmd_undo;

	for (size_t i = 0; i < r->ctx.args.word.n && !may; i++) {
		struct str w = r->ctx.args.word.v[i];
		may = w.n && memmem(w.p, w.n, kind.p, kind.n);
	}
	return may;
}

static enum status
read_request(struct run *r)
{
	struct str file = args_get(&r->ctx.args, "plan");
	uint64_t wait;
	enum status status = cmd_seconds(&r->ctx, "wait", 10, 86400, &wait);

	r->request = (struct store_request){ .env = &r->env,
		.file = args_has(&r->ctx.args, "plan") ? arena_z(&r->arena, file) : NULL,
		.variable = getenv("IPAM_FILE"),
		.holder = r->ctx.cmd->flags & (CMD_WRITE | CMD_SEEN) ? holder_text(r) : "",
		.wait = (int64_t)wait };
	if ((r->ctx.cmd->flags & CMD_WRITE) || journals(r))
		name_origin(r);
	r->session.rebuild = args_has(&r->ctx.args, "rebuild");
	r->session.may_record = may_record(r);
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

/* Whether it needs the lock: fmt --check only looks. */
static bool
writes(const struct run *r)
{
	bool looks = r->ctx.cmd->run == cmd_fmt && args_has(&r->ctx.args, "check");

	return ((r->ctx.cmd->flags & CMD_WRITE) || journals(r)) && !r->ctx.dry && !looks;
}

static enum status
load_plan(struct run *r)
{
	bool any = (r->ctx.cmd->flags & CMD_ANY_FILE) && !journals(r);
	bool at = args_has(&r->ctx.args, "at"), has_key;
	enum status status = STATUS_OK;
	struct key key;

	if (at || !cmd_look(&r->ctx, &key, &has_key) ||
	    !session_look(&r->session, has_key ? &key : NULL))
		status =
		    session_load(&r->session, !any                           ? FAULTS_REFUSED
					      : r->ctx.cmd->run == cmd_check ? FAULTS_KEPT
									     : FAULTS_FORGOTTEN);
	if (status && (r->ctx.cmd->flags & CMD_MAY_FILE)) {
		r->lacks_file = true;
		diags_clear(&r->diags);
		return STATUS_OK;
	}
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
	return session_changes(&r->session, whole ? &r->ctx.new_text : NULL, &r->changes);
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
	r->out.sink = (r->ctx.cmd->flags & CMD_PAGER) ? print_part : NULL;
	r->out.ctx = r;
	if (!status)
		status = cmd_run(&r->ctx);
	if (!status && r->ctx.see)
		status = record_seen(r);
	if (r->ctx.cmd->run == cmd_check && status <= STATUS_NO && r->session.loaded && !r->ctx.dry)
		session_remember(&r->session);
	if (!status && has_file(r) && (r->ctx.cmd->flags & CMD_WRITE) && !r->ctx.has_new_text &&
	    !r->ctx.is_checked)
		status = check_changes(&r->session.db, &r->diags);
	/* a row's line may be one that is removed or changed next */
	if (has_answer(r, status))
		out_finish(&r->out);
	if (session_fell_short(&r->session)) {
		*again = true;
		return STATUS_OK;
	}
	return status || !has_file(r) ? status : finish(r, again);
}

static enum status
run_command(struct run *r)
{
	enum status status = read_request(r);
	bool again = false;

	if (!status)
		status = cmd_fetch(&r->ctx, &r->arena);
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
	r->session.only_checks = r->ctx.cmd->run == cmd_check && !args_has(&r->ctx.args, "at");
	if (cmd_about(&r->ctx, &r->arena, &r->about))
		r->session.about = &r->about;
	while (!status) {
		status = run_once(r, &again);
		if (status || !again)
			break;
		again = false;
		out_release(&r->out);
		cmd_forget(&r->ctx);
		r->ctx.has_new_text = r->ctx.is_checked = false;
		r->ctx.foreign.n = 0;
		r->ctx.note = STR_NONE;
		diags_clear(&r->diags);
	}
	return status;
}

/* Says the answer; only what was said is remembered. */
static enum status
answer(struct run *r, enum status status)
{
	struct diags d;

	if (!print_answer(r, status)) {
		fprintf(stderr, "ipam: standard output: %s%s\n", strerror(errno),
		    status == STATUS_OK && r->ctx.cmd && (writes(r) || r->has_made)
			? "; the change was written, but not reported"
			: "");
		return STATUS_SYSTEM;
	}
	if (!r->ctx.keep.path || status > STATUS_NO)
		return status;
	diags_init(&d, &r->env);
	enum status kept = remember_write(r->ctx.keep.path, r->ctx.keep.text, &r->env, &d);
	message_print(&d, NULL, 0, false, &r->env);
	diags_release(&d);
	return kept ? kept : status;
}

int
main(int argc, char **argv)
{
	static struct run r;
	enum status status = STATUS_USAGE;

	guard_descriptors();
	diags_init(&r.diags, &env_plain);
	if (environment_fill(&r.env, no_memory, &r.diags)) {
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
		if (r.ctx.cmd && writes(&r))
			say_unwritten(&r, status);
	}
	print_messages(&r);
	if (r.changes.n)
		message_lines(buf_get(&r.changes), &r.env);
	if (status == STATUS_OK ? !r.ctx.quiet : r.ctx.is_partial)
		message_lines(r.ctx.note, &r.env);
	status = answer(&r, status);
	if (r.out.env)
		out_release(&r.out);
	cmd_forget(&r.ctx);
	vec_release(&r.ctx.foreign);
	session_close(&r.session);
	exit((int)status);
}
