/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dnsmasq_word.h"

bool
word_split(struct arena *a, struct str line, words *out)
{
	char *p = arena_alloc(a, line.n + 1);
	struct word w = { { p, 0 }, line.p, false };
	bool quoted = false;

	out->n = 0;
	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];
		if (!quoted && c == '#' && i && memchr(" \t", line.p[i - 1], 2))
			break;
		if (c == '"') {
			quoted = !quoted;
			w.is_quoted = true;
		} else if (!quoted && c == ',') {
			vec_push(a->env, out, w);
			w = (struct word){ { p, 0 }, line.p + i + 1, false };
		} else if (quoted || !memchr(" \t\r", c, 3)) {
			if (quoted && c == '\\' && i + 1 < line.n)
				c = line.p[++i];
			*p++ = c;
			w.text.n++;
		}
	}
	vec_push(a->env, out, w);
	return !quoted;
}

bool
word_take(struct str word, const char *prefix, struct str *rest)
{
	struct str p = str_from(prefix);

	if (!str_starts(word, p))
		return false;
	*rest = str_cut(word, p.n, word.n);
	return true;
}

bool
words_have(const words *w, const char *prefix)
{
	struct str rest;

	for (size_t i = 0; i < w->n; i++)
		if (word_take(w->v[i].text, prefix, &rest))
			return true;
	return false;
}

bool
word_is_ip6(struct str text, struct ip *ip)
{
	return text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']' &&
	       ip_parse(str_cut(text, 1, text.n - 1), ip, NULL) && ip->family == IPV6;
}

bool
word_seconds(struct arena *a, struct str text, struct str *out)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	uint64_t n, unit = 1;

	*out = STR_NONE;
	if (str_ieq(text, STR("infinite")) || str_ieq(text, STR("deprecated")))
		return true;
	if (text.n == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (text.n > 1 && ascii_lower(text.p[text.n - 1]) == units[i].unit) {
			unit = units[i].seconds;
			text.n--;
			break;
		}
	if (!str_uint(text, UINT32_MAX / unit, &n))
		return false;
	n *= unit;
	*out = arena_fmt(a, "%llu", (unsigned long long)n);
	return true;
}
