/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cmd: the commands, and what each is given.
 *
 * A command is a row of cmd_table: its words, its handler, flags, options.
 * main() finds the file, locks, reads, parses and checks it as the flags say,
 * calls the handler, and checks and writes what changed.  So a handler only
 * reads c->args, calls the engine on c->db, and adds rows to c->out.  It
 * returns the exit status, with a message in c->diags for one that needs it.
 */
#ifndef IPAM_CMD_H
#define IPAM_CMD_H

#include "core/alloc.h"
#include "core/check.h"
#include "core/query.h"
#include "core/seen.h"
#include "format/format.h"
#include "io/opt.h"
#include "io/out.h"
#include "io/session.h"

enum cmd_flag {
	CMD_WRITE = 1 << 0,    /* changes the plan */
	CMD_ANY_FILE = 1 << 1, /* also works on an invalid file */
	CMD_NO_FILE = 1 << 2,  /* needs no file */
	CMD_MAY_FILE = 1 << 3, /* goes without a file, too: db is then NULL */
	CMD_ASSIGN = 1 << 4,   /* takes A=V */
	CMD_AT = 1 << 5,       /* takes --at: also tells how the plan was */
	CMD_LOOK = 1 << 6,     /* its first word is a TARGET: see cmd_look() */
	CMD_SEEN = 1 << 7,     /* may change what was seen, not the plan: see ctx.see */
	CMD_SVG = 1 << 8,      /* also draws: -o svg */
	CMD_PAGER = 1 << 9,    /* what it prints may be long */
	CMD_NO_BATCH = 1 << 10,
	CMD_PRESENT = 1 << 11, /* of what was seen, which has no past: no --at */
	CMD_ABOUT = 1 << 12,   /* its words are TARGETs, and it is about nothing else */
	CMD_SESSION = 1 << 13, /* in a batch, too, it looks at the journal, or the file's time */
	CMD_ROWS = 1 << 14,    /* its rows are of no records: no -o ipam */
	CMD_TEXT = 1 << 15     /* what it writes has a form of its own: no -o, no --fields */
};

struct ctx;
struct cmd {
	const char *noun, *verb; /* verb may be NULL */
	enum status (*run)(struct ctx *c);
	unsigned flags;
	const char *options; /* the names of those it takes, a blank between */
	const char *usage;   /* what follows its words; complete.c reads it, too */
	const char *help;
};
extern const struct cmd cmd_table[];
extern const size_t cmd_table_len;

/* What main() does for a handler. */
struct world {
	/* All of standard input (once), or of a file; the bytes stay. */
	enum status (*read)(struct world *w, struct str path, struct str *out, struct diags *d);
	/* `init`: makes the file. */
	enum status (*create)(struct world *w, struct str path, struct str *made, struct diags *d);
	/* The text of FILE.seen, which stays; empty if there is none. */
	enum status (*seen)(struct world *w, struct text_source *out, struct diags *d);
	const char *version;
	bool input_is_taken; /* what is on it is not for anybody else */
};

struct ctx {
	const struct env *env;
	struct world *world;
	struct session *session; /* the file that db is from; not for plans */
	struct db *db;
	struct diags *diags;
	struct out *out;
	const struct cmd *cmd;
	struct args args;
	struct scope scope;
	bool dry, quiet;
	bool color; /* of a table */
	enum format format;
	/* set by whoever shows the fields of --fields itself: columns of its own, beside
	 * which there are the fields of records */
	bool has_fields;
	const struct column *column;
	size_t columns;
	/* texts that diagnostics may be about, besides the plan */
	VEC(struct text_source) foreign;
	/* what is in out and note is an answer, whatever the status: a part was done */
	bool is_partial;
	/* import --from: the zones, fetched before the lock was taken; in main's arena */
	VEC(struct text_source) fetched;
	/* whole lines for standard error, said when all is done (not with -q) */
	struct str note;
	/* once the answer is out, this file gets this text (io/remember.h); or NULL */
	struct {
		const char *path;
		struct str text;
	} keep;
	/* fmt: the whole new text, instead of edits */
	struct str new_text;
	bool has_new_text;
	/* the handler has looked itself at what its edits have made of the plan */
	bool is_checked;
	/* what was seen, once a handler asked for it with cmd_seen() */
	struct seen *seen;
	/* CMD_SEEN: a handler scans and reads without the lock and then sets this; main
	 * takes the lock, calls it with what was seen until then, and writes that if it
	 * changed.  `sightings` are for it, or NULL; main gives them back. */
	enum status (*see)(struct ctx *c, struct seen *seen);
	struct sightings *sightings;
};

