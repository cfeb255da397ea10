/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns_names.h"

/* A name has so many bits of `maybe`, of which it sets one. */
enum { BITS_MIN = 10, MAYBE_BITS = 3 };

uint64_t
dns_hash(uint64_t behind, struct str name)
{
	uint64_t h = behind ? behind : 0xcbf29ce484222325u; /* FNV-1a, RFC 9923 */

	/* letters lose their case, and a few other characters become one */
	for (size_t i = name.n; i > 0; i--)
		h = (h ^ (uint64_t)(unsigned char)(name.p[i - 1] | 0x20)) * 0x100000001b3u;
	return h ? h : 1;
}

void
dns_names_init(struct dns_names *names, const struct env *env)
{
	*names = (struct dns_names){ .env = env };
}

void
dns_names_release(struct dns_names *names)
{
	free(names->maybe);
	free(names->slot);
}

/* The highest bits of what a hash is mixed to. */
static size_t
mixed(uint64_t hash, unsigned bits)
{
	return (size_t)(hash * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

static bool
is_maybe(const struct dns_names *names, uint64_t hash)
{
	size_t bit = mixed(hash, names->bits + MAYBE_BITS);

	return names->n && (names->maybe[bit / 64] >> bit % 64 & 1);
}

static void
set_maybe(struct dns_names *names, uint64_t hash)
{
	size_t bit = mixed(hash, names->bits + MAYBE_BITS);

	names->maybe[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Where the hash is, or would be. */
static size_t
slot_of(const struct dns_names *names, uint64_t hash)
{
	size_t i = mixed(hash, names->bits);

	while (names->slot[i].hash && names->slot[i].hash != hash)
		i = (i + 1) & (names->size - 1);
	return i;
}

static void
grow(struct dns_names *names)
{
	struct dns_names old = *names;

	names->bits = old.bits ? old.bits + 1 : BITS_MIN;
	names->size = (size_t)1 << names->bits;
	names->maybe = calloc(names->size >> 6 << MAYBE_BITS, sizeof(*names->maybe));
	names->slot = calloc(names->size, sizeof(*names->slot));
	if (!names->maybe || !names->slot)
		names->env->oom(names->size * sizeof(*names->slot));
	for (size_t i = 0; i < old.size; i++) {
		if (!old.slot[i].hash)
			continue;
		set_maybe(names, old.slot[i].hash);
		names->slot[slot_of(names, old.slot[i].hash)] = old.slot[i];
	}
	dns_names_release(&old);
}

void
dns_names_add(struct dns_names *names, uint64_t hash, uint64_t target)
{
	if (names->n >= names->size / 2)
		grow(names);
	size_t i = slot_of(names, hash);
	if (names->slot[i].hash) {
		names->slot[i].target |= (names->slot[i].target ^ target) >> 1 != 0;
		return;
	}
	set_maybe(names, hash);
	names->slot[i].hash = hash;
	names->slot[i].target = target & ~UINT64_C(1);
	names->n++;
}

bool
dns_names_meet(struct dns_names *names, uint64_t hash)
{
	if (!is_maybe(names, hash))
		return false;
	size_t i = slot_of(names, hash);
	names->slot[i].target |= names->slot[i].hash != 0;
	return names->slot[i].hash != 0;
}

bool
dns_names_has(const struct dns_names *names, uint64_t hash)
{
	return is_maybe(names, hash) && names->slot[slot_of(names, hash)].hash != 0;
}

bool
dns_names_is_met(const struct dns_names *names, uint64_t hash)
{
	return dns_names_has(names, hash) && (names->slot[slot_of(names, hash)].target & 1);
}
