/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * workers: work on several processors at once.
 *
 * The threads live only within workers_run(), and signals go to the caller's.
 */
#ifndef IPAM_WORKERS_H
#define IPAM_WORKERS_H

#include <stddef.h>

enum { WORKERS_MAX = 16 };

/* How many jobs pay: the processors that this process may use, up to WORKERS_MAX. */
size_t workers_count(void);
/* Does job(ctx, 0) to job(ctx, n - 1), each in a thread of its own, as far as there are
 * any; returns when all are done. */
void workers_run(void (*job)(void *ctx, size_t i), void *ctx, size_t n);

#endif
