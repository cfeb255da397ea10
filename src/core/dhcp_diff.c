/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan's DHCP beside a server's. */
#include "dhcp.h"

struct differ {
	struct dhcp *plan, *server;
	enum dhcp_server kind;
	dhcp_differences *out;
};

static void
found(struct differ *f, enum dhcp_what what, struct str key, const char *field, struct str plan,
    struct str server)
{
	struct dhcp_difference d = { what, key, str_from(field), plan, server };

	vec_push(f->plan->env, f->out, d);
}

/* --- options ---------------------------------------------------------- */

static const char *
option_name(struct differ *f, const struct dhcp_option_info *info)
{
	return info->attr ? info->attr
	                  : arena_fmt(f->plan->arena, "option.%s%c", info->name, '\0').p;
}

/* A lease time that the plan leaves to the server is no difference. */
static bool
is_default(const struct dhcp_option_info *info)
{
	return info->type == DHCP_TIME || info->code == 0;
}

static void
diff_options(struct differ *f, struct str key, const dhcp_options *plan, const dhcp_options *server)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct dhcp_option *p = &plan->v[i], *s = dhcp_option_get(server, p->info);
		if (!s)
			found(f, DHCP_MISSING, key, option_name(f, p->info), p->value, STR_NONE);
		else if (!str_ieq(p->value, s->value))
			found(f, DHCP_DIFFERENT, key, option_name(f, p->info), p->value, s->value);
	}
	for (size_t i = 0; i < server->n; i++)
		if (!dhcp_option_get(plan, server->v[i].info) && !is_default(server->v[i].info))
			found(f, DHCP_EXTRA, key, option_name(f, server->v[i].info), STR_NONE,
			    server->v[i].value);
}

/* --- pools ------------------------------------------------------------ */

static struct str
range_key(struct differ *f, enum family family, u128 first, u128 last)
{
	char text[SPAN_TEXT];
	struct span span = { first, last, family, -1 };

	return arena_str(f->plan->arena, str_from(range_fmt(text, span)));
}

/* What is in a's pools but not in b's; both are apart and ascending. */
static void
diff_pools(struct differ *f, const struct dhcp_subnet *a, const struct dhcp_subnet *b,
    enum dhcp_what what)
{
	for (size_t i = 0, k = 0; i < a->pool.n; i++) {
		struct span s = a->pool.v[i].span;
		bool is_empty = false;
		while (k < b->pool.n && b->pool.v[k].span.last < s.first)
			k++;
		for (size_t m = k; m < b->pool.n && !is_empty && b->pool.v[m].span.first <= s.last;
		     m++) {
			struct span other = b->pool.v[m].span;
			if (other.first > s.first)
				found(f, what, range_key(f, s.family, s.first, other.first - 1),
				    "role", what == DHCP_MISSING ? STR("dhcp") : STR_NONE,
				    what == DHCP_EXTRA ? STR("dhcp") : STR_NONE);
			is_empty = other.last >= s.last;
			s.first = is_empty ? s.first : other.last + 1;
		}
		if (!is_empty)
			found(f, what, range_key(f, s.family, s.first, s.last), "role",
			    what == DHCP_MISSING ? STR("dhcp") : STR_NONE,
			    what == DHCP_EXTRA ? STR("dhcp") : STR_NONE);
	}
}

/* --- reservations and prefixes ----------------------------------------- */

/* An address or a prefix and whose it is. */
struct claim {
	struct span span;
	const struct dhcp_host *host; /* or, a pool of prefixes, ... */
	const struct dhcp_pd *pd;
};
typedef VEC(struct claim) claims;

static int
by_span(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->span.first != y->span.first)
		return x->span.first < y->span.first ? -1 : 1;
	if (x->span.last != y->span.last)
		return x->span.last < y->span.last ? -1 : 1;
	return !!x->pd - !!y->pd;
}

static void
collect(struct differ *f, const struct dhcp_subnet *s, claims *out)
{
	const struct env *env = f->plan->env;
	bool delegates = f->kind != DHCP_DNSMASQ;

	for (size_t i = 0; i < s->host.n; i++) {
		const struct dhcp_host *h = &s->host.v[i];
		for (size_t k = 0; k < h->ip.n; k++)
			vec_push(env, out, ((struct claim){ span_ip(h->ip.v[k]), h, NULL }));
		for (size_t k = 0; k < h->prefix.n && delegates; k++)
			vec_push(env, out, ((struct claim){ h->prefix.v[k], h, NULL }));
	}
	for (size_t i = 0; i < s->pd.n && delegates; i++)
		vec_push(env, out, ((struct claim){ s->pd.v[i].prefix, NULL, &s->pd.v[i] }));
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_span);
}

static struct str
claim_key(struct differ *f, const struct claim *c)
{
	char text[SPAN_TEXT];

	return arena_str(f->plan->arena, str_from(span_fmt(text, c->span)));
}

static struct str
claim_value(struct differ *f, const struct claim *c, const char **field)
{
	if (c->pd) {
		*field = "pd";
		return arena_fmt(f->plan->arena, "/%d", c->pd->len);
	}
	for (int i = 0; i < DHCP_IDS; i++) {
		*field = dhcp_id_names[i];
		if (c->host->id[i].n)
			return c->host->id[i];
	}
	*field = "mac";
	return STR_NONE;
}

static void
one_sided(struct differ *f, const struct claim *c, enum dhcp_what what)
{
	const char *field;
	struct str value = claim_value(f, c, &field);

	found(f, what, claim_key(f, c), field, what == DHCP_MISSING ? value : STR_NONE,
	    what == DHCP_EXTRA ? value : STR_NONE);
}

