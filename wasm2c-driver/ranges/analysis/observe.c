/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/observe.h"

#include "base/splitmix.h"
#include "interp/interp.h"
#include "ranges/analysis/roots.h"

#include <string.h>

enum {
    MAX_FUEL = 2 * 1000 * 1000, /* instructions, of all calls */
    MAX_ITERATIONS = 200,
    BLOCKS = 3, /* in each iteration; then every other root is called once */
    MAX_MODULE_BYTES = 4 << 20,
    MAX_MEMORY_BYTES = 64 << 20, /* as for the initial memory */
    MAX_PARAMETERS = 16,
    NO_SITE = 0, /* in 'by_offset', which holds site + 1 */
};

struct observer {
    struct observation *observation;
    const struct patch *patch;
    const struct memory_list *cells;
    struct interp *interp;
    uint32_t *by_offset; /* of the module's bytes */
    bool *is_i32_store;  /* by site */
    uint64_t fuel;
    uint64_t random;
};

/* Arguments at the bounds of what callbacks receive, and some between. */
static uint64_t argument(struct observer *observer, uint8_t type)
{
    static const uint32_t integers[] = {0,   1,   2,          60,        64,
                                        127, 144, UINT32_MAX, INT32_MAX, 1000};
    static const float reals[] = {0.0F, 1.0F, -1.0F, 0.5F, 440.0F, 1e9F};
    uint32_t number = splitmix_next32(&observer->random);
    uint64_t bits = 0;
    if (type == WASM_F32) {
        float value =
            reals[number % (uint32_t)(sizeof(reals) / sizeof(reals[0]))];
        memcpy(&bits, &value, sizeof(value));
    } else if (type == WASM_F64) {
        double value = (double)
            reals[number % (uint32_t)(sizeof(reals) / sizeof(reals[0]))];
        memcpy(&bits, &value, sizeof(value));
    } else if (number % 2 == 0) {
        bits = integers[number / 2 %
                        (uint32_t)(sizeof(integers) / sizeof(integers[0]))];
    } else {
        bits = number / 2 % 128;
    }
    return bits;
}

static void join(struct range *range, bool is_first, uint32_t value)
{
    const struct range one = range_constant(value);
    *range = is_first ? one : range_join(range, &one);
}

static void record_access(void *user, const struct interp_access *access)
{
    struct observer *observer = user;
    uint32_t number = observer->by_offset[access->site];
    if (access->is_bulk || number == NO_SITE) {
        return;
    }
    struct observe_site *site = &observer->observation->sites[number - 1];
    if (observer->is_i32_store[number - 1]) {
        uint64_t size = 0;
        uint32_t word = 0;
        memcpy(&word,
               interp_memory(observer->interp, access->memory, &size) +
                   access->address,
               sizeof(word));
        join(&site->value, !site->is_seen, word);
    }
    join(&site->address, !site->is_seen, access->address);
    site->is_seen = true;
}

static void record_cells(struct observer *observer)
{
    struct observation *observation = observer->observation;
    for (uint32_t i = 0; i < observer->cells->count; i++) {
        uint64_t key = observer->cells->spans[i].start;
        uint64_t size = 0;
        uint32_t word = 0;
        memcpy(&word,
               interp_memory(observer->interp, (uint32_t)(key >> 32), &size) +
                   (uint32_t)key,
               sizeof(word));
        join(&observation->cells[i], observation->calls == 0, word);
    }
    observation->calls++;
}

/* False when fuel has run out. What a trap leaves is not recorded, but the run
 * continues from it, as a host may. */
static bool call(struct observer *observer, uint32_t function)
{
    struct interp_stop stop;
    uint64_t arguments[MAX_PARAMETERS];
    const struct wasm_func_type *type =
        wasm_function_type(observer->patch->module, function);
    if (type->param_count > MAX_PARAMETERS) {
        return true;
    }
    for (uint32_t i = 0; i < type->param_count; i++) {
        arguments[i] = argument(observer, type->params[i]);
    }
    enum interp_result result = interp_call_with(
        observer->interp, function, arguments, &observer->fuel, &stop);
    if (result == INTERP_DONE) {
        record_cells(observer);
    }
    return result != INTERP_OUT_OF_FUEL;
}

/* Results of the host's functions: any number of the type. */
static void answer(void *user, uint32_t function, uint64_t *slots)
{
    struct observer *observer = user;
    const struct wasm_func_type *type =
        wasm_function_type(observer->patch->module, function);
    for (uint32_t i = 0; i < type->result_count; i++) {
        slots[i] = argument(observer, type->results[i]);
    }
}

