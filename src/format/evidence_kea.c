/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kea's memfile: a log of leases in CSV, of which the last row of an address
 * counts.  Its columns are found by their names, for each release has more of
 * them.  There are no quotes; a comma in a value is &#x2c.
 */
#include "evidence_parts.h"
#include "format.h"

#include "core/hex.h"

enum field {
	ADDRESS,
	HWADDR,
	CLIENT_ID,
	DUID,
	VALID_LIFETIME,
	EXPIRE,
	LEASE_TYPE,
	PREFIX_LEN,
	HOSTNAME,
	STATE,
	FIELDS /* none of these */
};
static const char *const field_names[] = {
	[ADDRESS] = "address",
	[HWADDR] = "hwaddr",
	[CLIENT_ID] = "client_id",
	[DUID] = "duid",
	[VALID_LIFETIME] = "valid_lifetime",
	[EXPIRE] = "expire",
	[LEASE_TYPE] = "lease_type",
	[PREFIX_LEN] = "prefix_len",
	[HOSTNAME] = "hostname",
	[STATE] = "state",
};

enum { COLUMNS = 32, PREFIX_DELEGATION = 2 };
static const uint64_t infinite = UINT32_MAX;

static const char *const state_names[] = { "active", "declined", "expired", "released",
	"registered" };

struct header {
	enum field field[COLUMNS];
	size_t columns, wanted; /* all, and up to `hostname` */
	bool has[FIELDS];
};

static enum field
field_by_name(struct str name)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (str_eq(name, str_from(field_names[i])))
			return (enum field)i;
	return FIELDS;
}

/* Like str_next(), but what follows a final comma is a cell, too; rest->p is NULL behind
 * the last. */
static bool
next_cell(struct str *rest, struct str *cell)
{
	if (!rest->p)
		return false;
	size_t comma = str_find(*rest, ',');
	*cell = str_cut(*rest, 0, comma);
	if (comma < rest->n)
		*rest = (struct str){ rest->p + comma + 1, rest->n - comma - 1 };
	else
		rest->p = NULL;
	return true;
}

static bool
read_header(struct header *h, struct str line)
{
	static const enum field needed[] = { ADDRESS, VALID_LIFETIME, EXPIRE, HOSTNAME };
	struct str cell;

	*h = (struct header){ 0 };
	while (h->columns < COLUMNS && next_cell(&line, &cell)) {
		enum field f = field_by_name(cell);
		h->field[h->columns++] = f;
		if (f != FIELDS)
			h->has[f] = true;
		if (f == HOSTNAME)
			h->wanted = h->columns;
	}
	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!h->has[needed[i]])
			return false;
	return true;
}

/* &#xHH is a byte. */
static struct str
unescape(struct arena *a, struct str s)
{
	static const struct str mark = STR("&#x");
	size_t n = 0;

	if (str_find(s, '&') == s.n)
		return s;
	char *p = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++) {
		bool is_mark = i + 5 <= s.n && str_starts(str_cut(s, i, s.n), mark) &&
		               hex_digit(s.p[i + 3]) >= 0 && hex_digit(s.p[i + 4]) >= 0;
		p[n++] =
		    is_mark ? (char)(hex_digit(s.p[i + 3]) << 4 | hex_digit(s.p[i + 4])) : s.p[i];
		i += is_mark ? 4 : 0;
	}
	return (struct str){ p, n };
}

/* What a declined lease has instead of a DUID. */
static bool
is_no_duid(struct str s)
{
	return s.n == 0 || str_eq(s, STR("00")) || str_eq(s, STR("00:00:00"));
}

struct row {
	struct str cell[FIELDS];
	uint64_t valid, expire, state, type, prefix_len;
};

static bool
read_number(struct str cell, uint64_t max, uint64_t *out)
{
	*out = 0;
	return cell.n == 0 || str_uint(cell, max, out);
}

/* Why the row is none, or NULL. */
static const char *
read_cells(struct row *row, const struct header *h, struct str line)
{
	struct str cell;
	size_t n = 0;

	*row = (struct row){ 0 };
	while (next_cell(&line, &cell)) {
		if (n < h->columns && h->field[n] != FIELDS)
			row->cell[h->field[n]] = cell;
		n++;
	}
	if (n < h->wanted)
		return "too few columns";
	if (n > h->columns)
		return "more columns than its header";
	if (!read_number(row->cell[VALID_LIFETIME], UINT32_MAX, &row->valid) ||
	    !read_number(row->cell[EXPIRE], INT64_MAX, &row->expire) ||
	    (row->expire < row->valid && row->valid != infinite))
		return "no times of a lease";
	if (!read_number(row->cell[STATE], ARRAY_LEN(state_names) - 1, &row->state))
		return "an unknown state";
	if (!read_number(row->cell[LEASE_TYPE], 2, &row->type) ||
	    !read_number(row->cell[PREFIX_LEN], 128, &row->prefix_len))
		return "no type of a lease";
	return NULL;
}

/* The prefix that is delegated, or the address. */
static struct sighting *
add_span(struct reading *r, struct str address, bool is_prefix, uint64_t len)
{
	struct ip ip;

	if (!is_prefix || !evidence_ip(address, &ip) || ip.family != IPV6)
		return evidence_add(r, address);
	r->understood++;
	return sightings_add(r->out, span_prefix(ip, (int)len));
}

