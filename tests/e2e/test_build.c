/* SPDX-License-Identifier: MIT */
/*
 * f4e-build as a user meets it, with the real tools: what it makes, what it
 * leaves behind, and how it ends.
 */
#include "suite.h"

#include "builder.h"

#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Names, progress, what stays ---- */

START_TEST(names_the_output_after_the_input_and_says_nothing)
{
    ck_assert_int_eq(mkdir(builder_path("dir"), 0700), 0);
    builder_wat("dir/my.patch.wasm", builder_ramp);
    struct child child =
        BUILD("dir/my.patch.wasm", "--out", "0=16", "--rate", "48000");
    ck_assert_str_eq(child.err, "");
    ck_assert_str_eq(child.out, "");
    child_free(&child);
    builder_expect_ramp("my.patch", 1);
    struct stat status;
    ck_assert_int_eq(stat(builder_path("my.patch"), &status), 0);
    ck_assert_uint_eq(status.st_mode & 0100, 0100);
    ck_assert_uint_eq(directory_count(builder_work), 2);
}
END_TEST

START_TEST(notices_go_to_stderr_and_quiet_drops_them)
{
    builder_wat("p.wasm", builder_ramp);
    struct child child = BUILD("p.wasm", "--rate", "48000");
    ck_assert_str_eq(child.err,
                     "f4e-build: p.wasm: notice: one output, at 16: it plays "
                     "on both speakers (for the left one alone: --out 0=16)\n");
    child_free(&child);
    child = BUILD("p.wasm", "-q");
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    builder_expect_ramp("p", 2);
}
END_TEST

/* Two that are newer than what was measured, and do nothing. */
START_TEST(takes_the_compiler_that_is_fastest_and_tells_of_newer_ones)
{
    static const char *const newer[] = {"bin/clang-37", "bin/clang-39"};
    ck_assert_int_eq(mkdir(builder_path("bin"), 0700), 0);
    for (size_t i = 0; i < 2; i++) {
        spit(builder_path(newer[i]), "#!/bin/sh\nexit 1\n", 17);
        ck_assert_int_eq(chmod(builder_path(newer[i]), 0700), 0);
    }
    char *path = text("PATH=%s:%s", builder_path("bin"), getenv("PATH"));
    builder_environment[0] = path;
    builder_wat("p.wasm", builder_ramp);
    struct child child = BUILD("p.wasm", "-v");
    ck_assert_msg(strstr(child.err, "clang-39 is newer, not faster: --cc)\n") !=
                      NULL,
                  "%s", child.err);
    child_free(&child);
    child = BUILD("p.wasm", "-v", "--cc", "clang-19");
    ck_assert_ptr_null(strstr(child.err, "is newer"));
    child_free(&child);
    builder_environment[0] = NULL;
    free(path);
}
END_TEST

START_TEST(verbose_shows_every_stage_in_order_with_its_time)
{
    static const char *const stages[] = {"read",     "metadata",  "describe",
                                         "ranges",   "normalise", "translate",
                                         "generate", "tune",      "compile"};
    builder_wat("p.wasm", builder_ramp);
    struct child child = BUILD("p.wasm", "-v", "--name", "x");
    const char *at = child.err;
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        char *head = text("\n%s ", stages[i]);
        const char *found =
            i == 0 && strncmp(at, "read ", 5) == 0 ? at : strstr(at, head);
        ck_assert_msg(found != NULL, "no %s in:\n%s", stages[i], child.err);
        char *unit = NULL;
        double ms = strtod(found + strlen(head), &unit);
        ck_assert(ms >= 0 && strncmp(unit, " ms", 3) == 0);
        at = found + 1;
        free(head);
    }
    ck_assert_ptr_nonnull(strstr(child.err, "-c glue.c -o glue.o"));
    ck_assert_str_eq(child.out, "");
    child_free(&child);
}
END_TEST

START_TEST(prints_version_and_help_on_stdout)
{
    struct child child = RUN("--version");
    ck_assert_int_eq(child.status, 0);
    ck_assert_int_eq(strncmp(child.out, "f4e-build 0.", 12), 0);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    child = RUN("--help");
    ck_assert_int_eq(child.status, 0);
    ck_assert_ptr_nonnull(strstr(child.out, "--emit-c DIR"));
    child_free(&child);
}
END_TEST

START_TEST(tells_when_stdout_is_full)
{
    const char *const argv[] = {"/bin/sh", "-c", F4E_BUILD " --help >/dev/full",
                                NULL};
    struct child child;
    child_run(&child, argv, NULL);
    ck_assert_int_eq(child.status, 4);
    ck_assert_str_eq(child.err, "f4e-build: cannot write to standard output\n");
    child_free(&child);
}
END_TEST

