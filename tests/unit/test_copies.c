/* SPDX-License-Identifier: MIT */
/* Copies of functions for their calls: of which, what they do, where they come
 * from. */
#include "tables/copies.h"

#include "fixture.h"
#include "interp/interp.h"
#include "suite.h"
#include "tables/indirect.h"
#include "tables/made_function.h"
#include "vector.h"
#include "wasm/validate.h"

/* The module of a text without indirect calls, and with copies. */
static void make(struct wasm_module *direct, struct wasm_module *copied,
                 const char *text)
{
    struct wasm_module *file = arena_alloc(&arena, 1, sizeof(*file));
    wat_module(file, text, &arena);
    ck_assert_msg(indirect_resolve(direct, file, &arena, &diag), "%s",
                  diag.text);
    copies_make(copied, direct, &arena);
    ck_assert_msg(wasm_validate(copied, &arena, &diag), "%s", diag.text);
}

static uint32_t copies_of(const struct wasm_module *module, uint32_t function)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->made_count; i++) {
        count += module->made[i].kind == WASM_MADE_COPY &&
                         module->made[i].caller == function
                     ? 1
                     : 0;
    }
    return count;
}

/*
 * $bump (0) is called by $twice (1), by $b and by the host; $twice by $a and
 * $b; one call is through a table. $pure (2) is called twice, too.
 */
static const char text[] =
    "(module\n"
    " (memory 1 1)\n"
    " (type $ii (func (param i32) (result i32)))\n"
    " (table 2 funcref)\n"
    " (elem (i32.const 0) $bump $pure)\n"
    " (func $bump (export \"bump\") (param i32) (result i32)\n"
    "  (i32.store (local.get 0)\n"
    "   (i32.add (i32.load (local.get 0)) (i32.const 1)))\n"
    "  (i32.load (local.get 0)))\n"
    " (func $twice (param i32) (local f64)\n"
    "  (drop (call $bump (local.get 0)))\n"
    "  (drop (call $bump (i32.add (local.get 0) (i32.const 4)))))\n"
    " (func $pure (param i32) (result i32)\n"
    "  (i32.mul (local.get 0) (i32.const 3)))\n"
    " (func $a (call $twice (i32.const 16))\n"
    "  (i32.store (i32.const 64) (call $pure (i32.const 5))))\n"
    " (func $b (call $twice (i32.const 32)) (drop (call $bump (i32.const "
    "48)))\n"
    "  (drop (call $pure (i32.const 6)))\n"
    "  (drop (call_indirect (type $ii) (i32.const 56) (i32.const 0))))\n"
    " (func (export \"run\") (call $a) (call $b)))\n";

START_TEST(copies_what_reaches_memory_for_each_call)
{
    struct wasm_module direct;
    struct wasm_module copied;
    make(&direct, &copied, text);
    ck_assert_uint_eq(copies_of(&copied, 0), 6); /* 2 x 2, $b, the table */
    ck_assert_uint_eq(copies_of(&copied, 1), 2);
    ck_assert_uint_eq(copies_of(&copied, 2), 0);
    ck_assert_uint_eq(copied.function_count, direct.function_count + 8);
    ck_assert_uint_eq(copied.made_count, direct.made_count + 8);
    /* No two calls of a copy are of the same one. */
    for (uint32_t i = direct.function_count; i < copied.function_count; i++) {
        uint32_t calls = 0;
        for (uint32_t k = 0; k < copied.function_count; k++) {
            const struct wasm_function *body = &copied.functions[k];
            struct wasm_insn insn;
            for (size_t at = body->code_offset; at < body->end_offset;) {
                ck_assert(wasm_insn_read(&copied, &at, body->end_offset, &insn,
                                         &diag));
                calls += insn.code == CODE_CALL && insn.index == i ? 1 : 0;
            }
        }
        ck_assert_msg(calls == 1, "%u of %u", calls, i);
    }
}
END_TEST

