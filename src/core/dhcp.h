/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcp: what a DHCP server is told, whichever server it is: subnets with their
 * options, pools, reservations and delegated prefixes.
 *
 *     dhcp_init(&conf, env, &arena);
 *     dhcp_from_plan(&conf, db, subnets, n, &wish, d)    what a plan says, or
 *     ... a reader of format/ adds what a configuration says; dhcp_settle(&conf, ...)
 *     dhcp_facts(&conf, vrf, facts)                      for merge.h
 *     dhcp_diff(&plan, &server, ...)                     what differs
 *     dhcp_release(&conf);
 *
 * Texts are in the arena or in what was read; the arrays are the conf's.
 */
#ifndef IPAM_DHCP_H
#define IPAM_DHCP_H

#include "fact.h"
#include "query.h"

enum dhcp_server { DHCP_KEA, DHCP_DHCPD, DHCP_DNSMASQ, DHCP_SERVERS };
extern const char *const dhcp_server_names[DHCP_SERVERS]; /* "Kea" ... */

/* --- options ---------------------------------------------------------- */

enum dhcp_type {
	DHCP_IP,
	DHCP_IPS,
	DHCP_TEXT,
	DHCP_NAME,  /* a domain */
	DHCP_NAMES, /* a list of domains */
	DHCP_UINT,  /* from 0 to max */
	DHCP_INT,   /* 32 bits, with a sign */
	DHCP_BOOL,  /* true, false */
	DHCP_HEX,   /* octets */
	DHCP_TIME,  /* a duration */
};

struct dhcp_option_info {
	const char *name;   /* option.NAME of a plan */
	enum family family; /* FAMILY_NONE: both */
	unsigned code;      /* 0: a setting or a field of the message */
	enum dhcp_type type;
	uint32_t max;
	const char *attr;                   /* the plan's attribute that means the same, or NULL */
	const char *spelling[DHCP_SERVERS]; /* NULL: it has no name for it */
};
extern const struct dhcp_option_info dhcp_option_table[];
extern const size_t dhcp_option_table_len;

/* By the plan's name, by a server's, by code, by the plan's attribute; NULL if there
 * is none. */
const struct dhcp_option_info *dhcp_option_find(enum family f, struct str name);
const struct dhcp_option_info *dhcp_option_spelled(enum dhcp_server s, enum family f,
    struct str name);
const struct dhcp_option_info *dhcp_option_coded(enum family f, uint64_t code);
const struct dhcp_option_info *dhcp_option_for(enum family f, const char *attr);
/*
 * Brings a value into the form in which it is compared and written: addresses as
 * RFC 5952 has them, lists with commas and without blanks, octets with colons,
 * times in seconds.  NULL, or what is wrong with it.
 */
const char *dhcp_option_value(const struct dhcp_option_info *info, enum family f, struct str value,
    struct arena *a, struct str *out);

struct dhcp_option {
	const struct dhcp_option_info *info;
	struct str value; /* as dhcp_option_value() makes it */
	const char *at;   /* in the plan or in what was read */
};
typedef VEC(struct dhcp_option) dhcp_options;
/* Adds an option, or replaces it. */
void dhcp_option_set(const struct env *env, dhcp_options *o, const struct dhcp_option_info *info,
    struct str value, const char *at);
const struct dhcp_option *dhcp_option_get(const dhcp_options *o,
    const struct dhcp_option_info *info);

/* --- the model -------------------------------------------------------- */

struct dhcp_pool {
	struct span span;
	struct str name;
	dhcp_options option;
	const char *at;
};

/* Prefixes of length `len` are delegated out of it. */
struct dhcp_pd {
	struct span prefix;
	struct str name;
	int len;
	const char *at;
};

/* By what a server knows a client. */
enum dhcp_id { DHCP_MAC, DHCP_DUID, DHCP_CLIENT_ID, DHCP_IDS };
extern const char *const dhcp_id_names[DHCP_IDS]; /* the plan's attributes */

