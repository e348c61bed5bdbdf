/* SPDX-License-Identifier: MIT */
/*
 * The patch's life outside the blocks: start it, run it on threads whose stack
 * size is known, and dump its memory at the end. Control thread.
 */
#ifndef F4E_LOAD_H
#define F4E_LOAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"
#include "rt/engine.h"

/* How much stack the patch may use; see f4e_guard(). */
size_t load_stack_bytes(const struct f4e_patch *patch);

/*
 * Start a thread that may run this patch: its stack holds load_stack_bytes()
 * and more. All signals are blocked there. Join it with pthread_join().
 */
F4E_MUST_CHECK bool load_start_thread(pthread_t *thread,
                                      const struct f4e_patch *patch,
                                      void *(*function)(void *), void *arg,
                                      struct failure *failure);

/*
 * Instantiate the patch, then initDefaults, then the assets, on such a thread
 * with the denormal mode of the options. A trap is STATUS_TRAP.
 */
F4E_MUST_CHECK bool load_patch(struct engine *engine,
                               const struct options *options,
                               struct failure *failure);

/* Memory 0 to 'path', memory 1 to 'path'.1 and so on, bare. STATUS_FILE. */
F4E_MUST_CHECK bool load_dump_memory(const struct f4e_patch *patch,
                                     const char *path, struct failure *failure);

#endif
