/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "growth.h"

#include "when.h"

enum { DAY = 86400, DAYS_A_WEEK = 7, THURSDAY = 3 /* 1970-01-01 */ };
static const double century = 36525.0;

const char *const every_names[] = { "day", "week", "month", NULL };
const char *const outlook_names[] = { "too short", "full", "steady", "shrinks", "grows" };

/* --- periods ---------------------------------------------------------- */

int64_t
growth_since(enum every every, int64_t now)
{
	static const int64_t days[] = { 30, 26 * DAYS_A_WEEK, 730 };

	return now - days[every] * DAY;
}

static int64_t
floor_days(int64_t t)
{
	return t / DAY - (t % DAY < 0);
}

/* The day on which the period of a day begins, or the next one. */
static int64_t
period_start(enum every every, int64_t days, bool next)
{
	int64_t year;
	int month, day;

	if (every == EVERY_DAY)
		return days + next;
	if (every == EVERY_WEEK) {
		int64_t behind = (days + THURSDAY) % DAYS_A_WEEK;
		return days - (behind < 0 ? behind + DAYS_A_WEEK : behind) +
		       (next ? DAYS_A_WEEK : 0);
	}
	when_civil(days, &year, &month, &day);
	month += next;
	return month > 12 ? when_days(year + 1, 1, 1) : when_days(year, month, 1);
}

size_t
growth_edges(enum every every, int64_t since, int64_t now, struct arena *a, int64_t **edge)
{
	VEC(int64_t) v = { 0 };
	int64_t day = period_start(every, floor_days(since), false);

	for (; day * DAY < now; day = period_start(every, day, true))
		vec_push(a->env, &v, day * DAY);
	vec_push(a->env, &v, now);
	*edge = arena_alloc(a, v.n * sizeof(**edge));
	memcpy(*edge, v.v, v.n * sizeof(**edge));
	size_t n = v.n;
	vec_release(&v);
	return n;
}

/* --- subnets, as they were -------------------------------------------- */

/*
 * A subnet of today (with a series) or of once.  What is taken in it: addresses that
 * no node inside it has, and of each node in it the size if it is there (is_alive),
 * else what is taken in that.  The series of one that is no container today counts
 * addresses alone.
 */
struct node {
	struct rec key; /* first; its parent is a node */
	struct growth_series *series;
	struct span assignable;
	bool is_alive, is_leaf;
	struct count taken;
};

static struct node *
node_of(struct rec *r)
{
	return (struct node *)(void *)r;
}

/* The narrowest node around a key, itself among them. */
static struct node *
node_around(const struct growth *g, const struct rec *key)
{
	struct cursor c = tree_lower(&g->tree, key);
	struct rec *r = cursor_rec(c);

	if (!r || tree_order(g->db->rank, r, key) != 0)
		r = cursor_prev(&c) ? cursor_rec(c) : NULL;
	while (r && (r->vrf != key->vrf || !span_holds(rec_span(r), rec_span(key))))
		r = r->parent;
	return r ? node_of(r) : NULL;
}

static struct count
counts_for(const struct node *n)
{
	return n->is_alive ? count_size(rec_span(&n->key)) : n->taken;
}

static bool
is_used(const struct rec *r)
{
	struct attr status;

	return !attr_find(r, STR("status"), &status) ||
	       (!str_eq(status.value, STR("reserved")) && !str_eq(status.value, STR("quarantine")));
}

static void
find_known(struct growth *g)
{
	struct walk w;

	for (struct rec *r = walk_all(&w, g->db); r; r = walk_next(&w)) {
		struct rec *key;
		if (r->kind != KIND_ADDRESS || !r->parent || !is_used(r))
			continue;
		key = arena_alloc(&g->arena, sizeof(*key));
		*key = tree_key(r->vrf, rec_span(r), KIND_ADDRESS);
		tree_append(&g->known, key);
	}
}

/* Subnets come in the order of the plan: those around one are before it. */
static struct node *
init_node(struct growth *g, const struct usage *u, struct growth_series *series,
    struct node *around)
{
	struct node *n = arena_zalloc(&g->arena, sizeof(*n));
	const struct rec *r = u->subnet;
	struct span span = rec_span(r);

