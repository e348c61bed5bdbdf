/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: the patch as f4e-build makes it, without the audio around it.
 * Linked with the glue that `f4e-build --emit-c` leaves and shim/rt/trap.c.
 */
#include "engine_protocol.h"

#include "f4e_patch.h"
#include "rt/trap.h"

static void instantiate(void *arg)
{
    (void)arg;
    f4e_patch.instantiate();
    if (f4e_patch.init != NULL) {
        f4e_patch.init();
    }
}

static void blocks(void *arg)
{
    void (*block)(void) = f4e_patch.proven_block != NULL
                              ? f4e_patch.proven_block
                              : f4e_patch.block;
    for (unsigned long i = *(unsigned long *)arg; i > 0; i--) {
        block();
    }
}

static bool guarded(void (*function)(void *), void *arg)
{
    enum { STACK_BYTES = 256 * 1024 };
    return f4e_guard(function, arg, STACK_BYTES, NULL) == F4E_TRAP_NONE;
}

bool engine_start(void)
{
    return guarded(instantiate, NULL);
}

bool engine_run(unsigned long count)
{
    return guarded(blocks, &count);
}

const unsigned char *engine_memory(size_t *bytes)
{
    *bytes = (size_t)f4e_patch.memories[0].bytes;
    return f4e_patch.memories[0].data;
}
