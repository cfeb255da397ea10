/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nmap -oX: hosts that are up.  A scanner of tags is enough: nmap puts all that is
 * wanted into attributes.  A run that was not finished says nothing of the hosts
 * that it did not come to, and is refused.
 */
#include "evidence_parts.h"

enum { ATTRS = 24 };

struct tag {
	struct str name; /* "/host" for an end */
	struct {
		struct str name, value;
	} attr[ATTRS];
	size_t attrs;
};

struct run {
	struct reading r;
	bool in_host, is_up, is_finished, is_closed;
	struct str ip, mac, host;
	int64_t start, end; /* of the run, or SEEN_UNKNOWN */
	int64_t host_end;   /* of this host */
	size_t first;       /* sighting */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
skip_space(struct str s, size_t at)
{
	while (at < s.n && is_space(s.p[at]))
		at++;
	return at;
}

static size_t
skip_name(struct str s, size_t at)
{
	while (at < s.n && !is_space(s.p[at]) && !memchr("=/<>\"'", s.p[at], 6))
		at++;
	return at;
}

/* Where s is found from at on, or the end. */
static size_t
find_text(struct str s, size_t at, struct str what)
{
	while (at + what.n <= s.n && memcmp(s.p + at, what.p, what.n) != 0)
		at++;
	return at + what.n <= s.n ? at : s.n;
}

/* Reads NAME="VALUE" at *at; false if there is none. */
static bool
read_attr(struct str s, size_t *at, struct str *name, struct str *value)
{
	size_t from = skip_space(s, *at), to = skip_name(s, from), quote;

	*name = str_cut(s, from, to);
	quote = skip_space(s, to);
	if (to == from || quote >= s.n || s.p[quote] != '=')
		return false;
	quote = skip_space(s, quote + 1);
	if (quote >= s.n || (s.p[quote] != '"' && s.p[quote] != '\''))
		return false;
	size_t end = quote + 1;
	while (end < s.n && s.p[end] != s.p[quote])
		end++;
	*value = str_cut(s, quote + 1, end);
	*at = end + 1;
	return end < s.n;
}

static bool
read_tag(struct str *rest, struct tag *tag)
{
	struct str s = *rest;
	size_t at = s.n && s.p[0] == '/', name = skip_name(s, at);

	*tag = (struct tag){ .name = str_cut(s, 0, name) };
	for (at = name; tag->attrs < ATTRS; tag->attrs++)
		if (!read_attr(s, &at, &tag->attr[tag->attrs].name, &tag->attr[tag->attrs].value))
			break;
	at = find_text(s, at, STR(">"));
	*rest = at < s.n ? str_cut(s, at + 1, s.n) : STR_NONE;
	return at < s.n;
}

/* The next tag that is no comment, instruction or declaration. */
static bool
next_tag(struct str *rest, struct tag *tag)
{
	for (;;) {
		size_t open = str_find(*rest, '<');
		if (open >= rest->n)
			return false;
		struct str s = str_cut(*rest, open + 1, rest->n), end = STR(">");
		if (s.n == 0 || (s.p[0] != '!' && s.p[0] != '?')) {
			*rest = s;
			return read_tag(rest, tag);
		}
		if (str_starts(s, STR("!--")))
			end = STR("-->");
		size_t at = find_text(s, 0, end);
		*rest = at < s.n ? str_cut(s, at + end.n, s.n) : STR_NONE;
	}
}

static struct str
value_of(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->attrs; i++)
		if (str_eq(tag->attr[i].name, str_from(name)))
			return tag->attr[i].value;
	return STR_NONE;
}

static int64_t
time_of(const struct tag *tag, const char *name)
{
	uint64_t t;

	return str_uint(value_of(tag, name), INT64_MAX, &t) ? (int64_t)t : SEEN_UNKNOWN;
}

static bool
is_tag(const struct tag *tag, const char *name)
{
	return str_eq(tag->name, str_from(name));
}

static void
take_address(struct run *run, const struct tag *tag)
{
	if (str_eq(value_of(tag, "addrtype"), STR("mac")))
		run->mac = value_of(tag, "addr");
	else
		run->ip = value_of(tag, "addr");
}

static void
end_host(struct run *run)
{
	run->in_host = false;
	run->r.understood++;
	if (!run->is_up || run->ip.n == 0)
		return;
	struct sighting *s = evidence_add(&run->r, run->ip);
	if (!s)
		return;
	evidence_mac(s, run->mac);
	s->host = evidence_host(run->host);
	s->last = run->host_end;
}

static void
take_tag(struct run *run, const struct tag *tag)
{
	if (is_tag(tag, "host")) {
		run->in_host = true;
		run->is_up = false;
		run->ip = run->mac = run->host = STR_NONE;
		run->host_end = time_of(tag, "endtime");
	} else if (is_tag(tag, "/host")) {
		if (run->in_host)
			end_host(run);
	} else if (is_tag(tag, "status")) {
		run->is_up = str_eq(value_of(tag, "state"), STR("up"));
	} else if (is_tag(tag, "address")) {
		take_address(run, tag);
	} else if (is_tag(tag, "hostname") && run->host.n == 0) {
		run->host = value_of(tag, "name");
	} else if (is_tag(tag, "nmaprun")) {
		run->start = time_of(tag, "start");
		run->r.understood++;
	} else if (is_tag(tag, "finished")) {
		run->end = time_of(tag, "time");
		run->is_finished = str_eq(value_of(tag, "exit"), STR("success"));
	} else if (is_tag(tag, "/nmaprun")) {
		run->is_closed = true;
	}
}

void
evidence_nmap(const struct text_source *source, struct sightings *out, struct diags *d)
{
	struct run run = { .start = SEEN_UNKNOWN, .end = SEEN_UNKNOWN };
	struct tag tag;

	reading_init(&run.r, source, out, d);
	size_t from = out->sighting.n;
	while (next_tag(&run.r.rest, &tag))
		take_tag(&run, &tag);
	if (run.r.understood == 0) {
		diag_error(d, source->p, "not XML as nmap -oX writes it");
		return;
	}
	if (!run.is_finished || !run.is_closed)
		diag_error(d, source->p, "nmap did not finish this run");
	for (size_t i = from; i < out->sighting.n; i++)
		if (out->sighting.v[i].last == SEEN_UNKNOWN)
			out->sighting.v[i].last = run.end != SEEN_UNKNOWN ? run.end : run.start;
}
