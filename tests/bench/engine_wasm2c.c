/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: wasm2c's output as it ships, on wabt's own run-time library.
 * WASM2C_H names the generated header; the symbols are those of a normalised
 * module (x<k> exports, f4e.m<k> memories) in the dialect of wabt 1.0.32. PAGES
 * is a list, the pages of each memory.
 */
#include "engine_protocol.h"

#include WASM2C_H

#include <string.h>

static const uint32_t pages[] = {PAGES};
enum { MEMORIES = sizeof(pages) / sizeof(pages[0]) };

static wasm_rt_memory_t memories[MEMORIES];
static Z_patch_instance_t instance;

#define DEFINE_MEMORY(k)                                          \
    wasm_rt_memory_t *Z_f4eZ_m##k(struct Z_f4e_instance_t *host); \
    wasm_rt_memory_t *Z_f4eZ_m##k(struct Z_f4e_instance_t *host)  \
    {                                                             \
        (void)host;                                               \
        return &memories[(k) < MEMORIES ? (k) : 0];               \
    }
DEFINE_MEMORY(0)
DEFINE_MEMORY(1)
DEFINE_MEMORY(2)
DEFINE_MEMORY(3)

/* What a message of MIDI calls, by name. */
#include "c_callbacks.h"

bool engine_start(void)
{
    wasm_rt_init();
    for (size_t i = 0; i < MEMORIES; i++) {
        wasm_rt_allocate_memory(&memories[i], pages[i], pages[i]);
    }
    Z_patch_init_module();
    Z_patch_instantiate(&instance, NULL);
    INIT(&instance);
    return true;
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        BLOCK(&instance);
    }
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = memories[0].size;
    return memories[0].data;
}
