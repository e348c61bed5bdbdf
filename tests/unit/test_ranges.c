/* SPDX-License-Identifier: MIT */
#include "plain_patch.h"
#include "ranges/certificate_format.h"
#include "ranges/ranges.h"
#include "suite.h"
#include "two_runs.h"
#include "vector.h"
#include "wasm/callgraph.h"

/* Around each body: a memory with words at 16 … 28, and `note`, which gets
 * another number each time. */
#define MODULE(locals, body, note, more)                                      \
    "(module (import \"host\" \"memory\" (memory 1 1))"                       \
    "(data $d \"\\00\\01\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00" \
    "\\00\")"                                                                 \
    "(func (export \"initDefaults\")"                                         \
    " (memory.fill (i32.const 0) (i32.const 0) (i32.const 1024))"             \
    " (memory.init $d (i32.const 16) (i32.const 0) (i32.const 16)))"          \
    "(func (export \"note\") (param i32 i32) "                                \
    "(i32.store (i32.const 1000) (i32.add (i32.const 1013904223) "            \
    "(i32.mul (i32.const 1664525) (i32.load (i32.const 1000))))) " note ")"   \
    "(func (export \"main\"))"                                                \
    "(func $buffer (export \"buffer\") " locals " " body ")" more ")"
#define GET(address)        "(i32.load (i32.const " #address "))"
#define PUT(address, value) "(i32.store (i32.const " #address ") " value ")"
#define NOISE               GET(1000)
/* Any number, but a small one every other time. */
#define SMALL_NOISE                                         \
    "(select " NOISE " (i32.and " NOISE " (i32.const 31)) " \
    "(i32.and " NOISE " (i32.const 64)))"
#define COUNT            PUT(20, "(i32.add " GET(20) " (i32.const 1))")
#define MARK_AT(address) "(i32.store " address " (i32.const 77))"

