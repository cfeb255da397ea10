/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dhcp: the plan beside a DHCP server. */
#include "report.h"

#include "format/dhcp_parts.h"
#include "io/socket.h"

/* A refusal of Kea's has only a result and a text. */
static bool
has_arguments(struct str answer)
{
	while (answer.n && !str_starts(answer, STR("\"arguments\"")))
		answer = str_cut(answer, 1, answer.n);
	return answer.n > 0;
}

/* What else it says: its first line. */
static enum status
refuse(struct ctx *c, struct str socket, struct str answer)
{
	struct str line = STR_NONE;

	str_next(&answer, '\n', &line);
	return diag_fail(c->diags, STATUS_REMOTE, "%.*s: no configuration of Kea's: %.*s",
	    STR_FMT(socket), STR_FMT(str_cut(line, 0, line.n < 200 ? line.n : 200)));
}

/* The configuration to compare with: of a file or of a running server. */
static enum status
read_source(struct ctx *c, struct text_source *out)
{
	struct str file = args_get(&c->args, "config"), socket = args_get(&c->args, "server");

	if (args_has(&c->args, "config") == args_has(&c->args, "server")) {
		diag_fail(c->diags, STATUS_USAGE,
		    "dhcp diff: --config FILE or --server SOCKET is wanted");
		return STATUS_USAGE;
	}
	if (args_has(&c->args, "config"))
		return cmd_read_text(c, file, out, c->diags);
	struct str answer, format = args_get(&c->args, "format");
	if (format.n && !str_eq(format, STR("kea")))
		return diag_fail(c->diags, STATUS_USAGE,
		    "--format %.*s: the server behind a socket is Kea", STR_FMT(format));
	enum status status =
	    socket_ask(arena_z(&c->db->arena, socket), STR("{ \"command\": \"config-get\" }"),
		10000, c->env, &c->db->arena, &answer, c->diags);
	if (!status && !has_arguments(answer))
		status = refuse(c, socket, answer);
	*out = (struct text_source){ arena_z(&c->db->arena, socket), answer.p, answer.n };
	if (!status)
		vec_push(c->env, &c->foreign, *out);
	return status;
}

static enum status
choose_reader(struct ctx *c, const struct text_source *source, const struct dhcp_format **out)
{
	struct str name = args_get(&c->args, "format");

	if (args_has(&c->args, "server") && !args_has(&c->args, "format"))
		name = STR("kea");
	*out = name.n ? dhcp_format_find(name)
	              : dhcp_format_guess((struct str){ source->p, source->n });
	if (!*out)
		return diag_fail(c->diags, STATUS_USAGE,
		    "--format %.*s: kea, dhcpd or dnsmasq is wanted", STR_FMT(name));
	if (!(*out)->read)
		return diag_fail(c->diags, STATUS_USAGE, "dhcp diff: %s: built without libjansson",
		    (*out)->name);
	return STATUS_OK;
}

/* --- which subnets ----------------------------------------------------- */

static bool
is_chosen(const rec_list *chosen, struct span prefix)
{
	for (size_t i = 0; i < chosen->n; i++)
		if (span_holds(rec_span(chosen->v[i]), prefix))
			return true;
	return false;
}

/* Leaves what the server has in the subnets that were chosen; what is stray is in none. */
static void
narrow(struct dhcp *server, const rec_list *chosen)
{
	size_t n = 0;

	for (size_t i = 0; i < server->subnet.n; i++) {
		struct dhcp_subnet *s = &server->subnet.v[i];
		if (is_chosen(chosen, s->prefix))
			server->subnet.v[n++] = *s;
		else
			dhcp_subnet_release(s);
	}
	server->subnet.n = n;
	dhcp_subnet_release(&server->stray);
	server->stray = (struct dhcp_subnet){ 0 };
}

/* Whether a subnet is of the VRF that is asked about; without --vrf also one of another VRF,
 * if it is the only one with a prefix that the server has. */
static bool
is_about(const struct ctx *c, const struct dhcp *server, const rec_list *before,
    const struct rec *r)
{
	struct span prefix = rec_span(r);

	if (r->vrf == c->scope.vrf)
		return true;
	if (c->scope.given || db_find(c->db, c->scope.vrf, prefix, KIND_SUBNET))
		return false;
	for (size_t i = 0; i < before->n; i++)
		if (span_same(rec_span(before->v[i]), prefix))
			return false;
	for (size_t i = 0; i < server->subnet.n; i++)
		if (span_same(server->subnet.v[i].prefix, prefix))
			return true;
	return false;
}

