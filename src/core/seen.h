/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * seen: what was seen on the wire, apart from what is planned; ipam-seen(5).
 *
 * The file beside the plan has a line for each address that a scan or a lease
 * tells of, in the grammar of the plan and in its order:
 *
 *     seen_init(&seen, &db);
 *     seen_load(&seen, source, diags);         its text; an empty one has nothing
 *     ... look: seen.rec[0 .. seen.n), seen_find(), sight_read() ...
 *     seen_merge(&seen, vrf, &sightings, &counts);
 *     seen_text(&seen, &buf);                  the new text
 *     seen_release(&seen);
 *
 * Its lines are struct rec (text.h) with the numbers of the plan's VRFs, and
 * their parents, once it is loaded, are subnets of the plan: so query.h selects
 * and shows them as it does records.  The plan and the source must stay as long
 * as the seen.
 */
#ifndef IPAM_SEEN_H
#define IPAM_SEEN_H

#include "db.h"

/* A time that nobody knows; the end of a lease that does not end. */
#define SEEN_UNKNOWN INT64_MIN
#define SEEN_NEVER INT64_MAX

/* --- what a source says ----------------------------------------------- */

enum sighting_kind {
	SIGHTING_ALIVE, /* it was there at the time `last` */
	SIGHTING_OLD,   /* it was there, nobody knows when: says nothing new of a known address */
	SIGHTING_GONE   /* its lease is no more */
};

/* Strings are slices of the source or of the sightings' arena. */
struct sighting {
	struct span span; /* an address, or (len >= 0) a prefix that was delegated */
	enum sighting_kind kind;
	const char *by; /* NULL: as all of them */
	bool has_mac;
	unsigned char mac[6];
	int64_t last;
	const char *lease;       /* the state of its lease; NULL: it is none */
	int64_t lease_end;       /* or SEEN_UNKNOWN, SEEN_NEVER */
	int64_t lease_time;      /* where the end is not known: how long it is at most, or 0 */
	struct str host;         /* without a final dot */
	struct str client, duid; /* as 01:52:54 ... */
};

struct sightings {
	const struct env *env;
	struct arena arena;
	const char *by;                /* of all of them: "lease:kea" */
	VEC(struct sighting) sighting; /* in the order of the source */
	size_t left_out;               /* link-local, multicast */
	size_t old;                    /* SIGHTING_OLD */
};
void sightings_init(struct sightings *s, const struct env *env, const char *by);
void sightings_release(struct sightings *s);
/* Adds one that is alive, of which nothing else is known; valid until the next.
 * NULL if such an address is never kept. */
struct sighting *sightings_add(struct sightings *s, struct span span);
/* Puts them in the order of the plan, one of each address.  Of leases the last
 * word counts; of other things all that was seen. */
void sightings_settle(struct sightings *s);

/* The Ethernet address in a DUID as 00:01:00:01... (RFC 8415, section 11: of
 * types 1 and 3); false if there is none. */
bool seen_duid_mac(struct str duid, unsigned char mac[6]);
/* The state of a lease that ends then, now: an `active` one that is over is `expired`. */
const char *seen_lease_state(const char *state, int64_t end, int64_t now);

/* --- what is known ---------------------------------------------------- */

/* A line's values, each empty or unknown if it is not there. */
struct sight {
	int64_t first, last;
	struct str by, mac, host, lease, client, duid;
	int64_t lease_end;
};
void sight_read(struct arena *a, const struct rec *r, struct sight *out);
/* Whether the lease is one now: active, and not over. */
bool sight_is_leased(const struct sight *s, int64_t now);

struct seen {
	struct db *db;
	struct arena arena;
	struct rec *rec; /* in the order of the plan */
	size_t n, size;
	struct buf *changes; /* -n: lines that go and come are added here, if not NULL */
	bool is_changed;
};
void seen_init(struct seen *s, struct db *db);
void seen_release(struct seen *s);
/* STATUS_INVALID, with all that is wrong, unless it is such a file. */
enum status seen_load(struct seen *s, const struct text_source *source, struct diags *d);
/* The line of an address, or NULL. */
const struct rec *seen_find(const struct seen *s, unsigned vrf, struct span span);
/* Those that begin in a span: the first, and (below) the end. */
size_t seen_from(const struct seen *s, unsigned vrf, struct span span, size_t *end);
/* Leases that are over by now are then shown as expired. */
void seen_age(struct seen *s);

struct seen_counts {
	size_t added, again, left; /* addresses not known before, seen again, with nothing new */
};
/* Adds what was seen (settled), in a VRF. */
void seen_merge(struct seen *s, unsigned vrf, const struct sightings *in,
    struct seen_counts *counts);
/* Forgets the lines that are marked with REC_GONE; how many. */
size_t seen_sweep(struct seen *s);
void seen_text(const struct seen *s, struct buf *out);

/* --- pools ------------------------------------------------------------- */

/* A pool is a role=dhcp range, whose addresses are leased, or a subnet with pd=, out of which
 * prefixes are delegated. */
struct seen_pool {
	struct count size;       /* how many addresses or prefixes it has */
	size_t leased, declined; /* now */
	uint64_t peak;           /* the most leases at an import, and when */
	int64_t peak_at;
};
/* False if the record is no pool. */
bool seen_pool(const struct seen *s, const struct rec *r, struct seen_pool *out);
/* Notes for each pool of the plan if there are more leases than ever. */
void seen_note_peaks(struct seen *s);

#endif
