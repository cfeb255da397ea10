/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "look.h"

#include <stdlib.h>

/* Read at a time; below it, lines are looked at one after the other. */
enum { BLOCK = 4096 };
/* Nothing longer is read in one go, neither a line nor the objects nor what a
 * range is looked for in. */
enum { FAR = 1 << 20 };
#define NOWHERE UINT64_MAX

struct look {
	const struct look_file *file;
	uint64_t head; /* where the objects end */
	char *p;       /* the bytes from `at` on */
	size_t n, size;
	uint64_t at;
	VEC(uint64_t) line; /* where the lines begin that were found */
};

/* A line: where it begins, where the next one does, and what its key says. */
struct spot {
	uint64_t at, next;
	struct key key; /* KIND_NONE for a line without one, KIND_OBJECT for @ */
};

/* --- bytes ------------------------------------------------------------- */

static bool
fill(struct look *l, uint64_t at, size_t n)
{
	if (n > l->size) {
		char *p = realloc(l->p, n);
		if (!p) {
			l->file->env->oom(n);
			__builtin_unreachable();
		}
		l->p = p;
		l->size = n;
	}
	l->at = at;
	return l->file->read(l->file->ctx, at, l->p, n, &l->n);
}

/* The bytes that are there from `at` on. */
static struct str
window(const struct look *l, uint64_t at)
{
	if (at < l->at || at >= l->at + l->n)
		return STR_NONE;
	return (struct str){ l->p + (at - l->at), l->n - (size_t)(at - l->at) };
}

/* The rest of the line at `at`, without LF; valid until the next one is read. */
static bool
rest_of_line(struct look *l, uint64_t at, struct str *line)
{
	struct str s = window(l, at);
	size_t lf = str_find(s, '\n');

	for (size_t n = BLOCK; lf == s.n && at + s.n < l->file->size; n *= 2) {
		size_t want = l->file->size - at < n ? (size_t)(l->file->size - at) : n;
		if (n > FAR || !fill(l, at, want) || l->n < want)
			return false;
		s = window(l, at);
		lf = str_find(s, '\n');
	}
	*line = str_cut(s, 0, lf);
	return true;
}

/* The first word of a line, or what it says of it being an object. */
static void
read_key(struct str line, struct key *key)
{
	struct ip_error err;
	size_t from = 0, to;

	*key = (struct key){ .kind = KIND_NONE };
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	while (from < line.n && ascii_blank(line.p[from]))
		from++;
	for (to = from; to < line.n && line.p[to] != ' ' && line.p[to] != '\t';)
		to++;
	if (to > from && line.p[from] == '@')
		key->kind = KIND_OBJECT;
	else if (to > from && line.p[from] != '#' && !key_parse(str_cut(line, from, to), key, &err))
		key->kind = KIND_NONE;
}

/* The line at `at`; s->key.vrf is valid until the next one is read. */
static bool
read_spot(struct look *l, uint64_t at, struct spot *s)
{
	struct str line;

	if (!rest_of_line(l, at, &line))
		return false;
	s->at = at;
	s->next = at + line.n + 1;
	read_key(line, &s->key);
	return true;
}

static bool
is_plan(const struct spot *s)
{
	return s->key.kind >= KIND_SUBNET;
}

static void
found(struct look *l, uint64_t at)
{
	vec_push(l->file->env, &l->line, at);
}

/* --- searching --------------------------------------------------------- */

/* Canonical order, for keys of VRFs that have no numbers here. */
static int
order(const struct key *a, const struct key *b)
{
	struct rec x = tree_key(0, a->span, a->kind), y = tree_key(0, b->span, b->kind);

	if (!str_ieq(a->vrf, b->vrf))
		return str_icmp(a->vrf, b->vrf);
	return tree_order(NULL, &x, &y);
}

/* The first record that begins in [at, end); s->at is end if there is none. */
static bool
next_record(struct look *l, uint64_t at, uint64_t end, struct spot *s)
{
	while (at < end) {
		if (!read_spot(l, at, s))
			return false;
		if (is_plan(s))
			return true;
		at = s->next;
	}
	s->at = end;
	return true;
}

