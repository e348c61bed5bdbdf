/* SPDX-License-Identifier: MIT */
/* Which words are promoted, and the least that prevents it. */
#include "fixture.h"
#include "interp/interp.h"
#include "ranges/promote/promote.h"
#include "ranges/ranges.h"
#include "suite.h"
#include "translate/normalise.h"
#include "vector.h"

#include <stdlib.h>

/* 'block' runs as `buffer`. The local `any` can be any number, pointer() is in
 * [64, 76], in steps of 4. */
#define MODULE(block, more)                                                  \
    "(module (import \"host\" \"memory\" (memory 1 1))"                      \
    "(import \"host\" \"second\" (memory $second 1 1))"                      \
    "(global $own (mut i32) (i32.const 0))"                                  \
    "(func $pointer (result i32) (i32.add (i32.const 64) (i32.shl (i32.and " \
    "(i32.load (i32.const 8)) (i32.const 3)) (i32.const 2))))"               \
    "(func (export \"buffer\") (local $any i32)"                             \
    " (local.set $any (i32.load (i32.const 12))) " block ")"                 \
    "(func (export \"set\") (param i32) (i32.store (i32.const 8) "           \
    "(local.get 0)) (i32.store (i32.const 12) (local.get 0)))" more ")"

#define STEP_16                                                     \
    "(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) " \
    "(i32.const 1)))"

/*
 * Every block reads the word 12, too. A promoted word: its memory if not 0, its
 * address, its type, and "!" when the block writes it, "=" when it is written
 * through. "own": globals of the module change.
 */
