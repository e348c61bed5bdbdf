/* SPDX-License-Identifier: MIT */
/*
 * --pgo, --tune and --memory as a user meets them: what they say, what they
 * leave, and that the patch computes the same.
 */
#include "suite.h"

#include "builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *cache;
static char *setting;

/* A callback whose notes change what 'buffer' does, and an input at 2048. */
static const char synth[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"note\") (param i32 i32 i32)\n"
    "  (f32.store (i32.const 8)\n"
    "   (f32.div (f32.convert_i32_s (local.get 2)) (f32.const 127))))\n"
    " (func (export \"buffer\") (local $i i32)\n"
    "  (loop $again\n"
    "   (if (f32.gt (f32.load (i32.const 8)) (f32.const 0.5))\n"
    "    (then (f32.store (i32.const 4)\n"
    "     (f32.add (f32.load (i32.const 4)) (f32.const 0.01)))))\n"
    "   (if (f32.gt (f32.load (i32.const 4)) (f32.const 1))\n"
    "    (then (f32.store (i32.const 4) (f32.const -1))))\n"
    "   (f32.store offset=1024 (i32.shl (local.get $i) (i32.const 2))\n"
    "    (f32.add (f32.load (i32.const 4))\n"
    "     (f32.load offset=2048 (i32.shl (local.get $i) (i32.const 2)))))\n"
    "   (br_if $again (i32.lt_s\n"
    "    (local.tee $i (i32.add (local.get $i) (i32.const 1)))\n"
    "    (i32.const 128))))))\n";

#define SYNTH                                                             \
    "synth.wasm", "--out", "0=1024", "--in", "0=2048", "--rate", "48000", \
        "-o", "synth"

/* One cache for all tests, new in each run of them. What is measured is cached
 * too: tests that look at it differ in flags or seconds. */
static void make_cache(void)
{
    cache = tmpdir_make();
    setting = text("XDG_CACHE_HOME=%s", cache);
}

static void remove_cache(void)
{
    tmpdir_remove(cache);
    free(setting);
}

static void set_up(void)
{
    builder_setup();
    builder_wat("synth.wasm", synth);
    builder_environment[0] = setting;
}

/* What 'synth' renders with notes and an input; free() it. */
static char *rendered(void)
{
    static const char script[] = "1b call note 144 60 100\n"
                                 "9b call note 128 60 0\n"
                                 "12b call note 144 60 127\n";
    float samples[2000];
    for (size_t i = 0; i < 2000; i++) {
        samples[i] = (float)(i % 37) / 64.0F;
    }
    spit(builder_path("s"), script, strlen(script));
    spit(builder_path("in.raw"), samples, sizeof(samples));
    struct child child = RUN_PROGRAM(
        builder_path("synth"), "--render", "-", "--blocks", "30", "--quiet",
        "--denormals", "ieee", "--script", "s", "--input-raw", "in.raw");
    ck_assert_msg(child.status == 0, "%s", child.err);
    ck_assert_uint_eq(child.out_length, 30 * 128 * sizeof(float));
    free(child.err);
    return child.out;
}

static void expect_same_sound(const char *what)
{
    char *now = rendered();
    ck_assert_int_eq(rename(builder_path("synth"), builder_path("tuned")), 0);
    struct child child = BUILD(SYNTH, "-q");
    child_free(&child);
    char *plain = rendered();
    ck_assert_msg(memcmp(now, plain, 30 * 128 * sizeof(float)) == 0,
                  "%s: another sound", what);
    free(now);
    free(plain);
}

static const char *const compilers[] = {F4E_CLANG, F4E_GCC};

START_TEST(pgo_reports_the_gain_and_keeps_the_sound)
{
    struct child child = BUILD("--cc", compilers[_i], "--pgo=1", "-O3", SYNTH);
    const char *said = strstr(child.err, "notice: ");
    double gain = 0;
    ck_assert_msg(
        said != NULL &&
            sscanf(said, "notice: %lfx as fast with the profile, ", &gain) == 1,
        "%s", child.err);
    ck_assert_msg(gain > 0.1 && gain < 10, "%s", child.err);
    ck_assert_ptr_nonnull(strstr(said, " ns per block"));
    ck_assert_ptr_null(strstr(child.err, "no profile"));
    child_free(&child);
    expect_same_sound(compilers[_i]);
}
END_TEST

START_TEST(pgo_is_measured_once)
{
    struct child child = BUILD("--pgo=2", SYNTH);
    ck_assert_ptr_null(strstr(child.err, "earlier build"));
    child_free(&child);
    child = BUILD("--pgo=2", SYNTH, "-v");
    ck_assert_ptr_nonnull(strstr(child.err, "(measured by an earlier build)"));
    ck_assert_ptr_null(strstr(child.err, "trainer"));
    child_free(&child);
    /* Other seconds, another script, or no cache: again. */
    child = BUILD("--pgo=3", SYNTH);
    ck_assert_ptr_null(strstr(child.err, "earlier build"));
    child_free(&child);
    child = BUILD("--pgo=2", "--no-cache", SYNTH);
    ck_assert_ptr_null(strstr(child.err, "earlier build"));
    child_free(&child);
    spit(builder_path("own.script"), "3b call note 144 60 127\n", 24);
    child = BUILD("--pgo=2", "--pgo-script", "own.script", SYNTH, "--depfile",
                  "synth.d");
    ck_assert_ptr_null(strstr(child.err, "earlier build"));
    child_free(&child);
    child = RUN_PROGRAM("grep", "-c", "^  own.script ", "synth.d");
    ck_assert_str_eq(child.out, "1\n");
    child_free(&child);
}
END_TEST

/* The generated script reaches the callback: code with its profile differs
 * from code with the profile of a script that does nothing. */
START_TEST(the_script_decides_what_is_trained)
{
    size_t sizes[2];
    unsigned char *profiles[2];
    spit(builder_path("idle.script"), "# nothing\n", 10);
    static const char *const options[2] = {"--pgo=1",
                                           "--pgo-script=idle.script"};
    char *own = text("XDG_CACHE_HOME=%s", builder_path("cache"));
    builder_environment[0] = own;
    for (size_t i = 0; i < 2; i++) {
        struct child child = BUILD("--pgo=1", options[i], SYNTH);
        child_free(&child);
        /* The cache has the profile, whether it was chosen or not. */
        child = RUN_PROGRAM("sh", "-c",
                            "cat cache/f4e-build/*/glue.profdata >merged && "
                            "rm cache/f4e-build/*/glue.profdata");
        ck_assert_int_eq(child.status, 0);
        child_free(&child);
        profiles[i] = slurp(builder_path("merged"), &sizes[i]);
        ck_assert_uint_gt(sizes[i], 0);
    }
    ck_assert(sizes[0] != sizes[1] ||
              memcmp(profiles[0], profiles[1], sizes[0]) != 0);
    free(profiles[0]);
    free(profiles[1]);
    free(own);
}
END_TEST

START_TEST(a_wrong_script_is_an_error_with_its_line)
{
    spit(builder_path("bad.script"), "1b call note 1 2 3\n2b fly\n", 26);
    struct child child =
        RUN("--pgo", "--pgo-script", "bad.script", "-q", SYNTH);
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(
        child.err, "bad.script:2: expected set, load, call, midi, key or "
                   "piano, not 'fly'"));
    ck_assert_int_ne(access(builder_path("synth"), F_OK), 0);
    child_free(&child);
    child = RUN("--pgo", "--pgo-script", "missing", "-q", SYNTH);
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(child.err, "cannot open 'missing'"));
    child_free(&child);
}
END_TEST

