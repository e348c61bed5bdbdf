/* SPDX-License-Identifier: MIT */
/*
 * Bench engine: the patch as f4e-build makes it, on the engine of the shim's
 * audio thread, which looks at the invariants and picks the code. Linked with
 * the glue that `f4e-build --emit-c` leaves and with shim/rt.
 */
#include "engine_protocol.h"

#include "f4e_patch.h"
#include "rt/engine.h"

#include <string.h>

static struct engine engine;
static struct f4e_patch patch;

static void instantiate(void *arg)
{
    (void)arg;
    f4e_patch.instantiate();
}

/* Channels and assets are left out: no other engine of the bench copies them.
 */
bool engine_start(void)
{
    enum { STACK_BYTES = 256 * 1024 };
    patch = f4e_patch;
    patch.input_count = 0;
    patch.output_count = 0;
    patch.asset_count = 0;
    engine_init(&engine, &patch, TRAP_STOP, STACK_BYTES);
    return f4e_guard(instantiate, NULL, STACK_BYTES, NULL) == F4E_TRAP_NONE &&
           engine_restart(&engine, NULL) == F4E_TRAP_NONE;
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        if (!engine_process(&engine, NULL, NULL)) {
            return false;
        }
    }
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = (size_t)patch.memories[0].bytes;
    return patch.memories[0].data;
}

void engine_poke(size_t address, const unsigned char bytes[4])
{
    engine_write(&engine, 0, (uint32_t)address, bytes, 4);
}

int engine_find(const char *name)
{
    for (unsigned i = 0; i < patch.export_count; i++) {
        if (strcmp(patch.exports[i].name, name) == 0 &&
            strncmp(patch.exports[i].signature, "iii:", 4) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* As a message of MIDI does; but a trap ends the run, as elsewhere. */
bool engine_call(int function, const uint32_t arguments[3])
{
    const double args[] = {arguments[0], arguments[1], arguments[2]};
    const struct change change = {
        .kind = CHANGE_CALL,
        .is_sent = true,
        .call = {&patch.exports[function], args},
    };
    return engine_change(&engine, &change) &&
           atomic_load(&engine.dropped_calls.count) == 0;
}