static const struct {
    const char *name;
    const char *wat;
    const char *kept;
    bool may_trap;
} rows[] = {
    {"a counter", MODULE(STEP_16, ""), "12i 16i!", false},
    {"a float", MODULE("(f32.store (i32.const 16) (f32.const 1))", ""),
     "12i 16f!", false},
    {"bits of a float, also read as an integer",
     MODULE("(f32.store (i32.const 16) (f32.add (f32.load (i32.const 16)) "
            "(f32.reinterpret_i32 (i32.load (i32.const 16)))))",
            ""),
     "12i 16f!", false},
    {"wide words",
     MODULE("(f64.store (i32.const 16) (f64.const 1))"
            "(i64.store (i32.const 24) (i64.const 1))",
            ""),
     "12i 16F! 24I!", false},
    {"an address that offsets add up to",
     MODULE("(i32.store offset=4 (i32.const 12) (i32.load (i32.const 16)))",
            ""),
     "12i 16i!", false},
    {"another memory",
     MODULE("(i32.store $second (i32.const 16) (i32.load (i32.const 16)))", ""),
     "12i 16i 1:16i!", false},
    {"a function called by the block",
     MODULE("(call $step)", "(func $step " STEP_16 ")"), "12i 16i!", false},
    {"one that only the host calls writes anywhere: between blocks",
     MODULE(STEP_16, "(func (export \"other\") (i32.store8 (i32.const 17) "
                     "(i32.const 1)))"),
     "12i 16i!", false},
    {"a proven pointer goes elsewhere",
     MODULE("(i32.store (call $pointer) (i32.const 5))" STEP_16, ""),
     "8i 12i 16i!", false},
    {"a proven pointer may hit it",
     MODULE("(f32.store (call $pointer) (f32.const 5))"
            "(i32.store (i32.const 64) (i32.const 1))"
            "(i32.store (i32.const 76) (i32.const 1))"
            "(i32.store (i32.const 80) (i32.const 1))"
            "(i32.store (i32.const 60) (i32.const 1))",
            ""),
     "8i 12i 60i! 80i!", false},
    {"a proven pointer may hit its last byte",
     MODULE("(i64.store offset=1 (call $pointer) (i64.const 5))"
            "(i32.store (i32.const 84) (i32.const 1))"
            "(i32.store (i32.const 88) (i32.const 1))",
            ""),
     "8i 12i 88i!", false},
    {"one byte of it alone is read",
     MODULE(STEP_16 "(drop (i32.load8_u (i32.const 19)))", ""),
     "12i 16i=", false},
    {"a wider word over it",
     MODULE(STEP_16 "(drop (i64.load (i32.const 12)))"
                    "(i32.store (i32.const 20) (i32.const 1))",
            ""),
     "12i 20i!", false},
    {"a word across it",
     MODULE(STEP_16 "(i32.store (i32.const 18) (i32.const 1))", ""), "12i",
     false},
    {"a pointer that can go anywhere",
     MODULE(STEP_16 "(i32.store (local.get $any) (i32.const 1))", ""), "",
     true},
    {"that one goes anywhere in the other memory",
     MODULE(STEP_16 "(i32.store $second (local.get $any) (i32.const 1))", ""),
     "12i 16i=", true},
    {"a load from anywhere",
     MODULE(STEP_16 "(drop (i32.load (local.get $any)))", ""),
     "12i 16i=", true},
    {"a proven load may look at it",
     MODULE("(drop (f32.load (call $pointer)))"
            "(i32.store (i32.const 64) (i32.const 1))"
            "(i32.store (i32.const 80) (i32.const 1))",
            ""),
     "8i 12i 64i= 80i!", false},
    {"a copy from it",
     MODULE(STEP_16 "(memory.copy (i32.const 0) (i32.const 0) (i32.const 4))",
            ""),
     "", true},
    {"a fill",
     MODULE(STEP_16 "(memory.fill (i32.const 0) (i32.const 0) (i32.const 4))",
            ""),
     "", true},
    {"a division by a number",
     MODULE(STEP_16 "(local.set $any (i32.div_s (local.get $any) "
                    "(i32.const 3)))",
            ""),
     "12i 16i!", false},
    {"a division by zero",
     MODULE(STEP_16 "(local.set $any (i32.div_u (local.get $any) "
                    "(i32.const 0)))",
            ""),
     "12i 16i=", true},
    {"a division by -1, which can overflow",
     MODULE(STEP_16 "(local.set $any (i32.div_s (local.get $any) "
                    "(i32.const -1)))",
            ""),
     "12i 16i=", true},
    {"a division by a variable",
     MODULE(STEP_16 "(local.set $any (i32.rem_s (i32.const 7) "
                    "(local.get $any)))",
            ""),
     "12i 16i=", true},
    {"a remainder by an odd number",
     MODULE(STEP_16 "(local.set $any (i32.rem_s (i32.const 7) "
                    "(i32.or (local.get $any) (i32.const 1))))",
            ""),
     "12i 16i!", false},
    {"a division by an odd number, which may be -1",
     MODULE(STEP_16 "(local.set $any (i32.div_s (i32.const 7) "
                    "(i32.or (local.get $any) (i32.const 1))))",
            ""),
     "12i 16i=", true},
    {"a division by a number from 1 to 8",
     MODULE(STEP_16 "(local.set $any (i32.div_s (i32.const 7) "
                    "(i32.add (i32.and (local.get $any) (i32.const 7)) "
                    "(i32.const 1))))",
            ""),
     "12i 16i!", false},
    {"a wide division by a variable",
     MODULE(STEP_16 "(drop (i64.rem_u (i64.const 7) (i64.extend_i32_u "
                    "(local.get $any))))",
            ""),
     "12i 16i=", true},
    {"a conversion that can trap",
     MODULE(STEP_16 "(drop (i32.trunc_f32_s (f32.const 1)))", ""),
     "12i 16i=", true},
    {"one that cannot",
     MODULE(STEP_16 "(drop (i64.trunc_sat_f64_u (f64.const 1)))", ""),
     "12i 16i!", false},
    {"unreachable",
     MODULE(STEP_16 "(if (local.get $any) (then unreachable))", ""),
     "12i 16i=", true},
    {"a global of its own",
     MODULE(STEP_16 "(global.set $own (i32.const 1))", ""), "12i 16i! own",
     false},
};

static const char *describe(const struct promotion *promotion)
{
    struct buf text;
    buf_init(&text, &arena);
    for (uint32_t i = 0; i < promotion->word_count; i++) {
        const struct promoted_word *word = &promotion->words[i];
        buf_text(&text, i > 0 ? " " : "");
        if (word->memory > 0) {
            buf_format(&text, "%u:", word->memory);
        }
        buf_format(&text, "%u%s%s", word->address,
                   word->type == WASM_I32   ? "i"
                   : word->type == WASM_I64 ? "I"
                   : word->type == WASM_F32 ? "f"
                                            : "F",
                   word->is_written_through ? "="
                   : word->is_written       ? "!"
                                            : "");
    }
    buf_text(&text, promotion->changes_instance ? " own" : "");
    return buf_string(&text);
}

