/* SPDX-License-Identifier: MIT */
/* An installed f4e-build finds its own files, wherever it lies. */
#include "suite.h"

#include "builder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void set_up(void)
{
    builder_setup();
    struct child child = RUN_PROGRAM(F4E_CMAKE, "--install", F4E_BINARY_DIR,
                                     "--prefix", builder_path("prefix"));
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
}

static const char *const installed[] = {
    "bin/f4e-build",
    "share/f4e-build/shim/SOURCES",
    "share/f4e-build/shim/f4e_patch.h",
    "share/f4e-build/shim/rt/wasm_rt.h",
    "share/f4e-build/shim/SOURCES.library",
    "share/f4e-build/f4e-build.mk",
    "share/cmake/f4e-build/f4e-buildConfig.cmake",
    "share/pkgconfig/f4e-build.pc",
    "share/man/man1/f4e-build.1",
    "share/man/man1/f4e-patch.1",
    "share/bash-completion/completions/f4e-build",
    "share/zsh/site-functions/_f4e-build",
    "share/zsh/vendor-completions/_f4e-build",
    "share/doc/f4e-build/README.md",
    "share/doc/f4e-build/LICENSE",
    "share/doc/f4e-build/docs/patch-format.md",
    "share/doc/f4e-build/examples/sine/sine.wasm",
};

START_TEST(installs_what_is_needed)
{
    for (size_t i = 0; i < sizeof(installed) / sizeof(installed[0]); i++) {
        char *path = text("%s/%s", builder_path("prefix"), installed[i]);
        ck_assert_msg(access(path, R_OK) == 0, "%s is missing", installed[i]);
        free(path);
    }
}
END_TEST

START_TEST(builds_a_patch_from_there)
{
    builder_wat("ramp.wasm", builder_ramp);
    char *tool = text("%s/bin/f4e-build", builder_path("prefix"));
    struct child child =
        RUN_PROGRAM(tool, "-q", "-O0", "ramp.wasm", "-o", "ramp");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    builder_expect_ramp("ramp", 2);
    free(tool);
}
END_TEST

START_TEST(says_so_when_its_files_are_gone)
{
    builder_wat("ramp.wasm", builder_ramp);
    char *tool = text("%s/bin/f4e-build", builder_path("prefix"));
    struct child child =
        RUN_PROGRAM("mv", "prefix/share/f4e-build", "elsewhere");
    ck_assert_int_eq(child.status, 0);
    child_free(&child);
    child = RUN_PROGRAM(tool, "ramp.wasm", "-o", "ramp");
    ck_assert_int_eq(child.status, 3);
    ck_assert_ptr_nonnull(strstr(child.err, "F4E_DATADIR"));
    child_free(&child);
    builder_environment[0] = "F4E_DATADIR=elsewhere";
    child = RUN_PROGRAM(tool, "-q", "-O0", "--emit", "object", "ramp.wasm",
                        "-o", "ramp.o");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    ck_assert_int_eq(access(builder_path("ramp.o"), R_OK), 0);
    free(tool);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("install");
    TCase *tcase = tcase_create("prefix");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_test(tcase, installs_what_is_needed);
    tcase_add_test(tcase, builds_a_patch_from_there);
    tcase_add_test(tcase, says_so_when_its_files_are_gone);
    suite_add_tcase(suite, tcase);
    return suite;
}
