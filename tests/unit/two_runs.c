/* SPDX-License-Identifier: MIT */
#include "two_runs.h"

#include "base/splitmix.h"
#include "interp/interp.h"
#include "ranges/ranges.h"
#include "suite.h"
#include "translate/normalise.h"
#include "wasm/validate.h"

enum {
    MODULE_CALLS = 40,
    CALL_FUEL = 2000000,
};

uint64_t random_state;

static uint32_t any(uint32_t below)
{
    return splitmix_next32(&random_state) % below;
}

/* The import range(): the identity, and a comparison with what it states. */
static void check_range(void *user, uint32_t function, uint64_t *slots)
{
    struct run *run = user;
    if (function != run->range_function) {
        slots[0] = 0;
        return;
    }
    uint32_t value = (uint32_t)slots[0];
    uint32_t first = (uint32_t)slots[1];
    uint32_t last = (uint32_t)slots[2];
    uint32_t mask = (uint32_t)slots[3];
    run->facts++;
    if (value - first > last - first || ((value - first) & mask) != 0) {
        ck_abort_msg("%s: %d is not in [%d, %d] & %u", run->name,
                     (int32_t)value, (int32_t)first, (int32_t)last, mask);
    }
}

bool do_invariants_hold(const struct run *run)
{
    for (uint32_t i = 0; i < run->ranges->analysis.invariant_count; i++) {
        const struct memory_span *span = &run->ranges->analysis.invariants[i];
        uint64_t size = 0;
        const uint8_t *memory =
            interp_memory(run->proven, (uint32_t)(span->start >> 32), &size);
        for (uint64_t at = span->start; at < span->end; at += 4) {
            uint32_t word = 0;
            memcpy(&word, memory + (uint32_t)at, sizeof(word));
            if (!range_contains(&span->range, word)) {
                return false;
            }
        }
    }
    return true;
}

void start_run(struct run *run, const char *name,
               const struct wasm_module *module, const struct ranges *ranges)
{
    struct normalised normalised;
    *run = (struct run){.name = name, .ranges = ranges};
    run->original = *module;
    run->range_function = module->imported_function_count;
    ck_assert_msg(wasm_normalise(&normalised, module, ranges, &arena, &diag) &&
                      wasm_read(&run->proving, normalised.bytes,
                                normalised.size, &arena, &diag) &&
                      wasm_validate(&run->proving, &arena, &diag),
                  "%s: %s", name, diag.text);
    ck_assert_msg(interp_create(&run->plain, &run->original, &arena, &diag) &&
                      interp_create(&run->proven, &run->proving, &arena, &diag),
                  "%s: %s", name, diag.text);
    const struct interp_watch watch = {.import = check_range, .user = run};
    interp_watch(run->proven, &watch);
}

void end_run(struct run *run)
{
    interp_destroy(run->plain);
    interp_destroy(run->proven);
}

static uint32_t export_index(const struct wasm_module *module, const char *name)
{
    const struct wasm_export *export =
        wasm_find_export(module, WASM_FUNCTION, name);
    ck_assert_msg(export != NULL, "no export '%s'", name);
    return export->index;
}

/* Which "x<k>" an export of the original has become. */
static const char *general_name(const struct wasm_module *module,
                                uint32_t function)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION) {
            if (module->exports[i].index == function) {
                break;
            }
            k++;
        }
    }
    return arena_format(&arena, "x%u", k);
}

static void compare_memories(const struct run *run, const char *when)
{
    for (uint32_t i = 0; i < run->original.memory_count; i++) {
        uint64_t size = 0;
        const uint8_t *plain = interp_memory(run->plain, i, &size);
        const uint8_t *proven = interp_memory(run->proven, i, &size);
        if (memcmp(plain, proven, size) != 0) {
            ck_abort_msg("%s: memory %u differs after %s", run->name, i, when);
        }
    }
}

static enum interp_result call_export(struct run *run, const char *name,
                                      struct interp_stop *stop)
{
    uint64_t fuel = 16 * (uint64_t)CALL_FUEL; /* facts cost some */
    return interp_call(run->proven, export_index(&run->proving, name), &fuel,
                       stop);
}

/* The annotated block, and the transfer of promoted words, also after a
 * trap. */
static enum interp_result call_proven(struct run *run, struct interp_stop *stop)
{
    struct interp_stop none;
    ck_assert_int_eq(call_export(run, "y1", &none), INTERP_DONE);
    enum interp_result result = call_export(run, "y0", stop);
    ck_assert_int_eq(call_export(run, "y2", &none), INTERP_DONE);
    return result;
}

bool call_both(struct run *run, uint32_t function)
{
    struct interp_stop stop;
    struct interp_stop proven_stop;
    uint64_t fuel = CALL_FUEL;
    run->is_general = run->is_general && !do_invariants_hold(run);
    bool is_proven =
        function == run->ranges->analysis.block_function && !run->is_general;
    const char *name = general_name(&run->original, function);
    enum interp_result result = interp_call(run->plain, function, &fuel, &stop);
    ck_assert_msg(result != INTERP_OUT_OF_FUEL, "%s: does not end", run->name);
    enum interp_result proven_result =
        is_proven ? call_proven(run, &proven_stop)
                  : call_export(run, name, &proven_stop);
    ck_assert_msg(result == proven_result, "%s: %s: %s, with ranges %s",
                  run->name, name, result == INTERP_DONE ? "done" : stop.text,
                  proven_result == INTERP_DONE ? "done" : proven_stop.text);
    compare_memories(run, name);
    if (result != INTERP_DONE) {
        run->is_general = true;
    } else if (!run->is_general) {
        ck_assert_msg(do_invariants_hold(run), "%s: %s breaks an invariant",
                      run->name, name);
    }
    return result == INTERP_DONE;
}

static void write_both(struct run *run, uint32_t address, uint32_t word)
{
    uint64_t size = 0;
    memcpy(interp_memory(run->plain, 0, &size) + address, &word, sizeof(word));
    memcpy(interp_memory(run->proven, 0, &size) + address, &word, sizeof(word));
    run->is_general = run->is_general || !do_invariants_hold(run);
}

void exercise(struct run *run)
{
    uint32_t init = export_index(&run->original, "initDefaults");
    const uint32_t functions[] = {
        export_index(&run->original, "buffer"),
        export_index(&run->original, "buffer"),
        export_index(&run->original, "main"),
        export_index(&run->original, "note"),
    };
    (void)call_both(run, init);
    ck_assert_msg(do_invariants_hold(run), "%s: not at the start", run->name);
    for (unsigned i = 0; i < MODULE_CALLS; i++) {
        if (any(6) == 0) {
            write_both(run, any(2) == 0 ? 16 + 4 * any(12) : any(1000),
                       any(2) == 0 ? any(1000) : 0 - any(9));
        } else if (any(12) == 0) {
            (void)call_both(run, init);
        } else {
            (void)call_both(run, functions[any(4)]);
        }
    }
}
