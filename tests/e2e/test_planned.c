/* SPDX-License-Identifier: MIT */
/*
 * Modules like those that the language plans to make: tables and indirect
 * calls, 64-bit integers. Each is built and played, and its memory is what V8
 * leaves, whose hash is kept here for machines without node.
 */
#include "suite.h"

#include "builder.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 40, BLOCK_FRAMES = 128, PAGE_BYTES = 65536 };

/* A block of 128 frames; 'body' has the frame's number in $i and the number of
 * all frames before it in $n, and what is behind it are other fields. */
#define MODULE(fields, locals, body)                                           \
    "(module (import \"host\" \"memory\" (memory 1 1))\n"                      \
    " (func (export \"initDefaults\")\n"                                       \
    "  (i32.store (i32.const 4) (i32.const 3)))\n"                             \
    " (func (export \"buffer\") (local $i i32) (local $n i32)\n" locals        \
    "  (loop $again\n"                                                         \
    "   (local.set $n (i32.load (i32.const 4)))\n" body                        \
    "   (i32.store (i32.const 4) (i32.add (local.get $n) (i32.const 1))"       \
    ")\n"                                                                      \
    "   (br_if $again (i32.lt_s (local.tee $i\n"                               \
    "    (i32.add (local.get $i) (i32.const 1))) (i32.const 128)))))\n" fields \
    ")\n"

/* Where the output of this frame goes. */
#define OUT "(i32.add (i32.const 16) (i32.shl (local.get $i) (i32.const 2)))"

static const struct {
    const char *name;
    const char *text;
    uint32_t hash; /* FNV-1a of the memory */
} rows[] = {
    {"operators of a table",
     MODULE(" (type $op (func (param f32 f32) (result f32)))\n"
            " (table 6 funcref)\n"
            " (elem (i32.const 1) $add $mul $sub $add)\n"
            " (func $add (type $op)\n"
            "  (f32.add (local.get 0) (local.get 1)))\n"
            " (func $mul (type $op)\n"
            "  (f32.mul (local.get 0) (local.get 1)))\n"
            " (func $sub (type $op)\n"
            "  (f32.store (i32.const 4096) (local.get 1))\n"
            "  (f32.sub (local.get 0) (local.get 1)))\n",
            "",
            "   (f32.store " OUT "\n"
            "    (call_indirect (type $op) (f32.const 1.25)\n"
            "     (f32.convert_i32_s (local.get $n))\n"
            "     (i32.add (i32.rem_u (local.get $n) (i32.const 4))\n"
            "      (i32.const 1))))\n"),
     0x8d47d4ffU},
    {"a state machine whose state is a function",
     MODULE(" (type $step (func (param i32) (result i32)))\n"
            " (table $states 3 funcref)\n"
            " (elem (i32.const 0) $rise $hold $fall)\n"
            " (func $level (param f32)\n"
            "  (f32.store (i32.const 4096) (local.get 0)))\n"
            " (func $rise (type $step)\n"
            "  (call $level (f32.add (f32.load (i32.const 4096))\n"
            "   (f32.const 0.125)))\n"
            "  (f32.ge (f32.load (i32.const 4096)) (f32.const 4)))\n"
            " (func $hold (type $step)\n"
            "  (i32.store8 (i32.const 4100) (i32.add\n"
            "   (i32.load8_u (i32.const 4100)) (i32.const 5)))\n"
            "  (select (i32.const 2) (i32.const 1)\n"
            "   (i32.gt_u (i32.load8_u (i32.const 4100)) (i32.const 250))))\n"
            " (func $fall (type $step)\n"
            "  (call $level (f32.mul (f32.load (i32.const 4096))\n"
            "   (f32.const 0.75)))\n"
            "  (i32.shl (f32.gt (f32.load (i32.const 4096))\n"
            "   (f32.const 0.001)) (i32.const 1)))\n",
            "",
            "   (i32.store (i32.const 8) (call_indirect (type $step)\n"
            "    (local.get $n) (i32.load (i32.const 8))))\n"
            "   (f32.store " OUT " (f32.load (i32.const 4096)))\n"),
     0xc7ca7e48U},
    {"64-bit integers",
     MODULE(" (global $g (mut i64) (i64.const 0x123456789abcdef))\n"
            " (func $mix (param i64 i32) (result i64)\n"
            "  (i64.xor (i64.rotl (local.get 0) (i64.const 13))\n"
            "   (i64.mul (i64.extend_i32_s (local.get 1))\n"
            "    (i64.const 0x9e3779b97f4a7c15))))\n",
            "(local $w i64)\n",
            "   (global.set $g (call $mix (global.get $g) (local.get $n)))\n"
            "   (local.set $w (i64.div_s (global.get $g)\n"
            "    (i64.or (i64.extend_i32_u (local.get $n)) (i64.const 1))))\n"
            "   (i64.store (i32.add (i32.const 8192)\n"
            "     (i32.shl (i32.and (local.get $n) (i32.const 255))\n"
            "      (i32.const 3)))\n"
            "    (i64.add (local.get $w) (i64.rem_u (global.get $g)\n"
            "     (i64.const 1000003))))\n"
            "   (i64.store32 (i32.const 1024) (i64.shr_s (local.get $w)\n"
            "    (i64.const 7)))\n"
            "   (i64.store16 (i32.const 1030) (i64.clz (local.get $w)))\n"
            "   (f32.store " OUT " (f32.convert_i64_s (i64.shr_s\n"
            "    (global.get $g) (i64.const 40))))\n"),
     0x195d01bdU},
    {"jumps through lists",
     MODULE("", "(local $r f32)\n",
            "   (local.set $r (block $out (result f32)\n"
            "    (block $b (block $a (block $none\n"
            "     (br_table $a $b $none $b $none $a $none\n"
            "      (i32.sub (i32.rem_u (local.get $n) (i32.const 9))\n"
            "       (i32.const 1))))\n"
            "     (br $out (f32.const -1)))\n"
            "    (br $out (f32.convert_i32_u (local.get $i))))\n"
            "    (f32.sqrt (f32.convert_i32_u (local.get $n)))))\n"
            "   (f32.store " OUT " (local.get $r))\n"),
     0x4a863342U},
};

