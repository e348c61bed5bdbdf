/* SPDX-License-Identifier: MIT */
/*
 * A patch on shim/rt and nothing else of the shim: runs BLOCKS blocks through
 * the engine and says a hash of what it played and of what memory it left, on
 * one line. It asks of a system what put_line() needs.
 */
#include "f4e_patch.h"
#include "rt/denormals.h"
#include "rt/engine.h"

enum { STACK_BYTES = 64 * 1024, CHANNELS = 8, FRAMES = 1024 };

/* port_*.c: print and end; never returns where there is nowhere to go. */
void put_line(const char *line, int status);

static struct engine engine;
static float channels[CHANNELS][FRAMES];

static void instantiate(void *arg)
{
    (void)arg;
    f4e_patch.instantiate();
}

static uint32_t hash(uint32_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ at[i]) * 16777619u;
    }
    return hash;
}

static void put_hex(char *text, uint32_t value)
{
    for (int i = 7; i >= 0; i--) {
        text[i] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

static bool play(uint32_t *heard)
{
    float *out[CHANNELS];
    for (unsigned k = 0; k < CHANNELS; k++) {
        out[k] = channels[k];
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        if (!engine_process(&engine, NULL, out)) {
            return false;
        }
        for (unsigned k = 0; k < f4e_patch.output_count; k++) {
            *heard =
                hash(*heard, out[k], f4e_patch.block_frames * sizeof(float));
        }
    }
    return true;
}

int main(void)
{
    static char line[] = "sound ........ memory ........";
    uint32_t heard = 0x811c9dc5u;
    if (f4e_patch.output_count > CHANNELS || f4e_patch.block_frames > FRAMES) {
        put_line("too many channels or frames", 2);
    }
    denormals_flush(false);
    engine_init(&engine, &f4e_patch, TRAP_STOP, STACK_BYTES);
    if (f4e_guard(instantiate, NULL, STACK_BYTES, NULL) != F4E_TRAP_NONE ||
        engine_restart(&engine, NULL) != F4E_TRAP_NONE || !play(&heard)) {
        put_line("trapped", 1);
    }
    put_hex(line + 6, heard);
    put_hex(line + 22, hash(0x811c9dc5u, f4e_patch.memories[0].data,
                            (size_t)f4e_patch.memories[0].bytes));
    put_line(line, 0);
    return 0;
}
