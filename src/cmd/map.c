/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map: a prefix as a picture. */
#include "report.h"

#include "core/glyph.h"
#include "core/runs.h"
#include "core/usage.h"
#include "format/svg.h"

enum { MOST_BITS = 16, USUAL_BITS = 10, SVG_BITS = 12 };

struct map {
	unsigned vrf;
	struct span span;
	const struct rec *rec; /* the subnet with that key, or NULL */
	struct part *part;
	int bits; /* 2^bits cells */
};

/* Whether each cell is one address. */
static bool
is_fine(const struct map *m)
{
	return m->span.len + m->bits == ip_bits(m->span.family);
}

static struct str
cell_key(struct ctx *c, const struct map *m, size_t i)
{
	struct span span = part_span(m->span, m->bits, i);
	struct str vrf = db_vrf_name(c->db, m->vrf);

	return key_fmt(&c->out->arena, is_fine(m) ? span_ip(span_first(span)) : span, vrf);
}

/* --- tables of cells -------------------------------------------------- */

enum { CELL, STATE, USED, RESERVED, DHCP, QUARANTINE, UNUSABLE, CHILD, FREE, NAME };
static const struct column map_columns[] = {
	[CELL] = { "cell", 0 },
	[STATE] = { "state", 0 },
	[USED] = { "used", COLUMN_RIGHT },
	[RESERVED] = { "reserved", COLUMN_RIGHT },
	[DHCP] = { "dhcp", COLUMN_RIGHT },
	[QUARANTINE] = { "quarantine", COLUMN_RIGHT },
	[UNUSABLE] = { "unusable", COLUMN_RIGHT },
	[CHILD] = { "child", COLUMN_RIGHT },
	[FREE] = { "free", COLUMN_RIGHT },
	[NAME] = { "name", 0 },
};

struct map_row {
	const struct map *map;
	size_t i;
};

static void
map_cell(struct ctx *c, const void *p, size_t column)
{
	static const enum run_state state[] = { [USED] = RUN_USED,
		[RESERVED] = RUN_RESERVED,
		[DHCP] = RUN_DHCP,
		[QUARANTINE] = RUN_QUARANTINE,
		[UNUSABLE] = RUN_UNUSABLE,
		[CHILD] = RUN_CHILD,
		[FREE] = RUN_FREE };
	const struct map_row *row = p;
	const struct part *cell = &row->map->part[row->i];

	switch (column) {
	case CELL: out_str(c->out, cell_key(c, row->map, row->i)); break;
	case STATE: out_str(c->out, str_from(run_names[part_state(cell)])); break;
	case NAME: out_str(c->out, cell->rec ? db_label(c->db, cell->rec) : STR_NONE); break;
	default: out_count(c->out, cell->n[state[column]]); break;
	}
}

static enum status
print_cells(struct ctx *c, const struct map *m)
{
	struct sheet sheet;
	enum status status = report_sheet(c, &sheet, map_columns, ARRAY_LEN(map_columns), map_cell);

	for (size_t i = 0; i < (size_t)1 << m->bits && !status; i++)
		report_row(&sheet, m->part[i].rec, &(struct map_row){ m, i });
	return status;
}

/* --- on a terminal ---------------------------------------------------- */

