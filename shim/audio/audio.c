/* SPDX-License-Identifier: MIT */
#include "audio/audio.h"

#include <stdlib.h>

float **audio_make_outputs(const struct f4e_patch *patch)
{
    size_t frames = patch->block_frames;
    /* One more of each: a patch may have no outputs. */
    size_t count = patch->output_count + 1;
    float **out = (float **)calloc(count, sizeof(*out));
    float *samples = calloc(count * frames, sizeof(*samples));
    if (out == NULL || samples == NULL) {
        free((void *)out);
        free(samples);
        return NULL;
    }
    for (size_t k = 0; k < count; k++) {
        out[k] = samples + k * frames;
    }
    return out;
}

void audio_free_outputs(float **out)
{
    if (out != NULL) {
        free(out[0]);
        free((void *)out);
    }
}
