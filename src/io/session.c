/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include "core/db_load.h"
#include "core/lines_diff.h"
#include "core/look.h"
#include "git.h"
#include "guard.h"

void
session_init(struct session *s, const struct env *env, struct arena *arena, struct diags *d)
{
	*s = (struct session){ .env = env, .arena = arena, .diags = d };
}

static void
unload(struct session *s)
{
	journal_close(&s->journal);
	if (s->loaded)
		db_release(&s->db);
	s->loaded = false;
}

void
session_close(struct session *s)
{
	unload(s);
	store_close(s->store);
	s->store = NULL;
}

static enum status
read_text(struct session *s)
{
	enum status status = s->mode == STORE_LOOK ? store_load(s->store, s->diags) : STATUS_OK;

	if (!status && s->mode == STORE_LOOK)
		s->mode = STORE_READ;
	return status;
}

enum status
session_journal_open(struct session *s)
{
	if (s->journal.env)
		return STATUS_OK;
	return journal_open(&s->journal, s->store, &s->origin, s->env, s->arena, s->diags);
}

/* A plan of its own, for a moment. */
static void
load_apart(struct session *s, struct str text, struct db *out)
{
	struct text_source source = { store_name(s->store), text.p, text.n };
	struct diags unsaid;

	diags_init(&unsaid, s->env);
	db_init(out, s->env);
	db_load(out, &source, 1, &unsaid);
	diags_release(&unsaid);
}

static enum status
examine_journal(struct session *s, const struct db *read)
{
	s->journal.ask_git = s->mode != STORE_WRITE;
	s->journal.foresight = s->has_foresight ? &s->foresight : NULL;
	return (s->rebuild ? journal_rebuild : journal_examine)(&s->journal, read);
}

enum status
session_journal(struct session *s)
{
	const struct text_source *source = &s->db.source[0];
	struct db before;

	if (s->journal.env)
		return STATUS_OK;
	enum status status = session_journal_open(s);
	if (status || !edit_is_changed(&s->db))
		return status ? status : examine_journal(s, &s->db);
	load_apart(s, (struct str){ source->p, source->n }, &before);
	status = examine_journal(s, &before);
	db_release(&before);
	return status;
}

static enum status
examine(struct session *s)
{
	s->settings = journal_settings(&s->db);
	return s->mode != STORE_WRITE || s->settings.off ? STATUS_OK : session_journal(s);
}

static enum status
load_plan(struct session *s, const struct text_source *source, size_t n, enum session_faults faults)
{
	enum status status, found;

	unload(s);
	db_init(&s->db, s->env);
	s->loaded = true;
	status = (s->only_checks ? check_load : db_load)(&s->db, source, n, s->diags);
	if (faults == FAULTS_FORGOTTEN && !s->db.is_newer)
		diags_clear(s->diags);
	if (faults != FAULTS_REFUSED)
		return s->db.is_newer && faults == FAULTS_FORGOTTEN ? status : STATUS_OK;
	found = check_plan(&s->db, SEV_ERROR, s->diags);
	return status ? status : found;
}

/* --- opening ------------------------------------------------------------ */

/* What a session that only reads finds the journal to lack. */
static enum status
look_ahead(struct session *s, struct session *early, const struct store_request *q,
    const char *path)
{
	enum status status = store_open(&early->store, q, path, STORE_LOOK, early->diags);

	early->mode = STORE_LOOK;
	if (!status)
		status = session_journal_open(early);
	if (status || (!s->rebuild && journal_is_current(&early->journal)))
		return status;
	status = session_load(early, FAULTS_REFUSED);
	if (status || (early->settings.off && !s->may_record))
		return status;
	status = session_journal(early);
	if (!status)
		s->foresight = journal_foresee(&early->journal);
	s->has_foresight = !status;
	return status;
}

/* Where the plan may be under git, it is asked before the lock is taken; most often
 * there is nothing to ask. */
static enum status
foresee(struct session *s, const struct store_request *q, const char *path)
{
	struct session early;
	struct diags unsaid;
	struct git git;

	if (!s->rebuild && !git_find(&git, path, s->env, s->arena))
		return STATUS_OK;
	diags_init(&unsaid, s->env);
	session_init(&early, s->env, s->arena, s->rebuild ? s->diags : &unsaid);
	early.origin = s->origin;
	early.rebuild = s->rebuild;
	enum status status = look_ahead(s, &early, q, path);
	session_close(&early);
	diags_release(&unsaid);
	if (s->rebuild && status == STATUS_INVALID) {
		diags_clear(s->diags); /* who loads it next says so with the place */
		status = STATUS_OK;
	}
	return s->rebuild ? status : STATUS_OK;
}

