/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan: asks addresses whether they are there.
 *
 * fping asks them, a part at a time; behind each part `ip neigh` tells the MACs, and
 * who answered ARP but not the ping.  The lock is not held meanwhile.
 */
#include "cmd.h"

#include "core/place.h"
#include "core/scan.h"
#include "format/evidence.h"
#include "io/child.h"
#include "io/progress.h"

enum { RATE = 100, RATE_MAX = 1000, MAX = 65536, MAX_MAX = 16777216 };
enum { TRIES = 2, PATIENCE = 500 /* of a ping */, SPARE = 20000 /* of fping, ms */ };
enum { PART_MIN = 32, PART_MAX = 512 };

struct scan {
	struct ctx *c;
	ip_list ip;
	uint64_t rate;
	bool no_macs; /* `ip` does not work; that was said */
};

/* --- what to ask ------------------------------------------------------- */

static enum status
add_target(struct scan *s, struct str word, uint64_t max, bool is_first)
{
	struct ctx *c = s->c;
	struct target t;
	enum status status =
	    target_parse(&t, c->db, c->scope, word, K_PLAN, "a prefix, range or address", c->diags);

	if (!status && !is_first && t.vrf != c->scope.vrf)
		status =
		    diag_fail(c->diags, STATUS_USAGE, "%.*s: one VRF at a time", STR_FMT(word));
	if (!status)
		c->scope.vrf = t.rec.n ? t.rec.v[0]->vrf : t.vrf;
	if (!status && t.is_key)
		status = scan_targets(c->db, t.vrf, t.span, max, &s->ip, c->diags);
	for (size_t i = 0; !status && !t.is_key && i < t.rec.n; i++)
		status = scan_targets(c->db, t.rec.v[i]->vrf, rec_span(t.rec.v[i]), max, &s->ip,
		    c->diags);
	target_release(&t);
	return status;
}

static enum status
read_targets(struct scan *s)
{
	struct ctx *c = s->c;
	word_list words = { 0 };
	uint64_t max;
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (!status)
		status = cmd_number(c, "rate", RATE, 1, RATE_MAX, &s->rate);
	if (!status)
		status = cmd_number(c, "max", MAX, 1, MAX_MAX, &max);
	if (!status)
		status = cmd_targets(c, &words);
	for (size_t i = 0; i < words.n && !status; i++)
		status = add_target(s, words.v[i], max, i == 0);
	scan_once(&s->ip);
	vec_release(&words);
	return status;
}

/* --- asking ------------------------------------------------------------ */

static struct str
first_line(struct str s)
{
	return str_cut(s, 0, str_find(s, '\n'));
}

static struct str
lines_of(struct scan *s, size_t from, size_t n)
{
	char text[IP_TEXT];
	struct buf b;

	buf_init(&b, s->c->env);
	for (size_t i = from; i < from + n; i++)
		buf_fmt(&b, "%s\n", ip_fmt(text, s->ip.v[i]));
	struct str lines = arena_str(&s->c->db->arena, buf_get(&b));
	buf_release(&b);
	return lines;
}

static enum status
run_fping(struct scan *s, size_t from, size_t n)
{
	struct ctx *c = s->c;
	struct arena *a = &c->db->arena;
	uint64_t pause = RATE_MAX / s->rate;
	const char *argv[] = { "fping", "-a", "-q", "-r", "1", "-t", "500", "-i",
		arena_fmt(a, "%llu%c", (unsigned long long)pause, 0).p, NULL };
	struct child fping = { .argv = argv,
		.input = lines_of(s, from, n),
		.timeout = (int64_t)(TRIES * (pause * n + PATIENCE) + SPARE),
		.package = "fping" };
	struct child_result result;
	enum status status = child_run(&fping, c->env, a, &result, c->diags);

	/* 1 and 2: some did not answer, or are no addresses */
	if (!status && result.exit > 2)
		status = diag_fail(c->diags, STATUS_SYSTEM, "fping: %.*s",
		    STR_FMT(first_line(result.err.n ? result.err : STR("failed"))));
	if (status)
		return status;
	struct text_source source = { "fping", result.out.p, result.out.n };
	evidence_find(STR("fping"))->read(&source, c->sightings, c->diags);
	return STATUS_OK;
}

/* The place of an address among those of the part, or its end. */
static bool
is_asked(const struct scan *s, size_t from, size_t n, struct span span)
{
	for (size_t i = from; i < from + n; i++)
		if (span_same(span_ip(s->ip.v[i]), span))
			return true;
	return false;
}

/* A neighbour: the MAC of one that answered, or one that answers ARP alone. */
static void
take_neighbour(struct scan *s, size_t first, const struct sighting *n)
{
	struct sightings *all = s->c->sightings;

	for (size_t i = first; i < all->sighting.n; i++) {
		struct sighting *one = &all->sighting.v[i];
		if (!span_same(one->span, n->span))
			continue;
		one->has_mac = n->has_mac;
		memcpy(one->mac, n->mac, sizeof(one->mac));
		return;
	}
	if (n->kind != SIGHTING_ALIVE)
		return;
	struct sighting *one = sightings_add(all, n->span);
	if (one) {
		*one = *n;
		one->by = "neigh";
	}
}

