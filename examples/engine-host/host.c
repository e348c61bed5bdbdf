/* SPDX-License-Identifier: MIT */
/*
 * A patch's table whose blocks are computed by a WebAssembly engine. The glue
 * that f4e-build makes is compiled with its table under another name; this file
 * copies that table and puts an engine of tests/bench in place of its code. All
 * that the shim does around a block (ALSA, options, variables, statistics) then
 * stays as it is. What remains out is what calls the module's own exports:
 * MIDI and --run-entry.
 */
#define f4e_patch f4e_native_patch
#include "f4e_patch.h"
#undef f4e_patch

#include "engine_protocol.h"
#include "rt/trap.h"

#include <stdlib.h>
#include <string.h>

/* The shim's headers call it constant: it is, after the loading. */
extern struct f4e_native_patch f4e_patch;
struct f4e_native_patch f4e_patch;

static struct f4e_memory memory;
static const char where[] = "the engine";

__attribute__((weak)) void engine_enter_thread(void)
{
}

__attribute__((weak)) void engine_leave_thread(void)
{
}

static void instantiate(void)
{
    size_t bytes = 0;
    if (!engine_start()) {
        f4e_trap(F4E_TRAP_UNREACHABLE, where);
    }
    memory.data = engine_memory(&bytes);
    if (bytes != memory.bytes) {
        f4e_trap(F4E_TRAP_OOB, where);
    }
    engine_leave_thread(); /* blocks come from the audio thread */
}

static void block(void)
{
    static _Thread_local bool is_known;
    if (!is_known) {
        engine_enter_thread();
        is_known = true;
    }
    if (!engine_run(1)) {
        f4e_trap(F4E_TRAP_UNREACHABLE, where);
    }
}

/* Another instance cannot be had in place: initDefaults has run already. */
static void init(void)
{
}

/* Before main(): the shim reads the table from its first line on. */
__attribute__((constructor)) static void take_over(void)
{
    f4e_patch = f4e_native_patch;
    memory = f4e_native_patch.memories[0];
    f4e_patch.memories = &memory;
    f4e_patch.memory_count = 1;
    f4e_patch.built_with = HOSTED_BY;
    f4e_patch.instantiate = instantiate;
    f4e_patch.init = init;
    f4e_patch.block = block;
    f4e_patch.proven_block = NULL;
    f4e_patch.invariant_count = 0;
    f4e_patch.export_count = 0;
    f4e_patch.midi_count = 0;
}
