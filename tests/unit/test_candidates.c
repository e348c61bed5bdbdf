/* SPDX-License-Identifier: MIT */
/* Modules whose invariants a search from the initial memory does not find, and
 * modules that do what a short run does not show: tests/data/candidates. */
#include "base/splitmix.h"
#include "fixture.h"
#include "interp/interp.h"
#include "ranges/analysis/candidates.h"
#include "ranges/ranges.h"
#include "suite.h"
#include "vector.h"

#include "base/file.h"

#include <stdlib.h>

enum {
    RUN_FUEL = 6 * 1000 * 1000,
    BLOCKS_A_ROUND = 100,
    MAX_TEXT = 1 << 20,
};

/*
 * The widest claim on a variable address, in bytes of the memory; 'is_guided'
 * tells whether the search by candidates won, 'has_array' whether a project
 * text names the array at 1024.
 */
static const struct {
    const char *name;
    bool is_guided;
    uint32_t variable;
    uint32_t proven;
    uint32_t first;
    uint32_t last;
    bool has_array;
} rows[] = {
    {"sampler", true, 5, 5, 1024, 2040, false},
    {"sampler_tuned", true, 7, 7, 1024, 2040, false},
    {"sampler_bytes", true, 5, 5, 1024, 2040, false},
    {"sampler_rows", true, 5, 5, 1024, 2040, false},
    {"relative", true, 5, 5, 1024, 2040, false},
    {"halves", true, 2, 2, 1032, 1376, false},
    {"smoothing", false, 1, 1, 1024, 1532, false},
    {"limited_pointer", true, 1, 1, 1024, 1336, false},
    {"followed", false, 2, 2, 2048, 2144, false},
    {"ring", false, 2, 2, 1024, 1276, false},
    {"ring_resized", false, 1, 1, 1024, 1276, false},
    {"chain", false, 2, 2, 1024, 1184, false},
    {"pointer_table", true, 3, 3, 1024, 1532, false},
    {"links", true, 2, 2, 40, 64, false},
    {"voices", true, 5, 5, 1024, 2044, false},
    {"slow_voices", true, 5, 5, 1024, 2044, true},
    {"slow_voices", true, 5, 5, 1024, 65532, false},
    {"counters", true, 4, 4, 1024, 1380, false},
    {"voices_guarded", true, 5, 5, 1024, 2044, false},
    {"shifts", false, 5, 5, 16384, 32764, false},
    {"many_numbers", false, 1, 1, 1020, 1276, false},
    {"trapping", false, 1, 1, 1024, 2000, false},
    {"endless", false, 0, 0, 0, 0, false},
    /* What is observed is not all that happens. */
    {"rare", false, 1, 1, 1024, 60000, false},
    {"unmasked", false, 1, 1, 0, 65532, false},
    {"bytes_written", false, 6, 5, 32, 1052, false},
    {"creeping", false, 1, 0, 0, 0, false},
};

static struct patch read_patch(struct wasm_module *module, const char *name,
                               bool has_array)
{
    static const struct patch_item array = {.name = "voices:buffer",
                                            .address = 1024,
                                            .count = 256,
                                            .capacity = 1024,
                                            .element = F4E_I32,
                                            .is_array = true};
    const char *path =
        arena_format(&arena, "%s/%s.wat", getenv("F4E_CANDIDATES"), name);
    const uint8_t *text = NULL;
    size_t size = 0;
    ck_assert_msg(file_read(path, MAX_TEXT, &text, &size, &arena, &diag), "%s",
                  diag.text);
    wat_module(module, (const char *)text, &arena);
    const struct patch patch = {
        .module = module,
        .init_function =
            wasm_find_export(module, WASM_FUNCTION, "initDefaults")->index,
        .buffer_function =
            wasm_find_export(module, WASM_FUNCTION, "buffer")->index,
        .main_function = wasm_find_export(module, WASM_FUNCTION, "main")->index,
        .block_frames = 128,
        .items = &array,
        .item_count = has_array ? 1 : 0,
    };
    return patch;
}

struct claim {
    bool is_there;
    uint64_t first; /* bytes of the memory */
    uint64_t last;
};

/* Claims by the offset of their instruction. */
static struct claim *collect(const struct analysis *analysis,
                             struct claim *widest)
{
    const struct wasm_bodies *bodies = &analysis->bodies;
    struct claim *claims =
        arena_alloc(&arena, bodies->module->size, sizeof(*claims));
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        const struct wasm_body *function = &bodies->functions[i];
        for (uint32_t k = 0; k < function->op_count; k++) {
            const struct body_op *op = &function->ops[k];
            uint32_t lo = 0;
            uint32_t hi = 0;
            if (op->site == BODY_NO_SITE ||
                !analysis_proves(analysis, op->site, &lo, &hi)) {
                continue;
            }
            const struct claim claim = {true, lo + op->insn.memarg_offset,
                                        hi + op->insn.memarg_offset};
            claims[op->insn.offset] = claim;
            if (lo != hi &&
                (!widest->is_there ||
                 claim.last - claim.first > widest->last - widest->first)) {
                *widest = claim;
            }
        }
    }
    return claims;
}

