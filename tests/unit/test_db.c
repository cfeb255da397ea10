/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#define LF "\n"

/* --- parents ---------------------------------------------------------- */

/* Records in any order; each is followed by its parent, "-" for none. */
static const struct {
	const char *key, *parent;
} family[] = {
	{ "10.0.0.0/24", "10.0.0.0/16" },
	{ "0.0.0.0/0", "-" },
	{ "10.0.0.0/16", "10.0.0.0/8" },
	{ "10.0.0.0/8", "0.0.0.0/0" },
	{ "10.0.0.0", "10.0.0.0/24" },
	{ "10.0.0.255", "10.0.0.0/24" },
	{ "10.0.1.0", "10.0.0.0/16" },
	{ "10.0.0.0-10.0.0.9", "10.0.0.0/24" },
	{ "10.0.0.5", "10.0.0.0/24" },
	{ "10.0.1.0-10.0.255.255", "10.0.0.0/16" },
	{ "10.0.2.2", "10.0.0.0/16" },
	{ "10.1.0.0", "10.0.0.0/8" },
	{ "11.0.0.0", "0.0.0.0/0" },
	{ "10.255.255.255/32", "10.0.0.0/8" },
	{ "10.255.255.255", "10.255.255.255/32" },
	{ "10.255.255.254", "10.0.0.0/8" },
	{ "255.255.255.255", "0.0.0.0/0" },
	{ "::", "-" },
	{ "2001:db8::/32", "-" },
	{ "2001:db8::/64", "2001:db8::/32" },
	{ "2001:db8::1", "2001:db8::/64" },
	{ "2001:db8:0:1::", "2001:db8::/32" },
	{ "2001:db9::", "-" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", "-" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127" },
	{ "10.0.0.5%blue", "10.0.0.0/26%blue" },
	{ "10.0.0.0/25%blue", "-" },
	{ "10.0.0.0/26%blue", "10.0.0.0/25%blue" },
	{ "10.0.0.1%blue", "10.0.0.0/26%blue" },
	{ "10.0.0.1%amber", "-" },
	{ "10.0.0.0/30%zed", "-" },
	{ "10.0.0.2%zed", "10.0.0.0/30%zed" },
};

static const char *
parent_of(struct plan *p, const struct rec *r)
{
	return r->parent ? plan_z(p, db_key(&p->db, r->parent)) : "-";
}

static void
check_family(struct plan *p, const char *about)
{
	for (size_t i = 0; i < ARRAY_LEN(family); i++) {
		struct rec *r = plan_rec(p, family[i].key);
		check(strcmp(parent_of(p, r), family[i].parent) == 0, "%s, %s: %s", about,
		    family[i].key, parent_of(p, r));
		check(db_around(&p->db, r->vrf, rec_span(r)) == r->parent, "%s: db_around(%s)",
		    about, family[i].key);
	}
}

static void
test_parents(void **state)
{
	uint64_t seed = 1;
	size_t at[ARRAY_LEN(family)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(family); i++)
		at[i] = i;
	for (int round = 0; round < 200; round++) {
		struct plan p;
		struct buf b;
		char about[32];
		buf_init(&b, &plan_env);
		buf_z(&b, "@vrf blue\n@vrf amber\n@vrf zed\n");
		for (size_t i = 0; i < ARRAY_LEN(family); i++)
			buf_fmt(&b, "%s\n", family[at[i]].key);
		plan_load_valid(&p, buf_get(&b));
		snprintf(about, sizeof(about), "round %d", round);
		check_family(&p, about);
		plan_release(&p);
		buf_release(&b);
		for (size_t i = ARRAY_LEN(family) - 1; i > 0; i--) {
			size_t k = rnd(&seed) % (i + 1), swap = at[i];
			at[i] = at[k];
			at[k] = swap;
		}
	}
}