static uint32_t hash(const unsigned char *bytes)
{
    uint32_t value = 2166136261U;
    for (size_t i = 0; i < PAGE_BYTES; i++) {
        value = (value ^ bytes[i]) * 16777619U;
    }
    return value;
}

static void expect_memory(const char *file, uint32_t expected, const char *name)
{
    size_t size = 0;
    unsigned char *bytes = slurp(builder_path(file), &size);
    ck_assert_uint_eq(size, PAGE_BYTES);
    ck_assert_msg(hash(bytes) == expected, "%s, %s: 0x%08xU", name, file,
                  hash(bytes));
    free(bytes);
}

START_TEST(leaves_the_memory_that_v8_leaves)
{
    static const char *const levels[][2] = {{"-O0", "--ranges=off"},
                                            {"-O2", "--ranges=on"},
                                            {"-O3", "--ranges=check"}};
    builder_wat("p.wasm", rows[_i].text);
    char *blocks = text("%d", BLOCKS);
    if (child_finds("node")) {
        struct child child =
            RUN_PROGRAM("node", F4E_V8_MEMORY, "p.wasm", blocks, "v8");
        ck_assert_msg(child.status == 0, "%s", child.err);
        child_free(&child);
        expect_memory("v8", rows[_i].hash, rows[_i].name);
    }
    for (size_t i = 0; i < 3; i++) {
        struct child child =
            BUILD("p.wasm", levels[i][0], levels[i][1], "--out", "0=16");
        child_free(&child);
        child = RUN_PROGRAM("./p", "--render", "p.wav", "--seconds",
                            "0.1066666", "--dump-memory", "memory");
        ck_assert_msg(child.status == 0, "%s", child.err);
        child_free(&child);
        expect_memory("memory", rows[_i].hash, rows[_i].name);
    }
    free(blocks);
}
END_TEST

