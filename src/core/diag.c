/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diag.h"

#include <stdlib.h>

#include "sort.h"

const char *const severity_names
    [] = { [SEV_OFF] = "off", [SEV_WARNING] = "warning", [SEV_ERROR] = "error", NULL };

#define ERROR(rule, name, text) [RULE_##rule] = { name, SEV_ERROR, text }
#define WARNING(rule, name, text) [RULE_##rule] = { name, SEV_WARNING, text }

const struct rule_info rules[RULE_COUNT] = {
	[RULE_NONE] = { "", SEV_ERROR, "" },

	ERROR(SYNTAX, "syntax", "no record: an '=' missing, a quote open, a value empty"),
	ERROR(CONTROL, "control", "a control character"),
	ERROR(UTF8, "utf8", "bytes that are not UTF-8"),
	ERROR(BOM, "bom", "a byte order mark"),
	ERROR(CR, "cr", "a line that ends in CR LF"),
	ERROR(CONFLICT_MARKER, "conflict-marker", "a conflict that a merge has left in the file"),
	ERROR(VERSION, "version", "a format version that this program does not know"),
	ERROR(BAD_KEY, "bad-key", "a key that is no address, prefix, range or object"),
	ERROR(HOST_BITS, "host-bits", "a prefix with host bits set"),
	ERROR(RANGE_REVERSED, "range-reversed", "a range whose last address is before its first"),
	ERROR(RANGE_BORDER, "range-border", "a range across a subnet's border, or around a subnet"),
	ERROR(RANGE_OVERLAP, "range-overlap", "two ranges that have an address in common"),
	ERROR(LINK_LOCAL, "link-local", "a record for a link-local address or prefix"),
	ERROR(DUPLICATE_KEY, "duplicate-key", "two records with the same key"),
	ERROR(DUPLICATE_ATTR, "duplicate-attr", "an attribute twice in a record"),
	ERROR(DUPLICATE_NAME, "duplicate-name", "two records with the same name"),
	ERROR(NAME_IS_KEY, "name-is-key", "a name or host that reads as a key"),
	ERROR(UNDECLARED_VRF, "undeclared-vrf", "a VRF without an @vrf record"),
	ERROR(BAD_VALUE, "bad-value", "a value that its attribute cannot have"),
	ERROR(FIELD_NAME, "field-name", "an attribute with the name of an output field"),
	ERROR(DOUBLE_DOMAIN, "double-domain", "a relative host that ends in its own domain"),

	WARNING(ORDER, "order", "a record that is not where the canonical order has it"),
	WARNING(SPELLING, "spelling", "a key that is not in its canonical form"),
	WARNING(NO_SUBNET, "no-subnet", "an address outside all subnets"),
	WARNING(GW_OUTSIDE, "gw-outside", "a gateway outside its subnet"),
	WARNING(NETWORK_ADDRESS, "network-address", "a subnet's network address, assigned"),
	WARNING(BROADCAST_ADDRESS, "broadcast-address", "a subnet's broadcast address, assigned"),
	WARNING(ANYCAST_ADDRESS, "anycast-address", "a subnet-router anycast address, assigned"),
	WARNING(HOST_NAME, "host-name", "a host or an alias that is no DNS host name"),
	WARNING(NO_DOMAIN, "no-domain",
	    "a relative host without a domain, or an alias of a complete one"),
	WARNING(MISPLACED, "misplaced", "an attribute that has no meaning on this kind of record"),
	WARNING(LATE_VALUE, "late-value",
	    "a bad value of an attribute that version 1 did not know: it counts as none"),
	WARNING(UNKNOWN_RULE, "unknown-rule", "an @check record for a rule that does not exist"),
	WARNING(ZONE_NAME, "zone-name",
	    "an @zone whose name is neither a DNS name nor a prefix, or is declared already"),
	WARNING(NO_ZONE, "no-zone", "a published name in no declared zone, a view without zones"),
	WARNING(NO_REVERSE, "no-reverse", "a published address without a reverse zone"),
	WARNING(ALIAS_CLASH, "alias-clash", "an alias that is a host, too, or of two hosts"),
	WARNING(CNAME_DATA, "cname-data", "an alias where a zone has other records"),
	WARNING(NS_ADDRESS, "ns-address", "a name server without an address in its own zone"),
};

enum rule
rule_by_name(struct str name)
{
	for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
		if (str_ieq(name, str_from(rules[r].name)))
			return r;
	return RULE_NONE;
}

void
diags_init(struct diags *d, const struct env *env)
{
	*d = (struct diags){ .cap = DIAGS_CAP };
	arena_init(&d->arena, env);
}

void
diags_release(struct diags *d)
{
	free(d->v);
	arena_release(&d->arena);
	diags_init(d, d->arena.env);
}

void
diags_clear(struct diags *d)
{
	size_t cap = d->cap;

	diags_release(d);
	d->cap = cap;
}

