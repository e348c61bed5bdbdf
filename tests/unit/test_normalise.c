/* SPDX-License-Identifier: MIT */
/*
 * Stage 3 on every vector and on modules that the 8f4e compiler does not write:
 * the result is valid, has the one shape that normalise.h promises, means the
 * same, and is its own normal form. And the writer gives back what was read.
 */
#include "translate/normalise.h"

#include "base/file.h"
#include "base/process.h"
#include "child.h"
#include "fixture.h"
#include "interp/interp.h"
#include "suite.h"
#include "vector.h"
#include "wasm/validate.h"
#include "wasm/wasm_write.h"

/* What the vectors do not have. */
static const char *const texts[] = {
    "(module)",
    "(module (memory 1))",
    "(module (memory (export \"m\") 2 2) (global i64 (i64.const -5))\n"
    " (global $g (mut f32) (f32.const 1.5)) (export \"g\" (global $g))\n"
    " (data (i32.const 8) \"active\")\n"
    " (func $start i32.const 0 memory.size i32.store) (start $start)\n"
    " (func $other (export \"a b\") (export \"*/\") (param i64 f64)\n"
    "  (result i32) memory.size memory.size i32.add)\n"
    " (func (export \"main\") i32.const 4 i64.const 3 f64.const 0 call $other\n"
    "  i32.store))",
    "(module (import \"host\" \"memory\" (memory 1 1 shared))\n"
    " (import \"host\" \"f\" (func $f (param i32) (result i32)))\n"
    " (import \"host\" \"f\" (func $f2 (param f32)))\n"
    " (func (export \"main\") i32.const 16 i32.const 1 call $f i32.store\n"
    "  f32.const 1 call $f2 i32.const 20 memory.size i32.store))",
    /* Memories imported and own, every index in every instruction. */
    "(module (import \"host\" \"memory\" (memory $a 3 3))\n"
    " (import \"x\" \"y\" (memory $b 16000 16000 shared))\n"
    " (import \"host\" \"f\" (func $f)) (memory $c 1 200) (memory $d 0 0)\n"
    " (data (memory $c) (i32.const 1) \"abc\") (data \"passive\")\n"
    " (func (export \"main\") call $f\n"
    "  (i32.store $a (i32.const 0) (memory.size $a))\n"
    "  (i32.store $a (i32.const 4) (memory.size $b))\n"
    "  (i32.store $a (i32.const 8) (memory.size $c))\n"
    "  (i32.store $a (i32.const 12) (memory.size $d))\n"
    "  (memory.init $c 1 (i32.const 9) (i32.const 0) (i32.const 7))\n"
    "  (memory.copy $a $c (i32.const 64) (i32.const 0) (i32.const 32))))",
    "(module (memory 65536) (func (export \"main\") (drop (memory.size))))",
    /* Debug names as hostile as they come; two equal ones. */
    "(module (memory 1) (func $a*/) (func $?) (func $fn1_x)\n"
    " (func $_Z5hellov) (func $__) (func $x (export \"\\c2\\a7\"))\n"
    " (func (export \"main\")))",
};
enum { TEXT_COUNT = sizeof(texts) / sizeof(texts[0]) };
enum { CASE_COUNT = 2 * VECTOR_COUNT + TEXT_COUNT };

/* Case 'row': each vector plain and shared, then the texts. */
static const char *load(struct wasm_module *module, int row)
{
    if (row < 2 * VECTOR_COUNT) {
        vector_module(module, vector_names[row / 2], row % 2 == 1, &arena);
        return vector_names[row / 2];
    }
    wat_module(module, texts[row - 2 * VECTOR_COUNT], &arena);
    return arena_format(&arena, "text %d", row - 2 * VECTOR_COUNT);
}

static struct normalised normalise(const struct wasm_module *module,
                                   const char *name)
{
    struct normalised result = {0};
    ck_assert_msg(wasm_normalise(&result, module, NULL, &arena, &diag),
                  "%s: %s", name, diag.text);
    return result;
}

