/* SPDX-License-Identifier: MIT */
/*
 * Everybody who knows the patch learns that its code was exchanged: names,
 * presets, controllers, clients, MIDI, saved states. Control thread.
 */
#ifndef F4E_REBIND_H
#define F4E_REBIND_H

#include "session.h"
#include "swap/version.h"

#include <stdbool.h>

/* A version of this patch is about to be meant: ports that it sends MIDI to are
 * opened. False: some are on their way. */
bool rebind_meet(struct session *session, const struct f4e_patch *patch);

/* From now on this version is meant. The one before it is still loaded. */
void rebind_session(struct session *session, const struct version *version);

/* Whether all changes that were sent for the current version are made. */
bool rebind_is_idle(const struct session *session);

#endif
