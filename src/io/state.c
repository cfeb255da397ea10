/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <inttypes.h>

#include <unistd.h>

#include "store_parts.h"

enum { STATE_MAX = 65536 };

static const struct str yes = STR("order yes\n"), no = STR("order no\n"), end = STR("end\n");

/* The lines that say what file it is about. */
static struct str
head(struct arena *arena, const struct file_id *id)
{
	return arena_fmt(arena,
	    "ipam-state 1\n"
	    "dev %" PRIu64 "\n"
	    "inode %" PRIu64 "\n"
	    "size %" PRIu64 "\n"
	    "mtime %" PRId64 "\n"
	    "ctime %" PRId64 "\n",
	    id->dev, id->ino, id->size, id->mtime, id->ctime);
}

/* The file's text; empty if there is none, or if it was written so soon after
 * the data file's last change that another one may have gone unseen. */
static struct str
read_file(struct store *s, struct arena *arena)
{
	char *p = arena_alloc(arena, STATE_MAX);
	int fd = file_open(s->dir, store_join(arena, s->base, ".state"), O_RDONLY | O_NOFOLLOW, 0);
	struct stat st;
	ssize_t n = 0;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    !store_is_racy(&s->id, file_id_of(&st).mtime))
		n = file_read(fd, p, STATE_MAX);
	file_close(fd);
	return (struct str){ p, n > 0 ? (size_t)n : 0 };
}

static bool
take(struct str *s, struct str prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_cut(*s, prefix.n, s->n);
	return true;
}

bool
store_state_read(struct store *s, struct arena *arena, struct store_state *out)
{
	struct str text = read_file(s, arena);

	if (!take(&text, head(arena, &s->id)))
		return false;
	out->in_order = take(&text, yes);
	if (!out->in_order && !take(&text, no))
		return false;
	if (text.n < end.n || !str_eq(str_cut(text, text.n - end.n, text.n), end))
		return false;
	out->lines = str_cut(text, 0, text.n - end.n);
	return true;
}

void
store_state_write(struct store *s, bool in_order, struct str lines)
{
	const struct file_id *id = s->published ? &s->new_id : &s->id;
	struct str order = in_order ? yes : no;
	struct buf b;

	if (s->published ? s->new_racy : s->racy) {
		/* what a writer that was killed here may have left */
		unlinkat(s->dir, store_temp_name(s, store_join(&s->arena, s->base, ".state")), 0);
		return;
	}
	buf_init(&b, s->env);
	buf_str(&b, head(&s->arena, id));
	buf_str(&b, order);
	buf_str(&b, lines);
	buf_str(&b, end);
	store_put(s, ".state", buf_get(&b), false);
	buf_release(&b);
}
