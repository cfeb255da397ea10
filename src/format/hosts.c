/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hosts(5): an address, the canonical name of the host, further names.
 *
 * The first name is the address's host, the others are aliases.  A name with a
 * dot in it is complete.  A short name is the beginning of a complete one of the
 * same line: then both are one name, the complete one.
 */
#include "format.h"

static bool
is_short(struct str name)
{
	return str_find(name, '.') == name.n;
}

static struct str
complete(struct facts *facts, struct str name)
{
	if (is_short(name) || name.p[name.n - 1] == '.')
		return name;
	return arena_join(&facts->arena, name, STR("."), STR_NONE);
}

/* The complete name among names that begins with a short one, else the name. */
static struct str
longest(struct str names, struct str name)
{
	struct str other;

	if (!is_short(name))
		return name;
	while (format_word(&names, &other)) {
		size_t dot = str_find(other, '.');
		if (dot < other.n && str_ieq(str_cut(other, 0, dot), name))
			return other;
	}
	return name;
}

static void
add_names(struct facts *facts, struct str names, const char *at, struct ip ip)
{
	struct str rest = names, name, first;

	format_word(&rest, &first);
	first = longest(names, first);
	struct fact *fact = facts_add(facts, FACT_NAME, at);
	fact->ip = ip;
	fact->name = complete(facts, first);
	while (format_word(&rest, &name)) {
		struct str full = longest(names, name);
		if (str_ieq(full, first))
			continue;
		fact = facts_add(facts, FACT_ALIAS, name.p);
		fact->ip = ip;
		fact->name = complete(facts, full);
	}
}

static void
read_line(struct str line, struct facts *facts, struct diags *d)
{
	struct str rest = str_cut(line, 0, str_find(line, '#')), word, name;
	struct ip_error err;
	struct ip ip;

	if (!format_word(&rest, &word))
		return;
	/* the zone of a link-local address says nothing here */
	if (!ip_parse(str_cut(word, 0, str_find(word, '%')), &ip, &err)) {
		diag_error(d, word.p, "%.*s: %s", STR_FMT(word), err.why);
		return;
	}
	struct str names = rest;
	if (format_word(&rest, &name))
		add_names(facts, names, word.p, ip);
	else
		facts_other(facts, word.p, "%.*s: no name", STR_FMT(word));
}

void
hosts_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	struct str rest = format_text(&in->source), line;

	while (str_next(&rest, '\n', &line))
		read_line(line, facts, d);
}