struct look {
	const char *utf8, *ascii;
	enum paint paint;
};
static const struct look looks[RUN_STATES] = {
	[RUN_OUTSIDE] = { "_", "_", PAINT_FAINT },
	[RUN_FREE] = { "·", ".", PAINT_FAINT },
	[RUN_CHILD] = { "▒", ":", PAINT_CHILD },
	[RUN_UNUSABLE] = { "-", "-", PAINT_FAINT },
	[RUN_DHCP] = { "d", "d", PAINT_GOOD },
	[RUN_RESERVED] = { "r", "r", PAINT_WARN },
	[RUN_QUARANTINE] = { "q", "q", PAINT_CRIT },
	[RUN_USED] = { "█", "#", PAINT_NOTE },
};
static const char *const density_utf8[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const density_ascii[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9", "#" };

static const char *
glyph_of(const struct look *look, bool utf8)
{
	return utf8 ? look->utf8 : look->ascii;
}

static const char *
cell_glyph(struct ctx *c, const struct map *m, size_t i)
{
	const struct part *cell = &m->part[i];
	bool utf8 = c->env->screen.utf8;
	enum run_state state = part_state(cell);
	struct count taken = part_taken(cell), size = count_size(part_span(m->span, m->bits, i));
	size_t steps = utf8 ? ARRAY_LEN(density_utf8) : ARRAY_LEN(density_ascii);

	if (count_is_zero(taken) || count_cmp(cell->n[state], size) == 0)
		return glyph_of(&looks[state], utf8);
	size_t step = count_permille(taken, size) * (steps - 1) / 1000;
	return utf8 ? density_utf8[step] : density_ascii[step];
}

static size_t
screen_width(const struct ctx *c)
{
	return c->env->screen.width ? c->env->screen.width : 80;
}

static void
put_padded(struct ctx *c, struct str s, size_t width)
{
	out_text(c->out, arena_fmt(&c->out->arena, "%-*.*s", (int)width, STR_FMT(s)));
}

/* How the picture is laid out. */
struct frame {
	size_t label; /* columns for the first address of a row */
	int columns;  /* 2^columns cells in a row ... */
	bool spaced;  /* ... in eights with a space between */
};

static struct str
row_label(struct ctx *c, const struct map *m, size_t i)
{
	char text[IP_TEXT];

	return arena_str(&c->out->arena,
	    str_from(ip_fmt(text, span_first(part_span(m->span, m->bits, i)))));
}

/* The widest rows of a power of two cells that the screen has room for. */
static struct frame
frame_of(struct ctx *c, const struct map *m)
{
	struct frame f = { .columns = 7 };

	for (size_t i = 0; i < (size_t)1 << m->bits; i += 16) {
		size_t n = row_label(c, m, i).n;
		f.label = n > f.label ? n : f.label;
	}
	size_t room = screen_width(c) > f.label + 2 ? screen_width(c) - f.label - 2 : 0;
	while (f.columns > 3 && (size_t)1 << f.columns > room)
		f.columns--;
	/* a block rather than a stripe: a /24 has eight rows of 32 */
	while (f.columns > 4 && f.columns > (m->bits + 2) / 2)
		f.columns--;
	if (f.columns > m->bits)
		f.columns = m->bits;
	size_t cells = (size_t)1 << f.columns;
	f.spaced = cells + cells / 8 <= room + 1;
	return f;
}

/* Where each eighth cell of a row is, as an offset from its first. */
static void
draw_ruler(struct ctx *c, const struct frame *f)
{
	struct str line;

	put_padded(c, STR_NONE, f->label + 2);
	for (size_t i = 0; i < (size_t)1 << f->columns; i += 8) {
		line = arena_fmt(&c->out->arena, "+%zu", i);
		out_painted(c->out, PAINT_FAINT, line);
		if (i + 8 < (size_t)1 << f->columns)
			put_padded(c, STR_NONE, 8 + f->spaced - line.n);
	}
	out_text(c->out, STR("\n"));
}

static void
draw_row(struct ctx *c, const struct map *m, const struct frame *f, size_t first)
{
	put_padded(c, row_label(c, m, first), f->label + 2);
	for (size_t i = 0; i < (size_t)1 << f->columns; i++) {
		enum run_state state = part_state(&m->part[first + i]);
		if (i && i % 8 == 0 && f->spaced)
			out_text(c->out, STR(" "));
		out_painted(c->out, looks[state].paint, str_from(cell_glyph(c, m, first + i)));
	}
	out_text(c->out, STR("\n"));
}

/* What the glyphs mean, how many addresses each has, in lines that fit. */
static void
draw_legend(struct ctx *c, const struct map *m)
{
	bool utf8 = c->env->screen.utf8;
	size_t used = 0;

	for (enum run_state s = RUN_STATES; s-- > 0;) {
		struct count n = count_of(0);
		for (size_t i = 0; i < (size_t)1 << m->bits; i++)
			n = count_add(n, m->part[i].n[s]);
		if (count_is_zero(n))
			continue;
		struct str words = arena_fmt(&c->out->arena, " %s %.*s", run_names[s],
		    STR_FMT(out_count_text(c->out, n)));
		if (used)
			out_text(c->out,
			    used + words.n + 3 > screen_width(c) ? STR("\n") : STR("  "));
		used = used + words.n + 3 > screen_width(c) ? 0 : used;
		used += words.n + 3;
		out_painted(c->out, looks[s].paint, str_from(glyph_of(&looks[s], utf8)));
		out_text(c->out, words);
	}
	if (!is_fine(m))
		out_text(c->out, utf8 ? STR("\n▁▂▃▄▅▆▇█ how much of a block is taken")
				      : STR("\n1-9 and # how much of a block is taken"));
	out_text(c->out, STR("\n"));
}

static void
draw_title(struct ctx *c, const struct map *m)
{
	struct str name = m->rec ? db_label(c->db, m->rec) : STR_NONE;
	struct str key = key_fmt(&c->out->arena, m->span, db_vrf_name(c->db, m->vrf));

	out_painted(c->out, PAINT_HEAD, key);
	if (name.n)
		out_text(c->out, arena_fmt(&c->out->arena, " %.*s", STR_FMT(name)));
	out_text(c->out,
	    is_fine(m) ? STR(": a cell is an address\n")
		       : arena_fmt(&c->out->arena, ": a cell is a /%d\n", m->span.len + m->bits));
}

static void
draw(struct ctx *c, const struct map *m)
{
	struct frame f = frame_of(c, m);

	draw_title(c, m);
	draw_ruler(c, &f);
	for (size_t i = 0; i < (size_t)1 << m->bits; i += (size_t)1 << f.columns)
		draw_row(c, m, &f, i);
	draw_legend(c, m);
}

/* --- the command ------------------------------------------------------ */

/* As many cells as a screen has room for beside title and legend; a fixed number for machines. */
static int
usual_bits(struct ctx *c, struct map *m, int all)
{
	int most = USUAL_BITS;

	if (c->out->format == FORMAT_SVG)
		most = SVG_BITS;
	if (c->out->format == FORMAT_TABLE) {
		m->bits = all < SVG_BITS ? all : SVG_BITS;
		most = frame_of(c, m).columns + (c->env->screen.height >= 45 ? 5 : 4);
	}
	return all < most ? all : most;
}

static enum status
read_bits(struct ctx *c, struct map *m)
{
	struct str size = args_get(&c->args, "size");
	int all = ip_bits(m->span.family) - m->span.len, len;

	m->bits = usual_bits(c, m, all);
	if (!args_has(&c->args, "size"))
		return STATUS_OK;
	if (!prefix_len_parse(size, &len) || len > ip_bits(m->span.family))
		return diag_fail(c->diags, STATUS_USAGE, "--size %.*s: a length is written /24",
		    STR_FMT(size));
	m->bits = len - m->span.len;
	if (m->bits < 0 || m->bits > MOST_BITS)
		return diag_fail(c->diags, STATUS_USAGE, "--size %.*s: from /%d to /%d is possible",
		    STR_FMT(size), m->span.len, m->span.len + (all < MOST_BITS ? all : MOST_BITS));
	return STATUS_OK;
}

static enum status
read_prefix(struct ctx *c, struct map *m)
{
	struct target t;
	enum status status = cmd_words(c, 1, 1);

	if (status)
		return status;
	status =
	    target_parse(&t, c->db, c->scope, c->args.word.v[0], K_SUBNET, "a prefix", c->diags);
	if (!status) {
		m->rec = t.rec.n ? t.rec.v[0] : NULL;
		m->vrf = m->rec ? m->rec->vrf : t.vrf;
		m->span = m->rec ? rec_span(m->rec) : t.span;
	}
	target_release(&t);
	return status;
}

enum status
cmd_map(struct ctx *c)
{
	struct map m = { 0 };
	enum status status = read_prefix(c, &m);

	if (!status)
		status = read_bits(c, &m);
	if (!status && c->out->format == FORMAT_SVG && args_has(&c->args, "fields"))
		status = diag_fail(c->diags, STATUS_USAGE, "map -o svg: --fields is for rows");
	if (status)
		return status;
	m.part = arena_alloc(&c->db->arena, sizeof(*m.part) << m.bits);
	runs_parts(c->db, m.vrf, m.span, m.bits, m.part);
	if (c->out->format == FORMAT_SVG) {
		struct buf b;
		buf_init(&b, c->env);
		svg_map(&b, c->db, m.vrf, m.span, m.part, m.bits);
		out_text(c->out, buf_get(&b));
		buf_release(&b);
		return STATUS_OK;
	}
	if (c->out->format != FORMAT_TABLE || args_has(&c->args, "fields"))
		return print_cells(c, &m);
	draw(c, &m);
	return STATUS_OK;
}