struct run {
    const char *name;
    const struct claim *claims;
};

static void check_access(void *user, const struct interp_access *access)
{
    const struct run *run = user;
    const struct claim *claim = &run->claims[access->site];
    if (claim->is_there &&
        (access->address < claim->first || access->address > claim->last)) {
        ck_abort_msg("%s: 0x%x is at %u, not in [%u, %u]", run->name,
                     access->site, access->address, (unsigned)claim->first,
                     (unsigned)claim->last);
    }
}

/* Blocks for as long as the fuel lasts, and now and then a note. */
static void run_patch(const struct patch *patch, struct run *run)
{
    static const uint64_t notes[][2] = {
        {0, 0},     {1, 127},           {2, 63},   {77777, 0xffff},
        {3, 77777}, {77777, INT32_MAX}, {0, 1000}, {UINT32_MAX, UINT32_MAX}};
    const struct interp_watch watch = {.access = check_access, .user = run};
    struct interp *interp = NULL;
    struct interp_stop stop;
    uint64_t fuel = RUN_FUEL;
    uint32_t note =
        wasm_find_export(patch->module, WASM_FUNCTION, "note")->index;
    ck_assert_msg(interp_create(&interp, patch->module, &arena, &diag), "%s",
                  diag.text);
    interp_watch(interp, &watch);
    (void)interp_call(interp, patch->init_function, &fuel, &stop);
    for (unsigned i = 0; fuel > 0; i++) {
        /* The first half without: what is rare needs to be left alone. */
        if (fuel < RUN_FUEL / 2 && i % BLOCKS_A_ROUND == 0) {
            (void)interp_call_with(
                interp, note,
                notes[i / BLOCKS_A_ROUND % (sizeof(notes) / sizeof(notes[0]))],
                &fuel, &stop);
        }
        (void)interp_call(interp, patch->buffer_function, &fuel, &stop);
    }
    interp_destroy(interp);
}

START_TEST(proves_what_holds_and_nothing_else)
{
    const char *name = rows[_i].name;
    struct wasm_module module;
    struct ranges ranges;
    struct claim widest = {.is_there = false};
    uint32_t variable = 0;
    uint32_t proven = 0;
    const struct patch patch = read_patch(&module, name, rows[_i].has_array);
    ranges_find(&ranges, &patch, false, &arena);
    ck_assert_msg(ranges.analysis.failure == NULL, "%s: %s", name,
                  ranges.analysis.failure);
    analysis_count(&ranges.analysis, &variable, &proven);
    struct run run = {name, collect(&ranges.analysis, &widest)};
    ck_assert_msg(variable == rows[_i].variable && proven == rows[_i].proven &&
                      widest.first == rows[_i].first &&
                      widest.last == rows[_i].last &&
                      ranges.analysis.is_guided == rows[_i].is_guided,
                  "%s: %u of %u, [%u, %u]%s", name, proven, variable,
                  (unsigned)widest.first, (unsigned)widest.last,
                  ranges.analysis.is_guided ? ", guided" : "");
    run_patch(&patch, &run);
}
END_TEST

/* Observing is deterministic, and ends. */
START_TEST(sees_the_same_each_time)
{
    struct wasm_module module;
    struct wasm_bodies bodies;
    struct initial_memory initial;
    struct memory_model memory;
    struct observation seen[2];
    const char *reason = NULL;
    const struct range zero = range_constant(0);
    const struct patch patch = read_patch(&module, rows[_i].name, false);
    body_decode_all(&bodies, &module, &arena);
    ck_assert(initial_memory_eval(&initial, &patch, &bodies, &reason, &arena));
    memory_init(&memory, &initial, &arena);
    for (uint32_t address = 16; address < 32; address += 4) {
        const struct range any = range_top();
        memory_join_exit(&memory, address, &any);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert(
            observe_run(&seen[i], &patch, &bodies, &memory.cells, &arena));
    }
    ck_assert_uint_eq(seen[0].calls, seen[1].calls);
    ck_assert(memory.cells.count > 0);
    for (uint32_t i = 0; i < memory.cells.count; i++) {
        ck_assert(range_equal(&seen[0].cells[i], &seen[1].cells[i]));
    }
    for (uint32_t i = 0; i < bodies.site_count; i++) {
        const struct observe_site *a = &seen[0].sites[i];
        const struct observe_site *b = &seen[1].sites[i];
        ck_assert(a->is_seen == b->is_seen &&
                  range_equal(&a->address, &b->address) &&
                  range_equal(&a->value, &b->value));
    }
    ck_assert(!range_equal(&zero, &memory.cells.spans[0].range));
}
END_TEST

/* ---- Thresholds ---- */

enum { KEY = 64, OTHER_KEY = 68 };

/* A bound that grows by one each time. */
static const struct {
    const char *name;
    bool is_kept; /* between calls */
    uint32_t key;
    int32_t bounds[4]; /* that it is widened to, the first after some growths by
                          1 */
} ladders[] = {
    {"the word's own numbers first", false, KEY, {96, 99, 100, 101}},
    {"another word: what all are compared with", false, OTHER_KEY, {4, 5, 6}},
    {"between calls, extents too", true, OTHER_KEY, {36, 39, 40, 41}},
};

