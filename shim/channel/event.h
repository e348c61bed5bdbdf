/* SPDX-License-Identifier: MIT */
/* What a client has subscribed to, written when it is due. Control thread. */
#ifndef F4E_EVENT_H
#define F4E_EVENT_H

#include "channel/client.h"

#include <stdint.h>

/*
 * Send an event, if it is due and anything has changed. One that finds more
 * than CLIENT_OUTPUT_LOW bytes waiting is lost, and counted in the next.
 */
void event_tick(struct client *client, uint64_t now_ns);

/* Tell a client that reads JSON that the code was exchanged. */
void event_version(struct client *client, uint32_t version);

#endif
