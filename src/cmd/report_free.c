/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report free: where there is room for subnets. */
#include "report.h"

#include "core/space.h"
#include "core/totals.h"

/* --- each container --------------------------------------------------- */

enum { PREFIX, NAME, VRF, FREE, BLOCKS, LARGEST, FRAGMENTED };
static const struct column room_columns[] = {
	[PREFIX] = { "prefix", 0 },
	[NAME] = { "name", 0 },
	[VRF] = { "vrf", 0 },
	[FREE] = { "free", COLUMN_RIGHT },
	[BLOCKS] = { "blocks", COLUMN_RIGHT },
	[LARGEST] = { "largest", 0 },
	[FRAGMENTED] = { "fragmented", COLUMN_RIGHT },
};

static struct str
block_key(struct ctx *c, struct span block, unsigned vrf)
{
	return key_fmt(&c->out->arena, block, db_vrf_name(c->db, vrf));
}

static void
room_cell(struct ctx *c, const void *p, size_t column)
{
	const struct room *room = p;
	const struct rec *r = room->u->subnet;
	switch (column) {
	case PREFIX: out_indented(c->out, room->u->depth, db_key(c->db, r)); break;
	case NAME: out_str(c->out, db_label(c->db, r)); break;
	case VRF: out_str(c->out, db_vrf_name(c->db, r->vrf)); break;
	case FREE: out_count(c->out, room->free); break;
	case BLOCKS: out_count(c->out, count_of(room->blocks)); break;
	case LARGEST:
		out_str(c->out, room->blocks ? block_key(c, room->largest, r->vrf) : STR_NONE);
		break;
	case FRAGMENTED: out_permille(c->out, room_fragmented(room)); break;
	}
}

/* --- each block that holds one of a size ------------------------------ */

enum { FIT_PREFIX, FIT_COUNT, FIT_BLOCK, FIT_IN, FIT_NAME };
static const struct column fit_columns[] = {
	[FIT_PREFIX] = { "prefix", 0 },
	[FIT_COUNT] = { "count", COLUMN_RIGHT },
	[FIT_BLOCK] = { "block", 0 },
	[FIT_IN] = { "parent", 0 },
	[FIT_NAME] = { "name", 0 },
};

struct fit_row {
	const struct rec *in;
	struct span block;
	int len;
};

static void
fit_cell(struct ctx *c, const void *p, size_t column)
{
	const struct fit_row *row = p;
	unsigned vrf = row->in->vrf;

	switch (column) {
	case FIT_PREFIX:
		out_str(c->out, block_key(c, span_prefix(span_first(row->block), row->len), vrf));
		break;
	case FIT_COUNT: out_count(c->out, count_shift(1, row->len - row->block.len)); break;
	case FIT_BLOCK: out_str(c->out, block_key(c, row->block, vrf)); break;
	case FIT_IN: out_str(c->out, db_key(c->db, row->in)); break;
	case FIT_NAME: out_str(c->out, db_label(c->db, row->in)); break;
	}
}

static size_t
print_fits(struct sheet *sheet, const struct usage *u, int len)
{
	struct ctx *c = sheet->c;
	struct space f;
	struct fit_row row = { .in = u->subnet, .len = len };
	size_t n = 0;

	for (space_start(&f, c->db, row.in->vrf, rec_span(row.in)); space_next(&f, &row.block);) {
		if (row.block.len > len || len > ip_bits(row.block.family))
			continue;
		report_row(sheet, row.in, &row);
		n++;
	}
	return n;
}

/* --- the report ------------------------------------------------------- */

static size_t
print_rows(struct sheet *sheet, struct select *s, int len)
{
	struct ctx *c = sheet->c;
	struct usage *u;
	struct room room;
	size_t n = usage_all(c->db, &u), shown = 0;

	for (size_t i = 0; i < n; i++) {
		if (!room_is_given(c->db, &u[i]) || !report_family(c, u[i].subnet->family) ||
		    !select_match(s, u[i].subnet))
			continue;
		if (len >= 0) {
			shown += print_fits(sheet, &u[i], len);
			continue;
		}
		room_of(c->db, &u[i], &room);
		report_row(sheet, u[i].subnet, &room);
		shown++;
	}
	return shown;
}

enum status
cmd_report_free(struct ctx *c)
{
	bool has_size = args_has(&c->args, "size");
	struct str size = args_get(&c->args, "size");
	struct select s = { 0 };
	struct sheet sheet;
	int len = -1;
	enum status status;

	if (has_size && !prefix_len_parse(size, &len))
		return diag_fail(c->diags, STATUS_USAGE, "--size %.*s: a length is written /24",
		    STR_FMT(size));
	status = has_size
	             ? report_sheet(c, &sheet, fit_columns, ARRAY_LEN(fit_columns), fit_cell)
	             : report_sheet(c, &sheet, room_columns, ARRAY_LEN(room_columns), room_cell);
	if (!status)
		status = report_select(c, &s);
	if (!status) {
		size_t shown = print_rows(&sheet, &s, len);
		status = shown || (s.term.n == 0 && !has_size) ? STATUS_OK : STATUS_NO;
	}
	select_release(&s);
	return status;
}
