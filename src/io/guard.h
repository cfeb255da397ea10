/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guard: what must not go wrong while files are written.
 *
 * A temporary file is removed when the process exits, or dies by SIGINT,
 * SIGTERM or SIGHUP; of the signal it dies all the same.  (A signal that was
 * ignored stays ignored.)
 *
 *     slot = guard_temp(dir, name)     before the file is made
 *     ... make it, write it ...
 *     guard_hold()                     signals wait
 *     rename(...)
 *     guard_forget(slot)
 *     guard_let()
 *
 * Signals are the process's, so this module has state of its own.
 */
#ifndef IPAM_GUARD_H
#define IPAM_GUARD_H

/* Opens descriptors 0 to 2 if they are closed, so that no file gets one of
 * their numbers.  Using them still fails. */
void guard_descriptors(void);

/* SIGPIPE and SIGXFSZ become errors of the calls, from the first
 * guard_writing() to as many guard_written(). */
void guard_writing(void);
void guard_written(void);

/* From here on, the file is removed if the process ends; -1 if there are too
 * many already.  dir stays open and name as it is until guard_forget(). */
int guard_temp(int dir, const char *name);
void guard_forget(int slot);

/* SIGINT, SIGTERM and SIGHUP wait from the first guard_hold() to as many
 * guard_let(). */
void guard_hold(void);
void guard_let(void);

#endif
