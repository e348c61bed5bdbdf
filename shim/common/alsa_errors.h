/* SPDX-License-Identifier: MIT */
/*
 * Captures alsa-lib's error messages. alsa-lib has one handler per process and
 * no context for it, so only one thread at a time may open devices.
 */
#ifndef F4E_ALSA_ERRORS_H
#define F4E_ALSA_ERRORS_H

#include "common/failure.h"

/* From now on keep the first message instead of printing messages. */
void alsa_errors_capture(void);

/* Make that message the detail of the failure, if it has none. */
void alsa_errors_detail(struct failure *failure);

#endif
