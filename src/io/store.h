/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store: the data file on the disk.
 *
 * Reading takes no lock and needs no permission to write:
 *
 *     store_find(&request, &arena, &path, diags);      which file
 *     store_open(&store, &request, path, STORE_READ, diags);
 *     sources = store_sources(store, &n);              its text
 *     store_close(store);
 *
 * Writing replaces the file as a whole, and nothing in between is ever seen:
 *
 *     store_open(&store, &request, path, STORE_WRITE, diags);     locks, then reads
 *     again:
 *     ... parse, change, check ...
 *     store_prepare(store, 0, pieces, n, diags);       the new file, on the disk under another name
 *     ... append to the journal what comes ...
 *     if (store_publish(store, diags) == STORE_CHANGED) {
 *             ... the journal: it did not come ...
 *             store_reload(store, diags);              somebody changed it without the lock
 *             goto again;
 *     }
 *     store_state_write(store, true, lines);
 *     store_unlock(store);
 *     ... print ...
 *     store_close(store);
 *
 * A look-up that wants few lines of a large file opens it with STORE_LOOK,
 * which reads nothing, and uses store_pread().
 *
 * What fails adds one line to diags and returns its status, most often
 * STATUS_SYSTEM.  For a store that is open for writing the line says whether
 * the file was written.  store_close() undoes whatever was not published and
 * may always be called, on NULL, too.
 *
 * From store_open() to store_close() of a store that is open for writing,
 * SIGPIPE and SIGXFSZ are ignored: what is printed after store_unlock() must
 * be checked.  SIGINT, SIGTERM and SIGHUP kill as ever, but the temporary file
 * goes with the process; in store_publish(), they wait.
 */
#ifndef IPAM_STORE_H
#define IPAM_STORE_H

#include "core/diag.h"
#include "core/source.h"
#include "file.h"

struct store;

struct store_request {
	const struct env *env;
	const char *file;     /* -f FILE, or NULL */
	const char *variable; /* the value of $IPAM_FILE, or NULL */
	const char *fallback; /* where to look last; NULL means STORE_FALLBACK */
	const char
	    *holder;  /* what others are told who wait for the lock: "alice: ipam alloc web" */
	int64_t wait; /* for the lock, in milliseconds */
};

#define STORE_NAME "network.ipam"
#define STORE_FALLBACK "/etc/ipam/" STORE_NAME

/*
 * Which file: -f, else $IPAM_FILE, else the nearest network.ipam here or
 * above, else the fallback.  The path is in the arena, relative where it was
 * found so; the file need not be one that can be read.
 */
enum status store_find(const struct store_request *q, struct arena *arena, const char **path,
    struct diags *d);

/* Makes a new file with this content, durably; STATUS_CONFLICT if there is a
 * file (or anything else) already. */
enum status store_create(const char *path, struct str content, struct diags *d);
/* Whether that would work, as far as can be told without writing. */
enum status store_can_create(const char *path, struct diags *d);

/* --- opening ---------------------------------------------------------- */

enum store_mode { STORE_READ, STORE_WRITE, STORE_LOOK };

/* *out is NULL unless it returns STATUS_OK. */
enum status store_open(struct store **out, const struct store_request *q, const char *path,
    enum store_mode mode, struct diags *d);
void store_close(struct store *s);

/* The texts, each with at least STORE_SLACK zero bytes behind it; valid until
 * store_reload() or store_close(). */
enum { STORE_SLACK = 64 };
const struct text_source *store_sources(const struct store *s, size_t *n);

/* The name for messages: as it was given or found. */
const char *store_name(const struct store *s);

/* What the file that was read is told by. */
struct file_id store_id(const struct store *s);
/* Whose it is; -1 if that is not known. */
int64_t store_owner(const struct store *s);
/* Whether a writer seems to have been killed before its new file took the old
 * one's place: the file is still there. */
bool store_was_stopped(struct store *s);

/* --- looking ---------------------------------------------------------- */

/* Reads up to n bytes at off; *got is less than n only at the end. */
enum status store_pread(struct store *s, uint64_t off, void *p, size_t n, size_t *got,
    struct diags *d);
/* Whether the opened file is still as it was opened: false if somebody wrote
 * into it, so that what was read may not fit together. */
bool store_is_same(const struct store *s);
/* Reads it all after all; the store is one for STORE_READ then. */
enum status store_load(struct store *s, struct diags *d);

/* --- replacing -------------------------------------------------------- */

/* Writes the new text of a source to the disk, beside the file.  Pieces that
 * are kept are parts of the text of that source. */
enum status store_prepare(struct store *s, size_t source, const struct piece *pieces, size_t n,
    struct diags *d);
/* What the new file is told by: after store_prepare() all but its ctime. */
struct file_id store_new_id(const struct store *s);

enum store_result {
	STORE_COMMITTED, /* the new file is there, and on the disk */
	STORE_CHANGED,   /* nothing was written: the file is not the one that was read */
	STORE_FAILED,    /* nothing was written; diags say why */
	STORE_UNCERTAIN  /* the new file is there, but may not be on the disk; diags say why */
};
/* The new file takes the old one's place. */
enum store_result store_publish(struct store *s, struct diags *d);
/* Drops what store_prepare() made. */
void store_abandon(struct store *s);
/* Drops it, and reads the file again; STATUS_SYSTEM after the third time. */
enum status store_reload(struct store *s, struct diags *d);

/* Gives the lock back, which store_close() would do only after other things
 * that take time. */
void store_unlock(struct store *s);

/* --- the state file --------------------------------------------------- */

/*
 * What the last check of the file found: a cache, which may be missing.
 * lines are the caller's own, `key value`, each with its LF.
 */
struct store_state {
	bool in_order;
	struct str lines; /* in the arena */
};
/* False unless it is about this very file as it is now. */
bool store_state_read(struct store *s, struct arena *arena, struct store_state *out);
/* Remembers it for the file as it was read or, when it was published, as it
 * was written.  If that fails, nothing is lost. */
void store_state_write(struct store *s, bool in_order, struct str lines);

#endif
