/* SPDX-License-Identifier: MIT */
/* Compiled shim objects are kept, shared, and never get in the way. */
#include "suite.h"

#include "builder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *setting;

static void use_cache(const char *name)
{
    free(setting);
    setting = text("XDG_CACHE_HOME=%s", builder_path(name));
    builder_environment[0] = setting;
}

static void set_up(void)
{
    builder_setup();
    builder_wat("ramp.wasm", builder_ramp);
    use_cache("cache");
    builder_environment[1] = "HOME=/nonexistent";
}

static void tear_down(void)
{
    free(setting);
    setting = NULL;
    builder_teardown();
}

/* Compile commands that -v shows. Where objects come from is the same at each
 * level, and -O0 is soonest done. */
static size_t build_and_count(const char *option)
{
    struct child child = BUILD("-v", "-O0", option, "ramp.wasm", "-o", "ramp");
    size_t count = 0;
    for (const char *at = child.err; (at = strstr(at, " -c ")) != NULL; at++) {
        count++;
    }
    child_free(&child);
    builder_expect_ramp("ramp", 2);
    return count;
}

/* The same of an object, which has a tenth of the shim: quick, for what is the
 * same for both. Each has the bytes of the first. */
static size_t build_object_and_count(void)
{
    struct child child = BUILD("-v", "-O0", "--emit", "object", "ramp.wasm",
                               "-o", "ramp.o", "--name", "ramp");
    size_t count = 0;
    for (const char *at = child.err; (at = strstr(at, " -c ")) != NULL; at++) {
        count++;
    }
    child_free(&child);
    child = RUN_PROGRAM("sh", "-c",
                        "test -f first.o || cp ramp.o first.o; "
                        "cmp ramp.o first.o && rm ramp.o");
    ck_assert_msg(child.status == 0, "%s%s", child.out, child.err);
    child_free(&child);
    return count;
}

static size_t cached_objects(const char *folder)
{
    struct child child =
        RUN_PROGRAM("find", folder, "-name", "*.o", "-type", "f");
    size_t count = 0;
    for (const char *at = child.out; (at = strchr(at, '\n')) != NULL; at++) {
        count++;
    }
    child_free(&child);
    return count;
}

START_TEST(compiles_the_shim_once)
{
    size_t all = build_and_count("--name=ramp");
    ck_assert_uint_gt(all, 10);
    ck_assert_uint_eq(cached_objects("cache"), all - 1);
    size_t size = 0;
    size_t size_again = 0;
    unsigned char *first = slurp(builder_path("ramp"), &size);
    ck_assert_uint_eq(build_and_count("--name=ramp"), 1);
    unsigned char *again = slurp(builder_path("ramp"), &size_again);
    ck_assert_uint_eq(size, size_again);
    ck_assert_int_eq(memcmp(first, again, size), 0);
    free(first);
    free(again);
    /* Other flags, other objects: those with optimisation share theirs. */
    ck_assert_uint_eq(build_and_count("-O1"), all);
    ck_assert_uint_eq(cached_objects("cache"), 2 * (all - 1));
    ck_assert_uint_eq(build_and_count("-O2"), 1);
    ck_assert_uint_eq(build_and_count("-O3"), 1);
}
END_TEST

START_TEST(does_without_when_asked)
{
    size_t all = build_and_count("--no-cache");
    ck_assert_uint_gt(all, 10);
    ck_assert_uint_eq(build_and_count("--no-cache"), all);
    ck_assert_int_ne(access(builder_path("cache"), F_OK), 0);
}
END_TEST

START_TEST(does_without_a_usable_folder)
{
    spit(builder_path("cache"), "x", 1); /* a file is in the way */
    size_t all = build_object_and_count();
    ck_assert_uint_eq(build_object_and_count(), all);
    builder_environment[0] = "XDG_CACHE_HOME=";
    ck_assert_uint_eq(build_object_and_count(), all);
}
END_TEST

