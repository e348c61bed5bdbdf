/* SPDX-License-Identifier: MIT */
/*
 * A patch that is measured. f4e-build links this main() in place of main.c to
 * train and to time code that it is about to choose; finished patches do not
 * hold it.
 *
 *     PROGRAM BLOCKS SLICES flush|ieee [SCRIPT]
 *
 * renders BLOCKS blocks without a sound card, the events of SCRIPT and a test
 * signal on every input included, and prints
 *
 *     hash 0123456789abcdef      all memories, at the end
 *     traps 0                    after each, the patch was started again
 *     ns 1234567 1234568 ...     CPU time of each of SLICES parts of the run
 *
 * Statuses are those of a patch.
 */
#include "common/number.h"
#include "control/script.h"
#include "load/load.h"
#include "load/trap_text.h"
#include "rt/denormals.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCKS_MAX = 100 * 1000 * 1000, SLICES_MAX = 4096, PHASES = 4 };

/* What every input channel hears. */
struct signal {
    float *samples; /* of one block */
    uint32_t noise;
    double angle;
    double frequency_hz; /* of the sweep */
};

struct benchmark {
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
static void make_block(struct benchmark *benchmark, uint64_t block)
{
    enum { BURST_BLOCKS = 8 };
    struct signal *signal = &benchmark->signal;
    unsigned phase = (unsigned)(block * PHASES / benchmark->blocks);
    bool is_burst = block / BURST_BLOCKS % 2 == 0;
    bool is_noise = phase == 1 ? is_burst : phase == 3 && is_burst;
    bool is_sweep = phase == 2 || (phase == 3 && !is_burst);
    for (uint32_t i = 0; i < benchmark->patch->block_frames; i++) {
        signal->noise = signal->noise * 1664525U + 1013904223U;
        float noise = (float)(int32_t)signal->noise / 2147483648.0F;
        signal->angle += 6.283185307179586 * signal->frequency_hz /
                         benchmark->patch->sample_rate;
        signal->samples[i] = is_noise   ? noise
                             : is_sweep ? (float)(0.8 * sin(signal->angle))
                                        : 0.0F;
    }
    signal->frequency_hz *= 1.01;
    if (signal->frequency_hz > benchmark->patch->sample_rate / 2.2) {
        signal->frequency_hz = 20.0;
    }
}

/* Word by word, since memories are whole pages. */
static uint64_t hash_memories(const struct f4e_patch *patch)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (unsigned i = 0; i < patch->memory_count; i++) {
        const struct f4e_memory *memory = &patch->memories[i];
        for (uint64_t at = 0; at < memory->bytes; at += sizeof(hash)) {
            uint64_t word;
            memcpy(&word, memory->data + at, sizeof(word));
            hash = (hash ^ word) * UINT64_C(0x100000001b3);
            hash ^= hash >> 32;
        }
    }
    return hash;
}

/* The time that this thread has had of a CPU: others that run meanwhile take
 * nothing from it. */
static uint64_t cpu_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/*
 * One block. The clock is a system call, so it is asked where a slice begins
 * and ends; with inputs around each block, whose signal is not to count.
 */
static bool run_block(struct benchmark *benchmark, uint64_t block,
                      float *const *out, uint64_t *start_ns)
{
    uint64_t slice = block * benchmark->slices / benchmark->blocks;
    bool has_input = benchmark->patch->input_count > 0;
    if (has_input) {
        make_block(benchmark, block);
    }
    if (has_input || block == 0 ||
        (block - 1) * benchmark->slices / benchmark->blocks != slice) {
        *start_ns = cpu_now_ns();
    }
    bool is_good = engine_process(&benchmark->engine, benchmark->in, out);
    if (has_input || block + 1 == benchmark->blocks ||
        (block + 1) * benchmark->slices / benchmark->blocks != slice) {
        benchmark->ns[slice] += cpu_now_ns() - *start_ns;
    }
    return is_good;
}

