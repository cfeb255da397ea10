/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is served, name by name: many questions by one dig. */
#include "cmd.h"

#if WITH_ZONE
#include "core/arpa.h"
#include "core/dns_diff.h"
#include "format/zone.h"
#include "io/child.h"
#include "zones.h"

enum { CHAIN_MAX = 8, SMALL = 24 /* of 256 addresses */ };

struct question {
	struct str name;
	unsigned type;
};

struct asker {
	struct ctx *c;
	const struct zones_source *s;
	const struct dns_zone *z;
	VEC(struct question) question;
	size_t needed; /* so many of them must be answered well */
};

static const char *
question_type(unsigned type)
{
	return type == DNS_DHCID ? "DHCID" : dns_type_name(type);
}

static void
ask(struct asker *q, struct str name, unsigned type)
{
	vec_push(q->c->env, &q->question, ((struct question){ name, type }));
	q->needed = q->question.n;
}

/* --- dig ---------------------------------------------------------------- */

static enum status
run_dig(struct asker *q, struct child_result *result)
{
	const struct zones_source *s = q->s;
	const char *argv[20] = { "dig", "-r", arena_fmt(s->a, "@%s", s->server).p, "-p", s->port,
		"+noall", "+comments", "+answer", "+time=5", "+tries=2", "-f", "-" };
	struct child dig = { .argv = argv, .package = "bind9-dnsutils", .timeout = 600000 };
	struct buf input;
	size_t n = 12;

	if (s->key) {
		argv[n++] = "-k";
		argv[n++] = s->key;
	}
	buf_init(&input, q->c->env);
	for (size_t i = 0; i < q->question.n; i++)
		buf_fmt(&input, "-q %.*s. -t %s\n", STR_FMT(q->question.v[i].name),
		    question_type(q->question.v[i].type));
	dig.input = buf_get(&input);
	enum status status = child_run(&dig, q->c->env, s->a, result, q->c->diags);
	buf_release(&input);
	return status;
}

/* The word behind "status: " in the header of an answer. */
static bool
next_status(struct str *rest, struct str *word)
{
	static const char words[] = ", status: ";
	struct str line;

	while (str_next(rest, '\n', &line)) {
		const char *at = memmem(line.p, line.n, words, sizeof(words) - 1);
		if (!str_starts(line, STR(";; ->>HEADER<<-")) || !at)
			continue;
		*word = str_cut(line, (size_t)(at - line.p) + sizeof(words) - 1, line.n);
		*word = str_cut(*word, 0, str_find(*word, ','));
		return true;
	}
	return false;
}

/* Each question has its answer, in their order, or there is none. */
static enum status
check_answers(const struct asker *q, struct str text)
{
	struct str word = STR("no answer");

	for (size_t i = 0; i < q->question.n; i++) {
		bool any = next_status(&text, &word);
		if (i >= q->needed ||
		    (any && (str_eq(word, STR("NOERROR")) || str_eq(word, STR("NXDOMAIN")))))
			continue;
		return diag_fail(q->c->diags, STATUS_REMOTE, "%s: %.*s %s: %.*s", q->s->server,
		    STR_FMT(q->question.v[i].name), question_type(q->question.v[i].type),
		    STR_FMT(any ? word : STR("no answer")));
	}
	return STATUS_OK;
}

/* Adds all records of all answers. */
static enum status
get_answers(struct asker *q, dns_list *out)
{
	struct child_result result;
	struct diags unheard;
	enum status status = q->question.n ? run_dig(q, &result) : STATUS_OK;

	if (status || q->question.n == 0)
		return status;
	status = zones_signed(q->c, q->s, &result);
	if (!status)
		status = check_answers(q, result.out);
	if (status)
		return status;
	struct format_input in = { .source = { q->s->server, result.out.p, result.out.n },
		.any_type = true };
	diags_init(&unheard, q->c->env); /* that there may be no record at all */
	zone_list(&in, q->s->a, out, &unheard);
	diags_release(&unheard);
	q->question.n = 0;
	return STATUS_OK;
}

/* --- RFC 2317 ------------------------------------------------------------ */

/* The end of a chain of CNAMEs: false if there is none at its begin. */
static bool
follow(const struct asker *q, const dns_list *l, struct str *name)
{
	bool any = false;

	for (unsigned hops = 0; hops < CHAIN_MAX; hops++) {
		size_t i = dns_find(l, dns_key(q->s->a, *name), DNS_CNAME);
		if (i == l->n)
			break;
		*name = l->v[i].target;
		any = true;
	}
	return any;
}