/*
 * Reads words (without the program's name) as a command with its options.
 * STATUS_OK leaves c->cmd and c->args ready for cmd_run().
 */
enum status cmd_parse(struct ctx *c, const struct str *word, size_t n);
/* What takes long and needs no plan: for main, before it takes the lock. */
enum status cmd_fetch(struct ctx *c, struct arena *a);
enum status cmd_run(struct ctx *c);
/* Whether the parsed command can be answered from what the plan says of one key (has_key)
 * or of the objects. */
bool cmd_look(struct ctx *c, struct key *key, bool *has_key);
/* Whether the parsed command is about what its words name alone; in the arena. */
bool cmd_about(struct ctx *c, struct arena *a, struct excerpt_request *out);
/* Runs the command's handler.  --fields picks from the columns that it sets, unless it
 * showed those itself; --fields help lists them instead. */
enum status fields_run(struct ctx *c);
/* Whether --fields names columns that are set; before what cannot be taken back. */
enum status fields_check(struct ctx *c);
void cmd_release(struct ctx *c);
/* Gives back what was seen. */
void cmd_forget(struct ctx *c);

/* A value that is one of some words is called by them: "best|first|sparse". */
extern const struct opt cmd_global_options[];
extern const struct opt cmd_options[];

/* --- for handlers ----------------------------------------------------- */

/* Checks that there are so many words. */
#define CMD_MANY ((size_t)-1)
enum status cmd_words(struct ctx *c, size_t min, size_t max);
/* The words, with `-` replaced by the lines of standard input. */
enum status cmd_targets(struct ctx *c, word_list *out);
/* Checks all A=V for a kind of record, and makes their values canonical. */
enum status cmd_assigns(struct ctx *c, enum kind kind, struct str object);
/* A number given with an option, or def. */
enum status cmd_number(struct ctx *c, const char *option, uint64_t def, uint64_t min, uint64_t max,
    uint64_t *out);
/* Seconds given with an option, or def, as milliseconds: 2, 0.5. */
enum status cmd_seconds(struct ctx *c, const char *option, uint64_t def, uint64_t max,
    uint64_t *ms);
/* A time given with an option, or def. */
enum status cmd_moment(struct ctx *c, const char *option, int64_t def, int64_t *out);
/* --output: writes a file if its content is another, and notes it. */
enum status cmd_put_file(struct ctx *c, const char *path, struct str text);
/* --any: the first of n for which has_room(c, arg, i) is STATUS_OK.  Else how it failed: full
 * goes before a conflict, and that before anything else; of equals the last. */
enum status cmd_any(struct ctx *c, size_t n,
    enum status (*has_room)(struct ctx *c, void *arg, size_t i), void *arg, size_t *first);
/* Prints keys, one a line, or the fields of --fields. */
enum status cmd_print_keys(struct ctx *c, struct rec *const *r, size_t n);
/* Prints records with the fields of --fields, or these. */
enum status cmd_print_records(struct ctx *c, struct rec *const *r, size_t n, const char *fields);

/* A command's words, "subnet add"; in the arena. */
struct str cmd_name(const struct cmd *cmd, struct arena *a);
/* Says that there is no such command; verb may be empty. */
enum status cmd_unknown(struct ctx *c, struct str noun, struct str verb);
/* Checks that there are only such options besides the global ones; who is named
 * in the message. */
