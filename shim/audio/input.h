/* SPDX-License-Identifier: MIT */
/*
 * What an offline render feeds to the patch's input channels: a WAV file, bare
 * floats, or nothing. After the end of a file comes silence.
 */
#ifndef F4E_INPUT_H
#define F4E_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/wav_read.h"
#include "f4e_patch.h"
#include "options/settings.h"

struct input {
    const struct f4e_patch *patch;
    struct wav_reader wav;
    FILE *raw;
    float **planar; /* one block per channel; of the file, or of the patch */
    unsigned channels;
    bool is_mixed;    /* a stereo file feeds the single input (L + R) / 2 */
    const float **in; /* per input of the patch, what engine_process() takes */
};

/*
 * Open what the options name. A mono file feeds every input; else channel k
 * feeds input k. Fails with STATUS_FILE, also for a WAV file of another sample
 * rate, and STATUS_USAGE when the patch has no inputs.
 */
F4E_MUST_CHECK bool input_open(struct input *input,
                               const struct f4e_patch *patch,
                               const struct options *options,
                               struct failure *failure);

/* The next block: one array per input, or NULL when nothing is fed at all. */
const float *const *input_read(struct input *input);

/* Also for an input that is zeroed or failed to open. */
void input_close(struct input *input);

#endif