START_TEST(copies_compute_the_same)
{
    struct wasm_module modules[2];
    const uint8_t *memory[2];
    uint64_t size = 0;
    make(&modules[0], &modules[1], text);
    for (size_t i = 0; i < 2; i++) {
        struct interp *interp = NULL;
        struct interp_stop stop;
        uint64_t fuel = 100000;
        uint64_t place = 32;
        ck_assert_msg(interp_create(&interp, &modules[i], &arena, &diag), "%s",
                      diag.text);
        uint32_t run =
            wasm_find_export(&modules[i], WASM_FUNCTION, "run")->index;
        ck_assert_int_eq(interp_call(interp, run, &fuel, &stop), INTERP_DONE);
        ck_assert_int_eq(interp_call_with(interp, 0, &place, &fuel, &stop),
                         INTERP_DONE);
        memory[i] = memcpy(arena_alloc(&arena, 256, 1),
                           interp_memory(interp, 0, &size), 256);
        interp_destroy(interp);
    }
    ck_assert_mem_eq(memory[0], memory[1], 256);
    ck_assert_uint_eq(memory[1][32], 2);
    ck_assert_uint_eq(memory[1][56], 1);
}
END_TEST

/* Each instruction of each function comes from one of the file that is the
 * same, but for whom it calls. */
START_TEST(knows_where_copies_come_from)
{
    struct wasm_module direct;
    struct wasm_module copied;
    make(&direct, &copied, text);
    for (uint32_t i = direct.function_count; i < copied.function_count; i++) {
        const struct wasm_function *copy = &copied.functions[i];
        uint32_t original = made_function_caller(&copied, i);
        ck_assert_uint_lt(original, 2);
        ck_assert_ptr_null(made_function_trap_text(&copied, i));
        const struct wasm_function *file = &direct.functions[original];
        size_t expected = file->code_offset;
        for (size_t at = copy->code_offset; at < copy->end_offset;) {
            struct wasm_insn now;
            struct wasm_insn then;
            ck_assert_uint_eq(made_function_origin(&copied, at), expected);
            ck_assert(
                wasm_insn_read(&copied, &at, copy->end_offset, &now, &diag));
            ck_assert(wasm_insn_read(&direct, &expected, file->end_offset,
                                     &then, &diag));
            ck_assert_uint_eq(now.code, then.code);
        }
        ck_assert_uint_eq(expected, file->end_offset);
    }
    /* $b has moved twice: for its indirect call, and for its copies. */
    const struct wasm_function *moved = &copied.functions[4];
    size_t origin = made_function_origin(&copied, moved->code_offset);
    ck_assert_uint_gt(moved->code_offset, direct.size);
    ck_assert_uint_lt(origin, direct.functions[5].code_offset);
    for (size_t at = moved->code_offset; at < moved->end_offset;) {
        ck_assert_uint_ge(made_function_origin(&copied, at), origin);
        struct wasm_insn insn;
        ck_assert(
            wasm_insn_read(&copied, &at, moved->end_offset, &insn, &diag));
    }
}
END_TEST

START_TEST(copies_have_names_of_their_own)
{
    struct wasm_module direct;
    struct wasm_module copied;
    make(&direct, &copied, text);
    for (uint32_t i = direct.function_count; i < copied.function_count; i++) {
        const char *name = made_function_name(&copied, i, &arena);
        for (uint32_t k = direct.function_count; k < i; k++) {
            ck_assert_str_ne(name, made_function_name(&copied, k, &arena));
        }
    }
}
END_TEST

#define STORE "(i32.store (local.get 0) (i32.const 1))"
#define RUN   "(func (export \"run\")"
#define CALLS                                           \
    "(call $f (i32.const 8)) (call $f (i32.const 12))"  \
    "(call $f (i32.const 16)) (call $f (i32.const 20))" \
    "(call $f (i32.const 24)) (call $f (i32.const 28))"

