/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dhcpd_token.h"

#include "dhcpd_text.h"

static void
fail(struct token_source *s, const char *at, const char *text)
{
	diag_error(s->d, at, "%s", text);
	s->failed = true;
}

static void
skip_blanks(struct token_source *s)
{
	while (s->at < s->end) {
		if (memchr(" \t\r\n", *s->at, 4)) {
			s->at++;
		} else if (*s->at == '#') {
			while (s->at < s->end && *s->at != '\n')
				s->at++;
		} else {
			return;
		}
	}
}

static struct str
read_string(struct token_source *s)
{
	const char *from = s->at;
	struct str out = STR_NONE;

	if (!dhcpd_string(&s->at, s->end, s->arena, &out))
		fail(s, from, "no closing quote");
	return out;
}

/* The next token; one of { } ; , is a token of its own.  False at the end. */
static bool
next_token(struct token_source *s, struct token *t)
{
	skip_blanks(s);
	*t = (struct token){ .at = s->at };
	if (s->at >= s->end)
		return false;
	if (*s->at == '"') {
		t->is_string = true;
		t->text = read_string(s);
		return !s->failed;
	}
	if (memchr("{};,", *s->at, 4)) {
		t->text = (struct str){ s->at++, 1 };
		return true;
	}
	while (s->at < s->end && !memchr(" \t\r\n{};,\"#", *s->at, 10))
		s->at++;
	if (s->at == t->at)
		s->at++;
	t->text = (struct str){ t->at, (size_t)(s->at - t->at) };
	return true;
}

bool
token_is(const struct token *t, const char *text)
{
	return !t->is_string && str_ieq(t->text, str_from(text));
}

char
token_statement(struct token_source *s, tokens *out)
{
	struct token t;

	out->n = 0;
	while (next_token(s, &t)) {
		if (!t.is_string && t.text.n == 1 && memchr(";{}", t.text.p[0], 3)) {
			if (t.text.p[0] == '}' && out->n)
				fail(s, t.at, "a ; is missing");
			return t.text.p[0];
		}
		vec_push(s->arena->env, out, t);
	}
	if (out->n && !s->failed)
		fail(s, out->v[0].at, "a ; is missing");
	return 0;
}

void
token_skip_block(struct token_source *s)
{
	const char *from = s->at;
	unsigned depth = 1;
	struct token t;

	while (depth && next_token(s, &t)) {
		depth += token_is(&t, "{");
		depth -= token_is(&t, "}");
	}
	if (depth && !s->failed)
		fail(s, from, "no } ends this block");
}