/* What is around a place, with a record there or not; which range is over it. */
static void
test_around(void **state)
{
	static const char plan[] =
	    "@vrf blue" LF "10.0.0.0/8" LF "10.0.0.0/24" LF "10.0.0.10-10.0.0.19" LF "10.0.0.15" LF
	    "10.0.0.20-10.0.0.20" LF "10.0.1.0/24" LF "10.0.2.0-10.0.2.255" LF
	    "255.255.255.255/32" LF "2001:db8::/64" LF "10.0.0.0/30%blue" LF;
	static const struct {
		const char *key, *around, *range;
	} cases[] = {
		{ "0.0.0.0/0", "-", "-" },
		{ "10.0.0.0/8", "-", "-" },
		{ "10.0.0.0/7", "-", "-" },
		{ "10.0.0.0/9", "10.0.0.0/8", "-" },
		{ "10.0.0.0/24", "10.0.0.0/8", "-" },
		{ "10.0.0.0/25", "10.0.0.0/24", "-" },
		{ "10.0.0.0/23", "10.0.0.0/8", "-" },
		{ "10.0.0.128/25", "10.0.0.0/24", "-" },
		{ "10.0.0.0", "10.0.0.0/24", "-" },
		{ "10.0.0.9", "10.0.0.0/24", "-" },
		{ "10.0.0.10", "10.0.0.0/24", "10.0.0.10-10.0.0.19" },
		{ "10.0.0.15", "10.0.0.0/24", "10.0.0.10-10.0.0.19" },
		{ "10.0.0.19", "10.0.0.0/24", "10.0.0.10-10.0.0.19" },
		{ "10.0.0.20", "10.0.0.0/24", "10.0.0.20-10.0.0.20" },
		{ "10.0.0.21", "10.0.0.0/24", "-" },
		{ "10.0.0.0-10.0.0.0", "10.0.0.0/24", "-" },
		{ "10.0.0.0-10.0.1.0", "10.0.0.0/8", "-" },
		{ "10.0.0.10-10.0.0.19", "10.0.0.0/24", "10.0.0.10-10.0.0.19" },
		{ "10.0.0.10-10.0.0.30", "10.0.0.0/24", "10.0.0.10-10.0.0.19" },
		{ "10.0.1.0", "10.0.1.0/24", "-" },
		{ "10.0.2.77", "10.0.0.0/8", "10.0.2.0-10.0.2.255" },
		{ "10.0.3.0", "10.0.0.0/8", "-" },
		{ "11.0.0.0", "-", "-" },
		{ "9.255.255.255", "-", "-" },
		{ "255.255.255.255", "255.255.255.255/32", "-" },
		{ "::", "-", "-" },
		{ "2001:db8::10", "2001:db8::/64", "-" },
		{ "2001:db8:0:1::", "-", "-" },
		{ "10.0.0.3%blue", "10.0.0.0/30%blue", "-" },
		{ "10.0.0.15%blue", "-", "-" },
	};
	struct plan p;

	(void)state;
	plan_load_valid(&p, STR(plan));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct key key = plan_key(cases[i].key);
		unsigned vrf = plan_vrf(&p, &key);
		struct rec *r = db_around(&p.db, vrf, key.span);
		check_text(r ? plan_z(&p, db_key(&p.db, r)) : "-", cases[i].around, cases[i].key);
		r = db_range_over(&p.db, vrf, span_first(key.span));
		check_text(r ? plan_z(&p, db_key(&p.db, r)) : "-", cases[i].range, cases[i].key);
	}
	plan_release(&p);
}

/* --- walks ------------------------------------------------------------ */

static const char *
walked(struct plan *p, struct walk *w, struct rec *r, bool skip)
{
	struct buf b;

	buf_init(&b, &plan_env);
	while (r) {
		buf_fmt(&b, "%s%.*s", b.n ? " " : "", STR_FMT(db_key(&p->db, r)));
		r = skip && r->kind == KIND_SUBNET ? walk_skip(w, r) : walk_next(w);
	}
	const char *z = plan_z(p, buf_get(&b));
	buf_release(&b);
	return z;
}

static void
test_walks(void **state)
{
	static const char plan[] =
	    "@vrf blue" LF "10.0.0.0/8" LF "10.0.0.0/24" LF "10.0.0.0" LF "10.0.0.128/25" LF
	    "10.0.0.128" LF "10.0.0.255" LF "10.0.1.0" LF "10.0.0.0/24%blue" LF "10.0.0.1%blue" LF
	    "::" LF "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127" LF
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" LF;
	static const struct {
		const char *span, *in, *inside, *top;
	} cases[] = {
		{ "10.0.0.0/8",
		    "10.0.0.0/8 10.0.0.0/24 10.0.0.0 10.0.0.128/25 10.0.0.128 10.0.0.255 10.0.1.0",
		    "10.0.0.0/24 10.0.0.0 10.0.0.128/25 10.0.0.128 10.0.0.255 10.0.1.0",
		    "10.0.0.0/24 10.0.1.0" },
		{ "10.0.0.0/24",
		    "10.0.0.0/8 10.0.0.0/24 10.0.0.0 10.0.0.128/25 10.0.0.128 10.0.0.255",
		    "10.0.0.0 10.0.0.128/25 10.0.0.128 10.0.0.255", "10.0.0.0 10.0.0.128/25" },
		{ "10.0.0.128/25", "10.0.0.128/25 10.0.0.128 10.0.0.255", "10.0.0.128 10.0.0.255",
		    "10.0.0.128 10.0.0.255" },
		{ "10.0.0.1-10.0.0.254", "10.0.0.128/25 10.0.0.128", NULL, NULL },
		{ "10.0.0.1-10.0.0.127", "", NULL, NULL },
		{ "10.0.0.0/24%blue", "10.0.0.0/24%blue 10.0.0.1%blue", "10.0.0.1%blue",
		    "10.0.0.1%blue" },
		{ "11.0.0.0/8", "", NULL, NULL },
		{ "::/0",
		    ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127 "
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    NULL, NULL },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127 "
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	struct plan p;
	struct walk w;

	(void)state;
	plan_load_valid(&p, STR(plan));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct key key = plan_key(cases[i].span);
		unsigned vrf = plan_vrf(&p, &key);
		struct rec *r = walk_in(&w, &p.db, vrf, key.span);
		check_text(walked(&p, &w, r, false), cases[i].in, cases[i].span);
		if (!cases[i].inside)
			continue;
		struct rec *subnet = plan_rec(&p, cases[i].span);
		r = walk_inside(&w, &p.db, subnet);
		check_text(walked(&p, &w, r, false), cases[i].inside, cases[i].span);
		r = walk_inside(&w, &p.db, subnet);
		check_text(walked(&p, &w, r, true), cases[i].top, cases[i].span);
		assert_int_equal(db_is_empty(&p.db, subnet), cases[i].inside[0] == '\0');
	}
	check_text(walked(&p, &w, walk_all(&w, &p.db), true),
	    "10.0.0.0/8 :: ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127 10.0.0.0/24%blue", "all");
	plan_release(&p);
	plan_load(&p, "10.0.0.0/24\n10.0.1.0/24\n");
	assert_true(db_is_empty(&p.db, plan_rec(&p, "10.0.0.0/24")));
	assert_true(db_is_empty(&p.db, plan_rec(&p, "10.0.1.0/24")));
	plan_release(&p);
	plan_load(&p, "");
	assert_null(walk_all(&w, &p.db));
	plan_release(&p);
}

