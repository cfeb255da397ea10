/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another plan: the program's own format, ipam(5). */
#include "format.h"

struct reader {
	struct facts *facts;
	struct vrfs vrfs;
};

static void
read_attrs(struct reader *rd, const struct rec *r, struct fact_record *record)
{
	struct attr_iter it;
	struct attr attr;
	size_t n = 0;

	attr_start(&it, r);
	while (attr_next(&it, &attr))
		n++;
	record->attr = arena_alloc(&rd->facts->arena, n * sizeof(*record->attr) + 1);
	attr_start(&it, r);
	for (; record->attrs < n && attr_next(&it, &attr); record->attrs++)
		record->attr[record->attrs] = (struct fact_attr){ attr.name,
			attr_value(&attr, &rd->facts->arena), attr.raw.p };
}

static void
add_record(void *ctx, const struct rec *r)
{
	struct reader *rd = ctx;
	struct str key = rec_key(r), line = rec_line(r);
	struct fact_record *record;

	if (r->kind == KIND_HEADER)
		return;
	record = arena_zalloc(&rd->facts->arena, sizeof(*record));
	record->kind = r->kind;
	record->rest = str_cut(line, (size_t)(key.p - line.p) + key.n, line.n);
	if (r->kind == KIND_OBJECT) {
		record->object = rec_object_kind(r);
		record->label = rec_object_name(r);
	} else {
		record->span = rec_span(r);
		record->has_vrf = str_find(key, '%') < key.n;
		record->vrf = r->vrf ? rd->vrfs.name[r->vrf] : STR_NONE;
	}
	read_attrs(rd, r, record);
	facts_add(rd->facts, FACT_RECORD, key.p)->record = record;
}

void
ipam_read(const struct format_input *in, struct facts *facts, struct diags *d)
{
	struct reader rd = { .facts = facts };

	vrfs_init(&rd.vrfs, &facts->arena);
	text_read(&in->source, &rd.vrfs, add_record, &rd, d);
}
