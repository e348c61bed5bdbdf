/* SPDX-License-Identifier: MIT */
/* --emit object and --emit library: patches inside other programs. */
#include "suite.h"

#include "builder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Another patch, with an import in C and a name for its helper that a host
 * may have too. */
static const char noise[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (import \"env\" \"next\" (func $next (result f32)))\n"
    " (func (export \"buffer\") (local $i i32)\n"
    "  (loop $again\n"
    "   (f32.store offset=16 (i32.shl (local.get $i) (i32.const 2))\n"
    "    (call $next))\n"
    "   (br_if $again (i32.lt_s\n"
    "    (local.tee $i (i32.add (local.get $i) (i32.const 1)))\n"
    "    (i32.const 128)))))\n"
    " (func (export \"one\") (param i32) (result i32) (local.get 0))\n"
    " (func (export \"all\") (param f64) (result i32 f32 f64 i64)\n"
    "  (i32.const -7) (f32.const 0.1) (local.get 0) (i64.const -8))\n"
    " (func (export \"none\")))\n";
static const char next[] =
    "#include \"f4e-imports.h\"\n"
    "#include <stdint.h>\n"
    "uint32_t state = 1;\n"
    "int helper(void) { return state = state * 1664525u + 1013904223u; }\n"
    "float f4e_import_env_next(void) { return (float)helper() / 2147483648.0f; "
    "}\n";

static const struct {
    const char *kind;
    const char *suffix;
    const char *prefix;
    const char *compiler;
} rows[] = {
    {"library", ".a", "lib", F4E_CLANG},
    {"library", ".a", "lib", F4E_GCC},
    {"object", ".o", "", F4E_CLANG},
    {"object", ".o", "", F4E_GCC},
};

static void set_up(void)
{
    builder_setup();
    builder_wat("ramp.wasm", builder_ramp);
    builder_wat("noise.wasm", noise);
    spit(builder_path("next.c"), next, sizeof(next) - 1);
}

static void expect_success(struct child child)
{
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
}

/* Raw samples of the executable that is made of the same module. */
static void expect_same(const char *samples, const char *module)
{
    struct child child = BUILD(module, "-q", "-o", "program", "--out", "0=16",
                               "--import-c", "next.c");
    child_free(&child);
    child = RUN_PROGRAM(builder_path("program"), "--render", "-", "--blocks",
                        "3", "--denormals", "ieee", "-q");
    ck_assert_uint_eq(child.out_length, sizeof(float) * 384);
    ck_assert_msg(memcmp(samples, child.out, child.out_length) == 0,
                  "%s differs", module);
    child_free(&child);
}

static char *product(int row, const char *name)
{
    return text("%s%s%s", rows[row].prefix, name, rows[row].suffix);
}

START_TEST(two_patches_in_one_program_play_as_alone)
{
    char *first = product(_i, "ramp");
    char *second = product(_i, "noise");
    struct child child = BUILD("ramp.wasm", "-q", "--out", "0=16", "--emit",
                               rows[_i].kind, "--cc", rows[_i].compiler);
    child_free(&child);
    child =
        BUILD("noise.wasm", "-q", "--out", "0=16", "--emit", rows[_i].kind,
              "--cc", rows[_i].compiler, "--import-c", "next.c", "-o", second);
    child_free(&child);
    expect_success(RUN_PROGRAM(rows[_i].compiler, "-Wall", "-Wextra", "-Werror",
                               "-I.", F4E_LIBRARY_HOST, first, second, "-lm",
                               "-o", "host"));
    child = RUN_PROGRAM(builder_path("host"), NULL);
    ck_assert_msg(child.status == 0, "host: %d, %s", child.status, child.err);
    ck_assert_uint_eq(child.out_length, sizeof(float) * 384 * 2);
    expect_same(child.out, "ramp.wasm");
    expect_same(child.out + sizeof(float) * 384, "noise.wasm");
    child_free(&child);
    free(second);
    free(first);
}
END_TEST

START_TEST(exports_its_functions_and_no_more)
{
    char *file = product(_i, "noise");
    struct child child =
        BUILD("noise.wasm", "-q", "--out", "0=16", "--emit", rows[_i].kind,
              "--cc", rows[_i].compiler, "--import-c", "next.c");
    child_free(&child);
    child = RUN_PROGRAM("nm", "-g", "--defined-only", file);
    size_t count = 0;
    for (char *line = strtok(child.out, "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        const char *symbol = strrchr(line, ' ');
        if (symbol != NULL) {
            ck_assert_msg(strncmp(symbol, " noise_patch_", 13) == 0, "%s",
                          line);
            count++;
        }
    }
    ck_assert_uint_eq(count, 26);
    child_free(&child);
    child = RUN_PROGRAM("nm", "-u", file);
    ck_assert_ptr_null(strstr(child.out, "snd_"));
    ck_assert_ptr_null(strstr(child.out, "pthread"));
    ck_assert_ptr_null(strstr(child.out, "malloc"));
    child_free(&child);
    free(file);
}
END_TEST

START_TEST(goes_into_a_shared_object)
{
    char *file = product(_i, "ramp");
    struct child child = BUILD("ramp.wasm", "-q", "--out", "0=16", "--emit",
                               rows[_i].kind, "--cc", rows[_i].compiler);
    child_free(&child);
    expect_success(RUN_PROGRAM(
        rows[_i].compiler, "-shared", "-Wl,-z,text", "-Wl,--whole-archive",
        file, "-Wl,--no-whole-archive", "-lm", "-o", "plugin.so"));
    free(file);
}
END_TEST

static const struct {
    const char *target;
    const char *machine; /* as clang takes it */
} targets[] = {
    {"arm64", "--target=aarch64-linux-gnu"},
    {"armhf", "--target=arm-linux-gnueabihf"},
    {"riscv64", "--target=riscv64-linux-gnu"},
};

/* clang links the cross-built library into a program of that machine. */
START_TEST(is_cross_built_too)
{
    expect_success(RUN("ramp.wasm", "-q", "-O1", "--out", "0=16", "--emit",
                       "library", "--target", targets[_i].target));
    expect_success(RUN("noise.wasm", "-q", "-O1", "--out", "0=16", "--emit",
                       "library", "--import-c", "next.c", "--target",
                       targets[_i].target));
    expect_success(RUN_PROGRAM(F4E_CLANG, targets[_i].machine, "-fuse-ld=lld",
                               "-I.", F4E_LIBRARY_HOST, "libramp.a",
                               "libnoise.a", "-lm", "-o", "host"));
}
END_TEST

/* A host that lists the project's panel and moves it. */
static const char panel_host[] =
    "#include \"panel_patch.h\"\n"
    "#include <stdio.h>\n"
    "int main(void) {\n"
    " struct panel_patch *patch = panel_patch_create();\n"
    " struct f4e_library_info info = panel_patch_info();\n"
    " struct f4e_library_param param;\n"
    " struct f4e_library_view view;\n"
    " float values[4] = {0};\n"
    " double share = 0;\n"
    " for (int i = 0; i < (int)info.params; i++)\n"
    "  if (panel_patch_param(i, &param) && panel_patch_param_set(patch, i, 1)\n"
    "      && panel_patch_param_get(patch, i, &share))\n"
    "   printf(\"%s %s %g\\n\", param.kind, param.name, share);\n"
    " (void)panel_patch_piano(patch, 0, 67, true);\n"
    " for (int i = 0; i < (int)info.views; i++)\n"
    "  if (panel_patch_view(i, &view)) {\n"
    "   unsigned count = panel_patch_view_read(patch, i, values, 4, NULL);\n"
    "   printf(\"%s %s %u %g\\n\", view.kind, view.name, count,\n"
    "          (double)values[count < 4 ? count - 1 : 3]);\n"
    "  }\n"
    " char preset[4096];\n"
    " (void)panel_patch_preset_save(patch, false, preset, sizeof(preset));\n"
    " panel_patch_reset(patch);\n"
    " int count = panel_patch_preset_load(patch, preset, NULL, 0);\n"
    " panel_patch_param_get(patch, 0, &share);\n"
    " printf(\"preset %d %g\\n\", count, share);\n"
    " panel_patch_destroy(patch);\n"
    " return 0;\n"
    "}\n";

START_TEST(lists_and_moves_the_panel_of_a_project)
{
    static const char *const files[][2] = {{"shared.wasm", "panel.wasm"},
                                           {"project.8f4e", "panel.8f4e"}};
    static const char *const lines[] = {
        "slider panel:volume 1\n",  "switch panel:hold 1\n",
        "crossfade panel:dry 1\n",  "piano panel:keys 3 67\n",
        "watch panel:volume 1 4\n", "plot panel:ring 64 0\n",
        "meter panel:cutoff 1 1\n", "preset "};
    static const char *const languages[][2] = {{"c", "-std=c11"},
                                               {"c++", "-std=c++11"}};
    for (size_t i = 0; i < 2; i++) {
        char *from = text("%s/vectors/controls/%s", F4E_TEST_DATA, files[i][0]);
        size_t size = 0;
        unsigned char *bytes = slurp(from, &size);
        spit(builder_path(files[i][1]), bytes, size);
        free(bytes);
        free(from);
    }
    spit(builder_path("panel.c"), panel_host, sizeof(panel_host) - 1);
    struct child child = BUILD("panel.wasm", "-q", "--asset", "kick=", "--name",
                               "panel", "--emit", "library");
    child_free(&child);
    for (size_t k = 0; k < 2; k++) {
        expect_success(RUN_PROGRAM(F4E_CLANG, "-x", languages[k][0],
                                   languages[k][1], "-Wall", "-Wextra",
                                   "-Werror", "-I.", "panel.c", "-x", "none",
                                   "libpanel.a", "-lm", "-o", "host"));
        child = RUN_PROGRAM(builder_path("host"), NULL);
        ck_assert_int_eq(child.status, 0);
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
            ck_assert_msg(strstr(child.out, lines[i]) != NULL, "no %s in %s",
                          lines[i], child.out);
        }
        child_free(&child);
    }
}
END_TEST

START_TEST(header_is_valid_alone_and_in_cxx)
{
    struct child child = BUILD("ramp.wasm", "-q", "--emit", "object", "--name",
                               "int */ \"x\"", "-o", "any.o");
    child_free(&child);
    expect_success(RUN_PROGRAM(F4E_CLANG, "-std=c11", "-Wall", "-Wextra",
                               "-Wpedantic", "-Werror", "-fsyntax-only",
                               "int_x_patch.h"));
    expect_success(RUN_PROGRAM(F4E_CLANG, "-x", "c++", "-std=c++11", "-Wall",
                               "-Werror", "-fsyntax-only", "int_x_patch.h"));
}
END_TEST

START_TEST(names_that_differ_in_case_are_two)
{
    static const char both[] =
        "#include \"Synth_patch.h\"\n#include \"synth_patch.h\"\n"
        "struct Synth_patch *one(void) { return Synth_patch_create(); }\n"
        "struct synth_patch *two(void) { return synth_patch_create(); }\n";
    struct child child =
        BUILD("ramp.wasm", "-q", "--emit", "object", "-o", "Synth.o");
    child_free(&child);
    child = BUILD("ramp.wasm", "-q", "--emit", "object", "-o", "synth.o");
    child_free(&child);
    spit(builder_path("both.c"), both, sizeof(both) - 1);
    expect_success(RUN_PROGRAM(F4E_CLANG, "-Wall", "-Werror", "-Wno-unused",
                               "-fsyntax-only", "both.c"));
}
END_TEST

static const struct {
    const char *output;
    const char *name;
    const char *header;
} names[] = {
    {"libsine.a", "sine", "sine_patch.h"},
    {"sine.a", "sine", "sine_patch.h"},
    {"lib.a", "lib", "lib_patch.h"},
    {"my synth.a", "my synth", "my_synth_patch.h"},
    {"patch.a", "patch", "patch_patch.h"}, /* the shim has a patch.h */
    {"8bit", "8bit", "patch_8bit_patch.h"},
    {"f4e.a", "f4e", "patch_f4e_patch.h"}, /* its f4e_patch */
    {"liblibrary.a", "library", "library_patch.h"},
};

START_TEST(names_the_header_after_the_patch)
{
    struct child child =
        BUILD("ramp.wasm", "-q", "--emit", "library", "-o", names[_i].output);
    child_free(&child);
    ck_assert_msg(access(builder_path(names[_i].header), R_OK) == 0, "%s",
                  names[_i].header);
    ck_assert_uint_eq(directory_count(builder_work), 3 + 2);
}
END_TEST

START_TEST(replaces_no_input_by_its_header)
{
    spit(builder_path("noise_patch.h"), next, sizeof(next) - 1);
    struct child child = RUN("noise.wasm", "-q", "-O0", "--out", "0=16",
                             "--emit", "object", "--import-c", "noise_patch.h");
    ck_assert_int_eq(child.status, 2);
    ck_assert_msg(strstr(child.err,
                         "--emit object would overwrite 'noise_patch.h', "
                         "the file given with --import-c") != NULL,
                  "%s", child.err);
    child_free(&child);
    ck_assert_int_ne(access(builder_path("noise.o"), F_OK), 0);
}
END_TEST

START_TEST(says_which_tool_is_missing)
{
    static const char *const tools[] = {"wasm2c", F4E_GCC, "as", "ld"};
    struct child child = RUN_PROGRAM("mkdir", "bin");
    child_free(&child);
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
        char *link = text("bin/%s", tools[i]);
        /* The compiler itself: ccache would search the new PATH for it. */
        char *command = text("PATH=${PATH#/usr/lib/ccache:} && "
                             "ln -s \"$(command -v %s)\" %s",
                             tools[i], link);
        expect_success(RUN_PROGRAM("/bin/sh", "-c", command));
        free(command);
        free(link);
    }
    char *path = text("PATH=%s/bin", builder_work);
    builder_environment[0] = path;
    child = RUN("ramp.wasm", "-q", "-O0", "--emit", "library");
    ck_assert_int_eq(child.status, 3);
    ck_assert_msg(strstr(child.err, "no program 'objcopy'") != NULL &&
                      strstr(child.err, "sudo apt install binutils") != NULL,
                  "%s", child.err);
    child_free(&child);
    free(path);
}
END_TEST

Suite *test_suite(void)
{
    int count = sizeof(rows) / sizeof(rows[0]);
    Suite *suite = suite_create("library");
    TCase *tcase = tcase_create("library");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_loop_test(tcase, two_patches_in_one_program_play_as_alone, 0,
                        count);
    tcase_add_loop_test(tcase, exports_its_functions_and_no_more, 0, count);
    tcase_add_loop_test(tcase, goes_into_a_shared_object, 0, count);
    tcase_add_loop_test(tcase, is_cross_built_too, 0,
                        sizeof(targets) / sizeof(targets[0]));
    tcase_add_test(tcase, lists_and_moves_the_panel_of_a_project);
    tcase_add_test(tcase, header_is_valid_alone_and_in_cxx);
    tcase_add_test(tcase, names_that_differ_in_case_are_two);
    tcase_add_loop_test(tcase, names_the_header_after_the_patch, 0,
                        sizeof(names) / sizeof(names[0]));
    tcase_add_test(tcase, replaces_no_input_by_its_header);
    tcase_add_test(tcase, says_which_tool_is_missing);
    suite_add_tcase(suite, tcase);
    return suite;
}
