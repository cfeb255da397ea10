/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report by, report owners: how much each value of an attribute has. */
#include "report.h"

#include "core/usage.h"

enum { VALUE, FAMILY, SUBNETS, SPACE, ADDRESSES, SIZE, USED, RESERVED, DHCP, FREE, PERCENT, BAR };
static const struct column by_columns[] = {
	[VALUE] = { "value", 0 },
	[FAMILY] = { "family", 0 },
	[SUBNETS] = { "subnets", COLUMN_RIGHT },
	[SPACE] = { "space", COLUMN_RIGHT },
	[ADDRESSES] = { "addresses", COLUMN_RIGHT },
	[SIZE] = { "size", COLUMN_RIGHT },
	[USED] = { "used", COLUMN_RIGHT },
	[RESERVED] = { "reserved", COLUMN_ASKED | COLUMN_RIGHT },
	[DHCP] = { "dhcp", COLUMN_ASKED | COLUMN_RIGHT },
	[FREE] = { "free", COLUMN_RIGHT },
	[PERCENT] = { "percent", COLUMN_RIGHT },
	[BAR] = { "bar", COLUMN_BAR },
};

/* What of a family has one value. */
struct group {
	struct str value; /* empty: what has none */
	uint8_t family;
	uint64_t subnets, addresses;
	struct count space; /* of its subnets, less their child subnets */
	struct usage sum;   /* of those that are no containers */
};

struct groups {
	struct ctx *c;
	struct str field;
	bool is_list;
	VEC(struct group) group;
	size_t *slot, slots; /* where to look for a value: its group plus one, by its hash */
};

static void
by_cell(struct ctx *c, const void *p, size_t column)
{
	const struct group *g = p;

	switch (column) {
	case VALUE: out_shown(c->out, g->value, g->value.n ? g->value : STR("(none)")); break;
	case FAMILY: out_str(c->out, g->family == IPV4 ? STR("IPv4") : STR("IPv6")); break;
	case SUBNETS: out_count(c->out, count_of(g->subnets)); break;
	case SPACE: out_count(c->out, g->space); break;
	case ADDRESSES: out_count(c->out, count_of(g->addresses)); break;
	case SIZE: out_count(c->out, g->sum.size); break;
	case USED: out_count(c->out, g->sum.used); break;
	case RESERVED: out_count(c->out, g->sum.reserved); break;
	case DHCP: out_count(c->out, g->sum.dhcp); break;
	case FREE: out_count(c->out, g->sum.free); break;
	case PERCENT: out_permille(c->out, g->sum.permille); break;
	case BAR: out_bar(c->out, g->sum.permille); break;
	}
}

/* --- groups ----------------------------------------------------------- */

static size_t *
find_slot(struct groups *g, struct str value, uint8_t family)
{
	size_t at = (size_t)(str_ihash(value) + family) & (g->slots - 1);

	for (; g->slot[at]; at = (at + 1) & (g->slots - 1)) {
		const struct group *found = &g->group.v[g->slot[at] - 1];
		if (found->family == family && str_eq(found->value, value))
			break;
	}
	return &g->slot[at];
}

static void
grow(struct groups *g)
{
	struct arena *arena = &g->c->db->arena;

	g->slots = g->slots ? g->slots * 2 : 64;
	g->slot = arena_zalloc(arena, g->slots * sizeof(*g->slot));
	for (size_t i = 0; i < g->group.n; i++)
		*find_slot(g, g->group.v[i].value, g->group.v[i].family) = i + 1;
}

static struct group *
group_of(struct groups *g, struct str value, uint8_t family)
{
	if (g->group.n * 2 >= g->slots)
		grow(g);
	size_t *slot = find_slot(g, value, family);
	if (*slot == 0) {
		vec_push(g->c->env, &g->group,
		    ((struct group){ .value = value, .family = family }));
		*slot = g->group.n;
	}
	return &g->group.v[*slot - 1];
}

static void
count_record(struct group *g, const struct rec *r, const struct usage *u, struct count space)
{
	if (r->kind == KIND_ADDRESS)
		g->addresses++;
	if (!u)
		return;
	g->subnets++;
	g->space = count_add(g->space, space);
	if (!u->is_container)
		usage_add(&g->sum, u);
}