/* Whoever reads no more has read enough. */
START_TEST(says_nothing_when_nobody_reads)
{
    static const char *const commands[] = {
        F4E_BUILD " --help", F4E_BUILD " --completion bash",
        F4E_BUILD " inspect p.wasm", F4E_BUILD " inspect --json p.wasm"};
    builder_wat("p.wasm", builder_ramp);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        /* The reader has gone for certain. */
        char *script =
            text("mkfifo f; exec 3<>f 4>f 3<&-; rm f; %s >&4", commands[i]);
        struct child child = RUN_PROGRAM("sh", "-c", script);
        ck_assert_int_eq(child.status, 0);
        ck_assert_str_eq(child.err, "");
        child_free(&child);
        free(script);
    }
}
END_TEST

START_TEST(emitted_c_compiles_by_hand_to_the_same)
{
    builder_wat("p.wasm", builder_ramp);
    spit(builder_path("a.raw"), "asset", 5);
    struct child child = BUILD("p.wasm", "-o", "p", "--out", "0=16", "--emit-c",
                               "the C", "--asset", "4000=a.raw");
    child_free(&child);
    size_t before = 0;
    size_t after = 0;
    unsigned char *built = slurp(builder_path("p"), &before);
    ck_assert_int_ne(access(builder_path("the C/patch"), F_OK), 0);
    const char *const argv[] = {"/bin/sh", "compile.sh", NULL};
    const struct child_setup setup = {.directory = builder_path("the C")};
    child_run(&child, argv, &setup);
    ck_assert_msg(child.status == 0, "compile.sh: %s", child.err);
    child_free(&child);
    unsigned char *again = slurp(builder_path("the C/patch"), &after);
    ck_assert_uint_eq(before, after);
    ck_assert_int_eq(memcmp(built, again, before), 0);
    free(again);
    free(built);
    builder_expect_ramp("the C/patch", 1);
}
END_TEST

START_TEST(keeps_its_directory_when_asked)
{
    builder_wat("p.wasm", builder_ramp);
    struct child child = BUILD("p.wasm", "-q", "--out", "0=16", "--keep");
    char *start = text("f4e-build: kept %s/f4e-build-", builder_temporary);
    ck_assert_msg(strncmp(child.err, start, strlen(start)) == 0, "%s",
                  child.err);
    char *path = text("%s", child.err + strlen("f4e-build: kept "));
    path[strcspn(path, "\n")] = '\0';
    ck_assert_uint_gt(directory_count(path), 5);
    tmpdir_remove(path);
    free(start);
    child_free(&child);
}
END_TEST

START_TEST(builds_the_same_bytes_each_time_and_anywhere)
{
    size_t sizes[3] = {0};
    unsigned char *built[3];
    ck_assert_int_eq(mkdir(builder_path("other"), 0700), 0);
    builder_wat("p.wasm", builder_ramp);
    builder_wat("other/p.wasm", builder_ramp);
    struct child child = BUILD("p.wasm", "-q", "-o", "one");
    child_free(&child);
    child = BUILD("p.wasm", "-q", "-o", "two", "--name", "one");
    child_free(&child);
    child = BUILD("other/p.wasm", "-q", "-o", "other/one");
    child_free(&child);
    static const char *const names[] = {"one", "two", "other/one"};
    for (size_t i = 0; i < 3; i++) {
        built[i] = slurp(builder_path(names[i]), &sizes[i]);
        ck_assert_msg(sizes[i] == sizes[0] &&
                          memcmp(built[i], built[0], sizes[0]) == 0,
                      "'%s' differs from '%s'", names[i], names[0]);
    }
    for (size_t i = 0; i < 3; i++) {
        free(built[i]);
    }
}
END_TEST

/* ---- Hostile names never reach a shell ---- */

