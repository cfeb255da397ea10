/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line's values, read and written. */
#include "seen_parts.h"
#include "when.h"

static const char never[] = "never";

static int64_t
read_time(struct str value)
{
	int64_t t;

	if (str_eq(value, str_from(never)))
		return SEEN_NEVER;
	return when_parse(value, &t) ? t : SEEN_UNKNOWN;
}

void
sight_read(struct arena *a, const struct rec *r, struct sight *out)
{
	const struct {
		struct str name;
		struct str *text;
		int64_t *time;
	} field[] = {
		{ STR("first"), NULL, &out->first },
		{ STR("last"), NULL, &out->last },
		{ STR("by"), &out->by, NULL },
		{ STR("mac"), &out->mac, NULL },
		{ STR("host"), &out->host, NULL },
		{ STR("lease"), &out->lease, NULL },
		{ STR("lease-end"), NULL, &out->lease_end },
		{ STR("client-id"), &out->client, NULL },
		{ STR("duid"), &out->duid, NULL },
	};
	struct attr_iter it;
	struct attr attr;

	*out = (struct sight){ .first = SEEN_UNKNOWN,
		.last = SEEN_UNKNOWN,
		.lease_end = SEEN_UNKNOWN };
	attr_start(&it, r);
	while (attr_next(&it, &attr))
		for (size_t i = 0; i < ARRAY_LEN(field); i++) {
			if (!str_eq(attr.name, field[i].name))
				continue;
			if (field[i].text)
				*field[i].text = attr_value(&attr, a);
			else
				*field[i].time = read_time(attr.value);
			break;
		}
}

static void
put_text(struct buf *b, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	buf_char(b, ' ');
	buf_z(b, name);
	buf_char(b, '=');
	text_quote(b, value);
}

static void
put_time(struct buf *b, const char *name, int64_t t)
{
	char text[WHEN_TEXT];

	if (t != SEEN_UNKNOWN)
		put_text(b, name, str_from(t == SEEN_NEVER ? never : when_fmt(text, t)));
}

struct rec
sight_line(struct seen *s, const struct rec *key, const struct sight *sight)
{
	struct rec r = *key;
	struct buf b;

	buf_init(&b, s->db->env);
	buf_str(&b, db_key(s->db, key));
	r.keylen = (uint16_t)b.n;
	put_time(&b, "first", sight->first);
	put_time(&b, "last", sight->last);
	put_text(&b, "by", sight->by);
	put_text(&b, "mac", sight->mac);
	put_text(&b, "host", sight->host);
	put_text(&b, "lease", sight->lease);
	put_time(&b, "lease-end", sight->lease_end);
	put_text(&b, "client-id", sight->client);
	put_text(&b, "duid", sight->duid);
	struct str line = arena_str(&s->arena, buf_get(&b));
	buf_release(&b);
	r.line = line.p;
	r.len = (uint32_t)line.n;
	r.flags = 0;
	return r;
}

bool
sight_is_leased(const struct sight *s, int64_t now)
{
	return str_eq(s->lease, STR("active")) &&
	       (s->lease_end == SEEN_UNKNOWN || s->lease_end > now);
}

const char *
seen_lease_state(const char *state, int64_t end, int64_t now)
{
	bool is_over = end != SEEN_UNKNOWN && end <= now;

	return is_over && strcmp(state, "active") == 0 ? "expired" : state;
}