/* Whether a server is told a complete name, or its first label only. */
static bool
same_name(struct str plan, struct str server)
{
	size_t dot = str_find(plan, '.');
	bool is_short = str_find(server, '.') == server.n;

	plan = str_without_dot(plan);
	server = str_without_dot(server);
	return str_ieq(is_short ? str_cut(plan, 0, dot < plan.n ? dot : plan.n) : plan, server);
}

static void
diff_host(struct differ *f, const struct claim *p, const struct claim *s)
{
	struct str key = claim_key(f, p);
	const struct dhcp_host *a = p->host, *b = s->host;
	bool agree = false, contradict = false;

	for (int i = 0; i < DHCP_IDS; i++) {
		bool both = a->id[i].n && b->id[i].n, same = both && str_ieq(a->id[i], b->id[i]);
		if (both && !same)
			found(f, DHCP_DIFFERENT, key, dhcp_id_names[i], a->id[i], b->id[i]);
		agree |= same;
		contradict |= both && !same;
	}
	if (!agree && !contradict) {
		const char *field, *other;
		struct str x = claim_value(f, p, &field), y = claim_value(f, s, &other);
		found(f, DHCP_MISSING, key, field, x, STR_NONE);
		found(f, DHCP_EXTRA, key, other, STR_NONE, y);
	}
	if (p->span.len >= 0 && a->ip.n == 0)
		return; /* a delegated prefix has no name */
	if (a->name.n && b->name.n && !same_name(a->name, b->name))
		found(f, DHCP_DIFFERENT, key, "host", a->name, b->name);
	else if (!a->name.n != !b->name.n)
		found(f, a->name.n ? DHCP_MISSING : DHCP_EXTRA, key, "host", a->name, b->name);
	diff_options(f, key, &a->option, &b->option);
}

static void
diff_claims(struct differ *f, const struct dhcp_subnet *plan, const struct dhcp_subnet *server)
{
	claims a = { 0 }, b = { 0 };
	size_t i = 0, k = 0;

	collect(f, plan, &a);
	collect(f, server, &b);
	while (i < a.n || k < b.n) {
		int order = i == a.n ? 1 : k == b.n ? -1 : by_span(&a.v[i], &b.v[k]);
		if (order < 0)
			one_sided(f, &a.v[i++], DHCP_MISSING);
		else if (order > 0)
			one_sided(f, &b.v[k++], DHCP_EXTRA);
		else if (a.v[i].host) {
			diff_host(f, &a.v[i++], &b.v[k++]);
		} else {
			if (a.v[i].pd->len != b.v[k].pd->len)
				found(f, DHCP_DIFFERENT, claim_key(f, &a.v[i]), "pd",
				    arena_fmt(f->plan->arena, "/%d", a.v[i].pd->len),
				    arena_fmt(f->plan->arena, "/%d", b.v[k].pd->len));
			i++, k++;
		}
	}
	vec_release(&a);
	vec_release(&b);
}

/* --- subnets ---------------------------------------------------------- */

static void
diff_words(struct differ *f, struct str key, const char *field, struct str plan, struct str server)
{
	if (plan.n && server.n && !str_ieq(plan, server))
		found(f, DHCP_DIFFERENT, key, field, plan, server);
	else if (!plan.n != !server.n)
		found(f, plan.n ? DHCP_MISSING : DHCP_EXTRA, key, field, plan, server);
}

static void
diff_subnet(struct differ *f, const struct dhcp_subnet *plan, const struct dhcp_subnet *server)
{
	if (f->kind != DHCP_DNSMASQ)
		diff_words(f, plan->key, "link", plan->link, server->link);
	if (f->kind == DHCP_KEA && server->id && plan->id != server->id)
		found(f, DHCP_DIFFERENT, plan->key, "kea-id",
		    arena_fmt(f->plan->arena, "%u", plan->id),
		    arena_fmt(f->plan->arena, "%u", server->id));
	diff_options(f, plan->key, &plan->option, &server->option);
	diff_pools(f, plan, server, DHCP_MISSING);
	diff_pools(f, server, plan, DHCP_EXTRA);
	diff_claims(f, plan, server);
}

static int
order_of(const struct dhcp_subnet *a, const struct dhcp_subnet *b)
{
	if (a->prefix.family != b->prefix.family)
		return a->prefix.family < b->prefix.family ? -1 : 1;
	if (a->prefix.first != b->prefix.first)
		return a->prefix.first < b->prefix.first ? -1 : 1;
	return (a->prefix.len > b->prefix.len) - (a->prefix.len < b->prefix.len);
}

void
dhcp_diff(struct dhcp *plan, struct dhcp *server, enum dhcp_server kind, dhcp_differences *out)
{
	struct differ f = { plan, server, kind, out };
	const struct dhcp_subnet none = { 0 };
	size_t i = 0, k = 0;

	while (i < plan->subnet.n || k < server->subnet.n) {
		struct dhcp_subnet *p = i < plan->subnet.n ? &plan->subnet.v[i] : NULL,
				   *s = k < server->subnet.n ? &server->subnet.v[k] : NULL;
		int order = !p ? 1 : !s ? -1 : order_of(p, s);
		if (order < 0) {
			found(&f, DHCP_MISSING, p->key, "subnet", p->name, STR_NONE);
			diff_claims(&f, p, &none);
			diff_pools(&f, p, &none, DHCP_MISSING);
		} else if (order > 0) {
			found(&f, DHCP_EXTRA, s->key, "subnet", STR_NONE, s->name);
			diff_claims(&f, &none, s);
			diff_pools(&f, s, &none, DHCP_EXTRA);
		} else {
			diff_subnet(&f, p, s);
		}
		i += order <= 0;
		k += order >= 0;
	}
	diff_claims(&f, &none, &server->stray);
	diff_pools(&f, &server->stray, &none, DHCP_EXTRA);
}
