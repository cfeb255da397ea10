/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_write: strict JSON, indented, always the same for the same values.
 *
 *     json_open(&j, NULL, '{');  json_str(&j, "name", value);  json_close(&j, '}');
 *
 * Inside an object each item has a name, in an array NULL.  What json_line()
 * opens is on one line, with all that is in it.
 */
#ifndef IPAM_JSON_WRITE_H
#define IPAM_JSON_WRITE_H

#include "core/buf.h"

struct json_writer {
	struct buf *out;
	unsigned depth;
	unsigned line; /* the depth from which on all is on one line, or 0 */
	bool has_items;
};

void json_open(struct json_writer *j, const char *name, char bracket);
void json_line(struct json_writer *j, const char *name, char bracket);
void json_close(struct json_writer *j, char bracket);
void json_str(struct json_writer *j, const char *name, struct str value);
void json_uint(struct json_writer *j, const char *name, uint64_t value);
void json_bool(struct json_writer *j, const char *name, bool value);

#endif
