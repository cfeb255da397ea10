/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "made.h"

bool
made_one_in(struct maker *m, unsigned n)
{
	return rnd(&m->seed) % n == 0;
}

static void
put_line(struct maker *m, const char *key, const char *fmt, unsigned number)
{
	if (made_one_in(m, 12))
		buf_z(&m->b, made_one_in(m, 2) ? "# a comment, name=n1 host=h1\n" : "\n");
	buf_fmt(&m->b, "%s%s%s ", key, *m->vrf ? "%" : "", m->vrf);
	buf_fmt(&m->b, fmt, number);
	buf_z(&m->b, made_one_in(m, 9) ? " note=\"see host=h2 or =h3\"\n" : "\n");
}

static void
put_hosts(struct maker *m, u128 first, u128 last, enum family family)
{
	static const char *const fmt[] = { "host=h%u", "host=\"H%u\"", "host=www,h%u",
		"host=h%u.example.org.", "host=old%u status=quarantine until=2026-12-24T00:00:00Z",
		"mac=52:54:00:00:00:%02x",
		"host=x%u status=quarantine until=2026-11-01T00:00:00Z" };
	char text[IP_TEXT];

	for (u128 v = first + 1; v < last; v += 1 + rnd(&m->seed) % 6)
		if (v > first + 40 || made_one_in(m, 30))
			return;
		else
			put_line(m, ip_fmt(text, (struct ip){ v, family }),
			    fmt[rnd(&m->seed) % ARRAY_LEN(fmt)], (unsigned)(rnd(&m->seed) % 60));
}

static void
put_subnet(struct maker *m, struct ip ip, int len, int depth)
{
	static const char *const fmt[] = { "name=n%u", "name=\"N%u\" domain=d.example.org",
		"name=n%u quarantine=7d", "name=n%u usable=all", "domain=e%u.example.org" };
	struct span s = span_prefix(ip, len);
	char text[SPAN_TEXT];
	int inner = len + 4;

	put_line(m, span_fmt(text, s), fmt[rnd(&m->seed) % ARRAY_LEN(fmt)], m->names++);
	if (depth == 0) {
		if (made_one_in(m, 2)) {
			struct span r = { s.first + 1, s.first + 5, ip.family, -1 };
			static const char *const role[] = { "role=dhcp name=r%u", "name=r%u",
				"role=reserved name=r%u" };
			put_line(m, range_fmt(text, r), role[rnd(&m->seed) % 3], m->names++);
		}
		put_hosts(m, s.first, s.last, ip.family);
		return;
	}
	for (u128 i = rnd(&m->seed) % 3; i < 16; i += 2 + rnd(&m->seed) % 3) {
		u128 size = ip_hostmask(ip.family, inner) + 1;
		put_subnet(m, (struct ip){ s.first + i * size, ip.family }, inner,
		    depth - 1 - (int)(rnd(&m->seed) % 2 && depth > 1));
		if (i < 14 && made_one_in(m, 4)) /* an address between two subnets */
			put_line(m,
			    ip_fmt(text, (struct ip){ s.first + i * size + size, ip.family }),
			    "host=h%u", (unsigned)(rnd(&m->seed) % 60));
	}
}

void
made_plan(struct maker *m, uint64_t seed)
{
	static const char *const vrfs[] = { "", "blue" };

	m->seed = seed;
	m->b.n = 0;
	m->names = 0;
	buf_z(&m->b, "# a plan\n\n@ipam 1\n@vrf blue\n@zone example.org\n");
	for (size_t v = 0; v < ARRAY_LEN(vrfs); v++) {
		m->vrf = vrfs[v];
		for (u128 net = 10; net < 13; net++)
			put_subnet(m, (struct ip){ net << 24, IPV4 }, 16, 2);
		put_subnet(m, (struct ip){ (u128)0x20010db8 << 96, IPV6 }, 48, 2);
	}
}
