/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnsmasq.leases: EXPIRY MAC ADDRESS NAME CLIENT-ID, and behind a line `duid ...`
 * EXPIRY [T]IAID ADDRESS NAME DUID.  An asterisk is none; an expiry of 0 is
 * never.  Where dnsmasq was built for machines without a clock, the first word is
 * how long the lease is.
 */
#include "evidence_parts.h"
#include "format.h"

enum { WORDS = 5, EXPIRY = 0, MAC, ADDRESS, NAME, CLIENT };
enum { SHORTEST_TIME = 1000000000 };

static void
note_end(struct sighting *s, uint64_t expiry)
{
	if (expiry == 0)
		s->lease_end = SEEN_NEVER;
	else if (expiry >= SHORTEST_TIME)
		s->lease_end = (int64_t)expiry;
	else
		s->lease_time = (int64_t)expiry;
}

static void
read_lease(struct reading *r, struct str line, bool v6)
{
	struct str rest = line, word[WORDS];
	uint64_t expiry;
	size_t n = 0;

	while (n < WORDS && format_word(&rest, &word[n]))
		n++;
	if (n == 0)
		return;
	if (n < WORDS || !str_uint(word[EXPIRY], UINT32_MAX * (uint64_t)4, &expiry)) {
		reading_warn(r, line.p, "no lease of dnsmasq: left out");
		return;
	}
	struct sighting *s = evidence_add(r, word[ADDRESS]);
	if (!s)
		return;
	note_end(s, expiry);
	s->lease = seen_lease_state("active", s->lease_end, r->out->env->now);
	if (strcmp(s->lease, "active") != 0)
		s->last = s->lease_end; /* then at the latest */
	s->host = evidence_host(word[NAME]);
	struct str client = str_eq(word[CLIENT], STR("*")) ? STR_NONE : word[CLIENT];
	if (v6) {
		evidence_duid(s, client);
		return;
	}
	/* of other hardware: 06-aa:bb:... */
	evidence_mac(s, word[MAC]);
	s->client = client;
}

void
evidence_dnsmasq(const struct text_source *source, struct sightings *out, struct diags *d)
{
	struct reading r;
	struct str line;
	bool v6 = false, whole;

	reading_init(&r, source, out, d);
	while (reading_line(&r, &line, &whole)) {
		if (!whole)
			reading_unfinished(&r, line.p);
		else if (str_starts(line, STR("duid ")))
			v6 = true;
		else
			read_lease(&r, line, v6);
		r.understood += v6;
	}
	reading_done(&r, "dnsmasq.leases");
}
