/* SPDX-License-Identifier: MIT */
/*
 * --fade: the end of the sound, down to nothing, linearly. The thread that
 * computes blocks.
 */
#ifndef F4E_FADE_H
#define F4E_FADE_H

#include "f4e_patch.h"
#include "rt/realtime.h"

#include <stdbool.h>
#include <stdint.h>

struct fade {
    unsigned total; /* frames that it takes; 0: end at once */
    unsigned left;  /* until the end, once it is asked for */
    bool is_ending;
};

static inline struct fade fade_make(unsigned ms, uint32_t rate)
{
    return (struct fade){.total = (unsigned)((uint64_t)ms * rate / 1000)};
}

/* An end was asked for; further calls do nothing. */
F4E_REALTIME static inline void fade_end(struct fade *fade)
{
    if (!fade->is_ending) {
        fade->is_ending = true;
        fade->left = fade->total;
    }
}

F4E_REALTIME static inline bool fade_is_over(const struct fade *fade)
{
    return fade->is_ending && fade->left == 0;
}

/* One block of the patch's outputs, with so many frames left to its limit. */
F4E_REALTIME static inline void fade_block(struct fade *fade,
                                           const struct f4e_patch *patch,
                                           float *const *out, uint64_t left)
{
    if (fade->is_ending && fade->left < left) {
        left = fade->left;
    }
    for (unsigned i = 0; fade->total > 0 && i < patch->block_frames; i++) {
        float gain =
            left < fade->total ? (float)left / (float)fade->total : 1.0F;
        for (unsigned k = 0; k < patch->output_count; k++) {
            out[k][i] *= gain;
        }
        left -= left > 0;
        fade->left -= fade->is_ending && fade->left > 0;
    }
}

#endif
