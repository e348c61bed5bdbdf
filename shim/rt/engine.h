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

#include "f4e_patch.h"
#include "rt/change.h"
#include "rt/inbox.h"
#include "rt/keyboard.h"
#include "rt/realtime.h"
#include "rt/snapshot.h"
#include "rt/trap.h"
#include "rt/trap_policy.h"

enum engine_state { ENGINE_RUNNING, ENGINE_SILENT, ENGINE_STOPPED };

enum { ENGINE_INBOXES_MAX = 4 };

struct engine {
    const struct f4e_patch *patch;
    enum trap_policy on_trap;
    size_t stack_bytes;          /* that the patch may use; see trap.h */
    const struct change *events; /* sorted by block */
    size_t event_count;
    const struct change *settings; /* CHANGE_WRITE and CHANGE_TOGGLE */
    size_t setting_count;
    struct inbox *inboxes[ENGINE_INBOXES_MAX];
    unsigned inbox_count;

    /* The audio thread's own, until it has ended. */
    enum engine_state state;
    size_t event_next;
    struct keyboard keyboard;
    uint64_t block; /* the next block to run; blocks done so far */
    /* The patch's invariants may not hold: block() instead of proven_block().
     */
    bool uses_general_block;
    unsigned violated; /* of the invariants, the one last seen violated */

    /*
     * Traps so far. The first one's report is written before this becomes 1
     * and never again, so any thread may read it once it sees a trap here.
     */
    atomic_uint traps;
    /* Blocks that ran the general code though there is a faster one. */
    _Atomic uint64_t general_blocks;
    struct f4e_trap_report trap;
    uint64_t trap_block;
    /* The same of MIDI callbacks, after which the patch plays on. */
    atomic_uint midi_traps;
    struct f4e_trap_report midi_trap;
    uint64_t midi_trap_block;

    struct snapshot snapshot; /* for the control thread's pictures of memory */
};

/*
 * Before the audio thread starts. Events and settings may be added to the
 * struct after.
 */
void engine_init(struct engine *engine, const struct f4e_patch *patch,
                 enum trap_policy on_trap, size_t stack_bytes);

/*
 * Take messages from this inbox from now on. Before the audio thread starts;
 * at most ENGINE_INBOXES_MAX.
 */
void engine_attach(struct engine *engine, struct inbox *inbox);

/*
 * Write to the patch's memory. Every byte that does not come from the patch's
 * own code goes through here: assets, settings, events, messages, inputs. The
 * range lies inside the memory. Only between blocks: the audio thread, or
 * another before it starts.
 */
F4E_REALTIME void engine_write(struct engine *engine, uint32_t memory,
                               uint32_t address, const void *bytes,
                               size_t size);

/* The settings; again after something else has been loaded over them. */
F4E_REALTIME void engine_apply_settings(struct engine *engine);

/*
 * initDefaults, then the assets, then the settings, then a look at the
 * invariants. Returns a trap of initDefaults, with 'report' filled; nothing
 * else is done then, and the next block runs the general code.
 */
F4E_REALTIME enum f4e_trap engine_restart(struct engine *engine,
                                          struct f4e_trap_report *report);

/*
 * One block: apply the events that are due, then what has arrived in the
 * inboxes, copy 'in' (one array per input channel; NULL, or a NULL channel,
 * leaves the patch's memory as it is), run, copy to 'out' (one array per output
 * channel). Arrays hold block_frames floats. False when the engine has stopped:
 * 'out' is not written then.
 *
 * Of one inbox at most INBOX_BLOCK_BYTES are written in a block: a long message
 * arrives in pieces, and those behind it wait. Everything else is whole.
 */
F4E_REALTIME bool engine_process(struct engine *engine, const float *const *in,
                                 float *const *out);

#endif
