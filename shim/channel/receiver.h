/* SPDX-License-Identifier: MIT */
/* What a client sends, read and done in bounded portions. Control thread. */
#ifndef F4E_RECEIVER_H
#define F4E_RECEIVER_H

#include "channel/client.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Read and execute what has arrived, at most a portion, and write what the
 * client takes. True when more could be done at once.
 */
bool receiver_serve(struct client *client, uint64_t now_ns);

#endif