START_TEST(names_are_names_whatever_they_hold)
{
    static const char *const names[] = {
        "two words' \"$(touch x)\" `touch x`;touch x",
        "-O9 \\ \n&& touch x",
        "%s%n ../ @NAME@ */ \303\244",
    };
    const char *name = names[_i];
    char *safe = text("%s", name);
    for (char *p = safe; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '_';
        }
    }
    char *module = text("./%s.wasm", safe);
    char *asset = text("16384=./%s.raw", safe);
    char *imports = text("./%s.c", safe);
    char *output = text("./%s", safe);
    char *emit = text("./%s.d", safe);
    builder_wat(module, builder_ramp);
    spit(builder_path(asset + strlen("16384=")), "bytes", 5);
    static const char empty_c[] = "#include \"f4e-imports.h\"\n";
    spit(builder_path(imports), empty_c, strlen(empty_c));
    struct child child =
        BUILD(module, "-q", "-o", output, "--asset", asset, "--import-c",
              imports, "--name", name, "--emit-c", emit);
    child_free(&child);
    builder_expect_ramp(output, 2);
    const char *const argv[] = {"/bin/sh", "compile.sh", NULL};
    const struct child_setup setup = {.directory = builder_path(emit)};
    child_run(&child, argv, &setup);
    ck_assert_msg(child.status == 0, "compile.sh: %s", child.err);
    child_free(&child);
    /* Module, asset, C, output, directory: and no file called x anywhere. */
    ck_assert_uint_eq(directory_count(builder_work), 5);
    ck_assert_int_ne(access(builder_path("x"), F_OK), 0);
    char *inside = text("%s/x", emit);
    ck_assert_int_ne(access(builder_path(inside), F_OK), 0);
    free(inside);
    free(emit);
    free(output);
    free(imports);
    free(asset);
    free(module);
    free(safe);
}
END_TEST

/* What started a patch may have given it no name, or half of one. */
START_TEST(a_patch_without_a_name_has_its_own)
{
    static const char *const names[] = {"", "/", "bin/"};
    static const char said[] = "ramp: unknown option '--nope'\n";
    builder_wat("ramp.wasm", builder_ramp);
    struct child child = BUILD("ramp.wasm", "-q", "--out", "0=16");
    child_free(&child);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        child =
            RUN_PROGRAM("bash", "-c", "exec -a \"$0\" ./ramp --nope", names[i]);
        ck_assert_int_eq(child.status, 2);
        ck_assert_msg(strncmp(child.err, said, sizeof(said) - 1) == 0,
                      "'%s': %s", names[i], child.err);
        child_free(&child);
    }
}
END_TEST

START_TEST(names_may_start_with_a_dash)
{
    builder_wat("-v.wasm", builder_ramp);
    struct child child =
        BUILD("-q", "--out", "0=16", "-o", "-out", "--", "-v.wasm");
    child_free(&child);
    builder_expect_ramp("./-out", 1);
    child = BUILD("-q", "--out", "0=16", "--", "-v.wasm");
    child_free(&child);
    builder_expect_ramp("./-v", 1);
}
END_TEST

/* Whatever a build leaves in the folder of --emit-c, the next one refuses to
 * read from there: given as an asset, or through a link. */
START_TEST(no_generated_file_is_an_input)
{
    builder_wat("p.wasm", builder_ramp);
    spit(builder_path("asset.raw"), "bytes", 5);
    struct child child =
        BUILD("p.wasm", "-q", "-o", "p", "--out", "0=16", "--asset",
              "0x4000=asset.raw", "--emit-c", "c", "--pgo=1");
    child_free(&child);
    DIR *directory = opendir(builder_path("c"));
    unsigned count = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char *path = text("%s/c/%s", builder_work, entry->d_name);
        (void)unlink(builder_path("link"));
        ck_assert_int_eq(symlink(path, builder_path("link")), 0);
        char *given[2] = {text("0=c/%s", entry->d_name), text("0=link")};
        for (size_t i = 0; i < 2; i++) {
            child = RUN("p.wasm", "-q", "-o", "p", "--out", "0=16", "--asset",
                        given[i], "--emit-c", "c");
            char *wanted = text("--emit-c would overwrite 'c/%s', an asset",
                                entry->d_name);
            ck_assert_msg(child.status == 2 &&
                              strstr(child.err, wanted) != NULL,
                          "%s: %d, %s", given[i], child.status, child.err);
            child_free(&child);
            free(wanted);
            free(given[i]);
        }
        free(path);
        count++;
    }
    (void)closedir(directory);
    ck_assert_uint_ge(count, 7);
}
END_TEST

/* An asset that the manifest names, not the command line. */
START_TEST(no_generated_file_is_a_found_asset)
{
    static const char manifest[] =
        "{\"f4e-manifest\": 1, \"assets\": [{\"id\": \"hit\", \"file\": "
        "\"asset0.bin\", \"address\": 16384}]}";
    builder_wat("p.wasm", builder_ramp);
    ck_assert_int_eq(mkdir(builder_path("c"), 0777), 0);
    spit(builder_path("c/asset0.bin"), "bytes", 5);
    spit(builder_path("c/compile.sh"), "", 0);
    spit(builder_path("c/m.json"), manifest, strlen(manifest));
    struct child child = RUN("p.wasm", "-q", "-o", "p", "--out", "0=16",
                             "--manifest", "c/m.json", "--emit-c", "c");
    ck_assert_msg(child.status == 2 &&
                      strstr(child.err, "--emit-c would overwrite "
                                        "'c/asset0.bin', an asset") != NULL,
                  "%d, %s", child.status, child.err);
    child_free(&child);
}
END_TEST

