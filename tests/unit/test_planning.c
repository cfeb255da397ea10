/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random plans and operations.  Each operation is done twice: on a plan read anew from
 * the text before it, and on one plan that all of them change, as a batch does (and
 * whose searches all use the kept sets, those of the other none).  Both give the same
 * records and, in the end, the same bytes; and after each operation
 *
 *   - the plan is valid: no subnets overlap in part, no address is there twice;
 *   - an address that was given out was free, a block that was carved held nothing;
 *   - the changes, as -n shows them, make the new lines out of the old;
 *   - releasing and removing what came gives back the bytes of before.
 *
 * PLAN_SEED and PLAN_ROUNDS in the environment are for longer runs.
 */
#include "plan.h"

#include "core/alloc.h"
#include "core/plan.h"

enum { STEPS = 60 };

enum op_kind {
	OP_SUBNET,
	OP_RANGE,
	OP_NAMED,
	OP_ALLOC,
	OP_RELEASE,
	OP_CARVE,
	OP_REMOVE,
	OP_GATEWAY,
	OP_USABLE,
	OP_SPLIT,
	OP_JOIN,
	OP_RESIZE,
	OP_RENUMBER,
	OPS
};

static const char *const op_names[] = { "subnet", "range", "named", "alloc", "release", "carve",
	"remove", "gateway", "usable", "split", "join", "resize", "renumber" };

struct op {
	enum op_kind kind;
	char target[128]; /* a record's key */
	struct span span; /* a place */
	unsigned vrf;     /* 0 or 1 */
	int len, choice;
	uint64_t count;
};

/* --- one operation ---------------------------------------------------- */

static struct span
random_span(uint64_t *seed, bool is_prefix)
{
	static const u128 base[] = { (u128)10 << 24, (u128)0x20010db8 << 96 };
	enum family f = rnd(seed) % 3 ? IPV4 : IPV6;
	struct ip ip = { base[f == IPV6] + rnd(seed) % 512, f };
	struct ip end = { ip.v + rnd(seed) % 24, f };

	return is_prefix ? span_prefix(ip, ip_bits(f) - (int)(rnd(seed) % 9)) : span_range(ip, end);
}

static struct rec *
random_record(struct plan *p, unsigned kinds, uint64_t *seed)
{
	size_t n = 0, k;
	struct walk w;

	for (struct rec *r = walk_all(&w, &p->db); r; r = walk_next(&w))
		n += ((1u << r->kind) & kinds) != 0;
	if (n == 0)
		return NULL;
	k = rnd(seed) % n;
	for (struct rec *r = walk_all(&w, &p->db); r; r = walk_next(&w))
		if (((1u << r->kind) & kinds) && k-- == 0)
			return r;
	return NULL;
}

static const unsigned op_targets[OPS] = { [OP_ALLOC] = K_SUBNET | K_RANGE,
	[OP_RELEASE] = K_ADDRESS,
	[OP_CARVE] = K_SUBNET,
	[OP_REMOVE] = K_SUBNET | K_RANGE,
	[OP_GATEWAY] = K_SUBNET,
	[OP_USABLE] = K_SUBNET,
	[OP_SPLIT] = K_SUBNET,
	[OP_JOIN] = K_SUBNET,
	[OP_RESIZE] = K_SUBNET,
	[OP_RENUMBER] = K_PLAN };

/* False if there is no record that it could be about. */
static bool
random_op(struct plan *p, uint64_t *seed, struct op *op)
{
	struct rec *r = NULL;

	*op = (struct op){ .kind = (enum op_kind)(rnd(seed) % OPS), .vrf = rnd(seed) % 5 == 0 };
	op->span = random_span(seed, op->kind == OP_SUBNET);
	op->choice = (int)(rnd(seed) % 3);
	op->count = 1 + rnd(seed) % 3;
	if (op_targets[op->kind]) {
		r = random_record(p, op_targets[op->kind], seed);
		if (!r)
			return false;
		struct str key = db_key(&p->db, r);
		snprintf(op->target, sizeof(op->target), "%.*s", STR_FMT(key));
		op->len = r->plen + (int)(rnd(seed) % 4) - (op->kind == OP_RESIZE);
	}
	if (op->kind == OP_GATEWAY)
		op->span = span_ip((struct ip){ r->first + rnd(seed) % 16, r->family });
	if (op->kind != OP_RENUMBER)
		return true;
	op->span.family = r->family;
	u128 to = r->first - 64 + rnd(seed) % 128, size = r->last - r->first;
	op->span = (struct span){ to, to + size, r->family, -1 };
	if (r->kind == KIND_SUBNET)
		op->span =
		    span_prefix((struct ip){ to, r->family }, r->plen - (int)(rnd(seed) % 2));
	return op->span.len != 255 && op->span.last <= ip_max(r->family);
}