START_TEST(fills_in_what_is_missing)
{
    size_t all = build_and_count("--name=ramp");
    struct child child =
        RUN_PROGRAM("find", "cache", "-name", "shim-main.o", "-delete");
    child_free(&child);
    ck_assert_uint_eq(build_and_count("--name=ramp"), 2);
    ck_assert_uint_eq(cached_objects("cache"), all - 1);
}
END_TEST

/* What may have happened to a file that was kept. */
static const struct damage {
    const char *name;
    const char *command; /* for sh, with the path as $1 */
    bool heals;          /* the next build puts a sound one there */
} damages[] = {
    {"truncated", "truncate -s -1 \"$1\"", true},
    {"cut in the first line", "truncate -s 20 \"$1\"", true},
    {"longer", "printf x >>\"$1\"", true},
    {"empty", ": >\"$1\"", true},
    {"one bit of the end",
     "n=$(stat -c %s \"$1\"); "
     "printf '\\377' | dd of=\"$1\" bs=1 seek=$((n - 2)) conv=notrunc "
     "2>/dev/null; "
     "printf '\\200' | dd of=\"$1\" bs=1 seek=$((n - 1)) conv=notrunc "
     "2>/dev/null",
     true},
    {"the size in the first line", "sed -i '1s/ [0-9]* / 12 /' \"$1\"", true},
    {"the hash in the first line", "sed -i '1s/......$/000000/' \"$1\"", true},
    {"no first line", "sed -i 1d \"$1\"", true},
    {"another file's bytes",
     "cp \"$(dirname \"$1\")/shim-rt-engine.o\" \"$1\" 2>/dev/null || "
     ": >\"$1\"; [ \"$(basename \"$1\")\" != shim-rt-engine.o ] || "
     ": >\"$1\"",
     true},
    {"an empty folder", "rm \"$1\"; mkdir \"$1\"", true},
    {"a full folder", "rm \"$1\"; mkdir -p \"$1/x\"", false},
    {"a pipe", "rm \"$1\"; mkfifo \"$1\"", true},
    {"a link to nothing", "ln -sf /nonexistent \"$1\"", true},
    {"a link to itself", "rm \"$1\"; ln -s \"$(basename \"$1\")\" \"$1\"",
     true},
};

enum { DAMAGE_COUNT = sizeof(damages) / sizeof(damages[0]) };

/* To each file with one of the two names. */
static void damage_files(const struct damage *damage, const char *one,
                         const char *other)
{
    char *script =
        text("find cache -name '%s' -o -name '%s' | while read -r path; do "
             "set -- \"$path\"; %s; done",
             one, other, damage->command);
    struct child child = RUN_PROGRAM("sh", "-c", script);
    ck_assert_msg(child.status == 0, "%s: %s", damage->name, child.err);
    free(script);
    child_free(&child);
}

/* An object and the word that the compiler was right: both are made again. */
START_TEST(believes_no_kept_file)
{
    enum { OWN = 2 }; /* glue.c and api.c are compiled each time */
    size_t all = build_object_and_count();
    ck_assert_uint_gt(all, 10);
    for (size_t i = 0; i < DAMAGE_COUNT; i++) {
        const struct damage *damage = &damages[i];
        size_t left = damage->heals ? OWN : OWN + 1;
        damage_files(damage, "shim-rt-trap.o", "selfcheck");
        size_t again = build_object_and_count();
        ck_assert_msg(again == OWN + 1, "%s: %zu were compiled", damage->name,
                      again);
        again = build_object_and_count();
        ck_assert_msg(again == left, "%s: then %zu", damage->name, again);
        struct child child =
            RUN_PROGRAM("sh", "-c",
                        "rm -rf cache/f4e-build/*/shim-rt-trap.o "
                        "cache/f4e-build/*/selfcheck");
        child_free(&child);
        ck_assert_uint_eq(build_object_and_count(), OWN + 1);
    }
    damage_files(&damages[0], "*.o", "selfcheck");
    ck_assert_uint_eq(build_object_and_count(), all);
}
END_TEST