enum status
session_open(struct session *s, const struct store_request *q, enum store_mode mode)
{
	const char *path;
	enum status status = store_find(q, s->arena, &path, s->diags);

	s->mode = mode;
	if (!status && mode == STORE_WRITE)
		status = foresee(s, q, path);
	return status ? status : store_open(&s->store, q, path, mode, s->diags);
}

/* --- a few lines ------------------------------------------------------- */

static bool
read_at(void *ctx, uint64_t at, char *p, size_t n, size_t *got)
{
	struct session *s = ctx;
	struct diags unheard;
	bool ok;

	diags_init(&unheard, s->env);
	ok = store_pread(s->store, at, p, n, got, &unheard) == STATUS_OK;
	diags_release(&unheard);
	return ok;
}

static bool
load_lines(struct session *s, struct str lines)
{
	struct diags unheard;

	lines = arena_str(s->arena, lines);
	s->lines = (struct text_source){ store_name(s->store), lines.p, lines.n };
	unload(s);
	db_init(&s->db, s->env);
	s->loaded = true;
	diags_init(&unheard, s->env);
	bool ok = db_load(&s->db, &s->lines, 1, &unheard) == STATUS_OK;
	diags_release(&unheard);
	return ok;
}

bool
session_look(struct session *s, const struct key *key)
{
	struct look_file file = { s->env, store_id(s->store).size, read_at, s };
	struct store_state state;
	struct buf lines;
	bool ok;

	if (s->mode != STORE_LOOK || !store_state_read(s->store, s->arena, &state) ||
	    !state.in_order)
		return false;
	buf_init(&lines, s->env);
	ok = look_lines(&file, key, &lines) && store_is_same(s->store) &&
	     load_lines(s, buf_get(&lines));
	buf_release(&lines);
	return ok;
}

void
session_remember(struct session *s)
{
	struct store_state state;

	if (s->loaded && !s->is_past && !store_state_read(s->store, s->arena, &state))
		store_state_write(s->store, s->db.in_order, STR_NONE);
}

/* --- changes ----------------------------------------------------------- */

/* Reads of the text, which is known to be valid and in order, what the command is about;
 * false where all of it is wanted. */
static bool
load_excerpt(struct session *s, const struct text_source *source)
{
	struct store_state state;

	if (!s->about || !store_state_read(s->store, s->arena, &state) || !state.in_order)
		return false;
	unload(s);
	db_init(&s->db, s->env);
	s->loaded = true;
	if (!excerpt_load(&s->db, source, s->about))
		return false;
	s->settings = journal_settings(&s->db);
	return s->mode != STORE_WRITE || s->settings.off ||
	       (session_journal_open(s) == STATUS_OK && journal_is_current(&s->journal));
}

bool
session_fell_short(struct session *s)
{
	bool is_short = s->loaded && excerpt_fell_short(&s->db);

	if (is_short)
		s->about = NULL;
	return is_short;
}

enum status
session_load(struct session *s, enum session_faults faults)
{
	enum status status = read_text(s);
	size_t n;

	if (status)
		return status;
	const struct text_source *source = store_sources(s->store, &n);
	if (faults == FAULTS_REFUSED && n == 1 && load_excerpt(s, source))
		return examine(s);
	if (s->about)
		diags_clear(s->diags);
	status = load_plan(s, source, n, faults);
	return status ? status : examine(s);
}

enum status
session_at(struct session *s, int64_t time)
{
	struct text_source *source = arena_alloc(s->arena, sizeof(*source));
	enum status status = session_journal(s);
	struct str text;

	if (!status)
		status = history_at(&s->journal, &s->db, time, &text);
	if (status)
		return status;
	s->is_past = true;
	*source = (struct text_source){ store_name(s->store), text.p, text.n };
	return load_plan(s, source, 1, FAULTS_FORGOTTEN);
}

/* The journal ends with the plan now: the next change need not find that out. */
static void
remember_sum(struct session *s)
{
	store_state_write(s->store, s->db.in_order, journal_state(&s->journal));
}

enum status
session_record(struct session *s)
{
	const block_lines none = { 0 };
	enum status status = session_journal(s);

	if (!status)
		status = journal_append(&s->journal, &none);
	if (!status)
		remember_sum(s);
	return status;
}

