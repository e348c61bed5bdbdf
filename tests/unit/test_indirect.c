/* SPDX-License-Identifier: MIT */
/* Indirect calls as direct ones: what they call, how they trap, where they come
 * from. */
#include "tables/indirect.h"
#include "tables/made_function.h"

#include "fixture.h"
#include "interp/interp.h"
#include "suite.h"
#include "tables/function_table.h"
#include "vector.h"
#include "wasm/callgraph.h"
#include "wasm/validate.h"

static void resolve(struct wasm_module *direct, const char *text)
{
    struct wasm_module *module = arena_alloc(&arena, 1, sizeof(*module));
    wat_module(module, text, &arena);
    ck_assert_msg(indirect_resolve(direct, module, &arena, &diag), "%s",
                  diag.text);
    ck_assert_msg(wasm_validate(direct, &arena, &diag), "%s", diag.text);
    struct wasm_unsupported *list = NULL;
    ck_assert_uint_eq(wasm_unsupported(direct, &list, &arena), 0);
}

/* Three functions of two types in two tables, with holes. Each call adds what
 * it has got to a word that belongs to it. */
static const char text[] =
    "(module\n"
    " (memory 1 1)\n"
    " (type $ii (func (param i32) (result i32)))\n"
    " (type $same (func (param i32) (result i32)))\n"
    " (type $none (func))\n"
    " (type $wide (func (param i64 f32 f64) (result f64 i64)))\n"
    " (global $at i32 (i32.const 2))\n"
    " (table $t 10 20 funcref)\n"
    " (table $u 3 funcref)\n"
    " (elem (table $t) (i32.const 2) func $twice $next $twice)\n"
    " (elem (table $t) (i32.const 5) funcref (ref.func $next) (ref.null func)"
    "  (ref.func $nothing))\n"
    " (elem (table $t) (i32.const 3) func $next)\n"
    " (elem (table $u) (i32.const 1) func $wide)\n"
    " (elem func $twice)\n"           /* passive */
    " (elem declare func $nothing)\n" /* declared */
    " (func $twice (type $ii) (i32.mul (local.get 0) (i32.const 2)))\n"
    " (func $next (type $same) (i32.add (local.get 0) (i32.const 1)))\n"
    " (func $nothing)\n"
    " (func $wide (type $wide) (f64.add (f64.promote_f32 (local.get 1))\n"
    "  (local.get 2)) (local.get 0))\n"
    " (func (export \"call\") (param i32 i32) (result i32)\n"
    "  (call_indirect $t (type $ii) (local.get 1) (local.get 0)))\n"
    " (func (export \"plain\") (param i32) (result i32)\n"
    "  (call_indirect $t (type $none) (local.get 0)) (i32.const 7))\n"
    " (func (export \"wide\") (param i32) (result i32) (local $n i64)\n"
    "  (call_indirect $u (type $wide) (i64.const 0x500000000) (f32.const 1.5)\n"
    "   (f64.const 0.25) (local.get 0))\n"
    "  (local.set $n)\n"
    "  (i32.trunc_f64_s (f64.mul (f64.const 4)))\n"
    "  (i32.add (i32.wrap_i64 (i64.shr_u (local.get $n) (i64.const 32))))))\n";

enum { TRAPS_RANGE = -1, TRAPS_NULL = -2, TRAPS_TYPE = -3 };

static const struct {
    const char *export;
    uint32_t arguments[2]; /* index, and what the function is given */
    int64_t result;
} calls[] = {
    {"call", {2, 20}, 40},
    {"call", {3, 20}, 21},
    {"call", {4, 20}, 40},
    {"call", {5, 20}, 21},
    {"call", {0, 20}, TRAPS_NULL},
    {"call", {1, 20}, TRAPS_NULL},
    {"call", {6, 20}, TRAPS_NULL},
    {"call", {7, 20}, TRAPS_TYPE},
    {"call", {8, 20}, TRAPS_NULL},
    {"call", {9, 20}, TRAPS_NULL},
    {"call", {10, 20}, TRAPS_RANGE},
    {"call", {0xffffffff, 20}, TRAPS_RANGE},
    {"plain", {7, 0}, 7},
    {"plain", {2, 0}, TRAPS_TYPE},
    {"plain", {0, 0}, TRAPS_NULL},
    {"plain", {11, 0}, TRAPS_RANGE},
    {"wide", {1, 0}, 12},
    {"wide", {0, 0}, TRAPS_NULL},
    {"wide", {2, 0}, TRAPS_NULL},
    {"wide", {3, 0}, TRAPS_RANGE},
};

