/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "interp/interp.h"
#include "suite.h"
#include "vector.h"

#include <time.h>

static const struct wasm_export *export_of(const struct wasm_module *module,
                                           const char *name)
{
    return wasm_find_export(module, WASM_FUNCTION, name);
}

static enum interp_result call(struct interp *interp,
                               const struct wasm_module *module,
                               const char *name, struct interp_stop *stop)
{
    const struct wasm_export *function = export_of(module, name);
    ck_assert_msg(function != NULL, "no export '%s'", name);
    uint64_t fuel = UINT64_C(1) << 40;
    return interp_call(interp, function->index, &fuel, stop);
}

static struct interp *create(const struct wasm_module *module)
{
    struct interp *interp = NULL;
    ck_assert_msg(interp_create(&interp, module, &arena, &diag), "%s",
                  diag.text);
    return interp;
}

static const char *memory_name(const struct wasm_module *module, uint32_t i)
{
    const struct wasm_name name =
        module->imports[module->memories[i].import].field;
    return arena_copy(&arena, name.bytes, name.length);
}

/* 'hashes': memory name → hash, or one string for the first 64 KiB. */
static void check_hashes(const char *vector, const char *when,
                         struct interp *interp,
                         const struct wasm_module *module, const cJSON *hashes)
{
    ck_assert_msg(hashes != NULL, "%s has no hash %s", vector, when);
    for (uint32_t i = 0; i < module->memory_count; i++) {
        uint64_t size = 0;
        const uint8_t *bytes = interp_memory(interp, i, &size);
        const cJSON *expected = cJSON_IsString(hashes)
                                    ? hashes
                                    : cJSON_GetObjectItemCaseSensitive(
                                          hashes, memory_name(module, i));
        ck_assert_msg(cJSON_IsString(expected), "%s: no hash of memory %u",
                      vector, i);
        uint32_t hash = fnv1a(bytes, cJSON_IsString(hashes) ? WASM_PAGE_BYTES
                                                            : (size_t)size);
        ck_assert_msg(hash == strtoul(expected->valuestring, NULL, 16),
                      "%s, memory %u, %s: %08x, not %s", vector, i, when, hash,
                      expected->valuestring);
    }
}

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(item) ? item->valuestring : "";
}

/* The reference block of 'driver'; the first stop other than DONE is told. */
static enum interp_result run_block(struct interp *interp,
                                    const struct wasm_module *module,
                                    const char *driver,
                                    struct interp_stop *stop)
{
    enum interp_result result = INTERP_DONE;
    bool is_main = strncmp(driver, "main", 4) == 0;
    int calls = strcmp(driver, "main128") == 0 ? 128 : 1;
    for (int i = 0; i < calls && result == INTERP_DONE; i++) {
        result = call(interp, module, is_main ? "main" : "buffer", stop);
    }
    return result;
}

static void copy_assets(const char *vector, struct interp *interp)
{
    cJSON *config = vector_json(vector, "config.json", &arena);
    const cJSON *asset = NULL;
    cJSON_ArrayForEach(asset,
                       cJSON_GetObjectItemCaseSensitive(config, "assets"))
    {
        size_t size = 0;
        const uint8_t *file =
            vector_file(vector, text_of(asset, "file"), &size, &arena);
        uint64_t memory_size = 0;
        uint8_t *memory = interp_memory(interp, 0, &memory_size);
        size_t at = (size_t)cJSON_GetNumberValue(
            cJSON_GetObjectItemCaseSensitive(asset, "byteAddress"));
        size_t count = (size_t)cJSON_GetNumberValue(
            cJSON_GetObjectItemCaseSensitive(asset, "copiedBytes"));
        ck_assert(file != NULL && count <= size && at + count <= memory_size);
        memcpy(memory + at, file, count);
    }
    cJSON_Delete(config);
}

static void check_trap(const char *vector, const cJSON *trap, unsigned block,
                       enum interp_result result,
                       const struct interp_stop *stop)
{
    double expected =
        cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(trap, "block"));
    ck_assert_msg(trap != NULL && result == INTERP_TRAP && block == expected,
                  "%s: stopped in block %u: %s", vector, block, stop->text);
    ck_assert_str_eq(stop->text, text_of(trap, "kind"));
}

/* Host calls, events and inputs come from outside: those vectors end early. */
static bool is_alone(const char *vector)
{
    size_t size = 0;
    return strcmp(vector, "host_import") != 0 &&
           vector_file(vector, "events.json", &size, &arena) == NULL &&
           vector_file(vector, "in_L.f32", &size, &arena) == NULL;
}

