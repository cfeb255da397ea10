/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the source says of names that somebody else has: DHCP servers, other zones. */
#include "merge_parts.h"

/* --- DHCP servers ------------------------------------------------------- */

static void
read_dynamic(struct merger *m, name_set *names)
{
	for (size_t i = 0; i < m->facts->n; i++)
		if (m->facts->v[i].kind == FACT_DYNAMIC)
			vec_push(m->db->env, names, str_without_dot(m->facts->v[i].name));
	name_set_sort(names);
}

/* Whether an address of the plan has this host. */
static bool
has_host(struct merger *m, struct ip ip, struct str name)
{
	struct rec *r = db_find(m->db, m->how->vrf, span_ip(ip), KIND_ADDRESS);
	struct str hosts, host, full;

	if (!r || !db_own(m->db, r, "host", &hosts))
		return false;
	while (str_next(&hosts, ',', &host))
		if (db_fqdn(m->db, r, host, &full) && str_ieq(full, name))
			return true;
	return false;
}

void
merge_set_dynamic(struct merger *m)
{
	name_set names = { 0 };
	char text[IP_TEXT];

	read_dynamic(m, &names);
	for (size_t i = 0; i < m->facts->n && names.n; i++) {
		struct fact *fact = &m->facts->v[i];
		struct str name = str_without_dot(fact->name);
		if ((fact->kind != FACT_FORWARD && fact->kind != FACT_REVERSE) ||
		    !name_set_has(&names, name) || has_host(m, fact->ip, name))
			continue;
		fact->name = arena_fmt(&m->facts->arena,
		    "%.*s: %s %s: a DHCP server's name (DHCID)", STR_FMT(fact->name),
		    fact->kind == FACT_REVERSE ? "PTR of"
		    : fact->ip.family == IPV4  ? "A"
					       : "AAAA",
		    ip_fmt(text, fact->ip));
		fact->kind = FACT_OTHER;
	}
	vec_release(&names);
}

/* --- delegations --------------------------------------------------------- */

/* The reverse zone that is in force at an address. */
static struct str
reverse_at(struct merger *m, struct ip ip)
{
	struct rec *r = db_find(m->db, m->how->vrf, span_ip(ip), KIND_ADDRESS);
	struct str reverse;

	r = r ? r : db_around(m->db, m->how->vrf, span_ip(ip));
	return r && db_value(m->db, r, STR("reverse"), &reverse, NULL) ? str_without_dot(reverse)
	                                                               : STR_NONE;
}

bool
merge_has_cut(struct merger *m, const struct fact *fact)
{
	struct str target = str_without_dot(fact->target), zone;

	if (fact->ip.family == FAMILY_NONE)
		return zones_named(&m->zones, target) != COVER_NONE;
	zone = reverse_at(m, fact->ip);
	return zone.n && str_ieq(target, arena_fmt(&m->db->arena, "%u.%.*s",
					     (unsigned)fact->ip.v & 255, STR_FMT(zone)));
}
