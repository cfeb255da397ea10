/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "svg.h"

enum { CELL = 8, MARGIN = 8, LEGEND = 20, TITLE = 22, LEAST = 512 };

void
xml_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		switch (c) {
		case '&': buf_z(b, "&amp;"); break;
		case '<': buf_z(b, "&lt;"); break;
		case '>': buf_z(b, "&gt;"); break;
		case '"': buf_z(b, "&quot;"); break;
		case '\'': buf_z(b, "&#39;"); break;
		default: buf_char(b, c < ' ' && c != '\t' && c != '\n' ? '?' : (char)c);
		}
	}
}

/* --- the curve -------------------------------------------------------- */

/* A picture: one square of 4^order cells, or two side by side. */
struct picture {
	struct buf *b;
	struct db *db;
	unsigned vrf;
	struct span span;
	const struct part *cell;
	int bits, order;
	unsigned scale; /* of a cell */
};

struct place {
	size_t x, y;
};

/* Where the curve of 2^bits cells (bits even) has its step i. */
static struct place
hilbert(size_t i, int bits)
{
	size_t x = 0, y = 0;

	for (size_t s = 1; s < (size_t)1 << (bits / 2); s *= 2, i /= 4) {
		size_t rx = i / 2 & 1, ry = (i ^ rx) & 1;
		if (ry == 0) {
			size_t was = x;
			if (rx) {
				x = s - 1 - x;
				was = x;
				y = s - 1 - y;
			}
			x = y;
			y = was;
		}
		x += s * rx;
		y += s * ry;
	}
	return (struct place){ x, y };
}

/* The upper left corner of the cells [first, first + 4^order), which fill a square. */
static struct place
corner(const struct picture *p, size_t first, int order)
{
	size_t in_square = ((size_t)1 << (2 * p->order)) - 1;
	struct place at = hilbert(first & in_square, 2 * p->order);
	size_t mask = ~(((size_t)1 << order) - 1);

	at.x &= mask;
	at.y &= mask;
	at.x += (first >> (2 * p->order)) << p->order;
	return at;
}

static bool
same_look(const struct part *a, const struct part *b)
{
	if (a->rec != b->rec)
		return false;
	for (enum run_state s = 0; s < RUN_STATES; s++)
		if (count_cmp(a->n[s], b->n[s]) != 0)
			return false;
	return true;
}

static bool
is_plain(const struct picture *p, size_t first, size_t n)
{
	const struct part *c = &p->cell[first];

	if (n > 1 && !count_is_zero(c->n[RUN_USED]))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!same_look(c, &c[i]))
			return false;
	return true;
}

static void
add_counts(struct buf *b, const struct part *c, size_t n)
{
	char text[COUNT_TEXT];
	const char *sep = ": ";

	for (enum run_state s = RUN_STATES; s-- > 0;) {
		if (count_is_zero(c->n[s]))
			continue;
		buf_fmt(b, "%s%s %s", sep, count_fmt(text, count_mul(c->n[s], n)), run_names[s]);
		sep = ", ";
	}
}

static void
add_title(const struct picture *p, size_t first, int order)
{
	const struct part *c = &p->cell[first];
	struct span span = part_span(p->span, p->bits - 2 * order, first >> (2 * order));
	struct str label = c->rec ? db_label(p->db, c->rec) : STR_NONE;
	bool one = span.first == span.last;

	buf_z(p->b, "<title>");
	xml_text(p->b, key_fmt(&p->db->arena, one ? span_ip(span_first(span)) : span,
			   db_vrf_name(p->db, p->vrf)));
	if (label.n) {
		buf_char(p->b, ' ');
		xml_text(p->b, label);
	}
	if (one)
		buf_fmt(p->b, ": %s", run_names[part_state(c)]);
	else
		add_counts(p->b, c, (size_t)1 << (2 * order));
	buf_z(p->b, "</title>");
}

static void
add_square(const struct picture *p, size_t first, int order)
{
	const struct part *c = &p->cell[first];
	struct place at = corner(p, first, order);
	unsigned side = p->scale << order;
	struct count size = count_size(part_span(p->span, p->bits, first));
	unsigned taken = count_permille(part_taken(c), size);
	bool some = !count_is_zero(part_taken(c));

	buf_fmt(p->b, "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%u\" height=\"%u\"",
	    run_names[part_state(c)], MARGIN + at.x * p->scale, TITLE + at.y * p->scale, side,
	    side);
	if (some && taken < 1000)
		buf_fmt(p->b, " fill-opacity=\"0.%02u\"", 25 + taken * 70 / 1000);
	buf_char(p->b, '>');
	add_title(p, first, order);
	buf_z(p->b, "</rect>\n");
}

