/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is responsible for a zone: hostmaster, hostmaster@example.net or hostmaster.example.net
 * of its mbox=, as a name of the SOA record (RFC 1035, section 8).
 */
#if WITH_ZONE
#include "core/arpa.h"
#include "core/schema.h"
#include "zone_parts.h"

/* Takes the first label off a name, up to a dot without a backslash before it. */
static struct str
first_label(struct str *name)
{
	size_t i = 0;

	while (i < name->n && name->p[i] != '.')
		i += name->p[i] == '\\' && i + 1 < name->n ? 2 : 1;
	struct str label = str_cut(*name, 0, i);
	*name = str_cut(*name, i + (i < name->n), name->n);
	return label;
}

/* Adds a label as all servers read it; its length, or 0 if it can be none. */
static size_t
put_label(struct buf *b, struct str label, bool has_escapes)
{
	size_t n = 0;

	for (size_t i = 0; i < label.n; i++, n++) {
		if (has_escapes && label.p[i] == '\\' && ++i == label.n)
			return 0;
		unsigned char c = (unsigned char)label.p[i];
		if (c <= ' ' || c >= 0x7f)
			return 0;
		if (ascii_alnum((char)c) || c == '-' || c == '_')
			buf_char(b, (char)c);
		else if (c == '.')
			buf_z(b, "\\.");
		else
			buf_fmt(b, "\\%03u", c);
	}
	return n <= LABEL_MAX ? n : 0;
}

/* Where a mailbox without a domain is: in a forward zone in that, in a reverse zone, where no
 * mail goes, in the domain of its name server. */
static struct str
own_domain(const struct dns *dns, const struct dns_zone *z)
{
	struct str rest = STR_NONE, ns = STR_NONE;

	if (!arpa_is_reverse(z->name))
		return z->name;
	db_own(dns->db, z->rec, "ns", &rest);
	dns_next_ns(dns, z, &rest, &ns);
	size_t dot = str_find(ns, '.');
	return str_cut(ns, dot + (dot < ns.n), ns.n);
}

bool
zone_mailbox(const struct dns *dns, const struct dns_zone *z, struct str *name)
{
	struct str value, label, domain;
	struct buf b;

	if (!db_own(dns->db, z->rec, "mbox", &value) || value.n == 0)
		value = STR("hostmaster");
	size_t at = str_find(value, '@');
	label = str_cut(value, 0, at);
	domain = str_cut(value, at + (at < value.n), value.n);
	if (at == value.n) {
		domain = value;
		label = first_label(&domain);
	}
	if (domain.n == 0)
		domain = own_domain(dns, z);
	else if (domain.p[domain.n - 1] == '.')
		domain.n--;
	buf_init(&b, dns->db->env);
	size_t n = put_label(&b, label, at == value.n);
	buf_fmt(&b, ".%.*s", STR_FMT(domain));
	*name = arena_str(&dns->db->arena, buf_get(&b));
	buf_release(&b);
	return n && host_is_publishable(domain) && n + 1 + domain.n <= HOST_MAX;
}

#endif
