/* SPDX-License-Identifier: MIT */
/*
 * Which parts of a frame can go over all frames of a chunk before the next
 * parts begin. Parts that hang on each other in a circle, from frame to frame,
 * or on the same bytes of memory stay together in a node.
 */
#ifndef F4E_STAGE_PLAN_H
#define F4E_STAGE_PLAN_H

#include "frames/stage_parts.h"

/* A global that parts of the loop write. */
struct stage_global {
    uint32_t global;
    char kind;
    uint32_t first_writer, last_writer; /* parts, in the order of a frame */
    bool has_array; /* parts of another stage than its writers' read it, or its
                       writers do many frames at once */
};

struct stage_plan {
    struct stage_global *globals;
    uint32_t global_count, global_capacity;
    struct u64map by_global; /* 1 + the index */
    uint32_t stage_count;
    uint32_t array_count;
};

/* Give each part its stage. False where that is not worth it. */
bool stage_plan_make(struct stage_plan *plan, struct stage_parts *parts,
                     struct arena *arena);

/* What the plan knows of 'global'; NULL: no part writes it. */
const struct stage_global *stage_plan_global(const struct stage_plan *plan,
                                             uint32_t global);

#endif
