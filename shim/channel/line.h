/* SPDX-License-Identifier: MIT */
/* The lines that a client has sent, one after the other. Control thread. */
#ifndef F4E_LINE_H
#define F4E_LINE_H

#include "channel/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Do lines that are complete, also one without an end when nothing follows; at
 * most '*lines', which is counted down. False when one has to wait.
 */
bool line_run_some(struct client *client, unsigned *lines, uint64_t now_ns);

/* The bytes of the lines that are complete. */
size_t line_ends(const struct client *client);

#endif
