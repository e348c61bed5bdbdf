/* SPDX-License-Identifier: MIT */
/*
 * Every kind of trap in a built patch, with every policy: the process ends or
 * goes on as told, the trap and its function are named, memory keeps the
 * partial effects, and no signal is involved.
 */
#include "suite.h"

#include "builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FRAMES = 128, BLOCKS = 6, TRAP_BLOCK = 3 };

/* Output at 1024: 0.5 in each frame. Memory 0: which trap to run into, 0 for
 * none; 4: blocks begun since initDefaults; 8: blocks begun, never reset. */
static const char trapping[] =
    "(module\n"
    " (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"initDefaults\")\n"
    "  (memory.fill (i32.const 0) (i32.const 0) (i32.const 8)))\n"
    " (func $recurse (param i32) (result i32)\n"
    "  (i32.add (i32.const 1)\n"
    "   (call $recurse (i32.add (local.get 0) (i32.const 1)))))\n"
    " (func $trap_now (param $kind i32) (local $zero i32) (local $nan f64)\n"
    "  (local.set $nan (f64.div (f64.const 0) (f64.const 0)))\n"
    "  (block $12 (block $11 (block $10 (block $9 (block $8 (block $7\n"
    "  (block $6 (block $5 (block $4 (block $3 (block $2 (block $1\n"
    "  (block $0\n"
    "   (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12\n"
    "    (local.get $kind)))\n"
    "   (return))\n"
    "   (unreachable))\n"
    "   (drop (i32.div_s (i32.const 1) (local.get $zero))) (return))\n"
    "   (drop (i64.rem_u (i64.const 1)\n"
    "    (i64.extend_i32_u (local.get $zero)))) (return))\n"
    "   (drop (i32.div_s (i32.const 0x80000000)\n"
    "    (i32.sub (local.get $zero) (i32.const 1)))) (return))\n"
    "   (drop (i32.trunc_f64_s (local.get $nan))) (return))\n"
    "   (drop (i64.trunc_f32_u (f32.const -1))) (return))\n"
    "   (drop (i32.load (i32.const 65533))) (return))\n"
    "   (i32.store8 offset=65535 (i32.add (local.get $zero) (i32.const 1))\n"
    "    (i32.const 1)) (return))\n"
    "   (f64.store offset=0xffffffff (i32.const 0xffffffff)\n"
    "    (local.get $nan)) (return))\n"
    "   (memory.fill (i32.const 65530) (i32.const 1) (i32.const 7)) (return))\n"
    "   (drop (call $recurse (i32.const 0))) (return))\n"
    "   (drop (i64.div_s (i64.const 0x8000000000000000)\n"
    "    (i64.sub (i64.extend_i32_u (local.get $zero)) (i64.const 1)))))\n"
    " (func $buffer (export \"buffer\") (local $i i32)\n"
    "  (i32.store (i32.const 4)\n"
    "   (i32.add (i32.load (i32.const 4)) (i32.const 1)))\n"
    "  (i32.store (i32.const 8)\n"
    "   (i32.add (i32.load (i32.const 8)) (i32.const 1)))\n"
    "  (call $trap_now (i32.load (i32.const 0)))\n"
    "  (loop $again\n"
    "   (f32.store offset=1024 (i32.shl (local.get $i) (i32.const 2))\n"
    "    (f32.const 0.5))\n"
    "   (br_if $again (i32.lt_s\n"
    "    (local.tee $i (i32.add (local.get $i) (i32.const 1)))\n"
    "    (i32.const 128))))))\n";

