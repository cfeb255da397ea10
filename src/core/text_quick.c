/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_parts.h"
#include "word.h"

/* So many bytes before the end of the text, nothing is read quickly: whatever
 * begins before there can be loaded without a look at the end. */
enum { MARGIN = 64 };

/* --- ends -------------------------------------------------------------- */

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool
ends_word(char c)
{
	return is_blank(c) || c == '\n';
}

/* The end of a word without quotes; NULL if something else than a blank or the
 * end of the line is there. */
static inline const char *
word_end(const char *p, const char *stop)
{
	while (p < stop) {
		uint64_t odd = word_odd(word_load(p), '#');
		if (!odd) {
			p += WORD;
			continue;
		}
		p += word_lowest(odd);
		if (*p != '!')
			return ends_word(*p) ? p : NULL;
		p++;
	}
	return NULL;
}

/* Where the closing quote is; NULL if there are escapes. */
static inline const char *
quote_end(const char *p, const char *stop)
{
	for (; p < stop; p += WORD) {
		uint64_t x = word_load(p);
		uint64_t odd = word_odd(x, ' ') | word_equal(x, '"') | word_equal(x, '\\');
		if (!odd)
			continue;
		p += word_lowest(odd);
		return *p == '"' ? p : NULL;
	}
	return NULL;
}

/* The end of a line, whose rest is a comment. */
static const char *
comment_end(const char *p, const char *stop)
{
	while (p < stop) {
		uint64_t odd = word_odd(word_load(p), ' ');
		if (!odd) {
			p += WORD;
			continue;
		}
		p += word_lowest(odd);
		if (*p != '\t')
			return *p == '\n' ? p : NULL;
		p++;
	}
	return NULL;
}

/* --- keys -------------------------------------------------------------- */

bool
rec_set_key(struct rec *r, struct str word, const struct key *key, struct vrfs *vrfs)
{
	if (word.n > UINT16_MAX)
		return false;
	int vrf = key->vrf.n ? vrfs_add(vrfs, key->vrf) : 0;
	if (vrf < 0)
		return false;
	r->first = key->span.first;
	r->last = key->span.last;
	r->kind = (uint8_t)key->kind;
	r->family = (uint8_t)key->span.family;
	r->plen = (uint8_t)(key->kind == KIND_SUBNET ? key->span.len : 0);
	r->vrf = (uint16_t)vrf;
	r->keylen = (uint16_t)word.n;
	r->flags |= key->spelling ? 0 : REC_SPELLING;
	return true;
}

static inline unsigned
digit(char c)
{
	return (unsigned)(unsigned char)c - '0';
}

/* One to three digits, no leading zero, up to 255. */
static inline const char *
octet(const char *p, uint32_t *v)
{
	unsigned a = digit(p[0]), b = digit(p[1]), c;

	if (a > 9)
		return NULL;
	if (b > 9) {
		*v = a;
		return p + 1;
	}
	c = digit(p[2]);
	*v = c > 9 ? a * 10 + b : a * 100 + b * 10 + c;
	return a == 0 || *v > 255 ? NULL : p + (c > 9 ? 2 : 3);
}

/* Remembers "10.1.2." and what it says. */
static inline void
learn_block(struct quick *q, const char *p, size_t n, uint32_t v)
{
	q->block_len = n;
	q->block = v & ~UINT32_C(255);
	q->mask[0] = word_first(n);
	q->mask[1] = n > WORD ? word_first(n - WORD) : 0;
	q->text[0] = word_load(p) & q->mask[0];
	q->text[1] = word_load(p + WORD) & q->mask[1];
}

static inline bool
is_in_block(const struct quick *q, const char *p)
{
	return (word_load(p) & q->mask[0]) == q->text[0] &&
	       (word_load(p + WORD) & q->mask[1]) == q->text[1];
}

static const char *
new_block(struct quick *q, const char *p, uint32_t *v)
{
	const char *end = p;
	uint32_t o[4];

	for (int i = 0; i < 4; i++) {
		if (i > 0 && *end++ != '.')
			return NULL;
		if (i == 3)
			learn_block(q, p, (size_t)(end - p), o[0] << 24 | o[1] << 16 | o[2] << 8);
		end = octet(end, &o[i]);
		if (!end)
			return NULL;
	}
	*v = q->block | o[3];
	return end;
}

/* The line above has mostly the same first three octets. */
static inline const char *
quad(struct quick *q, const char *p, uint32_t *v)
{
	if (!q->block_len || !is_in_block(q, p))
		return new_block(q, p, v);
	const char *end = octet(p + q->block_len, v);
	*v |= q->block;
	return end;
}

/* The length of an IPv4 prefix. */
static inline const char *
length(const char *p, struct rec *r)
{
	uint32_t len;
	const char *end = octet(p, &len);

	if (!end || len > 32)
		return NULL;
	u128 mask = ip_hostmask(IPV4, (int)len);
	if (r->first & mask)
		return NULL;
	r->last = r->first | mask;
	r->plen = (uint8_t)len;
	r->kind = KIND_SUBNET;
	return end;
}