static void *run_blocks(void *arg)
{
    struct benchmark *benchmark = arg;
    const struct f4e_patch *patch = benchmark->patch;
    size_t frames = patch->block_frames;
    float *samples =
        calloc((patch->output_count + 1) * frames, sizeof(*samples));
    float **out = (float **)calloc(patch->output_count + 1, sizeof(*out));
    bool is_good = samples != NULL && out != NULL;
    if (!is_good) {
        (void)failure_set_memory(&benchmark->failure);
    }
    for (unsigned k = 0; is_good && k < patch->output_count; k++) {
        out[k] = samples + k * frames;
    }
    denormals_flush(benchmark->options.is_flushing);
    uint64_t start_ns = 0;
    for (uint64_t block = 0; is_good && block < benchmark->blocks; block++) {
        is_good = run_block(benchmark, block, out, &start_ns);
    }
    free((void *)out);
    free(samples);
    return NULL;
}

static bool parse_arguments(struct benchmark *benchmark, int argc, char **argv)
{
    static const char usage[] = "BLOCKS SLICES flush|ieee [SCRIPT]";
    bool is_good = argc == 4 || argc == 5;
    is_good = is_good &&
              number_in_range(argv[1], NUMBER_DECIMAL, 1, BLOCKS_MAX,
                              &benchmark->blocks) &&
              number_in_range(argv[2], NUMBER_DECIMAL, 1, SLICES_MAX,
                              &benchmark->slices);
    if (is_good) {
        benchmark->options.is_flushing = strcmp(argv[3], "flush") == 0;
        is_good =
            benchmark->options.is_flushing || strcmp(argv[3], "ieee") == 0;
    }
    if (!is_good) {
        return failure_set(&benchmark->failure, STATUS_USAGE, "usage: %s %s",
                           argv[0], usage);
    }
    const struct command_reader reader = {.patch = benchmark->patch};
    benchmark->options.script = argc > 4 ? argv[4] : NULL;
    return script_load(&benchmark->script, &benchmark->options, &reader,
                       &benchmark->failure);
}

static bool prepare(struct benchmark *benchmark)
{
    const struct f4e_patch *patch = benchmark->patch;
    benchmark->ns = calloc(benchmark->slices + 1U, sizeof(*benchmark->ns));
    benchmark->signal.samples =
        calloc(patch->block_frames + 1U, sizeof(*benchmark->signal.samples));
    benchmark->in =
        (const float **)calloc(patch->input_count + 1, sizeof(*benchmark->in));
    if (benchmark->ns == NULL || benchmark->signal.samples == NULL ||
        benchmark->in == NULL) {
        return failure_set_memory(&benchmark->failure);
    }
    for (unsigned k = 0; k < patch->input_count; k++) {
        benchmark->in[k] = benchmark->signal.samples;
    }
    benchmark->signal.frequency_hz = 20.0;
    engine_init(&benchmark->engine, patch, TRAP_RESET, load_stack_bytes(patch));
    benchmark->engine.events = benchmark->script.events.events;
    benchmark->engine.event_count = benchmark->script.events.count;
    return load_patch(&benchmark->engine, &benchmark->options,
                      &benchmark->failure);
}

static bool run(struct benchmark *benchmark)
{
    pthread_t thread = 0;
    char text[320];
    if (!load_start_thread(&thread, benchmark->patch, run_blocks, benchmark,
                           &benchmark->failure)) {
        return false;
    }
    (void)pthread_join(thread, NULL);
    if (benchmark->engine.state == ENGINE_STOPPED) {
        trap_describe(benchmark->patch, &benchmark->engine.trap,
                      "again and again", text, sizeof(text));
        return failure_set(&benchmark->failure, STATUS_TRAP, "%s", text);
    }
    return benchmark->failure.status == STATUS_OK;
}

int main(int argc, char **argv)
{
    static struct benchmark benchmark = {.patch = &f4e_patch};
    bool is_good = parse_arguments(&benchmark, argc, argv) &&
                   prepare(&benchmark) && run(&benchmark);
    if (is_good) {
        (void)printf("hash %016" PRIx64 "\ntraps %" PRIu64 "\nns",
                     hash_memories(benchmark.patch),
                     atomic_load(&benchmark.engine.traps));
        for (uint64_t i = 0; i < benchmark.slices; i++) {
            (void)printf(" %" PRIu64, benchmark.ns[i]);
        }
        (void)printf("\n");
    } else {
        (void)fprintf(stderr, "%s\n", benchmark.failure.text);
    }
    script_free(&benchmark.script);
    free(benchmark.ns);
    free(benchmark.signal.samples);
    free((void *)benchmark.in);
    return (int)benchmark.failure.status;
}