/* What is where a key belongs. */
struct hit {
	struct spot here; /* the first record that is not before it; here.at is the file's size
	                     if there is none */
	bool has_before;
	struct span before; /* of the last one that is: its place, ... */
	enum kind before_kind;
	uint64_t before_at;
	bool before_is_near; /* ... and whether it is of the same VRF */
};

static void
note_before(struct hit *p, const struct spot *s, const struct key *key)
{
	p->has_before = true;
	p->before = s->key.span;
	p->before_kind = s->key.kind;
	p->before_at = s->at;
	p->before_is_near = str_ieq(s->key.vrf, key->vrf);
}

/* Records that begin before `low` are before the key, those from `high` on are not. */
static bool
narrow(struct look *l, const struct key *key, uint64_t *low, uint64_t *high, struct hit *p)
{
	uint64_t mid = *low + (*high - *low) / 2;
	struct str rest;
	struct spot s;

	if (!rest_of_line(l, mid, &rest) || !next_record(l, mid + rest.n + 1, *high, &s))
		return false;
	if (s.at < *high && order(&s.key, key) < 0) {
		note_before(p, &s, key);
		*low = s.next;
	} else {
		*high = mid + 1;
	}
	return true;
}

static bool
search(struct look *l, const struct key *key, struct hit *p)
{
	uint64_t low = l->head, high = l->file->size;

	*p = (struct hit){ .has_before = false };
	while (high > low && high - low > BLOCK)
		if (!narrow(l, key, &low, &high, p))
			return false;
	for (;; low = p->here.next) {
		if (!next_record(l, low, l->file->size, &p->here))
			return false;
		if (p->here.at >= l->file->size || order(&p->here.key, key) >= 0)
			return true;
		note_before(p, &p->here, key);
	}
}

/* --- what is looked for ------------------------------------------------ */

/* The objects, which stand at the head. */
static bool
find_objects(struct look *l)
{
	struct spot s = { 0 };

	for (; l->head < l->file->size; l->head = s.next) {
		if (l->head > FAR || !read_spot(l, l->head, &s))
			return false;
		if (is_plan(&s))
			return true;
		if (s.key.kind == KIND_OBJECT)
			found(l, l->head);
	}
	return true;
}

/* The records with the very key: there should be one. */
static bool
find_same(struct look *l, const struct key *key, const struct hit *p)
{
	struct spot s = p->here;

	while (s.at < l->file->size && order(&s.key, key) == 0) {
		found(l, s.at);
		if (!next_record(l, s.next, l->file->size, &s))
			return false;
	}
	return true;
}

/* Of the records before a prefix with one bit more than len, the last is the last
 * that is not behind the prefix of v with length len. */
static bool
search_wider(struct look *l, const struct key *key, int len, struct hit *p)
{
	struct ip ip = { key->span.first, key->span.family };
	struct key behind = { .kind = KIND_SUBNET, .vrf = key->vrf };

	behind.span = span_prefix(ip, len);
	if (len < ip_bits(ip.family))
		behind.span = span_prefix(span_first(behind.span), len + 1);
	else
		behind.span.len = len + 1;
	return search(l, &behind, p);
}

/*
 * The subnets around a key.  None is longer than len.  The last record before
 * the place where the next one may be is either a subnet around the key, or
 * lies in all those that are, so that they are no longer than what it shares
 * with the key.
 */
static bool
find_around(struct look *l, const struct key *key, struct hit p, uint64_t *narrowest)
{
	u128 v = key->span.first;
	enum family family = key->span.family;
	int len = key->kind == KIND_SUBNET ? key->span.len - 1 : ip_bits(family);

	*narrowest = NOWHERE;
	while (p.has_before && p.before_is_near && p.before.family == family) {
		int common = ip_common(family, p.before.first, v);
		if (p.before_kind == KIND_SUBNET && p.before.len <= len && p.before.last >= v) {
			found(l, p.before_at);
			if (*narrowest == NOWHERE)
				*narrowest = p.before_at;
			common = p.before.len - 1;
		}
		len = common < len ? common : len;
		if (len < 0)
			break;
		if (!search_wider(l, key, len, &p))
			return false;
	}
	return true;
}

/* The range over an address, which is in the narrowest subnet around it, not in
 * one of that subnet's children. */
