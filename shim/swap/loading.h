/* SPDX-License-Identifier: MIT */
/* Loads a version on a thread of its own, so that nobody waits for it. */
#ifndef F4E_SWAP_LOADING_H
#define F4E_SWAP_LOADING_H

#include "common/failure.h"
#include "options/settings.h"
#include "swap/swap_request.h"
#include "swap/version.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What it takes from the program. */
struct loading_host {
    void *context;
    size_t (*stack_bytes)(const struct f4e_patch *patch);
    /* Initialise a patch, on a thread that waits for it. */
    bool (*load)(struct engine *engine, const struct options *options,
                 struct failure *failure);
    /* Bring its memories in. The same thread. */
    void (*keep)(void *context, const struct f4e_patch *patch);
    void (*wake)(void);
    /* A version is about to be heard: open what only it needs. False: that
     * takes a while; asked again. */
    bool (*meet)(void *context, const struct version *version);
    /* Whether nothing is on its way to the patch. */
    bool (*is_idle)(void *context);
    /* Another version is current. */
    void (*follow)(void *context, const struct version *version);
};

/* A version on its way. */
struct loading {
    struct version version;
    const struct loading_host *host;
    const struct options *options;
    const struct f4e_patch *shape;
    char path[REQUEST_LINE_BYTES];
    pthread_t thread; /* to be joined when it is done */
    /* Gives it up; NULL as long as nothing of it runs. */
    _Atomic(f4e_interrupt_function *) interrupt;
    struct failure failure;
    bool is_good;
    atomic_bool is_done; /* with the two before; the control thread is woken */
};

/*
 * Begin with the library at 'path'; it has to have this shape. free() the
 * result when it is done and joined. NULL: STATUS_INTERNAL.
 */
struct loading *loading_start(const struct loading_host *host,
                              const struct options *options,
                              const struct f4e_patch *shape, const char *path,
                              uint32_t number, struct failure *failure);

/* It never ends: leave it to itself. */
void loading_abandon(struct loading *loading);

#endif
