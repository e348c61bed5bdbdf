/* SPDX-License-Identifier: MIT */
/*
 * Modules that the 8f4e compiler does not write: built and run, and memory is
 * what it must be.
 */
#include "builder.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its results, computed by hand, stand in the test. */
static const char everything[] =
    "(module\n"
    " (memory (export \"memory\") 2 2)\n"
    " (global $count (export \"int\") (mut i32) (i32.const 3))\n"
    " (global $big i64 (i64.const 0x123456789abcdef0))\n"
    " (global $half (mut f64) (f64.const 0.5))\n"
    " (data (i32.const 100) \"active\\00*/\\22\")\n"
    " (data $passive \"passive\")\n"
    " (func $start (i32.store (i32.const 0) (i32.const 42)))\n"
    " (start $start)\n"
    " (func $*/ (param i32) (result i32)\n"
    "  (block $c (block $b (block $a\n"
    "   (br_table $a $b $c (local.get 0)))\n"
    "   (return (i32.const 10)))\n"
    "   (return (i32.const 20)))\n"
    "  (i32.const 30))\n"
    " (func $while (export \"while\") (export \"*/\") (export \"a b\")\n"
    "  (export \"7\") (export \"x.y\") (export \"\\c2\\a7\") (export "
    "\"main()\")\n"
    "  (export \"\\\"\\\\\\n\") (export \"f4e_patch\") (export \"\")\n"
    "  (i32.store (i32.const 4) (call 1 (i32.const 0)))\n"
    "  (i32.store (i32.const 8) (call 1 (i32.const 1)))\n"
    "  (i32.store (i32.const 12) (call 1 (i32.const 9)))\n"
    "  (i64.store (i32.const 16) (i64.rotl (global.get $big)\n"
    "   (i64.const 8)))\n"
    "  (i64.store (i32.const 24) (i64.div_s (i64.const -7) (i64.const 2)))\n"
    "  (i32.store (i32.const 32) (memory.grow (i32.const 0)))\n"
    "  (i32.store (i32.const 36) (memory.grow (i32.const 1)))\n"
    "  (i32.store (i32.const 40) (memory.size))\n"
    "  (memory.init $passive (i32.const 200) (i32.const 0) (i32.const 7))\n"
    "  (global.set $count (i32.add (global.get $count) (i32.const 1)))\n"
    "  (i32.store (i32.const 44) (global.get $count))\n"
    "  (global.set $half (f64.mul (global.get $half) (f64.const 3)))\n"
    "  (f64.store (i32.const 48) (global.get $half))\n"
    "  (i32.store16 (i32.const 56) (i32.const 0x12345))\n"
    "  (i32.store (i32.const 60) (i32.extend8_s (i32.const 0x80))))\n"
    " (func (export \"buffer\") (call $while) (call $while)))\n";

START_TEST(builds_modules_of_other_makes)
{
    struct {
        int32_t start;
        int32_t branches[3];
        uint64_t rotated;
        int64_t divided;
        int32_t grown;
        int32_t refused;
        int32_t pages;
        int32_t count;
        double product;
        uint16_t half[2];
        int32_t extended;
    } got;
    builder_wat("p.wasm", everything);
    struct child child = BUILD("p.wasm", "-q", "--out", "0=4096");
    child_free(&child);
    child = RUN_PROGRAM("./p", "--render", "-", "--blocks", "1",
                        "--dump-memory", "memory", "--denormals", "ieee");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    ck_assert_uint_eq(size, 131072);
    memcpy(&got, memory, sizeof(got));
    ck_assert_int_eq(got.start, 42);
    ck_assert_int_eq(got.branches[0], 10);
    ck_assert_int_eq(got.branches[1], 20);
    ck_assert_int_eq(got.branches[2], 30);
    ck_assert_uint_eq(got.rotated, 0x3456789abcdef012);
    ck_assert_int_eq((long long)got.divided, -3);
    ck_assert_int_eq(got.grown, 2);
    ck_assert_int_eq(got.refused, -1);
    ck_assert_int_eq(got.pages, 2);
    ck_assert_int_eq(got.count, 5);
    ck_assert(got.product == 4.5);
    ck_assert_uint_eq(got.half[0], 0x2345);
    ck_assert_uint_eq(got.half[1], 0);
    ck_assert_int_eq(got.extended, -128);
    ck_assert_int_eq(memcmp(memory + 100, "active\0*/\"", 10), 0);
    ck_assert_int_eq(memcmp(memory + 200, "passive", 8), 0);
    free(memory);
}
END_TEST

