/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns_names.h"

/* A name has so many bits of `maybe`, of which it sets one. */
enum { BITS_MIN = 10, MAYBE_BITS = 3 };

void
dns_names_init(struct dns_names *names, const struct env *env)
{
	*names = (struct dns_names){ .n = 0 };
	arena_init(&names->arena, env);
}

void
dns_names_release(struct dns_names *names)
{
	if (names->met)
		dns_names_release(names->met);
	arena_release(&names->arena);
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
resize(struct dns_names *names, unsigned bits)
{
	const struct dns_names old = *names;

	names->bits = bits;
	names->size = (size_t)1 << bits;
	names->maybe = arena_zalloc(&names->arena, (names->size << MAYBE_BITS) / 8);
	names->slot = arena_zalloc(&names->arena, names->size * sizeof(*names->slot));
	for (size_t i = 0; i < old.size; i++) {
		if (!old.slot[i].hash)
			continue;
		set_maybe(names, old.slot[i].hash);
		names->slot[slot_of(names, old.slot[i].hash)] = old.slot[i];
	}
}

/* Half of the slots are empty. */
void
dns_names_expect(struct dns_names *names, size_t n)
{
	unsigned bits = names->bits ? names->bits : BITS_MIN;

	while (((size_t)1 << bits) / 2 < names->n + n)
		bits++;
	if (bits > names->bits)
		resize(names, bits);
}

void
dns_names_announce(const struct dns_names *names, uint64_t hash)
{
	if (names->n)
		__builtin_prefetch(&names->slot[mixed(hash, names->bits)]);
}

void
dns_names_add(struct dns_names *names, uint64_t hash, uint64_t target)
{
	dns_names_expect(names, 1);
	size_t i = slot_of(names, hash);
	if (names->slot[i].hash) {
		if (names->slot[i].target != target)
			dns_names_meet(names, hash);
		return;
	}
	set_maybe(names, hash);
	names->slot[i] = (struct dns_names_slot){ hash, target };
	names->n++;
}

bool
dns_names_has(const struct dns_names *names, uint64_t hash)
{
	return is_maybe(names, hash) && names->slot[slot_of(names, hash)].hash != 0;
}

bool
dns_names_meet(struct dns_names *names, uint64_t hash)
{
	if (!dns_names_has(names, hash))
		return false;
	if (!names->met) {
		names->met = arena_alloc(&names->arena, sizeof(*names->met));
		dns_names_init(names->met, names->arena.env);
	}
	dns_names_add(names->met, hash, 0);
	return true;
}

bool
dns_names_any_met(const struct dns_names *names)
{
	return names->met != NULL;
}

bool
dns_names_is_met(const struct dns_names *names, uint64_t hash)
{
	return names->met && dns_names_has(names->met, hash);
}
