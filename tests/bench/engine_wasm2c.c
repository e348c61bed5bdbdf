/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: wasm2c's output as it ships, on wabt's own run-time library.
 * WASM2C_H names the generated header; the symbols are those of a normalised
 * module (x<k> exports, f4e.m0 memory) in the dialect of wabt 1.0.32.
 */
#include "engine_protocol.h"

#include WASM2C_H

#include <string.h>

static wasm_rt_memory_t memory;
static Z_patch_instance_t instance;

wasm_rt_memory_t *Z_f4eZ_m0(struct Z_f4e_instance_t *host)
{
    (void)host;
    return &memory;
}

bool engine_start(void)
{
    wasm_rt_init();
    wasm_rt_allocate_memory(&memory, PAGES, PAGES);
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

const unsigned char *engine_memory(size_t *bytes)
{
    *bytes = memory.size;
    return memory.data;
}
