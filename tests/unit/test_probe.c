/* SPDX-License-Identifier: MIT */
#include "describe/probe.h"
#include "fixture.h"
#include "suite.h"
#include "vector.h"

static struct wasm_module module;
static struct probe_result result;

static uint32_t find(const char *name)
{
    const struct wasm_export *export =
        wasm_find_export(&module, WASM_FUNCTION, name);
    return export != NULL ? export->index : UINT32_MAX;
}

static void probe(uint32_t other_frames)
{
    const struct probe_plan plan = {
        .init_function = find("initDefaults"),
        .buffer_function = find("buffer"),
        .main_function = find("main"),
        .is_driven_by_main = find("buffer") == UINT32_MAX,
        .block_frames = 128,
        .other_frames = other_frames,
    };
    ck_assert_msg(probe_run(&result, &module, &plan, &arena, &diag), "%s",
                  diag.text);
}

/* Pieces of patches. The index of the frame is at address 4; buffers are
 * addressed by the offset of the access. */
#define MODULE "(module (memory (export \"memory\") 2 2) "
#define LOOP(count, body)                                       \
    "(local $n i32) (loop " body                                \
    " (br_if 0 (i32.lt_u (local.tee $n (i32.add (local.get $n)" \
    " (i32.const 1))) (i32.const " count "))))"
#define BUFFER(body) "(func (export \"buffer\") " body ")"
#define MAIN(body)   "(func $main (export \"main\") " body ")"
#define BUFFER_128   BUFFER(LOOP("128", "(call $main)"))
#define INDEX        "(i32.load (i32.const 4))"
#define AT           "(i32.shl " INDEX " (i32.const 2))"
#define AT_N         "(i32.shl (local.get $n) (i32.const 2))"
#define STEP(mask)                                            \
    " (i32.store (i32.const 4) (i32.and (i32.const " mask ")" \
    " (i32.add (i32.const 1) " INDEX ")))"
#define OUT(address) " (f32.store offset=" address " " AT " (f32.const 0)) "

