/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * environment: what a run needs to know of the system, as one struct env.
 */
#ifndef IPAM_ENVIRONMENT_H
#define IPAM_ENVIRONMENT_H

#include "core/diag.h"

/* Memory, random numbers, hashes, patterns, the screen and the time: that of the clock or of
 * $IPAM_NOW, which may be wrong: false, with a message.  oom() ends the process. */
bool environment_fill(struct env *env, void (*oom)(size_t wanted), struct diags *d);

#endif
