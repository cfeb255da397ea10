/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dns push: what a server has of the plan's zones becomes the plan's. */
#include "cmd.h"

#if WITH_ZONE
#include "format/nsupdate.h"
#include "io/child.h"
#include "io/output.h"
#include "zones.h"

struct push {
	struct ctx *c;
	struct zones_source source;
	struct nsupdate_server server;
	struct dns dns;
	bool *wanted;            /* by zone */
	dns_list *plan, *served; /* by zone; the changes are about their records */
	dns_list dynamic;
	dns_change_list change;
	size_t left;          /* names that could not be changed */
	VEC(size_t) begun;    /* the transactions: where each begins in change ... */
	size_t done, perhaps; /* ... and how many changes were made, or are not known to be */
	const char *undo;     /* a file, or NULL */
};

/* --- what is to be done -------------------------------------------------- */

/* A file that holds anything else, such as the plan or the key, is not replaced. */
static enum status
read_undo(struct push *p)
{
	struct ctx *c = p->c;
	struct str old;
	bool exists;

	p->undo = arena_z(&c->db->arena, args_get(&c->args, "undo"));
	if (!*p->undo)
		return diag_fail(c->diags, STATUS_USAGE, "--undo wants the name of a file");
	enum status status = output_read(p->undo, &c->db->arena, &old, &exists, c->diags);
	if (!status && old.n && !str_starts(old, STR("server ")))
		return diag_fail(c->diags, STATUS_CONFLICT,
		    "--undo %s: holds something else than such a script: not written", p->undo);
	return status;
}

static enum status
read_source(struct push *p)
{
	struct ctx *c = p->c;
	enum status status;

	if (!args_has(&c->args, "server"))
		return diag_fail(c->diags, STATUS_USAGE, "dns push: --server is wanted");
	if (!args_has(&c->args, "key"))
		return diag_fail(c->diags, STATUS_USAGE,
		    "dns push: --key is wanted: no update is sent unsigned");
	status = zones_server(c, "server", &c->db->arena, &p->source);
	p->server = (struct nsupdate_server){ p->source.server, p->source.port };
	return !status && args_has(&c->args, "undo") ? read_undo(p) : status;
}

static enum status
read_zone(struct push *p, size_t zone)
{
	const struct dns_zone *z = &p->dns.zone[zone];
	enum status status = zones_planned(p->c, z, &p->plan[zone]);

	return status ? status : zones_served(p->c, &p->source, z, &p->served[zone], NULL);
}

static void
find_changes(struct push *p)
{
	struct ctx *c = p->c;

	for (size_t i = 0; i < p->dns.zones; i++)
		if (p->wanted[i])
			p->left += dns_changes(c->db, &p->dns.zone[i], &p->plan[i], &p->served[i],
			    &p->dynamic, &p->change, c->diags);
	dns_changes_sort(&c->db->arena, &p->change);
}

/* All zones are looked at before any is changed. */
static enum status
prepare(struct push *p)
{
	struct ctx *c = p->c;
	struct arena *a = &c->db->arena;
	enum status status;

	dns_init(&p->dns, c->db);
	dns_fill(&p->dns);
	p->wanted = arena_zalloc(a, p->dns.zones + 1);
	p->plan = arena_zalloc(a, p->dns.zones * sizeof(dns_list) + 1);
	p->served = arena_zalloc(a, p->dns.zones * sizeof(dns_list) + 1);
	status = zones_choose(c, &p->dns, p->wanted);
	for (size_t i = 0; i < p->dns.zones && !status; i++)
		if (p->wanted[i])
			dns_report(&p->dns, i, c->diags);
	if (!status && c->diags->errors)
		status = STATUS_CONFLICT;
	for (size_t i = 0; i < p->dns.zones && !status; i++)
		if (p->wanted[i])
			status = read_zone(p, i);
	if (!status)
		status = zones_dynamic(c, &p->source, &p->dns, p->plan, p->served, p->wanted,
		    &p->dynamic);
	if (!status)
		find_changes(p);
	return status;
}

static void
split(struct push *p)
{
	const dns_change_list *l = &p->change;

	for (size_t i = 0; i < l->n; i += nsupdate_take(p->c->env, &l->v[i], l->n - i))
		vec_push(p->c->env, &p->begun, i);
	vec_push(p->c->env, &p->begun, l->n);
}

