/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * diag: errors are values.
 *
 * The engine never prints and never exits.  A function that can fail returns
 * an enum status and, unless it is STATUS_OK, has added a struct diag to the
 * list that it was given.  The numbers of enum status are the exit statuses of
 * ipam(1).
 *
 * Messages are one line without the program's name and without a final full
 * stop: "10.0.0.0/24: no free address (254 used)".
 */
#ifndef IPAM_DIAG_H
#define IPAM_DIAG_H

#include "buf.h"

enum status {
	STATUS_OK = 0,       /* done */
	STATUS_NO = 1,       /* not found, problems found, over the threshold */
	STATUS_USAGE = 2,    /* wrong usage */
	STATUS_CONFLICT = 3, /* exists already, overlaps, reserved, in use */
	STATUS_FULL = 4,     /* nothing free */
	STATUS_INVALID = 5,  /* the data file is invalid */
	STATUS_LOCKED = 6,   /* the lock was not free in time */
	STATUS_SYSTEM = 7,   /* the system failed */
	STATUS_REMOTE = 8,   /* a server refused or did not answer */
};

enum severity { SEV_OFF, SEV_WARNING, SEV_ERROR };
/* "off", "warning", "error", as messages and @check have them; NULL at the end. */
extern const char *const severity_names[];

/*
 * The rules of ipam-check(1).  A problem in a data file always has one; other
 * diagnostics have RULE_NONE.
 */
enum rule {
	RULE_NONE,
	/* errors: the file is invalid */
	RULE_SYNTAX,
	RULE_CONTROL,
	RULE_UTF8,
	RULE_BOM,
	RULE_CR,
	RULE_CONFLICT_MARKER,
	RULE_VERSION,
	RULE_BAD_KEY,
	RULE_HOST_BITS,
	RULE_RANGE_REVERSED,
	RULE_RANGE_BORDER,
	RULE_RANGE_OVERLAP,
	RULE_LINK_LOCAL,
	RULE_DUPLICATE_KEY,
	RULE_DUPLICATE_ATTR,
	RULE_DUPLICATE_NAME,
	RULE_NAME_IS_KEY,
	RULE_UNDECLARED_VRF,
	RULE_BAD_VALUE,
	RULE_FIELD_NAME,
	RULE_DOUBLE_DOMAIN,
	/* warnings: the file works */
	RULE_ORDER,
	RULE_SPELLING,
	RULE_NO_SUBNET,
	RULE_GW_OUTSIDE,
	RULE_NETWORK_ADDRESS,
	RULE_BROADCAST_ADDRESS,
	RULE_ANYCAST_ADDRESS,
	RULE_HOST_NAME,
	RULE_NO_DOMAIN,
	RULE_MISPLACED,
	RULE_LATE_VALUE,
	RULE_UNKNOWN_RULE,
	RULE_ZONE_NAME,
	RULE_NO_ZONE,
	RULE_NO_REVERSE,
	RULE_ALIAS_CLASH,
	RULE_CNAME_DATA,
	RULE_NS_ADDRESS,
	RULE_COUNT
};

struct rule_info {
	const char *name;       /* stable: what @check and the manual call it */
	enum severity severity; /* unless an @check record says otherwise */
	const char *text;       /* what it finds, for the manual and `ipam help check` */
};
extern const struct rule_info rules[RULE_COUNT];
/* RULE_NONE if there is no such rule; without ASCII case. */
enum rule rule_by_name(struct str name);

/* Where in which text; line and column are worked out by whoever prints. */
struct pos {
	const char *at; /* in the text of a data file or an import, or NULL */
};

struct diag {
	enum severity severity;
	enum rule rule;
	struct pos pos;
	struct str text;
	struct str hint; /* the likely mend, or empty */
};

struct diags {
	struct arena arena; /* owns the texts */
	struct diag *v;
	size_t n, size;
	size_t cap;              /* at most so many are kept: an error pushes a warning out ... */
	size_t dropped;          /* ... and so many more were not */
	size_t errors, warnings; /* kept or not */
	struct diag *last;       /* what diag_hint() is about, or NULL if that was not kept */
};

enum { DIAGS_CAP = 100 };

void diags_init(struct diags *d, const struct env *env);
void diags_release(struct diags *d);
/* Forgets all that was said. */
void diags_clear(struct diags *d);

/* Adds an error without a place; returns status, so that
 * `return diag_fail(d, STATUS_NO, "%s: not found", name);` works. */
enum status diag_fail(struct diags *d, enum status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a message about a place in a file, with the severity given; none for
 * SEV_OFF. */
void diag_at(struct diags *d, enum severity severity, enum rule rule, struct pos pos,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Adds an error about a place in another text than a plan: no rule is about it. */
void diag_error(struct diags *d, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a warning without a place. */
void diag_warn(struct diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Sets the hint of the diagnostic added last. */
void diag_hint(struct diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Puts the diagnostics that have a place in the order of their places, and
 * behind them those that have none, in the order in which they came. */
void diags_sort(struct diags *d);

/* The nearest of n words to one that was mistyped, or NULL if none is near
 * (Damerau-Levenshtein distance of at most a third of the word), or else begins
 * the other or is begun by it; without ASCII case.  The first of those that are
 * equally near. */
const char *diag_nearest(struct str word, const char *const *words, size_t n);

#endif
