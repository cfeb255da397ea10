/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * key: what the first word of a record says, and the names of things.
 */
#ifndef IPAM_KEY_H
#define IPAM_KEY_H

#include "diag.h"
#include "ip.h"

enum kind { KIND_NONE, KIND_HEADER, KIND_OBJECT, KIND_SUBNET, KIND_RANGE, KIND_ADDRESS };
enum kind_bit {
	K_HEADER = 1 << KIND_HEADER,
	K_OBJECT = 1 << KIND_OBJECT,
	K_SUBNET = 1 << KIND_SUBNET,
	K_RANGE = 1 << KIND_RANGE,
	K_ADDRESS = 1 << KIND_ADDRESS,
	K_PLAN = K_SUBNET | K_RANGE | K_ADDRESS,
	K_ANY = K_PLAN | K_OBJECT,
};
extern const char *const kind_names[]; /* "subnet" ... */

/* The VRFs that keys name; number 0 is the default VRF, "default". */
enum { VRF_MAX = 65535 };
struct vrfs {
	struct arena *arena;
	struct str *name;
	size_t n, size;
	uint16_t *slot; /* where to look for a name: its number plus one, by its hash */
	size_t slots;
	int last; /* the one found last */
};
void vrfs_init(struct vrfs *v, struct arena *arena);
/* The number of a VRF by name, or -1. */
int vrfs_find(const struct vrfs *v, struct str name);
int vrfs_add(struct vrfs *v, struct str name);

/* What a key says.  kind is KIND_NONE if it was none; err then says why. */
struct key {
	enum kind kind;
	struct span span;
	struct str vrf; /* empty: the default VRF (also for %default) */
	bool has_vrf;   /* whether a suffix was written */
	bool spelling;  /* written as it would be written here */
};
/* Reads an address, prefix or range with an optional %VRF. */
bool key_parse(struct str s, struct key *out, struct ip_error *err);
/* ip_looks_like_key() of what stands before a %VRF, if there is one. */
bool looks_like_key(struct str s);
/* Writes a canonical key; vrf empty for the default.  One address alone is
 * written as an address; with KIND_RANGE as a range, too. */
struct str key_fmt(struct arena *a, struct span span, struct str vrf);
struct str key_fmt_kind(struct arena *a, enum kind kind, struct span span, struct str vrf);
/* The words for ip_error, "host bits are set", and what may have been meant: at a
 * position in the text, else as its hint. */
void key_complain(struct diags *d, struct str s, const struct ip_error *err, struct pos pos,
    enum severity severity);

/* A name as `name=` wants it. */
bool name_is_valid(struct str s);
/* A name of a VRF, a view or an object. */
bool label_is_valid(struct str s);
/* The name of an attribute. */
bool attr_name_is_valid(struct str s);

#endif
