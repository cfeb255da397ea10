/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * move: splitting, joining, resizing and renumbering, with all that is inside.
 *
 * Each leaves a valid plan or says in one line what stands in the way; then
 * nothing was changed.
 */
#ifndef IPAM_MOVE_H
#define IPAM_MOVE_H

#include "shape.h"

/* Adds the children of a length that tile a subnet; a gw goes to the child
 * around it.  All children, those that were there too, are added to out. */
enum status move_split(struct db *db, struct rec *subnet, int len, rec_list *out, struct diags *d);
/* Removes the subnets that tile a prefix, which is added if it is absent. */
enum status move_join(struct db *db, unsigned vrf, struct span prefix, rec_list *out,
    struct diags *d);
/* Gives a subnet another length, at its start or around it. */
enum status move_resize(struct db *db, struct rec *subnet, int len, struct rec **out,
    struct diags *d);
/* Moves a record, a subnet with all in it, to another key; every gw and
 * nameserver of the VRF that points there follows. */
enum status move_renumber(struct db *db, struct rec *r, unsigned vrf, struct span to,
    struct rec **out, struct diags *d);

#endif
