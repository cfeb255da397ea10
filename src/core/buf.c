/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "buf.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_CHUNK = 64 * 1024, MAP_MIN = 1 << 20 };

static void
plain_oom(size_t wanted)
{
	(void)wanted;
	__builtin_trap();
}

const struct env env_plain = { .oom = plain_oom };

struct str
str_from(const char *z)
{
	return z ? (struct str){ z, strlen(z) } : STR_NONE;
}

bool
str_ieq(struct str a, struct str b)
{
	return a.n == b.n && str_icmp(a, b) == 0;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

int
str_icmp(struct str a, struct str b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++) {
		int c = ascii_lower((unsigned char)a.p[i]) - ascii_lower((unsigned char)b.p[i]);
		if (c)
			return c;
	}
	return (a.n > b.n) - (a.n < b.n);
}

bool
str_starts(struct str s, struct str prefix)
{
	return prefix.n == 0 || (s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool
str_iends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_ieq(str_cut(s, s.n - suffix.n, s.n), suffix);
}

struct str
str_cut(struct str s, size_t from, size_t to)
{
	return (struct str){ from ? s.p + from : s.p, to - from };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_without_dot(struct str s)
{
	return s.n && s.p[s.n - 1] == '.' ? str_cut(s, 0, s.n - 1) : s;
}

struct str
str_trim(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = str_cut(s, 1, s.n);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

size_t
str_find(struct str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

bool
str_next(struct str *rest, char sep, struct str *member)
{
	if (rest->n == 0)
		return false;
	size_t at = str_find(*rest, sep);
	*member = str_cut(*rest, 0, at);
	*rest = at < rest->n ? str_cut(*rest, at + 1, rest->n) : STR_NONE;
	return true;
}

uint64_t
str_ihash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a, RFC 9923 */

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint64_t)(unsigned char)ascii_lower((unsigned char)s.p[i])) *
		    0x100000001b3u;
	return h;
}

bool
str_uint(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_digit(s.p[i]))
			return false;
		uint64_t d = (uint64_t)(s.p[i] - '0');
		if (v > (max - d) / 10 || d > max)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	bool mapped;
	_Alignas(16) char data[];
};

void
arena_init(struct arena *a, const struct env *env)
{
	*a = (struct arena){ .env = env };
}

void
arena_release(struct arena *a)
{
	for (struct arena_chunk *c = a->chunks, *next; c; c = next) {
		next = c->next;
		if (c->mapped)
			a->env->unmap(c, c->size);
		else
			free(c);
	}
	arena_init(a, a->env);
}

void
arena_adopt(struct arena *a, struct arena *b)
{
	struct arena_chunk **end = &b->chunks;

	while (*end)
		end = &(*end)->next;
	*end = a->chunks;
	a->chunks = b->chunks;
	arena_init(b, b->env);
}

static struct arena_chunk *
chunk_new(struct arena *a, size_t data)
{
	size_t size = sizeof(struct arena_chunk) + data;
	bool mapped = size >= MAP_MIN && a->env->map;
	struct arena_chunk *c = mapped ? a->env->map(size) : malloc(size);

	if (!c) {
		a->env->oom(size);
		__builtin_unreachable();
	}
	*c = (struct arena_chunk){ .next = a->chunks, .size = size, .mapped = mapped };
	a->chunks = c;
	return c;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	n = (n + 15) & ~(size_t)15;
	if (n > ARENA_CHUNK / 4)
		return chunk_new(a, n)->data;
	if (n > a->left) {
		a->next = chunk_new(a, ARENA_CHUNK)->data;
		a->left = ARENA_CHUNK;
	}
	void *p = a->next;
	a->next += n;
	a->left -= n;
	return p;
}

void *
arena_zalloc(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

char *
arena_z(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct str
arena_str(struct arena *a, struct str s)
{
	return (struct str){ arena_z(a, s), s.n };
}

struct str
arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n;
	char *p = arena_alloc(a, len + 1);
	vsnprintf(p, len + 1, fmt, again);
	va_end(again);
	return (struct str){ p, len };
}

struct str
arena_join(struct arena *a, struct str x, struct str y, struct str z)
{
	const struct str part[] = { x, y, z };
	struct str out = { arena_alloc(a, x.n + y.n + z.n + 1), 0 };
	char *p = (char *)out.p;

	for (size_t i = 0; i < ARRAY_LEN(part); i++) {
		if (part[i].n)
			memcpy(p + out.n, part[i].p, part[i].n);
		out.n += part[i].n;
	}
	p[out.n] = '\0';
	return out;
}

struct str
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct str s = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}

void
buf_init(struct buf *b, const struct env *env)
{
	*b = (struct buf){ .env = env };
}

void
buf_release(struct buf *b)
{
	free(b->p);
	buf_init(b, b->env);
}

char *
buf_room(struct buf *b, size_t n)
{
	if (b->size - b->n < n) {
		size_t size = b->size ? b->size : 256;
		while (size - b->n < n)
			size *= 2;
		char *p = realloc(b->p, size);
		if (!p) {
			b->env->oom(size);
			__builtin_unreachable();
		}
		b->p = p;
		b->size = size;
	}
	return b->p + b->n;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n) {
		memcpy(buf_room(b, n), p, n);
		b->n += n;
	}
}

void
buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void
buf_z(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

void
buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->n++;
}

void
buf_shell(struct buf *b, struct str word)
{
	static const char safe[] = "%+,-./:=@_~";
	bool bare = word.n > 0 && word.p[0] != '~';

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

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	size_t len = n < 0 ? 0 : (size_t)n;
	char *p = buf_room(b, len + 1);
	va_start(ap, fmt);
	vsnprintf(p, len + 1, fmt, ap);
	va_end(ap);
	b->n += len;
}

struct str
buf_get(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

void *
vec_grow(const struct env *env, void *p, size_t *size, size_t itemsize)
{
	size_t more = *size ? *size * 2 : 16;
	void *q = realloc(p, more * itemsize);

	if (!q) {
		env->oom(more * itemsize);
		__builtin_unreachable();
	}
	*size = more;
	return q;
}