enum status
session_rotate(struct session *s, bool dry, struct str *name)
{
	enum status status = session_journal(s);

	if (!status)
		status = journal_rotate(&s->journal, &s->db, dry, name);
	if (!status && !dry)
		remember_sum(s);
	return status;
}

/* --- what changed ------------------------------------------------------- */

static bool
is_blank(struct str s)
{
	size_t n = 0;

	while (n < s.n && (unsigned char)s.p[n] <= ' ')
		n++;
	return n == s.n;
}

static enum status
has_reason(struct session *s)
{
	if (!s->settings.require_reason || !is_blank(s->origin.reason))
		return STATUS_OK;
	diag_fail(s->diags, STATUS_USAGE, "a change needs a reason here: -m REASON");
	diag_hint(s->diags, "a @journal object of the plan says require-reason=yes");
	return STATUS_USAGE;
}

enum status
session_changes(struct session *s, const struct str *text, struct buf *out)
{
	const struct text_source *source = &s->db.source[0];
	struct line_change *v;
	size_t n = text ? 0 : edit_changes(&s->db, &v);

	if (text)
		lines_diff((struct str){ source->p, source->n }, *text, out);
	for (size_t i = 0; i < n; i++) {
		if (v[i].before.n)
			buf_fmt(out, "-%.*s\n", STR_FMT(v[i].before));
		if (v[i].after.n)
			buf_fmt(out, "+%.*s\n", STR_FMT(v[i].after));
	}
	return has_reason(s);
}

/* The records that a whole new text changes. */
static void
text_lines(struct session *s, struct str text, block_lines *out)
{
	struct replay r;
	struct db db;

	replay_init(&r, s->env);
	load_apart(s, text, &db);
	for (size_t i = 0; i < s->db.bases; i++)
		lines_add(&r.lines, edit_line_before(&s->db, &s->db.base[i]), 1);
	replay_difference(&r, &db, out);
	db_release(&db);
	replay_release(&r);
}

/* --- the commit --------------------------------------------------------- */

/* Whether this change is the one from which on changes are recorded: it is the first of
 * them, behind what was changed in the meantime. */
static enum status
look_on(struct session *s, const struct str *text)
{
	struct db now;

	if (text)
		load_apart(s, *text, &now);
	s->settings.off = journal_settings(text ? &now : &s->db).off;
	if (text)
		db_release(&now);
	return s->settings.off ? STATUS_OK : session_journal(s);
}

static enum status
record(struct session *s, const struct str *text)
{
	block_lines lines = { 0 };
	enum status status = s->settings.off ? look_on(s, text) : STATUS_OK;

	if (status || s->settings.off)
		return status;
	if (text)
		text_lines(s, *text, &lines);
	else
		edit_lines(&s->db, &lines);
	status = journal_append(&s->journal, &lines);
	vec_release(&lines);
	return status;
}

/* The new file is on the disk under another name; here it takes its own. */
static enum status
publish(struct session *s, bool in_order, bool *again)
{
	enum store_result result = store_publish(s->store, s->diags);
	struct str state = s->settings.off ? STR_NONE : journal_state(&s->journal);

	if (result == STORE_COMMITTED) {
		store_state_write(s->store, in_order, state);
		store_unlock(s->store);
		return STATUS_OK;
	}
	if (result != STORE_UNCERTAIN && !s->settings.off)
		journal_void(&s->journal);
	*again = result == STORE_CHANGED;
	return *again ? store_reload(s->store, s->diags) : STATUS_SYSTEM;
}

/* From the journal's block on, only SIGKILL can leave it behind alone. */
static enum status
record_and_publish(struct session *s, const struct str *text, bool *again)
{
	enum status status;

	guard_hold();
	status = record(s, text);
	if (!status)
		status = publish(s, s->db.in_order || text, again);
	guard_let();
	return status;
}

enum status
session_commit(struct session *s, const struct str *text, bool *again)
{
	struct piece whole = { text ? text->p : NULL, text ? text->n : 0, false, 0 },
		     *pieces = &whole;
	size_t n = 1;
	enum status status = has_reason(s);

	*again = false;
	if (!status && !text)
		n = edit_pieces(&s->db, 0, &pieces);
	s->is_writing = true;
	if (!status)
		status = store_prepare(s->store, 0, pieces, n, s->diags);
	if (!status)
		status = record_and_publish(s, text, again);
	s->is_writing = !*again;
	return status;
}