/* 64-bit variables, and blocks of another length, as a manifest says them. */
static const char counting[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"buffer\")\n"
    "  (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8))\n"
    "   (i64.const 2)))\n"
    "  (f32.store (i32.const 64) (f32.const 1))))\n";

static const char manifest[] =
    "{\"f4e-manifest\": 1, \"blockFrames\": 96, \"drivenBy\": \"buffer\",\n"
    " \"outputs\": [{\"channel\": 0, \"address\": 64}],\n"
    " \"items\": [\n"
    "  {\"name\": \"m:count\", \"address\": 8, \"element\": \"i64\"},\n"
    "  {\"name\": \"m:odd\", \"address\": 8, \"element\": \"i128\"},\n"
    "  {\"name\": \"m:list\", \"address\": 16, \"element\": \"i64\",\n"
    "   \"count\": 2.5}]}\n";

START_TEST(holds_64_bit_integers)
{
    builder_wat("p.wasm", counting);
    spit(builder_path("m.json"), manifest, strlen(manifest));
    struct child child = BUILD("p.wasm", "--manifest", "m.json");
    ck_assert_ptr_nonnull(strstr(child.err, "'m:odd' is left out: this program "
                                            "does not know the type 'i128'"));
    child_free(&child);
    /* 10 blocks of 96 frames are 20 ms. */
    child = RUN_PROGRAM("./p", "--set", "m:count=9007199254740993", "--set",
                        "m:list=-9223372036854775808 0x7fffffffffffffff",
                        "--render", "p.wav", "--seconds", "0.02",
                        "--dump-memory", "memory", "--save-state", "state");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *bytes = slurp(builder_path("memory"), &size);
    int64_t words[3];
    memcpy(words, bytes + 8, sizeof(words));
    free(bytes);
    ck_assert_int_eq(words[0], INT64_C(9007199254740993) + 20);
    ck_assert_int_eq(words[1], INT64_MIN);
    ck_assert_int_eq(words[2], INT64_MAX);
    child = RUN_PROGRAM("./p", "--state", "state", "--list");
    ck_assert_msg(strstr(child.out, "9007199254741013") != NULL &&
                      strstr(child.out, "-9223372036854775808") != NULL,
                  "%s", child.out);
    child_free(&child);
    child = RUN_PROGRAM("./p", "--state", "state", "--list", "--json");
    ck_assert_msg(strstr(child.out, "\"9007199254741013\"") != NULL, "%s",
                  child.out);
    child_free(&child);
}
END_TEST

START_TEST(passes_64_bit_arguments_exactly_or_not)
{
    static const struct {
        const char *argument;
        bool is_good;
    } rows_of_numbers[] = {{"9007199254740992", true},
                           {"-9007199254740992", true},
                           {"9007199254740994", false}};
    builder_wat("p.wasm", "(module (import \"host\" \"memory\" (memory 1 1))\n"
                          " (func (export \"take\") (param i64)\n"
                          "  (i64.store (i32.const 8) (local.get 0)))\n"
                          " (func (export \"buffer\")\n"
                          "  (f32.store (i32.const 64) (f32.const 1))))\n");
    struct child child = BUILD("p.wasm", "--out", "0=64");
    child_free(&child);
    for (size_t i = 0; i < 3; i++) {
        char *script = text("0b call take %s\n", rows_of_numbers[i].argument);
        spit(builder_path("script"), script, strlen(script));
        child = RUN_PROGRAM("./p", "--render", "p.wav", "--seconds", "0.01",
                            "--script", "script", "--dump-memory", "memory");
        if (rows_of_numbers[i].is_good) {
            size_t size = 0;
            unsigned char *bytes = slurp(builder_path("memory"), &size);
            int64_t value = 0;
            memcpy(&value, bytes + 8, sizeof(value));
            free(bytes);
            ck_assert_msg(child.status == 0, "%s", child.err);
            ck_assert_int_eq(value,
                             strtoll(rows_of_numbers[i].argument, NULL, 10));
        } else {
            ck_assert_int_eq(child.status, 2);
            ck_assert_ptr_nonnull(strstr(child.err, "is beyond 2^53"));
        }
        child_free(&child);
        free(script);
    }
}
END_TEST

/* A call through the table by a script, with each way to go wrong. */
static const char calling[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (type $op (func (param i32) (result i32)))\n"
    " (table 5 funcref)\n"
    " (elem (i32.const 1) $good $bad)\n"
    " (func $good (type $op) (i32.add (local.get 0) (i32.const 1)))\n"
    " (func $bad (param f32))\n"
    " (func (export \"pick\") (param i32)\n"
    "  (i32.store (i32.const 4)\n"
    "   (call_indirect (type $op) (i32.const 41) (local.get 0))))\n"
    " (func (export \"buffer\") (f32.store (i32.const 16) (f32.const 1))))\n";

static const struct {
    const char *index;
    const char *trap; /* NULL: none */
} picks[] = {
    {"1", NULL},
    {"0", "null function"},
    {"2", "function signature mismatch"},
    {"3", "null function"},
    {"5", "table index is out of bounds"},
    {"-1", "table index is out of bounds"},
};

START_TEST(names_the_trap_and_who_called)
{
    builder_wat("p.wasm", calling);
    char *script = text("0b call pick %s\n", picks[_i].index);
    spit(builder_path("script"), script, strlen(script));
    for (size_t i = 0; i < 2; i++) {
        struct child child =
            BUILD("p.wasm", "--out", "0=16", i == 0 ? "-O0" : "-O3");
        child_free(&child);
        child = RUN_PROGRAM("./p", "--render", "p.wav", "--seconds", "0.01",
                            "--script", "script", "--dump-memory", "memory");
        size_t size = 0;
        unsigned char *bytes = slurp(builder_path("memory"), &size);
        if (picks[_i].trap == NULL) {
            ck_assert_msg(child.status == 0, "%s", child.err);
            ck_assert_uint_eq(bytes[4], 42);
        } else {
            char *expected =
                text("trap: %s in function 2 'pick'", picks[_i].trap);
            ck_assert_msg(strstr(child.err, expected) != NULL, "no '%s': %s",
                          expected, child.err);
            ck_assert_uint_eq(bytes[4], 0);
            free(expected);
        }
        free(bytes);
        child_free(&child);
    }
    free(script);
}
END_TEST

/* The trial run speaks of the instruction in the file, too. */
START_TEST(tells_of_a_trap_in_the_trial_run)
{
    builder_wat("p.wasm", "(module (import \"host\" \"memory\" (memory 1 1))\n"
                          " (table 5 funcref)\n"
                          " (func (export \"buffer\")\n"
                          "  (call_indirect (i32.const 4))))\n");
    struct child child = RUN("p.wasm", "-q");
    ck_assert_int_eq(child.status, 1);
    ck_assert_msg(strstr(child.err, "null function") != NULL &&
                      strstr(child.err, "function 0 'buffer'") != NULL &&
                      strstr(child.err, "p.wasm: 0x00003e: ") != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

/* A module that holds its assets: the text says other defaults for what they
 * fill than the module has there. */
static const char held_vector[] = F4E_TEST_DATA "/vectors/pcm8_player/";
static const char clip_is_held[] = "int8[] clip 4093 1 2 3";
static const char roomy_is_held[] = "int8[] roomy 8000 -1 5";

static const struct {
    const char *clip, *roomy;
    bool has_file;
    const char *lock; /* SHA-256 and bytes, or NULL */
    int status;
    const char *says, *not;
} held[] = {
    {clip_is_held, roomy_is_held, false, NULL, 0,
     "asset 'hit' is not here, but the module's data has it", "says that"},
    {clip_is_held, "int8[] roomy 8000 -1 -2 -3", false, NULL, 1,
     "asset 'hit' is not here: 'https://example.invalid/assets/hit.s8' is not "
     "fetched",
     "the module's data"},
    {clip_is_held, roomy_is_held, true, NULL, 0,
     "asset 'hit': 'hit.s8' is loaded, and the module has other bytes in "
     "'bank:clip'",
     "is not here"},
    {"int8[] clip 4093", "int8[] roomy 8000 -1 -2 -3", true, NULL, 0,
     "asset 'hit' is 'hit.s8'", "other bytes"},
    /* Of a single 0, which clip has first, and roomy has not. */
    {clip_is_held, roomy_is_held, false,
     "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\t1", 0,
     "'p.8f4e.lock' says that it is another one than the module has in "
     "'bank:roomy'",
     "has in 'bank:clip'"},
};

static char *replaced(char *all, const char *from, const char *to)
{
    char *at = strstr(all, from);
    ck_assert_ptr_nonnull(at);
    char *result =
        text("%.*s%s%s", (int)(at - all), all, to, at + strlen(from));
    free(all);
    return result;
}

static void copy_vector(const char *from, const char *to)
{
    size_t size = 0;
    char *path = text("%s%s", held_vector, from);
    unsigned char *bytes = slurp(path, &size);
    spit(builder_path(to), bytes, size);
    free(bytes);
    free(path);
}

START_TEST(takes_a_module_that_holds_its_assets)
{
    size_t size = 0;
    copy_vector("plain.wasm", "p.wasm");
    copy_vector("project.8f4e", "p.8f4e");
    if (held[_i].has_file) {
        copy_vector("hit.s8", "hit.s8");
    }
    unsigned char *bytes = slurp(builder_path("p.8f4e"), &size);
    char *all = text("%.*s", (int)size, (const char *)bytes);
    free(bytes);
    all = replaced(all, "int8[] clip 4093", held[_i].clip);
    all = replaced(all, "int8[] roomy 8000 -1 -2 -3", held[_i].roomy);
    spit(builder_path("p.8f4e"), all, strlen(all));
    free(all);
    if (held[_i].lock != NULL) {
        char *lock = text("f4e-lock 1\n%s\thit.s8\t"
                          "https://example.invalid/assets/hit.s8\n",
                          held[_i].lock);
        spit(builder_path("p.8f4e.lock"), lock, strlen(lock));
        free(lock);
    }
    struct child child = RUN("p.wasm", "-o", "p", "-O1");
    ck_assert_msg(child.status == held[_i].status &&
                      strstr(child.err, held[_i].says) != NULL &&
                      strstr(child.err, held[_i].not) == NULL,
                  "%s", child.err);
    child_free(&child);
    if (held[_i].status == 0) {
        child = RUN_PROGRAM("./p", "--render", "none", "--blocks", "10");
        ck_assert_msg(child.status == 0, "%s", child.err);
        child_free(&child);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("planned");
    TCase *tcase = tcase_create("planned");
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, leaves_the_memory_that_v8_leaves, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_loop_test(tcase, names_the_trap_and_who_called, 0,
                        sizeof(picks) / sizeof(picks[0]));
    tcase_add_test(tcase, tells_of_a_trap_in_the_trial_run);
    tcase_add_loop_test(tcase, takes_a_module_that_holds_its_assets, 0,
                        sizeof(held) / sizeof(held[0]));
    tcase_add_test(tcase, holds_64_bit_integers);
    tcase_add_test(tcase, passes_64_bit_arguments_exactly_or_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
