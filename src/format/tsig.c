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

static bool
is_made_of(struct str s, const char *others)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) && !strchr(others, s.p[i]))
			return false;
	return s.n > 0;
}

static const char *
wrong(const struct tsig *key)
{
	if (!is_made_of(key->name, ".-_"))
		return "the key has no name that could be one";
	if (!str_starts(key->algorithm, STR("hmac-")) || !is_made_of(key->algorithm, "-"))
		return "the key's algorithm is none of TSIG";
	if (!is_made_of(key->secret, "+/=") || key->secret.n % 4)
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
			return true;
		struct str *value = str_eq(token, STR("algorithm")) ? &out->algorithm
		                    : str_eq(token, STR("secret"))  ? &out->secret
		                                                    : NULL;
		if (!value || !next(s, value) || !next_is(s, ";"))
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
	while (next(&text, &token))
		if (str_eq(token, STR("key"))) {
			if (read_key(&text, out))
				*why = wrong(out);
			return *why == NULL;
		}
	return false;
}
