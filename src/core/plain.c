/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain.h"

#include "name_hash.h"
#include "word.h"

void
plain_init(struct plain *p, const struct env *env, bool with_names)
{
	*p = (struct plain){ .env = env, .with_names = with_names };
}

void
plain_release(struct plain *p)
{
	vec_release(&p->run);
	vec_release(&p->host);
	vec_release(&p->alias);
	vec_release(&p->relative);
}

/* --- what an address says ------------------------------------------------ */

static struct plain_words
read_words(const struct rec *r)
{
	struct plain_words w = { .is_special = !(r->flags & REC_FINE) };
	struct attr_iter it;
	struct attr attr;

	attr_start(&it, r);
	while (attr_next(&it, &attr)) {
		if (str_eq(attr.name, STR("host")))
			w.hosts = attr.value;
		else if (str_eq(attr.name, STR("alias")))
			w.aliases = attr.value;
		else if (str_eq(attr.name, STR("status")))
			w.is_special |= str_eq(attr.value, STR("quarantine"));
		else if (rec_attr_flags(attr.name, KIND_ADDRESS) & REC_OWN_DNS)
			w.is_special = true;
	}
	return w;
}

/* Where a word ends, or has a quote. */
static const char *
word_stop(const char *p)
{
	for (;;) {
		uint64_t odd = word_odd(word_load(p), '#');
		p += odd ? word_lowest(odd) : WORD;
		if (odd && *p != '!')
			return p;
		p += odd != 0;
	}
}

/* The beginning of a word. */
struct opening {
	char text[WORD];
	size_t n;
};

static inline bool
opens(const char *p, const struct opening *o)
{
	return (word_load(p) & word_first(o->n)) == word_load(o->text);
}

static bool
is_special(const char *word)
{
	static const struct opening of[] = { { "dns=", 4 }, { "domain=", 7 }, { "expires", 7 },
		{ "reverse", 7 }, { "status=", 7 }, { "view=", 5 } };

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if (opens(word, &of[i]))
			return true;
	return false;
}

/* The same of a line that was read quickly, so that all that is looked at here can be
 * loaded; false if there is a quote or something special. */
static bool
read_plain_words(const struct rec *r, struct plain_words *w)
{
	static const struct opening host = { "host=", 5 }, alias = { "alias=", 6 };
	const char *p = r->line + r->keylen, *from;
	bool own_dns = r->flags & REC_OWN_DNS;

	while (own_dns || !w->hosts.n) {
		while (*p == ' ' || *p == '\t')
			p++;
		if (*p == '\n' || *p == '#')
			break;
		from = p;
		p = word_stop(from);
		if (*p == '"' || (own_dns && is_special(from)))
			return false;
		if (opens(from, &host))
			w->hosts = (struct str){ from + host.n, (size_t)(p - from) - host.n };
		else if (opens(from, &alias))
			w->aliases = (struct str){ from + alias.n, (size_t)(p - from) - alias.n };
	}
	return true;
}

struct plain_words
plain_words(const struct rec *r)
{
	struct plain_words w = { .is_special = false };

	return (r->flags & REC_FINE) && read_plain_words(r, &w) ? w : read_words(r);
}

/* --- its names ------------------------------------------------------------ */

/* A name in parts; as it is fine, it is complete or has no dot. */
struct name {
	struct str label, domain;
};

/* Where the first of the two characters is, or s.n. */
static inline size_t
find_either(struct str s, char a, char b)
{
	for (size_t i = 0; i < s.n; i += WORD) {
		uint64_t x = word_load(s.p + i);
		uint64_t hit = word_equal(x, (unsigned char)a) | word_equal(x, (unsigned char)b);
		if (hit)
			return i + word_lowest(hit) < s.n ? i + word_lowest(hit) : s.n;
	}
	return s.n;
}

/* Takes the first one off a list, which stands in a line that was read quickly. */
static inline bool
next_name(struct str *list, struct name *name)
{
	struct str host = *list;
	size_t end = find_either(host, '.', ','), n = end;

	if (host.n == 0)
		return false;
	*name = (struct name){ { host.p, end }, STR_NONE };
	if (end < host.n && host.p[end] == '.') {
		n = end + str_find(str_cut(host, end, host.n), ',');
		if (n - end == 1) /* a label and its final dot */
			name->domain = (struct str){ host.p + end, 0 };
		else
			name->domain = str_cut(host, end + 1, n - 1);
	}
	*list = n < host.n ? str_cut(host, n + 1, host.n) : STR_NONE;
	return true;
}

