/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ARP table, as Linux has it in /proc/net/arp and as arp -an prints it. */
#include "evidence_parts.h"
#include "format.h"

enum { COMPLETE = 0x2, PERMANENT = 0x4, PUBLISHED = 0x8 };

/* 0x2 */
static bool
read_flags(struct str word, unsigned *out)
{
	*out = 0;
	if (word.n < 3 || word.n > 6 || word.p[0] != '0' || word.p[1] != 'x')
		return false;
	for (size_t i = 2; i < word.n; i++) {
		int c = ascii_lower((unsigned char)word.p[i]);
		bool digit = ascii_digit(c);
		if (!digit && (c < 'a' || c > 'f'))
			return false;
		*out = *out << 4 | (unsigned)(digit ? c - '0' : c - 'a' + 10);
	}
	return true;
}

/* IP address, HW type, flags, HW address, mask, device */
static void
read_proc_line(struct reading *r, struct str line)
{
	struct str rest = line, ip, type, flag, mac;
	unsigned flags;

	if (!format_word(&rest, &ip))
		return;
	if (!format_word(&rest, &type) || !format_word(&rest, &flag) || !format_word(&rest, &mac) ||
	    !read_flags(flag, &flags)) {
		reading_warn(r, line.p, "not understood: left out");
		return;
	}
	r->understood++;
	if (!(flags & COMPLETE) || (flags & (PERMANENT | PUBLISHED)))
		return;
	struct sighting *s = evidence_add(r, ip);
	if (s)
		evidence_mac(s, mac);
}

/* Octets without their leading zeros, as BSD's arp prints them. */
static void
read_loose_mac(struct sighting *s, struct str word)
{
	char text[MAC_TEXT];
	struct str octet;
	size_t n = 0;

	while (str_next(&word, ':', &octet) && octet.n >= 1 && octet.n <= 2 && n < 6) {
		text[3 * n] = octet.n == 2 ? octet.p[0] : '0';
		text[3 * n + 1] = octet.p[octet.n - 1];
		text[3 * n++ + 2] = ':';
	}
	if (n == 6)
		evidence_mac(s, (struct str){ text, MAC_TEXT - 1 });
}

/* Whether an entry was put there by an administrator. */
static bool
is_configured(struct str rest)
{
	struct str word;

	while (format_word(&rest, &word))
		if (str_eq(word, STR("PERM")) || str_eq(word, STR("PUB")) ||
		    str_eq(word, STR("permanent")) || str_eq(word, STR("published")))
			return true;
	return false;
}

/* NAME (ADDRESS) at MAC ... */
static void
read_arp_line(struct reading *r, struct str line)
{
	struct str rest = line, name, ip, at, mac;

	if (!format_word(&rest, &name))
		return;
	bool ok = format_word(&rest, &ip) && ip.n > 2 && ip.p[0] == '(' && ip.p[ip.n - 1] == ')' &&
	          format_word(&rest, &at) && str_eq(at, STR("at")) && format_word(&rest, &mac);
	if (!ok) {
		reading_warn(r, line.p, "not understood: left out");
		return;
	}
	r->understood++;
	/* <incomplete>, (incomplete), <from_interface> */
	if (mac.p[0] == '<' || mac.p[0] == '(' || is_configured(rest))
		return;
	struct sighting *s = evidence_add(r, str_cut(ip, 1, ip.n - 1));
	if (!s)
		return;
	read_loose_mac(s, mac);
	if (!str_eq(name, STR("?")))
		s->host = evidence_host(name);
}

void
evidence_arp(const struct text_source *source, struct sightings *out, struct diags *d)
{
	static const struct str head = STR("IP address");
	bool is_proc = str_starts((struct str){ source->p, source->n }, head);
	struct reading r;
	struct str line;

	reading_init(&r, source, out, d);
	if (is_proc && reading_line(&r, &line, NULL))
		r.understood++;
	while (reading_line(&r, &line, NULL))
		(is_proc ? read_proc_line : read_arp_line)(&r, line);
	reading_done(&r, "arp -an or /proc/net/arp");
}