enum status cmd_check_options(struct ctx *c, struct str who, const char *allowed);

/* The row of a format that can be written, or read; STATUS_USAGE with a message. */
enum status cmd_format(struct ctx *c, struct str name, bool write, const struct format_info **out);
/* A file, or standard input for "-", as a text that diagnostics may be about. */
enum status cmd_read_text(struct ctx *c, struct str path, struct text_source *out, struct diags *d);
/* The same for a file named in another: relative to that, else to this directory. */
bool cmd_include(void *ctx, struct str name, const struct text_source *from,
    struct text_source *out, struct diags *d);
struct str cmd_base_name(struct str path);
/* --view, else the view that is named like the VRF of --vrf; empty: that without a name. */
struct str cmd_view(const struct ctx *c);

/* What was seen, with leases that are over by now shown so; it stays until main is done. */
enum status cmd_seen(struct ctx *c, struct seen **out);

enum status cmd_init(struct ctx *c);
enum status cmd_subnet_add(struct ctx *c);
enum status cmd_subnet_carve(struct ctx *c);
enum status cmd_subnet_list(struct ctx *c);
enum status cmd_subnet_tree(struct ctx *c);
enum status cmd_subnet_free(struct ctx *c);
enum status cmd_subnet_rm(struct ctx *c);
enum status cmd_subnet_split(struct ctx *c);
enum status cmd_subnet_join(struct ctx *c);
enum status cmd_subnet_resize(struct ctx *c);
enum status cmd_renumber(struct ctx *c);
enum status cmd_range_add(struct ctx *c);
enum status cmd_range_list(struct ctx *c);
enum status cmd_range_rm(struct ctx *c);
enum status cmd_object_add(struct ctx *c);
enum status cmd_object_list(struct ctx *c);
enum status cmd_object_rm(struct ctx *c);
enum status cmd_alloc(struct ctx *c);
enum status cmd_release_address(struct ctx *c);
enum status cmd_expire(struct ctx *c);
enum status cmd_set(struct ctx *c);
enum status cmd_get(struct ctx *c);
enum status cmd_show(struct ctx *c);
enum status cmd_list(struct ctx *c);
enum status cmd_check(struct ctx *c);
enum status cmd_fmt(struct ctx *c);
enum status cmd_report(struct ctx *c);
enum status cmd_map(struct ctx *c);
enum status cmd_report_usage(struct ctx *c);
enum status cmd_report_expiring(struct ctx *c);
enum status cmd_report_free(struct ctx *c);
enum status cmd_report_by(struct ctx *c);
enum status cmd_report_owners(struct ctx *c);
enum status cmd_report_summary(struct ctx *c);
enum status cmd_report_growth(struct ctx *c);
enum status cmd_report_html(struct ctx *c);
enum status cmd_batch(struct ctx *c);
enum status cmd_import(struct ctx *c);
enum status cmd_log(struct ctx *c);
enum status cmd_undo(struct ctx *c);
enum status cmd_export(struct ctx *c);
enum status cmd_dns_diff(struct ctx *c);
enum status cmd_dns_push(struct ctx *c);
enum status cmd_dhcp_diff(struct ctx *c);
enum status cmd_adopt(struct ctx *c);
enum status cmd_report_stale(struct ctx *c);
enum status cmd_report_unknown(struct ctx *c);
enum status cmd_report_mismatch(struct ctx *c);
enum status cmd_report_leases(struct ctx *c);
enum status cmd_scan(struct ctx *c);
enum status cmd_seen_import(struct ctx *c);
enum status cmd_seen_list(struct ctx *c);
enum status cmd_seen_rm(struct ctx *c);
enum status cmd_complete(struct ctx *c);
enum status cmd_help(struct ctx *c);
enum status cmd_version(struct ctx *c);

/* Takes -f and --vrf of the line that is completed for our own. */
void complete_globals(struct ctx *c);

#endif
