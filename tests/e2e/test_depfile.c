/* SPDX-License-Identifier: MIT */
/* --depfile, as make understands it, and --launcher. */
#include "suite.h"

#include "builder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "odd $dir #1"

static const char importing[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (import \"env\" \"one\" (func $one (result f32)))\n"
    " (func (export \"buffer\") (f32.store (i32.const 16) (call $one))))\n";

static void write_text(const char *name, const char *content)
{
    spit(builder_path(name), content, strlen(content));
}

static void set_up(void)
{
    builder_setup();
    ck_assert_int_eq(mkdir(builder_path(FOLDER), 0777), 0);
    builder_wat(FOLDER "/p.wasm", importing);
    write_text(FOLDER "/a.raw", "asset");
    write_text(FOLDER "/i.c",
               "#include \"one 1.h\"\n#include <math.h>\n"
               "#include \"f4e-imports.h\"\n"
               "float f4e_import_env_one(void) { return ONE; }\n");
    write_text(FOLDER "/one 1.h", "#define ONE 1.0F\n");
    write_text("Makefile", "p:\n\t@echo again; touch p\ninclude p.d\n");
}

static void build(void)
{
    struct child child = BUILD(FOLDER "/p.wasm", "-q", "-o", "p", "--out",
                               "0=16", "--asset", "0x100=" FOLDER "/a.raw",
                               "--import-c", FOLDER "/i.c", "--depfile", "p.d");
    child_free(&child);
}

static bool is_made_again(void)
{
    struct child child = RUN_PROGRAM("make", "p");
    ck_assert_msg(child.status == 0, "make: %s", child.err);
    bool is_again = strstr(child.out, "again") != NULL;
    child_free(&child);
    return is_again;
}

/* Make a file older or newer than everything. */
static void set_time(const char *path, time_t seconds)
{
    const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    ck_assert_msg(utimensat(AT_FDCWD, path, times, 0) == 0, "%s", path);
}

static const char *const inputs[] = {
    FOLDER "/p.wasm",
    FOLDER "/a.raw",
    FOLDER "/i.c",
    FOLDER "/one 1.h",
};

START_TEST(make_builds_again_when_an_input_changes)
{
    time_t now = time(NULL);
    build();
    ck_assert(!is_made_again());
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        set_time(builder_path(inputs[i]), now + 3600);
        ck_assert_msg(is_made_again(), "%s is no input", inputs[i]);
        set_time(builder_path(inputs[i]), now - 3600);
        ck_assert_msg(!is_made_again(), "%s stays new", inputs[i]);
    }
}
END_TEST

START_TEST(names_the_shim_the_program_and_nothing_generated)
{
    build();
    size_t size = 0;
    char *rule = (char *)slurp(builder_path("p.d"), &size);
    static const char *const named[] = {
        "/shim/SOURCES",     "/shim/main.c",       "/shim/f4e_patch.h",
        "/shim/rt/engine.c", "/shim/rt/wasm_rt.h", "/f4e-build\n"};
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        ck_assert_msg(strstr(rule, named[i]) != NULL, "%s is not in:\n%s",
                      named[i], rule);
    }
    ck_assert_int_eq(strncmp(rule, "p: \\\n", 5), 0);
    ck_assert_ptr_null(strstr(rule, "f4e-imports.h"));
    ck_assert_ptr_null(strstr(rule, "math.h"));
    ck_assert_ptr_null(strstr(rule, "glue.c"));
    free(rule);
}
END_TEST

START_TEST(leaves_no_rule_of_the_compiler_behind)
{
    struct child child =
        BUILD(FOLDER "/p.wasm", "-q", "-o", "p", "--out", "0=16", "--import-c",
              FOLDER "/i.c", "--depfile", "p.d", "--emit-c", "c");
    child_free(&child);
    ck_assert_int_ne(access(builder_path("c/imports.d"), F_OK), 0);
    ck_assert_int_eq(access(builder_path("c/glue.c"), F_OK), 0);
}
END_TEST

static const struct {
    const char *depfile;
    int status;
    const char *text;
} refused[] = {
    {FOLDER "/p.wasm", 2, "--depfile would overwrite"},
    {FOLDER "/i.c", 2, "--depfile would overwrite"},
    {"p", 2, "--depfile and -o name the same file 'p'"},
    {"none/p.d", 4, "cannot write to 'none'"},
};