static const struct {
    const char *name;
    const char *text;
    bool is_analysed;
} hostile[] = {
    {"a store with an index hits the pointer that was read before",
     MODULE(
         "(local i32)",
         "(local.set 0 " GET(
             16) ")" COUNT
                 "(i32.store (i32.add (i32.const 12) (i32.mul (i32.const 4) "
                 "(i32.and " GET(20) " (i32.const 3)))) (i32.const 300))"
                                     "(i32.store8 " GET(16) " (i32.const 1))",
         "", ""),
     true},
    {"an address that overflows and is guarded after it",
     MODULE("(local i32)",
            PUT(20, "(i32.add " GET(
                        20) " (i32.const 0x0fffffff))") "(local.set 0 (i32.add "
                                                        "(i32.const 256) "
                                                        "(i32.mul " GET(
                                                            20) " (i32."
                                                                "const "
                                                                "4))))"
                                                                "(if "
                                                                "(i32.le_"
                                                                "u "
                                                                "(local."
                                                                "get 0) "
                                                                "(i32."
                                                                "const "
                                                                "65532)) "
                                                                "(then"
                                                                " " MARK_AT(
                                                                    "(loca"
                                                                    "l."
                                                                    "get "
                                                                    "0)") "))",
            "", ""),
     true},
    {"a narrow store into the middle of a pointer",
     MODULE("",
            COUNT
            "(i32.store8 offset=1 (i32.const 16) " GET(20) ")" MARK_AT(GET(16)),
            "", ""),
     true},
    {"a store that lies across two pointers",
     MODULE("", COUNT "(i32.store (i32.const 18) " GET(20) ")" MARK_AT(GET(16)),
            "", ""),
     true},
    {"a double over two pointers",
     MODULE("",
            COUNT "(f64.store (i32.const 16) (f64.convert_i32_s " GET(
                20) "))"
                    "(if (i32.le_u " GET(
                        16) " (i32.const 65532)) (then " MARK_AT(GET(16)) "))",
            "", ""),
     true},
    {"two variables that are equal for some rounds only",
     MODULE(
         "(local $a i32) (local $b i32) (local $n i32)",
         "(local.set $a " GET(
             24) ") (local.set $b (local.get $a))"
                 "(loop (if (i32.sub (local.get $a) (local.get $b)) (then " PUT(
                     28, "(local.get $n)") ") (else " COUNT "))"
                                           "(if (i32.gt_s (local.get $n) "
                                           "(i32.const 3)) (then "
                                           "(local.set $b (i32.add (local.get "
                                           "$b) (i32.const 1)))))"
                                           "(local.set $a (i32.add (local.get "
                                           "$a) (i32.const 1)))"
                                           "(local.set $b (i32.add (local.get "
                                           "$b) (i32.const 1)))"
                                           "(local.set $n (i32.add (local.get "
                                           "$n) (i32.const 1)))"
                                           "(br_if 0 (i32.lt_s (local.get $n) "
                                           "(i32.const 9))))",
         PUT(24, NOISE), ""),
     true},
    {"a store with an index hits a pointer that was just written",
     MODULE(
         "",
         COUNT PUT(
             16, "(i32.const 256)") "(i32.store (i32.add (i32.const 12) "
                                    "(i32.mul (i32.const 4) "
                                    "(i32.and " GET(
                                        20) " (i32.const 3)))) (i32.const 300))"
                                            "(i32.store8 " GET(
                                                16) " (i32.const 1))",
         "", ""),
     true},
    {"a condition on what a variable was before a loop, and no word is",
     MODULE("(local $x i32) (local $c i32) (local $n i32)",
            "(local.set $x (i32.wrap_i64 (i64.load (i32.const 24))))"
            "(local.set $c (i32.lt_u (local.get $x) (i32.const 50)))"
            "(loop (local.set $x (i32.add (local.get $x) (i32.const 100)))"
            "(local.set $n (i32.add (local.get $n) (i32.const 1)))"
            "(br_if 0 (i32.lt_s (local.get $n) (i32.const 5))))"
            "(if (local.get $c) (then (if (i32.lt_u (local.get $x) "
            "(i32.const 50)) (then " COUNT ") (else " PUT(28, "(local.get $x)")
                MARK_AT("(i32.add (i32.const 256) (local.get $x))") "))))",
            PUT(24, SMALL_NOISE), ""),
     true},
    {"a condition on what a word was before a loop",
     MODULE(
         "(local $x i32) (local $c i32) (local $n i32)",
         "(local.set $x " GET(
             24) ")"
                 "(local.set $c (i32.lt_u (local.get $x) (i32.const 50)))"
                 "(loop (local.set $x (i32.add (local.get $x) (i32.const 100)))"
                 "(local.set $n (i32.add (local.get $n) (i32.const 1)))"
                 "(br_if 0 (i32.lt_s (local.get $n) (i32.const 5))))"
                 "(if (local.get $c) (then (if (i32.lt_u (local.get $x) "
                 "(i32.const 50)) (then " COUNT
                 ") (else " PUT(28, "(local.get $x)")
                     MARK_AT("(i32.add (i32.const 256) (local.get $x))") "))))",
         PUT(24, SMALL_NOISE), ""),
     true},
    {"a pointer that another entry moves anywhere",
     MODULE("", MARK_AT(GET(24)), PUT(24, NOISE), ""), true},
    {"a word that is wrong until the end of the call, and a trap before it",
     MODULE("",
            PUT(16, "(i32.const 60000)") COUNT
            "(drop (i32.div_s (i32.const 1) (i32.sub " GET(
                20) " (i32.const 3))))" PUT(16, "(i32.const 256)"),
            "(i32.store8 (i32.add " GET(16) " (i32.const 4)) (i32.const 5))",
            ""),
     true},
    {"a copy over a pointer",
     MODULE("",
            COUNT "(memory.copy (i32.const 16) (i32.const 20) "
                  "(i32.const 4))" MARK_AT(GET(16)),
            "", ""),
     true},
    {"a jump with a value past the code that would bound it",
     MODULE("(local i32)",
            COUNT "(local.set 0 (block (result i32) (drop (br_if 0 " GET(
                24) " (i32.and " GET(20) " (i32.const 1))))"
                                         "(i32.and " GET(
                                             24) " (i32.const 60))))"
                                                 "(if (i32.le_u (local.get 0) "
                                                 "(i32.const 65532)) "
                                                 "(then " MARK_AT(
                                                     "(local.get 0)") "))",
            PUT(24, NOISE), ""),
     true},
    {"a table of jumps",
     MODULE("(local i32)",
            COUNT "(local.set 0 (i32.const 256))"
                  "(block (block (block (br_table 0 1 2 (i32.and " GET(
                      20) " (i32.const 3)))) (local.set 0 (i32.const 65532)))"
                          "(local.set 0 (i32.add (local.get 0) (i32.const 4))))"
                          "(if (i32.lt_u (local.get 0) (i32.const 65533)) "
                          "(then " MARK_AT("(local.get 0)") "))",
            "", ""),
     true},
    {"a remainder of a counter that wraps round",
     MODULE("(local i32)",
            PUT(20, "(i32.add " GET(
                        20) " (i32.const 0x20000001))") "(local.set 0 "
                                                        "(i32.rem_"
                                                        "s " GET(
                                                            20) " (i32.const "
                                                                "20)))" MARK_AT(
                                                                    "(i32.add "
                                                                    "(i32."
                                                                    "const "
                                                                    "256) "
                                                                    "(local."
                                                                    "get 0))"),
            "", ""),
     true},
    {"initDefaults that writes a part of a pointer",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"initDefaults\") "
     "(i32.store8 (i32.const 16) (i32.const 64)))"
     "(func (export \"note\") (param i32 i32)) (func (export \"main\"))"
     "(func (export \"buffer\") "
     "(i32.store8 offset=192 (i32.load (i32.const 16)) (i32.const 1))"
     "(i32.store (i32.const 16) (i32.const 0xff00))))",
     true},
    {"endless recursion",
     MODULE("", "(call $f)", "", "(func $f (call $g)) (func $g (call $f))"),
     false},
    {"initDefaults that computes",
     "(module (import \"host\" \"memory\" (memory 1 1))"
     "(func (export \"initDefaults\") (i32.store (i32.const 16) "
     "(i32.add (i32.load (i32.const 16)) (i32.const 1))))"
     "(func (export \"note\") (param i32 i32)) (func (export \"main\"))"
     "(func (export \"buffer\") (i32.store (i32.load (i32.const 16)) "
     "(i32.const 1))))",
     false},
};

