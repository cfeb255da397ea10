/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#if WITH_ZONE
#include "format/zone.h"
#include "io/child.h"
#include "zones.h"

/* --- where they come from ----------------------------------------------- */

static bool
is_port(struct str s)
{
	uint64_t port;

	return str_uint(s, 65535, &port) && port > 0;
}

static enum status
read_server(struct ctx *c, const char *option, struct zones_source *s)
{
	struct str text = args_get(&c->args, option), host = text, port = STR("53");
	struct ip ip;
	size_t end;
	bool ok = true;

	if (text.n && text.p[0] == '[') {
		end = str_find(text, ']');
		host = str_cut(text, 1, end);
		if (end + 1 < text.n && text.p[end + 1] == ':')
			port = str_cut(text, end + 2, text.n);
		else
			ok = end + 1 == text.n;
	} else if (!ip_parse(text, &ip, NULL) && str_find(text, ':') < text.n) {
		host = str_cut(text, 0, str_find(text, ':'));
		port = str_cut(text, str_find(text, ':') + 1, text.n);
	}
	if (!ok || host.n == 0 || !is_port(port) ||
	    (!ip_parse(host, &ip, NULL) && !host_is_publishable(host)))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--%s %.*s: SERVER, SERVER:PORT or [IPv6]:PORT is wanted", option,
		    STR_FMT(text));
	s->server = arena_z(s->a, host);
	s->port = arena_z(s->a, port);
	return STATUS_OK;
}

static enum status
read_key(struct ctx *c, struct zones_source *s)
{
	struct str name = args_get(&c->args, "key"), text;
	const char *why;

	if (!args_has(&c->args, "key"))
		return STATUS_OK;
	s->key = arena_z(s->a, name);
	if (name.n == 0 || str_eq(name, STR("-")))
		return diag_fail(c->diags, STATUS_USAGE, "--key wants the name of a file");
	if (c->world->read(c->world, name, &text, c->diags) != STATUS_OK)
		return STATUS_SYSTEM;
	if (tsig_parse(text, &s->tsig, &why))
		return STATUS_OK;
	diag_fail(c->diags, STATUS_USAGE, "--key %s: %s", s->key, why);
	diag_hint(c->diags, "tsig-keygen NAME >FILE, and the server's configuration includes it");
	return STATUS_USAGE;
}

enum status
zones_server(struct ctx *c, const char *option, struct arena *a, struct zones_source *s)
{
	*s = (struct zones_source){ .a = a };
	enum status status = read_server(c, option, s);

	return status ? status : read_key(c, s);
}

/* --- which ---------------------------------------------------------------- */

enum status
zones_choose(struct ctx *c, const struct dns *dns, bool *wanted)
{
	return dns_choose(dns, c->args.word.v, c->args.word.n, cmd_view(c), wanted, c->diags);
}

/* --- what the plan has ------------------------------------------------- */

enum status
zones_planned(struct ctx *c, const struct dns_zone *z, dns_list *out)
{
	struct format_input in = { .origin = z->name,
		.may_be_empty = true,
		.include = cmd_include,
		.ctx = c };
	struct text_source plan = c->db->source[0];
	struct str name;

	for (size_t i = 0; i < z->rr.n; i++)
		vec_push(c->env, out, z->rr.v[i]);
	if (!db_own(c->db, z->rec, "include", &name) || name.n == 0)
		return STATUS_OK;
	if (!cmd_include(c, name, &plan, &in.source, c->diags))
		return STATUS_SYSTEM;
	in.before = arena_fmt(&c->db->arena, "$TTL %u\n", z->ttl);
	if (!zone_list(&in, &c->db->arena, out, c->diags))
		return STATUS_CONFLICT;
	dns_sort(out);
	return STATUS_OK;
}

/* --- what is served ---------------------------------------------------- */

/* A transfer is whole if it ends with the SOA that it began with, and has no other. */
static bool
is_whole(const dns_list *l, struct str key)
{
	const struct dns_rr *first = l->v, *last = first + l->n - 1;
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].type == DNS_SOA;
	return n == 2 && first->type == DNS_SOA && last->type == DNS_SOA &&
	       str_eq(first->key, key) && str_eq(last->key, key) &&
	       str_eq(first->target, last->target);
}

/* The line of an error, or of a comment in an answer, that has these words; or nothing. */
static struct str
line_with(const struct child_result *result, const char *words)
{
	struct str texts[] = { result->err, result->out }, line;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		while (str_next(&texts[i], '\n', &line))
			if ((i == 0 || str_starts(line, STR(";"))) &&
			    memmem(line.p, line.n, words, strlen(words)))
				return line;
	return STR_NONE;
}

/* What such a line says. */
static struct str
plain(struct str line)
{
	if (str_starts(line, STR("dig: ")))
		line = str_cut(line, 5, line.n);
	while (line.n && (line.p[0] == ';' || line.p[0] == ' '))
		line = str_cut(line, 1, line.n);
	while (line.n && (line.p[line.n - 1] == '.' || line.p[line.n - 1] == ':'))
		line.n--;
	return line;
}

