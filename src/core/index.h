/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index: db.h's "who has a value", its table behind the scenes.
 */
#ifndef IPAM_INDEX_H
#define IPAM_INDEX_H

#include "db.h"

void index_free(struct index *index);

#endif