/* Forgets the last warning that is kept, if any, in favour of an error. */
static bool
drop_warning(struct diags *d)
{
	for (size_t i = d->n; i-- > 0;) {
		if (d->v[i].severity != SEV_WARNING)
			continue;
		memmove(&d->v[i], &d->v[i + 1], (d->n - i - 1) * sizeof(d->v[0]));
		d->n--;
		return true;
	}
	return false;
}

/* Whether there is room for one more. */
static bool
has_room(struct diags *d, enum severity severity)
{
	if (d->n < d->cap)
		return true;
	d->dropped++;
	return severity == SEV_ERROR && d->errors < d->cap && drop_warning(d);
}

static void
add(struct diags *d, struct diag diag, const char *fmt, va_list ap)
{
	bool kept = has_room(d, diag.severity);

	d->last = NULL;
	*(diag.severity == SEV_ERROR ? &d->errors : &d->warnings) += 1;
	if (!kept)
		return;
	diag.text = arena_vfmt(&d->arena, fmt, ap);
	vec_push(d->arena.env, d, diag);
	d->last = &d->v[d->n - 1];
}

enum status
diag_fail(struct diags *d, enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, (struct diag){ .severity = SEV_ERROR }, fmt, ap);
	va_end(ap);
	return status;
}

void
diag_at(struct diags *d, enum severity severity, enum rule rule, struct pos pos, const char *fmt,
    ...)
{
	va_list ap;

	d->last = NULL;
	if (severity == SEV_OFF)
		return;
	va_start(ap, fmt);
	add(d, (struct diag){ .severity = severity, .rule = rule, .pos = pos }, fmt, ap);
	va_end(ap);
}

void
diag_error(struct diags *d, const char *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, (struct diag){ .severity = SEV_ERROR, .pos = { at } }, fmt, ap);
	va_end(ap);
}

void
diag_warn(struct diags *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, (struct diag){ .severity = SEV_WARNING }, fmt, ap);
	va_end(ap);
}

void
diag_hint(struct diags *d, const char *fmt, ...)
{
	va_list ap;

	if (!d->last)
		return;
	va_start(ap, fmt);
	d->last->hint = arena_vfmt(&d->arena, fmt, ap);
	va_end(ap);
}

/* No place is behind all places. */
static int
by_place(const void *ctx, const void *pa, const void *pb)
{
	const struct diag *a = pa, *b = pb;
	uintptr_t at_a = (uintptr_t)a->pos.at - 1, at_b = (uintptr_t)b->pos.at - 1;

	(void)ctx;
	return (at_a > at_b) - (at_a < at_b);
}

void
diags_sort(struct diags *d)
{
	struct diag *old = arena_alloc(&d->arena, d->n * sizeof(*old) + 1),
		    **order = arena_alloc(&d->arena, d->n * sizeof(*order) + 1);

	d->last = NULL;
	for (size_t i = 0; i < d->n; i++) {
		old[i] = d->v[i];
		order[i] = &old[i];
	}
	sort_stable(d->arena.env, (void **)order, d->n, by_place, NULL);
	for (size_t i = 0; i < d->n; i++)
		d->v[i] = *order[i];
}

/* Words */

enum { WORD_MAX = 48 };

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The steps from the first i bytes of a to the first j of b; rows[0] are those
 * of i, then those of i - 1 and i - 2. */
static unsigned
steps(struct str a, struct str b, size_t i, size_t j, unsigned *const rows[3])
{
	bool differ = ascii_lower(a.p[i - 1]) != ascii_lower(b.p[j - 1]);
	unsigned n = least(rows[1][j], rows[0][j - 1]) + 1;

	n = least(n, rows[1][j - 1] + differ);
	if (i > 1 && j > 1 && ascii_lower(a.p[i - 1]) == ascii_lower(b.p[j - 2]) &&
	    ascii_lower(a.p[i - 2]) == ascii_lower(b.p[j - 1]))
		n = least(n, rows[2][j - 2] + 1);
	return n;
}

/* Insertions, deletions, replacements and swaps of neighbours; b is at most
 * WORD_MAX long. */
static unsigned
distance(struct str a, struct str b)
{
	unsigned store[3][WORD_MAX + 1];

	for (unsigned j = 0; j <= b.n; j++)
		store[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *const rows[3] = { store[i % 3], store[(i + 2) % 3], store[(i + 1) % 3] };
		rows[0][0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++)
			rows[0][j] = steps(a, b, i, j, rows);
	}
	return store[a.n % 3][b.n];
}

/* Whether one of them is cut short, and is not too short for that. */
static bool
begins(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	return n >= 2 && str_ieq(str_cut(a, 0, n), str_cut(b, 0, n));
}

const char *
diag_nearest(struct str word, const char *const *words, size_t n)
{
	const char *nearest = NULL;
	unsigned best = (unsigned)(word.n / 3) + 1;

	for (size_t i = 0; i < n && word.n <= WORD_MAX; i++) {
		struct str other = str_from(words[i]);
		unsigned far = other.n <= WORD_MAX ? distance(word, other) : best;
		if (far < best) {
			nearest = words[i];
			best = far;
		}
	}
	for (size_t i = 0; i < n && !nearest; i++)
		if (begins(word, str_from(words[i])))
			nearest = words[i];
	return nearest;
}