	while (around && (around->key.vrf != r->vrf || !span_holds(rec_span(&around->key), span)))
		around = around->key.parent ? node_of(around->key.parent) : NULL;
	n->key = tree_key(r->vrf, span, KIND_SUBNET);
	n->key.parent = around ? &around->key : NULL;
	n->series = series;
	n->is_alive = true;
	n->is_leaf = !u->is_container;
	n->assignable = prefix_usable(span, u->is_container || db_is(g->db, r, "usable", "all"));
	n->taken = u->used;
	*series = (struct growth_series){ .u = u, .last = u->used, .born = INT64_MIN };
	tree_append(&g->tree, &n->key);
	return n;
}

void
growth_init(struct growth *g, struct db *db, const struct usage *u, size_t n, const int64_t *edge,
    size_t edges)
{
	struct node *last = NULL;

	*g = (struct growth){ .db = db, .edge = edge, .edges = edges, .n = n };
	g->period = edges > 1 ? edges - 2 : 0;
	arena_init(&g->arena, db->env);
	tree_init(&g->tree, &g->arena);
	tree_init(&g->known, &g->arena);
	g->tree.rank = g->known.rank = db->rank;
	g->series = arena_zalloc(&g->arena, n * sizeof(*g->series) + 1);
	for (size_t i = 0; i < n; i++)
		last = init_node(g, &u[i], &g->series[i], last);
	if (edges > 1)
		find_known(g);
}

void
growth_release(struct growth *g)
{
	for (size_t i = 0; i < g->n; i++)
		vec_release(&g->series[i].step);
	vec_release(&g->rec);
	arena_release(&g->arena);
}

/* --- back through the changes ------------------------------------------ */

/* Going back, what came goes. */
struct delta {
	struct count n;
	bool came;
};

static struct count
go_back(struct count c, struct delta d)
{
	if (!d.came)
		return count_add(c, d.n);
	return count_cmp(c, d.n) < 0 ? count_of(0) : count_sub(c, d.n);
}

static void
note(struct growth *g, struct growth_series *s, struct delta d)
{
	struct growth_step *step = s->step.n ? &s->step.v[s->step.n - 1] : NULL;

	if (!step || step->period != g->period) {
		vec_push(g->db->env, &s->step, ((struct growth_step){ .period = g->period }));
		step = &s->step.v[s->step.n - 1];
	}
	if (d.came)
		step->added = count_add(step->added, d.n);
	else
		step->released = count_add(step->released, d.n);
	s->last = go_back(s->last, d);
	step->before = s->last;
}

/* A change in a node is one in all around it that see through it. */
static void
change(struct growth *g, struct node *n, struct delta d)
{
	while (n && !count_is_zero(d.n)) {
		n->taken = go_back(n->taken, d);
		if (n->series && !n->is_leaf)
			note(g, n->series, d);
		n = !n->is_alive && n->key.parent ? node_of(n->key.parent) : NULL;
	}
}

/* Takes over what is inside a new node from the one around it. */
static void
take_over(struct growth *g, struct node *new)
{
	struct cursor c = tree_lower(&g->tree, &new->key);
	struct rec *r, from = tree_key(new->key.vrf, rec_span(&new->key), KIND_SUBNET);
	uint64_t mine = 0;

	while (cursor_next(&c) && (r = cursor_rec(c)) && r->vrf == from.vrf &&
	       span_holds(rec_span(&from), rec_span(r))) {
		if (r->parent != new->key.parent)
			continue;
		r->parent = &new->key;
		new->taken = count_add(new->taken, counts_for(node_of(r)));
	}
	for (c = tree_lower(&g->known, &from); (r = cursor_rec(c)); cursor_next(&c)) {
		if (r->vrf != from.vrf || !span_holds(rec_span(&from), rec_span(r)))
			break;
		mine += node_around(g, r) == new;
	}
	new->taken = count_add(new->taken, count_of(mine));
}