START_TEST(computes_the_bits_of_every_vector)
{
    const char *vector = vector_names[_i];
    struct wasm_module module;
    vector_module(&module, vector, false, &arena);
    cJSON *ref = vector_json(vector, "ref.json", &arena);
    const cJSON *nested = cJSON_GetObjectItemCaseSensitive(ref, "hashes");
    const cJSON *hashes = nested != NULL ? nested : ref;
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};

    const char *init =
        export_of(&module, "initDefaults") != NULL ? "initDefaults" : "init";
    ck_assert(call(interp, &module, init, &stop) == INTERP_DONE);
    check_hashes(vector, "init", interp, &module,
                 cJSON_GetObjectItemCaseSensitive(hashes, "init"));
    copy_assets(vector, interp);
    const cJSON *assets = cJSON_GetObjectItemCaseSensitive(hashes, "assets");
    if (assets != NULL) {
        check_hashes(vector, "assets", interp, &module, assets);
    }
    const cJSON *trap = cJSON_GetObjectItemCaseSensitive(ref, "trap");
    unsigned last = trap != NULL ? 20 : 16;
    for (unsigned block = 1; block <= last && is_alone(vector); block++) {
        enum interp_result result =
            run_block(interp, &module, text_of(ref, "driver"), &stop);
        if (result != INTERP_DONE) {
            check_trap(vector, trap, block, result, &stop);
            check_hashes(
                vector, "trap", interp, &module,
                cJSON_GetObjectItemCaseSensitive(trap, "memoryAfterTrap"));
            break;
        }
        if (block <= 16) {
            const char *key = arena_format(&arena, "%u", block);
            const cJSON *blocks =
                cJSON_GetObjectItemCaseSensitive(hashes, "blocks");
            check_hashes(vector, key, interp, &module,
                         cJSON_GetObjectItemCaseSensitive(blocks, key));
        }
        ck_assert_msg(trap == NULL || block < last, "%s: no trap", vector);
    }
    interp_destroy(interp);
    cJSON_Delete(ref);
}
END_TEST

