/* SPDX-License-Identifier: MIT */
/*
 * What a native engine gives to engine_main.c, which speaks with the bench:
 *
 *     PROGRAM WARMUP BLOCKS ROUNDS   →   "NANOSECONDS HASH" on stdout
 *
 * nanoseconds per block of the best round, and the FNV-1a of memory 0 at the
 * end. Denormals are kept, as the reference does.
 */
#ifndef F4E_ENGINE_PROTOCOL_H
#define F4E_ENGINE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

/* Instantiate and run initDefaults. False: it trapped. */
bool engine_start(void);

/* Run 'count' blocks. False: it trapped. */
bool engine_run(unsigned long count);

/* Memory 0 as it is now. */
const unsigned char *engine_memory(size_t *bytes);

#endif
