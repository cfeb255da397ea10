/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_write.h"

#include "core/bytes.h"

static void
new_line(struct json_writer *j)
{
	if (j->line && j->depth >= j->line) {
		buf_char(j->out, ' ');
		return;
	}
	buf_char(j->out, '\n');
	for (unsigned i = 0; i < j->depth; i++)
		buf_z(j->out, "  ");
}

static void
begin(struct json_writer *j, const char *name)
{
	if (j->has_items)
		buf_char(j->out, ',');
	if (j->depth)
		new_line(j);
	j->has_items = true;
	if (!name)
		return;
	bytes_json(j->out, str_from(name));
	buf_z(j->out, ": ");
}

void
json_open(struct json_writer *j, const char *name, char bracket)
{
	begin(j, name);
	buf_char(j->out, bracket);
	j->depth++;
	j->has_items = false;
}

void
json_line(struct json_writer *j, const char *name, char bracket)
{
	json_open(j, name, bracket);
	if (!j->line)
		j->line = j->depth;
}

void
json_close(struct json_writer *j, char bracket)
{
	bool is_line = j->line && j->depth >= j->line;

	if (j->line == j->depth)
		j->line = 0;
	j->depth--;
	if (is_line && j->has_items)
		buf_char(j->out, ' ');
	else if (j->has_items)
		new_line(j);
	buf_char(j->out, bracket);
	if (j->depth == 0)
		buf_char(j->out, '\n');
	j->has_items = true;
}

void
json_str(struct json_writer *j, const char *name, struct str value)
{
	begin(j, name);
	bytes_json(j->out, value);
}

void
json_uint(struct json_writer *j, const char *name, uint64_t value)
{
	begin(j, name);
	buf_fmt(j->out, "%llu", (unsigned long long)value);
}

void
json_bool(struct json_writer *j, const char *name, bool value)
{
	begin(j, name);
	buf_z(j->out, value ? "true" : "false");
}
