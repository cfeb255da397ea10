/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan: the operations of planning: adding, carving, splitting, joining,
 * resizing, renumbering and removing, with all that is inside.
 *
 * Each leaves a valid plan, or says in one line what stands in the way: then
 * nothing was changed.
 */
#ifndef IPAM_PLAN_H
#define IPAM_PLAN_H

#include "edit.h"
#include "space.h"

/* --- adding ----------------------------------------------------------- */

/* Whether a record with this key could be added: STATUS_OK, STATUS_CONFLICT,
 * STATUS_NO for a range or an address in no subnet, STATUS_USAGE for what is no
 * record at all. */
enum status plan_fits(struct db *db, unsigned vrf, struct span span, enum kind kind,
    struct diags *d);

enum status plan_add(struct db *db, unsigned vrf, struct span span, enum kind kind,
    const struct assign *a, size_t n, struct rec **out, struct diags *d);
enum status plan_add_object(struct db *db, struct str kind, struct str name, const struct assign *a,
    size_t n, struct rec **out, struct diags *d);

/* --- removing --------------------------------------------------------- */

/* Records marked by rec_mark() (target.h) go with it and do not count as held. */
enum plan_rm { PLAN_RM_EMPTY, PLAN_RM_ALL, PLAN_RM_KEEP };
/* Removes a subnet; with PLAN_RM_ALL all that it holds, with PLAN_RM_KEEP
 * what it holds becomes the parent's.  The removed records are added to out,
 * the subnet first. */
enum status plan_rm_subnet(struct db *db, struct rec *subnet, enum plan_rm how, rec_list *out,
    struct diags *d);
enum status plan_rm_object(struct db *db, struct rec *r, struct diags *d);

/* --- carving ---------------------------------------------------------- */

/* Adds the next free prefix of a length inside a subnet, as space_choose() has it. */
enum status plan_carve(struct db *db, struct rec *parent, int len, enum fit fit,
    const struct assign *a, size_t n, struct rec **out, struct diags *d);

/* --- moving ----------------------------------------------------------- */

/* Adds the children of a length that tile a subnet; a gw goes to the child
 * around it.  All children, those that were there too, are added to out. */
enum status plan_split(struct db *db, struct rec *subnet, int len, rec_list *out, struct diags *d);
/* Removes the subnets that tile a prefix, which is added if it is absent. */
enum status plan_join(struct db *db, unsigned vrf, struct span prefix, rec_list *out,
    struct diags *d);
/* Gives a subnet another length, at its start or around it. */
enum status plan_resize(struct db *db, struct rec *subnet, int len, struct rec **out,
    struct diags *d);
/* Moves a record, a subnet with all in it, to another key; every gw and
 * nameserver of the VRF that points there follows. */
enum status plan_renumber(struct db *db, struct rec *r, unsigned vrf, struct span to,
    struct rec **out, struct diags *d);

#endif