/* Counts a record for its value, or for each member of it. */
static void
add_record(struct groups *g, const struct rec *r, const struct usage *u, struct count space)
{
	struct ctx *c = g->c;
	struct str value = STR_NONE, member;

	query_field(c->db, r, g->field, args_has(&c->args, "own"), &value);
	if (!g->is_list || value.n == 0)
		count_record(group_of(g, value, r->family), r, u, space);
	else
		while (str_next(&value, ',', &member))
			count_record(group_of(g, member, r->family), r, u, space);
}

/* The space of each subnet that none of its children has; u is in the order of the plan. */
static struct count *
own_space(struct ctx *c, const struct usage *u, size_t n)
{
	struct count *space = arena_alloc(&c->db->arena, n * sizeof(*space) + 1);
	VEC(size_t) around = { 0 };

	for (size_t i = 0; i < n; i++) {
		space[i] = count_size(rec_span(u[i].subnet));
		while (around.n > u[i].depth)
			around.n--;
		if (around.n) {
			struct count *parent = &space[around.v[around.n - 1]];
			*parent = count_sub(*parent, space[i]);
		}
		vec_push(c->env, &around, i);
	}
	vec_release(&around);
	return space;
}

static void
group_all(struct groups *g, struct select *s)
{
	struct ctx *c = g->c;
	struct usage *u;
	size_t n = usage_all(c->db, &u), at = 0;
	struct count *space = own_space(c, u, n);
	struct walk w;

	for (struct rec *r = walk_all(&w, c->db); r; r = walk_next(&w)) {
		bool is_subnet = r->kind == KIND_SUBNET;
		at += is_subnet;
		if (r->kind == KIND_RANGE || !report_family(c, r->family) || !select_match(s, r))
			continue;
		add_record(g, r, is_subnet ? &u[at - 1] : NULL,
		    is_subnet ? space[at - 1] : count_of(0));
	}
}

/* Numbers by size, words by bytes; what has no value last. */
static int
by_value(const void *va, const void *vb)
{
	const struct group *a = va, *b = vb;
	uint64_t x, y;

	if ((a->value.n == 0) != (b->value.n == 0))
		return a->value.n == 0 ? 1 : -1;
	if (str_uint(a->value, UINT64_MAX, &x) && str_uint(b->value, UINT64_MAX, &y) && x != y)
		return x < y ? -1 : 1;
	int order = str_cmp(a->value, b->value);
	return order ? order : a->family - b->family;
}

static enum status
report_groups(struct ctx *c, struct str field)
{
	struct groups g = { .c = c, .field = field, .is_list = query_is_list(field) };
	struct select s = { 0 };
	struct sheet sheet;
	enum status status = report_table(c, &sheet, by_columns, ARRAY_LEN(by_columns), by_cell);

	if (!status)
		status = report_select(c, &s);
	if (!status) {
		group_all(&g, &s);
		if (g.group.n)
			qsort(g.group.v, g.group.n, sizeof(*g.group.v), by_value);
		for (size_t i = 0; i < g.group.n; i++)
			report_row(&sheet, NULL, &g.group.v[i]);
		status = g.group.n || s.term.n == 0 ? STATUS_OK : STATUS_NO;
	}
	vec_release(&g.group);
	select_release(&s);
	return status;
}

enum status
cmd_report_by(struct ctx *c)
{
	enum status status = cmd_words(c, 1, CMD_MANY);

	if (status)
		return status;
	struct str field = c->args.word.v[0];
	if (!attr_name_is_valid(field))
		return diag_fail(c->diags, STATUS_USAGE,
		    "report by %.*s: the name of an attribute or field is wanted", STR_FMT(field));
	c->args.word.n--;
	memmove(c->args.word.v, c->args.word.v + 1, c->args.word.n * sizeof(*c->args.word.v));
	return report_groups(c, field);
}

enum status
cmd_report_owners(struct ctx *c)
{
	return report_groups(c, STR("owner"));
}