START_TEST(keeps_what_nothing_else_can_touch)
{
    struct wasm_module module;
    struct analysis analysis;
    wat_module(&module, rows[_i].wat, &arena);
    const struct wasm_export *buffer =
        wasm_find_export(&module, WASM_FUNCTION, "buffer");
    const struct patch patch = {.module = &module,
                                .init_function = UINT32_MAX,
                                .main_function = UINT32_MAX,
                                .buffer_function = buffer->index,
                                .block_frames = 128};
    analysis_run(&analysis, &patch, false, &arena);
    ck_assert_msg(analysis.failure == NULL, "%s: %s", rows[_i].name,
                  analysis.failure);
    const struct promotion *promotion = promote_find(&analysis, &arena);
    const char *kept = describe(promotion);
    ck_assert_msg(strcmp(kept, rows[_i].kept) == 0, "%s: keeps %s, not %s",
                  rows[_i].name, kept, rows[_i].kept);
    ck_assert_msg(promotion->may_trap == rows[_i].may_trap, "%s: %s trap",
                  rows[_i].name, promotion->may_trap ? "may" : "cannot");
}
END_TEST

START_TEST(keeps_the_words_most_used_of_very_many)
{
    struct wasm_module module;
    struct analysis analysis;
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, "(module (import \"host\" \"memory\" (memory 1 1))"
                    "(func (export \"buffer\")");
    for (uint32_t i = 0; i < PROMOTE_MAX + 8; i++) {
        for (uint32_t k = 0; k < (i < 8 ? 1 : 2); k++) {
            buf_format(&text, "(i32.store (i32.const %u) (i32.const 1))",
                       16 + 4 * i);
        }
    }
    buf_text(&text, "))");
    wat_module(&module, buf_string(&text), &arena);
    const struct patch patch = {.module = &module,
                                .init_function = UINT32_MAX,
                                .main_function = UINT32_MAX,
                                .buffer_function = 0,
                                .block_frames = 128};
    analysis_run(&analysis, &patch, false, &arena);
    const struct promotion *promotion = promote_find(&analysis, &arena);
    ck_assert_uint_eq(promotion->word_count, PROMOTE_MAX);
    ck_assert_uint_eq(promotion->words[0].address, 16 + 4 * 8);
    ck_assert_uint_eq(promotion->words[PROMOTE_MAX - 1].address,
                      16 + 4 * (PROMOTE_MAX + 7));
}
END_TEST

/* ---- Guards ---- */

/* A block counts at 16, reads at the address that the float at 40 and an offset
 * make, writes to 24 what it read, and counts at 32. */
#define READER(initial, load, store)                                 \
    "(module (import \"host\" \"memory\" (memory 1 1))"              \
    "(data $d \"\\00\\00\\" initial "\")"                            \
    "(func (export \"initDefaults\") (memory.fill (i32.const 0) "    \
    "(i32.const 0) (i32.const 64)) (memory.init $d (i32.const 40) "  \
    "(i32.const 0) (i32.const 4)))"                                  \
    "(func (export \"main\"))"                                       \
    "(func (export \"buffer\")"                                      \
    " (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) " \
    "(i32.const 65537)))"                                            \
    " (" store " (i32.const 24) (" load                              \
    " (i32.trunc_sat_f32_u (f32.load (i32.const 40)))))"             \
    " (i32.store (i32.const 32) (i32.sub (i32.load (i32.const 32)) " \
    "(i32.const 65537)))))"

#define AT_0  "00\\00" /* 0.0 */
#define AT_48 "40\\42" /* 48.0 */

static const struct {
    const char *name;
    const char *wat;
    uint32_t first; /* of the guard */
    uint32_t last;
} readers[] = {
    {"words below words", READER(AT_0, "i32.load", "i32.store"), 0, 12},
    {"bytes below words", READER(AT_0, "i32.load8_s", "i32.store"), 0, 15},
    {"wide words below words", READER(AT_0, "i64.load", "i64.store"), 0, 8},
    {"words above words", READER(AT_48, "i32.load", "i32.store"), 36, 65532},
    {"half words above words", READER(AT_48, "i32.load16_u", "i32.store"), 36,
     65534},
    {"an offset below words", READER(AT_0, "i32.load offset=5", "i32.store"), 0,
     7},
    {"an offset above words", READER(AT_48, "i32.load offset=5", "i32.store"),
     31, 65527},
    {"between words", READER(AT_0, "i32.load offset=28", "i32.store"), 0, 0},
};

