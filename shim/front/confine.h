/* SPDX-License-Identifier: MIT */
/*
 * The front gives up what it does not need: files, programs, other processes,
 * real time, locked memory. As much of it as the kernel can. The only thread.
 */
#ifndef F4E_CONFINE_H
#define F4E_CONFINE_H

#include <stdbool.h>

/* Before anything else: end with the parent, no descriptors above 'last', an
 * ordinary priority. */
void confine_start(int last);

/* Once everything is loaded and listened to, for good. What the kernel has. */
void confine_finish(bool *has_landlock, bool *has_seccomp);

#endif
