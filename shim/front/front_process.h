/* SPDX-License-Identifier: MIT */
/*
 * The front itself: a process of its own that serves the network, so that the
 * one that plays owns no such descriptor and goes on when this one dies.
 */
#ifndef F4E_FRONT_PROCESS_H
#define F4E_FRONT_PROCESS_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "front/front_versions.h"

/* The only argument of this program when it is to be the front. */
#define FRONT_ARGUMENT "--is-front"

/* Serve until the patch ends. A failure was reported to it, except that there
 * is none: STATUS_USAGE. The player has no patch but versions of one: NULL and
 * how they come; a finished patch has itself, and NULL. */
void front_process_run(const struct f4e_patch *patch,
                       const struct front_versions *versions,
                       struct failure *failure);

#endif
