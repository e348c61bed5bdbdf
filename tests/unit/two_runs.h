/* SPDX-License-Identifier: MIT */
/*
 * One module run twice in the interpreter: as it is, and rewritten with what is
 * proven of its addresses. The memories must be equal after each call, each
 * fact must hold where it is met, and the invariants between calls.
 */
#ifndef F4E_TWO_RUNS_H
#define F4E_TWO_RUNS_H

#include "fixture.h"
#include "interp/interp.h"
#include "ranges/ranges.h"
#include "wasm/wasm.h"

extern uint64_t random_state; /* of exercise() */

struct run {
    const char *name;
    const struct ranges *ranges;
    struct wasm_module original;
    struct wasm_module proving;
    struct interp *plain;
    struct interp *proven;
    uint32_t range_function;
    bool is_general; /* the invariants may not hold */
    unsigned facts;  /* that were met */
};

void start_run(struct run *run, const char *name,
               const struct wasm_module *module, const struct ranges *ranges);
void end_run(struct run *run);

bool do_invariants_hold(const struct run *run);

/* Call a function in both modules: the block's clone as long as the invariants
 * hold, as the engine does. False when it trapped. */
bool call_both(struct run *run, uint32_t function);

/* Entries in any order, and now and then a host that writes anywhere. */
void exercise(struct run *run);

#endif