static void
note_times(struct sighting *s, uint64_t valid, int64_t cltt, uint64_t state, int64_t now)
{
	s->last = cltt;
	s->lease_end = valid == infinite ? SEEN_NEVER : cltt + (int64_t)valid;
	s->lease = seen_lease_state(state_names[state], s->lease_end, now);
	if (valid == 0)
		s->kind = SIGHTING_GONE;
}

static void
read_row(struct reading *r, const struct header *h, struct str line)
{
	struct row row;
	const char *fault = read_cells(&row, h, line);

	if (fault) {
		reading_warn(r, line.p, "%s: left out", fault);
		return;
	}
	struct sighting *s = add_span(r, row.cell[ADDRESS],
	    row.type == PREFIX_DELEGATION && h->has[LEASE_TYPE], row.prefix_len);
	if (!s)
		return;
	int64_t cltt =
	    row.expire < row.valid ? SEEN_UNKNOWN : (int64_t)row.expire - (int64_t)row.valid;
	note_times(s, row.valid, cltt, row.state, r->out->env->now);
	s->host = evidence_host(unescape(&r->out->arena, row.cell[HOSTNAME]));
	evidence_mac(s, row.cell[HWADDR]);
	s->client = row.cell[CLIENT_ID];
	if (!is_no_duid(row.cell[DUID]))
		evidence_duid(s, row.cell[DUID]);
}

static void
read_csv(struct reading *r)
{
	struct header h;
	struct str line;
	bool whole;

	if (!reading_line(r, &line, &whole))
		return;
	if (!whole) {
		reading_unfinished(r, line.p);
		return;
	}
	if (!read_header(&h, line)) {
		diag_error(r->d, line.p, "no header of Kea's memfile (address, ... hostname)");
		return;
	}
	while (reading_line(r, &line, &whole)) {
		if (!whole)
			reading_unfinished(r, line.p);
		else if (line.n)
			read_row(r, &h, line);
	}
}

/* --- what its control socket says -------------------------------------- */

#if WITH_JSON
#include <jansson.h>

/* A copy: the JSON goes. */
static struct str
text_of(struct reading *r, const json_t *lease, const char *name)
{
	struct str s = str_from(json_string_value(json_object_get(lease, name)));

	return s.n ? arena_str(&r->out->arena, s) : STR_NONE;
}

static uint64_t
number_of(const json_t *lease, const char *name, uint64_t max)
{
	json_int_t n = json_integer_value(json_object_get(lease, name));

	return n < 0 ? 0 : (uint64_t)n > max ? max : (uint64_t)n;
}

static void
read_lease(struct reading *r, const json_t *lease)
{
	struct str address = text_of(r, lease, "ip-address"), duid = text_of(r, lease, "duid");
	bool is_prefix = str_eq(text_of(r, lease, "type"), STR("IA_PD"));
	struct ip ip;

	if (!evidence_ip(address, &ip) || !json_is_integer(json_object_get(lease, "cltt"))) {
		reading_warn(r, r->source->p, "a lease without an address or a time: left out");
		return;
	}
	struct sighting *s = add_span(r, address, is_prefix, number_of(lease, "prefix-len", 128));
	if (!s)
		return;
	note_times(s, number_of(lease, "valid-lft", UINT32_MAX),
	    (int64_t)number_of(lease, "cltt", UINT32_MAX * (uint64_t)4),
	    number_of(lease, "state", ARRAY_LEN(state_names) - 1), r->out->env->now);
	s->host = evidence_host(text_of(r, lease, "hostname"));
	evidence_mac(s, text_of(r, lease, "hw-address"));
	s->client = text_of(r, lease, "client-id");
	if (!is_no_duid(duid))
		evidence_duid(s, duid);
}

/* 0 is done, 3 that there is none. */
static void
read_answer(struct reading *r, const json_t *answer)
{
	const json_t *result = json_object_get(answer, "result");
	const json_t *leases = json_object_get(json_object_get(answer, "arguments"), "leases");

	if (!json_is_integer(result) ||
	    (json_integer_value(result) != 0 && json_integer_value(result) != 3)) {
		struct str text = str_from(json_string_value(json_object_get(answer, "text")));
		struct str line = STR("it does not say why");
		str_next(&text, '\n', &line);
		diag_error(r->d, r->source->p, "Kea's answer has no leases: %.*s", STR_FMT(line));
		return;
	}
	for (size_t i = 0; i < json_array_size(leases); i++)
		read_lease(r, json_array_get(leases, i));
}

void
evidence_kea_json(struct reading *r)
{
	json_error_t err;
	json_t *all = json_loadb(r->source->p, r->source->n, 0, &err);

	if (!all)
		diag_at(r->d, SEV_ERROR, RULE_NONE,
		    (struct pos){ r->source->p + (err.position > 0 ? err.position : 0) },
		    "no JSON: %s", err.text);
	else if (!json_is_array(all))
		read_answer(r, all);
	for (size_t i = 0; i < json_array_size(all); i++)
		read_answer(r, json_array_get(all, i));
	json_decref(all);
}

#else

void
evidence_kea_json(struct reading *r)
{
	diag_error(r->d, r->source->p, "JSON: built without jansson (its memfile can be read)");
}

#endif

void
evidence_kea(const struct text_source *source, struct sightings *out, struct diags *d)
{
	struct str rest = { source->p, source->n }, word;
	struct reading r;

	reading_init(&r, source, out, d);
	if (format_word(&rest, &word) && (word.p[0] == '{' || word.p[0] == '['))
		evidence_kea_json(&r);
	else
		read_csv(&r);
}