/* The numbers follow from the specification of WebAssembly. */
static const struct {
    const char *body; /* of a function that returns an i64 */
    uint64_t value;
} value_cases[] = {
    {"(i64.extend_i32_u (i32.clz (i32.const 1)))", 31},
    {"(i64.extend_i32_u (i32.ctz (i32.const 0)))", 32},
    {"(i64.extend_i32_u (i32.popcnt (i32.const -1)))", 32},
    {"(i64.extend_i32_u (i32.sub (i32.const 0) (i32.const 1)))", 0xffffffff},
    {"(i64.extend_i32_s (i32.shr_s (i32.const -8) (i32.const 33)))",
     UINT64_C(0xfffffffffffffffc)},
    {"(i64.extend_i32_u (i32.rem_s (i32.const 0x80000000) (i32.const -1)))", 0},
    {"(i64.extend_i32_u (i32.rotl (i32.const 0x80000001) (i32.const 1)))", 3},
    {"(i64.rem_s (i64.const 0x8000000000000000) (i64.const -1))", 0},
    {"(i64.div_u (i64.const -1) (i64.const 2))", UINT64_C(0x7fffffffffffffff)},
    {"(i64.shl (i64.const 1) (i64.const 67))", 8},
    {"(i64.extend8_s (i64.const 0x1ff))", UINT64_MAX},
    {"(i64.extend16_s (i64.const 0x8000))", UINT64_C(0xffffffffffff8000)},
    {"(i64.extend32_s (i64.const 0x80000000))", UINT64_C(0xffffffff80000000)},
    {"(i64.extend_i32_u (i32.extend8_s (i32.const 0x80)))", 0xffffff80},
    {"(i64.extend_i32_u (i32.trunc_sat_f32_s (f32.const nan)))", 0},
    {"(i64.extend_i32_u (i32.trunc_sat_f64_u (f64.const 1e20)))", 0xffffffff},
    {"(i64.trunc_sat_f64_s (f64.const -1e30))", UINT64_C(1) << 63},
    {"(i64.trunc_f64_s (f64.const -9223372036854775808))", UINT64_C(1) << 63},
    {"(i64.extend_i32_u (i32.trunc_f64_s (f64.const -2147483648.9)))",
     0x80000000},
    {"(i64.extend_i32_u (i32.trunc_f32_u (f32.const -0.9)))", 0},
    {"(i64.extend_i32_u (i32.reinterpret_f32 (f32.nearest (f32.const 2.5))))",
     0x40000000},
    {"(i64.extend_i32_u (i32.reinterpret_f32"
     " (f32.min (f32.const 0) (f32.const -0))))",
     0x80000000},
    {"(i64.extend_i32_u (i32.reinterpret_f32"
     " (f32.copysign (f32.const 1) (f32.const -0))))",
     0xbf800000},
    {"(i64.reinterpret_f64 (f64.neg (f64.const 0)))", UINT64_C(1) << 63},
    {"(i64.reinterpret_f64 (f64.floor (f64.const -0.5)))",
     UINT64_C(0xbff0000000000000)},
    {"(i64.reinterpret_f64 (f64.convert_i64_u (i64.const -1)))",
     UINT64_C(0x43f0000000000000)},
    {"(i64.extend_i32_u (i32.reinterpret_f32"
     " (f32.convert_i64_s (i64.const 0x7fffff4000000001))))",
     0x5effffff},
    {"(i64.extend_i32_u (i32.reinterpret_f32"
     " (f32.demote_f64 (f64.const 0x1.000001p0))))",
     0x3f800000},
    {"(block (result i64) (i64.const 7) (br 0) (unreachable))", 7},
    {"(i64.add (block (result i64) (i64.const 9) (i64.const 7)"
     " (br_if 0 (i32.const 1)) (drop)) (i64.const 1))",
     8},
    {"(if (result i64) (i32.const 0) (then (i64.const 1))"
     " (else (i64.const 2)))",
     2},
    {"(block (result i64) (block (block (br_table 0 1 (i32.const 9)))"
     " (br 1 (i64.const 1))) (i64.const 2))",
     2},
    {"(block (result i64) (block (block (br_table 0 1 (i32.const 0)))"
     " (br 1 (i64.const 1))) (i64.const 2))",
     1},
    {"(call $swap (i64.const 3) (i64.const 10)) (i64.sub)", 7},
    {"(i64.const 5) (i64.const 4) (block (param i64 i64) (result i64)"
     " (i64.sub))",
     1},
    /* 10 + 9 + ... + 1, the sum carried as the loop's parameter */
    {"(local i64) (local.set 0 (i64.const 10)) (i64.const 0)"
     " (loop (param i64) (result i64) (i64.add (local.get 0))"
     " (local.set 0 (i64.sub (local.get 0) (i64.const 1)))"
     " (br_if 0 (i64.ne (local.get 0) (i64.const 0))))",
     55},
    {"(select (i64.const 1) (i64.const 2) (i32.const 0))", 2},
    {"(select (result i64) (i64.const 1) (i64.const 2) (i32.const 5))", 1},
    {"(global.set 0 (i64.const 77)) (global.get 0)", 77},
    {"(i64.reinterpret_f64 (global.get 1))", UINT64_C(0x3ff0000000000000)},
    {"(i64.extend_i32_u (memory.size 1))", 2},
    {"(i64.extend_i32_u (memory.grow 1 (i32.const 0)))", 2},
    {"(i64.extend_i32_u (memory.grow 0 (i32.const 1)))", 0xffffffff},
    {"(memory.init 1 1 (i32.const 16) (i32.const 1) (i32.const 2))"
     " (i64.load 1 (i32.const 16))",
     0x6362},
    {"(memory.copy 0 1 (i32.const 8) (i32.const 131064) (i32.const 8))"
     " (i64.load (i32.const 8))",
     0},
    {"(memory.fill 1 (i32.const 131070) (i32.const 0x1ab) (i32.const 2))"
     " (i64.load16_u 1 (i32.const 131070))",
     0xabab},
    {"(i64.load 0 (i32.const 32))", 0x7a7978}, /* active segment */
    {"(data.drop 1) (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0))"
     " (i64.const 1)",
     1},
    {"(i64.store32 offset=60 (i32.const 4) (i64.const -2))"
     " (i64.load32_s (i32.const 64))",
     UINT64_C(0xfffffffffffffffe)},
    {"(i32.store8 (i32.const 64) (i32.const 0x80))"
     " (i64.load8_s (i32.const 64))",
     UINT64_C(0xffffffffffffff80)},
};