static const struct {
    const char *name;
    const char *functions; /* the first one is that which may be copied */
    unsigned nops;         /* in it */
    uint32_t copies;
} kept[] = {
    {"two calls",
     "(func $f (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8)) (call $f (i32.const 16))))",
     0, 2},
    {"one call",
     "(func $f (param i32) %s" STORE ")" RUN "(call $f (i32.const 8))))", 0, 0},
    {"one call, and the host's",
     "(func $f (export \"f\") (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8))))",
     0, 1},
    {"as many calls as may be",
     "(func $f (param i32) %s" STORE ")" RUN CALLS CALLS "))", 0,
     COPIES_MAX_CALLS},
    {"too many calls",
     "(func $f (param i32) %s" STORE ")" RUN CALLS CALLS
     "(call $f (i32.const 8))))",
     0, 0},
    {"a call in what is never called",
     "(func $f (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8))) (func (call $f (i32.const 16))))",
     0, 0},
    {"no pointer",
     "(func $f (param f32) %s(i32.store (i32.const 4) (i32.const 1)))" RUN
     "(call $f (f32.const 8)) (call $f (f32.const 16))))",
     0, 0},
    {"memory through what it calls",
     "(func $f (param i32) %s(call $g (local.get 0)))"
     "(func $g (param i32)" STORE ")" RUN
     "(call $f (i32.const 8)) (call $f (i32.const 16))))",
     0, 2},
    {"a circle",
     "(func $f (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8)) (call $f (i32.const 16)) (call $g))"
     "(func $g (call $h)) (func $h (call $g)))",
     0, 0},
    {"a start function",
     "(func $f (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8)) (call $f (i32.const 16)))"
     "(func $s) (start $s))",
     0, 0},
    {"large",
     "(func $f (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8)) (call $f (i32.const 16))))",
     COPIES_MAX_BYTES_OF_ONE / 2 - 20, 2},
    {"too large",
     "(func $f (param i32) %s" STORE ")" RUN
     "(call $f (i32.const 8)) (call $f (i32.const 16))))",
     COPIES_MAX_BYTES_OF_ONE / 2, 0},
};

START_TEST(copies_what_is_worth_it)
{
    struct wasm_module direct;
    struct wasm_module copied;
    struct buf nops;
    buf_init(&nops, &arena);
    for (unsigned i = 0; i < kept[_i].nops; i++) {
        buf_text(&nops, "(nop)");
    }
    const char *at = strstr(kept[_i].functions, "%s");
    const char *whole = arena_format(
        &arena, "(module (memory 1 1) %.*s%s%s", (int)(at - kept[_i].functions),
        kept[_i].functions, buf_string(&nops), at + 2);
    make(&direct, &copied, whole);
    ck_assert_msg(copies_of(&copied, 0) == kept[_i].copies, "%s: %u",
                  kept[_i].name, copies_of(&copied, 0));
    if (kept[_i].copies == 0) {
        ck_assert_ptr_eq(copied.bytes, direct.bytes);
        ck_assert_uint_eq(copied.function_count, direct.function_count);
    }
}
END_TEST

/* Functions that each call the next one twice: bodies would double, and double
 * again. */
START_TEST(copies_are_no_larger_than_the_code)
{
    enum { DEPTH = 40 };
    struct wasm_module direct;
    struct wasm_module copied;
    struct buf chain;
    buf_init(&chain, &arena);
    buf_text(&chain, "(module (memory 1 1)");
    for (unsigned i = 0; i < DEPTH; i++) {
        buf_format(&chain,
                   "(func $f%u (param i32)" STORE
                   "(call $f%u (local.get 0)) (call $f%u (local.get 0)))",
                   i, i + 1, i + 1);
    }
    buf_format(&chain,
               "(func $f%d (param i32)" STORE ")" RUN
               "(call $f0 (i32.const 4)) (call $f0 (i32.const 8))))",
               DEPTH);
    make(&direct, &copied, buf_string(&chain));
    ck_assert_uint_gt(copied.made_count, 0);
    /* And the bodies that have to call copies. */
    ck_assert_uint_lt(copied.size,
                      direct.size + COPIES_LEAST_BYTES + direct.size);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("copies");
    TCase *tests = tcase_create("copies");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, copies_what_reaches_memory_for_each_call);
    tcase_add_test(tests, copies_compute_the_same);
    tcase_add_test(tests, knows_where_copies_come_from);
    tcase_add_test(tests, copies_have_names_of_their_own);
    tcase_add_loop_test(tests, copies_what_is_worth_it, 0,
                        sizeof(kept) / sizeof(kept[0]));
    tcase_add_test(tests, copies_are_no_larger_than_the_code);
    suite_add_tcase(suite, tests);
    return suite;
}