static bool is_tuned_before(void)
{
    struct child child = BUILD("--pgo=1", "ramp.wasm", "-o", "ramp");
    bool is_found = strstr(child.err, "by an earlier build") != NULL;
    ck_assert_msg(is_found || strstr(child.err, "ns per block") != NULL, "%s",
                  child.err);
    child_free(&child);
    builder_expect_ramp("ramp", 2);
    return is_found;
}

/* The choice, and the profile that it needs. */
START_TEST(believes_no_kept_tuning)
{
    ck_assert(!is_tuned_before());
    ck_assert(is_tuned_before());
    for (size_t i = 0; i < DAMAGE_COUNT; i += 4) {
        damage_files(&damages[i], "choice", "glue.profdata");
        ck_assert_msg(!is_tuned_before(), "%s", damages[i].name);
        ck_assert_msg(is_tuned_before(), "%s: again", damages[i].name);
    }
    /* Without a profile there is the choice, unless it needs one. */
    damage_files(&damages[0], "glue.profdata", "glue.profdata");
    (void)is_tuned_before();
}
END_TEST

/* The folders that hold them. */
START_TEST(does_without_its_folders)
{
    static const char *const commands[] = {
        "for d in cache/f4e-build/*; do rm -r $d; : >$d; done",
        "rm -r cache/f4e-build; : >cache/f4e-build",
        "rm -r cache/f4e-build; ln -s /nonexistent cache/f4e-build",
        "for d in cache/f4e-build/*; do rm -r $d; ln -s $d $d; done",
    };
    size_t all = build_object_and_count();
    struct child child = RUN_PROGRAM("sh", "-c", commands[_i]);
    ck_assert_int_eq(child.status, 0);
    child_free(&child);
    ck_assert_uint_eq(build_object_and_count(), all);
}
END_TEST

/* ---- Known answers (cli/selfcheck.h) ---- */

static void make_compiler(const char *name, const char *more)
{
    char *script = text("#!/bin/sh\nexec gcc \"$@\" %s\n", more);
    spit(builder_path(name), script, strlen(script));
    ck_assert_int_eq(chmod(builder_path(name), 0755), 0);
    free(script);
}

static bool checks(const char *cc, const char *cpu)
{
    struct child child = RUN("-v", "-O2", "--cc", cc, "--cpu", cpu, "--emit",
                             "object", "ramp.wasm", "-o", "ramp.o");
    ck_assert_msg(child.status == 0, "%s", child.err);
    bool is_checked = strstr(child.err, "selfcheck.c") != NULL;
    child_free(&child);
    ck_assert_int_eq(access(builder_path("ramp.o"), R_OK), 0);
    return is_checked;
}

START_TEST(asks_a_new_compiler_once)
{
    make_compiler("cc-one", "");
    make_compiler("cc-two", "");
    ck_assert(checks("./cc-one", "baseline"));
    ck_assert(!checks("./cc-one", "baseline"));
    ck_assert(checks("./cc-two", "baseline"));
    ck_assert(checks("./cc-one", "native"));
    ck_assert(!checks("./cc-one", "native"));
}
END_TEST

/* The script stays as it is. */
START_TEST(asks_a_compiler_that_was_exchanged_behind_a_script)
{
    char *script = text("#!/bin/sh\nexec '%s' \"$@\"\n", builder_path("real"));
    spit(builder_path("cc-front"), script, strlen(script));
    free(script);
    ck_assert_int_eq(chmod(builder_path("cc-front"), 0755), 0);
    make_compiler("real", "");
    ck_assert(checks("./cc-front", "baseline"));
    ck_assert(!checks("./cc-front", "baseline"));
    static const char other[] = "#!/bin/sh\nexec " F4E_CLANG " \"$@\"\n";
    spit(builder_path("real"), other, sizeof(other) - 1);
    ck_assert(checks("./cc-front", "baseline"));
}
END_TEST