static bool
find_range(struct look *l, const struct key *key, uint64_t subnet, uint64_t end)
{
	uint64_t range = NOWHERE, read = 0;
	struct spot s;

	if (!read_spot(l, subnet, &s))
		return false;
	for (uint64_t at = s.next; at < end; at = s.next) {
		if (!next_record(l, at, end, &s))
			return false;
		if (s.at >= end)
			break;
		read += s.next - at;
		if (s.key.kind == KIND_RANGE)
			range = s.at;
		if (s.key.kind == KIND_SUBNET && s.key.span.last < key->span.first) {
			struct key behind = { .kind = KIND_NONE, .vrf = key->vrf };
			struct hit p;
			behind.span = span_ip(span_last(s.key.span));
			if (!search(l, &behind, &p))
				return false;
			s.next = p.here.at;
			read += BLOCK;
		}
		if (read > FAR)
			return false;
	}
	if (range != NOWHERE)
		found(l, range);
	return true;
}

static bool
find_key(struct look *l, const struct key *key)
{
	uint64_t narrowest;
	struct hit p;

	if (!search(l, key, &p) || !find_same(l, key, &p) || !find_around(l, key, p, &narrowest))
		return false;
	return key->kind != KIND_ADDRESS || narrowest == NOWHERE ||
	       find_range(l, key, narrowest, p.here.at);
}

/* --- the lines --------------------------------------------------------- */

static int
by_offset(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool
put_lines(struct look *l, struct buf *out)
{
	struct str line;

	if (l->line.n)
		qsort(l->line.v, l->line.n, sizeof(*l->line.v), by_offset);
	for (size_t i = 0; i < l->line.n; i++) {
		if (i && l->line.v[i] == l->line.v[i - 1])
			continue;
		if (!rest_of_line(l, l->line.v[i], &line))
			return false;
		buf_str(out, line);
		buf_char(out, '\n');
	}
	return true;
}

/* --- parts -------------------------------------------------------------- */

static void
put_part(const struct look *l, uint64_t from, uint64_t to, look_parts *out)
{
	vec_push(l->file->env, out, ((struct look_part){ from, to }));
}

/* A subnet's line with all that it holds. */
static bool
put_content(struct look *l, const struct spot *subnet, struct str vrf, look_parts *out)
{
	struct key behind = { .kind = KIND_NONE, .vrf = vrf };
	struct hit p;

	behind.span = span_ip(span_last(subnet->key.span));
	if (!search(l, &behind, &p))
		return false;
	put_part(l, subnet->at, p.here.at, out);
	return true;
}

/* The lines that were found. */
static bool
put_found(struct look *l, look_parts *out)
{
	struct spot s;

	for (size_t i = 0; i < l->line.n; i++) {
		if (!read_spot(l, l->line.v[i], &s))
			return false;
		put_part(l, s.at, s.next < l->file->size ? s.next : l->file->size, out);
	}
	return true;
}

static bool
find_subnet(struct look *l, const struct key *key, struct span *subnet, look_parts *out)
{
	uint64_t at;
	struct spot s;
	struct hit p;

	if (!find_objects(l))
		return false;
	put_part(l, 0, l->head, out);
	l->line.n = 0;
	if (!search(l, key, &p) || !find_around(l, key, p, &at))
		return false;
	if (key->kind == KIND_SUBNET && p.here.at < l->file->size && order(&p.here.key, key) == 0)
		at = p.here.at;
	if (at == NOWHERE || !put_found(l, out) || !read_spot(l, at, &s))
		return false;
	*subnet = s.key.span;
	return put_content(l, &s, key->vrf, out);
}

bool
look_subnet(const struct look_file *file, const struct key *key, struct span *subnet,
    look_parts *out)
{
	struct look l = { .file = file };
	bool ok = find_subnet(&l, key, subnet, out);

	vec_release(&l.line);
	free(l.p);
	return ok;
}

bool
look_lines(const struct look_file *file, const struct key *key, struct buf *out)
{
	struct look l = { .file = file };
	bool ok = find_objects(&l) && (!key || find_key(&l, key)) && put_lines(&l, out);

	vec_release(&l.line);
	free(l.p);
	return ok;
}