static void read_back(struct wasm_module *module,
                      const struct normalised *normalised, const char *name)
{
    ck_assert_msg(
        wasm_read(module, normalised->bytes, normalised->size, &arena, &diag) &&
            wasm_validate(module, &arena, &diag),
        "%s: %s at %lld", name, diag.text, (long long)diag.offset);
}

START_TEST(wabt_accepts_the_result)
{
    struct wasm_module module;
    const char *name = load(&module, _i);
    struct normalised result = normalise(&module, name);
    char *folder = tmpdir_make();
    const char *path = arena_format(&arena, "%s/m.wasm", folder);
    spit(path, result.bytes, result.size);
    const char *argv[] = {
        process_find("wasm-validate", &arena), path,
        module.memory_count > 1 ? "--enable-multi-memory" : NULL, NULL};
    struct process process;
    ck_assert_ptr_nonnull(argv[0]);
    ck_assert(process_run(&process, argv, NULL, 0, &arena, &diag));
    tmpdir_remove(folder);
    ck_assert_msg(process_succeeded(&process), "%s: %s", name,
                  buf_string(&process.text));
}
END_TEST

static void check_names(const struct wasm_module *module, const char *name)
{
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import *import = &module->imports[i];
        char kind = import->kind == WASM_MEMORY ? 'm' : 'i';
        ck_assert_msg(wasm_name_equals(import->module, "f4e") &&
                          wasm_name_equals(import->field,
                                           arena_format(&arena, "%c%u", kind,
                                                        import->index)),
                      "%s: import %u", name, i);
    }
    for (uint32_t i = 0; i < module->export_count; i++) {
        ck_assert_msg(module->exports[i].kind == WASM_FUNCTION &&
                          wasm_name_equals(module->exports[i].name,
                                           arena_format(&arena, "x%u", i)),
                      "%s: export %u", name, i);
    }
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        struct wasm_name debug = module->functions[i].debug_name;
        const char *prefix = arena_format(&arena, "fn%u", i);
        size_t length = strlen(prefix);
        ck_assert_msg(
            debug.length >= length &&
                memcmp(debug.bytes, prefix, length) == 0 &&
                (debug.length == length || debug.bytes[length] == '_'),
            "%s: function %u", name, i);
        for (size_t k = length + 1; k < debug.length; k++) {
            uint8_t c = debug.bytes[k];
            ck_assert_msg((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c < 'Z'),
                          "%s: function %u: byte 0x%02x", name, i, c);
        }
    }
}

START_TEST(has_the_one_shape)
{
    struct wasm_module module;
    struct wasm_module after;
    const char *name = load(&module, _i);
    struct normalised result = normalise(&module, name);
    read_back(&after, &result, name);
    check_names(&after, name);
    ck_assert_uint_eq(after.memory_count, module.memory_count);
    ck_assert_uint_eq(after.function_count, module.function_count);
    for (uint32_t i = 0; i < after.memory_count; i++) {
        const struct wasm_limits *limits = &after.memories[i].limits;
        ck_assert_msg(after.memories[i].is_imported, "%s: memory %u", name, i);
        ck_assert_msg(!limits->is_shared, "%s: memory %u", name, i);
        ck_assert_uint_eq(limits->min, module.memories[i].limits.min);
    }
    for (uint32_t i = after.imported_function_count; i < after.function_count;
         i++) {
        size_t at = after.functions[i].code_offset;
        while (at < after.functions[i].end_offset) {
            struct wasm_insn insn;
            ck_assert(wasm_insn_read(&after, &at, after.functions[i].end_offset,
                                     &insn, &diag));
            ck_assert_msg(insn.code != 0x3f, "%s: memory.size at 0x%zx", name,
                          insn.offset);
        }
    }
}
END_TEST