/* A reservation. */
struct dhcp_host {
	struct str id[DHCP_IDS]; /* with colons; empty: not known by it */
	struct str name;         /* complete if it ends in a dot; or empty */
	VEC(struct ip) ip;
	VEC(struct span) prefix; /* delegated */
	dhcp_options option;
	const char *at;
};

struct dhcp_subnet {
	struct span prefix;
	struct str key;  /* for messages, with its VRF */
	struct str name; /* or empty */
	struct str link; /* or empty: alone on its wire */
	uint32_t id;     /* Kea's; 0: none */
	bool has_id;     /* the id is its own, not derived */
	const struct rec *rec;
	dhcp_options option;
	VEC(struct dhcp_pool) pool; /* apart, ascending */
	VEC(struct dhcp_pd) pd;
	VEC(struct dhcp_host) host;
	const char *at;
};

struct dhcp {
	const struct env *env;
	struct arena *arena;
	VEC(struct dhcp_subnet) subnet; /* in the order of a plan once it is settled */
	struct dhcp_subnet stray;       /* pools and reservations in none of them */
	unsigned families;              /* 1 << IPV4, 1 << IPV6: those that it is about */
};

void dhcp_init(struct dhcp *conf, const struct env *env, struct arena *arena);
void dhcp_release(struct dhcp *conf);
struct dhcp_subnet *dhcp_add_subnet(struct dhcp *conf, struct span prefix, const char *at);
struct dhcp_pool *dhcp_add_pool(struct dhcp *conf, struct dhcp_subnet *s, struct span span,
    const char *at);
struct dhcp_host *dhcp_add_host(struct dhcp *conf, struct dhcp_subnet *s, const char *at);
void dhcp_subnet_release(struct dhcp_subnet *s);
void dhcp_host_release(struct dhcp_host *h);
/* The narrowest subnet around an address of a settled conf, or NULL. */
struct dhcp_subnet *dhcp_around(struct dhcp *conf, struct ip ip);
/* Whether a pool of the subnet has the address. */
bool dhcp_in_pool(const struct dhcp_subnet *s, struct ip ip);

/*
 * What a reader does last: subnets in order, of one prefix one; what is stray goes
 * to its subnet; pools that only reserved addresses part are one.  Says in facts
 * what has no place.
 */
void dhcp_settle(struct dhcp *conf, struct facts *facts);

/* --- from a plan ------------------------------------------------------ */

struct dhcp_wish {
	enum dhcp_server server;
	unsigned families; /* 1 << IPV4 | 1 << IPV6 */
	bool is_diff;      /* nothing is said of what the server could not do */
};
/*
 * What these subnets (in the order of the plan) are to a DHCP server.  One that
 * has nothing to do with DHCP is left out.  Errors and warnings are about places in
 * the plan.
 */
void dhcp_from_plan(struct dhcp *conf, struct db *db, struct rec *const *subnet, size_t n,
    const struct dhcp_wish *wish, struct diags *d);

/* --- into a plan, and beside it --------------------------------------- */

/* Says all of a settled conf as facts; vrf names the VRF that they are for. */
void dhcp_facts(struct dhcp *conf, struct str vrf, struct facts *facts);

enum dhcp_what { DHCP_MISSING, DHCP_EXTRA, DHCP_DIFFERENT };
struct dhcp_difference {
	enum dhcp_what what; /* the server lacks it / the plan does / they disagree */
	struct str key;      /* a prefix, a range, an address */
	struct str field;    /* an attribute of the plan, or "range", "reservation" ... */
	struct str plan, server;
};
typedef VEC(struct dhcp_difference) dhcp_differences;
/* Of two settled confs, for the families that the server's is about. */
void dhcp_diff(struct dhcp *plan, struct dhcp *server, enum dhcp_server kind,
    dhcp_differences *out);

#endif
