/* SPDX-License-Identifier: MIT */
/*
 * The inputs of a render: a WAV file, raw floats, or nothing. After the end of
 * the file the inputs are silent. The thread that renders.
 */
#ifndef F4E_INPUT_H
#define F4E_INPUT_H

#include "f4e_patch.h"
#include "options/settings.h"
#include "wav/wav_read.h"

#include <stdbool.h>
#include <stddef.h>

struct input {
    const struct f4e_patch *patch;
    struct wav_reader wav;
    FILE *raw;
    float **planar; /* one block per channel; of the file, or of the patch */
    unsigned channels;
    bool is_mixed;    /* one input, a stereo file: it gets (L + R) / 2 */
    const float **in; /* one per input of the patch, for engine_process() */
};

/*
 * Open --input or --input-raw, one of which is given, for a patch with inputs.
 * A mono file feeds every input; else channel k feeds input k. Fails with
 * STATUS_FILE, also for a WAV file of another sample rate.
 */
F4E_MUST_CHECK bool input_open(struct input *input,
                               const struct f4e_patch *patch,
                               const struct options *options,
                               struct failure *failure);

/* The next block: one array per input. */
const float *const *input_read(struct input *input);

/* Also for an input that is zeroed or failed to open. */
void input_close(struct input *input);

#endif
