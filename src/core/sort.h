/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sort: a stable sort of pointers, quick where they stand in order already.
 */
#ifndef IPAM_SORT_H
#define IPAM_SORT_H

#include "buf.h"

/* Negative, 0 or positive, as a comes before, with or behind b. */
typedef int sort_order(const void *ctx, const void *a, const void *b);
void sort_stable(const struct env *env, void **v, size_t n, sort_order *order, const void *ctx);

#endif
