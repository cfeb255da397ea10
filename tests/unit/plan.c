/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include <regex.h>

#include "core/text_place.h"

static uint64_t seed = 1;

void
plan_seed(uint64_t s)
{
	seed = s;
}

static bool
fill_random(void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((unsigned char *)p)[i] = (unsigned char)(rnd(&seed) >> 17);
	return true;
}

static void *
compile(const char *pattern, char *err, size_t errsize)
{
	regex_t *regex = malloc(sizeof(*regex));
	int status = regex ? regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB) : REG_ESPACE;

	if (!status)
		return regex;
	regerror(status, regex, err, errsize);
	free(regex);
	return NULL;
}

static bool
match(const void *regex, const char *text)
{
	return regexec(regex, text, 0, NULL, 0) == 0;
}

static void
release_regex(void *regex)
{
	regfree(regex);
	free(regex);
}

static void
out_of_memory(size_t wanted)
{
	fail_msg("no %zu bytes", wanted);
	abort();
}

const struct env plan_env = { .oom = out_of_memory,
	.random = fill_random,
	.regex_compile = compile,
	.regex_match = match,
	.regex_free = release_regex,
	.now = PLAN_NOW };

void
plan_read(struct plan *p, struct str text)
{
	*p = (struct plan){ .source = { "network.ipam", exact(text), text.n } };
	diags_init(&p->d, &plan_env);
	db_init(&p->db, &plan_env);
	db_load(&p->db, &p->source, 1, &p->d);
}

void
plan_load(struct plan *p, const char *text)
{
	plan_read(p, str_from(text));
}

void
plan_load_valid(struct plan *p, struct str text)
{
	plan_read(p, text);
	check(check_plan(&p->db, SEV_ERROR, &p->d) == STATUS_OK, "%s in:\n%.*s", plan_report(p),
	    STR_FMT(text));
}

void
plan_release(struct plan *p)
{
	db_release(&p->db);
	diags_release(&p->d);
	free((char *)p->source.p);
}

const char *
plan_z(struct plan *p, struct str s)
{
	return arena_z(&p->db.arena, s);
}

static const char *
all_of(struct plan *p, bool full)
{
	struct buf b;

	buf_init(&b, &plan_env);
	for (size_t i = 0; i < p->d.n; i++) {
		const struct diag *d = &p->d.v[i];
		const char *rule = rules[d->rule].name;
		struct text_place at = { 0 };
		text_place_find(&at, &p->source, 1, d->pos.at);
		if (full)
			buf_fmt(&b, "%s:%zu:%zu: %s: %.*s [%s]\n", p->source.name, at.line,
			    at.column, severity_names[d->severity], STR_FMT(d->text), rule);
		else
			buf_fmt(&b, "%s%zu:%zu %s", i ? "; " : "", at.line, at.column, rule);
	}
	const char *z = plan_z(p, buf_get(&b));
	buf_release(&b);
	return z;
}

const char *
plan_said(struct plan *p)
{
	return all_of(p, false);
}

const char *
plan_report(struct plan *p)
{
	return all_of(p, true);
}

const char *
plan_message(struct plan *p)
{
	const struct diag *d = p->d.n ? &p->d.v[p->d.n - 1] : NULL;

	if (!d)
		return "";
	if (d->hint.n == 0)
		return plan_z(p, d->text);
	return plan_z(p,
	    arena_fmt(&p->db.arena, "%.*s (%.*s)", STR_FMT(d->text), STR_FMT(d->hint)));
}

struct key
plan_key(const char *text)
{
	struct ip_error err;
	struct key key;

	check(key_parse(str_from(text), &key, &err), "%s: %s", text, err.why);
	return key;
}

unsigned
plan_vrf(struct plan *p, const struct key *key)
{
	int vrf = key->vrf.n ? vrfs_find(&p->db.vrfs, key->vrf) : 0;

	check(vrf >= 0, "%.*s", STR_FMT(key->vrf));
	return (unsigned)vrf;
}

struct rec *
plan_rec(struct plan *p, const char *text)
{
	struct rec *r;

	if (text[0] == '@') {
		struct str s = str_from(text);
		size_t blank = str_find(s, ' ');
		r = db_find_object(&p->db, str_cut(s, 1, blank), str_cut(s, blank + 1, s.n));
	} else {
		struct key key = plan_key(text);
		r = db_find(&p->db, plan_vrf(p, &key), key.span, key.kind);
	}
	check(r, "there is no record %s", text);
	return r;
}

size_t
plan_assigns(const char *text, struct assign a[ASSIGNS_MAX])
{
	struct str rest = str_from(text), word;
	size_t n = 0;

	while (str_next(&rest, ' ', &word)) {
		size_t equals = str_find(word, '=');
		assert_true(n < ASSIGNS_MAX && equals < word.n);
		a[n++] =
		    (struct assign){ str_cut(word, 0, equals), str_cut(word, equals + 1, word.n) };
	}
	return n;
}
