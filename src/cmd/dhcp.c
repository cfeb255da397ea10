/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dhcp: the plan beside a DHCP server. */
#include "cmd.h"

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
		return cmd_read_text(c, file, out, c->diags) ? STATUS_OK : STATUS_SYSTEM;
	struct str answer;
	enum status status =
	    socket_ask(arena_z(&c->db->arena, socket), STR("{ \"command\": \"config-get\" }"),
		10000, c->env, &c->db->arena, &answer, c->diags);
	if (!status && !has_arguments(answer))
		status = diag_fail(c->diags, STATUS_REMOTE, "%.*s: %.*s", STR_FMT(socket),
		    STR_FMT(str_cut(answer, 0, answer.n < 200 ? answer.n : 200)));
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

static void
plan_conf(struct ctx *c, struct dhcp *plan, enum dhcp_server server, unsigned families)
{
	struct dhcp_wish wish = { server, families, true };
	rec_list subnet = { 0 };
	struct walk w;

	for (struct rec *r = walk_all(&w, c->db); r; r = walk_next(&w))
		if (r->kind == KIND_SUBNET && r->vrf == c->scope.vrf)
			vec_push(c->env, &subnet, r);
	dhcp_from_plan(plan, c->db, subnet.v, subnet.n, &wish, c->diags);
	vec_release(&subnet);
}

static enum status
print(struct ctx *c, const dhcp_differences *all)
{
	static const char *const what[] = { "missing", "extra", "different" };
	static const struct column column[] = { { "what", 0 }, { "key", 0 }, { "field", 0 },
		{ "plan", 0 }, { "server", 0 } };

	out_columns(c->out, column, ARRAY_LEN(column));
	for (size_t i = 0; i < all->n; i++) {
		const struct dhcp_difference *d = &all->v[i];
		out_row(c->out, NULL);
		out_str(c->out, str_from(what[d->what]));
		out_str(c->out, d->key);
		out_str(c->out, d->field);
		out_str(c->out, d->plan);
		out_str(c->out, d->server);
	}
	return all->n ? STATUS_NO : STATUS_OK;
}

static enum status
compare(struct ctx *c, const struct dhcp_format *format, const struct text_source *source)
{
	struct format_input in = { .source = *source,
		.vrf = db_vrf_name(c->db, c->scope.vrf),
		.include = cmd_include,
		.ctx = c };
	dhcp_differences all = { 0 };
	struct dhcp plan, server;
	struct facts facts;
	enum status status = STATUS_USAGE;

	facts_init(&facts, c->env);
	dhcp_init(&plan, c->env, &c->db->arena);
	dhcp_init(&server, c->env, &c->db->arena);
	format->read(&in, &server, &facts, c->diags);
	if (c->diags->errors == 0) {
		dhcp_settle(&server, &facts);
		plan_conf(c, &plan, format->server,
		    server.families ? server.families : 1u << IPV4 | 1u << IPV6);
		dhcp_settle(&plan, &facts);
		dhcp_diff(&plan, &server, format->server, &all);
		status = print(c, &all);
	}
	vec_release(&all);
	dhcp_release(&plan);
	dhcp_release(&server);
	facts_release(&facts);
	return status;
}

enum status
cmd_dhcp_diff(struct ctx *c)
{
	const struct dhcp_format *format = NULL;
	struct text_source source;
	enum status status = cmd_words(c, 0, 0);

	if (!status)
		status = read_source(c, &source);
	if (!status)
		status = choose_reader(c, &source, &format);
	return status ? status : compare(c, format, &source);
}
