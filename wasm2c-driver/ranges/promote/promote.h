/* SPDX-License-Identifier: MIT */
/*
 * Register promotion: memory words that a block only accesses whole, at one
 * constant address, become globals in the clones of its functions (annotate.h),
 * loaded before the block and stored after it. No store through a pointer
 * aliases a global, so that also a compiler that makes nothing of ranges keeps
 * the state of the patch in registers.
 *
 * A word that may be observed in memory meanwhile, by a load that is not proven
 * or after a trap, is written through: a store goes to the global and to
 * memory, a load still comes from the global. Unless a guard before that load
 * stores all promoted words in time.
 */
#ifndef F4E_PROMOTE_H
#define F4E_PROMOTE_H

#include "ranges/analysis/analysis.h"

/* Of a site that is no access to a promoted word. */
#define PROMOTE_NONE UINT32_MAX

/* Words promoted at most: all may be on the stack, and compile time more than
 * doubles with twice as many. */
enum { PROMOTE_MAX = 1024 };

struct promoted_word {
    uint32_t memory;
    uint32_t address;
    enum wasm_type type; /* of most accesses: i32, i64, f32 or f64 */
    bool is_written;     /* by the block */
    bool is_written_through;
};

/*
 * A load that may alias promoted words, or trap, but was not observed to.
 * Its operand is compared: outside of first to last, all promoted words are
 * stored to memory before it. A wrong guess costs time only.
 */
struct promote_guard {
    bool is_guarded;
    uint32_t first; /* operands: bytes, without the instruction's offset */
    uint32_t last;
};

struct promotion {
    const struct promoted_word *words; /* ascending by memory and address */
    uint32_t word_count;
    const uint32_t *word_of_site;       /* by site number; or PROMOTE_NONE */
    const struct promote_guard *guards; /* by site number */
    bool may_trap;         /* the block, at a site without a guard */
    bool changes_instance; /* the block writes globals or drops segments */
};

/* Select the words to promote in the block function of an analysis without
 * failure. Everything is in 'arena'. */
const struct promotion *promote_find(const struct analysis *analysis,
                                     struct arena *arena);

#endif