static enum status
do_alloc(struct plan *p, const struct op *op, struct rec *target, rec_list *out)
{
	static const enum strategy strategies[] = { STRATEGY_FIRST, STRATEGY_LAST,
		STRATEGY_SPARSE };
	struct alloc a = { .strategy = strategies[op->choice], .count = op->count };

	if (op->kind == OP_NAMED)
		return alloc_named(&p->db, &a, op->vrf, span_first(op->span), out, &p->d);
	return alloc_next(&p->db, &a, target, out, &p->d);
}

static enum status
do_carve(struct plan *p, const struct op *op, struct rec *parent, rec_list *out)
{
	static const enum fit fits[] = { FIT_BEST, FIT_FIRST, FIT_SPARSE };
	enum status status = STATUS_OK;
	struct rec *r;

	for (uint64_t i = 0; i < op->count && !status; i++) {
		status = plan_carve(&p->db, parent, op->len, fits[op->choice], NULL, 0, &r, &p->d);
		if (!status)
			vec_push(p->db.env, out, r);
	}
	return status;
}

static enum status
do_remove(struct plan *p, const struct op *op, struct rec *r, rec_list *out)
{
	if (r->kind == KIND_SUBNET)
		return plan_rm_subnet(&p->db, r, (enum plan_rm)op->choice, out, &p->d);
	edit_remove(&p->db, r);
	return STATUS_OK;
}

static enum status
do_attribute(struct plan *p, const struct op *op, struct rec *r)
{
	char text[IP_TEXT];
	struct str gw = arena_str(&p->db.arena, str_from(ip_fmt(text, span_first(op->span))));

	if (op->kind == OP_GATEWAY)
		edit_set(&p->db, r, "gw", op->choice ? gw : STR_NONE);
	else
		edit_set(&p->db, r, "usable", op->choice ? STR("all") : STR_NONE);
	return STATUS_OK;
}

static enum status
add(struct plan *p, const struct op *op, rec_list *out)
{
	enum kind kind = op->kind == OP_SUBNET ? KIND_SUBNET : KIND_RANGE;
	struct rec *r;
	enum status status = plan_add(&p->db, op->vrf, op->span, kind, NULL, 0, &r, &p->d);

	if (!status)
		vec_push(p->db.env, out, r);
	return status;
}

static enum status
run_op(struct plan *p, const struct op *op, rec_list *out)
{
	struct rec *r = op->target[0] ? plan_rec(p, op->target) : NULL, *to = NULL;
	enum status status = STATUS_OK;

	switch (op->kind) {
	case OP_SUBNET:
	case OP_RANGE: return add(p, op, out);
	case OP_NAMED:
	case OP_ALLOC: return do_alloc(p, op, r, out);
	case OP_RELEASE: release_address(&p->db, r, -1); return STATUS_OK;
	case OP_CARVE: return do_carve(p, op, r, out);
	case OP_REMOVE: return do_remove(p, op, r, out);
	case OP_GATEWAY:
	case OP_USABLE: return do_attribute(p, op, r);
	case OP_SPLIT: return plan_split(&p->db, r, op->len, out, &p->d);
	case OP_JOIN: return plan_join(&p->db, r->vrf, rec_span(r), out, &p->d);
	case OP_RESIZE: status = plan_resize(&p->db, r, op->len, &to, &p->d); break;
	default: status = plan_renumber(&p->db, r, op->vrf, op->span, &to, &p->d); break;
	}
	if (!status)
		vec_push(p->db.env, out, to);
	return status;
}

/* --- what must hold --------------------------------------------------- */

