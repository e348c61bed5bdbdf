/* SPDX-License-Identifier: MIT */
/*
 * What alsa-lib says. It reports through one handler without a context, so
 * there is one store for the process: one thread at a time opens devices.
 */
#ifndef F4E_ALSA_ERRORS_H
#define F4E_ALSA_ERRORS_H

#include "common/failure.h"

/* Keep the first message that alsa-lib writes from now on, off the terminal. */
void alsa_errors_capture(void);

/* That message, if any, becomes the detail of a failure that has none. */
void alsa_errors_detail(struct failure *failure);

#endif
