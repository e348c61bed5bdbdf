/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: what the newest wasm2c writes, as it ships, on wabt's own
 * run-time library. engines/newest-wasm2c names what the module's text does:
 * MEMORY(host), the memory that it imports, of HOST, with SHARED empty or
 * _shared and PAGES; INIT, its initDefaults.
 */
#include "engine_protocol.h"

#include "newest.h"

#define PASTE(a, b)  a##b
#define EXPAND(a, b) PASTE(a, b)
#define MEMORY_TYPE  EXPAND(EXPAND(wasm_rt, SHARED), _memory_t)
#define ALLOCATE     EXPAND(wasm_rt_allocate_memory, SHARED)

enum { PAGE_BYTES = 65536 };

static MEMORY_TYPE memory;
static w2c_patch instance;

MEMORY_TYPE *MEMORY(struct HOST *host)
{
    (void)host;
    return &memory;
}

/* What a message of MIDI calls, by name. */
#include "c_callbacks.h"

bool engine_start(void)
{
    wasm_rt_init();
    ALLOCATE(&memory, PAGES, PAGES, false, PAGE_BYTES);
    wasm2c_patch_instantiate(&instance, NULL);
    INIT(&instance);
    return true;
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        w2c_patch_buffer(&instance);
    }
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = memory.size;
    return (unsigned char *)memory.data;
}
