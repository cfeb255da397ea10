/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * choose: the strategies of allocation.
 */
#ifndef IPAM_CHOOSE_H
#define IPAM_CHOOSE_H

#include "gaps.h"

enum strategy { STRATEGY_DEFAULT, STRATEGY_FIRST, STRATEGY_LAST, STRATEGY_RANDOM, STRATEGY_SPARSE };
/* STRATEGY_DEFAULT if there is none of this name. */
enum strategy strategy_by_name(struct str name);

/*
 * Chooses a free address of a subnet or range: STATUS_OK, STATUS_FULL, or
 * STATUS_CONFLICT if the target gives none (a container, a dhcp range).
 * STRATEGY_DEFAULT takes the target's own.  Nothing is changed.
 */
enum status choose_address(struct db *db, const struct rec *target, enum strategy s, bool force,
    struct ip *ip, struct diags *d);
/* Whether so many can be chosen there; STATUS_FULL with what is used now. */
enum status choose_room(struct db *db, const struct rec *target, uint64_t wanted, bool force,
    struct diags *d);

#endif