/* A compiler called 'name' in the work folder that misbehaves as told. */
static const char *fake_compiler(const char *name, const char *fake)
{
    static char variable[64];
    const char *path = builder_path(name);
    (void)snprintf(variable, sizeof(variable), "F4E_FAKE=%s", fake);
    builder_environment[1] = variable;
    static const char wrapper[] =
        "#!/bin/sh\nexec " F4E_FAKE_TOOLS "/clang-fake \"$@\"\n";
    spit(path, wrapper, strlen(wrapper));
    ck_assert_int_eq(chmod(path, 0700), 0);
    return path;
}

START_TEST(goes_on_without_a_profile_and_names_the_package)
{
    static const struct {
        const char *name;
        const char *fake;
        const char *notice;
    } rows[] = {
        {F4E_CLANG, "no-profile",
         "notice: no profile: " F4E_CLANG " lacks its profile runtime "
         "(sudo apt install libclang-rt-19-dev)\n"},
        {"clang-77", "babble",
         "notice: no profile: there is no llvm-profdata-77 "
         "(sudo apt install llvm-77)\n"},
    };
    const char *cc = fake_compiler(rows[_i].name, rows[_i].fake);
    struct child child = BUILD("--cc", cc, "--pgo", SYNTH);
    ck_assert_msg(strstr(child.err, rows[_i].notice) != NULL, "%s", child.err);
    child_free(&child);
    /* Quiet is quiet, and a profile is no part of what is tried. */
    child = BUILD("--cc", cc, "--tune", SYNTH);
    ck_assert_msg(strstr(child.err, rows[_i].notice) != NULL, "%s", child.err);
    ck_assert_ptr_nonnull(strstr(child.err, " no-unroll "));
    ck_assert_ptr_null(strstr(child.err, " profile-O2 "));
    child_free(&child);
    child = BUILD("--cc", cc, "--pgo", "-q", SYNTH);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
}
END_TEST

