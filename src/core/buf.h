/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * buf: the only allocator.  Slices, arenas, growing buffers.
 *
 * struct str    bytes that somebody else owns: a pointer and a length, no
 *               final NUL.  Passed by value.
 * struct arena  memory that is freed all at once.  What arena_*() returns is
 *               valid until arena_release().
 * struct buf    bytes that grow.  Owned by whoever called buf_init().
 *
 * Nothing here fails: when memory runs out, env->oom() is called and does not
 * return.
 */
#ifndef IPAM_BUF_H
#define IPAM_BUF_H

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct str {
	const char *p;
	size_t n;
};

/* A slice of a string literal. */
#define STR(lit) ((struct str){ (lit), sizeof(lit) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf's %.*s. */
#define STR_FMT(s) (int)(s).n, ((s).p ? (s).p : "")

struct str str_from(const char *z); /* NULL gives STR_NONE */
static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
bool str_ieq(struct str a, struct str b); /* without ASCII case */
int str_cmp(struct str a, struct str b);  /* by bytes, shorter first */
int str_icmp(struct str a, struct str b); /* the same without ASCII case */
bool str_starts(struct str s, struct str prefix);
bool str_iends(struct str s, struct str suffix);
struct str str_cut(struct str s, size_t from, size_t to);
/* Without the blanks, tabs and line ends around it. */
struct str str_trim(struct str s);
struct str str_without_dot(struct str s); /* without a final one: of a complete name */
/* The position of c in s, or s.n. */
size_t str_find(struct str s, char c);
/* Takes the next member of a list (separated by sep) off *rest; false when
 * there is none left.  "a,,b" has three; an empty list, and what follows a
 * final separator, has none. */
bool str_next(struct str *rest, char sep, struct str *member);
/* A hash of the bytes, the same for names that differ in ASCII case only. */
uint64_t str_ihash(struct str s);
/* Decimal digits only, at most max; false for anything else. */
bool str_uint(struct str s, uint64_t max, uint64_t *out);

/* Of ASCII alone, whatever the locale. */
static inline int
ascii_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static inline bool
ascii_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* What stands between the words of a line. */
static inline bool
ascii_blank(int c)
{
	return c == ' ' || c == '\t';
}

static inline bool
ascii_alnum(int c)
{
	int l = ascii_lower(c);

	return ascii_digit(c) || (l >= 'a' && l <= 'z');
}

struct arena {
	const struct env *env;
	struct arena_chunk *chunks;
	char *next;
	size_t left;
};

void arena_init(struct arena *a, const struct env *env);
void arena_release(struct arena *a);
/* What b has is a's from now on; b is empty then. */
void arena_adopt(struct arena *a, struct arena *b);
/* n bytes, aligned for any type, not cleared. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_zalloc(struct arena *a, size_t n); /* cleared */
struct str arena_str(struct arena *a, struct str s);
char *arena_z(struct arena *a, struct str s); /* with a final NUL */
/* x, y and z one after the other: any bytes, where a format ends at a NUL. */
struct str arena_join(struct arena *a, struct str x, struct str y, struct str z);
struct str arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

struct buf {
	const struct env *env;
	char *p;
	size_t n, size;
};

void buf_init(struct buf *b, const struct env *env);
void buf_release(struct buf *b);
/* Makes room for n more bytes and returns where they go; b->n is the
 * caller's to move. */
char *buf_room(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A word as a shell reads it. */
void buf_shell(struct buf *b, struct str word);
struct str buf_get(const struct buf *b); /* valid until b changes */

/* An array that grows in malloc'ed memory: VEC(struct rec *) recs; */
#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, size;                                                                    \
	}
#define vec_push(env, vec, item)                                                                   \
	do {                                                                                       \
		if ((vec)->n == (vec)->size)                                                       \
			(vec)->v = vec_grow((env), (vec)->v, &(vec)->size, sizeof(*(vec)->v));     \
		(vec)->v[(vec)->n++] = (item);                                                     \
	} while (0)
#define vec_release(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->size = 0)
void *vec_grow(const struct env *env, void *p, size_t *size, size_t itemsize);

#endif
