/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dns diff: the zones of the plan against what is served. */
#include "cmd.h"

#if WITH_ZONE
#include <errno.h>
#include <unistd.h>

#include "core/dns_diff.h"
#include "format/zone.h"
#include "io/child.h"

/* Where zones come from: a server, or a file. */
struct source {
	const char *server, *port, *key, *file;
};

static bool
is_port(struct str s)
{
	uint64_t port;

	return str_uint(s, 65535, &port) && port > 0;
}

/* SERVER, SERVER:PORT, [IPv6]:PORT or an IPv6 address. */
static enum status
read_server(struct ctx *c, struct str text, struct source *s)
{
	struct str host = text, port = STR("53");
	struct ip ip;
	size_t end;

	if (text.n && text.p[0] == '[') {
		end = str_find(text, ']');
		host = str_cut(text, 1, end);
		if (end + 1 < text.n && text.p[end + 1] == ':')
			port = str_cut(text, end + 2, text.n);
	} else if (!ip_parse(text, &ip, NULL) && str_find(text, ':') < text.n) {
		host = str_cut(text, 0, str_find(text, ':'));
		port = str_cut(text, str_find(text, ':') + 1, text.n);
	}
	if (host.n == 0 || !is_port(port) ||
	    (!ip_parse(host, &ip, NULL) && !host_is_publishable(host)))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--server %.*s: SERVER, SERVER:PORT or [IPv6]:PORT is wanted", STR_FMT(text));
	s->server = arena_fmt(&c->db->arena, "@%.*s", STR_FMT(host)).p;
	s->port = arena_z(&c->db->arena, port);
	return STATUS_OK;
}

static enum status
read_source(struct ctx *c, struct source *s)
{
	bool server = args_has(&c->args, "server"), file = args_has(&c->args, "zonefile");
	enum status status = STATUS_OK;

	*s = (struct source){ 0 };
	if (server == file)
		return diag_fail(c->diags, STATUS_USAGE,
		    "dns diff: either --server or --zonefile is wanted");
	if (file)
		s->file = arena_z(&c->db->arena, args_get(&c->args, "zonefile"));
	else
		status = read_server(c, args_get(&c->args, "server"), s);
	if (status || !args_has(&c->args, "key"))
		return status;
	/* without its key file, the query would be sent unsigned */
	s->key = arena_z(&c->db->arena, args_get(&c->args, "key"));
	if (access(s->key, R_OK) != 0)
		return diag_fail(c->diags, STATUS_SYSTEM, "--key %s: %s", s->key, strerror(errno));
	return STATUS_OK;
}

/* --- what is served ---------------------------------------------------- */

/* A transfer is whole if it ends with the SOA that it began with. */
static bool
is_whole(const dns_list *l, const struct dns_zone *z)
{
	const struct dns_rr *first = l->v, *last = first + l->n - 1;

	return l->n >= 2 && first->type == DNS_SOA && last->type == DNS_SOA &&
	       str_eq(first->key, z->key) && str_eq(last->key, z->key) &&
	       str_eq(first->target, last->target);
}

static enum status
not_served(struct ctx *c, const struct source *s, const struct dns_zone *z, struct str answer)
{
	struct str line, rest = answer, why = STR("no whole answer");

	while (str_next(&rest, '\n', &line))
		if (line.n && line.p[0] == ';' && line.p[line.n - 1] != ':')
			why = line;
	while (why.n && (why.p[0] == ';' || why.p[0] == ' '))
		why = str_cut(why, 1, why.n);
	diag_fail(c->diags, STATUS_REMOTE, "%s: zone %.*s: no transfer: %.*s", s->server + 1,
	    STR_FMT(z->name), STR_FMT(why));
	diag_hint(c->diags, "the server must allow AXFR to this host or key (--key FILE)");
	return STATUS_REMOTE;
}

static enum status
transfer(struct ctx *c, const struct source *s, const struct dns_zone *z, dns_list *out)
{
	const char *argv[20] = { "dig", "-r" };
	const char *const rest[] = { s->server, "-p", s->port, "-q",
		arena_fmt(&c->db->arena, "%.*s.", STR_FMT(z->name)).p, "-t", "axfr", "+noall",
		"+answer", "+time=5", "+tries=1" };
	struct child dig = { .argv = argv, .package = "bind9-dnsutils", .timeout = 300000 };
	struct format_input in = { 0 };
	struct child_result result;
	struct diags unheard;
	size_t n = 2;
	enum status status;

	if (s->key) {
		argv[n++] = "-k";
		argv[n++] = s->key;
	}
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		argv[n++] = rest[i];
	status = child_run(&dig, c->env, &c->db->arena, &result, c->diags);
	if (status)
		return status;
	in.source = (struct text_source){ s->server + 1, result.out.p, result.out.n };
	diags_init(&unheard, c->env);
	bool ok = result.exit == 0 && result.out.n > 0 &&
	          zone_list(&in, &c->db->arena, out, &unheard) && is_whole(out, z);
	diags_release(&unheard);
	return ok ? STATUS_OK : not_served(c, s, z, result.out.n ? result.out : result.err);
}

static enum status
read_file(struct ctx *c, const struct source *s, const struct dns_zone *z, dns_list *out)
{
	struct format_input in = { .origin = z->name, .include = cmd_include, .ctx = c };

	if (!cmd_read_text(c, str_from(s->file), &in.source, c->diags))
		return STATUS_SYSTEM;
	return zone_list(&in, &c->db->arena, out, c->diags) ? STATUS_OK : STATUS_USAGE;
}

