/* SPDX-License-Identifier: MIT */
#include "audio/input.h"

#include "files/infile.h"

#include <stdlib.h>
#include <string.h>

static bool allocate(struct input *input, struct failure *failure)
{
    size_t frames = input->patch->block_frames;
    input->in =
        (const float **)calloc(input->patch->input_count, sizeof(*input->in));
    input->planar = (float **)calloc(input->channels, sizeof(*input->planar));
    if (input->in != NULL && input->planar != NULL) {
        unsigned k = 0;
        while (k < input->channels &&
               (input->planar[k] = calloc(frames, sizeof(float))) != NULL) {
            k++;
        }
        if (k == input->channels) {
            return true;
        }
    }
    return failure_set_memory(failure);
}

static void map_channels(struct input *input)
{
    unsigned inputs = input->patch->input_count;
    input->is_mixed = inputs == 1 && input->channels == 2;
    for (unsigned k = 0; k < inputs; k++) {
        unsigned from = input->channels == 1 ? 0 : k;
        /* No such channel in the file: the patch's memory stays as it is. */
        input->in[k] = from < input->channels ? input->planar[from] : NULL;
    }
}

static bool open_wav(struct input *input, const char *path,
                     struct failure *failure)
{
    if (!wav_reader_open(&input->wav, path, failure)) {
        return false;
    }
    if (input->wav.sample_rate != input->patch->sample_rate) {
        (void)failure_set(failure, STATUS_FILE,
                          "'%s' has %u Hz, the patch %u Hz", infile_name(path),
                          (unsigned)input->wav.sample_rate,
                          (unsigned)input->patch->sample_rate);
        return failure_hint(failure, "sox '%s' -r %u converted.wav", path,
                            (unsigned)input->patch->sample_rate);
    }
    input->channels = input->wav.channels;
    return true;
}

static bool open_raw(struct input *input, const char *path,
                     struct failure *failure)
{
    input->raw = infile_open(path, failure);
    input->channels = input->patch->input_count;
    if (input->raw == NULL) {
        return false;
    }
    /* Wait for the first byte of a pipe here, where it can be said. */
    (void)ungetc(getc(input->raw), input->raw);
    return !ferror(input->raw) ||
           failure_set_errno(failure, STATUS_FILE, "cannot read '%s'",
                             infile_name(path));
}

bool input_open(struct input *input, const struct f4e_patch *patch,
                const struct options *options, struct failure *failure)
{
    *input = (struct input){.patch = patch};
    bool is_open = options->input != NULL
                       ? open_wav(input, options->input, failure)
                       : open_raw(input, options->input_raw, failure);
    if (!is_open || !allocate(input, failure)) {
        input_close(input);
        return false;
    }
    /* Bare samples belong to the inputs one to one. */
    map_channels(input);
    return true;
}

static size_t read_raw(struct input *input, size_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        for (unsigned k = 0; k < input->channels; k++) {
            if (fread(&input->planar[k][i], sizeof(float), 1, input->raw) !=
                1) {
                return i;
            }
        }
    }
    return frames;
}

const float *const *input_read(struct input *input)
{
    size_t frames = input->patch->block_frames;
    size_t done = input->raw != NULL
                      ? read_raw(input, frames)
                      : wav_reader_read(&input->wav, input->planar, frames);
    for (unsigned k = 0; k < input->channels; k++) {
        memset(input->planar[k] + done, 0, (frames - done) * sizeof(float));
    }
    for (size_t i = 0; input->is_mixed && i < done; i++) {
        input->planar[0][i] =
            0.5F * (input->planar[0][i] + input->planar[1][i]);
    }
    return input->in;
}

void input_close(struct input *input)
{
    wav_reader_close(&input->wav);
    if (input->raw != NULL) {
        (void)fclose(input->raw);
    }
    input->raw = NULL;
    for (unsigned k = 0; input->planar != NULL && k < input->channels; k++) {
        free(input->planar[k]);
    }
    free((void *)input->planar);
    free((void *)input->in);
    input->planar = NULL;
    input->in = NULL;
}
