/* SPDX-License-Identifier: MIT */
/*
 * Functions from outside: built with --import-c and stubs, and memory is what
 * it must be.
 */
#include "builder.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Calls every import once and stores what it returns. */
static const char importing[] =
    "(module\n"
    " (import \"host\" \"a\" (func $a0 (param i32) (result i32)))\n"
    " (import \"host\" \"a\" (func $a1 (param f32) (result f32)))\n"
    " (import \"host\" \"a_1\" (func $a2 (result i32)))\n"
    " (import \"host\" \"odd name.x\" (func $odd (param i64 f64)))\n"
    " (import \"env\" \"pair\" (func $pair (param f64 i64)\n"
    "  (result f32 i32 i64 f64)))\n"
    " (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"buffer\") (local f32 i32 i64 f64)\n"
    "  (i32.store (i32.const 0) (call $a0 (i32.const -7)))\n"
    "  (f32.store (i32.const 4) (call $a1 (f32.const 1.5)))\n"
    "  (i32.store (i32.const 8) (call $a2))\n"
    "  (call $odd (i64.const -5) (f64.const 0.25))\n"
    "  (call $pair (f64.const 2.5) (i64.const 0x100000000))\n"
    "  local.set 3 local.set 2 local.set 1 local.set 0\n"
    "  (f32.store (i32.const 16) (local.get 0))\n"
    "  (i32.store (i32.const 20) (local.get 1))\n"
    "  (i64.store (i32.const 24) (local.get 2))\n"
    "  (f64.store (i32.const 32) (local.get 3))))\n";

static const char provided[] =
    "#include \"f4e-imports.h\"\n"
    "static double seen;\n"
    "int32_t f4e_import_a(int32_t n) { return n * 2; }\n"
    "float f4e_import_a__1(float n) { return n + 1; }\n"
    "int32_t f4e_import_a_1(void) { return 77; }\n"
    "void f4e_import_odd_name_x(int64_t n, double d) { seen = n + d; }\n"
    "struct f4e_import_env_pair_results f4e_import_env_pair(double d,"
    " int64_t n)\n"
    "{ struct f4e_import_env_pair_results r = {(float)d, (int32_t)(n >> 32),"
    " n - 1, seen}; return r; }\n";

struct imported {
    int32_t a0;
    float a1;
    int32_t a2;
    int32_t nothing;
    float r0;
    int32_t r1;
    int64_t r2;
    double r3;
};