static const char value_module[] =
    "(module (memory 1 1) (memory 2 2)"
    " (global (mut i64) (i64.const 3)) (global f64 (f64.const 1))"
    " (data (i32.const 32) \"xyz\") (data \"abcd\")"
    " (func $swap (param i64 i64) (result i64 i64)"
    "  (local.get 1) (local.get 0))"
    " (func $value (result i64) %s)"
    " (func (export \"run\")"
    "  (i64.store (i32.const 0) (call $value))))";

START_TEST(computes_as_specified)
{
    struct wasm_module module;
    wat_module(&module,
               arena_format(&arena, value_module, value_cases[_i].body),
               &arena);
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};
    enum interp_result result = call(interp, &module, "run", &stop);
    ck_assert_msg(result == INTERP_DONE, "%s: %s", value_cases[_i].body,
                  stop.text);
    uint64_t size = 0;
    uint64_t value = 0;
    memcpy(&value, interp_memory(interp, 0, &size), sizeof(value));
    ck_assert_msg(value == value_cases[_i].value, "%s: %016llx",
                  value_cases[_i].body, (unsigned long long)value);
    interp_destroy(interp);
}
END_TEST

static const struct {
    const char *body; /* of a function without result */
    const char *text;
} trap_cases[] = {
    {"(unreachable)", "unreachable"},
    {"(drop (i32.div_s (i32.const 1) (i32.const 0)))", "divide by zero"},
    {"(drop (i32.rem_u (i32.const 1) (i32.const 0)))", "divide by zero"},
    {"(drop (i64.rem_s (i64.const 1) (i64.const 0)))", "divide by zero"},
    {"(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
     "integer overflow"},
    {"(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))",
     "integer overflow"},
    {"(drop (i32.trunc_f32_s (f32.const nan)))",
     "float unrepresentable in integer range"},
    {"(drop (i32.trunc_f64_s (f64.const 2147483648)))",
     "float unrepresentable in integer range"},
    {"(drop (i64.trunc_f32_u (f32.const -1)))",
     "float unrepresentable in integer range"},
    {"(drop (i32.load (i32.const 65533)))", "memory access out of bounds"},
    {"(drop (i32.load8_u offset=4294967295 (i32.const -1)))",
     "memory access out of bounds"},
    {"(i64.store 1 (i32.const 131065) (i64.const 0))",
     "memory access out of bounds"},
    {"(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1))",
     "memory access out of bounds"},
    {"(memory.copy 0 1 (i32.const 65530) (i32.const 0) (i32.const 7))",
     "memory access out of bounds"},
    {"(memory.init 1 (i32.const 0) (i32.const 0) (i32.const 5))",
     "memory access out of bounds"},
    {"(memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))",
     "memory access out of bounds"}, /* an active segment is gone */
    {"(call $value)", "call stack exhausted"},
};

static const char trap_module[] =
    "(module (memory 1 1) (memory 2 2)"
    " (data (i32.const 32) \"xyz\") (data \"abcd\")"
    " (func $value (export \"run\") (nop) %s))";

START_TEST(traps_as_specified)
{
    struct wasm_module module;
    wat_module(&module, arena_format(&arena, trap_module, trap_cases[_i].body),
               &arena);
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};
    enum interp_result result = call(interp, &module, "run", &stop);
    ck_assert_msg(result == INTERP_TRAP &&
                      strcmp(stop.text, trap_cases[_i].text) == 0,
                  "%s: %s", trap_cases[_i].body, stop.text);
    ck_assert_uint_eq(stop.function, 0);
    ck_assert_msg(stop.offset > module.functions[0].code_offset &&
                      stop.offset < module.functions[0].end_offset,
                  "%s: offset %zu", trap_cases[_i].body, stop.offset);
    interp_destroy(interp);
}
END_TEST

START_TEST(counts_fuel_the_same_every_time)
{
    struct wasm_module module;
    wat_module(&module, "(module (func (export \"main\") (loop (br 0))))",
               &arena);
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};
    uint64_t fuel = 1000;
    ck_assert(interp_call(interp, 0, &fuel, &stop) == INTERP_OUT_OF_FUEL);
    ck_assert_uint_eq(fuel, 0);
    ck_assert_uint_eq(stop.function, 0);
    interp_destroy(interp);

    vector_module(&module, "sine_stereo", false, &arena);
    uint64_t used[2];
    for (int i = 0; i < 2; i++) {
        interp = create(&module);
        fuel = 1000000;
        ck_assert(interp_call(interp, export_of(&module, "buffer")->index,
                              &fuel, &stop) == INTERP_DONE);
        used[i] = 1000000 - fuel;
        interp_destroy(interp);
    }
    ck_assert(used[0] > 128 && used[0] == used[1]);
}
END_TEST

