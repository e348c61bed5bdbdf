/* SPDX-License-Identifier: MIT */
/*
 * --emit bundle: what it makes builds elsewhere without f4e-build, with make
 * and gcc and with CMake and clang, and plays the same; and what it refuses.
 */
#include "suite.h"

#include "builder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An asset, an import, and data that is too large for C text: the output is
 * all of them added up. */
static const char everything[] =
    "(module\n"
    " (import \"host\" \"memory\" (memory 2 2))\n"
    " (import \"host\" \"level\" (func $level (result f32)))\n"
    " (func (export \"initDefaults\")\n"
    "  (memory.init $table (i32.const 0x4000) (i32.const 0)\n"
    "   (i32.const 20000)))\n"
    " (func (export \"buffer\") (local $i i32)\n"
    "  (loop $again\n"
    "   (f32.store offset=16 (i32.shl (local.get $i) (i32.const 2))\n"
    "    (f32.add (call $level)\n"
    "     (f32.div (f32.convert_i32_s (i32.add\n"
    "       (i32.load8_u offset=0x1000 (local.get $i))\n"
    "       (i32.load8_u offset=0x4000 (i32.load (i32.const 4)))))\n"
    "      (f32.const 1024))))\n"
    "   (i32.store (i32.const 4)\n"
    "    (i32.add (i32.load (i32.const 4)) (i32.const 1)))\n"
    "   (br_if $again (i32.lt_s\n"
    "    (local.tee $i (i32.add (local.get $i) (i32.const 1)))\n"
    "    (i32.const 128)))))\n"
    " (data $table \"%s\"))\n";

static const char imports_c[] =
    "#include \"f4e-imports.h\"\n"
    "# include <math.h>\n"
    "float f4e_import_level(void) { return sqrtf(0.01f); }\n";

static void setup(void)
{
    enum { TABLE = 20000, ASSET = 128 };
    static char data[TABLE + 1];
    char asset[ASSET];
    builder_setup();
    for (int i = 0; i < TABLE; i++) {
        data[i] = (char)('a' + (i * 7 + i / 26) % 26);
    }
    for (int i = 0; i < ASSET; i++) {
        asset[i] = (char)(i * 3);
    }
    char *module = text(everything, data);
    builder_wat("patch.wasm", module);
    free(module);
    spit(builder_path("asset.raw"), asset, sizeof(asset));
    spit(builder_path("imports.c"), imports_c, strlen(imports_c));
}

#define INPUTS \
    "patch.wasm", "--asset", "0x1000=asset.raw", "--import-c", "imports.c"

static void make_bundle(const char *name)
{
    struct child child = RUN("-q", "--emit", "bundle", name, INPUTS);
    ck_assert_msg(child.status == 0, "%s", child.err);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
}

static void succeeds(const char *program, const char *const *arguments)
{
    struct child child = builder_run(program, arguments);
    ck_assert_msg(child.status == 0, "%s: %s%s", program, child.out, child.err);
    child_free(&child);
}

#define SUCCEEDS(program, ...) \
    succeeds(program, (const char *const[]){__VA_ARGS__, NULL})

/* What 'program' renders and what its memory holds then. */
static struct child render(const char *program, const char *memory)
{
    struct child child =
        RUN_PROGRAM(builder_path(program), "--quiet", "--render", "-",
                    "--blocks", "50", "--dump-memory", builder_path(memory));
    ck_assert_msg(child.status == 0, "%s: %s", program, child.err);
    ck_assert_uint_eq(child.out_length, 50 * 128 * 2 * sizeof(float));
    return child;
}

static void expect_same_as_direct(const char *program)
{
    struct child direct = RUN("-q", "-O1", "-o", "direct", INPUTS);
    ck_assert_msg(direct.status == 0, "%s", direct.err);
    child_free(&direct);
    direct = render("direct", "memory.direct");
    struct child child = render(program, "memory.bundle");
    ck_assert_mem_eq(child.out, direct.out, direct.out_length);
    child_free(&child);
    child_free(&direct);
    size_t size = 0;
    size_t direct_size = 0;
    unsigned char *memory = slurp(builder_path("memory.bundle"), &size);
    unsigned char *expected =
        slurp(builder_path("memory.direct"), &direct_size);
    ck_assert_uint_eq(size, 2 * 65536);
    ck_assert_uint_eq(size, direct_size);
    ck_assert_mem_eq(memory, expected, size);
    free(memory);
    free(expected);
}