START_TEST(is_its_own_normal_form)
{
    struct wasm_module module;
    struct wasm_module after;
    const char *name = load(&module, _i);
    struct normalised once = normalise(&module, name);
    read_back(&after, &once, name);
    struct normalised twice = normalise(&after, name);
    ck_assert_msg(once.size == twice.size &&
                      memcmp(once.bytes, twice.bytes, once.size) == 0,
                  "%s: %zu bytes, then %zu", name, once.size, twice.size);
    const char **lines = NULL;
    ck_assert_uint_eq(normalise_plan(&after, &lines, &arena), 0);
}
END_TEST

START_TEST(leaves_the_module_given_as_it_was)
{
    struct wasm_module module;
    const char *name = load(&module, _i);
    struct normalised once = normalise(&module, name);
    struct normalised again = normalise(&module, name);
    ck_assert_msg(once.size == again.size &&
                      memcmp(once.bytes, again.bytes, once.size) == 0,
                  "%s", name);
}
END_TEST

/* ---- Meaning: both in the interpreter, all memory after some blocks ---- */

static void call(struct interp *interp, const struct wasm_module *module,
                 const char *export, unsigned times, struct buf *log)
{
    const struct wasm_export *found =
        wasm_find_export(module, WASM_FUNCTION, export);
    for (unsigned i = 0; found != NULL && i < times; i++) {
        struct interp_stop stop = {NULL, 0, 0};
        uint64_t fuel = 100000000;
        enum interp_result result =
            interp_call(interp, found->index, &fuel, &stop);
        if (result != INTERP_DONE) {
            buf_format(log, "%s %u: %d %s in %u; ", export, i, (int)result,
                       stop.text != NULL ? stop.text : "", stop.function);
            return;
        }
    }
}

/* Runs 'names' for their exports, 'run' for the code: the indices of functions
 * are the same in both. The log tells traps and a hash of each memory. */
static const char *behaviour(const struct wasm_module *names,
                             const struct wasm_module *run)
{
    enum { BLOCKS = 4, FRAMES = 128 };
    struct interp *interp = NULL;
    struct buf log;
    buf_init(&log, &arena);
    if (!interp_create(&interp, run, &arena, &diag)) {
        diag_init(&diag, NULL);
        return "cannot run";
    }
    if (names->has_start) {
        uint64_t fuel = 1000;
        struct interp_stop stop;
        ck_assert_int_eq(
            interp_call(interp, names->start_function, &fuel, &stop),
            INTERP_DONE);
    }
    call(interp, names, "initDefaults", 1, &log);
    call(interp, names, "init", 1, &log);
    for (unsigned block = 0; block < BLOCKS; block++) {
        call(interp, names, "buffer", 1, &log);
        call(interp, names, "main", FRAMES, &log);
    }
    for (uint32_t i = 0; i < run->memory_count; i++) {
        uint64_t bytes = 0;
        const uint8_t *memory = interp_memory(interp, i, &bytes);
        buf_format(&log, "%llu %08x; ", (unsigned long long)bytes,
                   fnv1a(memory, (size_t)(bytes < 1 << 22 ? bytes : 1 << 22)));
    }
    interp_destroy(interp);
    return buf_string(&log);
}

START_TEST(means_the_same)
{
    struct wasm_module module;
    struct wasm_module after;
    const char *name = load(&module, _i);
    struct normalised result = normalise(&module, name);
    read_back(&after, &result, name);
    const char *before = behaviour(&module, &module);
    ck_assert_msg(strcmp(before, behaviour(&module, &after)) == 0,
                  "%s: was: %s, is: %s", name, before,
                  behaviour(&module, &after));
}
END_TEST

/* ---- The writer alone ---- */

START_TEST(write_gives_back_what_was_read)
{
    struct wasm_module module;
    const char *name = load(&module, _i);
    struct buf out;
    buf_init(&out, &arena);
    wasm_write(&out, &module, NULL, 0);
    ck_assert_msg(out.length == module.size &&
                      memcmp(out.bytes, module.bytes, module.size) == 0,
                  "%s: %zu bytes, written %zu", name, module.size, out.length);
}
END_TEST

