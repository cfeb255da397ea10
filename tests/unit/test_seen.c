/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "core/seen_compare.h"
#include "core/when.h"

static struct plan plan;
static struct seen seen;

static void
load(const char *text, const char *known)
{
	plan_load(&plan, text);
	static struct text_source source;
	source = (struct text_source){ "seen", known, strlen(known) };
	seen_init(&seen, &plan.db);
	check(seen_load(&seen, &source, &plan.d) == STATUS_OK, "%s", plan_report(&plan));
}

static void
unload(void)
{
	seen_release(&seen);
	plan_release(&plan);
}

static const char *
text(void)
{
	struct buf b;

	buf_init(&b, plan.db.env);
	seen_text(&seen, &b);
	const char *z = plan_z(&plan, buf_get(&b));
	buf_release(&b);
	return z;
}

/* --- one sighting on one line ------------------------------------------- */

#define AT(time) "2026-11-23T" time ":00Z"

static void
add(struct sightings *in, const char *key, const char *mac, int minutes_ago)
{
	struct key k = plan_key(key);
	struct sighting *s = sightings_add(in, k.span);

	assert_non_null(s);
	s->last = PLAN_NOW - 60 * minutes_ago;
	s->has_mac = mac && mac_parse(str_from(mac), s->mac);
}

static void
test_one(void **state)
{
	static const struct {
		const char *known, *mac;
		int minutes_ago;
		const char *then;
	} cases[] = {
		/* new */
		{ "", NULL, 0, "10.0.0.5 first=" AT("12:00") " last=" AT("12:00") " by=neigh\n" },
		{ "", "52:54:00:00:00:05", 60,
		    "10.0.0.5 first=" AT("11:00") " last=" AT(
			"11:00") " by=neigh mac=52:54:00:00:00:05\n" },
		/* again: first stays, last moves, the latest who saw it is the first */
		{ "10.0.0.5 first=" AT("08:00") " last=" AT("09:00") " by=fping,neigh\n", NULL, 30,
		    "10.0.0.5 first=" AT("08:00") " last=" AT("11:30") " by=neigh,fping\n" },
		/* of before what is known: nothing but who saw it */
		{ "10.0.0.5 first=" AT("11:00") " last=" AT("11:30") " by=fping\n", NULL, 45,
		    "10.0.0.5 first=" AT("11:00") " last=" AT("11:30") " by=fping,neigh\n" },
		/* another MAC has the address: the name was that of the one before */
		{ "10.0.0.5 first=" AT("08:00") " last=" AT(
		      "09:00") " by=neigh mac=52:54:00:00:00:04 host=old\n",
		    "52:54:00:00:00:05", 0,
		    "10.0.0.5 first=" AT("08:00") " last=" AT(
			"12:00") " by=neigh mac=52:54:00:00:00:05\n" },
		{ "10.0.0.5 first=" AT("08:00") " last=" AT(
		      "09:00") " by=neigh mac=52:54:00:00:00:05 host=same\n",
		    "52:54:00:00:00:05", 0,
		    "10.0.0.5 first=" AT("08:00") " last=" AT(
			"12:00") " by=neigh mac=52:54:00:00:00:05 host=same\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct seen_counts counts = { 0 };
		struct sightings in;
		load("10.0.0.0/24\n", cases[i].known);
		sightings_init(&in, &plan_env, "neigh");
		add(&in, "10.0.0.5", cases[i].mac, cases[i].minutes_ago);
		sightings_settle(&in);
		seen_merge(&seen, 0, &in, &counts);
		char about[16];
		snprintf(about, sizeof(about), "row %zu", i);
		check(strncmp(text(), "@seen 1\n", 8) == 0, "%s", about);
		check_text(text() + 8, cases[i].then, about);
		sightings_release(&in);
		unload();
	}
}

/* --- many, against a model ------------------------------------------------ */

enum { ADDRESSES = 40 };

/* The newest time of each address, by the plainest means; 0: never seen. */
static int64_t model[ADDRESSES];

static void
import_random(uint64_t *seed)
{
	struct seen_counts counts = { 0 };
	struct sightings in;
	size_t n = rnd(seed) % 30;
	bool is_new[ADDRESSES] = { 0 };
	size_t added = 0;

	sightings_init(&in, &plan_env, "fping");
	for (size_t i = 0; i < n; i++) {
		size_t a = rnd(seed) % ADDRESSES;
		int ago = (int)(rnd(seed) % 1000);
		char key[32];
		snprintf(key, sizeof(key), a % 2 ? "10.0.0.%zu" : "2001:db8::%zu", a + 1);
		add(&in, key, NULL, ago);
		int64_t last = PLAN_NOW - 60 * ago;
		is_new[a] |= model[a] == 0;
		model[a] = last > model[a] ? last : model[a];
	}
	for (size_t a = 0; a < ADDRESSES; a++)
		added += is_new[a];
	sightings_settle(&in);
	seen_merge(&seen, 0, &in, &counts);
	check(counts.added == added, "%zu added instead of %zu", counts.added, added);
	sightings_release(&in);
}

static void
assert_model(void)
{
	size_t n = 0;

	for (size_t a = 0; a < ADDRESSES; a++) {
		char key[32];
		snprintf(key, sizeof(key), a % 2 ? "10.0.0.%zu" : "2001:db8::%zu", a + 1);
		const struct rec *r = seen_find(&seen, 0, plan_key(key).span);
		struct sight sight;
		check((r != NULL) == (model[a] != 0), "%s", key);
		if (!r)
			continue;
		n++;
		sight_read(&plan.db.arena, r, &sight);
		check(sight.last == model[a] && sight.first <= sight.last, "%s", key);
	}
	check(seen.n == n, "%zu lines instead of %zu", seen.n, n);
	for (size_t i = 1; i < seen.n; i++)
		check(db_order(&plan.db, &seen.rec[i - 1], &seen.rec[i]) < 0, "line %zu", i);
}

static void
test_many(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 200; round++) {
		uint64_t seed = round;
		memset(model, 0, sizeof(model));
		load("10.0.0.0/24\n2001:db8::/64\n", "");
		for (int i = 0; i < 5; i++) {
			import_random(&seed);
			assert_model();
		}
		/* what is written is read as the same */
		const char *before = text();
		char *copy = strdup(before);
		assert_non_null(copy);
		unload();
		load("10.0.0.0/24\n2001:db8::/64\n", copy);
		check_text(text(), copy, "written, read, written");
		assert_model();
		for (size_t i = 0; i < seen.n; i++)
			check(seen.rec[i].parent && seen.rec[i].parent->kind == KIND_SUBNET,
			    "line %zu has a subnet", i);
		unload();
		free(copy);
	}
}