START_TEST(is_not_fooled)
{
    struct wasm_module module;
    struct ranges ranges = {.certificate = NULL};
    struct run run;
    wat_module(&module, hostile[_i].text, &arena);
    struct patch patch = plain_patch(&module);
    patch.is_recursive = callgraph_is_recursive(&module, &arena);
    analysis_run(&ranges.analysis, &patch, false, &arena);
    ck_assert_msg((ranges.analysis.failure == NULL) == hostile[_i].is_analysed,
                  "%s: %s", hostile[_i].name, ranges.analysis.failure);
    if (ranges.analysis.failure != NULL) {
        return;
    }
    random_state = (uint64_t)_i;
    start_run(&run, hostile[_i].name, &module, &ranges);
    for (unsigned k = 0; k < 20; k++) {
        exercise(&run);
    }
    end_run(&run);
}
END_TEST

START_TEST(tells_why_nothing_is_proven)
{
    struct wasm_module module;
    struct ranges ranges = {.certificate = NULL};
    vector_module(&module, "host_import", false, &arena);
    const struct patch patch = plain_patch(&module);
    ranges_find(&ranges, &patch, true, &arena);
    ck_assert_str_eq(ranges_summary(&ranges, &arena),
                     "none proven: functions of --import-c may write the "
                     "memory");
    ck_assert(!ranges_are_useful(&ranges));
}
END_TEST

/* The analysis knows that unwritten bytes are zero, the check does not go as
 * far. */
START_TEST(does_without_a_proof_that_is_refused)
{
    struct wasm_module module;
    struct ranges ranges = {.certificate = NULL};
    wat_module(&module,
               "(module (import \"host\" \"memory\" (memory 1100 1100))"
               "(func (export \"initDefaults\") (memory.fill (i32.const 0) "
               "(i32.const 0) (i32.const 70000000)))"
               "(func (export \"main\"))"
               "(func (export \"buffer\") (param i32) (i32.store8 (i32.and "
               "(local.get 0) (i32.const 7)) (i32.const 1))))",
               &arena);
    const struct patch patch = plain_patch(&module);
    analysis_run(&ranges.analysis, &patch, false, &arena);
    ck_assert(ranges_are_useful(&ranges));
    ranges_find(&ranges, &patch, false, &arena);
    ck_assert(!ranges_are_useful(&ranges) && ranges.certificate == NULL);
    ck_assert_str_eq(ranges_summary(&ranges, &arena),
                     "none proven: the proof fails its check: initDefaults is "
                     "no straight line of constants, or writes beyond 64 MiB");
}
END_TEST

/*
 * So many modules, each with a counter and a pointer that runs through a ring
 * of its own: more instructions to follow than a small patch may have, and all
 * proven.
 */