/* The subnets that the words choose. */
static enum status
choose_subnets(struct ctx *c, const struct dhcp *server, rec_list *out)
{
	struct select s;
	enum status status = report_select(c, &s);
	rec_list all = { 0 };

	if (!status)
		select_all(&s, K_SUBNET, &all);
	for (size_t i = 0; i < all.n; i++)
		if (is_about(c, server, out, all.v[i]))
			vec_push(c->env, out, all.v[i]);
	vec_release(&all);
	select_release(&s);
	return status ? status : out->n || c->args.word.n == 0 ? STATUS_OK : STATUS_NO;
}

/* --- the differences --------------------------------------------------- */

enum { WHAT, KEY, FIELD, PLAN, SERVER };
static const struct column columns[] = {
	[WHAT] = { "what", 0 },
	[KEY] = { "key", 0 },
	[FIELD] = { "field", 0 },
	[PLAN] = { "plan", 0 },
	[SERVER] = { "server", 0 },
};

static void
cell(struct ctx *c, const void *p, size_t column)
{
	static const char *const what[] = { "missing", "extra", "different" };
	const struct dhcp_difference *d = p;

	switch (column) {
	case WHAT: out_str(c->out, str_from(what[d->what])); break;
	case KEY: out_str(c->out, d->key); break;
	case FIELD: out_str(c->out, d->field); break;
	case PLAN: out_str(c->out, d->plan); break;
	case SERVER: out_str(c->out, d->server); break;
	}
}

static enum status
print(struct ctx *c, const dhcp_differences *all)
{
	struct sheet sheet;
	enum status status = report_sheet(c, &sheet, columns, ARRAY_LEN(columns), cell);

	for (size_t i = 0; i < all->n && !status; i++)
		report_row(&sheet, NULL, &all->v[i]);
	return status ? status : all->n ? STATUS_NO : STATUS_OK;
}

/* server: what was read, settled. */
static enum status
compare(struct ctx *c, const struct dhcp_format *format, struct dhcp *server, struct facts *facts)
{
	unsigned families = server->families ? server->families : 1u << IPV4 | 1u << IPV6;
	struct dhcp_wish wish = { format->server, families, true };
	dhcp_differences all = { 0 };
	rec_list chosen = { 0 };
	struct dhcp plan;
	enum status status = choose_subnets(c, server, &chosen);

	dhcp_init(&plan, c->env, &c->db->arena);
	if (!status) {
		dhcp_from_plan(&plan, c->db, chosen.v, chosen.n, &wish, c->diags);
		dhcp_settle(&plan, facts);
		if (c->args.word.n)
			narrow(server, &chosen);
		dhcp_diff(&plan, server, format->server, &all);
		status = print(c, &all);
	}
	vec_release(&all);
	vec_release(&chosen);
	dhcp_release(&plan);
	return status;
}

static enum status
read_and_compare(struct ctx *c, const struct dhcp_format *format, const struct text_source *source)
{
	struct format_input in = { .source = *source,
		.vrf = db_vrf_name(c->db, c->scope.vrf),
		.include = cmd_include,
		.ctx = c };
	struct dhcp server;
	struct facts facts;
	enum status status = STATUS_USAGE;

	facts_init(&facts, c->env);
	dhcp_init(&server, c->env, &c->db->arena);
	format->read(&in, &server, &facts, c->diags);
	if (c->diags->errors == 0) {
		dhcp_settle(&server, &facts);
		status = compare(c, format, &server, &facts);
	} else if (args_has(&c->args, "server")) {
		status = STATUS_REMOTE;
	}
	dhcp_release(&server);
	facts_release(&facts);
	return status;
}

enum status
cmd_dhcp_diff(struct ctx *c)
{
	const struct dhcp_format *format = NULL;
	struct text_source source;
	enum status status = cmd_words(c, 0, CMD_MANY);

	if (!status)
		status = read_source(c, &source);
	if (!status)
		status = choose_reader(c, &source, &format);
	return status ? status : read_and_compare(c, format, &source);
}