static struct imported run_importing(const char *patch)
{
    struct imported result;
    char *program = text("./%s", patch);
    struct child child = RUN_PROGRAM(program, "--render", "-", "--blocks", "1",
                                     "--quiet", "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    ck_assert_uint_eq(size, 65536);
    memcpy(&result, memory, sizeof(result));
    free(memory);
    free(program);
    return result;
}

START_TEST(imports_come_from_a_c_file)
{
    builder_wat("p.wasm", importing);
    spit(builder_path("i.c"), provided, strlen(provided));
    struct child child =
        BUILD("p.wasm", "-q", "--out", "0=1024", "--import-c", "i.c");
    child_free(&child);
    struct imported got = run_importing("p");
    ck_assert_int_eq(got.a0, -14);
    ck_assert(got.a1 == 2.5F);
    ck_assert_int_eq(got.a2, 77);
    ck_assert(got.r0 == 2.5F);
    ck_assert_int_eq(got.r1, 1);
    ck_assert_int_eq((long long)got.r2, 0xffffffff);
    ck_assert(got.r3 == -4.75);
}
END_TEST

/* Sends in each block: to port 0, and to port 2. */
static const char sending[] =
    "(module (import \"host\" \"midiOut\" (func $m (param i32 i32 i32)))"
    " (import \"env\" \"midiOutPort\" (func $p (param i32 i32 i32 i32)))"
    " (import \"host\" \"memory\" (memory 1 1))"
    " (func (export \"main\"))"
    " (func (export \"buffer\")"
    "  (call $m (i32.const 0x90) (i32.const 60) (i32.const 100))"
    "  (call $p (i32.const 2) (i32.const 0x81) (i32.const 60) (i32.const 9))))";

/* The last bytes of what it writes in one block. */
static void expect_sent(const unsigned char *want, size_t count)
{
    size_t size = 0;
    struct child child = RUN_PROGRAM("./p", "--render", "none", "--blocks", "1",
                                     "--quiet", "--midi-out", "x.mid");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    unsigned char *file = slurp(builder_path("x.mid"), &size);
    ck_assert_uint_ge(size, count);
    for (size_t i = 0; i < count; i++) {
        unsigned char got = file[size - count + i];
        ck_assert_msg(got == want[i], "byte %zu is %02x, not %02x", i, got,
                      want[i]);
    }
    free(file);
}

START_TEST(imports_send_midi)
{
    static const unsigned char both[] = {0, 0x90, 60, 100, 0, 0xff, 0x21, 1, 2,
                                         0, 0x81, 60, 9,
                                         /* The note is on still. */
                                         0x81, 0, 0xff, 0x21, 1, 0, 0, 0x80, 60,
                                         0, 0, 0xb0, 123, 0, 0, 0xff, 0x2f, 0};
    static const unsigned char own[] = {
        0, 0xff, 0x21, 1,    7,  0, 0xe1, 60, 100,  0,    0xff, 0x21,
        1, 2,    0,    0x81, 60, 9, 0x81, 0,  0xff, 0x2f, 0};
    static const unsigned char stub[] = {0,  0xff, 0x21, 1, 2,    0,    0x81,
                                         60, 9,    0x81, 0, 0xff, 0x2f, 0};
    static const char define[] =
        "#include \"f4e-imports.h\"\n"
        "void f4e_midi_out(unsigned, unsigned, unsigned, unsigned);\n"
        "void f4e_import_midiOut(int32_t status, int32_t a, int32_t b) {\n"
        "    f4e_midi_out(7, status + 0x51, a, b);\n}\n";
    builder_wat("p.wasm", sending);
    struct child child = RUN("inspect", "p.wasm", "--out", "0=1024");
    ck_assert_msg(strstr(child.out,
                         "midi out     'host' 'midiOut' sends to port 0\n"
                         "midi out     'env' 'midiOutPort' sends to ports 0 "
                         "to 15\n") != NULL,
                  "%s", child.out);
    child_free(&child);
    child = BUILD("p.wasm", "-q", "--out", "0=1024");
    child_free(&child);
    expect_sent(both, sizeof(both));
    spit(builder_path("i.c"), define, strlen(define));
    child = BUILD("p.wasm", "-q", "--out", "0=1024", "--import-c", "i.c");
    child_free(&child);
    expect_sent(own, sizeof(own));
    child =
        BUILD("p.wasm", "-q", "--out", "0=1024", "--import-stub", "midiOut");
    child_free(&child);
    expect_sent(stub, sizeof(stub));
    /* The file defines something else: what it does not define is ours. */
    spit(builder_path("i.c"), "int x;\n", 7);
    child = BUILD("p.wasm", "-q", "--out", "0=1024", "--import-c", "i.c");
    child_free(&child);
    expect_sent(both, sizeof(both));
}
END_TEST

/* By words of memory, which a manifest names: an older module. */
START_TEST(words_send_midi)
{
    static const unsigned char sent[] = {
        0x81, 0, 0x95, 60, 127, 0x81, 0, 0x85, 60, 127, 0x81, 0, 0xff, 0x2f, 0};
    static const char manifest[] =
        "{\"f4e-manifest\": 1, \"items\": ["
        "{\"name\": \"m:gate\", \"address\": 4},"
        "{\"name\": \"m:note\", \"address\": 8},"
        "{\"name\": \"m:ch\", \"address\": 12}], \"midiOut\": ["
        "{\"gate\": \"m:gate\", \"note\": \"m:note\", \"channel\": "
        "\"m:ch\"}]}";
    /* The gate is open in the second block of three. */
    builder_wat("p.wasm",
                "(module (import \"host\" \"memory\" (memory 1 1))"
                " (func (export \"main\"))"
                " (func (export \"buffer\")"
                "  (i32.store (i32.const 8) (i32.const 60))"
                "  (i32.store (i32.const 12) (i32.const 6))"
                "  (i32.store (i32.const 4) (i32.eq (i32.load (i32.const 0))"
                "   (i32.const 1)))"
                "  (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0))"
                "   (i32.const 1)))))");
    spit(builder_path("p.json"), manifest, strlen(manifest));
    struct child child =
        RUN("inspect", "p.wasm", "--out", "0=1024", "--manifest", "p.json");
    ck_assert_msg(strstr(child.out,
                         "midi out     notes: gate m:gate, note "
                         "m:note, channel m:ch (manifest)\n") != NULL,
                  "%s%s", child.out, child.err);
    child_free(&child);
    child = BUILD("p.wasm", "-q", "--out", "0=1024", "--manifest", "p.json");
    child_free(&child);
    size_t size = 0;
    child = RUN_PROGRAM("./p", "--render", "none", "--blocks", "3", "--quiet",
                        "--midi-out", "x.mid");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    unsigned char *file = slurp(builder_path("x.mid"), &size);
    ck_assert_uint_ge(size, sizeof(sent));
    ck_assert_mem_eq(file + size - sizeof(sent), sent, sizeof(sent));
    free(file);
}
END_TEST

START_TEST(imports_that_only_look_like_midi_are_missing)
{
    builder_wat("p.wasm",
                "(module (import \"host\" \"midiOut\" (func (param f32)))"
                " (import \"host\" \"memory\" (memory 1 1))"
                " (func (export \"main\")))");
    struct child child = RUN("p.wasm", "-q", "--out", "0=1024");
    ck_assert_int_eq(child.status, 1);
    ck_assert_msg(strstr(child.err, "with parameters (i32, i32, i32) and no "
                                    "result it sends MIDI") != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

START_TEST(imports_may_be_stubs)
{
    builder_wat("p.wasm", importing);
    struct child child =
        BUILD("p.wasm", "-q", "--out", "0=1024", "--import-stub", "a",
              "--import-stub", "a_1", "--import-stub", "odd name.x",
              "--import-stub=pair");
    child_free(&child);
    struct imported got = run_importing("p");
    ck_assert_int_eq(got.a0, 0);
    ck_assert(got.a1 == 0);
    ck_assert_int_eq(got.a2, 0);
    ck_assert(got.r0 == 0);
    ck_assert_int_eq(got.r1, 0);
    ck_assert_int_eq((long long)got.r2, 0);
    ck_assert(got.r3 == 0);
}
END_TEST

START_TEST(wrong_import_c_is_the_compilers_to_explain)
{
    builder_wat("p.wasm", importing);
    spit(builder_path("i.c"), "int f4e_import_a(", 17);
    struct child child =
        RUN("p.wasm", "-q", "-O0", "--out", "0=1024", "--import-c", "i.c");
    ck_assert_int_eq(child.status, 3);
    ck_assert_ptr_nonnull(strstr(child.err, "i.c:1:"));
    ck_assert_ptr_nonnull(strstr(child.err, "\nf4e-build: 'clang"));
    child_free(&child);
    ck_assert_int_ne(access(builder_path("p"), F_OK), 0);
}
END_TEST

static const char repeated[] =
    "(module\n"
    " (import \"host\" \"random\" (func $a (result i32)))\n"
    " (import \"host\" \"random\" (func $b (result i32)))\n"
    " (import \"host\" \"random\" (func $c (result f32)))\n"
    " (import \"host\" \"pair\" (func $d (param f32) (result i32 f64)))\n"
    " (import \"host\" \"pair\" (func $e (param f32) (result i32 f64)))\n"
    " (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"buffer\")\n"
    "  (i32.store (i32.const 0) (i32.add (call $a) (call $b)))\n"
    "  (f32.store (i32.const 4) (call $c))\n"
    "  (call $d (f32.const 1)) drop drop (call $e (f32.const 1)) drop drop))\n";

/* One function for imports that are the same; with <> as the manual has it. */
START_TEST(one_function_serves_equal_imports)
{
    static const char source[] =
        "#include <f4e-imports.h>\n"
        "int32_t f4e_import_random(void) { static int32_t n; return ++n; }\n"
        "float f4e_import_random_2(void) { return 0.5f; }\n"
        "struct f4e_import_pair_results f4e_import_pair(float x)\n"
        "{ struct f4e_import_pair_results r = {1, (double)x}; return r; }\n";
    builder_wat("p.wasm", repeated);
    spit(builder_path("i.c"), source, sizeof(source) - 1);
    struct child child = BUILD("p.wasm", "-q", "--import-c", "i.c");
    child_free(&child);
    child = RUN_PROGRAM("./p", "--quiet", "--dummy", "--blocks", "1",
                        "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    static const uint32_t right[] = {3, 0x3f000000};
    ck_assert_int_eq(memcmp(memory, right, sizeof(right)), 0);
    free(memory);
}
END_TEST

static const struct {
    const char *compiler;
    const char *kind; /* of --emit */
} undefined[] = {
    {"clang-19", "program"}, {"gcc", "program"},      {"clang-19", "object"},
    {"gcc", "object"},       {"clang-19", "library"}, {"gcc", "library"},
};

/* Named with what to define, whichever linker noticed; none notices in what
 * other programs link. */
START_TEST(names_what_import_c_does_not_define)
{
    static const char source[] = "#include \"f4e-imports.h\"\n";
    builder_wat("p.wasm", repeated);
    spit(builder_path("i.c"), source, sizeof(source) - 1);
    struct child child =
        RUN("p.wasm", "-q", "-O0", "--import-c", "i.c", "-o", "product", "--cc",
            undefined[_i].compiler, "--emit", undefined[_i].kind);
    ck_assert_msg(child.status == 1, "%s %s: %d, %s", undefined[_i].compiler,
                  undefined[_i].kind, child.status, child.err);
    ck_assert_ptr_nonnull(strstr(child.err, "'i.c' does not define "));
    ck_assert_int_ne(access(builder_path("product"), F_OK), 0);
    static const char *const hints[] = {
        "hint: define int32_t f4e_import_random(void);\n",
        "hint: define float f4e_import_random_2(void);\n",
        "f4e_import_pair(float);\n"};
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        ck_assert_msg(strstr(child.err, hints[i]) != NULL, "%s", child.err);
    }
    ck_assert_ptr_null(strstr(child.err, "the command was"));
    child_free(&child);
}
END_TEST

/* lld stops at twenty of its own accord. */
START_TEST(names_all_that_import_c_does_not_define)
{
    enum { FUNCTIONS = 25 };
    static const char *const compilers[] = {"clang-19", "gcc"};
    char *imports = text("%s", "");
    char *calls = text("%s", "");
    for (int i = 0; i < FUNCTIONS; i++) {
        char *more = text("%s (import \"host\" \"fn%d\" (func))\n", imports, i);
        free(imports);
        imports = more;
        more = text("%s (call %d)", calls, i);
        free(calls);
        calls = more;
    }
    char *module = text("(module (import \"host\" \"memory\" (memory 1 1))\n"
                        "%s (func (export \"buffer\")%s))\n",
                        imports, calls);
    builder_wat("p.wasm", module);
    spit(builder_path("i.c"), "", 0);
    struct child child = RUN("p.wasm", "-q", "-O0", "--out", "0=64",
                             "--import-c", "i.c", "--cc", compilers[_i]);
    ck_assert_int_eq(child.status, 1);
    for (int i = 0; i < FUNCTIONS; i++) {
        char *hint = text("hint: define void f4e_import_fn%d(void);\n", i);
        ck_assert_msg(strstr(child.err, hint) != NULL, "%s%s", hint, child.err);
        free(hint);
    }
    child_free(&child);
    free(module);
    free(calls);
    free(imports);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("imports");
    TCase *tcase = tcase_create("modules");
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, imports_come_from_a_c_file);
    tcase_add_test(tcase, words_send_midi);
    tcase_add_test(tcase, imports_send_midi);
    tcase_add_test(tcase, imports_that_only_look_like_midi_are_missing);
    tcase_add_test(tcase, imports_may_be_stubs);
    tcase_add_test(tcase, wrong_import_c_is_the_compilers_to_explain);
    tcase_add_test(tcase, one_function_serves_equal_imports);
    tcase_add_loop_test(tcase, names_what_import_c_does_not_define, 0,
                        sizeof(undefined) / sizeof(undefined[0]));
    tcase_add_loop_test(tcase, names_all_that_import_c_does_not_define, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
