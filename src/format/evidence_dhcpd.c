/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcpd.leases(5), of ISC dhcpd for IPv4 and IPv6: a log.  The last entry of an
 * address counts, and of an IPv6 client's identity association its last entry as a
 * whole.  Words, strings and punctuation; statements that are of no account are
 * skipped to their ; or over their {}.
 */
#include "dhcpd_text.h"
#include "evidence_parts.h"
#include "format.h"

#include "core/hex.h"
#include "core/when.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_MARK };

struct token {
	enum token_kind kind;
	struct str text; /* of a string: its bytes */
	const char *at;
};

/* An identity association: which entry was its last. */
struct ia {
	struct str id;
	size_t entry;
};

/* A sighting of an entry of an IA. */
struct link {
	size_t sighting, ia, entry;
};

struct log {
	struct reading r;
	const char *p, *end;
	bool is_cut; /* the text ended within something */
	VEC(struct ia) ia;
	VEC(struct link) link;
	uint32_t *slot; /* where to look for an IA: its number plus one, by its hash */
	size_t slots;
};

/* What the statements of a lease said. */
struct lease {
	struct str state, mac, client_name, ddns_name, uid;
	int64_t starts, ends, cltt;
};

/* --- tokens ------------------------------------------------------------ */

static void
skip_blank(struct log *l)
{
	while (l->p < l->end) {
		if (*l->p == '#') {
			const char *lf = memchr(l->p, '\n', (size_t)(l->end - l->p));
			l->p = lf ? lf : l->end;
		} else if (!memchr(" \t\r\n", *l->p, 4)) {
			return;
		} else {
			l->p++;
		}
	}
}

static struct token
read_string(struct log *l)
{
	struct token t = { TOKEN_STRING, STR_NONE, l->p };

	if (!dhcpd_string(&l->p, l->end, &l->r.out->arena, &t.text))
		t.kind = TOKEN_END;
	return t;
}

static struct token
next_token(struct log *l)
{
	struct token t = { TOKEN_END, STR_NONE, l->p };

	skip_blank(l);
	t.at = l->p;
	if (l->p == l->end)
		return t;
	if (*l->p == '"')
		return read_string(l);
	if (memchr("{};=", *l->p, 4)) {
		t = (struct token){ TOKEN_MARK, { l->p, 1 }, l->p };
		l->p++;
		return t;
	}
	while (l->p < l->end && !memchr(" \t\r\n{};=\"#", *l->p, 9))
		l->p++;
	t.kind = TOKEN_WORD;
	t.text = (struct str){ t.at, (size_t)(l->p - t.at) };
	return t;
}

static bool
is_mark(const struct token *t, char c)
{
	return t->kind == TOKEN_MARK && t->text.p[0] == c;
}

static bool
is_word(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && str_eq(t->text, str_from(word));
}

/* Skips the rest of a statement of which t is a part: to its ; or over its {};
 * false at the end of the text. */
static bool
skip_statement(struct log *l, struct token t)
{
	size_t depth = 0;

	for (;; t = next_token(l)) {
		if (t.kind == TOKEN_END)
			return false;
		depth += is_mark(&t, '{');
		if (depth == 0 && is_mark(&t, ';'))
			return true;
		if (is_mark(&t, '}') && (depth == 0 || --depth == 0))
			return true;
	}
}

/* --- values ------------------------------------------------------------ */

static bool
read_numbers(struct str s, char separator, uint64_t n[3])
{
	struct str part;
	size_t i = 0;

	for (; i < 3 && str_next(&s, separator, &part); i++)
		if (!str_uint(part, 9999, &n[i]))
			return false;
	return i == 3 && s.n == 0;
}

/* "never", "epoch N" or "WEEKDAY YYYY/MM/DD HH:MM:SS [seconds west]", up to the ;
 * that is then t. */
static int64_t
read_date(struct log *l, struct token *t)
{
	uint64_t date[3], time[3], number;
	int64_t result = SEEN_UNKNOWN;

	*t = next_token(l);
	if (is_word(t, "never")) {
		*t = next_token(l);
		return SEEN_NEVER;
	}
	bool is_epoch = is_word(t, "epoch");
	*t = next_token(l);
	if (is_epoch) {
		if (str_uint(t->text, INT32_MAX * (uint64_t)1024, &number))
			result = (int64_t)number;
		*t = next_token(l);
		return result;
	}
	struct token clock = next_token(l);
	if (read_numbers(t->text, '/', date) && read_numbers(clock.text, ':', time) &&
	    date[0] > 0 && date[1] >= 1 && date[1] <= 12 && date[2] <= 31)
		result = when_days((int64_t)date[0], (int)date[1], (int)date[2]) * 86400 +
		         (int64_t)(time[0] * 3600 + time[1] * 60 + time[2]);
	*t = next_token(l);
	bool is_west = t->text.n > 1 && t->text.p[0] == '-';
	if (t->kind == TOKEN_WORD && result != SEEN_UNKNOWN &&
	    str_uint(str_cut(t->text, is_west, t->text.n), 86400, &number)) {
		result += is_west ? -(int64_t)number : (int64_t)number;
		*t = next_token(l);
	}
	return result;
}

