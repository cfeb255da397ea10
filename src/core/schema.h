/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schema: THE table of the attributes that the program knows, of the kinds of
 * objects, and of the names of output fields.  Reader, command line, output,
 * completion and manual take their names from here.
 */
#ifndef IPAM_SCHEMA_H
#define IPAM_SCHEMA_H

#include "key.h"

enum value_type {
	VALUE_TEXT,
	VALUE_NAME,     /* ipam(5), "Names" */
	VALUE_HOSTS,    /* a list of host names */
	VALUE_DOMAIN,   /* a DNS domain, with or without the final dot */
	VALUE_MBOX,     /* a mailbox: hostmaster, or hostmaster@example.net */
	VALUE_LIST,     /* a list without empty members */
	VALUE_WORDS,    /* one of the words */
	VALUE_UINT,     /* a number from min to max */
	VALUE_MAC,      /* written 52:54:00:12:34:56 */
	VALUE_HEX,      /* from min to max octets in hexadecimal, with or without colons */
	VALUE_TIME,     /* RFC 3339 in UTC, or a date */
	VALUE_DURATION, /* 30m 12h 7d 4w */
	VALUE_IP,       /* an address */
	VALUE_IPS,      /* a list of addresses */
	VALUE_LENGTH,   /* a prefix length: /60 */
	VALUE_PERCENT,  /* 0 to 100, with up to three decimals; off */
};

struct attr_info {
	const char *name;
	unsigned kinds;     /* enum kind_bit: where it means something */
	const char *object; /* for K_OBJECT: the kind of object, or NULL for any */
	enum value_type type;
	const char *const *words; /* VALUE_WORDS, NULL at the end */
	const char *def;          /* what a record without it is taken to have, or NULL */
	bool own;                 /* never inherited */
	uint64_t min, max;        /* VALUE_UINT, VALUE_HEX */
	const char *help;
	/* `@ipam 1` did not know it: a plan may have it as the user's own, so that a bad value
	 * in a file is warned of alone */
	bool late;
};

extern const struct attr_info attr_table[];
extern const size_t attr_table_len;

/* The row for an attribute on this kind of record; object is the kind of an
 * object, else empty.  A row for another kind of record if there is only
 * that (look at ->kinds), NULL for the user's own attributes. */
const struct attr_info *schema_attr(struct str name, enum kind kind, struct str object);
bool schema_fits(const struct attr_info *info, enum kind kind, struct str object);

/* What is wrong with a value, in words, or NULL.  why is room for words that
 * are made up. */
enum { SCHEMA_WHY = 160 };
const char *schema_value_fault(const struct attr_info *info, struct str value,
    char why[SCHEMA_WHY]);

/* "80", "99.5", "12.125%", in thousandths of one percent. */
bool percent_parse(struct str s, uint64_t *milli);

/* The value as the program writes it: times in the long form, MAC addresses
 * and octets with colons; everything else as it is. */
struct str schema_canonical(const struct attr_info *info, struct str value, struct arena *a);

/* The output fields that are no attributes: such a name cannot be one. */
struct field_info {
	const char *name, *help;
};
extern const struct field_info field_table[];
extern const size_t field_table_len;
bool schema_is_field(struct str name);

/* The kinds of objects that the program knows. */
struct object_info {
	const char *kind, *help;
};
extern const struct object_info object_table[];
extern const size_t object_table_len;
bool schema_is_object(struct str kind);

/* Octets of a DNS name without its final dot, and of a label (RFC 1035, section 2.3.4). */
enum { HOST_MAX = 253, LABEL_MAX = 63 };
/* Whether a host name can be published: RFC 952, RFC 1123, section 2.1. */
bool host_is_publishable(struct str host);
/* Whether it can stand in the file at all. */
const char *host_fault(struct str host);

#endif
