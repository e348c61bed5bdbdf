/* SPDX-License-Identifier: MIT */
/*
 * Answers to calls, which wait until the patch has made them: one that trapped
 * is told so. Requests behind go on meanwhile; their answers wait in order.
 * Control thread.
 */
#ifndef F4E_AWAITED_H
#define F4E_AWAITED_H

#include "channel/client.h"

#include <stdbool.h>
#include <stdint.h>

/* Let the answers go whose calls are made, and those that have waited for half
 * a second, because the patch does not run. */
void awaited_settle(struct client *client, uint64_t now_ns);

#endif