/* ---- SIGINT at any moment leaves nothing behind ---- */

static const unsigned delays_ms[] = {1, 5, 20, 60, 150, 350};

/* Whatever makes a file: the link stays, and what it leads to is new. */
static const char *const by_link[][6] = {
    {"ramp.wasm", "-o", "link"},
    {"ramp.wasm", "-o", "other", "--depfile", "link"},
    {"embed", "ramp.wasm", "-o", "link"},
    {"--emit", "systemd", "ramp.wasm", "-o", "link"},
    {"--emit", "deb", "ramp.wasm", "-o", "link"},
    {"--emit", "object", "ramp.wasm", "-o", "link"},
    {"--emit", "library", "ramp.wasm", "-o", "link"},
};

START_TEST(writes_where_a_link_leads)
{
    struct stat status;
    const char *arguments[12] = {"-q", "-O0", "--cpu", "baseline"};
    size_t count = strcmp(by_link[_i][0], "embed") == 0 ? 0 : 4;
    builder_wat("ramp.wasm", builder_ramp);
    for (size_t i = 0; i < 6 && by_link[_i][i] != NULL; i++) {
        arguments[count++] = by_link[_i][i];
    }
    arguments[count] = NULL;
    ck_assert_int_eq(mkdir(builder_path("sub"), 0700), 0);
    spit(builder_path("sub/file"), "old", 3);
    ck_assert_int_eq(chmod(builder_path("sub/file"), 0640), 0);
    ck_assert_int_eq(symlink("sub/file", builder_path("link")), 0);
    struct child child = builder_run(F4E_BUILD, arguments);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    ck_assert_int_eq(lstat(builder_path("link"), &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_int_eq(lstat(builder_path("sub/file"), &status), 0);
    ck_assert(S_ISREG(status.st_mode) && status.st_size > 3);
    ck_assert_uint_eq(status.st_mode & 0777, _i == 0 ? 0750 : 0640);
    ck_assert_uint_eq(directory_count(builder_path("sub")), 1);
}
END_TEST

START_TEST(interrupt_leaves_nothing_behind)
{
    builder_wat("p.wasm", builder_ramp);
    spit(builder_path("p"), "before", 6);
    builder_signal_after_ms = delays_ms[_i];
    struct child child = RUN("p.wasm", "-O2", "--emit-c", "c", "-q");
    builder_signal_after_ms = 0;
    if (child.signal == 0) { /* it was done before */
        ck_assert_int_eq(child.status, 0);
    } else {
        ck_assert_int_eq(child.signal, SIGINT);
        ck_assert_str_eq(child.err, "");
        size_t size = 0;
        unsigned char *bytes = slurp(builder_path("p"), &size);
        ck_assert_msg(size > 1000 || strcmp((char *)bytes, "before") == 0,
                      "after %u ms the output has %zu bytes", delays_ms[_i],
                      size);
        free(bytes);
    }
    child_free(&child);
    ck_assert_uint_le(directory_count(builder_work), 3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("build");
    TCase *tcase = tcase_create("build");
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, names_the_output_after_the_input_and_says_nothing);
    tcase_add_test(tcase, notices_go_to_stderr_and_quiet_drops_them);
    tcase_add_test(tcase,
                   takes_the_compiler_that_is_fastest_and_tells_of_newer_ones);
    tcase_add_test(tcase, verbose_shows_every_stage_in_order_with_its_time);
    tcase_add_test(tcase, prints_version_and_help_on_stdout);
    tcase_add_test(tcase, tells_when_stdout_is_full);
    tcase_add_test(tcase, says_nothing_when_nobody_reads);
    tcase_add_test(tcase, emitted_c_compiles_by_hand_to_the_same);
    tcase_add_test(tcase, keeps_its_directory_when_asked);
    tcase_add_test(tcase, builds_the_same_bytes_each_time_and_anywhere);
    tcase_add_loop_test(tcase, names_are_names_whatever_they_hold, 0, 3);
    tcase_add_test(tcase, a_patch_without_a_name_has_its_own);
    tcase_add_test(tcase, names_may_start_with_a_dash);
    tcase_add_loop_test(tcase, writes_where_a_link_leads, 0,
                        sizeof(by_link) / sizeof(by_link[0]));
    tcase_add_test(tcase, no_generated_file_is_an_input);
    tcase_add_test(tcase, no_generated_file_is_a_found_asset);
    tcase_add_loop_test(tcase, interrupt_leaves_nothing_behind, 0,
                        sizeof(delays_ms) / sizeof(delays_ms[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
