/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: what w2c2 writes of patch.wasm, as it ships. engines/w2c2 names
 * what the module's text does: PAGES, the pages of the memory that it imports;
 * INIT, its initDefaults.
 */
#include "engine_protocol.h"

#include "patch.h"

#include <stdio.h>
#include <stdlib.h>

static wasmMemory memory;
static patchInstance instance;

/* w2c2's code calls it and does not expect it to return. */
void trap(Trap kind)
{
    (void)fprintf(stderr, "w2c2: %s\n", trapDescription(kind));
    _Exit(1);
}

/* Of an import: the one memory. */
static void *resolve(const char *module, const char *name)
{
    (void)module;
    (void)name;
    return &memory;
}

/* What a message of MIDI calls, by name. */
#include "c_callbacks.h"

bool engine_start(void)
{
    enum { PAGE_BYTES = 65536 };
    memory.data = calloc(PAGES, PAGE_BYTES);
    memory.size = (U32)PAGES * PAGE_BYTES;
    memory.pages = PAGES;
    memory.maxPages = PAGES;
    if (memory.data == NULL) {
        return false;
    }
    patchInstantiate(&instance, resolve);
    INIT(&instance);
    return true;
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        patch_buffer(&instance);
    }
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = memory.size;
    return memory.data;
}