START_TEST(proves_a_patch_of_many_modules)
{
    enum { PARTS = 3600, PART_BYTES = 48, FIRST = 16 };
    struct wasm_module module;
    struct ranges ranges = {.certificate = NULL};
    struct buf text;
    uint32_t variable = 0;
    uint32_t proven = 0;
    buf_init(&text, &arena);
    buf_text(&text, "(module (import \"host\" \"memory\" (memory 3 3))"
                    "(func (export \"main\"))");
    for (uint32_t i = 0; i < PARTS; i++) {
        uint32_t at = FIRST + i * PART_BYTES;
        buf_format(&text,
                   "(func $f%u"
                   "(i32.store (i32.const %u)"
                   "(i32.add (i32.load (i32.const %u)) (i32.const 4)))"
                   "(if (i32.gt_s (i32.load (i32.const %u)) (i32.const 28))"
                   "(then (i32.store (i32.const %u) (i32.const 0))))"
                   "(f32.store offset=%u (i32.load (i32.const %u))"
                   "(f32.const 1)))\n",
                   i, at, at, at, at, at + 8, at);
    }
    buf_text(&text, "(func (export \"buffer\") (local i32) (loop");
    for (uint32_t i = 0; i < PARTS; i++) {
        buf_format(&text, " call $f%u", i);
    }
    buf_text(&text, "(br_if 0 (i32.lt_s (local.tee 0 (i32.add (local.get 0)"
                    "(i32.const 1))) (i32.const 128))))))");
    wat_module(&module, buf_string(&text), &arena);
    const struct patch patch = plain_patch(&module);
    ranges_find(&ranges, &patch, false, &arena);
    ck_assert_msg(ranges.analysis.failure == NULL, "%s",
                  ranges.analysis.failure);
    analysis_count(&ranges.analysis, &variable, &proven);
    ck_assert_uint_eq(variable, PARTS);
    ck_assert_uint_eq(proven, PARTS);
    ck_assert_uint_gt(ranges.analysis.steps, CERTIFICATE_MAX_STEPS);
}
END_TEST

static const struct {
    const char *name;
    uint32_t variable; /* addresses */
    uint32_t proven;
} shares[VECTOR_COUNT] = {
    {"controls", 1, 1},       {"delay_reverb", 9, 9},   {"denormal_tail", 2, 2},
    {"float64_state", 2, 2},  {"heavy_bank", 12, 12},   {"host_import", 1, 1},
    {"input_gain", 3, 3},     {"legacy_2025", 1, 1},    {"midi_synth", 2, 2},
    {"mono_shared", 1, 1},    {"narrow_arrays", 10, 9}, {"no_buffer", 1, 1},
    {"noise_chaos", 2, 2},    {"numeric_edges", 1, 1},  {"pcm16_player", 3, 3},
    {"pcm8_player", 4, 4},    {"region_memory", 4, 4},  {"sine_stereo", 2, 2},
    {"trap_div", 1, 1},       {"trap_oob", 3, 2},       {"two_entries", 1, 1},
    {"worker_counter", 0, 0},
};

START_TEST(proves_the_addresses_of_the_vectors)
{
    enum { BLOCKS = 20 };
    const char *name = shares[_i].name;
    struct wasm_module module;
    struct ranges ranges = {.certificate = NULL};
    struct run run;
    uint32_t variable = 0;
    uint32_t proven = 0;
    vector_module(&module, name, false, &arena);
    const struct patch patch = plain_patch(&module);
    ranges_find(&ranges, &patch, false, &arena);
    ck_assert_msg(ranges.analysis.failure == NULL, "%s: %s", name,
                  ranges.analysis.failure);
    analysis_count(&ranges.analysis, &variable, &proven);
    ck_assert_msg(variable == shares[_i].variable &&
                      proven == shares[_i].proven,
                  "%s: %u of %u", name, proven, variable);
    if (patch.init_function == UINT32_MAX ||
        ranges.analysis.block_function == UINT32_MAX) {
        return;
    }
    start_run(&run, name, &module, &ranges);
    bool is_running = call_both(&run, patch.init_function);
    ck_assert_msg(do_invariants_hold(&run), "%s: not at the start", name);
    for (unsigned i = 0; i < BLOCKS && is_running; i++) {
        is_running = call_both(&run, ranges.analysis.block_function);
    }
    end_run(&run);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("ranges");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, is_not_fooled, 0,
                        sizeof(hostile) / sizeof(hostile[0]));
    tcase_add_test(tcase, tells_why_nothing_is_proven);
    tcase_add_test(tcase, does_without_a_proof_that_is_refused);
    tcase_add_test(tcase, proves_a_patch_of_many_modules);
    tcase_add_loop_test(tcase, proves_the_addresses_of_the_vectors, 0,
                        VECTOR_COUNT);
    suite_add_tcase(suite, tcase);
    return suite;
}