START_TEST(exports_keep_their_names)
{
    builder_wat("p.wasm", everything);
    struct child child = BUILD("p.wasm", "-q", "--out", "0=4096");
    child_free(&child);
    static const char script[] = "0b call x.y\n0b call 7\n0b call while\n";
    spit(builder_path("script"), script, strlen(script));
    child = RUN_PROGRAM("./p", "--render", "-", "--blocks", "1", "--script",
                        "script", "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    int32_t count = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    memcpy(&count, memory + 44, sizeof(count));
    ck_assert_int_eq(count, 8);
    free(memory);
    child = RUN_PROGRAM("./p", "--info");
    static const char *const names[] = {"while", "*/",       "a b",
                                        "x.y",   "\302\247", "main()"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ck_assert_msg(strstr(child.out, names[i]) != NULL, "no '%s' in:\n%s",
                      names[i], child.out);
    }
    child_free(&child);
}
END_TEST

START_TEST(builds_a_module_without_memory)
{
    builder_wat("p.wasm", "(module (func (export \"buffer\")))");
    struct child child = BUILD("p.wasm", "-q");
    child_free(&child);
    child = RUN_PROGRAM("./p", "--render", "-", "--blocks", "3");
    ck_assert_msg(child.status == 0, "%s", child.err);
    for (size_t i = 0; i < child.out_length; i++) {
        ck_assert_int_eq(child.out[i], 0);
    }
    child_free(&child);
}
END_TEST

/* (float)(int)-0.5 is +0; a compiler that may ignore FP exceptions can make it
 * trunc(-0.5), which is -0. */
static const char zero[] =
    "(module (memory 1 1) (func (export \"main\")\n"
    " (f32.store (i32.const 0) (f32.convert_i32_s\n"
    "  (i32.trunc_sat_f32_s (f32.load (i32.const 32)))))\n"
    " (f64.store (i32.const 8) (f64.convert_i32_s\n"
    "  (i32.trunc_sat_f64_s (f64.load (i32.const 40)))))\n"
    " (f32.store (i32.const 16) (f32.convert_i64_s\n"
    "  (i64.trunc_sat_f32_s (f32.load (i32.const 32)))))\n"
    " (f64.store (i32.const 24) (f64.convert_i64_s\n"
    "  (i64.trunc_sat_f64_s (f64.load (i32.const 40))))))\n"
    " (data (i32.const 32) \"\\00\\00\\00\\bf\\00\\00\\00\\00\"\n"
    "  \"\\00\\00\\00\\00\\00\\00\\e0\\bf\"))\n";

static const char *const compilers[] = {F4E_CLANG, F4E_GCC};

START_TEST(the_sign_of_zero_survives_optimisation)
{
    builder_wat("p.wasm", zero);
    struct child child = BUILD("p.wasm", "-O3", "--cpu", "native", "--cc",
                               compilers[_i], "-o", "p");
    child_free(&child);
    child = RUN_PROGRAM("./p", "--render", "/dev/null", "--blocks", "1",
                        "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    for (size_t i = 0; i < 32; i++) {
        ck_assert_msg(memory[i] == 0, "%s: byte %zu is %02x", compilers[_i], i,
                      memory[i]);
    }
    free(memory);
}
END_TEST

/* `count` times `if`, the inner ones in the outer ones, and a store in all. */
static void write_ifs(char *text, size_t size, int count)
{
    char *at = text;
    char *end = text + size;
    at += snprintf(at, (size_t)(end - at),
                   "(module (memory 1 1) (func (export \"main\")\n");
    for (int i = 0; i < count; i++) {
        at += snprintf(at, (size_t)(end - at),
                       "i32.const 8 i32.load if\n"
                       " i32.const 0 i32.const %d i32.store\n",
                       i + 1);
    }
    for (int i = 0; i < count; i++) {
        at += snprintf(at, (size_t)(end - at), "end ");
    }
    at += snprintf(at, (size_t)(end - at), ") (data (i32.const 8) \"1\"))\n");
    ck_assert_ptr_ne(at, end);
}

/* Compilers of C have limits of their own. */
START_TEST(ifs_nest_deeply)
{
    enum { COUNT = 1000, BYTES = 100 * COUNT };
    char *module = malloc(BYTES);
    ck_assert_ptr_nonnull(module);
    write_ifs(module, BYTES, COUNT);
    builder_wat("p.wasm", module);
    free(module);
    struct child child = BUILD("p.wasm", "--cc", compilers[_i], "-o", "p");
    child_free(&child);
    child = RUN_PROGRAM("./p", "--render", "/dev/null", "--blocks", "1",
                        "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    ck_assert_int_eq(memory[0] | memory[1] << 8, COUNT);
    free(memory);
}
END_TEST

/* An active and a passive segment of 'size' bytes, i mod 251 at byte i. */
static size_t write_segments(char *text, size_t size)
{
    char *at = text;
    char *bytes = malloc(3 * size + 1);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++) {
        (void)snprintf(bytes + 3 * i, 4, "\\%02x", (unsigned)(i % 251));
    }
    at += snprintf(at, 6 * size + 1000,
                   "(module (memory 2 2) (data (i32.const 16) \"%s\")\n"
                   " (data \"%s\") (func (export \"main\")\n"
                   " (memory.init 1 (i32.const 70000) (i32.const 0)\n"
                   "  (i32.const %zu))))\n",
                   bytes, bytes, size);
    free(bytes);
    return (size_t)(at - text);
}

/* More than the C text takes: the bytes come from a file. */
START_TEST(large_data_segments_arrive_whole)
{
    enum { SEGMENT = 60000 };
    char *module = malloc(8 * SEGMENT);
    ck_assert_ptr_nonnull(module);
    size_t length = write_segments(module, SEGMENT);
    ck_assert_uint_lt(length, 8 * SEGMENT);
    builder_wat("p.wasm", module);
    free(module);
    struct child child = BUILD("p.wasm", "-o", "p");
    child_free(&child);
    child = RUN_PROGRAM("./p", "--render", "/dev/null", "--blocks", "1",
                        "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    for (size_t i = 0; i < SEGMENT; i++) {
        ck_assert_uint_eq(memory[16 + i], i % 251);
        ck_assert_uint_eq(memory[70000 + i], i % 251);
    }
    free(memory);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("modules");
    TCase *tcase = tcase_create("modules");
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, builds_modules_of_other_makes);
    tcase_add_test(tcase, exports_keep_their_names);
    tcase_add_test(tcase, builds_a_module_without_memory);
    tcase_add_loop_test(tcase, the_sign_of_zero_survives_optimisation, 0,
                        sizeof(compilers) / sizeof(compilers[0]));
    tcase_add_loop_test(tcase, ifs_nest_deeply, 0,
                        sizeof(compilers) / sizeof(compilers[0]));
    tcase_add_test(tcase, large_data_segments_arrive_whole);
    suite_add_tcase(suite, tcase);
    return suite;
}