START_TEST(stops_where_numbers_mean_something)
{
    enum { DELAY = 20 };
    struct initial_memory initial = {0};
    struct memory_model memory;
    int32_t found[4] = {0};
    uint32_t count = 0;
    memory_init(&memory, &initial, &arena);
    memory_add_threshold(&memory, 5, true);
    memory_add_threshold(&memory, 5000, false);
    memory_add_word_threshold(&memory, KEY, 100);
    memory_add_extent(&memory, 40);
    memory.widening_delay = DELAY;
    struct range range = range_constant(0);
    for (uint32_t growths = 0; growths < 60 && count < 4; growths++) {
        const struct range more = range_between(
            range.lo, range.hi == INT32_MAX ? range.hi : range.hi + 1);
        range = ladders[_i].is_kept
                    ? memory_widen_at_entry(&memory, ladders[_i].key, &range,
                                            &more, growths)
                    : memory_widen(&memory, ladders[_i].key, &range, &more,
                                   growths);
        ck_assert(range_within(&more, &range));
        bool is_plain =
            growths < 2 || (ladders[_i].is_kept && growths < DELAY + 2);
        if (!is_plain) {
            found[count++] = range.hi;
        }
    }
    for (uint32_t i = 0; i < 4 && ladders[_i].bounds[i] != 0; i++) {
        ck_assert_msg(found[i] == ladders[_i].bounds[i], "%s: %d, not %d",
                      ladders[_i].name, found[i], ladders[_i].bounds[i]);
    }
}
END_TEST

/* ---- Interpolation ---- */

static uint64_t seed;

static uint32_t random_bits(void)
{
    return splitmix_next32(&seed);
}

/* Small numbers, large ones and the extremes. */
static uint32_t random_number(void)
{
    static const uint32_t edges[] = {0, 1, UINT32_MAX, INT32_MAX, 0x80000000};
    return random_bits() % 8 == 0
               ? edges[random_bits() % 5]
               : (uint32_t)((int32_t)random_bits() >> random_bits() % 32);
}

static uint32_t part(uint32_t difference, uint32_t code, uint32_t number)
{
    return code == CODE_I32_SHR_S
               ? (uint32_t)((int32_t)difference >> number)
               : (uint32_t)((int64_t)(int32_t)difference / (int32_t)number);
}

START_TEST(stays_on_the_way)
{
    enum { ROUNDS = 20000 };
    const uint32_t codes[] = {CODE_I32_SHR_S, CODE_I32_DIV_S};
    unsigned narrowed = 0;
    seed = 1;
    for (int i = 0; i < ROUNDS; i++) {
        struct value_table values;
        uint32_t numbers[2];
        uint32_t variants[2];
        uint32_t way[2];
        value_table_init(&values, &arena);
        for (int k = 0; k < 2; k++) {
            numbers[k] = random_number();
            const struct range one = range_constant(numbers[k]);
            const struct range other = range_constant(random_number());
            variants[k] = value_fresh(&values, range_join(&one, &other));
        }
        uint32_t code = codes[random_bits() % 2];
        uint32_t number = 1 + random_bits() % 31;
        bool is_back = random_bits() % 2 == 0; /* x - (x - y) / n */
        uint32_t from = is_back ? 1 : 0;
        uint32_t difference = value_binary(&values, CODE_I32_SUB,
                                           variants[1 - from], variants[from]);
        uint32_t fraction = value_binary(&values, code, difference,
                                         value_constant(&values, number));
        uint32_t start = is_back ? variants[1 - from] : variants[from];
        uint32_t all = value_binary(
            &values, is_back ? CODE_I32_SUB : CODE_I32_ADD, start, fraction);
        uint32_t moved = part(numbers[1 - from] - numbers[from], code, number);
        uint32_t result =
            is_back ? numbers[1 - from] - moved : numbers[from] + moved;
        ck_assert_msg(range_contains(&values.values[all].range, result),
                      "%d to %d, %s %u: %d", (int32_t)numbers[0],
                      (int32_t)numbers[1], is_back ? "back" : "on", number,
                      (int32_t)result);
        narrowed += value_is_interpolation(&values, &values.values[all],
                                           &way[0], &way[1])
                        ? 1
                        : 0;
        arena_deinit(&arena);
        arena_init(&arena, 0);
    }
    ck_assert_uint_gt(narrowed, ROUNDS / 2);
}
END_TEST

Suite *test_suite(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    Suite *suite = suite_create("candidates");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, proves_what_holds_and_nothing_else, 0, ROWS);
    tcase_add_loop_test(tcase, sees_the_same_each_time, 0, ROWS);
    tcase_add_loop_test(tcase, stops_where_numbers_mean_something, 0,
                        sizeof(ladders) / sizeof(ladders[0]));
    tcase_add_test(tcase, stays_on_the_way);
    suite_add_tcase(suite, tcase);
    return suite;
}
