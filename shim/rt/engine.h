/* SPDX-License-Identifier: MIT */
/*
 * The engine runs a patch block by block. struct engine is everything that the
 * audio thread touches: storage is the caller's, nothing here allocates. Blocks
 * are counted from 0.
 */
#ifndef F4E_ENGINE_H
#define F4E_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../patch.h"
#include "realtime.h"
#include "snapshot.h"
#include "trap.h"

/* What to do when the patch traps. */
enum trap_policy {
    TRAP_STOP,    /* end */
    TRAP_RESET,   /* run initDefaults and copy the assets again, go on */
    TRAP_SILENCE, /* play silence from then on */
};

/* Something to do at the start of a block; already checked in every respect. */
struct engine_event {
    uint64_t block;
    const struct f4e_export *function; /* to call, or NULL: write bytes */
    const double *args;                /* as many as the function takes */
    const uint8_t *bytes;              /* for memory 0 ... */
    uint32_t address;                  /* ... at this byte */
    uint32_t size;
};

enum engine_state { ENGINE_RUNNING, ENGINE_SILENT, ENGINE_STOPPED };

struct engine {
    const struct f4e_patch *patch;
    enum trap_policy on_trap;
    size_t stack_bytes;                /* that the patch may use; see trap.h */
    const struct engine_event *events; /* sorted by block */
    size_t event_count;

    /* The audio thread's own, until it has ended. */
    enum engine_state state;
    size_t event_next;
    uint64_t block; /* the next block to run; blocks done so far */

    /*
     * Traps so far. The first one's report is written before this becomes 1
     * and never again, so any thread may read it once it sees a trap here.
     */
    atomic_uint traps;
    struct f4e_trap_report trap;
    uint64_t trap_block;

    struct snapshot snapshot; /* for the control thread's pictures of memory */
};

/* Before the audio thread starts. Events may be added to the struct after. */
void engine_init(struct engine *engine, const struct f4e_patch *patch,
                 enum trap_policy on_trap, size_t stack_bytes);

/*
 * initDefaults, then the assets. Returns a trap of initDefaults, with 'report'
 * filled; the assets are not copied then.
 */
F4E_REALTIME enum f4e_trap engine_restart(struct engine *engine,
                                          struct f4e_trap_report *report);

/*
 * One block: apply the events that are due, copy 'in' (one array per input
 * channel; NULL, or a NULL channel, leaves the patch's memory as it is), run,
 * copy to 'out' (one array per output channel). Arrays hold block_frames
 * floats. False when the engine has stopped: 'out' is not written then.
 */
F4E_REALTIME bool engine_process(struct engine *engine, const float *const *in,
                                 float *const *out);

#endif
