/* SPDX-License-Identifier: MIT */
/*
 * A patch on trial. f4e-build links this main() in place of main.c to train
 * and to time code that it is about to choose; finished patches do not hold it.
 *
 *     PROGRAM BLOCKS SLICES flush|ieee [SCRIPT]
 *
 * renders BLOCKS blocks without a sound card, the events of SCRIPT and a test
 * signal on every input included, and prints
 *
 *     hash 0123456789abcdef      all memories, at the end
 *     traps 0                    after each, the patch was started again
 *     ns 1234567 1234568 ...     each of SLICES parts of the run
 *
 * Statuses are those of a patch.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/trap_text.h"
#include "control/script.h"
#include "load.h"
#include "rt/denormals.h"
#include "rt/stats.h"

enum { BLOCKS_MAX = 100 * 1000 * 1000, SLICES_MAX = 4096, PHASES = 4 };

/* What every input channel hears. */
struct signal {
    float *samples; /* of one block */
    uint32_t noise;
    double angle;
    double frequency_hz; /* of the sweep */
};

struct trial {
    const struct f4e_patch *patch;
    struct engine engine;
    struct options options;
    struct script script;
    struct signal signal;
    const float **in; /* per input */
    uint64_t blocks;
    uint64_t slices;
    uint64_t *ns; /* per slice */
    struct failure failure;
};

/*
 * One block of the signal: in the run's four quarters silence, bursts of noise,
 * a sweep from 20 Hz on, and both of these in turn.
 */
static void make_block(struct trial *trial, uint64_t block)
{
    enum { BURST_BLOCKS = 8 };
    struct signal *signal = &trial->signal;
    unsigned phase = (unsigned)(block * PHASES / trial->blocks);
    bool is_burst = block / BURST_BLOCKS % 2 == 0;
    bool is_noise = phase == 1 ? is_burst : phase == 3 && is_burst;
    bool is_sweep = phase == 2 || (phase == 3 && !is_burst);
    for (uint32_t i = 0; i < trial->patch->block_frames; ++i) {
        signal->noise = signal->noise * 1664525U + 1013904223U;
        float noise = (float)(int32_t)signal->noise / 2147483648.0F;
        signal->angle += 6.283185307179586 * signal->frequency_hz /
                         trial->patch->sample_rate;
        signal->samples[i] = is_noise   ? noise
                             : is_sweep ? (float)(0.8 * sin(signal->angle))
                                        : 0.0F;
    }
    signal->frequency_hz *= 1.01;
    if (signal->frequency_hz > trial->patch->sample_rate / 2.2) {
        signal->frequency_hz = 20.0;
    }
}

/* Word by word, since memories are whole pages. */
static uint64_t hash_memories(const struct f4e_patch *patch)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (unsigned i = 0; i < patch->memory_count; ++i) {
        const struct f4e_memory *memory = &patch->memories[i];
        for (uint64_t at = 0; at < memory->bytes; at += sizeof hash) {
            uint64_t word;
            memcpy(&word, memory->data + at, sizeof word);
            hash = (hash ^ word) * UINT64_C(0x100000001b3);
            hash ^= hash >> 32;
        }
    }
    return hash;
}

static void *run_blocks(void *arg)
{
    struct trial *trial = arg;
    const struct f4e_patch *patch = trial->patch;
    size_t frames = patch->block_frames;
    float *samples =
        calloc((patch->output_count + 1) * frames, sizeof *samples);
    float **out = (float **)calloc(patch->output_count + 1, sizeof *out);
    bool is_good = samples != NULL && out != NULL;
    if (!is_good) {
        (void)failure_set(&trial->failure, STATUS_INTERNAL, "out of memory");
    }
    for (unsigned k = 0; is_good && k < patch->output_count; ++k) {
        out[k] = samples + k * frames;
    }
    denormals_flush(trial->options.is_flushing);
    for (uint64_t block = 0; is_good && block < trial->blocks; ++block) {
        if (patch->input_count > 0) {
            make_block(trial, block);
        }
        uint64_t start_ns = stats_now_ns();
        is_good = engine_process(&trial->engine, trial->in, out);
        trial->ns[block * trial->slices / trial->blocks] +=
            stats_now_ns() - start_ns;
    }
    free((void *)out);
    free(samples);
    return NULL;
}