static const struct {
    const char *text;
    const char *function;
} traps[] = {
    {"unreachable", "function 2 'trap_now'"},
    {"divide by zero", "function 2 'trap_now'"},
    {"divide by zero", "function 2 'trap_now'"},
    {"divide result unrepresentable", "function 2 'trap_now'"},
    {"float unrepresentable in integer range", "function 2 'trap_now'"},
    {"float unrepresentable in integer range", "function 2 'trap_now'"},
    {"memory access out of bounds", "function 2 'trap_now'"},
    {"memory access out of bounds", "function 2 'trap_now'"},
    {"memory access out of bounds", "function 2 'trap_now'"},
    {"memory access out of bounds", "function 2 'trap_now'"},
    {"call stack exhausted", "function 1 'recurse'"},
    {"divide result unrepresentable", "function 2 'trap_now'"},
};
enum { TRAP_COUNT = sizeof(traps) / sizeof(traps[0]) };

static const struct {
    const char *name;
    int status;
    size_t blocks;   /* rendered */
    size_t sounding; /* of those, in all but the trapping one */
    const char *told;
} policies[] = {
    {"stop", 6, TRAP_BLOCK, TRAP_BLOCK, ""},
    {"reset", 0, BLOCKS, BLOCKS, "; started again\n"},
    {"silence", 0, BLOCKS, TRAP_BLOCK, "; silence from there\n"},
};
enum { POLICY_COUNT = sizeof(policies) / sizeof(policies[0]) };

static void check_frames(const struct child *child, int policy)
{
    size_t block_bytes = BLOCK_FRAMES * sizeof(float);
    ck_assert_uint_eq(child->out_length, policies[policy].blocks * block_bytes);
    for (size_t block = 0; block < policies[policy].blocks; block++) {
        float sample;
        memcpy(&sample, child->out + block * block_bytes, sizeof(sample));
        float expected =
            block != TRAP_BLOCK && block < policies[policy].sounding ? 0.5F
                                                                     : 0.0F;
        ck_assert_msg(sample == expected, "%s: block %zu: %g",
                      policies[policy].name, block, (double)sample);
    }
}

static int32_t word(const unsigned char *memory, size_t address)
{
    int32_t value;
    memcpy(&value, memory + address, sizeof(value));
    return value;
}

static void check_trap(int kind, int policy)
{
    char *script = text("%db set 0 i32 %d\n", TRAP_BLOCK, kind + 1);
    spit(builder_path("script"), script, strlen(script));
    struct child child = RUN_PROGRAM(
        "./p", "--render", "-", "--blocks", "6", "--script", "script",
        "--on-trap", policies[policy].name, "--dump-memory", "memory");
    ck_assert_msg(child.signal == 0 && child.status == policies[policy].status,
                  "trap %d, %s: status %d, signal %d: %s", kind,
                  policies[policy].name, child.status, child.signal, child.err);
    char *expected = text("trap: %s in %s at block %d", traps[kind].text,
                          traps[kind].function, TRAP_BLOCK);
    ck_assert_msg(strstr(child.err, expected) != NULL,
                  "trap %d, %s: no '%s' in: %s", kind, policies[policy].name,
                  expected, child.err);
    ck_assert_ptr_nonnull(strstr(child.err, policies[policy].told));
    check_frames(&child, policy);
    child_free(&child);
    /* The trapping block began; initDefaults ran again, or not. */
    size_t size = 0;
    unsigned char *memory = slurp(builder_path("memory"), &size);
    int begun[] = {TRAP_BLOCK + 1, BLOCKS, TRAP_BLOCK + 1};
    int since[] = {TRAP_BLOCK + 1, BLOCKS - TRAP_BLOCK - 1, TRAP_BLOCK + 1};
    ck_assert_int_eq(word(memory, 8), begun[policy]);
    ck_assert_int_eq(word(memory, 4), since[policy]);
    for (size_t i = 65520; i < 65536; i++) {
        ck_assert_int_eq(memory[i], 0);
    }
    free(memory);
    free(expected);
    free(script);
}

static const char *const levels[] = {"-O0", "-O3"};

START_TEST(traps_are_named_and_follow_the_policy)
{
    builder_wat("p.wasm", trapping);
    struct child child = BUILD("p.wasm", "-q", "--out", "0=1024", levels[_i]);
    child_free(&child);
    for (int kind = 0; kind < TRAP_COUNT; kind++) {
        for (int policy = 0; policy < POLICY_COUNT; policy++) {
            check_trap(kind, policy);
        }
    }
}
END_TEST