/* By -funsafe-math-optimizations, which no macro shows. */
START_TEST(refuses_a_compiler_with_wrong_answers)
{
    make_compiler("cc-wrong", "-funsafe-math-optimizations");
    spit(builder_path("ramp"), "before", 6);
    for (int i = 0; i < 2; i++) {
        struct child child = RUN("-q", "-O2", "--cc", "./cc-wrong", "--cpu",
                                 "baseline", "ramp.wasm", "-o", "ramp");
        ck_assert_int_eq(child.status, 3);
        static const char *const parts[] = {
            "cc-wrong' with '-O2 -march=", "compute wrong numbers: ",
            " instead of 0x", "\nf4e-build: hint: --cc clang-19\n"};
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
            ck_assert_msg(strstr(child.err, parts[k]) != NULL, "no '%s' in %s",
                          parts[k], child.err);
        }
        child_free(&child);
    }
    size_t size = 0;
    unsigned char *bytes = slurp(builder_path("ramp"), &size);
    ck_assert_uint_eq(size, 6);
    free(bytes);
}
END_TEST

/* Programs that do not run at all are no better. */
START_TEST(refuses_a_compiler_whose_programs_die)
{
    make_compiler("cc-dead", "-Wl,-e,0");
    struct child child = RUN("-q", "--cc", "./cc-dead", "--cpu", "baseline",
                             "ramp.wasm", "-o", "ramp");
    ck_assert_int_eq(child.status, 3);
    ck_assert_msg(strstr(child.err, "does not run: it was killed by signal") !=
                      NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

/*
 * Default values that repeat and then stop, as gcc 12 gets them wrong for CPUs
 * with AVX-512: int[] steps 8 1 1 1 1 0 0 0 0, then int z 9.
 */
static const char repeating[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"initDefaults\")\n"
    "  (memory.init 0 (i32.const 4) (i32.const 0) (i32.const 36)))\n"
    " (func (export \"main\"))\n"
    " (data \"\\01\\00\\00\\00\\01\\00\\00\\00\\01\\00\\00\\00\"\n"
    "  \"\\01\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\"\n"
    "  \"\\00\\00\\00\\00\\00\\00\\00\\00\\09\\00\\00\\00\"))\n";

START_TEST(gcc_keeps_repeating_defaults)
{
    static const char *const levels[] = {"-O1", "-O2", "-O3"};
    static const uint32_t right[] = {0, 1, 1, 1, 1, 0, 0, 0, 0, 9, 0};
    builder_environment[0] = NULL; /* the cache of all tests */
    builder_wat("repeating.wasm", repeating);
    struct child child = RUN("-q", "--cc", "gcc", levels[_i], "repeating.wasm",
                             "-o", "repeating");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child = RUN_PROGRAM("./repeating", "--quiet", "--dummy", "--blocks", "1",
                        "--dump-memory", "memory");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    ck_assert_int_eq(memcmp(memory, right, sizeof(right)), 0);
    free(memory);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cache");
    TCase *tcase = tcase_create("shim");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, compiles_the_shim_once);
    tcase_add_test(tcase, does_without_when_asked);
    tcase_add_test(tcase, does_without_a_usable_folder);
    tcase_add_test(tcase, fills_in_what_is_missing);
    tcase_add_test(tcase, believes_no_kept_file);
    tcase_add_test(tcase, believes_no_kept_tuning);
    tcase_add_loop_test(tcase, does_without_its_folders, 0, 4);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("selfcheck");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, asks_a_new_compiler_once);
    tcase_add_test(tcase, asks_a_compiler_that_was_exchanged_behind_a_script);
    tcase_add_test(tcase, refuses_a_compiler_with_wrong_answers);
    tcase_add_test(tcase, refuses_a_compiler_whose_programs_die);
    tcase_add_loop_test(tcase, gcc_keeps_repeating_defaults, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}