static void fill_inputs(struct observer *observer)
{
    const struct patch *patch = observer->patch;
    uint64_t size = 0;
    uint8_t *memory = patch->input_count > 0
                          ? interp_memory(observer->interp, 0, &size)
                          : NULL;
    for (uint32_t i = 0; i < patch->input_count; i++) {
        uint64_t bytes = patch->block_frames * UINT64_C(4);
        uint64_t address = patch->inputs[i].address;
        for (uint64_t k = 0; size >= bytes && address <= size - bytes &&
                             k < patch->block_frames;
             k++) {
            float value =
                (float)(int32_t)splitmix_next32(&observer->random) * 0x1p-31F;
            memcpy(memory + address + 4 * k, &value, sizeof(value));
        }
    }
}

/* As the engine does it: initDefaults, then the assets over it. */
static bool start(struct observer *observer)
{
    const struct patch *patch = observer->patch;
    struct interp_stop stop;
    uint64_t size = 0;
    if (patch->init_function != UINT32_MAX &&
        interp_call(observer->interp, patch->init_function, &observer->fuel,
                    &stop) != INTERP_DONE) {
        return false;
    }
    uint8_t *memory = patch->module->memory_count > 0
                          ? interp_memory(observer->interp, 0, &size)
                          : NULL;
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        if (asset->size > 0 && asset->size <= size &&
            asset->address <= size - asset->size) {
            memcpy(memory + asset->address, asset->bytes, asset->size);
        }
    }
    record_cells(observer);
    return true;
}

static bool run_block(struct observer *observer)
{
    const struct patch *patch = observer->patch;
    uint32_t function = patch->is_driven_by_main ? patch->main_function
                                                 : patch->buffer_function;
    uint32_t count = patch->is_driven_by_main ? patch->block_frames : 1;
    bool goes_on = true;
    fill_inputs(observer);
    for (uint32_t i = 0; i < count && goes_on; i++) {
        goes_on = function < patch->module->imported_function_count ||
                  function >= patch->module->function_count ||
                  call(observer, function);
    }
    return goes_on;
}

static void run(struct observer *observer)
{
    const struct patch *patch = observer->patch;
    bool goes_on = start(observer);
    for (uint32_t round = 0; round < MAX_ITERATIONS && goes_on; round++) {
        for (uint32_t i = 0; i < BLOCKS && goes_on; i++) {
            goes_on = run_block(observer);
        }
        for (uint32_t i = 0; i < patch->module->export_count && goes_on; i++) {
            goes_on = !roots_contain(patch, i) ||
                      call(observer, patch->module->exports[i].index);
        }
    }
}

/* Map the byte of each load and store to its site. */
static void find_sites(struct observer *observer,
                       const struct wasm_bodies *bodies)
{
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        const struct wasm_body *function = &bodies->functions[i];
        for (uint32_t k = 0; k < function->op_count; k++) {
            const struct body_op *op = &function->ops[k];
            if (op->site != BODY_NO_SITE) {
                observer->by_offset[op->insn.offset] = op->site + 1;
                observer->is_i32_store[op->site] =
                    op->insn.code == CODE_I32_STORE;
            }
        }
    }
}

bool observe_run(struct observation *observation, const struct patch *patch,
                 const struct wasm_bodies *bodies,
                 const struct memory_list *cells, struct arena *arena)
{
    struct observer observer = {.observation = observation,
                                .patch = patch,
                                .cells = cells,
                                .fuel = MAX_FUEL};
    struct diag diag;
    uint64_t bytes = 0;
    diag_init(&diag, NULL);
    for (uint32_t i = 0; i < patch->module->memory_count; i++) {
        bytes += patch->module->memories[i].limits.min * WASM_PAGE_BYTES;
    }
    if (patch->module->size > MAX_MODULE_BYTES || bytes > MAX_MEMORY_BYTES) {
        return false;
    }
    *observation = (struct observation){0};
    observation->sites =
        arena_alloc(arena, bodies->site_count, sizeof(*observation->sites));
    observation->cells =
        arena_alloc(arena, cells->count, sizeof(*observation->cells));
    observer.by_offset =
        arena_alloc(arena, patch->module->size, sizeof(*observer.by_offset));
    observer.is_i32_store =
        arena_alloc(arena, bodies->site_count, sizeof(*observer.is_i32_store));
    find_sites(&observer, bodies);
    if (!interp_create(&observer.interp, patch->module, arena, &diag)) {
        return false;
    }
    const struct interp_watch watch = {
        .access = record_access, .import = answer, .user = &observer};
    interp_watch(observer.interp, &watch);
    run(&observer);
    interp_destroy(observer.interp);
    return observation->calls > 0;
}