/* A string, or bytes as 01:52:54. */
static struct str
read_id(struct log *l, const struct token *t)
{
	struct str bytes = STR_NONE;

	if (t->kind == TOKEN_STRING)
		return t->text;
	return hex_parse(t->text, &l->r.out->arena, &bytes) ? bytes : STR_NONE;
}

static struct str
hex_of(struct log *l, struct str bytes)
{
	return hex_fmt(&l->r.out->arena, bytes);
}

/* --- a lease ----------------------------------------------------------- */

/* set NAME = VALUE */
static struct token
read_set(struct log *l, struct lease *lease)
{
	struct token name = next_token(l), equals = next_token(l), value = next_token(l);

	if (!is_mark(&equals, '='))
		return equals;
	if (is_word(&name, "ddns-fwd-name") && value.kind == TOKEN_STRING)
		lease->ddns_name = value.text;
	return value;
}

/* One statement that begins with t; false at the end of the text. */
static bool
read_statement(struct log *l, struct token t, struct lease *lease)
{
	if (is_word(&t, "starts")) {
		lease->starts = read_date(l, &t);
	} else if (is_word(&t, "ends")) {
		lease->ends = read_date(l, &t);
	} else if (is_word(&t, "cltt")) {
		lease->cltt = read_date(l, &t);
	} else if (is_word(&t, "binding")) {
		next_token(l); /* state */
		t = next_token(l);
		lease->state = t.text;
	} else if (is_word(&t, "hardware")) {
		struct token type = next_token(l);
		t = next_token(l);
		lease->mac = is_word(&type, "ethernet") ? t.text : STR_NONE;
	} else if (is_word(&t, "uid")) {
		t = next_token(l);
		lease->uid = read_id(l, &t);
	} else if (is_word(&t, "client-hostname")) {
		t = next_token(l);
		lease->client_name = t.text;
	} else if (is_word(&t, "set")) {
		t = read_set(l, lease);
	}
	return skip_statement(l, t);
}

/* The statements up to the }. */
static bool
read_statements(struct log *l, struct lease *lease)
{
	for (;;) {
		struct token t = next_token(l);
		if (is_mark(&t, '}'))
			return true;
		if (t.kind == TOKEN_END || !read_statement(l, t, lease))
			return false;
	}
}

static const char *
state_name(struct str state)
{
	static const char *const names[] = { "free", "active", "expired", "released", "abandoned",
		"reset", "backup" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(state, str_from(names[i])))
			return names[i];
	return "unknown";
}

static void
note_lease(struct log *l, struct sighting *s, const struct lease *lease)
{
	int64_t now = l->r.out->env->now;
	const char *state = state_name(lease->state);

	s->lease_end = lease->ends;
	s->lease = seen_lease_state(state, s->lease_end, now);
	s->last = lease->cltt != SEEN_UNKNOWN ? lease->cltt : lease->starts;
	if (s->last == SEEN_UNKNOWN && strcmp(s->lease, "active") != 0)
		s->kind = SIGHTING_OLD;
	/* its name is that of the client that was refused */
	if (strcmp(state, "abandoned") == 0)
		return;
	evidence_mac(s, lease->mac);
	s->host = evidence_host(lease->client_name.n ? lease->client_name : lease->ddns_name);
}

static const struct lease no_lease = { .starts = SEEN_UNKNOWN,
	.ends = SEEN_UNKNOWN,
	.cltt = SEEN_UNKNOWN };

/* lease ADDRESS { ... }; false at the end of the text. */
static bool
read_lease(struct log *l)
{
	struct lease lease = no_lease;
	struct token address = next_token(l), open = next_token(l);

	if (address.kind == TOKEN_END || open.kind == TOKEN_END)
		return false;
	if (!is_mark(&open, '{')) {
		reading_warn(&l->r, address.at, "no lease: left out");
		return skip_statement(l, open);
	}
	if (!read_statements(l, &lease))
		return false;
	struct sighting *s = evidence_add(&l->r, address.text);
	if (s) {
		note_lease(l, s, &lease);
		s->client = hex_of(l, lease.uid);
	}
	return true;
}

/* --- identity associations ---------------------------------------------- */

static uint32_t *
slot_of(struct log *l, struct str id)
{
	size_t i = (size_t)str_ihash(id) & (l->slots - 1);

	while (l->slot[i] && !str_eq(l->ia.v[l->slot[i] - 1].id, id))
		i = (i + 1) & (l->slots - 1);
	return &l->slot[i];
}