static void
check_valid(struct plan *p, const char *about)
{
	const struct rec *before = NULL, *around = NULL;
	struct walk w;

	diags_clear(&p->d);
	check(check_plan(&p->db, SEV_ERROR, &p->d) == STATUS_OK, "%s: %s", about, plan_report(p));
	for (struct rec *r = walk_all(&w, &p->db); r; before = r, r = walk_next(&w)) {
		check(!before || db_order(&p->db, before, r) < 0, "%s: twice", about);
		for (around = r->parent; around; around = around->parent)
			check(around->vrf == r->vrf && span_holds(rec_span(around), rec_span(r)),
			    "%s: %s", about, plan_z(p, db_key(&p->db, r)));
	}
}

/* Against the plan before: what was given out was free there. */
static void
check_given(struct plan *before, const struct op *op, const rec_list *out, const char *about)
{
	const struct rec *target = op->target[0] ? plan_rec(before, op->target) : NULL;

	for (size_t i = 0; i < out->n; i++) {
		const struct rec *r = out->v[i];
		struct place p = place_at(&before->db, r->vrf, span_first(rec_span(r)));
		struct walk w;
		bool is_range = target && target->kind == KIND_RANGE;
		if (op->kind == OP_ALLOC) {
			check(!p.rec && span_holds(rec_span(target), rec_span(r)), "%s", about);
			check(p.subnet == (is_range ? target->parent : target), "%s", about);
			check(p.state == (is_range ? PLACE_POOL : PLACE_FREE), "%s", about);
		} else if (op->kind == OP_CARVE) {
			struct rec *in = walk_in(&w, &before->db, r->vrf, rec_span(r));
			while (
			    in && in->kind == KIND_SUBNET && span_holds(rec_span(in), rec_span(r)))
				in = walk_next(&w);
			check(!in && p.subnet == target && p.state != PLACE_GATEWAY, "%s: %s",
			    about, in ? plan_z(before, db_key(&before->db, in)) : "");
		}
	}
}

static int
by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

typedef VEC(struct str) lines;

static void
add_lines(lines *l, struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		vec_push(&plan_env, l, line);
}

/* The old lines without those that went, with those that came, are the new lines. */
static void
check_changes_shown(struct plan *p, struct str before, struct str after, const char *about)
{
	lines left = { 0 }, right = { 0 };
	struct line_change *v;
	size_t n = edit_changes(&p->db, &v);

	add_lines(&left, before);
	add_lines(&right, after);
	for (size_t i = 0; i < n; i++) {
		check(!str_eq(v[i].before, v[i].after), "%s: shows no change", about);
		if (v[i].after.n)
			vec_push(&plan_env, &left, v[i].after);
		if (v[i].before.n)
			vec_push(&plan_env, &right, v[i].before);
	}
	check(left.n == right.n, "%s: %zu, %zu lines", about, left.n, right.n);
	if (left.n)
		qsort(left.v, left.n, sizeof(*left.v), by_text);
	if (right.n)
		qsort(right.v, right.n, sizeof(*right.v), by_text);
	for (size_t i = 0; i < left.n; i++)
		check(str_eq(left.v[i], right.v[i]), "%s: %.*s, %.*s", about, STR_FMT(left.v[i]),
		    STR_FMT(right.v[i]));
	vec_release(&left);
	vec_release(&right);
}

/* What was allocated or carved is taken back from the text as it was written. */
static void
check_way_back(const struct op *op, const rec_list *out, struct plan *done, struct str before,
    struct str after, const char *about)
{
	struct plan p;
	rec_list gone = { 0 };

	if (op->kind != OP_ALLOC && op->kind != OP_CARVE)
		return;
	plan_read(&p, after);
	for (size_t i = 0; i < out->n; i++) {
		struct rec *r = plan_rec(&p, plan_z(&p, db_key(&done->db, out->v[i])));
		if (op->kind == OP_ALLOC)
			release_address(&p.db, r, -1);
		else
			check(!plan_rm_subnet(&p.db, r, PLAN_RM_EMPTY, &gone, &p.d), "%s", about);
	}
	struct str text = edit_text(&p.db, 0);
	check(str_eq(text, before), "%s: the way back:\n%.*s", about, STR_FMT(text));
	vec_release(&gone);
	plan_release(&p);
}

/* --- a sequence ------------------------------------------------------- */

/* The next search of every target uses its set. */
static void
use_sets(struct plan *p)
{
	struct walk w;

	for (struct rec *r = walk_all(&w, &p->db); r; r = walk_next(&w))
		if (r->kind != KIND_ADDRESS)
			freemap_of(&p->db, r, &gaps_kind)->walked = SIZE_MAX;
}