static const struct {
    const char *name;
    const char *text;
    uint32_t outputs[4]; /* addresses, 0 after the last */
    uint32_t inputs[4];
} buffer_cases[] = {
    {"silence is written too",
     MODULE MAIN(OUT("512") STEP("127")) BUFFER_128 ")",
     {512},
     {0}},
    {"no buffer", MODULE MAIN(OUT("512") STEP("127")) ")", {512}, {0}},
    {"stereo, by address",
     MODULE MAIN(OUT("2048") OUT("512") STEP("127")) BUFFER_128 ")",
     {512, 2048},
     {0}},
    {"three",
     MODULE MAIN(OUT("2048") OUT("512") OUT("1024") STEP("127")) BUFFER_128 ")",
     {512, 1024, 2048},
     {0}},
    {"an output among delay lines of its length",
     MODULE MAIN(OUT("2048") OUT("512") OUT("1024") OUT(
         "3072") "(drop (f32.load offset=512 " AT "))"
                 "(drop (f32.load offset=1024 (i32.and (i32.const 508) (i32.add"
                 " (i32.const 64) " AT "))))"
                 "(drop (f32.load offset=3072 (i32.const 4)))" STEP("127"))
         BUFFER_128 ")",
     {2048},
     {0}},
    {"none",
     MODULE MAIN("(f32.store (i32.const 512) (f32.const 1))") BUFFER_128 ")",
     {0},
     {0}},
    {"unaligned",
     MODULE MAIN(OUT("513") STEP("127")) BUFFER_128 ")",
     {513},
     {0}},
    {"added to in the same call",
     MODULE MAIN(OUT("512") "(f32.store offset=512 " AT
                            " (f32.add (f32.const 1) (f32.load offset=512 " AT
                            ")))" STEP("127")) BUFFER_128 ")",
     {512},
     {0}},
    {"added to in a later call",
     MODULE MAIN(OUT("512") "(f32.store (i32.const 516) (f32.const 1))" STEP(
         "127")) BUFFER_128 ")",
     {0},
     {0}},
    {"cleared, then added to",
     MODULE MAIN("(f32.store offset=512 " AT " (f32.add (f32.const 1)"
                 " (f32.load offset=512 " AT ")))" STEP("127"))
         BUFFER(LOOP("128", "(if (i32.eqz (local.get $n)) (then"
                            " (memory.fill (i32.const 512) (i32.const 0)"
                            " (i32.const 512)))) (call $main)")) ")",
     {512},
     {0}},
    {"integers",
     MODULE MAIN("(i32.store offset=512 " AT " (i32.const 0))" STEP("127"))
         BUFFER_128 ")",
     {512},
     {0}},
    {"bytes",
     MODULE MAIN("(i32.store8 offset=512 " AT " (i32.const 0))" STEP("127"))
         BUFFER_128 ")",
     {0},
     {0}},
    {"input to output",
     MODULE MAIN("(f32.store offset=512 " AT " (f32.load offset=2048 " AT
                 "))" STEP("127")) BUFFER_128 ")",
     {512},
     {2048}},
    {"input read again by a plot",
     MODULE MAIN("(f32.store offset=512 " AT " (f32.load offset=2048 " AT
                 "))" STEP("127"))
         BUFFER(LOOP("128",
                     "(call $main)") "(drop (f32.load (i32.const 2052)))") ")",
     {512},
     {2048}},
    {"a delay line of 1024, written and read in order",
     MODULE MAIN("(f32.store offset=512 (i32.and (i32.const 511) " AT ")"
                 " (f32.load offset=4096 " AT "))"
                 " (f32.store offset=4096 " AT " (f32.const 1))" STEP("1023"))
         BUFFER_128 ")",
     {512},
     {0}},
    {"a recording of 1024, read in order",
     MODULE MAIN("(f32.store offset=512 (i32.and (i32.const 511) " AT ")"
                 " (f32.load offset=4096 " AT "))" STEP("1023")) BUFFER_128 ")",
     {512},
     {0}},
    {"calls of main one by one in code twice as long",
     MODULE MAIN(OUT("512") STEP("127")) "(func $two (call $main) (call "
                                         "$main))" BUFFER(
                                             LOOP("64", "(call $two)")) ")",
     {512},
     {0}},
    {"main twice a frame",
     MODULE MAIN("(f32.store offset=512 (i32.and (i32.const 508)"
                 " (i32.shl " INDEX " (i32.const 1))) (f32.const 1))" STEP(
                     "255")) BUFFER(LOOP("256", "(call $main)")) ")",
     {512},
     {0}},
    {"a loop in buffer",
     MODULE BUFFER(LOOP("128", "(f32.store offset=512 " AT_N
                               " (f32.load offset=1024 " AT_N "))")) ")",
     {512},
     {1024}},
    {"a loop in buffer that counts beside the output",
     MODULE BUFFER(LOOP("128",
                        "(i32.store (i32.const 508) (local.get $n))"
                        "(f32.store offset=512 " AT_N " (f32.const 1))"
                        "(i32.store (i32.const 1024) (local.get $n))")) ")",
     {512},
     {0}},
    {"a state written once beside the output",
     MODULE BUFFER("(local $x i32) (i32.store (i32.const 508) (local.get "
                   "$x))"
                   "(call $fill) (i32.store (i32.const 1024) (local.get "
                   "$x))") "(func $fill " LOOP("128",
                                               "(f32.store offset=512 " AT_N
                                               " (f32.const 1))") "))",
     {512},
     {0}},
    {"neighbours in one loop",
     MODULE BUFFER(LOOP("128",
                        "(f32.store offset=512 " AT_N " (f32.const 1))"
                        "(f32.store offset=1024 " AT_N " (f32.const 1))")) ")",
     {512, 1024},
     {0}},
    {"neighbours in two loops",
     MODULE "(func $left " LOOP(
         "128",
         "(f32.store offset=512 " AT_N
         " (f32.const 1))") ")"
                            "(func $right " LOOP(
                                "128",
                                "(f32.store offset=1024 " AT_N
                                " (f32.const 1))") ")" BUFFER("(call "
                                                              "$left) "
                                                              "(call "
                                                              "$right)") ")",
     {512, 1024},
     {0}},
    {"a table of 128 filters' states, updated for every frame",
     MODULE "(func $frame " LOOP(
         "128",
         "(f32.store offset=2048 " AT_N
         " (f32.const 1))") ")" BUFFER(LOOP("128", "(call $frame) (f32.store "
                                                   "offset=512 " AT_N
                                                   " (f32.const 1))")) ")",
     {512},
     {0}},
    {"copied at the end of the block",
     MODULE "(func $frame " LOOP(
         "128", "(f64.store offset=4096 (i32.const 0)"
                " (f64.const 1))") ")" BUFFER("(call $frame)"
                                              "(memory.copy (i32.const "
                                              "512) (i32.const 8192) "
                                              "(i32.const 512))") ")",
     {512},
     {0}},
    {"filled backwards",
     MODULE BUFFER(LOOP("128",
                        "(f32.store offset=512 (i32.sub (i32.const 508) " AT_N
                        ") (f32.const 1))")) ")",
     {0},
     {0}},
    {"in another memory",
     "(module (memory 1 1) (memory 1 1)"
     " (func $main (export \"main\")"
     " (f32.store 1 offset=512 " AT
     " (f32.const 0)) " STEP("127") ")" BUFFER_128 ")",
     {0},
     {0}},
};

static void check_list(const char *name, const char *side,
                       const struct access_pattern_buffer *list, uint32_t count,
                       const uint32_t *expected)
{
    for (uint32_t i = 0; i <= count && i < 4; i++) {
        uint32_t address = i < count ? list[i].address : 0;
        ck_assert_msg(address == expected[i], "%s: %s %u at %u, not %u", name,
                      side, i, address, expected[i]);
    }
}

