/* SPDX-License-Identifier: MIT */
/*
 * Branches that fold an argument: `if x > half then x = x - one` in a function
 * that only computes, a sine for example. Who calls it once has a phase that
 * wraps round now and then, and the branch is rarely taken. Where it is called
 * from many places, harmonics among them, one is guessed wrong in each frame,
 * and all that runs beside it is thrown away.
 */
#ifndef F4E_BRANCH_FOLDS_H
#define F4E_BRANCH_FOLDS_H

#include "base/arena.h"

/*
 * For each line of the C functions in 'text', as wasm2c writes them, whether it
 * is such an `if (variable) {` of a function that is called from many places.
 * In the arena.
 */
const bool *branch_folds_find(const char *text, struct arena *arena);

#endif