static struct interp *start(const struct wasm_module *module)
{
    struct interp *interp = NULL;
    ck_assert(interp_create(&interp, module, &arena, &diag));
    return interp;
}

static enum interp_result
call(struct interp *interp, const struct wasm_module *module, const char *name)
{
    struct interp_stop stop;
    uint64_t fuel = 100000;
    const struct wasm_export *export =
        wasm_find_export(module, WASM_FUNCTION, name);
    return interp_call(interp, export->index, &fuel, &stop);
}

/* The host moves the float to each place near the words, and far away. */
static void compare_at(struct interp *plain, const struct wasm_module *module,
                       struct interp *proven, const struct wasm_module *proving,
                       float place, const char *name)
{
    uint64_t size = 0;
    memcpy(interp_memory(plain, 0, &size) + 40, &place, sizeof(place));
    memcpy(interp_memory(proven, 0, &size) + 40, &place, sizeof(place));
    enum interp_result want = call(plain, module, "buffer");
    ck_assert_int_eq(call(proven, proving, "y1"), INTERP_DONE);
    enum interp_result result = call(proven, proving, "y0");
    if (result == INTERP_DONE) {
        ck_assert_int_eq(call(proven, proving, "y2"), INTERP_DONE);
    }
    ck_assert_msg(result == want &&
                      memcmp(interp_memory(plain, 0, &size),
                             interp_memory(proven, 0, &size), size) == 0,
                  "%s: another result at %f", name, (double)place);
}

static void give_back(void *user, uint32_t function, uint64_t *slots)
{
    (void)user;
    (void)function;
    (void)slots; /* a range: its first operand */
}

START_TEST(writes_words_before_a_load_may_read_them)
{
    static const float far[] = {1000, 65520, 65528, 65532, 65535, 65536, 1e9f};
    static const struct interp_watch watch = {.import = give_back};
    struct wasm_module module;
    struct wasm_module proving;
    struct ranges ranges;
    struct normalised normalised;
    wat_module(&module, readers[_i].wat, &arena);
    const struct patch patch = {
        .module = &module,
        .init_function =
            wasm_find_export(&module, WASM_FUNCTION, "initDefaults")->index,
        .main_function =
            wasm_find_export(&module, WASM_FUNCTION, "main")->index,
        .buffer_function =
            wasm_find_export(&module, WASM_FUNCTION, "buffer")->index,
        .block_frames = 128};
    ranges_find(&ranges, &patch, false, &arena);
    ck_assert_msg(ranges.analysis.failure == NULL, "%s",
                  ranges.analysis.failure);
    uint32_t guarded = 0;
    for (uint32_t i = 0; i < ranges.analysis.bodies.site_count; i++) {
        const struct promote_guard *guard = &ranges.promotion->guards[i];
        if (guard->is_guarded) {
            guarded++;
            ck_assert_msg(guard->first == readers[_i].first &&
                              guard->last == readers[_i].last,
                          "%s: [%u, %u]", readers[_i].name, guard->first,
                          guard->last);
        }
    }
    ck_assert_uint_eq(guarded, 1);
    ck_assert(
        wasm_normalise(&normalised, &module, &ranges, &arena, &diag) &&
        wasm_read(&proving, normalised.bytes, normalised.size, &arena, &diag));
    struct interp *plain = start(&module);
    struct interp *proven = start(&proving);
    interp_watch(proven, &watch);
    ck_assert_int_eq(call(plain, &module, "initDefaults"), INTERP_DONE);
    ck_assert_int_eq(call(proven, &proving, "x0"), INTERP_DONE);
    for (int place = 0; place < 48; place++) {
        compare_at(plain, &module, proven, &proving, (float)place,
                   readers[_i].name);
    }
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        compare_at(plain, &module, proven, &proving, far[i], readers[_i].name);
    }
    interp_destroy(plain);
    interp_destroy(proven);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("promote");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, keeps_what_nothing_else_can_touch, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, keeps_the_words_most_used_of_very_many);
    tcase_add_loop_test(tcase, writes_words_before_a_load_may_read_them, 0,
                        sizeof(readers) / sizeof(readers[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