/* Draws the cells of a square as one, or its four quarters. */
static void
draw_square(const struct picture *p, size_t first, int order)
{
	size_t n = (size_t)1 << (2 * order);

	if (order == 0 || is_plain(p, first, n)) {
		add_square(p, first, order);
		return;
	}
	for (size_t i = 0; i < 4; i++)
		draw_square(p, first + i * (n / 4), order - 1);
}

/* --- around it -------------------------------------------------------- */

static const char style[] =
    "<style>\n"
    "svg{background:#fff;font:12px sans-serif}text{fill:#222}\n"
    "rect{stroke:#fff;stroke-width:.6}\n"
    ".outside{fill:#f4f4f4}.free{fill:#dfe3e8}.child{fill:#b9cdea}.unusable{fill:#9aa0a6}\n"
    ".dhcp{fill:#2a8c4a}.reserved{fill:#c98200}.quarantine{fill:#c0392b}.used{fill:#1f5fbf}\n"
    "@media (prefers-color-scheme:dark){svg{background:#16181c}text{fill:#e6e6e6}\n"
    "rect{stroke:#16181c}.outside{fill:#1d2025}.free{fill:#33383f}.child{fill:#33496b}\n"
    ".unusable{fill:#6b7178}.dhcp{fill:#4cc274}.reserved{fill:#e8a93a}\n"
    ".quarantine{fill:#f0705f}.used{fill:#6ea8ff}}\n"
    "</style>\n";

static unsigned
legend_rows(const struct picture *p, bool shown[RUN_STATES])
{
	unsigned rows = 0;

	for (enum run_state s = 0; s < RUN_STATES; s++) {
		for (size_t i = 0; i < (size_t)1 << p->bits && !shown[s]; i++)
			shown[s] = !count_is_zero(p->cell[i].n[s]);
		rows += shown[s];
	}
	return rows;
}

static void
add_legend(const struct picture *p, const bool shown[RUN_STATES], size_t top)
{
	char text[COUNT_TEXT];
	size_t y = top;

	for (enum run_state s = RUN_STATES; s-- > 0;) {
		struct count n = count_of(0);
		if (!shown[s])
			continue;
		for (size_t i = 0; i < (size_t)1 << p->bits; i++)
			n = count_add(n, p->cell[i].n[s]);
		buf_fmt(p->b,
		    "<rect class=\"%s\" x=\"%d\" y=\"%zu\" width=\"12\" height=\"12\"/>"
		    "<text x=\"%d\" y=\"%zu\">%s %s</text>\n",
		    run_names[s], MARGIN, y + 4, MARGIN + 18, y + 14, run_names[s],
		    count_fmt(text, n));
		y += LEGEND;
	}
}

void
svg_map(struct buf *b, struct db *db, unsigned vrf, struct span span, const struct part *cell,
    int bits)
{
	struct picture p = { b, db, vrf, span, cell, bits, bits / 2, CELL };
	size_t squares = bits % 2 ? 2 : 1, n = (size_t)1 << (2 * p.order);
	bool shown[RUN_STATES] = { false };
	unsigned rows = legend_rows(&p, shown);
	const struct rec *r = db_find(db, vrf, span, KIND_SUBNET);

	while ((p.scale << p.order) < LEAST)
		p.scale *= 2;
	unsigned side = p.scale << p.order;
	size_t width = squares * side + 2 * MARGIN, height = TITLE + side + rows * LEGEND + MARGIN;
	buf_fmt(b,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %zu\" width=\"%zu\" "
	    "height=\"%zu\" role=\"img\">\n<title>",
	    width, height, width, height);
	struct str key = key_fmt_kind(&db->arena, KIND_SUBNET, span, db_vrf_name(db, vrf));
	xml_text(b, key);
	buf_fmt(b, "</title>\n%s<text x=\"%d\" y=\"15\">", style, MARGIN);
	xml_text(b, key);
	if (r && db_label(db, r).n) {
		buf_char(b, ' ');
		xml_text(b, db_label(db, r));
	}
	buf_z(b, "</text>\n");
	for (size_t i = 0; i < squares; i++)
		draw_square(&p, i * n, p.order);
	add_legend(&p, shown, TITLE + side + 4);
	buf_z(b, "</svg>\n");
}