static void
repeat_op(struct plan *batch, struct plan *one, const struct op *op, const rec_list *wanted,
    const char *about)
{
	rec_list got = { 0 };

	use_sets(batch);
	diags_clear(&batch->d);
	check(run_op(batch, op, &got) == STATUS_OK, "%s: batch: %s", about, plan_message(batch));
	check(got.n == wanted->n, "%s: batch: %zu, not %zu", about, got.n, wanted->n);
	for (size_t i = 0; i < got.n; i++)
		check(str_eq(db_key(&batch->db, got.v[i]), db_key(&one->db, wanted->v[i])),
		    "%s: batch: %s, not %s", about, plan_z(batch, db_key(&batch->db, got.v[i])),
		    plan_z(one, db_key(&one->db, wanted->v[i])));
	vec_release(&got);
}

/* One operation on the text, which it replaces; the same on the batch, if it can be. */
static void
step(struct plan *batch, struct str *text, uint64_t *seed, size_t done[OPS], const char *about)
{
	struct plan old, p;
	rec_list out = { 0 };
	struct op op;
	char where[256];
	bool is_done = false;

	plan_read(&old, *text);
	plan_read(&p, *text);
	if (random_op(&p, seed, &op)) {
		char span[SPAN_TEXT];
		snprintf(where, sizeof(where), "%s: %s %s /%d %s%s choice %d", about,
		    op_names[op.kind], op.target, op.len, span_fmt(span, op.span),
		    op.vrf ? "%b" : "", op.choice);
		is_done = run_op(&p, &op, &out) == STATUS_OK;
	}
	if (is_done) {
		done[op.kind]++;
		struct str after = edit_text(&p.db, 0);
		check_valid(&p, where);
		check_given(&old, &op, &out, where);
		check_changes_shown(&p, *text, after, where);
		check_way_back(&op, &out, &p, *text, after, where);
		repeat_op(batch, &p, &op, &out, where);
		after = arena_str(&batch->db.arena, after);
		struct str whole = edit_text(&batch->db, 0);
		check(str_eq(whole, after), "%s: batch:\n%.*s\none by one:\n%.*s", where,
		    STR_FMT(whole), STR_FMT(after));
		*text = after;
	}
	vec_release(&out);
	plan_release(&p);
	plan_release(&old);
}

static const char *const beginnings[] = {
	"@ipam 1\n@vrf b\n\n# the net\n10.0.0.0/24 name=p\n2001:db8::/120\n10.0.0.0/24%b\n",
	("@vrf b\n10.0.0.0/23 gw=10.0.0.1\n# dns\n10.0.0.5 host=a. # a\n\n# pool\n"
	 "10.0.0.16-10.0.0.23\n10.0.0.64/26\n2001:db8::/119 usable=all\n2001:db8::100/120\n"),
	"@vrf b\n2001:db8::/120\n10.0.0.0/25\n10.0.1.0/24%b\n10.0.0.128/25\n10.0.0.0/24\n",
};

static void
sequence(uint64_t first_seed, size_t done[OPS])
{
	struct str text = str_from(beginnings[first_seed % ARRAY_LEN(beginnings)]);
	uint64_t seed = first_seed;
	struct plan batch;
	char about[64];

	plan_read(&batch, text);
	for (int i = 0; i < STEPS; i++) {
		snprintf(about, sizeof(about), "PLAN_SEED=%llu, step %d",
		    (unsigned long long)first_seed, i);
		step(&batch, &text, &seed, done, about);
	}
	plan_release(&batch);
}

static uint64_t
setting(const char *name, uint64_t def)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 10) : def;
}

static void
random_plans(void **state)
{
	uint64_t seed = setting("PLAN_SEED", 1), rounds = setting("PLAN_ROUNDS", 200);

	size_t done[OPS] = { 0 };

	(void)state;
	for (uint64_t i = 0; i < rounds; i++)
		sequence(seed + i, done);
	for (size_t i = 0; i < OPS; i++)
		check(done[i] > 0 || rounds < 60, "%s was never done", op_names[i]);
	if (getenv("PLAN_ROUNDS"))
		for (size_t i = 0; i < OPS; i++)
			print_message("%-10s %zu\n", op_names[i], done[i]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
