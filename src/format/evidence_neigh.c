/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ip neigh: the neighbour table of Linux.
 *
 * A neighbour that is REACHABLE, or is just being asked (DELAY, PROBE), is there
 * now.  One that is STALE was there; when, only `ip -s` says (confirmed, in
 * seconds).  FAILED and INCOMPLETE ones are not there, PERMANENT and NOARP ones
 * are configured, and what is proxied is somebody else.
 */
#include "evidence_parts.h"
#include "format.h"

#if WITH_JSON
#include <jansson.h>
#endif

struct neighbour {
	struct str ip, mac, state;
	bool has_age, is_proxy;
	uint64_t age; /* seconds since it was confirmed */
};

static bool
is_one_of(struct str word, const char *const *words)
{
	for (; *words; words++)
		if (str_eq(word, str_from(*words)))
			return true;
	return false;
}

static void
add_neighbour(struct reading *r, const struct neighbour *n)
{
	static const char *const now[] = { "REACHABLE", "DELAY", "PROBE", NULL };
	bool is_now = is_one_of(n->state, now);

	r->understood++;
	if (n->is_proxy || !(is_now || str_eq(n->state, STR("STALE"))))
		return;
	struct sighting *s = evidence_add(r, n->ip);
	if (!s)
		return;
	evidence_mac(s, n->mac);
	if (is_now)
		return;
	if (n->has_age) {
		s->last = r->out->env->now - (int64_t)n->age;
	} else {
		s->kind = SIGHTING_OLD;
		r->out->old++;
	}
}

/* used 30/12/5: used, confirmed, updated */
static void
read_ages(struct neighbour *n, struct str word)
{
	struct str used, confirmed;

	n->has_age = str_next(&word, '/', &used) && str_next(&word, '/', &confirmed) &&
	             str_uint(confirmed, INT32_MAX, &n->age);
}

static bool
is_state(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			return false;
	return word.n > 1;
}

static void
read_line(struct reading *r, struct str line)
{
	struct neighbour n = { 0 };
	struct str rest = line, word;
	struct ip ip;

	if (!format_word(&rest, &n.ip))
		return;
	if (!evidence_ip(n.ip, &ip)) {
		reading_warn(r, line.p, "not understood: left out");
		return;
	}
	while (format_word(&rest, &word)) {
		if (str_eq(word, STR("lladdr")))
			format_word(&rest, &n.mac);
		else if (str_eq(word, STR("dev")))
			format_word(&rest, &word);
		else if (str_eq(word, STR("used")) && format_word(&rest, &word))
			read_ages(&n, word);
		else if (str_eq(word, STR("proxy")))
			n.is_proxy = true;
		else if (is_state(word))
			n.state = word;
	}
	add_neighbour(r, &n);
}

#if WITH_JSON

static struct str
json_text(const json_t *object, const char *name)
{
	return str_from(json_string_value(json_object_get(object, name)));
}

static void
read_object(struct reading *r, const json_t *object)
{
	const json_t *confirmed = json_object_get(object, "confirmed");
	struct arena *a = &r->out->arena;
	struct neighbour n = { .ip = arena_str(a, json_text(object, "dst")),
		.mac = json_text(object, "lladdr"),
		.is_proxy = json_object_get(object, "proxy") != NULL };
	struct ip ip;

	n.state = str_from(json_string_value(json_array_get(json_object_get(object, "state"), 0)));
	n.has_age = json_is_integer(confirmed) && json_integer_value(confirmed) >= 0;
	n.age = n.has_age ? (uint64_t)json_integer_value(confirmed) & INT32_MAX : 0;
	if (evidence_ip(n.ip, &ip))
		add_neighbour(r, &n);
}

void
evidence_neigh_json(struct reading *r)
{
	json_error_t err;
	json_t *all = json_loadb(r->source->p, r->source->n, 0, &err);

	if (!all)
		diag_at(r->d, SEV_ERROR, RULE_NONE,
		    (struct pos){ r->source->p + (err.position > 0 ? err.position : 0) },
		    "not JSON as ip -j neigh prints it: %s", err.text);
	else if (!json_is_array(all))
		diag_error(r->d, r->source->p,
		    "not JSON as ip -j neigh prints it: an array is wanted");
	else
		r->understood++;
	for (size_t i = 0; i < json_array_size(all); i++)
		read_object(r, json_array_get(all, i));
	json_decref(all);
}

#else

void
evidence_neigh_json(struct reading *r)
{
	diag_error(r->d, r->source->p,
	    "JSON: built without jansson (ip neigh without -j can be read)");
}

#endif

void
evidence_neigh(const struct text_source *source, struct sightings *out, struct diags *d)
{
	struct str rest = { source->p, source->n }, word, line;
	struct reading r;

	reading_init(&r, source, out, d);
	if (format_word(&rest, &word) && word.p[0] == '[') {
		evidence_neigh_json(&r);
		return;
	}
	while (reading_line(&r, &line, NULL))
		read_line(&r, line);
	reading_done(&r, "ip neigh");
}