static const struct {
    int64_t value;
    const char *u32; /* NULL: none */
    const char *s32;
} lebs[] = {
    {0, "\x00", "\x00"},
    {1, "\x01", "\x01"},
    {63, "\x3f", "\x3f"},
    {64, "\x40", "\xc0\x00"},
    {127, "\x7f", "\xff\x00"},
    {128, "\x80\x01", "\x80\x01"},
    {16383, "\xff\x7f", "\xff\xff\x00"},
    {65536, "\x80\x80\x04", "\x80\x80\x04"},
    {INT32_MAX, "\xff\xff\xff\xff\x07", "\xff\xff\xff\xff\x07"},
    {UINT32_MAX, "\xff\xff\xff\xff\x0f", NULL},
    {-1, NULL, "\x7f"},
    {-64, NULL, "\x40"},
    {-65, NULL, "\xbf\x7f"},
    {-128, NULL, "\x80\x7f"},
    {INT32_MIN, NULL, "\x80\x80\x80\x80\x78"},
};

/* The length is that of the text, or 1 for a lone zero byte; a zero as the last
 * byte of a longer one is the NUL of the text. */
static void check_leb(const struct buf *out, const char *expected)
{
    size_t length = strlen(expected);
    bool ends_in_zero = length == 0 || (expected[length - 1] & 0x80) != 0;
    length += ends_in_zero ? 1 : 0;
    ck_assert_uint_eq(out->length, length);
    ck_assert_int_eq(memcmp(out->bytes, expected, length), 0);
}

START_TEST(writes_the_shortest_leb128)
{
    struct buf out;
    if (lebs[_i].u32 != NULL) {
        buf_init(&out, &arena);
        wasm_write_u32(&out, (uint32_t)lebs[_i].value);
        check_leb(&out, lebs[_i].u32);
    }
    if (lebs[_i].s32 != NULL) {
        buf_init(&out, &arena);
        wasm_write_s32(&out, (int32_t)lebs[_i].value);
        check_leb(&out, lebs[_i].s32);
    }
}
END_TEST

/* ---- What inspect tells ---- */

START_TEST(plan_tells_what_will_change)
{
    struct wasm_module module;
    wat_module(&module, texts[4], &arena);
    const char **lines = NULL;
    uint32_t count = normalise_plan(&module, &lines, &arena);
    ck_assert_uint_eq(count, 4);
    ck_assert_str_eq(lines[0], "memory 1: shared becomes plain");
    ck_assert_str_eq(lines[1], "memory 2: the module's own becomes an import");
    ck_assert_str_eq(lines[2], "memory 3: the module's own becomes an import");
    ck_assert_str_eq(lines[3],
                     "memory.size: 4 instructions folded to a constant");
    wat_module(&module, texts[2], &arena);
    count = normalise_plan(&module, &lines, &arena);
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(lines[2], "exports: 2 that are not functions dropped");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("normalise");
    TCase *tcase = tcase_create("rewrites");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, wabt_accepts_the_result, 0, CASE_COUNT);
    tcase_add_loop_test(tcase, has_the_one_shape, 0, CASE_COUNT);
    tcase_add_loop_test(tcase, is_its_own_normal_form, 0, CASE_COUNT);
    tcase_add_loop_test(tcase, leaves_the_module_given_as_it_was, 0,
                        CASE_COUNT);
    tcase_add_loop_test(tcase, means_the_same, 0, CASE_COUNT);
    /* wat2wasm's own text of several memories has forms of its own. */
    tcase_add_loop_test(tcase, write_gives_back_what_was_read, 0,
                        2 * VECTOR_COUNT);
    tcase_add_loop_test(tcase, writes_the_shortest_leb128, 0,
                        sizeof(lebs) / sizeof(lebs[0]));
    tcase_add_test(tcase, plan_tells_what_will_change);
    suite_add_tcase(suite, tcase);
    return suite;
}