/* A subnet that is none of today, not there yet. */
static struct node *
add_node(struct growth *g, struct node *around, const struct rec *key)
{
	struct node *new = arena_zalloc(&g->arena, sizeof(*new));

	new->key = *key;
	new->key.parent = &around->key;
	new->assignable = rec_span(key);
	tree_insert(&g->tree, &new->key);
	take_over(g, new);
	return new;
}

/* Makes a subnet be there, or not. */
static void
turn(struct growth *g, struct node *n, bool alive)
{
	struct count size = count_size(rec_span(&n->key));
	bool more = count_cmp(size, n->taken) >= 0;
	struct delta d = { more ? count_sub(size, n->taken) : count_sub(n->taken, size),
		alive != more };

	if (n->is_alive == alive)
		return;
	n->is_alive = alive;
	if (n->key.parent)
		change(g, node_of(n->key.parent), d);
}

static void
back_subnet(struct growth *g, int64_t time, const struct rec *r, bool came)
{
	struct rec key = tree_key(r->vrf, rec_span(r), KIND_SUBNET);
	struct node *n = node_around(g, &key);

	if (!n)
		return;
	if (tree_order(g->db->rank, &n->key, &key) != 0) {
		if (came) /* it went without a word */
			return;
		n = add_node(g, n, &key);
	}
	turn(g, n, !came);
	if (n->series)
		n->series->born = came ? time : INT64_MIN;
}

/* False if it cannot have come, or gone. */
static bool
back_known(struct growth *g, const struct rec *key, bool came)
{
	struct rec *r = tree_find(&g->known, key);

	if (came != (r != NULL))
		return false;
	if (came) {
		tree_remove(&g->known, r);
		r->parent = g->spare;
		g->spare = r;
		return true;
	}
	r = g->spare;
	if (r)
		g->spare = r->parent;
	else
		r = arena_alloc(&g->arena, sizeof(*r));
	*r = *key;
	tree_insert(&g->known, r);
	return true;
}

static void
back_address(struct growth *g, const struct rec *r, bool came)
{
	struct rec key = tree_key(r->vrf, rec_span(r), KIND_ADDRESS);
	struct node *n = node_around(g, &key), *today = n;
	struct delta d = { count_of(1), came };

	while (today && !today->series)
		today = node_of(today->key.parent);
	if (!today || !span_holds(today->assignable, rec_span(r)) || !back_known(g, &key, came))
		return;
	if (today->is_leaf)
		note(g, today->series, d);
	change(g, n, d);
}

/* --- blocks ------------------------------------------------------------ */

/* The records that count; a line without one leaves an empty record. */
static void
read_lines(struct growth *g, const block_lines *v)
{
	g->rec.n = 0;
	for (size_t i = 0; i < v->n; i++) {
		struct str line = v->v[i].line;
		struct rec r = { 0 };
		if (line.n == 0 || line.p[0] == '@' || !text_read_line(line, &g->db->vrfs, &r) ||
		    r.vrf >= g->db->ranked)
			r.kind = KIND_NONE;
		vec_push(g->db->env, &g->rec, r);
	}
}

/* Leaves out what is the same before and after, in two lines one behind the other. */
static void
drop_pairs(struct growth *g, const block_lines *v)
{
	for (size_t i = 0; i + 1 < v->n; i++) {
		struct rec *a = &g->rec.v[i], *b = a + 1;
		if (v->v[i].op != '-' || v->v[i + 1].op != '+' || a->kind != b->kind ||
		    a->vrf != b->vrf || !span_same(rec_span(a), rec_span(b)))
			continue;
		if (a->kind == KIND_SUBNET || is_used(a) == is_used(b))
			a->kind = b->kind = KIND_NONE;
	}
}

/* Subnets first: going back, what was in one that went is in it again. */
bool
growth_lines(struct growth *g, int64_t time, const block_lines *v)
{
	if (g->edges < 2 || time <= g->edge[0])
		return false;
	while (g->period > 0 && time <= g->edge[g->period])
		g->period--;
	read_lines(g, v);
	drop_pairs(g, v);
	for (size_t i = v->n; i-- > 0;)
		if (g->rec.v[i].kind == KIND_SUBNET)
			back_subnet(g, time, &g->rec.v[i], v->v[i].op == '+');
	for (size_t i = v->n; i-- > 0;)
		if (g->rec.v[i].kind == KIND_ADDRESS && is_used(&g->rec.v[i]))
			back_address(g, &g->rec.v[i], v->v[i].op == '+');
	return true;
}

