/* SPDX-License-Identifier: MIT */
/* A loop over the frames of a block, cut into parts: stretches of the modules
 * that it calls, between which nothing is on the operand stack or in locals. */
#ifndef F4E_STAGE_PARTS_H
#define F4E_STAGE_PARTS_H

#include "ctext/c_effects.h"
#include "ctext/counted_loop.h"

struct stage_part {
    const struct c_function *function;
    size_t first, end; /* lines of it; 'end' is not one of them */
    struct c_effects effects;
    uint32_t stage; /* by stage_plan.c; even: frame by frame, odd: many frames
                       at once */
};

struct stage_parts {
    struct stage_part *list; /* in the order of a frame */
    uint32_t count, capacity;
    bool
        *is_called; /* by function: the loop calls it, and no other its parts */
};

/* Whether the loop does nothing but call functions without parameters, all that
 * they do is known, and nothing in them can trap. */
bool stage_parts_read(struct stage_parts *parts,
                      struct c_effects_reader *reader,
                      const struct counted_loop *loop);

#endif
