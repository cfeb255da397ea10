/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include "core/look.h"

void
session_init(struct session *s, const struct env *env, struct arena *arena, struct diags *d)
{
	*s = (struct session){ .env = env, .arena = arena, .diags = d };
}

enum status
session_open(struct session *s, const struct store_request *q, enum store_mode mode)
{
	const char *path;
	enum status status = store_find(q, s->arena, &path, s->diags);

	s->mode = mode;
	return status ? status : store_open(&s->store, q, path, mode, s->diags);
}

static void
unload(struct session *s)
{
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
session_load(struct session *s, enum session_faults faults)
{
	enum status status = read_text(s), found;
	size_t n;

	if (status)
		return status;
	unload(s);
	db_init(&s->db, s->env);
	s->loaded = true;
	const struct text_source *source = store_sources(s->store, &n);
	status = db_load(&s->db, source, n, s->diags);
	if (faults == FAULTS_FORGOTTEN)
		diags_clear(s->diags);
	if (faults != FAULTS_REFUSED)
		return STATUS_OK;
	found = check_plan(&s->db, SEV_ERROR, s->diags);
	return status ? status : found;
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

	if (s->loaded && !store_state_read(s->store, s->arena, &state))
		store_state_write(s->store, s->db.in_order, STR_NONE);
}

/* --- changes ----------------------------------------------------------- */

enum status
session_check(struct session *s)
{
	enum status status = STATUS_USAGE;

	if (check_changes(&s->db, s->diags) == STATUS_OK)
		return STATUS_OK;
	for (size_t i = 0; i < s->diags->n; i++)
		switch (s->diags->v[i].rule) {
		case RULE_DUPLICATE_KEY:
		case RULE_DUPLICATE_NAME:
		case RULE_RANGE_BORDER:
		case RULE_RANGE_OVERLAP:
		case RULE_UNDECLARED_VRF: status = STATUS_CONFLICT; break;
		default: break;
		}
	return status;
}

void
session_changes(struct session *s, struct buf *out)
{
	struct line_change *v;
	size_t n = edit_changes(&s->db, &v);

	for (size_t i = 0; i < n; i++) {
		if (v[i].before.n)
			buf_fmt(out, "-%.*s\n", STR_FMT(v[i].before));
		if (v[i].after.n)
			buf_fmt(out, "+%.*s\n", STR_FMT(v[i].after));
	}
}

/* The new file is on the disk under another name; here it takes its own. */
static enum status
publish(struct session *s, bool in_order, bool *again)
{
	switch (store_publish(s->store, s->diags)) {
	case STORE_COMMITTED:
		store_state_write(s->store, in_order, STR_NONE);
		store_unlock(s->store);
		return STATUS_OK;
	case STORE_CHANGED: *again = true; return store_reload(s->store, s->diags);
	default: return STATUS_SYSTEM;
	}
}

enum status
session_commit(struct session *s, const struct str *text, bool *again)
{
	struct piece whole = { text ? text->p : NULL, text ? text->n : 0, false, 0 },
		     *pieces = &whole;
	size_t n = 1;
	enum status status;

	*again = false;
	if (!text)
		n = edit_pieces(&s->db, 0, &pieces);
	status = store_prepare(s->store, 0, pieces, n, s->diags);
	return status ? status : publish(s, s->db.in_order || text, again);
}