START_TEST(refuses_a_bad_depfile)
{
    struct child child =
        RUN(FOLDER "/p.wasm", "-q", "-O0", "-o", "p", "--out", "0=16",
            "--import-c", FOLDER "/i.c", "--depfile", refused[_i].depfile);
    ck_assert_msg(child.status == refused[_i].status &&
                      strstr(child.err, refused[_i].text) != NULL,
                  "%s: %d, %s", refused[_i].depfile, child.status, child.err);
    child_free(&child);
}
END_TEST

/* A launcher that writes down what it starts. */
static void write_launcher(void)
{
    write_text("launcher", "#!/bin/sh\n"
                           "echo \"[$1][$2] $*\" >>\"$F4E_TEST_LOG\"\n"
                           "shift\nexec \"$@\"\n");
    ck_assert_int_eq(chmod(builder_path("launcher"), 0755), 0);
}

START_TEST(starts_compilations_through_a_launcher)
{
    char *log = text("F4E_TEST_LOG=%s", builder_path("log"));
    builder_environment[0] = log;
    builder_wat("ramp.wasm", builder_ramp);
    write_launcher();
    struct child child =
        BUILD("ramp.wasm", "-v", "--no-cache", "--cc", F4E_GCC, "--launcher",
              "./launcher", "--launcher", "a b;$(touch x)", "--emit-c", "c");
    size_t shown = 0;
    for (const char *at = child.err; (at = strstr(at, " -c ")) != NULL; at++) {
        shown++;
    }
    child_free(&child);
    size_t size = 0;
    char *written = (char *)slurp(builder_path("log"), &size);
    size_t started = 0;
    for (const char *at = written;
         (at = strstr(at, "[a b;$(touch x)][/")) != NULL; at++) {
        started++;
    }
    ck_assert_uint_gt(started, 10);
    ck_assert_uint_eq(started, shown);
    ck_assert_ptr_null(strstr(written, "-lasound")); /* no link */
    ck_assert_int_ne(access(builder_path("c/x"), F_OK), 0);
    free(written);
    builder_expect_ramp("ramp", 2);
    char *script = (char *)slurp(builder_path("c/compile.sh"), &size);
    ck_assert_ptr_null(strstr(script, "launcher"));
    free(script);
    free(log);
}
END_TEST

START_TEST(says_which_launcher_is_missing)
{
    builder_wat("ramp.wasm", builder_ramp);
    struct child child =
        RUN("ramp.wasm", "-o", "ramp", "--launcher", "no-such-launcher");
    ck_assert_int_eq(child.status, 3);
    ck_assert_msg(strstr(child.err, "no program 'no-such-launcher' to start "
                                    "the compiler") != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

/* make has no way to write it, so there is no rule at all. */
START_TEST(refuses_a_line_end_in_a_name)
{
    builder_wat("a\nb.wasm", importing);
    struct child child =
        RUN("-q", "--depfile", "d", "a\nb.wasm", "--import-stub", "one");
    ck_assert_int_eq(child.status, 2);
    ck_assert_msg(strstr(child.err, "cannot hold the line end in ") != NULL,
                  "%s", child.err);
    child_free(&child);
    child = RUN("-q", "--depfile", "d", "c.wasm", "-o", "x\ry");
    ck_assert_int_eq(child.status, 2);
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("depfile");
    TCase *tcase = tcase_create("depfile");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_test(tcase, make_builds_again_when_an_input_changes);
    tcase_add_test(tcase, refuses_a_line_end_in_a_name);
    tcase_add_test(tcase, names_the_shim_the_program_and_nothing_generated);
    tcase_add_test(tcase, leaves_no_rule_of_the_compiler_behind);
    tcase_add_loop_test(tcase, refuses_a_bad_depfile, 0,
                        sizeof(refused) / sizeof(refused[0]));
    tcase_add_test(tcase, starts_compilations_through_a_launcher);
    tcase_add_test(tcase, says_which_launcher_is_missing);
    suite_add_tcase(suite, tcase);
    return suite;
}
