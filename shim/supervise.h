/* SPDX-License-Identifier: MIT */
/*
 * What the control thread does while the audio thread plays: it serves whoever
 * asks, stops at a signal, and prints.
 */
#ifndef F4E_SUPERVISE_H
#define F4E_SUPERVISE_H

#include "session.h"

/* Until the audio thread has ended. 'wake_fd' is readable when there is
 * something to do. */
void supervise(struct session *session, int wake_fd);

#endif