/* Endless recursion that an optimiser would gladly make a loop of. */
START_TEST(recursion_ends_at_any_level)
{
    static const char tail[] =
        "(module (memory 1)\n"
        " (global $on (mut i32) (i32.const 0))\n"
        " (func (export \"arm\") (global.set $on (i32.const 1)))\n"
        " (func $a (param i32) (call $b (local.get 0)))\n"
        " (func $b (param i32) (call $a (local.get 0)))\n"
        " (func (export \"buffer\") (if (global.get $on)\n"
        "  (then (call $a (i32.const 1))))))\n";
    builder_wat("p.wasm", tail);
    struct child child = BUILD("p.wasm", "-q", "--out", "0=1024", levels[_i]);
    child_free(&child);
    static const char script[] = "1b call arm\n";
    spit(builder_path("script"), script, strlen(script));
    child = RUN_PROGRAM("./p", "--render", "-", "--blocks", "3", "--script",
                        "script");
    ck_assert_msg(child.status == 6, "%s: status %d, signal %d: %s", levels[_i],
                  child.status, child.signal, child.err);
    ck_assert_ptr_nonnull(strstr(child.err, "trap: call stack exhausted"));
    child_free(&child);
}
END_TEST

/* Each call of $poke is of a copy: it traps as the function that was written,
 * and it is that for inspect, with its offsets. */
START_TEST(traps_in_copies_are_those_of_the_function)
{
    builder_wat("p.wasm",
                "(module (import \"host\" \"memory\" (memory 1 1))\n"
                " (func $poke (param $at i32)\n"
                "  (i32.store (local.get $at)\n"
                "   (i32.add (i32.load (local.get $at)) (i32.const 1))))\n"
                " (func (export \"initDefaults\"))\n"
                " (func (export \"buffer\")\n"
                "  (call $poke (i32.const 8))\n"
                "  (call $poke (i32.mul (i32.load (i32.const 8))\n"
                "   (i32.const 30000)))))\n");
    struct child child = BUILD("p.wasm", "--out", "0=1024", "--rate", "48000",
                               "--block", "128", "-o", "p");
    child_free(&child);
    child = RUN_PROGRAM(builder_path("p"), "--render", "none", "--blocks", "9",
                        "--on-trap", "stop");
    ck_assert_msg(strstr(child.err, "trap: memory access out of bounds in "
                                    "function 0 'poke' at block 2") != NULL,
                  "%d: %s", child.status, child.err);
    child_free(&child);
    child = RUN("inspect", "--ranges", "--block", "128", "p.wasm");
    ck_assert_ptr_nonnull(
        strstr(child.out, "i32.load in function 0 'poke': not proven"));
    child_free(&child);
}
END_TEST

START_TEST(traps_of_the_start_are_named)
{
    static const char start[] =
        "(module (memory 1) (data (i32.const 65533) \"too far\")\n"
        " (func (export \"buffer\")))\n";
    builder_wat("p.wasm", start);
    struct child child = RUN("p.wasm", "-q", "-O0", "--out", "0=1024");
    if (child.status == 0) {
        child_free(&child);
        child = RUN_PROGRAM("./p", "--render", "-", "--blocks", "1");
        ck_assert_int_eq(child.status, 6);
        ck_assert_ptr_nonnull(
            strstr(child.err, "trap: memory access out of bounds"));
    } else {
        ck_assert_int_eq(child.status, 1);
    }
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("traps");
    TCase *tcase = tcase_create("traps");
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, traps_are_named_and_follow_the_policy, 0, 2);
    tcase_add_loop_test(tcase, recursion_ends_at_any_level, 0, 2);
    tcase_add_test(tcase, traps_in_copies_are_those_of_the_function);
    tcase_add_test(tcase, traps_of_the_start_are_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
