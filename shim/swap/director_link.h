/* SPDX-License-Identifier: MIT */
/* The socket of the director: lines that ask it, and its answers. Control
 * thread. */
#ifndef F4E_SWAP_DIRECTOR_LINK_H
#define F4E_SWAP_DIRECTOR_LINK_H

#include "common/attributes.h"
#include "swap/director.h"

/* A line, without its end. Nobody waits for one who does not read. */
void director_answer(const struct director *director, const char *format, ...)
    F4E_PRINTF(2, 3);

/* Take what has come: what is wanted, or that the other side has gone. */
void director_read(struct director *director);

#endif