static const char *reason(int64_t result)
{
    return result == TRAPS_RANGE  ? "table index is out of bounds"
           : result == TRAPS_NULL ? "null function"
                                  : "function signature mismatch";
}

/* The export with a store of what it returns behind it. */
static struct interp *instance(struct wasm_module *direct, const char *export,
                               uint32_t *function)
{
    struct interp *interp = NULL;
    struct buf whole;
    buf_init(&whole, &arena);
    buf_add(&whole, text, strlen(text) - 2);
    buf_format(&whole,
               " (func (export \"run\") (param i32 i32)\n"
               "  (i32.store (i32.const 8) (call %u (local.get 0)%s))))\n",
               strcmp(export, "call") == 0    ? 4U
               : strcmp(export, "plain") == 0 ? 5U
                                              : 6U,
               strcmp(export, "call") == 0 ? " (local.get 1)" : "");
    resolve(direct, buf_string(&whole));
    ck_assert_msg(interp_create(&interp, direct, &arena, &diag), "%s",
                  diag.text);
    *function = wasm_find_export(direct, WASM_FUNCTION, "run")->index;
    return interp;
}

START_TEST(calls_the_element_or_traps)
{
    struct wasm_module direct;
    struct interp_stop stop;
    uint32_t run = 0;
    uint64_t fuel = 1000;
    uint64_t size = 0;
    uint32_t word = 0;
    const uint64_t arguments[2] = {calls[_i].arguments[0],
                                   calls[_i].arguments[1]};
    struct interp *interp = instance(&direct, calls[_i].export, &run);
    enum interp_result result =
        interp_call_with(interp, run, arguments, &fuel, &stop);
    memcpy(&word, interp_memory(interp, 0, &size) + 8, sizeof(word));
    if (calls[_i].result >= 0) {
        ck_assert_int_eq(result, INTERP_DONE);
        ck_assert_int_eq(word, calls[_i].result);
    } else {
        ck_assert_int_eq(result, INTERP_TRAP);
        ck_assert_str_eq(made_function_trap_text(&direct, stop.function),
                         reason(calls[_i].result));
        uint32_t caller = made_function_caller(&direct, stop.function);
        ck_assert_str_eq(calls[_i].export, caller == 4   ? "call"
                                           : caller == 5 ? "plain"
                                                         : "wide");
        /* The offset is that of the instruction in the file. */
        size_t origin = made_function_origin(&direct, stop.offset);
        const uint8_t call_indirect = 0x11;
        ck_assert_uint_eq(direct.bytes[origin], call_indirect);
    }
    interp_destroy(interp);
}
END_TEST

/* Every instruction of every function comes from one that is the same, or
 * from a call_indirect. */
START_TEST(knows_where_code_comes_from)
{
    struct wasm_module file;
    struct wasm_module direct;
    wat_module(&file, text, &arena);
    ck_assert(indirect_resolve(&direct, &file, &arena, &diag));
    ck_assert_uint_gt(direct.function_count, file.function_count);
    unsigned replaced = 0;
    for (uint32_t i = 0; i < file.function_count; i++) {
        const struct wasm_function *function = &direct.functions[i];
        size_t expected = file.functions[i].code_offset;
        for (size_t at = function->code_offset; at < function->end_offset;) {
            struct wasm_insn now;
            struct wasm_insn then;
            ck_assert_uint_eq(made_function_origin(&direct, at), expected);
            ck_assert(wasm_insn_read(&direct, &at, function->end_offset, &now,
                                     &diag));
            ck_assert(wasm_insn_read(
                &file, &expected, file.functions[i].end_offset, &then, &diag));
            bool is_call = then.code == CODE_CALL_INDIRECT;
            replaced += is_call ? 1 : 0;
            ck_assert_uint_eq(now.code, is_call ? CODE_CALL : then.code);
        }
        ck_assert_uint_eq(expected, file.functions[i].end_offset);
    }
    ck_assert_uint_eq(replaced, 3);
}
END_TEST

