/* SPDX-License-Identifier: MIT */
#include "describe/probe.h"

#include "base/process.h"
#include "interp/interp.h"
#include "tables/made_function.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    CPU_SECONDS = 15,
};

/* Far above what a probe needs, far below what hurts the machine. */
static const uint64_t ADDRESS_SPACE_BYTES = UINT64_C(4) << 30;
static const size_t NOTES_BYTES = (size_t)512 << 20;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool IS_SANITIZED = true;
#elif defined(__has_feature)
# if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
     __has_feature(memory_sanitizer)
static const bool IS_SANITIZED = true;
# else
static const bool IS_SANITIZED = false;
# endif
#else
static const bool IS_SANITIZED = false;
#endif

/* The child's work. */
struct probe {
    const struct wasm_module *module;
    const struct probe_plan *plan;
    struct arena *arena;
    struct interp *interp;
    struct access_pattern pattern;
    struct probe_result result;
    uint64_t fuel;
};

static void limit(int resource, uint64_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) == 0 && now.rlim_max > value) {
        now.rlim_cur = (rlim_t)value;
        now.rlim_max = (rlim_t)value;
        (void)setrlimit(resource, &now);
    }
}

static void set_limits(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, CPU_SECONDS);
    /* A sanitizer reserves terabytes. */
    if (!IS_SANITIZED && sizeof(void *) > 4) {
        limit(RLIMIT_AS, ADDRESS_SPACE_BYTES);
    }
}

static void refuse(struct probe *probe, const struct diag *diag)
{
    struct probe_result *result = &probe->result;
    result->end = PROBE_REFUSED;
    result->offset = diag->offset >= 0 ? (uint64_t)diag->offset : 0;
    (void)snprintf(result->text, sizeof(result->text), "%.250s", diag->text);
}

/* Call a function, if there is one; false when the probe ends here. */
static bool call(struct probe *probe, uint32_t function)
{
    struct interp_stop stop;
    if (function == UINT32_MAX) {
        return true;
    }
    struct probe_result *result = &probe->result;
    enum interp_result end =
        interp_call(probe->interp, function, &probe->fuel, &stop);
    if (end == INTERP_DONE) {
        return true;
    }
    result->end = end == INTERP_TRAP ? PROBE_TRAPPED : PROBE_ENDLESS;
    const char *why =
        end == INTERP_TRAP
            ? made_function_trap_text(probe->module, stop.function)
            : NULL;
    result->function = made_function_caller(probe->module, stop.function);
    result->offset = made_function_origin(probe->module, stop.offset);
    (void)snprintf(result->text, sizeof(result->text), "%s",
                   why != NULL ? why : stop.text);
    return false;
}

static bool run_block(struct probe *probe)
{
    const struct probe_plan *plan = probe->plan;
    if (!plan->is_driven_by_main) {
        return call(probe, plan->buffer_function);
    }
    for (uint32_t i = 0; i < plan->block_frames; i++) {
        if (!call(probe, plan->main_function)) {
            return false;
        }
    }
    return true;
}

static bool start(struct probe *probe)
{
    const struct wasm_module *module = probe->module;
    const struct probe_plan *plan = probe->plan;
    probe->result.stage = PROBE_START;
    if (module->has_start && !call(probe, module->start_function)) {
        return false;
    }
    probe->result.stage = PROBE_INIT;
    if (!call(probe, plan->init_function)) {
        return false;
    }
    uint64_t size = 0;
    uint8_t *memory = module->memory_count > 0
                          ? interp_memory(probe->interp, 0, &size)
                          : NULL;
    for (uint32_t i = 0; i < plan->asset_count; i++) {
        const struct patch_asset *asset = &plan->assets[i];
        if (asset->size > 0 && asset->size <= size &&
            asset->address <= size - asset->size) {
            memcpy(memory + asset->address, asset->bytes, asset->size);
        }
    }
    return true;
}

/*
 * The first block is not recorded: it shows how often main is called, and what
 * a patch does only once is over after it.
 */