/* --- values ----------------------------------------------------------- */

static const char values[] =
    "@attr rack inherit=no" LF "@attr row inherit=yes" LF "@vrf blue note=n owner=vrf" LF
    "10.0.0.0/8 owner=corp site=hq ntp=10.0.0.1 rack=r row=w x-y=z note=n ticket=t name=n "
    "status=container"
    " gw=10.0.0.1 expires=2030-01-01 usable=all kea-id=1 pd=/60 via=x dns=none level=gold include=i"
    " quarantine=7d strategy=last fit=first tag=a,b domain=example.net" LF
    "10.1.0.0/16 owner=dc ntp=\"\" dns=\"\" strategy=\"\"" LF
    "10.1.1.0/24 vlan=5 owner=\"\" status=\"\"" LF
    "10.1.1.1 site=rack status=reserved note=\"a \\\"b\\\" \\\\\"" LF
    "10.1.1.10-10.1.1.19 role=\"\"" LF "10.1.1.11" LF "10.2.0.1" LF "192.0.2.1" LF
    "10.0.0.0/24%blue" LF "10.0.0.1%blue" LF;

static void
test_values(void **state)
{
	static const struct {
		const char *key, *name;
		const char *own;       /* NULL: none; not looked at if "?" */
		const char *effective; /* NULL: none */
		const char *origin;    /* "-": a default */
	} cases[] = {
		/* the nearest value, for each attribute apart */
		{ "10.0.0.0/8", "owner", "corp", "corp", "10.0.0.0/8" },
		{ "10.1.0.0/16", "owner", "dc", "dc", "10.1.0.0/16" },
		{ "10.1.0.0/16", "site", NULL, "hq", "10.0.0.0/8" },
		{ "10.1.1.1", "site", "rack", "rack", "10.1.1.1" },
		{ "10.1.1.11", "site", NULL, "hq", "10.0.0.0/8" },
		{ "10.1.1.10-10.1.1.19", "site", NULL, "hq", "10.0.0.0/8" },
		{ "10.1.1.1", "vlan", NULL, "5", "10.1.1.0/24" },
		{ "10.1.1.1", "tag", NULL, "a,b", "10.0.0.0/8" },
		{ "10.1.1.1", "x-y", NULL, "z", "10.0.0.0/8" },
		{ "10.1.1.1", "row", NULL, "w", "10.0.0.0/8" },
		{ "10.1.1.1", "domain", NULL, "example.net", "10.0.0.0/8" },
		/* an empty value ends the search; what has a default then has that */
		{ "10.1.1.0/24", "owner", "", NULL, NULL },
		{ "10.1.1.1", "owner", NULL, NULL, NULL },
		{ "10.1.1.1", "ntp", NULL, NULL, NULL },
		{ "10.2.0.1", "ntp", NULL, "10.0.0.1", "10.0.0.0/8" },
		{ "10.2.0.1", "dns", NULL, "none", "10.0.0.0/8" },
		{ "10.1.1.1", "dns", NULL, "both", "-" },
		{ "10.1.0.0/16", "dns", "", "both", "-" },
		{ "10.1.1.0/24", "strategy", NULL, "first", "-" },
		{ "10.0.0.0/8", "strategy", "last", "last", "10.0.0.0/8" },
		{ "10.1.1.0/24", "fit", NULL, "first", "10.0.0.0/8" },
		{ "10.1.1.0/24", "status", "", "active", "-" },
		/* defaults */
		{ "10.1.1.1", "status", "reserved", "reserved", "10.1.1.1" },
		{ "10.1.1.11", "status", NULL, "used", "-" },
		{ "10.1.1.10-10.1.1.19", "status", NULL, NULL, NULL },
		{ "10.1.1.10-10.1.1.19", "role", "", "pool", "-" },
		{ "10.1.1.11", "role", NULL, NULL, NULL },
		{ "192.0.2.1", "dns", NULL, "both", "-" },
		{ "192.0.2.1", "owner", NULL, NULL, NULL },
		{ "10.0.0.0/24%blue", "fit", NULL, "best", "-" },
		/* what belongs to its record alone */
		{ "10.2.0.1", "note", NULL, NULL, NULL },
		{ "10.2.0.1", "ticket", NULL, NULL, NULL },
		{ "10.2.0.1", "name", NULL, NULL, NULL },
		{ "10.2.0.1", "status", NULL, "used", "-" },
		{ "10.1.0.0/16", "status", NULL, "active", "-" },
		{ "10.1.0.0/16", "gw", NULL, NULL, NULL },
		{ "10.1.0.0/16", "expires", NULL, NULL, NULL },
		{ "10.1.0.0/16", "usable", NULL, NULL, NULL },
		{ "10.1.0.0/16", "kea-id", NULL, NULL, NULL },
		{ "10.1.0.0/16", "pd", NULL, NULL, NULL },
		{ "10.1.0.0/16", "via", NULL, NULL, NULL },
		{ "10.2.0.1", "rack", NULL, NULL, NULL },
		{ "10.0.0.0/8", "rack", "r", "r", "10.0.0.0/8" },
		/* a zone's attributes are no zone's here: the user's own */
		{ "10.2.0.1", "level", NULL, "gold", "10.0.0.0/8" },
		{ "10.2.0.1", "include", NULL, "i", "10.0.0.0/8" },
		/* a VRF is a plan of its own, and its object is no subnet */
		{ "10.0.0.1%blue", "owner", NULL, NULL, NULL },
		{ "@vrf blue", "owner", "vrf", "vrf", "@vrf blue" },
		{ "@vrf blue", "note", "n", "n", "@vrf blue" },
		{ "@vrf blue", "dns", NULL, NULL, NULL },
		{ "@vrf blue", "status", NULL, NULL, NULL },
		/* escapes are undone */
		{ "10.1.1.1", "note", "a \"b\" \\", "a \"b\" \\", "10.1.1.1" },
	};
	struct plan p;

	(void)state;
	plan_load(&p, values);
	check_text(plan_said(&p), "", "values");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rec *r = plan_rec(&p, cases[i].key), *origin = NULL;
		struct str value = STR("?");
		char about[64];
		snprintf(about, sizeof(about), "%s %s", cases[i].key, cases[i].name);
		bool has = db_own(&p.db, r, cases[i].name, &value);
		check_text(has ? plan_z(&p, value) : NULL, cases[i].own, about);
		has = db_value(&p.db, r, str_from(cases[i].name), &value, &origin);
		check_text(has ? plan_z(&p, value) : NULL, cases[i].effective, about);
		if (has)
			check_text(origin ? plan_z(&p, db_key(&p.db, origin)) : "-",
			    cases[i].origin, about);
		assert_int_equal(has, db_value(&p.db, r, str_from(cases[i].name), &value, NULL));
		assert_int_equal(has && cases[i].effective,
		    cases[i].effective && db_is(&p.db, r, cases[i].name, cases[i].effective));
		assert_false(db_is(&p.db, r, cases[i].name, "something else"));
	}
	plan_release(&p);
}