/* The PTRs at the end of a chain, as if they were at its begin. */
static bool
copy_pointers(const struct asker *q, const dns_list *from, struct str end,
    const struct dns_rr *begin, dns_list *to)
{
	struct str key = dns_key(q->s->a, end);
	size_t i = dns_find(from, key, DNS_PTR), first = i;

	for (; i < from->n && str_eq(from->v[i].key, key) && from->v[i].type == DNS_PTR; i++) {
		struct dns_rr rr = from->v[i];
		rr.owner = begin->owner;
		rr.key = begin->key;
		rr.ip = begin->ip;
		vec_push(q->c->env, to, rr);
	}
	return i > first;
}

static bool
has_pointer(const dns_list *l, const struct dns_rr *rr)
{
	return dns_find(l, rr->key, DNS_PTR) < l->n;
}

/* For each PTR of the plan where a CNAME is served; those of which the end is not known
 * are asked for if `asks`. */
static void
follow_all(struct asker *q, const dns_list *plan, const dns_list *all, bool asks, dns_list *out)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct dns_rr *rr = &plan->v[i];
		struct str end = rr->owner;
		bool is_next =
		    i > 0 && plan->v[i - 1].type == DNS_PTR && str_eq(plan->v[i - 1].key, rr->key);
		if (rr->type != DNS_PTR || is_next || has_pointer(all, rr) || !follow(q, all, &end))
			continue;
		if (!copy_pointers(q, all, end, rr, out) && asks)
			ask(q, end, DNS_PTR);
	}
}

enum status
zones_follow(struct ctx *c, const struct zones_source *s, const dns_list *plan, dns_list *served)
{
	struct asker q = { .c = c, .s = s };
	dns_list all = { 0 };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < served->n; i++)
		vec_push(c->env, &all, served->v[i]);
	follow_all(&q, plan, &all, true, served);
	if (q.question.n) {
		served->n = all.n;
		status = get_answers(&q, &all);
		dns_sort(&all);
		follow_all(&q, plan, &all, false, served);
	}
	dns_sort(served);
	vec_release(&all);
	vec_release(&q.question);
	return status;
}

/* --- DHCP servers -------------------------------------------------------- */

static bool
has_record(const dns_list *l, const struct dns_rr *rr)
{
	for (size_t i = dns_find(l, rr->key, rr->type); i < l->n && str_eq(l->v[i].key, rr->key);
	     i++)
		if (dns_order(&l->v[i], rr) == 0)
			return true;
	return false;
}

/* The names of PTRs that the plan does not have, and that no transfer had a chance to show. */
static void
ask_targets(struct asker *q, const struct dns *dns, const struct dns_zone *z, const dns_list *plan,
    const dns_list *served, const bool *whole)
{
	for (size_t i = 0; i < served->n; i++) {
		const struct dns_rr *rr = &served->v[i];
		if (rr->type != DNS_PTR || has_record(plan, rr))
			continue;
		size_t zone = dns_zone_of(dns, z->view, dns_key(q->s->a, rr->target));
		if (rr->ip.family == FAMILY_NONE || (zone != SIZE_MAX && whole[zone]))
			continue;
		ask(q, rr->target, DNS_DHCID);
		ask(q, rr->target, rr->ip.family == IPV4 ? DNS_A : DNS_AAAA);
	}
	q->needed = 0;
}

enum status
zones_dynamic(struct ctx *c, const struct zones_source *s, const struct dns *dns,
    const dns_list *plan, const dns_list *served, const bool *whole, dns_list *dynamic)
{
	struct asker q = { .c = c, .s = s };
	dns_list all = { 0 };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < dns->zones; i++) {
		dns_add_dynamic(c->env, &served[i], dynamic);
		if (s->server)
			ask_targets(&q, dns, &dns->zone[i], &plan[i], &served[i], whole);
	}
	status = get_answers(&q, &all);
	dns_sort(&all);
	dns_add_dynamic(c->env, &all, dynamic);
	dns_sort(dynamic);
	vec_release(&all);
	vec_release(&q.question);
	return status;
}

/* --- a zone -------------------------------------------------------------- */

/* Drops what a server of this zone alone does not answer: delegations, and glue. */
static void
drop_delegated(const struct dns_zone *z, dns_list *plan)
{
	struct str cut = STR_NONE;
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct dns_rr *rr = &plan->v[i];
		if (rr->type == DNS_NS && !str_eq(rr->key, z->key))
			cut = rr->key;
		if (!cut.n || !str_starts(rr->key, cut))
			plan->v[n++] = *rr;
	}
	plan->n = n;
}