START_TEST(finds_buffers)
{
    const char *name = buffer_cases[_i].name;
    wat_module(&module, buffer_cases[_i].text, &arena);
    probe(0);
    ck_assert_msg(result.end == PROBE_DONE, "%s: %s", name, result.text);
    ck_assert_uint_eq(result.blocks_recorded, PROBE_BLOCKS - 1);
    check_list(name, "output", result.outputs, result.output_count,
               buffer_cases[_i].outputs);
    check_list(name, "input", result.inputs, result.input_count,
               buffer_cases[_i].inputs);
    ck_assert_msg(result.output_count == 0 ||
                      result.outputs[0].is_f32 ==
                          (strcmp(name, "integers") != 0),
                  "%s: kind", name);
}
END_TEST

START_TEST(finds_unrolled_stores)
{
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, MODULE "(func (export \"buffer\") ");
    for (int i = 0; i < 128; i++) {
        buf_format(&text,
                   "(f32.store offset=%d (i32.const 0) (f32.load "
                   "offset=%d (i32.const 0)))",
                   1024 + 4 * i, 4096 + 4 * i);
    }
    buf_text(&text, "))");
    wat_module(&module, buf_string(&text), &arena);
    probe(0);
    ck_assert(result.output_count == 1 && result.outputs[0].address == 1024);
    ck_assert(result.input_count == 1 && result.inputs[0].address == 4096);
}
END_TEST

START_TEST(tries_another_length)
{
    wat_module(&module,
               MODULE MAIN(OUT("512") STEP("63"))
                   BUFFER(LOOP("64", "(call $main)")) ")",
               &arena);
    probe(0);
    ck_assert_uint_eq(result.output_count, 0);
    probe(64);
    ck_assert_uint_eq(result.block_frames, 64);
    ck_assert(result.output_count == 1 && result.outputs[0].address == 512);
}
END_TEST

#define ENDLESS "(loop (br 0))"
#define TRAP    "(unreachable)"
static const struct {
    const char *name;
    const char *text;
    enum probe_end end;
    enum probe_stage stage;
    uint32_t block;
    const char *why;
    uint32_t output_count;
} stop_cases[] = {
    {"endless main", MODULE MAIN(ENDLESS) BUFFER_128 ")", PROBE_ENDLESS,
     PROBE_BLOCK, 1, "no end", 0},
    {"endless init",
     MODULE "(func (export \"initDefaults\") " ENDLESS ")" MAIN("") ")",
     PROBE_ENDLESS, PROBE_INIT, 0, "no end", 0},
    {"trap in the first block", MODULE MAIN(TRAP) BUFFER_128 ")", PROBE_TRAPPED,
     PROBE_BLOCK, 1, "unreachable", 0},
    {"trap when it starts", MODULE "(func $s " TRAP ") (start $s)" MAIN("") ")",
     PROBE_TRAPPED, PROBE_START, 0, "unreachable", 0},
    {"trap in block 10",
     MODULE MAIN(
         OUT("512") "(i32.store (i32.const 8) (i32.add (i32.const 1)"
                    " (i32.load (i32.const 8))))"
                    "(drop (i32.div_u (i32.const 1) (i32.sub (i32.const 1200)"
                    " (i32.load (i32.const 8)))))" STEP("127")) BUFFER_128 ")",
     PROBE_TRAPPED, PROBE_BLOCK, 10, "divide by zero", 1},
    {"65536 pages", "(module (memory 65536 65536) (func (export \"main\")))",
     PROBE_REFUSED, PROBE_START, 0, "65536 pages", 0},
    {"deep recursion", MODULE "(func $main (export \"main\") (call $main)))",
     PROBE_TRAPPED, PROBE_BLOCK, 1, "call stack exhausted", 0},
};

START_TEST(says_how_it_stopped)
{
    const char *name = stop_cases[_i].name;
    wat_module(&module, stop_cases[_i].text, &arena);
    probe(0);
    ck_assert_msg(result.end == stop_cases[_i].end, "%s: end %d", name,
                  (int)result.end);
    ck_assert_msg(result.stage == stop_cases[_i].stage, "%s: stage", name);
    ck_assert_msg(result.block == stop_cases[_i].block, "%s: block %u", name,
                  result.block);
    ck_assert_msg(strstr(result.text, stop_cases[_i].why) != NULL, "%s: %s",
                  name, result.text);
    ck_assert_msg(result.output_count == stop_cases[_i].output_count,
                  "%s: outputs", name);
}
END_TEST

START_TEST(is_deterministic)
{
    vector_module(&module, vector_names[_i], true, &arena);
    probe(0);
    struct probe_result first = result;
    probe(0);
    ck_assert_msg(memcmp(&first, &result, sizeof(first)) == 0, "%s",
                  vector_names[_i]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("probe");
    TCase *tests = tcase_create("probe");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, finds_buffers, 0,
                        sizeof(buffer_cases) / sizeof(buffer_cases[0]));
    tcase_add_test(tests, finds_unrolled_stores);
    tcase_add_test(tests, tries_another_length);
    tcase_add_loop_test(tests, says_how_it_stopped, 0,
                        sizeof(stop_cases) / sizeof(stop_cases[0]));
    tcase_add_loop_test(tests, is_deterministic, 0, VECTOR_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
