/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress: a line on standard error that is written over and over, if that is a
 * terminal, and gone in the end.
 */
#ifndef IPAM_PROGRESS_H
#define IPAM_PROGRESS_H

#include <stdbool.h>

struct progress {
	bool on;
};

void progress_start(struct progress *p, bool quiet);
void progress_show(const struct progress *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void progress_end(const struct progress *p);

#endif
