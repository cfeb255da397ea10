/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence: any bytes as a source of one reader.  What it takes out of them can be
 * merged and written, and what was written reads back as the same lines.
 */
#ifndef IPAM_FUZZ_EVIDENCE_H
#define IPAM_FUZZ_EVIDENCE_H

#include "format/evidence.h"

static inline void
fuzz_read_back(struct db *db, const struct seen *seen, struct diags *d)
{
	struct seen again;
	struct buf text;

	buf_init(&text, db->env);
	seen_text(seen, &text);
	struct text_source source = { "seen", text.p, text.n };
	seen_init(&again, db);
	if (seen_load(&again, &source, d) != STATUS_OK || again.n != seen->n)
		__builtin_trap();
	for (size_t i = 0; i < seen->n; i++)
		if (!str_eq(rec_line(&again.rec[i]), rec_line(&seen->rec[i])))
			__builtin_trap();
	seen_release(&again);
	buf_release(&text);
}

static inline int
fuzz_evidence(const char *format, const uint8_t *data, size_t n)
{
	const struct evidence_format *f = evidence_find(str_from(format));
	struct arena keep;
	struct sightings in;
	struct seen_counts counts = { 0 };
	struct seen seen;
	struct diags d;
	struct db db;

	arena_init(&keep, &env_plain);
	struct str text = arena_str(&keep, (struct str){ (const char *)data, n });
	struct text_source source = { "fuzz", text.p, text.n };
	diags_init(&d, &env_plain);
	db_init(&db, &env_plain);
	sightings_init(&in, &env_plain, f->by);
	seen_init(&seen, &db);
	f->read(&source, &in, &d);
	diags_clear(&d);
	sightings_settle(&in);
	seen_merge(&seen, 0, &in, &counts);
	if (counts.added != seen.n)
		__builtin_trap();
	fuzz_read_back(&db, &seen, &d);
	seen_release(&seen);
	sightings_release(&in);
	db_release(&db);
	diags_release(&d);
	arena_release(&keep);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#endif
