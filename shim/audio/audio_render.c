/* SPDX-License-Identifier: MIT */
/* Declared in audio/audio.h. */
#include "audio/audio.h"

#include "audio/input.h"
#include "files/infile.h"
#include "message/message.h"
#include "optional.h"
#include "wav/wav_write.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

F4E_OPTIONAL(input_open);
F4E_OPTIONAL(input_read);
F4E_OPTIONAL(input_close);

struct render {
    struct input input;
    bool has_input; /* it is open */
    struct wav_writer writer;
    bool has_file; /* not with "none", nor of a patch without outputs */
    float **out;
    const float *written[2]; /* a doubled mono channel, else unused */
};

static bool is_doubled(const struct f4e_patch *patch)
{
    return patch->output_count == 1 && patch->is_mono_duplicated;
}

static bool open_writer(struct audio *audio, struct render *render,
                        struct failure *failure)
{
    const struct f4e_patch *patch = audio->patch;
    const char *path = audio->options->render;
    render->has_file = patch->output_count > 0 && strcmp(path, "none") != 0;
    if (!render->has_file) {
        return true;
    }
    if (strcmp(path, "-") == 0 && isatty(STDOUT_FILENO)) {
        (void)failure_set(failure, STATUS_USAGE,
                          "standard output is a terminal");
        return failure_hint(failure,
                            "--render - | aplay -t raw -f FLOAT_LE "
                            "-r %u -c %u",
                            (unsigned)patch->sample_rate,
                            is_doubled(patch) ? 2 : patch->output_count);
    }
    return wav_writer_open(&render->writer, path, audio->options->format,
                           is_doubled(patch) ? 2 : patch->output_count,
                           patch->sample_rate, audio->options->frame_limit,
                           patch->block_frames, failure);
}

static bool render_close(struct audio *audio, bool is_complete,
                         struct failure *failure)
{
    struct render *render = audio->state;
    bool is_good = true;
    if (render->has_file) {
        if (is_complete) {
            is_good = wav_writer_close(&render->writer, failure);
        } else {
            wav_writer_discard(&render->writer);
        }
    }
    if (render->has_input) {
        input_close(&render->input);
    }
    audio_free_outputs(render->out);
    free(render);
    audio->state = NULL;
    return is_good;
}

static bool open_input(const struct audio *audio, struct render *render,
                       struct failure *failure)
{
    const struct options *options = audio->options;
    if (options->input == NULL && options->input_raw == NULL) {
        return true;
    }
    if (audio->patch->input_count == 0) {
        return failure_set(failure, STATUS_USAGE,
                           "the patch has no input channels");
    }
    render->has_input =
        input_open(&render->input, audio->patch, options, failure);
    return render->has_input;
}

static bool render_open(struct audio *audio, struct failure *failure)
{
    struct render *render = calloc(1, sizeof(*render));
    if (render == NULL) {
        return failure_set_memory(failure);
    }
    audio->state = render;
    render->out = audio_make_outputs(audio->patch);
    if (render->out == NULL) {
        (void)failure_set_memory(failure);
    }
    if (render->out == NULL || !open_input(audio, render, failure) ||
        !open_writer(audio, render, failure)) {
        render->has_file = false; /* it cleans up after itself */
        (void)render_close(audio, false, failure);
        return false;
    }
    if (is_doubled(audio->patch)) {
        render->written[0] = render->out[0];
        render->written[1] = render->out[0];
    }
    return true;
}

static void render_describe(const struct audio *audio)
{
    const struct render *render = audio->state;
    const struct f4e_patch *patch = audio->patch;
    if (!render->has_file && strcmp(audio->options->render, "none") != 0) {
        message(PRIORITY_INFO, "no output channels: no file is written");
    }
    if (render->input.wav.notice[0] != '\0') {
        message(PRIORITY_INFO, "'%s': %s", infile_name(audio->options->input),
                render->input.wav.notice);
    }
    if (render->input.is_mixed) {
        message(PRIORITY_INFO, "stereo input is mixed to one channel");
    } else if (render->input.channels > patch->input_count) {
        message(PRIORITY_INFO, "input has %u channels, the patch takes %u",
                render->input.channels, patch->input_count);
    }
}

static void call_before_block(const struct audio *audio)
{
    if (audio->before_block != NULL) {
        audio->before_block(audio->context, audio->engine->block);
    }
}

static bool render_run(struct audio *audio, struct failure *failure)
{
    struct render *render = audio->state;
    uint64_t limit = audio->options->frame_limit;
    uint64_t block = audio->patch->block_frames;
    const float *const *written = is_doubled(audio->patch)
                                      ? render->written
                                      : (const float *const *)render->out;
    while (audio->frames < limit && !atomic_load(&audio->is_stopping)) {
        const float *const *in =
            render->has_input ? input_read(&render->input) : NULL;
        uint64_t left = limit - audio->frames;
        size_t frames = (size_t)(left < block ? left : block);
        call_before_block(audio);
        uint64_t start_ns = stats_now_ns();
        if (!engine_process(audio->engine, in, render->out)) {
            break;
        }
        stats_block(audio->stats, stats_now_ns() - start_ns, frames,
                    audio->engine->is_general);
        for (unsigned k = 0; k < audio->patch->output_count; k++) {
            stats_output(audio->stats, k, render->out[k], frames);
        }
        if (render->has_file &&
            !wav_writer_write(&render->writer, written, frames, failure)) {
            return false;
        }
        audio->frames += frames;
    }
    call_before_block(audio);
    return true;
}

const struct audio_backend audio_render = {
    .name = "render",
    .open = render_open,
    .describe = render_describe,
    .run = render_run,
    .close = render_close,
};