static void run_blocks(struct probe *probe)
{
    struct access_pattern *pattern = &probe->pattern;
    uint32_t main_calls = 0;
    struct interp_watch count = {.enter = access_pattern_enter,
                                 .leave = access_pattern_leave,
                                 .function = probe->plan->main_function,
                                 .user = pattern};
    struct interp_watch record = count;
    record.access = access_pattern_access;

    probe->result.stage = PROBE_BLOCK;
    probe->result.block = 1;
    interp_watch(probe->interp, &count);
    if (!run_block(probe)) {
        return;
    }
    main_calls = pattern->call_count;
    pattern->is_main_clock = main_calls > 1;
    probe->result.main_calls = main_calls;
    interp_watch(probe->interp, &record);
    while (pattern->block_count + 1 < PROBE_BLOCKS) {
        bool is_long = PROBE_HARD_FUEL - probe->fuel > PROBE_SOFT_FUEL;
        if (is_long && pattern->block_count + 1 >= PROBE_MIN_BLOCKS) {
            return;
        }
        access_pattern_begin_block(pattern);
        probe->result.block++;
        if (!run_block(probe)) {
            return;
        }
        access_pattern_end_block(pattern);
    }
}

static void look(struct probe *probe, uint32_t block_frames)
{
    struct probe_result *result = &probe->result;
    const struct access_pattern *pattern = &probe->pattern;
    result->block_frames = block_frames;
    result->output_count =
        access_pattern_outputs(pattern, block_frames, result->main_calls,
                               result->outputs, PROBE_MAX_BUFFERS);
    result->input_count =
        access_pattern_inputs(pattern, block_frames, result->main_calls,
                              result->inputs, PROBE_MAX_BUFFERS);
}

static void run(struct probe *probe)
{
    struct diag diag;
    diag_init(&diag, NULL);
    if (!interp_create(&probe->interp, probe->module, probe->arena, &diag)) {
        refuse(probe, &diag);
        return;
    }
    uint64_t size = 0;
    if (probe->module->memory_count > 0) {
        (void)interp_memory(probe->interp, 0, &size);
    }
    access_pattern_init(&probe->pattern, size, probe->arena);
    probe->fuel = PROBE_HARD_FUEL;
    if (!start(probe)) {
        return;
    }
    run_blocks(probe);
    probe->result.blocks_recorded = probe->pattern.block_count;
    look(probe, probe->plan->block_frames);
    if (probe->result.output_count == 0 && probe->plan->other_frames > 0) {
        look(probe, probe->plan->other_frames);
        if (probe->result.output_count == 0) {
            look(probe, probe->plan->block_frames);
        }
    }
}

static void child(int output, void *user)
{
    struct probe *probe = user;
    set_limits();
    /* What the notes on touched memory may grow to, whatever is touched. */
    if (probe->arena->limit - probe->arena->used > NOTES_BYTES) {
        probe->arena->limit = probe->arena->used + NOTES_BYTES;
    }
    run(probe);
    const unsigned char *bytes = (const unsigned char *)&probe->result;
    size_t left = sizeof(probe->result);
    while (left > 0) {
        ssize_t written = write(output, bytes, left);
        if (written < 0 && errno != EINTR) {
            _exit(1);
        }
        bytes += written > 0 ? written : 0;
        left -= written > 0 ? (size_t)written : 0;
    }
}

/* What came through the pipe was made by code that ran an untrusted module. */
static bool is_sane(const struct probe_result *result,
                    const struct wasm_module *module)
{
    bool has_stopped =
        result->end == PROBE_TRAPPED || result->end == PROBE_ENDLESS;
    return (unsigned)result->end <= PROBE_REFUSED &&
           (unsigned)result->stage <= PROBE_BLOCK &&
           memchr(result->text, '\0', sizeof(result->text)) != NULL &&
           (!has_stopped || (result->function < module->function_count &&
                             result->offset < module->size));
}

bool probe_run(struct probe_result *result, const struct wasm_module *module,
               const struct probe_plan *plan, struct arena *arena,
               struct diag *diag)
{
    struct probe *probe = arena_alloc(arena, 1, sizeof(*probe));
    *probe = (struct probe){.module = module, .plan = plan, .arena = arena};
    struct process process;
    size_t which = 0;
    if (!process_fork(&process, child, probe, arena, diag) ||
        !process_wait_any(&process, 1, PROBE_TIMEOUT_MS, &which, diag)) {
        return false;
    }
    if (process_interrupted() != 0) {
        return diag_system(diag, "interrupted");
    }
    if (process_succeeded(&process) && process.text.length == sizeof(*result)) {
        memcpy(result, process.text.bytes, sizeof(*result));
        if (is_sane(result, module)) {
            return true;
        }
    }
    memset(result, 0, sizeof(*result));
    result->end = PROBE_REFUSED;
    (void)snprintf(result->text, sizeof(result->text), "the trial run %s",
                   process_end_text(&process, arena));
    return true;
}