/* Moved first: nothing in it depends on where it was made. */
START_TEST(builds_with_make_and_gcc)
{
    make_bundle("made");
    ck_assert_int_eq(rename(builder_path("made"), builder_path("moved")), 0);
    SUCCEEDS("make", "-s", "-j2", "-C", "moved", "CC=gcc", "CFLAGS=-O1");
    expect_same_as_direct("moved/made");
    SUCCEEDS("make", "-s", "-C", "moved", "CC=false", "install", "PREFIX=/usr",
             "DESTDIR=root");
    ck_assert(access(builder_path("moved/root/usr/bin/made"), X_OK) == 0);
    SUCCEEDS("make", "-s", "-C", "moved", "clean");
    ck_assert(access(builder_path("moved/made"), F_OK) != 0);
}
END_TEST

/* Its project puts one sound file into two variables: one copy serves both. */
START_TEST(bundles_assets_that_share_a_file)
{
    struct child child = RUN("-q", "--emit", "bundle", "-o", "drum",
                             F4E_EXAMPLES "/drum/drum.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    SUCCEEDS("make", "-s", "-j2", "-C", "drum", "CC=gcc", "CFLAGS=-O1");
    child = RUN("-q", "-O1", "-o", "direct", F4E_EXAMPLES "/drum/drum.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child = render("drum/drum", "memory.bundle");
    struct child direct = render("direct", "memory.direct");
    ck_assert_mem_eq(child.out, direct.out, direct.out_length);
    child_free(&child);
    child_free(&direct);
}
END_TEST

START_TEST(builds_with_cmake_and_clang)
{
    make_bundle("made");
    SUCCEEDS("cmake", "-S", "made", "-B", "out", "-G", "Ninja",
             "-DCMAKE_C_COMPILER=" F4E_CLANG);
    SUCCEEDS("cmake", "--build", "out");
    expect_same_as_direct("out/made");
    /* A changed sound is built in anew. */
    spit(builder_path("made/generated/asset0.bin"), "\1", 1);
    struct child child = RUN_PROGRAM("ninja", "-C", "out", "-n");
    ck_assert_msg(strstr(child.out, "glue.c") != NULL, "%s", child.out);
    child_free(&child);
}
END_TEST

START_TEST(manifest_lists_every_file)
{
    make_bundle("made");
    struct child child =
        RUN_PROGRAM("sh", "-c",
                    "cd made && sha256sum --quiet -c MANIFEST && "
                    "find . -type f | sed 's|^./||' | sort >../found && "
                    "sed 's/^[0-9a-f]*  //' MANIFEST >../listed && "
                    "echo MANIFEST >>../listed && sort ../listed | "
                    "diff - ../found");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
}
END_TEST

/* Neither where it was made nor where f4e-build is. */
START_TEST(holds_no_path_of_this_machine)
{
    make_bundle("made");
    const char *const paths[] = {builder_work, builder_temporary, F4E_SHIM,
                                 "/tmp/f4e-build"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct child child = RUN_PROGRAM("grep", "-rF", paths[i], "made");
        ck_assert_msg(child.status == 1, "%s", child.out);
        child_free(&child);
    }
}
END_TEST

START_TEST(same_input_same_bytes)
{
    make_bundle("one/");
    ck_assert_int_eq(mkdir(builder_path("sub"), 0777), 0);
    make_bundle("sub/one");
    SUCCEEDS("diff", "-r", "one", "sub/one");
    /* And again over itself. */
    make_bundle("one");
    SUCCEEDS("diff", "-r", "one", "sub/one");
}
END_TEST

/* Names of patches are no words for make. */
static const struct {
    const char *name;
    const char *program;
} names[] = {
    {"install", "install-patch"},
    {"Shim", "Shim-patch"},
    {"README", "README-patch"}, /* files of the bundle */
    {"Manifest", "Manifest-patch"},
    {"LICENSE", "LICENSE-patch"},
    {"My Synth_2", "My-Synth-2"},
    {"\xd0\xbc\xd0\xb8", "patch-89a46a47"},
    {"a b$(touch x)`touch y`;\"'", "a-b-touch-x-touch-y"},
    {"../../up", "up"},
};

START_TEST(program_name_is_harmless)
{
    struct child child =
        RUN("-q", "--emit", "bundle", "made", "--name", names[_i].name, INPUTS);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child = RUN_PROGRAM("make", "-n", "-C", "made");
    ck_assert_int_eq(child.status, 0);
    char *expected = text("-o %s ", names[_i].program);
    ck_assert_msg(strstr(child.out, expected) != NULL, "%s: %s", expected,
                  child.out);
    free(expected);
    child_free(&child);
    ck_assert(access(builder_path("made/x"), F_OK) != 0);
    ck_assert(access(builder_path("made/y"), F_OK) != 0);
}
END_TEST

static void refused(const struct child *child, int status, const char *says,
                    const char *hint)
{
    ck_assert_msg(child->status == status && strstr(child->err, says) != NULL &&
                      strstr(child->err, hint) != NULL,
                  "status %d: %s", child->status, child->err);
}

START_TEST(refuses_a_folder_with_other_files)
{
    ck_assert_int_eq(mkdir(builder_path("mine"), 0777), 0);
    spit(builder_path("mine/letter"), "dear", 4);
    struct child child = RUN("-q", "--emit", "bundle", "mine", INPUTS);
    refused(&child, 2, "'mine' holds files that no build made",
            "give --emit bundle a new or empty folder");
    child_free(&child);
    ck_assert_uint_eq(directory_count(builder_path("mine")), 1);
    child = RUN("-q", "--emit", "bundle", "asset.raw", "--import-c",
                "imports.c", "patch.wasm");
    refused(&child, 4, "'asset.raw' is not a directory", "");
    child_free(&child);
}
END_TEST

START_TEST(refuses_to_overwrite_an_input)
{
    make_bundle("made");
    struct child child =
        RUN("-q", "--emit", "bundle", "made", "patch.wasm", "--import-c",
            "imports.c", "--asset", "0x1000=made/generated/asset0.bin");
    refused(&child, 2, "made/generated/asset0.bin", "");
    child_free(&child);
}
END_TEST

START_TEST(refuses_imports_in_several_files)
{
    static const char several[] = "#include \"f4e-imports.h\"\n"
                                  "  #\tinclude\t\"more.h\" // x\n"
                                  "float f4e_import_level(void);\n";
    spit(builder_path("imports.c"), several, strlen(several));
    struct child child = RUN("-q", "--emit", "bundle", "made", INPUTS);
    refused(&child, 1,
            "'imports.c' includes 'more.h', which the bundle would not have",
            "put everything into one file");
    child_free(&child);
    ck_assert(access(builder_path("made"), F_OK) != 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("bundle");
    TCase *tcase = tcase_create("bundle");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, setup, builder_teardown);
    tcase_add_test(tcase, builds_with_make_and_gcc);
    tcase_add_test(tcase, bundles_assets_that_share_a_file);
    tcase_add_test(tcase, builds_with_cmake_and_clang);
    tcase_add_test(tcase, manifest_lists_every_file);
    tcase_add_test(tcase, holds_no_path_of_this_machine);
    tcase_add_test(tcase, same_input_same_bytes);
    tcase_add_loop_test(tcase, program_name_is_harmless, 0,
                        sizeof(names) / sizeof(names[0]));
    tcase_add_test(tcase, refuses_a_folder_with_other_files);
    tcase_add_test(tcase, refuses_to_overwrite_an_input);
    tcase_add_test(tcase, refuses_imports_in_several_files);
    suite_add_tcase(suite, tcase);
    return suite;
}