/* What a place without a record would inherit. */
static void
test_inherited(void **state)
{
	struct plan p;
	struct str value;
	const struct rec *origin;

	(void)state;
	plan_load(&p, values);
	struct rec *r = plan_rec(&p, "10.1.1.0/24");
	assert_true(db_inherited(&p.db, r, STR("vlan"), &value, &origin) && origin == r);
	assert_true(db_inherited(&p.db, r, STR("site"), &value, &origin));
	assert_ptr_equal(origin, plan_rec(&p, "10.0.0.0/8"));
	assert_false(db_inherited(&p.db, r, STR("owner"), &value, NULL));
	assert_false(db_inherited(&p.db, r, STR("note"), &value, NULL));
	assert_false(db_inherited(&p.db, r, STR("rack"), &value, NULL));
	assert_false(db_inherited(&p.db, r, STR("status"), &value, NULL));
	assert_false(db_inherited(&p.db, NULL, STR("site"), &value, NULL));
	plan_release(&p);
}

/* --- names ------------------------------------------------------------ */

static void
test_names(void **state)
{
	static const char plan[] =
	    "10.0.0.0/8 name=corp domain=example.net." LF "10.0.0.1 host=www1,Alt alias=x" LF
	    "10.0.0.2 host=www1.example.org.,b" LF "10.0.0.3 host=www.sub domain=example.org" LF
	    "10.0.0.4 name=odd" LF "10.0.0.5 host=root domain=." LF
	    "10.0.0.6 host=none domain=\"\"" LF "10.0.0.7 host=\"\"" LF
	    "10.0.0.8 host=\"quoted\"" LF "10.1.0.0-10.1.0.9 name=r" LF "192.0.2.1 host=a" LF
	    "192.0.2.2 host=a." LF;
	static const struct {
		const char *key, *label, *fqdn; /* NULL: none */
	} cases[] = {
		{ "10.0.0.0/8", "corp", NULL },
		{ "10.0.0.1", "www1", "www1.example.net" },
		{ "10.0.0.2", "www1.example.org.", "www1.example.org" },
		{ "10.0.0.3", "www.sub", "www.sub.example.org" },
		{ "10.0.0.4", "", NULL },
		{ "10.0.0.5", "root", "root" },
		{ "10.0.0.6", "none", NULL },
		{ "10.0.0.7", "", NULL },
		{ "10.0.0.8", "quoted", "quoted.example.net" },
		{ "10.1.0.0-10.1.0.9", "r", NULL },
		{ "192.0.2.1", "a", NULL },
		{ "192.0.2.2", "a.", "a" },
	};
	struct plan p;

	(void)state;
	plan_load(&p, plan);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rec *r = plan_rec(&p, cases[i].key);
		struct str label = db_label(&p.db, r), fqdn;
		check_text(plan_z(&p, label), cases[i].label, cases[i].key);
		if (r->kind != KIND_ADDRESS || label.n == 0)
			continue;
		bool has = db_fqdn(&p.db, r, label, &fqdn);
		check_text(has ? plan_z(&p, fqdn) : NULL, cases[i].fqdn, cases[i].key);
	}
	plan_release(&p);
}