START_TEST(leaves_a_module_without_indirect_calls)
{
    struct wasm_module file;
    struct wasm_module direct;
    wat_module(&file,
               "(module (table 1 funcref) (func $f (export \"f\"))"
               " (elem (i32.const 0) $f))",
               &arena);
    ck_assert(indirect_resolve(&direct, &file, &arena, &diag));
    ck_assert_ptr_eq(direct.bytes, file.bytes);
    ck_assert_uint_eq(direct.function_count, 1);
    ck_assert_uint_eq(direct.table_count, 0);
    ck_assert_uint_eq(made_function_origin(&direct, 12345), 12345);
    ck_assert_uint_eq(made_function_caller(&direct, 0), 0);
    ck_assert_ptr_null(made_function_trap_text(&direct, 0));
}
END_TEST

static const struct {
    const char *name;
    const char *text;
    const char *error; /* NULL: none */
} segments[] = {
    {"fits", "(module (table 2 funcref) (func $f) (elem (i32.const 1) $f))",
     NULL},
    {"empty at the end", "(module (table 2 funcref) (elem (i32.const 2)))",
     NULL},
    {"empty beyond", "(module (table 2 funcref) (elem (i32.const 3)))",
     "element segment 0 has 0 elements for index 3, but table 0 has 2"},
    {"one too many",
     "(module (table 2 funcref) (func $f) (elem (i32.const 1) $f $f))",
     "element segment 0 has 2 elements for index 1, but table 0 has 2"},
    {"negative",
     "(module (table 2 funcref) (func $f) (elem (i32.const -1) $f))",
     "element segment 0 has 1 elements for index 4294967295, but table 0 has "
     "2"},
};

START_TEST(segments_fit_their_table)
{
    struct wasm_module file;
    struct wasm_module direct;
    wat_module(&file, segments[_i].text, &arena);
    bool ok = indirect_resolve(&direct, &file, &arena, &diag);
    ck_assert_msg(ok == (segments[_i].error == NULL), "%s: %s",
                  segments[_i].name, diag.text);
    ck_assert_str_eq(diag.text, ok ? "" : segments[_i].error);
    ck_assert_int_eq(diag.kind, ok ? DIAG_NONE : DIAG_INPUT);
}
END_TEST

/* The call graph takes each element of the type for a callee, and no other. */
START_TEST(elements_are_callees)
{
    static const char format[] =
        "(module (table 3 funcref) (elem (i32.const 0) $f $g)"
        " (func $f (export \"f\") (drop (i32.const 1))"
        "  (call_indirect%s (i32.const 1)))"
        " (func $g (param i32) (drop (local.get 0))))";
    struct wasm_module direct;
    resolve(&direct, arena_format(&arena, format, ""));
    ck_assert(callgraph_is_recursive(&direct, &arena));
    resolve(&direct,
            arena_format(&arena, format, " (param i32) (i32.const 5)"));
    ck_assert(!callgraph_is_recursive(&direct, &arena));
}
END_TEST

START_TEST(the_number_of_targets_is_limited)
{
    enum { ELEMENTS = 5000, CALLERS = 250 };
    struct wasm_module file;
    struct wasm_module direct;
    struct buf many;
    buf_init(&many, &arena);
    buf_format(&many,
               "(module (table %d funcref) (func $f) (elem (i32.const 0)",
               ELEMENTS);
    for (int i = 0; i < ELEMENTS; i++) {
        buf_text(&many, " $f");
    }
    buf_text(&many, ")");
    for (int i = 0; i < CALLERS; i++) {
        buf_text(&many, "(func (call_indirect (i32.const 0)))");
    }
    buf_text(&many, ")");
    wat_module(&file, buf_string(&many), &arena);
    ck_assert(!indirect_resolve(&direct, &file, &arena, &diag));
    ck_assert_str_eq(diag.text,
                     "the indirect calls have more than 1048576 targets");
    ck_assert_int_ge(diag.offset, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("indirect");
    TCase *tests = tcase_create("indirect");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, calls_the_element_or_traps, 0,
                        sizeof(calls) / sizeof(calls[0]));
    tcase_add_test(tests, knows_where_code_comes_from);
    tcase_add_test(tests, leaves_a_module_without_indirect_calls);
    tcase_add_loop_test(tests, segments_fit_their_table, 0,
                        sizeof(segments) / sizeof(segments[0]));
    tcase_add_test(tests, elements_are_callees);
    tcase_add_test(tests, the_number_of_targets_is_limited);
    suite_add_tcase(suite, tests);
    return suite;
}
