/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_read: JSON as people write it into configurations, with the place of each
 * value.
 *
 * libjansson reads it.  Before that, what Kea takes and JSON has not is blanked out:
 * comments (#, //, C's), commas behind the last item, and <?include "FILE"?>, whose
 * text comes in its place.
 */
#ifndef IPAM_JSON_READ_H
#define IPAM_JSON_READ_H

#include "format.h"

enum json_kind { JSON_NONE, JSON_TEXT, JSON_NUMBER, JSON_WORD, JSON_LIST, JSON_MEMBERS };

struct json_value {
	enum json_kind kind;
	struct str name; /* of a member */
	struct str text; /* of a string, without its quotes; of a number or a word as written */
	const char *at;  /* in the source */
	const struct json_value *child, *next;
};

/* NULL after an error, which is in d.  Valid as long as the arena. */
const struct json_value *json_read(const struct format_input *in, const struct env *env,
    struct arena *a, struct diags *d);
/* A member of an object, or NULL. */
const struct json_value *json_member(const struct json_value *v, const char *name);

#endif