static void
test_quarantine(void **state)
{
	static const struct {
		const char *line;
		enum quarantine wanted;
	} cases[] = {
		{ "10.0.0.1", QUARANTINE_NONE },
		{ "10.0.0.1 status=used until=2000-01-01", QUARANTINE_NONE },
		{ "10.0.0.1 until=2030-01-01", QUARANTINE_NONE },
		{ "10.0.0.1 status=reserved", QUARANTINE_NONE },
		{ "10.0.0.1 status=quarantine", QUARANTINE_LIVE },
		{ "10.0.0.1 status=quarantine until=\"\"", QUARANTINE_LIVE },
		{ "10.0.0.1 status=quarantine until=x", QUARANTINE_LIVE },
		{ "10.0.0.1 status=quarantine until=2026-11-24", QUARANTINE_LIVE },
		{ "10.0.0.1 status=quarantine until=2026-11-23T12:00:01Z", QUARANTINE_LIVE },
		{ "10.0.0.1 status=quarantine until=2026-11-23T12:00:00Z", QUARANTINE_OVER },
		{ "10.0.0.1 status=quarantine until=2026-11-23", QUARANTINE_OVER },
		{ "10.0.0.1 status=\"quarantine\" until=\"2026-11-22\"", QUARANTINE_OVER },
		{ "10.0.0.0/24 status=quarantine until=2026-11-22", QUARANTINE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		plan_load(&p, cases[i].line);
		check(db_quarantine(&p.db, &p.db.base[0]) == cases[i].wanted, "%s", cases[i].line);
		plan_release(&p);
	}
}

static void
test_numbers(void **state)
{
	struct plan p;
	int64_t n = 0;
	struct ip gw;

	(void)state;
	plan_load(&p, "10.0.0.0/8 quarantine=7d lease-time=x gw=10.0.0.1 expires=2026-11-24" LF
		      "10.0.0.0/24 quarantine=\"\" gw=10.0.1.1" LF "10.0.1.0/24 gw=fe80::1" LF
		      "10.0.2.0/24 gw=\"\"" LF);
	struct rec *r = plan_rec(&p, "10.0.0.0/8");
	assert_true(db_seconds(&p.db, r, "quarantine", &n) && n == 7 * 86400);
	assert_false(db_seconds(&p.db, r, "lease-time", &n));
	assert_true(db_time(&p.db, r, "expires", &n) && n == PLAN_NOW + 12 * 3600);
	assert_true(db_gateway(&p.db, r, &gw) && gw.v == 0x0a000001 && gw.family == IPV4);
	assert_false(db_seconds(&p.db, plan_rec(&p, "10.0.0.0/24"), "quarantine", &n));
	assert_true(db_seconds(&p.db, plan_rec(&p, "10.0.1.0/24"), "quarantine", &n));
	assert_false(db_gateway(&p.db, plan_rec(&p, "10.0.0.0/24"), &gw));
	assert_false(db_gateway(&p.db, plan_rec(&p, "10.0.1.0/24"), &gw));
	assert_false(db_gateway(&p.db, plan_rec(&p, "10.0.2.0/24"), &gw));
	plan_release(&p);
}

/* --- VRFs ------------------------------------------------------------- */

static void
test_vrfs(void **state)
{
	struct plan p;

	(void)state;
	plan_load(&p, "10.0.0.0/24%BLUE" LF "10.0.0.0/24%red" LF "@vrf Blue" LF "@vrf amber" LF
		      "@vrf default" LF "10.0.0.0/24%default" LF);
	int blue = db_vrf(&p.db, STR("blue")), amber = db_vrf(&p.db, STR("AMBER"));
	assert_true(blue > 0 && amber > 0 && blue != amber);
	assert_int_equal(db_vrf(&p.db, STR("red")), -1);
	assert_int_equal(db_vrf(&p.db, STR("green")), -1);
	assert_int_equal(db_vrf(&p.db, STR("Default")), 0);
	assert_true(db_vrf_is_declared(&p.db, 0));
	assert_false(db_vrf_is_declared(&p.db, plan_rec(&p, "10.0.0.0/24%red")->vrf));
	check_text(plan_z(&p, db_vrf_name(&p.db, 0)), "", "the default VRF's name");
	check_text(plan_z(&p, db_vrf_name(&p.db, (unsigned)blue)), "Blue", "as it is declared");
	check_text(plan_z(&p, db_key(&p.db, plan_rec(&p, "10.0.0.0/24%blue"))), "10.0.0.0/24%Blue",
	    "db_key");
	check_text(plan_z(&p, db_key(&p.db, plan_rec(&p, "@vrf AMBER"))), "@vrf amber", "db_key");
	assert_int_equal(plan_rec(&p, "10.0.0.0/24")->vrf, 0);
	plan_release(&p);
}

/* As many VRFs as there can be, and one more. */
static void
test_many_vrfs(void **state)
{
	struct plan p;
	struct buf b;

	(void)state;
	buf_init(&b, &plan_env);
	for (int i = VRF_MAX; i > 0; i--)
		buf_fmt(&b, "@vrf v%d\n", i);
	buf_z(&b, "10.0.0.0/24%w\n");
	plan_read(&p, buf_get(&b));
	check_text(plan_said(&p), "", "too many VRFs");
	assert_int_equal(p.db.vrfs.n, VRF_MAX);
	assert_int_equal(db_vrf(&p.db, STR("v1")), -1);
	assert_true(db_vrf(&p.db, STR("V65535")) > 0);
	plan_release(&p);
	buf_release(&b);
}

/* --- order and sources ------------------------------------------------ */

static void
test_in_order(void **state)
{
	static const struct {
		const char *text;
		bool in_order;
	} cases[] = {
		{ "", true },
		{ "@ipam 1\n@vrf b\n@vrf "
		  "a\n10.0.0.0/8\n10.0.0.0/24\n10.0.0.0-10.0.0.1\n10.0.0.0\n::\n"
		  "10.0.0.0%a\n10.0.0.0%b\n",
		    true },
		{ "10.0.0.0/24\n10.0.0.0/24\n", true },
		{ "10.0.0.1\n10.0.0.0\n", false },
		{ "10.0.0.0/24\n10.0.0.0/8\n", false },
		{ "10.0.0.0\n10.0.0.0/8\n", false },
		{ "10.0.0.0\n10.0.0.0-10.0.0.1\n", false },
		{ "::\n10.0.0.0\n", false },
		{ "@vrf a\n10.0.0.0%a\n10.0.0.0\n", false },
		{ "@vrf a\n@vrf B\n10.0.0.0%B\n10.0.0.0%a\n", false },
		{ "10.0.0.0\n@vrf a\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plan p;
		plan_load(&p, cases[i].text);
		check(p.db.in_order == cases[i].in_order, "%s", cases[i].text);
		struct walk w;
		const struct rec *before = NULL;
		for (struct rec *r = walk_all(&w, &p.db); r; before = r, r = walk_next(&w))
			check(!before || db_order(&p.db, before, r) <= 0, "%s", cases[i].text);
		plan_release(&p);
	}
}

static void
test_sources(void **state)
{
	static const struct text_source sources[] = {
		{ "a", "@vrf blue\n10.0.0.0/24\n", 22 },
		{ "b", "", 0 },
		{ "c", "10.0.0.5\n10.0.0.0/24%blue\nx\n", 28 },
	};
	struct db db;
	struct diags d;

	(void)state;
	db_init(&db, &plan_env);
	diags_init(&d, &plan_env);
	assert_int_equal(db_load(&db, sources, ARRAY_LEN(sources), &d), STATUS_INVALID);
	assert_int_equal(d.n, 1);
	assert_ptr_equal(d.v[0].pos.at, sources[2].p + 26);
	assert_int_equal(db.tree.records, 3);
	assert_int_equal(db.object.n, 1);
	struct rec *r = db_find(&db, 0, plan_key("10.0.0.5").span, KIND_ADDRESS);
	assert_true(r && r->parent && r->parent->line == sources[0].p + 10);
	diags_release(&d);
	db_release(&db);
}

/* --- who has a value -------------------------------------------------- */

enum { FOUND_MAX = 8 };

static const char *
found(struct plan *p, enum index_key key, const char *value)
{
	struct find f;
	struct buf b;
	const struct rec *r, *all[FOUND_MAX];
	size_t n = 0;

	find_start(&f, &p->db, key, str_from(value));
	while ((r = find_next(&f))) {
		size_t i = n++;
		assert_true(n <= FOUND_MAX);
		for (; i > 0 && db_order(&p->db, all[i - 1], r) > 0; i--)
			all[i] = all[i - 1];
		all[i] = r;
	}
	buf_init(&b, &plan_env);
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%s%.*s", i ? " " : "", STR_FMT(db_key(&p->db, all[i])));
	const char *z = plan_z(p, buf_get(&b));
	buf_release(&b);
	return z;
}

static const char hosts[] =
    "@vrf blue" LF "@owner name name=web" LF "10.0.0.0/24 name=web" LF
    "10.0.0.1 host=www,alt mac=52:54:00:00:00:01" LF "10.0.0.2 host=WWW.,www.,b.example.net" LF
    "10.0.0.3 host=old status=quarantine name=db" LF "10.0.0.4-10.0.0.9 name=Pool" LF
    "10.0.0.0/24%blue name=\"lan\"" LF "10.0.0.1%blue host=www mac=52:54:00:00:00:01" LF;

/* Each look-up twice while the plan is walked, then with the index. */
static void
test_find(void **state)
{
	static const struct {
		enum index_key key;
		const char *value, *found;
	} cases[] = {
		{ INDEX_HOST, "www", "10.0.0.1 10.0.0.2 10.0.0.1%blue" },
		{ INDEX_HOST, "wWw.", "10.0.0.1 10.0.0.2 10.0.0.1%blue" },
		{ INDEX_HOST, "alt", "10.0.0.1" },
		{ INDEX_HOST, "b.example.net", "10.0.0.2" },
		{ INDEX_HOST, "b", "" },
		{ INDEX_HOST, "old", "10.0.0.3" },
		{ INDEX_HOST, "www,alt", "" },
		{ INDEX_HOST, "web", "" },
		{ INDEX_HOST, "", "" },
		{ INDEX_MAC, "52:54:00:00:00:01", "10.0.0.1 10.0.0.1%blue" },
		{ INDEX_MAC, "52:54:00:00:00:02", "" },
		{ INDEX_NAME, "web", "10.0.0.0/24" },
		{ INDEX_NAME, "POOL", "10.0.0.4-10.0.0.9" },
		{ INDEX_NAME, "lan", "10.0.0.0/24%blue" },
		{ INDEX_NAME, "db", "" },
		{ INDEX_NAME, "www", "" },
	};
	struct plan p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		plan_load(&p, hosts);
		for (int round = 0; round < 4; round++)
			check_text(found(&p, cases[i].key, cases[i].value), cases[i].found,
			    cases[i].value);
		assert_true(cases[i].key == INDEX_NAME || p.db.index[cases[i].key]);
		plan_release(&p);
	}
}

/* Changes are found whether the index is there before or not, and once each. */
static void
test_find_changed(void **state)
{
	(void)state;
	for (int early = 0; early < 2; early++) {
		struct plan p;
		plan_load(&p, hosts);
		for (int i = 0; early && i < 3; i++) {
			found(&p, INDEX_HOST, "x");
			found(&p, INDEX_MAC, "x");
		}
		struct rec *r = plan_rec(&p, "10.0.0.1");
		edit_set(&p.db, r, "host", STR("www,alt,New"));
		edit_set(&p.db, r, "host", STR("new,www,other"));
		edit_set(&p.db, plan_rec(&p, "10.0.0.2"), "host", STR_NONE);
		edit_remove(&p.db, plan_rec(&p, "10.0.0.1%blue"));
		edit_add_line(&p.db, STR("10.0.0.7 host=alt mac=52:54:00:00:00:01"));
		edit_set(&p.db, plan_rec(&p, "10.0.0.0/24"), "name", STR("lab"));
		edit_set(&p.db, plan_rec(&p, "10.0.0.0/24%blue"), "name", STR_NONE);
		edit_remove(&p.db, plan_rec(&p, "10.0.0.4-10.0.0.9"));
		edit_add_line(&p.db, STR("10.0.1.0/24 name=pool"));
		for (int i = 0; i < 3; i++) {
			check_text(found(&p, INDEX_HOST, "www"), "10.0.0.1", "www");
			check_text(found(&p, INDEX_HOST, "new"), "10.0.0.1", "new");
			check_text(found(&p, INDEX_HOST, "other"), "10.0.0.1", "other");
			check_text(found(&p, INDEX_HOST, "alt"), "10.0.0.7", "alt");
			check_text(found(&p, INDEX_HOST, "b.example.net"), "", "b");
			check_text(found(&p, INDEX_MAC, "52:54:00:00:00:01"), "10.0.0.1 10.0.0.7",
			    "mac");
			check_text(found(&p, INDEX_NAME, "web"), "", "web");
			check_text(found(&p, INDEX_NAME, "lab"), "10.0.0.0/24", "lab");
			check_text(found(&p, INDEX_NAME, "lan"), "", "lan");
			check_text(found(&p, INDEX_NAME, "pool"), "10.0.1.0/24", "pool");
		}
		plan_release(&p);
	}
}

/* So many that the index grows. */
static void
test_find_many(void **state)
{
	struct plan p;
	struct buf b;
	char value[32], key[32];

	(void)state;
	buf_init(&b, &plan_env);
	for (int i = 0; i < 5000; i++)
		buf_fmt(&b, "10.0.%d.%d host=h%d,g%d\n", i / 200, i % 200, i, i / 2);
	plan_read(&p, buf_get(&b));
	for (int i = 0; i < 5000; i++) {
		snprintf(value, sizeof(value), "h%d", i);
		snprintf(key, sizeof(key), "10.0.%d.%d", i / 200, i % 200);
		check_text(found(&p, INDEX_HOST, value), key, value);
	}
	check_text(found(&p, INDEX_HOST, "g2499"), "10.0.24.198 10.0.24.199", "g2499");
	for (int i = 5000; i < 9000; i++)
		edit_add_line(&p.db,
		    arena_fmt(&p.db.arena, "10.0.%d.%d host=h%d", i / 200, i % 200, i));
	for (int i = 0; i < 9000; i++) {
		snprintf(value, sizeof(value), "h%d", i);
		snprintf(key, sizeof(key), "10.0.%d.%d", i / 200, i % 200);
		check_text(found(&p, INDEX_HOST, value), key, value);
	}
	plan_release(&p);
	buf_release(&b);
}

/* Another address with the same host or MAC, in the subnet itself. */
static void
test_twin(void **state)
{
	static const char plan[] =
	    "10.0.0.0/16 domain=example.net" LF "10.0.0.0/24" LF
	    "10.0.0.1 host=gone status=quarantine mac=52:54:00:00:00:01" LF
	    "10.0.0.2 host=over status=quarantine until=2026-01-01" LF
	    "10.0.0.3 host=www domain=example.org" LF "10.0.0.4 host=www,alt" LF
	    "10.0.0.5 host=www.example.com." LF "10.0.0.6 host=both" LF
	    "10.0.0.7 host=both mac=52:54:00:00:00:02" LF "10.0.1.1 host=outer" LF;
	static const struct {
		const char *subnet, *value, *full, *except, *twin;
	} cases[] = {
		{ "10.0.0.0/24", "www", "www.example.net", NULL, "10.0.0.4" },
		{ "10.0.0.0/24", "WWW", "WWW.Example.Net", NULL, "10.0.0.4" },
		{ "10.0.0.0/24", "www", "www.example.org", NULL, "10.0.0.3" },
		{ "10.0.0.0/24", "www", "www.example.com", NULL, NULL },
		{ "10.0.0.0/24", "www.example.com", "www.example.com", NULL, "10.0.0.5" },
		{ "10.0.0.0/24", "www", "www.example.net", "10.0.0.4", NULL },
		{ "10.0.0.0/24", "alt", "alt.example.net", NULL, "10.0.0.4" },
		{ "10.0.0.0/24", "gone", "gone.example.net", NULL, NULL },
		{ "10.0.0.0/24", "over", "over.example.net", NULL, NULL },
		{ "10.0.0.0/24", "both", "both.example.net", "10.0.0.6", "10.0.0.7" },
		{ "10.0.0.0/24", "both", "both.example.net", "10.0.0.7", "10.0.0.6" },
		{ "10.0.0.0/24", "outer", "outer.example.net", NULL, NULL },
		{ "10.0.0.0/16", "outer", "outer.example.net", NULL, "10.0.1.1" },
		{ "10.0.0.0/16", "alt", "alt.example.net", NULL, NULL },
		{ "10.0.0.0/24", "52:54:00:00:00:02", "", NULL, "10.0.0.7" },
		{ "10.0.0.0/24", "52:54:00:00:00:02", "", "10.0.0.7", NULL },
		{ "10.0.0.0/24", "52:54:00:00:00:01", "", NULL, NULL },
		{ "10.0.0.0/16", "52:54:00:00:00:02", "", NULL, NULL },
	};
	struct plan p;

	(void)state;
	for (int indexed = 0; indexed < 2; indexed++) {
		plan_load_valid(&p, STR(plan));
		for (int i = 0; indexed && i < 3; i++) {
			found(&p, INDEX_HOST, "x");
			found(&p, INDEX_MAC, "x");
		}
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			const struct rec *except =
			    cases[i].except ? plan_rec(&p, cases[i].except) : NULL;
			struct str value = str_from(cases[i].value), full = str_from(cases[i].full);
			const struct rec *twin = db_twin(&p.db, plan_rec(&p, cases[i].subnet),
			    full.n ? INDEX_HOST : INDEX_MAC, value, full, except);
			check_text(twin ? plan_z(&p, db_key(&p.db, twin)) : NULL, cases[i].twin,
			    cases[i].value);
			if (!indexed)
				p.db.index_walked[INDEX_HOST] = p.db.index_walked[INDEX_MAC] = 0;
		}
		assert_int_equal(p.db.index[INDEX_HOST] != NULL, indexed);
		plan_release(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_around),
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_quarantine),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_vrfs),
		cmocka_unit_test(test_many_vrfs),
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_changed),
		cmocka_unit_test(test_find_many),
		cmocka_unit_test(test_twin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
