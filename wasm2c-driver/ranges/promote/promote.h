/* SPDX-License-Identifier: MIT */
/*
 * Words that a block can keep out of memory: all that writes them while it runs
 * are whole stores at that one address. In the second set of functions
 * (insert.h) each is a global, filled before the block and written back after
 * it. No store through a pointer can reach a global, so that also a compiler
 * that makes nothing of ranges has the patch's state in registers.
 *
 * What something else may read, such as a load with an address that is not
 * proven, or whoever looks at memory after a trap, is written through: a store
 * goes to the global and to memory, loads still come from the global. Unless a
 * guard before the load writes all words to memory in time.
 */
#ifndef F4E_RANGES_KEEP_H
#define F4E_RANGES_KEEP_H

#include "ranges/analysis/analysis.h"

#define PROMOTE_NONE UINT32_MAX

/* Words kept at most: they may all be on the stack, and a compiler takes more
 * than twice the time for twice as many. */
enum { PROMOTE_MAX = 1024 };

struct promoted_word {
    uint32_t memory;
    uint32_t address;
    enum wasm_type type;     /* what most accesses to it have: i32 … f64 */
    bool is_written;         /* by the block */
    bool is_written_through; /* written to memory at once */
};

/*
 * A load that may read words that are written, or trap, but was not seen to.
 * Its operand is looked at: beyond the bounds, which may be any, all kept words
 * are written to memory first.
 */
struct promote_guard {
    bool is_guarded;
    uint32_t first; /* bytes, without the instruction's offset */
    uint32_t last;
};

struct promotion {
    const struct promoted_word *words; /* ascending */
    uint32_t word_count;
    const uint32_t *word_of_site;       /* code.site_count; or PROMOTE_NONE */
    const struct promote_guard *guards; /* code.site_count */
    bool may_trap;         /* the block, where no guard stands before it */
    bool changes_instance; /* the block: globals of the module's own */
};

/* What calls of the block function of an analysis without failure can keep.
 * In the arena, as everything in it. */
const struct promotion *promote_find(const struct analysis *analysis,
                                     struct arena *arena);

#endif