static size_t
transactions(const struct push *p)
{
	return p->begun.n - 1;
}

static void
put_script(const struct push *p, struct buf *b, size_t i, bool undo)
{
	nsupdate_script(b, &p->server, &p->change.v[p->begun.v[i]],
	    p->begun.v[i + 1] - p->begun.v[i], undo);
}

/* --- doing it ------------------------------------------------------------ */

/* What nsupdate said: the rest of its line that begins so, or nothing. */
static struct str
said(struct str text, const char *words)
{
	struct str line;

	while (str_next(&text, '\n', &line)) {
		const char *at = memmem(line.p, line.n, words, strlen(words));
		if (at)
			return str_cut(line, (size_t)(at - line.p) + strlen(words), line.n);
	}
	return STR_NONE;
}

static bool
is_prerequisite(struct str code)
{
	static const char *const codes[] = { "YXDOMAIN", "YXRRSET", "NXRRSET", "NXDOMAIN" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (str_eq(code, str_from(codes[i])))
			return true;
	return false;
}

static enum status
stopped(struct push *p, const struct dns_zone *z, struct str why, size_t perhaps)
{
	struct ctx *c = p->c;
	size_t not = p->change.n - p->done - perhaps;
	struct str maybe = perhaps ? arena_fmt(&c->db->arena, "perhaps: %zu, ", perhaps) : STR_NONE;

	p->perhaps = perhaps;
	diag_fail(c->diags, STATUS_REMOTE, "%s: zone %.*s: %.*s; made: %zu, %.*snot made: %zu",
	    p->server.server, STR_FMT(z->name), STR_FMT(why), p->done, STR_FMT(maybe), not );
	if (p->done + perhaps)
		diag_hint(c->diags, "ipam dns push again goes on from what is there then");
	return STATUS_REMOTE;
}

static enum status
judge(struct push *p, const struct dns_zone *z, size_t n, const struct child_result *result)
{
	struct str code = said(result->err, "update failed: "), why;
	struct arena *a = &p->c->db->arena;

	if (result->exit == 0) {
		p->done += n;
		return STATUS_OK;
	}
	if (code.n) {
		why =
		    is_prerequisite(code)
			? arena_fmt(a, "a name is not as it was just before (%.*s)", STR_FMT(code))
			: arena_fmt(a, "the update was refused: %.*s", STR_FMT(code));
		return stopped(p, z, why, 0);
	}
	if (result->exit == 1) {
		struct str first, rest = result->err;
		str_next(&rest, '\n', &first);
		return stopped(p, z, arena_fmt(a, "nsupdate: %.*s", STR_FMT(first)), 0);
	}
	return stopped(p, z, STR("no answer to an update"), n);
}

/* The key goes in by the script: nsupdate would go on without one that it cannot read,
 * but not behind a line that it cannot. */
static enum status
send_one(struct push *p, size_t i)
{
	static const char *const argv[] = { "nsupdate", "-v", "-t", "10", NULL };
	struct ctx *c = p->c;
	const struct tsig *key = &p->source.tsig;
	struct child nsupdate = { .argv = argv, .package = "bind9-dnsutils", .timeout = 30000 };
	const struct dns_zone *z = p->change.v[p->begun.v[i]].zone;
	size_t n = p->begun.v[i + 1] - p->begun.v[i];
	struct child_result result;
	struct buf script;
	enum status status;

	buf_init(&script, c->env);
	buf_fmt(&script, "key %.*s:%.*s %.*s\n", STR_FMT(key->algorithm), STR_FMT(key->name),
	    STR_FMT(key->secret));
	put_script(p, &script, i, false);
	nsupdate.input = buf_get(&script);
	status = child_run(&nsupdate, c->env, &c->db->arena, &result, c->diags);
	buf_release(&script);
	if (status == STATUS_REMOTE)
		return stopped(p, z, STR("no answer to an update"), n);
	return status ? status : judge(p, z, n, &result);
}

/* --- saying it ------------------------------------------------------------ */

/* The first n transactions, taken back from the last one on. */
static struct str
undo_script(const struct push *p, size_t n)
{
	struct buf b;

	buf_init(&b, p->c->env);
	while (n-- > 0)
		put_script(p, &b, n, true);
	struct str s = arena_str(&p->c->db->arena, buf_get(&b));
	buf_release(&b);
	return s;
}

static void
print_records(struct ctx *c, const struct dns_change *change, const struct dns_rrs *rrs,
    const char *action)
{
	for (size_t i = 0; i < rrs->n; i++) {
		const struct dns_rr *rr = &rrs->v[i];
		char ip[IP_TEXT];
		bool is_address = rr->type == DNS_A || rr->type == DNS_AAAA;
		out_row(c->out, NULL);
		out_str(c->out, str_from(action));
		out_str(c->out, change->zone->name);
		out_str(c->out, change->name);
		out_int(c->out, rr->ttl);
		out_str(c->out, str_from(dns_type_name(rr->type)));
		out_str(c->out, is_address ? arena_str(&c->db->arena, str_from(ip_fmt(ip, rr->ip)))
					   : rr->target);
	}
}

static void
print_done(const struct push *p)
{
	static const struct column column[] = { { "action", 0 }, { "zone", 0 }, { "name", 0 },
		{ "ttl", COLUMN_RIGHT }, { "type", 0 }, { "data", 0 } };
	struct ctx *c = p->c;

	out_columns(c->out, column, ARRAY_LEN(column));
	for (size_t i = 0; i < p->done; i++) {
		print_records(c, &p->change.v[i], &p->change.v[i].gone, "delete");
		print_records(c, &p->change.v[i], &p->change.v[i].come, "add");
	}
}

/* The script for what was made, and for what perhaps was: it is refused if it was not. */
static enum status
say_undo(struct push *p, size_t made)
{
	struct ctx *c = p->c;
	struct str script = undo_script(p, made);

	if (p->change.n == 0) {
		c->note = STR("ipam: dns push: nothing to change\n");
		return STATUS_OK;
	}
	if (p->undo && made == transactions(p))
		return STATUS_OK; /* it is there already */
	c->note = STR_NONE;
	if (p->undo)
		return cmd_put_file(c, p->undo, script);
	if (script.n)
		c->note = arena_fmt(&c->db->arena,
		    "ipam: dns push: made: %zu; this takes it back, by nsupdate -k %s:\n"
		    "%.*s",
		    p->done, p->source.key, STR_FMT(script));
	return STATUS_OK;
}

static enum status
print_script(struct push *p)
{
	struct buf b;

	buf_init(&b, p->c->env);
	for (size_t i = 0; i < transactions(p); i++)
		put_script(p, &b, i, false);
	out_text(p->c->out, buf_get(&b));
	buf_release(&b);
	return STATUS_OK;
}

static enum status
push(struct push *p)
{
	struct ctx *c = p->c;
	size_t i = 0;
	enum status status = STATUS_OK, undo;

	c->is_partial = true; /* from here on, whatever comes */
	if (c->dry)
		return print_script(p);
	/* should this process end before its time, too */
	if (p->undo && p->change.n)
		status = cmd_put_file(c, p->undo, undo_script(p, transactions(p)));
	if (status)
		return status;
	while (i < transactions(p) && !status)
		status = send_one(p, i++);
	undo = say_undo(p, status && !p->perhaps ? i - 1 : i);
	print_done(p);
	return status ? status : undo;
}

enum status
cmd_dns_push(struct ctx *c)
{
	struct push p = { .c = c };
	enum status status = read_source(&p);

	if (status)
		return status;
	status = prepare(&p);
	split(&p);
	if (!status)
		status = push(&p);
	if (!status && p.left)
		status = STATUS_REMOTE;
	for (size_t i = 0; i < p.dns.zones; i++) {
		vec_release(&p.plan[i]);
		vec_release(&p.served[i]);
	}
	vec_release(&p.dynamic);
	vec_release(&p.change);
	vec_release(&p.begun);
	dns_release(&p.dns);
	return status;
}

#else

enum status
cmd_dns_push(struct ctx *c)
{
	return diag_fail(c->diags, STATUS_USAGE,
	    "dns push: built without libzscanner (make WITH_ZONE=0)");
}

#endif
