/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a configuration says, as facts for a plan. */
#include "dhcp.h"
#include "kea_id.h"
#include "when.h"

struct teller {
	struct dhcp *conf;
	struct str vrf;
	struct facts *facts;
};

static void
put(struct fact_record *r, const char *name, struct str value, const char *at)
{
	if (value.n)
		r->attr[r->attrs++] = (struct fact_attr){ str_from(name), value, at };
}

/* A record with room for its options and a few attributes more. */
static struct fact_record *
record(struct teller *t, enum kind kind, struct span span, const dhcp_options *o)
{
	struct fact_record *r = arena_zalloc(&t->facts->arena, sizeof(*r));
	size_t room = 8 + DHCP_IDS + 2 * (o ? o->n : 0);

	r->kind = kind;
	r->span = span;
	r->attr = arena_alloc(&t->facts->arena, room * sizeof(*r->attr));
	return r;
}

static void
tell(struct teller *t, struct fact_record *r, const char *at)
{
	facts_add(t->facts, FACT_RECORD, at)->record = r;
}

/* --- options ---------------------------------------------------------- */

/* The longest unit that says it exactly; empty if a plan has none. */
static struct str
duration(struct teller *t, struct str seconds)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 'w', 604800 }, { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 } };
	uint64_t n = 0;

	str_uint(seconds, UINT64_MAX, &n);
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (n && n % units[i].seconds == 0)
			return arena_fmt(&t->facts->arena, "%llu%c",
			    (unsigned long long)(n / units[i].seconds), units[i].unit);
	return STR_NONE;
}

/* The plan's attribute for an option, where there is one and it can say all. */
static void
put_option(struct teller *t, struct fact_record *r, const struct dhcp_option *o)
{
	struct str name = arena_fmt(&t->facts->arena, "option.%s", o->info->name);
	bool is_subnet = r->kind == KIND_SUBNET, is_list = str_find(o->value, ',') < o->value.n;
	bool is_one = o->info->attr &&
	              (strcmp(o->info->attr, "gw") == 0 || strcmp(o->info->attr, "domain") == 0);

	if (o->info->type == DHCP_TIME) {
		struct str value = duration(t, o->value);
		if (value.n && is_subnet)
			put(r, o->info->attr, value, o->at);
		else
			facts_other(t->facts, o->at, "%s of %.*s s: %s", o->info->name,
			    STR_FMT(o->value),
			    is_subnet ? "a plan counts in minutes"
				      : "a plan has it on subnets alone");
		return;
	}
	if (is_subnet && o->info->attr)
		put(r, o->info->attr,
		    is_one ? str_cut(o->value, 0, str_find(o->value, ',')) : o->value, o->at);
	if (!is_subnet || !o->info->attr || (is_one && is_list))
		put(r, arena_z(&t->facts->arena, name), o->value, o->at);
}

static void
put_options(struct teller *t, struct fact_record *r, const dhcp_options *o)
{
	for (size_t i = 0; i < o->n; i++)
		put_option(t, r, &o->v[i]);
}

/* --- records ---------------------------------------------------------- */

static bool
is_usable_name(struct str name)
{
	return name_is_valid(name) && !ip_looks_like_key(name);
}

static void
put_name(struct teller *t, struct fact_record *r, const char *attr, struct str name, const char *at)
{
	if (name.n && is_usable_name(name))
		put(r, attr, name, at);
	else if (name.n)
		facts_other(t->facts, at, "%s=%.*s: no name that a plan can hold", attr,
		    STR_FMT(name));
}

static void
tell_pool(struct teller *t, const struct dhcp_subnet *s, const struct dhcp_pool *pool)
{
	struct fact_record *r = record(t, KIND_RANGE, pool->span, &pool->option);

	if (s->prefix.family && !span_holds(s->prefix, pool->span))
		return; /* dhcp_settle() said so */
	put_name(t, r, "name", pool->name, pool->at);
	put(r, "role", STR("dhcp"), pool->at);
	put_options(t, r, &pool->option);
	tell(t, r, pool->at);
}

