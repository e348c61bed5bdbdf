/* SPDX-License-Identifier: MIT */
/*
 * Loads the patch, starts threads whose stacks are large enough for it, and
 * dumps its memory at the end. Control thread.
 */
#ifndef F4E_LOAD_H
#define F4E_LOAD_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"
#include "rt/engine.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Bytes of stack that the patch may use; see f4e_guard(). */
size_t load_stack_bytes(const struct f4e_patch *patch);

/* Stack of a thread that runs the patch, the shim's own part included. */
size_t load_thread_bytes(const struct f4e_patch *patch);

/*
 * Start a thread that may run this patch: its stack is larger than
 * load_stack_bytes(), and signals as in common/thread.h. Join it with
 * pthread_join(). Fails with STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool load_start_thread(pthread_t *thread,
                                      const struct f4e_patch *patch,
                                      void *(*function)(void *), void *arg,
                                      struct failure *failure);

/*
 * Instantiate the patch, run initDefaults and copy the assets, on such a thread
 * with the denormal mode of the options. A trap is STATUS_TRAP.
 */
F4E_MUST_CHECK bool load_patch(struct engine *engine,
                               const struct options *options,
                               struct failure *failure);

/* Whether --dump-memory can write. Fails with STATUS_FILE. */
F4E_MUST_CHECK bool load_probe_dump(const struct options *options,
                                    struct failure *failure);

/*
 * --dump-memory, unless 'failure' is another one than a trap: memory 0 to its
 * file, memory 1 to FILE.1 and so on, without a header. STATUS_FILE takes the
 * place of STATUS_OK only.
 */
void load_dump(const struct f4e_patch *patch, const struct options *options,
               struct failure *failure);

#endif