/* An IPv4 address or prefix, nearly always. */
static inline const char *
plain_key(struct quick *q, const char *p, struct rec *r)
{
	uint32_t v;
	const char *end = quad(q, p, &v);

	if (!end)
		return NULL;
	r->first = r->last = v;
	r->family = IPV4;
	r->kind = KIND_ADDRESS;
	if (*end == '/')
		end = length(end + 1, r);
	if (!end || !ends_word(*end))
		return NULL;
	r->keylen = (uint16_t)(end - p);
	return end;
}

static const char *
any_key(const struct quick *q, const char *p, const char *stop, struct rec *r)
{
	const char *end = *p == '@' || *p == '#' ? NULL : word_end(p, stop);
	struct ip_error err;
	struct key key;

	if (!end)
		return NULL;
	struct str word = { p, (size_t)(end - p) };
	return key_parse(word, &key, &err) && rec_set_key(r, word, &key, q->vrfs) ? end : NULL;
}

/* --- attributes -------------------------------------------------------- */

/* Where the word is, or would be. */
static inline size_t
slot_of(const struct quick *q, uint64_t name)
{
	size_t i = (size_t)(name * UINT64_C(0x9e3779b97f4a7c15) >> (64 - QUICK_BITS));

	while (q->word[i].name && q->word[i].name != name)
		i = (i + 1) % QUICK_WORDS;
	return i;
}

static struct quick_word *
add_word(struct quick *q, const char *name)
{
	char bytes[WORD] = { 0 };
	size_t n = strlen(name);

	if (n >= WORD)
		return NULL;
	memcpy(bytes, name, n);
	struct quick_word *w = &q->word[slot_of(q, word_load(bytes))];
	if (!w->name)
		w->number = (uint8_t)(q->words++ % 64);
	w->name = word_load(bytes);
	w->len = (uint8_t)n;
	return w;
}

void
quick_init(struct quick *q, struct vrfs *vrfs)
{
	*q = (struct quick){ .vrfs = vrfs };
	for (size_t i = 0; i < attr_table_len; i++) {
		struct quick_word *w = add_word(q, attr_table[i].name);
		for (enum kind k = KIND_SUBNET; w && k <= KIND_ADDRESS; k++) {
			w->flags[k - KIND_SUBNET] = rec_attr_flags(str_from(attr_table[i].name), k);
			if (schema_fits(&attr_table[i], k, STR_NONE))
				w->info[k - KIND_SUBNET] = &attr_table[i];
		}
	}
	for (size_t i = 0; i < field_table_len; i++)
		add_word(q, field_table[i].name);
}

/* Letters and digits alone. */
static inline bool
is_alnum(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i += WORD) {
		uint64_t x = word_load(p + i);
		uint64_t good =
		    word_between(x, '0', '9') | word_between(x | WORD_OF(0x20), 'a', 'z');
		if ((good ^ WORD_HIGH) & word_first(n - i))
			return false;
	}
	return true;
}

/* A name that is complete, which no key reads like: labels of
 * letters, digits and, inside, hyphens; all of them short enough, as the whole is. */
static bool
is_complete_name(struct str s)
{
	uint64_t dot_before = 0x80, hyphen_before = 0;

	if (s.n < 2 || s.n > 64 || s.p[s.n - 1] != '.')
		return false;
	for (size_t i = 0; i < s.n; i += WORD) {
		uint64_t here = word_first(s.n - i), x = word_load(s.p + i) & here;
		if (x & WORD_HIGH)
			return false;
		uint64_t dot = word_between(x, '.', '.'), hyphen = word_between(x, '-', '-');
		uint64_t good = dot | hyphen | word_between(x, '0', '9') |
		                word_between(x | WORD_OF(0x20), 'a', 'z');
		if ((good ^ WORD_HIGH) & here || (dot << 8 | dot_before) & (dot | hyphen) ||
		    (hyphen << 8 | hyphen_before) & dot)
			return false;
		dot_before = dot >> 56;
		hyphen_before = hyphen >> 56;
	}
	return true;
}

/* One that is complete, or has no dot. */
static bool
is_plain_host(struct str s)
{
	if ((s.n <= 63 && is_alnum(s.p, s.n)) || is_complete_name(s))
		return s.n > 0;
	return (str_find(s, '.') == s.n || s.p[s.n - 1] == '.') && host_is_publishable(s) &&
	       !ip_looks_like_key(s);
}

static bool
are_plain_hosts(struct str value)
{
	struct str host;

	if (value.p[value.n - 1] == ',')
		return false;
	while (str_next(&value, ',', &host))
		if (!is_plain_host(host))
			return false;
	return true;
}