static void
ask_name(struct asker *q, struct str name)
{
	static const unsigned forward[] = { DNS_A, DNS_AAAA }, reverse[] = { DNS_PTR };
	bool is_reverse = arpa_is_reverse(q->z->name);
	const unsigned *type = is_reverse ? reverse : forward;

	for (size_t i = 0; i < (is_reverse ? ARRAY_LEN(reverse) : ARRAY_LEN(forward)); i++)
		ask(q, name, type[i]);
}

static bool
small_zone(const struct dns_zone *z, struct span *span)
{
	return arpa_is_reverse(z->name) && arpa_parse(z->name, span) && span->family == IPV4 &&
	       span->len >= SMALL;
}

bool
zones_asks_all(const struct dns_zone *z)
{
	struct span span;

	return small_zone(z, &span);
}

/* What an address is called in a reverse zone, also in one of RFC 2317. */
static struct str
name_in(const struct asker *q, struct ip ip)
{
	struct str name = arpa_name(q->s->a, ip);

	if (str_starts(dns_key(q->s->a, name), q->z->key))
		return name;
	return arena_fmt(q->s->a, "%u.%.*s", (unsigned)ip.v & 255, STR_FMT(q->z->name));
}

/* Of a small reverse zone all addresses: the plan does not know which ones are stale. */
static void
ask_addresses(struct asker *q, const dns_list *plan)
{
	struct span span;
	size_t needed = q->needed;

	if (!small_zone(q->z, &span))
		return;
	for (u128 at = span.first; at <= span.last; at++) {
		struct str name = name_in(q, (struct ip){ at, IPV4 });
		if (dns_find(plan, dns_key(q->s->a, name), 0) == plan->n)
			ask(q, name, DNS_PTR);
	}
	q->needed = needed;
}

/* Whether a name is a DHCP server's matters where it has an address that the plan has not. */
static void
ask_owners(struct asker *q, const dns_list *plan, const dns_list *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct dns_rr *rr = &all->v[i];
		size_t k = dns_find(plan, rr->key, rr->type);
		if ((rr->type != DNS_A && rr->type != DNS_AAAA) ||
		    dns_find(plan, rr->key, 0) == plan->n)
			continue;
		while (k < plan->n && str_eq(plan->v[k].key, rr->key) &&
		       dns_order(&plan->v[k], rr) != 0)
			k++;
		if (k == plan->n || !str_eq(plan->v[k].key, rr->key))
			ask(q, rr->owner, DNS_DHCID);
	}
}

/* What was asked for; what an alias leads to is another question. */
static void
keep_asked(const struct asker *q, const dns_list *plan, const dns_list *all, dns_list *out)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct dns_rr *rr = &all->v[i];
		bool is_address = rr->type == DNS_PTR && rr->ip.family == IPV4 &&
		                  zones_asks_all(q->z) && str_ieq(rr->owner, name_in(q, rr->ip));
		if (is_address || str_eq(rr->key, q->z->key) ||
		    dns_find(plan, rr->key, 0) < plan->n)
			vec_push(q->c->env, out, *rr);
	}
}

enum status
zones_ask(struct ctx *c, const struct zones_source *s, const struct dns_zone *z, dns_list *plan,
    dns_list *served)
{
	struct asker q = { .c = c, .s = s, .z = z };
	dns_list all = { 0 };
	enum status status;

	drop_delegated(z, plan);
	ask(&q, z->name, DNS_SOA);
	ask(&q, z->name, DNS_NS);
	for (size_t i = 0; i < plan->n; i++)
		if (i == 0 || !str_eq(plan->v[i - 1].key, plan->v[i].key))
			ask_name(&q, plan->v[i].owner);
	ask_addresses(&q, plan);
	status = get_answers(&q, &all);
	if (!status) {
		dns_sort(&all);
		if (dns_find(&all, z->key, DNS_SOA) == all.n)
			status = diag_fail(c->diags, STATUS_REMOTE, "%s: zone %.*s: is not served",
			    s->server, STR_FMT(z->name));
	}
	if (!status) {
		ask_owners(&q, plan, &all);
		status = get_answers(&q, &all);
	}
	keep_asked(&q, plan, &all, served);
	vec_release(&all);
	vec_release(&q.question);
	return status;
}

#endif
