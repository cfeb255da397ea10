/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tsig.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Drops blanks and comments: # and // to the end of the line, and those of C. */
static void
skip(struct str *s)
{
	for (;;) {
		size_t n = 0;
		if (s->n && is_blank(s->p[0]))
			n = 1;
		else if (str_starts(*s, STR("#")) || str_starts(*s, STR("//")))
			n = str_find(*s, '\n');
		else if (str_starts(*s, STR("/*")))
			for (n = s->n < 4 ? s->n : 4;
			     n < s->n && !str_starts(str_cut(*s, n - 2, n), STR("*/"));)
				n++;
		if (n == 0)
			return;
		*s = str_cut(*s, n, s->n);
	}
}

/* The next word, string (less its quotes), or one of {};  false at the end. */
static bool
next(struct str *s, struct str *token)
{
	size_t n = 0;

	skip(s);
	if (s->n == 0)
		return false;
	if (s->p[0] == '"') {
		*s = str_cut(*s, 1, s->n);
		n = str_find(*s, '"');
		*token = str_cut(*s, 0, n);
		*s = str_cut(*s, n < s->n ? n + 1 : n, s->n);
		return true;
	}
	while (n < s->n && !is_blank(s->p[n]) && !memchr("{};\"", s->p[n], 4))
		n++;
	*token = str_cut(*s, 0, n ? n : 1);
	*s = str_cut(*s, n ? n : 1, s->n);
	return true;
}

static bool
next_is(struct str *s, const char *word)
{
	struct str token;

	return next(s, &token) && str_eq(token, str_from(word));
}

/* What a name, an algorithm and a secret may be is what dig takes: it goes on without a
 * key that it does not. */
static bool
is_name(struct str s)
{
	struct str label;

	s = str_without_dot(s);
	if (s.n == 0 || s.n > 253)
		return false;
	while (str_next(&s, '.', &label)) {
		if (label.n == 0 || label.n > 63)
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!ascii_alnum(label.p[i]) && label.p[i] != '-' && label.p[i] != '_')
				return false;
	}
	return s.n == 0;
}

/* hmac-sha256, or cut to so many bits: hmac-sha256-128 */
static bool
is_algorithm(struct str s)
{
	static const char *const hashes[] = { "hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256",
		"hmac-sha384", "hmac-sha512" };
	uint64_t bits;

	for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
		size_t n = strlen(hashes[i]);
		if (s.n < n || !str_ieq(str_cut(s, 0, n), str_from(hashes[i])))
			continue;
		if (s.n == n || (s.p[n] == '-' && str_uint(str_cut(s, n + 1, s.n), 512, &bits) &&
				    bits >= 80 && bits % 8 == 0))
			return true;
	}
	return false;
}

/* Base64, all of whose bits are the secret's (RFC 4648, section 3.5). */
static bool
is_base64(struct str s)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t pads = 0;

	if (s.n == 0 || s.n % 4)
		return false;
	while (pads < 2 && s.p[s.n - 1] == '=') {
		s.n--;
		pads++;
	}
	for (size_t i = 0; i < s.n; i++)
		if (!memchr(digits, s.p[i], 64))
			return false;
	long last = (const char *)memchr(digits, s.p[s.n - 1], 64) - digits;
	return last % (1L << 2 * pads) == 0;
}

static const char *
wrong(const struct tsig *key)
{
	if (!is_name(key->name))
		return "the key has no name that could be one";
	if (!is_algorithm(key->algorithm))
		return "the key's algorithm is none of TSIG";
	if (!is_base64(key->secret))
		return "the key's secret is not base64";
	return NULL;
}

/* What follows `key`. */
static bool
read_key(struct str *s, struct tsig *out)
{
	struct str token;

	if (!next(s, &out->name) || !next_is(s, "{"))
		return false;
	while (next(s, &token)) {
		if (str_eq(token, STR("}")))
			return next_is(s, ";");
		struct str *value = str_eq(token, STR("algorithm")) ? &out->algorithm
		                    : str_eq(token, STR("secret"))  ? &out->secret
		                                                    : NULL;
		if (!value || value->n || !next(s, value) || !next_is(s, ";"))
			return false;
	}
	return false;
}

bool
tsig_parse(struct str text, struct tsig *out, const char **why)
{
	struct str token;

	*out = (struct tsig){ { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	*why = "no TSIG key in it, as tsig-keygen writes one";
	if (!next_is(&text, "key") || !read_key(&text, out))
		return false;
	*why = wrong(out);
	if (!*why && next(&text, &token))
		*why = "something else than one key is in it, too";
	return *why == NULL;
}