/* The run that a record's names in a domain belong to. */
static struct plain_run *
run_for(struct plain *p, const struct rec *r, struct str domain)
{
	struct plain_run *run = p->run.n ? &p->run.v[p->run.n - 1] : NULL;

	if (run && run->subnet == r->parent && !run->domain.p == !domain.p &&
	    str_eq(run->domain, domain) && r->line - run->line <= UINT32_MAX)
		return run;
	vec_push(p->env, &p->run,
	    ((struct plain_run){ r->parent, domain, r->line, p->host.n, p->alias.n }));
	return &p->run.v[p->run.n - 1];
}

static uint32_t
place_in(const struct plain_run *run, const struct rec *r)
{
	return (uint32_t)(r->line - run->line);
}

static void
note_host(struct plain *p, const struct rec *r, struct name name)
{
	if (!name.domain.p && (p->relative.n == 0 || p->relative.v[p->relative.n - 1] != r->parent))
		vec_push(p->env, &p->relative, r->parent);
	if (!p->with_names)
		return;
	const struct plain_run *run = run_for(p, r, name.domain);
	vec_push(p->env, &p->host,
	    ((struct plain_host){ label_hash(name.label), place_in(run, r) }));
}

/* Whether all of them are in one domain. */
static bool
are_together(struct str domain, struct str names)
{
	struct name name;

	while (next_name(&names, &name))
		if (!name.domain.p != !domain.p || !str_eq(name.domain, domain))
			return false;
	return true;
}

static void
note_aliases(struct plain *p, const struct rec *r, struct name target, struct str aliases)
{
	uint32_t hash = label_hash(target.label);
	struct name alias;

	p->has_aliases = true;
	while (next_name(&aliases, &alias)) {
		const struct plain_run *run = run_for(p, r, target.domain);
		vec_push(p->env, &p->alias,
		    ((struct plain_alias){ label_hash(alias.label), hash, place_in(run, r) }));
	}
}

/* Aliases are aliases of the first host. */
static bool
take_names(struct plain *p, const struct rec *r)
{
	struct plain_words w = plain_words(r);
	struct name target, name;

	if (w.is_special || w.hosts.n == 0)
		return false;
	next_name(&w.hosts, &target);
	if (w.aliases.n && (!p->with_names || !are_together(target.domain, w.aliases)))
		return false;
	note_host(p, r, target);
	while (next_name(&w.hosts, &name))
		note_host(p, r, name);
	if (w.aliases.n)
		note_aliases(p, r, target, w.aliases);
	return true;
}

bool
plain_take(struct plain *p, const struct rec *before, const struct rec *r)
{
	const struct rec *subnet = r->parent;

	if (r->kind != KIND_ADDRESS || (r->flags & (REC_FINE | REC_SPELLING)) != REC_FINE ||
	    !before || before->first == r->first || !subnet || r->first <= subnet->first ||
	    r->first >= subnet->last)
		return false;
	return r->flags & (REC_NAMED | REC_OWN_DNS) ? take_names(p, r) : true;
}

/* --- what was taken -------------------------------------------------------- */

size_t
plain_hosts_end(const struct plain *p, size_t i)
{
	return i + 1 < p->run.n ? p->run.v[i + 1].host : p->host.n;
}

size_t
plain_aliases_end(const struct plain *p, size_t i)
{
	return i + 1 < p->run.n ? p->run.v[i + 1].alias : p->alias.n;
}

/* Its line was read already, and has an end. */
struct rec *
plain_rec(const struct plain_run *run, uint32_t at, struct vrfs *vrfs)
{
	struct rec *r = arena_alloc(vrfs->arena, sizeof(*r));
	const char *line = run->line + at;

	text_read_line((struct str){ line, strcspn(line, "\n") }, vrfs, r);
	r->parent = run->subnet;
	r->flags |= REC_FINE;
	return r;
}