START_TEST(tune_shows_each_variant_and_keeps_the_fastest)
{
    struct child child = BUILD("-O3", "--tune", "--pgo=1", SYNTH);
    const char *table = strstr(child.err, "notice: ns per block, the best of ");
    ck_assert_msg(table != NULL, "%s", child.err);
    double plain[2] = {0, 0};
    double best = 0;
    double chosen = 0;
    unsigned rows = 0;
    for (const char *line = strchr(table, '\n') + 1;
         strncmp(line, "  ", 2) == 0; line = strchr(line, '\n') + 1) {
        char name[32];
        double ns[2] = {0, 0};
        double ratio[2] = {0, 0};
        ck_assert_msg(sscanf(line + 3, "%31s %lf %lfx %lf %lfx", name, &ns[0],
                             &ratio[0], &ns[1], &ratio[1]) == 5,
                      "%.60s", line);
        for (size_t i = 0; i < 2; i++) {
            plain[i] = rows == 0 ? ns[i] : plain[i];
            double want = plain[i] / ns[i];
            ck_assert(ratio[i] > want - 0.02 && ratio[i] < want + 0.02);
        }
        /* What counts is the worse of both. */
        double worse = ratio[0] < ratio[1] ? ratio[0] : ratio[1];
        best = worse > best ? worse : best;
        chosen = line[2] == '*' ? worse : chosen;
        rows++;
    }
    ck_assert_uint_ge(rows, 10);
    ck_assert(chosen > 0 && chosen > best * 0.97);
    child_free(&child);
    expect_same_sound("--tune");
}
END_TEST

START_TEST(emitted_c_has_the_profile_and_compiles_by_hand)
{
    /* The branch that a profile turns: whatever is chosen must compile. */
    struct child child = BUILD("-O3", "--pgo=4", "--emit-c", "c", SYNTH);
    child_free(&child);
    ck_assert_int_ne(access(builder_path("c/trial.script"), F_OK), 0);
    ck_assert_int_ne(access(builder_path("c/trainer"), F_OK), 0);
    ck_assert_int_ne(access(builder_path("c/trial-0"), F_OK), 0);
    child = RUN_PROGRAM("sh", "-c",
                        "grep -q profile-use c/compile.sh; used=$?; "
                        "test -f c/glue.profdata; kept=$?; "
                        "test $used = $kept && cd c && sh compile.sh && "
                        "cmp patch ../synth");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
}
END_TEST