static void
say_no_macs(struct scan *s, struct str why)
{
	s->no_macs = true;
	diag_warn(s->c->diags, "no MACs: %.*s", STR_FMT(why));
}

/* first: of the part's sightings. */
static void
take_neighbours(struct scan *s, size_t from, size_t n, size_t first)
{
	static const char *const argv[] = { "ip", "-s", "neigh", "show", NULL };
	struct child ip = { .argv = argv, .timeout = SPARE, .package = "iproute2" };
	struct child_result result;
	struct sightings near;
	struct diags d;

	if (s->no_macs)
		return;
	diags_init(&d, s->c->env);
	sightings_init(&near, s->c->env, "neigh");
	if (child_run(&ip, s->c->env, &s->c->db->arena, &result, &d) != STATUS_OK)
		say_no_macs(s, d.n ? d.v[0].text : STR("ip"));
	else if (result.exit != 0)
		say_no_macs(s, first_line(result.err));
	struct text_source source = { "ip neigh", result.out.p, result.out.n };
	if (!s->no_macs)
		evidence_find(STR("neigh"))->read(&source, &near, &d);
	sightings_settle(&near);
	for (size_t i = 0; i < near.sighting.n; i++)
		if (is_asked(s, from, n, near.sighting.v[i].span))
			take_neighbour(s, first, &near.sighting.v[i]);
	sightings_release(&near);
	diags_release(&d);
}

static enum status
ask(struct scan *s)
{
	size_t part = (size_t)s->rate * 2;
	enum status status = STATUS_OK;
	struct progress progress;

	part = part < PART_MIN ? PART_MIN : part > PART_MAX ? PART_MAX : part;
	progress_start(&progress, s->c->quiet);
	for (size_t at = 0; at < s->ip.n && !status; at += part) {
		size_t n = s->ip.n - at < part ? s->ip.n - at : part;
		size_t first = s->c->sightings->sighting.n;
		progress_show(&progress, "scan: %zu of %zu, %zu there", at, s->ip.n, first);
		status = run_fping(s, at, n);
		if (!status)
			take_neighbours(s, at, n, first);
	}
	progress_end(&progress);
	return status;
}

/* --- the answer -------------------------------------------------------- */

static const char *
plan_word(struct ctx *c, struct span span)
{
	static const char *const words[] = {
		[PLACE_USED] = "recorded",
		[PLACE_QUARANTINE] = "quarantine",
		[PLACE_GATEWAY] = "gw",
		[PLACE_DHCP] = "dhcp",
		[PLACE_RESERVED] = "reserved",
	};
	enum place_state state = place_at(c->db, c->scope.vrf, span_first(span)).state;

	return state < ARRAY_LEN(words) && words[state] ? words[state] : "unknown";
}

static void
print_row(struct ctx *c, const struct sighting *s)
{
	const struct rec *r = db_find(c->db, c->scope.vrf, s->span, KIND_ADDRESS);
	struct arena *a = &c->out->arena;
	char mac[MAC_TEXT];

	out_row(c->out, r);
	out_str(c->out, key_fmt(a, s->span, db_vrf_name(c->db, c->scope.vrf)));
	out_str(c->out, r ? db_label(c->db, r) : STR_NONE);
	out_str(c->out, s->has_mac ? arena_str(a, str_from(mac_fmt(mac, s->mac))) : STR_NONE);
	out_str(c->out, str_from(s->by ? s->by : c->sightings->by));
	out_str(c->out, str_from(plan_word(c, s->span)));
}

static void
print_answer(struct ctx *c, size_t asked)
{
	static const struct column columns[] = { { "key", 0 }, { "name", 0 }, { "mac", 0 },
		{ "by", 0 }, { "plan", 0 } };
	const struct sightings *in = c->sightings;

	out_columns(c->out, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < in->sighting.n; i++)
		print_row(c, &in->sighting.v[i]);
	c->note = arena_fmt(&c->db->arena, "%.*sipam: scan: %zu asked, %zu there\n",
	    STR_FMT(c->note), asked, in->sighting.n);
}

static enum status
record(struct ctx *c, struct seen *seen)
{
	struct seen_counts counts = { 0 };

	seen_merge(seen, c->scope.vrf, c->sightings, &counts);
	return STATUS_OK;
}

enum status
cmd_scan(struct ctx *c)
{
	struct scan s = { .c = c };
	enum status status = read_targets(&s);

	if (!status) {
		c->sightings = arena_alloc(&c->db->arena, sizeof(*c->sightings));
		sightings_init(c->sightings, c->env, "fping");
		status = ask(&s);
	}
	if (!status) {
		sightings_settle(c->sightings);
		print_answer(c, s.ip.n);
		c->see = record;
	}
	vec_release(&s.ip);
	return status;
}
