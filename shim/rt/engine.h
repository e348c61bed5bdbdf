/* SPDX-License-Identifier: MIT */
/*
 * The engine runs a patch block by block, counted from 0. struct engine is
 * everything that the audio thread touches. Its storage is the caller's;
 * nothing here allocates.
 */
#ifndef F4E_ENGINE_H
#define F4E_ENGINE_H

#include "f4e_patch.h"
#include "rt/change.h"
#include "rt/frame_clock.h"
#include "rt/inbox.h"
#include "rt/keyboard.h"
#include "rt/midi_queue.h"
#include "rt/ramp.h"
#include "rt/realtime.h"
#include "rt/sequence.h"
#include "rt/snapshot.h"
#include "rt/trap.h"
#include "rt/trap_policy.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum engine_state { ENGINE_RUNNING, ENGINE_SILENT, ENGINE_STOPPED };

/* The channel, MIDI, a keyboard, and two of JACK; one is spare. */
enum { ENGINE_INBOXES_MAX = 6 };

struct engine;

/*
 * What is done otherwise where the code of a patch is exchanged while it plays
 * (rt/decks/decks.h); a finished patch has none of it. All on the audio thread.
 */
struct engine_hooks {
    /* In place of engine_run_block(). */
    bool (*run)(struct engine *engine, const float *const *in,
                float *const *out) F4E_REALTIME;
    /* In place of engine_change(), for what events and inboxes bring. */
    bool (*change)(struct engine *engine,
                   const struct change *change) F4E_REALTIME;
    /* A block or a call trapped. True: the policy is not followed. */
    bool (*trap)(struct engine *engine,
                 const struct f4e_trap_report *report) F4E_REALTIME;
};

/* Calls from outside that trapped, after which the patch plays on. What is told
 * of the first one is written as that of struct engine's traps. */
struct dropped_calls {
    _Atomic uint64_t count;
    struct f4e_trap_report trap;
    uint64_t block;
};

struct engine {
    const struct f4e_patch *patch;
    f4e_guard_function *guard;        /* that the patch's traps return to */
    const struct engine_hooks *hooks; /* or NULL */
    void *context;                    /* of the hooks */
    enum trap_policy on_trap;
    size_t stack_bytes;          /* that the patch may use; see trap.h */
    const struct change *events; /* sorted by block */
    size_t event_count;
    const struct change *settings; /* CHANGE_WRITE and CHANGE_TOGGLE */
    size_t setting_count;
    unsigned inbox_count;
    /* Set after engine_init(): gets what the patch sends; NULL: nobody does. */
    struct midi_queue *midi_out;
    /* Where a patch that was loaded looks for f4e_midi_out(); else NULL. */
    midi_queue_function **sender;
    struct frame_clock clock; /* told by whoever knows when blocks are heard */

    /* The audio thread's own, until it has ended. */
    enum engine_state state;
    size_t event_next;
    struct keyboard keyboard;
    uint64_t block; /* the next block to run; blocks done so far */
    /* Invariants of the patch may be violated: block() runs instead of
     * proven_block(). */
    bool uses_general_block;
    unsigned violated; /* index of the invariant last seen violated */
    bool is_general;   /* the last block ran block() for that reason */

    /*
     * Traps so far. The first one's report is written before this becomes 1
     * and never again, so any thread may read it once it sees a trap here.
     */
    _Atomic uint64_t traps;
    /* Blocks that ran the general code though there is a faster one. */
    _Atomic uint64_t general_blocks;
    _Atomic unsigned general_cause; /* of the last of them: the invariant */
    /* Blocks that left changes of an inbox to the next, being enough. */
    _Atomic uint64_t crowded_blocks;
    struct f4e_trap_report trap;
    uint64_t trap_block;
    /* MIDI callbacks, and other calls that came through an inbox. */
    struct dropped_calls dropped_midi;
    struct dropped_calls dropped_calls;
    enum f4e_trap last_drop; /* the audio thread's own */

    struct snapshot snapshot; /* for copies of memory by the control thread */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct inbox *inboxes[ENGINE_INBOXES_MAX];
    struct ramps ramps;       /* the audio thread's */
    struct sequence sequence; /* after the events of a block */
};

/* Before the audio thread starts; events and settings are set after this. */
void engine_init(struct engine *engine, const struct f4e_patch *patch,
                 enum trap_policy on_trap, size_t stack_bytes);

/*
 * Empty this inbox at every block from now on. Before the audio thread starts;
 * one more than ENGINE_INBOXES_MAX ends the program by a signal.
 */
void engine_attach(struct engine *engine, struct inbox *inbox);

/*
 * Write to the patch's memory, between blocks: the audio thread, or another one
 * before it starts. All writes that are not the patch's own code come through
 * here (assets, settings, events, inboxes, inputs), so that its invariants are
 * checked. The range lies inside the memory.
 */
F4E_REALTIME void engine_write(struct engine *engine, uint32_t memory,
                               uint32_t address, const void *bytes,
                               size_t size);

/* Make one change now, between two blocks. False when it was a call that
 * trapped; the policy has been followed then. */
F4E_REALTIME bool engine_change(struct engine *engine,
                                const struct change *change);

/* Make the changes that are due and those in the inboxes. False when a call
 * trapped, or nothing runs. */
F4E_REALTIME bool engine_take_changes(struct engine *engine);

/*
 * One block without the copies for others: changes, inputs, the patch, outputs.
 * As engine_process() otherwise, which calls it.
 */
F4E_REALTIME bool engine_run_block(struct engine *engine,
                                   const float *const *in, float *const *out);

/* Make the settings; again after a state has been loaded over them. */
F4E_REALTIME void engine_apply_settings(struct engine *engine);

/*
 * Run initDefaults, copy the assets, make the settings and check the
 * invariants. When initDefaults traps, returns the trap, fills 'report' (may be
 * NULL) and does nothing else; the next block runs the general code.
 */
F4E_REALTIME enum f4e_trap engine_restart(struct engine *engine,
                                          struct f4e_trap_report *report);

/*
 * Run one block: make the changes that are due and those in the inboxes, move
 * what is on its way by a step, copy 'in' to the inputs, run, copy the outputs
 * to 'out'. 'in' and 'out' have one
 * array of block_frames floats per channel; a NULL 'in', or a NULL array in it,
 * leaves the input as it is. False, with 'out' not written, when the engine has
 * stopped.
 *
 * In one block at most INBOX_BLOCK_BYTES are written from one inbox: a larger
 * CHANGE_WRITE is spread over blocks, and the changes behind it wait. So do
 * those that are too many for a block (INBOX_BLOCK_CHANGES).
 */
F4E_REALTIME bool engine_process(struct engine *engine, const float *const *in,
                                 float *const *out);

#endif