static void
grow_slots(struct log *l)
{
	l->slots = l->slots ? l->slots * 2 : 64;
	l->slot = arena_zalloc(&l->r.out->arena, l->slots * sizeof(*l->slot));
	for (size_t i = 0; i < l->ia.n; i++)
		*slot_of(l, l->ia.v[i].id) = (uint32_t)(i + 1);
}

/* The number of the IA with this type and id. */
static size_t
find_ia(struct log *l, struct str type, struct str id)
{
	struct ia one = { arena_fmt(&l->r.out->arena, "%.*s ", STR_FMT(type)), 0 };
	char *key = arena_alloc(&l->r.out->arena, one.id.n + id.n + 1);

	memcpy(key, one.id.p, one.id.n);
	if (id.n)
		memcpy(key + one.id.n, id.p, id.n);
	one.id = (struct str){ key, one.id.n + id.n };
	if (2 * l->ia.n >= l->slots)
		grow_slots(l);
	uint32_t *slot = slot_of(l, one.id);
	if (!*slot) {
		vec_push(l->r.out->env, &l->ia, one);
		*slot = (uint32_t)l->ia.n;
	}
	return *slot - 1;
}

/* iaaddr ADDRESS { ... } or iaprefix PREFIX { ... }; cltt is the IA's. */
static bool
read_ia_lease(struct log *l, size_t ia, int64_t cltt)
{
	struct lease lease = no_lease;
	struct token key = next_token(l), open = next_token(l);
	struct sighting *s;
	struct span prefix;

	if (!is_mark(&open, '{') || !read_statements(l, &lease))
		return false;
	if (prefix_parse(key.text, &prefix, NULL)) {
		l->r.understood++;
		s = sightings_add(l->r.out, prefix);
	} else {
		s = evidence_add(&l->r, key.text);
	}
	if (!s)
		return true;
	if (lease.cltt == SEEN_UNKNOWN)
		lease.cltt = cltt;
	note_lease(l, s, &lease);
	/* behind the type and its blank, and four octets of IAID */
	struct str id = l->ia.v[ia].id;
	size_t head = str_find(id, ' ') + 1 + 4;
	if (id.n > head)
		evidence_duid(s, hex_of(l, str_cut(id, head, id.n)));
	struct link link = { l->r.out->sighting.n - 1, ia, l->ia.v[ia].entry };
	vec_push(l->r.out->env, &l->link, link);
	return true;
}

/* ia-na ID { cltt ...; iaaddr ... } */
static bool
read_ia(struct log *l, struct str type)
{
	struct token id = next_token(l), open = next_token(l), t;
	int64_t cltt = SEEN_UNKNOWN;

	if (id.kind == TOKEN_END || !is_mark(&open, '{'))
		return false;
	size_t ia = find_ia(l, type, read_id(l, &id));
	l->ia.v[ia].entry++;
	for (t = next_token(l); !is_mark(&t, '}'); t = next_token(l)) {
		bool is_lease = is_word(&t, "iaaddr") || is_word(&t, "iaprefix");
		bool is_time = is_word(&t, "cltt");
		if (t.kind == TOKEN_END)
			return false;
		if (is_time)
			cltt = read_date(l, &t);
		if (is_lease ? !read_ia_lease(l, ia, cltt) : !skip_statement(l, t))
			return false;
	}
	return true;
}

/* What an earlier entry of an IA said is no more. */
static void
drop_superseded(struct log *l)
{
	for (size_t i = 0; i < l->link.n; i++) {
		const struct link *k = &l->link.v[i];
		if (k->entry != l->ia.v[k->ia].entry)
			l->r.out->sighting.v[k->sighting].kind = SIGHTING_GONE;
	}
}

/* --- the file ---------------------------------------------------------- */

/* False if the text ends within this. */
static bool
read_entry(struct log *l, struct token t)
{
	static const char *const known[] = { "server-duid", "authoring-byte-order", "host", "group",
		"class", "subclass", "failover" };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		l->r.understood += is_word(&t, known[i]);
	if (is_word(&t, "lease")) {
		l->r.understood++;
		return read_lease(l);
	}
	if (is_word(&t, "ia-na") || is_word(&t, "ia-ta") || is_word(&t, "ia-pd")) {
		l->r.understood++;
		return read_ia(l, t.text);
	}
	return skip_statement(l, t);
}

void
evidence_dhcpd(const struct text_source *source, struct sightings *out, struct diags *d)
{
	struct log l = { .p = source->p, .end = source->p + source->n };
	struct token t;
	bool whole = true;

	reading_init(&l.r, source, out, d);
	/* a new one has nothing but comments */
	l.r.understood += source->n > 0 && *source->p == '#';
	while (whole && (t = next_token(&l)).kind != TOKEN_END)
		whole = read_entry(&l, t);
	reading_done(&l.r, "dhcpd.leases");
	if (!whole)
		reading_unfinished(&l.r, t.at);
	drop_superseded(&l);
	vec_release(&l.ia);
	vec_release(&l.link);
}
