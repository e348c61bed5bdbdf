/* SPDX-License-Identifier: MIT */
/* Which words a block keeps out of memory: the least that makes it wrong to. */
#include "ranges/keep.h"
#include "suite.h"
#include "vector.h"

#include <stdlib.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena, 0);
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

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

/* Every block reads the word 12, too. A kept word: its memory if not 0, its
 * address, its type, and "!" when the block writes it,
 * "=" when memory is written at once. "own": globals of its own change. */
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

static const char *describe(const struct keep *keep)
{
    struct buf text;
    buf_init(&text, &arena);
    for (uint32_t i = 0; i < keep->cell_count; i++) {
        const struct keep_cell *cell = &keep->cells[i];
        buf_text(&text, i > 0 ? " " : "");
        if (cell->memory > 0) {
            buf_format(&text, "%u:", cell->memory);
        }
        buf_format(&text, "%u%s%s", cell->address,
                   cell->type == WASM_I32   ? "i"
                   : cell->type == WASM_I64 ? "I"
                   : cell->type == WASM_F32 ? "f"
                                            : "F",
                   cell->is_through   ? "="
                   : cell->is_written ? "!"
                                      : "");
    }
    buf_text(&text, keep->changes_instance ? " own" : "");
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
    const struct keep *keep = keep_find(&analysis, &arena);
    const char *kept = describe(keep);
    ck_assert_msg(strcmp(kept, rows[_i].kept) == 0, "%s: keeps %s, not %s",
                  rows[_i].name, kept, rows[_i].kept);
    ck_assert_msg(keep->may_trap == rows[_i].may_trap, "%s: %s trap",
                  rows[_i].name, keep->may_trap ? "may" : "cannot");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("keep");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, keeps_what_nothing_else_can_touch, 0,
                        sizeof(rows) / sizeof(rows[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
