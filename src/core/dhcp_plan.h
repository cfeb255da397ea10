/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcp_plan: what dhcp_from_plan() is made of.  A subnet of the plan is read with all in
 * it (dhcp_plan.c: pools, reservations), then the prefixes that are delegated
 * (dhcp_plan_prefix.c); those that a server would mix up are told apart
 * (dhcp_plan_apart.c); then come the options (dhcp_plan_option.c), and all of a client
 * becomes one reservation (dhcp_plan_client.c).
 */
#ifndef IPAM_DHCP_PLAN_H
#define IPAM_DHCP_PLAN_H

#include "dhcp.h"

struct planner {
	struct dhcp *conf;
	struct db *db;
	const struct dhcp_wish *wish;
	struct diags *d;
	VEC(u128) cut; /* addresses of the subnet at hand that no client may get */
};

/* Says what is wrong at a place of the plan, once; true if it was said, so that a hint
 * may follow. */
bool planner_say(struct planner *p, enum severity severity, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether an attribute is an option.NAME. */
bool planner_is_option(struct str attr);
/* The options of a record itself; of a subnet with all that it inherits. */
void planner_own_options(struct planner *p, dhcp_options *o, const struct rec *r);
void planner_subnet_options(struct planner *p, struct dhcp_subnet *s);

/* The pools of a subnet, which are whole ranges until then, cut around p->cut, gateways and
 * the network's own addresses. */
void planner_cut_pools(struct planner *p, struct dhcp_subnet *s);

/* The identifiers of a record that the server looks at; false if there is none. */
bool planner_ids(struct planner *p, const struct rec *r, struct str id[DHCP_IDS]);
/* Whether its time is over. */
bool planner_is_over(struct planner *p, const struct rec *r);
/* pd=, via= and the subnets that are a client's. */
void planner_prefixes(struct planner *p);

/* One reservation for each client of a subnet, where a server wants it so. */
void planner_join_clients(struct planner *p, struct dhcp_subnet *s);

/* Subnets that overlap, or have one id. */
void planner_check_overlaps(struct planner *p);
void planner_check_ids(struct planner *p);

#endif
