/* SPDX-License-Identifier: MIT */
/*
 * Proven address ranges as a user meets them: the same sound and memory with
 * and without, also while the host writes what the proof does not allow.
 */
#include "suite.h"

#include "builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SINE F4E_TEST_DATA "/vectors/sine_stereo/plain.wasm"

static void build(const char *mode)
{
    struct child child = BUILD("--ranges", mode, SINE, "-o", mode);
    child_free(&child);
}

/* The file that holds 'suffix' for a mode. */
static const char *file_of(const char *mode, const char *suffix)
{
    static char name[64];
    (void)snprintf(name, sizeof(name), "%s.%s", mode, suffix);
    return name;
}

static void play(const char *mode)
{
    char *wav = strdup(file_of(mode, "wav"));
    char *dump = strdup(file_of(mode, "dump"));
    char *stats = strdup(file_of(mode, "json"));
    char *program = strdup(builder_path(mode));
    struct child child =
        RUN_PROGRAM(program, "--render", wav, "--blocks", "40", "--script",
                    "script", "--dump-memory", dump, "--stats-json", stats);
    ck_assert_msg(child.status == 0, "%s: %s", mode, child.err);
    child_free(&child);
    free(wav);
    free(dump);
    free(stats);
    free(program);
}

static void expect_equal(const char *mode, const char *suffix)
{
    size_t size = 0;
    size_t plain_size = 0;
    unsigned char *bytes = slurp(builder_path(file_of(mode, suffix)), &size);
    unsigned char *plain =
        slurp(builder_path(file_of("off", suffix)), &plain_size);
    ck_assert_msg(size == plain_size && size > 0 &&
                      memcmp(bytes, plain, size) == 0,
                  "--ranges %s: another %s", mode, suffix);
    free(bytes);
    free(plain);
}

static void expect_stats(const char *mode, const char *want)
{
    size_t size = 0;
    char *stats = (char *)slurp(builder_path(file_of(mode, "json")), &size);
    ck_assert_msg(strstr(stats, want) != NULL, "--ranges %s: not %s in\n%s",
                  mode, want, stats);
    free(stats);
}

/* The proof relies on word 520, an index, and on word 4, a pointer. */
START_TEST(keeps_its_side_when_the_host_does_not)
{
    static const char script[] = "1b set @520:i32 5\n" /* allowed */
                                 "3b set @520:i32 9999\n"
                                 "10b set @520:i32 300\n"
                                 "20b set @4:i32 60000\n"
                                 "25b set @4:i32 1052\n";
    static const char *const modes[] = {"off", "on", "check"};
    spit(builder_path("script"), script, sizeof(script) - 1);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        build(modes[i]);
        play(modes[i]);
        expect_equal(modes[i], "wav");
        expect_equal(modes[i], "dump");
        /* The index is a remainder again after one block; the pointer stays
         * wrong for five. */
        expect_stats(modes[i], i == 0 ? "\"generalBlocks\": 0,"
                                      : "\"generalBlocks\": 7,");
        expect_stats(modes[i], i == 0 ? "\"generalCause\": \"\","
                                      : "\"generalCause\": \"@0x4:i32\",");
    }
}
END_TEST

START_TEST(leaves_the_proof_beside_the_code)
{
    size_t size = 0;
    struct child child = BUILD("--ranges", "on", "--emit-c", "c", SINE);
    child_free(&child);
    char *proof = (char *)slurp(builder_path("c/ranges.txt"), &size);
    ck_assert_msg(strstr(proof, "\nrelies 0 520 4 0 127 0 0\n") != NULL, "%s",
                  proof);
    free(proof);
}
END_TEST

/* A block counts at 4 and 8, and in between divides by the word at 12, minus
 * one. */
static const char trapping[] =
    "(module (import \"host\" \"memory\" (memory 1 1))"
    "(func (export \"main\"))"
    "(func (export \"buffer\")"
    " (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) "
    "(i32.const 1)))"
    " (drop (i32.div_s (i32.const 7) (i32.sub (i32.load (i32.const 12)) "
    "(i32.const 1))))"
    " (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) "
    "(i32.const 1)))))";