START_TEST(trains_a_patch_that_traps)
{
    builder_wat("t.wasm",
                "(module (import \"host\" \"memory\" (memory 1 1))\n"
                " (func (export \"buffer\")\n"
                "  (i32.store (i32.const 4)\n"
                "   (i32.add (i32.load (i32.const 4)) (i32.const 1)))\n"
                "  (drop (i32.div_s (i32.const 1) (i32.sub\n"
                "   (i32.load (i32.const 4)) (i32.const 100))))))\n");
    struct child child =
        BUILD("--pgo", "--out", "0=1024", "--rate", "48000", "t.wasm");
    ck_assert_msg(strstr(child.err, "x as fast with") != NULL, "%s", child.err);
    child_free(&child);
    /* One that cannot even start has no profile, and is built. */
    builder_wat("t.wasm", "(module (import \"host\" \"memory\" (memory 1 1))\n"
                          " (func (export \"initDefaults\") unreachable)\n"
                          " (func (export \"buffer\")))\n");
    child = BUILD("--pgo", "--out", "0=1024", "--in", "0=2048", "--rate",
                  "48000", "t.wasm");
    ck_assert_msg(strstr(child.err,
                         "notice: no profile: it ends with a trap: "
                         "unreachable in function 0 'initDefaults' in "
                         "initDefaults\n") != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

/* Widgets, keys, a MIDI port, ticks: all that a project tells is played. */
START_TEST(a_project_is_played_by_its_names)
{
#define VECTOR(name)                              \
    F4E_TEST_DATA "/vectors/" name "/plain.wasm", \
        "--project=" F4E_TEST_DATA "/vectors/" name "/project.8f4e"
    static const char *const rows[][3] = {
        {VECTOR("controls"),
         "--asset=kick=" F4E_TEST_DATA "/vectors/README.md"},
        {VECTOR("midi_synth"), "-O1"},
        {VECTOR("worker_counter"), "-O1"},
    };
    struct child child =
        BUILD("--pgo=1", "-o", "p", rows[_i][0], rows[_i][1], rows[_i][2]);
    ck_assert_msg(strstr(child.err, "x as fast with") != NULL, "%s", child.err);
    child_free(&child);
}
END_TEST

/* As --script of a patch finds it: from where the user is. */
START_TEST(a_script_loads_files_of_the_users_folder)
{
    static const char script[] = "1b load @256:i8 in.raw\n";
    ck_assert_int_eq(mkdir(builder_path("sub"), 0777), 0);
    spit(builder_path("sub/s"), script, strlen(script));
    spit(builder_path("in.raw"), "bytes", 5);
    struct child child = BUILD("--pgo=1", "--pgo-script", "sub/s", SYNTH);
    ck_assert_msg(strstr(child.err, "x as fast with") != NULL, "%s", child.err);
    child_free(&child);
    ck_assert_int_eq(unlink(builder_path("in.raw")), 0);
    child = RUN("--pgo=5", "-q", "--pgo-script", "sub/s", SYNTH);
    ck_assert_int_eq(child.status, 1);
    ck_assert_ptr_nonnull(strstr(child.err, "in.raw"));
    child_free(&child);
}
END_TEST

/* No time is taken, so the same input gives the same bytes. */
START_TEST(another_machine_gets_the_profile_untimed)
{
    static const char *const names[] = {"a", "b"};
    static const char *const folders[] = {"a-c", "b-c"};
    for (size_t i = 0; i < 2; i++) {
        struct child child =
            BUILD("-O3", "--pgo=1", "--target", "arm64", "--no-cache", "--emit",
                  "object", "--emit-c", folders[i], "synth.wasm", "--out",
                  "0=1024", "--in", "0=2048", "--rate", "48000", "-o", names[i],
                  "--name", "synth");
        ck_assert_msg(strstr(child.err, "notice: compiled by the profile of a "
                                        "run on this machine") != NULL,
                      "%s", child.err);
        child_free(&child);
    }
    struct child child = RUN_PROGRAM(
        "sh", "-c",
        "cmp a b && cmp a-c/glue.profdata b-c/glue.profdata && "
        "grep -c 'aarch64.*-fprofile-use=glue.profdata' a-c/compile.sh");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    ck_assert_str_eq(child.out, "1\n");
    child_free(&child);
}
END_TEST

/* The profile is found by the other machine's compiler: it says nothing of
 * functions that it has no counts for, or other ones. */
START_TEST(the_profile_fits_other_machines)
{
    static const char *const targets[] = {"arm64", "armhf", "riscv64"};
    struct child child = BUILD("-O3", "--pgo=1", "--target", targets[_i],
                               "--emit", "object", "--emit-c", "c", SYNTH);
    child_free(&child);
    child = RUN_PROGRAM(
        "sh", "-c",
        "cd c && line=$(grep -e '-c glue.c' compile.sh) && "
        "eval \"$line -Wno-everything -Wbackend-plugin "
        "-Wprofile-instr-out-of-date -Wprofile-instr-missing\" 2>&1 | "
        "grep -c buffer");
    ck_assert_msg(strcmp(child.out, "0\n") == 0, "%s", child.out);
    child_free(&child);
}
END_TEST

START_TEST(says_what_cannot_be_tuned)
{
    struct child child = RUN("-q", "--tune", "--target", "rpi4", SYNTH);
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(strstr(child.err,
                                 "--tune takes times on this machine, and "
                                 "--target rpi4 is for another\n"));
    ck_assert_ptr_nonnull(strstr(child.err, "hint: --pgo: "));
    child_free(&child);
    child = RUN("-q", "--tune", "--sysroot", "/", SYNTH);
    ck_assert_int_eq(child.status, 2);
    ck_assert_ptr_nonnull(strstr(child.err, "and --sysroot is for another\n"));
    child_free(&child);
    child = BUILD("--cc", F4E_GCC, "--pgo", "--sysroot", "/", "--emit",
                  "object", SYNTH);
    ck_assert_msg(strstr(child.err,
                         "notice: no profile: gcc cannot compile for both "
                         "machines, as clang can\n") != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

/* Code for other programs is position-independent: what was compiled to try
 * it is not. It holds no counters. */
START_TEST(an_object_is_made_by_a_profile)
{
    struct child child = BUILD("-O3", "--pgo=1", "--no-cache", "--emit",
                               "object", "--emit-c", "c", SYNTH);
    ck_assert_msg(strstr(child.err, "x as fast with") != NULL, "%s", child.err);
    child_free(&child);
    child = RUN_PROGRAM("sh", "-c",
                        "mv synth synth.o && "
                        "gcc -shared -Wl,-z,text -o synth.so synth.o -lm && "
                        "! nm synth.o | grep -i -e profile -e gcov && "
                        "grep -q profile-use c/compile.sh; used=$?; "
                        "test -f c/glue.profdata; test $used = $?");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
}
END_TEST

START_TEST(interrupting_the_runs_leaves_nothing)
{
    builder_signal_after_ms = 700;
    struct child child = RUN("--tune", "--pgo=600", "--no-cache", SYNTH);
    ck_assert_int_eq(child.signal, 2);
    ck_assert_int_ne(access(builder_path("synth"), F_OK), 0);
    child_free(&child);
}
END_TEST

START_TEST(unchecked_memory_is_said_and_compiled)
{
    struct child child = BUILD("--memory", "unchecked", "--emit-c", "c", SYNTH);
    ck_assert_msg(strstr(child.err, "notice: memory is not checked: ") != NULL,
                  "%s", child.err);
    child_free(&child);
    child = RUN_PROGRAM("grep", "-c", "DF4E_UNCHECKED", "c/compile.sh");
    ck_assert_str_eq(child.out, "1\n");
    child_free(&child);
    expect_same_sound("unchecked");
    child = BUILD("--memory", "unchecked", "--emit", "bundle", SYNTH, "-o",
                  "synth-b");
    child_free(&child);
    child = RUN_PROGRAM("grep", "-c", "DF4E_UNCHECKED", "synth-b/Makefile",
                        "synth-b/CMakeLists.txt");
    ck_assert_str_eq(child.out,
                     "synth-b/Makefile:1\nsynth-b/CMakeLists.txt:2\n");
    child_free(&child);
    child = BUILD("--memory", "checked", "--emit-c", "c", SYNTH);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    child = RUN_PROGRAM("grep", "-c", "DF4E_UNCHECKED", "c/compile.sh");
    ck_assert_str_eq(child.out, "0\n");
    child_free(&child);
}
END_TEST

START_TEST(large_memories_ask_for_huge_pages)
{
    static const struct {
        const char *pages;
        const char *advised; /* mappings with the flag */
    } rows[] = {{"16", "0\n"}, {"1024", "1\n"}};
    if (access("/sys/kernel/mm/transparent_hugepage", F_OK) != 0) {
        return; /* a kernel without them */
    }
    char *wat = text("(module (import \"host\" \"memory\" (memory %s %s))\n"
                     " (func (export \"buffer\")))\n",
                     rows[_i].pages, rows[_i].pages);
    builder_wat("m.wasm", wat);
    free(wat);
    struct child child = BUILD("m.wasm", "--out", "0=1024", "--in", "0=2048",
                               "--rate", "48000", "-o", "m");
    child_free(&child);
    child = RUN_PROGRAM("sh", "-c",
                        "./m --dummy 2>said & "
                        "while kill -0 $! && ! grep -q policy said; do "
                        "sleep 0.05; done; "
                        "grep -c '^VmFlags:.* hg' /proc/$!/smaps; kill $!");
    ck_assert_str_eq(child.out, rows[_i].advised);
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tune");
    TCase *tcase = tcase_create("tune");
    tcase_set_timeout(tcase, 600);
    tcase_add_unchecked_fixture(tcase, make_cache, remove_cache);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_loop_test(tcase, pgo_reports_the_gain_and_keeps_the_sound, 0, 2);
    tcase_add_test(tcase, pgo_is_measured_once);
    tcase_add_test(tcase, the_script_decides_what_is_trained);
    tcase_add_test(tcase, a_wrong_script_is_an_error_with_its_line);
    tcase_add_loop_test(tcase, goes_on_without_a_profile_and_names_the_package,
                        0, 2);
    tcase_add_test(tcase, tune_shows_each_variant_and_keeps_the_fastest);
    tcase_add_test(tcase, emitted_c_has_the_profile_and_compiles_by_hand);
    tcase_add_test(tcase, trains_a_patch_that_traps);
    tcase_add_loop_test(tcase, a_project_is_played_by_its_names, 0, 3);
    tcase_add_test(tcase, a_script_loads_files_of_the_users_folder);
    tcase_add_test(tcase, another_machine_gets_the_profile_untimed);
    tcase_add_loop_test(tcase, the_profile_fits_other_machines, 0, 3);
    tcase_add_test(tcase, says_what_cannot_be_tuned);
    tcase_add_test(tcase, an_object_is_made_by_a_profile);
    tcase_add_test(tcase, interrupting_the_runs_leaves_nothing);
    tcase_add_test(tcase, unchecked_memory_is_said_and_compiled);
    tcase_add_loop_test(tcase, large_memories_ask_for_huge_pages, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
