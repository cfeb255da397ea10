/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fping: what answered. */
#include "evidence_parts.h"
#include "format.h"

enum verdict { DEAD, ALIVE, UNCLEAR };

/* "10.0.0.1 : 0.03 - 0.04": a number is an answer. */
static enum verdict
count_answers(struct str rest)
{
	struct str word;
	bool any = false;

	while (format_word(&rest, &word)) {
		if (!ascii_digit(word.p[0]) && !str_eq(word, STR("-")))
			return UNCLEAR;
		any |= ascii_digit(word.p[0]);
	}
	return any ? ALIVE : DEAD;
}

/* What stands behind the address: nothing (-a), its name, its time, or words. */
static enum verdict
judge(struct str rest)
{
	struct str word, all = rest;

	if (!format_word(&rest, &word) || word.p[0] == '(')
		return ALIVE;
	if (str_eq(word, STR(":")))
		return count_answers(rest);
	if (str_eq(word, STR("is")) && format_word(&rest, &word))
		return str_eq(word, STR("alive"))         ? ALIVE
		       : str_eq(word, STR("unreachable")) ? DEAD
		                                          : UNCLEAR;
	(void)all;
	return UNCLEAR;
}

static void
read_line(struct reading *r, struct str line)
{
	struct str rest = line, word, name = STR_NONE;
	struct ip ip;

	if (!format_word(&rest, &word))
		return;
	/* -n: "NAME (ADDRESS)" */
	if (!evidence_ip(word, &ip) && rest.n > 2 && rest.p[1] == '(') {
		size_t close = str_find(rest, ')');
		name = word;
		word = str_cut(rest, 2, close);
		rest = close < rest.n ? str_cut(rest, close + 1, rest.n) : STR_NONE;
	}
	enum verdict verdict = evidence_ip(word, &ip) ? judge(rest) : UNCLEAR;
	if (verdict == UNCLEAR) {
		reading_warn(r, line.p, "not understood: left out");
		return;
	}
	r->understood++;
	struct sighting *s = verdict == ALIVE ? sightings_add(r->out, span_ip(ip)) : NULL;
	if (s)
		s->host = evidence_host(name);
}

void
evidence_fping(const struct text_source *source, struct sightings *out, struct diags *d)
{
	struct reading r;
	struct str line;

	reading_init(&r, source, out, d);
	while (reading_line(&r, &line, NULL))
		read_line(&r, line);
	reading_done(&r, "fping -a or fping -C");
}