/* What the block had done by the trap is in memory, and no more. */
START_TEST(leaves_in_memory_what_a_trap_left)
{
    static const char *const modes[] = {"off", "on", "check"};
    static const char script[] = "2b set @12:i32 1\n";
    spit(builder_path("script"), script, sizeof(script) - 1);
    builder_wat("trap.wasm", trapping);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        size_t size = 0;
        uint32_t words[3];
        struct child child =
            BUILD("--ranges", modes[i], "trap.wasm", "-o", "trap");
        child_free(&child);
        child = RUN_PROGRAM(builder_path("trap"), "--render", "trap.wav",
                            "--blocks", "5", "--script", "script", "--on-trap",
                            "stop", "--dump-memory", "trap.dump");
        ck_assert_msg(strstr(child.err, "divide by zero") != NULL, "%s: %s",
                      modes[i], child.err);
        child_free(&child);
        unsigned char *dump = slurp(builder_path("trap.dump"), &size);
        ck_assert_uint_ge(size, sizeof(words));
        memcpy(words, dump, sizeof(words));
        free(dump);
        ck_assert_msg(words[1] == 3 && words[2] == 2, "--ranges %s: %u, %u",
                      modes[i], words[1], words[2]);
    }
}
END_TEST

static const struct {
    const char *name;
    const char *wat;
    const char *want;
} explained[] = {
    {"proven",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"main\")) (func (export \"buffer\")"
     "(f32.store offset=8 (i32.mul (i32.and (i32.load (i32.const 4)) "
     "(i32.const 3)) (i32.const 4)) (f32.const 0)) (i32.store (i32.const 4) "
     "(i32.add (i32.load (i32.const 4)) (i32.const 1)))))",
     "f32.store in function 1 'buffer': in [8, 20]\n"},
    {"not proven",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"main\")) (func (export \"buffer\") (local i32)"
     "(i32.store8 (i32.mul (i32.load8_u (i32.const 4)) (i32.const 512)) "
     "(i32.const 7))"
     "(i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) "
     "(i32.const 1)))))",
     "not proven: its address can be from 0 to 130560, the memory has 65536 "
     "bytes\n"},
    {"anything",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"main\")) (func (export \"buffer\") (param i32)"
     "(i32.store8 (local.get 0) (i32.const 7))))",
     "not proven: its address can be anything\n"},
    {"guarded",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"main\")) (func (export \"buffer\")"
     "(i32.store (i32.const 16) (i32.load (i32.trunc_sat_f32_u (f32.load "
     "(i32.const 40)))))))",
     "not proven: its address can be anything; guarded to [0, 12]\n"},
    {"kept, written",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"main\")) (func (export \"buffer\")"
     "(i32.store (i32.const 4) (i32.load (i32.const 8)))))",
     "keeps        4\n"},
    {"kept, only read",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"main\")) (func (export \"buffer\")"
     "(i32.store (i32.const 4) (i32.load (i32.const 8)))))",
     "keeps        8, which it only reads\n"},
};

START_TEST(explains_in_words)
{
    builder_wat("p.wasm", explained[_i].wat);
    struct child child = RUN("inspect", "--ranges", "p.wasm");
    ck_assert_msg(child.status == 0 &&
                      strstr(child.out, explained[_i].want) != NULL,
                  "%s: %s%s", explained[_i].name, child.out, child.err);
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("ranges");
    TCase *tcase = tcase_create("e2e");
    tcase_set_timeout(tcase, 200);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_test(tcase, keeps_its_side_when_the_host_does_not);
    tcase_add_test(tcase, leaves_in_memory_what_a_trap_left);
    tcase_add_test(tcase, leaves_the_proof_beside_the_code);
    tcase_add_loop_test(tcase, explains_in_words, 0,
                        sizeof(explained) / sizeof(explained[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