/* --- what the plan has ------------------------------------------------- */

/* The plan's records and those of the zone's include. */
static enum status
planned(struct ctx *c, const struct dns_zone *z, dns_list *out)
{
	struct format_input in = { .origin = z->name, .include = cmd_include, .ctx = c };
	struct text_source plan = c->db->source[0];
	struct str name;

	for (size_t i = 0; i < z->rr.n; i++)
		vec_push(c->env, out, z->rr.v[i]);
	if (!db_own(c->db, z->rec, "include", &name) || name.n == 0)
		return STATUS_OK;
	if (!cmd_include(c, name, &plan, &in.source, c->diags))
		return STATUS_SYSTEM;
	in.before = arena_fmt(&c->db->arena, "$TTL %u\n", z->ttl);
	if (in.source.n && !zone_list(&in, &c->db->arena, out, c->diags))
		return STATUS_CONFLICT;
	return STATUS_OK;
}

/* --- dns diff ----------------------------------------------------------- */

static struct str
data_text(struct ctx *c, const struct dns_rr *rr)
{
	char ip[IP_TEXT];

	if (!rr)
		return STR_NONE;
	if (rr->type == DNS_A || rr->type == DNS_AAAA)
		return arena_str(&c->db->arena, str_from(ip_fmt(ip, rr->ip)));
	return rr->target;
}

static void
print_difference(struct ctx *c, const struct dns_zone *z, const struct dns_difference *d)
{
	const struct dns_rr *rr = d->plan ? d->plan : d->served;

	out_row(c->out, d->plan ? d->plan->rec : NULL);
	out_str(c->out, str_from(dns_state_names[d->state]));
	out_str(c->out, z->name);
	out_str(c->out, rr->owner);
	out_str(c->out, str_from(dns_type_name(rr->type)));
	out_str(c->out, data_text(c, d->plan));
	out_str(c->out, data_text(c, d->served));
}

/* STATUS_NO if there is a difference that is no DHCP server's. */
static enum status
diff_zone(struct ctx *c, const struct source *s, const struct dns_zone *z)
{
	dns_list plan = { 0 }, served = { 0 };
	dns_differences all = { 0 };
	enum status status = planned(c, z, &plan);
	bool any = false;

	if (!status)
		status = s->file ? read_file(c, s, z, &served) : transfer(c, s, z, &served);
	if (!status) {
		dns_sort(&plan);
		dns_sort(&served);
		dns_diff(c->db, z, &plan, &served, &all);
	}
	for (size_t i = 0; i < all.n; i++) {
		print_difference(c, z, &all.v[i]);
		any |= all.v[i].state != DNS_DYNAMIC;
	}
	vec_release(&plan);
	vec_release(&served);
	vec_release(&all);
	return status ? status : any ? STATUS_NO : STATUS_OK;
}

/* The zones named, else those of the view. */
static enum status
choose_zones(struct ctx *c, const struct dns *dns, bool *wanted)
{
	struct str view = args_get(&c->args, "view");
	size_t n = 0;

	for (size_t i = 0; i < dns->zones && c->args.word.n == 0; i++) {
		wanted[i] = str_ieq(dns->zone[i].view, view);
		n += wanted[i];
	}
	for (size_t i = 0; i < c->args.word.n; i++) {
		struct str word = c->args.word.v[i];
		size_t percent = str_find(word, '%');
		size_t zone =
		    dns_zone(dns, percent < word.n ? str_cut(word, percent + 1, word.n) : view,
			str_cut(word, 0, percent));
		if (zone == SIZE_MAX)
			return diag_fail(c->diags, STATUS_NO, "%.*s: no such zone is declared",
			    STR_FMT(word));
		wanted[zone] = true;
		n++;
	}
	if (n == 0)
		return diag_fail(c->diags, STATUS_NO, "no zone is declared (@zone)");
	if (n > 1 && args_has(&c->args, "zonefile"))
		return diag_fail(c->diags, STATUS_USAGE, "--zonefile is for one zone: name it");
	return STATUS_OK;
}

enum status
cmd_dns_diff(struct ctx *c)
{
	static const struct column column[] = { { "state", 0 }, { "zone", 0 }, { "name", 0 },
		{ "type", 0 }, { "plan", 0 }, { "served", 0 } };
	struct source source;
	struct dns dns;
	enum status status = read_source(c, &source), one;

	if (status)
		return status;
	dns_init(&dns, c->db);
	dns_fill(&dns);
	bool *wanted = arena_zalloc(&c->db->arena, dns.zones + 1);
	status = choose_zones(c, &dns, wanted);
	out_columns(c->out, column, ARRAY_LEN(column));
	for (size_t i = 0; i < dns.zones && status <= STATUS_NO && !c->diags->errors; i++) {
		one = wanted[i] ? diff_zone(c, &source, &dns.zone[i]) : STATUS_OK;
		status = one ? one : status;
	}
	dns_release(&dns);
	return status;
}

#else

enum status
cmd_dns_diff(struct ctx *c)
{
	return diag_fail(c->diags, STATUS_USAGE,
	    "dns diff: built without libzscanner (make WITH_ZONE=0)");
}

#endif