static bool parse_arguments(struct trial *trial, int argc, char **argv)
{
    static const char usage[] = "BLOCKS SLICES flush|ieee [SCRIPT]";
    char *end = NULL;
    char *end_slices = NULL;
    if (argc == 4 || argc == 5) {
        trial->blocks = strtoull(argv[1], &end, 10);
        trial->slices = strtoull(argv[2], &end_slices, 10);
        trial->options.is_flushing = strcmp(argv[3], "flush") == 0;
    }
    if (end == NULL || *end != '\0' || *end_slices != '\0' ||
        trial->blocks == 0 || trial->blocks > BLOCKS_MAX ||
        trial->slices == 0 || trial->slices > SLICES_MAX ||
        (!trial->options.is_flushing && strcmp(argv[3], "ieee") != 0)) {
        return failure_set(&trial->failure, STATUS_USAGE, "usage: %s %s",
                           argv[0], usage);
    }
    const struct command_reader reader = {.patch = trial->patch};
    trial->options.script = argc > 4 ? argv[4] : NULL;
    return script_load(&trial->script, &trial->options, &reader,
                       &trial->failure);
}

static bool prepare(struct trial *trial)
{
    const struct f4e_patch *patch = trial->patch;
    trial->ns = calloc(trial->slices + 1U, sizeof *trial->ns);
    trial->signal.samples =
        calloc(patch->block_frames + 1U, sizeof *trial->signal.samples);
    trial->in =
        (const float **)calloc(patch->input_count + 1, sizeof *trial->in);
    if (trial->ns == NULL || trial->signal.samples == NULL ||
        trial->in == NULL) {
        return failure_set(&trial->failure, STATUS_INTERNAL, "out of memory");
    }
    for (unsigned k = 0; k < patch->input_count; ++k) {
        trial->in[k] = trial->signal.samples;
    }
    trial->signal.frequency_hz = 20.0;
    engine_init(&trial->engine, patch, TRAP_RESET, load_stack_bytes(patch));
    trial->engine.events = trial->script.events.events;
    trial->engine.event_count = trial->script.events.count;
    return load_patch(&trial->engine, &trial->options, &trial->failure);
}

static bool run(struct trial *trial)
{
    pthread_t thread = 0;
    char text[320];
    if (!load_start_thread(&thread, trial->patch, run_blocks, trial,
                           &trial->failure)) {
        return false;
    }
    (void)pthread_join(thread, NULL);
    if (trial->engine.state == ENGINE_STOPPED) {
        trap_describe(trial->patch, &trial->engine.trap, "again and again",
                      text, sizeof text);
        return failure_set(&trial->failure, STATUS_TRAP, "%s", text);
    }
    return trial->failure.status == STATUS_OK;
}

int main(int argc, char **argv)
{
    static struct trial trial = {.patch = &f4e_patch};
    bool is_good =
        parse_arguments(&trial, argc, argv) && prepare(&trial) && run(&trial);
    if (is_good) {
        (void)printf("hash %016" PRIx64 "\ntraps %u\nns",
                     hash_memories(trial.patch),
                     atomic_load(&trial.engine.traps));
        for (uint64_t i = 0; i < trial.slices; ++i) {
            (void)printf(" %" PRIu64, trial.ns[i]);
        }
        (void)printf("\n");
    } else {
        (void)fprintf(stderr, "%s\n", trial.failure.text);
    }
    script_free(&trial.script);
    free(trial.ns);
    free(trial.signal.samples);
    free((void *)trial.in);
    return (int)trial.failure.status;
}