static struct str
via(struct teller *t, const struct dhcp_subnet *s)
{
	return s->name.n && is_usable_name(s->name)
	           ? s->name
	           : key_fmt(&t->facts->arena, s->prefix, STR_NONE);
}

static void
tell_pd(struct teller *t, const struct dhcp_subnet *s, const struct dhcp_pd *pd)
{
	struct fact_record *r = record(t, KIND_SUBNET, pd->prefix, NULL);

	put_name(t, r, "name", pd->name, pd->at);
	put(r, "pd", arena_fmt(&t->facts->arena, "/%d", pd->len), pd->at);
	put(r, "via", via(t, s), pd->at);
	tell(t, r, pd->at);
}

static void
put_ids(struct fact_record *r, const struct dhcp_host *h)
{
	for (int i = 0; i < DHCP_IDS; i++)
		put(r, dhcp_id_names[i], h->id[i], h->at);
}

static void
tell_address(struct teller *t, const struct dhcp_host *h, struct ip ip)
{
	struct fact_record *r = record(t, KIND_ADDRESS, span_ip(ip), &h->option);

	put_ids(r, h);
	put_options(t, r, &h->option);
	tell(t, r, h->at);
	if (h->name.n == 0)
		return;
	struct fact *fact = facts_add(t->facts, FACT_NAME, h->at);
	fact->ip = ip;
	fact->name = h->name;
}

static void
tell_prefix(struct teller *t, const struct dhcp_subnet *s, const struct dhcp_host *h,
    struct span prefix)
{
	struct fact_record *r = record(t, KIND_SUBNET, prefix, NULL);
	bool in_pool = false;

	for (size_t i = 0; i < s->pd.n; i++)
		in_pool |= span_holds(s->pd.v[i].prefix, prefix);
	put_ids(r, h);
	if (!in_pool && s->prefix.family)
		put(r, "via", via(t, s), h->at);
	tell(t, r, h->at);
}

static void
tell_host(struct teller *t, const struct dhcp_subnet *s, const struct dhcp_host *h)
{
	bool has_id = h->id[DHCP_MAC].n || h->id[DHCP_DUID].n || h->id[DHCP_CLIENT_ID].n;

	if (!has_id)
		return; /* the reader said so */
	for (size_t i = 0; i < h->ip.n; i++)
		tell_address(t, h, h->ip.v[i]);
	for (size_t i = 0; i < h->prefix.n; i++)
		tell_prefix(t, s, h, h->prefix.v[i]);
}

static void
tell_content(struct teller *t, const struct dhcp_subnet *s)
{
	for (size_t i = 0; i < s->pool.n; i++)
		tell_pool(t, s, &s->pool.v[i]);
	for (size_t i = 0; i < s->pd.n; i++)
		tell_pd(t, s, &s->pd.v[i]);
	for (size_t i = 0; i < s->host.n; i++)
		tell_host(t, s, &s->host.v[i]);
}

static void
tell_subnet(struct teller *t, const struct dhcp_subnet *s)
{
	struct fact_record *r = record(t, KIND_SUBNET, s->prefix, &s->option);

	put_name(t, r, "name", s->name, s->at);
	put_name(t, r, "link", s->link, s->at);
	put_options(t, r, &s->option);
	if (s->id && s->id != kea_id_derived(s->prefix, t->vrf))
		put(r, "kea-id", arena_fmt(&t->facts->arena, "%u", s->id), s->at);
	tell(t, r, s->at);
	tell_content(t, s);
}

void
dhcp_facts(struct dhcp *conf, struct str vrf, struct facts *facts)
{
	struct teller t = { conf, vrf, facts };

	for (size_t i = 0; i < conf->subnet.n; i++)
		tell_subnet(&t, &conf->subnet.v[i]);
	tell_content(&t, &conf->stray);
}
