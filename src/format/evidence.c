/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence_parts.h"

#include "format.h"

const struct evidence_format evidence_table[] = {
	{ "kea", "lease:kea", EVIDENCE_LEASES | EVIDENCE_LFC, evidence_kea,
	    "Kea's memfile (CSV), or its answer to lease4-get-all or lease6-get-all" },
	{ "dhcpd", "lease:dhcpd", EVIDENCE_LEASES, evidence_dhcpd,
	    "ISC dhcpd's dhcpd.leases and dhcpd6.leases" },
	{ "dnsmasq", "lease:dnsmasq", EVIDENCE_LEASES | EVIDENCE_IN_PLACE, evidence_dnsmasq,
	    "dnsmasq.leases" },
	{ "neigh", "neigh", 0, evidence_neigh, "ip neigh, best as ip -s -j neigh" },
	{ "arp", "arp", 0, evidence_arp, "arp -an, or /proc/net/arp" },
	{ "nmap", "nmap", 0, evidence_nmap, "nmap -oX" },
	{ "fping", "fping", 0, evidence_fping, "fping -a, or fping -C" },
};
const size_t evidence_table_len = ARRAY_LEN(evidence_table);

const struct evidence_format *
evidence_find(struct str name)
{
	for (size_t i = 0; i < evidence_table_len; i++)
		if (str_eq(name, str_from(evidence_table[i].name)) ||
		    str_eq(name, str_from(evidence_table[i].by)))
			return &evidence_table[i];
	return NULL;
}

/* --- reading ----------------------------------------------------------- */

void
reading_init(struct reading *r, const struct text_source *source, struct sightings *out,
    struct diags *d)
{
	*r = (struct reading){ source, out, d, { source->p, source->n }, 0, false };
}

bool
reading_line(struct reading *r, struct str *line, bool *whole)
{
	size_t lf = str_find(r->rest, '\n');

	if (r->rest.n == 0)
		return false;
	if (whole)
		*whole = lf < r->rest.n;
	*line = str_cut(r->rest, 0, lf);
	r->rest = lf < r->rest.n ? str_cut(r->rest, lf + 1, r->rest.n) : STR_NONE;
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

void
reading_warn(struct reading *r, const char *at, const char *fmt, ...)
{
	va_list ap;
	struct str text;

	r->odd = true;
	va_start(ap, fmt);
	text = arena_vfmt(&r->out->arena, fmt, ap);
	va_end(ap);
	diag_at(r->d, SEV_WARNING, RULE_NONE, (struct pos){ at }, "%.*s", STR_FMT(text));
}

void
reading_unfinished(struct reading *r, const char *at)
{
	/* alone it is of any format */
	r->understood += !r->odd;
	reading_warn(r, at, "the last record is unfinished (is it being written?): left out");
}

void
reading_done(struct reading *r, const char *what)
{
	if (r->understood == 0 && r->source->n > 0 && r->d->errors == 0)
		diag_error(r->d, r->source->p, "nothing in it is of %s", what);
}

/* --- values ------------------------------------------------------------ */

bool
evidence_ip(struct str word, struct ip *out)
{
	struct ip_error err;

	return ip_parse(str_cut(word, 0, str_find(word, '%')), out, &err);
}

struct sighting *
evidence_add(struct reading *r, struct str word)
{
	struct ip ip;

	if (!evidence_ip(word, &ip)) {
		reading_warn(r, word.p, "%.*s: not an address: left out", STR_FMT(word));
		return NULL;
	}
	r->understood++;
	return sightings_add(r->out, span_ip(ip));
}

void
evidence_mac(struct sighting *s, struct str word)
{
	static const unsigned char none[6];

	s->has_mac =
	    word.n > 0 && mac_parse(word, s->mac) && memcmp(s->mac, none, sizeof(none)) != 0;
}

void
evidence_duid(struct sighting *s, struct str duid)
{
	s->duid = duid;
	if (!s->has_mac)
		s->has_mac = seen_duid_mac(duid, s->mac);
}

struct str
evidence_host(struct str word)
{
	if (str_eq(word, STR("*")))
		return STR_NONE;
	return str_without_dot(word);
}