static unsigned accesses;

static void count_access(void *user, const struct interp_access *access)
{
    (void)user;
    ck_assert(access->memory == 0 && access->address == 12 + 4 * accesses);
    ck_assert(access->bytes == 4 && access->is_store == (accesses == 0));
    ck_assert(access->is_f32 == (accesses == 0) && access->is_bulk == 0);
    accesses++;
}

static void count_call(void *user)
{
    ++*(unsigned *)user;
}

START_TEST(shows_accesses_and_calls)
{
    struct wasm_module module;
    wat_module(&module,
               "(module (memory 1 1) (func $main (export \"main\"))"
               " (func (export \"buffer\") (param f32) (call $main)"
               "  (f32.store offset=8 (i32.const 4) (local.get 0))"
               "  (call $main) (drop (i32.load (i32.const 16)))))",
               &arena);
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};
    unsigned calls = 0;
    interp_watch(interp, &(struct interp_watch){.access = count_access,
                                                .enter = count_call,
                                                .leave = count_call,
                                                .user = &calls});
    accesses = 0;
    ck_assert(call(interp, &module, "buffer", &stop) == INTERP_DONE);
    ck_assert_uint_eq(accesses, 2);
    ck_assert_uint_eq(calls, 4);
    uint64_t size = 0;
    uint32_t bits = 0;
    memcpy(&bits, interp_memory(interp, 0, &size) + 12, sizeof(bits));
    ck_assert_uint_eq(bits, 0x7fc00000); /* a float nobody passed */
    interp_destroy(interp);
}
END_TEST

START_TEST(refuses_what_does_not_fit)
{
    struct wasm_module module;
    struct interp *interp = NULL;
    wat_module(&module, "(module (memory 65536 65536))", &arena);
    ck_assert(!interp_create(&interp, &module, &arena, &diag));
    ck_assert_msg(strstr(diag.text, "65536 pages") != NULL, "%s", diag.text);

    diag_init(&diag, NULL);
    wat_module(&module, "(module (memory 1 1) (data (i32.const 65535) \"ab\"))",
               &arena);
    ck_assert(!interp_create(&interp, &module, &arena, &diag));
    ck_assert_msg(strstr(diag.text, "65535") != NULL, "%s", diag.text);
}
END_TEST

START_TEST(calls_imports_that_return_nothing)
{
    struct wasm_module module;
    vector_module(&module, "host_import", false, &arena);
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};
    ck_assert(call(interp, &module, "initDefaults", &stop) == INTERP_DONE);
    ck_assert(call(interp, &module, "buffer", &stop) == INTERP_DONE);
    interp_destroy(interp);
}
END_TEST

/* 100 M instructions a second is the aim at -O2; the bound leaves room for
 * sanitizers and busy machines. */
START_TEST(is_fast_enough_to_probe)
{
    struct wasm_module module;
    vector_module(&module, "heavy_bank", false, &arena);
    struct interp *interp = create(&module);
    struct interp_stop stop = {0};
    ck_assert(call(interp, &module, "initDefaults", &stop) == INTERP_DONE);
    uint64_t fuel = 20000000;
    clock_t start = clock();
    uint32_t buffer = export_of(&module, "buffer")->index;
    while (interp_call(interp, buffer, &fuel, &stop) == INTERP_DONE) {
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    (void)printf("%.0f M instructions/s\n", 20.0 / seconds);
    ck_assert_double_lt(seconds, 10.0);
    interp_destroy(interp);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("interp");
    TCase *tests = tcase_create("interp");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, computes_the_bits_of_every_vector, 0,
                        VECTOR_COUNT);
    tcase_add_loop_test(tests, computes_as_specified, 0,
                        sizeof(value_cases) / sizeof(value_cases[0]));
    tcase_add_loop_test(tests, traps_as_specified, 0,
                        sizeof(trap_cases) / sizeof(trap_cases[0]));
    tcase_add_test(tests, counts_fuel_the_same_every_time);
    tcase_add_test(tests, shows_accesses_and_calls);
    tcase_add_test(tests, refuses_what_does_not_fit);
    tcase_add_test(tests, calls_imports_that_return_nothing);
    tcase_add_test(tests, is_fast_enough_to_probe);
    suite_add_tcase(suite, tests);
    return suite;
}