enum status
zones_signed(struct ctx *c, const struct zones_source *s, const struct child_result *result)
{
	/* "Couldn't read key from F: ...", ";; Couldn't create key K: ..." */
	struct str line = line_with(result, "ouldn't read key");

	if (!line.n)
		line = line_with(result, "ouldn't create key");
	if (line.n)
		return diag_fail(c->diags, STATUS_USAGE, "--key %s: dig cannot use it: %.*s",
		    s->key, STR_FMT(plain(line)));
	if (line_with(result, "ouldn't verify signature").n == 0)
		return STATUS_OK;
	diag_fail(c->diags, STATUS_REMOTE, "%s: it refuses the key, or signs with another one",
	    s->server);
	diag_hint(c->diags, "name, algorithm and secret of %s must be the server's", s->key);
	return STATUS_REMOTE;
}

/* What dig says of why there is nothing. */
static struct str
reason(const struct child_result *result)
{
	static const char *const words[] = { "couldn't get address", "no servers could be reached",
		"communications error", "connection timed out", "Transfer failed." };
	struct str why = STR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(words) && !why.n; i++)
		why = plain(line_with(result, words[i]));
	return why.n ? why : STR("no whole answer");
}

static enum status
not_served(struct ctx *c, const struct zones_source *s, struct str zone,
    const struct child_result *result)
{
	diag_fail(c->diags, STATUS_REMOTE, "%s: zone %.*s: no transfer: %.*s", s->server,
	    STR_FMT(zone), STR_FMT(reason(result)));
	if (line_with(result, "; Transfer failed.").n)
		diag_hint(c->diags, "the server must allow AXFR to this host or key (--key FILE)");
	return STATUS_REMOTE;
}

static enum status
run_axfr(struct ctx *c, const struct zones_source *s, struct str zone, struct child_result *result)
{
	const char *argv[20] = { "dig", "-r" };
	const char *const rest[] = { arena_fmt(s->a, "@%s", s->server).p, "-p", s->port, "-q",
		arena_fmt(s->a, "%.*s.", STR_FMT(zone)).p, "-t", "axfr", "+noall", "+answer",
		"+time=5", "+tries=1" };
	struct child dig = { .argv = argv, .package = "bind9-dnsutils", .timeout = 300000 };
	size_t n = 2;

	if (s->key) {
		argv[n++] = "-k";
		argv[n++] = s->key;
	}
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		argv[n++] = rest[i];
	return child_run(&dig, c->env, s->a, result, c->diags);
}

/* Transfers, and reads into a list. */
static enum status
transfer(struct ctx *c, const struct zones_source *s, struct str zone, struct text_source *text,
    dns_list *out, bool *refused)
{
	struct child_result result;
	struct diags unheard;
	enum status status = run_axfr(c, s, zone, &result);

	if (!status)
		status = zones_signed(c, s, &result);
	if (status)
		return status;
	*text = (struct text_source){ s->server, result.out.p, result.out.n };
	struct format_input in = { .source = *text, .any_type = true };
	diags_init(&unheard, c->env);
	bool ok = result.exit == 0 && result.out.n > 0 && zone_list(&in, s->a, out, &unheard) &&
	          is_whole(out, dns_key(s->a, zone));
	diags_release(&unheard);
	if (!ok && refused && result.exit == 0 && line_with(&result, "Transfer failed.").n) {
		*refused = true;
		out->n = 0;
		return STATUS_OK;
	}
	return ok ? STATUS_OK : not_served(c, s, zone, &result);
}

enum status
zones_transfer(struct ctx *c, const struct zones_source *s, struct str zone,
    struct text_source *out)
{
	dns_list list = { 0 };
	enum status status = transfer(c, s, zone, out, &list, NULL);

	vec_release(&list);
	return status;
}

static enum status
read_file(struct ctx *c, const struct zones_source *s, const struct dns_zone *z, dns_list *out)
{
	struct format_input in = { .origin = z->name,
		.any_type = true,
		.include = cmd_include,
		.ctx = c };

	enum status status = cmd_read_text(c, str_from(s->file), &in.source, c->diags);
	if (status)
		return status;
	if (!zone_list(&in, s->a, out, c->diags))
		return STATUS_USAGE;
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].type == DNS_SOA && !str_eq(out->v[i].key, z->key))
			return diag_fail(c->diags, STATUS_USAGE, "%s: is the zone %.*s, not %.*s",
			    in.source.name, STR_FMT(out->v[i].owner), STR_FMT(z->name));
	return STATUS_OK;
}

static void
drop_signers(dns_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (!zone_is_signers(l->v[i].type))
			l->v[n++] = l->v[i];
	l->n = n;
}

enum status
zones_served(struct ctx *c, const struct zones_source *s, const struct dns_zone *z, dns_list *out,
    bool *refused)
{
	struct text_source text;
	enum status status =
	    s->file ? read_file(c, s, z, out) : transfer(c, s, z->name, &text, out, refused);

	if (status)
		return status;
	drop_signers(out);
	dns_sort(out);
	return STATUS_OK;
}

#endif