/* High bits for the digits of lower-case hexadecimal. */
static inline uint64_t
hex_bytes(uint64_t x)
{
	return word_between(x, '0', '9') | word_between(x, 'a', 'f');
}

/* 52:54:00:12:34:56 in lower case. */
static inline bool
is_mac(struct str value)
{
	static const uint64_t colons[2] = { UINT64_C(0x0000800000800000),
		UINT64_C(0x0080000080000080) };

	if (value.n != 17)
		return false;
	for (size_t i = 0; i < 2; i++) {
		uint64_t x = word_load(value.p + i * WORD);
		if (word_between(x, ':', ':') != colons[i] ||
		    hex_bytes(x) != (colons[i] ^ WORD_HIGH))
			return false;
	}
	return hex_bytes((unsigned char)value.p[16]) == 0x80;
}

static __attribute__((noinline)) bool
has_no_fault(const struct attr_info *info, enum kind kind, struct str value)
{
	char why[SCHEMA_WHY];

	if (info->type == VALUE_HOSTS)
		return value.n == 0 || are_plain_hosts(value);
	if (info->type == VALUE_DOMAIN && kind == KIND_ADDRESS)
		return false;
	return schema_value_fault(info, value, why) == NULL;
}

/* Whether no check of the value says anything (see REC_FINE). */
static inline bool
is_fine(const struct attr_info *info, enum kind kind, struct str value)
{
	if (info->type == VALUE_TEXT)
		return true;
	if (info->type == VALUE_HOSTS && value.n <= 63 && is_alnum(value.p, value.n))
		return true;
	if (info->type == VALUE_MAC && is_mac(value))
		return true;
	return has_no_fault(info, kind, value);
}

/* A name that no word is. */
static bool
is_other_fine(struct str name, enum kind kind, struct str value)
{
	const struct attr_info *info = schema_attr(name, kind, STR_NONE);

	if (!info)
		return !schema_is_field(name);
	return schema_fits(info, kind, STR_NONE) && has_no_fault(info, kind, value);
}

/* The names that a line has, by numbers: one bit may stand for several. */
struct seen {
	uint64_t word, other;
};

static inline bool
see(uint64_t *seen, unsigned number)
{
	uint64_t bit = UINT64_C(1) << number % 64;
	bool is_new = !(*seen & bit);

	*seen |= bit;
	return is_new;
}

/* The end of the name at p, where the = is. */
static inline const char *
name_end(const char *p)
{
	uint64_t equals = word_equal(word_load(p), '=');

	return equals ? p + word_lowest(equals) : memchr(p, '=', MARGIN);
}

static inline const char *
value_end(const char *p, const char *stop, struct str *value)
{
	bool quoted = *p == '"';
	const char *end = quoted ? quote_end(p + 1, stop) : word_end(p, stop);

	if (!end || end == p)
		return NULL;
	*value = (struct str){ p + quoted, (size_t)(end - p) - quoted };
	return end + quoted;
}

static inline const char *
attribute(const struct quick *q, const char *p, const char *stop, struct rec *r, struct seen *seen)
{
	const char *equals = name_end(p), *end;
	struct str value;

	if (!equals || !(end = value_end(equals + 1, stop, &value)))
		return NULL;
	struct str name = { p, (size_t)(equals - p) };
	const struct quick_word *w = &q->word[0];
	if (name.n < WORD)
		w = &q->word[slot_of(q, word_load(p) & word_first(name.n))];
	if (name.n < WORD && w->name && name.n == w->len) {
		const struct attr_info *info = w->info[r->kind - KIND_SUBNET];
		if (!see(&seen->word, w->number))
			return NULL;
		if (!info || !is_fine(info, r->kind, value))
			r->flags &= (uint8_t)~REC_FINE;
		r->flags |= w->flags[r->kind - KIND_SUBNET];
		return end;
	}
	if (!attr_name_is_valid(name) || !see(&seen->other, (unsigned)str_ihash(name)))
		return NULL;
	if (!is_other_fine(name, r->kind, value))
		r->flags &= (uint8_t)~REC_FINE;
	return end;
}

const char *
quick_line(struct quick *q, const char *line, const char *end, struct rec *r)
{
	const char *stop = end - MARGIN, *p;
	struct seen seen = { 0, 0 };

	if (end - line <= MARGIN)
		return NULL;
	*r = (struct rec){ .line = line, .flags = REC_FINE };
	p = plain_key(q, line, r);
	if (!p)
		p = any_key(q, line, stop, r);
	while (p && is_blank(*p)) {
		while (p < stop && is_blank(*p))
			p++;
		if (p >= stop)
			return NULL;
		if (*p == '#')
			p = comment_end(p, stop);
		else if (*p != '\n')
			p = attribute(q, p, stop, r, &seen);
	}
	if (!p || *p != '\n')
		return NULL;
	r->len = (uint32_t)(p - line);
	return p + 1;
}