bool
growth_block(struct growth *g, const struct block *b)
{
	bool is_all = b->kind == BLOCK_FIRST || b->kind == BLOCK_ARCHIVE;

	g->has_begin = is_all && b->time > g->edge[0];
	g->begin = b->time;
	return is_all ? b->kind == BLOCK_ARCHIVE : growth_lines(g, b->time, &b->line);
}

/* --- what there is to tell ------------------------------------------------ */

size_t
growth_values(const struct growth *g, const struct growth_series *s, struct count *value)
{
	size_t first = growth_first(g, s), at = g->edges - 1, n = g->edges - first;
	struct count used = s->u->used;

	value[n - 1] = used;
	for (size_t i = 0; i < s->step.n; i++) {
		const struct growth_step *step = &s->step.v[i];
		for (; at > step->period + 1 && at > first; at--)
			value[at - 1 - first] = used;
		used = step->before;
	}
	for (; at > first; at--)
		value[at - 1 - first] = used;
	return n;
}

/* Nothing is told of the time before a subnet came, if nothing was in it. */
size_t
growth_first(const struct growth *g, const struct growth_series *s)
{
	size_t first = 0, most = s->step.n ? s->step.v[s->step.n - 1].period + 1 : g->edges - 1;

	while (g->has_begin && first + 1 < g->edges && g->edge[first] < g->begin)
		first++;
	while (count_is_zero(s->last) && first < most && g->edge[first] < s->born)
		first++;
	return first;
}

void
growth_sum(const struct growth_series *s, struct count *added, struct count *released)
{
	*added = *released = count_of(0);
	for (size_t i = 0; i < s->step.n; i++) {
		*added = count_add(*added, s->step.v[i].added);
		*released = count_add(*released, s->step.v[i].released);
	}
}

double
growth_change(const struct growth_series *s)
{
	return count_double(s->u->used) - count_double(s->last);
}

/* --- when it will be full ------------------------------------------------- */

static bool
find_trend(const struct growth *g, const struct growth_series *s, struct trend *out)
{
	size_t first = growth_first(g, s), n = g->edges - first;
	struct count *value = malloc(n * sizeof(*value));
	struct trend_point *point = malloc(n * sizeof(*point));

	if (!value || !point)
		g->db->env->oom(n * sizeof(*point));
	growth_values(g, s, value);
	for (size_t i = 0; i < n; i++) {
		point[i].t = (double)(g->edge[first + i] - g->edge[first]) / DAY;
		point[i].y = count_double(value[i]);
	}
	bool is_long = trend_of(point, n, out);
	free(value);
	free(point);
	return is_long;
}

/* When so many more are used at a pace; false in this century's time. */
static bool
reach(const struct growth *g, double room, double pace, int64_t *when)
{
	if (pace <= 0 || room / pace > century)
		return false;
	*when = g->edge[g->edges - 1] + (int64_t)(room / pace * DAY);
	return true;
}

void
growth_forecast(const struct growth *g, const struct growth_series *s, struct forecast *out)
{
	double room = count_double(s->u->free);
	struct trend t = { 0 };

	*out = (struct forecast){ .outlook = OUTLOOK_SHORT };
	if (!find_trend(g, s, &t))
		return;
	out->pace = t.pace;
	out->low = t.low;
	out->high = t.high;
	out->outlook = t.pace > 0 ? OUTLOOK_GROWS : t.pace < 0 ? OUTLOOK_SHRINKS : OUTLOOK_STEADY;
	if (count_is_zero(s->u->free)) {
		out->outlook = OUTLOOK_FULL;
		return;
	}
	out->has_when = reach(g, room, t.pace, &out->when);
	out->has_early = reach(g, room, t.high, &out->early);
	out->has_late = reach(g, room, t.low, &out->late);
}