/* --- leases --------------------------------------------------------------- */

static void
test_lease_state(void **state)
{
	static const struct {
		const char *state;
		int64_t end;
		const char *then;
	} cases[] = {
		{ "active", PLAN_NOW + 1, "active" },
		{ "active", PLAN_NOW, "expired" },
		{ "active", SEEN_NEVER, "active" },
		{ "active", SEEN_UNKNOWN, "active" },
		{ "declined", PLAN_NOW - 1, "declined" },
		{ "free", PLAN_NOW + 1, "free" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_text(seen_lease_state(cases[i].state, cases[i].end, PLAN_NOW), cases[i].then,
		    cases[i].state);
}

static void
test_duid_mac(void **state)
{
	static const struct {
		const char *duid, *mac;
	} cases[] = {
		{ "00:01:00:01:2a:bb:cc:dd:52:54:00:aa:00:03", "52:54:00:aa:00:03" },
		{ "00:03:00:01:52:54:00:aa:00:03", "52:54:00:aa:00:03" },
		{ "00:03:00:06:52:54:00:aa:00:03", NULL }, /* not Ethernet */
		{ "00:02:00:00:ab:11:52:54:00:aa", NULL }, /* of a vendor */
		{ "00:03:00:01:52:54:00:aa:00", NULL },
		{ "00:03:00:01:52:54:00:aa:00:03:04", NULL },
		{ "00:01", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned char mac[6];
		char written[MAC_TEXT];
		bool ok = seen_duid_mac(str_from(cases[i].duid), mac);
		check(ok == (cases[i].mac != NULL), "%s", cases[i].duid);
		if (ok)
			check_text(mac_fmt(written, mac), cases[i].mac, cases[i].duid);
	}
}

static void
test_pools(void **state)
{
	struct seen_pool pool;

	(void)state;
	load("10.0.0.0/24\n10.0.0.10-10.0.0.19 role=dhcp\n10.0.0.30-10.0.0.39\n"
	     "2001:db8::/64 name=lan\n2001:db8:100::/56 pd=/60 via=lan\n",
	    "@seen 1\n"
	    "10.0.0.9 lease=active lease-end=never\n"
	    "10.0.0.10-10.0.0.19 peak=7 peak-at=" AT(
		"08:00") "\n"
			 "10.0.0.10 lease=active lease-end=" AT(
			     "12:01") "\n"
				      "10.0.0.11 lease=active lease-end=" AT(
					  "12:00") "\n"
						   "10.0.0.12 lease=declined lease-end=" AT(
						       "12:01") "\n"
								"10.0.0.19 lease=active "
								"lease-end=never\n"
								"10.0.0.20 lease=active "
								"lease-end=never\n"
								"2001:db8:100:10::/60 lease=active "
								"lease-end=never\n"
								"2001:db8:100:10::5 lease=active "
								"lease-end=never\n");
	assert_true(seen_pool(&seen, plan_rec(&plan, "10.0.0.10-10.0.0.19"), &pool));
	assert_int_equal(pool.leased, 2);
	assert_int_equal(pool.declined, 1);
	assert_int_equal(pool.peak, 7);
	assert_int_equal(count_cmp(pool.size, count_of(10)), 0);
	assert_true(seen_pool(&seen, plan_rec(&plan, "2001:db8:100::/56"), &pool));
	assert_int_equal(pool.leased, 1);
	assert_int_equal(pool.peak, 0);
	assert_int_equal(count_cmp(pool.size, count_of(16)), 0);
	assert_false(seen_pool(&seen, plan_rec(&plan, "10.0.0.30-10.0.0.39"), &pool));
	assert_false(seen_pool(&seen, plan_rec(&plan, "10.0.0.0/24"), &pool));
	seen_note_peaks(&seen);
	assert_true(seen_pool(&seen, plan_rec(&plan, "10.0.0.10-10.0.0.19"), &pool));
	assert_int_equal(pool.peak, 7);
	assert_true(seen_pool(&seen, plan_rec(&plan, "2001:db8:100::/56"), &pool));
	assert_int_equal(pool.peak, 1);
	assert_int_equal(pool.peak_at, PLAN_NOW);
	unload();
}

/* --- against the plan ------------------------------------------------------- */

static void
test_is_planned(void **state)
{
	static const struct {
		const char *key;
		bool is_planned;
	} cases[] = {
		{ "10.0.0.1", true },   /* a gateway */
		{ "10.0.0.5", true },   /* a record */
		{ "10.0.0.6", false },  /* its quarantine is over */
		{ "10.0.0.7", true },   /* in quarantine */
		{ "10.0.0.15", true },  /* in a DHCP range */
		{ "10.0.0.35", false }, /* in another range */
		{ "10.0.0.99", false },
		{ "10.9.0.1", false },
	};

	(void)state;
	load("10.0.0.0/24 gw=10.0.0.1\n10.0.0.5 host=a.\n"
	     "10.0.0.6 status=quarantine until=2026-11-01\n10.0.0.7 status=quarantine\n"
	     "10.0.0.10-10.0.0.19 role=dhcp\n10.0.0.30-10.0.0.39\n",
	    "10.0.0.1\n10.0.0.5\n10.0.0.6\n10.0.0.7\n10.0.0.15\n10.0.0.35\n10.0.0.99\n10.9.0.1\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rec *r = seen_find(&seen, 0, plan_key(cases[i].key).span);
		assert_non_null(r);
		check(seen_is_planned(&seen, r) == cases[i].is_planned, "%s", cases[i].key);
	}
	unload();
}

static void
test_refused(void **state)
{
	static const struct {
		const char *known;
	} cases[] = {
		{ "@seen 2\n" },
		{ "@zone a\n" },
		{ "10.0.0.5\n10.0.0\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		plan_load(&plan, "10.0.0.0/24\n");
		struct text_source source = { "seen", cases[i].known, strlen(cases[i].known) };
		seen_init(&seen, &plan.db);
		check(seen_load(&seen, &source, &plan.d) == STATUS_INVALID, "%s", cases[i].known);
		check(plan.d.n == 1, "%s", cases[i].known);
		unload();
	}
}

/* Whatever order and however often: sorted, the last word of each. */
static void
test_edited_by_hand(void **state)
{
	(void)state;
	load("10.0.0.0/24\n",
	    "10.0.0.9 host=nine\n10.0.0.5 host=one\n@seen 1\n10.0.0.5 host=two\n");
	check_text(text(), "@seen 1\n10.0.0.5 host=two\n10.0.0.9 host=nine\n", "sorted");
	unload();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_lease_state),
		cmocka_unit_test(test_duid_mac),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_is_planned),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_edited_by_hand),
	};

	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
